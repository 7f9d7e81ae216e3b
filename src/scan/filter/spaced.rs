//! Lines in which words may stand further apart than by one blank.
//!
//! A phrase is looked for with one blank between its words. Where a line has more, two bytes on either side of the gap tell
//! whether it may be one between two words of a phrase; the columns at the beginning of most lines are none. Such a line,
//! and one with a tab, is looked at once more with all gaps closed.

use std::collections::HashSet;
use std::ops::Range;

use super::Phrase;
use super::background::Background;
use super::bits::Bits;
use super::grams::FOLD_BYTE;
use super::sweep::{SNIPPET, Sweep, Swept};

/// The gaps between the words of all phrases.
#[derive(Debug)]
pub(super) struct Gaps {
    /// Two bytes before a gap and two after it.
    wide: Bits,
    /// The byte before a gap and the one after it, where more is not known: a bit for each two bytes.
    narrow: Vec<u64>,
    /// The two bytes after a gap; with any second one where that is not known. They tell most gaps from those in phrases.
    after: Vec<u64>,
}

impl Gaps {
    /// Of these phrases; `sweep` looks for them.
    pub(super) fn new(phrases: &[Phrase], background: &Background, sweep: &mut Sweep) -> Gaps {
        let (mut wide, mut known) = (Vec::new(), HashSet::new());
        let (mut narrow, mut afters) = (vec![0; 1 << 10], vec![0; 1 << 10]);
        let mut columns = background.columns();
        for text in phrases.iter().map(Phrase::text) {
            for gap in memchr::memchr_iter(b' ', text) {
                let (before, after) = (&text[..gap], &text[gap + 1..]);
                columns.retain(|column| !may_stand(before, *column));
                if let [first, rest @ ..] = after {
                    sweep.add_gap(*first, rest.first().copied());
                }
                match after {
                    [] => continue,
                    [one] => (0..=u8::MAX).for_each(|next| set(&mut afters, pair(*one, next))),
                    [one, next, ..] => set(&mut afters, pair(*one, *next)),
                }
                if let Some(key) = four(before, after) {
                    wide.extend(known.insert(key).then_some(key));
                } else if let Some(key) = two(before, after) {
                    set(&mut narrow, key);
                }
            }
        }
        for column in columns {
            sweep.add_column(column);
        }
        Gaps { wide: Bits::new(&wide, &background.gaps(four)), narrow, after: afters }
    }

    /// Whether the gap that ends at `last` may be one between two words.
    #[expect(clippy::inline_always, reason = "it is asked for every gap of a text")]
    #[inline(always)]
    fn maybe_at(&self, text: &[u8], last: usize) -> bool {
        let after = text.get(last + 1..).unwrap_or_default();
        let common = match after {
            [one, next, ..] => has(&self.after, pair(*one, *next)),
            // At the end of the text one byte is all that a phrase may have there.
            _ => true,
        };
        common && self.maybe(text.get(..word_end(text, last)).unwrap_or_default(), after)
    }

    /// Whether the gap between these two parts of a text may be one between two words.
    #[expect(clippy::inline_always, reason = "it is asked for every gap of a text")]
    #[inline(always)]
    fn maybe(&self, before: &[u8], after: &[u8]) -> bool {
        let narrow = two(before, after).is_some_and(|key| has(&self.narrow, key));
        narrow || four(before, after).is_some_and(|key| self.wide.maybe(key))
    }

    /// Calls `see` with every line that may have a phrase with gaps, maybe more than once.
    pub(super) fn lines(&self, text: &[u8], swept: &Swept, see: &mut dyn FnMut(Range<usize>)) {
        let gaps = swept.gaps.iter().map(|last| *last as usize);
        each_line(text, gaps.filter(|last| self.maybe_at(text, *last)), see);
        each_line(text, swept.tabs.iter().map(|tab| *tab as usize), see);
    }
}

