//! Hits that only count: where a rule asks for some hits of its evidence and for how many others there are, those others are
//! let go, once many are held. So a log of which every line is a hit takes hardly more memory than one without.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::logs::Place;
use crate::rule::{EvidenceId, RuleSet};
use crate::value::{Stamp, Zone};

use super::Wanted;
use super::artifact::Found;
use super::offset::Offsets;
use super::plan::KindPlan;
use super::result::Hit;

/// Which part of the hits that are held has to come anew before it is asked which hits of sequences still count.
const PART: usize = 64;

/// What a rule asks of the hits of a piece of evidence in one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Each of them.
    All,
    /// The earliest alone.
    First,
    /// The earliest and the latest, and how many there are.
    Ends,
    /// Those that [`Wanted::settled`] tells, together with other evidence of the rule.
    Chain,
}

/// What is still asked for of the hits of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Of each piece of evidence, which hits.
    pub left: Vec<(EvidenceId, Vec<usize>)>,
    /// The evidence that a sequence begins with.
    pub first: EvidenceId,
    /// How many there are whose hits are not asked for.
    pub occurrences: usize,
}

/// What is known of hits that were let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// How many there were.
    pub hits: usize,
    /// How many occurrences began with one of them.
    pub occurrences: usize,
    /// The first and the last stamp.
    pub(super) span: Option<Span>,
}

/// Where the hits of one piece of evidence stand.
pub type Standing = Vec<Place>;

/// From one stamp to another.
type Span = (Option<Stamp>, Option<Stamp>);

fn both(one: Option<Span>, other: Option<Span>) -> Option<Span> {
    match (one, other) {
        (Some((from, to)), Some((first, last))) => Some((from.min(first), to.max(last))),
        (one, other) => one.or(other),
    }
}

fn span<'h>(hits: impl IntoIterator<Item = &'h Hit>) -> Option<Span> {
    hits.into_iter().fold(None, |span, hit| both(span, Some((hit.record.stamp, hit.record.stamp))))
}

impl Passed {
    /// Adds what is known of others.
    pub(super) fn add(&mut self, other: Passed) {
        self.hits = self.hits.saturating_add(other.hits);
        self.occurrences = self.occurrences.saturating_add(other.occurrences);
        self.span = both(self.span, other.span);
    }
}

/// Leaves those of the hits whose places are wanted; tells of the others.
fn leave(hits: &mut Vec<Hit>, mut wanted: Vec<usize>) -> Passed {
    wanted.sort_unstable();
    let mut passed = Passed::default();
    let mut at = 0;
    hits.retain(|hit| {
        let stays = wanted.binary_search(&at).is_ok();
        at += 1;
        if !stays {
            passed.hits += 1;
            passed.span = both(passed.span, span([hit]));
        }
        stays
    });
    passed
}

impl Need {
    /// Leaves those of the hits of one artifact, which stand as in it, that are asked for; tells of the others.
    fn leave(self, hits: &mut Vec<Hit>) -> Passed {
        let stamp = |at: &usize| hits.get(*at).and_then(|hit| hit.record.stamp);
        let all = || 0..hits.len();
        // Of hits of one time the earliest is the first one, and the latest the last. Those without a time come first.
        let earliest = || all().min_by_key(stamp);
        let wanted: Vec<usize> = match self {
            Need::All | Need::Chain => return Passed::default(),
            Need::First => earliest().into_iter().collect(),
            Need::Ends => {
                let stamped = all().filter(|at| stamp(at).is_some()).min_by_key(stamp);
                [earliest(), stamped, all().max_by_key(stamp)].into_iter().flatten().collect()
            }
        };
        let passed = leave(hits, wanted);
        match self {
            Need::Ends => Passed { occurrences: passed.hits, ..passed },
            _ => passed,
        }
    }
}

/// The hits of an artifact, by rule and evidence, each list as they stand in it, and what was let go of them.
#[derive(Default)]
pub(super) struct Hits {
    pub(super) held: BTreeMap<(usize, usize), Vec<Hit>>,
    pub(super) passed: BTreeMap<(usize, usize), Passed>,
    /// How many there were.
    pub(super) seen: usize,
    /// The latest stamp so far, and whether an earlier one came after it.
    latest: Option<Stamp>,
    disordered: bool,
    /// Rules that ask for sequences, how many of their hits came since it was last asked which of them count, and how many
    /// did then.
    chains: BTreeSet<usize>,
    since: usize,
    left: usize,
    /// Hits of sequences were let go.
    settled: bool,
}

impl Hits {
    /// Adds one.
    pub(super) fn add(&mut self, own: (usize, usize), hit: Hit) {
        self.disordered |= hit.record.stamp < self.latest;
        self.latest = self.latest.max(hit.record.stamp);
        self.seen += 1;
        self.held.entry(own).or_default().push(hit);
    }

    /// Whether they stand in another order than their stamps.
    pub(super) fn are_disordered(&self) -> bool {
        self.disordered
    }

