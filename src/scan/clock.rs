//! The clock of a source: what the file tells of its stamps before it is read, and the machine's offset from UTC.

use crate::bundle::decode_line;
use crate::logs::{Framer, LogKind, LogKindId, Survey};
use crate::value::Stamp;

use super::artifact::{Found, Reading};
use super::piece::Piece;
use super::result::Source;

/// Lines tried in one piece for one that shows both clocks.
const PAIRS: usize = 1000;

const SECOND: i64 = 1_000_000_000;

/// Seconds of a quarter of an hour.
const QUARTER: i64 = 900;

/// Seconds that the two clocks of one line may be apart.
const APART: i64 = 60;

/// The newest date of the other logs, for stamps that do not tell it all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Newest {
    /// They were not read yet.
    NotYet,
    /// What they tell, if anything.
    Of(Option<Stamp>),
}

impl Newest {
    /// What artifacts that were not put off tell.
    pub(super) fn of(found: &[Found]) -> Newest {
        let read = found.iter().filter(|one| !one.put_off);
        Newest::Of(read.filter_map(|one| one.source.last).filter(|last| last.year().is_some()).max())
    }
}

impl Reading<'_> {
    /// A framer that reads the stamps as the file tells; `None` where it does not tell, and the others were not read yet.
    pub(super) fn framer(&self, log: LogKindId, source: &mut Source) -> Option<Framer<'_>> {
        let kind = self.rules.logs.get(log);
        let framer = || Framer::new(kind, log, self.artifact.id, self.artifact.encoding);
        let Some(survey) = self.survey(kind, framer()) else {
            return Some(framer());
        };
        let newest = match self.newest {
            Newest::NotYet if !survey.is_decided() => return None,
            Newest::NotYet => None,
            Newest::Of(newest) => newest,
        };
        let calendar = survey.calendar(newest);
        source.clock_doubt = calendar.doubt;
        Some(framer().with_calendar(calendar))
    }

    /// Goes through the stamps of a file of which one does not tell it all, as far as needed.
    fn survey<'k>(&self, kind: &'k LogKind, mut framer: Framer<'k>) -> Option<Survey<'k>> {
        let mut survey = Survey::of(kind, self.artifact.encoding)?;
        // What is wrong with the file is told when it is read.
        self.pieces(&mut self.source(), &mut framer, |_, piece, _| {
            for (line, number) in piece.bytes.split_inclusive(|byte| *byte == b'\n').zip(piece.line..) {
                if survey.is_over() {
                    return;
                }
                survey.see(line, number);
            }
        });
        Some(survey)
    }
}

impl Piece<'_> {
    /// Local time minus UTC in seconds, from the first line that shows both. Offsets are whole quarters of an hour;
    /// what is further off than the two clocks of one line can be is none.
    pub(super) fn utc_offset(&self, framer: &Framer<'_>, kind: &LogKind) -> Option<i32> {
        let utc = kind.clock.as_ref()?.utc.as_ref()?;
        let literal = utc.required_literal()?;
        memchr::memmem::find_iter(self.bytes, literal.as_bytes()).take(PAIRS).find_map(|at| {
            let begin = memchr::memrchr(b'\n', &self.bytes[..at]).map_or(0, |newline| newline + 1);
            let end = memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |newline| at + newline);
            let line = &self.bytes[begin..end];
            let found = utc.find(&decode_line(line, self.encoding))?;
            let utc = found.captures.iter().find_map(|captured| captured.stamp)?;
            let number = self.line + memchr::memchr_iter(b'\n', &self.bytes[..begin]).count() as u64;
            let seconds = framer.stamp_of(line, number)?.0.checked_sub(utc.0)?.div_euclid(SECOND);
            let quarters = (seconds + QUARTER / 2).div_euclid(QUARTER);
            ((seconds - quarters * QUARTER).abs() <= APART).then(|| i32::try_from(quarters * QUARTER).ok())?
        })
    }
}
