//! A finding is the same where hits that only count were let go.

use proptest::prelude::{prop, prop_assert_eq, proptest};

use super::super::needs::{needs, settled};
use super::*;
use crate::scan::{Need, Settled, Standing};

/// Signatures of which some hits only count, and some that look like it, each with what is asked of `p`, `q`, `s` and `t`;
/// `q` is in log b, the others in log a.
fn signatures() -> Vec<(Condition, [Need; 4])> {
    use Need::{All, Chain, Ends, First};
    vec![
        (e(0), [Ends, All, All, All]),
        (all(&[e(0), e(2)]), [Ends, All, First, All]),
        (all(&[e(2), e(1), e(0)]), [First, First, Ends, All]),
        (any(&[e(0), e(2)]), [Ends, All, Ends, All]),
        (then(e(0), &[(e(2), Some(2))]), [Chain, All, Chain, All]),
        (then(e(0), &[(e(2), None)]), [Chain, All, Chain, All]),
        (then(e(0), &[(e(2), Some(1)), (e(3), None)]), [Chain, All, Chain, Chain]),
        (then(e(0), &[(e(2), None), (e(3), None)]), [Chain, All, Chain, Chain]),
        (then(e(0), &[(e(2), None), (e(3), Some(2))]), [All; 4]),
        (all(&[then(e(0), &[(e(2), Some(2))]), e(1)]), [Chain, First, Chain, All]),
        (then(e(0), &[(e(1), Some(2))]), [All; 4]),
        (then(e(0), &[(e(0), Some(2))]), [All; 4]),
        (any(&[e(0), then(e(2), &[(e(3), Some(3))])]), [All; 4]),
        (filtered(e(0), equals(0, "one")), [All; 4]),
        (then_not(e(0), e(2), Some(1)), [All; 4]),
        (Condition::AtLeast { count: 2, condition: Box::new(e(0)), window: None }, [All; 4]),
    ]
}

/// A hit: which evidence, when, whether it captures something.
type Own = (usize, i64, bool);

fn world(signature: Condition, hits: Vec<Own>, clash: bool) -> World {
    world_of("a", signature, hits, clash)
}

/// The same with another log in place of a.
fn world_of(log: &str, signature: Condition, mut hits: Vec<Own>, clash: bool) -> World {
    let mut world = World::new(signature).source("utc", 0, 1000);
    for (name, log) in [("p", log), ("q", "b"), ("s", log), ("t", log)] {
        world = world.evidence(name, &[log]);
    }
    hits.sort_by_key(|(_, millis, _)| *millis);
    for (at, millis, captured) in hits {
        // Names that two pieces of evidence bind tie their hits.
        let capture = [(if clash { 0 } else { at % 2 }, if captured { "one" } else { "two" })];
        let captures = if clash || at < 2 { &capture[..] } else { &[] };
        world = world.hit(["p", "q", "s", "t"][at], [log, "b", log, log][at], millis, captures);
    }
    world
}

/// Where some hits stand.
fn places(hits: &[Hit]) -> Standing {
    hits.iter().map(|hit| hit.record.place(0)).collect()
}

/// Lets go of the hits of a sequence that are not asked for, of all that are known so far or of a part; says how many
/// occurrences it were.
fn settle(hits: &mut [Vec<Hit>], rules: &RuleSet) -> usize {
    let known: Vec<Standing> = hits.iter().map(|hits| places(hits)).collect();
    let Some(Settled { left, occurrences, .. }) = settled(rules, 0, &known) else { return 0 };
    for (EvidenceId(at), left) in left {
        let mut place = 0;
        hits[at].retain(|_| {
            place += 1;
            left.contains(&(place - 1))
        });
    }
    occurrences
}

/// The scan as it is when hits that only count were let go of every piece of so many, and of all after every so many pieces.
fn let_go(world: &World, every: usize, piece: usize) -> Scan {
    let rules = &world.rules;
    let mut scan = world.scan.clone();
    let mut waiting: Vec<(usize, Hit)> = Vec::new();
    for (at, hits) in scan.hits[0].iter_mut().enumerate() {
        let keep = |hits: &mut Vec<Hit>, kept: &[usize]| {
            let mut place = 0;
            hits.retain(|_| {
                place += 1;
                kept.contains(&(place - 1))
            });
        };
        match needs(rules, 0, EvidenceId(at)) {
            Need::All => {}
            Need::First => keep(hits, &[0]),
            Need::Ends => {
                let (last, before) = (hits.len().saturating_sub(1), hits.len());
                keep(hits, &[0, last]);
                let passed = before - hits.len();
                scan.passed.entry((0, at)).or_default().occurrences = passed;
            }
            Need::Chain => waiting.extend(hits.drain(..).map(|hit| (at, hit))),
        }
    }
    waiting.sort_by_key(|(_, hit)| (hit.record.stamp, hit.record.origin.start));
    let Some(Condition::Evidence(first)) = waiting.first().map(|_| first_of(&rules.rules[0].signature)) else {
        return scan;
    };
    for (number, some) in waiting.chunks(piece).enumerate() {
        let mut own = vec![Vec::new(); scan.hits[0].len()];
        for (at, hit) in some {
            own[*at].push(hit.clone());
        }
        // What is looked at one by one is not looked at as a part.
        let mut occurrences = if piece > 1 { settle(&mut own, rules) } else { 0 };
        scan.hits[0].iter_mut().zip(own).for_each(|(hits, own)| hits.extend(own));
        if number % every == 0 {
            occurrences += settle(&mut scan.hits[0], rules);
        }
        scan.passed.entry((0, first.0)).or_default().occurrences += occurrences;
    }
    scan
}

