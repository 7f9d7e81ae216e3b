//! An artifact's lines, decoded, one at a time: nothing is held but a block of them.

use std::borrow::Cow;
use std::io;

use memchr::memchr;

use crate::bundle::{Artifact, Block, decode_line};

use super::sink::Place;

/// A line and where it lies.
#[derive(Clone, Debug, Default)]
pub(super) struct Line<'t> {
    /// Its text, without the newline.
    pub(super) text: Cow<'t, str>,
    /// Its number, from 1.
    pub(super) number: u64,
    /// First byte in the artifact.
    pub(super) start: u64,
    /// One past its last byte.
    pub(super) end: u64,
}

impl Line<'_> {
    /// The line with a text of its own, to be kept.
    pub(super) fn owned(&self) -> Line<'static> {
        Line { text: Cow::Owned(self.text.to_string()), ..*self }
    }

    /// The place of an entry of this line alone.
    pub(super) fn place(&self) -> Place {
        Place { line: self.number, end_line: self.number, record: None, start: self.start, end: self.end }
    }
}

/// Gives every line of an artifact to `take`; says how many there were, and whether the source broke off after them. A
/// line too long for a block comes in pieces that have one number.
pub(super) fn each(artifact: &Artifact, take: &mut dyn FnMut(&Line<'_>)) -> (u64, io::Result<()>) {
    let before = artifact.first_line.saturating_sub(1);
    let mut number = before;
    let ended = walk(artifact, &mut number, take);
    (number - before, ended)
}

fn walk(artifact: &Artifact, number: &mut u64, take: &mut dyn FnMut(&Line<'_>)) -> io::Result<()> {
    let mut reader = artifact.read_text()?;
    let mut open = false;
    while let Some(block) = reader.next_block()? {
        let mut start = block.offset;
        open &= block.follows;
        let mut left = block.bytes;
        while !left.is_empty() {
            let (raw, rest) = left.split_at(memchr(b'\n', left).map_or(left.len(), |at| at + 1));
            left = rest;
            *number += u64::from(!open);
            open = !raw.ends_with(b"\n");
            let end = Block { bytes: raw, offset: start, ..block }.source_offset(raw.len());
            let text = decode_line(trim(raw), block.encoding);
            take(&Line { text, number: *number, start, end });
            start = end;
        }
    }
    Ok(())
}

/// A line without its newline.
fn trim(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
