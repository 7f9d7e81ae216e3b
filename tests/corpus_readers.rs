//! Real files of the built-in readers against what others read in them, where `CASEBOOK_CORPUS` points at them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use casebook::bundle::{Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::logs::Record;
use casebook::scan::{self, Options};
use proptest::prelude::*;
use serde_json::Value;

use crate::corpus::corpus;

/// The records of one file.
fn records(base: &KnowledgeBase, path: &Path) -> Vec<Record> {
    let bundle = Bundle::open(path, &Limits::default()).unwrap();
    let mut records = Vec::new();
    scan::records(&bundle, &base.rules, &Options::default(), &mut |_, record, _| records.push(record.clone()));
    records
}

/// Files of a folder whose names end so.
fn files(folder: &Path, end: &str) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.to_string_lossy().ends_with(end));
    found.sort();
    found
}

/// A value of the reference as XML would write it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The data of a reference event by the names of our fields: `Data` without names is counted.
fn data(name: &str, value: &Value, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(parts) => {
            for (key, part) in parts {
                match key.as_str() {
                    "#attributes" => {}
                    "#text" => data(name, part, into),
                    _ if name.is_empty() => data(key, part, into),
                    _ => data(&format!("{name}.{key}"), part, into),
                }
            }
        }
        Value::Array(all) if name == "Data" => {
            into.extend(all.iter().enumerate().map(|(at, part)| (at.to_string(), plain(part))));
        }
        Value::Array(all) => into.extend(all.iter().map(|part| (name.to_owned(), plain(part)))),
        // A list of no strings at all: XML has no element for it.
        Value::String(text) if name == "Data" && text.is_empty() => {}
        other if name == "Data" => into.push(("0".to_owned(), plain(other))),
        other => into.push((name.to_owned(), plain(other))),
    }
}

/// A GUID without braces, its letters small: writers differ in both.
fn normal(value: String) -> String {
    let bare = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(&value);
    let guid = bare.len() == 36 && bare.chars().all(|char| char.is_ascii_hexdigit() || char == '-');
    if guid { bare.to_lowercase() } else { value }
}

fn reference_data(event: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    data("", &event["EventData"], &mut found);
    for own in event["UserData"].as_object().into_iter().flatten() {
        data("", own.1, &mut found);
    }
    // An event without data, or without bytes, is written as nothing at all.
    found.retain(|(name, value)| !(value.is_empty() && (name.is_empty() || name == "Binary")));
    let mut found: Vec<_> = found.into_iter().map(|(name, value)| (name, normal(value))).collect();
    found.sort();
    found
}

/// The data of a record.
fn own_data(record: &Record) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (name, value) in record.fields() {
        if let Some(name) = name.strip_prefix("data.") {
            found.push((name.to_owned(), normal(value.to_owned())));
        }
    }
    found.sort();
    found
}

/// What differs between a record and an event of the reference.
fn differs(record: &Record, reference: &Value) -> Option<String> {
    let event = &reference["event"]["Event"];
    let system = &event["System"];
    let id = if system["EventID"].is_object() { &system["EventID"]["#text"] } else { &system["EventID"] };
    let pairs = [
        ("provider", &system["Provider"]["#attributes"]["Name"]),
        ("id", id),
        ("level", &system["Level"]),
        ("channel", &system["Channel"]),
        ("computer", &system["Computer"]),
        ("record-id", &system["EventRecordID"]),
    ];
    for (name, expected) in pairs {
        if record.field(name).unwrap_or_default() != plain(expected) {
            return Some(format!("{name}: {:?}, not {expected}", record.field(name)));
        }
    }
    if record.origin.record() != reference["record"].as_u64() {
        return Some(format!("number {:?}, not {}", record.origin.record(), reference["record"]));
    }
    let created = plain(&system["TimeCreated"]["#attributes"]["SystemTime"]);
    let micro = created.get(..26).unwrap_or(&created).trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
    let own = record.stamp.unwrap().iso();
    if !own.starts_with(micro) {
        return Some(format!("time {own}, not {created}"));
    }
    let (own, expected) = (own_data(record), reference_data(event));
    (own != expected).then(|| format!("data\n  {own:?}\nnot\n  {expected:?}"))
}

#[test]
fn event_logs_hold_what_the_reference_reads() {
    let Some(corpus) = corpus("event_logs_hold_what_the_reference_reads") else { return };
    let base = KnowledgeBase::embedded();
    let (mut compared, mut wrong) = (0, Vec::new());
    for path in files(&corpus.join("evtx"), ".jsonl") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let only = name.contains(".wuclient-only.");
        let log = path.with_file_name(name.replace(".wuclient-only", "").replace(".jsonl", ".evtx"));
        let mut own = records(&base, &log);
        if only {
            own.retain(|record| record.field("provider") == Some("Microsoft-Windows-WindowsUpdateClient"));
        }
        let text = fs::read_to_string(&path).unwrap();
        let reference: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(own.len(), reference.len(), "{name}");
        for (record, event) in own.iter().zip(&reference) {
            compared += 1;
            wrong.extend(differs(record, event).map(|how| format!("{name}#{}: {how}", event["record"])));
        }
    }
    println!("{compared} events compared");
    assert!(compared > 500, "only {compared} events");
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn event_logs_count_as_the_reference_counts() {
    let Some(corpus) = corpus("event_logs_count_as_the_reference_counts") else { return };
    let base = KnowledgeBase::embedded();
    let text = fs::read_to_string(corpus.join("evtx/evtx-counts.tsv")).unwrap();
    let mut expected: BTreeMap<String, BTreeMap<(String, String, String), u64>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells[1] != "*TOTAL*" {
            let key = (cells[1].to_owned(), cells[2].to_owned(), cells[3].to_owned());
            expected.entry(cells[0].to_owned()).or_default().insert(key, cells[4].parse().unwrap());
        }
    }
    for (name, expected) in expected {
        let mut own: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        for record in records(&base, &corpus.join("evtx").join(&name)) {
            let of = |field| record.field(field).unwrap_or_default().to_owned();
            *own.entry((of("provider"), of("id"), of("level"))).or_default() += 1;
        }
        // In two damaged files the reference stopped at the damage, and what lies behind it is read here.
        if name == "bad-chunk-magic.evtx" || name == "system-2015-dirty-header.evtx" {
            for (key, count) in &expected {
                assert!(own.get(key).is_some_and(|own| own >= count), "{name}: {key:?}");
            }
        } else {
            assert_eq!(own, expected, "{name}");
        }
    }
}

