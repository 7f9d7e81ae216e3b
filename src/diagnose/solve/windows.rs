//! Sequences, nearness, counting: the conditions that time decides.

use std::mem;

use crate::rule::{Condition, EvidenceId, Step, Window};

use super::{Anchor, Around, Solver, Span, Then, evidence_of};
use crate::diagnose::env::Env;
use crate::diagnose::timeline::{Bound, Order};
use crate::diagnose::truth::Truth;
use crate::diagnose::{Missing, Reason};

/// One way a condition holds.
struct Solution<'a> {
    span: Span,
    env: Env<'a>,
}

/// Where a sequence stands.
#[derive(Clone, Copy)]
struct Progress<'s> {
    /// From the first step on.
    whole: &'s Span,
    /// The hit before the next step.
    before: &'s Span,
    /// What the steps so far name.
    earlier: &'s [EvidenceId],
}

impl<'a> Solver<'a> {
    pub(super) fn sequence(
        &self,
        first: &'a Condition,
        steps: &'a [Step],
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let earlier: Vec<EvidenceId> = around.earlier.iter().copied().chain(evidence_of(first)).collect();
        let inner = Around { whole: None, ..around };
        self.solve(first, inner, env, &mut |env, span| {
            let progress = Progress { whole: span, before: span, earlier: &earlier };
            self.steps(steps, progress, around, env, then)
        })
    }

