//! One rule against one scan: its finding, what supports it, and what became of its causes.

use std::collections::HashSet;
use std::sync::Arc;

use crate::logs::Record;
use crate::rule::{Cause, Condition, EvidenceId, Rule};
use crate::scan::Hit;
use crate::value::{Stamp, Type, Value};

use super::env::Env;
use super::filter;
use super::occurrence::{Found, attempt, occurrences};
use super::solve::{Solver, captures, evidence_of};
use super::timeline::Moment;
use super::truth::Truth;
use super::{CauseResult, CauseStatus, Finding, Missing, Past, Quote, Status, past_quotes};

/// How far from an occurrence a supporting record may lie, in nanoseconds.
const SUPPORT: i64 = 10_000_000_000;

/// What the occurrences of a signature came to.
#[derive(Default)]
struct Tally<'a> {
    /// How many there are.
    count: usize,
    /// The first and the last one whose anchor has a time.
    first: Option<(Moment, Stamp)>,
    last: Option<(Moment, Stamp)>,
    /// The last one in the order of anchors, ties by order of finding.
    latest: Option<(Option<Moment>, Env<'a>)>,
    /// The best uncertain one.
    doubtful: Option<Env<'a>>,
}

impl<'a> Tally<'a> {
    fn add(&mut self, solver: &Solver<'_>, found: Found<'_, 'a>) {
        match found {
            Found::Certain { at, env } => {
                let moment = self.count(solver, at);
                match &mut self.latest {
                    None => self.latest = Some((moment, env.clone())),
                    Some((latest, own)) if moment >= *latest => {
                        *latest = moment;
                        own.set(env);
                    }
                    Some(_) => {}
                }
            }
            Found::Counted(at) => {
                self.count(solver, Some(at));
            }
            Found::Passed(passed) => self.count += passed,
            Found::Each(hits) => {
                self.count += hits.len();
                // They stand by their time, those without one first.
                let stamped = hits.get(hits.partition_point(|hit| hit.record.stamp.is_none())..).unwrap_or_default();
                for hit in stamped.first().into_iter().chain(stamped.last()) {
                    self.reach(solver, Some(&hit.record));
                }
            }
            Found::Doubtful(env) if self.doubtful.as_ref().is_none_or(|best| env.weight() > best.weight()) => {
                self.doubtful = Some(env.clone());
            }
            Found::Doubtful(_) => {}
        }
    }

    /// Counts an occurrence that stands here; says when that is.
    fn count(&mut self, solver: &Solver<'_>, at: Option<&Arc<Record>>) -> Option<Moment> {
        self.count += 1;
        self.reach(solver, at)
    }

    /// Holds when the first and the last occurrence are, of which one stands here; says when that one is.
    fn reach(&mut self, solver: &Solver<'_>, at: Option<&Arc<Record>>) -> Option<Moment> {
        let moment = at.map(|record| solver.timeline.moment(record));
        let time = moment.zip(at.and_then(|record| record.stamp));
        self.first = self.first.into_iter().chain(time).min();
        self.last = self.last.into_iter().chain(time).max();
        moment
    }
}

/// The finding of a rule, if its signature is not false. Another rule that reads it asks for every occurrence.
pub(super) fn find(solver: &Solver<'_>, read: bool) -> Option<Finding> {
    let rule = solver.rule;
    let mut tally = Tally::default();
    let mut past = Vec::new();
    occurrences(solver, &rule.signature, (&Env::new(rule.captures.len()), read), &mut |found| {
        if let (true, Found::Certain { env, .. }) = (read, &found) {
            past.push(Past { captures: named(rule, env), evidence: quoted(solver, env, &[]) });
        }
        tally.add(solver, found);
    });
    past.sort_by_cached_key(|past: &Past| past.evidence.last().map(|quote| solver.timeline.moment(&quote.record)));
    let (status, count, env) = match (&tally.latest, &tally.doubtful) {
        (Some((_, env)), _) => (Status::Confirmed, tally.count, env),
        (None, Some(env)) if env.weight() > 0 => (Status::Undetermined, 1, env),
        _ => return None,
    };
    let own = quoted(solver, env, &[]);
    let stamps = || own.iter().filter_map(|quote| quote.record.stamp);
    let mut support = env.clone();
    let supporting = supporting(solver, &mut support);
    let evidence = quoted(solver, env, &supporting);
    Some(Finding {
        rule: solver.index,
        name: rule.name.clone(),
        severity: rule.severity,
        status,
        missing: env.missing.clone(),
        count,
        first: tally.first.map(|(_, stamp)| stamp).or_else(|| stamps().next()),
        last: tally.last.map(|(_, stamp)| stamp).or_else(|| stamps().next_back()),
        captures: named(rule, &support),
        evidence,
        causes: contradictions(rule, rule.causes.iter().map(|cause| judge(solver, cause, env)).collect()),
        explained_by: None,
        ranked: Vec::new(),
        corroborated: corroborated(solver, env.quoted().chain(supporting)),
        past,
    })
}

