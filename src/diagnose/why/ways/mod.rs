//! How far a condition gets: every hit of its first part tried in turn, each part after it bound to the hit that fits
//! best, and where nothing fits, what kept the nearest one from fitting.
//!
//! This judges nothing: whether a condition holds is the evaluator's to say. It looks at the last [`LEAVES`] hits of a
//! piece of evidence and at the last [`ATTEMPTS`] beginnings of a combination.

mod count;
mod order;

use std::cmp::Reverse;
use std::sync::Arc;

use crate::logs::Record;
use crate::rule::{Condition, EvidenceId, Filter, Scope, Window};

use super::super::solve::evidence_of;
use super::super::truth::Truth;
use super::super::{Quote, Status};
use super::world::{Bound, World, contradiction};

/// Hits of one piece of evidence that are looked at.
const LEAVES: usize = 5_000;

/// Beginnings of one combination that are tried.
const ATTEMPTS: usize = 200;

/// One way that a condition was tried.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// What is bound, with what was bound around it.
    pub(super) bound: Bound,
    /// From the first to the last record of it.
    pub(super) span: Option<(Arc<Record>, Arc<Record>)>,
    /// As far as hits show, it holds.
    pub(super) whole: bool,
    /// How much of it held.
    pub(super) score: usize,
    /// How much too far away the part was that failed, in nanoseconds.
    pub(super) excess: i64,
    /// What kept it from holding, of the condition itself.
    pub(super) failure: Option<Failure>,
}

/// What kept a way from holding.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// A part by itself.
    Part,
    /// A step comes too long after the one before.
    Late { step: usize, after: Arc<Record>, record: Arc<Record>, gap: i64, window: Window },
    /// A step comes only before the one before.
    Early { step: usize, after: Arc<Record>, record: Arc<Record> },
    /// A step that must not come comes.
    Forbidden { step: usize, after: Arc<Record>, record: Arc<Record> },
    /// The clocks of two logs cannot be compared.
    Clock { one: Arc<Record>, other: Arc<Record> },
    /// Two sides lie too far from one another.
    Far { left: Arc<Record>, right: Arc<Record>, gap: i64, window: Window },
    /// The whole takes too long.
    Long { first: Arc<Record>, last: Arc<Record>, length: i64, window: Window },
    /// Too few; with a window, how many of the closest lie in it.
    Few { have: usize, wanted: u64 },
    /// Enough, but not in the window: the first and the last of the closest.
    Spread { within: usize, wanted: u64, last: Arc<Record>, excess: i64, window: Window },
    /// All of `what` lie on the other side.
    Side { what: Arc<Record>, other: Arc<Record> },
    /// Not all in one section or attempt.
    Apart(Vec<(EvidenceId, Arc<Record>)>),
    /// None passes the filter.
    Filtered,
}

/// What the surroundings of a condition ask.
#[derive(Clone, Default)]
pub(super) struct Around<'c> {
    /// Filters that contradict no hit.
    filters: Vec<&'c Filter>,
    /// What lies in one section or attempt, as far as there is such a hit.
    scope: Option<(Scope, Vec<EvidenceId>)>,
    /// Evidence that earlier steps of the sequence name: another hit of it is meant.
    earlier: Vec<EvidenceId>,
}

impl Way {
    fn start(bound: &Bound) -> Way {
        Way { bound: bound.clone(), span: None, whole: true, score: 0, excess: 0, failure: None }
    }

    fn fail(&mut self, failure: Failure) {
        self.whole = false;
        self.failure.get_or_insert(failure);
    }

    fn first(&self) -> Option<&Arc<Record>> {
        self.span.as_ref().map(|(first, _)| first)
    }

    fn last(&self) -> Option<&Arc<Record>> {
        self.span.as_ref().map(|(_, last)| last)
    }

    /// How good it is: the last of the best is the one to tell of.
    fn rank(&self) -> (bool, usize, Reverse<i64>) {
        (self.whole, self.score, Reverse(self.excess))
    }
}

/// The last of the best ways.
pub(super) fn best(ways: Vec<Way>) -> Option<Way> {
    ways.into_iter().max_by_key(Way::rank)
}

fn tail<T>(items: &[T], most: usize) -> &[T] {
    &items[items.len().saturating_sub(most)..]
}

