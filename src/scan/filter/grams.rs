//! Text told by one gram of G bytes in every S bytes.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};

use super::background::Background;
use super::bits::{Bits, Words};
use super::{Anchor, Search};

/// Sets the bit that tells small letters from capital ones in every byte.
const FOLD: u64 = 0x2020_2020_2020_2020;
pub(super) const FOLD_BYTE: u8 = 0x20;

/// Bytes of the text looked at in one go, and bytes beyond it that the last gram may need.
const GO: usize = 64;
const BEYOND: usize = 8;

/// Bytes of a number by which a block is asked.
const LANE: usize = 4;

/// Bytes of the longest window.
const LONGEST: usize = 8 + 8 - 1;

/// An odd factor that spreads numbers.
const SPREAD: u32 = 0x9e37_79b1;

/// Where a gram stands: in which window, and how far from its beginning.
#[derive(Clone, Copy, Debug)]
struct Entry {
    gram: u64,
    window: u32,
    offset: u32,
}

/// The part of a phrase that is looked for, which may be that of several phrases.
#[derive(Debug)]
struct Window {
    bytes: [u8; LONGEST],
    /// Its phrases, and how far from the beginning of each it stands.
    owners: Vec<(u32, u32)>,
}

/// The grams of some windows.
#[derive(Debug)]
pub(super) struct Grams<const G: usize, const S: usize> {
    bits: Bits,
    windows: Vec<Window>,
    /// All grams in the order of their groups.
    entries: Vec<Entry>,
    /// Where in `entries` those of each group begin.
    index: Vec<u32>,
    /// As a power of two.
    groups: u32,
}

impl<const G: usize, const S: usize> Grams<G, S> {
    /// Bytes of which S neighbouring grams stand.
    const WINDOW: usize = G + S - 1;

