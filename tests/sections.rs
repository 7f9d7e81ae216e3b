//! Sections of a log of which only some are gone through: what a hit lies in, and when it was, is the same as where every
//! record is framed.

use std::sync::LazyLock;

use casebook::bundle::{Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::scan::{self, Options};
use casebook::value::Stamp;
use proptest::prelude::*;

use crate::environment::Environment;

const RULE: &str = "rule: team/denied
title: {zh: 被拒绝, en: Denied}
severity: failure
evidence:
  denied: {log: setupapi.dev, line: 'Failed to publish {name}, error {code:error}'}
  began: {log: setupapi.dev, line: '[Device Install {what}]'}
signature: denied or began
";

static BASE: LazyLock<KnowledgeBase> = LazyLock::new(|| {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "language: en\n");
    environment.write("kb/rules/denied.yaml", RULE);
    KnowledgeBase::load(&environment.path("kb")).unwrap()
});

/// Lines of such a log; a number in each tells one from another.
const LINES: [&str; 16] = [
    ">>>  [Device Install (Hardware initiated) - USB\\VID_{n}]",
    ">>>  [Setup Import Driver Package - C:\\a{n}.inf]",
    ">>>  Section start 2024/10/16 08:{n}:18.236",
    ">>>  Section start 2024/10/16 08:{n}:18.236",
    "<<<  Section end 2024/10/16 08:{n}:19.001",
    "<<<  [Exit status: SUCCESS]",
    "<<<  [Exit status: FAILURE(0x00000005)]",
    "     sto: {Stage Driver Package: C:\\a{n}.inf} 17:59:28.176",
    "     sto:      {DRIVERSTORE IMPORT BEGIN}",
    "     sto:      {DRIVERSTORE IMPORT BEGIN: exit(0x00000000)} 17:59:28.{n}",
    "     sto: {Stage Driver Package - exit (0x00000005)}",
    "!!!  sto:      Failed to publish a{n}.inf, error 0x80070005",
    "!!!  sto:      Failed to publish b{n}.inf, error 0x80070002",
    "     inf:      Section Name = a{n}",
    "what goes on in the next line {n}",
    "",
];

/// The hits of a log: place, time, text, the titles around it.
fn hits(log: &str, stats: bool) -> Vec<String> {
    let bundle = Bundle::from_reader("setupapi.dev.log", log.as_bytes(), &Limits::default()).unwrap();
    let scan = scan::scan(&bundle, &BASE.rules, &Options { stats, threads: Some(1), ..Options::default() });
    let shown = |hit: &scan::Hit| {
        let titles: Vec<&str> =
            scan.section_path(hit.record.section).map(|id| scan.sections[id.place()].title.as_str()).collect();
        let stamp = hit.record.stamp.map(Stamp::iso);
        format!("{} {stamp:?} {titles:?} {}", scan.place(&hit.record), hit.record.text())
    };
    scan.hits.iter().flatten().flatten().map(shown).collect()
}

#[test]
fn a_hit_lies_in_the_blocks_and_the_section_that_are_open() {
    let log = [LINES[0], LINES[2], LINES[7], LINES[8], LINES[9], LINES[11], LINES[10], LINES[12], LINES[4], LINES[5]];
    let log = format!("{}\n{}\n", ["[Device Install Log]", LINES[1], LINES[2]].join("\n"), log.join("\n"));
    let log = log.replace("{n}", "43");
    insta::assert_snapshot!(hits(&log, false).join("\n"));
}

proptest! {
    #[test]
    fn what_a_hit_lies_in_does_not_depend_on_what_is_framed(
        lines in proptest::collection::vec((proptest::sample::select(LINES.as_slice()), 10u8..60), 1..60),
    ) {
        let lines: Vec<_> = lines.iter().map(|(line, number)| line.replace("{n}", &number.to_string())).collect();
        let log = format!("[Device Install Log]\r\n[BeginLog]\r\n{}\r\n", lines.join("\r\n"));
        prop_assert_eq!(hits(&log, false), hits(&log, true));
    }
}