impl World<'_> {
    /// The ways that a condition was tried from `start` on.
    pub(super) fn ways(&self, condition: &Condition, start: &Bound) -> Vec<Way> {
        self.tried(condition, start, &Around::default())
    }

    fn tried(&self, condition: &Condition, start: &Bound, around: &Around<'_>) -> Vec<Way> {
        match condition {
            Condition::Evidence(id) => self.leaf(*id, start, around),
            Condition::All(parts) => self.every(parts, start, around),
            Condition::Any(parts) => parts.iter().flat_map(|part| self.tried(part, start, around)).collect(),
            Condition::Not(part) => vec![self.not(part, start, around)],
            Condition::Then { first, steps } => self.sequence(first, steps, start, around),
            Condition::Within { condition, window } => {
                let ways = self.tried(condition, start, around).into_iter();
                ways.map(|way| self.fitting(way, *window)).collect()
            }
            Condition::Near { left, right, window } => self.near(left, right, *window, start, around),
            Condition::AtLeast { count, condition, window } => {
                vec![self.at_least(*count, condition, *window, start, around)]
            }
            Condition::AtLeastOf { count, conditions, window } => {
                vec![self.at_least_of(*count, conditions, *window, start, around)]
            }
            Condition::LastBefore { what, before } => self.beside(what, before, true, start, around),
            Condition::FirstAfter { what, after } => self.beside(what, after, false, start, around),
            Condition::InOne { scope, condition } => self.in_one(*scope, condition, start, around),
            Condition::Where { condition, filter } => self.filtered(condition, filter, start, around),
            Condition::Finding { rule, .. } => self.finding(rule, start),
        }
    }

    /// A way for every hit that contradicts nothing so far.
    fn leaf(&self, id: EvidenceId, start: &Bound, around: &Around<'_>) -> Vec<Way> {
        let way = |at: usize, bound: Bound| {
            let record = self.record(id, at);
            Way { span: Some((Arc::clone(record), Arc::clone(record))), score: 2, ..Way::start(&bound) }
        };
        if let Some(at) = start.of(id).filter(|_| !around.earlier.contains(&id)) {
            return vec![way(at, start.clone())];
        }
        let captures = self.captures(start);
        let own = self.rule.evidence[id.0].filter.as_ref();
        let filters: Vec<&Filter> = own.into_iter().chain(around.filters.iter().copied()).collect();
        let fits = |at: &usize| {
            let hit = &self.hits(id)[*at];
            let mut with = captures.clone();
            !start.hits.contains(&(id, *at)) && contradiction(&captures, hit).is_none() && {
                self.add(&mut with, id, *at);
                filters.iter().all(|filter| self.filter_truth(filter, &with) != Truth::False)
            }
        };
        let all: Vec<usize> = (0..self.hits(id).len()).collect();
        let mut found: Vec<usize> = tail(&all, LEAVES).iter().copied().filter(fits).collect();
        if let Some((scope, ids)) = &around.scope {
            let bound: Vec<_> = start.hits.iter().filter(|(id, _)| ids.contains(id)).copied().collect();
            let shares = |at: usize| {
                bound.iter().all(|(other, known)| self.share(*scope, self.record(*other, *known), self.record(id, at)))
            };
            if found.iter().any(|at| shares(*at)) {
                found.retain(|at| shares(*at));
            }
        }
        found.into_iter().map(|at| way(at, start.and(id, at))).collect()
    }

    /// Parts of an `and`: what binds before what only asks.
    fn every(&self, parts: &[Condition], start: &Bound, around: &Around<'_>) -> Vec<Way> {
        let (positive, negative): (Vec<_>, Vec<_>) = parts.iter().partition(|part| !matches!(part, Condition::Not(_)));
        let mut order = positive.into_iter().chain(negative);
        let Some(head) = order.next() else { return Vec::new() };
        let rest: Vec<&Condition> = order.collect();
        let mut heads = self.tried(head, start, around);
        if heads.is_empty() {
            let mut nothing = Way::start(start);
            nothing.fail(Failure::Part);
            heads.push(nothing);
        }
        let follow = |head: &Way| {
            let mut way = Way { failure: (!head.whole).then_some(Failure::Part), ..head.clone() };
            for part in &rest {
                match best(self.tried(part, &way.bound, around)) {
                    Some(next) => way = self.joined(&way, &next),
                    None => way.fail(Failure::Part),
                }
            }
            way
        };
        tail(&heads, ATTEMPTS).iter().map(follow).collect()
    }

    /// A way that goes on with another part.
    fn joined(&self, way: &Way, next: &Way) -> Way {
        let mut joined = Way {
            bound: next.bound.clone(),
            span: self.over(way.span.as_ref(), next.span.as_ref()),
            score: way.score + next.score,
            excess: way.excess.max(next.excess),
            ..way.clone()
        };
        if !next.whole {
            joined.fail(Failure::Part);
        }
        joined
    }

    /// The span over two.
    fn over(
        &self,
        a: Option<&(Arc<Record>, Arc<Record>)>,
        b: Option<&(Arc<Record>, Arc<Record>)>,
    ) -> Option<(Arc<Record>, Arc<Record>)> {
        let (Some((a_first, a_last)), Some((b_first, b_last))) = (a, b) else {
            return a.or(b).cloned();
        };
        let first = if self.follows(a_first, b_first) == Some(false) { b_first } else { a_first };
        let last = if self.follows(a_last, b_last) == Some(false) { a_last } else { b_last };
        Some((Arc::clone(first), Arc::clone(last)))
    }

    fn not(&self, part: &Condition, start: &Bound, around: &Around<'_>) -> Way {
        let mut way = Way { score: 1, ..Way::start(start) };
        if self.tried(part, start, around).iter().any(|way| way.whole) {
            way.score = 0;
            way.fail(Failure::Part);
        }
        way
    }

    fn in_one(&self, scope: Scope, condition: &Condition, start: &Bound, around: &Around<'_>) -> Vec<Way> {
        let ids = evidence_of(condition);
        let inner = Around { scope: Some((scope, ids.clone())), ..around.clone() };
        let mut ways = self.tried(condition, start, &inner);
        for way in &mut ways {
            let own = way.bound.hits.iter().filter(|(id, _)| ids.contains(id));
            let records: Vec<_> = own.map(|(id, at)| (*id, Arc::clone(self.record(*id, *at)))).collect();
            way.failure = (!way.whole).then_some(Failure::Part);
            let together =
                records.iter().all(|(_, one)| records.iter().all(|(_, other)| self.share(scope, one, other)));
            if together {
                way.score += 1;
            } else {
                way.fail(Failure::Apart(records));
            }
        }
        ways
    }

    /// Whether two records lie in one section or one attempt.
    fn share(&self, scope: Scope, a: &Record, b: &Record) -> bool {
        match scope {
            Scope::Section => {
                self.scan.section_path(a.section).any(|id| self.scan.section_path(b.section).any(|other| other == id))
            }
            Scope::Attempt => a.attempt.is_some() && a.log == b.log && a.attempt == b.attempt,
        }
    }

    fn filtered(&self, condition: &Condition, filter: &Filter, start: &Bound, around: &Around<'_>) -> Vec<Way> {
        let mut inner = around.clone();
        inner.filters.push(filter);
        let mut ways = self.tried(condition, start, &inner);
        let passes = |way: &Way| self.filter_truth(filter, &self.captures(&way.bound)) != Truth::False;
        if ways.iter().any(|way| way.whole && passes(way)) {
            for way in &mut ways {
                way.score += 1;
                way.failure = (!way.whole).then_some(Failure::Part);
                if !passes(way) {
                    way.fail(Failure::Filtered);
                }
            }
            return ways;
        }
        let mut ways = self.tried(condition, start, around);
        for way in &mut ways {
            way.failure = None;
            way.fail(if way.whole { Failure::Filtered } else { Failure::Part });
        }
        ways
    }

    fn finding(&self, rule: &str, start: &Bound) -> Vec<Way> {
        let Some(finding) = self.findings.iter().find(|finding| finding.name == rule) else { return Vec::new() };
        let way = |evidence: &[Quote]| {
            let ends = evidence.first().zip(evidence.last());
            let span = ends.map(|(first, last)| (Arc::clone(&first.record), Arc::clone(&last.record)));
            Way { span, score: 2, ..Way::start(start) }
        };
        if finding.status == Status::Confirmed {
            return finding.past.iter().map(|past| way(&past.evidence)).collect();
        }
        let mut doubtful = way(&finding.evidence);
        doubtful.fail(Failure::Part);
        vec![doubtful]
    }
}
