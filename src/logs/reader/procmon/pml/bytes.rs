//! Little-endian fields out of bytes, one after the other; what lies past their end is not there.

/// Bytes that are read from their beginning on.
#[derive(Clone, Debug)]
pub(super) struct Bytes<'b> {
    rest: &'b [u8],
    /// Addresses have 8 bytes, else 4.
    wide: bool,
}

/// What is said of a string before it comes: one byte or two a character, and how many characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    ascii: bool,
    characters: usize,
}

impl<'b> Bytes<'b> {
    pub(super) fn new(bytes: &'b [u8], wide: bool) -> Self {
        Self { rest: bytes, wide }
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// The next `count` bytes, to be read on their own.
    pub(super) fn part(&mut self, count: usize) -> Option<Bytes<'b>> {
        let wide = self.wide;
        self.take(count).map(|bytes| Bytes::new(bytes, wide))
    }

    pub(super) fn skip(&mut self, count: usize) -> Option<()> {
        self.take(count).map(|_| ())
    }

    fn number<const SIZE: usize>(&mut self) -> Option<[u8; SIZE]> {
        self.take(SIZE)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.number().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.number().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.number().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.number().map(u64::from_le_bytes)
    }

    /// An address.
    pub(super) fn address(&mut self) -> Option<u64> {
        if self.wide { self.u64() } else { self.u32().map(u64::from) }
    }

    /// Bytes of an address.
    pub(super) fn width(&self) -> usize {
        if self.wide { 8 } else { 4 }
    }

    /// Past what aligns an address.
    pub(super) fn align(&mut self) -> Option<()> {
        if self.wide { self.skip(4) } else { Some(()) }
    }

    /// UTF-16 of so many bytes, to the first NUL.
    pub(super) fn utf16(&mut self, count: usize) -> Option<String> {
        self.take(count).map(utf16)
    }

    /// UTF-16 to the first NUL or the end.
    pub(super) fn utf16_to_end(&mut self) -> String {
        utf16(std::mem::take(&mut self.rest))
    }

    /// What the next string is like.
    pub(super) fn text(&mut self) -> Option<Text> {
        let word = self.u16()?;
        Some(Text { ascii: word >> 15 == 1, characters: usize::from(word & 0x7fff) })
    }

    /// A string that was announced.
    pub(super) fn string(&mut self, text: Text) -> Option<String> {
        if text.ascii {
            let bytes = self.take(text.characters)?;
            return Some(bytes.iter().map(|byte| char::from(*byte)).collect());
        }
        self.utf16(text.characters * 2)
    }

    /// So many bytes, or as many as there are.
    pub(super) fn up_to(&mut self, count: usize) -> &'b [u8] {
        let taken = self.rest.get(..count).unwrap_or(self.rest);
        self.rest = self.rest.get(taken.len()..).unwrap_or_default();
        taken
    }

    /// Strings that each end in a NUL, to an empty one or the end.
    pub(super) fn strings(&mut self, count: usize) -> Vec<String> {
        let units: Vec<u16> = units(self.up_to(count)).collect();
        let strings = units.split(|unit| *unit == 0).take_while(|string| !string.is_empty());
        strings.map(String::from_utf16_lossy).collect()
    }
}

fn units(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit))
}

fn utf16(bytes: &[u8]) -> String {
    char::decode_utf16(units(bytes).take_while(|unit| *unit != 0))
        .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
