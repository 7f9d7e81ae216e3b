//! Which marks have to be framed: what stands before a section of its own says nothing about what comes after.

use crate::bundle::decode_line;
use crate::pattern::Pattern;

use super::cut::{Cutter, RECORD, line_end, trim};
use super::kind::SectionMarks;

impl Cutter<'_> {
    /// Whether a record is cut out of a text the same whichever others are asked for: where one may be longer than any should
    /// be, what comes after it begins where it was cut.
    #[must_use]
    pub fn cuts_alike(text: &[u8]) -> bool {
        text.len() <= RECORD
    }

    /// Of places in a text, each with whether it may be a mark or is evidence, those that have to be framed: where a
    /// section of its own begins, with a stamp, no mark before it says anything about what comes after.
    #[must_use]
    pub fn needed(&self, bytes: &[u8], places: impl Iterator<Item = (usize, bool)>) -> Vec<(usize, bool)> {
        if self.anew().is_none() {
            return places.collect();
        }
        let (mut needed, mut settled) = (Vec::new(), 0);
        for (place, mark) in places {
            if !mark {
                self.forget(bytes, &mut needed, settled);
            }
            needed.push((place, mark));
            if !mark {
                settled = needed.len();
            }
        }
        self.forget(bytes, &mut needed, settled);
        needed
    }

    /// Takes out the marks from a place of the list on, up to the last that begins a section of its own.
    fn forget(&self, bytes: &[u8], needed: &mut Vec<(usize, bool)>, from: usize) {
        let marks = needed.get(from..).unwrap_or_default();
        if let Some(anew) = marks.iter().rposition(|(place, _)| self.begins_anew(bytes, *place)) {
            needed.drain(from..from + anew);
        }
    }

    /// What begins a section of its own, in kinds where no mark before it says anything about what comes after, and the marks of
    /// sections.
    fn anew(&self) -> Option<(&Pattern, &SectionMarks)> {
        let marks = self.kind.sections.as_ref().filter(|_| self.kind.attempt.is_none())?;
        Some((marks.begin.first()?, marks))
    }

    /// Whether the line at `place` opens a section of its own that carries a stamp.
    fn begins_anew(&self, bytes: &[u8], place: usize) -> bool {
        let Some((anew, marks)) = self.anew() else { return false };
        let begin = memchr::memrchr(b'\n', &bytes[..place]).map_or(0, |at| at + 1);
        let end = line_end(bytes, place);
        let text = |line| decode_line(trim(line), self.encoding);
        let line = text(&bytes[begin..end]);
        anew.matches(&line)
            && !marks.end.iter().any(|pattern| pattern.matches(&line))
            && self.begins(&bytes[begin..end])
            && self.kind.stamps.iter().any(|pattern| pattern.find(&text(&bytes[end..line_end(bytes, end)])).is_some())
    }
}
