//! One pass of vector instructions over a text for rare snippets of three bytes.
//!
//! Each byte is looked up in tables; what they say for three bytes side by side are the groups of snippets that may stand
//! there. Where the processor looks bytes up in a table of 128, that is one look for each of the three, else two, by the
//! lower and the upper half of the byte.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x16, u8x64};

use super::marked::Marked;

/// Bytes of a snippet.
pub(super) const SNIPPET: usize = 3;

/// Groups of snippets.
const GROUPS: u32 = u8::BITS;

/// Bytes looked at in one go, and those of them and beyond that snippets may need.
const GO: usize = 64;
const NEEDED: usize = GO + SNIPPET - 1;

/// Bytes of a table that is asked for whole bytes: the upper bit is not asked for.
const WHOLE: usize = 128;

/// What is looked for in one pass: for each byte of a snippet the groups that have it there.
#[derive(Clone, Debug)]
pub(super) struct Sweep {
    /// By the lower and the upper half of the byte.
    halves: [[[u8; 16]; 2]; SNIPPET],
    whole: [[u8; WHOLE]; SNIPPET],
}

impl Default for Sweep {
    fn default() -> Sweep {
        Sweep { halves: [[[0; 16]; 2]; SNIPPET], whole: [[0; WHOLE]; SNIPPET] }
    }
}

impl Sweep {
    /// Looks for a snippet too, blind to case: as one of the group that lets the fewest others through then, in text that
    /// has each byte so often.
    pub(super) fn add(&mut self, snippet: [u8; SNIPPET], bytes: &[u32; 256]) {
        let with = |group| {
            let mut sweep = self.clone();
            sweep.set(snippet, group);
            sweep
        };
        let more = |group: &u8| with(*group).through(*group, bytes) - self.through(*group, bytes);
        let groups = (0..GROUPS).map(|bit| 1 << bit);
        if let Some(best) = groups.min_by(|one, other| more(one).total_cmp(&more(other))) {
            self.set(snippet, best);
        }
    }

    fn set(&mut self, snippet: [u8; SNIPPET], group: u8) {
        for (at, byte) in snippet.into_iter().enumerate() {
            for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
                self.halves[at][0][usize::from(byte & 15)] |= group;
                self.halves[at][1][usize::from(byte >> 4)] |= group;
                self.whole[at][usize::from(byte) % WHOLE] |= group;
            }
        }
    }

    /// How often a group lets three bytes through, if they have nothing to do with each other.
    fn through(&self, group: u8, bytes: &[u32; 256]) -> f64 {
        let mut through = 1.0;
        for [lower, upper] in &self.halves {
            let mut own = 0;
            for (upper, row) in upper.iter().zip(bytes.as_chunks::<16>().0).filter(|(upper, _)| **upper & group != 0) {
                own += row
                    .iter()
                    .zip(lower)
                    .map(|(count, lower)| count * u32::from(lower & upper & group != 0))
                    .sum::<u32>();
            }
            through *= f64::from(own);
        }
        through
    }

    /// Goes over a text, and marks the places where a snippet may stand.
    pub(super) fn over(&self, text: &[u8], marked: &mut Marked) {
        self.over_with(Level::new(), text, marked);
    }

    fn over_with(&self, level: Level, text: &[u8], marked: &mut Marked) {
        marked.begin(text.len().div_ceil(GO));
        dispatch!(level, simd => self.mark(simd, text, marked));
    }

    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn mark<S: Simd>(&self, simd: S, text: &[u8], marked: &mut Marked) {
        let tables = self.tables(simd);
        let mut from = 0;
        while let Some(block) = text.get(from..).and_then(|rest| rest.first_chunk::<NEEDED>()) {
            marked.add(from, tables.places(simd, block));
            from += GO;
        }
        // What stands beyond the end is nothing that is looked for.
        for from in (from..text.len()).step_by(GO) {
            let mut block = [0; NEEDED];
            for (byte, own) in block.iter_mut().zip(&text[from..]) {
                *byte = *own;
            }
            marked.add(from, tables.places(simd, &block));
        }
    }

    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn tables<S: Simd>(&self, simd: S) -> Tables<S> {
        // No closures: they would be compiled without what the processor can do.
        let nothing = u8x64::splat(simd, 0);
        let mut tables = Tables { halves: [[nothing; 2]; SNIPPET], whole: [[nothing; 2]; SNIPPET] };
        for (table, [lower, upper]) in tables.halves.iter_mut().zip(&self.halves) {
            *table = [
                u8x64::block_splat(u8x16::from_slice(simd, lower)),
                u8x64::block_splat(u8x16::from_slice(simd, upper)),
            ];
        }
        for (table, whole) in tables.whole.iter_mut().zip(&self.whole) {
            *table = [u8x64::from_slice(simd, &whole[..GO]), u8x64::from_slice(simd, &whole[GO..])];
        }
        tables
    }
}

