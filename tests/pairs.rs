//! Every code as a pair: `diagnostics/pairs/<code>-<slug>.txt` is a knowledge base with marks `‹wrong|right›`. Written
//! wrong it gets the code, shown as a person reads it in both languages; written right it gets nothing at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use casebook::compiler::{self, Layer};
use casebook::diagnostic::render::{View, human};
use casebook::diagnostic::{Code, Diagnostic, codes, suppress};
use casebook::knowledge_base::KnowledgeBase;
use casebook::lang::Lang;
use casebook::source::SourceMap;
use casebook::syntax;

use crate::environment::{Environment, root};

const BASE: &str = include_str!("diagnostics/base/base.yaml");

/// Codes that ask for a file that no pair can hold: one that is no UTF-8, and one that the system does not let be read.
const ELSEWHERE: [Code; 2] = [Code::NOT_UTF8, Code::FILE_UNREADABLE];

/// The text with every mark at its wrong or at its right side.
fn written(text: &str, wrong: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('‹') {
        out.push_str(before);
        let (mark, after) = after.split_once('›').unwrap();
        let (bad, good) = mark.split_once('|').unwrap();
        out.push_str(if wrong { bad } else { good });
        rest = after;
    }
    out.push_str(rest);
    // A mark may hold the sign of a block.
    out.replace("\\|", "|")
}

/// What is said of a knowledge base: one file over the base, or a folder over the default.
fn diagnosed(text: &str) -> (SourceMap, Vec<Diagnostic>) {
    if !text.starts_with("== ") {
        return over_the_base(text);
    }
    let folder = Environment::new();
    for file in text.split("== ").skip(1) {
        let (path, contents) = file.split_once('\n').unwrap();
        folder.write(path, contents);
    }
    let base = KnowledgeBase::load(&folder.path("")).unwrap();
    (base.map, base.diagnostics)
}

fn over_the_base(text: &str) -> (SourceMap, Vec<Diagnostic>) {
    let mut map = SourceMap::new();
    let mut diagnostics = Vec::new();
    let mut layers = Vec::new();
    for (path, text) in [("base.yaml", BASE), ("rules/x.yaml", text)] {
        let file = map.add(path, text);
        let declarations = syntax::parse(&map, file, &mut diagnostics);
        let scripts = vec!["restore-acl.bat".to_owned()];
        layers.push(Layer { declarations, rules: true, own: path != "base.yaml", scripts });
    }
    let _ = compiler::compile(layers, &mut diagnostics);
    let own = map.files().last().unwrap().0;
    let suppressions = syntax::suppressions(&map, own, &mut diagnostics);
    suppress(&suppressions, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    (map, diagnostics)
}

fn shown((map, diagnostics): &(SourceMap, Vec<Diagnostic>)) -> String {
    let page = |lang| {
        let view = View { lang, coloured: false, width: 120 };
        diagnostics.iter().map(|diagnostic| human(diagnostic, map, view)).collect::<Vec<_>>().join("\n\n")
    };
    Lang::ALL.map(page).join("\n\n")
}

fn code(path: &std::path::Path) -> Code {
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    let (number, slug) = name.split_once('-').unwrap();
    let code = Code(number.parse().unwrap());
    assert_eq!(code.entry().map(|entry| entry.slug), Some(slug), "{name}");
    code
}

fn pairs() -> Vec<PathBuf> {
    let folder = root().join("tests/diagnostics/pairs");
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn written_wrong_a_code_is_raised() {
    insta::glob!("diagnostics/pairs/*.txt", |path| {
        let code = code(path);
        let found = diagnosed(&written(&fs::read_to_string(path).unwrap(), true));
        let codes: BTreeSet<Code> = found.1.iter().map(|diagnostic| diagnostic.code).collect();
        assert!(codes.contains(&code), "{}:\n{}", path.display(), shown(&found));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "diagnostics/expected/pairs" }, {
            insta::assert_snapshot!(shown(&found));
        });
    });
}

#[test]
fn written_right_nothing_is_said() {
    let mut faults = Vec::new();
    for path in pairs() {
        let found = diagnosed(&written(&fs::read_to_string(&path).unwrap(), false));
        if !found.1.is_empty() {
            faults.push(format!("{}:\n{}", path.display(), shown(&found)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn every_code_has_a_pair() {
    let paired: BTreeSet<Code> = pairs().iter().map(|path| code(path)).collect();
    let missing: Vec<Code> = codes::all()
        .map(|entry| entry.code)
        .filter(|code| !paired.contains(code) && !ELSEWHERE.contains(code))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
