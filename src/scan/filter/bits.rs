//! A small set of numbers that answers "surely not" or "maybe", asked for many at once.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u32x16};

/// Words of sets of few, more and very many numbers: what the processor keeps nearest, near, and not far.
pub(super) const FEW: usize = 1 << 13;
pub(super) const SOME: usize = 1 << 15;
pub(super) const MANY: usize = 1 << 18;

/// Odd factors that spread numbers, for their lower and upper half; for fewer than very many, the pair that lets fewest
/// ordinary ones through is taken.
const FACTORS: [[u32; 2]; 2] = [[0x9e37_79b9, 0x85eb_ca6b], [0xd6e8_feb9, 0xc2b2_ae35]];

/// Of ordinary numbers, one in so many is asked for.
const ASKED: usize = 4;

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
    /// Of so many numbers that are asked for only where another set had its own: it may let some more through, and be
    /// small. They are added one by one.
    pub(super) fn small(count: usize) -> Bits {
        Bits { factors: FACTORS[0], words: Words::of(count / 4) }
    }

    pub(super) fn add(&mut self, number: u64) {
        let hash = self.hash(number);
        match &mut self.words {
            Words::Few(words) => take_out(words, hash),
            Words::Some(words) => take_out(words, hash),
            Words::Many(words) => take_out(words, hash),
        }
    }

    /// Of these numbers, of which ordinary text asks for some more often than for others.
    pub(super) fn new(
        (count, numbers): (usize, impl Iterator<Item = u64> + Clone),
        ordinary: &(impl Iterator<Item = u64> + Clone),
    ) -> Bits {
        let with = |factors: [u32; 2]| {
            // About a word for each number leaves all but some in a thousand others out.
            let mut set = Bits { factors, words: Words::of(count / 8 * 7) };
            for number in numbers.clone() {
                set.add(number);
            }
            set
        };
        let first = with(FACTORS[0]);
        // In a set of very many, it takes longer to make another than it may spare.
        if matches!(first.words, Words::Many(_)) {
            return first;
        }
        let second = with(FACTORS[1]);
        let let_through = |set: &Bits| ordinary.clone().step_by(ASKED).filter(|number| set.maybe(*number)).count();
        if let_through(&second) < let_through(&first) { second } else { first }
    }

    /// Whether it may be one of the numbers.
    #[inline]
    pub(super) fn maybe(&self, number: u64) -> bool {
        match &self.words {
            Words::Few(words) => self.maybe_in(words, number),
            Words::Some(words) => self.maybe_in(words, number),
            Words::Many(words) => self.maybe_in(words, number),
        }
    }

    /// The same where it is known how many words there are.
    #[inline]
    pub(super) fn maybe_in<const W: usize>(&self, words: &[u32; W], number: u64) -> bool {
        let (word, mask) = Self::place::<W>(self.hash(number));
        words[word & (W - 1)] & mask == 0
    }

    /// The word and the bits of a number that was spread.
    #[inline]
    const fn place<const W: usize>(hash: u32) -> (usize, u32) {
        ((hash >> (u32::BITS - W.ilog2())) as usize, 1 << (hash & 15) | 1 << 15 << (hash >> 4 & 15))
    }

    /// The number, spread evenly.
    #[inline]
    pub(super) fn hash(&self, number: u64) -> u32 {
        let [lower, upper] = [number & u64::from(u32::MAX), number >> 32].map(|half| u32::try_from(half).unwrap_or(0));
        let hash = lower.wrapping_mul(self.factors[0]).wrapping_add(upper.wrapping_mul(self.factors[1]));
        hash ^ hash >> 15
    }

    /// The word and the bits of grams, of which the lower and the upper halves are given; the upper ones of four bytes are
    /// nothing.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    pub(super) fn places<const W: usize, S: Simd>(&self, [lower, upper]: [u32x16<S>; 2]) -> [u32x16<S>; 2] {
        let hash = lower * self.factors[0] + upper * self.factors[1];
        let hash = hash ^ (hash >> 15);
        let one = u32x16::splat(lower.simd, 1);
        let masks = (one << (hash & 15)) | (one << ((hash >> 4 & 15) + 15));
        [hash >> (const { u32::BITS - W.ilog2() }), masks]
    }
}

impl Words {
    /// So many or more, all bits set; no more than the most.
    fn of(least: usize) -> Words {
        if least <= FEW {
            Words::Few(full())
        } else if least <= SOME {
            Words::Some(full())
        } else {
            Words::Many(full())
        }
    }
}

/// Marks a number that was spread as one of the set.
fn take_out<const W: usize>(words: &mut [u32; W], hash: u32) {
    let (word, mask) = Bits::place::<W>(hash);
    words[word & (W - 1)] &= !mask;
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

    fn agrees<const W: usize>(numbers: &[u64; 16], set: &Bits) {
        let halves = [0, 32].map(|shift| numbers.map(|number| u32::try_from(number >> shift & 0xffff_ffff).unwrap()));
        let places: [[u32; 16]; 2] = dispatch!(Level::new(), simd => {
            let [lower, upper] = halves;
            let [words, masks] = set.places::<W, _>([lower.simd_into(simd), upper.simd_into(simd)]);
            [words.into(), masks.into()]
        });
        for (lane, number) in numbers.iter().enumerate() {
            let place = Bits::place::<W>(set.hash(*number));
            assert_eq!((places[0][lane] as usize, places[1][lane]), place, "{number} of {W} words");
        }
    }

    #[test]
    fn many_are_asked_for_as_each_is() {
        let numbers = std::array::from_fn(|at| (at as u64 + 1).wrapping_mul(0x1234_5678_9abc_def1));
        for count in [1, 20_000, 90_000] {
            let others = (0..count).map(|number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let all: Vec<u64> = others.chain(numbers).collect();
            let set = Bits::new((all.len(), all.iter().copied()), &std::iter::empty());
            assert!(all.iter().all(|number| set.maybe(*number)));
            match &set.words {
                Words::Few(_) => agrees::<FEW>(&numbers, &set),
                Words::Some(_) => agrees::<SOME>(&numbers, &set),
                Words::Many(_) => agrees::<MANY>(&numbers, &set),
            }
        }
    }

    #[test]
    fn hardly_any_other_number_gets_through() {
        for count in [100, 30_000, 300_000] {
            let numbers: Vec<u64> = (0..count).map(|number| number * 0x0202_0101_0106).collect();
            let others = (0..10_000u64).map(|number| number * 0x0402_0101_0104 + 1);
            let set = Bits::new((numbers.len(), numbers.iter().copied()), &std::iter::empty());
            let through = others.filter(|number| set.maybe(*number)).count();
            assert!(through < 200, "{through} of 10000 with {count}");
        }
    }
}
