//! `casebook doc` as its user meets it: a folder whole or not at all, and nothing of anybody else's lost.

use std::fs;

use crate::environment::Environment;

fn knowledge_base() -> Environment {
    let environment = Environment::new();
    assert_eq!(environment.run(&["init", "kb"]).status, 0);
    environment
}

#[test]
fn a_site_is_written_and_written_again() {
    let environment = knowledge_base();
    insta::assert_snapshot!(environment.run(&["doc", "kb", "-o", "site", "--lang", "en"]).shown());
    let first = fs::read_to_string(environment.path("site/index.html")).unwrap();
    assert!(first.contains("en/rule-example.installer-service-timeout.html"), "{first}");
    assert!(environment.path("site/zh/rule-example.installer-service-timeout.html").is_file());
    // A rule that is gone leaves no page.
    let rule = environment.path("kb/rules/example/service-timeout.yaml");
    let text =
        fs::read_to_string(&rule).unwrap().replace("rule: example/installer-service-timeout", "rule: example/timeout");
    fs::write(&rule, text).unwrap();
    assert_eq!(environment.run(&["doc", "kb", "-o", "site", "--quiet"]).status, 0);
    assert!(!environment.path("site/zh/rule-example.installer-service-timeout.html").exists());
    assert!(environment.path("site/zh/rule-example.timeout.html").is_file());
}

#[test]
fn what_cannot_be_written_leaves_everything_as_it_is() {
    let environment = knowledge_base();
    environment.write("mine/notes.txt", "mine");
    let refused = environment.run(&["doc", "kb", "-o", "mine", "--lang", "en"]);
    let nowhere = environment.run(&["doc", "kb", "--lang", "en"]);
    environment.write("kb/rules/bad.yaml", "rule: example/bad\nseverty: failure\n");
    let faulty = environment.run(&["doc", "kb", "-o", "site"]);
    insta::assert_snapshot!([refused, nowhere, faulty].map(|ran| ran.shown()).join("\n"));
    assert_eq!(fs::read_dir(environment.path("mine")).unwrap().count(), 1);
    assert!(!environment.path("site").exists());
}