    /// Lets go of the hits that are not asked for, of all that are held.
    pub(super) fn thin_all(&mut self, plan: &KindPlan, rules: &RuleSet, wanted: Wanted) {
        for (number, own) in plan.evidence.iter().enumerate() {
            if self.held.contains_key(own) {
                self.thin(*own, plan.need(number, rules, wanted));
            }
        }
        self.settle(rules, wanted);
    }

    /// The same for evidence of which a hit was added.
    pub(super) fn thin(&mut self, own: (usize, usize), need: Need) {
        if need == Need::Chain {
            self.chains.insert(own.0);
            self.since += 1;
        } else if let Some(hits) = self.held.get_mut(&own) {
            let passed = need.leave(hits);
            self.pass(own, passed);
        }
    }

    /// Notes what is known of hits that were let go.
    pub(super) fn pass(&mut self, own: (usize, usize), passed: Passed) {
        if passed.hits > 0 || passed.occurrences > 0 {
            self.passed.entry(own).or_default().add(passed);
        }
    }

    /// The latest stamp so far.
    pub(super) fn latest(&self) -> Option<Stamp> {
        self.latest
    }

    /// Notes what is known of hits that were let go of a piece of text whose other hits were added; `before` is the latest stamp
    /// before the piece.
    pub(super) fn pass_of_piece(&mut self, own: (usize, usize), passed: Passed, (need, before): (Need, Option<Stamp>)) {
        if let (Need::Chain, Some((first, last))) = (need, passed.span) {
            self.disordered |= first < before;
            self.latest = self.latest.max(last);
            self.settled |= passed.hits > 0;
        }
        self.pass(own, passed);
    }

    /// Lets go of hits of sequences that are not asked for, where so many came that it is worth asking.
    pub(super) fn settle_many(&mut self, rules: &RuleSet, wanted: Wanted) {
        if self.since > wanted.held / PART + self.left {
            self.settle(rules, wanted);
        }
    }

    /// Lets go of hits of sequences that are not asked for. Where stamps do not ascend, those to come may stand before them.
    fn settle(&mut self, rules: &RuleSet, wanted: Wanted) {
        (self.since, self.left) = (0, 0);
        for rule in self.chains.clone() {
            let evidence = rules.rules[rule].evidence.len();
            let hits = |at| self.held.get(&(rule, at)).map_or(&[][..], Vec::as_slice);
            let places = |at| hits(at).iter().map(|hit| hit.record.place(0)).collect();
            let told = || (wanted.settled)(rules, rule, &(0..evidence).map(places).collect::<Vec<_>>());
            let told = (!self.disordered).then(told).flatten();
            let Some(Settled { left, first, occurrences }) = told else {
                self.left += (0..evidence).map(|at| hits(at).len()).sum::<usize>();
                continue;
            };
            for (EvidenceId(at), left) in left {
                let Some(hits) = self.held.get_mut(&(rule, at)) else { continue };
                let passed = leave(hits, left);
                self.left += hits.len();
                self.settled |= passed.hits > 0;
                self.pass((rule, at), passed);
            }
            self.pass((rule, first.0), Passed { occurrences, ..Passed::default() });
        }
    }

    /// From the first hit of a rule to the last, those included that were let go.
    fn span(&self, rule: usize) -> Option<Span> {
        let own = (rule, 0)..=(rule, usize::MAX);
        let passed = self.passed.range(own.clone()).fold(None, |all, (_, passed)| both(all, passed.span));
        both(passed, span(self.held.range(own).flat_map(|(_, hits)| hits)))
    }
}

