//! A file seen through a window: places near each other are read once.

use std::io::{self, Read as _, Seek as _, SeekFrom};

use crate::bundle::Seekable;

/// Bytes of the window.
const WIDTH: usize = 1 << 20;

/// A file, and the part of it that is held.
pub(super) struct Window {
    file: Box<dyn Seekable>,
    held: Vec<u8>,
    /// Where the held part begins.
    start: u64,
}

impl Window {
    pub(super) fn new(file: Box<dyn Seekable>) -> Self {
        Self { file, held: Vec::new(), start: 0 }
    }

    /// So many bytes at a place; fewer where the file ends.
    pub(super) fn at(&mut self, place: u64, count: usize) -> io::Result<&[u8]> {
        let end = place.saturating_add(count as u64);
        if place < self.start || end > self.start + self.held.len() as u64 {
            self.file.seek(SeekFrom::Start(place))?;
            self.held.clear();
            self.file.by_ref().take(count.max(WIDTH) as u64).read_to_end(&mut self.held)?;
            self.start = place;
        }
        let from = usize::try_from(place - self.start).unwrap_or(usize::MAX);
        let held = self.held.get(from..).unwrap_or_default();
        Ok(held.get(..count).unwrap_or(held))
    }
}
