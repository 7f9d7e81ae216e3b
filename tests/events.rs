//! Events of which enough is known at a glance: those that nobody wants are left out, and nothing else is different.

use std::collections::BTreeMap;

use casebook::bundle::{Artifact, Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::logs::{self, Head, Record, Section, Taker};
use casebook::value::Stamp;

use crate::environment::Environment;
use crate::forms::evtx;

/// What may be told of an event before it is read.
const TOLD: [&str; 6] = ["provider", "id", "level", "level-name", "channel", "computer"];

/// Takes the events of which `wants` says so, and notes what it was told of them.
struct Notes<F> {
    wants: F,
    asked: Vec<(Stamp, BTreeMap<&'static str, String>)>,
    taken: Vec<Record>,
}

impl<F: FnMut(usize) -> bool> Taker for Notes<F> {
    fn wants(&mut self, head: &Head<'_>) -> bool {
        let told = TOLD.into_iter().filter_map(|name| Some((name, head.field(name)?.into_owned())));
        self.asked.push((head.stamp, told.collect()));
        (self.wants)(self.asked.len() - 1)
    }

    fn take(&mut self, record: Record, _: &[Section]) {
        self.taken.push(record);
    }
}

/// Reads an event log; the notes, how many events there are, and what is wrong with it.
fn read<F: FnMut(usize) -> bool>(base: &KnowledgeBase, artifact: &Artifact, wants: F) -> (Notes<F>, u64, Vec<String>) {
    let log = base.rules.logs.by_name("evtx").unwrap();
    let mut notes = Notes { wants, asked: Vec::new(), taken: Vec::new() };
    let outcome = logs::read(base.rules.logs.get(log), log, artifact, &mut notes).unwrap();
    let problems = outcome.problems.iter().map(|problem| problem.message.get(casebook::lang::Lang::En).to_owned());
    (notes, outcome.records, problems.collect())
}

/// What was told of events is what they hold, and those that are wanted are the same as without asking.
fn compare(base: &KnowledgeBase, artifact: &Artifact, place: &str, parts: &[usize]) -> (usize, usize) {
    let (all, count, wrong) = read(base, artifact, |_| true);
    let by_stamp: Vec<(Option<Stamp>, &Record)> = all.taken.iter().map(|record| (record.stamp, record)).collect();
    let mut from = 0;
    for (stamp, told) in &all.asked {
        // Chunks that are not whole are not asked about, so there are more records than questions.
        let same = |(own, record): &(Option<Stamp>, &Record)| {
            *own == Some(*stamp) && told.iter().all(|(name, value)| record.field(name) == Some(value.as_str()))
        };
        let found = by_stamp[from..].iter().position(same);
        from += found.unwrap_or_else(|| panic!("{place}: nothing is like {stamp:?} {told:?}")) + 1;
    }
    for &part in parts {
        let (some, counted, still) = read(base, artifact, |at| at % part == part - 1);
        assert_eq!(
            (counted, &still),
            (count, &wrong),
            "{place}, every {part}., {} of {}",
            some.taken.len(),
            all.taken.len()
        );
        assert!(some.taken.len() <= all.taken.len());
        let mut rest = all.taken.iter();
        assert!(some.taken.iter().all(|record| rest.any(|own| own == record)), "{place}, every {part}.");
        if all.asked.len() == all.taken.len() {
            assert_eq!(some.taken.len(), all.taken.len() / part, "{place}, every {part}.");
        }
    }
    (all.asked.len(), all.taken.len())
}

fn bundle(name: &str, bytes: &[u8]) -> Bundle {
    Bundle::from_reader(name, bytes, &Limits::default()).unwrap()
}

fn events() -> Vec<u8> {
    evtx::templated(&[
        ("Example-Update", (20, 2, 0, "host.example.com", "0x80070005")),
        ("Example-Update", (19, 4, 0, " host.example.com ", "0x0")),
        ("Example Service", (7036, 4, 3, "host", "更新")),
        // Told later than it happened, and by nothing.
        ("Example Service", (7036, 0, 50_000_000, "\u{7}", "")),
        ("Example-Update", (20, 2, 0, "host.example.com", "0x80070002")),
    ])
}

#[test]
fn what_is_told_of_an_event_is_what_it_holds() {
    let base = KnowledgeBase::embedded();
    let bundle = bundle("events.evtx", &events());
    assert_eq!(compare(&base, &bundle.artifacts()[0], "events.evtx", &[1, 2, 3, 5, usize::MAX]), (5, 5));
    let (notes, ..) = read(&base, &bundle.artifacts()[0], |_| true);
    let told = |at: usize| notes.asked[at].1.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    let first = [
        "channel=System",
        "computer=host.example.com",
        "id=20",
        "level=2",
        "level-name=Error",
        "provider=Example-Update",
    ];
    assert_eq!(told(0), first);
    // What is more than plain text is not told.
    assert!(!notes.asked[3].1.contains_key("computer"));
}

#[test]
fn of_a_chunk_that_may_be_damaged_every_event_is_read() {
    let base = KnowledgeBase::embedded();
    for (at, byte) in [(4096 + 512 + 40, 1), (4096 + 52, 1), (4096 + 120, 4)] {
        let mut file = events();
        file[at] ^= byte;
        let bundle = bundle("events.evtx", &file);
        let (notes, count, _) = read(&base, &bundle.artifacts()[0], |_| false);
        assert_eq!((notes.asked.len(), notes.taken.len() as u64), (0, count), "byte {at}");
        assert!(count > 0);
    }
}

const RULE: &str = "rule: team/denied
title: {zh: 被拒绝, en: Denied}
severity: failure
evidence:
  denied: {log: evtx, fields: {provider: Example-Update, id: '20', data.code: '{code:error}'}}
  running: {log: evtx, fields: {provider: 'Example {any}', level: '4'}}
signature: denied and running
";

#[test]
fn a_scan_finds_the_same_in_a_chunk_that_has_to_be_read_whole() {
    let scan = |log: &[u8]| {
        let environment = Environment::new();
        environment.write("kb/casebook.yaml", "language: en\n");
        environment.write("kb/rules/denied.yaml", RULE);
        environment.write("events.evtx", log);
        let asked = ["scan", "events.evtx", "--kb", "kb", "--rule", "team/*", "--format", "json", "--stats"];
        environment.run(&asked).json()
    };
    let sure = scan(&events());
    let finding = &sure["findings"][0];
    assert_eq!((&finding["status"], &finding["occurrences"]["count"]), (&"confirmed".into(), &2.into()), "{finding}");
    assert_eq!(sure["sources"][0]["records"], 5);
    assert_eq!(sure["sources"][0]["last"], "2024-10-16T08:43:23.4938268");
    let mut file = events();
    file[4096 + 120] |= 4;
    assert_eq!(sure, scan(&file), "without checksums");
}

#[test]
fn real_events_are_what_was_told_of_them() {
    let Some(corpus) = std::env::var_os("CASEBOOK_CORPUS") else {
        println!("skipped: CASEBOOK_CORPUS is not set");
        return;
    };
    let base = KnowledgeBase::embedded();
    let (mut asked, mut taken) = (0, 0);
    for entry in std::fs::read_dir(std::path::Path::new(&corpus).join("evtx")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "evtx") {
            let bundle = Bundle::open(&path, &Limits::default()).unwrap();
            let (own, all) = compare(&base, &bundle.artifacts()[0], &path.display().to_string(), &[3, 50]);
            (asked, taken) = (asked + own, taken + all);
        }
    }
    println!("{asked} of {taken} events");
    assert!(asked * 10 > taken * 8, "{asked} of {taken}");
}
