//! An artifact's text as blocks of whole lines: nothing is held but one block.
//!
//! Text of one byte a letter is given as it is; UTF-16 is transcoded. Where a file changes from one to the other, or a
//! crash left zeros, a block ends and the next one says that it does not follow.

use std::io::{self, Read};

use super::encoding::{Doubt, Encoding, decode_wide};
use super::region::{self, Border, Order};

/// Bytes of a block unless other blocks are asked for; a longer line is cut.
const BLOCK: usize = 1 << 20;

/// Streams an artifact as blocks of whole lines. UTF-16 is transcoded; bytes of encodings that keep ASCII pass unchanged
/// and are decoded line by line with [`super::decode_line`]. A carriage return alone ends a line as a newline does.
pub struct TextReader {
    source: Box<dyn Read + Send>,
    /// Bytes of a block.
    block: usize,
    encoding: Encoding,
    /// The order of bytes of the region being read, if it is one of two bytes a unit.
    wide: Option<Order>,
    /// Bytes of the source, of which `from` were given; `at` is where those that were not begin.
    raw: Vec<u8>,
    from: usize,
    at: u64,
    /// What was transcoded for the last block.
    text: String,
    ended: bool,
    broken: Option<io::Error>,
    /// Set where the next block does not go on where the last one ended.
    apart: bool,
    mixed: bool,
}

/// A block of whole lines. The last line may end without a newline: at the end, where a line longer than a block is cut,
/// or where the next block does not follow.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The text: UTF-8, or bytes of an encoding that keeps ASCII.
    pub bytes: &'a [u8],
    /// Where it begins, in bytes of the artifact.
    pub offset: u64,
    /// The encoding of this part of the artifact.
    pub encoding: Encoding,
    /// Whether it goes on where the block before ended, in the same encoding. Where it does not, no line goes on either.
    pub follows: bool,
}

impl Block<'_> {
    /// The byte of the artifact at which byte `at` of this block lies.
    #[must_use]
    pub fn source_offset(&self, at: usize) -> u64 {
        self.offset + source_length(self.bytes.get(..at).unwrap_or(self.bytes), self.encoding)
    }
}

/// How many bytes of the source stand for `bytes` of text.
fn source_length(bytes: &[u8], encoding: Encoding) -> u64 {
    if encoding.order().is_none() {
        return bytes.len() as u64;
    }
    if bytes.is_ascii() {
        return 2 * bytes.len() as u64;
    }
    // Two bytes a unit: characters beyond the first plane, four bytes here, are two units.
    let units = |bytes: &[u8]| -> u8 {
        bytes.iter().map(|byte| u8::from(!(0x80..=0xbf).contains(byte)) + u8::from(*byte >= 0xf0)).sum()
    };
    // So few that a byte counts them, which many are counted in at once.
    2 * bytes.chunks(127).map(|bytes| u64::from(units(bytes))).sum::<u64>()
}

impl TextReader {
    pub(super) fn new(source: Box<dyn Read + Send>, encoding: Encoding) -> TextReader {
        TextReader {
            source,
            block: BLOCK,
            encoding,
            wide: encoding.order(),
            raw: Vec::new(),
            from: 0,
            at: 0,
            text: String::new(),
            ended: false,
            broken: None,
            apart: false,
            mixed: false,
        }
    }

    /// In blocks of so many bytes: for the beginning of a text, of which no more is read than twice that.
    #[must_use]
    pub fn in_blocks(self, block: usize) -> TextReader {
        TextReader { block, ..self }
    }

    /// For what follows in a text of one byte a letter, from byte `offset` of the artifact on.
    #[must_use]
    pub fn resume(source: Box<dyn Read + Send>, encoding: Encoding, offset: u64) -> TextReader {
        TextReader { at: offset, ..TextReader::new(source, encoding) }
    }

    /// What came to be in doubt about the encoding while reading.
    #[must_use]
    pub fn doubt(&self) -> Option<Doubt> {
        self.mixed.then_some(Doubt::Mixed)
    }

