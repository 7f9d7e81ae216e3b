//! A knowledge base as one file: the same results as from its folder, and clear words where it cannot be used.

use std::fmt::Write as _;

use crate::environment::Environment;

const LOG: &str = "2024-10-16 08:43:18, Info                  CBS    Session: 31_7 initialized by client WindowsUpdateAgent\r\n\
    2024-10-16 08:43:20, Info                  CBS    Pump 7 of example.com runs dry, error 0x80070005\r\n";

const RULE: &str = r#"
rule: example/pump
title: {zh: 泵停转, en: Pump runs dry}
severity: failure
evidence:
  dry: {log: cbs, line: "Pump {pump:int} of {} runs dry, error {status:error}"}
signature: dry where status = 5 and pump < 9
tests:
  - name: dry
    logs: {cbs: "2024-10-16 08:43:20, Info                  CBS    Pump 7 of example.com runs dry, error 0x80070005"}
    expect: {status: confirmed}
  - name: wet
    logs: {cbs: "2024-10-16 08:43:20, Info                  CBS    Pump 7 of example.com runs"}
    expect: none
"#;

fn place() -> Environment {
    let environment = Environment::new();
    environment.write("kb/rules/example/pump.yaml", RULE);
    environment.write("kb/casebook.yaml", "language: en\nextends: default\n");
    environment.write("CBS.log", LOG);
    environment
}

fn compiled() -> Environment {
    let environment = place();
    let ran = environment.run(&["compile", "kb", "-o", "kb.casebook"]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    environment
}

#[test]
fn a_pack_says_what_its_folder_says() {
    let environment = compiled();
    for command in [
        &["scan", "CBS.log", "--format", "json", "--stats"][..],
        &["scan", "CBS.log"],
        &["why", "example/pump", "CBS.log"],
        &["read", "CBS.log"],
        &["reply", "CBS.log", "--placeholders"],
        &["summary", "CBS.log", "--format", "json", "--placeholders"],
    ] {
        let by = |kb: &str| environment.run(&[command, &["--kb", kb][..]].concat()).shown();
        assert_eq!(by("kb"), by("kb.casebook"), "{command:?}");
    }
    let found = environment.run(&["scan", "CBS.log", "--format", "json", "--kb", "kb.casebook"]).json();
    assert_eq!(found["findings"][0]["rule"], "example/pump");
}

#[test]
fn the_embedded_one_is_compiled_where_no_folder_is_named() {
    let environment = place();
    let ran = environment.run(&["compile", "-o", "default.casebook"]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    let by = |options: &[&str]| environment.run(&[&["scan", "CBS.log", "--format", "json"], options].concat()).shown();
    assert_eq!(by(&[]), by(&["--kb", "default.casebook"]));
}

#[test]
fn the_same_folder_gives_the_same_bytes() {
    let environment = compiled();
    assert_eq!(environment.run(&["compile", "--kb", "kb", "-o", "again.casebook", "--quiet"]).shown(), "status: 0\n");
    let bytes = |name: &str| std::fs::read(environment.path(name)).unwrap();
    assert_eq!(bytes("kb.casebook"), bytes("again.casebook"));
}

#[test]
fn what_a_pack_cannot_do_is_said() {
    let environment = compiled();
    let pack = std::fs::read(environment.path("kb.casebook")).unwrap();
    environment.write("short.casebook", &pack[..pack.len() / 2]);
    environment.write("damaged.casebook", [&pack[..pack.len() - 1], b"?"].concat());
    let mut shown = String::new();
    for args in [
        &["scan", "CBS.log", "--kb", "short.casebook"][..],
        &["scan", "CBS.log", "--kb", "damaged.casebook", "--lang", "en"],
        &["scan", "CBS.log", "--kb", "CBS.log"],
        &["scan", "CBS.log", "--kb", "absent.casebook", "--lang", "en"],
        &["check", "kb.casebook"],
        &["check", "kb.casebook", "--lang", "en"],
        &["test", "--kb", "kb.casebook"],
        &["compile", "kb.casebook", "-o", "again.casebook", "--lang", "en"],
        &["compile", "kb"],
    ] {
        let said = environment.run(args).shown();
        let _ = writeln!(shown, "$ casebook {}\n{said}", args.join(" "));
    }
    // How long a pack is depends on the default under it.
    insta::with_settings!({filters => vec![(r"\d{4,}", "[bytes]")]}, { insta::assert_snapshot!(shown) });
}

#[test]
fn a_faulty_knowledge_base_makes_no_pack() {
    let environment = place();
    environment.write("kb/rules/example/pump.yaml", RULE.replace("pump < 9", "pomp < 9"));
    insta::assert_snapshot!(environment.run(&["compile", "kb", "-o", "kb.casebook"]).shown(), @r"
    status: 2
    ----- stderr -----
    error: knowledge base kb: 1 error, nothing was written; `casebook check` shows it
    ");
    assert!(!environment.path("kb.casebook").exists());
}

#[test]
fn a_password_is_left_out() {
    let environment = place();
    environment.write("kb/casebook.yaml", "language: zh\nportal: {user: support, password: open-sesame}\n");
    let ran = environment.run(&["compile", "kb", "-o", "kb.casebook"]);
    assert!(ran.stderr.contains("portal.password"), "{}", ran.shown());
    let pack = std::fs::read(environment.path("kb.casebook")).unwrap();
    let holds = |word: &[u8]| pack.windows(word.len()).any(|bytes| bytes == word);
    assert!(holds(b"support") && !holds(b"open-sesame"));
}
