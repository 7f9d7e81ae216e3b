//! Pieces of text told by one gram of G bytes in every S bytes of the text.

use super::background::Background;
use super::{Anchor, Search};

/// Sets the bit that tells small letters from capital ones in every byte.
const FOLD: u64 = 0x2020_2020_2020_2020;
const FOLD_BYTE: u8 = 0x20;

/// Bytes of the text looked at in one go, and bytes beyond it that the last gram may need.
const GO: usize = 64;
const BEYOND: usize = 8;

/// Grams for each word of the set, at the most but for very many; the set has to stay where it is read fast.
const CROWD: usize = 1;
const WORDS: usize = 1 << 17;

/// Odd factors that spread grams; the one that lets fewest ordinary grams through is taken.
const FACTORS: [u64; 4] = [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93, 0xc2b2_ae3d_27d4_eb4f, 0xff51_afd7_ed55_8ccd];

/// Three bits of a word, for each of 64 kinds of grams.
const MASKS: [u64; 64] = masks();

const fn masks() -> [u64; 64] {
    let mut masks = [0u64; 64];
    let (mut at, mut seed) = (0, FACTORS[0]);
    while at < masks.len() {
        while masks[at].count_ones() < 3 {
            seed = seed.wrapping_mul(FACTORS[1]).wrapping_add(FACTORS[2]);
            masks[at] |= 1 << (seed >> 58);
        }
        at += 1;
    }
    masks
}

/// Where a gram stands: in which piece, and how far from its beginning.
#[derive(Clone, Copy, Debug)]
struct Entry {
    gram: u64,
    piece: u32,
    offset: u32,
}

/// A piece of text, which may be that of several phrases.
#[derive(Debug)]
struct Piece {
    bytes: Vec<u8>,
    /// Its phrases: phrase, word, and where that begins from where the piece begins.
    owners: Vec<(u32, u32, i32)>,
}

/// The grams of some pieces of text.
#[derive(Debug)]
pub(super) struct Grams<const G: usize, const S: usize> {
    factor: u64,
    /// The set: of one word each gram has three bits, which are not set.
    bits: Vec<u64>,
    pieces: Vec<Piece>,
    /// All grams in the order of their words in the set.
    entries: Vec<Entry>,
    /// Where in `entries` those of each word begin.
    index: Vec<u32>,
}

impl<const G: usize, const S: usize> Grams<G, S> {
    /// `None` for no pieces. Each must have G + S - 1 bytes at the least.
    pub(super) fn search(anchors: Vec<Anchor>, background: &Background) -> Option<Box<dyn Search>> {
        Self::new(anchors, background).map(|grams| Box::new(grams) as Box<dyn Search>)
    }

    fn new(mut anchors: Vec<Anchor>, background: &Background) -> Option<Self> {
        for byte in anchors.iter_mut().flat_map(|anchor| &mut anchor.bytes) {
            *byte |= FOLD_BYTE;
        }
        anchors.sort_unstable_by(|a, b| a.bytes.cmp(&b.bytes));
        let pieces: Vec<Piece> = anchors
            .chunk_by(|a, b| a.bytes == b.bytes)
            .map(|equal| Piece {
                bytes: equal[0].bytes.clone(),
                owners: equal.iter().map(|anchor| (anchor.phrase, anchor.word, anchor.ahead)).collect(),
            })
            .collect();
        let mut entries: Vec<Entry> = Vec::new();
        for (piece, Piece { bytes, .. }) in (0..).zip(&pieces) {
            let windows = bytes.len().checked_sub(G + S - 1)?;
            // The S neighbours of which ordinary text has fewest.
            let common = |text: &[u8]| if G == 8 { background.long(text) } else { background.short(text) };
            let begin = (0..=windows).min_by_key(|begin| common(&bytes[*begin..*begin + G + S - 1]))?;
            for offset in begin..begin + S {
                let gram = gram::<G>(bytes.get(offset..)?)?;
                entries.push(Entry { gram, piece, offset: u32::try_from(offset).ok()? });
            }
        }
        entries.sort_unstable_by_key(|entry| (entry.gram, entry.piece, entry.offset));
        let grams = entries.chunk_by(|a, b| a.gram == b.gram).count();
        let words = (grams / CROWD).next_power_of_two().clamp(64, WORDS);
        let sets = FACTORS.into_iter().map(|factor| {
            let mut bits = vec![u64::MAX; words];
            for entry in &entries {
                let (word, mask) = place(entry.gram, factor);
                bits[word & (words - 1)] &= !mask;
            }
            Self { factor, bits, pieces: Vec::new(), entries: Vec::new(), index: Vec::new() }
        });
        let let_through = |own: &Self| background.grams::<G>().filter(|gram| own.maybe(*gram)).count();
        let own = sets.min_by_key(let_through).filter(|_| !entries.is_empty())?;
        Some(Self { pieces, ..own }.with(entries))
    }

