//! Process Monitor: what processes asked of the system, as CSV.

mod csv;
mod time;

use std::io;

use super::Sink;

pub(super) use csv::FIELDS;
pub(super) use time::any_time;

/// How many lines speak for the reader.
pub(super) fn recognises(lines: &[&str]) -> usize {
    csv::recognises(lines)
}

/// Reads a trace.
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    csv::read(sink)
}
