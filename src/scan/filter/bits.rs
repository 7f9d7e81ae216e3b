//! A small set of numbers that answers "surely not" or "maybe".

/// Words of the set, at the most but for very many; the set has to stay where it is read fast.
const WORDS: usize = 1 << 17;

/// Odd factors that spread numbers; the one that lets fewest ordinary ones through is taken.
const FACTORS: [u64; 4] = [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93, 0xc2b2_ae3d_27d4_eb4f, 0xff51_afd7_ed55_8ccd];

/// Three bits of a word, for each of 64 kinds of numbers.
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

/// Numbers, each by three bits of one word that are not set.
#[derive(Debug)]
pub(super) struct Bits {
    factor: u64,
    words: Vec<u64>,
}

impl Bits {
    /// Of these numbers, of which ordinary text asks for some more often than for others.
    pub(super) fn new(numbers: &[u64], ordinary: &(impl Iterator<Item = u64> + Clone)) -> Bits {
        let words = numbers.len().next_power_of_two().clamp(64, WORDS);
        // The first set is taken unless another is better: a set that lacks a number would hide a phrase.
        let [first, others @ ..] = FACTORS.map(|factor| {
            let mut set = Bits { factor, words: vec![u64::MAX; words] };
            for number in numbers {
                let (word, mask) = place(*number, factor);
                set.words[word & (words - 1)] &= !mask;
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
        let (word, mask) = place(number, self.factor);
        // The length is a power of two, so no place lies beyond it.
        self.words[word & (self.words.len() - 1)] & mask == 0
    }

    /// The number's word, by which numbers can be sorted into groups.
    #[inline]
    pub(super) fn group(&self, number: u64) -> usize {
        place(number, self.factor).0 & (self.words.len() - 1)
    }

    pub(super) fn groups(&self) -> usize {
        self.words.len()
    }
}

/// The word of the set, before it is cut to the set's size, and the bits of it that stand for a number.
#[inline]
fn place(number: u64, factor: u64) -> (usize, u64) {
    let hash = number.wrapping_mul(factor);
    // The upper bits of a product depend on all of the number.
    (usize::try_from(hash >> 40).unwrap_or(0), MASKS[usize::try_from(hash >> 34).unwrap_or(0) & 63])
}
