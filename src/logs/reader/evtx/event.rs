//! One event as the fields of a record, whatever form it is read from (`tree.rs`, `filled.rs`).
//!
//! What `System` holds has names of its own; what `EventData` and `UserData` hold is `data.<Name>`, and `data.0`, `data.1` …
//! where the writer gave no names. A name that comes again has a number behind it (`data.Name.1`).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use memchr::memchr2;
use smallvec::SmallVec;

use crate::value::Stamp;

use super::super::super::Body;
use super::super::super::writer::BodyWriter;

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

/// What of `System` fills a field: the text of an element, or of an attribute of it; the element, the attribute, the field.
/// The order is that of a record's fields.
pub(super) const SLOTS: [(&str, Option<&str>, &str); 19] = [
    ("Provider", Some("Name"), "provider"),
    ("EventID", None, "id"),
    ("Level", None, "level"),
    ("Channel", None, "channel"),
    ("Computer", None, "computer"),
    ("EventRecordID", None, "record-id"),
    ("Version", None, "version"),
    ("Task", None, "task"),
    ("Opcode", None, "opcode"),
    ("Keywords", None, "keywords"),
    ("TimeCreated", Some("SystemTime"), "time"),
    ("Provider", Some("Guid"), "provider-guid"),
    ("Provider", Some("EventSourceName"), "event-source-name"),
    ("EventID", Some("Qualifiers"), "qualifiers"),
    ("Correlation", Some("ActivityID"), "activity-id"),
    ("Correlation", Some("RelatedActivityID"), "related-activity-id"),
    ("Execution", Some("ProcessID"), "process-id"),
    ("Execution", Some("ThreadID"), "thread-id"),
    ("Security", Some("UserID"), "user-id"),
];
const PROVIDER: usize = 0;
const ID: usize = 1;
pub(super) const LEVEL: usize = 2;
const CHANNEL: usize = 3;
pub(super) const TIME: usize = 10;

/// What an event says, and its stamp.
pub(super) type Event = (Body, Option<Stamp>);

/// What holds an event. `None` where it cannot be told of this form of it.
pub(super) trait Source<'n> {
    /// Writes what fills a slot of `System`; nothing where nothing does.
    fn slot(&self, slot: usize, out: &mut String) -> Option<()>;

    /// Goes through the elements beside `System`.
    fn parts(&self, see: See<'_, 'n>) -> Option<()>;
}

/// Is shown elements, one by one.
pub(super) type See<'s, 'n> = &'s mut dyn FnMut(&dyn Node<'n>) -> Option<()>;

/// An element of an event. `None` where something of it cannot be told of this form.
pub(super) trait Node<'n> {
    fn name(&self) -> &str;

    /// Its name among data, where it is known beforehand.
    fn label(&self) -> Option<&'n Arc<str>>;

    /// Goes through its attributes.
    fn attributes(&self, see: &mut dyn FnMut(&str, Cow<'_, str>)) -> Option<()>;

    /// Writes the text directly in it.
    fn text(&self, out: &mut String) -> Option<()>;

    /// Goes through the elements in it.
    fn children(&self, see: See<'_, 'n>) -> Option<()>;
}

/// The names of what many events have.
pub(super) struct Names {
    slots: Vec<Arc<str>>,
    level: Arc<str>,
    own: Arc<str>,
    /// Of data without names, by their number.
    unnamed: Vec<Arc<str>>,
}

impl Names {
    pub(super) fn new() -> Names {
        let slots = SLOTS.iter().map(|(_, _, field)| Arc::from(*field)).collect();
        let unnamed = (0..FEW).map(|number| format!("{DATA}.{number}").into()).collect();
        Names { slots, level: Arc::from("level-name"), own: Arc::from("user-data"), unnamed }
    }
}

/// Room to read events in, one after the other.
#[derive(Default)]
pub(super) struct Room {
    body: BodyWriter,
    rendered: String,
}

/// Reads an event that happened at `stamp`; `None` where it cannot be told of this form of it.
pub(super) fn read<'n>(
    source: &dyn Source<'n>,
    stamp: Option<Stamp>,
    names: &'n Names,
    room: &mut Room,
) -> Option<Event> {
    let Room { body, rendered } = room;
    body.begin();
    let mut reading = Reading { body, given: Given::default(), names, shown: Default::default() };
    reading.system(source, stamp)?;
    let head = reading.body.fields().len();
    source.parts(&mut |part| match part.name() {
        "UserData" => part.children(&mut |own| reading.user_data(own)),
        "RenderingInfo" => part.children(&mut |child| reading.datum("rendered", child)),
        _ => part.children(&mut |child| reading.datum(DATA, child)),
    })?;
    reading.render(head, rendered);
    let text = body.push(rendered);
    Some((body.finish(&text, &text), stamp))
}