#[test]
fn a_capture_and_its_csv_have_the_same_rows() {
    let Some(corpus) = corpus("a_capture_and_its_csv_have_the_same_rows") else { return };
    let base = KnowledgeBase::embedded();
    let mut compared = 0;
    for path in files(&corpus.join("procmon"), ".PML") {
        let capture = records(&base, &path);
        let saved = records(&base, &path.with_extension("CSV"));
        assert_eq!(capture.len(), saved.len(), "{}", path.display());
        for (own, row) in capture.iter().zip(&saved) {
            assert_eq!(
                own.fields().collect::<Vec<_>>(),
                row.fields().collect::<Vec<_>>(),
                "{}#{:?}",
                path.display(),
                own.origin.record()
            );
            assert_eq!(own.stamp, row.stamp);
            compared += 1;
        }
    }
    println!("{compared} rows compared");
    assert!(compared > 3000, "only {compared} rows");
}

#[test]
fn every_row_of_a_trace_is_read() {
    let Some(corpus) = corpus("every_row_of_a_trace_is_read") else { return };
    let base = KnowledgeBase::embedded();
    for (name, rows) in [("12h-clock.CSV", 52), ("decimal-comma-locale.CSV", 5000)] {
        let own = records(&base, &corpus.join("procmon").join(name));
        assert_eq!(own.len(), rows, "{name}");
        for record in own {
            let time = record.field("time").unwrap();
            let plain = time.len() == 16 && time.chars().all(|char| char.is_ascii_digit() || ":.".contains(char));
            assert!(plain && !record.field("operation").unwrap().is_empty(), "{name}: {:?}", record.body);
        }
    }
}

/// Every row of a page that has a policy in its last column is a setting with that policy.
#[test]
fn reports_of_group_policy_are_read() {
    let Some(corpus) = corpus("reports_of_group_policy_are_read") else { return };
    let base = KnowledgeBase::embedded();
    let page = records(&base, &corpus.join("gpo/gpresult-h-1-utf16le.html"));
    let rights = page.iter().filter(|record| record.field("section") == Some("Local Policies/User Rights Assignment"));
    let rights: Vec<_> = rights.collect();
    assert_eq!(rights.len(), 40);
    assert!(rights.iter().all(|record| record.field("gpo").is_some_and(|gpo| gpo.starts_with("2 User Rights"))));
    let driver = page.iter().find(|record| record.field("name") == Some("Load and unload device drivers")).unwrap();
    assert_eq!(driver.field("value"), Some("Administrators"));
    assert!(records(&base, &corpus.join("gpo/gpresult-h-2-utf16le.html")).len() > 80);
    let bytes = fs::read(corpus.join("gpo/secpol-ccdc-utf16le.inf")).unwrap();
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    let text = String::from_utf16_lossy(&units);
    let template = records(&base, &corpus.join("gpo/secpol-ccdc-utf16le.inf"));
    let lines: BTreeSet<u64> = template.iter().map(|record| record.origin.line).collect();
    let settings = text.lines().filter(|line| line.contains('=') || line.starts_with('"')).count();
    assert_eq!(lines.len(), settings);
}

/// Real files, damaged: what is left is read, and nothing ends the program.
#[test]
fn damaged_real_files_end_nothing() {
    let Some(corpus) = corpus("damaged_real_files_end_nothing") else { return };
    let base = KnowledgeBase::embedded();
    let mut all = files(&corpus.join("evtx"), ".evtx");
    all.retain(|path| fs::metadata(path).unwrap().len() < 100_000);
    all.extend(files(&corpus.join("procmon"), ".PML"));
    let config = ProptestConfig { cases: 96, ..ProptestConfig::default() };
    proptest!(config, |(which in 0usize..64, hits in prop::collection::vec((0usize..60_000, any::<u8>()), 1..60))| {
        let mut bytes = fs::read(&all[which % all.len()]).unwrap();
        for (at, byte) in hits {
            // The tables of a capture lie at its end.
            let at = if bytes.starts_with(b"PML_") && at % 3 > 0 { bytes.len() - 1 - at * 9 } else { 8 + at };
            bytes[at] = byte;
        }
        let bundle = Bundle::from_reader("x", &bytes[..], &Limits::default()).unwrap();
        let mut read = 0;
        scan::records(&bundle, &base.rules, &Options::default(), &mut |_, _, _| read += 1);
        prop_assert!(read < 100_000);
    });
}
