//! Real logs, where `CASEBOOK_CORPUS` points at them: no false alarm on the healthy ones.

use std::fs;
use std::path::{Path, PathBuf};

use crate::environment::Environment;

/// The corpus, or a word that the test was skipped.
pub(crate) fn corpus(test: &str) -> Option<PathBuf> {
    let path = std::env::var_os("CASEBOOK_CORPUS").map(PathBuf::from);
    if path.is_none() {
        println!("{test}: skipped, CASEBOOK_CORPUS is not set");
    }
    path
}

/// Rows of the manifest: path, kind, known cause.
fn manifest(corpus: &Path) -> Vec<(String, String, String)> {
    let text = fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| (row[0].to_owned(), row[1].to_owned(), row.get(7).copied().unwrap_or("").to_owned())).collect()
}

#[test]
fn healthy_logs_raise_no_alarm() {
    let Some(corpus) = corpus("healthy_logs_raise_no_alarm") else { return };
    let environment = Environment::new();
    let mut alarms = Vec::new();
    let mut all = 0;
    for (path, _, cause) in manifest(&corpus) {
        if !(cause.contains("control") || path.contains("control-") || path.ends_with("Windows_2k.log")) {
            continue;
        }
        all += 1;
        let ran = environment.run(&["scan", &corpus.join(&path).display().to_string(), "--format", "json"]);
        for finding in ran.json()["findings"].as_array().unwrap() {
            if finding["status"] == "confirmed" && finding["severity"] == "failure" {
                alarms.push(format!("{path}: {}", finding["rule"]));
            }
        }
    }
    assert!(all > 5, "only {all} controls in the manifest");
    assert!(alarms.is_empty(), "\n{}", alarms.join("\n"));
}
