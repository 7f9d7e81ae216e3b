//! Time as the language's reference tells it: one order within a kind, one clock for all, and what a log covers.

use casebook::logs::{LogKindId, Record};
use casebook::rule::RuleSet;
use casebook::scan::Scan;
use casebook::value::Zone;

pub(super) struct Clock<'a> {
    pub(super) scan: &'a Scan,
    pub(super) rules: &'a RuleSet,
    /// Local time minus UTC in seconds.
    pub(super) offset: Option<i32>,
}

/// So many nanoseconds after a record.
pub(super) type Point<'r> = (&'r Record, i64);

impl Clock<'_> {
    fn resolution(&self, log: LogKindId) -> i64 {
        self.rules.logs.get(log).clock.as_ref().map_or(1_000_000_000, |clock| clock.resolution)
    }

    fn utc(&self, log: LogKindId) -> bool {
        self.rules.logs.get(log).clock.as_ref().is_some_and(|clock| clock.zone == Zone::Utc)
    }

    /// A stamp on the local clock.
    fn local(&self, record: &Record) -> Option<i64> {
        let stamp = record.stamp?.0;
        if self.utc(record.log) { Some(stamp + i64::from(self.offset?) * 1_000_000_000) } else { Some(stamp) }
    }

    /// Both stamps on one clock: two UTC logs need no offset.
    fn both(&self, a: &Record, b: &Record) -> Option<(i64, i64)> {
        if self.utc(a.log) && self.utc(b.log) {
            return Some((a.stamp?.0, b.stamp?.0));
        }
        Some((self.local(a)?, self.local(b)?))
    }

    /// From a to b, both cut to the coarser resolution.
    pub(super) fn distance(&self, a: &Record, b: &Record) -> Option<i64> {
        let coarse = self.resolution(a.log).max(self.resolution(b.log));
        let (a, b) = self.both(a, b)?;
        Some((b.div_euclid(coarse) - a.div_euclid(coarse)) * coarse)
    }

    /// Files by their first stamp, then as they lie in the bundle.
    fn file(&self, record: &Record) -> usize {
        let mut files: Vec<_> = self.scan.sources.iter().collect();
        files.sort_by_key(|source| source.first);
        files.iter().position(|source| source.artifact == record.origin.artifact).unwrap_or(usize::MAX)
    }

    /// Where a record stands among all: by local time, then by file, then by place in the file.
    pub(super) fn place(&self, record: &Record) -> (Option<i64>, usize, u64) {
        let own = record.stamp.map(|stamp| stamp.0);
        (self.local(record).or(own), self.file(record), record.origin.start)
    }

    /// Whether b comes after a.
    pub(super) fn after(&self, a: &Record, b: &Record) -> Option<bool> {
        let stamped = a.stamp.is_some() && b.stamp.is_some();
        if a.log == b.log && (stamped || a.origin.artifact == b.origin.artifact) {
            let place = |record: &Record| (record.stamp, self.file(record), record.origin.start);
            return Some(place(b) > place(a));
        }
        Some(self.distance(a, b)? >= 0)
    }

    /// Whether b certainly lies before a.
    pub(super) fn before(&self, a: &Record, b: &Record) -> bool {
        a.origin != b.origin && self.after(a, b) == Some(false)
    }

    /// Whether a log does not wholly cover what lies from one point to another, or nobody can tell.
    pub(super) fn uncovered(&self, log: LogKindId, from: Point<'_>, to: Point<'_>) -> bool {
        if self.rules.logs.get(log).snapshot.is_some() {
            return false;
        }
        let coarse = |point: Point<'_>| self.resolution(point.0.log).max(self.resolution(log));
        let on_clock = |(record, distance): Point<'_>| {
            let coarse = coarse((record, 0));
            let stamp = if self.utc(log) == self.utc(record.log) {
                record.stamp?.0
            } else {
                let offset = i64::from(self.offset?) * 1_000_000_000;
                if self.utc(log) { record.stamp?.0 - offset } else { record.stamp?.0 + offset }
            };
            Some(stamp.div_euclid(coarse) * coarse + distance)
        };
        let (Some(begin), Some(end)) = (on_clock(from), on_clock(to)) else { return true };
        !self.holds(log, (begin, coarse(from)), (end, coarse(to)))
    }

    /// Whether one unbroken stretch of files holds all of it, each end told at its resolution.
    fn holds(&self, log: LogKindId, (from, coarse): (i64, i64), (to, other): (i64, i64)) -> bool {
        let files: Vec<(i64, i64)> = self
            .scan
            .sources
            .iter()
            .filter(|source| source.log == Some(log) && !source.excerpt)
            .filter_map(|source| Some((source.first?.0, source.last?.0)))
            .collect();
        let cut = |at: i64, coarse: i64| at.div_euclid(coarse) * coarse;
        files.iter().any(|(first, last)| {
            let mut end = *last;
            // Grow by files that begin where it ends, until none does.
            while let Some((_, further)) = files
                .iter()
                .filter(|(begin, further)| *begin >= *first && *begin <= end + self.resolution(log) && *further > end)
                .max_by_key(|(_, further)| *further)
            {
                end = *further;
            }
            cut(*first, coarse) <= from && to <= cut(end, other)
        })
    }
}