/// Everything an occurrence rests on, findings of other rules included, and what supports it.
fn quoted(solver: &Solver<'_>, env: &Env<'_>, supporting: &[(EvidenceId, &Arc<Record>)]) -> Vec<Quote> {
    let mut evidence = quotes(solver.rule, env.quoted().chain(supporting.iter().copied()));
    evidence.extend(env.past.iter().flat_map(|past| past_quotes(solver.findings, *past)).cloned());
    order(solver, &mut evidence);
    evidence
}

fn quotes<'h>(rule: &Rule, hits: impl Iterator<Item = (EvidenceId, &'h Arc<Record>)>) -> Vec<Quote> {
    hits.map(|(id, record)| Quote { name: rule.evidence[id.0].name.clone(), record: Arc::clone(record) }).collect()
}

/// By time, then position.
fn order(solver: &Solver<'_>, quotes: &mut Vec<Quote>) {
    quotes.sort_by_cached_key(|quote| (solver.timeline.moment(&quote.record), quote.record.origin.clone()));
    let mut seen = HashSet::new();
    quotes.retain(|quote| seen.insert((quote.name.clone(), quote.record.origin.clone())));
}

fn named(rule: &Rule, env: &Env<'_>) -> Vec<(String, Value)> {
    rule.captures
        .iter()
        .zip(&env.captures)
        .filter_map(|(capture, value)| Some((capture.name.clone(), (*value)?.clone())))
        .collect()
}

/// Evidence that neither the signature nor a cause names stands by: where it has a hit in the section of the
/// occurrence, or close to it in time, it is quoted with it, and its captures are the finding's.
fn supporting<'a>(solver: &Solver<'a>, env: &mut Env<'a>) -> Vec<(EvidenceId, &'a Arc<Record>)> {
    let rule = solver.rule;
    let named: Vec<EvidenceId> = rule.conditions().flat_map(evidence_of).collect();
    let own: Vec<&Arc<Record>> = env.quoted().map(|(_, record)| record).collect();
    let mut found = Vec::new();
    for at in 0..rule.evidence.len() {
        let id = EvidenceId(at);
        if named.contains(&id) {
            continue;
        }
        let mut near: Vec<(_, &'a Hit)> =
            solver.hits(id).iter().filter_map(|hit| Some((closeness(solver, &own, hit)?, hit))).collect();
        near.sort_by_key(|(closeness, _)| *closeness);
        if let Some((_, hit)) = near.into_iter().find(|(_, hit)| stands_by(solver, id, hit, env)) {
            found.push((id, &hit.record));
        }
    }
    found
}

/// Whether a hit agrees with what is bound, by joins and by the `where` of its evidence. Its captures are bound then.
fn stands_by<'a>(solver: &Solver<'a>, id: EvidenceId, hit: &'a Hit, env: &mut Env<'a>) -> bool {
    let mark = env.mark();
    let Some(bound) = env.bind(captures(hit)) else { return false };
    let filter = solver.rule.evidence[id.0].filter.as_ref();
    let holds = filter.is_none_or(|filter| filter::holds_at_last(filter, env, solver.findings) == Truth::True);
    if !holds {
        env.reset(mark, &bound);
    }
    holds
}

