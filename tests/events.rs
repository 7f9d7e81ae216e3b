//! Events, and rows of a trace, of which enough is known at a glance: those that nobody wants are left out, and nothing else is
//! different.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use casebook::bundle::{Artifact, Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::logs::{self, Head, Record, Section, Taker, Wants};
use casebook::value::Stamp;
use proptest::prelude::*;

use crate::environment::Environment;
use crate::forms::evtx::{self, Element, Instance, element};
use crate::forms::{pml, wide};
use crate::readers;

/// What may be told of an event before it is read.
const TOLD: [&str; 16] = [
    "provider",
    "id",
    "level",
    "level-name",
    "channel",
    "computer",
    "provider-guid",
    "qualifiers",
    "activity-id",
    "user-id",
    "time",
    "process-name",
    "pid",
    "operation",
    "result",
    "detail",
];

/// What was told of an event.
type Asked = BTreeMap<&'static str, String>;

/// Notes what is told of events, and wants those of which `wants` says so by their number.
struct Asking<F> {
    wants: F,
    asked: Mutex<Vec<Asked>>,
}

impl<F: Fn(usize) -> bool + Sync> Wants for Asking<F> {
    fn wants(&self, head: &Head<'_>) -> bool {
        let told = TOLD.into_iter().filter_map(|name| Some((name, head.field(name)?.into_owned())));
        let mut asked = self.asked.lock().unwrap();
        asked.push(told.collect());
        (self.wants)(asked.len() - 1)
    }
}

/// Takes the events that are wanted, and notes from when to when the others are.
struct Taking<'a> {
    wanted: &'a dyn Wants,
    taken: Vec<Record>,
    left: Option<(Stamp, Stamp)>,
}

impl Taker for Taking<'_> {
    fn wanted(&self) -> &dyn Wants {
        self.wanted
    }

    fn take(&mut self, record: Record, _: &[Section]) {
        self.taken.push(record);
    }

    fn leave_out(&mut self, first: Stamp, last: Stamp) {
        let (from, to) = self.left.unwrap_or((first, last));
        self.left = Some((from.min(first), to.max(last)));
    }
}

/// Reads an event log, or a trace, on so many threads; what was taken, how many events there are, and what is wrong with it.
fn take<'a>(
    base: &KnowledgeBase,
    (artifact, threads): (&Artifact, usize),
    wanted: &'a dyn Wants,
) -> (Taking<'a>, u64, Vec<String>) {
    let kind = if artifact.path.starts_with("trace") { "procmon" } else { "evtx" };
    let log = base.rules.logs.by_name(kind).unwrap();
    let mut taking = Taking { wanted, taken: Vec::new(), left: None };
    let outcome = logs::read(base.rules.logs.get(log), log, (artifact, threads), &mut taking).unwrap();
    let problems = outcome.problems.iter().map(|problem| problem.message.get(casebook::lang::Lang::En).to_owned());
    (taking, outcome.records, problems.collect())
}

/// What was asked, and what was taken.
struct Notes {
    asked: Vec<Asked>,
    taken: Vec<Record>,
}

/// The same on one thread, with what was asked.
fn read(base: &KnowledgeBase, artifact: &Artifact, wants: impl Fn(usize) -> bool + Sync) -> (Notes, u64, Vec<String>) {
    let asking = Asking { wants, asked: Mutex::default() };
    let (Taking { taken, .. }, count, wrong) = take(base, (artifact, 1), &asking);
    (Notes { asked: asking.asked.into_inner().unwrap(), taken }, count, wrong)
}