/// Whether a hit that was let go may be asked for when all artifacts are known: several of them may hold the same one, and
/// stamps that do not ascend, or are brought to another clock, stand in another order.
pub(super) fn missed(found: &[Found], rules: &RuleSet) -> bool {
    let constant = LazyCell::new(|| Offsets::new(found.iter().map(|one| &one.source), None).is_constant());
    // By local time, two stamps of the hour that the clock shows twice stand the other way round.
    let shifted = |one: &Found| {
        let zone = one.source.log.map(|log| rules.logs.get(log).zone());
        one.source.utc || zone == Some(Zone::Utc) && !*constant
    };
    let meet = |(from, to): Span, (first, last): Span| from <= last && first <= to;
    found.iter().enumerate().filter(|(_, one)| !one.hits.passed.is_empty()).any(|(at, one)| {
        let others = || found.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
        let rules: BTreeSet<usize> = one.hits.passed.keys().map(|(rule, _)| *rule).collect();
        let meets = |rule: usize| {
            let span = one.hits.span(rule);
            span.is_some_and(|own| others().filter_map(|other| other.hits.span(rule)).any(|other| meet(own, other)))
        };
        shifted(one) || (one.hits.settled && one.hits.disordered) || rules.into_iter().any(meets)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::result::Source;
    use super::*;
    use crate::bundle::ArtifactId;
    use crate::logs::{Body, Clock, LogKind, LogKindId, LogKinds, Origin, Record};

    fn hit(stamp: Option<i64>, line: u64) -> Hit {
        let record = Record {
            log: LogKindId::at(0),
            origin: Origin::new(ArtifactId::at(0), (line, line), None, line..line + 1),
            stamp: stamp.map(Stamp),
            body: Body::new("a", []),
            section: None,
            attempt: None,
        };
        Hit { record: Arc::new(record), captures: Box::default() }
    }

    fn hits(stamps: &[Option<i64>]) -> Vec<Hit> {
        stamps.iter().zip(1..).map(|(stamp, line)| hit(*stamp, line)).collect()
    }

    #[test]
    fn the_ends_are_left_wherever_they_stand() {
        let left = |need: Need, stamps: &[Option<i64>]| {
            let mut hits = hits(stamps);
            let passed = need.leave(&mut hits);
            (hits.iter().map(|hit| hit.record.origin.line).collect::<Vec<_>>(), passed.hits, passed.occurrences)
        };
        assert_eq!(left(Need::Ends, &[Some(5), Some(5), Some(7), Some(7)]), (vec![1, 4], 2, 2));
        assert_eq!(left(Need::Ends, &[Some(5), Some(3), Some(9), Some(4)]), (vec![2, 3], 2, 2));
        assert_eq!(
            left(Need::Ends, &[None, None, Some(4), Some(5), Some(6)]),
            (vec![1, 3, 5], 2, 2),
            "the first of a time"
        );
        assert_eq!(left(Need::Ends, &[None, None, None]), (vec![1, 3], 1, 1));
        assert_eq!(left(Need::Ends, &[Some(1)]), (vec![1], 0, 0));
        assert_eq!(left(Need::First, &[Some(5), Some(3), Some(3)]), (vec![2], 2, 0));
        assert_eq!(left(Need::All, &[Some(5), Some(3), Some(9)]), (vec![1, 2, 3], 0, 0));
        assert_eq!(left(Need::First, &[]), (vec![], 0, 0));
    }

    #[test]
    fn what_was_let_go_of_a_sequence_tells_whether_stamps_ascend_too() {
        let disordered = |need: Need, span: (i64, i64), next: i64| {
            let mut all = Hits::default();
            all.add((0, 0), hit(Some(5), 1));
            let passed = Passed { hits: 1, occurrences: 1, span: Some((Some(Stamp(span.0)), Some(Stamp(span.1)))) };
            all.pass_of_piece((0, 0), passed, (need, all.latest()));
            let of_piece = all.are_disordered();
            all.add((0, 0), hit(Some(next), 2));
            (of_piece, all.are_disordered())
        };
        assert_eq!(disordered(Need::Chain, (5, 8), 8), (false, false));
        assert_eq!(disordered(Need::Chain, (4, 8), 8), (true, true), "what was let go goes back");
        assert_eq!(disordered(Need::Chain, (5, 8), 7), (false, true), "what comes next does");
        assert_eq!(disordered(Need::Ends, (4, 8), 7), (false, false), "the ends need no order");
    }

    #[test]
    fn what_another_artifact_or_another_clock_puts_in_doubt_is_missed() {
        let clock = |zone| Some(Clock { zone, resolution: 1, utc: None });
        let kind = |name, zone| LogKind { clock: clock(zone), ..LogKind::of_lines(name, Vec::new()) };
        let rules =
            RuleSet { logs: LogKinds::new(vec![kind("a", Zone::Local), kind("u", Zone::Utc)]), ..RuleSet::default() };
        let found = |number: usize, log: &str, stamps: &[i64], thinned: bool| {
            let source = Source { log: rules.logs.by_name(log), ..Source::new(ArtifactId::at(number), log) };
            let mut found = Found::new(source);
            for hit in hits(&stamps.iter().map(|stamp| Some(*stamp)).collect::<Vec<_>>()) {
                found.hits.add((0, 0), hit);
            }
            if thinned {
                found.hits.thin((0, 0), Need::Ends);
            }
            found
        };
        let whole = |log| found(0, log, &[1, 2, 3], true);
        assert!(!missed(&[whole("a")], &rules));
        assert!(!missed(&[whole("a"), found(1, "a", &[4, 5], false)], &rules), "one after the other");
        assert!(missed(&[whole("a"), found(1, "a", &[3, 5], false)], &rules), "the same record may be in both");
        assert!(
            !missed(&[found(0, "a", &[1, 2, 3], false), found(1, "a", &[3, 5], false)], &rules),
            "nothing was let go"
        );
        let mut utc = whole("a");
        utc.source.utc = true;
        assert!(missed(&[utc], &rules), "stamps that are brought to local time");
        let mut summer = found(1, "a", &[], false);
        summer.source.utc_offsets = vec![(Stamp(1), 3600)];
        assert!(!missed(&[whole("u"), summer], &rules));
        let mut changes = found(1, "a", &[], false);
        changes.source.utc_offsets = vec![(Stamp(1), 3600), (Stamp(2), 7200)];
        assert!(missed(&[whole("u"), changes], &rules), "the hour that the clock shows twice");
    }
}
