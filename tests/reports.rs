//! The forms of a scan: lines, SARIF, a page.

use serde_json::Value;

use crate::environment::Environment;

fn example() -> Environment {
    let environment = Environment::new();
    environment.copy("rules/driver/tests/uninstall-denied-policy/logs", "logs");
    let log = std::fs::read_to_string(environment.path("logs/CBS.log")).unwrap();
    let drivers = "because drivers failed.";
    assert!(log.contains(drivers));
    environment.write("logs/CBS.log", log.replace(drivers, &format!("{drivers} C:\\Users\\lisi <b>&")));
    environment
}

#[test]
fn lines_hold_what_the_json_holds() {
    let environment = example();
    let whole = environment.run(&["scan", "logs", "--format", "json"]).json();
    let ran = environment.run(&["scan", "logs", "--format", "ndjson"]);
    let lines: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| -> Vec<Value> {
        let own = lines.iter().filter(|line| line["type"] == kind).cloned();
        own.map(|mut line| {
            let fields = line.as_object_mut().unwrap();
            fields.shift_remove("type");
            assert_eq!(fields.shift_remove("bundle").unwrap(), "logs");
            line
        })
        .collect()
    };
    assert_eq!(Value::from(of("source")), whole["sources"]);
    assert_eq!(Value::from(of("finding")), whole["findings"]);
    let last = lines.last().unwrap();
    assert_eq!((last["type"].as_str(), last["schema"].as_str()), (Some("bundle"), Some("casebook.scan/1")));
    assert_eq!(last["findings"], whole["findings"].as_array().unwrap().len());
    let each = environment.run(&["scan", "logs/CBS.log", "logs/setupapi.dev.log", "--each", "--format", "ndjson"]);
    let ends = each.stdout.lines().filter(|line| line.starts_with("{\"type\":\"bundle\"")).count();
    assert_eq!((each.status, ends), (0, 2), "{}", each.shown());
}

#[test]
fn findings_are_sarif_results() {
    let ran = example().run(&["scan", "logs", "--format", "sarif", "--lang", "en"]);
    assert!(!ran.stdout.contains("lisi"), "{}", ran.stdout);
    insta::assert_snapshot!(ran.shown());
}

#[test]
fn a_page_to_hand_on_is_masked_and_loads_nothing() {
    let environment = example();
    for lang in ["zh", "en"] {
        let ran = environment.run(&["scan", "logs", "--format", "html", "--lang", lang]);
        let page = ran.stdout.split("<main>").nth(1).unwrap().to_owned();
        assert!(!page.contains("lisi") && page.contains("‹user-1› &lt;b&gt;&amp;"), "{page}");
        assert!(!ran.stdout.contains("http:") && !ran.stdout.contains("https:") && !page.contains("style"), "{page}");
        insta::assert_snapshot!(format!("page_{lang}"), page);
    }
    let ran = environment.run(&["scan", "logs", "logs/CBS.log", "--each", "--format", "html"]);
    assert_eq!(ran.status, 2, "{}", ran.shown());
}
