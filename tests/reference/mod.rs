//! The reference interpreter: what the published language means, written again without a thought for speed, and compared
//! with the engine on random rules and logs.
//!
//! `CASEBOOK_PAIRS=100000 cargo test --test main reference` compares that many pairs instead of those of a normal run.

mod filter;
mod finding;
mod found;
mod leaf;
mod lists;
mod meaning;
mod occurrences;
mod read;
mod sequences;
mod time;
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::test_runner::{Config, TestCaseError, TestError, TestRng, TestRunner};

use casebook::diagnose::{self, CauseStatus, Diagnosis, USEFUL, diagnose};
use casebook::rule::{EvidenceId, RuleSet};
use casebook::scan::Scan;

use finding::{Finding, Status};
use world::{Plan, World};

/// Pairs of a normal run.
const PAIRS: u32 = 2_000;

/// How often what came of the pairs.
#[derive(Debug, Default)]
struct Tally {
    compared: u32,
    refused: u32,
    passed_over: u32,
    statuses: BTreeMap<&'static str, u32>,
    /// Words of the language in rules that were confirmed.
    words: BTreeMap<&'static str, u32>,
}

const WORDS: [&str; 20] = [
    " and ",
    "and not",
    " or ",
    " then ",
    "then not",
    "within",
    " of e",
    "at least 2 ",
    "at least 3 ",
    "at least 2 of",
    "any of",
    "all of",
    "last ",
    "first ",
    "in one section",
    "in one attempt",
    "where n",
    " >= n",
    "finding",
    ") within",
];

#[test]
fn engine_and_reference_agree() {
    let pairs = std::env::var("CASEBOOK_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(PAIRS);
    let config = Config { cases: pairs, failure_persistence: None, max_global_rejects: u32::MAX, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let tally = RefCell::new(Tally::default());
    let compare = |plan: Plan| {
        let Some(world) = plan.build() else {
            tally.borrow_mut().refused += 1;
            return Err(TestCaseError::reject("the compiler refuses the rules"));
        };
        compare(&plan, &world, &mut tally.borrow_mut()).map_err(TestCaseError::fail)
    };
    match TestRunner::new_with_rng(config, rng).run(&world::plan(), compare) {
        Ok(()) => {}
        Err(TestError::Fail(reason, plan)) => panic!("{reason}\n{}", shown(&plan)),
        Err(other) => panic!("{other}"),
    }
    let tally = tally.into_inner();
    println!("{tally:?}");
    // A comparison of nothing with nothing would agree as well.
    assert!(tally.refused < tally.compared, "{tally:?}");
    assert!(tally.passed_over * 50 < tally.compared, "{tally:?}");
    for status in ["confirmed", "undetermined", "none"] {
        let share = tally.statuses.get(status).copied().unwrap_or_default();
        assert!(share * 7 >= tally.compared, "{status}: {tally:?}");
    }
    for word in WORDS {
        assert!(tally.words.contains_key(word), "no confirmed finding with `{word}`: {tally:?}");
    }
}

/// What the two say of a world: an error tells how they differ.
fn compare(plan: &Plan, world: &World, tally: &mut Tally) -> Result<(), String> {
    let Some(expected) = finding::findings(&world.scan, &world.rules, world.offset) else {
        tally.passed_over += 1;
        return Ok(());
    };
    tally.compared += 1;
    // A scan may leave out what can never count: that changes nothing.
    let diagnoses = [&world.scan, &without(&world.scan, &world.rules)];
    let diagnoses = diagnoses.map(|scan| diagnose(scan, &world.rules, None, world.offset, 1));
    for (rule, text) in [("t/one", &plan.signature), ("t/two", &plan.second)] {
        let own = expected.iter().find(|finding| finding.rule == rule);
        *tally.statuses.entry(word(own)).or_default() += 1;
        if own.is_some_and(|own| own.status == Status::Confirmed) {
            for word in WORDS.into_iter().filter(|word| text.contains(word)) {
                *tally.words.entry(word).or_default() += 1;
            }
        }
        diagnoses.iter().try_for_each(|diagnosis| agree(own, rule, diagnosis))?;
    }
    Ok(())
}

/// The scan without the hits that can never count.
fn without(scan: &Scan, rules: &RuleSet) -> Scan {
    let mut scan = scan.clone();
    for (hits, rule) in scan.hits.iter_mut().zip(&rules.rules) {
        for (at, hits) in hits.iter_mut().enumerate() {
            let asked = (USEFUL.asks)(rule, EvidenceId(at));
            hits.retain(|hit| !asked || (USEFUL.fits)(rule, EvidenceId(at), &hit.captures));
        }
    }
    scan
}

fn word(finding: Option<&Finding>) -> &'static str {
    match finding.map(|finding| finding.status) {
        Some(Status::Confirmed) => "confirmed",
        Some(Status::Undetermined) => "undetermined",
        None => "none",
    }
}

fn agree(expected: Option<&Finding>, rule: &str, diagnosis: &Diagnosis) -> Result<(), String> {
    let actual = diagnosis.findings.iter().find(|finding| finding.name == rule);
    let status = actual.map_or("none", |actual| match actual.status {
        diagnose::Status::Confirmed => "confirmed",
        diagnose::Status::Undetermined => "undetermined",
    });
    let same = |what: &str, expected: String, actual: String| {
        if expected == actual { Ok(()) } else { Err(format!("{rule}: {what}: expected {expected}, got {actual}")) }
    };
    same("status", word(expected).to_owned(), status.to_owned())?;
    let (Some(expected), Some(actual)) = (expected, actual) else { return Ok(()) };
    if expected.status == Status::Undetermined {
        return Ok(());
    }
    same("count", expected.count.to_string(), actual.count.to_string())?;
    let captures = |captures: &[(String, casebook::value::Value)]| format!("{captures:?}");
    same("captures", captures(&expected.captures), captures(&actual.captures))?;
    // Two names of one record stand in no order.
    let mut quotes: Vec<_> =
        actual.evidence.iter().map(|quote| (quote.record.origin.start, quote.name.clone())).collect();
    let mut expected_quotes: Vec<_> =
        expected.quotes.iter().map(|(name, record)| (record.origin.start, name.clone())).collect();
    quotes.sort();
    expected_quotes.sort();
    same("quotes", format!("{expected_quotes:?}"), format!("{quotes:?}"))?;
    same("times", format!("{:?}", (expected.first, expected.last)), format!("{:?}", (actual.first, actual.last)))?;
    for ((id, expected), actual) in expected.causes.iter().zip(&actual.causes) {
        let expected = match expected {
            Some(true) => CauseStatus::Confirmed,
            Some(false) => CauseStatus::Excluded,
            None => CauseStatus::Open,
        };
        same(id, format!("{expected:?}"), format!("{:?}", actual.status))?;
    }
    Ok(())
}

/// A world to read.
fn shown(plan: &Plan) -> String {
    let text = plan.text();
    let rules = text.rsplit("---\nrule: t/one").next().unwrap_or_default();
    let mut shown = format!("rule: t/one{rules}\n");
    for record in &plan.records {
        let _ = writeln!(shown, "{record:?}");
    }
    format!("{shown}{:?} {:?} offset {}", plan.files, plan.others, plan.offset)
}
