//! What becomes of a finding: causes, support, ranking, requests.

use super::*;

#[test]
fn causes_are_confirmed_excluded_or_open() {
    let world = three(e(0)).hit("p", "a", 0, &[]).hit("s", "a", 0, &[]).cause("yes", e(2)).cause("no", e(1));
    assert_eq!(world.causes(), ["yes Confirmed", "no Excluded"]);
    let open = three(e(0)).without("b").hit("p", "a", 0, &[]).cause("open", all(&[e(1), not(e(2))]));
    assert_eq!(open.causes(), ["open Open b:absent"]);
}

/// `shown` of the snapshot `acl`, tied to `x` of the signature by a join.
fn snapshot_world() -> World {
    let mut world = World::new(e(0)).evidence("p", &["a"]).evidence("entry", &["acl"]).source("acl", 0, 0);
    let hole = crate::pattern::Part::Hole(crate::pattern::Hole {
        name: Some("x".to_owned()),
        accepts: crate::pattern::Accepts::Typed(Type::Text),
    });
    let options = crate::pattern::Options { at_start: true, at_end: true, exact_case: false };
    let pattern = crate::pattern::Pattern::new(vec![hole], options).unwrap();
    let bound = BoundPattern { pattern, binds: vec![(0, CaptureId(0))] };
    world.rules.rules[0].evidence[1].fields.push(("file".to_owned(), bound));
    world
}

#[test]
fn a_snapshot_that_does_not_list_the_subject_is_no_answer() {
    let mut world = snapshot_world().hit("p", "a", 0, &[(0, "mine")]).cause("denied", e(1));
    assert_eq!(world.causes(), ["denied Open acl:not-listed"]);
    world.scan.subjects.entry(LogKindId::at(3)).or_default().add("other");
    assert_eq!(world.causes(), ["denied Open acl:not-listed"]);
    world.scan.subjects.entry(LogKindId::at(3)).or_default().add("mine");
    assert_eq!(world.causes(), ["denied Excluded"]);
}