    fn steps(
        &self,
        steps: &'a [Step],
        progress: Progress<'_>,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let Some((step, rest)) = steps.split_first() else {
            return then(env, progress.whole);
        };
        let bound = self.after(step, progress, around);
        let inner = Around { bound, earlier: progress.earlier, whole: None };
        if step.negated {
            let (truth, missing) = self.exists(&step.condition, inner, env);
            return match truth {
                Truth::True => Truth::False,
                Truth::False => self.steps(rest, progress, around, env, then),
                Truth::Unknown => Self::doubting(&missing, env, |env| self.steps(rest, progress, around, env, then)),
            };
        }
        let earlier: Vec<EvidenceId> = progress.earlier.iter().copied().chain(evidence_of(&step.condition)).collect();
        self.solve(&step.condition, inner, env, &mut |env, span| {
            if self.follows(progress.before, span, step.within) == Some(false) {
                return Truth::False;
            }
            let whole = self.join(progress.whole, span);
            let before = if span.last.is_some() { span } else { progress.before };
            let next = Progress { whole: &whole, before, earlier: &earlier };
            self.steps(rest, next, around, env, then)
        })
    }

    /// The stretch of time a step may lie in: its own window, and what is left of the window around the sequence.
    fn after<'s>(&self, step: &Step, progress: Progress<'s>, around: Around<'s>) -> Option<Bound<'s>> {
        let anchor = progress.before.last.as_deref()?;
        let left = around.whole.and_then(|Window(whole)| {
            let used = self.timeline.distance(progress.whole.first.as_deref()?, anchor)?;
            Some(whole.saturating_sub(used).max(0))
        });
        let to = match (step.within.map(|Window(within)| within), left) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Some(Bound { anchor, from: Some(0), to })
    }

    /// Whether `span` comes after `before`, all of it within the step's window; `None` where the clocks cannot say.
    fn follows(&self, before: &Span, span: &Span, within: Option<Window>) -> Option<bool> {
        let (before, first, last) = (before.last.as_ref()?, span.first.as_ref()?, span.last.as_ref()?);
        let bound = |to| Bound { anchor: before, from: Some(0), to };
        let ordered = self.timeline.admits(bound(None), first)?;
        let near = match within {
            Some(Window(within)) => self.timeline.admits(bound(Some(within)), last)?,
            None => true,
        };
        Some(ordered && near)
    }

    pub(super) fn within(
        &self,
        condition: &'a Condition,
        window: Window,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let inner = Around { whole: Some(window), ..around };
        self.solve(condition, inner, env, &mut |env, span| match self.fits(span, window) {
            Some(true) => then(env, span),
            Some(false) => Truth::False,
            None => Self::clockless(span, env, |env| then(env, span)),
        })
    }

    /// Whether a span fits into a window; nothing bound fits into any.
    fn fits(&self, span: &Span, Window(window): Window) -> Option<bool> {
        let (Some(first), Some(last)) = (&span.first, &span.last) else {
            return Some(true);
        };
        self.timeline.distance(first, last).map(|distance| distance <= window)
    }

    fn clockless(span: &Span, env: &mut Env<'a>, then: impl FnOnce(&mut Env<'a>) -> Truth) -> Truth {
        let reason = Reason::ClockUnknown;
        let missing: Vec<Missing> = span.last.iter().map(|record| Missing { log: record.log, reason }).collect();
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
        let (first, second) =
            if self.given(left, env) && !self.given(right, env) { (left, right) } else { (right, left) };
        let free = Around { bound: None, ..around };
        self.solve(first, free, env, &mut |env, one| {
            let bound = one.last.as_deref().map(|anchor| Bound { anchor, from: Some(-window.0), to: Some(window.0) });
            self.solve(second, Around { bound, ..around }, env, &mut |env, two| {
                let both = self.join(one, two);
                match self.apart(one, two, window) {
                    Some(false) => Truth::False,
                    Some(true) => then(env, &both),
                    None => Self::clockless(&both, env, |env| then(env, &both)),
                }
            })
        })
    }

    /// Whether all evidence of a condition is bound, or is the anchor that the attempt is about.
    fn given(&self, condition: &Condition, env: &Env<'a>) -> bool {
        let anchor = |id| matches!(self.anchor.get(), Some(Anchor::Hit(anchor, _)) if anchor == id);
        evidence_of(condition).iter().all(|id| env.record(*id).is_some() || env.unknown.contains(id) || anchor(*id))
    }

    /// Whether two spans lie within `window` of each other, whichever comes first.
    fn apart(&self, one: &Span, two: &Span, Window(window): Window) -> Option<bool> {
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

    /// Every way a condition holds, and why there may be more.
    fn solutions(
        &self,
        condition: &'a Condition,
        around: Around<'_>,
        env: &Env<'a>,
    ) -> (Vec<Solution<'a>>, Vec<Missing>) {
        let mut found = Vec::new();
        let mut missing: Vec<Missing> = Vec::new();
        let mut own = env.clone();
        let doubts = own.doubts;
        self.solve(condition, around, &mut own, &mut |env, span| {
            if env.doubts > doubts {
                let new: Vec<Missing> = env.missing.iter().copied().filter(|lack| !missing.contains(lack)).collect();
                missing.extend(new);
            } else {
                found.push(Solution { span: span.clone(), env: env.clone() });
            }
            Truth::False
        });
        (found, missing)
    }

    /// Goes on from another set of bindings.
    fn resume(solution: &Solution<'a>, span: &Span, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        let kept = mem::replace(env, solution.env.clone());
        let truth = then(env, span);
        *env = kept;
        truth
    }

    pub(super) fn at_least(
        &self,
        count: u64,
        condition: &'a Condition,
        window: Option<Window>,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let wanted = usize::try_from(count).unwrap_or(usize::MAX);
        if wanted == 0 {
            return then(env, &Span::default());
        }
        let (mut found, missing) = self.solutions(condition, around, env);
        found.dedup_by(|b, a| a.span.first == b.span.first && a.span.last == b.span.last);
        for group in found.windows(wanted.min(found.len().max(1))) {
            let (Some(head), Some(tail)) = (group.first(), group.last()) else { break };
            let span = self.join(&head.span, &tail.span);
            if group.len() == wanted && window.is_none_or(|window| self.fits(&span, window) == Some(true)) {
                let mut all = Solution { span: span.clone(), env: head.env.clone() };
                let known = env.hits.len();
                for other in &group[1..] {
                    all.env.hits.extend(other.env.hits[known..].iter().cloned());
                }
                return Self::resume(&all, &span, env, then);
            }
        }
        if missing.is_empty() {
            return Truth::False;
        }
        Self::doubting(&missing, env, |env| then(env, &Span::default()))
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
        self.choose(count, conditions, around, env, &Span::default(), &mut |env, span| match window
            .map_or(Some(true), |window| self.fits(span, window))
        {
            Some(true) => then(env, span),
            Some(false) => Truth::False,
            None => Self::clockless(span, env, |env| then(env, span)),
        })
    }

    /// `count` of `conditions`, each taken or passed over.
    fn choose(
        &self,
        count: u64,
        conditions: &'a [Condition],
        around: Around<'_>,
        env: &mut Env<'a>,
        so_far: &Span,
        then: Then<'_, 'a>,
    ) -> Truth {
        if count == 0 {
            return then(env, so_far);
        }
        let Some((part, rest)) = conditions.split_first() else {
            return Truth::False;
        };
        let taken = self.solve(part, around, env, &mut |env, span| {
            let joined = self.join(so_far, span);
            self.choose(count - 1, rest, around, env, &joined, then)
        });
        if taken == Truth::True || u64::try_from(rest.len()).is_ok_and(|left| left < count) {
            return taken;
        }
        taken.or(self.choose(count, rest, around, env, so_far, then))
    }

    /// `last what before other`, `first what after other`: only the nearest one counts.
    pub(super) fn nearest(
        &self,
        what: &'a Condition,
        other: &'a Condition,
        last: bool,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        self.solve(other, around, env, &mut |env, fixed| {
            let anchor = if last { &fixed.first } else { &fixed.last };
            let bound =
                anchor.as_deref().map(|anchor| Bound { anchor, from: (!last).then_some(0), to: last.then_some(0) });
            let (found, missing) = self.solutions(what, Around { bound, ..around }, env);
            let nearest = found.iter().reduce(|best, one| if self.nearer(best, one, last) { one } else { best });
            match nearest {
                Some(solution) => {
                    let span = self.join(&solution.span, fixed);
                    Self::resume(solution, &span, env, then)
                }
                None if missing.is_empty() => Truth::False,
                None => Self::doubting(&missing, env, |env| then(env, fixed)),
            }
        })
    }

    fn nearer(&self, best: &Solution<'a>, one: &Solution<'a>, last: bool) -> bool {
        let (Some(best), Some(one)) = (&best.span.last, &one.span.last) else {
            return false;
        };
        self.timeline.order(one, best) == if last { Order::After } else { Order::Before }
    }
}
