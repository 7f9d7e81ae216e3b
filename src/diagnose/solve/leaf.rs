//! A leaf: which hits of a piece of evidence are worth trying, and why its logs may hold one that is not seen.

use std::rc::Rc;
use std::sync::Arc;

use smallvec::smallvec;

use crate::logs::{LogKindId, Record};
use crate::rule::{BoundPattern, CaptureId, EvidenceId, Operand};
use crate::scan::{Hit, Subjects};
use crate::value::Value;

use super::memo::{Parts, State};
use super::scope::Scoped;
use super::{Anchor, Around, Held, Leaf, Solver, Span, Then, operands};
use crate::diagnose::env::{Env, PastId};
use crate::diagnose::filter;
use crate::diagnose::timeline::all_of;
use crate::diagnose::truth::Truth;
use crate::diagnose::{Missing, Reason};

/// Hits of one piece of evidence that share what is asked, by their positions.
#[derive(Clone)]
pub(super) enum List {
    All(usize),
    Some(Rc<[usize]>),
}

impl List {
    fn len(&self) -> usize {
        match self {
            List::All(len) => *len,
            List::Some(hits) => hits.len(),
        }
    }

    /// The position of the hit at a place of the list.
    fn hit(&self, at: usize) -> usize {
        match self {
            List::All(_) => at,
            List::Some(hits) => hits.get(at).copied().unwrap_or(usize::MAX),
        }
    }

