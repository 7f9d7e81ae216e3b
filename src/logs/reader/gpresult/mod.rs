//! `gpresult`: what group policy sets on a machine.

mod text;

use std::io;

use super::{Sink, lines};

/// How many lines only this report has.
pub(super) fn recognises(lines: &[&str]) -> usize {
    text::recognises(lines)
}

/// Reads a report.
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    let mut all = Vec::new();
    let count = lines::each(sink.artifact, &mut |line| all.push(line.clone()))?;
    sink.lines(count);
    for entry in text::read(&all) {
        sink.take(entry);
    }
    Ok(())
}