/// What was told of events is what they hold, and those that are wanted are the same as without asking.
fn compare(base: &KnowledgeBase, artifact: &Artifact, place: &str, parts: &[usize]) -> (usize, usize) {
    let (all, count, wrong) = read(base, artifact, |_| true);
    let mut from = 0;
    for told in &all.asked {
        // Chunks that are not whole are not asked about, so there are more records than questions.
        let same = |record: &Record| told.iter().all(|(name, value)| record.field(name) == Some(value.as_str()));
        let found = all.taken[from..].iter().position(same);
        from += found.unwrap_or_else(|| panic!("{place}: nothing is like {told:?}")) + 1;
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
        ("Example Service", (7036, 4, 3, " host", "更新")),
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
    let told = |at: usize| notes.asked[at].iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    let first = [
        "channel=System",
        "computer=host.example.com",
        "id=20",
        "level=2",
        "level-name=Error",
        "provider=Example-Update",
    ];
    assert_eq!(told(0), first);
    // What no XML may hold is told as XML would have it.
    assert_eq!(notes.asked[3]["computer"], "_");
}

/// A trace whose rows go over lines, say their times by a clock of 12 hours, lack columns or have no end.
const TRACE: &str = "\"Time of Day\",\"Process Name\",\"PID\",\"Operation\",\"Path\",\"Result\",\"Detail\",\"Date & Time\"\r\n\
    \"3:58:46.6882889 PM\",\"a.exe\",\"1\",\"ReadFile\",\"C:\\a\",\"SUCCESS\",\"Offset:\r0\",\"10/16/2024 3:58:46 PM\"\r\n\
    \"3:58:47.1 PM\",\"a.exe\",\"1\",\"CreateFile\",\"C:\\a, \"\"b\"\"\",\"ACCESS DENIED\",\"x\r\ny\",\"10/16/2024 3:58:47 PM\"\r\n\
    \"3:58:48 PM\",\"b.exe\",\"2\",\"CloseFile\"\r\n\
    \r\n\
    \"3:58:45.5 PM\",\"b.exe\",\"2\",\"CloseFile\",\"C:\\a\",\"SUCCESS\",\"never closed,\r\n\
    \"12:58:49.5 AM\",\"更新.exe\",\"2\",\"RegOpenKey\",\"HKLM\",\"SUCCESS\",\"\",\"10/17/2024 12:58:49 AM\"\r\n";

#[test]
fn what_is_told_of_a_row_is_what_it_holds() {
    let base = KnowledgeBase::embedded();
    let parts = [1, 2, 3, 4, usize::MAX];
    let rows = bundle("trace.csv", TRACE.as_bytes());
    assert_eq!(compare(&base, &rows.artifacts()[0], "trace.csv", &parts), (5, 5));
    let capture = bundle("trace.pml", &pml::file(&readers::capture()));
    assert_eq!(compare(&base, &capture.artifacts()[0], "trace.pml", &parts), (4, 4));
    let (notes, ..) = read(&base, &rows.artifacts()[0], |_| true);
    let told = |name: &str| notes.asked.iter().map(|told| told.get(name).map(String::as_str)).collect::<Vec<_>>();
    let detail = [Some("Offset:\n0"), Some("x\ny"), None, Some("never closed,\n"), Some("")];
    assert_eq!(told("detail"), detail, "as the record has it");
    assert_eq!(told("time")[4], Some("00:58:49.5"));
}

#[test]
fn rows_that_nobody_wants_tell_from_when_to_when_the_trace_goes() {
    let base = KnowledgeBase::embedded();
    let rows = bundle("trace.csv", TRACE.as_bytes());
    let asking = Asking { wants: |at: usize| at == 1, asked: Mutex::default() };
    let (taking, count, wrong) = take(&base, (&rows.artifacts()[0], 1), &asking);
    assert_eq!((count, wrong.len()), (5, 1), "{wrong:?}");
    let taken: Vec<_> = taking.taken.iter().map(|record| (record.origin.line, record.stamp.unwrap().iso())).collect();
    assert_eq!(taken, [(4, "2024-10-16T15:58:47.1".to_owned())]);
    let left = taking.left.map(|(first, last)| (first.iso(), last.iso()));
    assert_eq!(left, Some(("2024-10-16T15:58:46.6882889".to_owned(), "2024-10-17T00:58:49.5".to_owned())));
}

/// The same log with a flag in each chunk that says that there are no checksums: every event of it is read as XML.
fn as_xml(log: &[u8]) -> Vec<u8> {
    let mut log = log.to_vec();
    for chunk in log.get_mut(4096..).unwrap_or_default().chunks_mut(65_536) {
        if chunk.starts_with(b"ElfChnk\0") {
            chunk[120] |= 4;
        }
    }
    log
}

/// Events read from their binary form are those that are read as XML, in every field, in text, time and place.
fn same(base: &KnowledgeBase, log: &[u8], place: &str) -> usize {
    let (binary, xml) = (bundle("events.evtx", log), bundle("events.evtx", &as_xml(log)));
    let (mut binary, count, wrong) = read(base, &binary.artifacts()[0], |_| true);
    let (mut xml, counted, still) = read(base, &xml.artifacts()[0], |_| true);
    assert_eq!(binary.taken.len(), xml.taken.len(), "{place}");
    for (own, other) in binary.taken.drain(..).zip(xml.taken.drain(..)) {
        // What is unlike is easier to see in a field than in a whole record.
        for (own, other) in own.fields().zip(other.fields()) {
            assert_eq!(own, other, "{place}");
        }
        assert_eq!(own, other, "{place}");
    }
    assert_eq!((count, wrong), (counted, still), "{place}");
    binary.asked.len()
}

/// Wants the events with the number 20.
struct Twenty;

impl Wants for Twenty {
    fn wants(&self, head: &Head<'_>) -> bool {
        head.field("id").is_some_and(|id| id == "20")
    }
}

/// A log of so many chunks, some of which have no checksums, are damaged, or were never written; the last one breaks off.
fn chunks(count: usize) -> Vec<u8> {
    let own = events();
    let (header, whole) = own.split_at(4096);
    let mut log = header.to_vec();
    for number in 0..count {
        let from = log.len();
        log.extend_from_slice(whole);
        match number % 40 {
            7 => log[from + 120] |= 4,
            17 => log[from] = b'?',
            27 => log[from..].fill(0),
            37 => log[from + 512 + 40] ^= 1,
            _ => {}
        }
    }
    log.truncate(log.len() - 1000);
    log
}

#[test]
fn several_threads_read_what_one_reads() {
    let base = KnowledgeBase::embedded();
    let bundle = bundle("events.evtx", &chunks(250));
    let (one, count, wrong) = take(&base, (&bundle.artifacts()[0], 1), &Twenty);
    assert_eq!(wrong.iter().filter(|problem| problem.contains("is damaged")).count(), 6, "{wrong:#?}");
    assert!(wrong.iter().any(|problem| problem.contains("breaks off")), "{wrong:#?}");
    // Of those without checksums all are taken.
    assert!(one.taken.len() > 2 * 230 && (one.taken.len() as u64) < count, "{} of {count}", one.taken.len());
    for threads in [2, 3] {
        let (own, counted, still) = take(&base, (&bundle.artifacts()[0], threads), &Twenty);
        assert_eq!((own.left, counted, still), (one.left, count, wrong.clone()));
        assert_eq!(own.taken, one.taken);
    }
}

/// Bytes of a value of a kind, right or nearly so.
fn bytes_of(kind: u8) -> BoxedStrategy<Vec<u8>> {
    let some = |size: usize| proptest::collection::vec(any::<u8>(), size).boxed();
    let text = prop_oneof![
        Just(String::new()),
        "[ -~]{0,40}",
        "[a-z<>&'\"\r\n\t\u{0}\u{7}\u{7f}\u{85}\u{fffe}更新😀]{0,9}",
        "[a-z ]{28,70}"
    ];
    let units = prop_oneof![4 => text.prop_map(|text| wide(&text)), 1 => proptest::collection::vec(0xd7u8..0xe1, 0..9)];
    match kind {
        1 => units.boxed(),
        2 => "[ -~]{0,9}".prop_map(String::into_bytes).boxed(),
        3 | 4 => some(1),
        5 | 6 => some(2),
        7 | 8 | 11 | 20 => some(4),
        9 | 10 | 12 | 21 => some(8),
        13 => (-1i32..3).prop_map(|bool| bool.to_le_bytes().to_vec()).boxed(),
        15 | 18 => some(16),
        16 => prop_oneof![some(4), some(8)].boxed(),
        17 => prop_oneof![Just(0u64), 0..2_650_467_744_000_000_000u64, any::<u64>()]
            .prop_map(|time| time.to_le_bytes().to_vec())
            .boxed(),
        19 => proptest::collection::vec(any::<u32>(), 0..5)
            .prop_map(|parts| {
                let mut bytes = vec![1, u8::try_from(parts.len()).unwrap(), 0, 0, 0, 0, 0, 5];
                bytes.extend(parts.iter().flat_map(|part| part.to_le_bytes()));
                bytes
            })
            .boxed(),
        0x81 => proptest::collection::vec("[a-z更]{0,4}", 0..4)
            .prop_map(|texts| texts.iter().flat_map(|text| wide(&format!("{text}\0"))).collect())
            .boxed(),
        _ => proptest::collection::vec(any::<u8>(), 0..9).boxed(),
    }
}

fn value() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let kinds = prop_oneof![8 => 0u8..0x16, 4 => Just(1), 2 => Just(0x81), 1 => any::<u8>().prop_filter("", |kind| *kind != 0x21)];
    let right = |kind: u8| (Just(kind), prop_oneof![30 => bytes_of(kind), 1 => Just(Vec::new()), 1 => bytes_of(7)]);
    kinds.prop_flat_map(right)
}

