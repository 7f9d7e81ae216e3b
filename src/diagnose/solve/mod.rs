//! The evaluator: is there a way to bind the evidence of a rule so that a condition holds?
//!
//! A condition is solved by continuation: every way it can hold is handed on, the first that makes the rest true ends
//! the search, and a log that cannot answer adds its reason to the attempt and goes on, so that a later "false" still
//! wins (Kleene's `and`). Steps are counted: past [`LIMIT`] the rule is undetermined, `too-many`.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::logs::{LogKindId, Record};
use crate::rule::{CaptureId, Condition, EvidenceId, Filter, Rule, RuleSet, Scope, Window};
use crate::scan::{Hit, Scan};

use super::env::Env;
use super::filter;
use super::timeline::{Bound, Order, Timeline};
use super::truth::Truth;
use super::{Finding, Missing, Reason, Status};

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

pub(super) struct Solver<'a> {
    pub(super) rule: &'a Rule,
    pub(super) index: usize,
    pub(super) rules: &'a RuleSet,
    pub(super) scan: &'a Scan,
    pub(super) timeline: &'a Timeline<'a>,
    pub(super) findings: &'a [Finding],
    pub(super) anchor: Cell<Option<Anchor>>,
    steps: Cell<u64>,
    joins: RefCell<HashMap<(EvidenceId, CaptureId), HashMap<String, Vec<usize>>>>,
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
            Truth::Unknown => self.doubting(&missing, env, |env| then(env, &Span::default())),
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
        let filters = env.pending.get(from..).unwrap_or_default();
        filters
            .iter()
            .map(|filter| filter::holds(filter, env, self.findings))
            .fold(if certain == Truth::True { Truth::True } else { Truth::Unknown }, Truth::and)
    }

    /// Goes on with reasons for doubt noted.
    fn doubting(&self, missing: &[Missing], env: &mut Env<'a>, then: impl FnOnce(&mut Env<'a>) -> Truth) -> Truth {
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
        let doubt = self.doubting(&unanswered, env, |env| then(env, &Span::default()));
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

    /// Hits of a piece of evidence worth trying, in order: those in the stretch of time, or those a join leaves.
    fn candidates(&self, id: EvidenceId, around: Around<'_>, env: &Env<'a>) -> Vec<usize> {
        match self.anchor.get() {
            Some(Anchor::Hit(anchor, at)) if anchor == id && !around.earlier.contains(&id) => return vec![at],
            Some(Anchor::Unseen(anchor)) if anchor == id => return Vec::new(),
            _ => {}
        }
        let hits = self.hits(id);
        if let Some(bound) = around.bound {
            let (from, to) = self.timeline.reach(bound, &self.rule.evidence[id.0].logs);
            let unstamped = hits.partition_point(|hit| hit.record.stamp.is_none());
            let begin = unstamped + hits[unstamped..].partition_point(|hit| hit.record.stamp < from);
            let end = begin + hits[begin..].partition_point(|hit| to.is_none() || hit.record.stamp <= to);
            return (0..unstamped).chain(begin..end).collect();
        }
        let joined = hits.first().and_then(|hit| {
            hit.captures.iter().find_map(|(capture, _)| Some((*capture, env.captures[capture.0].as_ref()?.key())))
        });
        match joined {
            Some((capture, key)) => self.joined(id, capture, &key),
            None => (0..hits.len()).collect(),
        }
    }

    /// Hits whose capture has the value `key`, or that do not bind it.
    fn joined(&self, id: EvidenceId, capture: CaptureId, key: &str) -> Vec<usize> {
        let mut joins = self.joins.borrow_mut();
        let index = joins.entry((id, capture)).or_insert_with(|| {
            let mut index: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, hit) in self.hits(id).iter().enumerate() {
                let value = hit.captures.iter().find(|(bound, _)| *bound == capture);
                index.entry(value.map_or_else(String::new, |(_, value)| value.key())).or_default().push(at);
            }
            index
        });
        let mut found = index.get(key).cloned().unwrap_or_default();
        if !key.is_empty() {
            found.extend(index.get("").into_iter().flatten());
            found.sort_unstable();
        }
        found
    }

    /// Why the logs of a piece of evidence cannot say that there is no hit.
    fn unanswered(&self, id: EvidenceId, bound: Option<Bound<'_>>, env: &Env<'a>) -> Vec<Missing> {
        let evidence = &self.rule.evidence[id.0];
        evidence
            .logs
            .iter()
            .filter_map(|log| self.timeline.gap(*log, bound).or_else(|| self.not_listed(id, *log, env)))
            .collect()
    }

    /// A snapshot that has no entry of the subject asked about cannot answer for it.
    fn not_listed(&self, id: EvidenceId, log: LogKindId, env: &Env<'a>) -> Option<Missing> {
        let about = self.rules.logs.get(log).snapshot.as_ref()?.about.as_deref()?;
        let evidence = &self.rule.evidence[id.0];
        let (_, subject) = evidence.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(about))?;
        let tied = subject.binds.iter().any(|(_, capture)| env.captures[capture.0].is_some());
        if !tied && evidence.filter.is_none() {
            return None;
        }
        let listed = self.scan.snapshots.iter().filter(|record| record.log == log).any(|record| {
            let Some(found) = record.field(about).and_then(|text| subject.pattern.find_whole(text)) else {
                return false;
            };
            let captures = subject.binds.iter().filter_map(|(part, capture)| {
                let captured = found.captures.iter().find(|captured| captured.part == *part)?;
                Some((*capture, captured.value.clone()))
            });
            let entry = Hit { record: Arc::clone(record), captures: captures.collect() };
            let mut trial = env.clone();
            trial.bind(id, &entry).is_some()
                && evidence
                    .filter
                    .as_ref()
                    .is_none_or(|filter| filter::holds(filter, &trial, self.findings) != Truth::False)
        });
        (!listed).then_some(Missing { log, reason: Reason::NotListed })
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
            Status::Undetermined => self.doubting(&finding.missing, env, |env| then(env, &span)),
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

