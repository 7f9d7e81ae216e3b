//! What conditions cost, counted in steps, on logs made to cost: every line hits every evidence, one entity, and windows
//! that hold everything.

use super::*;

/// The conditions whose cost grows with the hits, and whether they hold on the log; each is told by its words.
fn linear() -> Vec<(&'static str, Condition, bool)> {
    let wide = Some(1_000_000);
    let whole = |condition| Condition::Within { condition: Box::new(condition), window: seconds(1_000_000) };
    let tight = |condition| Condition::Within { condition: Box::new(condition), window: seconds(0) };
    let at_least = |count, condition, window: Option<i64>| Condition::AtLeast {
        count,
        condition: Box::new(condition),
        window: window.map(seconds),
    };
    let last = |what, before| Condition::LastBefore { what: Box::new(what), before: Box::new(before) };
    let first = |what, after| Condition::FirstAfter { what: Box::new(what), after: Box::new(after) };
    let chain = then(e(0), &[(e(1), wide), (e(2), wide)]);
    vec![
        ("p and q and s", all(&[e(0), e(1), e(2)]), true),
        ("p and not q", all(&[e(0), not(e(1))]), false),
        ("p then q then s within the whole log", chain.clone(), true),
        ("p then q then not s", then_last_not(then(e(0), &[(e(1), wide)]), e(2), wide), true),
        ("p then q then s, and never another", then_last_not(chain.clone(), e(3), wide), true),
        ("p then q then s where nothing fits", filtered(chain.clone(), equals(0, "other")), false),
        ("(p then q then s) within everything", whole(chain.clone()), true),
        ("(p and q and s) within everything", whole(all(&[e(0), e(1), e(2)])), true),
        ("(p then q then s) within nothing", tight(chain.clone()), false),
        ("p within everything of q", near(e(0), e(1), 1_000_000), true),
        ("p within nothing of q, and not s after", then_last_not(near(e(0), e(1), 0), e(2), wide), true),
        ("p then (q or s) then never", then(e(0), &[(any(&[e(1), e(2)]), wide), (e(3), wide)]), false),
        ("p then (q and not s) then never", then(e(0), &[(all(&[e(1), not(e(2))]), None), (e(3), None)]), false),
        ("p then (q and s)", then(e(0), &[(all(&[e(1), e(2)]), None)]), true),
        ("at least 3 p within nothing", at_least(3, e(0), Some(0)), false),
        ("p then at least 3 q within everything", then(e(0), &[(at_least(3, e(1), Some(1_000_000)), None)]), true),
        ("p then at least 3 q within nothing", then(e(0), &[(at_least(3, e(1), Some(0)), None)]), false),
        ("at least 3 (p then q)", at_least(3, then(e(0), &[(e(1), wide)]), None), true),
        ("last p before q", last(e(0), e(1)), true),
        ("first p after q, then never", then(first(e(0), e(1)), &[(e(3), None)]), false),
        (
            "two in one section",
            Condition::InOne { scope: Scope::Section, condition: Box::new(all(&[e(0), e(1)])) },
            true,
        ),
        (
            "two in one section where nothing fits",
            Condition::InOne {
                scope: Scope::Section,
                condition: Box::new(filtered(all(&[e(0), e(1)]), equals(0, "other"))),
            },
            false,
        ),
    ]
}

/// `condition then not what`.
fn then_last_not(condition: Condition, what: Condition, within: Option<i64>) -> Condition {
    then_not(condition, what, within)
}

/// A log of so many records, one a second, each a hit of p, q and s, every ten of them in a section of their own.
fn adversarial(signature: &Condition, records: i64) -> World {
    let mut world = World::new(signature.clone()).evidence("p", &["a"]).evidence("q", &["a"]).evidence("s", &["a"]);
    world = world.evidence("never", &["a"]);
    world.scan.sources[0].first = Some(Stamp(-3_000_000 * SECOND));
    world.scan.sources[0].last = Some(Stamp(3_000_000 * SECOND));
    for at in 0..records {
        let section = usize::try_from(at / 10).unwrap();
        if world.scan.sections.len() <= section {
            world.scan.sections.push(Section { title: "section".to_owned(), parent: None });
        }
        world = world.hit_in("p", "a", at * 1000, &[(0, "one")], Some(section));
        let record = Arc::clone(&world.scan.hits[0][0].last().unwrap().record);
        for other in [1, 2] {
            let hit = Hit { record: Arc::clone(&record), captures: [(CaptureId(0), Value::text("one"))].into() };
            world.scan.hits[0][other].push(hit);
        }
    }
    world
}

#[test]
fn ten_times_the_hits_cost_ten_times_the_steps() {
    for (words, condition, holds) in linear() {
        let small = adversarial(&condition, 200).diagnose();
        let large = adversarial(&condition, 2000).diagnose();
        let confirmed = large.findings.iter().any(|finding| finding.status == Status::Confirmed);
        assert_eq!(confirmed, holds, "{words}");
        let (few, many) = (small.steps, large.steps);
        assert!(many <= few * 12, "{words}: {few} steps for 200 records, {many} for 2000");
        assert!(many >= few, "{words}: {few} and {many}");
    }
}

#[test]
fn other_comparisons_stop_at_their_bound() {
    let less = Filter::Compare(Box::new(Comparison {
        left: Operand::Capture { capture: CaptureId(0), field: None },
        op: CompareOp::Equal,
        right: Right::One(Operand::Capture { capture: CaptureId(1), field: None }),
    }));
    let signature = filtered(all(&[e(0), e(1)]), less);
    let mut steps = Vec::new();
    for records in [300, 3000] {
        let mut world = World::new(signature.clone()).evidence("p", &["a"]).evidence("q", &["a"]);
        for at in 0..records {
            let (x, y) = (format!("x{at}"), format!("y{at}"));
            world = world.hit("p", "a", at * 1000, &[(0, &x)]).hit("q", "a", at * 1000, &[(1, &y)]);
        }
        steps.push(world.diagnose().steps);
    }
    assert!(steps[0] >= 300 * 300, "{steps:?}");
    assert!(steps[1] <= 1_000_000 + 6000 * 64 + 1000, "{steps:?}");
}
