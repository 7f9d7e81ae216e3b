//! Where a reader puts what it reads: entries become records, what cannot be read becomes problems.
//!
//! A source with very many damaged parts names the first of them and counts the rest.

use std::collections::HashMap;
use std::sync::Arc;

use crate::bundle::{Artifact, Problem, ProblemKind};
use crate::value::Stamp;

use super::super::Body;
use super::super::kind::LogKindId;
use super::super::record::{Origin, Record, Section, SectionId};
use super::super::writer::BodyWriter;
use super::taker::{Taker, Wants};

/// Problems of one source that are named.
const NAMED: usize = 20;

/// What reading an artifact gave beside its records.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Lines, for a source that has lines.
    pub lines: Option<u64>,
    /// Records.
    pub records: u64,
    /// The sections that records lie in.
    pub sections: Vec<Section>,
    /// Its stamps are UTC, whatever the clock of its kind.
    pub utc: bool,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// An entry before it is a record.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) body: Body,
    pub(super) place: Place,
    /// The titles of the sections that it lies in, outermost first.
    pub(super) sections: Vec<String>,
    pub(super) stamp: Option<Stamp>,
}

/// Where an entry lies: lines from 1 (0 for none), a number for entries without lines, bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) end_line: u64,
    pub(super) record: Option<u64>,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// Takes what a reader reads.
pub(super) struct Sink<'s> {
    pub(super) artifact: &'s Artifact,
    /// Threads that may read it together.
    pub(super) threads: usize,
    log: LogKindId,
    taker: &'s mut dyn Taker,
    outcome: Outcome,
    body: BodyWriter,
    /// Names of fields, to be shared by all records.
    names: HashMap<&'static str, Arc<str>>,
    known: HashMap<(Option<SectionId>, String), SectionId>,
    /// The last stamp: a record without one of its own has that of the record before it, as in a log of lines.
    stamp: Option<Stamp>,
    /// Where the last record began, and its number among those that begin there.
    last: Option<(u64, u64)>,
    unnamed: u64,
}

impl<'s> Sink<'s> {
    pub(super) fn new(log: LogKindId, (artifact, threads): (&'s Artifact, usize), taker: &'s mut dyn Taker) -> Self {
        Self {
            artifact,
            threads,
            log,
            taker,
            outcome: Outcome::default(),
            body: BodyWriter::default(),
            names: HashMap::new(),
            known: HashMap::new(),
            stamp: None,
            last: None,
            unnamed: 0,
        }
    }

    /// Hands on a record of a text with these fields, in sections, outermost first.
    pub(super) fn record(
        &mut self,
        place: Place,
        text: &str,
        fields: &[(&'static str, String)],
        sections: Vec<String>,
    ) {
        let text = self.body.push(text);
        for (name, value) in fields {
            let value = self.body.push(value);
            self.body.field(self.names.entry(name).or_insert_with(|| Arc::from(*name)), &value);
        }
        let body = self.body.finish(&text, &text);
        self.take(Entry { body, place, sections, stamp: None });
    }

    /// Hands on an entry as a record.
    pub(super) fn take(&mut self, entry: Entry) {
        let section = entry.sections.into_iter().fold(None, |parent, title| Some(self.section(parent, title)));
        let place = entry.place;
        // Entries of one line (two rights of one file) keep their order by a number.
        let number = match self.last {
            Some((start, number)) if start == place.start && place.record.is_none() => number + 1,
            _ => 0,
        };
        self.last = Some((place.start, number));
        self.stamp = entry.stamp.or(self.stamp);
        let record = Record {
            log: self.log,
            origin: Origin::new(
                self.artifact.id,
                (place.line, place.end_line),
                place.record.or((number > 0).then_some(number)),
                place.start..place.end,
            ),
            stamp: self.stamp,
            body: entry.body,
            section,
            attempt: None,
        };
        self.outcome.records += 1;
        self.taker.take(record, &self.outcome.sections);
    }

    /// Tells which entries are wanted.
    pub(super) fn wanted(&self) -> &dyn Wants {
        self.taker.wanted()
    }

    /// Leaves out entries that nobody wants: so many, from one stamp to another, and the stamp of the last of them, which an
    /// entry without one has too.
    pub(super) fn leave_out(&mut self, entries: u64, (first, last): (Stamp, Stamp), latest: Stamp) {
        self.stamp = Some(latest);
        self.outcome.records += entries;
        self.taker.leave_out(first, last);
    }

    /// Leaves out an entry that nobody wants.
    pub(super) fn skip(&mut self, stamp: Option<Stamp>) {
        match stamp.or(self.stamp) {
            Some(stamp) => self.leave_out(1, (stamp, stamp), stamp),
            None => self.outcome.records += 1,
        }
    }

    fn section(&mut self, parent: Option<SectionId>, title: String) -> SectionId {
        let key = (parent, title);
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let id = SectionId::at(self.outcome.sections.len());
        self.outcome.sections.push(Section { title: key.1.clone(), parent });
        self.known.insert(key, id);
        id
    }

    /// Says what cannot be read, and where.
    pub(super) fn problem(&mut self, kind: ProblemKind, zh: impl Into<String>, en: impl Into<String>) {
        if self.outcome.problems.len() < NAMED {
            self.outcome.problems.push(Problem::new(&self.artifact.path, kind, zh, en));
        } else {
            self.unnamed += 1;
        }
    }

    /// Says that the stamps are UTC.
    pub(super) fn utc(&mut self) {
        self.outcome.utc = true;
    }

    /// Says how many lines the source has.
    pub(super) fn lines(&mut self, lines: u64) {
        self.outcome.lines = Some(lines);
    }

    pub(super) fn finish(mut self) -> Outcome {
        if self.unnamed > 0 {
            let zh = format!("另有 {} 处无法读取", self.unnamed);
            let en = format!("{} more places could not be read", self.unnamed);
            self.outcome.problems.push(Problem::new(&self.artifact.path, ProblemKind::Unreadable, zh, en));
        }
        self.outcome
    }
}