mod windows;

/// What binds before what only asks.
fn positive_first<'c>(parts: impl Iterator<Item = &'c Condition>) -> Vec<&'c Condition> {
    let (positive, negative): (Vec<_>, Vec<_>) = parts.partition(|part| !matches!(part, Condition::Not(_)));
    positive.into_iter().chain(negative).collect()
}

/// All evidence a condition names.
pub(super) fn evidence_of(condition: &Condition) -> Vec<EvidenceId> {
    let mut ids = Vec::new();
    visit(condition, &mut |part| {
        if let Condition::Evidence(id) = part
            && !ids.contains(id)
        {
            ids.push(*id);
        }
    });
    ids
}

/// Calls `see` for a condition and everything inside it.
pub(super) fn visit<'c>(condition: &'c Condition, see: &mut impl FnMut(&'c Condition)) {
    see(condition);
    match condition {
        Condition::Evidence(_) | Condition::Finding { .. } => {}
        Condition::All(parts) | Condition::Any(parts) | Condition::AtLeastOf { conditions: parts, .. } => {
            parts.iter().for_each(|part| visit(part, see));
        }
        Condition::Not(part)
        | Condition::Within { condition: part, .. }
        | Condition::AtLeast { condition: part, .. }
        | Condition::InOne { condition: part, .. }
        | Condition::Where { condition: part, .. } => visit(part, see),
        Condition::Then { first, steps } => {
            visit(first, see);
            steps.iter().for_each(|step| visit(&step.condition, see));
        }
        Condition::Near { left, right, .. } => {
            visit(left, see);
            visit(right, see);
        }
        Condition::LastBefore { what, before: other } | Condition::FirstAfter { what, after: other } => {
            visit(what, see);
            visit(other, see);
        }
    }
}
