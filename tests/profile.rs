//! `scan --profile`: what a scan costs, by stage and by rule.

use std::iter;

use insta::{assert_snapshot, with_settings};
use serde_json::Value;

use crate::environment::{DENIED, Environment};

const RULES: &str = "rule: team/elsewhere
title: {zh: 另一处, en: Elsewhere}
severity: failure
evidence:
  # What is looked for stands in the log, the rest of the line does not.
  elsewhere: {log: cbs, line: 'DriverUpdateInstallUpdates failed {status:error} at {name}'}
signature: elsewhere
---
rule: team/none
title: {zh: 没有, en: None}
severity: failure
evidence:
  none: {log: cbs, line: 'what this log does not hold'}
signature: none
";

const LOG: &str = "\
2024-10-16 08:43:18, Info                  CBS    Session: 1 initialized by client WindowsUpdateAgent
2024-10-16 08:43:19, Info                  CBS    DriverUpdateInstallUpdates failed 0x80070005 for device 1
2024-10-16 08:43:20, Info                  CBS    DriverUpdateInstallUpdates failed 0x80070005 for device 2
2024-10-16 08:43:21, Info                  CBS    Session: 1 finalized
";

fn start() -> Environment {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "language: en\n");
    for (number, rule) in iter::once(DENIED).chain(RULES.split("---\n")).enumerate() {
        environment.write(&format!("kb/rules/{number}.yaml"), rule);
    }
    environment.write("CBS.log", LOG);
    environment
}

#[test]
fn stages_and_rules_are_measured_for_people() {
    let environment = start();
    for lang in ["en", "zh"] {
        let scan = ["scan", "CBS.log", "--kb", "kb", "--rule", "team/*", "--threads", "1", "--lang", lang];
        let plain = environment.run(&scan).stdout;
        let ran = environment.run(&[&scan[..], &["--profile"]].concat());
        let costs = ran.stdout.strip_prefix(plain.as_str()).unwrap_or_else(|| panic!("{}", ran.shown()));
        // The slowest rule comes first, so the two change places; they are put into the order of their names.
        let mut lines: Vec<&str> = costs.lines().collect();
        let rules = lines.len() - 2;
        lines[rules..].sort_by_key(|line| line.split_whitespace().last());
        with_settings!({filters => vec![
            (r" *\d+\.\d+ ms", " [time]"),
            (r" *\d+\.\d %", " [share]"),
            (r"\d+(  render: bytes|  输出：字节数)", "[bytes]$1"),
        ]}, {
            assert_snapshot!(format!("profile_{lang}"), lines.join("\n"));
        });
    }
}

#[test]
fn stages_and_rules_are_measured_for_programs() {
    let environment = start();
    let scan = ["scan", "CBS.log", "--kb", "kb", "--rule", "team/*", "--format", "json"];
    let mut json = environment.run(&[&scan[..], &["--profile"]].concat()).json();
    let costs = json["profile"].take();
    assert!(costs["wall_ns"].as_u64() > Some(0));
    let stage = |name: &str| {
        let stages = costs["stages"].as_array().unwrap();
        stages.iter().find(|one| one["stage"] == name).cloned().unwrap()
    };
    assert_eq!(stage("read")["count"], LOG.len());
    assert_eq!((&stage("frame")["count"], &stage("verify")["count"]), (&2.into(), &2.into()));
    assert_eq!(stage("diagnose")["count"], 1);
    let rule = |name: &str| {
        let rules = costs["rules"].as_array().unwrap();
        rules.iter().find(|one| one["rule"] == name).map(|one| (one["tried"].as_u64(), one["hits"].as_u64()))
    };
    assert_eq!(rule("team/denied"), Some((Some(2), Some(2))));
    assert_eq!(rule("team/elsewhere"), Some((Some(2), Some(0))));
    assert_eq!(rule("team/none"), None, "nothing was tried");
    // Beside it nothing is different.
    json.as_object_mut().unwrap().remove("profile");
    assert_eq!(json, environment.run(&scan).json());
    // Of lines, it is the last one that has it.
    let lines = environment.run(&["scan", "CBS.log", "--kb", "kb", "--format", "ndjson", "--profile"]).stdout;
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((&last["type"], last["profile"]["stages"].as_array().map(Vec::len)), (&"bundle".into(), Some(10)));
}

#[test]
fn a_form_without_a_place_for_it_is_refused() {
    let environment = start();
    for form in ["html", "sarif"] {
        let ran = environment.run(&["scan", "CBS.log", "--kb", "kb", "--profile", "--format", form]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{form}");
        assert!(ran.stderr.contains("--profile"), "{}", ran.shown());
    }
}
