//! Logs of many blocks: lines and places are right wherever a block ends, on one thread and on several.

use std::fmt::Write as _;

use casebook::bundle::{Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::scan::{self, Options};
use serde_json::Value;

use crate::environment::{DENIED, Environment};

/// Lines of a log of about 17 MiB, and the numbers of those that are hits.
fn lines() -> (Vec<String>, Vec<u64>) {
    let (mut lines, mut hits) = (Vec::new(), Vec::new());
    for number in 0..160_000u64 {
        let second = number / 10;
        let stamp = format!("2024-10-16 {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        let text = if number % 9_973 == 9_972 {
            hits.push(number + 1);
            format!("DriverUpdateInstallUpdates  failed 0x80070005 for device {number}")
        } else {
            format!("Session: {number} initialized by client WindowsUpdateAgent, external staging directory")
        };
        lines.push(format!("{stamp}, Info                  CBS    {text}\r\n"));
    }
    (lines, hits)
}

fn run(log: &[u8], threads: &str) -> Value {
    run_all(&[("CBS.log", log)], &[threads]).remove(0)
}

/// What a scan of some logs tells, for each number of threads.
fn run_all(logs: &[(&str, &[u8])], threads: &[&str]) -> Vec<Value> {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "language: en\n");
    environment.write("kb/rules/denied.yaml", DENIED);
    for (path, log) in logs {
        environment.write(&format!("logs/{path}"), *log);
    }
    let scan = ["scan", "--kb", "kb", "logs", "--format", "json", "--stats", "--rule", "team/*", "--threads"];
    threads.iter().map(|threads| environment.run(&[&scan[..], &[threads]].concat()).json()).collect()
}

#[test]
fn every_line_has_its_number_on_any_number_of_threads() {
    let (lines, hits) = lines();
    let log = lines.concat();
    assert!(log.len() > 16 << 20, "so large that it is read on all threads");
    let one = run(log.as_bytes(), "1");
    let finding = &one["findings"][0];
    assert_eq!(finding["occurrences"]["count"].as_u64(), Some(hits.len() as u64));
    let last = finding["evidence"].as_array().unwrap().last().unwrap();
    assert_eq!(last["line"].as_u64(), hits.last().copied());
    assert_eq!(one["sources"][0]["lines"].as_u64(), Some(lines.len() as u64));
    assert_eq!(one, run(log.as_bytes(), "3"));
}

#[test]
fn several_large_logs_are_told_as_by_one_thread() {
    let (lines, hits) = lines();
    let long = lines.concat();
    let (short, later) = (lines[..20_000].concat(), long.replace("2024-10-16", "2024-10-17"));
    let logs = [("a/CBS.log", &short), ("b/CBS.log", &long), ("c/CBS.log", &later)];
    // Two threads read one of the large logs each, three read both of them together.
    let all = run_all(&logs.map(|(path, log)| (path, log.as_bytes())), &["1", "2", "3"]);
    let count = all[0]["findings"][0]["occurrences"]["count"].as_u64().unwrap();
    assert!(count > hits.len() as u64, "{count}");
    assert!(all.iter().all(|other| *other == all[0]));
}

#[test]
fn what_is_not_plain_in_the_middle_is_read_as_everywhere() {
    let (lines, hits) = lines();
    let at = lines[..80_000].concat().len();
    for (odd, more) in
        [(b"progress 1%\rprogress 2%\r\n".as_slice(), 2), (&[0; 64], 0), (b"\xff\xff not a letter\r\n", 1)]
    {
        let mut log = lines.concat().into_bytes();
        log.splice(at..at, odd.iter().copied());
        let one = run(&log, "1");
        let last = one["findings"][0]["evidence"].as_array().unwrap().last().cloned().unwrap();
        assert_eq!(last["line"].as_u64(), hits.last().map(|line| line + more), "{odd:?}");
        assert_eq!(one, run(&log, "4"), "{odd:?}");
    }
}

/// The log in two bytes a unit.
fn wide(text: &str) -> Vec<u8> {
    std::iter::once('\u{feff}')
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect()
}

#[test]
fn text_of_two_bytes_a_unit_is_looked_at_as_any_other() {
    let (mut lines, mut hits) = lines();
    lines.truncate(80_000);
    hits.retain(|line| *line <= 80_000);
    let mixed = [
        &lines[..40_000].concat(),
        "2024-10-16 01:06:40, Info                  CBS    驱动更新 𠮷\r\n",
        &lines[40_000..].concat(),
    ]
    .concat();
    for (name, log, more) in [("plain", wide(&lines.concat()), 0), ("with Chinese", wide(&mixed), 1)] {
        assert!(log.len() > 16 << 20, "so large that it is read on all threads");
        let one = run(&log, "1");
        let finding = &one["findings"][0];
        assert_eq!(finding["occurrences"]["count"].as_u64(), Some(hits.len() as u64), "{name}");
        let last = finding["evidence"].as_array().unwrap().last().unwrap();
        assert_eq!(last["line"].as_u64(), hits.last().map(|line| line + more), "{name}");
        assert_eq!(one["sources"][0]["lines"].as_u64(), Some(lines.len() as u64 + more), "{name}");
        assert_eq!(one["sources"][0]["encoding_doubt"], Value::Null, "{name}");
        assert_eq!(one, run(&log, "3"), "{name}");
    }
    // From where it is not plain it is read as everywhere.
    let at = wide(&lines[..40_000].concat()).len();
    for (odd, more) in [(&[0; 64][..], 0), (b"one byte a letter, and not a few\r\n", 1)] {
        let mut log = wide(&lines.concat());
        log.splice(at..at, odd.iter().copied());
        let one = run(&log, "1");
        let last = one["findings"][0]["evidence"].as_array().unwrap().last().cloned().unwrap();
        assert_eq!(last["line"].as_u64(), hits.last().map(|line| line + more), "{:?}", &odd[..8]);
        assert_eq!(one, run(&log, "4"), "{:?}", &odd[..8]);
    }
}

