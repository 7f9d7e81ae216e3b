//! The clock of a source: what the file tells of its stamps before it is read, and the machine's offset from UTC.

use std::sync::Arc;

use crate::bundle::decode_line;
use crate::logs::{Calendar, Cutter, Framer, LogKind, LogKindId, Survey};
use crate::pattern::Pattern;
use crate::rule::RuleSet;
use crate::value::{Stamp, Zone};

use super::artifact::{Found, Reading};
use super::glance::Glance;
use super::offset::Offsets;
use super::piece::Piece;
use super::result::Source;

/// Lines tried in one piece for one that shows both clocks.
const PAIRS: usize = 1000;

/// Bytes at the end of a piece that tell whether the offset is still the same, and places tried in them.
const PROBE: usize = 16 << 10;
const TRIES: usize = 16;

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

/// Brings stamps that are UTC though their kind has a local clock to local time, by the machine's offset: what a log
/// shows, else what was said. Where neither tells, such stamps tell nothing and are left out.
pub(super) fn to_local(found: &mut [Found], rules: &RuleSet, said: Option<i32>) {
    let offsets = Offsets::new(found.iter().map(|one| &one.source), said);
    let local = |stamp: Option<Stamp>| {
        let utc = stamp?.0;
        utc.checked_add(offsets.at_utc(utc)?).map(Stamp)
    };
    for one in found.iter_mut().filter(|one| one.source.utc) {
        let clock = one.source.log.and_then(|log| rules.logs.get(log).clock.as_ref());
        if clock.is_none_or(|clock| clock.zone != Zone::Local) {
            continue;
        }
        one.unsorted = true;
        (one.source.first, one.source.last) = (local(one.source.first), local(one.source.last));
        for hit in one.hits.values_mut().flatten() {
            let record = Arc::make_mut(&mut hit.record);
            record.stamp = local(record.stamp);
        }
    }
}

impl Reading<'_> {
    /// A framer that reads the stamps as the file tells; `None` where it does not tell, and the others were not read yet.
    pub(super) fn framer(&self, log: LogKindId, source: &mut Source) -> Option<Framer<'_>> {
        let kind = self.rules.logs.get(log);
        let artifact = self.artifact;
        let framer = |calendar| Framer::new(Cutter::new(kind, log, artifact.id, artifact.encoding, calendar));
        let Some(survey) = self.survey(kind, framer(Calendar::default())) else {
            return Some(framer(Calendar::default()));
        };
        let newest = match self.newest {
            Newest::NotYet if !survey.is_decided() => return None,
            Newest::NotYet => None,
            Newest::Of(newest) => newest,
        };
        let calendar = survey.calendar(newest);
        source.clock_doubt = calendar.doubt;
        Some(framer(calendar))
    }

    /// Goes through the stamps of a file of which one does not tell it all, as far as needed.
    fn survey<'k>(&self, kind: &'k LogKind, mut framer: Framer<'k>) -> Option<Survey<'k>> {
        let mut survey = Survey::of(kind, self.artifact.encoding)?;
        // What is wrong with the file is told when it is read.
        self.pieces(
            &mut self.source(),
            &mut framer,
            |text| (Glance::new(text), ()),
            |_, piece, (), _| {
                for (line, number) in piece.bytes.split_inclusive(|byte| *byte == b'\n').zip(piece.line..) {
                    if survey.is_over() {
                        return;
                    }
                    survey.see(line, number);
                }
            },
        );
        Some(survey)
    }
}

/// Where local time stood to UTC: from which stamp on, and local time minus UTC in seconds.
pub(super) type Offset = (Stamp, i32);

