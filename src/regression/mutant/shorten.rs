//! A test with only the lines that it needs: what a stub of a test begins with.
//!
//! Lines go, halves first and single ones last, as long as the test still comes to the same; of a text log a line, of other
//! logs a record.

use crate::diagnose::{CauseStatus, Status, diagnose};
use crate::rule::{Rule, RuleSet, RuleTest, TestLog};
use crate::scan;

use super::super::inline;
use super::super::place::Part;

/// Runs of a test at the most: a log of many lines is left as it is then.
const RUNS: usize = 400;

/// What a test comes to, as far as a stub is about it.
#[derive(PartialEq, Eq)]
struct Verdict {
    status: Status,
    /// Of the cause that the stub is about.
    cause: Option<CauseStatus>,
}

/// The test without the lines that do not matter for `part`; as it is where it says nothing of the rule.
pub(super) fn shortened(rules: &RuleSet, rule: &Rule, test: &RuleTest, part: Part) -> RuleTest {
    let Some(verdict) = verdict(rules, rule, test, part) else { return test.clone() };
    let mut short = test.clone();
    let mut runs = RUNS;
    let mut same = |test: &RuleTest| {
        runs = runs.saturating_sub(1);
        runs > 0 && self::verdict(rules, rule, test, part).as_ref() == Some(&verdict)
    };
    for at in (0..short.logs.len()).rev() {
        let without = RuleTest { logs: [&short.logs[..at], &short.logs[at + 1..]].concat(), ..short.clone() };
        if same(&without) {
            short = without;
            continue;
        }
        let mut size = parts(&short.logs[at].1) / 2;
        while size > 0 {
            let mut from = 0;
            while from < parts(&short.logs[at].1) {
                let mut less = short.clone();
                less.logs[at].1 = without_parts(&short.logs[at].1, from..from + size);
                if same(&less) {
                    short = less;
                } else {
                    from += size;
                }
            }
            size /= 2;
        }
    }
    short
}

/// What a test comes to; `None` where it does not pass or the rule has no finding in it.
fn verdict(rules: &RuleSet, rule: &Rule, test: &RuleTest, part: Part) -> Option<Verdict> {
    let (bundle, options) = inline::bundle(rules, test);
    let diagnosis = diagnose(&scan::scan(&bundle, rules, &options), rules, None, None, 1);
    let finding = diagnosis.findings.iter().find(|finding| finding.name == rule.name)?;
    let cause = match part {
        Part::Cause(at) => finding.causes.get(at).map(|cause| cause.status),
        _ => None,
    };
    let passes = inline::judge(rules, rule, test, &diagnosis).is_empty();
    passes.then_some(Verdict { status: finding.status, cause })
}

fn parts(log: &TestLog) -> usize {
    match log {
        TestLog::Text(text) => text.lines().count(),
        TestLog::Records(records) => records.len(),
    }
}

fn without_parts(log: &TestLog, range: std::ops::Range<usize>) -> TestLog {
    match log {
        TestLog::Text(text) => {
            let kept = text.lines().enumerate().filter(|(at, _)| !range.contains(at));
            TestLog::Text(kept.flat_map(|(_, line)| [line, "\n"]).collect())
        }
        TestLog::Records(records) => {
            let kept = records.iter().enumerate().filter(|(at, _)| !range.contains(at));
            TestLog::Records(kept.map(|(_, record)| record.clone()).collect())
        }
    }
}
