//! The budgets of the house: short files, short names, nothing left for later, nothing of its making.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Production lines of a file at the most.
const LINES: usize = 450;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file that is part of the project.
fn project_files() -> Vec<PathBuf> {
    let listed = Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(root()).output();
    let Ok(listed) = listed else {
        return Vec::new();
    };
    String::from_utf8_lossy(&listed.stdout)
        .lines()
        .map(|path| root().join(path))
        .filter(|path| path.is_file())
        .collect()
}

fn rust_sources() -> Vec<(PathBuf, String)> {
    project_files()
        .into_iter()
        .filter(|path| path.starts_with(root().join("src")) && path.extension().is_some_and(|end| end == "rs"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut faults = Vec::new();
    for (path, text) in rust_sources() {
        let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count();
        if lines > LINES && path.file_name().is_some_and(|name| name != "tests.rs") {
            faults.push(format!("{}: {lines} lines, {LINES} at the most", path.display()));
        }
        if !text.starts_with("//!") {
            faults.push(format!("{}: no header", path.display()));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "XX".to_owned() + "X", "dbg".to_owned() + "!"];
    let mut faults = Vec::new();
    for (path, text) in rust_sources() {
        for (at, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word.as_str())) {
                faults.push(format!("{}:{}: {}", path.display(), at + 1, line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
