//! A small set of numbers that answers "surely not" or "maybe", asked for many at once.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x64, u32x16, u64x8};

/// Words of sets of few, more and very many numbers: what the processor keeps nearest, near, and not far.
pub(super) const FEW: usize = 1 << 13;
pub(super) const SOME: usize = 1 << 16;
pub(super) const MANY: usize = 1 << 18;

/// Fourth bytes of a block.
const LANES: usize = 16;

/// Words for each number, which leaves all but one in a thousand others out.
const ROOM: usize = 2;

/// Odd factors that spread numbers, for their lower and upper half; the pair that lets fewest ordinary ones through is
/// taken.
const FACTORS: [[u32; 2]; 4] =
    [[0x9e37_79b9, 0x85eb_ca6b], [0xd6e8_feb9, 0xc2b2_ae35], [0x27d4_eb2f, 0x1656_67b1], [0xff51_afd7, 0x2545_f491]];

/// Numbers, each by two bits of one word that are not set.
#[derive(Debug)]
pub(super) struct Bits {
    factors: [u32; 2],
    pub(super) words: Words,
}

/// The words of a set; how many there are is known where they are asked, or each would be asked whether it is there.
#[derive(Debug)]
pub(super) enum Words {
    Few(Box<[u32; FEW]>),
    Some(Box<[u32; SOME]>),
    Many(Box<[u32; MANY]>),
}

impl Bits {
    /// Of these numbers, of which ordinary text asks for some more often than for others.
    pub(super) fn new(numbers: &[u64], ordinary: &(impl Iterator<Item = u64> + Clone)) -> Bits {
        // The first set is taken unless another is better: a set that lacks a number would hide a phrase.
        let [first, others @ ..] = FACTORS.map(|factors| {
            let wanted = numbers.len() * ROOM;
            let words = if wanted <= FEW {
                Words::Few(full())
            } else if wanted <= SOME {
                Words::Some(full())
            } else {
                Words::Many(full())
            };
            let mut set = Bits { factors, words };
            for number in numbers {
                let (word, mask) = set.place(*number);
                if let Some(word) = set.words.all_mut().get_mut(word) {
                    *word &= !mask;
                }
            }
            set
        });
        let let_through = |set: &Bits| ordinary.clone().filter(|number| set.maybe(*number)).count();
        let mut best = (let_through(&first), first);
        for set in others {
            let own = let_through(&set);
            if own < best.0 {
                best = (own, set);
            }
        }
        best.1
    }

    /// Whether it may be one of the numbers.
    #[inline]
    pub(super) fn maybe(&self, number: u64) -> bool {
        let (word, mask) = self.place(number);
        self.words.all().get(word).is_some_and(|word| word & mask == 0)
    }

    /// The number's word and its bits.
    #[inline]
    fn place(&self, number: u64) -> (usize, u32) {
        let hash = self.hash(number);
        (
            (hash >> (u32::BITS - self.words.all().len().ilog2())) as usize,
            1 << (hash & 15) | 1 << 15 << (hash >> 4 & 15),
        )
    }

    /// The number, spread evenly.
    #[inline]
    pub(super) fn hash(&self, number: u64) -> u32 {
        let [lower, upper] = [number & u64::from(u32::MAX), number >> 32].map(|half| u32::try_from(half).unwrap_or(0));
        let hash = lower.wrapping_mul(self.factors[0]).wrapping_add(upper.wrapping_mul(self.factors[1]));
        hash ^ hash >> 15
    }

    /// Asks for all grams of G bytes that begin at every fourth byte of a block, or at every eighth where they are as long.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    pub(super) fn ask<const G: usize, const W: usize, S: Simd>(&self, block: u8x64<S>) -> Asked {
        let simd = block.simd;
        let [lower, upper] = self.factors;
        let hash: u32x16<S> = if G == 8 {
            let factors = u32x16::block_splat([lower, upper, lower, upper].simd_into(simd));
            let halves: u64x8<S> = (block.bitcast::<u32x16<S>>() * factors).bitcast();
            (halves + (halves >> 32)).bitcast()
        } else {
            block.bitcast::<u32x16<S>>() * lower
        };
        let hash = hash ^ (hash >> 15);
        let one = u32x16::splat(simd, 1);
        let masks = (one << (hash & 15)) | (one << ((hash >> 4 & 15) + 15));
        Asked { words: (hash >> (const { u32::BITS - W.ilog2() })).into(), masks: masks.into() }
    }
}

/// What a block asks a set of bits for.
pub(super) struct Asked {
    words: [u32; LANES],
    masks: [u32; LANES],
}

