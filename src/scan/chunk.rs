//! A text in chunks of whole records, as its bytes are: read without looking at them more than it takes to cut them.
//!
//! Most logs are plain: one byte a letter from beginning to end, lines that end in a newline. Their chunks are read by
//! one thread after the other and looked at on all of them. Whatever else a text holds (zeros that a crash left, parts
//! in UTF-16, carriage returns alone, lines without end) is left to [`TextReader`], from the chunk that shows it on.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use crate::bundle::{Encoding, TextReader, narrow};
use crate::logs::Cutter;

use super::glance::LINE;
use super::spare::Spare;

/// Bytes read in one go: what the processor keeps near.
const BLOCK: usize = 256 << 10;

/// Whole records of a text, unless the text ends or a record is longer than any should be.
pub(super) struct Chunk {
    pub(super) number: usize,
    buffer: Buffer,
    /// Where it begins in the artifact.
    pub(super) offset: u64,
    /// The thread that read it, which mostly looks at it too.
    reader: ThreadId,
}

impl Chunk {
    #[cfg(test)]
    pub(super) fn of(number: usize, bytes: &[u8]) -> Chunk {
        let mut buffer = Buffer::default();
        buffer.hold(bytes);
        Chunk { number, buffer, offset: 0, reader: thread::current().id() }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.bytes()
    }
}

/// Bytes that were read, in room that is used again as it is: to clear it for each block would cost as much as to read.
#[derive(Default)]
struct Buffer {
    room: Vec<u8>,
    filled: usize,
}

impl Buffer {
    fn bytes(&self) -> &[u8] {
        self.room.get(..self.filled).unwrap_or_default()
    }

    /// Holds these bytes in place of what it held.
    fn hold(&mut self, bytes: &[u8]) {
        self.filled = 0;
        self.make_room(bytes.len()).copy_from_slice(bytes);
        self.filled = bytes.len();
    }

    /// So much room after what it holds.
    fn make_room(&mut self, bytes: usize) -> &mut [u8] {
        let end = self.filled + bytes;
        if self.room.len() < end {
            self.room.resize(end, 0);
        }
        self.room.get_mut(self.filled..end).unwrap_or_default()
    }

    /// Reads a block more; false where the source ends.
    fn read_on(&mut self, source: &mut dyn Read) -> io::Result<bool> {
        let end = self.filled + BLOCK;
        while self.filled < end {
            let room = self.make_room(end - self.filled);
            match source.read(room) {
                Ok(0) => return Ok(false),
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}

/// The chunks of a text, one after the other, for several threads.
pub(super) struct Chunks<'k> {
    /// Tells where records begin.
    cutter: Arc<Cutter<'k>>,
    rest: Mutex<Rest>,
    /// Buffers to use again.
    spare: Spare<Buffer>,
}

/// What was not given yet.
struct Rest {
    source: Box<dyn Read + Send>,
    /// Bytes that were read and belong to the next chunk, and where they lie.
    held: Vec<u8>,
    offset: u64,
    next: usize,
    ended: bool,
    broken: Option<io::Error>,
}

impl<'k> Chunks<'k> {
    /// Of a text of one byte a letter, from its beginning.
    pub(super) fn new(source: Box<dyn Read + Send>, encoding: Encoding, cutter: Arc<Cutter<'k>>) -> Chunks<'k> {
        let mut source = narrow(source, encoding);
        let mut head = Buffer::default();
        let read = head.read_on(&mut source);
        let mark = encoding.mark(head.bytes());
        let Buffer { room: mut held, filled } = head;
        held.truncate(filled);
        held.drain(..mark);
        let rest =
            Rest { source, held, offset: mark as u64, next: 0, ended: !matches!(read, Ok(true)), broken: read.err() };
        Chunks { cutter, rest: Mutex::new(rest), spare: Spare::default() }
    }

    /// The next chunk; `None` at the end, or where the source breaks off.
    pub(super) fn next(&self) -> Option<Chunk> {
        let mut rest = self.rest();
        let mut buffer = self.spare.take();
        buffer.hold(&rest.held);
        rest.held.clear();
        let end = loop {
            rest.read_on(&mut buffer);
            // A line without end, or the end of all: it is given as it is.
            let bytes = buffer.bytes();
            let line = memchr::memrchr(b'\n', bytes).map_or(0, |newline| newline + 1);
            if rest.ended || bytes.len() - line > LINE {
                break bytes.len();
            }
            match self.cutter.last_begin(bytes) {
                0 => {}
                end => break end,
            }
        };
        if end == 0 {
            return None;
        }
        rest.held.extend_from_slice(buffer.bytes().get(end..).unwrap_or_default());
        buffer.filled = end;
        let chunk = Chunk { number: rest.next, offset: rest.offset, buffer, reader: thread::current().id() };
        rest.next += 1;
        rest.offset += end as u64;
        Some(chunk)
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes back the bytes of a chunk that is done with.
    pub(super) fn take_back(&self, chunk: Chunk) {
        self.spare.give_to(chunk.reader, chunk.buffer);
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
            bytes.extend_from_slice(chunk.bytes());
        }
        bytes.extend_from_slice(&rest.held);
        let broken = rest.broken.map(|error| Box::new(Broken(Some(error))) as Box<dyn Read + Send>);
        let source = broken.unwrap_or(rest.source);
        TextReader::resume(Box::new(io::Cursor::new(bytes).chain(source)), encoding, offset)
    }
}

impl Rest {
    /// Reads a block more.
    fn read_on(&mut self, buffer: &mut Buffer) {
        if !self.ended {
            let read = buffer.read_on(&mut self.source);
            self.ended = !matches!(read, Ok(true));
            self.broken = read.err();
        }
    }
}

/// The error with which a source broke off, once more.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::ArtifactId;
    use crate::logs::{Calendar, LogKind, LogKindId};

    #[test]
    fn chunks_are_the_text_and_at_the_end_none_comes_however_often_one_is_asked_for() {
        let kind = LogKind::of_lines("lines", Vec::new());
        for bytes in [0, 10, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 4711] {
            let text: Vec<u8> = (0..bytes).map(|at| if at % 97 == 96 { b'\n' } else { b'a' }).collect();
            let encoding = Encoding::Utf8;
            let cutter = Cutter::new(&kind, LogKindId::at(0), ArtifactId::at(0), encoding, Calendar::default());
            let chunks = Chunks::new(Box::new(io::Cursor::new(text.clone())), encoding, Arc::new(cutter));
            let mut read = Vec::new();
            while let Some(chunk) = chunks.next() {
                assert_eq!(chunk.offset, read.len() as u64);
                read.extend_from_slice(chunk.bytes());
                chunks.take_back(chunk);
            }
            assert!(read == text, "{bytes} bytes");
            // Several threads ask, each of them until there is none.
            for _ in 0..5 {
                assert!(chunks.next().is_none(), "{bytes} bytes");
            }
        }
    }
}
