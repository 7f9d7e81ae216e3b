//! One event: its XML, as the fields of a record.
//!
//! What `System` holds has names of its own; what `EventData` and `UserData` hold is `data.<Name>`, and `data.0`, `data.1` …
//! where the writer gave no names. A name that comes again has a number behind it (`data.Name.1`).

use std::collections::HashSet;
use std::sync::Arc;

use ::evtx::Timestamp;

use crate::value::Stamp;

use super::super::sink::Fields;
use super::super::xml::{self, Element};

/// The fields of every event, and those that only some have.
pub(in super::super) const FIELDS: &[&str] = &[
    "provider",
    "id",
    "level",
    "level-name",
    "channel",
    "time",
    "computer",
    "record-id",
    "provider-guid",
    "event-source-name",
    "qualifiers",
    "version",
    "task",
    "opcode",
    "keywords",
    "activity-id",
    "related-activity-id",
    "process-id",
    "thread-id",
    "user-id",
    "user-data",
    "data.*",
    "rendered.*",
];

/// What of `System` is an attribute: element, attribute, field.
const ATTRIBUTES: [(&str, &str, &str); 9] = [
    ("Provider", "Name", "provider"),
    ("Provider", "Guid", "provider-guid"),
    ("Provider", "EventSourceName", "event-source-name"),
    ("EventID", "Qualifiers", "qualifiers"),
    ("Correlation", "ActivityID", "activity-id"),
    ("Correlation", "RelatedActivityID", "related-activity-id"),
    ("Execution", "ProcessID", "process-id"),
    ("Execution", "ThreadID", "thread-id"),
    ("Security", "UserID", "user-id"),
];

/// What of `System` is an element's text: element, field.
const ELEMENTS: [(&str, &str); 8] = [
    ("EventID", "id"),
    ("Channel", "channel"),
    ("Computer", "computer"),
    ("EventRecordID", "record-id"),
    ("Version", "version"),
    ("Task", "task"),
    ("Opcode", "opcode"),
    ("Keywords", "keywords"),
];

/// Fields, text and stamp.
pub(super) type Event = (Fields, String, Option<Stamp>);

/// Reads an event; what it holds until its XML breaks off is read too.
pub(super) fn read(text: &str, written: Timestamp) -> (Event, Option<quick_xml::Error>) {
    let (root, broken) = xml::parse(text);
    let root = root.unwrap_or_default();
    let mut event = Fields::new();
    let system = root.child("System").cloned().unwrap_or_default();
    let stamp = time(&system, written);
    system_fields(&mut event, &system, stamp);
    let head = event.len();
    let mut names = Names::default();
    for part in root.children.iter().filter(|part| part.name != "System") {
        match part.name.as_str() {
            "UserData" => user_data(&mut event, &mut names, part),
            "RenderingInfo" => rendered(&mut event, &mut names, part),
            _ => {
                for child in &part.children {
                    datum(&mut event, &mut names, "data", child);
                }
            }
        }
    }
    let text = rendering(&event, head);
    ((event, text, stamp), broken)
}

/// Names given so far.
#[derive(Default)]
struct Names {
    given: HashSet<String>,
    /// How many values have no name.
    unnamed: usize,
}

fn push(event: &mut Fields, name: &str, value: impl Into<String>) {
    event.push((Arc::from(name), value.into()));
}

/// The event's own time, else when it was written. The XML cuts the file's tenths of a microsecond: where the two agree
/// but for them, the file's time is the exact one.
fn time(system: &Element, written: Timestamp) -> Option<Stamp> {
    let own = system.child("TimeCreated").and_then(|created| created.attribute("SystemTime"));
    let own = own.and_then(|text| text.parse::<Timestamp>().ok()).map(Timestamp::as_nanosecond);
    let written = written.as_nanosecond();
    let exact = match own {
        Some(own) if written.abs_diff(own) >= 1000 => own,
        _ => written,
    };
    i64::try_from(exact).ok().map(Stamp)
}

