//! Text of two bytes a unit as UTF-8, made while it is read, for who looks at it in chunks.
//!
//! Most of such text is ASCII: its units are narrowed many at a time. Where a block shows that the text is not of two bytes
//! throughout, a zero is given instead, which no text holds: what follows is for [`super::TextReader`], from where the last
//! good chunk ended.

use std::io::{self, Read};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE};

use super::encoding::Encoding;
use super::region::{self, Order};

/// Bytes of the source in one go, an even number.
const BLOCK: usize = 64 << 10;

/// The bytes of a text in which a byte of ASCII is that byte: those of `source`, or, where it is of two bytes a unit, UTF-8
/// without a byte-order mark.
#[must_use]
pub fn narrow(source: Box<dyn Read + Send>, encoding: Encoding) -> Box<dyn Read + Send> {
    match encoding.order() {
        Some(order) => Box::new(Narrow::new(source, order)),
        None => source,
    }
}

/// Reads text of two bytes a unit as UTF-8.
struct Narrow {
    source: Box<dyn Read + Send>,
    order: Order,
    decoder: Decoder,
    /// The last block ended with half of a letter of four bytes.
    half: bool,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// How much of `text` was given.
    given: usize,
    begun: bool,
    ended: bool,
    broken: Option<io::Error>,
}

impl Narrow {
    fn new(source: Box<dyn Read + Send>, order: Order) -> Narrow {
        let table = if order == Order::Little { UTF_16LE } else { UTF_16BE };
        Narrow {
            source,
            order,
            decoder: table.new_decoder_without_bom_handling(),
            half: false,
            raw: Vec::new(),
            text: Vec::new(),
            given: 0,
            begun: false,
            ended: false,
            broken: None,
        }
    }

    /// Reads a block and makes text of it.
    fn fill(&mut self) {
        self.raw.clear();
        // What came before the source breaks off is text all the same.
        match self.source.by_ref().take(BLOCK as u64).read_to_end(&mut self.raw) {
            Ok(read) => self.ended = read < BLOCK,
            Err(error) => (self.ended, self.broken) = (true, Some(error)),
        }
        let mark = if self.begun { 0 } else { Encoding::of(self.order).mark(&self.raw) };
        self.begun = true;
        self.given = 0;
        self.text.clear();
        // Half a letter at the end is none.
        let units = self.raw.get(mark..self.raw.len() - self.raw.len() % 2).unwrap_or_default();
        if self.half || !ascii(units, self.order, &mut self.text) {
            self.half = ends_in_half(units, self.order);
            decode(&mut self.decoder, units, &mut self.text, self.ended);
            if region::in_wide(units, units.len(), self.order).is_some() {
                self.text.push(0);
            }
        }
    }
}

/// Narrows units that are all ASCII; false, with no text, where one is not.
fn ascii(units: &[u8], order: Order, text: &mut Vec<u8>) -> bool {
    let pairs = units.as_chunks::<2>().0;
    let all = match order {
        Order::Little => lower_halves(pairs.iter().map(|pair| u16::from_le_bytes(*pair)), text),
        Order::Big => lower_halves(pairs.iter().map(|pair| u16::from_be_bytes(*pair)), text),
    };
    let is_ascii = all < 0x80;
    if !is_ascii {
        text.clear();
    }
    is_ascii
}

/// Adds the lower halves of units; gives the bits that any of them has. Whole units are what the compiler makes vectors of.
fn lower_halves(units: impl Iterator<Item = u16>, text: &mut Vec<u8>) -> u16 {
    let mut all = 0;
    text.extend(units.map(|unit| {
        all |= unit;
        unit.to_le_bytes()[0]
    }));
    all
}

/// Whether the first unit of a pair comes last.
fn ends_in_half(units: &[u8], order: Order) -> bool {
    let upper = match (order, units) {
        (Order::Little, &[.., _, upper]) | (Order::Big, &[.., upper, _]) => upper,
        _ => 0,
    };
    (0xd8..0xdc).contains(&upper)
}

fn decode(decoder: &mut Decoder, units: &[u8], text: &mut Vec<u8>, last: bool) {
    text.resize(decoder.max_utf8_buffer_length(units.len()).unwrap_or(0), 0);
    let (_, _, written, _) = decoder.decode_to_utf8(units, text, last);
    text.truncate(written);
}

impl Read for Narrow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            self.fill();
        }
        let left = self.text.get(self.given..).unwrap_or_default();
        let length = left.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), left.get(..length)) {
            to.copy_from_slice(from);
        }
        self.given += length;
        match self.broken.take_if(|_| length == 0 && !buffer.is_empty()) {
            Some(error) => Err(error),
            None => Ok(length),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn read(bytes: Vec<u8>, encoding: Encoding) -> String {
        let mut text = Vec::new();
        narrow(Box::new(Cursor::new(bytes)), encoding).read_to_end(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        /// Letters of four bytes lie across the ends of blocks, and blocks of ASCII follow those of other letters.
        #[test]
        fn text_is_what_was_written(
            before in 32_700_usize..32_800,
            middle in proptest::collection::vec("[a-z驱动𠮷é]{0,12}", 0..8),
            after in 32_700_usize..33_000,
            mark in any::<bool>(),
            little in any::<bool>(),
        ) {
            let text = format!("{}{}\r\n{}驱", "a".repeat(before), middle.concat(), "line\r\n".repeat(after / 6));
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            let bytes: Vec<u8> = units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect();
            let encoding = if little { Encoding::Utf16Le } else { Encoding::Utf16Be };
            prop_assert!(read(bytes, encoding) == text);
        }
    }

    #[test]
    fn what_is_not_of_two_bytes_a_unit_gives_a_zero() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let one_byte = [wide("驱动\r\n"), b"one byte a letter, and not a few\r\n".to_vec(), wide("line\r\n")].concat();
        assert!(read(one_byte, Encoding::Utf16Le).contains('\0'));
        assert!(read([wide("line\r\n"), vec![0; 8], wide("line\r\n")].concat(), Encoding::Utf16Le).contains('\0'));
        // Half a letter at the end is none; half a pair is what is shown for it.
        assert_eq!(read([wide("line"), vec![b'x']].concat(), Encoding::Utf16Le), "line");
        assert_eq!(read([wide("line"), vec![0x42, 0xd8]].concat(), Encoding::Utf16Le), "line\u{fffd}");
        assert_eq!(read([wide("line"), vec![0x42, 0xd8], wide("s")].concat(), Encoding::Utf16Le), "line\u{fffd}s");
    }

    #[test]
    fn a_source_that_breaks_off_gives_what_came_before() {
        struct Broken(bool);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("gone"));
                }
                buffer[..4].copy_from_slice(b"o\0k\0");
                Ok(4)
            }
        }
        let mut text = Vec::new();
        let error = narrow(Box::new(Broken(false)), Encoding::Utf16Le).read_to_end(&mut text).unwrap_err();
        assert_eq!((text.as_slice(), error.to_string().as_str()), (&b"ok"[..], "gone"));
    }
}
