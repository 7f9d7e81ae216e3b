//! What a log kind is: plain data, written by `compiler` from `rules/logs/*.yaml`.

use serde::{Deserialize, Serialize};

use crate::lang::Localized;
use crate::pattern::Pattern;
use crate::value::{TimeFormat, Zone};

use super::file_names::FileNames;

/// A log kind of a [`LogKinds`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogKindId(u32);

impl LogKindId {
    /// The kind at a place of the table.
    #[must_use]
    pub fn at(place: usize) -> LogKindId {
        LogKindId(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Its place.
    #[must_use]
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

/// How a file of a kind is split into records.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Framing {
    /// Lines of text: a line that one of these patterns matches begins a record, any other continues the one before.
    /// The holes are the record's fields; a hole named `message` is its message (else the whole record is). Without any
    /// pattern every line is a record.
    Lines(Vec<Pattern>),
    /// A built-in reader.
    Reader(Reader),
}

/// The built-in readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reader {
    /// Event logs, `.evtx`.
    Evtx,
    /// `gpresult` text.
    Gpresult,
    /// A secedit INF with its file and registry security.
    Secedit,
    /// `icacls` output, one record an entry.
    Icacls,
    /// Process Monitor traces.
    Procmon,
}

/// The clock of a kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Clock {
    /// Local time or UTC.
    pub zone: Zone,
    /// Smallest difference it shows, in nanoseconds.
    pub resolution: i64,
    /// Lines that also show UTC, with a time hole: they tell the machine's offset.
    pub utc: Option<Pattern>,
}

/// How sections are marked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SectionMarks {
    /// Lines that open one; the hole `title` is its title. The first pattern opens a section of its own, whatever was
    /// left open before; the others open one inside it.
    pub begin: Vec<Pattern>,
    /// Lines that close one. The first pattern closes all, the others the innermost.
    pub end: Vec<Pattern>,
}

/// How attempts are marked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AttemptMarks {
    /// The record that begins one.
    pub begin: Pattern,
    /// The record that ends one.
    pub end: Option<Pattern>,
}

/// A kind whose files are states, not histories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The field that names the subject; evidence joined on a subject that no record has is undetermined. `None`: the
    /// snapshot lists everything there is, so what it does not list is not so.
    pub about: Option<String>,
}

/// A log kind, compiled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogKind {
    /// Its name: `cbs`, `setupapi.dev`.
    pub name: String,
    /// What people call it.
    pub title: Localized,
    /// Names that its files have.
    pub files: FileNames,
    /// How it is split into records.
    pub framing: Framing,
    /// Lines that begin a record, where its patterns describe several lines: the patterns of [`Framing::Lines`] are then
    /// matched with the whole record. Empty: they begin it themselves, and are matched with its first line.
    pub begin: Vec<Pattern>,
    /// Patterns that each line of a record is tried with, for fields (and the stamp) that stand anywhere in it.
    pub details: Vec<Pattern>,
    /// Lines that tell the kind from others of the same form: a header, a component's name.
    pub recognise: Vec<Pattern>,
    /// Lines whose stamp holds for the records after them (`Section start …`): patterns with a time hole.
    pub stamps: Vec<Pattern>,
    /// Section marks.
    pub sections: Option<SectionMarks>,
    /// The clock; `None` for a kind without time, which has no windows.
    pub clock: Option<Clock>,
    /// Attempt marks.
    pub attempt: Option<AttemptMarks>,
    /// Set for states.
    pub snapshot: Option<Snapshot>,
    /// The names of its fields, without `message`; `data.*` stands for every name that begins so.
    pub fields: Vec<String>,
}

/// Resolution of a kind that states none, in nanoseconds.
const SECOND: i64 = 1_000_000_000;

impl LogKind {
    /// Which clock its stamps are written by: the local one where it states none.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.clock.as_ref().map_or(Zone::Local, |clock| clock.zone)
    }

    /// The field that tells what a record of a snapshot is about, where its files do not list everything there is.
    #[must_use]
    pub fn about(&self) -> Option<&str> {
        self.snapshot.as_ref()?.about.as_deref()
    }

    /// The least time between two of its stamps, in nanoseconds.
    #[must_use]
    pub fn resolution(&self) -> i64 {
        self.clock.as_ref().map_or(SECOND, |clock| clock.resolution.max(1))
    }

    /// A kind without anything else than lines, which these patterns match, for tests.
    #[cfg(test)]
    pub(crate) fn of_lines(name: &str, records: Vec<Pattern>) -> LogKind {
        LogKind {
            name: name.to_owned(),
            title: Localized::default(),
            files: FileNames::default(),
            framing: Framing::Lines(records),
            begin: Vec::new(),
            details: Vec::new(),
            recognise: Vec::new(),
            stamps: Vec::new(),
            sections: None,
            clock: None,
            attempt: None,
            snapshot: None,
            fields: Vec::new(),
        }
    }

    /// The patterns of which a line must match one to begin a record.
    #[must_use]
    pub fn begins(&self) -> &[Pattern] {
        match &self.framing {
            Framing::Lines(patterns) if self.begin.is_empty() => patterns,
            Framing::Lines(_) => &self.begin,
            Framing::Reader(_) => &[],
        }
    }

    /// Whether its records may have the field `name`, letters in any case.
    #[must_use]
    pub fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| match field.strip_suffix('*') {
            Some(family) => {
                let begins = name.get(..family.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(family));
                begins && name.len() > family.len()
            }
            None => field.eq_ignore_ascii_case(name),
        })
    }

    /// Whether its stamps carry their offset from UTC.
    #[must_use]
    pub fn shows_offset(&self) -> bool {
        let Framing::Lines(records) = &self.framing else { return false };
        records.iter().flat_map(Pattern::stamp_formats).any(TimeFormat::shows_offset)
    }

    /// The marks that framing follows even where nothing else is framed: of sections and stamps, and of attempts where
    /// somebody asks for them.
    pub fn marks(&self, attempts: bool) -> impl Iterator<Item = &Pattern> {
        let sections = self.sections.iter().flat_map(|marks| marks.begin.iter().chain(&marks.end));
        let own = self.attempt.as_ref().filter(|_| attempts);
        let attempts = own.into_iter().flat_map(|marks| std::iter::once(&marks.begin).chain(&marks.end));
        sections.chain(&self.stamps).chain(attempts)
    }
}

/// All log kinds, by id.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
        &self.kinds[id.place()]
    }

    /// The id of the kind called `name`.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<LogKindId> {
        self.kinds.iter().position(|kind| kind.name == name).map(LogKindId::at)
    }

    /// All kinds with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (LogKindId, &LogKind)> {
        self.kinds.iter().enumerate().map(|(at, kind)| (LogKindId::at(at), kind))
    }
}
