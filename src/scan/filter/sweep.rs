//! One pass of vector instructions over a text for rare snippets of three bytes.
//!
//! Each byte is looked up in tables; what they say for three bytes side by side are the groups of snippets that may stand
//! there. Where the processor looks bytes up in a table of 64, that is one look for each of the three, by its lower six bits:
//! digits are the same there as some small letters, which do little harm among three. Elsewhere it is two, by the lower and the
//! upper half of the byte.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x16, u8x64};

use super::marked::Marked;

/// Bytes of a snippet.
pub(super) const SNIPPET: usize = 3;

/// Groups of snippets.
const GROUPS: u32 = u8::BITS;

/// Bytes looked at in one go.
const GO: usize = 64;

/// Bytes of a table that is asked for whole bytes: their upper two bits are not asked for.
const WHOLE: usize = 64;

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

    /// How often a group lets three bytes through, if they have nothing to do with each other, and none is told by its halves.
    fn through(&self, group: u8, bytes: &[u32; 256]) -> f64 {
        let mut through = 1.0;
        for table in &self.whole {
            let rows = bytes.as_chunks::<WHOLE>().0.iter();
            let own = |row: &[u32; WHOLE]| {
                row.iter().zip(table).map(|(count, groups)| count * u32::from(groups & group != 0)).sum::<u32>()
            };
            through *= f64::from(rows.map(own).sum::<u32>());
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
        let whole = text.len().saturating_sub(SNIPPET - 1) / GO;
        let [first, second, third] =
            [0, 1, 2].map(|later| text.get(later..whole * GO + later).unwrap_or_default().as_chunks().0);
        for (block, ((first, second), third)) in first.iter().zip(second).zip(third).enumerate() {
            marked.add(block * GO, tables.places(simd, [first, second, third]));
        }
        // What stands beyond the end is nothing that is looked for.
        for from in (whole * GO..text.len()).step_by(GO) {
            let mut block = [0; GO + SNIPPET - 1];
            for (byte, own) in block.iter_mut().zip(&text[from..]) {
                *byte = *own;
            }
            let [Some(first), Some(second), Some(third)] = [0, 1, 2].map(|later| block[later..].first_chunk()) else {
                continue;
            };
            marked.add(from, tables.places(simd, [first, second, third]));
        }
    }

    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn tables<S: Simd>(&self, simd: S) -> Tables<S> {
        // No closures: they would be compiled without what the processor can do.
        let nothing = u8x64::splat(simd, 0);
        let mut tables = Tables { halves: [[nothing; 2]; SNIPPET], whole: [nothing; SNIPPET] };
        for (table, [lower, upper]) in tables.halves.iter_mut().zip(&self.halves) {
            *table = [
                u8x64::block_splat(u8x16::from_slice(simd, lower)),
                u8x64::block_splat(u8x16::from_slice(simd, upper)),
            ];
        }
        for (table, whole) in tables.whole.iter_mut().zip(&self.whole) {
            *table = u8x64::from_slice(simd, whole);
        }
        tables
    }
}

/// The snippets that a table of whole bytes does not tell from one: itself, and those with other bytes of the same lower bits
/// that a text may have.
pub(super) fn alike(snippet: [u8; SNIPPET]) -> impl Iterator<Item = [u8; SNIPPET]> {
    (0..1u8 << SNIPPET).filter_map(move |which| {
        let mut own = snippet;
        for (at, byte) in own.iter_mut().enumerate().filter(|(at, _)| which >> at & 1 > 0) {
            *byte ^= if snippet[at] < 0x80 { 0x40 } else { return None };
            if *byte <= b' ' {
                return None;
            }
        }
        Some(own)
    })
}

/// The tables in vectors.
#[derive(Clone, Copy)]
struct Tables<S: Simd> {
    halves: [[u8x64<S>; 2]; SNIPPET],
    whole: [u8x64<S>; SNIPPET],
}

impl<S: Simd> Tables<S> {
    /// The places of a block where a snippet may stand, given with those that begin a byte and two bytes later.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn places(&self, simd: S, [first, second, third]: [&[u8; GO]; SNIPPET]) -> u64 {
        let first = u8x64::from_slice(simd, first);
        let second = u8x64::from_slice(simd, second);
        let third = u8x64::from_slice(simd, third);
        let groups = if <S::u8s as SimdBase<S>>::LEN == GO {
            whole(first, self.whole[0]) & whole(second, self.whole[1]) & whole(third, self.whole[2])
        } else {
            half(first, &self.halves[0]) & half(second, &self.halves[1]) & half(third, &self.halves[2])
        };
        groups.simd_gt(0).to_bitmask()
    }
}

#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn whole<S: Simd>(bytes: u8x64<S>, table: u8x64<S>) -> u8x64<S> {
    table.swizzle_dyn(bytes & 0x3f)
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

    #[test]
    fn snippets_that_a_table_does_not_tell_apart_are_alike() {
        let all = |snippet: &[u8; 3]| {
            alike(*snippet).map(|own| String::from_utf8_lossy(&own).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(all(b"#4 "), ["#4 ", "c4 ", "#t ", "ct ", "#4`", "c4`", "#t`", "ct`"]);
        assert_eq!(all(b"_e_"), ["_e_", "_%_"], "control characters are nothing that a text has often");
        assert_eq!(alike([0xe9, 0x94, 0x99]).count(), 1);
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
