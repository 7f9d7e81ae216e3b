//! Text told by one gram of G bytes in every S bytes.

use super::background::Background;
use super::bits::Bits;
use super::{Anchor, Search};

/// Sets the bit that tells small letters from capital ones in every byte.
const FOLD: u64 = 0x2020_2020_2020_2020;
pub(super) const FOLD_BYTE: u8 = 0x20;

/// Bytes of the text looked at in one go, and bytes beyond it that the last gram may need.
const GO: usize = 64;
const BEYOND: usize = 8;

/// Bytes of the longest window.
const LONGEST: usize = 8 + 16 - 1;

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
    /// All grams in the order of their groups in the set.
    entries: Vec<Entry>,
    /// Where in `entries` those of each group begin.
    index: Vec<u32>,
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
        let mut entries: Vec<Entry> = Vec::new();
        for (window, Window { bytes, .. }) in (0..).zip(&windows) {
            entries.extend(
                (0..)
                    .zip(bytes[..Self::WINDOW].windows(G))
                    .filter_map(|(offset, text)| Some(Entry { gram: gram::<G>(text)?, window, offset })),
            );
        }
        let numbers: Vec<u64> = entries.iter().map(|entry| entry.gram).collect();
        let bits = (!entries.is_empty()).then(|| Bits::new(&numbers, &background.grams::<G>()))?;
        entries.sort_unstable_by_key(|entry| (bits.group(entry.gram), entry.gram, entry.window, entry.offset));
        let mut index = vec![0u32; bits.groups() + 1];
        for entry in &entries {
            index[bits.group(entry.gram) + 1] += 1;
        }
        for at in 1..index.len() {
            index[at] += index[at - 1];
        }
        Some(Self { bits, windows, entries, index })
    }

    #[inline]
    fn look_up(&self, gram: u64, (text, at): (&[u8], usize), see: &mut dyn FnMut(usize, u32)) {
        if !self.bits.maybe(gram) {
            return;
        }
        let group = self.bits.group(gram);
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
        let mut from = 0;
        while let Some(block) = text.get(from..).and_then(|rest| rest.first_chunk::<{ GO + BEYOND }>()) {
            let mut any = false;
            for at in (0..GO).step_by(S) {
                any |= self.bits.maybe(gram_at::<G>(block, at));
            }
            if any {
                for at in (0..GO).step_by(S) {
                    self.look_up(gram_at::<G>(block, at), (text, from + at), see);
                }
            }
            from += GO;
        }
        // The rest has no room for a whole block.
        while let Some(gram) = text.get(from..).and_then(gram::<G>) {
            self.look_up(gram, (text, from), see);
            from += S;
        }
    }
}

/// The gram that a text begins with, blind to case.
pub(super) fn gram<const G: usize>(text: &[u8]) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..G)?.copy_from_slice(text.get(..G)?);
    Some(fold::<G>(u64::from_le_bytes(bytes)))
}

/// The same at a place of a block.
#[inline]
fn gram_at<const G: usize>(block: &[u8; GO + BEYOND], at: usize) -> u64 {
    match block.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(bytes) => fold::<G>(u64::from_le_bytes(*bytes)),
        None => 0,
    }
}

#[inline]
fn fold<const G: usize>(gram: u64) -> u64 {
    (gram | FOLD) & (u64::MAX >> (64 - 8 * G))
}