#[test]
fn records_of_text_of_two_bytes_a_unit_know_their_place() {
    let base = KnowledgeBase::embedded();
    let mut log = String::new();
    for number in 0..9_000 {
        let (letter, pad) = (if number % 97 == 5 { "驱动更新 𠮷" } else { "driver" }, "x".repeat(number % 89));
        let _ = write!(log, "2024-10-16 08:43:18, Info                  CBS    {letter} {number} {pad}\r\n");
    }
    let bytes = wide(&log);
    let bundle = Bundle::from_reader("CBS.log", &bytes[..], &Limits::default()).unwrap();
    let mut expected = log.lines();
    scan::records(&bundle, &base.rules, &Options::default(), &mut |_, record, _| {
        let place = usize::try_from(record.origin.start).unwrap()..usize::try_from(record.origin.end).unwrap();
        let units: Vec<u16> = bytes[place].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        assert_eq!(String::from_utf16(&units).unwrap().trim_end_matches(['\r', '\n']), record.text());
        assert_eq!(Some(record.text()), expected.next());
    });
    assert_eq!(expected.next(), None);
}

/// Lines of logs whose marks tell what the others lie in; a number in each, and room that makes the log large.
const MARKED: [(&str, &[&str]); 2] = [
    (
        "setupapi.dev.log",
        &[
            ">>>  [Device Install (Hardware initiated) - USB\\VID_{n}]",
            ">>>  Section start 2024/10/16 08:{n}:18.236",
            "     sto: {Stage Driver Package: C:\\a{n}.inf} 17:59:28.176",
            "     inf:      Section Name = {pad}",
            "     inf:      Section Name = {pad} {n}",
            "!!!  sto:      Failed to publish a{n}.inf, error 0x80070005",
            "<<<  Section end 2024/10/16 08:{n}:19.001",
            "<<<  [Exit status: SUCCESS]",
        ],
    ),
    (
        "CBS.log",
        &[
            "2024-10-16 08:{n}:18, Info                  CBS    Starting TrustedInstaller initialization.",
            "2024-10-16 08:{n}:18, Info                  CBS    Ending TrustedInstaller finalization.",
            "2024-10-16 08:{n}:18, Info                  CBS    Session: {n} initialized, {pad}",
            "2024-10-16 08:{n}:18, Info                  CBS    {pad}",
            "2024-10-16 08:{n}:18, Error                 CBS    Failed to publish a{n}.inf, error 0x80070005",
            "Info                  CBS    {pad}, pasted without its stamp",
            "Error                 CBS    Failed to publish b{n}.inf, error 0x80070005",
        ],
    ),
];

const PUBLISHED: &str = "rule: team/published
title: {zh: 无法发布, en: Cannot be published}
severity: failure
evidence:
  device: {log: setupapi.dev, line: 'Failed to publish {name}, error {code:error}'}
  update: {log: cbs, line: 'Failed to publish {name}, error {code:error}'}
  session: {log: cbs, line: 'Session: {:int} initialized'}
signature: device or update or (session then update within 1s) in one attempt
";

#[test]
fn what_goes_from_record_to_record_is_followed_on_any_number_of_threads() {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "language: en\n");
    environment.write("kb/rules/published.yaml", PUBLISHED);
    let base = KnowledgeBase::load(&environment.path("kb")).unwrap();
    for (name, lines) in MARKED {
        let (mut log, mut random) = (String::new(), 1u64);
        while log.len() <= 16 << 20 {
            random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            let line = lines[usize::try_from(random >> 33).unwrap() % lines.len()];
            log.push_str(&line.replace("{n}", &format!("{:02}", log.len() % 60)).replace("{pad}", &"x".repeat(900)));
            log.push_str("\r\n");
        }
        let bundle = Bundle::from_reader(name, log.as_bytes(), &Limits::default()).unwrap();
        let hits = |threads: usize, stats: bool| -> Vec<String> {
            let options = Options { threads: Some(threads), stats, ..Options::default() };
            let scan = scan::scan(&bundle, &base.rules, &options);
            let shown = |hit: &scan::Hit| {
                let record = &hit.record;
                let titles: Vec<&str> =
                    scan.section_path(record.section).map(|id| scan.sections[id.place()].title.as_str()).collect();
                format!("{} {:?} {titles:?} {:?} {}", scan.place(record), record.stamp, record.attempt, record.text())
            };
            scan.hits.iter().flatten().flatten().map(shown).collect()
        };
        let one = hits(1, false);
        let expected = ["Failed to publish", "Session: "].map(|literal| log.matches(literal).count());
        assert_eq!(one.len(), expected[0] + expected[1], "{name}");
        assert_eq!(one, hits(3, false), "{name}");
        assert_eq!(one, hits(1, true), "{name}: where every record is framed");
    }
}
