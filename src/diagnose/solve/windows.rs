//! Windows around a part, nearness, and some of several: what lies together in time.

use std::ops::Range;
use std::sync::Arc;

use crate::logs::Record;
use crate::rule::{Condition, EvidenceId, Window};

use super::walk::{self, exact, simple};
use super::{Anchor, Around, Held, Leaf, Solver, Span, Then, Timed, Whole, address, evidence_of};
use crate::diagnose::env::{Env, Reached};
use crate::diagnose::timeline::{Bound, Point, all_of};
use crate::diagnose::truth::Truth;
use crate::diagnose::{Missing, Reason, past_quotes};

impl<'a> Solver<'a> {
    /// Goes on if the logs of all evidence that is due (places in [`Env::owed`]) do not cover its stretch.
    pub(super) fn paid(&self, due: &[(usize, Point<'_>, Point<'_>)], env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        if due.is_empty() {
            return then(env, &Span::default());
        }
        let kept = env.owed.clone();
        let mut missing = Vec::new();
        for (debt, from, to) in due {
            let (id, paid) = &mut env.owed[*debt];
            let lacks = self.open(*id, *from, *to);
            if lacks.is_empty() {
                env.owed = kept;
                return Truth::False;
            }
            *paid = true;
            missing.extend(lacks);
        }
        let truth = Self::doubting(&missing, env, |env| then(env, &Span::default()));
        env.owed = kept;
        truth
    }

    /// The logs of a piece of evidence that do not cover a stretch. The mere beginning of a log raises no finding: what the
    /// finding is about is missed by other logs only.
    pub(super) fn open(&self, id: EvidenceId, from: Point<'_>, to: Point<'_>) -> Vec<Missing> {
        let anchor = self.anchor.get() == Some(Anchor::Unseen(Leaf::Evidence(id)));
        let own = |log| anchor && (from.0.log == log || to.0.log == log);
        let asked = self.rule.evidence[id.0].logs.iter().filter(|log| !own(**log));
        asked.filter_map(|log| self.timeline.uncovered(*log, from, to)).collect()
    }

    pub(super) fn within(
        &self,
        condition: &'a Condition,
        window: Window,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let nothing = Span::default();
        let next = self.follow(&[address(condition)], around);
        let whole = Some(Whole { window, span: &nothing, owed: env.owed.len() });
        let inner = Around { whole, windowed: true, timed: Timed::Both, next, ..around };
        let own = evidence_of(condition);
        let begun = env.reached();
        self.solve(condition, inner, env, &mut |env, span| self.reached((&own, begun), span, window, env, then))
    }

    /// Goes on with what was bound within a window since `begun`, if every record lies in it, told from both ends, and
    /// what is owed in it is not covered around it.
    fn reached(
        &self,
        (own, begun): (&[EvidenceId], Reached),
        span: &Span<'a>,
        Window(window): Window,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let (Some(first), Some(last)) = (span.first, span.last) else { return then(env, span) };
        // What is not certain has no place in time.
        let past = env.past[begun.past..].iter().filter(|(_, which)| which.is_some());
        let past = past.flat_map(|past| past_quotes(self.findings, *past));
        let inside = env.since(begun).chain(past.map(|quote| &quote.record)).chain([first, last]);
        let inside: Vec<&Arc<Record>> = inside.collect();
        let lie = |record: &&Arc<Record>| {
            let distances = [self.timeline.distance(first, record), self.timeline.distance(record, last)];
            all_of(distances.into_iter().map(|distance| distance.map(|distance| distance <= window)))
        };
        let lies = all_of(inside.iter().map(lie));
        let extents = if lies.is_some() { vec![*span] } else { self.by_clock(&inside) };
        let mut due = Vec::new();
        for debt in env.debts(own, begun.owed..usize::MAX) {
            let ends = extents.iter().filter_map(|extent| extent.first.zip(extent.last));
            due.extend(ends.map(|(first, last)| (debt, (&**last, -window), (&**first, window))));
        }
        match lies {
            Some(true) => self.paid(&due, env, &mut |env, _| then(env, span)),
            Some(false) => Truth::False,
            None => Self::clockless(span, env, |env| self.paid(&due, env, &mut |env, _| then(env, span))),
        }
    }

