//! Sequences, nearness, the nearest one: which hit of the other part comes closest to where it should lie.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::rule::{Condition, Step, Window};

use super::super::super::solve::evidence_of;
use super::super::world::{Bound, World};
use super::{ATTEMPTS, Around, Failure, Way, tail};

/// How a part lies to the one before it, the better the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Before(Reverse<i64>),
    Unknown,
    Late(Reverse<i64>),
    Fits(Reverse<i64>),
}

impl World<'_> {
    pub(super) fn sequence(&self, first: &Condition, steps: &[Step], start: &Bound, around: &Around<'_>) -> Vec<Way> {
        let begin = |way: &Way| {
            let mut way = Way { failure: (!way.whole).then_some(Failure::Part), ..way.clone() };
            let mut inner = around.clone();
            inner.earlier.extend(evidence_of(first));
            for (at, step) in steps.iter().enumerate() {
                if !self.step(&mut way, at, step, &inner) {
                    break;
                }
                inner.earlier.extend(evidence_of(&step.condition));
            }
            way
        };
        let firsts = self.tried(first, start, around);
        if firsts.is_empty() {
            // Nothing begins it; the earliest step that has hits is told of.
            let parts = steps.iter().filter(|step| !step.negated).map(|step| &step.condition);
            return parts.map(|part| self.part(part, start, around)).find(|ways| !ways.is_empty()).unwrap_or_default();
        }
        tail(&firsts, ATTEMPTS).iter().map(begin).collect()
    }

    /// Takes a step; false where the way ends before it.
    fn step(&self, way: &mut Way, at: usize, step: &Step, around: &Around<'_>) -> bool {
        let Some(after) = way.last().cloned() else { return false };
        let nexts = self.tried(&step.condition, &way.bound, around);
        let whole = nexts.iter().filter(|next| next.whole || step.negated);
        let placed = whole.filter_map(|next| Some((self.place_after(way, next, step.within)?, next)));
        let nearest = placed.fold(None, |best: Option<(Place, &Way)>, (place, next)| match best {
            Some((known, _)) if known >= place => best,
            _ => Some((place, next)),
        });
        let record = |next: &Way| next.first().map_or_else(|| Arc::clone(&after), Arc::clone);
        if step.negated {
            if let Some((Place::Fits(_), next)) = nearest {
                way.fail(Failure::Forbidden { step: at, after: Arc::clone(&after), record: record(next) });
                return false;
            }
            return true;
        }
        match (nearest, step.within) {
            (Some((Place::Fits(_), next)), _) => {
                let joined = self.joined(way, next);
                *way = Way {
                    score: joined.score + 2,
                    span: joined.span.zip(next.span.clone()).map(|(a, b)| (a.0, b.1)),
                    ..joined
                };
                return true;
            }
            (Some((Place::Late(Reverse(gap)), next)), Some(window)) => {
                way.score += 1;
                way.excess = gap.saturating_sub(window.0);
                let record = record(next);
                way.fail(Failure::Late { step: at, after, record, gap, window });
            }
            (Some((Place::Unknown, next)), _) => {
                let other = record(next);
                way.fail(Failure::Clock { one: after, other });
            }
            (Some((_, next)), _) => {
                let record = record(next);
                way.fail(Failure::Early { step: at, after, record });
            }
            (None, _) => {
                way.fail(Failure::Part);
                if let Some(partial) = super::best(nexts) {
                    way.score += partial.score;
                    way.bound = partial.bound;
                }
            }
        }
        false
    }

    /// How `next` lies to what `way` holds; `None` for what binds nothing.
    fn place_after(&self, way: &Way, next: &Way, within: Option<Window>) -> Option<Place> {
        let (after, first, last) = (way.last()?, next.first()?, next.last()?);
        let gap = self.distance(after, last);
        Some(match (self.follows(after, first), gap, within) {
            (None, ..) | (Some(true), None, Some(_)) => Place::Unknown,
            (Some(false), gap, _) => Place::Before(Reverse(gap.unwrap_or(i64::MAX).saturating_abs())),
            (Some(true), Some(gap), Some(Window(window))) if gap > window => Place::Late(Reverse(gap)),
            (Some(true), gap, _) => Place::Fits(Reverse(gap.unwrap_or(0))),
        })
    }

    pub(super) fn near(
        &self,
        left: &Condition,
        right: &Condition,
        window: Window,
        start: &Bound,
        around: &Around<'_>,
    ) -> Vec<Way> {
        let given = evidence_of(right).iter().all(|id| start.of(*id).is_some());
        let (one, other) = if given { (right, left) } else { (left, right) };
        let meet = |way: &Way| {
            let mut way = Way { failure: (!way.whole).then_some(Failure::Part), ..way.clone() };
            let others = self.tried(other, &way.bound, around);
            let Some(side) = way.last().cloned() else { return way };
            let apart = |next: &&Way| self.apart(&way, next).map_or((true, i64::MAX), |gap| (false, gap));
            let Some(next) = others.iter().filter(|next| next.whole).min_by_key(apart) else {
                way.fail(Failure::Part);
                return way;
            };
            let gap = self.apart(&way, next);
            let mut both = self.joined(&way, next);
            let (a, b) = (side, next.first().cloned());
            let (left, right) = if given { (b, Some(a)) } else { (Some(a), b) };
            match (gap, left, right) {
                (Some(gap), Some(left), Some(right)) if gap > window.0 => {
                    // The other side is not bound: this attempt ended before it.
                    both = way;
                    both.score += 1;
                    both.excess = gap.saturating_sub(window.0);
                    both.fail(Failure::Far { left, right, gap, window });
                }
                (None, Some(one), Some(other)) => both.fail(Failure::Clock { one, other }),
                _ => both.score += 2,
            }
            both
        };
        let ones = self.tried(one, start, around);
        if ones.is_empty() {
            return self.part(other, start, around);
        }
        tail(&ones, ATTEMPTS).iter().map(meet).collect()
    }

    /// The ways of a part alone, where another one has none.
    fn part(&self, part: &Condition, start: &Bound, around: &Around<'_>) -> Vec<Way> {
        let mut ways = self.tried(part, start, around);
        for way in &mut ways {
            way.failure = None;
            way.fail(Failure::Part);
        }
        ways
    }

    /// The time between two ways, whichever comes first; `None` where the clocks cannot say.
    fn apart(&self, one: &Way, two: &Way) -> Option<i64> {
        let forth = self.distance(one.last()?, two.first()?)?;
        if forth >= 0 { Some(forth) } else { self.distance(two.last()?, one.first()?).map(|back| back.max(0)) }
    }

    /// `last what before other`, `first what after other`.
    pub(super) fn beside(
        &self,
        what: &Condition,
        other: &Condition,
        last: bool,
        start: &Bound,
        around: &Around<'_>,
    ) -> Vec<Way> {
        let seek = |fixed: &Way| {
            let mut way = Way { failure: (!fixed.whole).then_some(Failure::Part), ..fixed.clone() };
            let found = self.tried(what, &way.bound, around);
            let side = |next: &&Way| match (way.first().zip(way.last()), next.first()) {
                (Some((first, _)), Some(record)) if last => self.follows(record, first) == Some(true),
                (Some((_, end)), Some(record)) => self.follows(end, record) == Some(true),
                _ => false,
            };
            let nearest = |next: &&Way| match (way.last(), next.first()) {
                (Some(one), Some(two)) => self.distance(one, two).map_or(i64::MAX, i64::saturating_abs),
                _ => i64::MAX,
            };
            let whole = || found.iter().filter(|next| next.whole);
            match (whole().filter(side).min_by_key(nearest), whole().min_by_key(nearest)) {
                (Some(next), _) => way = self.joined(&way, next),
                (None, Some(next)) => {
                    if let Some((what, other)) = next.first().cloned().zip(way.last().cloned()) {
                        way.fail(Failure::Side { what, other });
                    }
                }
                (None, None) => way.fail(Failure::Part),
            }
            way
        };
        tail(&self.tried(other, start, around), ATTEMPTS).iter().map(seek).collect()
    }
}
