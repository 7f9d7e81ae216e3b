//! The house: which room may import which. Reads every path in `src/` that begins with `crate::` or climbs out of its
//! room by `super::`, and fails with file and line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What every room may import: the two languages.
const EVERYWHERE: &str = "lang";

/// What rooms may import that stand on everything.
const ALL_BELOW: &[&str] = &["*"];

/// The table, from the ground up: a room may import only rooms above it in this list, so no knot can form, and of
/// those only what its row names.
const TABLE: [(&str, &[&str]); 20] = [
    ("lang", &[]),
    ("crew", &[]),
    ("source", &[]),
    ("value", &[]),
    ("pattern", &["value"]),
    ("diagnostic", &["source"]),
    ("syntax", &["source", "diagnostic"]),
    ("bundle", &[]),
    ("logs", &["crew", "bundle", "pattern", "value"]),
    ("rule", &["logs", "pattern", "value"]),
    ("compiler", &["source", "diagnostic", "syntax", "rule", "logs", "pattern", "value"]),
    ("scan", &["crew", "rule", "logs", "bundle", "pattern", "value"]),
    ("case", &["rule", "logs", "pattern", "value"]),
    // `bundle` for the reasons why a source could not be read; with `pattern` also for `why`, which reads the records
    // again and asks how near a pattern came.
    ("diagnose", &["crew", "scan", "case", "rule", "logs", "bundle", "pattern", "value"]),
    ("draft", &["diagnose", "scan", "case", "rule", "logs", "bundle", "pattern", "value", "diagnostic", "source"]),
    ("knowledge_base", &["crew", "compiler", "syntax", "draft", "rule", "logs", "diagnostic", "source"]),
    ("regression", ALL_BELOW),
    ("authoring", ALL_BELOW),
    ("cli", ALL_BELOW),
    ("lib", &[]),
];

/// An import of one room by another.
#[derive(Debug, PartialEq, Eq)]
struct Import {
    line: usize,
    room: String,
}

#[test]
fn no_arrow_runs_upward() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let table: BTreeMap<&str, &[&str]> = TABLE.into_iter().collect();
    let mut faults = Vec::new();
    for path in rust_files(&src) {
        let module = module(&src, &path);
        let room = module.first().map_or("lib", String::as_str);
        if room == "main" {
            continue;
        }
        let Some(allowed) = table.get(room) else {
            faults.push(format!("{}: room `{room}` is not in the table", path.display()));
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        // Tests may reach for what they put together by hand.
        if module.iter().any(|part| part == "tests") {
            continue;
        }
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for import in imports(text, &module) {
            if table.contains_key(import.room.as_str()) && !may_import(room, allowed, &import.room) {
                faults.push(format!("{}:{}: `{room}` may not import `{}`", path.display(), import.line, import.room));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Where a room stands in the table.
fn height(room: &str) -> usize {
    TABLE.iter().position(|(name, _)| *name == room).expect("a room of the table")
}

fn may_import(room: &str, allowed: &[&str], import: &str) -> bool {
    let named = if allowed == ALL_BELOW { height(import) < height(room) } else { allowed.contains(&import) };
    named || import == room || import == EVERYWHERE
}

#[test]
fn the_table_has_no_knot() {
    for (room, allowed) in TABLE.iter().filter(|(_, allowed)| *allowed != ALL_BELOW) {
        for import in *allowed {
            assert!(height(import) < height(room), "`{room}` stands below `{import}`");
        }
    }
    assert!(may_import("cli", ALL_BELOW, "source") && !may_import("regression", ALL_BELOW, "cli"));
}

#[test]
fn imports_are_seen() {
    let module = ["logs".to_owned(), "frame".to_owned()];
    let rooms = |text: &str| imports(text, &module).into_iter().map(|import| import.room).collect::<Vec<_>>();
    assert_eq!(rooms("use crate::scan::Hit;"), ["scan"]);
    assert_eq!(rooms("let x = crate::value::Type::Int;"), ["value"]);
    assert_eq!(rooms("use crate::{scan, value::Type};"), ["scan", "value"]);
    assert_eq!(rooms("use crate::{\n    scan::Hit,\n    rule,\n};"), ["scan", "rule"]);
    assert_eq!(rooms("use super::super::draft::Kind;"), ["draft"]);
    assert_eq!(rooms("use super::Record;"), Vec::<String>::new());
    assert_eq!(rooms("// crate::cli is above"), Vec::<String>::new());
    assert_eq!(imports("\n\nuse crate::cli;", &module), [Import { line: 3, room: "cli".to_owned() }]);
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The module path of a file: `src/logs/frame.rs` is `logs`, `frame`.
fn module(src: &Path, path: &Path) -> Vec<String> {
    let below = path.strip_prefix(src).unwrap().with_extension("");
    let parts = below.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.filter(|part| part != "mod" && part != "lib").collect()
}

/// Rooms named by `crate::…` and by `super::…` that climbs to the top.
fn imports(text: &str, module: &[String]) -> Vec<Import> {
    let code: String = text.split_inclusive('\n').map(without_comment).collect();
    let mut found = Vec::new();
    let climb = "super::".repeat(module.len());
    for prefix in ["crate::", climb.as_str()] {
        if prefix.is_empty() {
            continue;
        }
        for (at, _) in code.match_indices(prefix) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|char| char.is_alphanumeric() || char == '_' || char == ':') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            found.extend(heads(&code[at + prefix.len()..]).into_iter().map(|room| Import { line, room }));
        }
    }
    found
}

/// A line without its comment, as long as it was in lines.
fn without_comment(line: &str) -> String {
    match line.find("//") {
        Some(at) => format!("{}\n", &line[..at]),
        None => line.to_owned(),
    }
}

/// The first names of a path, or of each path in a group.
fn heads(path: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let mut depth = 0;
    let mut heads = Vec::new();
    let mut start = true;
    for (at, char) in group.char_indices() {
        match char {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            char if start && !char.is_whitespace() => {
                heads.push(name(&group[at..]));
                start = false;
            }
            _ => {}
        }
    }
    heads
}
