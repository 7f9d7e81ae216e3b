//! Phrases and a log: what the scan finds with its filter is what each pattern finds in every record of the log.
//!
//! The lines before the first empty one are patterns (`{}` is a hole), the rest is the log. The first byte says how near the
//! border of a chunk the log begins.
#![no_main]

use std::sync::LazyLock;

use casebook::bundle::{Bundle, Limits};
use casebook::compiler::{self, Layer};
use casebook::pattern::{Accepts, Hole, Options, Part, Pattern};
use casebook::rule::{BoundPattern, EvidenceId, RuleSet};
use casebook::scan;
use casebook::source::SourceMap;
use casebook::value::Type;
use libfuzzer_sys::fuzz_target;

const BASE: &str = "log: fuzz\ntitle: {zh: 日志, en: log}\nfiles: [\"fuzz.log\"]\nrecord: \"^{message}$\"\n---\n\
    rule: fuzz/all\ntitle: {zh: 全部, en: all}\nseverity: failure\nevidence: {a: {log: fuzz}}\nsignature: a\n---\n\
    rule: fuzz/one\ntitle: {zh: 一, en: one}\nseverity: failure\nevidence: {a: {log: fuzz, line: phrase}}\nsignature: a\n";

/// Bytes of a chunk.
const CHUNK: usize = 256 << 10;

/// A rule that every record is a hit of, and one to make others from.
static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    let mut map = SourceMap::new();
    let file = map.add("rules/x.yaml", BASE);
    let mut diagnostics = Vec::new();
    let declarations = casebook::syntax::parse(&map, file, &mut diagnostics);
    let layer = Layer { declarations, rules: true, own: true, scripts: Vec::new() };
    let rules = compiler::compile(vec![layer], &mut diagnostics);
    assert_eq!(rules.rules.len(), 2, "{diagnostics:?}");
    rules
});

fn pattern(line: &str) -> Option<Pattern> {
    let hole = || Part::Hole(Hole { name: None, accepts: Accepts::Typed(Type::Text) });
    let mut parts = Vec::new();
    for text in line.split("{}") {
        if !parts.is_empty() {
            parts.push(hole());
        }
        parts.push(Part::Literal(text.to_owned()));
    }
    parts.retain(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
    let literal = parts.iter().any(|part| matches!(part, Part::Literal(text) if !text.trim().is_empty()));
    if literal { Pattern::new(parts, Options::default()).ok() } else { None }
}

/// The rules: all, then one for each pattern.
fn rules(patterns: &[Pattern]) -> RuleSet {
    let mut rules = RULES.clone();
    let one = rules.rules.all_mut().pop().expect("two rules");
    for (at, pattern) in patterns.iter().enumerate() {
        let mut rule = one.clone();
        rule.name = format!("fuzz/one-{at:03}");
        rule.evidence[0].lines = vec![BoundPattern { pattern: pattern.clone(), binds: Vec::new() }];
        rules.rules.all_mut().push(rule);
    }
    rules
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    let Some((patterns, log)) = text.split_once("\n\n") else { return };
    let patterns: Vec<Pattern> = patterns.lines().take(12).filter_map(pattern).collect();
    let mut padded = String::new();
    if *first >= 128 {
        let before = CHUNK - usize::from(first - 128) * (log.len() + 1) / 127;
        while padded.len() < before {
            let line = (before - padded.len()).min(4000);
            padded.extend(std::iter::repeat_n('~', line.saturating_sub(1)));
            padded.push('\n');
        }
    }
    padded.push_str(log);
    let rules = rules(&patterns);
    let Ok(bundle) = Bundle::from_reader("fuzz.log", padded.as_bytes(), &Limits::default()) else { return };
    // With only the rules that have patterns the filter does its work, with the first one nothing can escape.
    let mut filtered = rules.clone();
    filtered.rules.all_mut().remove(0);
    let kind = rules.logs.iter().map(|(kind, _)| scan::Given::Kind(kind));
    let given = bundle.artifacts().iter().map(|artifact| artifact.id).zip(kind).collect();
    let options = scan::Options { threads: Some(1), given, ..scan::Options::default() };
    let (all, found) = (scan::scan(&bundle, &rules, &options), scan::scan(&bundle, &filtered, &options));
    // Blanks, zeros that a crash left, other controls and marks of an encoding are no record.
    let nothing = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '\u{feff}';
    assert!(!all.hits(0, EvidenceId(0)).is_empty() || padded.chars().all(nothing), "no record in {log:?}");
    for (at, pattern) in patterns.iter().enumerate() {
        let wanted = all.hits(0, EvidenceId(0)).iter().filter(|hit| pattern.matches(hit.record.message()));
        let wanted: Vec<_> = wanted.map(|hit| hit.record.origin.clone()).collect();
        let found: Vec<_> = found.hits(at, EvidenceId(0)).iter().map(|hit| hit.record.origin.clone()).collect();
        assert_eq!(found, wanted, "{:?} in {log:?}", pattern.parts());
    }
});
