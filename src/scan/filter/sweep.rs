//! One pass of vector instructions over a text, for what is told by three bytes: rare snippets, and gaps between words.
//!
//! Each byte is looked up in two tables by its lower and its upper half; what both say, for three bytes side by side, are
//! the groups of snippets that may stand there. Two banks of tables tell sixteen groups apart: eleven of snippets, one of
//! what stands behind gaps, and four of what stands in front of the columns of a log.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x16, u8x64};

/// Bytes of a snippet.
pub(super) const SNIPPET: usize = 3;

/// Columns that are told.
pub(super) const COLUMNS: usize = 4;

/// What a bit of the two banks stands for: columns, snippets, and gaps.
const COLUMN: u16 = 0x0f00;
const SNIPPETS: u16 = 0xf07f;
const GAP: u16 = 0x0080;

/// Bytes looked at in one go, and those of them and beyond that snippets may need.
const GO: usize = 64;
const NEEDED: usize = GO + SNIPPET - 1;

/// What is looked for: for each byte of a snippet the groups that have it there, by its lower and its upper half.
type Tables<T> = [[T; 2]; SNIPPET];

/// What is looked for in one pass.
#[derive(Clone, Debug, Default)]
pub(super) struct Sweep {
    banks: [Tables<[u8; 16]>; 2],
    columns: usize,
}

/// Where a text may have what was looked for; places ascend.
#[derive(Debug, Default)]
pub(super) struct Swept {
    pub(super) snippets: Vec<u32>,
    /// The last blank of several side by side.
    pub(super) gaps: Vec<u32>,
    pub(super) tabs: Vec<u32>,
}

impl Sweep {
    /// Looks for a snippet too, blind to case: as one of the group that lets the fewest others through then, in text that
    /// has each byte so often.
    pub(super) fn add(&mut self, snippet: [u8; SNIPPET], bytes: &[u32; 256]) {
        let with = |group| {
            let mut sweep = self.clone();
            sweep.set_all(snippet, group);
            sweep
        };
        let more = |group: &u16| with(*group).through(*group, bytes) - self.through(*group, bytes);
        let groups = (0..u16::BITS).map(|bit| 1 << bit).filter(|group| group & SNIPPETS != 0);
        if let Some(best) = groups.min_by(|one, other| more(one).total_cmp(&more(other))) {
            self.set_all(snippet, best);
        }
    }

    /// Looks for gaps in front of these bytes too, blind to case; the second is not known where they end a phrase.
    pub(super) fn add_gap(&mut self, first: u8, second: Option<u8>) {
        self.set(0, b' ', GAP);
        self.set(1, first, GAP);
        match second {
            Some(second) => self.set(2, second, GAP),
            None => (0..=u8::MAX).for_each(|any| self.set(2, any, GAP)),
        }
    }

    /// Leaves out the gaps behind these bytes, blind to case; for so many as can be told.
    pub(super) fn add_column(&mut self, before: [u8; SNIPPET]) {
        if self.columns < COLUMNS {
            self.set_all(before, 1 << (COLUMN.trailing_zeros() as usize + self.columns));
            self.columns += 1;
        }
    }

    fn set_all(&mut self, snippet: [u8; SNIPPET], groups: u16) {
        snippet.into_iter().enumerate().for_each(|(at, byte)| self.set(at, byte, groups));
    }