fn system_fields(event: &mut Fields, system: &Element, stamp: Option<Stamp>) {
    let attribute = |element: &str, name: &str| system.child(element).and_then(|element| element.attribute(name));
    let level = system.child("Level").map(|level| level.text.trim()).unwrap_or_default();
    push(event, "provider", attribute("Provider", "Name").unwrap_or_default());
    for (element, field) in ELEMENTS {
        let text = system.child(element).map(|element| element.text.trim()).unwrap_or_default();
        if !text.is_empty() {
            push(event, field, text);
        }
        if field == "id" {
            push(event, "level", level);
            push(event, "level-name", level_name(level));
        }
    }
    push(event, "time", stamp.map(Stamp::iso).unwrap_or_default());
    for (element, name, field) in ATTRIBUTES.iter().skip(1) {
        if let Some(value) = attribute(element, name) {
            push(event, field, value);
        }
    }
}

/// A level by the word that text logs of the system use.
pub(super) fn level_name(level: &str) -> &'static str {
    match level {
        "1" => "Critical",
        "2" => "Error",
        "3" => "Warning",
        "5" => "Verbose",
        // 0 is written whatever the level asked for, and shown as information.
        _ => "Info",
    }
}

/// `UserData` holds one element of the provider's own, whose elements are the data.
fn user_data(event: &mut Fields, names: &mut Names, part: &Element) {
    for own in &part.children {
        push(event, "user-data", own.name.clone());
        for child in &own.children {
            datum(event, names, "data", child);
        }
        if own.children.is_empty() {
            datum(event, names, "data", own);
        }
    }
}

/// What a forwarding machine rendered, message and all.
fn rendered(event: &mut Fields, names: &mut Names, part: &Element) {
    for child in &part.children {
        datum(event, names, "rendered", child);
    }
}

/// A value by its name, and what lies in it.
fn datum(event: &mut Fields, names: &mut Names, before: &str, element: &Element) {
    let name = match element.attribute("Name") {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ if element.name == "Data" => {
            names.unnamed += 1;
            (names.unnamed - 1).to_string()
        }
        _ => element.name.clone(),
    };
    let name = unique(names, &format!("{before}.{name}"));
    let own = element.attributes.iter().filter(|(key, _)| key != "Name" && !key.starts_with("xmlns"));
    for (key, value) in own {
        let key = unique(names, &format!("{name}.{key}"));
        push(event, &key, value.clone());
    }
    if element.children.is_empty() || !element.text.trim().is_empty() {
        push(event, &name, element.text.clone());
    }
    for child in &element.children {
        datum(event, names, &name, child);
    }
}

/// A name that no other value of the event has.
fn unique(names: &mut Names, name: &str) -> String {
    let mut number = 0;
    let mut tried = name.to_owned();
    while !names.given.insert(tried.to_lowercase()) {
        number += 1;
        tried = format!("{name}.{number}");
    }
    tried
}

