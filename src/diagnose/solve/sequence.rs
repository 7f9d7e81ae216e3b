//! Sequences: one step after the other, with or without windows, and what must not follow.

use smallvec::smallvec;

use crate::rule::{Condition, EvidenceId, Step, Window};

use super::memo::{Floor, Parts, State};
use super::walk::{chosen_by, exact, simple};
use super::{Around, Held, Solver, Span, Then, Timed, Whole, address, evidence_of};
use crate::diagnose::env::Env;
use crate::diagnose::timeline::{Bound, Point};
use crate::diagnose::truth::Truth;

/// Where a sequence stands.
#[derive(Clone, Copy)]
struct Progress<'s, 'a> {
    /// From the first step on.
    whole: &'s Span<'a>,
    /// The step before the next one that has an extent.
    before: &'s Span<'a>,
    /// Windows of the unseen steps since then, together; `None` where one has none.
    slack: Option<i64>,
    /// What the unseen steps since then owe (places in [`Env::owed`]), each with the windows from its step on; `None` is
    /// without end.
    stale: &'s [(usize, Option<i64>)],
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
        let earlier: Vec<EvidenceId> = around.earlier.iter().copied().chain(chosen_by(first)).collect();
        let outer = around.whole.map_or([0, 0], |whole| whole.span.parts());
        let (next, floor) = self.follow_held(&[address(first), outer[0], outer[1]], around);
        let windowed = around.windowed || awaited(steps);
        let owed = env.owed.len();
        // Where several hits make up a step, the next one asks for the last of them.
        let timed = if simple(first) { around.timed } else { around.timed.max(Timed::End) };
        self.solve(first, Around { windowed, timed, next, floor, ..around }, env, &mut |env, span| {
            if !self.settles(around.whole, span, env) {
                return Truth::False;
            }
            let stale: Vec<_> = if span.last.is_none() { owing(env, first, owed) } else { Vec::new() };
            let progress = Progress { whole: span, before: span, slack: Some(0), stale: &stale, earlier: &earlier };
            self.steps(steps, progress, around, env, then)
        })
    }

    fn steps(
        &self,
        steps: &'a [Step],
        progress: Progress<'_, 'a>,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let Some((step, rest)) = steps.split_first() else {
            return then(env, progress.whole);
        };
        if step.negated {
            return self
                .forbidden(step, progress, around, env, &mut |env, _| self.steps(rest, progress, around, env, then));
        }
        let chosen = around.whole.map(|whole| self.join(whole.span, progress.whole));
        let whole = around.whole.zip(chosen.as_ref()).map(|(whole, span)| Whole { span, ..whole });
        let until = Self::until(progress, whole).map(|bound| Held { bound, outer: around.held });
        let around_it = until.as_ref().or(around.held);
        let after = Self::after(step, progress).map(|bound| Held { bound, outer: around_it });
        let (next, floor) = self.follow_step(step, progress, around);
        let inner = Around {
            held: after.as_ref().or(around_it),
            earlier: progress.earlier,
            whole,
            windowed: around.windowed || awaited(rest),
            timed: if rest.is_empty() || simple(&step.condition) { around.timed } else { around.timed.max(Timed::End) },
            next,
            floor,
            ..around
        };
        let earlier: Vec<EvidenceId> = progress.earlier.iter().copied().chain(chosen_by(&step.condition)).collect();
        let known = (env.unseen.len(), env.doubts, env.owed.len());
        self.solve(&step.condition, inner, env, &mut |env, span| {
            let joined = progress.whole.then(span);
            if !self.settles(around.whole, &joined, env) {
                return Truth::False;
            }
            let within = step.within.map(|Window(within)| within);
            if span.last.is_none() {
                let unseen = env.unseen.len() > known.0 || env.doubts > known.1;
                let (slack, stale) = waiting(step, progress, unseen, owing(env, &step.condition, known.2));
                let next = Progress { whole: &joined, slack, stale: &stale, earlier: &earlier, ..progress };
                return self.steps(rest, next, around, env, then);
            }
            let mut on = |env: &mut Env<'a>| {
                self.discharge(progress, span, within, env, &mut |env, _| {
                    let next = Progress { whole: &joined, before: span, slack: Some(0), stale: &[], earlier: &earlier };
                    self.steps(rest, next, around, env, then)
                })
            };
            match self.follows(progress.before, span, plus(progress.slack, within)) {
                Some(true) => on(env),
                Some(false) => Truth::False,
                None => Self::clockless(span, env, on),
            }
        })
    }

    /// The number of what follows a step: it knows of the steps before only what it has to.
    fn follow_step(&self, step: &Step, progress: Progress<'_, '_>, around: Around<'_>) -> (State, Floor) {
        let slack = progress.slack.map_or(0, |slack| slack.cast_unsigned() + 1);
        let mut parts: Parts = smallvec![address(&step.condition), slack, u64::from(progress.before.torn)];
        if around.timed == Timed::Both || around.whole.is_some() {
            parts.extend(progress.whole.parts());
            parts.extend(around.whole.map_or([0, 0], |whole| whole.span.parts()));
        }
        // A step whose hits are all held to its own stretch of time cannot come to lie elsewhere.
        if !exact(&step.condition, &self.repeated) || !progress.stale.is_empty() {
            parts.extend(progress.before.parts());
            parts.extend(
                progress
                    .stale
                    .iter()
                    .flat_map(|(debt, most)| [*debt as u64, most.map_or(0, |most| most.cast_unsigned() + 1)]),
            );
        }
        self.follow_held(&parts, around)
    }

    /// `then not`: nothing of the kind in the stretch after what was bound last.
    fn forbidden(
        &self,
        step: &'a Step,
        progress: Progress<'_, 'a>,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let chosen = around.whole.map(|whole| self.join(whole.span, progress.whole));
        let whole = around.whole.zip(chosen.as_ref()).map(|(whole, span)| Whole { span, ..whole });
        // After what is not seen, nobody knows where the stretch lies.
        if progress.before.last.is_none() || progress.slack != Some(0) {
            return then(env, &Span::default());
        }
        let until = Self::until(progress, whole).map(|bound| Held { bound, outer: None });
        let after = Self::after(step, progress).map(|bound| Held { bound, outer: until.as_ref() });
        let inner = Around { held: after.as_ref(), earlier: progress.earlier, whole: None, ..around };
        if !progress.before.torn {
            return self.absent(&step.condition, inner, env, then);
        }
        // Nobody knows where the stretch begins, so what lies in it may lie outside.
        match self.exists(&step.condition, inner, env).0 {
            Truth::False => then(env, &Span::default()),
            Truth::True | Truth::Unknown => Self::clockless(progress.before, env, |env| then(env, &Span::default())),
        }
    }

    /// The stretch of time a step may lie in.
    fn after<'s>(step: &Step, progress: Progress<'s, '_>) -> Option<Bound<'s>> {
        let own = plus(progress.slack, step.within.map(|Window(within)| within));
        Some(Bound::after(progress.before.last?, own))
    }

    /// The same for the window around the sequence, of which a step has what is left.
    fn until<'s>(progress: Progress<'s, '_>, whole: Option<Whole<'s>>) -> Option<Bound<'s>> {
        let Whole { window: Window(window), span, .. } = whole?;
        Some(Bound::until(progress.before.last?, (span.first?, window)))
    }

    /// Whether `span` comes after `before`, its end at most `within` later; `None` where the clocks cannot say.
    pub(super) fn follows(&self, before: &Span<'_>, span: &Span<'_>, within: Option<i64>) -> Option<bool> {
        let (Some(end), Some(first), Some(last)) = (&before.last, &span.first, &span.last) else {
            return Some(true);
        };
        let follows = self.timeline.admits_all(Bound::after(end, within), (first, last));
        follows.filter(|follows| !(*follows && before.torn))
    }

    /// What unseen steps owe is known once a step after them has a window: their logs must not cover it.
    fn discharge(
        &self,
        progress: Progress<'_, '_>,
        span: &Span<'_>,
        within: Option<i64>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let (Some(first), Some(last)) = (&span.first, &span.last) else { return Truth::False };
        let mut due: Vec<(usize, Point<'_>, Point<'_>)> = Vec::new();
        for (debt, windows) in progress.stale {
            let Some(most) = plus(*windows, within) else { continue };
            let from: Point<'_> = match &progress.before.last {
                Some(before) if self.timeline.distance(last, before).is_some_and(|at| at > -most) => (before, 0),
                _ => (last, -most),
            };
            due.push((*debt, from, (first, 0)));
        }
        self.paid(&due, env, then)
    }
}

/// Whether the next step's window tells where an unseen step must lie.
fn awaited(steps: &[Step]) -> bool {
    steps.iter().find(|step| !step.negated).is_some_and(|step| step.within.is_some())
}

/// Windows and debts after a step without an extent: an unseen one stretches the next window by its own.
fn waiting(
    step: &Step,
    progress: Progress<'_, '_>,
    unseen: bool,
    owing: Vec<(usize, Option<i64>)>,
) -> (Option<i64>, Vec<(usize, Option<i64>)>) {
    let within = step.within.map(|Window(within)| within);
    let slack = if unseen { plus(progress.slack, within) } else { progress.slack };
    let longer = progress.stale.iter().map(|(debt, windows)| (*debt, plus(*windows, within)));
    (slack, longer.chain(owing).collect())
}

/// What a part owes, where it is one leaf: of several, a window tells only where the last lies.
fn owing(env: &Env<'_>, condition: &Condition, from: usize) -> Vec<(usize, Option<i64>)> {
    let own = if simple(condition) { evidence_of(condition) } else { Vec::new() };
    env.debts(&own, from..usize::MAX).into_iter().map(|debt| (debt, Some(0))).collect()
}

fn plus(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    Some(a?.saturating_add(b?))
}