/// What a signature with a sequence begins with.
fn first_of(signature: &Condition) -> Condition {
    match signature {
        Condition::All(parts) => first_of(&parts[0]),
        Condition::Then { first, .. } => first_of(first),
        other => other.clone(),
    }
}

#[test]
fn what_is_asked_of_hits_is_told_by_the_signature() {
    for (signature, expected) in signatures() {
        let shown = format!("{signature:?}");
        let own = world(signature.clone(), Vec::new(), false);
        let told = |world: &World| [0, 1, 2, 3].map(|at| needs(&world.rules, 0, EvidenceId(at)));
        assert_eq!(told(&own), expected, "{shown}");
        // A cause that reads a piece of evidence may read any of its hits.
        assert_eq!(told(&own.cause("c", not(all(&[e(0), e(2)])))), [Need::All; 4], "{shown}");
    }
    let tied = world(all(&[e(0), e(2)]), vec![(0, 0, true), (2, 1, true)], true);
    assert_eq!(needs(&tied.rules, 0, EvidenceId(0)), Need::All, "a name ties them");
    let two = World::new(e(0)).evidence("u", &["a", "b"]);
    assert_eq!(needs(&two.rules, 0, EvidenceId(0)), Need::All, "two logs");
    let state = World::new(e(0)).evidence("u", &["acl"]);
    assert_eq!(needs(&state.rules, 0, EvidenceId(0)), Need::All, "a state");
}

#[test]
fn of_a_thousand_sequences_the_first_and_the_last_are_held() {
    let hits = (0..1000).flat_map(|at| [(0, at * 5000, true), (2, at * 5000 + 1000, true)]).collect();
    let world = world(then(e(0), &[(e(2), Some(2))]), hits, false);
    let scan = let_go(&world, 1, 1);
    assert_eq!([0, 2].map(|at| scan.hits[0][at].len()), [2, 2]);
    assert_eq!(scan.passed(0, EvidenceId(0)).occurrences, 998);
}

#[test]
fn of_a_part_that_goes_on_with_another_the_ends_and_what_goes_on_are_held() {
    // Each part begins with what ends the sequence of the one before.
    let hits = (0..1000).flat_map(|at| [(2, at * 5000, true), (0, at * 5000 + 4000, true)]).collect();
    let world = world(then(e(0), &[(e(2), Some(2))]), hits, false);
    let scan = let_go(&world, usize::MAX, 100);
    // Of the beginnings of a part the first, the last and the one that waits.
    assert_eq!([0, 2].map(|at| scan.hits[0][at].len()), [20 * 3, 20 * 3]);
    assert_eq!(scan.passed(0, EvidenceId(0)).occurrences, 20 * 47);
}

#[test]
fn what_can_come_to_nothing_any_more_is_let_go_and_what_still_can_is_held() {
    // One sequence, then beginnings that no end follows in time, the last of which may still be followed by one.
    let mut hits = vec![(0, 0, true), (2, 1000, true)];
    hits.extend((2..1000).map(|at| (0, at * 1000, true)));
    let begun = world(then(e(0), &[(e(2), Some(2))]), hits, false);
    let scan = let_go(&begun, 1, 1);
    let at: Vec<Option<Stamp>> = scan.hits[0][0].iter().map(|hit| hit.record.stamp).collect();
    assert_eq!(at, [0, 997, 998, 999].map(|second| Some(Stamp(second * SECOND))));
    assert_eq!(scan.passed(0, EvidenceId(0)).occurrences, 0);
    // As long as there is none, what there is in its place counts.
    let alone = world(then(e(0), &[(e(2), Some(2))]), vec![(0, 0, true), (0, 9000, true)], false);
    assert_eq!(let_go(&alone, 1, 1).hits[0][0].len(), 2);
}

proptest! {
    #[test]
    fn the_same_is_found(
        which in 0..signatures().len(),
        hits in prop::collection::vec((0..4usize, 0..12_000i64, proptest::bool::ANY), 0..24),
        every in 1..5usize,
        piece in 1..10usize,
        clash in proptest::bool::ANY,
        absent in prop::option::of(0..2usize),
        utc in proptest::bool::ANY,
    ) {
        let log = if utc { "utc" } else { "a" };
        let mut world = world_of(log, signatures().swap_remove(which).0, hits, clash);
        if let Some(absent) = absent {
            world = world.without([log, "b"][absent]);
        }
        let found = |scan: &Scan| diagnose(scan, &world.rules, None, None, 1);
        let (whole, left) = (found(&world.scan), found(&let_go(&world, every, piece)));
        prop_assert_eq!(format!("{:?} {:?}", whole.findings, whole.requests), format!("{:?} {:?}", left.findings, left.requests));
    }

    #[test]
    fn the_same_is_found_of_sequences_that_go_on_from_part_to_part(
        which in prop::sample::select(vec![4usize, 5, 6, 7, 9]),
        hits in prop::collection::vec((prop::sample::select(vec![0usize, 2, 2, 3]), 0..1500i64), 4..60),
        every in 1..8usize,
        piece in 2..12usize,
    ) {
        let mut now = 0;
        let hits = hits.into_iter().map(|(at, after)| {
            now += after;
            (at, now, true)
        });
        let world = world(signatures().swap_remove(which).0, hits.collect(), false);
        let found = |scan: &Scan| diagnose(scan, &world.rules, None, None, 1);
        let (whole, left) = (found(&world.scan), found(&let_go(&world, every, piece)));
        prop_assert_eq!(format!("{:?} {:?}", whole.findings, whole.requests), format!("{:?} {:?}", left.findings, left.requests));
    }
}
