//! Hits that only count, let go where the records of a piece of text are tried: which of them are asked for after all is
//! told when the piece ends.

use std::sync::atomic::{AtomicBool, Ordering};

use foldhash::HashMap;

use crate::rule::{EvidenceId, RuleSet};
use crate::value::Stamp;

use super::Wanted;
use super::needs::{Need, Passed, Settled, Standing};

/// What is let go of an artifact: told by the thread that keeps its hits, asked by all.
#[derive(Default)]
pub(super) struct Lets {
    go: AtomicBool,
    sequences: AtomicBool,
}

impl Lets {
    /// From now on, hits that only count are let go; those of sequences too, if stamps ascend.
    pub(super) fn begin(&self, ascend: bool) {
        self.go.store(true, Ordering::Relaxed);
        self.sequences.store(ascend, Ordering::Relaxed);
    }

    /// Those of sequences are kept: which of them count is told only when all are known.
    pub(super) fn keep_sequences(&self) {
        self.sequences.store(false, Ordering::Relaxed);
    }

    /// Whether any are let go.
    pub(super) fn go(&self) -> bool {
        self.go.load(Ordering::Relaxed)
    }

    /// Begins a piece of text.
    pub(super) fn runs(&self) -> Option<Runs> {
        let sequences = self.sequences.load(Ordering::Relaxed);
        self.go().then(|| Runs { by_evidence: HashMap::default(), by_rule: HashMap::default(), sequences })
    }
}

/// A record of a piece of text: which of those tried, and where it begins.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub(super) tried: usize,
    pub(super) place: usize,
}

/// Hits of one piece of evidence in a piece of text, one after the other.
struct Run {
    seen: usize,
    first: Stamp,
    latest: (Stamp, Spot),
    /// The latest was let go for now.
    open: bool,
    passed: usize,
    need: Need,
}

/// Hits of a rule's sequence in a piece of text, all of them let go for now.
#[derive(Default)]
struct Chain {
    /// Where those of each piece of the rule's evidence stand, in the order of the text.
    places: Vec<Standing>,
    /// The same as spots, each with the number of its evidence.
    spots: Vec<Vec<(Spot, usize)>>,
    latest: Option<Stamp>,
    /// One has no stamp of its own, or one that is earlier than that before it.
    disordered: bool,
}

/// What was let go of a piece of text.
pub(super) struct Runs {
    by_evidence: HashMap<usize, Run>,
    by_rule: HashMap<usize, Chain>,
    sequences: bool,
}

/// What became of the hits that were let go of a piece of text.
#[derive(Default)]
pub(super) struct Outcome {
    /// Which are asked for after all, in the order of their places: where, and of which evidence.
    pub(super) open: Vec<(Spot, usize)>,
    /// What is known of the others of each piece of evidence, by its number.
    pub(super) passed: Vec<(usize, Passed)>,
}

impl Runs {
    /// Whether one more hit, of a record with this stamp of its own, is let go, for now where it may be asked for after all.
    /// Of those of one piece of evidence the first two are not: so those that are asked for again are few beside the others.
    pub(super) fn lets_go(&self, number: usize, need: Need, stamp: Option<Stamp>) -> bool {
        let Some(stamp) = stamp else { return false };
        let run = || self.by_evidence.get(&number);
        match need {
            Need::All => false,
            Need::Chain => self.sequences,
            Need::First => run().is_some_and(|run| stamp >= run.first),
            Need::Ends => run().is_some_and(|run| run.seen > 1 && stamp >= run.latest.0),
        }
    }

    /// Notes a hit of the evidence with a number, which is a rule's at a position, let go or not.
    pub(super) fn add(
        &mut self,
        (number, (rule, at)): (usize, (usize, usize)),
        need: Need,
        stamp: Option<Stamp>,
        spot: Spot,
    ) {
        match (need, stamp) {
            (Need::Chain, _) if self.sequences => self.by_rule.entry(rule).or_default().add((number, at), stamp, spot),
            (Need::First | Need::Ends, Some(stamp)) => self.add_to_run(number, need, stamp, spot),
            _ => {}
        }
    }