    /// `None` for no phrases. Each must have as many bytes as a window has.
    pub(super) fn search(anchors: &[Anchor<'_>], background: &Background) -> Option<Box<dyn Search>> {
        Self::new(anchors, background).map(|grams| Box::new(grams) as Box<dyn Search>)
    }

    fn new(anchors: &[Anchor<'_>], background: &Background) -> Option<Self> {
        let choose = |Anchor { bytes, phrase }: &Anchor<'_>| {
            let offset = background.rarest::<G>(bytes, Self::WINDOW)?;
            let mut window = [0; LONGEST];
            for (byte, own) in window.iter_mut().zip(bytes.get(offset..offset + Self::WINDOW)?) {
                *byte = own | FOLD_BYTE;
            }
            Some((window, (*phrase, u32::try_from(offset).ok()?)))
        };
        let mut chosen: Vec<([u8; LONGEST], (u32, u32))> = anchors.iter().filter_map(choose).collect();
        chosen.sort_unstable();
        let windows: Vec<Window> = chosen
            .chunk_by(|one, next| one.0 == next.0)
            .map(|same| Window { bytes: same[0].0, owners: same.iter().map(|own| own.1).collect() })
            .collect();
        let mut entries: Vec<Entry> = Vec::with_capacity(windows.len() * S);
        for (window, Window { bytes, .. }) in (0..).zip(&windows) {
            entries.extend(
                (0..)
                    .zip(bytes[..Self::WINDOW].windows(G))
                    .filter_map(|(offset, text)| Some(Entry { gram: gram::<G>(text)?, window, offset })),
            );
        }
        let numbers: Vec<u64> = entries.iter().map(|entry| entry.gram).collect();
        let bits = (!entries.is_empty()).then(|| Bits::new(&numbers, &background.grams::<G>()))?;
        let groups = entries.len().next_power_of_two().ilog2();
        let mut own = Self { bits, windows, entries: Vec::new(), index: vec![0; (1 << groups) + 1], groups };
        for entry in &entries {
            let group = own.group(entry.gram);
            own.index[group + 1] += 1;
        }
        for at in 1..own.index.len() {
            own.index[at] += own.index[at - 1];
        }
        let mut next = own.index.clone();
        own.entries.clone_from(&entries);
        for entry in entries {
            let at = &mut next[own.group(entry.gram)];
            own.entries[*at as usize] = entry;
            *at += 1;
        }
        Some(own)
    }

    /// The group that a gram is in.
    fn group(&self, gram: u64) -> usize {
        // Groups and words of the set are told by different bits, or those that get through would be in few groups.
        (self.bits.hash(gram).wrapping_mul(SPREAD) >> 1 >> (u32::BITS - 1 - self.groups)) as usize
    }

    #[inline]
    fn look_up(&self, gram: u64, (text, at): (&[u8], usize), see: &mut dyn FnMut(usize, u32)) {
        let group = self.group(gram);
        let end = |group: usize| self.index.get(group).map_or(0, |end| *end as usize);
        let entries = self.entries.get(end(group)..end(group + 1)).unwrap_or_default();
        for entry in entries.iter().filter(|entry| entry.gram == gram) {
            let (Some(begin), Some(window)) =
                (at.checked_sub(entry.offset as usize), self.windows.get(entry.window as usize))
            else {
                continue;
            };
            let here = text.get(begin..begin + Self::WINDOW).unwrap_or_default();
            if here.len() == Self::WINDOW && here.iter().zip(&window.bytes).all(|(a, b)| a | FOLD_BYTE == *b) {
                for (phrase, offset) in &window.owners {
                    if let Some(begin) = begin.checked_sub(*offset as usize) {
                        see(begin, *phrase);
                    }
                }
            }
        }
    }
}

impl<const G: usize, const S: usize> Search for Grams<G, S> {
    fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, u32)) {
        let rest = match &self.bits.words {
            Words::Few(words) => dispatch!(Level::new(), simd => self.blocks(simd, words, text, see)),
            Words::Some(words) => dispatch!(Level::new(), simd => self.blocks(simd, words, text, see)),
            Words::Many(words) => dispatch!(Level::new(), simd => self.blocks(simd, words, text, see)),
        };
        for at in (rest..text.len()).step_by(S) {
            if let Some(gram) = text.get(at..).and_then(gram::<G>).filter(|gram| self.bits.maybe(*gram)) {
                self.look_up(gram, (text, at), see);
            }
        }
    }
}

impl<const G: usize, const S: usize> Grams<G, S> {
    /// Goes through all of a text that has room for whole blocks; says where the rest begins.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn blocks<V: Simd, const W: usize>(
        &self,
        simd: V,
        words: &[u32; W],
        text: &[u8],
        see: &mut dyn FnMut(usize, u32),
    ) -> usize {
        let step = const { if S < LANE { 1 } else { S / LANE } };
        let mut from = 0;
        while let Some(block) = text.get(from..).and_then(|rest| rest.first_chunk::<{ GO + BEYOND }>()) {
            // A block is asked for grams at every fourth byte at once.
            for phase in (0..LANE).step_by(S) {
                let bytes = u8x64::from_slice(simd, &block[phase..phase + GO]) | FOLD_BYTE;
                let asked = self.bits.ask::<G, W, V>(bytes);
                if asked.any(words, step) {
                    self.block(text, from + phase, asked.all(words, step), see);
                }
            }
            from += GO;
        }
        from
    }

    /// Looks up the grams that begin at some fourth bytes of a block.
    #[inline(never)]
    fn block(&self, text: &[u8], from: usize, lanes: impl Iterator<Item = usize>, see: &mut dyn FnMut(usize, u32)) {
        for at in lanes.map(|lane| from + lane * LANE) {
            if let Some(gram) = text.get(at..).and_then(gram::<G>) {
                self.look_up(gram, (text, at), see);
            }
        }
    }
}

/// The gram that a text begins with, blind to case.
pub(super) fn gram<const G: usize>(text: &[u8]) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..G)?.copy_from_slice(text.get(..G)?);
    Some((u64::from_le_bytes(bytes) | FOLD) & (u64::MAX >> (64 - 8 * G)))
}
