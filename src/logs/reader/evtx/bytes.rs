//! The bytes of a chunk, read from one place on: numbers have their low byte first, names stand where they were used first.

/// Bytes of a chunk, up to where they may be read.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'c> {
    all: &'c [u8],
    pub(super) at: usize,
    end: usize,
}

impl<'c> Bytes<'c> {
    pub(super) fn new(all: &'c [u8], at: usize, end: usize) -> Bytes<'c> {
        Bytes { all, at, end: end.min(all.len()) }
    }

    pub(super) fn take(&mut self, length: usize) -> Option<&'c [u8]> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.end)?;
        let taken = self.all.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    pub(super) fn left(&self) -> &'c [u8] {
        self.all.get(self.at..self.end).unwrap_or_default()
    }

    pub(super) fn skip(&mut self, length: usize) -> Option<()> {
        self.take(length).map(|_| ())
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn short(&mut self) -> Option<u16> {
        u16_at(self.take(2)?, 0)
    }

    pub(super) fn long(&mut self) -> Option<u32> {
        u32_at(self.take(4)?, 0)
    }

    /// A place in the chunk.
    pub(super) fn place(&mut self) -> Option<usize> {
        usize::try_from(self.long()?).ok()
    }

    /// A name, two bytes a letter: it stands elsewhere in the chunk, or right here, where it is used first.
    pub(super) fn name(&mut self) -> Option<&'c [u8]> {
        let place = self.place()?;
        let length = usize::from(u16_at(self.all, place.checked_add(6)?)?) * 2;
        if place == self.at {
            self.skip(8 + length + 2)?;
        }
        self.all.get(place + 8..place + 8 + length)
    }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes)
}
