//! A knowledge base folder with files that are not as they should be: each costs itself, and the rest is used.

use crate::environment::Environment;

const RULE: &str = r#"rule: a/b
title: {zh: 失败, en: Failure}
severity: failure
evidence:
  failed: {log: cbs, line: "it failed"}
signature: failed
tests:
  - {name: holds, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it failed"}, expect: {status: confirmed}}
  - {name: is silent, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it went well"}, expect: none}
"#;

fn codes(environment: &Environment) -> Vec<String> {
    let json = environment.run(&["check", "kb", "--format", "json"]).json();
    let place = |fault: &serde_json::Value| format!("{} {}:{}", fault["code"], fault["file"], fault["line"]);
    json["diagnostics"].as_array().unwrap().iter().map(place).map(|text| text.replace('"', "")).collect()
}

#[test]
fn a_file_that_is_not_utf8_costs_itself() {
    let environment = Environment::new();
    environment.write("kb/rules/a.yaml", RULE);
    environment.write("kb/rules/gbk.yaml", b"# a\n# \xb2\xb9\xb6\xa1\n");
    environment.write("kb/templates/zh/close.txt", b"\xb2\xb9");
    assert_eq!(codes(&environment), ["CB0703 rules/gbk.yaml:2", "CB0703 templates/zh/close.txt:1"]);
    assert_eq!(environment.run(&["check", "kb"]).status, 1);
    environment.write("CBS.log", "2024-01-01 00:00:00, Info                  CBS    it failed\n");
    let scan = environment.run(&["scan", "CBS.log", "--kb", "kb"]);
    assert!(scan.status == 0 && scan.stdout.contains("a/b"), "{}", scan.shown());
    assert!(scan.stderr.contains("2 个错误"), "{}", scan.shown());
}

#[test]
fn the_faults_of_many_files_come_in_the_order_of_the_files() {
    let environment = Environment::new();
    let names: Vec<String> = (10..60).map(|number| format!("rules/a/r{number}.yaml")).collect();
    for (name, number) in names.iter().zip(10..) {
        let rule = RULE.replace("rule: a/b", &format!("rule: a/r{number}"));
        environment.write(&format!("kb/{name}"), rule.replace("severity: failure", "severity: grave"));
    }
    let faults = codes(&environment);
    let files: Vec<&str> =
        faults.iter().filter_map(|fault| Some(fault.split_once(' ')?.1.split_once(':')?.0)).collect();
    assert_eq!(files, names);
}

#[test]
fn settings_that_mean_nothing_are_reported() {
    let environment = Environment::new();
    environment.write("kb/rules/a.yaml", RULE);
    environment
        .write("kb/casebook.yaml", "language: zh\nextends: base\nutc-offset: Beijing\ncostumer: {name: 甲先生}\n");
    let expected = ["CB0702 casebook.yaml:2", "CB0701 casebook.yaml:3", "CB0700 casebook.yaml:4"];
    assert_eq!(codes(&environment), expected);
}

#[test]
fn a_knowledge_base_of_which_nothing_is_left_is_not_used() {
    let environment = Environment::new();
    environment.write("kb/rules/a.yaml", RULE.replace("severity: failure", "severity: grave"));
    environment.write("CBS.log", "2024-01-01 00:00:00, Info                  CBS    it failed\n");
    let scan = environment.run(&["scan", "CBS.log", "--kb", "kb", "-o", "out.txt"]);
    assert!(scan.status == 2 && !environment.path("out.txt").exists(), "{}", scan.shown());
}
