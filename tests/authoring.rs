//! What an author runs beside `check` and `test`: fixes, the one form, results for other programs.

use std::fs;

use crate::environment::{Environment, root};

/// A rule with faults that have fixes, written in no good form.
const FAULTY: &str = r#"rule: a/b
severty: failure
title: { zh: 失败, en: Failure }
evidence:
  failed: {line: "it failed with {status:eror}", log: csb}   # the line
signature: （faild   AND failed）


tests:
  - {name: holds, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it failed with 5"}, expect: {status: confirmed}}
  - {name: is silent, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it went well"}, expect: none}
"#;

fn faulty() -> Environment {
    let environment = Environment::new();
    environment.write("kb/rules/甲 b.yaml", FAULTY);
    environment.write("kb/casebook.yaml", "customer: {nmae: 甲先生}\nlanguage: zh\n");
    environment
}

#[test]
fn fixes_are_applied_and_the_rest_is_put_in_order() {
    let environment = faulty();
    let dry = environment.run(&["fix", "kb", "--dry-run", "--lang", "en"]);
    assert_eq!(fs::read_to_string(environment.path("kb/rules/甲 b.yaml")).unwrap(), FAULTY);
    let fix = environment.run(&["fix", "kb", "--lang", "en"]);
    assert_eq!(fix.stdout, dry.stdout);
    insta::assert_snapshot!("fix", fix.shown());
    let fmt = environment.run(&["fmt", "kb", "--check", "--lang", "en"]);
    assert_eq!(
        (fmt.status, fmt.stdout.as_str()),
        (1, "kb/rules/甲 b.yaml\n1 file(s) would change\n"),
        "{}",
        fmt.shown()
    );
    assert_eq!(environment.run(&["fmt", "kb"]).status, 0);
    insta::assert_snapshot!("fixed_and_formatted", fs::read_to_string(environment.path("kb/rules/甲 b.yaml")).unwrap());
    assert_eq!(environment.run(&["fmt", "kb", "--check"]).status, 0);
    assert_eq!(environment.run(&["check", "kb", "--strict"]).status, 0);
    assert_eq!(environment.run(&["test", "kb"]).status, 0);
}

#[test]
fn a_file_with_a_fault_is_not_put_in_order() {
    let environment = Environment::new();
    environment.write("x.yaml", "rule:  a\n\tb\n");
    let fmt = environment.run(&["fmt", "x.yaml", "--lang", "en"]);
    assert_eq!(fmt.status, 1, "{}", fmt.shown());
    assert_eq!(fs::read_to_string(environment.path("x.yaml")).unwrap(), "rule:  a\n\tb\n");
    assert_eq!(environment.run(&["fmt", "nothing.yaml"]).status, 2);
    assert_eq!(environment.run(&["fix"]).status, 2);
}

#[test]
fn annotations_name_the_file_from_where_one_stands() {
    let environment = faulty();
    insta::assert_snapshot!("github", environment.run(&["check", "kb", "--format", "github", "--lang", "en"]).shown());
}

#[test]
fn sarif_is_what_its_schema_asks_for() {
    let environment = faulty();
    environment.copy("tests/diagnostics/ten/faults.txt", "kb/rules/ten.yaml");
    let ran = environment.run(&["check", "kb", "--format", "sarif"]);
    assert_eq!(ran.status, 1, "{}", ran.shown());
    let sarif = ran.json();
    let schema = fs::read_to_string(root().join("tests/schemas/sarif-2.1.0.json")).unwrap();
    // The published pattern of a language is no regular expression: a bracket is closed that was never opened.
    let schema = schema.replace("{2}]?$", "{2}$");
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let faults: Vec<String> =
        schema.iter_errors(&sarif).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 5 && results.iter().any(|result| result.get("fixes").is_some()), "{sarif}");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let uri = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert!(uri.as_str().unwrap().starts_with("kb/"), "{uri}");
}
