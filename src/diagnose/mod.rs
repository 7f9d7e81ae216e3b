//! Hits to findings: occurrences (sequences, joins, windows), three-valued evaluation, causes, ranking, log requests,
//! and why a rule did or did not hold.

mod env;
mod filter;
mod finding;
mod ledger;
mod needs;
mod occurrence;
mod rank;
mod request;
mod solve;
#[cfg(test)]
mod tests;
mod timeline;
mod truth;
mod useful;
pub mod why;

pub use ledger::hear;
pub use useful::USEFUL;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::bundle::ProblemKind;
use crate::case::Thread;
use crate::crew;
use crate::logs::{LogKindId, Record};
use crate::rule::{RuleSet, Severity};
use crate::scan::Scan;
use crate::value::{Stamp, Value};

/// Whether a finding is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Its signature is true.
    Confirmed,
    /// Its signature is neither true nor false.
    Undetermined,
}

/// Whether a cause holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseStatus {
    /// It does.
    Confirmed,
    /// It does not.
    Excluded,
    /// The logs do not tell.
    Open,
}

/// Why a log does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The bundle has none.
    Absent,
    /// It does not cover the time.
    NotCovered,
    /// It is cut off.
    Truncated,
    /// It cannot be read.
    Unreadable,
    /// It needs a password.
    Encrypted,
    /// A snapshot does not list the subject.
    NotListed,
    /// Local time and UTC cannot be brought together.
    ClockUnknown,
    /// Too many pairs.
    TooMany,
}

impl Reason {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Reason::Absent => "absent",
            Reason::NotCovered => "not-covered",
            Reason::Truncated => "truncated",
            Reason::Unreadable => "unreadable",
            Reason::Encrypted => "encrypted",
            Reason::NotListed => "not-listed",
            Reason::ClockUnknown => "clock-unknown",
            Reason::TooMany => "too-many",
        }
    }
}

/// A log that would decide an open question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Missing {
    /// The log kind.
    pub log: LogKindId,
    /// Why it does not answer now.
    pub reason: Reason,
    /// First and last stamp, on the log's own clock, of what it would have to cover, where that is known.
    pub needed: Option<(Stamp, Stamp)>,
}

impl Missing {
    /// A log and why it does not answer.
    fn new(log: LogKindId, reason: Reason) -> Self {
        Self { log, reason, needed: None }
    }

    /// Adds a log to those that are missing; one that is there already for the same reason needs to cover both.
    fn add(self, missing: &mut Vec<Missing>) {
        match missing.iter_mut().find(|known| (known.log, known.reason) == (self.log, self.reason)) {
            Some(known) => {
                let wider = |a: (Stamp, Stamp), b: (Stamp, Stamp)| (a.0.min(b.0), a.1.max(b.1));
                known.needed = known.needed.zip(self.needed).map(|(a, b)| wider(a, b)).or(known.needed).or(self.needed);
            }
            None => missing.push(self),
        }
    }
}

/// A quoted record.
#[derive(Clone, Debug)]
pub struct Quote {
    /// The evidence's name in the rule.
    pub name: String,
    /// The record.
    pub record: Arc<Record>,
}

/// What one rule says about a bundle.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Index of the rule in [`RuleSet::rules`].
    pub rule: usize,
    /// Its name.
    pub name: String,
    /// How grave.
    pub severity: Severity,
    /// Whether it is certain.
    pub status: Status,
    /// The logs that keep it from being certain.
    pub missing: Vec<Missing>,
    /// How often it occurred.
    pub count: usize,
    /// Time of the first occurrence.
    pub first: Option<Stamp>,
    /// Time of the last.
    pub last: Option<Stamp>,
    /// Captures of the last occurrence, by name, in the rule's order.
    pub captures: Vec<(String, Value)>,
    /// The records of the last occurrence, in order of time then position.
    pub evidence: Vec<Quote>,
    /// Its causes.
    pub causes: Vec<CauseResult>,
    /// The confirmed finding that makes this one a symptom.
    pub explained_by: Option<String>,
    /// Captures that two logs agree on, by name (the same value seen in records of different sources).
    pub corroborated: Vec<String>,
    /// Why it stands where it does among the findings, what weighs most first.
    pub ranked: Vec<Rank>,
    /// Every certain occurrence, in order of its anchors, where another rule reads this finding; else none.
    pub past: Vec<Past>,
}