/// What names of data begin with.
const DATA: &str = "data";

/// Where a record's text has what `System` says: time, channel, provider, number, level.
const SHOWN: [usize; 4] = [TIME, CHANNEL, PROVIDER, ID];

/// An event that is being read.
struct Reading<'r, 'n> {
    body: &'r mut BodyWriter,
    given: Given<'n>,
    names: &'n Names,
    /// Where the values of [`SHOWN`] stand, and the level's name.
    shown: [Option<Range<usize>>; SHOWN.len() + 1],
}

impl<'n> Reading<'_, 'n> {
    fn push(&mut self, name: &Arc<str>, value: &str) -> Range<usize> {
        let value = self.body.push(value);
        self.body.field(name, &value);
        value
    }

    fn system(&mut self, source: &dyn Source<'n>, stamp: Option<Stamp>) -> Option<()> {
        let names = self.names;
        for (slot, (name, (_, attribute, _))) in names.slots.iter().zip(&SLOTS).enumerate() {
            let place = if slot == TIME {
                self.body.push(&stamp.map(Stamp::iso).unwrap_or_default())
            } else {
                let written = self.body.push_with(|out| source.slot(slot, out))?;
                // An element's text is taken without blanks around it, an attribute's as it is.
                if attribute.is_some() { written } else { trimmed(self.body.text(&written), written.start) }
            };
            if slot == LEVEL {
                let level = level_name(self.body.text(&place));
                self.body.field(name, &place);
                let level = self.push(&names.level, level);
                self.shown[SHOWN.len()] = Some(level);
            } else if !place.is_empty() || slot == PROVIDER || slot == TIME {
                self.body.field(name, &place);
                if let Some(at) = SHOWN.iter().position(|shown| *shown == slot) {
                    self.shown[at] = Some(place);
                }
            }
        }
        Some(())
    }

    /// `UserData` holds one element of the provider's own, whose elements are the data.
    fn user_data(&mut self, own: &dyn Node<'n>) -> Option<()> {
        let names = self.names;
        self.push(&names.own, own.name());
        let mut empty = true;
        own.children(&mut |child| {
            empty = false;
            self.datum(DATA, child)
        })?;
        if empty { self.datum(DATA, own) } else { Some(()) }
    }

    /// A value by its name, and what lies in it.
    fn datum(&mut self, before: &str, node: &dyn Node<'n>) -> Option<()> {
        let label = node.label().filter(|_| before == DATA);
        let (mut named, mut own) = (None, Vec::new());
        node.attributes(&mut |key, value| match key {
            "Name" if named.is_none() && label.is_none() => named = Some(value.into_owned()),
            "Name" => {}
            _ if key.starts_with("xmlns") => {}
            _ => own.push((key.to_owned(), value.into_owned())),
        })?;
        let name = match (label, named.filter(|name| !name.is_empty())) {
            (Some(label), _) => Cow::Borrowed(label),
            (_, Some(name)) => Cow::Owned(format!("{before}.{name}").into()),
            _ if node.name() == "Data" => self.unnamed(before),
            _ => Cow::Owned(format!("{before}.{}", node.name()).into()),
        };
        let name = self.given.give(name);
        for (key, value) in own {
            let key = self.given.give(Cow::Owned(format!("{name}.{key}").into()));
            self.push(&key, &value);
        }
        let mut leaf = true;
        node.children(&mut |_| {
            leaf = false;
            Some(())
        })?;
        let text = self.body.push_with(|out| node.text(out))?;
        if leaf || !self.body.text(&text).trim().is_empty() {
            self.body.field(&name, &text);
        }
        if leaf { Some(()) } else { node.children(&mut |child| self.datum(&name, child)) }
    }

    /// The name of the next value that has none of its own.
    fn unnamed(&mut self, before: &str) -> Cow<'n, Arc<str>> {
        let number = self.given.unnamed;
        self.given.unnamed += 1;
        match self.names.unnamed.get(number) {
            Some(name) if before == DATA => Cow::Borrowed(name),
            _ => Cow::Owned(format!("{before}.{number}").into()),
        }
    }

    /// `2024-10-16T08:43:18.2360001 System Microsoft-Windows-WindowsUpdateClient 20 Error errorCode=0x80070005 …`: the same
    /// for the same event, in one line, without the machine's name. `head` fields are those of `System`.
    fn render(&self, head: usize, text: &mut String) {
        text.clear();
        for (at, place) in self.shown.iter().flatten().enumerate() {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(self.body.text(place));
        }
        for (name, value) in self.body.fields().skip(head).filter(|(name, _)| **name != self.names.own) {
            for part in [" ", name.strip_prefix("data.").unwrap_or(name), "=", value] {
                text.push_str(part);
            }
        }
        if memchr2(b'\r', b'\n', text.as_bytes()).is_some() {
            *text = text.split(['\r', '\n']).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        }
    }
}

