//! What a condition means, on hits made by hand.

use super::*;

#[test]
fn a_sequence_is_exact() {
    let abc = || then(e(0), &[(e(1), None), (e(2), None)]);
    let right = three(abc()).hit("p", "a", 1000, &[]).hit("q", "b", 2000, &[]).hit("s", "a", 3000, &[]);
    assert_eq!(right.verdict(), r#"confirmed 1 ["p at 1000", "q at 2000", "s at 3000"]"#);
    let crossed = three(abc()).hit("p", "a", 1000, &[]).hit("s", "a", 2000, &[]).hit("q", "b", 3000, &[]);
    assert_eq!(crossed.verdict(), "none");
}

#[test]
fn windows_are_closed_intervals() {
    let within = || then(e(0), &[(e(2), Some(5))]);
    assert!(three(within()).hit("p", "a", 1000, &[]).hit("s", "a", 6000, &[]).verdict().starts_with("confirmed"));
    assert_eq!(three(within()).hit("p", "a", 1000, &[]).hit("s", "a", 7000, &[]).verdict(), "none");
}

#[test]
fn clocks_of_two_logs_compare_with_the_coarser_one() {
    let both = || near(e(1), e(0), 0);
    let same_second = three(both()).hit("p", "a", 18_000, &[]).hit("q", "b", 18_236, &[]);
    assert!(same_second.verdict().starts_with("confirmed"));
    let next_second = three(both()).hit("p", "a", 18_000, &[]).hit("q", "b", 19_000, &[]);
    assert_eq!(next_second.verdict(), "none");
    // 18 of the coarse clock may be 18.999: it is not certainly before.
    let maybe_after = three(then(e(1), &[(e(0), None)])).hit("q", "b", 18_236, &[]).hit("p", "a", 18_000, &[]);
    assert!(maybe_after.verdict().starts_with("confirmed"));
}

#[test]
fn equal_stamps_in_one_source_keep_its_order() {
    let backwards = three(then(e(0), &[(e(2), None)])).hit("s", "a", 1000, &[]).hit("p", "a", 1000, &[]);
    assert_eq!(backwards.verdict(), "none");
    let forwards = three(then(e(0), &[(e(2), None)])).hit("p", "a", 1000, &[]).hit("s", "a", 1000, &[]);
    assert!(forwards.verdict().starts_with("confirmed"));
}

#[test]
fn shifting_every_time_changes_nothing() {
    for shift in [0, 777_000, -5_000] {
        let at = |millis: i64| millis + shift + 10_000;
        let world = three(then(e(0), &[(e(1), Some(1))]))
            .hit("p", "a", at(0), &[])
            .hit("q", "b", at(1999), &[])
            .hit("p", "a", at(3000), &[])
            .hit("q", "b", at(5000), &[]);
        assert!(world.verdict().starts_with("confirmed 1 "), "shift {shift}: {}", world.verdict());
    }
}

#[test]
fn joined_captures_never_cross() {
    let joined = || then(e(0), &[(e(2), None)]);
    let crossed = three(joined()).hit("p", "a", 1000, &[(0, "one")]).hit("s", "a", 2000, &[(0, "two")]).hit(
        "p",
        "a",
        3000,
        &[(0, "two")],
    );
    assert_eq!(crossed.verdict(), "none");
    let paired = three(joined())
        .hit("p", "a", 1000, &[(0, "one")])
        .hit("p", "a", 1000, &[(0, "two")])
        .hit("s", "a", 2000, &[(0, "two")])
        .hit("s", "a", 3000, &[(0, "one")]);
    assert_eq!(paired.verdict(), r#"confirmed 2 ["p at 1000", "s at 2000"]"#);
}

#[test]
fn one_occurrence_an_anchor_and_the_last_in_full() {
    let world = three(then(e(0), &[(e(2), Some(5))]))
        .hit("p", "a", 1000, &[])
        .hit("s", "a", 2000, &[])
        .hit("s", "a", 3000, &[])
        .hit("p", "a", 9000, &[])
        .hit("s", "a", 9500, &[]);
    assert_eq!(world.verdict(), r#"confirmed 2 ["p at 9000", "s at 9500"]"#);
    let finding = &world.diagnose().findings[0];
    assert_eq!((finding.first, finding.last), (Some(Stamp(SECOND)), Some(Stamp(9 * SECOND))));
}

#[test]
fn the_same_name_in_two_parts_is_the_same_hit() {
    let signature = all(&[filtered(e(0), equals(0, "bad")), near(e(1), e(0), 10)]);
    let world = three(signature.clone())
        .hit("p", "a", 100_000, &[(0, "bad")])
        .hit("p", "a", 500_000, &[(0, "good")])
        .hit("q", "b", 500_000, &[]);
    assert_eq!(world.verdict(), "none");
    let near_the_bad_one = three(signature).hit("p", "a", 100_000, &[(0, "bad")]).hit("q", "b", 102_000, &[]);
    assert!(near_the_bad_one.verdict().starts_with("confirmed 1"));
}

#[test]
fn an_absent_log_is_no_answer() {
    let signature = all(&[e(0), near(e(1), e(0), 10)]);
    let world = three(signature.clone()).without("b").hit("p", "a", 1000, &[]);
    assert_eq!(world.verdict(), r#"undetermined b:absent ["p at 1000"]"#);
    // A later "false" still wins.
    let refuted = three(all(&[e(0), near(e(1), e(0), 10), e(2)])).without("b").hit("p", "a", 1000, &[]);
    assert_eq!(refuted.verdict(), "none");
    // Nothing seen of the signature at all: no finding.
    assert_eq!(three(signature).without("b").verdict(), "none");
}

#[test]
fn an_absent_log_makes_no_negation_true() {
    let world = three(all(&[e(0), not(e(1))])).without("b").hit("p", "a", 1000, &[]);
    assert_eq!(world.verdict(), r#"undetermined b:absent ["p at 1000"]"#);
    let present = three(all(&[e(0), not(e(1))])).hit("p", "a", 1000, &[]);
    assert!(present.verdict().starts_with("confirmed"));
}

#[test]
fn a_window_that_sticks_out_of_the_log_is_decided_only_by_hits_inside() {
    let signature = || near(e(1), e(0), 10);
    let short = three(signature()).without("b").source("b", 500, 600);
    assert_eq!(short.hit("p", "a", 1000, &[]).verdict(), r#"undetermined b:not-covered ["p at 1000"]"#);
    let inside = three(signature()).without("b").source("b", 0, 1);
    assert!(inside.hit("p", "a", 1000, &[]).hit("q", "b", 900, &[]).verdict().starts_with("confirmed"));
    let covered = three(signature()).hit("p", "a", 500_000, &[]).hit("q", "b", 900_000, &[]);
    assert_eq!(covered.verdict(), "none");
}

#[test]
fn then_not_asks_about_what_the_source_holds() {
    let forever = three(then_not(e(0), e(2), None)).hit("p", "a", 1000, &[]);
    assert!(forever.verdict().starts_with("confirmed"));
    let came = three(then_not(e(0), e(2), None)).hit("p", "a", 1000, &[]).hit("s", "a", 2000, &[]);
    assert_eq!(came.verdict(), "none");
    let late = three(then_not(e(0), e(2), Some(60))).hit("p", "a", 990_000, &[]);
    assert_eq!(late.verdict(), r#"undetermined a:not-covered ["p at 990000"]"#);
}

#[test]
fn an_or_counts_every_true_branch() {
    let world = three(any(&[e(0), e(2)])).hit("p", "a", 1000, &[]).hit("s", "a", 2000, &[]).hit("s", "a", 3000, &[]);
    assert_eq!(world.verdict(), r#"confirmed 3 ["s at 3000"]"#);
    let inside = three(all(&[any(&[e(0), e(2)]), e(1)])).hit("s", "a", 2000, &[]).hit("q", "b", 0, &[]);
    assert_eq!(inside.verdict(), r#"confirmed 1 ["q at 0", "s at 2000"]"#);
}

#[test]
fn a_list_of_logs_is_false_only_where_all_are_there() {
    let world = |without: &str| {
        World::new(all(&[e(0), not(e(1))])).evidence("p", &["a"]).evidence("q", &["b", "utc"]).without(without)
    };
    assert_eq!(world("b").hit("p", "a", 0, &[]).verdict(), r#"undetermined b:absent utc:absent ["p at 0"]"#);
    assert_eq!(world("utc").hit("p", "a", 0, &[]).verdict(), r#"undetermined utc:absent ["p at 0"]"#);
    let both = world("utc").source("utc", 0, 1000).hit("p", "a", 0, &[]);
    assert!(both.verdict().starts_with("confirmed"));
    assert_eq!(world("utc").hit("p", "a", 0, &[]).hit("q", "b", 0, &[]).verdict(), "none");
}

#[test]
fn local_and_utc_meet_only_through_the_offset() {
    let world = || {
        World::new(near(e(0), e(1), 5))
            .evidence("p", &["a"])
            .evidence("q", &["utc"])
            .without("a")
            .source("a", -100_000, 100_000)
            .source("utc", -100_000, 100_000)
            .hit("p", "a", 28_800_000, &[])
            .hit("q", "utc", 0, &[])
    };
    assert!(world().verdict().starts_with("undetermined utc:clock-unknown"), "{}", world().verdict());
    let world = world();
    let found = diagnose(&world.scan, &world.rules, None, Some(28_800), 1);
    assert_eq!(found.findings[0].status, Status::Confirmed);
    assert!(diagnose(&world.scan, &world.rules, None, Some(0), 1).findings.is_empty());
}

#[test]
fn a_log_whose_days_may_be_months_compares_with_no_other() {
    let world = |signature| three(signature).hit("p", "a", 1000, &[]).hit("q", "b", 2000, &[]).hit("s", "a", 3000, &[]);
    let doubtful = |signature| {
        let mut world = world(signature);
        let a = world.log("a");
        let source = world.scan.sources.iter_mut().find(|source| source.log == Some(a)).unwrap();
        source.clock_doubt = Some(crate::logs::ClockDoubt::DayOrder);
        world.verdict()
    };
    let across = || near(e(0), e(1), 5);
    assert!(world(across()).verdict().starts_with("confirmed"));
    assert!(doubtful(across()).contains("clock-unknown"), "{}", doubtful(across()));
    let within = || then(e(0), &[(e(2), Some(5))]);
    assert!(doubtful(within()).starts_with("confirmed"), "{}", doubtful(within()));
}

#[test]
fn summer_time_ends_between_two_logs() {
    let world = |utc| {
        let world = World::new(near(e(0), e(1), 5)).evidence("p", &["a"]).evidence("q", &["utc"]);
        let mut world = world.without("a").source("a", -1_000_000, 1_000_000).source("utc", -1_000_000, 1_000_000);
        // Two hours before UTC until 100 000 s, then one.
        let a = world.log("a");
        let source = world.scan.sources.iter_mut().find(|source| source.log == Some(a)).unwrap();
        source.utc_offsets = vec![(Stamp(0), 7200), (Stamp(103_600 * SECOND), 3600)];
        world.hit("p", "a", 50_000_000, &[]).hit("p", "a", 200_000_000, &[]).hit("q", "utc", utc, &[]).verdict()
    };
    assert!(world(42_800_000).starts_with("confirmed"), "{}", world(42_800_000));
    assert!(world(196_400_000).starts_with("confirmed"), "{}", world(196_400_000));
    assert_eq!(world(192_800_000), "none", "the offset of the summer is over");
}

#[test]
fn what_no_branch_bound_is_not_present() {
    let present = Filter::Compare(Box::new(Comparison {
        left: Operand::Capture { capture: CaptureId(0), field: None },
        op: CompareOp::Present,
        right: Right::Nothing,
    }));
    let world = || three(filtered(any(&[e(0), e(2)]), present.clone()));
    assert_eq!(world().hit("p", "a", 0, &[]).verdict(), "none");
    assert!(world().hit("p", "a", 0, &[(0, "x")]).verdict().starts_with("confirmed"));
}

#[test]
fn counting_within_a_window() {
    let thrice = |window| Condition::AtLeast { count: 3, condition: Box::new(e(0)), window };
    let world = |window, times: [i64; 3]| {
        let world = three(thrice(window));
        times.iter().fold(world, |world, at| world.hit("p", "a", at * 1000, &[]))
    };
    assert!(world(None, [1, 50, 99]).verdict().starts_with("confirmed"));
    assert!(world(Some(seconds(10)), [1, 5, 11]).verdict().starts_with("confirmed"));
    assert_eq!(world(Some(seconds(10)), [1, 5, 12]).verdict(), "none");
    assert_eq!(three(thrice(None)).hit("p", "a", 0, &[]).hit("p", "a", 1, &[]).verdict(), "none");
}

#[test]
fn two_of_three() {
    let two = || Condition::AtLeastOf { count: 2, conditions: vec![e(0), e(1), e(2)], window: None };
    assert!(three(two()).hit("p", "a", 0, &[]).hit("s", "a", 0, &[]).verdict().starts_with("confirmed"));
    assert_eq!(three(two()).hit("s", "a", 0, &[]).verdict(), "none");
}

#[test]
fn the_nearest_one_carries_its_captures() {
    let last = Condition::LastBefore { what: Box::new(e(0)), before: Box::new(e(2)) };
    let world = three(last)
        .hit("p", "a", 1000, &[(0, "first")])
        .hit("p", "a", 2000, &[(0, "second")])
        .hit("s", "a", 3000, &[])
        .hit("p", "a", 4000, &[(0, "third")]);
    let finding = &world.diagnose().findings[0];
    assert_eq!(finding.captures[0].1.text, "second");
}

#[test]
fn one_section_holds_all() {
    let one = || Condition::InOne { scope: Scope::Section, condition: Box::new(all(&[e(0), e(2)])) };
    let sections = |parents: &[Option<usize>]| -> Vec<Section> {
        let section = |parent: &Option<usize>| Section { title: "t".to_owned(), parent: parent.map(SectionId::at) };
        parents.iter().map(section).collect()
    };
    let mut apart = three(one()).hit_in("p", "a", 0, &[], Some(0)).hit_in("s", "a", 0, &[], Some(1));
    apart.scan.sections = sections(&[None, None]);
    assert_eq!(apart.verdict(), "none");
    let mut nested = three(one()).hit_in("p", "a", 0, &[], Some(0)).hit_in("s", "a", 0, &[], Some(1));
    nested.scan.sections = sections(&[None, Some(0)]);
    assert!(nested.verdict().starts_with("confirmed"));
}

#[test]
fn a_search_without_end_is_given_up() {
    // p and s meet only where a comparison over both holds, which it never does.
    let never = Filter::Compare(Box::new(Comparison {
        left: Operand::Capture { capture: CaptureId(0), field: None },
        op: CompareOp::Equal,
        right: Right::One(Operand::Capture { capture: CaptureId(1), field: None }),
    }));
    let mut world = three(filtered(all(&[e(0), e(2)]), never));
    for at in 0..1200 {
        let (x, y) = (format!("x{at}"), format!("y{at}"));
        world = world.hit("p", "a", at, &[(0, &x)]).hit("s", "a", at, &[(1, &y)]);
    }
    assert!(world.verdict().starts_with("undetermined a:too-many"), "{}", world.verdict());
}

/// `status log:reason from…to` of the finding, in seconds.
fn needed(world: &World) -> String {
    let diagnosis = world.diagnose();
    let Some(finding) = diagnosis.findings.first() else { return "none".to_owned() };
    let seconds = |stamp: Stamp| stamp.0 / SECOND;
    let one = |lack: &Missing| {
        let range = lack.needed.map(|(from, to)| format!(" {}…{}", seconds(from), seconds(to))).unwrap_or_default();
        format!("{}:{}{range}", world.rules.logs.get(lack.log).name, lack.reason.key())
    };
    format!("{:?} {}", finding.status, finding.missing.iter().map(one).collect::<Vec<_>>().join(" "))
}

#[test]
fn what_a_log_would_have_to_cover_is_told() {
    let nearby = || World::new(near(e(0), e(1), 10)).evidence("p", &["a"]).evidence("q", &["b"]);
    assert_eq!(needed(&nearby().hit("p", "a", 5_000, &[])), "Undetermined b:not-covered -5…15");
    assert_eq!(needed(&nearby().hit("p", "a", 500_000, &[])), "none");
    let ending = World::new(then_not(e(0), e(1), Some(30))).evidence("p", &["a"]).evidence("q", &["b"]);
    assert_eq!(needed(&ending.hit("p", "a", 990_000, &[])), "Undetermined b:not-covered 990…1020");
}

#[test]
fn the_step_before_may_be_what_the_log_does_not_hold() {
    let late = || World::new(all(&[e(2), then(e(0), &[(e(1), Some(10))])])).evidence("p", &["b"]).evidence("q", &["a"]);
    let world = |millis| late().evidence("s", &["a"]).hit("q", "a", millis, &[]).hit("s", "a", 0, &[]);
    assert_eq!(needed(&world(5_000)), "Undetermined b:not-covered -5…5");
    assert_eq!(needed(&world(50_000)), "none");
}

#[test]
fn the_beginning_of_a_log_alone_raises_no_finding() {
    let own = World::new(then(e(0), &[(e(1), Some(10))])).evidence("p", &["a"]).evidence("q", &["a"]);
    assert_eq!(needed(&own.hit("q", "a", 5_000, &[])), "none");
    let other = World::new(then(e(0), &[(e(1), Some(10))])).evidence("p", &["b"]).evidence("q", &["a"]);
    assert_eq!(needed(&other.hit("q", "a", 5_000, &[])), "Undetermined b:not-covered -5…5");
}

#[test]
fn a_gap_between_two_files_is_not_covered() {
    let world = |gap: i64| {
        let mut world = World::new(then_not(e(0), e(1), Some(30))).evidence("p", &["a"]).evidence("q", &["b"]);
        world.scan.sources[1].last = Some(Stamp(110 * SECOND));
        world.source("b", 110 + gap, 1000).hit("p", "a", 100_000, &[])
    };
    assert_eq!(needed(&world(0)), "Confirmed ");
    assert_eq!(needed(&world(5)), "Undetermined b:not-covered 100…130");
}

#[test]
fn a_forbidden_step_asks_only_about_its_own_stretch() {
    // q is bound by the first part already; it lies before p, so it does not forbid.
    let signature = all(&[e(1), then_not(e(0), e(1), Some(10))]);
    let world = three(signature).hit("q", "a", 0, &[]).hit("p", "a", 5_000, &[]);
    assert_eq!(world.verdict(), r#"confirmed 1 ["q at 0", "p at 5000"]"#);
}

#[test]
fn what_an_earlier_step_denies_or_counts_it_does_not_choose() {
    let denied = three(then(not(e(0)), &[(e(0), None)])).hit("p", "a", 0, &[]);
    assert_eq!(denied.verdict(), "none");
    let two = Condition::AtLeast { count: 2, condition: Box::new(e(0)), window: None };
    let counted = three(then(two, &[(e(0), None)]));
    let counted = counted.hit("p", "a", 0, &[]).hit("p", "a", 1000, &[]).hit("p", "a", 2000, &[]);
    assert_eq!(counted.verdict(), r#"confirmed 1 ["p at 0", "p at 1000", "p at 2000"]"#);
}
