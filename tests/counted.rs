//! Hits that only count are let go while a log is read: what is told of it is the same.

use std::fmt::Write as _;

use casebook::bundle::{Bundle, Limits};
use casebook::diagnose::{USEFUL, diagnose};
use casebook::knowledge_base::KnowledgeBase;
use casebook::scan::{self, Options, Scan, Wanted};
use proptest::prelude::{prop, prop_assert_eq, proptest};

use crate::environment::Environment;

/// What the lines of a log say.
const SAID: [&str; 5] = [
    "Failed to open the store of 0x80070005",
    "Failed to open the store of 0x80070002",
    "Beginning to stage the package",
    "The package is staged at last",
    "Nothing that a rule asks for",
];

/// Signatures over what they say, each with its evidence by its place.
const SIGNATURES: [&str; 7] = [
    "opened",
    "opened and begun",
    "begun then staged within 5s",
    "begun then staged",
    "opened or begun",
    "begun and opened",
    "begun then staged within 5s then opened",
];

/// A knowledge base with a rule for each signature; `more` rules read the findings of the others.
fn base(environment: &Environment, more: bool) -> KnowledgeBase {
    environment.write("kb/casebook.yaml", "language: en\n");
    for (at, signature) in SIGNATURES.iter().enumerate() {
        let mut text = format!("rule: team/r{at}\ntitle: {{zh: 规则, en: Rule}}\nseverity: failure\nevidence:\n");
        for (name, line) in [
            ("opened", "Failed to open the store of {code:error}"),
            ("begun", "Beginning to stage the package"),
            ("staged", "The package is staged at last"),
        ] {
            if signature.contains(name) {
                write!(text, "  {name}:\n    log: cbs\n    line: {line}\n").unwrap();
            }
        }
        writeln!(text, "signature: {signature}").unwrap();
        environment.write(&format!("kb/rules/r{at}.yaml"), text);
    }
    if more {
        let reads = "rule: team/reads\ntitle: {zh: 规则, en: Rule}\nseverity: failure\nevidence: {}\nsignature: finding team/r0\n";
        environment.write("kb/rules/reads.yaml", reads);
    }
    KnowledgeBase::load(&environment.path("kb")).unwrap()
}

/// A log: what each line says, how many seconds after the one before it; negative where the clock was set back.
fn log(lines: &[(usize, i64)], from: i64) -> String {
    let mut at = from;
    let mut text = String::new();
    for (number, (said, after)) in lines.iter().enumerate() {
        at += after;
        let stamp = format!("2024-10-16 {:02}:{:02}:{:02}", at / 3600, at / 60 % 60, at % 60);
        writeln!(text, "{stamp}, Info                  CBS    {} {number}\r", SAID[*said]).unwrap();
    }
    text
}

/// The same in lines so long that a few of them are read in one go.
fn wide(log: &str) -> String {
    log.replace('\r', &format!("{}\r", " and so on".repeat(6000)))
}

/// Scans with so many hits held before any is let go.
fn scan(bundle: &Bundle, base: &KnowledgeBase, held: usize, threads: usize) -> Scan {
    let wanted = Some(Wanted { held, ..USEFUL });
    scan::scan(bundle, &base.rules, &Options { wanted, threads: Some(threads), ..Options::default() })
}

/// What is told of a scan.
fn told(scan: &Scan, base: &KnowledgeBase) -> String {
    let diagnosis = diagnose(scan, &base.rules, None, None, 1);
    format!("{:?} {:?}", diagnosis.findings, diagnosis.requests)
}

fn held(scan: &Scan) -> usize {
    scan.hits.iter().flatten().map(Vec::len).sum()
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn the_same_is_told(
        logs in prop::collection::vec(
            (prop::collection::vec((0..SAID.len(), prop::sample::select(vec![0i64, 0, 1, 1, 3, 8, -2])), 0..60), 40_000..40_060i64),
            1..3,
        ),
        apart in prop::sample::select(vec![0i64, 60, 120, 10_000]),
        least in 0..20usize,
        more in proptest::bool::ANY,
    ) {
        let environment = Environment::new();
        let base = base(&environment, more);
        for (at, (lines, from)) in logs.iter().enumerate() {
            // Of files that overlap, one may be a copy of another; where one goes on soon after another, so may a sequence.
            let from = from + apart * i64::try_from(at).unwrap();
            environment.write(&format!("logs/{at}/CBS.log"), log(lines, from));
        }
        let bundle = Bundle::open(&environment.path("logs"), &Limits::default()).unwrap();
        prop_assert_eq!(told(&scan(&bundle, &base, usize::MAX, 1), &base), told(&scan(&bundle, &base, least, 1), &base));
    }
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(40))]

    #[test]
    fn the_same_is_told_of_a_log_that_is_read_a_few_lines_at_a_time(
        lines in prop::collection::vec((prop::sample::select(vec![0usize, 2, 2, 2, 3, 3, 3]), prop::sample::select(vec![0i64, 1, 2, 3, 9])), 0..40),
        back in prop::option::weighted(0.3, 0..40usize),
        least in 0..6usize,
    ) {
        let environment = Environment::new();
        let base = base(&environment, false);
        let mut lines = lines;
        if let Some(line) = back.and_then(|back| lines.get_mut(back)) {
            line.1 = -4;
        }
        environment.write("logs/CBS.log", wide(&log(&lines, 40_000)));
        let bundle = Bundle::open(&environment.path("logs"), &Limits::default()).unwrap();
        prop_assert_eq!(told(&scan(&bundle, &base, usize::MAX, 1), &base), told(&scan(&bundle, &base, least, 1), &base));
    }
}