    /// The first place from `from` on at which `holds` does not: it is looked for from `near` on, farther away step by step, as
    /// one question mostly follows another that is like it.
    pub(super) fn partition(&self, from: usize, near: usize, holds: impl Fn(usize) -> bool) -> usize {
        let (mut low, mut high) = (from, self.len());
        let (mut at, mut step) = (near.clamp(low, high), 1);
        if at < high && holds(self.hit(at)) {
            while at < high && holds(self.hit(at)) {
                low = at + 1;
                at = at.saturating_add(step);
                step *= 2;
            }
            high = high.min(at);
        } else {
            high = at;
            while high > low {
                at = high.saturating_sub(step).max(low);
                step *= 2;
                if holds(self.hit(at)) {
                    low = at + 1;
                    break;
                }
                high = at;
            }
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(self.hit(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

impl<'a> Solver<'a> {
    pub(super) fn evidence(&self, id: EvidenceId, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        if !around.earlier.contains(&id) {
            if let Some(record) = env.record(id) {
                return self.again(record, around, env, then);
            }
            if env.unseen.contains(&id) {
                return then(env, &Span::default());
            }
        }
        if let Some(Anchor::Hit(anchor, at)) = self.anchor.get()
            && anchor == Leaf::Evidence(id)
            && !around.earlier.contains(&id)
        {
            self.memo.step();
            return self.attempt(id, at, around, env, then).0;
        }
        let mut truth = Truth::False;
        let anchored = self.anchor.get() == Some(Anchor::Unseen(Leaf::Evidence(id)));
        if !anchored || around.earlier.contains(&id) {
            let list = self.list(id, around.scope, env);
            let (plain, from, to) = self.range(id, &list, around.held);
            let state = self.state(id.0 as u64, around, env);
            for (from, to) in [(0, plain), (from.max(plain), to)] {
                truth = truth.or(self
                    .memo
                    .walk((state, around.floor), from, to, |at| self.attempt(id, list.hit(at), around, env, then)));
                if truth == Truth::True || self.memo.exhausted() {
                    return truth;
                }
            }
        }
        truth.or(self.unseen(id, around, env, then))
    }

    /// The hit that the attempt is about where it is all that is asked for, of evidence without a filter, and nothing is in
    /// doubt: it need not be searched for. `None` where there is more to it.
    pub(in crate::diagnose) fn plain(&self, id: EvidenceId, env: &mut Env<'a>) -> Option<Truth> {
        let Some(Anchor::Hit(Leaf::Evidence(anchor), at)) = self.anchor.get() else { return None };
        let plain = anchor == id && self.rule.evidence[id.0].filter.is_none() && env.is_certain();
        if !plain || env.record(id).is_some() || env.unseen.contains(&id) {
            return None;
        }
        self.memo.step();
        let hit = self.hits(id).get(at)?;
        if env.bind(captures(hit)).is_none() {
            return Some(Truth::False);
        }
        env.hits.push((id, &hit.record));
        Some(Truth::True)
    }

    /// A hit that was chosen before: it has to lie where it is asked about as well.
    fn again(&self, record: &'a Arc<Record>, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        let span = Span::of(record);
        let admitted = self.admitted(around, (record, record));
        env.again.push(record);
        let truth = self.scoped(around.scope, record, env, |env| match admitted {
            Some(true) => then(env, &span),
            Some(false) => Truth::False,
            None => Self::clockless(&span, env, |env| then(env, &span)),
        });
        env.again.pop();
        truth
    }

    /// One hit of a piece of evidence: what comes of it, and whether that depends on the state alone.
    fn attempt(
        &self,
        id: EvidenceId,
        at: usize,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> (Truth, bool) {
        let hit = &self.hits(id)[at];
        let admitted = self.admitted(around, (&hit.record, &hit.record));
        if admitted == Some(false) {
            return (Truth::False, false);
        }
        let mark = env.mark();
        let Some(bound) = env.bind(captures(hit)) else {
            return (Truth::False, true);
        };
        env.hits.push((id, &hit.record));
        if admitted.is_none() {
            Missing::new(hit.record.log, Reason::ClockUnknown).add(&mut env.missing);
            env.doubts += 1;
        }
        if let Some(filter) = &self.rule.evidence[id.0].filter {
            env.pending.push(filter);
        }
        let truth = if self.contradicted(env) {
            Truth::False
        } else {
            self.scoped(around.scope, &hit.record, env, |env| then(env, &Span::of(&hit.record)))
        };
        env.reset(mark, &bound);
        (truth, admitted.is_some())
    }

    /// Whether an extent, told by its ends, lies in all stretches of time that a part is held to.
    pub(super) fn admitted(&self, around: Around<'_>, ends: (&Record, &Record)) -> Option<bool> {
        all_of(Held::all(around.held).map(|bound| self.timeline.admits_all(bound, ends)))
    }

    /// The way on without the leaf, where its logs cannot answer.
    fn unseen(&self, id: EvidenceId, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        let blind = self.blind(id, env);
        let truth = self.unanswered(id, &blind, around, env, then);
        if truth == Truth::True || !blind.is_empty() || !self.asks_later(id, env) {
            return truth;
        }
        let kept = (env.unseen.len(), env.unlisted.len());
        env.unseen.push(id);
        env.unlisted.push(id);
        let unlisted = Self::doubting(&[], env, |env| then(env, &Span::default()));
        env.unseen.truncate(kept.0);
        env.unlisted.truncate(kept.1);
        truth.or(unlisted)
    }

    /// The way on where its logs cannot answer by what is known now.
    fn unanswered(
        &self,
        id: EvidenceId,
        blind: &[Missing],
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let uncovered = if blind.is_empty() { self.uncovered(id, around.held) } else { Some(blind.to_vec()) };
        // What lies in no window yet may still turn out to lie where its log does not reach: in a window around it, or
        // around the same name elsewhere.
        let windowed = around.windowed || self.repeated.contains(&id);
        let Some(reasons) = uncovered.or_else(|| (windowed && !Self::windowed(around.held)).then(Vec::new)) else {
            return Truth::False;
        };
        let kept = (env.unseen.len(), env.owed.len());
        env.unseen.push(id);
        if blind.is_empty() {
            env.owed.push((id, !reasons.is_empty()));
        }
        let truth = if reasons.is_empty() {
            then(env, &Span::default())
        } else {
            Self::doubting(&reasons, env, |env| then(env, &Span::default()))
        };
        env.unseen.truncate(kept.0);
        env.owed.truncate(kept.1);
        truth
    }

    /// Whether a stretch with two ends is among those that a part is held to.
    pub(super) fn windowed(held: Option<&Held<'_>>) -> bool {
        Held::all(held).any(|bound| bound.closed().is_some())
    }

    /// The logs of a piece of evidence that do not cover the windows it is held to; `None` where there is no window, or
    /// all logs cover one.
    pub(super) fn uncovered(&self, id: EvidenceId, held: Option<&Held<'_>>) -> Option<Vec<Missing>> {
        let mut missing = Vec::new();
        for (from, to) in Held::all(held).filter_map(|bound| bound.closed()) {
            let lacks = self.open(id, from, to);
            if lacks.is_empty() {
                return None;
            }
            missing.extend(lacks);
        }
        (!missing.is_empty()).then_some(missing)
    }

    /// Everything that what comes of a choice depends on, beside the choice.
    pub(super) fn state(&self, what: u64, around: Around<'_>, env: &Env<'a>) -> State {
        let address = |record: &Arc<Record>| Arc::as_ptr(record) as usize as u64;
        let mut parts: Parts = smallvec![u64::from(around.next), what, u64::from(env.doubts > 0)];
        parts.extend(self.bindings.iter().map(|capture| self.key(env, *capture)));
        parts.extend(self.repeated.iter().map(|id| env.record(*id).map_or(0, address)));
        parts.extend(env.scopes.iter().map(|scope| scope.map_or(0, |scope| scope + 1)));
        let lists: [&mut dyn Iterator<Item = u64>; 5] = [
            &mut env.unseen.iter().map(|id| id.0 as u64),
            &mut env.unlisted.iter().map(|id| id.0 as u64),
            &mut env.owed.iter().flat_map(|(id, paid)| [id.0 as u64, u64::from(*paid)]),
            &mut env.pending.iter().map(|filter| std::ptr::from_ref(*filter) as usize as u64),
            &mut env.aliases.iter().flat_map(|(_, past)| past_parts(*past)),
        ];
        for list in lists {
            parts.push(u64::MAX);
            parts.extend(list);
        }
        match self.anchor.get() {
            Some(Anchor::Hit(Leaf::Evidence(anchor), at)) if env.record(anchor).is_none() => {
                parts.extend([u64::MAX, anchor.0 as u64, at as u64]);
            }
            Some(Anchor::Hit(Leaf::Finding(anchor), at)) => parts.extend([u64::MAX, anchor, at as u64]),
            _ => {}
        }
        self.memo.state(parts)
    }

    /// A number for the value bound to a capture, 0 where there is none.
    pub(super) fn key(&self, env: &Env<'_>, capture: CaptureId) -> u64 {
        let Some(value) = env.captures[capture.0] else { return 0 };
        let mut keys = self.keys.borrow_mut();
        let next = keys.len() as u64 + 1;
        *keys.entry(value.key()).or_insert(next)
    }

    /// Every hit that an occurrence may belong to, given `start`, and then none.
    pub(in crate::diagnose) fn anchors(&self, leaf: Leaf, start: &Env<'a>) -> impl Iterator<Item = Anchor> + use<'a> {
        let list = match leaf {
            Leaf::Evidence(id) => self.list(id, None, start),
            Leaf::Finding(at) => List::All(self.happenings(at).len()),
        };
        (0..list.len()).map(move |at| Anchor::Hit(leaf, list.hit(at))).chain([Anchor::Unseen(leaf)])
    }

    /// Hits worth trying: those of the scope that is settled on, or those that a join leaves.
    fn list(&self, id: EvidenceId, scope: Option<&Scoped<'_>>, env: &Env<'a>) -> List {
        let hits = self.hits(id);
        let bound: Vec<_> = self.bindings.iter().copied().filter(|capture| env.captures[capture.0].is_some()).collect();
        let joined =
            self.joins(id, &bound, scope.and_then(|scoped| Some((scoped.scope, env.scopes[scoped.slot]?))), env);
        joined.unwrap_or(List::All(hits.len()))
    }

    /// Places of the list that can be admitted: those without a stamp, and from and to of the others.
    fn range(&self, id: EvidenceId, list: &List, held: Option<&Held<'_>>) -> (usize, usize, usize) {
        let hits = self.hits(id);
        if self.rule.evidence[id.0].logs.len() != 1 || held.is_none() {
            return (0, 0, list.len());
        }
        let plain = list.partition(0, 0, |at| hits[at].record.stamp.is_none());
        let (mut from, mut to) = (plain, list.len());
        let near = &self.near[id.0];
        for bound in Held::all(held).filter(|bound| bound.anchor.stamp.is_some()) {
            from = list.partition(from, near.get(), |at| self.timeline.below(bound, &hits[at].record));
            to = to.min(list.partition(from, from, |at| !self.timeline.above(bound, &hits[at].record)));
        }
        near.set(from);
        (plain, from, to)
    }

    /// Why the logs of a piece of evidence cannot say that there is no hit, whatever the time.
    pub(super) fn blind(&self, id: EvidenceId, env: &Env<'a>) -> Vec<Missing> {
        let evidence = &self.rule.evidence[id.0];
        evidence
            .logs
            .iter()
            .filter_map(|log| self.timeline.gap(*log).or_else(|| self.not_listed(id, *log, env)))
            .collect()
    }

    /// The pattern of the subject that a piece of evidence asks a snapshot about.
    fn subject(&self, id: EvidenceId, log: LogKindId) -> Option<&'a BoundPattern> {
        let about = self.rules.logs.get(log).about()?;
        let fields = &self.rule.evidence[id.0].fields;
        fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(about)).map(|(_, subject)| subject)
    }

    /// Whether what a piece of evidence asks a snapshot about is told by names that others have yet to choose.
    fn asks_later(&self, id: EvidenceId, env: &Env<'a>) -> bool {
        let evidence = &self.rule.evidence[id.0];
        let open = |capture: &CaptureId| env.captures[capture.0].is_none() && self.bindings.contains(capture);
        let waits = |operand: &Operand| match operand {
            Operand::Capture { capture, .. } => open(capture),
            Operand::Finding { alias, .. } => !env.aliases.iter().any(|(known, _)| known == alias),
            Operand::Literal(_) => false,
        };
        let mut subjects = evidence.logs.iter().filter_map(|log| self.subject(id, *log)).peekable();
        subjects.peek().is_some()
            && (subjects.any(|subject| subject.binds.iter().any(|(_, capture)| open(capture)))
                || evidence.filter.iter().flat_map(operands).any(waits))
    }

    /// Why an attempt is not certain, with the snapshots that turned out not to list what was asked about; `None` if one
    /// of these does list it.
    pub(in crate::diagnose) fn lacks(&self, env: &Env<'a>) -> Option<Vec<Missing>> {
        let mut missing = env.missing.clone();
        for id in &env.unlisted {
            let mut logs = self.rule.evidence[id.0].logs.iter();
            logs.find_map(|log| self.not_listed(*id, *log, env))?.add(&mut missing);
        }
        Some(missing)
    }

    /// A snapshot that has no entry of the subject asked about cannot answer for it.
    fn not_listed(&self, id: EvidenceId, log: LogKindId, env: &Env<'a>) -> Option<Missing> {
        let subject = self.subject(id, log)?;
        let evidence = &self.rule.evidence[id.0];
        let listed = self.scan.subjects.get(&log).into_iter().flat_map(Subjects::all).any(|listed| {
            let Some(found) = subject.pattern.find_whole(listed) else { return false };
            let captures = subject.binds.iter().filter_map(|(part, capture)| {
                let captured = found.captures.iter().find(|captured| captured.part == *part)?;
                Some((*capture, &captured.value))
            });
            let captures: Vec<_> = captures.collect();
            let mut trial = env.clone();
            trial.bind(captures).is_some()
                && evidence
                    .filter
                    .as_ref()
                    .is_none_or(|filter| filter::holds(filter, &trial, self.findings) != Truth::False)
        });
        (!listed).then_some(Missing::new(log, Reason::NotListed))
    }
}

/// What a hit captured.
pub(in crate::diagnose) fn captures(hit: &Hit) -> impl Iterator<Item = (CaptureId, &Value)> + Clone {
    hit.captures.iter().map(|(capture, value)| (*capture, value))
}

/// Numbers that tell an occurrence of a finding from others.
pub(super) fn past_parts((finding, which): PastId) -> [u64; 2] {
    [finding as u64, which.map_or(0, |at| at as u64 + 1)]
}

#[cfg(test)]
mod tests {
    use super::List;

    #[test]
    fn a_place_is_found_wherever_it_is_looked_for_first() {
        for (length, end) in (0..20).flat_map(|length| (0..=length).map(move |end| (length, end))) {
            for from in 0..=length {
                for near in 0..=length + 1 {
                    let found = List::All(length).partition(from, near, |at| at < end);
                    assert_eq!(found, end.max(from), "{length} {end} {from} {near}");
                }
            }
        }
    }
}
