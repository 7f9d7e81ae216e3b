//! Bytes of a container, buffered, with jumps that stay close.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use super::super::artifact::Seekable;

/// Bytes read in one go.
const BUFFER: usize = 32 << 10;

/// A buffered source that keeps its buffer where a jump stays inside it: entries of a directory and blocks of a member follow
/// each other.
pub(super) struct Near {
    inner: BufReader<Box<dyn Seekable>>,
    at: u64,
}

impl Near {
    pub(super) fn new(source: Box<dyn Seekable>) -> Near {
        Near { inner: BufReader::with_capacity(BUFFER, source), at: 0 }
    }
}

impl Read for Near {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Near {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let offset = match position {
            SeekFrom::Start(to) => i64::try_from(i128::from(to) - i128::from(self.at)).ok(),
            SeekFrom::Current(by) => Some(by),
            SeekFrom::End(_) => None,
        };
        self.at = match offset.filter(|by| self.at.checked_add_signed(*by).is_some()) {
            Some(by) => {
                self.inner.seek_relative(by)?;
                self.at.saturating_add_signed(by)
            }
            None => self.inner.seek(position)?,
        };
        Ok(self.at)
    }
}

impl BufRead for Near {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.at += amount as u64;
    }
}