/// Calls `see` with every line in which one of these places lies; they ascend.
fn each_line(text: &[u8], places: impl Iterator<Item = usize>, see: &mut dyn FnMut(Range<usize>)) {
    let mut end = 0;
    for place in places {
        if place >= end {
            let begin = memchr::memrchr(b'\n', &text[..place]).map_or(0, |newline| newline + 1);
            end = memchr::memchr(b'\n', &text[place..]).map_or(text.len(), |newline| place + newline + 1);
            see(begin..end);
        }
    }
}

/// Where the word before a gap ends, of which the last blank is given.
#[expect(clippy::inline_always, reason = "it is asked for every gap of a text")]
#[inline(always)]
fn word_end(text: &[u8], last: usize) -> usize {
    let mut end = last;
    while let Some(eight) = text[..end].last_chunk::<8>() {
        let others = u64::from_le_bytes(*eight) ^ u64::from_le_bytes([b' '; 8]);
        end -= others.leading_zeros() as usize / 8;
        if others != 0 {
            return end;
        }
    }
    text[..end].iter().rposition(|byte| *byte != b' ').map_or(0, |word| word + 1)
}

/// Whether the gap behind `before`, the beginning of a phrase, may be one behind `column`. Blanks that a phrase begins with
/// are as good as one.
fn may_stand(before: &[u8], column: [u8; SNIPPET]) -> bool {
    !before.is_empty()
        && before.iter().rev().zip(column.iter().rev()).all(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// Two bytes on either side of a gap, blind to case.
#[expect(clippy::inline_always, reason = "it is asked for every gap of a text")]
#[inline(always)]
fn four(before: &[u8], after: &[u8]) -> Option<u64> {
    let (before, after) = (before.last_chunk::<2>()?, after.first_chunk::<2>()?);
    let bytes = [before[0], before[1], after[0], after[1]].map(|byte| byte | FOLD_BYTE);
    Some(u64::from(u32::from_le_bytes(bytes)))
}

/// One byte on either side of a gap, blind to case.
#[inline]
fn two(before: &[u8], after: &[u8]) -> Option<usize> {
    Some(pair(*before.last()?, *after.first()?))
}

/// Two bytes as one number, blind to case.
#[inline]
fn pair(one: u8, other: u8) -> usize {
    usize::from(u16::from_le_bytes([one | FOLD_BYTE, other | FOLD_BYTE]))
}

/// Whether a set of small numbers, a bit for each, has this one.
#[inline]
fn has(set: &[u64], number: usize) -> bool {
    set.get(number >> 6).is_some_and(|word| word >> (number & 63) & 1 != 0)
}

fn set(set: &mut [u64], number: usize) {
    if let Some(word) = set.get_mut(number >> 6) {
        *word |= 1 << (number & 63);
    }
}

/// A line with all gaps closed.
#[derive(Debug, Default)]
pub(super) struct Closed {
    pub(super) bytes: Vec<u8>,
    /// Where what follows a gap stands here, and in the line.
    moved: Vec<(usize, usize)>,
}

impl Closed {
    pub(super) fn set(&mut self, line: &[u8]) {
        self.bytes.clear();
        self.moved.clear();
        let mut at = 0;
        while let Some(gap) = line[at..].iter().position(|byte| matches!(byte, b' ' | b'\t')).map(|gap| at + gap) {
            self.bytes.extend_from_slice(&line[at..gap]);
            self.bytes.push(b' ');
            at = gap + line[gap..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if at - gap > 1 {
                self.moved.push((self.bytes.len(), at));
            }
        }
        self.bytes.extend_from_slice(&line[at..]);
    }

    /// Where the byte at `place` stands in the line.
    pub(super) fn place(&self, place: usize) -> usize {
        let next = self.moved.partition_point(|(here, _)| *here <= place);
        let (here, line) = next.checked_sub(1).and_then(|last| self.moved.get(last)).copied().unwrap_or_default();
        line + (place - here)
    }
}
