//! How far the reading of one artifact has come.

use std::cell::Cell;

use crate::bundle::{Artifact, Meter};

/// An artifact's share of all there is to read.
pub(super) struct Share<'m> {
    meter: &'m Meter,
    left: Cell<u64>,
}

impl<'m> Share<'m> {
    pub(super) fn new(meter: &'m Meter, artifact: &Artifact) -> Share<'m> {
        meter.begin(&artifact.path);
        Share { meter, left: Cell::new(artifact.bytes) }
    }

    pub(super) fn read(&self, bytes: u64) {
        let bytes = bytes.min(self.left.get());
        self.left.set(self.left.get() - bytes);
        self.meter.advance(bytes);
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        // What was left out, or read by other means, needs no more time.
        self.meter.advance(self.left.get());
    }
}
