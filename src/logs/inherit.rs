//! The stamp of a record that has none of its own: that of the record before it in its file, whether that one was cut out or
//! not.

use std::ops::Range;

use crate::pattern::Pattern;
use crate::value::{Reading, Stamp};

use super::cut::{Cutter, Known, Sighting, first_line, patterns};
use super::kind::LogKind;

/// Where the stamps of a kind stand, beside the lines whose stamp holds for the records after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamped {
    /// Nowhere else.
    Never,
    /// On the first line of a record, and on no other line.
    Line,
    /// Where a record has to be cut out to tell.
    Record,
}

impl Stamped {
    pub(super) fn of(kind: &LogKind) -> Stamped {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.stamp_formats().next().is_some());
        match (any(patterns(kind)), any(&kind.details)) {
            (false, false) => Stamped::Never,
            (true, false) if kind.begin.is_empty() && kind.stamps.is_empty() => Stamped::Line,
            _ => Stamped::Record,
        }
    }
}

impl Cutter<'_> {
    /// The stamp that a text leaves to records after it; `last` is the last one that a line of it carries.
    #[must_use]
    pub fn left(&self, text: Sighting<'_>, last: Option<Stamp>) -> Option<Stamp> {
        match self.stamped {
            Stamped::Never => None,
            Stamped::Line => last,
            Stamped::Record => self.stamp_in(text, 0..text.bytes.len()),
        }
    }

    /// The stamp of a line that holds for the records after it.
    pub(super) fn marked(&self, line: &str, reading: Reading) -> Option<Stamp> {
        self.kind.stamps.iter().find_map(|pattern| pattern.places_in(line, reading)?.stamp)
    }

    /// The stamp of the last record between two places that has one; records begin at both, or the text ends.
    pub(super) fn stamp_in(&self, text: Sighting<'_>, range: Range<usize>) -> Option<Stamp> {
        let (mut end, mut known) = (range.end, Known::default());
        while end > range.start && self.stamped != Stamped::Never {
            let begin = self.begin_of(text.bytes, end - 1, range.start, &mut known);
            let ahead = known.ahead.take_if(|ahead| ahead.begin == begin);
            let lines = text.newlines.before(text.bytes, begin, (0, 0));
            let cut = self.record(text, begin..end, (lines, false), (ahead, &mut known.before));
            let reading = self.calendar.reading(text.line + lines);
            if let Some(stamp) = self.marked(first_line(cut.text()), reading).or(cut.stamp) {
                return Some(stamp);
            }
            end = begin;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use crate::bundle::{ArtifactId, Encoding};
    use crate::logs::{Calendar, Framer, LogKindId, Newlines};
    use crate::pattern::tests::pattern;

    use super::*;

    /// Stamps of records that hold one of some places of pieces of a text, by their lines.
    fn stamps(kind: &LogKind, pieces: &[String], places: impl Fn(usize) -> bool) -> BTreeMap<u64, Option<Stamp>> {
        let (log, artifact) = (LogKindId::at(0), ArtifactId::at(0));
        let mut framer = Framer::new(Cutter::new(kind, log, artifact, Encoding::Utf8, Calendar::default()));
        let (mut line, mut stamps) = (1, BTreeMap::new());
        for bytes in pieces.iter().map(String::as_bytes) {
            let newlines = Newlines::of(bytes);
            let begins = std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes).map(|newline| newline + 1));
            let own: Vec<(usize, bool)> = begins
                .filter(|begin| *begin < bytes.len())
                .zip(usize::try_from(line).unwrap()..)
                .map(|(begin, line)| (begin, line, bytes[begin..].starts_with(b"since")))
                .filter(|(_, line, mark)| *mark || places(*line))
                .map(|(begin, _, mark)| (begin, mark))
                .collect();
            let sighting = Sighting { bytes, places: Some(&own), line, newlines: &newlines };
            let cutter = Arc::clone(framer.cutter());
            cutter.cut(sighting, &mut |cut| {
                let record = framer.frame(cut, bytes, line, &|at| at as u64);
                stamps.insert(record.origin.line, record.stamp);
            });
            let last = bytes.split(|byte| *byte == b'\n').rev().find_map(|own| cutter.stamp_of(own, line));
            framer.pass(cutter.left(sighting, last));
            line += newlines.all;
        }
        stamps
    }

    /// What else is looked for says nothing about the time of a record.
    #[test]
    fn a_record_without_a_stamp_has_that_of_the_record_before_it_whichever_are_asked_for() {
        let [stamped, bare] = ["^{time:%Y-%m-%d %H:%M:%S}, {message}$", "^note {message}$"].map(pattern);
        let lines = LogKind::of_lines("own", vec![stamped, bare]);
        // A mark counts where it is a record's first line.
        let mut marked = lines.clone();
        marked.stamps = vec![pattern("^since {time:%Y-%m-%d %H:%M:%S}$")];
        let mut records = LogKind::of_lines("own", vec![pattern("^note {message}$")]);
        records.begin = vec![pattern("^note ")];
        records.details = vec![pattern("^at {time:%Y-%m-%d %H:%M:%S}$")];
        let texts = [
            (lines, ["note a\n2024-10-16 08:00:00, b\nnote c\nnote d\n", "note e\n2024-10-16 09:00:00, f\nnote g\n"]),
            (
                marked,
                [
                    "note a\n2024-10-16 08:00:00, b\nnote c\nsince 2024-10-16 07:00:00\n",
                    "note d\n2024-10-16 09:00:00, e\nsince 2024-10-16 07:00:00\nnote f\n",
                ],
            ),
            (
                records,
                [
                    "note a\nnote b\n at all\nat 2024-10-16 08:00:00\nnote c\n",
                    "note d\nnote e\nat 2024-10-16 09:00:00\n",
                ],
            ),
        ];
        for (kind, pieces) in texts {
            let pieces = pieces.map(str::to_owned);
            let all = stamps(&kind, &pieces, |_| true);
            assert_eq!(all.values().collect::<BTreeSet<_>>().len(), 3, "{all:?}");
            for chosen in 1..1_u32 << 8 {
                for (line, stamp) in stamps(&kind, &pieces, |line| chosen >> line & 1 != 0) {
                    assert_eq!(all.get(&line), Some(&stamp), "line {line} of {chosen:b}");
                }
            }
        }
    }
}
