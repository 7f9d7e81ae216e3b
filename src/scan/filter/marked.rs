//! Places of a text that are looked at again: most blocks have none, and to ask for each whether it has would cost more
//! than to write it down.

/// Blocks with marked places, ascending.
#[derive(Debug, Default)]
pub(super) struct Marked {
    /// Where a block begins, and a bit for each of its places. What lies beyond `count` is left from before.
    blocks: Vec<(usize, u64)>,
    count: usize,
    /// The places one by one; what lies beyond them is left from before.
    places: Vec<usize>,
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

    /// Every place; they are so many bytes apart in their blocks.
    pub(super) fn places(&mut self, apart: usize) -> &mut [usize] {
        let Self { blocks, count, places } = self;
        let mut end = 0;
        for (from, bits) in blocks.iter().take(*count) {
            if places.len() < end + u64::BITS as usize {
                places.resize(2 * end + u64::BITS as usize, 0);
            }
            let Some(room) = places.get_mut(end..end + u64::BITS as usize) else { break };
            let (mut bits, mut own) = (*bits, 0);
            // One or two are written whether there are so many or not: to ask would cost more, as the answer is never sure.
            for _ in 0..2 {
                room[own] = from + bits.trailing_zeros() as usize * apart;
                own += usize::from(bits != 0);
                bits &= bits.wrapping_sub(1);
            }
            while bits != 0 {
                room[own] = from + bits.trailing_zeros() as usize * apart;
                own += 1;
                bits &= bits - 1;
            }
            end += own;
        }
        &mut places[..end]
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