    /// Sorts the grams by where they hash to, and notes where each part begins.
    fn with(mut self, mut entries: Vec<Entry>) -> Self {
        let slot = |entry: &Entry| place(entry.gram, self.factor).0 & (self.bits.len() - 1);
        entries.sort_by_key(slot);
        let mut index = vec![0u32; self.bits.len() + 1];
        for entry in &entries {
            index[slot(entry) + 1] += 1;
        }
        for at in 1..index.len() {
            index[at] += index[at - 1];
        }
        self.entries = entries;
        self.index = index;
        self
    }

    /// Whether a piece may have this gram.
    #[inline]
    fn maybe(&self, gram: u64) -> bool {
        let (word, mask) = place(gram, self.factor);
        // The length is a power of two, so no place lies beyond it.
        self.bits[word & (self.bits.len() - 1)] & mask == 0
    }

    #[inline]
    fn look_up(&self, gram: u64, (text, at): (&[u8], usize), see: &mut dyn FnMut(usize, u32, u32)) {
        if !self.maybe(gram) {
            return;
        }
        let slot = place(gram, self.factor).0 & (self.bits.len() - 1);
        let end = |slot: usize| self.index.get(slot).map_or(0, |end| *end as usize);
        let entries = self.entries.get(end(slot)..end(slot + 1)).unwrap_or_default();
        for entry in entries.iter().filter(|entry| entry.gram == gram) {
            let (Some(begin), Some(piece)) =
                (at.checked_sub(entry.offset as usize), self.pieces.get(entry.piece as usize))
            else {
                continue;
            };
            let here = text.get(begin..begin + piece.bytes.len()).unwrap_or_default();
            if here.len() == piece.bytes.len() && here.iter().zip(&piece.bytes).all(|(a, b)| a | FOLD_BYTE == *b) {
                for (phrase, word, ahead) in &piece.owners {
                    let place = isize::try_from(*ahead).ok().and_then(|ahead| begin.checked_add_signed(ahead));
                    if let Some(place) = place {
                        see(place, *phrase, *word);
                    }
                }
            }
        }
    }
}

impl<const G: usize, const S: usize> Search for Grams<G, S> {
    fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, u32, u32)) {
        let mut from = 0;
        while let Some(block) = text.get(from..).and_then(|rest| rest.first_chunk::<{ GO + BEYOND }>()) {
            let mut any = false;
            for at in (0..GO).step_by(S) {
                any |= self.maybe(gram_at::<G>(block, at));
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

/// The word of the set, before it is cut to the set's size, and the bits of it that stand for a gram.
#[inline]
fn place(gram: u64, factor: u64) -> (usize, u64) {
    let hash = gram.wrapping_mul(factor);
    // The upper bits of a product depend on all of the gram.
    (usize::try_from(hash >> 40).unwrap_or(0), MASKS[usize::try_from(hash >> 34).unwrap_or(0) & 63])
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