/// A log of more than one chunk, and of more than is read on one thread.
fn large() -> String {
    let lines: Vec<(usize, i64)> = (0..64_000).map(|at| (at % 4, i64::from(at % 16 == 0))).collect();
    log(&lines, 0).replace('\r', &format!("{}\r", " and so on".repeat(20)))
}

#[test]
fn a_log_of_which_every_line_is_a_hit_is_told_by_a_few_of_them() {
    let environment = Environment::new();
    let base = base(&environment, false);
    let text = large();
    assert!(text.len() > 16 << 20, "so large that it is read on all threads");
    environment.write("logs/CBS.log", text);
    let bundle = Bundle::open(&environment.path("logs"), &Limits::default()).unwrap();
    let whole = scan(&bundle, &base, usize::MAX, 1);
    assert!(held(&whole) > 200_000, "{}", held(&whole));
    for (least, threads) in [(0, 1), (1000, 1), (1000, 3)] {
        let left = scan(&bundle, &base, least, threads);
        assert!(held(&left) < 12_000, "{} with {least} on {threads}", held(&left));
        assert_eq!(told(&left, &base), told(&whole, &base), "with {least} on {threads}");
    }
}

#[test]
fn a_clock_that_is_set_back_is_looked_at_again() {
    let environment = Environment::new();
    let base = base(&environment, false);
    // After a sequence, one that nothing follows in time, until the clock is set back to before it.
    let mut lines = [(2, 0), (3, 1)].repeat(20);
    lines.extend([(2, 10), (2, 20), (3, 5), (3, -23), (0, 0), (3, 40)]);
    environment.write("logs/CBS.log", log(&lines, 40_000));
    let bundle = Bundle::open(&environment.path("logs"), &Limits::default()).unwrap();
    let (whole, left) = (scan(&bundle, &base, usize::MAX, 1), scan(&bundle, &base, 0, 1));
    assert_eq!(told(&left, &base), told(&whole, &base));
    assert_eq!(held(&left), held(&whole), "which hits follow each other is told only by all");
}

#[test]
fn hits_of_a_copy_are_looked_at_again() {
    let environment = Environment::new();
    let base = base(&environment, false);
    let lines: Vec<(usize, i64)> = (0..200).map(|at| (at % 4, 1)).collect();
    environment.write("logs/CBS.log", log(&lines, 0));
    environment.write("logs/copy/CBS.log", log(&lines[..100], 0));
    let bundle = Bundle::open(&environment.path("logs"), &Limits::default()).unwrap();
    let (whole, left) = (scan(&bundle, &base, usize::MAX, 1), scan(&bundle, &base, 0, 1));
    assert_eq!(held(&left), held(&whole), "which of them are copies is told only by all");
    assert_eq!(told(&left, &base), told(&whole, &base));
    // A log that goes on where another ends has none of its lines.
    environment.write("logs/copy/CBS.log", log(&lines[..100], 1000));
    let bundle = Bundle::open(&environment.path("logs"), &Limits::default()).unwrap();
    let (whole, left) = (scan(&bundle, &base, usize::MAX, 1), scan(&bundle, &base, 0, 1));
    assert!(held(&left) < held(&whole) / 2, "{} of {}", held(&left), held(&whole));
    assert_eq!(told(&left, &base), told(&whole, &base));
}

#[test]
fn a_sequence_that_goes_on_in_the_next_file_is_told() {
    let environment = Environment::new();
    let base = base(&environment, false);
    // What begins at the end of one file ends in the first line of the next, and after that only too late.
    let mut lines = [(2, 1), (3, 1)].repeat(20);
    lines.push((2, 1));
    environment.write("logs/CbsPersist_20241016.log", log(&lines, 1000));
    let after = [[(3, 0), (4, 20)].to_vec(), [(2, 1), (3, 1)].repeat(20)].concat();
    environment.write("logs/CBS.log", log(&after, 1043));
    let bundle = Bundle::open(&environment.path("logs"), &Limits::default()).unwrap();
    let (whole, left) = (scan(&bundle, &base, usize::MAX, 1), scan(&bundle, &base, 0, 1));
    assert!(held(&left) < held(&whole) / 2, "{} of {}", held(&left), held(&whole));
    assert_eq!(told(&left, &base), told(&whole, &base));
}
