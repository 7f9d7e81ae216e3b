//! Text on its way from blocks to records: pieces that begin at a record and end before one.

use crate::bundle::{Block, Encoding};
use crate::logs::{Cutter, Newlines, Sighting};
use crate::value::{Stamp, Stamps};

/// Bytes between two marks of where they lie.
const STEP: usize = 512;

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
        let newlines = Newlines::of(&self.bytes[..end]);
        let piece = Piece {
            bytes: &self.bytes[..end],
            offset: self.offset,
            line: self.line,
            newlines: &newlines,
            encoding: self.encoding,
            marks: marks(&self.bytes[..end], self.offset, self.encoding).0,
        };
        see(&piece);
        let (lines, next) = (newlines.all, piece.offset_of(end));
        self.bytes.drain(..end);
        self.offset = next;
        self.line += lines;
    }

    /// The number of the line that it ends in.
    pub(super) fn line_here(&self) -> u64 {
        self.line + memchr::memchr_iter(b'\n', &self.bytes).count() as u64
    }
}

/// Where every so many bytes of a text that begins at `offset` lie in the artifact, if that is not plain to see, and where
/// it ends.
pub(super) fn marks(bytes: &[u8], offset: u64, encoding: Encoding) -> (Vec<u64>, u64) {
    if !matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be) {
        return (Vec::new(), offset + bytes.len() as u64);
    }
    let mut end = offset;
    let marks = bytes.chunks(STEP).map(|bytes| {
        let here = end;
        end = Block { bytes, offset: here, encoding, follows: true }.source_offset(bytes.len());
        here
    });
    (marks.collect(), end)
}

/// A piece of text between two records.
pub(super) struct Piece<'t> {
    pub(super) bytes: &'t [u8],
    pub(super) offset: u64,
    pub(super) line: u64,
    pub(super) newlines: &'t Newlines,
    pub(super) encoding: Encoding,
    /// Where every so many bytes lie, for text whose bytes are not those of the artifact.
    pub(super) marks: Vec<u64>,
}

impl<'t> Piece<'t> {
    /// It, to be cut into all its records.
    pub(super) fn sighting(&self) -> Sighting<'t> {
        Sighting { bytes: self.bytes, places: None, line: self.line, newlines: self.newlines }
    }

    /// The byte of the artifact at which byte `at` lies.
    pub(super) fn offset_of(&self, at: usize) -> u64 {
        let mark = (at / STEP).min(self.marks.len().saturating_sub(1));
        let (from, offset) = self.marks.get(mark).map_or((0, self.offset), |offset| (mark * STEP, *offset));
        let rest = self.bytes.get(from..).unwrap_or_default();
        Block { bytes: rest, offset, encoding: self.encoding, follows: true }.source_offset(at - from)
    }

    /// The first stamp in it.
    pub(super) fn first(&self, cutter: &Cutter<'_>) -> Option<Stamp> {
        self.lines().zip(self.line..).find_map(|(line, number)| cutter.stamp_of(line, number))
    }

    /// The last stamp in it.
    pub(super) fn last(&self, cutter: &Cutter<'_>, stamps: &mut Stamps) -> Option<Stamp> {
        let end = self.line + self.newlines.all - u64::from(self.bytes.ends_with(b"\n"));
        self.lines().rev().zip(0..).find_map(|(line, back)| cutter.stamp_with(line, end - back, stamps))
    }

    fn lines(&self) -> impl DoubleEndedIterator<Item = &'t [u8]> {
        self.bytes.split_inclusive(|byte| *byte == b'\n')
    }
}
