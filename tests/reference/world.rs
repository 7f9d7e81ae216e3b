//! Random rules, as their authors would write them, and random logs for them.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;

use casebook::bundle::{ArtifactId, ProblemKind};
use casebook::compiler::{Layer, compile};
use casebook::diagnostic::Severity;
use casebook::logs::{Body, LogKindId, Origin, Record, Section, SectionId};
use casebook::rule::{CaptureId, Evidence, RuleSet};
use casebook::scan::{Hit, Scan, Source};
use casebook::source::SourceMap;
use casebook::syntax;
use casebook::value::{Stamp, Value};

/// Local time minus UTC of the machine, in seconds.
const OFFSET: i32 = 28_800;

/// Half a second in nanoseconds: times are told in ticks of it.
const TICK: i64 = 500_000_000;

/// A log of seconds, one of milliseconds, one of milliseconds in UTC, one without a clock, and a state that lists
/// subjects.
const KINDS: [&str; 5] = [
    r#"
log: a
title: {zh: a, en: a}
files: [a.log]
record: "^{time:%Y-%m-%d %H:%M:%S} {message}$"
clock: {zone: local, resolution: 1s}"#,
    r#"
log: b
title: {zh: b, en: b}
files: [b.log]
record: "^{time:%Y-%m-%d %H:%M:%S%.f} {message}$"
clock: {zone: local, resolution: 1ms}"#,
    r#"
log: u
title: {zh: u, en: u}
files: [u.log]
record: "^{time:%Y-%m-%d %H:%M:%S%.f} {message}$"
clock: {zone: utc, resolution: 1ms}"#,
    r#"
log: c
title: {zh: c, en: c}
files: [c.log]
record: "^{message}$""#,
    r#"
log: s
title: {zh: s, en: s}
files: [s.log]
record: "^{subject:word} {message}$"
snapshot: {about: subject}"#,
];

/// What every kind has beside.
const MARKS: &str = r#"
section: {begin: ["^begin {title}$"], end: ["^end$"]}
attempt: {begin: "start"}
"#;

/// Where the logs without a clock begin.
const CLOCKLESS: usize = 3;

/// A world before it is put together.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) evidence: Vec<(&'static str, bool, bool, Option<&'static str>)>,
    pub(super) signature: String,
    pub(super) cause: String,
    pub(super) second: String,
    pub(super) records: Vec<PlannedRecord>,
    pub(super) files: [File; 3],
    /// The same of the logs without a clock.
    pub(super) others: [Other; 2],
    pub(super) offset: bool,
}

/// A record: which log, when, what it is a hit of.
#[derive(Clone, Debug)]
pub(super) struct PlannedRecord {
    pub(super) kind: usize,
    pub(super) tick: i64,
    pub(super) late: bool,
    pub(super) hits: Vec<(usize, bool, bool, u8)>,
    pub(super) section: usize,
    pub(super) attempt: u32,
}

/// What the bundle holds of a log.
#[derive(Clone, Copy, Debug)]
pub(super) enum File {
    Absent,
    Damaged,
    /// From a tick to a tick.
    Whole(i64, i64),
    /// Two files, the second from a tick on.
    Split(i64, i64, i64),
}

/// What the bundle holds of a log without a clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Other {
    Absent,
    Damaged,
    Whole,
}

/// A world.
pub(super) struct World {
    pub(super) rules: RuleSet,
    pub(super) scan: Scan,
    pub(super) offset: Option<i32>,
}

fn leaf(finding: bool) -> BoxedStrategy<String> {
    let name = (0..3usize).prop_map(|at| format!("e{at}"));
    let filtered = (0..3usize, select(vec!["= 1", "!= 0", "> 0", "<= 1", "in (0, 2)"]))
        .prop_map(|(at, op)| format!("(e{at} where n{at} {op})"));
    let plain = prop_oneof![6 => name, 1 => filtered];
    if finding { prop_oneof![3 => plain, 2 => Just("finding t/one".to_owned())].boxed() } else { plain.boxed() }
}

fn window() -> impl Strategy<Value = &'static str> {
    select(vec!["0s", "1s", "2s", "500ms", "5s"])
}