    /// The extents of those records whose clocks can be compared.
    fn by_clock<'s>(&self, records: &[&'s Arc<Record>]) -> Vec<Span<'s>> {
        let mut extents: Vec<Span<'s>> = Vec::new();
        for record in records {
            let known = |extent: &&mut Span<'_>| {
                extent.first.as_ref().is_some_and(|first| self.timeline.distance(first, record).is_some())
            };
            match extents.iter_mut().find(known) {
                Some(extent) => *extent = self.join(extent, &Span::of(record)),
                None => extents.push(Span::of(record)),
            }
        }
        extents
    }

    /// The stretch that a window leaves for more, given what is bound in it.
    pub(super) fn reach<'s>(&self, Whole { window: Window(window), span, .. }: Whole<'s>) -> Option<Bound<'s>> {
        let (first, last) = (span.first?, span.last?);
        self.timeline.distance(first, last)?;
        Some(Bound::between((last, -window), (first, window)))
    }

    /// Whether what is bound can still come to fit into the window around, also what is owed in it. More hits only
    /// narrow the stretch, so a log that covers it now will cover it then.
    pub(super) fn settles(&self, whole: Option<Whole<'_>>, span: &Span<'_>, env: &Env<'a>) -> bool {
        let Some(whole) = whole else { return true };
        let joined = self.join(whole.span, span);
        if self.fits(&joined, whole.window) == Some(false) {
            return false;
        }
        let (Some(first), Some(last)) = (&joined.first, &joined.last) else { return true };
        let (from, to): (Point<'_>, Point<'_>) = ((last, -whole.window.0), (first, whole.window.0));
        env.owed.iter().skip(whole.owed).all(|(id, _)| {
            let mut logs = self.rule.evidence[id.0].logs.iter();
            logs.any(|log| self.timeline.uncovered(*log, from, to).is_some())
        })
    }

    /// Goes on with one more part of several, if it can lie in the window around together with those before.
    pub(super) fn together(
        &self,
        around: Around<'_>,
        (so_far, span): (&Span<'a>, &Span<'a>),
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let joined = self.join(so_far, span);
        if !self.settles(around.whole, &joined, env) {
            return Truth::False;
        }
        let ends = span.first.iter().chain(&span.last);
        let mut apart =
            so_far.first.iter().flat_map(|first| ends.clone().map(|end| self.timeline.distance(first, end)));
        if around.whole.is_some() && apart.any(|apart| apart.is_none()) {
            return Self::clockless(span, env, |env| then(env, &joined));
        }
        then(env, &joined)
    }

    /// Whether a span fits into a window; nothing bound fits into any.
    pub(super) fn fits(&self, span: &Span<'_>, Window(window): Window) -> Option<bool> {
        let (Some(first), Some(last)) = (&span.first, &span.last) else {
            return Some(true);
        };
        self.timeline.distance(first, last).map(|distance| distance <= window)
    }

    pub(super) fn clockless(span: &Span<'_>, env: &mut Env<'a>, then: impl FnOnce(&mut Env<'a>) -> Truth) -> Truth {
        let missing: Vec<Missing> =
            span.last.iter().map(|record| Missing::new(record.log, Reason::ClockUnknown)).collect();
        Self::doubting(&missing, env, then)
    }

    pub(super) fn near(
        &self,
        left: &'a Condition,
        right: &'a Condition,
        window: Window,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        // The side that is given says where to look for the other, and whether the other's log holds that time.
        let given = walk::free(left) && self.given(right, env) && !self.given(left, env);
        let (first, second) = if given { (right, left) } else { (left, right) };
        let (next, floor) = self.follow_held(&[address(first)], around);
        let free = Around { windowed: true, timed: Timed::Both, next, floor, ..around };
        let owed = env.owed.len();
        self.solve(first, free, env, &mut |env, one| {
            let between = env.owed.len();
            // Of several hits only the nearest has to lie close.
            let beside = if simple(second) { Self::beside(one, window) } else { None };
            let beside = beside.map(|bound| Held { bound, outer: around.held });
            let apart = if around.timed > Timed::Nothing || !simple(second) || !exact(second, &self.repeated) {
                one.parts()
            } else {
                [0, 0]
            };
            let next = self.follow(&[address(second), apart[0], apart[1]], around);
            let held = beside.as_ref().or(around.held);
            let other = Around { held, windowed: true, timed: Timed::Both, next, ..around };
            self.solve(second, other, env, &mut |env, two| {
                let both = if given { self.join(two, one) } else { self.join(one, two) };
                match self.apart(one, two, window) {
                    Some(false) => Truth::False,
                    Some(true) => {
                        let sides = [(first, two, owed..between), (second, one, between..usize::MAX)];
                        let mut on = |env: &mut Env<'a>| self.met(&sides, window, env, &mut |env, _| then(env, &both));
                        if one.torn || two.torn { Self::clockless(&both, env, on) } else { on(env) }
                    }
                    None => Self::clockless(&both, env, |env| then(env, &both)),
                }
            })
        })
    }

    /// The stretch around an extent.
    fn beside<'s>(span: &Span<'s>, Window(window): Window) -> Option<Bound<'s>> {
        Some(Bound::between((span.first?, -window), (span.last?, window)))
    }

    /// Goes on with two that are near, if what one of them owes is not covered around the other.
    fn met(
        &self,
        sides: &[(&'a Condition, &Span<'_>, Range<usize>)],
        Window(window): Window,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let mut due: Vec<(usize, Point<'_>, Point<'_>)> = Vec::new();
        for (condition, other, owed) in sides.iter().filter(|(condition, ..)| simple(condition)) {
            let (Some(from), Some(to)) = (&other.first, &other.last) else { continue };
            let debts = env.debts(&evidence_of(condition), owed.clone());
            due.extend(debts.into_iter().map(|debt| (debt, (&***from, -window), (&***to, window))));
        }
        self.paid(&due, env, then)
    }

    /// Whether all evidence of a condition is bound, or is the anchor that the attempt is about.
    fn given(&self, condition: &Condition, env: &Env<'a>) -> bool {
        let anchor = |id| matches!(self.anchor.get(), Some(Anchor::Hit(Leaf::Evidence(anchor), _)) if anchor == id);
        let mut given = true;
        condition.visit(&mut |part| {
            given &= match part {
                Condition::Evidence(id) => env.record(*id).is_some() || env.unseen.contains(id) || anchor(*id),
                Condition::Finding { .. } => false,
                _ => true,
            };
        });
        given
    }

    /// Whether two spans lie within `window` of each other, whichever comes first.
    fn apart(&self, one: &Span<'_>, two: &Span<'_>, Window(window): Window) -> Option<bool> {
        let (Some(from), Some(to)) = (&one.last, &two.first) else {
            return Some(true);
        };
        let distance = self.timeline.distance(from, to)?;
        if distance >= 0 {
            return Some(distance <= window);
        }
        let (Some(from), Some(to)) = (&two.last, &one.first) else {
            return Some(true);
        };
        self.timeline.distance(from, to).map(|distance| distance <= window)
    }

    pub(super) fn at_least_of(
        &self,
        count: u64,
        conditions: &'a [Condition],
        window: Option<Window>,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let Some(window) = window else {
            return self.choose(count, conditions, around, env, &Span::default(), then);
        };
        let nothing = Span::default();
        let whole = Some(Whole { window, span: &nothing, owed: env.owed.len() });
        let inner = Around { whole, windowed: true, timed: Timed::Both, ..around };
        let own: Vec<EvidenceId> = conditions.iter().flat_map(evidence_of).collect();
        let begun = env.reached();
        self.choose(count, conditions, inner, env, &nothing, &mut |env, span| {
            self.reached((&own, begun), span, window, env, then)
        })
    }

    /// `count` of `conditions`, each taken or passed over.
    fn choose(
        &self,
        count: u64,
        conditions: &'a [Condition],
        around: Around<'_>,
        env: &mut Env<'a>,
        so_far: &Span<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        if count == 0 {
            return then(env, so_far);
        }
        let Some((part, rest)) = conditions.split_first() else {
            return Truth::False;
        };
        let [first, last] = Self::asked(around, so_far);
        let (next, floor) = self.follow_held(&[address(part), count, first, last], around);
        let chosen = around.whole.map(|whole| self.join(whole.span, so_far));
        let whole = around.whole.zip(chosen.as_ref()).map(|(whole, span)| Whole { span, ..whole });
        let reach = whole.and_then(|whole| self.reach(whole)).map(|bound| Held { bound, outer: around.held });
        let held = reach.as_ref().or(around.held);
        let taken = self.solve(part, Around { held, whole, next, floor, ..around }, env, &mut |env, span| {
            self.together(around, (so_far, span), env, &mut |env, joined| {
                self.choose(count - 1, rest, around, env, joined, then)
            })
        });
        if taken == Truth::True || u64::try_from(rest.len()).is_ok_and(|left| left < count) {
            return taken;
        }
        taken.or(self.choose(count, rest, around, env, so_far, then))
    }
}

/// Numbers that tell a bound from others.
pub(super) fn bound_parts(bound: Bound<'_>) -> [u64; 6] {
    let record = |record: &Record| std::ptr::from_ref(record) as usize as u64;
    let end = |end: Option<i64>| end.map_or(u64::MAX, i64::cast_unsigned);
    let (other, to) = bound.until.map_or((0, None), |(other, to)| (record(other), Some(to)));
    [record(bound.anchor), bound.side as u64, end(bound.from), end(bound.to), other, end(to)]
}
