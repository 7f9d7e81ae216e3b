//! How far reading has come, for whoever shows it.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::artifact::Seekable;

/// Bytes read of the bytes there are, and what is being read. Whoever reads writes it, another thread may look.
#[derive(Debug, Default)]
pub struct Meter {
    total: AtomicU64,
    done: AtomicU64,
    place: Mutex<String>,
}

impl Meter {
    /// A new piece of work of so many bytes; those before it count no more.
    pub fn start(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
    }

    /// What is being read from now on.
    pub fn begin(&self, place: &str) {
        let mut shown = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        shown.clear();
        shown.push_str(place);
    }

    /// More bytes are read.
    pub fn advance(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes read, bytes there are, and what is being read.
    #[must_use]
    pub fn state(&self) -> (u64, u64, String) {
        let total = self.total.load(Ordering::Relaxed);
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (self.done.load(Ordering::Relaxed).min(total), total, place)
    }
}

/// A source that tells the meter what was read of it, every byte once however often it is gone through.
pub(super) struct Metered {
    inner: Box<dyn Seekable>,
    meter: Arc<Meter>,
    at: u64,
    /// How far it was read already.
    seen: u64,
}

impl Metered {
    pub(super) fn new(inner: Box<dyn Seekable>, meter: &Arc<Meter>) -> Metered {
        Metered { inner, meter: Arc::clone(meter), at: 0, seen: 0 }
    }
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.at += read as u64;
        if self.at > self.seen {
            self.meter.advance((self.at - self.seen).min(read as u64));
            self.seen = self.at;
        }
        Ok(read)
    }
}

impl Seek for Metered {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.at = self.inner.seek(position)?;
        Ok(self.at)
    }
}