/// Where in a text, which stands at `from`, what is not blank around it stands.
fn trimmed(text: &str, from: usize) -> Range<usize> {
    if let [first, .., last] = text.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return from..from + text.len();
    }
    let from = from + (text.len() - text.trim_start().len());
    from..from + text.trim().len()
}

/// Names that the data of an event have.
#[derive(Default)]
struct Given<'n> {
    names: SmallVec<[Cow<'n, Arc<str>>; FEW]>,
    many: Option<Many>,
    /// How many values have no name.
    unnamed: usize,
}

/// What is known of names that are many, or not all different.
#[derive(Default)]
struct Many {
    /// The first of them in lower case, and how many these are.
    lower: HashSet<String>,
    known: usize,
    /// The number that was given last behind a name.
    numbers: HashMap<String, usize>,
}

/// Names that are looked through one by one.
const FEW: usize = 24;

impl<'n> Given<'n> {
    /// A name that no other value of the event has: it, or it with a number behind it.
    fn give(&mut self, name: Cow<'n, Arc<str>>) -> Cow<'n, Arc<str>> {
        if self.is_new(&name) {
            self.names.push(name.clone());
            return name;
        }
        let mut number = self.many().numbers.get(&**name).copied().unwrap_or(0);
        loop {
            number += 1;
            let tried: Arc<str> = format!("{name}.{number}").into();
            if self.is_new(&tried) {
                self.many().numbers.insert(name.to_string(), number);
                self.names.push(Cow::Owned(Arc::clone(&tried)));
                return Cow::Owned(tried);
            }
        }
    }

    fn is_new(&mut self, name: &str) -> bool {
        if self.names.len() < FEW && name.is_ascii() {
            return !self.names.iter().any(|given| given.eq_ignore_ascii_case(name));
        }
        let Many { lower, known, .. } = self.many.get_or_insert_default();
        // Those that came before it was asked for the first time.
        lower.extend(self.names.iter().skip(*known).map(|given| given.to_lowercase()));
        *known = self.names.len();
        !lower.contains(&name.to_lowercase())
    }

    fn many(&mut self) -> &mut Many {
        self.many.get_or_insert_default()
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

#[cfg(test)]
mod tests {
    use ::evtx::Timestamp;

    use super::super::tree;
    use super::*;

    fn read(text: &str, written: Timestamp) -> (Event, Option<quick_xml::Error>) {
        tree::read(text, written, &Names::new(), &mut Room::default())
    }

    fn fields(xml: &str) -> (Vec<(String, String)>, String) {
        let (event, broken) = read(xml, Timestamp::UNIX_EPOCH);
        assert!(broken.is_none());
        let fields = event.0.fields().map(|(name, value)| (name.to_string(), value.to_owned()));
        (fields.collect(), event.0.text().to_owned())
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
             <State now='5112'> <Word>Installed</Word></State><Both>said <Word>beside</Word></Both>\
             </CbsPackageChangeState></UserData></Event>",
        );
        assert_eq!(value(&fields, "user-data"), Some("CbsPackageChangeState"));
        assert_eq!(value(&fields, "data.PackageIdentifier"), Some("KB5020683"));
        assert_eq!(value(&fields, "data.State.now"), Some("5112"));
        assert_eq!(value(&fields, "data.State.Word"), Some("Installed"));
        assert_eq!(value(&fields, "data.State"), None, "blanks between elements are no text");
        assert_eq!((value(&fields, "data.Both"), value(&fields, "data.Both.Word")), (Some("said "), Some("beside")));
    }

    #[test]
    fn the_time_is_as_exact_as_the_file() {
        let xml = "<Event><System><TimeCreated SystemTime='2024-10-16T08:43:18.123456Z'/></System></Event>";
        let written: Timestamp = "2024-10-16T08:43:18.1234567Z".parse().unwrap();
        assert_eq!(read(xml, written).0.1.unwrap().iso(), "2024-10-16T08:43:18.1234567");
        // Forwarded later than it happened.
        let written: Timestamp = "2024-10-16T09:00:00Z".parse().unwrap();
        assert_eq!(read(xml, written).0.1.unwrap().iso(), "2024-10-16T08:43:18.123456");
        // It has no time of its own.
        assert_eq!(read("<Event/>", written).0.1.unwrap().iso(), "2024-10-16T09:00:00");
    }
}
