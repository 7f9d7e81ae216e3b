//! A text with its gaps closed: one blank wherever several blanks and tabs stand side by side.
//!
//! Between two words of a phrase stands any number of blanks. With gaps closed it is always one, so that a phrase is plain
//! bytes, wherever its grams begin; and as logs are written in columns, there is less to look at.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, mask8x64, u8x64};

use crate::logs::STEP;
use crate::scan::glance::{Glance, Glancing};

/// Bytes closed in one go.
const GO: usize = 64;

/// Blocks to the next place that are gone through one by one.
const NEAR: usize = 8;

/// A text with its gaps closed, in room that is used again.
#[derive(Debug, Default)]
pub(super) struct Closed {
    room: Vec<u8>,
    length: usize,
    /// Where what every block of the text left begins.
    begins: Vec<u32>,
}

impl Closed {
    pub(super) fn bytes(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }

    /// Closes the gaps of a text; says what there is to see of it as it was, as it is gone through only once.
    pub(super) fn set(&mut self, text: &[u8]) -> Glance {
        self.set_with(Level::new(), text)
    }

    fn set_with(&mut self, level: Level, text: &[u8]) -> Glance {
        let blocks = text.len().div_ceil(GO);
        let most = (blocks + 2) * GO;
        if self.room.len() < most {
            self.room.resize(most, 0);
        }
        self.begins.resize(blocks, 0);
        let mut glancing = Glancing::default();
        self.length = dispatch!(level, simd => self.close(simd, text, &mut glancing));
        glancing.finish(text)
    }

    /// Writes what is left of a text, and says how many bytes that are.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn close<S: Simd>(&mut self, simd: S, text: &[u8], glancing: &mut Glancing) -> usize {
        let (room, begins) = (&mut self.room[..], &mut self.begins[..]);
        let mut begins = begins.iter_mut();
        let (mut end, mut from) = (0u32, 0);
        let mut seen = Glancing::look(simd);
        let mut gaps = Gaps { blank: 0 };
        for step in text.chunks(STEP) {
            glancing.step(&seen);
            let (blocks, rest) = step.as_chunks::<GO>();
            for (block, begin) in blocks.iter().zip(&mut begins) {
                *begin = end;
                let bytes = u8x64::from_slice(simd, block);
                seen.add(bytes, u64::MAX);
                let (left, tabs) = gaps.left(bytes);
                // There is room for as many bytes as the text has, and two blocks more.
                let room = room.get_mut(end as usize..end as usize + 2 * GO).unwrap_or_default();
                match text.get(from..from + 2 * GO) {
                    // What takes single bytes together at once is quick only where vectors are as wide as a block.
                    Some(text) if <S::u8s as SimdBase<S>>::LEN < GO && tabs == 0 => copy(simd, text, left, room),
                    _ => compress(simd, bytes, left, room),
                }
                end += left.count_ones();
                from += GO;
            }
            if !rest.is_empty() {
                if let Some(begin) = begins.next() {
                    *begin = end;
                }
                let mut block = [b' '; GO];
                block[..rest.len()].copy_from_slice(rest);
                let (bytes, own) = (u8x64::from_slice(simd, &block), (1 << rest.len()) - 1);
                seen.add(bytes, own);
                let left = gaps.left(bytes).0 & own;
                compress(simd, bytes, left, room.get_mut(end as usize..).unwrap_or_default());
                end += left.count_ones();
            }
        }
        glancing.keep(&seen);
        end as usize
    }

    /// Where bytes of it stand in the text, given their places in ascending order, each in the upper half of a number; the first
    /// blank of a gap for the one that is left of it.
    pub(super) fn place_back(&self, text: &[u8], places: &mut [u64]) {
        self.place_back_with(Level::new(), text, places);
    }

    fn place_back_with(&self, level: Level, text: &[u8], places: &mut [u64]) {
        dispatch!(level, simd => self.place_all(simd, text, places));
    }

    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn place_all<S: Simd>(&self, simd: S, text: &[u8], places: &mut [u64]) {
        let mut block = 0;
        for place in places {
            let (at, rest) = (*place >> u32::BITS, *place & u64::from(u32::MAX));
            let begins = self.begins.get(block + 1..).unwrap_or_default();
            let is_before = |begin: &u32| u64::from(*begin) <= at;
            // Mostly the next place is near; where it is not, those between are not gone through one by one.
            block += match begins.get(NEAR) {
                Some(far) if is_before(far) => begins.partition_point(is_before),
                _ => begins.iter().take(NEAR).take_while(|begin| is_before(begin)).count(),
            };
            let begin = self.begins.get(block).map_or(0, |begin| u64::from(*begin));
            let mut left = left_of(simd, text, block * GO);
            for _ in begin..at {
                left &= left.wrapping_sub(1);
            }
            *place = ((block * GO) as u64 + u64::from(left.trailing_zeros())) << u32::BITS | rest;
        }
    }
}

