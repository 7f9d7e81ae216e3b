//! Logs of many blocks: lines and places are right wherever a block ends, on one thread and on several.

use serde_json::Value;

use crate::environment::Environment;

const RULE: &str = "rule: team/denied
title: {zh: 被拒绝, en: Denied}
severity: failure
evidence:
  denied: {log: cbs, line: 'DriverUpdateInstallUpdates failed {status:error} for {name}'}
signature: denied
tests:
  - name: seen
    logs:
      cbs: |
        2024-10-16 08:43:18, Info                  CBS    DriverUpdateInstallUpdates failed 0x80070005 for a
    expect: {status: confirmed}
";

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

fn scan(log: &[u8], threads: &str) -> Value {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "language: en\n");
    environment.write("kb/rules/denied.yaml", RULE);
    environment.write("CBS.log", log);
    environment
        .run(&[
            "scan",
            "--kb",
            "kb",
            "CBS.log",
            "--format",
            "json",
            "--stats",
            "--rule",
            "team/*",
            "--threads",
            threads,
        ])
        .json()
}

#[test]
fn every_line_has_its_number_on_any_number_of_threads() {
    let (lines, hits) = lines();
    let log = lines.concat();
    assert!(log.len() > 16 << 20, "so large that it is read on all threads");
    let one = scan(log.as_bytes(), "1");
    let finding = &one["findings"][0];
    assert_eq!(finding["occurrences"]["count"].as_u64(), Some(hits.len() as u64));
    let last = finding["evidence"].as_array().unwrap().last().unwrap();
    assert_eq!(last["line"].as_u64(), hits.last().copied());
    assert_eq!(one["sources"][0]["lines"].as_u64(), Some(lines.len() as u64));
    assert_eq!(one, scan(log.as_bytes(), "3"));
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
        let one = scan(&log, "1");
        let last = one["findings"][0]["evidence"].as_array().unwrap().last().cloned().unwrap();
        assert_eq!(last["line"].as_u64(), hits.last().map(|line| line + more), "{odd:?}");
        assert_eq!(one, scan(&log, "4"), "{odd:?}");
    }
}