/// An expression, all of it in parentheses.
pub(super) fn expression(finding: bool) -> BoxedStrategy<String> {
    leaf(finding)
        .prop_recursive(3, 8, 3, |part| {
            let p = part.clone();
            let two = (p.clone(), p.clone());
            let three = (p.clone(), p.clone(), p.clone());
            prop_oneof![
                two.clone().prop_map(|(a, b)| format!("({a} and {b})")),
                two.clone().prop_map(|(a, b)| format!("({a} and not {b})")),
                two.clone().prop_map(|(a, b)| format!("({a} or {b})")),
                two.clone().prop_map(|(a, b)| format!("({a} then {b})")),
                (two.clone(), window()).prop_map(|((a, b), w)| format!("({a} then {b} within {w})")),
                two.clone().prop_map(|(a, b)| format!("({a} then not {b})")),
                (two.clone(), window()).prop_map(|((a, b), w)| format!("({a} then not {b} within {w})")),
                (three.clone(), window(), window())
                    .prop_map(|((a, b, c), v, w)| format!("({a} then {b} within {v} then {c} within {w})")),
                (three.clone(), window()).prop_map(|((a, b, c), w)| format!("(({a} then {b} then {c}) within {w})")),
                (two.clone(), window()).prop_map(|((a, b), w)| format!("(({a} then not {b}) within {w})")),
                (two.clone(), window()).prop_map(|((a, b), w)| format!("(({a} and {b}) within {w})")),
                (two.clone(), window()).prop_map(|((a, b), w)| format!("({a} within {w} of {b})")),
                (2..4u8, p.clone()).prop_map(|(n, a)| format!("(at least {n} {a})")),
                (2..4u8, p.clone(), window()).prop_map(|(n, a, w)| format!("(at least {n} {a} within {w})")),
                three.clone().prop_map(|(a, b, c)| format!("(at least 2 of ({a}, {b}, {c}))")),
                (three.clone(), window())
                    .prop_map(|((a, b, c), w)| format!("(at least 2 of ({a}, {b}, {c}) within {w})")),
                two.clone().prop_map(|(a, b)| format!("(any of ({a}, {b}))")),
                two.clone().prop_map(|(a, b)| format!("(all of ({a}, {b}))")),
                two.clone().prop_map(|(a, b)| format!("(last {a} before {b})")),
                two.clone().prop_map(|(a, b)| format!("(first {a} after {b})")),
                two.clone().prop_map(|(a, b)| format!("(({a} and {b}) in one section)")),
                two.clone().prop_map(|(a, b)| format!("(({a} and not {b}) in one attempt)")),
                (two, 0..3usize, 0..3usize, select(vec!["<", "=", ">=", "!="]))
                    .prop_map(|((a, b), m, n, op)| format!("(({a} and {b}) where n{m} {op} n{n})")),
            ]
        })
        .boxed()
}

fn record() -> impl Strategy<Value = PlannedRecord> {
    let hit = (0..3usize, any::<bool>(), any::<bool>(), 0..3u8);
    let kind = prop_oneof![3 => 0..3usize, 1 => 3..5usize];
    (kind, 0..12i64, prop::bool::weighted(0.2), prop::collection::vec(hit, 1..4), 0..4usize, 0..3u32).prop_map(
        |(kind, tick, late, hits, section, attempt)| PlannedRecord { kind, tick, late, hits, section, attempt },
    )
}

fn file() -> impl Strategy<Value = File> {
    prop_oneof![
        1 => Just(File::Absent),
        1 => Just(File::Damaged),
        6 => (-40..8i64, 6..60i64).prop_map(|(from, to)| File::Whole(from, to)),
        2 => (-40..2i64, 3..9i64, 10..60i64).prop_map(|(from, at, to)| File::Split(from, at, to)),
    ]
}

pub(super) fn plan() -> impl Strategy<Value = Plan> {
    let log = prop_oneof![
        8 => select(vec!["a", "a", "b", "u", "[a, b]", "[a, u]"]),
        1 => select(vec!["c", "s", "s"]),
    ];
    let other = || select(vec![Other::Absent, Other::Damaged, Other::Whole, Other::Whole, Other::Whole]);
    let filter = prop_oneof![6 => Just(None), 1 => select(vec!["> 0", "!= 1"]).prop_map(Some)];
    (
        prop::collection::vec((log, prop::bool::weighted(0.4), prop::bool::weighted(0.2), filter), 3),
        expression(false),
        expression(false),
        expression(true),
        prop::collection::vec(record(), 1..14),
        [file(), file(), file()],
        [other(), other()],
        prop::bool::weighted(0.9),
    )
        .prop_map(|(evidence, signature, cause, second, records, files, others, offset)| Plan {
            evidence,
            signature,
            cause,
            second,
            records,
            files,
            others,
            offset,
        })
}

