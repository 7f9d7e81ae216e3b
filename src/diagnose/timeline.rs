//! One time for all sources: order, distance and coverage, as far as their clocks can say.
//!
//! Two stamps of different logs compare with the coarser resolution; a local and a UTC clock meet only through the
//! machine's offset. Within one log the position decides.

use std::cmp::Ordering;

use crate::logs::{LogKindId, Record};
use crate::rule::RuleSet;
use crate::scan::{Scan, Source};
use crate::value::{Stamp, Zone};

use super::{Missing, Reason};

/// Resolution of a kind that states none.
const SECOND: i64 = 1_000_000_000;

pub(super) struct Timeline<'a> {
    scan: &'a Scan,
    rules: &'a RuleSet,
    /// Local time minus UTC in nanoseconds, where it is known.
    offset: Option<i64>,
}

/// How two records lie to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Before,
    /// Neither certainly before nor certainly after.
    Together,
    After,
    /// The clocks cannot be compared.
    Unknown,
}

/// A stretch of time around a record, in nanoseconds; `None` is without end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound<'r> {
    pub(super) anchor: &'r Record,
    pub(super) from: Option<i64>,
    pub(super) to: Option<i64>,
}

impl<'a> Timeline<'a> {
    pub(super) fn new(scan: &'a Scan, rules: &'a RuleSet, utc_offset: Option<i32>) -> Self {
        let seen = scan.sources.iter().find_map(|source| source.utc_offset);
        let offset = seen.or(utc_offset).map(|seconds| i64::from(seconds) * SECOND);
        Self { scan, rules, offset }
    }

    /// How `a` lies to `b`.
    pub(super) fn order(&self, a: &Record, b: &Record) -> Order {
        if a.origin.artifact == b.origin.artifact {
            return match a.origin.start.cmp(&b.origin.start).then(a.origin.record.cmp(&b.origin.record)) {
                Ordering::Less => Order::Before,
                Ordering::Equal => Order::Together,
                Ordering::Greater => Order::After,
            };
        }
        match self.distance(a, b) {
            None => Order::Unknown,
            Some(0) => Order::Together,
            Some(distance) if distance > 0 => Order::Before,
            Some(_) => Order::After,
        }
    }

    /// Time from `a` to `b` at the coarser of the two resolutions; `None` where the clocks cannot be compared.
    pub(super) fn distance(&self, a: &Record, b: &Record) -> Option<i64> {
        let (from, to) = (a.stamp?.0, b.stamp?.0);
        let coarse = self.resolution(a.log).max(self.resolution(b.log));
        let to = to.checked_add(self.shift(b.log, a.log)?)?;
        to.div_euclid(coarse).checked_sub(from.div_euclid(coarse))?.checked_mul(coarse)
    }

    /// What to add to a stamp of `from` to read it on the clock of `to`.
    fn shift(&self, from: LogKindId, to: LogKindId) -> Option<i64> {
        match (self.zone(from), self.zone(to)) {
            (Zone::Local, Zone::Utc) => self.offset.map(|offset| -offset),
            (Zone::Utc, Zone::Local) => self.offset,
            _ => Some(0),
        }
    }

    fn zone(&self, log: LogKindId) -> Zone {
        self.rules.logs.get(log).clock.as_ref().map_or(Zone::Local, |clock| clock.zone)
    }

    fn resolution(&self, log: LogKindId) -> i64 {
        self.rules.logs.get(log).clock.as_ref().map_or(SECOND, |clock| clock.resolution.max(1))
    }

