//! What the bytes of a text tell at a glance: whether they are plain, and how many lines they have.

use std::mem;

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};

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
    pub(super) newlines: u64,
}

/// What is in some blocks.
#[derive(Default)]
struct Seen {
    newlines: u64,
    /// Bytes that no plain text has: zeros, 0xff, carriage returns before something else than an end of line.
    strange: u64,
    foreign: u64,
}

impl Glance {
    pub(super) fn new(text: &[u8]) -> Glance {
        let seen = dispatch!(Level::new(), simd => Seen::new(simd, text));
        Glance {
            plain: seen.strange == 0 && (text.len() <= LINE || longest_line(text) <= LINE),
            unlike_utf8: seen.foreign != 0 && std::str::from_utf8(text).is_err(),
            newlines: seen.newlines,
        }
    }
}

impl Seen {
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn new<S: Simd>(simd: S, text: &[u8]) -> Seen {
        let mut seen = Seen::default();
        let (blocks, rest) = text.as_chunks::<GO>();
        for (block, next) in blocks.iter().zip(text.chunks(GO).skip(1).map(Some).chain([None])) {
            seen.add(u8x64::from_slice(simd, block), next.and_then(|next| next.first()).copied());
        }
        if !rest.is_empty() {
            // What stands beyond the end must be neither strange nor a newline, and end a line for what stands before.
            let mut block = [b' '; GO];
            block[..rest.len()].copy_from_slice(rest);
            let ends = rest.last() == Some(&b'\r');
            block[rest.len()] = if ends { b'\n' } else { b' ' };
            seen.add(u8x64::from_slice(simd, &block), None);
            seen.newlines -= u64::from(ends);
        }
        seen
    }

    /// Adds a block; `next` is the byte after it, none at the end.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn add<S: Simd>(&mut self, block: u8x64<S>, next: Option<u8>) {
        let newlines = block.simd_eq(b'\n').to_bitmask();
        let returns = block.simd_eq(b'\r').to_bitmask();
        let ended = matches!(next, Some(b'\n' | b'\r') | None);
        let followed = (newlines | returns) >> 1 | u64::from(ended) << (GO - 1);
        self.newlines += u64::from(newlines.count_ones());
        self.strange |= (block.simd_eq(0) | block.simd_eq(0xff)).to_bitmask() | returns & !followed;
        self.foreign |= block.simd_ge(0x80).to_bitmask();
    }
}

fn longest_line(bytes: &[u8]) -> usize {
    let ends = memchr::memchr_iter(b'\n', bytes).map(|newline| newline + 1).chain([bytes.len()]);
    ends.scan(0, |begin, end| Some(end - mem::replace(begin, end))).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Glance;

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
            newlines: text.iter().map(|byte| u64::from(*byte == b'\n')).sum(),
        }
    }

    #[test]
    fn a_strange_byte_is_seen_wherever_it_stands() {
        for length in [1, 2, 63, 64, 65, 127, 128, 129, 200] {
            for strange in [&b"\0"[..], b"\xff", b"\r", b"\r\n", b"\r\r\n", b"\n"] {
                for at in 0..length {
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
