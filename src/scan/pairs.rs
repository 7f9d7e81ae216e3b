//! Lines that show two clocks: they tell the machine's offset from UTC.

use memchr::memmem::{Finder, FinderRev};

use crate::bundle::decode_line;
use crate::logs::{Cutter, LogKind};
use crate::pattern::Pattern;
use crate::value::{Stamp, Stamps};

use super::piece::Piece;

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

/// Where local time stood to UTC: from which stamp on, and local time minus UTC in seconds.
pub(super) type Offset = (Stamp, i32);

/// Looks for lines that show both clocks.
pub(super) struct Pairs<'k> {
    kind: &'k LogKind,
    /// What such a line must hold as it is written; the first is looked for.
    musts: Vec<Finder<'k>>,
    last: Option<FinderRev<'k>>,
}

impl<'k> Pairs<'k> {
    /// `None` for a kind whose lines show one clock at the most.
    pub(super) fn new(kind: &'k LogKind) -> Option<Pairs<'k>> {
        let utc = kind.clock.as_ref().and_then(|clock| clock.utc.as_ref());
        let literal = utc.and_then(Pattern::required_literal);
        if literal.is_none() && !kind.shows_offset() {
            return None;
        }
        // A sign that no stamp has (`@`) stands in hardly any line without a second clock, a word (`CSI`) in many.
        let strange = |char: char| char.is_ascii_punctuation() && !"-/:.,".contains(char);
        let signs = utc.into_iter().flat_map(Pattern::literals).map(str::trim);
        let signs = signs.filter(|sign| !sign.is_empty() && sign.chars().all(strange));
        let musts: Vec<Finder<'_>> = signs.chain(literal).map(Finder::new).collect();
        let last = musts.first().map(|must| FinderRev::new(must.needle()).into_owned());
        Some(Pairs { kind, musts, last })
    }

    /// Local time minus UTC, from the first line that shows both and wherever it changes after that. `known` is what it
    /// was last: once it is known, only some lines are tried for another.
    pub(super) fn offsets(
        &self,
        piece: &Piece<'_>,
        cutter: &Cutter<'_>,
        (known, stamps): (Option<i32>, &mut Stamps),
    ) -> Vec<Offset> {
        let probed = self.last(piece, (cutter, stamps));
        let same = |offset: i32| probed.is_none_or(|(_, own)| own == offset);
        if known.is_some_and(same) {
            return Vec::new();
        }
        let places = || -> Box<dyn Iterator<Item = usize>> {
            if let Some(finder) = self.musts.first() {
                return Box::new(finder.find_iter(piece.bytes));
            }
            Box::new(std::iter::once(0).chain(memchr::memchr_iter(b'\n', piece.bytes).map(|newline| newline + 1)))
        };
        if known.is_none() {
            match places().take(PAIRS).find_map(|at| self.both(piece, at, (cutter, stamps))) {
                Some(first) if same(first.1) => return vec![first],
                Some(_) => {}
                None => return Vec::new(),
            }
        }
        let mut last = known;
        let all = places().filter_map(|at| self.both(piece, at, (cutter, stamps)));
        all.filter(|(_, offset)| last.replace(*offset) != Some(*offset)).collect()
    }

    /// What the end of a piece tells: an offset that changes stays so for months, so that it tells of all of the piece.
    fn last(&self, piece: &Piece<'_>, (cutter, stamps): (&Cutter<'_>, &mut Stamps)) -> Option<Offset> {
        let from = piece.bytes.len().saturating_sub(PROBE);
        let text = piece.bytes.get(from..)?;
        let places: Box<dyn Iterator<Item = usize>> = match &self.last {
            Some(finder) => Box::new(finder.rfind_iter(text)),
            None => Box::new(memchr::memrchr_iter(b'\n', text).map(|newline| newline + 1).chain([0])),
        };
        places.take(TRIES).find_map(|at| self.both(piece, from + at, (cutter, stamps)))
    }

    /// What the line at a place tells, if it shows both clocks. Offsets are whole quarters of an hour; what is further off
    /// than the two clocks of one line can be is none.
    fn both(&self, piece: &Piece<'_>, at: usize, (cutter, stamps): (&Cutter<'_>, &mut Stamps)) -> Option<Offset> {
        let line = piece.line_at(at)?;
        if self.musts.iter().skip(1).any(|must| must.find(line).is_none()) {
            return None;
        }
        let utc = match self.kind.clock.as_ref()?.utc.as_ref() {
            Some(utc) => Some(utc.find(&decode_line(line, piece.encoding))?),
            None => None,
        };
        // A stamp without a year shows no offset, so the line's number is of no account.
        let stamp = cutter.stamp_with(line, piece.line, stamps)?;
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

impl Piece<'_> {
    /// The line that byte `at` is in.
    fn line_at(&self, at: usize) -> Option<&[u8]> {
        let begin = memchr::memrchr(b'\n', self.bytes.get(..at)?).map_or(0, |newline| newline + 1);
        let end = memchr::memchr(b'\n', self.bytes.get(at..)?).map_or(self.bytes.len(), |newline| at + newline);
        self.bytes.get(begin..end)
    }
}
