//! A text in chunks of whole records, as its bytes are: read without looking at them more than it takes to cut them.
//!
//! Most logs are plain: one byte a letter from beginning to end, lines that end in a newline. Their chunks are read by
//! one thread after the other and looked at on all of them. Whatever else a text holds (zeros that a crash left, parts
//! in UTF-16, carriage returns alone, lines without end) is left to [`TextReader`], from the chunk that shows it on.

use std::io::{self, Read};
use std::mem;
use std::sync::{Mutex, PoisonError};

use crate::bundle::{Encoding, TextReader};
use crate::logs::Framer;

use super::glance::{Glance, LINE};

/// Bytes read in one go: what the processor keeps near.
const BLOCK: usize = 256 << 10;

/// Whole records of a text, unless the text ends or a record is longer than any should be.
pub(super) struct Chunk {
    pub(super) number: usize,
    pub(super) bytes: Vec<u8>,
    /// Where it begins in the artifact.
    pub(super) offset: u64,
}

impl Chunk {
    pub(super) fn glance(&self) -> Glance {
        Glance::new(&self.bytes)
    }
}

/// The chunks of a text, one after the other, for several threads.
pub(super) struct Chunks<'k> {
    /// Tells where records begin.
    framer: Framer<'k>,
    rest: Mutex<Rest>,
}

/// What was not given yet.
struct Rest {
    source: Box<dyn Read + Send>,
    /// Bytes that were read and belong to the next chunk, and where they lie.
    bytes: Vec<u8>,
    offset: u64,
    next: usize,
    ended: bool,
    broken: Option<io::Error>,
    /// Buffers to use again.
    spare: Vec<Vec<u8>>,
}

impl<'k> Chunks<'k> {
    /// Of a text of one byte a letter, from its beginning.
    pub(super) fn new(mut source: Box<dyn Read + Send>, encoding: Encoding, framer: Framer<'k>) -> Chunks<'k> {
        let mut bytes = Vec::new();
        let head = source.by_ref().take(BLOCK as u64).read_to_end(&mut bytes);
        let mark = encoding.mark(&bytes);
        bytes.drain(..mark);
        let rest = Rest {
            source,
            bytes,
            offset: mark as u64,
            next: 0,
            ended: head.is_err(),
            broken: head.err(),
            spare: Vec::new(),
        };
        Chunks { framer, rest: Mutex::new(rest) }
    }

    /// The next chunk; `None` at the end, or where the source breaks off.
    pub(super) fn next(&self) -> Option<Chunk> {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = rest.spare.pop().unwrap_or_default();
        bytes.clear();
        mem::swap(&mut bytes, &mut rest.bytes);
        let end = loop {
            rest.read_on(&mut bytes);
            // A line without end, or the end of all: it is given as it is.
            let line = memchr::memrchr(b'\n', &bytes).map_or(0, |newline| newline + 1);
            if rest.ended || bytes.len() - line > LINE {
                break bytes.len();
            }
            match self.framer.last_begin(&bytes) {
                0 => {}
                end => break end,
            }
        };
        if end == 0 {
            return None;
        }
        let mut tail = mem::take(&mut rest.bytes);
        tail.extend_from_slice(bytes.get(end..).unwrap_or_default());
        bytes.truncate(end);
        rest.bytes = tail;
        let chunk = Chunk { number: rest.next, offset: rest.offset, bytes };
        rest.next += 1;
        rest.offset += end as u64;
        Some(chunk)
    }

    /// Takes back the bytes of a chunk that is done with.
    pub(super) fn take_back(&self, chunk: Chunk) {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).spare.push(chunk.bytes);
    }

    /// Whether the source broke off.
    pub(super) fn broken(self) -> Option<io::Error> {
        self.rest.into_inner().unwrap_or_else(PoisonError::into_inner).broken
    }

    /// A reader for what follows, beginning with chunks that were given already, in order.
    pub(super) fn reader(self, given: &[Chunk], encoding: Encoding) -> TextReader {
        let rest = self.rest.into_inner().unwrap_or_else(PoisonError::into_inner);
        let offset = given.first().map_or(rest.offset, |chunk| chunk.offset);
        let mut bytes: Vec<u8> = Vec::new();
        for chunk in given {
            bytes.extend_from_slice(&chunk.bytes);
        }
        bytes.extend_from_slice(&rest.bytes);
        let broken = rest.broken.map(|error| Box::new(Broken(Some(error))) as Box<dyn Read + Send>);
        let source = broken.unwrap_or(rest.source);
        TextReader::resume(Box::new(io::Cursor::new(bytes).chain(source)), encoding, offset)
    }
}

impl Rest {
    /// Reads a block more.
    fn read_on(&mut self, bytes: &mut Vec<u8>) {
        if self.ended {
            return;
        }
        let from = bytes.len();
        bytes.resize(from + BLOCK, 0);
        let mut end = from;
        while end < bytes.len() {
            match self.source.read(&mut bytes[end..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(read) => end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.broken = Some(error);
                    break;
                }
            }
        }
        bytes.truncate(end);
    }
}

/// The error with which a source broke off, once more.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
