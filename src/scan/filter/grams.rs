//! Literals told by one gram of G bytes in every S bytes of the text.

use super::{Search, background};

/// Sets the bit that tells small letters from capital ones in every byte.
const FOLD: u64 = 0x2020_2020_2020_2020;

/// Bytes of the text looked at in one go, and bytes beyond it that the last gram may need.
const GO: usize = 64;
const BEYOND: usize = 8;

/// Bits of the set for each gram: few of those that the text has and no literal are let through.
const BITS: usize = 64;

/// Odd factors that spread grams; the one that lets fewest ordinary grams through is taken.
const FACTORS: [u64; 4] = [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93, 0xc2b2_ae3d_27d4_eb4f, 0xff51_afd7_ed55_8ccd];

/// A literal's gram: which literal, and how far from its beginning.
#[derive(Clone, Copy, Debug)]
struct Entry {
    literal: u32,
    offset: u32,
}

/// The grams of some literals.
#[derive(Debug)]
pub(super) struct Grams<const G: usize, const S: usize> {
    factor: u64,
    /// The set: each gram has two bits in one word.
    bits: Vec<u64>,
    /// All grams with where they come from, in the order of their words in the set.
    entries: Vec<(u64, Entry)>,
    /// Where in `entries` those of each word begin.
    index: Vec<u32>,
    shift: u32,
}

impl<const G: usize, const S: usize> Grams<G, S> {
    /// `None` for no literals. Each must have G + S - 1 bytes at the least.
    pub(super) fn search(literals: &[(usize, &[u8])]) -> Option<Box<dyn Search>> {
        Self::new(literals).map(|grams| Box::new(grams) as Box<dyn Search>)
    }

    fn new(literals: &[(usize, &[u8])]) -> Option<Self> {
        let mut grams: Vec<(u64, Entry)> = Vec::new();
        for (literal, text) in literals {
            let windows = text.len().checked_sub(G + S - 1)?;
            // The S neighbours of which ordinary text has fewest.
            let begin = (0..=windows).min_by_key(|begin| background::common(&text[*begin..*begin + G + S - 1]))?;
            for offset in begin..begin + S {
                let gram = gram::<G>(text.get(offset..)?)?;
                let entry = Entry { literal: u32::try_from(*literal).ok()?, offset: u32::try_from(offset).ok()? };
                grams.push((gram, entry));
            }
        }
        if grams.is_empty() {
            return None;
        }
        grams.sort_by_key(|(gram, _)| *gram);
        let words = (grams.len() * BITS / 64).next_power_of_two().max(64);
        let shift = 64 - words.trailing_zeros();
        let mut best: Option<(usize, Self)> = None;
        for factor in FACTORS {
            let mut bits = vec![0u64; words];
            for (gram, _) in &grams {
                let (word, mask) = place(*gram, factor, shift);
                bits[word & (words - 1)] |= mask;
            }
            let own = Self { factor, bits, entries: Vec::new(), index: Vec::new(), shift };
            let let_through = background::grams::<G>().filter(|gram| own.maybe(*gram)).count();
            if best.as_ref().is_none_or(|(least, _)| let_through < *least) {
                best = Some((let_through, own));
            }
        }
        let (_, mut own) = best?;
        own.entries = grams;
        own.index();
        Some(own)
    }

    /// Sorts the grams by where they hash to, and notes where each part begins.
    fn index(&mut self) {
        let (factor, shift) = (self.factor, self.shift);
        let slot = |gram: u64| place(gram, factor, shift).0;
        self.entries.sort_by_key(|(gram, entry)| (slot(*gram), *gram, entry.literal, entry.offset));
        let mut index = vec![0u32; self.bits.len() + 1];
        for (gram, _) in &self.entries {
            index[slot(*gram) + 1] += 1;
        }
        for at in 1..index.len() {
            index[at] += index[at - 1];
        }
        self.index = index;
    }

    /// Whether a literal may have this gram.
    #[inline]
    fn maybe(&self, gram: u64) -> bool {
        let (word, mask) = place(gram, self.factor, self.shift);
        // The length is a power of two, so no place lies beyond it.
        self.bits[word & (self.bits.len() - 1)] & mask == mask
    }

    #[inline]
    fn look_up(&self, gram: u64, at: usize, see: &mut dyn FnMut(usize, usize)) {
        if !self.maybe(gram) {
            return;
        }
        let (slot, _) = place(gram, self.factor, self.shift);
        let end = |slot: usize| self.index.get(slot).map_or(0, |end| *end as usize);
        for (own, entry) in self.entries.get(end(slot)..end(slot + 1)).unwrap_or_default() {
            let place = at.checked_sub(entry.offset as usize);
            if let Some(place) = place.filter(|_| *own == gram) {
                see(place, entry.literal as usize);
            }
        }
    }
}

impl<const G: usize, const S: usize> Search for Grams<G, S> {
    fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, usize)) {
        let mut from = 0;
        while let Some(block) = text.get(from..).and_then(|rest| rest.first_chunk::<{ GO + BEYOND }>()) {
            let mut any = false;
            for at in (0..GO).step_by(S) {
                any |= self.maybe(gram_at::<G>(block, at));
            }
            if any {
                for at in (0..GO).step_by(S) {
                    self.look_up(gram_at::<G>(block, at), from + at, see);
                }
            }
            from += GO;
        }
        // The rest has no room for a whole block.
        while let Some(gram) = text.get(from..).and_then(gram::<G>) {
            self.look_up(gram, from, see);
            from += S;
        }
    }
}

/// The word of the set and its bits that stand for a gram.
#[inline]
fn place(gram: u64, factor: u64, shift: u32) -> (usize, u64) {
    let hash = gram.wrapping_mul(factor);
    // The upper bits of a product depend on all of the gram.
    let mask = (1 << ((hash >> 26) & 63)) | (1 << ((hash >> 32) & 63));
    (usize::try_from(hash >> shift).unwrap_or(0), mask)
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
