//! Process Monitor: what processes asked of the system, as CSV or in the program's own form.
//!
//! Both have the same fields with the same values: times by a clock of 24 hours, numbers with a point.

mod csv;
mod pml;
mod time;

use std::io;

use super::Sink;

pub(super) use csv::FIELDS;
pub(super) use time::any_time;

/// How many lines speak for the reader.
pub(super) fn recognises(lines: &[&str]) -> usize {
    csv::recognises(lines)
}

/// Whether a file that begins with these bytes is a capture in the program's own form.
pub(super) fn recognises_bytes(head: &[u8]) -> bool {
    pml::recognises(head)
}

/// Reads a trace.
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    if pml::recognises(&sink.artifact.head(4)?) { pml::read(sink) } else { csv::read(sink) }
}
