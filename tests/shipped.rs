//! What is shipped with the program: plain YAML that `serde_yaml` 0.9 reads with the same result, without faults, and
//! with tests that pass.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;

use crate::environment::{Environment, root};

/// Every YAML file of the project.
fn yaml_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["rules", "src", "tests", "examples"].map(|name| root().join(name)).into();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            // Not shipped: faulty on purpose, or odd to try the reader.
            if path.is_dir() && !path.ends_with("diagnostics") && !path.ends_with("syntax") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn by_serde_yaml_09(text: &str, path: &Path) -> Vec<serde_json::Value> {
    serde_yaml_09::Deserializer::from_str(text)
        .map(|document| {
            let value = serde_yaml_09::Value::deserialize(document);
            let value = value.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            serde_json::to_value(value).unwrap()
        })
        .collect()
}

fn by_its_successor(text: &str, path: &Path) -> Vec<serde_json::Value> {
    serde_yaml::from_multiple(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_shipped_file_reads_the_same_by_serde_yaml_09() {
    let files = yaml_files();
    assert!(files.len() > 30, "{files:?}");
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(by_serde_yaml_09(&text, &path), by_its_successor(&text, &path), "{}", path.display());
    }
}

#[test]
fn the_default_knowledge_base_has_no_faults() {
    let environment = Environment::new();
    let ran = environment.run(&["check", &root().display().to_string(), "--strict", "--lang", "en"]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    let embedded = environment.run(&["check", "--strict", "--lang", "en"]);
    assert_eq!(embedded.stdout, ran.stdout);
}

#[test]
fn the_default_knowledge_base_passes_its_tests() {
    let ran = Environment::new().run(&["test", &root().display().to_string()]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
}

#[test]
fn a_new_knowledge_base_works() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["init", "mine"]).status, 0);
    let check = environment.run(&["check", "mine", "--strict", "--lang", "en"]);
    assert_eq!(check.status, 0, "{}", check.shown());
    let test = environment.run(&["test", "mine", "--verbose", "--lang", "en"]);
    assert_eq!(test.status, 0, "{}", test.shown());
    assert!(test.stdout.contains("2 passed, 0 not"), "{}", test.shown());
    let again = environment.run(&["init", "mine"]);
    assert_eq!(again.status, 2, "{}", again.shown());
}
