//! What a condition means, on hits made by hand: times are seconds, one log `a` and one log `b` unless said.

use std::sync::Arc;

use super::*;
use crate::bundle::{ArtifactId, Encoding};
use crate::lang::Localized;
use crate::logs::{Clock, Framing, LogKind, LogKinds, Origin, Record, Section, SectionId, Snapshot};
use crate::rule::{
    BoundPattern, Capture, CaptureId, Cause, Collection, CompareOp, Comparison, Condition, Effort, Evidence,
    EvidenceId, Filter, Operand, Right, Rule, Scope, Step, Window,
};
use crate::scan::{Hit, Source};
use crate::value::{Type, Zone};

const SECOND: i64 = 1_000_000_000;

/// A bundle and one rule `r`, put together by hand.
struct World {
    rules: RuleSet,
    scan: Scan,
    next: u64,
}

fn kind(name: &str, resolution: i64, zone: Zone) -> LogKind {
    LogKind {
        name: name.to_owned(),
        title: Localized::default(),
        files: vec![format!("{name}.log")],
        framing: Framing::Lines(Vec::new()),
        recognise: Vec::new(),
        stamps: Vec::new(),
        sections: None,
        clock: Some(Clock { zone, resolution }),
        attempt: None,
        snapshot: None,
        fields: Vec::new(),
    }
}

impl World {
    /// Logs `a` (1 s), `b` (1 ms), `utc` (1 s, UTC) and the snapshot `acl`; `a` and `b` cover 0 to 1000 s.
    fn new(signature: Condition) -> World {
        let acl = LogKind {
            clock: None,
            snapshot: Some(Snapshot { about: Some("file".to_owned()) }),
            ..kind("acl", SECOND, Zone::Local)
        };
        let kinds = vec![
            kind("a", SECOND, Zone::Local),
            kind("b", SECOND / 1000, Zone::Local),
            kind("utc", SECOND, Zone::Utc),
            acl,
        ];
        let rule = Rule {
            name: "r".to_owned(),
            title: Localized::default(),
            severity: Severity::Failure,
            evidence: Vec::new(),
            captures: ["x", "y"].map(|name| Capture { name: name.to_owned(), ty: Type::Text }).into(),
            signature,
            explains: Vec::new(),
            causes: Vec::new(),
            tests: Vec::new(),
        };
        let rules = RuleSet { logs: LogKinds::new(kinds), rules: vec![rule], ..RuleSet::default() };
        let scan = Scan { hits: vec![Vec::new()], ..Scan::default() };
        World { rules, scan, next: 0 }.source("a", 0, 1000).source("b", 0, 1000)
    }

    fn log(&self, name: &str) -> LogKindId {
        self.rules.logs.by_name(name).unwrap()
    }

    fn source(mut self, log: &str, first: i64, last: i64) -> World {
        let artifact = ArtifactId(self.scan.sources.len());
        self.scan.sources.push(Source {
            artifact,
            path: format!("{log}.log"),
            log: Some(self.log(log)),
            doubt: false,
            encoding: Encoding::Utf8,
            bytes: 0,
            lines: None,
            records: None,
            first: Some(Stamp(first * SECOND)),
            last: Some(Stamp(last * SECOND)),
            excerpt: false,
            damaged: None,
            problems: Vec::new(),
            utc_offset: None,
        });
        self
    }

    fn without(mut self, log: &str) -> World {
        let log = self.log(log);
        self.scan.sources.retain(|source| source.log != Some(log));
        self
    }

    /// Another piece of evidence, by its position.
    fn evidence(mut self, name: &str, logs: &[&str]) -> World {
        let logs = logs.iter().map(|log| self.log(log)).collect();
        self.rules.rules[0].evidence.push(Evidence {
            name: name.to_owned(),
            logs,
            lines: Vec::new(),
            section: None,
            fields: Vec::new(),
            filter: None,
        });
        self.scan.hits[0].push(Vec::new());
        self
    }

    /// A hit of the evidence called `name`: in milliseconds, with captures by position.
    fn hit(self, name: &str, log: &str, millis: i64, captures: &[(usize, &str)]) -> World {
        self.hit_in(name, log, millis, captures, None)
    }

    fn hit_in(
        mut self,
        name: &str,
        log: &str,
        millis: i64,
        captures: &[(usize, &str)],
        section: Option<usize>,
    ) -> World {
        self.next += 1;
        let kind = self.log(log);
        let artifact =
            self.scan.sources.iter().find(|source| source.log == Some(kind)).map_or(ArtifactId(99), |s| s.artifact);
        let record = Record {
            log: kind,
            origin: Origin {
                artifact,
                line: self.next,
                end_line: self.next,
                record: None,
                start: self.next,
                end: self.next + 1,
            },
            stamp: self.rules.logs.get(kind).clock.as_ref().map(|_| Stamp(millis * 1_000_000)),
            text: format!("{name} at {millis}"),
            message: String::new(),
            fields: Vec::new(),
            section: section.map(SectionId),
            attempt: None,
        };
        let captures = captures.iter().map(|(at, text)| (CaptureId(*at), Value::text(*text))).collect();
        let at = self.rules.rules[0].evidence.iter().position(|evidence| evidence.name == name).unwrap();
        self.scan.hits[0][at].push(Hit { record: Arc::new(record), captures });
        self
    }

