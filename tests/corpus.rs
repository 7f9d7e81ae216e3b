//! Real logs, where `CASEBOOK_CORPUS` points at them: recognised, and no false alarm on the healthy ones.

use std::collections::BTreeMap;
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

/// The log kind that the manifest's word means for a file, and whether its first lines begin with the kind's stamp.
fn expected(corpus: &Path, path: &str, kind: &str) -> Option<&'static str> {
    let log = match kind {
        "cbs" => "cbs",
        "setupapi" => "setupapi.dev",
        "dism" => "dism",
        "panther" if path.contains("setupact") || path.contains("setuperr") => "setupact",
        _ => return None,
    };
    let bytes = fs::read(corpus.join(path)).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim().is_empty()).collect();
    let stamped = |line: &&&str| {
        let mut chars = line.trim_start_matches('\u{feff}').chars();
        if log == "setupapi.dev" {
            return line.starts_with(">>>") || line.starts_with("<<<") || line.starts_with('[');
        }
        chars.by_ref().take(4).all(|char| char.is_ascii_digit()) && chars.next() == Some('-')
    };
    let first = lines.first().is_some_and(|line| stamped(&line));
    first.then_some(log)
}

#[test]
fn real_logs_are_recognised() {
    let Some(corpus) = corpus("real_logs_are_recognised") else { return };
    let ran = Environment::new().run(&["scan", &corpus.display().to_string(), "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let json = ran.json();
    let name = corpus.file_name().unwrap().to_string_lossy().into_owned();
    let kinds: BTreeMap<String, serde_json::Value> = json["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| {
            let path = source["path"].as_str().unwrap();
            (path.strip_prefix(&format!("{name}/")).unwrap_or(path).to_owned(), source["log"].clone())
        })
        .collect();
    let mut wrong = Vec::new();
    let mut all = 0;
    for (path, kind, _) in manifest(&corpus) {
        let Some(expected) = expected(&corpus, &path, &kind) else { continue };
        all += 1;
        if kinds.get(&path).and_then(serde_json::Value::as_str) != Some(expected) {
            wrong.push(format!("{path}: {expected}, not {:?}", kinds.get(&path)));
        }
    }
    println!("{} of {all} recognised", all - wrong.len());
    assert!(all > 50, "only {all} logs in the manifest");
    assert!(wrong.len() * 10 <= all, "{} of {all} wrong:\n{}", wrong.len(), wrong.join("\n"));
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
