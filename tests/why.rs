//! `casebook why`: it agrees with the diagnosis on every shipped rule, says of every negative test which clause failed,
//! and writes conditions as they were read.

use std::fs;

use casebook::diagnose::why::{Given, Node, Verdict, Why, why};
use casebook::diagnose::{CauseStatus, Status, diagnose};
use casebook::knowledge_base::KnowledgeBase;
use casebook::lang::Lang;
use casebook::regression;
use casebook::rule::{Condition, Expect, Rule, RuleTest};
use casebook::scan;

use crate::environment::{Environment, Ran, root};

fn example() -> Environment {
    let environment = Environment::new();
    environment.copy("examples/update-rollback/logs.zip", "logs.zip");
    environment.copy("examples/update-rollback/thread.txt", "thread.txt");
    environment
}

fn run(args: &[&str]) -> Ran {
    example().run(&[&["why"], args].concat())
}

#[test]
fn a_confirmed_rule_in_both_languages() {
    let ran = run(&["driver/update-access-denied", "logs.zip"]);
    insta::assert_snapshot!("why_confirmed_zh", ran.shown());
    let ran = run(&["driver/update-access-denied", "logs.zip", "--lang", "en", "--thread", "thread.txt"]);
    insta::assert_snapshot!("why_confirmed_en", ran.shown());
}

#[test]
fn a_rule_without_a_finding_in_every_form() {
    let rule = "driver/update-install-denied";
    insta::assert_snapshot!("why_none_zh", run(&[rule, "logs.zip"]).shown());
    insta::assert_snapshot!("why_none_en", run(&[rule, "logs.zip", "--lang", "en"]).shown());
    insta::assert_snapshot!("why_none_json", run(&[rule, "logs.zip", "--lang", "en", "--format", "json"]).shown());
}

#[test]
fn a_slip_in_the_name_is_mended() {
    for (written, meant) in [
        ("driver/update-acces-denied", "driver/update-access-denied"),
        ("startup-rollback", "servicing/startup-rollback"),
    ] {
        let ran = run(&[written, "logs.zip"]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{}", ran.shown());
        assert!(ran.stderr.contains(&format!("did you mean {meant}?")), "{}", ran.shown());
    }
    assert_eq!(run(&["nothing-like-it", "logs.zip"]).status, 2);
    assert_eq!(run(&["servicing/startup-rollback"]).status, 2, "a bundle is needed");
}

/// Every inline test of every shipped rule, with what `why` and the diagnosis say of each rule on it.
fn every_test(mut see: impl FnMut(&Rule, &RuleTest, Why, Option<(Status, Vec<CauseStatus>)>)) {
    let base = KnowledgeBase::embedded();
    for owner in &base.rules.rules {
        for test in &owner.tests {
            let (bundle, options) = regression::bundle(&base.rules, test);
            let scan = scan::scan(&bundle, &base.rules, &options);
            let diagnosis = diagnose(&scan, &base.rules, None, None, 1);
            let findings = &diagnosis.findings;
            let (rules, utc_offset) = (&base.rules, None);
            let given = Given { bundle: &bundle, options: &options, scan: &scan, rules, findings, utc_offset };
            for (at, rule) in base.rules.rules.iter().enumerate() {
                // Another rule's test says little about this one, but its value has to be right there too.
                let found = findings.iter().find(|finding| finding.rule == at);
                let found = found.map(|it| (it.status, it.causes.iter().map(|cause| cause.status).collect()));
                see(rule, test, why(at, &given), found);
            }
        }
    }
}

#[test]
fn it_agrees_with_the_diagnosis_on_every_shipped_test() {
    let mut seen = 0;
    every_test(|rule, test, why, found| {
        let at = format!("{} on {}", rule.name, test.name);
        let status = found.as_ref().map(|(status, _)| *status);
        assert_eq!(why.status, status, "{at}");
        match (status, why.signature.value) {
            (Some(Status::Confirmed), Verdict::True)
            | (Some(Status::Undetermined), Verdict::Undetermined)
            // Undetermined without any hit is no finding.
            | (None, Verdict::False | Verdict::Undetermined) => {}
            other => panic!("{at}: {other:?}"),
        }
        for (cause, status) in why.causes.iter().zip(found.into_iter().flat_map(|(_, causes)| causes)) {
            let value = match status {
                CauseStatus::Confirmed => Verdict::True,
                CauseStatus::Excluded => Verdict::False,
                CauseStatus::Open => Verdict::Undetermined,
            };
            assert!(cause.node.as_ref().is_none_or(|node| node.value == value), "{at}: {}", cause.id);
        }
        seen += 1;
    });
    assert!(seen > 1000, "{seen}");
}

#[test]
fn every_negative_test_has_a_clause_that_failed() {
    let mut seen = 0;
    every_test(|rule, test, why, found| {
        let own = rule.tests.iter().any(|own| std::ptr::eq(own, test));
        let named = match &test.expect {
            Expect::None => false,
            Expect::Findings(expected) => {
                expected.iter().any(|expected| expected.rule.as_ref().is_none_or(|name| *name == rule.name))
            }
        };
        if !own || named || found.is_some() {
            return;
        }
        let mut said = Vec::new();
        failed(&why.signature, &mut said);
        assert!(!said.is_empty(), "{} / {}: nothing is said\n{:#?}", rule.name, test.name, why.signature);
        // A miss is about something that the rule states: its evidence, its patterns, its filters, its logs,
        // the findings that it reads.
        let stated = words(rule);
        let about = |misses: &[&str]| misses.iter().any(|miss| stated.iter().any(|word| miss.contains(word)));
        let clause = said.iter().any(|(_, misses)| about(misses));
        assert!(clause, "{} / {}: {said:#?}", rule.name, test.name);
        for (node, misses) in &said {
            let missing = node.value == Verdict::Undetermined
                && misses.iter().any(|miss| miss.ends_with("(absent)") || miss.ends_with("(not-covered)"));
            assert!(missing || about(misses), "{} / {}: {} says {misses:?}", rule.name, test.name, node.text);
        }
        seen += 1;
    });
    assert!(seen >= 20, "{seen}");
}

/// Every node that does not hold and says why, in English.
fn failed<'n>(node: &'n Node, said: &mut Vec<(&'n Node, Vec<&'n str>)>) {
    if node.value != Verdict::True && !node.misses.is_empty() {
        said.push((node, node.misses.iter().map(|miss| miss.get(Lang::En)).collect()));
    }
    node.children.iter().for_each(|child| failed(child, said));
}

