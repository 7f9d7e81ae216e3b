//! A small set of numbers that answers "surely not" or "maybe", asked for many at once.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u32x16};

/// Words of sets of few, more and very many numbers: what the processor keeps nearest, near, and not far.
pub(super) const FEW: usize = 1 << 13;
pub(super) const SOME: usize = 1 << 15;
pub(super) const MANY: usize = 1 << 18;

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
    /// Of numbers that are asked for only where another set had its own: it may let some more through, and be small.
    pub(super) fn small(numbers: impl IntoIterator<Item = u64>) -> Bits {
        let numbers: Vec<u64> = numbers.into_iter().collect();
        let mut set = Bits { factors: FACTORS[0], words: Words::of(numbers.len() / 4) };
        for number in numbers {
            set.add(number);
        }
        set
    }

    fn add(&mut self, number: u64) {
        let (word, mask) = self.place(number);
        if let Some(word) = self.words.all_mut().get_mut(word) {
            *word &= !mask;
        }
    }

    /// Of these numbers, of which ordinary text asks for some more often than for others.
    pub(super) fn new(numbers: &[u64], ordinary: &(impl Iterator<Item = u64> + Clone)) -> Bits {
        // The first set is taken unless another is better: a set that lacks a number would hide a phrase.
        let [first, others @ ..] = FACTORS.map(|factors| {
            // About a word for each number leaves all but some in a thousand others out.
            let words = Words::of(numbers.len() / 8 * 7);
            let mut set = Bits { factors, words };
            for number in numbers {
                set.add(*number);
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

    fn agrees<const W: usize>(numbers: &[u64; 16], set: &Bits) {
        let halves = [0, 32].map(|shift| numbers.map(|number| u32::try_from(number >> shift & 0xffff_ffff).unwrap()));
        let places: [[u32; 16]; 2] = dispatch!(Level::new(), simd => {
            let [lower, upper] = halves;
            let [words, masks] = set.places::<W, _>([lower.simd_into(simd), upper.simd_into(simd)]);
            [words.into(), masks.into()]
        });
        for (lane, number) in numbers.iter().enumerate() {
            assert_eq!((places[0][lane] as usize, places[1][lane]), set.place(*number), "{number} of {W} words");
        }
    }

    #[test]
    fn many_are_asked_for_as_each_is() {
        let numbers = std::array::from_fn(|at| (at as u64 + 1).wrapping_mul(0x1234_5678_9abc_def1));
        for count in [1, 20_000, 90_000] {
            let others = (0..count).map(|number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let all: Vec<u64> = others.chain(numbers).collect();
            let set = Bits::new(&all, &std::iter::empty());
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
            let set = Bits::new(&numbers, &std::iter::empty());
            let through = others.filter(|number| set.maybe(*number)).count();
            assert!(through < 200, "{through} of 10000 with {count}");
        }
    }
}
