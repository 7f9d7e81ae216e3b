//! Windows around a whole, and counting: the closest of what there is.

use std::sync::Arc;

use crate::logs::Record;
use crate::rule::{Condition, Window};

use super::super::world::{Bound, World};
use super::{Around, Failure, Way, best};

impl World<'_> {
    /// A way judged by the window around it.
    pub(super) fn fitting(&self, mut way: Way, window: Window) -> Way {
        way.failure = (!way.whole).then_some(Failure::Part);
        let Some((first, last)) = way.span.clone() else { return way };
        match self.distance(&first, &last) {
            Some(length) if length > window.0 => {
                way.excess = way.excess.max(length.saturating_sub(window.0));
                way.fail(Failure::Long { first, last, length, window });
            }
            Some(_) => way.score += 2,
            None => way.fail(Failure::Clock { one: first, other: last }),
        }
        way
    }

    pub(super) fn at_least(
        &self,
        count: u64,
        condition: &Condition,
        window: Option<Window>,
        start: &Bound,
        around: &Around<'_>,
    ) -> Way {
        let mut found: Vec<Way> = self.tried(condition, start, around).into_iter().filter(|way| way.whole).collect();
        found.dedup_by(|b, a| a.first() == b.first() && a.last() == b.last());
        let wanted = usize::try_from(count).unwrap_or(usize::MAX);
        let mut way = Way { score: found.len().min(wanted), ..Way::start(start) };
        if found.len() < wanted {
            way.fail(Failure::Few { have: found.len(), wanted: count });
            return way;
        }
        let Some(window) = window else { return way };
        let groups = found.windows(wanted).filter_map(|group| {
            let (first, last) = (group.first()?.first()?, group.last()?.last()?);
            Some((self.distance(first, last)?, group))
        });
        let Some((length, group)) = groups.min_by_key(|(length, _)| *length) else {
            way.fail(Failure::Part);
            return way;
        };
        if let (true, Some(last)) = (length > window.0, group.last().and_then(Way::last)) {
            let begin = group.first().and_then(Way::first);
            let inside = |one: &&Way| {
                let gap = begin.zip(one.last()).and_then(|(begin, last)| self.distance(begin, last));
                gap.is_some_and(|gap| gap <= window.0)
            };
            let within = group.iter().filter(inside).count();
            let excess = length.saturating_sub(window.0);
            way.excess = excess;
            way.fail(Failure::Spread { within, wanted: count, last: Arc::clone(last), excess, window });
        }
        way
    }

    pub(super) fn at_least_of(
        &self,
        count: u64,
        conditions: &[Condition],
        window: Option<Window>,
        start: &Bound,
        around: &Around<'_>,
    ) -> Way {
        let mut way = Way::start(start);
        let mut have = 0;
        let mut spans: Vec<(Arc<Record>, Arc<Record>)> = Vec::new();
        for condition in conditions {
            let Some(next) = best(self.tried(condition, &way.bound, around)).filter(|next| next.whole) else {
                continue;
            };
            have += 1;
            spans.extend(next.span.clone());
            way = self.joined(&way, &next);
        }
        if u64::try_from(have).unwrap_or(u64::MAX) < count {
            way.fail(Failure::Few { have, wanted: count });
            return way;
        }
        window.map_or(way.clone(), |window| self.fitting(way, window))
    }
}
