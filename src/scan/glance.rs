//! What the bytes of a text tell at a glance: whether they are plain, and how many lines they have.

use std::mem;

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};

use crate::logs::{Newlines, STEP};

/// A line longer than this is left to `TextReader`; shorter than what a record may be, or it would be cut for a record.
pub(super) const LINE: usize = 512 << 10;

/// Bytes looked at in one go.
const GO: usize = 64;

/// What a chunk's bytes tell at a glance.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Glance {
    /// It is text of one byte a letter with newlines alone.
    pub(super) plain: bool,
    /// It is no UTF-8.
    pub(super) unlike_utf8: bool,
    /// Newlines in it.
    pub(super) newlines: Newlines,
}

/// What was seen of a text.
#[derive(Debug, Default)]
pub(super) struct Glancing {
    least: u8,
    greatest: u8,
    newlines: u32,
    /// How many newlines stand before every `STEP`th byte.
    steps: Vec<u32>,
    /// Bytes after a carriage return that end no line.
    strange: u64,
}

/// What is in some blocks: the least and the greatest byte at each place of a block, and what the others tell.
pub(super) struct Seen<S: Simd> {
    least: u8x64<S>,
    greatest: u8x64<S>,
    newlines: u32,
    /// Whether the last byte is a carriage return, as the lowest bit.
    returned: u64,
    strange: u64,
}

impl Glancing {
    /// Begins to look.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    pub(super) fn look<S: Simd>(simd: S) -> Seen<S> {
        let blank = u8x64::splat(simd, b' ');
        Seen { least: blank, greatest: blank, newlines: 0, returned: 0, strange: 0 }
    }

    /// Says that a step begins, before its blocks are added.
    #[inline]
    pub(super) fn step<S: Simd>(&mut self, seen: &Seen<S>) {
        self.steps.push(seen.newlines);
    }

    /// Keeps what was seen.
    #[inline]
    pub(super) fn keep<S: Simd>(&mut self, seen: &Seen<S>) {
        (self.least, self.greatest) = (seen.least.reduce_min(), seen.greatest.reduce_max());
        (self.newlines, self.strange) = (seen.newlines, seen.strange);
    }

    /// What that tells of the text.
    pub(super) fn finish(self, text: &[u8]) -> Glance {
        let Glancing { least, greatest, newlines, steps, strange } = self;
        // No plain text has zeros, 0xff, or carriage returns before something else than an end of line.
        let strange = strange != 0 || least == 0 || greatest == 0xff;
        Glance {
            plain: !strange && (text.len() <= LINE || longest_line(text) <= LINE),
            unlike_utf8: greatest >= 0x80 && std::str::from_utf8(text).is_err(),
            newlines: Newlines { all: u64::from(newlines), steps },
        }
    }
}

impl Glance {
    pub(super) fn new(text: &[u8]) -> Glance {
        let mut glancing = Glancing::default();
        dispatch!(Level::new(), simd => Glance::with(simd, text, &mut glancing));
        glancing.finish(text)
    }

    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn with<S: Simd>(simd: S, text: &[u8], glancing: &mut Glancing) {
        let mut seen = Glancing::look(simd);
        for step in text.chunks(STEP) {
            glancing.step(&seen);
            let (blocks, rest) = step.as_chunks::<GO>();
            for block in blocks {
                seen.add(u8x64::from_slice(simd, block), u64::MAX);
            }
            if !rest.is_empty() {
                let mut block = [b' '; GO];
                block[..rest.len()].copy_from_slice(rest);
                seen.add(u8x64::from_slice(simd, &block), (1 << rest.len()) - 1);
            }
        }
        glancing.keep(&seen);
    }
}

impl<S: Simd> Seen<S> {
    /// Adds a block, of which `own` are not blanks that fill it up.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    pub(super) fn add(&mut self, block: u8x64<S>, own: u64) {
        self.least = self.least.min(block);
        self.greatest = self.greatest.max(block);
        let newlines = block.simd_eq(b'\n').to_bitmask();
        let returns = block.simd_eq(b'\r').to_bitmask();
        self.newlines += newlines.count_ones();
        self.strange |= (returns << 1 | self.returned) & !(newlines | returns) & own;
        self.returned = returns >> (GO - 1);
    }
}

fn longest_line(bytes: &[u8]) -> usize {
    let ends = memchr::memchr_iter(b'\n', bytes).map(|newline| newline + 1).chain([bytes.len()]);
    ends.scan(0, |begin, end| Some(end - mem::replace(begin, end))).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Glance, Newlines};

    /// The same, byte by byte.
    fn naive(text: &[u8]) -> Glance {
        let strange = |(at, byte): (usize, &u8)| match byte {
            0 | 0xff => true,
            b'\r' => !matches!(text.get(at + 1), Some(b'\n' | b'\r') | None),
            _ => false,
        };
        Glance {
            plain: !text.iter().enumerate().any(strange),
            unlike_utf8: std::str::from_utf8(text).is_err(),
            newlines: Newlines::of(text),
        }
    }

    #[test]
    fn a_strange_byte_is_seen_wherever_it_stands() {
        for length in [1, 2, 63, 64, 65, 127, 128, 129, 200, 4095, 4096, 4097] {
            for strange in [&b"\0"[..], b"\xff", b"\r", b"\r\n", b"\r\r\n", b"\n"] {
                for at in (0..length).filter(|at| length < 300 || at % 509 == 0 || length - at < 3) {
                    let text = [&b"a".repeat(at), strange, &b"a".repeat(length - at - 1)].concat();
                    assert_eq!(Glance::new(&text), naive(&text), "{strange:?} at {at} of {length}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn it_tells_what_the_bytes_tell_one_by_one(text in "[a\r\n\u{0}\u{e9}]{0,200}", cut in 0..3usize) {
            let text = text.as_bytes().get(cut..).unwrap_or_default();
            prop_assert_eq!(Glance::new(text), naive(text));
        }
    }
}
