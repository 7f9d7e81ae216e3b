//! The evaluator: is there a way to bind the evidence of a rule so that a condition holds?
//!
//! A condition is solved by continuation: every way it can hold is handed on, the first that makes the rest true ends
//! the search, and a log that cannot answer adds its reason to the attempt and goes on, so that a later "false" still
//! wins (Kleene's `and`). What failed is remembered ([`memo`]), so that the work grows with the hits and not with their
//! pairs. Steps are counted: past the memory's limit the rule is undetermined, `too-many`.

mod chain;
mod finding;
mod leaf;
mod listing;
mod memo;
mod scope;
mod sequence;
mod span;
mod walk;
mod windows;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use smallvec::smallvec;

use crate::logs::Record;
use crate::rule::{CaptureId, Condition, EvidenceId, Filter, Rule, RuleSet, Window};
use crate::scan::{Hit, Scan};

use super::env::Env;
use super::filter;
use super::timeline::{Bound, Order, Side, Timeline};
use super::truth::Truth;
use super::{Finding, Missing};
pub(super) use chain::Chain;
pub(super) use leaf::captures;
use memo::Memo;
use scope::Scoped;
pub(super) use span::Span;
use walk::positive_first;
pub(super) use walk::{Branch, Leaf, address, branches, evidence_of, first_positive, operands};

/// What goes on after a condition was found to hold in one way.
pub(super) type Then<'k, 'a> = &'k mut dyn FnMut(&mut Env<'a>, &Span<'a>) -> Truth;

/// Which hit of the anchor an attempt is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Hit(Leaf, usize),
    /// None: the anchor's log may hold one that is not seen.
    Unseen(Leaf),
}

/// How much of the extent of a part is read by what follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Timed {
    #[default]
    Nothing,
    /// Its end: a step follows.
    End,
    /// Both ends: a window is around it.
    Both,
}

/// What the surroundings of a condition ask of its records.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'c> {
    /// The stretches of time they are held to.
    held: Option<&'c Held<'c>>,
    /// Evidence bound by earlier steps of the same sequence: a step that names it again means another hit.
    earlier: &'c [EvidenceId],
    /// The `(…) within w` it stands in.
    whole: Option<Whole<'c>>,
    /// The `in one …` it stands in.
    scope: Option<&'c Scoped<'c>>,
    /// A window around it tells where a leaf must lie, also once other leaves are bound.
    windowed: bool,
    /// What follows reads the extent of what is bound.
    timed: Timed,
    /// What follows, by number.
    next: memo::State,
    /// Where the bound begins that `next` does not tell of.
    floor: memo::Floor,
}

/// A stretch of time that all records of a part are held to, and those of the parts around it.
#[derive(Clone, Copy)]
struct Held<'c> {
    bound: Bound<'c>,
    outer: Option<&'c Held<'c>>,
}

impl<'c> Held<'c> {
    /// All stretches, the innermost first.
    fn all(held: Option<&'c Held<'c>>) -> impl Iterator<Item = Bound<'c>> {
        std::iter::successors(held, |held| held.outer).map(|held| held.bound)
    }
}

/// A `(…) within w` around a part.
#[derive(Clone, Copy)]
struct Whole<'c> {
    window: Window,
    /// What is bound in it so far.
    span: &'c Span<'c>,
    /// How much of [`Env::owed`] is owed outside of it.
    owed: usize,
}

pub(super) struct Solver<'a> {
    pub(super) rule: &'a Rule,
    pub(super) index: usize,
    pub(super) rules: &'a RuleSet,
    pub(super) scan: &'a Scan,
    pub(super) timeline: &'a Timeline<'a>,
    pub(super) findings: &'a [Finding],
    pub(super) anchor: Cell<Option<Anchor>>,
    /// The branch of an `or` that an attempt is about.
    pub(super) branch: RefCell<Branch>,
    memo: Memo,
    /// Captures that more than their own evidence reads.
    bindings: Vec<CaptureId>,
    /// Evidence that is named more than once.
    repeated: Vec<EvidenceId>,
    /// Captures that a piece of evidence binds.
    pub(super) own: Vec<Vec<CaptureId>>,
    /// Whether every hit of a piece of evidence binds a capture, as far as that was asked.
    always: RefCell<HashMap<(EvidenceId, CaptureId), bool>>,
    keys: RefCell<HashMap<String, u64>>,
    joins: RefCell<scope::Joins>,
    listings: RefCell<listing::Listings<'a>>,
    roots: Cell<u64>,
    /// Where hits of every piece of evidence were last looked for.
    near: Vec<Cell<usize>>,
}

