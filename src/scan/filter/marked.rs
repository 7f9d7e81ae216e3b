//! Places of a text that are looked at again: most blocks have none, and to ask for each whether it has would cost more
//! than to write it down.

/// Blocks with marked places, ascending.
#[derive(Debug, Default)]
pub(super) struct Marked {
    /// Where a block begins, and a bit for each of its places. What lies beyond `count` is left from before.
    blocks: Vec<(usize, u64)>,
    count: usize,
}

impl Marked {
    /// Forgets all, and makes room for so many blocks.
    pub(super) fn begin(&mut self, blocks: usize) {
        self.count = 0;
        if self.blocks.len() < blocks {
            self.blocks.resize(blocks, (0, 0));
        }
    }

    /// Marks places of a block.
    #[expect(clippy::inline_always, reason = "it is asked for every block of a text")]
    #[inline(always)]
    pub(super) fn add(&mut self, from: usize, places: u64) {
        if let Some(block) = self.blocks.get_mut(self.count) {
            *block = (from, places);
        }
        self.count += usize::from(places != 0);
    }

    /// Calls `see` with every place; they are so many bytes apart in their blocks.
    #[inline]
    pub(super) fn each(&self, apart: usize, mut see: impl FnMut(usize)) {
        for (from, bits) in self.blocks.iter().take(self.count) {
            let mut bits = *bits;
            while bits != 0 {
                see(from + bits.trailing_zeros() as usize * apart);
                bits &= bits - 1;
            }
        }
    }

    #[cfg(test)]
    pub(super) fn places(&self, apart: usize) -> Vec<usize> {
        let mut places = Vec::new();
        self.each(apart, |place| places.push(place));
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_marked_is_given_in_order_and_nothing_from_before() {
        let mut marked = Marked::default();
        for _ in 0..2 {
            marked.begin(4);
            for (from, places) in [(0, 0b101), (64, 0), (128, 1 << 63), (192, 0)] {
                marked.add(from, places);
            }
            assert_eq!(marked.places(1), [0, 2, 128 + 63]);
            assert_eq!(marked.places(8), [0, 16, 128 + 63 * 8]);
        }
        marked.begin(2);
        assert_eq!(marked.places(1).len(), 0);
    }
}