/// What a rule states, in words that a miss can repeat.
fn words(rule: &Rule) -> Vec<String> {
    let mut words = Vec::new();
    for evidence in &rule.evidence {
        words.push(format!("`{}`", evidence.name));
        words.extend(evidence.filter.as_ref().map(|filter| rule.filter_text(filter)));
    }
    let mut conditions = vec![&rule.signature];
    while let Some(condition) = conditions.pop() {
        match condition {
            Condition::Where { filter, .. } => words.push(format!("where {}", rule.filter_text(filter))),
            Condition::Finding { rule, .. } => words.push(rule.clone()),
            _ => {}
        }
        conditions.extend(condition.children());
    }
    words
}

/// A knowledge base in a folder of its own.
fn load(environment: &Environment, rules: &[(String, String)]) -> KnowledgeBase {
    for (name, text) in rules {
        environment.write(&format!("kb/rules/{name}.yaml"), text);
    }
    KnowledgeBase::load(&environment.path("kb")).unwrap()
}

fn same(a: &Condition, b: &Condition) -> bool {
    format!("{a:?}") == format!("{b:?}")
}

#[test]
fn shipped_conditions_are_written_as_they_were_read() {
    let base = KnowledgeBase::embedded();
    let mut rewritten = Vec::new();
    for (at, rule) in base.rules.rules.iter().enumerate() {
        let path = root().join("rules").join(format!("{}.yaml", rule.name));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut yaml: serde_yaml_09::Value = serde_yaml_09::from_str(&text).unwrap();
        yaml["signature"] = rule.condition_text(&rule.signature).into();
        for cause in &rule.causes {
            if let Some(when) = &cause.when {
                yaml["causes"][cause.id.as_str()]["when"] = rule.condition_text(when).into();
            }
        }
        rewritten.push((format!("r{at}"), serde_yaml_09::to_string(&yaml).unwrap()));
    }
    let environment = Environment::new();
    let again = load(&environment, &rewritten);
    assert_eq!(again.errors(), 0, "{:#?}", again.diagnostics);
    for rule in &base.rules.rules {
        let other = again.rules.rule(&rule.name).unwrap();
        assert!(same(&rule.signature, &other.signature), "{}", rule.name);
        for (one, other) in rule.causes.iter().zip(&other.causes) {
            let (Some(one), Some(other)) = (&one.when, &other.when) else { continue };
            assert!(same(one, other), "{}", rule.name);
        }
    }
}