impl<'a> Solver<'a> {
    pub(super) fn new(
        index: usize,
        rules: &'a RuleSet,
        scan: &'a Scan,
        timeline: &'a Timeline<'a>,
        findings: &'a [Finding],
    ) -> Self {
        let rule = &rules.rules[index];
        let hits = |at| timeline.hits(index, EvidenceId(at));
        let every = 0..rule.evidence.len();
        let own =
            rule.evidence.iter().map(|evidence| evidence.captures().into_iter().collect()).collect::<Vec<Vec<_>>>();
        Self {
            rule,
            index,
            rules,
            scan,
            timeline,
            findings,
            anchor: Cell::new(None),
            branch: RefCell::default(),
            memo: Memo::new(every.clone().map(|at| hits(at).len() + scan.passed(index, EvidenceId(at)).hits).sum()),
            bindings: walk::bindings(rule, &own),
            repeated: walk::repeated(rule),
            always: RefCell::default(),
            own,
            keys: RefCell::default(),
            joins: RefCell::default(),
            listings: RefCell::default(),
            roots: Cell::new(0),
            near: vec![Cell::new(0); rule.evidence.len()],
        }
    }

    /// A number for a question of its own.
    pub(super) fn fresh(&self) -> u64 {
        self.roots.set(self.roots.get() + 1);
        self.roots.get()
    }

    /// Whether the search was given up.
    pub(super) fn exhausted(&self) -> bool {
        self.memo.exhausted()
    }

    /// Steps taken so far.
    pub(super) fn work(&self) -> u64 {
        self.memo.steps()
    }