/// Which bytes of the block at `from` are left.
#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn left_of<S: Simd>(simd: S, text: &[u8], from: usize) -> u64 {
    let rest = text.get(from..).unwrap_or_default();
    let before = from.checked_sub(1).and_then(|last| text.get(last)).is_some_and(|byte| is_blank(*byte));
    let mut gaps = Gaps { blank: u64::from(before) };
    if let Some(block) = rest.first_chunk::<GO>() {
        return gaps.left(u8x64::from_slice(simd, block)).0;
    }
    let mut block = [b' '; GO];
    block[..rest.len()].copy_from_slice(rest);
    gaps.left(u8x64::from_slice(simd, &block)).0
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Tells the gaps of blocks, one after the other.
struct Gaps {
    /// Whether a blank stands before the next block, as the lowest bit.
    blank: u64,
}

impl Gaps {
    /// The bytes of a block that are left, and the tabs in it.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn left<S: Simd>(&mut self, block: u8x64<S>) -> (u64, u64) {
        let tabs = block.simd_eq(b'\t').to_bitmask();
        let blanks = block.simd_eq(b' ').to_bitmask() | tabs;
        let left = !(blanks & (blanks << 1 | self.blank));
        self.blank = blanks >> (GO - 1);
        (left, tabs)
    }
}

/// Writes those bytes of a block that are left, a tab as a blank.
#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn compress<S: Simd>(simd: S, block: u8x64<S>, left: u64, room: &mut [u8]) {
    if let Some(room) = room.first_chunk_mut::<GO>() {
        let blank = u8x64::splat(simd, b' ');
        let block = block.simd_eq(b'\t').select(blank, block);
        block.compress(mask8x64::from_bitmask(simd, left)).store_slice(room);
    }
}

/// The same for a block without tabs, run by run; the text goes on behind it for as long again.
#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn copy<S: Simd>(simd: S, text: &[u8], left: u64, room: &mut [u8]) {
    let mut runs = Runs { rest: left, from: 0, end: 0 };
    // Columns leave three runs in many blocks, and one or two in others: to write three always is quicker than to ask.
    for _ in 0..3 {
        runs.next(simd, text, room);
    }
    while runs.rest != 0 {
        runs.next(simd, text, room);
    }
}

/// The runs of a block that are left.
struct Runs {
    /// What is left of the block from `from` on.
    rest: u64,
    from: usize,
    /// Bytes that were written.
    end: usize,
}

impl Runs {
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn next<S: Simd>(&mut self, simd: S, text: &[u8], room: &mut [u8]) {
        let gap = self.rest.trailing_zeros();
        self.rest = self.rest.checked_shr(gap).unwrap_or_default();
        self.from = GO.min(self.from + gap as usize);
        // More than the run is written: what comes next is written over it.
        if let (Some(run), Some(room)) = (text.get(self.from..self.from + GO), room.get_mut(self.end..self.end + GO)) {
            u8x64::from_slice(simd, run).store_slice(room);
        }
        let run = self.rest.trailing_ones();
        self.rest = self.rest.checked_shr(run).unwrap_or_default();
        (self.from, self.end) = (self.from + run as usize, self.end + run as usize);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, byte by byte: each byte that is left, and where it stood.
    fn naive(text: &[u8]) -> Vec<(u8, usize)> {
        let left = |at: &usize| !is_blank(text[*at]) || *at == 0 || !is_blank(text[at - 1]);
        let one = |at| (if is_blank(text[at]) { b' ' } else { text[at] }, at);
        (0..text.len()).filter(left).map(one).collect()
    }

    fn agrees(closed: &mut Closed, text: &[u8]) {
        let shown = String::from_utf8_lossy(text);
        for level in [Level::new(), Level::baseline()] {
            assert_eq!(closed.set_with(level, text), Glance::new(text));
            let naive = naive(text);
            assert!(closed.bytes().iter().eq(naive.iter().map(|(byte, _)| byte)), "{shown:?}");
            // All places, and few of them.
            for apart in [1, 700] {
                let mut places: Vec<u64> = (0..naive.len() as u64).step_by(apart).map(|at| at << 32 | at).collect();
                closed.place_back_with(level, text, &mut places);
                let right = naive.iter().enumerate().step_by(apart).map(|(at, (_, place))| (*place << 32 | at) as u64);
                assert!(places.into_iter().eq(right), "{shown:?}");
            }
        }
    }

    #[test]
    fn a_gap_is_closed_wherever_it_stands() {
        let mut closed = Closed::default();
        for before in 0..140 {
            for gap in ["", " ", "\t", "  ", " \t", "\t \t", &" ".repeat(70), &" ".repeat(130)] {
                for after in [0, 1, 63, 64, 65] {
                    let text = format!("{}{gap}{}", "a".repeat(before), "b".repeat(after));
                    agrees(&mut closed, text.as_bytes());
                }
            }
        }
    }

    #[test]
    fn a_text_of_several_steps_is_one() {
        let mut closed = Closed::default();
        for length in [STEP - 1, STEP, STEP + 1, 2 * STEP - 1, 2 * STEP, 2 * STEP + 65, 5 * STEP + 7] {
            let text: Vec<u8> = (0..length).map(|at| b" a \tb c\r\n"[at * at / 7 % 9]).collect();
            agrees(&mut closed, &text);
        }
    }

    proptest! {
        #[test]
        fn closed_is_what_is_left_byte_by_byte(text in prop::collection::vec(any::<u8>(), 0..300), spaced in "[a \t\n]{0,300}") {
            let mut closed = Closed::default();
            agrees(&mut closed, &text);
            agrees(&mut closed, spaced.as_bytes());
        }
    }
}