    fn add_to_run(&mut self, number: usize, need: Need, stamp: Stamp, spot: Spot) {
        let gone = self.lets_go(number, need, Some(stamp));
        let new = || Run { seen: 0, first: stamp, latest: (stamp, spot), open: false, passed: 0, need };
        let run = self.by_evidence.entry(number).or_insert_with(new);
        run.seen += 1;
        run.first = run.first.min(stamp);
        if stamp >= run.latest.0 {
            run.latest = (stamp, spot);
        }
        // The latest so far is not gone for good; the one that was it before is, where it was let go.
        run.passed += usize::from(gone && (run.open || need == Need::First));
        run.open |= gone && need == Need::Ends;
    }

    /// What became of all of them.
    pub(super) fn finish(self, rules: &RuleSet, wanted: Wanted) -> Outcome {
        let mut outcome = Outcome::default();
        for (number, run) in in_order(self.by_evidence) {
            outcome.open.extend(run.open.then_some((run.latest.1, number)));
            let occurrences = if run.need == Need::Ends { run.passed } else { 0 };
            let span = Some((Some(run.first), Some(run.latest.0)));
            outcome.passed.push((number, Passed { hits: run.passed, occurrences, span }));
        }
        for (rule, chain) in in_order(self.by_rule) {
            chain.finish(|places| (wanted.settled)(rules, rule, places), &mut outcome);
        }
        outcome.open.sort_unstable_by_key(|(spot, number)| (spot.place, *number));
        outcome
    }
}

/// What is known by numbers, in their order.
fn in_order<T>(known: HashMap<usize, T>) -> Vec<(usize, T)> {
    let mut known: Vec<(usize, T)> = known.into_iter().collect();
    known.sort_unstable_by_key(|(number, _)| *number);
    known
}

impl Chain {
    fn add(&mut self, (number, at): (usize, usize), stamp: Option<Stamp>, spot: Spot) {
        self.disordered |= stamp.is_none() || stamp < self.latest;
        self.latest = self.latest.max(stamp);
        if self.places.len() <= at {
            self.places.resize(at + 1, Vec::new());
            self.spots.resize(at + 1, Vec::new());
        }
        // One without a stamp of its own was not let go.
        if stamp.is_some() {
            self.places[at].push((stamp, 0, spot.place as u64, None));
            self.spots[at].push((spot, number));
        }
    }

