//! A log of a test as a sample: its lines, the ones that a finding rests on marked, with the names of the evidence and what
//! was captured of them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use crate::diagnose::{Finding, Quote, Status, diagnose};
use crate::logs::Record;
use crate::regression;
use crate::rule::{Expect, Rule, RuleSet, RuleTest, TestLog};
use crate::scan;

use super::view::{Link, RuleContext};

/// A test's logs with the lines marked that its finding rests on.
#[derive(Debug, Serialize)]
pub(super) struct SampleView {
    /// The test's name.
    pub(super) test: String,
    pub(super) logs: Vec<SampleLog>,
}

/// One of them.
#[derive(Debug, Serialize)]
pub(super) struct SampleLog {
    pub(super) log: Link,
    pub(super) rows: Vec<Row>,
}

/// A line, or a record of a log without lines.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) pieces: Vec<Piece>,
    /// The evidence that it is.
    pub(super) evidence: Vec<String>,
}

/// A run of text, captured or not.
#[derive(Debug, Serialize)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) captured: bool,
}

/// The test that a rule is shown by, and what of its logs is marked: evidence by log and row, captured bytes by log and
/// row. The same in both languages.
#[derive(Default)]
pub(super) struct Sample {
    test: usize,
    evidence: BTreeMap<(usize, usize), BTreeSet<String>>,
    captured: BTreeMap<(usize, usize), Vec<Range<usize>>>,
}

/// A sample of each rule: the first of its tests with the most logs whose finding is confirmed.
pub(super) fn samples(rules: &RuleSet) -> Vec<Option<Sample>> {
    // One set for all, so that the patterns of the log kinds are made once; of its rules only those a test needs.
    let mut tried = RuleSet { logs: rules.logs.clone(), ..RuleSet::default() };
    let one = |rule: &Rule| {
        tried.rules = concerned(rules, &rule.name).into();
        let mut tests: Vec<(usize, &RuleTest)> =
            rule.tests.iter().enumerate().filter(|(_, test)| may_confirm(test, rule)).collect();
        tests.sort_by_key(|(_, test)| std::cmp::Reverse(test.logs.len()));
        let found = tests.into_iter().find_map(|(at, test)| Some((at, test, finding(&tried, rule, test)?)));
        found.map(|(at, test, finding)| Sample::of(at, &finding, rule, test))
    };
    rules.rules.iter().map(one).collect()
}

/// The sample in the words of a page.
pub(super) fn view(context: &RuleContext<'_>, sample: &Sample) -> Option<SampleView> {
    let test = context.rule.tests.get(sample.test)?;
    Some(SampleView { test: test.name.clone(), logs: logs(context, test, sample) })
}

/// Whether a test says that the rule has a certain finding, or leaves it open.
fn may_confirm(test: &RuleTest, rule: &Rule) -> bool {
    let Expect::Findings(expected) = &test.expect else { return false };
    expected.iter().any(|one| {
        let own = one.rule.as_ref().is_none_or(|name| *name == rule.name);
        own && one.status.as_deref().is_none_or(|status| status == "confirmed")
    })
}

fn finding(rules: &RuleSet, rule: &Rule, test: &RuleTest) -> Option<Finding> {
    let (bundle, options) = regression::bundle(rules, test);
    let diagnosis = diagnose(&scan::scan(&bundle, rules, &options), rules, None, None, 1);
    diagnosis.findings.into_iter().find(|it| it.name == rule.name && it.status == Status::Confirmed)
}

impl Sample {
    fn of(at: usize, finding: &Finding, rule: &Rule, test: &RuleTest) -> Sample {
        let mut marks = Sample { test: at, ..Sample::default() };
        let causes = finding.causes.iter().flat_map(|cause| &cause.evidence);
        for quote in finding.evidence.iter().chain(causes) {
            let log = quote.record.origin.artifact.place();
            if log < test.logs.len() {
                marks.add(log, quote, rule);
            }
        }
        marks
    }

