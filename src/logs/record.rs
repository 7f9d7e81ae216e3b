//! One entry of a log, and where it lies.

use std::num::NonZeroU64;
use std::ops::Range;
use std::sync::Arc;

use crate::bundle::ArtifactId;
use crate::value::Stamp;

use super::{Body, LogKindId};

/// Where a record lies in a bundle. A scan keeps that of every hit, so it is small.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The artifact.
    pub artifact: ArtifactId,
    /// First line, from 1; 0 for a record without lines.
    pub line: u64,
    /// Lines after the first.
    lines_after: u32,
    /// One more than the number of the record.
    after_number: Option<NonZeroU64>,
    /// First byte in the artifact.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
}

impl Origin {
    /// Of a record with its first and last line, its number if it has one, and its bytes.
    #[must_use]
    pub fn new(
        artifact: ArtifactId,
        (line, end_line): (u64, u64),
        number: Option<u64>,
        Range { start, end }: Range<u64>,
    ) -> Origin {
        let lines_after = u32::try_from(end_line.saturating_sub(line)).unwrap_or(u32::MAX);
        let after_number = number.and_then(|number| NonZeroU64::new(number.saturating_add(1)));
        Origin { artifact, line, lines_after, after_number, start, end }
    }

    /// Last line.
    #[must_use]
    pub fn end_line(&self) -> u64 {
        self.line + u64::from(self.lines_after)
    }

    /// Number of the record, for records without lines.
    #[must_use]
    pub fn record(&self) -> Option<u64> {
        self.after_number.map(|after| after.get() - 1)
    }
}

/// An instance of a section, by its place among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(u32);

impl SectionId {
    /// The section at a place. Beyond four thousand million of them it is one that there is not.
    #[must_use]
    pub fn at(place: usize) -> SectionId {
        SectionId(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Its place.
    #[must_use]
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

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
    /// Its text, message and fields.
    pub body: Body,
    /// The innermost section it lies in; its marks belong to it.
    pub section: Option<SectionId>,
    /// The attempt it lies in, counted from 0 within the stream; not told where no rule asks for attempts.
    pub attempt: Option<u32>,
}

/// Where a record stands among those of its kind: stamp, rank of its file among the files, place in the file.
pub type Place = (Option<Stamp>, usize, u64, Option<u64>);

impl Record {
    /// Where it stands among those of its kind; its file has a rank among the files.
    #[must_use]
    pub fn place(&self, rank: usize) -> Place {
        (self.stamp, rank, self.origin.start, self.origin.record())
    }

    /// The source's own text, whole, lines joined by `\n`, no newline at the end.
    #[must_use]
    pub fn text(&self) -> &str {
        self.body.text()
    }

    /// The message: what `line:` is matched against (continuation lines included).
    #[must_use]
    pub fn message(&self) -> &str {
        self.body.message()
    }

    /// Fields by name, as the kind's patterns or reader give them.
    #[must_use]
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &str)> {
        self.body.fields()
    }

    /// The value of field `name`, compared without case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.body.field(name)
    }
}
