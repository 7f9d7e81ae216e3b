//! Text on its way from blocks to records: pieces that begin at a record and end before one.

use std::cell::Cell;

use crate::bundle::{Block, Encoding, decode_line};
use crate::logs::{Framer, LogKind, Sighting};
use crate::value::Stamp;

/// Lines tried in one piece for one that shows both clocks.
const PAIRS: usize = 1000;

const SECOND: i64 = 1_000_000_000;

/// Seconds of a quarter of an hour.
const QUARTER: i64 = 900;

/// Seconds that the two clocks of one line may be apart.
const APART: i64 = 60;

/// Text held over from block to block until its last record is whole.
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    pub(super) offset: u64,
    pub(super) line: u64,
    pub(super) encoding: Encoding,
    /// It ends within a line.
    pub(super) open: bool,
}

impl Held {
    pub(super) fn new(line: u64, encoding: Encoding) -> Held {
        Held { bytes: Vec::new(), offset: 0, line, encoding, open: false }
    }

    pub(super) fn add(&mut self, block: &Block<'_>) {
        if self.bytes.is_empty() {
            self.offset = block.offset;
            self.encoding = block.encoding;
        }
        self.bytes.extend_from_slice(block.bytes);
        self.open = !block.bytes.ends_with(b"\n");
    }

    /// Gives so many of its bytes as a piece, and holds the rest.
    pub(super) fn give(&mut self, end: usize, see: &mut dyn FnMut(&Piece<'_>)) {
        if end == 0 {
            return;
        }
        let piece = Piece {
            bytes: &self.bytes[..end],
            offset: self.offset,
            line: self.line,
            encoding: self.encoding,
            known: Cell::new((0, self.offset)),
        };
        see(&piece);
        let (lines, next) = (piece.lines(), piece.offset_of(end));
        self.bytes.drain(..end);
        self.offset = next;
        self.line += lines;
    }

    /// The number of the line that it ends in.
    pub(super) fn line_here(&self) -> u64 {
        self.line + memchr::memchr_iter(b'\n', &self.bytes).count() as u64
    }
}

/// A piece of text between two records.
pub(super) struct Piece<'t> {
    pub(super) bytes: &'t [u8],
    pub(super) offset: u64,
    pub(super) line: u64,
    pub(super) encoding: Encoding,
    /// The last question of where a place lies, and the answer: the next one lies a little further on.
    pub(super) known: Cell<(usize, u64)>,
}

impl<'t> Piece<'t> {
    pub(super) fn sighting<'s>(&self, places: Option<&'s [usize]>) -> Sighting<'s>
    where
        't: 's,
    {
        Sighting { bytes: self.bytes, places, offset: self.offset, line: self.line }
    }

    pub(super) fn offset_of(&self, at: usize) -> u64 {
        let (from, offset) = match self.known.get() {
            (known, offset) if known <= at => (known, offset),
            _ => (0, self.offset),
        };
        let rest = self.bytes.get(from..).unwrap_or_default();
        let found = Block { bytes: rest, offset, encoding: self.encoding, follows: true }.source_offset(at - from);
        self.known.set((at, found));
        found
    }

    pub(super) fn lines(&self) -> u64 {
        memchr::memchr_iter(b'\n', self.bytes).count() as u64
    }

    /// Local time minus UTC in seconds, from the first line that shows both. Offsets are whole quarters of an hour;
    /// what is further off than the two clocks of one line can be is none.
    pub(super) fn utc_offset(&self, framer: &Framer<'_>, kind: &LogKind) -> Option<i32> {
        let utc = kind.clock.as_ref()?.utc.as_ref()?;
        let literal = utc.required_literal()?;
        memchr::memmem::find_iter(self.bytes, literal.as_bytes()).take(PAIRS).find_map(|at| {
            let begin = memchr::memrchr(b'\n', &self.bytes[..at]).map_or(0, |newline| newline + 1);
            let end = memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |newline| at + newline);
            let line = &self.bytes[begin..end];
            let found = utc.find(&decode_line(line, self.encoding))?;
            let utc = found.captures.iter().find_map(|captured| captured.stamp)?;
            let seconds = framer.stamp_of(line)?.0.checked_sub(utc.0)?.div_euclid(SECOND);
            let quarters = (seconds + QUARTER / 2).div_euclid(QUARTER);
            ((seconds - quarters * QUARTER).abs() <= APART).then(|| i32::try_from(quarters * QUARTER).ok())?
        })
    }

    /// The first or the last stamp in it.
    pub(super) fn stamps(&self, framer: &Framer<'_>, last: bool) -> Option<Stamp> {
        let mut lines = self.bytes.split_inclusive(|byte| *byte == b'\n');
        if last {
            lines.rev().find_map(|line| framer.stamp_of(line))
        } else {
            lines.find_map(|line| framer.stamp_of(line))
        }
    }
}