impl Asked {
    /// Whether the gram that begins at a fourth byte may be one of the set: then the upper bit is set.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn one<const W: usize>(&self, words: &[u32; W], lane: usize) -> u32 {
        // A word has its upper bit only where none of its own bits are left: less one, all are set. The number of words
        // is a power of two, so no place lies beyond it.
        (words[self.words[lane] as usize & (W - 1)] & self.masks[lane]).wrapping_sub(1)
    }

    /// Whether any that begins at every `step`th fourth byte may be one.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    pub(super) fn any<const W: usize>(&self, words: &[u32; W], step: usize) -> bool {
        let mut any = 0;
        for lane in (0..LANES).step_by(step) {
            any |= self.one(words, lane);
        }
        any >> (u32::BITS - 1) != 0
    }

    /// The fourth bytes, of every `step`th, at which one may begin.
    pub(super) fn all<'a, const W: usize>(&'a self, words: &'a [u32; W], step: usize) -> impl Iterator<Item = usize> {
        (0..LANES).step_by(step).filter(|lane| self.one(words, *lane) >> (u32::BITS - 1) != 0)
    }
}

impl Words {
    #[inline]
    fn all(&self) -> &[u32] {
        match self {
            Words::Few(words) => &words[..],
            Words::Some(words) => &words[..],
            Words::Many(words) => &words[..],
        }
    }

    fn all_mut(&mut self) -> &mut [u32] {
        match self {
            Words::Few(words) => &mut words[..],
            Words::Some(words) => &mut words[..],
            Words::Many(words) => &mut words[..],
        }
    }
}

/// Words with all bits set.
#[expect(clippy::unnecessary_box_returns, reason = "so many words do not fit on every stack")]
fn full<const W: usize>() -> Box<[u32; W]> {
    vec![u32::MAX; W].into_boxed_slice().try_into().unwrap_or_else(|_| Box::new([u32::MAX; W]))
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;

    /// The grams of a text at every fourth byte.
    fn grams<const G: usize>(text: &[u8; 72]) -> Vec<u64> {
        let gram = |at: usize| text[at..at + G].iter().rev().fold(0, |gram, byte| gram << 8 | u64::from(*byte));
        (0..64).step_by(if G == 8 { 8 } else { 4 }).map(gram).collect()
    }

    fn agrees<const G: usize, const W: usize>(text: &[u8; 72], set: &Bits, words: &[u32; W]) {
        let block = &text[..64];
        let asked = dispatch!(Level::new(), simd => set.ask::<G, W, _>(u8x64::from_slice(simd, block)));
        for (at, gram) in grams::<G>(text).into_iter().enumerate() {
            let lane = at * G / 4;
            let (word, mask) = set.place(gram);
            assert_eq!((asked.words[lane] as usize, asked.masks[lane]), (word, mask), "gram {at} of {G} bytes");
            let said = (words[word] & mask).wrapping_sub(1) >> 31 != 0;
            assert_eq!(said, set.maybe(gram));
        }
        let any = grams::<G>(text).into_iter().any(|gram| set.maybe(gram));
        assert_eq!(asked.any(words, G / 4), any);
        let all = grams::<G>(text).into_iter().enumerate().filter(|(_, gram)| set.maybe(*gram));
        let all: Vec<usize> = all.map(|(at, _)| at * G / 4).collect();
        assert_eq!(asked.all(words, G / 4).collect::<Vec<_>>(), all);
    }

    #[test]
    fn a_block_asks_for_what_each_of_its_grams_asks() {
        let text: [u8; 72] = std::array::from_fn(|at| u8::try_from((at * 89 + at / 7) % 251).unwrap());
        for (count, known) in [(1, 0), (1, 5), (5000, 3), (40_000, 7), (1, 99)] {
            let other = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 << 63;
            let mut numbers: Vec<u64> = (0..count).map(other).collect();
            numbers.extend(grams::<8>(&text).get(known));
            numbers.extend(grams::<4>(&text).get(known));
            let set = Bits::new(&numbers, &std::iter::empty());
            assert!(numbers.iter().all(|number| set.maybe(*number)));
            match &set.words {
                Words::Few(words) => (agrees::<8, FEW>(&text, &set, words), agrees::<4, FEW>(&text, &set, words)),
                Words::Some(words) => (agrees::<8, SOME>(&text, &set, words), agrees::<4, SOME>(&text, &set, words)),
                Words::Many(words) => (agrees::<8, MANY>(&text, &set, words), agrees::<4, MANY>(&text, &set, words)),
            };
        }
    }

    #[test]
    fn hardly_any_other_number_gets_through() {
        for count in [100, 30_000, 300_000] {
            let numbers: Vec<u64> = (0..count).map(|number| number * 0x0202_0101_0106).collect();
            let others = (0..10_000u64).map(|number| number * 0x0402_0101_0104 + 1);
            let set = Bits::new(&numbers, &std::iter::empty());
            let through = others.filter(|number| set.maybe(*number)).count();
            assert!(through < 200, "{through} of 10000 with {count}");
        }
    }
}
