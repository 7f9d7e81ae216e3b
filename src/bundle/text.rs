//! An artifact's text as blocks of whole lines: nothing is held but one block.

use std::io::{self, Read};

use encoding_rs::Decoder;

use super::artifact::Seekable;
use super::encoding::Encoding;

/// Bytes of a block; a longer line is cut.
const BLOCK: usize = 1 << 20;

/// Streams an artifact as blocks of whole lines. UTF-16 is transcoded; bytes of encodings that keep ASCII pass unchanged
/// and are decoded line by line with [`super::decode_line`].
pub struct TextReader {
    source: Box<dyn Seekable>,
    encoding: Encoding,
    decoder: Option<Decoder>,
    /// Text read, of which `given` bytes were handed out.
    buffer: Vec<u8>,
    given: usize,
    /// Where `buffer` begins, in bytes of the source.
    offset: u64,
    raw: Vec<u8>,
    ended: bool,
    begun: bool,
}

/// A block of whole lines. The last one may end without a newline; a line longer than a block is cut.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The text: UTF-8, or bytes of an encoding that keeps ASCII.
    pub bytes: &'a [u8],
    /// Where it begins, in bytes of the artifact.
    pub offset: u64,
    /// The artifact's encoding.
    pub encoding: Encoding,
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
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => {
            String::from_utf8_lossy(bytes).chars().map(|char| 2 * char.len_utf16() as u64).sum()
        }
        _ => bytes.len() as u64,
    }
}

impl TextReader {
    pub(super) fn new(source: Box<dyn Seekable>, encoding: Encoding) -> TextReader {
        let wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        TextReader {
            source,
            encoding,
            decoder: wide.then(|| encoding.table().new_decoder_without_bom_handling()),
            buffer: Vec::new(),
            given: 0,
            offset: 0,
            raw: vec![0; BLOCK / 4],
            ended: false,
            begun: false,
        }
    }

    /// The next block; `None` at the end.
    ///
    /// # Errors
    ///
    /// The source breaks off: what came before was given already.
    pub fn next_block(&mut self) -> io::Result<Option<Block<'_>>> {
        self.offset += source_length(&self.buffer[..self.given], self.encoding);
        self.buffer.drain(..self.given);
        self.given = 0;
        let mut broken = None;
        while !self.ended && self.buffer.len() < BLOCK {
            if let Err(error) = self.fill() {
                self.ended = true;
                broken = Some(error);
            }
        }
        if self.buffer.is_empty() {
            return broken.map_or(Ok(None), Err);
        }
        if let Some(error) = broken {
            // What came before the break is given first; the break is said at the next call.
            self.source = Box::new(Failing(Some(error)));
            self.ended = false;
            self.decoder = None;
            self.given = self.buffer.len();
        } else if self.ended {
            self.given = self.buffer.len();
        } else {
            let window = &self.buffer[..BLOCK.min(self.buffer.len())];
            self.given = memchr::memrchr(b'\n', window).map_or_else(|| cut(window), |at| at + 1);
        }
        Ok(Some(Block { bytes: &self.buffer[..self.given], offset: self.offset, encoding: self.encoding }))
    }

    fn fill(&mut self) -> io::Result<()> {
        let read = match self.source.read(&mut self.raw) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            other => other?,
        };
        self.ended = read == 0;
        let mut bytes = &self.raw[..read];
        if !self.begun {
            self.begun = true;
            let mark = self.encoding.mark(bytes);
            self.offset += mark as u64;
            bytes = &bytes[mark..];
        }
        match &mut self.decoder {
            None => self.buffer.extend_from_slice(bytes),
            Some(decoder) => {
                let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
                let mut text = vec![0; room];
                let (_, _, written, _) = decoder.decode_to_utf8(bytes, &mut text, self.ended);
                self.buffer.extend_from_slice(&text[..written]);
            }
        }
        Ok(())
    }
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

/// Says the error that a source ended with.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

impl io::Seek for Failing {
    fn seek(&mut self, _: io::SeekFrom) -> io::Result<u64> {
        Ok(0)
    }
}