    pub(super) fn hits(&self, id: EvidenceId) -> &'a [Hit] {
        self.timeline.hits(self.index, id)
    }

    /// Solves the parts of an `and`: `last` is asked of every way they all hold. `root` tells this question from others.
    pub(super) fn every(&self, parts: &[&'a Condition], root: u64, env: &mut Env<'a>, last: Then<'_, 'a>) -> Truth {
        let around = Around { next: self.memo.state(smallvec![u64::MAX, root]), ..Around::default() };
        self.all(&positive_first(parts.iter().copied()), around, env, &Span::default(), last)
    }

    /// Numbers for what follows of an extent: only what it reads.
    fn asked(around: Around<'_>, span: &Span<'_>) -> [u64; 2] {
        let [first, last] = span.parts();
        match around.timed {
            _ if around.whole.is_some() => [first, last],
            Timed::Both => [first, last],
            Timed::End => [0, last],
            Timed::Nothing => [0, 0],
        }
    }

    /// The number of what follows a part: `parts` tell what comes between it and what follows its surroundings.
    fn follow(&self, parts: &[u64], around: Around<'_>) -> memo::State {
        let mut all = smallvec![u64::MAX - 1, u64::from(around.next)];
        all.extend_from_slice(parts);
        self.memo.state(all)
    }

    fn solve(&self, condition: &'a Condition, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        match condition {
            Condition::Evidence(id) => self.evidence(*id, around, env, then),
            Condition::All(parts) => self.all(&positive_first(parts.iter()), around, env, &Span::default(), then),
            Condition::Any(parts) => self.any(condition, parts, around, env, then),
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
            Condition::Finding { .. } => self.finding(condition, around, env, then),
        }
    }

    fn all(
        &self,
        parts: &[&'a Condition],
        around: Around<'_>,
        env: &mut Env<'a>,
        so_far: &Span<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let Some((part, rest)) = parts.split_first() else {
            return then(env, so_far);
        };
        let extent = Self::asked(around, so_far);
        let own = [address(part), extent[0], extent[1]];
        let (next, floor) =
            if rest.is_empty() { (self.follow(&own, around), around.floor) } else { self.follow_held(&own, around) };
        let chosen = around.whole.map(|whole| self.join(whole.span, so_far));
        let whole = around.whole.zip(chosen.as_ref()).map(|(whole, span)| Whole { span, ..whole });
        let reach = whole.and_then(|whole| self.reach(whole)).map(|bound| Held { bound, outer: around.held });
        let held = reach.as_ref().or(around.held);
        self.solve(part, Around { held, whole, next, floor, ..around }, env, &mut |env, span| {
            self.together(around, (so_far, span), env, &mut |env, joined| self.all(rest, around, env, joined, then))
        })
    }

    /// The number of what follows a part whose surroundings hold more parts to the same stretches of time. One that is
    /// open at its end is told by where it begins: what fails after one record fails after later ones too.
    fn follow_held(&self, parts: &[u64], around: Around<'_>) -> (memo::State, memo::Floor) {
        let mut parts = memo::Parts::from_slice(parts);
        if let Some(Held { bound, outer: None }) = around.held
            && let Bound { anchor, side: Side::After, from: None, to: None, until: None } = bound
            && around.floor.is_none()
            && anchor.stamp.is_some()
        {
            parts.extend([u64::MAX, anchor.log.place() as u64]);
            return (self.follow(&parts, around), Some(self.timeline.place(anchor)));
        }
        parts.extend(Held::all(around.held).flat_map(windows::bound_parts));
        (self.follow(&parts, around), around.floor)
    }

    fn any(
        &self,
        condition: &'a Condition,
        parts: &'a [Condition],
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let chosen = self.branch.borrow().iter().find(|(at, _)| *at == address(condition)).map(|(_, part)| *part);
        let mut truth = Truth::False;
        for (at, part) in parts.iter().enumerate() {
            if chosen.is_some_and(|chosen| chosen != at) {
                continue;
            }
            truth = truth.or(self.solve(part, around, env, then));
            if truth == Truth::True {
                break;
            }
        }
        truth
    }

    /// `not`: asked of everything, wherever it stands.
    fn not(&self, part: &'a Condition, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        self.absent(part, Around { held: None, whole: None, ..around }, env, then)
    }

    /// Goes on if `part` does not hold.
    fn absent(&self, part: &'a Condition, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        let (truth, missing) = self.exists(part, around, env);
        match truth {
            Truth::True => Truth::False,
            Truth::False => then(env, &Span::default()),
            Truth::Unknown => Self::doubting(&missing, env, |env| then(env, &Span::default())),
        }
    }

    /// Whether `part` holds in some way within what it is held to, given what is bound; nothing stays bound.
    fn exists(&self, part: &'a Condition, around: Around<'_>, env: &Env<'a>) -> (Truth, Vec<Missing>) {
        let mut own = env.clone();
        own.missing.clear();
        own.owed.clear();
        own.unlisted.clear();
        own.doubts = 0;
        let waiting = own.pending.len();
        let mut missing: Vec<Missing> = Vec::new();
        // What follows is nothing; so it is the same wherever the part is asked about.
        let mut parts: memo::Parts = smallvec![u64::MAX - 2, address(part), waiting as u64];
        if !walk::exact(part, &self.repeated) {
            parts.extend(Held::all(around.held).flat_map(windows::bound_parts));
        }
        let around = Around { next: self.memo.state(parts), windowed: false, timed: Timed::Nothing, ..around };
        let truth = self.solve(part, around, &mut own, &mut |env, span| {
            let ends = span.first.zip(span.last);
            let truth = match ends.map_or(Some(true), |(first, last)| self.admitted(around, (first, last))) {
                Some(false) => Truth::False,
                Some(true) => self.settled(env, waiting),
                None => self.settled(env, waiting).and(Truth::Unknown),
            };
            if truth == Truth::Unknown {
                self.lacks(env).iter().flatten().for_each(|lack| lack.add(&mut missing));
            }
            truth
        });
        (truth, missing)
    }

    /// The truth of a finished attempt: its doubts and the filters that waited, from the one at `from` on.
    pub(super) fn settled(&self, env: &Env<'a>, from: usize) -> Truth {
        if env.owed.iter().any(|(_, paid)| !paid) || (!env.unlisted.is_empty() && self.lacks(env).is_none()) {
            return Truth::False;
        }
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
            lack.add(&mut env.missing);
        }
        let truth = then(env);
        env.reset(mark, &[]);
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
        let next = self.follow(&[address(condition)], around);
        self.solve(condition, Around { next, ..around }, env, &mut |env, span| {
            let mark = env.mark();
            env.pending.push(filter);
            let truth = if self.contradicted(env) { Truth::False } else { then(env, span) };
            env.reset(mark, &[]);
            truth
        })
    }

    /// The span over two.
    fn join<'s>(&self, a: &Span<'s>, b: &Span<'s>) -> Span<'s> {
        let mut torn = a.torn || b.torn;
        let mut pick = |a: Option<&'s Arc<Record>>, b: Option<&'s Arc<Record>>, wanted: Order| match (a, b) {
            (Some(a), Some(b)) => {
                let order = self.timeline.order(b, a);
                torn |= order == Order::Unknown;
                Some(if order == wanted { b } else { a })
            }
            (a, b) => a.or(b),
        };
        let (first, last) = (pick(a.first, b.first, Order::Before), pick(a.last, b.last, Order::After));
        Span { first, last, torn }
    }
}