    /// Whether `record` lies in `bound`; `None` where the clocks cannot say.
    pub(super) fn admits(&self, bound: Bound<'_>, record: &Record) -> Option<bool> {
        let ordered = |at_least: bool| match self.order(bound.anchor, record) {
            Order::Unknown => None,
            // In one log "after" is strict; across logs it holds unless the record certainly lies before.
            Order::Together => Some(bound.anchor.origin.artifact != record.origin.artifact),
            Order::Before => Some(at_least),
            Order::After => Some(!at_least),
        };
        match (bound.from, bound.to) {
            (None, None) => Some(true),
            (Some(0), None) => ordered(true),
            (None, Some(0)) => ordered(false),
            (from, to) => {
                if from == Some(0) && !ordered(true)? {
                    return Some(false);
                }
                if to == Some(0) && !ordered(false)? {
                    return Some(false);
                }
                let distance = self.distance(bound.anchor, record)?;
                Some(from.is_none_or(|from| distance >= from) && to.is_none_or(|to| distance <= to))
            }
        }
    }

    /// The first and the last stamp that `bound` can admit in any of `logs`, on their own clocks; `None` is without end.
    pub(super) fn reach(&self, bound: Bound<'_>, logs: &[LogKindId]) -> (Option<Stamp>, Option<Stamp>) {
        let Some(anchor) = bound.anchor.stamp else {
            return (None, None);
        };
        let (mut from, mut to) = (i64::MAX, i64::MIN);
        for log in logs {
            let Some(shift) = self.shift(bound.anchor.log, *log) else {
                return (None, None);
            };
            let coarse = self.resolution(bound.anchor.log).max(self.resolution(*log));
            let at = anchor.0.saturating_add(shift);
            from = from.min(bound.from.map_or(i64::MIN, |from| at.saturating_add(from).saturating_sub(coarse)));
            to = to.max(bound.to.map_or(i64::MAX, |to| at.saturating_add(to).saturating_add(coarse)));
        }
        ((from != i64::MIN).then_some(Stamp(from)), (to != i64::MAX).then_some(Stamp(to)))
    }

    /// Sources of a kind that are whole files, not lines pasted into a mail.
    fn files(&self, log: LogKindId) -> impl Iterator<Item = &'a Source> {
        self.scan.sources.iter().filter(move |source| source.log == Some(log) && !source.excerpt)
    }

    /// Why "no hit in `log`" is no answer, if it is none.
    pub(super) fn gap(&self, log: LogKindId, bound: Option<Bound<'_>>) -> Option<Missing> {
        let missing = |reason| Some(Missing { log, reason });
        if self.files(log).next().is_none() {
            return missing(self.unread(log).unwrap_or(Reason::Absent));
        }
        if let Some(damage) = self.files(log).find_map(|source| source.damaged) {
            return missing(damage.into());
        }
        match bound {
            Some(bound @ Bound { from: Some(_), to: Some(_), .. }) => match self.covers(log, bound) {
                Some(true) => None,
                Some(false) => missing(Reason::NotCovered),
                None => missing(Reason::ClockUnknown),
            },
            _ => None,
        }
    }

    /// A file that has the name of the kind but could not be read.
    fn unread(&self, log: LogKindId) -> Option<Reason> {
        let kind = self.rules.logs.get(log);
        let named = |place: &str| kind.names(place.rsplit(['/', '!']).next().unwrap_or(place));
        self.scan.problems.iter().find(|problem| named(&problem.source)).map(|problem| problem.kind.into())
    }

    /// Whether the stream of `log` holds the whole of a closed window. A snapshot has no time to miss.
    fn covers(&self, log: LogKindId, bound: Bound<'_>) -> Option<bool> {
        if self.rules.logs.get(log).snapshot.is_some() {
            return Some(true);
        }
        let first = self.files(log).filter_map(|source| source.first).min()?;
        let last = self.files(log).filter_map(|source| source.last).max()?;
        let coarse = self.resolution(bound.anchor.log).max(self.resolution(log));
        let anchor = bound.anchor.stamp?.0.checked_add(self.shift(bound.anchor.log, log)?)?;
        let floor = |at: i64| at.div_euclid(coarse) * coarse;
        let from = floor(anchor).saturating_add(bound.from?);
        let to = floor(anchor).saturating_add(bound.to?);
        Some(floor(first.0) <= from && to <= floor(last.0))
    }
}