impl Plan {
    /// The rules as text.
    pub(super) fn text(&self) -> String {
        let mut text = KINDS.map(|kind| format!("{kind}{MARKS}")).join("---\n");
        for (name, signature) in [("t/one", &self.signature), ("t/two", &self.second)] {
            let _ = write!(text, "---\nrule: {name}\ntitle: {{zh: t, en: t}}\n");
            let named = |at: usize| signature.contains(&format!("e{at}")) || name == "t/one";
            text.push_str(if (0..3).any(named) { "evidence:\n" } else { "" });
            for (at, (log, x, y, filter)) in self.evidence.iter().enumerate() {
                // Evidence that no condition names would be quoted beside what the conditions chose.
                let own = format!("e{at}");
                if !(signature.contains(&own) || name == "t/one" && self.cause.contains(&own)) {
                    continue;
                }
                let hole =
                    |bound: bool, name: &str| if bound { format!("{{{name}:word}}") } else { "{:word}".to_owned() };
                let state = log.contains('s');
                let line = format!("e{at} {} {} {{n{at}:int}}", hole(*x && !state, "x"), hole(*y, "y"));
                let fields = format!(", fields: {{subject: \"{}\"}}", hole(*x, "x"));
                let fields = if state { fields.as_str() } else { "" };
                let filter = filter.map_or(String::new(), |filter| format!(", where: \"n{at} {filter}\""));
                let _ = writeln!(text, "  e{at}: {{log: {log}, line: \"{line}\"{fields}{filter}}}");
            }
            let _ = write!(text, "signature: |\n  {signature}\n");
            if name == "t/one" {
                let _ =
                    write!(text, "causes:\n  why:\n    title: {{zh: t, en: t}}\n    when: |\n      {}\n", self.cause);
            }
        }
        text
    }

    /// The world, if the compiler takes the rules.
    pub(super) fn build(&self) -> Option<World> {
        let mut map = SourceMap::new();
        let file = map.add("test.yaml".to_owned(), self.text());
        let mut faults = Vec::new();
        let declarations = syntax::parse(&map, file, &mut faults);
        let layer = Layer { declarations, rules: true, ..Layer::default() };
        let rules = compile(vec![layer], &mut faults);
        if faults.iter().any(|fault| fault.severity == Severity::Error) || rules.rules.len() != 2 {
            return None;
        }
        let scan = self.scan(&rules);
        Some(World { rules, scan, offset: self.offset.then_some(OFFSET) })
    }

