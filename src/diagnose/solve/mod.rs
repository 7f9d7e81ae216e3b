//! The evaluator: is there a way to bind the evidence of a rule so that a condition holds?
//!
//! A condition is solved by continuation: every way it can hold is handed on, the first that makes the rest true ends
//! the search, and a log that cannot answer adds its reason to the attempt and goes on, so that a later "false" still
//! wins (Kleene's `and`). Steps are counted: past [`LIMIT`] the rule is undetermined, `too-many`.

mod candidates;
mod walk;
mod windows;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::logs::Record;
use crate::rule::{CaptureId, Condition, EvidenceId, Filter, Rule, RuleSet, Scope, Window};
use crate::scan::{Hit, Scan};

use super::env::Env;
use super::filter;
use super::timeline::{Bound, Order, Timeline};
use super::truth::Truth;
use super::{Finding, Missing, Reason, Status};
use walk::positive_first;
pub(super) use walk::{evidence_of, visit};

/// Steps of one rule at the most.
const LIMIT: u64 = 1_000_000;

/// What goes on after a condition was found to hold in one way.
pub(super) type Then<'k, 'a> = &'k mut dyn FnMut(&mut Env<'a>, &Span) -> Truth;

/// Which hit of the anchor an attempt is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Hit(EvidenceId, usize),
    /// None: the anchor's log may hold one that is not seen.
    Unseen(EvidenceId),
}

/// From the first to the last record of what was bound; empty where nothing was.
#[derive(Clone, Debug, Default)]
pub(super) struct Span {
    pub(super) first: Option<Arc<Record>>,
    pub(super) last: Option<Arc<Record>>,
}

impl Span {
    fn of(record: &Arc<Record>) -> Self {
        Self { first: Some(Arc::clone(record)), last: Some(Arc::clone(record)) }
    }
}

/// What the surroundings of a condition ask of its records.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'c> {
    /// The stretch of time they lie in.
    bound: Option<Bound<'c>>,
    /// Evidence bound by earlier steps of the same sequence: a step that names it again means another hit.
    earlier: &'c [EvidenceId],
    /// `(…) within w` around a sequence.
    whole: Option<Window>,
}

/// Hits by the key of one capture.
type Joins = HashMap<String, Vec<usize>>;

pub(super) struct Solver<'a> {
    pub(super) rule: &'a Rule,
    pub(super) index: usize,
    pub(super) rules: &'a RuleSet,
    pub(super) scan: &'a Scan,
    pub(super) timeline: &'a Timeline<'a>,
    pub(super) findings: &'a [Finding],
    pub(super) anchor: Cell<Option<Anchor>>,
    steps: Cell<u64>,
    joins: RefCell<HashMap<(EvidenceId, CaptureId), Joins>>,
}

impl<'a> Solver<'a> {
    pub(super) fn new(
        index: usize,
        rules: &'a RuleSet,
        scan: &'a Scan,
        timeline: &'a Timeline<'a>,
        findings: &'a [Finding],
    ) -> Self {
        Self {
            rule: &rules.rules[index],
            index,
            rules,
            scan,
            timeline,
            findings,
            anchor: Cell::new(None),
            steps: Cell::new(0),
            joins: RefCell::default(),
        }
    }