#[test]
fn unnamed_evidence_close_by_supports_and_corroborates() {
    let world = three(e(0)).hit("p", "a", 100_000, &[]).hit("q", "b", 101_000, &[(0, "22")]).hit(
        "s",
        "a",
        102_000,
        &[(0, "22")],
    );
    assert_eq!(world.verdict(), r#"confirmed 1 ["p at 100000", "q at 101000", "s at 102000"]"#);
    assert_eq!(world.diagnose().findings[0].captures, [("x".to_owned(), Value::text("22"))]);
    let far = three(e(0)).hit("p", "a", 100_000, &[]).hit("q", "b", 200_000, &[(0, "22")]);
    assert_eq!(far.verdict(), r#"confirmed 1 ["p at 100000"]"#);
}

#[test]
fn evidence_close_by_supports_only_where_its_filter_holds() {
    let world = |about: &str| {
        let mut world = three(e(0)).hit("p", "a", 100_000, &[(0, about)]).hit("q", "b", 101_000, &[]);
        world.rules.rules[0].evidence[1].filter = Some(equals(0, "mine"));
        world
    };
    assert_eq!(world("mine").verdict(), r#"confirmed 1 ["p at 100000", "q at 101000"]"#);
    assert_eq!(world("another").verdict(), r#"confirmed 1 ["p at 100000"]"#);
}

#[test]
fn the_request_is_the_cheapest_set_that_brings_what_is_missing() {
    let mut world = three(all(&[e(0), e(1)])).without("b").hit("p", "a", 0, &[]);
    let collection = |name: &str, minutes, yields: &[LogKindId]| Collection {
        name: name.to_owned(),
        title: Localized::default(),
        effort: Effort { minutes, restart: false, on_site: false },
        yields: yields.to_vec(),
        mentioned: Vec::new(),
        needs: Vec::new(),
        steps: Vec::new(),
    };
    let (b, utc) = (world.log("b"), world.log("utc"));
    world.rules.collections =
        vec![collection("all", 30, &[b, utc]), collection("just-b", 5, &[b]), collection("utc", 10, &[utc])];
    let names = |world: &World| -> Vec<String> {
        world.diagnose().requests.into_iter().map(|request| request.collection).collect()
    };
    assert_eq!(names(&world), ["just-b"]);
    // What happened is asked before why.
    let mut both = world.evidence("u", &["utc"]).cause("why", all(&[e(1), e(3)]));
    assert_eq!(names(&both), ["just-b"]);
    both.rules.rules[0].signature = e(0);
    assert_eq!(names(&both), ["just-b", "utc"]);
    both.rules.collections[0].effort.minutes = 12;
    assert_eq!(names(&both), ["all"]);
}

/// `r` explains a second rule that says the same.
fn with_symptom(mut world: World) -> World {
    let mut symptom = world.rules.rules[0].clone();
    symptom.name = "a/symptom".to_owned();
    world.rules.rules[0].explains.push("a/symptom".to_owned());
    world.rules.rules.all_mut().push(symptom);
    world.scan.hits.push(world.scan.hits[0].clone());
    world
}

#[test]
fn symptoms_stand_under_their_cause() {
    let world = with_symptom(three(e(0)).hit("p", "a", 0, &[]));
    let diagnosis = world.diagnose();
    let order: Vec<_> = diagnosis.findings.iter().map(|f| (f.name.as_str(), f.explained_by.as_deref())).collect();
    assert_eq!(order, [("r", None), ("a/symptom", Some("r"))]);
}

#[test]
fn a_rule_reads_the_finding_of_another() {
    let mut world = three(e(0)).hit("p", "a", 0, &[(0, "one")]);
    let mut reader = world.rules.rules[0].clone();
    reader.name = "a/reader".to_owned();
    let finding = Condition::Finding { rule: "r".to_owned(), alias: Some("f".to_owned()) };
    let same = |text: &str| {
        Filter::Compare(Box::new(Comparison {
            left: Operand::Finding { alias: "f".to_owned(), capture: "x".to_owned(), field: None },
            op: CompareOp::Equal,
            right: Right::One(Operand::Literal(Value::text(text))),
        }))
    };
    reader.signature = filtered(finding.clone(), same("one"));
    world.rules.rules.all_mut().insert(0, reader);
    world.scan.hits.insert(0, vec![Vec::new(); 3]);
    let names =
        |world: &World| -> Vec<String> { world.diagnose().findings.into_iter().map(|finding| finding.name).collect() };
    assert_eq!(names(&world), ["a/reader", "r"]);
    world.rules.rules[0].signature = filtered(finding, same("two"));
    assert_eq!(names(&world), ["r"]);
}

/// A world where `r` is read by a second rule with the signature `again`.
fn recurring(again: Condition) -> World {
    let mut world = three(e(0)).hit("p", "a", 1000, &[(0, "one")]).hit("p", "a", 2000, &[(0, "one")]);
    world = world.hit("p", "a", 3000, &[(0, "two")]);
    let mut reader = world.rules.rules[0].clone();
    reader.name = "again".to_owned();
    reader.signature = again;
    world.rules.rules.all_mut().push(reader);
    world.scan.hits.push(vec![Vec::new(); 3]);
    world
}

fn finding_of_r(alias: Option<&str>) -> Condition {
    Condition::Finding { rule: "r".to_owned(), alias: alias.map(str::to_owned) }
}

/// `status count [texts]` of the finding of `again`.
fn of_again(world: &World) -> String {
    let diagnosis = world.diagnose();
    let finding = diagnosis.findings.iter().find(|finding| finding.name == "again");
    finding.map_or_else(String::new, |finding| {
        let texts: Vec<&str> = finding.evidence.iter().map(|quote| quote.record.text()).collect();
        format!("{:?} {} {texts:?}", finding.status, finding.count)
    })
}

#[test]
fn the_same_failure_recurs() {
    let at_least = |count| Condition::AtLeast { count, condition: Box::new(finding_of_r(None)), window: None };
    assert_eq!(of_again(&recurring(at_least(3))), r#"Confirmed 1 ["p at 1000", "p at 2000", "p at 3000"]"#);
    assert_eq!(of_again(&recurring(at_least(4))), "");
}

#[test]
fn the_object_changes_while_the_failure_stays() {
    let differ = |op| {
        let operand = |alias: &str| Operand::Finding { alias: alias.to_owned(), capture: "x".to_owned(), field: None };
        let right = Right::One(operand("now"));
        Filter::Compare(Box::new(Comparison { left: operand("before"), op, right }))
    };
    let pair = then(finding_of_r(Some("before")), &[(finding_of_r(Some("now")), None)]);
    let changed = filtered(pair.clone(), differ(CompareOp::NotEqual));
    assert_eq!(of_again(&recurring(changed)), r#"Confirmed 2 ["p at 2000", "p at 3000"]"#);
    let same = filtered(pair, differ(CompareOp::Equal));
    assert_eq!(of_again(&recurring(same)), r#"Confirmed 1 ["p at 1000", "p at 2000"]"#);
}

#[test]
fn confirmed_causes_that_exclude_each_other_contradict() {
    let mut world = three(e(0)).hit("p", "a", 0, &[]).hit("q", "a", 1000, &[]);
    world = world.cause("one", e(1)).cause("other", e(1)).cause("third", e(1));
    world.rules.rules[0].causes[0].excludes.push("other".to_owned());
    let diagnosis = world.diagnose();
    let contradicts: Vec<_> =
        diagnosis.findings[0].causes.iter().map(|cause| (cause.id.as_str(), cause.contradicts.clone())).collect();
    let said = |id: &str| vec![id.to_owned()];
    assert_eq!(contradicts, [("one", said("other")), ("other", said("one")), ("third", Vec::new())]);
}

#[test]
fn a_finding_says_why_it_stands_where_it_does() {
    let world = with_symptom(three(e(0)).hit("p", "a", 2000, &[]));
    let diagnosis = world.diagnose();
    let common = [Rank::Severity(Severity::Failure), Rank::Last(Stamp(2 * SECOND)), Rank::Name];
    let cause = [Rank::Status(Status::Confirmed), Rank::Explains(vec!["a/symptom".to_owned()])];
    assert_eq!(diagnosis.findings[0].ranked, [&cause[..], &common].concat());
    let symptom = [Rank::Status(Status::Confirmed), Rank::ExplainedBy("r".to_owned())];
    assert_eq!(diagnosis.findings[1].ranked, [&symptom[..], &common].concat());
}

#[test]
fn the_last_occurrence_is_told_on_one_clock() {
    let world = World::new(any(&[e(0), e(1)])).evidence("p", &["a"]).evidence("q", &["utc"]);
    let mut world = world.source("utc", -29_000, -27_000).hit("p", "a", 100_000, &[]).hit("q", "utc", -28_500_000, &[]);
    world.scan.sources[0].utc_offsets = vec![(Stamp(0), 8 * 3600)];
    // 28 800 - 28 500 = 300 seconds on the local clock, after the 100 of `p`, though the stamp is smaller.
    assert_eq!(world.verdict(), r#"confirmed 2 ["q at -28500000"]"#);
    let diagnosis = world.diagnose();
    let times = (diagnosis.findings[0].first, diagnosis.findings[0].last);
    assert_eq!(times, (Some(Stamp(100 * SECOND)), Some(Stamp(-28_500 * SECOND))));
}

#[test]
fn occurrences_of_one_second_stand_as_their_log_has_them() {
    let either = || any(&[e(0), e(2)]);
    let world = three(either()).hit("s", "a", 100_000, &[]).hit("p", "a", 100_000, &[]);
    assert_eq!(world.verdict(), r#"confirmed 2 ["p at 100000"]"#);
    let world = three(either()).hit("p", "a", 100_000, &[]).hit("s", "a", 100_000, &[]);
    assert_eq!(world.verdict(), r#"confirmed 2 ["s at 100000"]"#);
}

#[test]
fn a_rule_that_nothing_speaks_for_is_not_solved() {
    let silent = |signature| three(signature).rules.rules.finds_nothing(0, |_| false);
    assert!(silent(e(0)));
    assert!(silent(all(&[not(e(1)), e(0)])));
    assert!(silent(any(&[e(0), all(&[e(1), not(e(2))])])));
    assert!(silent(then(e(0), &[(not(e(1)), None)])));
    assert!(!silent(not(e(0))), "it holds without a hit");
    assert!(!silent(any(&[e(0), not(e(1))])));
    assert!(!three(all(&[e(0), e(1)])).rules.rules.finds_nothing(0, |at| at.0 == 1), "one hit is a doubt");
}