    fn scan(&self, rules: &RuleSet) -> Scan {
        let mut scan = Scan {
            hits: rules.rules.iter().map(|rule| vec![Vec::new(); rule.evidence.len()]).collect(),
            sections: [None, Some(SectionId::at(0)), None]
                .map(|parent| Section { title: "s".to_owned(), parent })
                .into(),
            ..Scan::default()
        };
        let kinds: Vec<LogKindId> =
            ["a", "b", "u", "c", "s"].iter().map(|name| rules.logs.by_name(name).unwrap()).collect();
        for (kind, file) in self.files.iter().enumerate() {
            let stamp = |tick: i64| Some(Stamp(stamp(kind, tick, false)));
            match file {
                File::Absent => {}
                File::Damaged => scan.sources.push(source(kind, kinds[kind], stamp(0), stamp(11), true)),
                File::Whole(from, to) => scan.sources.push(source(kind, kinds[kind], stamp(*from), stamp(*to), false)),
                File::Split(from, at, to) => {
                    scan.sources.push(source(kind, kinds[kind], stamp(*from), stamp(at - 1), false));
                    scan.sources.push(source(kind + kinds.len(), kinds[kind], stamp(*at), stamp(*to), false));
                }
            }
        }
        for (kind, file) in self.others.iter().enumerate().filter(|(_, file)| **file != Other::Absent) {
            let kind = kind + CLOCKLESS;
            scan.sources.push(source(kind, kinds[kind], None, None, *file == Other::Damaged));
        }
        let mut planned: Vec<&PlannedRecord> = self.records.iter().collect();
        planned.sort_by_key(|record| stamp(record.kind, record.tick, record.late));
        for (at, planned) in planned.into_iter().enumerate() {
            let artifact = match self.files.get(planned.kind) {
                Some(File::Absent) => continue,
                None if self.others[planned.kind - CLOCKLESS] == Other::Absent => continue,
                Some(File::Split(_, split, _)) if planned.tick >= *split => ArtifactId::at(planned.kind + kinds.len()),
                _ => ArtifactId::at(planned.kind),
            };
            let record = Arc::new(planned.record(kinds[planned.kind], artifact, at as u64));
            if let Some(about) = rules.logs.get(record.log).about() {
                scan.subjects.entry(record.log).or_default().add(record.field(about).unwrap());
            }
            for (index, rule) in rules.rules.iter().enumerate() {
                for (number, evidence) in rule.evidence.iter().enumerate() {
                    if let Some(captures) = captures(evidence, &record) {
                        scan.hits[index][number].push(Hit { record: Arc::clone(&record), captures: captures.into() });
                    }
                }
            }
        }
        let ranks = scan.ranks();
        for hits in scan.hits.iter_mut().flatten() {
            hits.sort_by_key(|hit| {
                (hit.record.stamp, ranks[hit.record.origin.artifact.place()], hit.record.origin.start)
            });
        }
        scan
    }
}

/// What evidence captures of a record, if it is one of its hits.
fn captures(evidence: &Evidence, record: &Record) -> Option<Vec<(CaptureId, Value)>> {
    if !evidence.logs.contains(&record.log) {
        return None;
    }
    let line = [(&evidence.lines[0], Some(record.message()))];
    let fields = evidence.fields.iter().map(|(field, pattern)| (pattern, record.field(field)));
    let mut captures = Vec::new();
    for (pattern, text) in line.into_iter().chain(fields) {
        let found = pattern.pattern.find(text?)?;
        for captured in &found.captures {
            let bound = pattern.binds.iter().find(|(part, _)| *part == captured.part);
            captures.extend(bound.map(|(_, capture)| (*capture, captured.value.clone())));
        }
    }
    Some(captures)
}

impl PlannedRecord {
    fn record(&self, log: LogKindId, artifact: ArtifactId, at: u64) -> Record {
        let mut message = String::new();
        let subject = if self.hits.first().is_some_and(|(_, x, ..)| *x) { "p" } else { "q" };
        for (evidence, x, y, n) in &self.hits {
            let (x, y) = (if *x { "p" } else { "q" }, if *y { "r" } else { "s" });
            let _ = write!(message, "e{evidence} {x} {y} {n} ");
        }
        let origin = Origin::new(artifact, (at + 1, at + 1), None, at * 100..at * 100 + 99);
        Record {
            log,
            origin,
            stamp: (self.kind < CLOCKLESS).then(|| Stamp(stamp(self.kind, self.tick, self.late))),
            body: Body::new(&message, (self.kind > CLOCKLESS).then(|| ("subject".into(), subject))),
            section: (self.section > 0).then(|| SectionId::at(self.section - 1)),
            attempt: (self.attempt > 0).then(|| self.attempt - 1),
        }
    }
}

/// A tick on the clock of a kind; `late` is a millisecond later where the clock shows one.
fn stamp(kind: usize, tick: i64, late: bool) -> i64 {
    let at = tick * TICK + if late { 1_000_000 } else { 0 };
    match kind {
        0 => at.div_euclid(2 * TICK) * 2 * TICK,
        1 => at,
        _ => at - i64::from(OFFSET) * 2 * TICK,
    }
}

fn source(id: usize, log: LogKindId, first: Option<Stamp>, last: Option<Stamp>, damaged: bool) -> Source {
    Source {
        log: Some(log),
        first,
        last,
        damaged: damaged.then_some(ProblemKind::Truncated),
        ..Source::new(ArtifactId::at(id), format!("{id}.log"))
    }
}
