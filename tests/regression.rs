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
    environment.write(
        "kb/rules/a/tests/one/answers.yaml",
        "engineer: {name: 张工}\ncustomer: {name: 甲先生}\ncase: {problem: 更新失败。}\n",
    );
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

const CAUSES: &str = r#"rule: a/c
title: {zh: 失败, en: Failure}
severity: failure
evidence:
  failed: {log: cbs, line: "it failed with {status:error}"}
  full: {log: cbs, line: "no room left"}
  locked: {log: cbs, line: "in use by {who:word}"}
signature: failed where status in (E_ACCESSDENIED, ERROR_DISK_FULL)
causes:
  room: {title: {zh: 空间不足, en: No room}, when: full and not locked, remedies: [free-disk-space]}
tests:
  - name: no room
    logs:
      cbs: |
        2024-01-01 00:00:00, Info                  CBS    no room left
        2024-01-01 00:00:01, Info                  CBS    it failed with 0x80070070
    expect: {status: confirmed, causes: {room: confirmed}}
"#;

#[test]
fn coverage_says_what_no_test_reaches() {
    let environment = Environment::new();
    environment.write("kb/rules/a/c.yaml", CAUSES);
    let ran = environment.run(&["test", "kb", "--coverage", "--lang", "en", "--quiet"]);
    assert_eq!(ran.status, 0, "what is only asked for does not fail");
    insta::assert_snapshot!(ran.shown());
    let strict = environment.run(&["test", "kb", "--strict", "--lang", "en", "--quiet"]);
    assert_eq!((strict.status, strict.stdout), (1, ran.stdout));
    let json = environment.run(&["test", "kb", "--coverage", "--format", "json"]).json();
    let gap = &json["coverage"]["rules"][0]["gaps"][0];
    assert_eq!((&gap["kind"], &gap["file"], &gap["line"]), (&"near-miss".into(), &"rules/a/c.yaml".into(), &1.into()));
    let junit = environment.run(&["test", "kb", "--strict", "--format", "junit"]);
    assert!(junit.stdout.contains("<testcase classname=\"a/c\" name=\"coverage\">"), "{}", junit.shown());
    // The whole rule is reached by one more test of each kind.
    let more = "  - name: in use
    logs:
      cbs: |
        2024-01-01 00:00:00, Info                  CBS    in use by someone
        2024-01-01 00:00:01, Info                  CBS    it failed with 0x80070005
    expect: {status: confirmed, causes: {room: excluded}}
  - {name: another code, logs: {cbs: \"2024-01-01 00:00:01, Info                  CBS    it failed with 0x80070002\"}, expect: none}
";
    environment.write("kb/rules/a/c.yaml", format!("{CAUSES}{more}"));
    let full = environment.run(&["test", "kb", "--strict", "--lang", "en", "--quiet"]);
    assert_eq!(full.status, 0, "{}", full.shown());
}

#[test]
fn a_collection_that_no_test_asks_for_is_a_gap() {
    let environment = accepted();
    environment.write(
        "kb/rules/collections/pictures.yaml",
        "collection: pictures\ntitle: {zh: 截图, en: Pictures}\neffort: {minutes: 5}\nyields: []\nmentioned: [example-pictures]\n\
         steps: [{zh: 截取窗口, en: Take a picture of the window}]\n",
    );
    let idle = "collections that no test asks for: pictures";
    let strict = ["test", "kb", "--strict", "--lang", "en", "--quiet"];
    let ran = environment.run(&strict);
    assert!(ran.status == 1 && ran.stdout.contains(idle), "{}", ran.shown());
    let junit = environment.run(&["test", "kb", "--strict", "--format", "junit"]).stdout;
    assert!(junit.contains("<testcase classname=\"pictures\" name=\"coverage\">"), "{junit}");
    let json = environment.run(&["test", "kb", "--coverage", "--format", "json"]).json();
    assert_eq!(json["coverage"]["collections"][0]["reached"], false);
    // Some rules say nothing of all collections.
    assert!(!environment.run(&[&strict[..], &["--rule", "b/*"]].concat()).stdout.contains(idle));
    environment.write(
        "kb/rules/a/tests/one/thread.txt",
        "邮件主题：更新失败\n\n====第1封邮件====\n\n发件人：Engineer B\n发送时间：2024-11-20 10:00:00.000000+00:00\n邮件内容:\n\
         甲先生，您好：\n请提供 example-pictures 截图。\n\n====第2封邮件====\n\n发件人：客户甲\n\
         发送时间：2024-11-21 10:00:00.000000+00:00\n邮件内容:\n已上传。\n",
    );
    assert_eq!(environment.run(&["test", "kb", "--update", "--quiet"]).status, 0);
    let asked = environment.run(&strict);
    assert!(!asked.stdout.contains(idle), "{}", asked.shown());
}

#[test]
fn mutants_are_counted_and_survivors_listed() {
    let environment = Environment::new();
    environment.write("kb/rules/a/c.yaml", CAUSES);
    let ran = environment.run(&["test", "kb", "--mutants", "--lang", "en", "--quiet"]);
    assert_eq!(ran.status, 0);
    insta::assert_snapshot!(ran.shown());
    let json = environment.run(&["test", "kb", "--mutants", "--format", "json"]).json();
    let mutants = &json["mutants"];
    let (killed, survived) = (mutants["killed"].as_f64().unwrap(), mutants["survived"].as_f64().unwrap());
    assert!((mutants["score"].as_f64().unwrap() - killed / (killed + survived)).abs() < 1e-9);
    let low = environment.run(&["test", "kb", "--mutants", "--least-score", "0.85", "--quiet"]);
    assert_eq!(low.status, 1);
    let other = environment.run(&["test", "kb", "--mutants", "--rule", "b/*", "--least-score", "1", "--quiet"]);
    assert_eq!(other.status, 0, "{}", other.shown());
}

#[test]
fn a_corpus_is_held_against_its_baseline() {
    let environment = Environment::new();
    environment.write("kb/rules/a/b.yaml", RULE);
    environment.write("logs/one/CBS.log", LOG);
    environment.write("logs/two.log", LOG.repeat(2));
    let args = ["test", "kb", "--corpus", "logs", "--baseline", "baseline.tsv", "--lang", "en", "--quiet"];
    let none = environment.run(&args);
    assert!(none.status == 2 && none.stderr.contains("--update"), "{}", none.shown());
    let recorded = environment.run(&[&args[..], &["--update"]].concat());
    assert_eq!(recorded.status, 0, "{}", recorded.shown());
    assert_eq!(environment.run(&args).status, 0);
    environment.write("logs/three.log", LOG);
    environment.write("logs/two.log", LOG);
    fs::remove_file(environment.path("logs/one/CBS.log")).unwrap();
    let ran = environment.run(&args);
    insta::assert_snapshot!(ran.shown());
    let json = environment.run(&[&args[..], &["--format", "json"]].concat()).json();
    assert_eq!(json["corpus"]["gained"][0]["source"], "three.log");
    assert_eq!(json["corpus"]["lost"][0]["rule"], "a/b");
    assert_eq!(json["corpus"]["changed"][0]["now"]["count"], 1);
    environment.write("baseline.tsv", "# x\nnonsense\n");
    let bad = environment.run(&args);
    assert!(bad.status == 2 && bad.stderr.contains("baseline.tsv:2"), "{}", bad.shown());
}

/// What `new rule` left to be written is refused with its place: of a rule that is looked at, and of what no rule holds.
#[test]
fn a_text_still_to_be_written_is_no_pass() {
    let environment = Environment::new();
    let draft = RULE.replace("zh: 失败, en: Failure", "zh: 待写：a/b, en: \"To be written: a/b\"");
    environment.write("kb/rules/a/b.yaml", draft);
    environment.write("kb/rules/b/c.yaml", RULE.replace("a/b", "b/c").replace("it failed", "it broke"));
    let steps = "steps: [{zh: 待写, en: Look at it}]\nverify: {zh: 正常, en: It works}\n";
    environment
        .write("kb/rules/remedy.yaml", format!("remedy: look\ntitle: {{zh: 查看, en: Look}}\nrisk: low\n{steps}"));
    assert_eq!(environment.run(&["test", "kb", "--quiet"]).status, 0);
    let strict =
        |more: &[&str]| environment.run(&[&["test", "kb", "--strict", "--lang", "en", "--quiet"], more].concat());
    let places = |text: &str| {
        let lines = text.lines().filter_map(|line| line.strip_prefix("a text is still to be written  "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let ran = strict(&[]);
    assert_eq!(ran.status, 1);
    assert_eq!(places(&ran.stdout), ["rules/a/b.yaml:2:13", "rules/a/b.yaml:2:26", "rules/remedy.yaml:4:14"]);
    assert_eq!(places(&strict(&["--rule", "a/*"]).stdout).len(), 2);
    assert_eq!(places(&strict(&["--rule", "b/*"]).stdout), Vec::<String>::new());
    let json = strict(&["--format", "json"]).json();
    assert_eq!(
        json["coverage"]["unwritten"][2],
        serde_json::json!({"file": "rules/remedy.yaml", "line": 4, "column": 14})
    );
    let junit = strict(&["--format", "junit"]).stdout;
    assert_eq!(junit.matches("still to be written").count(), 3, "{junit}");
    // A comment with a reason keeps the warning quiet, and with it the refusal.
    let check = environment.run(&["check", "kb", "--lang", "en"]);
    assert_eq!(check.stdout.matches("CB0523").count() + check.stderr.matches("CB0523").count(), 3, "{}", check.shown());
}

/// A draft that waits for answers is easily taken for one: the run says that a snapshot holds questions, also when it passes.
#[test]
fn a_draft_that_waits_for_answers_is_said_to() {
    let environment = accepted();
    fs::remove_file(environment.path("kb/rules/a/tests/one/answers.yaml")).unwrap();
    let run = |more: &[&str]| environment.run(&[&["test", "kb", "--lang", "en", "--quiet"], more].concat());
    let note = "  the draft waits for answers, so this holds its questions and no draft; answer in answers.yaml beside logs/: ";
    let notes =
        |text: &str| text.lines().filter_map(|line| line.strip_prefix(note)).map(str::to_owned).collect::<Vec<_>>();
    let changed = run(&[]);
    assert_eq!(changed.status, 1);
    let (reply, summary) = ("customer.name, engineer.name", "case.problem");
    assert_eq!(notes(&changed.stdout), [reply, summary, reply, summary], "{}", changed.shown());
    assert_eq!(run(&["--update"]).status, 0);
    let passing = run(&[]);
    assert_eq!((passing.status, notes(&passing.stdout).len()), (0, 4), "{}", passing.shown());
    let json = run(&["--format", "json"]).json();
    let noted = json["tests"].as_array().unwrap().iter().filter(|test| test["note"].is_string()).count();
    assert_eq!(noted, 4);
}