/// The tables in vectors.
#[derive(Clone, Copy)]
struct Tables<S: Simd> {
    halves: [[u8x64<S>; 2]; SNIPPET],
    whole: [[u8x64<S>; 2]; SNIPPET],
}

impl<S: Simd> Tables<S> {
    /// The places of a block where a snippet may stand.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn places(&self, simd: S, block: &[u8; NEEDED]) -> u64 {
        let here = u8x64::from_slice(simd, &block[..GO]);
        let next = u8x64::from_slice(simd, &block[1..=GO]);
        let third = u8x64::from_slice(simd, &block[2..NEEDED]);
        let groups = if <S::u8s as SimdBase<S>>::LEN == GO {
            whole(here, &self.whole[0]) & whole(next, &self.whole[1]) & whole(third, &self.whole[2])
        } else {
            half(here, &self.halves[0]) & half(next, &self.halves[1]) & half(third, &self.halves[2])
        };
        groups.simd_gt(0).to_bitmask()
    }
}

#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn whole<S: Simd>(bytes: u8x64<S>, [lower, upper]: &[u8x64<S>; 2]) -> u8x64<S> {
    lower.concat_swizzle_dyn(*upper, bytes & 0x7f)
}

#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn half<S: Simd>(bytes: u8x64<S>, [lower, upper]: &[u8x64<S>; 2]) -> u8x64<S> {
    lower.swizzle_dyn_within_blocks(bytes & 15) & upper.swizzle_dyn_within_blocks(bytes >> 4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All places told.
    fn places(sweep: &Sweep, text: &[u8]) -> Vec<usize> {
        let told = |level| {
            let mut marked = Marked::default();
            sweep.over_with(level, text, &mut marked);
            marked.places(1).to_vec()
        };
        // By whole bytes and by halves: either may tell places where none is.
        let (whole, halves) = (told(Level::new()), told(Level::baseline()));
        whole.into_iter().filter(|place| halves.contains(place)).collect()
    }

    #[test]
    fn snippets_are_told_wherever_they_stand() {
        let mut sweep = Sweep::default();
        sweep.add(*b"_e_", &[1; 256]);
        sweep.add(*b"0x8", &[1; 256]);
        for before in 0..140 {
            for after in [0, 1, 63, 64, 65] {
                let text = |middle: &str| format!("{}{middle}{}", "-".repeat(before), "-".repeat(after)).into_bytes();
                assert_eq!(places(&sweep, &text("CBS_E_")), [before + 3]);
                assert_eq!(places(&sweep, &text("0X8")), [before]);
                assert!(places(&sweep, &text("ex _e-")).is_empty());
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_is_missed(
            snippets in prop::collection::vec(any::<[u8; 3]>(), 1..20),
            text in prop::collection::vec(any::<u8>(), 0..300),
            at in any::<prop::sample::Index>(),
        ) {
            let mut sweep = Sweep::default();
            for snippet in &snippets {
                sweep.add(*snippet, &[1; 256]);
            }
            let mut text = text;
            let at = at.index(text.len() + 1);
            text.splice(at..at, snippets.concat());
            let told = places(&sweep, &text);
            for (at, here) in text.windows(3).enumerate() {
                let stands = snippets.iter().any(|snippet| snippet.eq_ignore_ascii_case(here));
                prop_assert!(told.contains(&at) || !stands, "{:?} at {}", here, at);
            }
        }
    }
}