    /// Tells which hits are asked for after all: all, where their stamps do not tell which of them follow each other.
    fn finish(self, settled: impl Fn(&[Standing]) -> Option<Settled>, outcome: &mut Outcome) {
        let Self { places, spots, disordered, .. } = self;
        let Some(Settled { left, first, occurrences }) = (!disordered).then(|| settled(&places)).flatten() else {
            outcome.open.extend(spots.into_iter().flatten());
            return;
        };
        for (EvidenceId(at), mut left) in left {
            let (Some(places), Some(spots)) = (places.get(at), spots.get(at)) else { continue };
            let (Some((from, ..)), Some((to, ..)), Some((_, number))) = (places.first(), places.last(), spots.first())
            else {
                continue;
            };
            left.sort_unstable();
            left.dedup();
            let (hits, span) = (spots.len() - left.len(), Some((*from, *to)));
            let occurrences = if at == first.0 { occurrences } else { 0 };
            outcome.passed.push((*number, Passed { hits, occurrences, span }));
            outcome.open.extend(left.into_iter().filter_map(|at| spots.get(at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(sequences: bool) -> Runs {
        let lets = Lets::default();
        assert!(lets.runs().is_none(), "nothing is let go");
        lets.begin(sequences);
        lets.runs().unwrap()
    }

    /// Of the hits of every sequence nothing is asked for but the last of its second evidence.
    fn wanted() -> Wanted {
        let settled = |_: &RuleSet, _: usize, hits: &[Standing]| {
            let last = hits[1].len() - 1;
            let left = vec![(EvidenceId(0), Vec::new()), (EvidenceId(1), vec![last, last])];
            Some(Settled { left, first: EvidenceId(0), occurrences: last })
        };
        Wanted { asks: |_, _| false, fits: |_, _, _| true, needs: |_, _, _| Need::All, settled, held: 0 }
    }

    /// Places and evidence that are asked for after all, and what was let go.
    type Told = (Vec<(usize, usize)>, Vec<(usize, Passed)>);

    fn finish(runs: Runs) -> Told {
        let Outcome { open, mut passed } = runs.finish(&RuleSet::default(), wanted());
        passed.retain(|(_, passed)| passed.hits > 0);
        (open.iter().map(|(spot, number)| (spot.place, *number)).collect(), passed)
    }

    #[test]
    fn of_a_piece_of_text_the_latest_is_asked_for_again() {
        let mut runs = runs(true);
        let mut gone = Vec::new();
        for (place, stamp) in [5, 6, 7, 7, 4, 8, 2].into_iter().enumerate() {
            for (number, need) in [(0, Need::Ends), (1, Need::First), (2, Need::All)] {
                let stamp = Some(Stamp(stamp));
                if runs.lets_go(number, need, stamp) {
                    gone.push((number, place));
                }
                runs.add((number, (number, 0)), need, stamp, Spot { tried: place, place });
            }
        }
        gone.sort_unstable();
        assert_eq!(gone, [(0, 2), (0, 3), (0, 5), (1, 1), (1, 2), (1, 3), (1, 5)]);
        let span = Some((Some(Stamp(2)), Some(Stamp(8))));
        let first = Passed { hits: 4, occurrences: 0, span };
        assert_eq!(finish(runs), (vec![(5, 0)], vec![(0, Passed { hits: 2, occurrences: 2, span }), (1, first)]));
    }

    /// Hits of a sequence: evidence 3, then 4, each with a stamp.
    fn sequence(stamps: &[Option<i64>]) -> Told {
        let mut runs = runs(true);
        for (place, stamp) in stamps.iter().enumerate() {
            let stamp = stamp.map(Stamp);
            assert_eq!(runs.lets_go(3 + place % 2, Need::Chain, stamp), stamp.is_some());
            runs.add((3 + place % 2, (3, place % 2)), Need::Chain, stamp, Spot { tried: place, place });
        }
        finish(runs)
    }

    #[test]
    fn of_a_sequence_what_its_rule_asks_for_is_asked_for_again() {
        let passed = |hits, occurrences, from, to| {
            let span = Some((Some(Stamp(from)), Some(Stamp(to))));
            Passed { hits, occurrences, span }
        };
        let told = vec![(3, passed(3, 2, 1, 4)), (4, passed(2, 0, 2, 5))];
        assert_eq!(sequence(&[Some(1), Some(2), Some(3), Some(3), Some(4), Some(5)]), (vec![(5, 4)], told));
    }

    #[test]
    fn where_stamps_do_not_ascend_all_hits_of_a_sequence_are_asked_for_again() {
        let all = |places: &[usize]| (places.iter().map(|at| (*at, 3 + at % 2)).collect(), Vec::new());
        assert_eq!(sequence(&[Some(1), Some(2), Some(1), Some(3)]), all(&[0, 1, 2, 3]), "set back");
        assert_eq!(
            sequence(&[Some(1), None, Some(2), Some(3)]),
            all(&[0, 2, 3]),
            "one that has its stamp from elsewhere"
        );
    }

    #[test]
    fn hits_of_sequences_are_kept_where_they_are_not_to_be_let_go() {
        let runs = runs(false);
        assert!(!runs.lets_go(3, Need::Chain, Some(Stamp(1))));
        let lets = Lets::default();
        lets.begin(true);
        lets.keep_sequences();
        assert!(!lets.runs().unwrap().lets_go(3, Need::Chain, Some(Stamp(1))));
    }
}