    fn set(&mut self, at: usize, byte: u8, groups: u16) {
        for (bank, groups) in self.banks.iter_mut().zip(groups.to_le_bytes()) {
            for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
                bank[at][0][usize::from(byte & 15)] |= groups;
                bank[at][1][usize::from(byte >> 4)] |= groups;
            }
        }
    }

    /// How often a group lets three bytes through, if they have nothing to do with each other.
    fn through(&self, group: u16, bytes: &[u32; 256]) -> f64 {
        let [low, high] = group.to_le_bytes();
        let (bank, group) = if low == 0 { (&self.banks[1], high) } else { (&self.banks[0], low) };
        let mut through = 1.0;
        for [lower, upper] in bank {
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

    /// Goes over a text.
    pub(super) fn over(&self, text: &[u8]) -> Swept {
        dispatch!(Level::new(), simd => self.over_with(simd, text))
    }

    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn over_with<S: Simd>(&self, simd: S, text: &[u8]) -> Swept {
        let table = |table: [u8; 16]| u8x64::block_splat(u8x16::from_slice(simd, &table));
        let banks = self.banks.map(|bank| bank.map(|halves| halves.map(table)));
        let mut swept = Swept::default();
        let mut before = Before::default();
        let mut from = 0;
        while let Some(block) = text.get(from..).and_then(|rest| rest.first_chunk::<NEEDED>()) {
            swept.block(simd, (from, block), &banks, &mut before);
            from += GO;
        }
        // What stands beyond the end is nothing that is looked for.
        for from in (from..text.len()).step_by(GO) {
            let mut block = [0; NEEDED];
            for (byte, own) in block.iter_mut().zip(&text[from..]) {
                *byte = *own;
            }
            swept.block(simd, (from, &block), &banks, &mut before);
        }
        swept
    }
}

/// What stands before a block.
#[derive(Default)]
struct Before {
    /// Whether a blank does.
    blank: u64,
    /// Whether it is one of a column.
    column: bool,
    /// Which of the first bytes are what may stand behind the bytes in front of a column.
    behind: u64,
}

impl Swept {
    /// Looks at a block.
    #[inline(always)]
    fn block<S: Simd>(
        &mut self,
        simd: S,
        (from, block): (usize, &[u8; NEEDED]),
        [one, other]: &[Tables<u8x64<S>>; 2],
        before: &mut Before,
    ) {
        const LAST: usize = GO - 1;
        let here = u8x64::from_slice(simd, &block[..GO]);
        let next = u8x64::from_slice(simd, &block[1..=GO]);
        let third = u8x64::from_slice(simd, &block[2..NEEDED]);
        let halves = [[here & 15, here >> 4], [next & 15, next >> 4], [third & 15, third >> 4]];
        let (one, other) = (lookup(&halves, one), lookup(&halves, other));
        let [gap, _] = GAP.to_le_bytes();
        let [snippets_of_one, snippets_of_other] = SNIPPETS.to_le_bytes();
        let [_, columns] = COLUMN.to_le_bytes();
        let snippets = ((one & snippets_of_one) | (other & snippets_of_other)).simd_gt(0).to_bitmask();
        let blanks = here.simd_eq(b' ').to_bitmask();
        let tabs = here.simd_eq(b'\t').to_bitmask();
        let columns = (other & columns).simd_gt(0).to_bitmask();
        // Adding the first blank of a column to all blanks clears the others of it, across blocks as well.
        let first = (columns << SNIPPET | before.behind) & blanks;
        let (rest, carry) = blanks.overflowing_add(first);
        let (rest, more) = rest.overflowing_add(u64::from(before.column));
        let last = blanks & rest & !(blanks >> 1 | u64::from(block[GO] == b' ') << LAST);
        let gaps = (one & gap).simd_gt(0).to_bitmask() & last & (blanks << 1 | before.blank);
        *before = Before { blank: blanks >> LAST, column: carry | more, behind: columns >> (GO - SNIPPET) };
        if gaps | tabs | snippets != 0 {
            self.add(from, [snippets, gaps, tabs]);
        }
    }

    #[inline(never)]
    fn add(&mut self, from: usize, found: [u64; 3]) {
        for (places, mut bits) in [&mut self.snippets, &mut self.gaps, &mut self.tabs].into_iter().zip(found) {
            let from = u32::try_from(from).unwrap_or(u32::MAX);
            while bits != 0 {
                places.push(from.saturating_add(bits.trailing_zeros()));
                bits &= bits - 1;
            }
        }
    }
}

/// The groups that have three bytes side by side, by the tables of their lower and upper halves.
#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn lookup<S: Simd>(halves: &[[u8x64<S>; 2]; SNIPPET], tables: &Tables<u8x64<S>>) -> u8x64<S> {
    // No closures: they would be compiled without what the processor can do.
    let mut groups = tables[0][0].swizzle_dyn_within_blocks(halves[0][0]);
    groups &= tables[0][1].swizzle_dyn_within_blocks(halves[0][1]);
    groups &= tables[1][0].swizzle_dyn_within_blocks(halves[1][0]);
    groups &= tables[1][1].swizzle_dyn_within_blocks(halves[1][1]);
    groups &= tables[2][0].swizzle_dyn_within_blocks(halves[2][0]);
    groups & tables[2][1].swizzle_dyn_within_blocks(halves[2][1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn snippets_and_gaps_are_told_wherever_they_stand() {
        let mut sweep = Sweep::default();
        sweep.add(*b"_e_", &[1; 256]);
        sweep.add(*b"0x8", &[1; 256]);
        sweep.add_gap(b'f', Some(b'a'));
        sweep.add_gap(b'#', None);
        sweep.add_column(*b"CBS");
        for before in 0..140 {
            for after in [0, 1, 63, 64, 65] {
                let text = |middle: &str| format!("{}{middle}{}", "-".repeat(before), "-".repeat(after)).into_bytes();
                let place = |at: usize| vec![u32::try_from(before + at).unwrap()];
                assert_eq!(sweep.over(&text("CBS_E_")).snippets, place(3));
                assert_eq!(sweep.over(&text("0X8")).snippets, place(0));
                assert_eq!(sweep.over(&text("to   Fa")).gaps, place(4));
                assert_eq!(sweep.over(&text("to  #")).gaps, place(3));
                assert_eq!(sweep.over(&text("to\t#")).tabs, place(2));
                assert_eq!(sweep.over(&text("o cbs   to  # CBS  #")).gaps, place(11));
                let none = sweep.over(&text("to fa to   ba_ex _e-"));
                assert!(none.snippets.is_empty() && none.gaps.is_empty() && none.tabs.is_empty());
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
            let swept = sweep.over(&text);
            let told = |at: usize| swept.snippets.contains(&u32::try_from(at).unwrap());
            for (at, here) in text.windows(3).enumerate() {
                let stands = snippets.iter().any(|snippet| snippet.eq_ignore_ascii_case(here));
                prop_assert!(told(at) || !stands, "{:?} at {}", here, at);
            }
        }
    }
}