    /// The same, for conditions that live shorter than the rule.
    pub(super) fn again(&self) -> Solver<'_> {
        Solver::new(self.index, self.rules, self.scan, self.timeline, self.findings)
    }

    /// Whether the search was given up.
    pub(super) fn exhausted(&self) -> bool {
        self.steps.get() > LIMIT
    }

    pub(super) fn hits(&self, id: EvidenceId) -> &'a [Hit] {
        self.scan.hits(self.index, id)
    }

    /// Solves the parts of an `and`: `last` is asked of every way they all hold.
    pub(super) fn every(&self, parts: &[&'a Condition], env: &mut Env<'a>, last: Then<'_, 'a>) -> Truth {
        self.all(&positive_first(parts.iter().copied()), Around::default(), env, &Span::default(), last)
    }

    fn solve(&self, condition: &'a Condition, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        match condition {
            Condition::Evidence(id) => self.evidence(*id, around, env, then),
            Condition::All(parts) => self.all(&positive_first(parts.iter()), around, env, &Span::default(), then),
            Condition::Any(parts) => self.any(parts, around, env, then),
            Condition::Not(part) => self.not(part, around, env, then),
            Condition::Then { first, steps } => self.sequence(first, steps, around, env, then),
            Condition::Within { condition, window } => self.within(condition, *window, around, env, then),
            Condition::Near { left, right, window } => self.near(left, right, *window, around, env, then),
            Condition::AtLeast { count, condition, window } => {
                self.at_least(*count, condition, *window, around, env, then)
            }
            Condition::AtLeastOf { count, conditions, window } => {
                self.at_least_of(*count, conditions, *window, around, env, then)
            }
            Condition::LastBefore { what, before } => self.nearest(what, before, true, around, env, then),
            Condition::FirstAfter { what, after } => self.nearest(what, after, false, around, env, then),
            Condition::InOne { scope, condition } => self.in_one(*scope, condition, around, env, then),
            Condition::Where { condition, filter } => self.filtered(condition, filter, around, env, then),
            Condition::Finding { rule, alias } => self.finding(rule, alias.as_deref(), env, then),
        }
    }

    fn all(
        &self,
        parts: &[&'a Condition],
        around: Around<'_>,
        env: &mut Env<'a>,
        so_far: &Span,
        then: Then<'_, 'a>,
    ) -> Truth {
        let Some((part, rest)) = parts.split_first() else {
            return then(env, so_far);
        };
        self.solve(part, around, env, &mut |env, span| {
            let joined = self.join(so_far, span);
            self.all(rest, around, env, &joined, then)
        })
    }

    fn any(&self, parts: &'a [Condition], around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        let mut truth = Truth::False;
        for part in parts {
            truth = truth.or(self.solve(part, around, env, then));
            if truth == Truth::True {
                break;
            }
        }
        truth
    }

    fn not(&self, part: &'a Condition, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        let (truth, missing) = self.exists(part, around, env);
        match truth {
            Truth::True => Truth::False,
            Truth::False => then(env, &Span::default()),
            Truth::Unknown => Self::doubting(&missing, env, |env| then(env, &Span::default())),
        }
    }

    /// Whether `part` holds in some way, given what is bound; nothing stays bound.
    fn exists(&self, part: &'a Condition, around: Around<'_>, env: &Env<'a>) -> (Truth, Vec<Missing>) {
        let mut own = env.clone();
        own.missing.clear();
        own.doubts = 0;
        let waiting = own.pending.len();
        let mut missing = Vec::new();
        let truth = self.solve(part, around, &mut own, &mut |env, _| match self.settled(env, waiting) {
            Truth::Unknown => {
                let new: Vec<Missing> = env.missing.iter().copied().filter(|lack| !missing.contains(lack)).collect();
                missing.extend(new);
                Truth::Unknown
            }
            truth => truth,
        });
        (truth, missing)
    }

    /// The truth of a finished attempt: its doubts and the filters that waited, from the one at `from` on.
    pub(super) fn settled(&self, env: &Env<'a>, from: usize) -> Truth {
        let certain = Truth::from(env.missing.is_empty() && env.doubts == 0);
        // A log that cannot answer may still hold what is not bound.
        let holds = if certain == Truth::True { filter::holds_at_last } else { filter::holds };
        let filters = env.pending.get(from..).unwrap_or_default();
        filters
            .iter()
            .map(|filter| holds(filter, env, self.findings))
            .fold(if certain == Truth::True { Truth::True } else { Truth::Unknown }, Truth::and)
    }

    /// Goes on with reasons for doubt noted.
    fn doubting(missing: &[Missing], env: &mut Env<'a>, then: impl FnOnce(&mut Env<'a>) -> Truth) -> Truth {
        let mark = env.mark();
        // A doubt counts even with no reason to name: a filter may wait for a capture.
        env.doubts += 1;
        for lack in missing {
            env.lacks(*lack);
        }
        let truth = then(env);
        env.reset(&mark, &[]);
        truth
    }

    fn evidence(&self, id: EvidenceId, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        if !around.earlier.contains(&id) {
            if let Some(record) = env.record(id) {
                return then(env, &Span::of(&record));
            }
            if env.unknown.contains(&id) {
                return then(env, &Span::default());
            }
        }
        let mut truth = Truth::False;
        for at in self.candidates(id, around, env) {
            truth = truth.or(self.attempt(id, at, around, env, then));
            if truth == Truth::True || self.exhausted() {
                return if truth == Truth::True { truth } else { Truth::Unknown };
            }
        }
        let unanswered = self.unanswered(id, around.bound, env);
        if unanswered.is_empty() || matches!(self.anchor.get(), Some(Anchor::Hit(anchor, _)) if anchor == id) {
            return truth;
        }
        env.unknown.push(id);
        let doubt = Self::doubting(&unanswered, env, |env| then(env, &Span::default()));
        env.unknown.pop();
        truth.or(doubt)
    }

    /// One hit of a piece of evidence.
    fn attempt(&self, id: EvidenceId, at: usize, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        self.steps.set(self.steps.get() + 1);
        let hit = &self.hits(id)[at];
        let admitted = around.bound.map_or(Some(true), |bound| self.timeline.admits(bound, &hit.record));
        if admitted == Some(false) {
            return Truth::False;
        }
        let mark = env.mark();
        let Some(bound) = env.bind(id, hit) else {
            return Truth::False;
        };
        if admitted.is_none() {
            env.lacks(Missing { log: hit.record.log, reason: Reason::ClockUnknown });
        }
        if let Some(filter) = &self.rule.evidence[id.0].filter {
            env.pending.push(filter);
        }
        let truth = if self.contradicted(env) { Truth::False } else { then(env, &Span::of(&hit.record)) };
        env.reset(&mark, &bound);
        truth
    }

    /// Whether a filter that waited can now be seen to fail.
    fn contradicted(&self, env: &Env<'a>) -> bool {
        env.pending.iter().any(|filter| filter::holds(filter, env, self.findings) == Truth::False)
    }

    fn filtered(
        &self,
        condition: &'a Condition,
        filter: &'a Filter,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        self.solve(condition, around, env, &mut |env, span| {
            let mark = env.mark();
            env.pending.push(filter);
            let truth = if self.contradicted(env) { Truth::False } else { then(env, span) };
            env.reset(&mark, &[]);
            truth
        })
    }

    fn finding(&self, rule: &str, alias: Option<&'a str>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        let Some(index) = self.findings.iter().position(|finding| finding.name == rule) else {
            return Truth::False;
        };
        let finding = &self.findings[index];
        let span = Span {
            first: finding.evidence.first().map(|quote| Arc::clone(&quote.record)),
            last: finding.evidence.last().map(|quote| Arc::clone(&quote.record)),
        };
        let mark = env.mark();
        if let Some(alias) = alias {
            env.aliases.push((alias, index));
        }
        let truth = match finding.status {
            _ if self.contradicted(env) => Truth::False,
            Status::Confirmed => then(env, &span),
            Status::Undetermined => Self::doubting(&finding.missing, env, |env| then(env, &span)),
        };
        env.reset(&mark, &[]);
        truth
    }

    fn in_one(
        &self,
        scope: Scope,
        condition: &'a Condition,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let ids = evidence_of(condition);
        self.solve(condition, around, env, &mut |env, span| {
            let records: Vec<&Record> =
                env.hits.iter().filter(|(id, _)| ids.contains(id)).map(|(_, record)| record.as_ref()).collect();
            if self.share(scope, &records) { then(env, span) } else { Truth::False }
        })
    }

    /// Whether all records lie in one section or one attempt.
    fn share(&self, scope: Scope, records: &[&Record]) -> bool {
        let Some((first, rest)) = records.split_first() else {
            return true;
        };
        match scope {
            Scope::Section => self
                .scan
                .section_path(first.section)
                .any(|id| rest.iter().all(|record| self.scan.section_path(record.section).any(|other| other == id))),
            Scope::Attempt => {
                first.attempt.is_some()
                    && rest.iter().all(|record| record.log == first.log && record.attempt == first.attempt)
            }
        }
    }

    /// The span over two.
    fn join(&self, a: &Span, b: &Span) -> Span {
        let pick = |a: &Option<Arc<Record>>, b: &Option<Arc<Record>>, wanted: Order| match (a, b) {
            (Some(a), Some(b)) if self.timeline.order(b, a) == wanted => Some(Arc::clone(b)),
            (Some(a), _) => Some(Arc::clone(a)),
            (None, b) => b.clone(),
        };
        Span { first: pick(&a.first, &b.first, Order::Before), last: pick(&a.last, &b.last, Order::After) }
    }
}