    fn add(&mut self, log: usize, quote: &Quote, rule: &Rule) {
        let origin = &quote.record.origin;
        let (first, last) = origin.record().map_or((origin.line, origin.end_line()), |record| (record, record));
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let (first, last) = (number(first), number(last));
        for row in first..=last.min(first.saturating_add(quote.record.text().lines().count())) {
            self.evidence.entry((log, row)).or_default().insert(quote.name.clone());
        }
        for range in captured(&quote.record, rule, &quote.name) {
            let before = &quote.record.text()[..range.start];
            let row = first + before.matches('\n').count();
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            // What goes over the end of a line is marked up to there.
            let line = quote.record.text()[start..].lines().next().unwrap_or_default();
            let range = range.start - start..(range.end - start).min(line.len());
            self.captured.entry((log, row)).or_default().push(range);
        }
    }
}

/// Where in a record's text the captures of a piece of evidence stand.
fn captured(record: &Record, rule: &Rule, name: &str) -> Vec<Range<usize>> {
    let Some(evidence) = rule.evidence.iter().find(|it| it.name == name) else { return Vec::new() };
    let Some(base) = record.text().find(record.message()) else { return Vec::new() };
    let found = evidence.lines.iter().find_map(|line| line.pattern.find(record.message()));
    let mut ranges: Vec<Range<usize>> = found
        .into_iter()
        .flat_map(|found| found.captures)
        .map(|one| base + one.range.start..base + one.range.end)
        .collect();
    for (field, _) in evidence.fields.iter().filter(|(_, bound)| !bound.binds.is_empty()) {
        let value = record.field(field).filter(|value| !value.is_empty());
        ranges.extend(value.and_then(|value| record.text().find(value).map(|at| at..at + value.len())));
    }
    ranges
}

fn logs(context: &RuleContext<'_>, test: &RuleTest, marks: &Sample) -> Vec<SampleLog> {
    let one = |(at, (id, log)): (usize, &(_, TestLog))| {
        let rows = lines(log).into_iter().enumerate().map(|(row, text)| {
            let key = (at, row + 1);
            Row {
                number: row + 1,
                pieces: pieces(&text, marks.captured.get(&key).map_or(&[][..], Vec::as_slice)),
                evidence: marks.evidence.get(&key).into_iter().flatten().cloned().collect(),
            }
        });
        SampleLog { log: context.log_link(*id), rows: rows.collect() }
    };
    test.logs.iter().enumerate().map(one).collect()
}

/// The lines of a log of a test; of records, each as the scan shows it.
pub(super) fn lines(log: &TestLog) -> Vec<String> {
    match log {
        TestLog::Text(text) => text.lines().map(str::to_owned).collect(),
        TestLog::Records(records) => {
            let record = |fields: &Vec<(String, String)>| {
                fields.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
            };
            records.iter().map(record).collect()
        }
    }
}

/// A line cut at what was captured; ranges that lie in one another count once.
fn pieces(line: &str, captured: &[Range<usize>]) -> Vec<Piece> {
    let mut ranges = captured.to_vec();
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let (mut pieces, mut at) = (Vec::new(), 0);
    let mut push = |text: Option<&str>, captured| {
        pieces.extend(text.filter(|text| !text.is_empty()).map(|text| Piece { text: text.to_owned(), captured }));
    };
    for range in ranges {
        if range.start >= at && line.get(range.clone()).is_some() {
            push(line.get(at..range.start), false);
            push(line.get(range.clone()), true);
            at = range.end;
        }
    }
    push(line.get(at..), false);
    pieces
}

/// A rule with those that it reads, whatever else there is: what a scan of its own tests needs.
fn concerned(rules: &RuleSet, rule: &str) -> Vec<Rule> {
    let wanted = rules.rules.with_read(rules.rules.position(rule));
    rules.rules.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(rule, _)| rule.clone()).collect()
}
