//! Reads the rules of the default knowledge base when the program is built, so that no start has to: reading their YAML
//! takes longer than a scan of a small log. What is read is put into the program with its places; it is made anew when a
//! rule or what reads them changes, and lies in no repository.

#![expect(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "rooms of the program, of which only reading rules is used here"
)]

#[path = "src/diagnostic/mod.rs"]
mod diagnostic;
#[path = "src/lang.rs"]
mod lang;
#[path = "src/source.rs"]
mod source;
#[path = "src/syntax/mod.rs"]
mod syntax;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use source::SourceMap;
use syntax::ast::Declaration;

/// Where the default's rules are.
const RULES: &str = "rules";

/// Bundle tests beside rules, which are no part of them.
const TESTS: &str = "tests";

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["build.rs", RULES, "grammar", "src/diagnostic", "src/lang.rs", "src/source.rs", "src/syntax"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let mut files: Vec<(String, String)> = Vec::new();
    for path in rules(Path::new(RULES))? {
        let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        files.push((parts.join("/"), text));
    }
    files.sort();
    let (mut map, mut faults) = (SourceMap::new(), Vec::new());
    let mut declarations: Vec<Declaration> = Vec::new();
    for (path, text) in &files {
        let file = map.add(path, text);
        declarations.extend(syntax::parse(&map, file, &mut faults));
    }
    // Rules with faults are read at each start, which says what is wrong with them.
    let read = faults.is_empty().then_some(declarations);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR: cargo sets it")?);
    fs::write(out.join("rules"), postcard::to_allocvec(&files)?)?;
    fs::write(out.join("declarations"), postcard::to_allocvec(&read)?)?;
    Ok(())
}

/// The YAML files below a folder, without bundle tests.
fn rules(dir: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != TESTS) {
                found.extend(rules(&path)?);
            }
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            found.push(path);
        }
    }
    Ok(found)
}