    /// The next block; `None` at the end.
    ///
    /// # Errors
    ///
    /// The source breaks off: what came before was given already.
    pub fn next_block(&mut self) -> io::Result<Option<Block<'_>>> {
        loop {
            self.fill();
            if self.left().is_empty() {
                return self.broken.take().map_or(Ok(None), Err);
            }
            if self.wide.is_some() && self.left().len() == 1 {
                // Half a letter at the end is none.
                self.skip(1);
                continue;
            }
            let limit = self.block.min(self.left().len());
            let border = match self.wide {
                None => region::in_narrow(self.left(), limit),
                Some(order) => region::in_wide(self.left(), limit - limit % 2, order),
            };
            match border {
                Some((0, border)) => self.cross(border),
                Some((at, _)) => return Ok(Some(self.give(at))),
                None => {
                    let whole = self.ended && limit == self.left().len();
                    let odd = if self.wide.is_some() { limit % 2 } else { 0 };
                    let end = if whole { limit - odd } else { self.line_end(limit) };
                    return Ok(Some(self.give(end)));
                }
            }
        }
    }

    fn left(&self) -> &[u8] {
        self.raw.get(self.from..).unwrap_or_default()
    }

    /// Reads until there is a block and enough beyond it to see what follows; well beyond it, so that many small blocks
    /// do not move the rest each time.
    fn fill(&mut self) {
        if self.ended || self.left().len() >= self.block + region::AHEAD {
            return;
        }
        self.raw.drain(..self.from);
        self.from = 0;
        while !self.ended && self.raw.len() < 2 * self.block + region::AHEAD {
            match self.source.by_ref().take(self.block as u64).read_to_end(&mut self.raw) {
                Ok(read) => self.ended = read == 0,
                Err(error) => {
                    self.ended = true;
                    self.broken = Some(error);
                }
            }
        }
        if self.at == 0 {
            self.skip(self.encoding.mark(&self.raw));
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.from += bytes;
        self.at += bytes as u64;
    }

    /// Goes over a border that lies right here.
    fn cross(&mut self, border: Border) {
        self.apart = true;
        match border {
            Border::Gap(zeros) => {
                if zeros == self.left().len() && !self.ended {
                    // What follows is not seen yet: a few are kept, and it goes on from there.
                    return self.skip(zeros - region::GAP);
                }
                self.skip(zeros - 1);
                let (last, wide) = region::after_gap(self.left(), self.wide);
                self.skip(last);
                self.enter(wide);
            }
            Border::Wide(order, mark) => {
                self.skip(mark);
                self.enter(Some(order));
            }
            Border::Narrow => self.enter(None),
        }
    }

    fn enter(&mut self, wide: Option<Order>) {
        self.mixed |= wide != self.wide;
        self.wide = wide;
    }

    /// Where the last line within `limit` ends; where there is none, a line is cut, not within a character.
    fn line_end(&self, limit: usize) -> usize {
        let window = self.left().get(..limit).unwrap_or_default();
        let Some(order) = self.wide else {
            let Some(at) = memchr::memrchr2(b'\n', b'\r', window) else { return cut(window) };
            // A newline may stand right behind the limit.
            let both = window.get(at) == Some(&b'\r') && self.left().get(at + 1) == Some(&b'\n');
            return at + 1 + usize::from(both);
        };
        let ends = |pair: &[u8]| match order {
            Order::Little => pair == b"\n\0",
            Order::Big => pair == b"\0\n",
        };
        match window.chunks_exact(2).rposition(ends) {
            Some(unit) => 2 * unit + 2,
            None => cut_wide(window, order),
        }
    }

    /// Gives the next bytes as a block.
    fn give(&mut self, bytes: usize) -> Block<'_> {
        let (offset, follows) = (self.at, !self.apart);
        self.apart = false;
        let from = self.from;
        self.skip(bytes);
        let (bytes, encoding) = match self.wide {
            None => {
                let after = self.raw.get(self.from).copied();
                let bytes = self.raw.get_mut(from..self.from).unwrap_or_default();
                end_lines(bytes, after);
                let encoding = if self.encoding.order().is_some() { Encoding::Utf8 } else { self.encoding };
                if encoding == Encoding::Utf8 && !self.mixed {
                    self.mixed = std::str::from_utf8(bytes).is_err();
                }
                (&*bytes, encoding)
            }
            Some(order) => {
                self.text.clear();
                self.text.push_str(&decode_wide(self.raw.get(from..self.from).unwrap_or_default(), order));
                if lone_return(self.text.as_bytes()) {
                    self.text = ended(&self.text);
                }
                (self.text.as_bytes(), Encoding::of(order))
            }
        };
        Block { bytes, offset, encoding, follows }
    }
}

/// Makes a newline of every carriage return that stands alone: old programs and progress bars write those.
fn end_lines(bytes: &mut [u8], after: Option<u8>) {
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'\r', bytes.get(from..).unwrap_or_default()).map(|at| from + at) {
        let next = bytes.get(at + 1).copied().or(after);
        let alone = !matches!(next, Some(b'\n' | b'\r') | None);
        if let Some(byte) = bytes.get_mut(at).filter(|_| alone) {
            *byte = b'\n';
        }
        from = at + 1;
    }
}

/// Whether a carriage return stands alone.
fn lone_return(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', text).any(|at| !matches!(text.get(at + 1), Some(b'\n' | b'\r') | None))
}

/// The same for text.
fn ended(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut ended = String::with_capacity(text.len());
    while let Some(char) = chars.next() {
        let alone = char == '\r' && !matches!(chars.peek(), Some('\n' | '\r') | None);
        ended.push(if alone { '\n' } else { char });
    }
    ended
}

/// Where to cut a line that fills the whole window: not within a UTF-8 character.
fn cut(window: &[u8]) -> usize {
    let length = window.len();
    for (back, byte) in window.iter().rev().take(4).enumerate() {
        let needs = match byte {
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0.. => 4,
            _ => 1,
        };
        return if back + 1 < needs { length - back - 1 } else { length };
    }
    length
}

/// The same for units of two bytes: not between the two of a pair.
fn cut_wide(window: &[u8], order: Order) -> usize {
    let even = window.len() - window.len() % 2;
    let upper = match (order, window.get(even.saturating_sub(2)..even)) {
        (Order::Little, Some(&[_, upper])) | (Order::Big, Some(&[upper, _])) => upper,
        _ => 0,
    };
    if (0xd8..0xdc).contains(&upper) && even > 2 { even - 2 } else { even }
}