/// Conditions of every form, each in a place where parentheses matter.
const WRITTEN: &[&str] = &[
    "a",
    "a or b and not c",
    "(a or b) and c",
    "not (a and b)",
    "not not a",
    "a and not (b then c)",
    "a then b then c within 5s",
    "a then (b then c)",
    "(a then b) then c",
    "(a then b then c) within 10m",
    "a then (b or c) within 250ms",
    "a then ((b then c) within 10m)",
    "a then ((b then c) within 10m) within 1h",
    "(a then b) within 90s then c",
    "a then not b within 10m then c",
    "a then (not b)",
    "a then not (b or c)",
    "a within 10s of b",
    "a within 10s of b within 20s of c",
    "a within 10s of (b within 20s of c)",
    "a then (b within 5s of (c or a)) within 1d",
    "a then b within 5s of c within 7s",
    "a within 5s of ((b or c) within 1s)",
    "at least 3 a",
    "at least 3 a within 1h",
    "at least 3 (a or b) within 1h",
    "at least 3 ((a then b) within 1h)",
    "at least 3 ((a then b) within 1h) within 2h",
    "at least 2 last a before b",
    "at least 2 of (a, b or c, not c)",
    "at least 2 of (a, b, c) within 100ns",
    "a then at least 2 b",
    "a then (at least 2 b) within 3s",
    "a then at least 2 b within 3s",
    "a then at least 2 of (b, c) within 3s",
    "any of (a, b) within 3s of c",
    "all of (a)",
    "not any of (b)",
    "last a before b",
    "first (a then b) after c",
    "last a where n = 1 before (b or c)",
    "(last a before b) then c",
    "(a and b) in one section",
    "((a and b) in one section) in one attempt",
    "(a and b) in one section then c",
    "(a then b) in one section within 3s",
    "a where n = 1 and s = \"x y\" and b",
    "a where n = 1 or (n = 2 and not s contains \"q\") or b",
    "a where not (n > 1 or n < -1)",
    "a where not not n = 1",
    "(a where n = 1) where n = 2",
    "(a and (b or c)) where n in (1, 2, 0x10)",
    "a where e = E_ACCESSDENIED and e.symbol != \"E_FAIL\"",
    "a where e in (0x80070005, 5)",
    "a where s starts with \"C:\\\\\\\\srv\\\\\" and s ends with \"a\\\"b\"",
    "a where s matches \"{} denied {{:int}}$\" and s is present",
    "a where s matches \"^{:/a\\\\/b+/} {:error}\"",
    "a where n = m and b",
    "a where s = \"n\" and s = \"E_ACCESSDENIED\"",
    "finding other and a",
    "finding other as f and a where e = f.status",
    "(finding other as f) within 5s of a where f.status.symbol = \"E_FAIL\"",
];

const EVIDENCE: &str = "evidence:
  a: {log: setupapi.dev, line: \"a {n:int} {m:int} {s} {e:error}\"}
  b: {log: setupapi.dev, line: \"beta\"}
  c: {log: setupapi.dev, line: \"gamma\"}
";

fn rule_of(name: &str, signature: &str) -> String {
    let quoted = serde_json::to_string(signature).unwrap();
    format!("rule: {name}\ntitle: {{zh: 甲, en: A}}\n{EVIDENCE}signature: {quoted}\n")
}

#[test]
fn conditions_of_every_form_are_written_as_they_were_read() {
    let other = "rule: other\ntitle: {zh: 甲, en: A}\nevidence: {d: {log: cbs, line: \"delta {status:error}\"}}\nsignature: d\n";
    let kinds = fs::read_to_string(root().join("rules/logs/setupapi.dev.yaml")).unwrap();
    let compile = |signatures: &[String]| {
        let environment = Environment::new();
        let mut files = vec![("other".to_owned(), other.to_owned())];
        // A kind with sections and attempts, so that every scope can be asked of it.
        let kind = format!("{kinds}\nattempt: {{begin: \"attempt begins\", end: \"attempt ends\"}}\n");
        files.push(("logs/setupapi.dev".to_owned(), kind));
        let rule = |(at, signature): (usize, &String)| (format!("s{at:03}"), rule_of(&format!("s{at:03}"), signature));
        files.extend(signatures.iter().enumerate().map(rule));
        let base = load(&environment, &files);
        let faults: Vec<String> = base
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == casebook::diagnostic::Severity::Error)
            .map(|diagnostic| format!("{} in {:?}", diagnostic.message(Lang::En), diagnostic.span))
            .collect();
        assert_eq!(base.errors(), 0, "{faults:?}");
        base
    };
    let first = compile(&WRITTEN.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    let rules: Vec<&Rule> = first.rules.rules.iter().filter(|rule| rule.name != "other").collect();
    assert_eq!(rules.len(), WRITTEN.len());
    let texts: Vec<String> = rules.iter().map(|rule| rule.condition_text(&rule.signature)).collect();
    let again = compile(&texts);
    for ((rule, text), written) in rules.iter().zip(&texts).zip(WRITTEN) {
        let other = again.rules.rule(&rule.name).unwrap();
        assert!(
            same(&rule.signature, &other.signature),
            "{written}\n{text}\n{:?}\n{:?}",
            rule.signature,
            other.signature
        );
    }
    // What needs no other parentheses comes back as it was.
    let kept = texts.iter().zip(WRITTEN).filter(|(text, written)| text == *written).count();
    assert!(
        kept * 10 >= WRITTEN.len() * 7,
        "{:#?}",
        texts.iter().zip(WRITTEN).filter(|(a, b)| a != *b).collect::<Vec<_>>()
    );
}