    fn cause(mut self, id: &str, when: Condition) -> World {
        let title = Localized::default();
        self.rules.rules[0].causes.push(Cause { id: id.to_owned(), title, when: Some(when), remedies: Vec::new() });
        self
    }

    fn diagnose(&self) -> Diagnosis {
        diagnose(&self.scan, &self.rules, None, None)
    }

    /// `confirmed 2 [texts]`, `undetermined b:absent [texts]`, or `none`.
    fn verdict(&self) -> String {
        let diagnosis = self.diagnose();
        let Some(finding) = diagnosis.findings.first() else {
            return "none".to_owned();
        };
        let texts: Vec<&str> = finding.evidence.iter().map(|quote| quote.record.text.as_str()).collect();
        match finding.status {
            Status::Confirmed => format!("confirmed {} {texts:?}", finding.count),
            Status::Undetermined => format!("undetermined {} {texts:?}", self.reasons(&finding.missing)),
        }
    }

    fn reasons(&self, missing: &[Missing]) -> String {
        let words = missing.iter().map(|lack| format!("{}:{}", self.rules.logs.get(lack.log).name, lack.reason.key()));
        words.collect::<Vec<_>>().join(" ")
    }

    /// The causes as `id status reasons`.
    fn causes(&self) -> Vec<String> {
        let diagnosis = self.diagnose();
        let causes = diagnosis.findings[0].causes.iter();
        causes
            .map(|cause| {
                format!("{} {:?} {}", cause.id, cause.status, self.reasons(&cause.missing)).trim_end().to_owned()
            })
            .collect()
    }
}

fn e(at: usize) -> Condition {
    Condition::Evidence(EvidenceId(at))
}

fn all(parts: &[Condition]) -> Condition {
    Condition::All(parts.to_vec())
}

fn any(parts: &[Condition]) -> Condition {
    Condition::Any(parts.to_vec())
}

fn not(part: Condition) -> Condition {
    Condition::Not(Box::new(part))
}

fn seconds(seconds: i64) -> Window {
    Window(seconds * SECOND)
}

fn then(first: Condition, steps: &[(Condition, Option<i64>)]) -> Condition {
    let step = |(condition, within): &(Condition, Option<i64>)| Step {
        negated: false,
        condition: condition.clone(),
        within: within.map(seconds),
    };
    Condition::Then { first: Box::new(first), steps: steps.iter().map(step).collect() }
}

fn then_not(first: Condition, second: Condition, within: Option<i64>) -> Condition {
    let step = Step { negated: true, condition: second, within: within.map(seconds) };
    Condition::Then { first: Box::new(first), steps: vec![step] }
}

fn near(left: Condition, right: Condition, within: i64) -> Condition {
    Condition::Near { left: Box::new(left), right: Box::new(right), window: seconds(within) }
}

fn equals(capture: usize, text: &str) -> Filter {
    Filter::Compare(Box::new(Comparison {
        left: Operand::Capture { capture: CaptureId(capture), field: None },
        op: CompareOp::Equal,
        right: Right::One(Operand::Literal(Value::text(text))),
    }))
}

fn filtered(condition: Condition, filter: Filter) -> Condition {
    Condition::Where { condition: Box::new(condition), filter }
}

/// Evidence `p` in log a, `q` in log b, `s` in log a.
fn three(signature: Condition) -> World {
    World::new(signature).evidence("p", &["a"]).evidence("q", &["b"]).evidence("s", &["a"])
}

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
    let found = diagnose(&world.scan, &world.rules, None, Some(28_800));
    assert_eq!(found.findings[0].status, Status::Confirmed);
    assert!(diagnose(&world.scan, &world.rules, None, Some(0)).findings.is_empty());
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
        let section = |parent: &Option<usize>| Section { title: "t".to_owned(), parent: parent.map(SectionId) };
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
    let listed = |file: &str| {
        Arc::new(Record {
            log: LogKindId(3),
            origin: Origin { artifact: ArtifactId(2), line: 1, end_line: 1, record: None, start: 0, end: 1 },
            stamp: None,
            text: file.to_owned(),
            message: String::new(),
            fields: vec![("file".into(), file.to_owned())],
            section: None,
            attempt: None,
        })
    };
    world.scan.snapshots.push(listed("other"));
    assert_eq!(world.causes(), ["denied Open acl:not-listed"]);
    world.scan.snapshots.push(listed("mine"));
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
        world = world.hit("p", "a", at, &[(0, "x")]).hit("s", "a", at, &[(1, "y")]);
    }
    assert!(world.verdict().starts_with("undetermined a:too-many"), "{}", world.verdict());
}

#[test]
fn symptoms_stand_under_their_cause() {
    let mut world = three(e(0)).hit("p", "a", 0, &[]);
    let mut symptom = world.rules.rules[0].clone();
    symptom.name = "a/symptom".to_owned();
    world.rules.rules[0].explains.push("a/symptom".to_owned());
    world.rules.rules.push(symptom);
    world.scan.hits.push(world.scan.hits[0].clone());
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
    world.rules.rules.insert(0, reader);
    world.scan.hits.insert(0, vec![Vec::new(); 3]);
    let names =
        |world: &World| -> Vec<String> { world.diagnose().findings.into_iter().map(|finding| finding.name).collect() };
    assert_eq!(names(&world), ["r", "a/reader"]);
    world.rules.rules[0].signature = filtered(finding, same("two"));
    assert_eq!(names(&world), ["r"]);
}