/// Text of a template: its own, or a hole.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-z&<'\r\n\t ]{1,6}",
        (any::<bool>(), 0u16..9).prop_map(|(optional, hole)| format!("{}{hole} 1", if optional { '?' } else { '%' }))
    ]
}

/// What lies in an event beside `System`.
fn part() -> impl Strategy<Value = Element> {
    let name = |names: &'static [&'static str]| proptest::sample::select(names);
    let attributes = proptest::collection::vec((name(&["Name", "xmlns", "unit"]), piece()), 0..3);
    let depends = prop_oneof![3 => Just(None), 1 => (0u16..7).prop_map(Some)];
    let leaf = (name(&["Data", "Data", "Binary", "Own"]), attributes, piece(), depends).prop_map(
        |(name, attributes, text, depends)| {
            let element = attributes.iter().fold(element(name), |element, (key, value)| element.attribute(key, value));
            depends.into_iter().fold(element.text(&text), Element::depends)
        },
    );
    let inner = leaf.prop_recursive(2, 6, 3, move |inner| {
        (name(&["Data", "Own"]), proptest::collection::vec(inner, 1..3))
            .prop_map(|(name, children)| children.into_iter().fold(element(name), Element::child))
    });
    (name(&["EventData", "UserData", "RenderingInfo", "Other"]), piece(), proptest::collection::vec(inner, 0..5))
        .prop_map(|(name, text, children)| {
            let part = if children.is_empty() { element(name).text(&text) } else { element(name) };
            children.into_iter().fold(part, Element::child)
        })
}

