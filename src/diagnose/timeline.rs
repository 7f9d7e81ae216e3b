//! One time for all sources: order, distance and coverage, as far as their clocks can say.
//!
//! Records of one kind stand in one order. Two kinds compare at the coarser resolution; a local and a UTC clock meet
//! only through the machine's offset.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use crate::bundle::ArtifactId;
use crate::logs::{ClockDoubt, LogKindId, Place, Record};
use crate::rule::{EvidenceId, RuleSet};
use crate::scan::{Hit, Offsets, Scan, Source};
use crate::value::{Stamp, Zone};

use super::{Missing, Reason};

pub(super) struct Timeline<'a> {
    scan: &'a Scan,
    rules: &'a RuleSet,
    /// Local time minus UTC, where it is known.
    offsets: Offsets,
    /// Artifacts whose dates may be read wrongly, day for month: they compare with no other.
    doubtful: HashSet<ArtifactId>,
    /// Place of every artifact among the files, by its id.
    rank: Vec<usize>,
    /// Stretches that the files of every kind cover, by kind.
    covered: Vec<Vec<(i64, i64)>>,
    /// Hits of evidence over kinds of several clocks, by rule and evidence, in the order of one.
    mixed: HashMap<(usize, usize), Vec<Hit>>,
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

/// On which side of its anchor a bound lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
    Either,
}

/// A stretch of time around a record, in nanoseconds; `None` is without end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound<'r> {
    pub(super) anchor: &'r Record,
    pub(super) side: Side,
    pub(super) from: Option<i64>,
    pub(super) to: Option<i64>,
    /// An end that is told from another record.
    pub(super) until: Option<Point<'r>>,
}

/// Where a record stands among all: stamp on the local clock, file, place in the file.
pub(super) type Moment = (Option<i64>, usize, u64, Option<u64>);

/// A point in time, told from a record.
pub(super) type Point<'r> = (&'r Record, i64);