/// A reason for a finding's place, in the order they weigh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Confirmed before undetermined.
    Status(Status),
    /// It explains these findings, which stand below it.
    Explains(Vec<String>),
    /// It is a symptom of this one.
    ExplainedBy(String),
    /// The graver first.
    Severity(Severity),
    /// The later first.
    Last(Stamp),
    /// All else equal, by name.
    Name,
}

/// One occurrence of a finding that another rule reads.
#[derive(Clone, Debug)]
pub struct Past {
    /// What it captured, by name.
    pub captures: Vec<(String, Value)>,
    /// Its records, in order of time then position.
    pub evidence: Vec<Quote>,
}

/// What became of a cause.
#[derive(Clone, Debug)]
pub struct CauseResult {
    /// Its id.
    pub id: String,
    /// Whether it holds.
    pub status: CauseStatus,
    /// What would decide it, when open.
    pub missing: Vec<Missing>,
    /// Other confirmed causes that cannot hold together with it: the logs contradict each other.
    pub contradicts: Vec<String>,
    /// The records that decided it.
    pub evidence: Vec<Quote>,
    /// Captures it bound, by name.
    pub captures: Vec<(String, Value)>,
    /// Remedies, by name.
    pub remedies: Vec<String>,
}

/// A collection to ask the customer for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The collection.
    pub collection: String,
    /// The logs it brings that are wanted.
    pub logs: Vec<LogKindId>,
    /// Cause ids and rule names that it would decide.
    pub why: Vec<String>,
    /// The message that asked for it before, when nothing that it yields came since.
    pub asked: Option<u32>,
}

/// The diagnosis of one machine.
#[derive(Clone, Debug, Default)]
pub struct Diagnosis {
    /// Findings, first what matters most: confirmed before undetermined, causes before symptoms, then severity, then
    /// time, then name.
    pub findings: Vec<Finding>,
    /// What to ask for.
    pub requests: Vec<Request>,
    /// Steps the conditions took: how much work the rules and their hits were, the same on every machine.
    pub steps: u64,
    /// The rules whose conditions were asked, in that order.
    pub asked: Vec<Asked>,
}

/// What it took to ask the conditions of one rule.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Index of the rule in [`RuleSet::rules`].
    pub rule: usize,
    /// Steps, the same on every machine.
    pub steps: u64,
    /// Time.
    pub time: Duration,
}

impl From<ProblemKind> for Reason {
    fn from(kind: ProblemKind) -> Self {
        match kind {
            ProblemKind::Unreadable => Reason::Unreadable,
            ProblemKind::Truncated => Reason::Truncated,
            ProblemKind::Encrypted => Reason::Encrypted,
        }
    }
}

/// What a chosen occurrence of a finding quotes.
fn past_quotes(findings: &[Finding], (finding, which): env::PastId) -> &[Quote] {
    let Some(finding) = findings.get(finding) else { return &[] };
    which.and_then(|at| finding.past.get(at)).map_or(&finding.evidence, |past| &past.evidence)
}

/// Diagnoses what a scan found, with what the case thread tells, on so many threads at the most. `utc_offset` is local time
/// minus UTC in seconds, used where no log shows it.
#[must_use]
pub fn diagnose(
    scan: &Scan,
    rules: &RuleSet,
    case: Option<&Thread>,
    utc_offset: Option<i32>,
    threads: usize,
) -> Diagnosis {
    let timeline = timeline::Timeline::new(scan, rules, utc_offset);
    let mut findings: Vec<Finding> = Vec::new();
    let mut asked = Vec::new();
    let read = rules.rules.are_read();
    let silent = |index: usize| rules.rules.finds_nothing(index, |evidence| !timeline.hits(index, evidence).is_empty());
    for together in rank::in_turn(rules, silent) {
        let judged = crew::map(threads, &together, |index| {
            let begun = Instant::now();
            let solver = solve::Solver::new(*index, rules, scan, &timeline, &findings);
            let finding = finding::find(&solver, read[*index]);
            (finding, Asked { rule: *index, steps: solver.work(), time: begun.elapsed() })
        });
        for (finding, one) in judged {
            asked.push(one);
            findings.extend(finding);
        }
    }
    rank::explain(&mut findings, rules);
    rank::sort(&mut findings);
    let requests = request::requests(&findings, rules, case);
    let steps = asked.iter().map(|asked| asked.steps).sum();
    Diagnosis { findings, requests, steps, asked }
}
