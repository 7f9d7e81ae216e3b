//! The machine's offset from UTC, which summer time changes: local time minus UTC, from a moment on.

use super::result::Source;

const SECOND: i64 = 1_000_000_000;

/// The offset as it changed. Before the first change it was what it is after it.
#[derive(Clone, Debug, Default)]
pub struct Offsets {
    /// The moment in UTC and the offset from then on, both in nanoseconds, ascending.
    changes: Vec<(i64, i64)>,
}

impl Offsets {
    /// What the first kind of log that shows both clocks tells; else what was given, in seconds.
    #[must_use]
    pub fn new<'s>(sources: impl Iterator<Item = &'s Source> + Clone, given: Option<i32>) -> Offsets {
        let first = sources.clone().find(|source| !source.utc_offsets.is_empty());
        let told = sources.filter(|source| first.is_some_and(|first| first.log == source.log));
        let mut changes: Vec<(i64, i64)> = told
            .flat_map(|source| &source.utc_offsets)
            .map(|(local, offset)| (local.0.saturating_sub(i64::from(*offset) * SECOND), i64::from(*offset) * SECOND))
            .collect();
        changes.sort_unstable();
        changes.dedup_by_key(|(_, offset)| *offset);
        if changes.is_empty() {
            changes.extend(given.map(|offset| (i64::MIN, i64::from(offset) * SECOND)));
        }
        Offsets { changes }
    }

    /// Whether it never changes, as far as anything tells.
    pub(super) fn is_constant(&self) -> bool {
        self.changes.len() < 2
    }

    /// The offset in nanoseconds at a moment in UTC; `None` where nothing tells it.
    #[must_use]
    pub fn at_utc(&self, utc: i64) -> Option<i64> {
        self.last(|(from, _)| *from <= utc)
    }

    /// The offset at a local time. Of an hour that the clock showed twice it is the later one.
    #[must_use]
    pub fn at_local(&self, local: i64) -> Option<i64> {
        self.last(|(from, offset)| from.saturating_add(*offset) <= local)
    }

    fn last(&self, begun: impl Fn(&(i64, i64)) -> bool) -> Option<i64> {
        let last = self.changes.iter().rev().find(|change| begun(change)).or(self.changes.first());
        last.map(|(_, offset)| *offset)
    }
}

#[cfg(test)]
mod tests {
    use super::{Offsets, SECOND};

    #[test]
    fn the_offset_is_that_of_its_time() {
        let (winter, summer) = (3600 * SECOND, 7200 * SECOND);
        // Summer time from 1000 s on, until the clock goes back an hour at 100 000 s.
        let offsets = Offsets { changes: vec![(0, winter), (1000 * SECOND, summer), (100_000 * SECOND, winter)] };
        let at_utc = |second: i64| offsets.at_utc(second * SECOND);
        assert_eq!([-5, 999, 1000, 99_999, 100_000].map(at_utc), [winter, winter, summer, summer, winter].map(Some));
        let at_local = |second: i64| offsets.at_local(second * SECOND);
        assert_eq!(at_local(1000 + 7200), Some(summer));
        assert_eq!(at_local(100_000 + 3599), Some(summer));
        assert_eq!(at_local(100_000 + 3600), Some(winter), "an hour that is there twice");
        assert_eq!(Offsets::default().at_utc(0), None);
        assert!(!offsets.is_constant() && Offsets::default().is_constant());
    }
}
