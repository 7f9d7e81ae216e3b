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
    assert_eq!((fmt.status, fmt.stdout.as_str()), (1, "kb/rules/甲 b.yaml\n1 file would change\n"), "{}", fmt.shown());
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

/// Every document of a YAML file as JSON.
fn documents(text: &str) -> Vec<serde_json::Value> {
    serde_yaml::from_multiple(text).unwrap()
}

#[test]
fn the_schema_knows_every_shipped_file_and_no_misspelt_key() {
    let environment = Environment::new();
    let schema = jsonschema::validator_for(&environment.run(&["schema"]).json()).unwrap();
    let mut folders = vec![root().join("rules"), root().join("src/cli/init")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" {
                folders.push(path);
            } else if name.strip_suffix(".yaml").is_some_and(|stem| stem != "casebook") {
                let text = fs::read_to_string(&path).unwrap();
                for document in documents(&text) {
                    let faults: Vec<String> = schema.iter_errors(&document).map(|fault| fault.to_string()).collect();
                    assert!(faults.is_empty(), "{}: {}", path.display(), faults.join("; "));
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 50, "{seen}");
    let rule = fs::read_to_string(root().join("rules/servicing/startup-rollback.yaml")).unwrap();
    for (right, wrong) in [("severity:", "severty:"), ("severity: failure", "severity: bad"), ("log: cbs", "lgo: cbs")]
    {
        assert!(rule.contains(right), "{right}");
        let [document] = documents(&rule.replacen(right, wrong, 1)).try_into().unwrap();
        assert!(!schema.is_valid(&document), "{wrong}");
    }
}

#[test]
fn a_new_knowledge_base_has_what_an_editor_and_a_server_need() {
    let environment = Environment::new();
    assert_eq!(environment.run(&["init", "mine", "--lang", "en"]).status, 0);
    let read = |path: &str| fs::read_to_string(environment.path(path)).unwrap();
    assert_eq!(read("mine/.casebook/rules.schema.json"), environment.run(&["schema", "--lang", "en"]).stdout);
    let settings = environment.run(&["schema", "settings"]);
    assert_eq!(read("mine/.casebook/settings.schema.json"), settings.stdout);
    let schema = jsonschema::validator_for(&settings.json()).unwrap();
    assert!(documents(&read("mine/casebook.yaml")).iter().all(|document| schema.is_valid(document)));
    assert!(!schema.is_valid(&serde_json::json!({"costumer": {"name": "x"}})));
    // The commands of the workflow are those of this program, and pass.
    for line in read("mine/.github/workflows/casebook.yml").lines() {
        let Some(call) = line.trim().strip_prefix("- run: casebook ") else { continue };
        let words: Vec<&str> = call.split(' ').map(|word| if word == "." { "mine" } else { word }).collect();
        let ran = environment.run(&words);
        assert_eq!(ran.status, 0, "{call}\n{}", ran.shown());
    }
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let environment = Environment::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = environment.run(&["completions", shell]).stdout;
        assert!(text.contains("casebook") && text.contains("explain"), "{shell}: {text}");
    }
    let man = environment.run(&["man", "-o", "man1"]);
    assert_eq!(man.status, 0, "{}", man.shown());
    let page = fs::read_to_string(environment.path("man1/casebook-check.1")).unwrap();
    assert!(page.contains(".TH casebook\\-check") || page.contains("casebook-check"), "{page}");
    assert!(environment.path("man1/casebook.1").exists());
}
