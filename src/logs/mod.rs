//! Log kinds: recognise a file, frame its [`Record`]s, follow its sections, attempts and clock. One file a built-in
//! reader.

use std::sync::Arc;

use crate::bundle::ArtifactId;
use crate::lang::Localized;
use crate::pattern::Pattern;
use crate::value::{Stamp, Zone};

/// A log kind of a [`LogKinds`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LogKindId(pub usize);

/// How a file of a kind is split into records.
#[derive(Clone, Debug)]
pub enum Framing {
    /// Lines of text: a line that one of these patterns matches begins a record, any other continues the one before.
    /// The holes are the record's fields; a hole named `message` is its message (else the whole record is).
    Lines(Vec<Pattern>),
    /// A built-in reader.
    Reader(Reader),
}

/// The built-in readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// `gpresult` text.
    Gpresult,
    /// A secedit INF with SDDL split into entries.
    Secedit,
    /// `icacls` output, one record an entry.
    Icacls,
    /// Process Monitor CSV.
    Procmon,
}

/// The clock of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Local time or UTC.
    pub zone: Zone,
    /// Smallest difference it shows, in nanoseconds.
    pub resolution: i64,
}

/// How sections are marked.
#[derive(Clone, Debug)]
pub struct SectionMarks {
    /// The line that opens one; its hole `title` is the section's title.
    pub begin: Vec<Pattern>,
    /// The line that closes the innermost one.
    pub end: Vec<Pattern>,
}

/// How attempts are marked.
#[derive(Clone, Debug)]
pub struct AttemptMarks {
    /// The record that begins one.
    pub begin: Pattern,
    /// The record that ends one.
    pub end: Option<Pattern>,
}

/// A kind whose files are states, not histories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The field that names the subject; evidence joined on a subject that no record has is undetermined. `None`: the
    /// snapshot lists everything there is, so what it does not list is not so.
    pub about: Option<String>,
}

/// A log kind, compiled.
#[derive(Clone, Debug)]
pub struct LogKind {
    /// Its name: `cbs`, `setupapi.dev`.
    pub name: String,
    /// What people call it.
    pub title: Localized,
    /// File name globs.
    pub files: Vec<String>,
    /// How it is split into records.
    pub framing: Framing,
    /// Lines that also tell the kind (a header), beside its records.
    pub recognise: Vec<Pattern>,
    /// Lines that carry only a stamp, for the records after them (`Section start …`): patterns with a time hole.
    pub stamps: Vec<Pattern>,
    /// Section marks.
    pub sections: Option<SectionMarks>,
    /// The clock; `None` for a kind without time, which has no windows.
    pub clock: Option<Clock>,
    /// Attempt marks.
    pub attempt: Option<AttemptMarks>,
    /// Set for states.
    pub snapshot: Option<Snapshot>,
    /// The names of its fields, without `message`.
    pub fields: Vec<String>,
}

/// All log kinds, by id.
#[derive(Clone, Debug, Default)]
pub struct LogKinds {
    kinds: Vec<LogKind>,
}

impl LogKinds {
    /// A table of `kinds`.
    #[must_use]
    pub fn new(kinds: Vec<LogKind>) -> Self {
        Self { kinds }
    }

    /// The kind of `id`.
    #[must_use]
    pub fn get(&self, id: LogKindId) -> &LogKind {
        &self.kinds[id.0]
    }

    /// The id of the kind called `name`.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<LogKindId> {
        self.kinds.iter().position(|kind| kind.name == name).map(LogKindId)
    }

    /// All kinds with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (LogKindId, &LogKind)> {
        self.kinds.iter().enumerate().map(|(at, kind)| (LogKindId(at), kind))
    }
}

/// Where a record lies in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The artifact.
    pub artifact: ArtifactId,
    /// First line, from 1; 0 for a record without lines.
    pub line: u64,
    /// Last line.
    pub end_line: u64,
    /// Number of the record, for records without lines.
    pub record: Option<u64>,
    /// First byte in the artifact.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
}

/// An instance of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub usize);

/// A section of a source: its title and the one it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The title, as between the brackets.
    pub title: String,
    /// The section around it.
    pub parent: Option<SectionId>,
}

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its kind.
    pub log: LogKindId,
    /// Where it lies.
    pub origin: Origin,
    /// Its stamp, own or taken from the line that stamps it.
    pub stamp: Option<Stamp>,
    /// The source's own text, whole, lines joined by `\n`, no newline at the end.
    pub text: String,
    /// The message: what `line:` is matched against (continuation lines included).
    pub message: String,
    /// Fields by name, as the kind's patterns or reader give them.
    pub fields: Vec<(Arc<str>, String)>,
    /// The innermost section it lies in; its marks belong to it.
    pub section: Option<SectionId>,
    /// The attempt it lies in, counted from 0 within the stream.
    pub attempt: Option<u32>,
}

impl Record {
    /// The value of field `name`, compared without case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
