//! What is told without a search is what a search finds.

use proptest::prelude::{prop, prop_assert_eq, proptest};

use super::super::finding::find;
use super::super::solve::Solver;
use super::super::timeline::Timeline;
use super::*;

/// Conditions that may be told without a search, and some that look like it.
fn conditions() -> Vec<Condition> {
    vec![
        e(0),
        all(&[e(0), e(2)]),
        any(&[e(0), then(e(1), &[(e(0), Some(3))])]),
        then(e(0), &[(e(2), Some(2))]),
        then(e(0), &[(e(2), None)]),
        then(e(0), &[(e(2), Some(1)), (e(3), Some(2))]),
        then(e(0), &[(e(2), None), (e(3), Some(2))]),
        all(&[then(e(0), &[(e(2), Some(2))]), e(1)]),
        then(e(0), &[(e(1), Some(2))]),
        then(e(0), &[(e(0), Some(2))]),
        then(e(0), &[(filtered(e(2), equals(0, "one")), Some(2))]),
        then_not(e(0), e(2), Some(1)),
    ]
}

/// A hit: which evidence, when, what it captures.
type Own = (usize, i64, Option<(usize, bool)>);

fn world(condition: Condition, mut hits: Vec<Own>, ends: (i64, i64), unstamped: bool) -> World {
    let logs = ["a", "b", "a", "a"];
    let mut world = three(condition).evidence("t", &["a"]);
    world.scan.sources[0].first = Some(Stamp(ends.0 * SECOND));
    world.scan.sources[0].last = Some(Stamp(ends.1 * SECOND));
    // As a scan gives them: by time, then position.
    hits.sort_by_key(|(_, millis, _)| *millis);
    for (at, millis, capture) in hits {
        let captures: Vec<(usize, &str)> =
            capture.iter().map(|(name, one)| (*name, if *one { "one" } else { "two" })).collect();
        world = world.hit(["p", "q", "s", "t"][at], logs[at], millis, &captures);
    }
    if unstamped {
        for hits in &mut world.scan.hits[0] {
            if let Some(hit) = hits.first_mut() {
                Arc::make_mut(&mut hit.record).stamp = None;
            }
        }
    }
    world
}

proptest! {
    #[test]
    fn the_same_is_found_one_by_one(
        which in 0..conditions().len(),
        hits in prop::collection::vec((0..4usize, 0..12_000i64, prop::option::of((0..2usize, proptest::bool::ANY))), 0..14),
        ends in (0..6i64, 6..14i64),
        unstamped in proptest::bool::ANY,
    ) {
        let world = world(conditions().swap_remove(which), hits, ends, unstamped);
        let timeline = Timeline::new(&world.scan, &world.rules, None);
        let found = |one_by_one: bool| {
            let solver = Solver::new(0, &world.rules, &world.scan, &timeline, &[]);
            find(&solver, one_by_one).map(|found| Finding { past: Vec::new(), ..found })
        };
        prop_assert_eq!(format!("{:?}", found(false)), format!("{:?}", found(true)));
    }
}

#[test]
fn a_sequence_that_happens_again_and_again_takes_a_step_each_time() {
    let mut world = three(then(e(0), &[(e(2), Some(5))]));
    for at in 0..1000 {
        world = world.hit("p", "a", at * 10_000, &[]).hit("s", "a", at * 10_000 + 1000, &[]);
    }
    let diagnosis = world.diagnose();
    assert_eq!((diagnosis.findings[0].count, diagnosis.steps), (1000, 1001));
    assert_eq!(world.verdict(), r#"confirmed 1000 ["p at 9990000", "s at 9991000"]"#);
}