fn instance() -> impl Strategy<Value = Instance> {
    let system = proptest::collection::vec(piece(), 4);
    let parts = proptest::collection::vec(part(), 0..3);
    (system, parts, part(), proptest::collection::vec(value(), 7), proptest::collection::vec(value(), 3)).prop_map(
        |(told, parts, inner, mut values, own)| {
            let system = element("System")
                .child(element("Provider").attribute("Name", &told[0]).attribute("Guid", &told[1]))
                .child(element("EventID").attribute("Qualifiers", "?1 6").text(&told[2]))
                .child(element("TimeCreated").attribute("SystemTime", "%7 17"))
                .child(element("Level").text("4"))
                .child(element("Correlation").attribute("ActivityID", &told[3]).depends(2))
                .child(element("Security").attribute("UserID", "?3 19"));
            let event = parts.into_iter().fold(element("Event").child(system), Element::child);
            values.push((17, evtx::written(1).to_le_bytes().to_vec()));
            values.push((0x21, vec![0]));
            Instance {
                template: event,
                values,
                inner: vec![Instance { template: inner, values: own, inner: Vec::new() }],
            }
        },
    )
}

static BASE: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 500, ..ProptestConfig::default() })]
    #[test]
    fn events_of_any_form_are_what_their_xml_says(events in proptest::collection::vec(instance(), 1..5)) {
        let log = evtx::of_templates(&events);
        same(&BASE, &log, "generated");
        let bundle = bundle("events.evtx", &log);
        let artifact = &bundle.artifacts()[0];
        // Of what is not sound there may be nothing to be like.
        if read(&BASE, artifact, |_| true).2.is_empty() {
            compare(&BASE, artifact, "generated", &[2]);
        }
    }
}