/// `2024-10-16T08:43:18.2360001 System Microsoft-Windows-WindowsUpdateClient 20 Error errorCode=0x80070005 …`: the same for
/// the same event, in one line, without the machine's name.
fn rendering(event: &Fields, head: usize) -> String {
    let (system, data) = event.split_at(head.min(event.len()));
    let of = |wanted: &str| system.iter().find(|(name, _)| &**name == wanted).map(|(_, value)| value.clone());
    let parts = ["time", "channel", "provider", "id", "level-name"].into_iter().filter_map(of);
    let data = data.iter().filter(|(name, _)| &**name != "user-data");
    let data = data.map(|(name, value)| format!("{}={value}", name.strip_prefix("data.").unwrap_or(name)));
    let words: Vec<String> = parts.chain(data).collect();
    words.join(" ").split(['\r', '\n']).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(xml: &str) -> (Vec<(String, String)>, String) {
        let (event, broken) = read(xml, Timestamp::UNIX_EPOCH);
        assert!(broken.is_none());
        (event.0.into_iter().map(|(name, value)| (name.to_string(), value)).collect(), event.1)
    }

    fn value<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
        fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn what_the_system_says() {
        let (fields, text) = fields(
            "<Event xmlns='e'><System><Provider Name='P' Guid='{1}' EventSourceName='S'/><EventID Qualifiers='7'>20</EventID>\
             <Level>2</Level><TimeCreated SystemTime='2024-10-16T08:43:18.123456Z'/><EventRecordID>9</EventRecordID>\
             <Correlation ActivityID='{2}'/><Execution ProcessID='4' ThreadID='8'/><Channel>System</Channel>\
             <Computer>host.example.com</Computer><Security UserID='S-1-5-18'/></System>\
             <EventData><Data Name='errorCode'>0x80070005</Data></EventData></Event>",
        );
        for (name, expected) in [
            ("provider", "P"),
            ("id", "20"),
            ("level", "2"),
            ("level-name", "Error"),
            ("channel", "System"),
            ("computer", "host.example.com"),
            ("time", "2024-10-16T08:43:18.123456"),
            ("record-id", "9"),
            ("qualifiers", "7"),
            ("process-id", "4"),
            ("user-id", "S-1-5-18"),
            ("activity-id", "{2}"),
            ("data.errorCode", "0x80070005"),
        ] {
            assert_eq!(value(&fields, name), Some(expected), "{name}");
        }
        assert_eq!(text, "2024-10-16T08:43:18.123456 System P 20 Error errorCode=0x80070005");
    }

    #[test]
    fn data_with_and_without_names() {
        let (fields, text) = fields(
            "<Event><EventData><Data>a\nb</Data><Data Name='n'>1</Data><Data></Data><Data Name='N'>2</Data><Binary>FF</Binary>\
             </EventData></Event>",
        );
        let data: Vec<_> = fields.iter().filter(|(name, _)| name.starts_with("data.")).collect();
        let shown: Vec<String> = data.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
        assert_eq!(shown, ["data.0=\"a\\nb\"", "data.n=\"1\"", "data.1=\"\"", "data.N.1=\"2\"", "data.Binary=\"FF\""]);
        assert!(text.ends_with("0=a b n=1 1= N.1=2 Binary=FF"), "{text}");
    }

    #[test]
    fn data_of_the_providers_own() {
        let (fields, _) = fields(
            "<Event><UserData><CbsPackageChangeState xmlns='x'><PackageIdentifier>KB5020683</PackageIdentifier>\
             <State now='5112'><Word>Installed</Word></State></CbsPackageChangeState></UserData></Event>",
        );
        assert_eq!(value(&fields, "user-data"), Some("CbsPackageChangeState"));
        assert_eq!(value(&fields, "data.PackageIdentifier"), Some("KB5020683"));
        assert_eq!(value(&fields, "data.State.now"), Some("5112"));
        assert_eq!(value(&fields, "data.State.Word"), Some("Installed"));
    }

    #[test]
    fn the_time_is_as_exact_as_the_file() {
        let xml = "<Event><System><TimeCreated SystemTime='2024-10-16T08:43:18.123456Z'/></System></Event>";
        let written: Timestamp = "2024-10-16T08:43:18.1234567Z".parse().unwrap();
        assert_eq!(read(xml, written).0.2.unwrap().iso(), "2024-10-16T08:43:18.1234567");
        // Forwarded later than it happened.
        let written: Timestamp = "2024-10-16T09:00:00Z".parse().unwrap();
        assert_eq!(read(xml, written).0.2.unwrap().iso(), "2024-10-16T08:43:18.123456");
        // It has no time of its own.
        assert_eq!(read("<Event/>", written).0.2.unwrap().iso(), "2024-10-16T09:00:00");
    }
}