/// How close a hit lies to an occurrence: in its section before near in time; `None` is too far.
fn closeness(solver: &Solver<'_>, own: &[&Arc<Record>], hit: &Hit) -> Option<(bool, u64)> {
    let section = hit.record.section.is_some() && own.iter().any(|record| record.section == hit.record.section);
    let distance =
        own.iter().filter_map(|record| solver.timeline.distance(record, &hit.record)).map(i64::unsigned_abs).min();
    match distance {
        Some(distance) if section || distance <= SUPPORT.unsigned_abs() => Some((!section, distance)),
        None if section => Some((false, u64::MAX)),
        _ => None,
    }
}

/// Captures whose value two logs state independently.
fn corroborated<'h>(solver: &Solver<'_>, hits: impl Iterator<Item = (EvidenceId, &'h Arc<Record>)>) -> Vec<String> {
    let mut seen = Vec::new();
    for (id, record) in hits {
        let hit = solver.hits(id).iter().find(|hit| hit.record.origin == record.origin);
        for (capture, value) in hit.into_iter().flat_map(|hit| &hit.captures) {
            if !matches!(value.ty, Type::Text | Type::Word | Type::Time) {
                seen.push((*capture, value.clone(), record.log));
            }
        }
    }
    let twice = |(capture, value, log): &(crate::rule::CaptureId, Value, _)| {
        seen.iter().any(|(other, same, elsewhere)| {
            elsewhere != log
                && same.ty.comparable(value.ty)
                && same == value
                && (other == capture || same.ty == value.ty)
        })
    };
    let mut names: Vec<usize> = seen.iter().filter(|one| twice(one)).map(|(capture, ..)| capture.0).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|at| solver.rule.captures[at].name.clone()).collect()
}

/// What became of a cause, given the occurrence.
fn judge<'a>(solver: &Solver<'a>, cause: &'a Cause, occurrence: &Env<'a>) -> CauseResult {
    let mut start = occurrence.clone();
    // What the signature lacks is the finding's; a cause that asks for the same evidence finds the reason anew.
    start.missing.clear();
    start.unseen.clear();
    start.unlisted.clear();
    start.pending.clear();
    start.doubts = 0;
    let known = (start.hits.len(), start.counted.len());
    let (truth, env) = match &cause.when {
        Some(when) => attempt(solver, &conjuncts(when), &start),
        None => (Truth::Unknown, None),
    };
    let status = match truth {
        Truth::True => CauseStatus::Confirmed,
        Truth::False => CauseStatus::Excluded,
        Truth::Unknown => CauseStatus::Open,
    };
    let mut missing: Vec<Missing> = Vec::new();
    if status == CauseStatus::Open {
        missing.extend(env.as_ref().into_iter().flat_map(|env| env.missing.iter().copied()));
        if missing.is_empty() {
            missing.extend(occurrence.missing.iter().copied());
        }
    }
    missing.sort_by_key(|lack| (lack.log, lack.reason));
    let mut evidence = Vec::new();
    let mut captures = Vec::new();
    if let Some(env) = env.filter(|_| status == CauseStatus::Confirmed) {
        evidence = quotes(solver.rule, env.hits[known.0..].iter().chain(&env.counted[known.1..]).copied());
        order(solver, &mut evidence);
        captures = named(solver.rule, &env);
    }
    CauseResult {
        id: cause.id.clone(),
        status,
        missing,
        contradicts: Vec::new(),
        evidence,
        captures,
        remedies: cause.remedies.clone(),
    }
}

/// Confirmed causes that exclude each other say so, both ways.
fn contradictions(rule: &Rule, mut causes: Vec<CauseResult>) -> Vec<CauseResult> {
    let confirmed: Vec<usize> = (0..causes.len()).filter(|at| causes[*at].status == CauseStatus::Confirmed).collect();
    for one in &confirmed {
        for other in &confirmed {
            let (a, b) = (&rule.causes[*one], &rule.causes[*other]);
            if a.excludes.contains(&b.id) || b.excludes.contains(&a.id) {
                causes[*one].contradicts.push(b.id.clone());
            }
        }
    }
    causes
}

fn conjuncts(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::All(parts) => parts.iter().collect(),
        other => vec![other],
    }
}
