//! What the reference says of every rule of a world.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use casebook::logs::Record;
use casebook::rule::{EvidenceId, Rule, RuleSet};
use casebook::scan::{Hit, Scan};
use casebook::value::{Stamp, Value};

use super::meaning::{Anchor, Meaning, Occurrence, Way};
use super::time::Clock;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Status {
    Confirmed,
    Undetermined,
}

/// What one rule says.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) rule: String,
    pub(super) status: Status,
    pub(super) count: usize,
    pub(super) first: Option<Stamp>,
    pub(super) last: Option<Stamp>,
    pub(super) captures: Vec<(String, Value)>,
    /// Evidence and record, in order of time then position.
    pub(super) quotes: Vec<(String, Arc<Record>)>,
    pub(super) past: Vec<Past>,
    /// Ids with true, false or not known.
    pub(super) causes: Vec<(String, Option<bool>)>,
}

/// One occurrence.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) captures: Vec<(String, Value)>,
    pub(super) quotes: Vec<(String, Arc<Record>)>,
}

/// The findings of rules, each of which reads only those before it; `None` where there were too many ways to look at.
pub(super) fn findings(scan: &Scan, rules: &RuleSet, offset: Option<i32>) -> Option<Vec<Finding>> {
    let mut findings: Vec<Finding> = Vec::new();
    let own = earliest_first(scan, rules, offset);
    for (index, rule) in rules.rules.iter().enumerate() {
        let clock = Clock { scan, rules, offset };
        let meaning = Meaning {
            clock,
            scan,
            own: &own,
            rule,
            index,
            findings: &findings,
            anchor: Cell::new(None),
            branch: RefCell::default(),
            count: Cell::new(0),
        };
        let finding = find(&meaning, rule);
        if meaning.too_many() {
            return None;
        }
        findings.extend(finding);
    }
    Some(findings)
}

/// Hits by rule and evidence, on one clock.
fn earliest_first(scan: &Scan, rules: &RuleSet, offset: Option<i32>) -> Vec<Vec<Vec<Hit>>> {
    let clock = Clock { scan, rules, offset };
    let sorted = |rule: usize, at: usize| {
        let mut hits = scan.hits(rule, EvidenceId(at)).to_vec();
        hits.sort_by_key(|hit| clock.place(&hit.record));
        hits
    };
    let all = rules.rules.iter().enumerate();
    all.map(|(index, rule)| (0..rule.evidence.len()).map(|at| sorted(index, at)).collect()).collect()
}

fn find<'a>(meaning: &Meaning<'a>, rule: &'a Rule) -> Option<Finding> {
    let start = Way::new(rule.captures.len());
    let (found, doubt) = meaning.all_occurrences(&rule.signature, &start);
    let mut finding = Finding {
        rule: rule.name.clone(),
        status: Status::Undetermined,
        count: 1,
        first: None,
        last: None,
        captures: Vec::new(),
        quotes: Vec::new(),
        past: Vec::new(),
        causes: Vec::new(),
    };
    if found.is_empty() {
        return doubt.is_some_and(|weight| weight > 0).then_some(finding);
    }
    let anchor = |one: &Occurrence<'a>| match one.anchor {
        Some(Anchor::Hit(evidence, _)) => {
            one.way.hits.iter().find(|(chosen, _)| *chosen == evidence).map(|(_, record)| Arc::clone(record))
        }
        Some(Anchor::Past(finding, at)) => {
            meaning.past(finding)[at].quotes.last().map(|(_, record)| Arc::clone(record))
        }
        _ => None,
    };
    let place = |one: &Occurrence<'a>| anchor(one).map(|record| meaning.clock.place(&record));
    // The last one in the order of the anchors; of several the one found last.
    let mut last = &found[0];
    for one in &found {
        if place(one) >= place(last) {
            last = one;
        }
    }
    finding.status = Status::Confirmed;
    finding.count = found.len();
    finding.quotes = quotes(meaning, rule, &last.way);
    let quoted = || finding.quotes.iter().filter(|(_, record)| record.stamp.is_some());
    let mut timed: Vec<_> = found.iter().filter_map(anchor).filter(|record| record.stamp.is_some()).collect();
    if timed.is_empty() {
        timed.extend(quoted().map(|(_, record)| Arc::clone(record)));
    }
    timed.sort_by_key(|record| meaning.clock.place(record));
    finding.first = timed.first().and_then(|record| record.stamp);
    finding.last = timed.last().and_then(|record| record.stamp);
    finding.captures = captures(rule, &last.way);
    let judge = |cause: &'a casebook::rule::Cause| {
        (cause.id.clone(), cause.when.as_ref().and_then(|when| meaning.judge(when, &last.way)))
    };
    finding.causes = rule.causes.iter().map(judge).collect();
    let past =
        found.iter().map(|one| Past { captures: captures(rule, &one.way), quotes: quotes(meaning, rule, &one.way) });
    finding.past = past.collect();
    finding.past.sort_by_key(|past| past.quotes.last().map(|(_, record)| meaning.moment(record)));
    Some(finding)
}

fn captures(rule: &Rule, way: &Way<'_>) -> Vec<(String, Value)> {
    let named = rule.captures.iter().zip(&way.captures);
    named.filter_map(|(capture, value)| Some((capture.name.clone(), value.clone()?))).collect()
}

fn quotes(meaning: &Meaning<'_>, rule: &Rule, way: &Way<'_>) -> Vec<(String, Arc<Record>)> {
    let own = way.hits.iter().chain(&way.counted);
    let mut quotes: Vec<_> = own.map(|(at, record)| (rule.evidence[*at].name.clone(), Arc::clone(record))).collect();
    for (finding, which) in &way.past {
        let finding = &meaning.findings[*finding];
        quotes.extend(which.map_or(&finding.quotes, |at| &finding.past[at].quotes).iter().cloned());
    }
    quotes.sort_by_key(|(_, record)| (meaning.moment(record), record.origin.clone()));
    let mut seen = Vec::new();
    quotes.retain(|(name, record)| {
        let new = !seen.contains(&(name.clone(), record.origin.clone()));
        seen.push((name.clone(), record.origin.clone()));
        new
    });
    quotes
}