impl Piece<'_> {
    /// Local time minus UTC, from the first line that shows both and wherever it changes after that. `known` is what it
    /// was last: once it is known, only some lines are tried for another.
    pub(super) fn utc_offsets(&self, cutter: &Cutter<'_>, kind: &LogKind, known: Option<i32>) -> Vec<Offset> {
        let literal = kind.clock.as_ref().and_then(|clock| clock.utc.as_ref()).and_then(Pattern::required_literal);
        if literal.is_none() && !kind.shows_offset() {
            return Vec::new();
        }
        // What such a line must hold as it is written: a sign that no stamp has (`@`) stands in hardly any line without a
        // second clock, a word (`CSI`) in many.
        let strange = |char: char| char.is_ascii_punctuation() && !"-/:.,".contains(char);
        let signs = kind.clock.iter().flat_map(|clock| &clock.utc).flat_map(Pattern::literals).map(str::trim);
        let signs = signs.filter(|sign| !sign.is_empty() && sign.chars().all(strange));
        let musts: Vec<_> = signs.chain(literal).map(memchr::memmem::Finder::new).collect();
        let places = |from: usize, bytes: usize| {
            let text = self.bytes.get(from..).unwrap_or_default();
            let text = text.get(..bytes).unwrap_or(text);
            let places: Box<dyn Iterator<Item = usize>> = match musts.first() {
                Some(finder) => Box::new(finder.find_iter(text)),
                None => Box::new(std::iter::once(0).chain(memchr::memchr_iter(b'\n', text).map(|at| at + 1))),
            };
            places.map(move |at| from + at)
        };
        let both = |at| {
            let line = self.line_at(at)?;
            musts.iter().skip(1).all(|must| must.find(line).is_some()).then(|| self.both_clocks(line, cutter, kind))?
        };
        let all = || places(0, usize::MAX).filter_map(both);
        // An offset that changes stays so for months: what the last line says tells of all of the piece.
        let probe = || {
            let tail: Vec<usize> = places(self.bytes.len().saturating_sub(PROBE), PROBE).collect();
            tail.into_iter().rev().take(TRIES).find_map(both)
        };
        let mut last = known;
        let changed = |(_, offset): &Offset| last.replace(*offset) != Some(*offset);
        let same = |offset: i32| probe().is_none_or(|(_, own)| own == offset);
        match known {
            Some(known) if same(known) => Vec::new(),
            Some(_) => all().filter(changed).collect(),
            None => match places(0, usize::MAX).take(PAIRS).find_map(both) {
                Some(first) if same(first.1) => vec![first],
                Some(_) => all().filter(changed).collect(),
                None => Vec::new(),
            },
        }
    }

    /// The line that byte `at` is in.
    fn line_at(&self, at: usize) -> Option<&[u8]> {
        let begin = memchr::memrchr(b'\n', self.bytes.get(..at)?).map_or(0, |newline| newline + 1);
        let end = memchr::memchr(b'\n', self.bytes.get(at..)?).map_or(self.bytes.len(), |newline| at + newline);
        self.bytes.get(begin..end)
    }

    /// What a line tells, if it shows both clocks. Offsets are whole quarters of an hour; what is further off
    /// than the two clocks of one line can be is none.
    fn both_clocks(&self, line: &[u8], cutter: &Cutter<'_>, kind: &LogKind) -> Option<Offset> {
        let utc = match kind.clock.as_ref()?.utc.as_ref() {
            Some(utc) => Some(utc.find(&decode_line(line, self.encoding))?),
            None => None,
        };
        // A stamp without a year shows no offset, so the line's number is of no account.
        let stamp = cutter.stamp_of(line, self.line)?;
        let Some(found) = utc else {
            return Some((stamp, cutter.offset_of(line)?));
        };
        let utc = found.captures.iter().find_map(|captured| captured.stamp)?;
        let seconds = stamp.0.checked_sub(utc.0)?.div_euclid(SECOND);
        let quarters = (seconds + QUARTER / 2).div_euclid(QUARTER);
        let near = (seconds - quarters * QUARTER).abs() <= APART;
        near.then(|| i32::try_from(quarters * QUARTER).ok().map(|offset| (stamp, offset)))?
    }
}
