//! `casebook test` as its user sees it: statuses, updates, reviews, orders and forms.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::environment::Environment;

const RULE: &str = r#"rule: a/b
title: {zh: 失败, en: Failure}
severity: failure
evidence:
  failed: {log: cbs, line: "it failed with {status:error}"}
signature: failed
tests:
  - {name: holds, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it failed with 0x80070005"}, expect: {status: confirmed}}
  - {name: is silent, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it went well"}, expect: none}
"#;

const LOG: &str = "2024-01-01 00:00:00, Info                  CBS    it failed with 0x80070005\n";

/// A knowledge base of one rule with one bundle test, whose snapshots are accepted.
fn accepted() -> Environment {
    let environment = Environment::new();
    environment.write("kb/rules/a/b.yaml", RULE);
    environment.write("kb/rules/a/tests/one/logs/CBS.log", LOG);
    environment.write("kb/rules/a/tests/one/answers.yaml", "engineer: {name: 张工}\ncustomer: {name: 甲先生}\n");
    let updated = environment.run(&["test", "kb", "--update", "--lang", "en", "--seed", "1"]);
    assert_eq!(updated.status, 0, "{}", updated.shown());
    environment
}

#[test]
fn every_status_has_its_mark() {
    let environment = accepted();
    let again = environment.run(&["test", "kb", "--lang", "en", "--seed", "1"]);
    assert_eq!(again.status, 0, "{}", again.shown());
    environment.write("kb/rules/a/b.yaml", RULE.replace("expect: none", "expect: {status: confirmed}"));
    environment.write("kb/rules/a/tests/one/old.snap", "---\nsource: x\n---\nold\n");
    environment.write("kb/rules/a/tests/one/logs/CBS.log", LOG.replace("80070005", "80070002"));
    fs::remove_file(environment.path("kb/rules/a/tests/one/summary.zh.snap")).unwrap();
    fs::create_dir(environment.path("kb/rules/a/tests/two")).unwrap();
    let ran = environment.run(&["test", "kb", "--lang", "en", "--seed", "1", "--verbose"]);
    assert_eq!(ran.status, 1);
    let statuses: Vec<&str> = ran.stdout.lines().filter(|line| line.contains(" / ")).collect();
    insta::assert_snapshot!(statuses.join("\n"));
    assert!(ran.stdout.contains("~   status = [-0x80070005-]{+0x80070002+}"), "{}", ran.shown());
}

#[test]
fn every_form_says_the_same() {
    let environment = accepted();
    environment.write("kb/rules/a/b.yaml", RULE.replace("expect: none", "expect: {status: confirmed}"));
    let json = environment.run(&["test", "kb", "--format", "json"]).json();
    let failed = json["tests"].as_array().unwrap().iter().filter(|test| test["status"] != "pass").count();
    assert_eq!(failed, 1);
    let junit = environment.run(&["test", "kb", "--format", "junit"]);
    assert_eq!(junit.status, 1);
    assert!(junit.stdout.contains("<testsuites name=\"casebook\" tests=\"7\" failures=\"1\">"), "{}", junit.shown());
    assert_eq!(junit.stdout.matches("<failure ").count(), 1);
}

#[test]
fn the_order_changes_nothing() {
    let environment = accepted();
    let ran = |seed: &str, threads: &str| {
        let ran = environment.run(&["test", "kb", "--verbose", "--seed", seed, "--threads", threads]);
        assert!(ran.stderr.contains(&format!("seed {seed}")), "{}", ran.shown());
        ran.stdout
    };
    assert_eq!(ran("1", "1"), ran("2", "3"));
}

#[test]
fn a_review_takes_a_script_of_answers() {
    let environment = accepted();
    environment.write("kb/rules/a/tests/one/logs/CBS.log", LOG.replace("80070005", "80070002"));
    let changed = environment.run(&["test", "kb", "--pending", "--quiet"]);
    assert_eq!(changed.status, 1);
    let beside = environment.path("kb/rules/a/tests/one/findings.snap.new");
    assert!(fs::read_to_string(&beside).unwrap().contains("0x80070002"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_casebook"))
        .args(["test", "kb", "--review", "--lang", "en"])
        .current_dir(environment.path(""))
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"a\nA\n").unwrap();
    let out = child.wait_with_output().unwrap();
    let asked = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(0), "{asked}");
    assert!(asked.contains("[1/") && asked.contains("a accept"), "{asked}");
    assert!(!beside.exists(), "what waited for a review is gone with it");
    assert_eq!(environment.run(&["test", "kb"]).status, 0);
}