#[test]
fn what_is_not_sound_is_reported_though_nobody_wants_it() {
    let base = KnowledgeBase::embedded();
    let mut log = events();
    // The kind of the second event's second value, in its list of five.
    let second = 4096 + 512 + u32::from_le_bytes(log[4096 + 516..4096 + 520].try_into().unwrap()) as usize;
    let list = second + log[second..].windows(4).position(|four| four == [5, 0, 0, 0]).unwrap() + 4;
    assert_eq!(log[list + 6], 4);
    log[list + 6] = 0x7e;
    evtx::checksums(&mut log[4096..]);
    let bundle = bundle("events.evtx", &log);
    let (notes, count, wrong) = read(&base, &bundle.artifacts()[0], |_| false);
    assert_eq!((notes.asked.len(), notes.taken.len(), count), (4, 0, 4));
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].contains("cannot be read"), "{wrong:?}");
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
fn a_scan_of_a_large_log_tells_the_same_on_any_number_of_threads() {
    let log = chunks(300);
    assert!(log.len() > 16 << 20, "so large that it is read on all threads");
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "language: en\n");
    environment.write("kb/rules/denied.yaml", RULE);
    environment.write("events.evtx", &log);
    let scan = |threads| {
        let asked = [
            "scan",
            "events.evtx",
            "--kb",
            "kb",
            "--rule",
            "team/*",
            "--format",
            "json",
            "--stats",
            "--threads",
            threads,
        ];
        environment.run(&asked).json()
    };
    let one = scan("1");
    assert!(one["findings"][0]["occurrences"]["count"].as_u64() > Some(500), "{one}");
    assert_eq!(one, scan("3"));
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
            same(&base, &std::fs::read(&path).unwrap(), &path.display().to_string());
            let (own, all) = compare(&base, &bundle.artifacts()[0], &path.display().to_string(), &[3, 50]);
            (asked, taken) = (asked + own, taken + all);
        }
    }
    println!("{asked} of {taken} events");
    assert!(asked * 10 > taken * 8, "{asked} of {taken}");
}

#[test]
fn what_a_snapshot_lists_is_known_though_no_rule_wants_it() {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "language: en\n");
    environment.write(
        "kb/rules/listing.yaml",
        "log: listing\ntitle: {zh: 列表, en: listing}\nfiles: [\"listing.csv\"]\nreader: procmon\nsnapshot: {about: path}\n",
    );
    environment.write(
        "kb/rules/open.yaml",
        r#"rule: team/open
title: {zh: 未被拒绝, en: Not denied}
severity: failure
evidence:
  failed: {log: cbs, line: "Cannot write {file:path}"}
  denied: {log: listing, fields: {path: "{file:path}", result: ACCESS DENIED}}
signature: failed and not denied
"#,
    );
    environment.write(
        "logs/CBS.log",
        "2024-10-16 08:43:18, Info                  CBS    Cannot write C:\\a.inf\r\n".repeat(3),
    );
    let listing = |path: &str| {
        let header = "\"Time of Day\",\"Process Name\",\"PID\",\"Operation\",\"Path\",\"Result\",\"Detail\"\r\n";
        let row = format!("\"3:58:46.5 PM\",\"a.exe\",\"1\",\"CreateFile\",\"{path}\",\"SUCCESS\",\"\"\r\n");
        environment.write("logs/listing.csv", header.to_owned() + &row);
        let asked = ["scan", "logs", "--kb", "kb", "--rule", "team/*", "--format", "json"];
        environment.run(&asked).json()["findings"][0]["status"].clone()
    };
    assert_eq!(listing("C:\\a.inf"), "confirmed");
    assert_eq!(listing("C:\\b.inf"), "undetermined", "it does not list what is asked about");
}