/// Whether all hold; `None` where that is not known.
pub(super) fn all_of(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Time from one stamp to another in units of a resolution; `None` where it cannot be told.
pub(super) fn apart(from: Stamp, to: Stamp, resolution: i64) -> Option<i64> {
    to.0.div_euclid(resolution).checked_sub(from.0.div_euclid(resolution))?.checked_mul(resolution)
}

impl<'r> Bound<'r> {
    /// All that comes after `anchor`, at most `to` after it.
    pub(super) fn after(anchor: &'r Record, to: Option<i64>) -> Self {
        Self { anchor, side: Side::After, from: None, to, until: None }
    }

    /// All that comes after `anchor`, at most so much after another record.
    pub(super) fn until(anchor: &'r Record, end: Point<'r>) -> Self {
        Self { anchor, side: Side::After, from: None, to: None, until: Some(end) }
    }

    /// All that comes before `anchor`.
    pub(super) fn before(anchor: &'r Record) -> Self {
        Self { anchor, side: Side::Before, from: None, to: None, until: None }
    }

    /// From one point to another. Each is told from its own record: cut to the coarser clock, they do not add up.
    pub(super) fn between((anchor, from): Point<'r>, to: Point<'r>) -> Self {
        Self { anchor, side: Side::Either, from: Some(from), to: None, until: Some(to) }
    }

    /// Its two ends, if it has both.
    pub(super) fn closed(&self) -> Option<(Point<'r>, Point<'r>)> {
        let from = self.from.or((self.side == Side::After).then_some(0))?;
        let own = self.to.or((self.side == Side::Before).then_some(0)).map(|to| (self.anchor, to));
        Some(((self.anchor, from), own.or(self.until)?))
    }
}

impl<'a> Timeline<'a> {
    pub(super) fn new(scan: &'a Scan, rules: &'a RuleSet, utc_offset: Option<i32>) -> Self {
        let offsets = Offsets::new(scan.sources.iter(), utc_offset);
        let doubtful = scan.sources.iter().filter(|source| source.clock_doubt == Some(ClockDoubt::DayOrder));
        let doubtful = doubtful.map(|source| source.artifact).collect();
        let rank = scan.ranks();
        let (covered, mixed) = (Vec::new(), HashMap::new());
        let mut timeline = Self { scan, rules, offsets, doubtful, rank, covered, mixed };
        timeline.covered = rules.logs.iter().map(|(log, _)| timeline.stretches(log)).collect();
        timeline.mixed = timeline.on_one_clock();
        timeline
    }

    fn on_one_clock(&self) -> HashMap<(usize, usize), Vec<Hit>> {
        let mut mixed = HashMap::new();
        let hits = self.scan.hits.iter().enumerate().flat_map(|(rule, own)| {
            own.iter().enumerate().filter(|(_, hits)| !hits.is_empty()).map(move |(at, hits)| (rule, at, hits))
        });
        for (rule, at, hits) in hits {
            let evidence = &self.rules.rules[rule].evidence[at];
            let zone = evidence.logs.first().map(|log| self.zone(*log));
            if evidence.logs.iter().any(|log| Some(self.zone(*log)) != zone) {
                let mut hits = hits.clone();
                hits.sort_by_cached_key(|hit| self.moment(&hit.record));
                mixed.insert((rule, at), hits);
            }
        }
        mixed
    }

    /// Hits of a piece of evidence, the earliest first.
    pub(super) fn hits(&self, rule: usize, id: EvidenceId) -> &[Hit] {
        self.mixed.get(&(rule, id.0)).map_or_else(|| self.scan.hits(rule, id), Vec::as_slice)
    }

    /// How `a` lies to `b`.
    pub(super) fn order(&self, a: &Record, b: &Record) -> Order {
        if a.log == b.log && (a.origin.artifact == b.origin.artifact || (a.stamp.is_some() && b.stamp.is_some())) {
            return match self.place(a).cmp(&self.place(b)) {
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

    /// Where a record stands among those of its kind.
    pub(super) fn place(&self, record: &Record) -> Place {
        record.place(self.rank.get(record.origin.artifact.place()).copied().unwrap_or(usize::MAX))
    }

    /// Where a record stands among all, told roughly: for lists that need one order.
    pub(super) fn moment(&self, record: &Record) -> Moment {
        let (stamp, rank, start, number) = self.place(record);
        let utc = |stamp: i64| match self.zone(record.log) {
            Zone::Utc => self.offsets.at_utc(stamp).unwrap_or(0),
            Zone::Local => 0,
        };
        (stamp.map(|stamp| stamp.0.saturating_add(utc(stamp.0))), rank, start, number)
    }

    /// Time from `a` to `b` at the coarser of the two resolutions; `None` where the clocks cannot be compared.
    pub(super) fn distance(&self, a: &Record, b: &Record) -> Option<i64> {
        let (from, to) = (a.stamp?.0, b.stamp?.0);
        let (one, other) = (a.origin.artifact, b.origin.artifact);
        if one != other && (self.doubtful.contains(&one) || self.doubtful.contains(&other)) {
            return None;
        }
        let coarse = self.resolution(a.log).max(self.resolution(b.log));
        let to = to.checked_add(self.shift(to, b.log, a.log)?)?;
        apart(Stamp(from), Stamp(to), coarse)
    }

    /// What to add to a stamp of `from` to read it on the clock of `to`.
    fn shift(&self, stamp: i64, from: LogKindId, to: LogKindId) -> Option<i64> {
        match (self.zone(from), self.zone(to)) {
            (Zone::Local, Zone::Utc) => self.offsets.at_local(stamp).map(|offset| -offset),
            (Zone::Utc, Zone::Local) => self.offsets.at_utc(stamp),
            _ => Some(0),
        }
    }

    /// Whether a kind is stamped by the local clock: records stand among all as they stand among those of their kind.
    pub(super) fn is_local(&self, log: LogKindId) -> bool {
        self.zone(log) == Zone::Local
    }

    fn zone(&self, log: LogKindId) -> Zone {
        self.rules.logs.get(log).zone()
    }

    fn resolution(&self, log: LogKindId) -> i64 {
        self.rules.logs.get(log).resolution()
    }

    /// Whether `record` lies in `bound`; `None` where the clocks cannot say.
    pub(super) fn admits(&self, bound: Bound<'_>, record: &Record) -> Option<bool> {
        let side = match (bound.side, self.order(bound.anchor, record)) {
            (Side::Either, _) => true,
            (_, Order::Unknown) => return None,
            // Nothing comes after itself; what two clocks cannot part comes after each other both ways.
            (_, Order::Together) => bound.anchor.log != record.log,
            (side, order) => (side == Side::After) == (order == Order::Before),
        };
        if !side || (bound.from.is_none() && bound.to.is_none() && bound.until.is_none()) {
            return Some(side);
        }
        if let Some((other, to)) = bound.until
            && self.distance(other, record)? > to
        {
            return Some(false);
        }
        let distance = self.distance(bound.anchor, record)?;
        Some(bound.from.is_none_or(|from| distance >= from) && bound.to.is_none_or(|to| distance <= to))
    }

    /// Whether an extent, told by its ends, lies in `bound`.
    pub(super) fn admits_all(&self, bound: Bound<'_>, ends: (&Record, &Record)) -> Option<bool> {
        all_of([ends.0, ends.1].into_iter().map(|end| self.admits(bound, end)))
    }

    /// Whether all records of a kind up to `record` lie below `bound`: `record` must have a stamp.
    pub(super) fn below(&self, bound: Bound<'_>, record: &Record) -> bool {
        let side = bound.side == Side::After
            && self.admits(Bound { from: None, to: None, until: None, ..bound }, record) == Some(false);
        side || self.beyond(bound.anchor, bound.from, record, Ordering::Less)
    }

    /// Whether all records of a kind from `record` on lie above `bound`: `record` must have a stamp.
    pub(super) fn above(&self, bound: Bound<'_>, record: &Record) -> bool {
        let side = bound.side == Side::Before
            && self.admits(Bound { from: None, to: None, until: None, ..bound }, record) == Some(false);
        let until = bound.until.is_some_and(|(other, to)| self.beyond(other, Some(to), record, Ordering::Greater));
        side || until || self.beyond(bound.anchor, bound.to, record, Ordering::Greater)
    }

    fn beyond(&self, anchor: &Record, end: Option<i64>, record: &Record, side: Ordering) -> bool {
        let Some(end) = end else { return false };
        self.distance(anchor, record).is_some_and(|distance| distance.cmp(&end) == side)
    }

    /// Sources of a kind that are whole files, not lines pasted into a mail.
    fn files(&self, log: LogKindId) -> impl Iterator<Item = &'a Source> {
        self.scan.sources.iter().filter(move |source| source.log == Some(log) && !source.excerpt)
    }

    /// What the files of a kind cover, in order; files that follow each other within the clock's resolution are one.
    fn stretches(&self, log: LogKindId) -> Vec<(i64, i64)> {
        let mut files: Vec<(i64, i64)> =
            self.files(log).filter_map(|source| Some((source.first?.0, source.last?.0))).collect();
        files.sort_unstable();
        let mut stretches: Vec<(i64, i64)> = Vec::new();
        for (first, last) in files {
            match stretches.last_mut() {
                Some(before) if first <= before.1.saturating_add(self.resolution(log)) => before.1 = before.1.max(last),
                _ => stretches.push((first, last)),
            }
        }
        stretches
    }

    /// Why "no hit in `log`" is no answer, whatever the time, if it is none.
    pub(super) fn gap(&self, log: LogKindId) -> Option<Missing> {
        if self.files(log).next().is_none() {
            return Some(Missing::new(log, self.unread(log).unwrap_or(Reason::Absent)));
        }
        self.files(log).find_map(|source| source.damaged).map(|damage| Missing::new(log, damage.into()))
    }

    /// A file that has the name of the kind but could not be read.
    fn unread(&self, log: LogKindId) -> Option<Reason> {
        let kind = self.rules.logs.get(log);
        let named = |place: &str| kind.files.include(place.rsplit(['/', '!']).next().unwrap_or(place));
        self.scan.problems.iter().find(|problem| named(&problem.source)).map(|problem| problem.kind.into())
    }

    /// Why the stream of `log` does not hold the whole of a closed stretch. A snapshot has no time to miss.
    pub(super) fn uncovered(&self, log: LogKindId, from: Point<'_>, to: Point<'_>) -> Option<Missing> {
        if self.rules.logs.get(log).snapshot.is_some() {
            return None;
        }
        let (Some((from, coarse)), Some((to, other))) = (self.on_clock(log, from), self.on_clock(log, to)) else {
            return Some(Missing::new(log, Reason::ClockUnknown));
        };
        // Each end is told on a clock of its own.
        let cut = |at: i64, coarse: i64| at.div_euclid(coarse) * coarse;
        let holds = |(first, last): &(i64, i64)| cut(*first, coarse) <= from && to <= cut(*last, other);
        let needed = Some((Stamp(from), Stamp(to)));
        let missing = Missing { needed, ..Missing::new(log, Reason::NotCovered) };
        (!self.covered[log.place()].iter().any(holds)).then_some(missing)
    }

    /// A point on the clock of `log`, with the resolution it is told at.
    fn on_clock(&self, log: LogKindId, (record, distance): Point<'_>) -> Option<(i64, i64)> {
        let coarse = self.resolution(record.log).max(self.resolution(log));
        let doubtful = |artifact| self.doubtful.contains(&artifact);
        if record.log != log
            && (doubtful(record.origin.artifact) || self.files(log).any(|source| doubtful(source.artifact)))
        {
            return None;
        }
        let stamp = record.stamp?.0;
        let at = stamp.checked_add(self.shift(stamp, record.log, log)?)?;
        Some(((at.div_euclid(coarse) * coarse).saturating_add(distance), coarse))
    }
}
