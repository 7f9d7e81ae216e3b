//! Every form of condition, filter and pattern, and what is changed in it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::super::place::Places;
use super::all;
use crate::knowledge_base::KnowledgeBase;
use crate::regression::{Asked, Mutants, Order, measure};

const EVERY_FORM: &str = r#"rule: a/b
title: {zh: 失败, en: Failure}
severity: failure
evidence:
  alpha: {log: cbs, line: ["^first line with {code:error}", "another first line"]}
  beta: {log: cbs, line: "second line with {name:word} and {count:int} more"}
  gamma: {log: setupapi.dev, section: "Install", line: "third"}
  delta: {log: procmon, fields: {operation: CreateFile, path: "{file:path}"}, where: file.ext = "inf" or not file.name contains "x"}
signature: |
  (alpha where code in (5, 32) then beta within 10s then not alpha within 1m)
  and (beta within 4s of alpha or at least 3 alpha within 1h)
  and at least 2 of (alpha, beta, gamma)
causes:
  last: {title: {zh: 甲, en: A}, when: last alpha before beta}
  first: {title: {zh: 乙, en: B}, when: "first alpha after beta and (alpha and beta) in one attempt"}
  whole: {title: {zh: 丙, en: C}, when: (alpha then beta) within 6s}
  absent: {title: {zh: 丁, en: D}, when: not gamma}
"#;

fn base(folder: &Path, rule: &str) -> KnowledgeBase {
    fs::create_dir_all(folder.join("rules")).unwrap();
    fs::write(folder.join("rules/a.yaml"), rule).unwrap();
    let base = KnowledgeBase::load(folder).unwrap();
    assert_eq!(base.errors(), 0, "{:?}", base.diagnostics);
    base
}

#[test]
fn every_form_is_changed_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let base = base(folder.path(), EVERY_FORM);
    let rule = base.rules.rule("a/b").unwrap();
    let mut shown = String::new();
    for mutant in all(rule, &Places::new(&base)) {
        let place = mutant.span.map_or("", |span| base.map.text(span));
        let part = mutant.part.name(rule);
        let _ = writeln!(shown, "{part}: {} @ {}", mutant.text, place.replace('\n', " "));
    }
    insta::assert_snapshot!(shown);
}

const WINDOW: &str = r#"rule: a/b
title: {zh: 失败, en: Failure}
severity: failure
evidence:
  early: {log: cbs, line: "first"}
  late: {log: cbs, line: "second"}
signature: early then late within 10s
tests:
  - name: at the end of the window
    logs:
      cbs: |
        2024-01-01 00:00:00, Info                  CBS    first
        2024-01-01 00:00:10, Info                  CBS    second
    expect: {status: confirmed}
  - name: later
    logs:
      cbs: |
        2024-01-01 00:00:00, Info                  CBS    first
        2024-01-01 00:00:11, Info                  CBS    second
        2024-01-01 00:01:00, Info                  CBS    other
    expect: none
"#;

fn mutants(rule: &str) -> Mutants {
    let folder = tempfile::tempdir().unwrap();
    let base = base(folder.path(), rule);
    let asked = Asked { coverage: false, mutants: true };
    measure(&base, Some(folder.path()), asked, &Order::new(Some(1), Some(2)), &|_| true).unwrap().mutants.unwrap()
}

fn changes(mutants: &Mutants) -> Vec<&str> {
    mutants.survivors.iter().map(|one| one.change.as_str()).collect()
}

#[test]
fn a_window_tested_at_both_sides_of_its_end_survives_nothing_of_it() {
    // Without either line alone, and in the other order, the first test fails or the second finds one.
    assert_eq!(changes(&mutants(WINDOW)), Vec::<&str>::new());
    let near = WINDOW.replace("00:00:10,", "00:00:02,");
    assert_eq!(changes(&mutants(&near)), ["halve within 10s"]);
    let far = WINDOW.replace("00:00:11,", "00:00:31,");
    assert_eq!(changes(&mutants(&far)), ["double within 10s"]);
}

#[test]
fn an_equal_mutant_leaves_the_count_with_its_reason() {
    let near = WINDOW.replace("00:00:10,", "00:00:02,");
    let comment = "# equal mutant: halve within 10s: the lines are never further apart\nsignature: early";
    let said = mutants(&near.replace("signature: early", comment));
    assert_eq!(changes(&said), Vec::<&str>::new());
    assert_eq!(said.equal[0].1, "the lines are never further apart");
    assert_eq!((said.stale.len(), said.too_many_equal()), (0, true));
    let wrong = mutants(&WINDOW.replace("signature: early", comment));
    assert_eq!(wrong.stale[0].0, "halve within 10s: the lines are never further apart");
    assert_eq!(wrong.equal.len(), 0);
}

#[test]
fn a_survivor_has_a_test_to_begin_with() {
    let found = mutants(&WINDOW.replace("00:00:11,", "00:00:31,"));
    let survivor = &found.survivors[0];
    assert_eq!(survivor.place.as_ref().map(|place| (place.line, place.column)), Some((7, 35)));
    insta::assert_snapshot!(survivor.stub);
}

/// A stub has the lines that its part of the rule needs and no others: of the signature the two, of the cause its own too.
#[test]
fn a_stub_begins_with_the_lines_that_decide() {
    let rule = WINDOW
        .replace("signature:", "  why: {log: dism, line: \"because of it\"}\nsignature:")
        .replace("tests:", "causes:\n  it: {title: {zh: 它, en: It}, when: why}\ntests:")
        .replace("CBS    first\n", "CBS    before\n        2024-01-01 00:00:00, Info                  CBS    first\n")
        .replace("00:00:11,", "00:00:31,");
    let dism = |line: &str| format!("2024-01-01 00:00:00, Info                  DISM   {line}");
    let log = format!(
        "      dism: |\n        {}\n        {}\n    expect: {{status: confirmed}}",
        dism("because of it"),
        dism("and more")
    );
    let rule = rule.replacen("    expect: {status: confirmed}", &log, 1);
    let found = mutants(&rule);
    let stub = |change: &str| &found.survivors.iter().find(|one| one.change == change).unwrap().stub;
    insta::assert_snapshot!(format!("{}{}", stub("double within 10s"), stub("negate why")));
}
