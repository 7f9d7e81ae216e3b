//! The extent of what was bound.

use std::sync::Arc;

use crate::logs::Record;

/// From the first to the last record of what was bound; empty where nothing was.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::diagnose) struct Span<'a> {
    pub(super) first: Option<&'a Arc<Record>>,
    pub(super) last: Option<&'a Arc<Record>>,
    /// Clocks that cannot be compared leave open which records are its ends.
    pub(super) torn: bool,
}

impl<'a> Span<'a> {
    pub(super) fn of(record: &'a Arc<Record>) -> Self {
        Self { first: Some(record), last: Some(record), torn: false }
    }

    /// A sequence begins with its first step and ends with its last.
    pub(super) fn then(&self, step: &Span<'a>) -> Span<'a> {
        Span { first: self.first.or(step.first), last: step.last.or(self.last), torn: self.torn || step.torn }
    }

    /// Numbers that tell it from others.
    pub(super) fn parts(&self) -> [u64; 2] {
        let end = |end: Option<&Arc<Record>>| end.map_or(0, |record| Arc::as_ptr(record) as usize as u64);
        // A record's address is even.
        [end(self.first), end(self.last) | u64::from(self.torn)]
    }
}
