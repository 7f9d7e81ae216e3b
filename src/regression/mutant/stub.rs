//! The test that would kill a survivor, as far as it can be written without knowing the logs: those lines of a positive
//! test that decide, what to change in them, and what to expect.

use std::fmt::Write as _;

use crate::lang::Localized;
use crate::rule::{Expect, Rule, RuleSet, RuleTest, TestLog};

use super::super::place::Part;
use super::{Change, Mutant};

/// What the logs of the test have to show.
pub(super) fn hint(mutant: &Mutant) -> Localized {
    let text = &mutant.text;
    match mutant.change {
        Change::Loosened => Localized::new(
            format!("改动日志：原规则不成立，而这样就会成立：{text}"),
            format!("change the lines so that it does not hold, but would with: {text}"),
        ),
        Change::Narrowed => Localized::new(
            format!("改动日志：原规则成立，而这样就不成立：{text}"),
            format!("change the lines so that it holds, but would not with: {text}"),
        ),
        Change::Negated => Localized::new(
            format!("改动日志：使结果与这样时不同：{text}"),
            format!("change the lines so that they tell it from: {text}"),
        ),
        Change::Halved => Localized::new(
            "相隔超过一半窗口、不超过窗口的两行",
            "lines further apart than half the window, and within it",
        ),
        Change::Doubled => Localized::new(
            "相隔超过窗口、不超过两倍窗口的两行",
            "lines further apart than the window, and within twice as much",
        ),
        Change::Swapped => Localized::new("顺序相反的日志", "the same lines the other way round"),
    }
}

/// The test of a rule that a stub for a part of it begins with, by its position: one in which it holds, and of a cause one
/// that says so.
pub(super) fn model(rule: &Rule, part: Part) -> Option<usize> {
    let findings = |test: &&RuleTest| matches!(test.expect, Expect::Findings(_));
    let confirms = |test: &&RuleTest| match (&test.expect, part) {
        (Expect::Findings(expected), Part::Cause(at)) => {
            let causes = expected.iter().filter_map(|one| one.causes.as_ref()).flatten();
            causes.into_iter().any(|(id, status)| *id == rule.causes[at].id && status == "confirmed")
        }
        _ => false,
    };
    let at = |wanted: &dyn Fn(&&RuleTest) -> bool| rule.tests.iter().position(|test| wanted(&test));
    at(&confirms).or_else(|| at(&findings)).or_else(|| at(&|_| true))
}

/// A test to begin with, made of a test's logs.
pub(super) fn test(rules: &RuleSet, rule: &Rule, model: Option<&RuleTest>, mutant: &Mutant) -> String {
    let mut text = format!("- name: {}\n  logs:\n", quoted(&mutant.text));
    for (kind, log) in model.iter().flat_map(|test| &test.logs) {
        write_log(&rules.logs.get(*kind).name, log, &mut text);
    }
    let (hold, fail) = match mutant.part {
        Part::Cause(at) => {
            let id = &rule.causes[at].id;
            (format!("{{causes: {{{id}: confirmed}}}}"), format!("{{causes: {{{id}: excluded}}}}"))
        }
        _ => ("{status: confirmed}".to_owned(), "none".to_owned()),
    };
    let expected = match mutant.change {
        Change::Narrowed | Change::Halved | Change::Negated => hold,
        Change::Loosened | Change::Doubled | Change::Swapped => fail,
    };
    let _ = writeln!(text, "  # {}", hint(mutant).get(crate::lang::Lang::En));
    let _ = writeln!(text, "  expect: {expected}");
    text
}

fn write_log(name: &str, log: &TestLog, text: &mut String) {
    match log {
        TestLog::Text(lines) => {
            let _ = writeln!(text, "    {name}: |");
            for line in lines.lines() {
                let _ = writeln!(text, "      {line}");
            }
        }
        TestLog::Records(records) => {
            let _ = writeln!(text, "    {name}:");
            for record in records {
                let fields: Vec<String> =
                    record.iter().map(|(field, value)| format!("{}: {}", quoted(field), quoted(value))).collect();
                let _ = writeln!(text, "      - {{{}}}", fields.join(", "));
            }
        }
    }
}

/// A text as YAML has it, in double quotes.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
