//! Cutting: text to records, each by what stands in it alone, so that several pieces of a log may be cut side by side.
//!
//! A [`Cutter`] is told where something was seen (a literal of a rule, or one of the kind's own marks) and cuts out the
//! records around those places, no others. What goes from record to record is [`super::Framer`]'s.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bundle::{ArtifactId, Encoding, decode_line};
use crate::pattern::Pattern;
use crate::value::{Reading, Stamp, Stamps};

use super::alike::Before;
use super::apart::{Apart, Names};
use super::body::{Fields, Parts, Said};
use super::calendar::Calendar;
use super::inherit::Stamped;
use super::kind::{Framing, LogKind, LogKindId};
use super::newlines::Newlines;
use super::record::{Origin, Record};

/// Bytes of a record at the most; what is longer is cut.
pub(super) const RECORD: usize = 1 << 20;

/// Bytes of a line that tell whether it begins a record.
const ENOUGH: usize = 4 << 10;

/// A piece of an artifact's text: whole lines, beginning at a record unless it is cut.
#[derive(Clone, Copy, Debug)]
pub struct Sighting<'t> {
    /// The text.
    pub bytes: &'t [u8],
    /// Places in it where something was seen, ascending, each with whether it may be a mark of the kind; `None` frames every
    /// record.
    pub places: Option<&'t [(usize, bool)]>,
    /// Number of its first line.
    pub line: u64,
    /// Its newlines.
    pub newlines: &'t Newlines,
}

/// A record cut out of a text, as it tells of itself.
pub struct Cut<'t> {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Lines of the text before it.
    pub lines_before: u64,
    /// Its own lines after the first.
    pub lines_after: u64,
    /// Its own stamp.
    pub stamp: Option<Stamp>,
    /// The stamp of the last record before it that has one, if it has none itself and they were not cut out.
    pub before: Option<Stamp>,
    /// Whether it may hold a mark of the kind.
    pub marked: bool,
    all: Cow<'t, str>,
    parts: Parts,
}

impl Cut<'_> {
    /// All of it.
    pub(super) fn text(&self) -> &str {
        &self.all
    }

    /// What it says.
    #[must_use]
    pub fn said(&self) -> Said<'_> {
        self.parts.said(&self.all)
    }
}

/// Cuts the records of one artifact.
pub struct Cutter<'k> {
    pub(super) kind: &'k LogKind,
    pub(super) log: LogKindId,
    pub(super) artifact: ArtifactId,
    pub(super) encoding: Encoding,
    names: Vec<Names>,
    details: Vec<Names>,
    pub(super) calendar: Calendar,
    pub(super) stamped: Stamped,
    /// Which pattern the last line that begins a record matched: most lines are alike.
    last: AtomicUsize,
}

impl<'k> Cutter<'k> {
    /// Of an artifact of a kind of lines.
    #[must_use]
    pub fn new(
        kind: &'k LogKind,
        log: LogKindId,
        artifact: ArtifactId,
        encoding: Encoding,
        calendar: Calendar,
    ) -> Self {
        let details = kind.details.iter().map(Names::of).collect();
        let names = patterns(kind).iter().map(Names::of).collect();
        let stamped = Stamped::of(kind);
        Self { kind, log, artifact, encoding, names, details, calendar, stamped, last: AtomicUsize::new(0) }
    }

    /// Whether stamps are read the same on every line, so that it does not take the number of a line to cut a record.
    #[must_use]
    pub fn in_any_order(&self) -> bool {
        self.calendar.is_constant()
    }

    /// Whether a line begins a record.
    #[must_use]
    pub fn begins(&self, line: &[u8]) -> bool {
        let patterns = self.kind.begins();
        if patterns.is_empty() {
            return true;
        }
        let text = decode_line(beginning(trim(line)), self.encoding);
        let begins = |at: usize| patterns.get(at).is_some_and(|pattern| pattern.matches(&text));
        let last = self.last.load(Ordering::Relaxed);
        if begins(last) {
            return true;
        }
        let other = (0..patterns.len()).find(|at| *at != last && begins(*at));
        self.last.store(other.unwrap_or(last), Ordering::Relaxed);
        other.is_some()
    }

    /// The stamp that a line carries itself.
    #[must_use]
    pub fn stamp_of(&self, line: &[u8], number: u64) -> Option<Stamp> {
        self.stamp_with(line, number, &mut Stamps::default())
    }

    /// The same for one of many lines: `stamps` remembers the stamp of the one before.
    #[must_use]
    pub fn stamp_with(&self, line: &[u8], number: u64, stamps: &mut Stamps) -> Option<Stamp> {
        let text = decode_line(beginning(trim(line)), self.encoding);
        let mut all = self.kind.stamps.iter().chain(patterns(self.kind)).chain(&self.kind.details);
        let reading = self.calendar.reading(number);
        all.find_map(|pattern| pattern.places_with(&text, reading, stamps)?.stamp)
    }

    /// Local time minus UTC in seconds, where the stamp of a line carries it.
    #[must_use]
    pub fn offset_of(&self, line: &[u8]) -> Option<i32> {
        let text = decode_line(beginning(trim(line)), self.encoding);
        patterns(self.kind).iter().find_map(|pattern| {
            let found = pattern.find(&text)?;
            let stamp = found.captures.iter().find(|captured| captured.stamp.is_some())?;
            pattern.stamp_formats().next()?.offset(&stamp.value.text)
        })
    }

    /// Where the last record of a text begins: what stands before can be framed, what comes after belongs to the next
    /// piece. 0 where no line begins a record.
    #[must_use]
    pub fn last_begin(&self, bytes: &[u8]) -> usize {
        let mut end = bytes.len();
        while end > 0 && bytes.len() - end < RECORD {
            let begin = memchr::memrchr(b'\n', &bytes[..end - 1]).map_or(0, |at| at + 1);
            // The first record of all is cut where it is longer than any should be, or a line without end would be held.
            if self.begins(&bytes[begin..end]) && (begin > 0 || bytes.len() < RECORD) {
                return begin;
            }
            end = begin;
        }
        // A record longer than any should be: it is cut here.
        if bytes.len() < RECORD {
            0
        } else if end > 0 {
            end
        } else {
            bytes.len()
        }
    }

    /// Cuts out the records in which something was seen, in order.
    pub fn cut<'t>(&self, text: Sighting<'t>, found: &mut dyn FnMut(Cut<'t>)) {
        let (mut counted, mut next, mut known) = ((0, 0), 0, Known::default());
        // Where the records begin that nothing is known of.
        let mut unknown = 0;
        let mut places = text.places.unwrap_or_default().iter().copied().peekable();
        loop {
            let seen = match text.places {
                None => (next < text.bytes.len()).then_some((next, true)),
                Some(_) => places.find(|(place, _)| *place >= next),
            };
            let Some((place, mut marked)) = seen else { break };
            let begin = self.begin_of(text.bytes, place, next, &mut known);
            let ahead = known.ahead.take_if(|ahead| ahead.begin == begin);
            let known_end = ahead.as_ref().and_then(|ahead| ahead.end_of(place));
            let end = known_end.unwrap_or_else(|| line_end(text.bytes, place));
            let mut after = places.clone();
            let next_begin = end_of(text.bytes, (place, end), |line| {
                while after.next_if(|(at, _)| *at < line.start).is_some() {}
                let seen = text.places.is_none() || after.peek().is_some_and(|(at, _)| *at < line.end);
                seen && self.matches_ahead(text.bytes, &line, &mut known) || self.begins(&text.bytes[line])
            });
            while let Some((_, mark)) = places.next_if(|(place, _)| *place < next_begin) {
                marked |= mark;
            }
            // Blank lines between two records belong to neither.
            let end = begin + content(&text.bytes[begin..next_begin]);
            counted = (begin, text.newlines.before(text.bytes, begin, counted));
            next = next_begin;
            // Blank lines at the beginning of a file belong to none either.
            if !text.bytes[begin..end].iter().all(u8::is_ascii_whitespace) {
                let mut cut = self.record(text, begin..end, (counted.1, marked), (ahead, &mut known.before));
                if cut.stamp.is_none() {
                    cut.before = self.stamp_in(text, unknown..begin);
                }
                unknown = next;
                if end == next && text.bytes[..end].ends_with(b"\n") {
                    counted = (next, cut.lines_before + cut.lines_after + 1);
                }
                found(cut);
            }
        }
    }

    /// Where the record that holds `place` begins, not before `least`.
    pub(super) fn begin_of<'t>(&self, bytes: &'t [u8], place: usize, least: usize, known: &mut Known<'t>) -> usize {
        if let Some(ahead) = known.ahead.as_ref().filter(|ahead| ahead.end_of(place).is_some()) {
            return ahead.begin.max(least);
        }
        let line_begin = |end: usize| memchr::memrchr(b'\n', &bytes[..end.saturating_sub(1)]).map_or(0, |at| at + 1);
        let mut end = line_end(bytes, place);
        let mut begin = line_begin(end);
        // Most records are one line, which is matched once for all that is asked of it.
        if begin > least && self.matches_ahead(bytes, &(begin..end), known) {
            return begin;
        }
        while begin > least && !self.begins(&bytes[begin..end]) && place - begin <= RECORD {
            end = begin;
            begin = line_begin(end);
        }
        begin.max(least)
    }

    /// Matches a line of which a record will be cut if it begins one, so that it need not be matched twice. False where that
    /// does not tell whether it does.
    fn matches_ahead<'t>(&self, bytes: &'t [u8], line: &Range<usize>, known: &mut Known<'t>) -> bool {
        let bytes = trim(&bytes[line.clone()]);
        // Of a line that is longer than what tells whether it begins a record, the whole may tell otherwise.
        if !self.kind.begin.is_empty() || !self.in_any_order() || bytes.len() > ENOUGH {
            return false;
        }
        let text = decode_line(bytes, self.encoding);
        let found = self.find(&text, self.calendar.reading(0), &mut known.before);
        known.ahead = found.map(|apart| Ahead { begin: line.start, end: line.end, text, apart });
        known.ahead.is_some()
    }

    /// What a text is made of by the first pattern that it matches.
    fn find(&self, text: &str, reading: Reading, before: &mut Before) -> Option<Apart> {
        let patterns = patterns(self.kind);
        let Before { stamps, alike } = before;
        if let Some(apart) = alike.apart(text) {
            return Some(apart);
        }
        let mut all = patterns.iter().enumerate();
        let (at, found) = all.find_map(|(at, own)| Some((at, own.places_with(text, reading, stamps)?)))?;
        let mut apart = Apart { stamp: found.stamp, ..Apart::of(text) };
        if let Some(message) = apart.take(found, 0, self.names.get(at)?) {
            apart.message = message;
            // Where the number of a line tells how its stamp is read, lines that begin alike may have two.
            if self.in_any_order() {
                alike.remember(&patterns[..=at], text, &apart);
            }
        }
        Some(apart)
    }

    pub(super) fn record<'t>(
        &self,
        text: Sighting<'t>,
        range: Range<usize>,
        (lines_before, marked): (u64, bool),
        (ahead, before): (Option<Ahead<'t>>, &mut Before),
    ) -> Cut<'t> {
        let bytes = text.bytes.get(range.clone()).unwrap_or_default();
        let line_end_of = |ahead: &Ahead<'_>| (ahead.end - ahead.begin).min(bytes.len());
        let (mut line, mut rest) = bytes.split_at(ahead.as_ref().map_or_else(|| line_end(bytes, 0), line_end_of));
        // Most records are one line, and what they say stands in the text already.
        let (known, found) = ahead.map(|ahead| (ahead.text, ahead.apart)).unzip();
        let mut all = known.unwrap_or_else(|| decode_line(trim(line), self.encoding));
        let mut lines_after = 0;
        while !rest.is_empty() {
            (line, rest) = rest.split_at(line_end(rest, 0));
            let all = all.to_mut();
            all.reserve(bytes.len().saturating_sub(all.len()));
            all.push('\n');
            all.push_str(&decode_line(trim(line), self.encoding));
            lines_after += 1;
        }
        let (Apart { names, places, message, stamp }, more) =
            self.take_apart(&all, self.calendar.reading(text.line + lines_before), (found, before));
        let fields = Fields { names, places };
        let parts = Parts::of_text(&mut all, message, more, fields);
        Cut { range, lines_before, lines_after, stamp, before: None, marked, all, parts }
    }

    /// A record that was cut out, with its place in the text it was cut from: [`super::Framer::settle`] tells the rest.
    #[must_use]
    pub fn record_of(&self, cut: Cut<'_>) -> Record {
        Record {
            log: self.log,
            origin: Origin::new(
                self.artifact,
                (cut.lines_before, cut.lines_before + cut.lines_after),
                None,
                cut.range.start as u64..cut.range.end as u64,
            ),
            stamp: cut.stamp,
            body: cut.parts.body(cut.all),
            section: None,
            attempt: None,
        }
    }

    /// Fields, message and stamp of a record: by the first pattern that its first line matches, or the whole record
    /// where another line begins it; then by the lines that hold fields. What belongs to the message and does not stand
    /// right behind it comes beside.
    fn take_apart(
        &self,
        text: &str,
        reading: Reading,
        (found, before): (Option<Apart>, &mut Before),
    ) -> (Apart, Option<Range<usize>>) {
        let line = first_line(text);
        // What stands before the first record of such a kind is no record of it.
        if !self.kind.begin.is_empty() && !self.kind.begin.iter().any(|pattern| pattern.matches(line)) {
            return (Apart::of(text), None);
        }
        let first = if self.kind.begin.is_empty() { line } else { text };
        let found = found.or_else(|| self.find(first, reading, before));
        let mut apart = found.unwrap_or_else(|| Apart::of(text));
        let (rest, mut more) = (first.len()..text.len(), None);
        // What follows on more lines is the message's too.
        if apart.message.end == rest.start {
            apart.message.end = rest.end;
        } else if apart.message.end < rest.start && !rest.is_empty() {
            more = Some(rest);
        }
        for (pattern, names) in self.kind.details.iter().zip(&self.details) {
            let mut begin = 0;
            let mut lines = text.split('\n').map(|line| {
                let at = begin;
                begin += line.len() + 1;
                (at, line)
            });
            let found = lines.find_map(|(at, line)| Some((pattern.places_in(line, reading)?, at)));
            if let Some((found, at)) = found {
                apart.stamp = apart.stamp.or(found.stamp);
                apart.take(found, at, names);
            }
        }
        (apart, more)
    }
}

/// Where the record ends that holds `place`, whose line ends at `end`: before the next line of which `begins` says that it
/// begins one.
fn end_of(bytes: &[u8], (place, mut end): (usize, usize), mut begins: impl FnMut(Range<usize>) -> bool) -> usize {
    while end < bytes.len() && end - place < RECORD {
        let next = line_end(bytes, end);
        if begins(end..next) {
            break;
        }
        end = next;
    }
    end
}

/// What is known of lines before they are cut.
#[derive(Default)]
pub(super) struct Known<'t> {
    pub(super) before: Before,
    pub(super) ahead: Option<Ahead<'t>>,
}

/// A line that begins a record and was matched ahead.
pub(super) struct Ahead<'t> {
    /// Where it begins in the text.
    pub(super) begin: usize,
    /// One past its newline.
    end: usize,
    text: Cow<'t, str>,
    apart: Apart,
}

impl Ahead<'_> {
    /// Where it ends, if `place` lies in it.
    fn end_of(&self, place: usize) -> Option<usize> {
        (self.begin..self.end).contains(&place).then_some(self.end)
    }
}

pub(super) fn patterns(kind: &LogKind) -> &[Pattern] {
    match &kind.framing {
        Framing::Lines(patterns) => patterns,
        Framing::Reader(_) => &[],
    }
}

/// One past the newline that ends the line at `at`.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |newline| at + newline + 1)
}

/// Where the blank lines at a record's end begin; its first line stays.
fn content(bytes: &[u8]) -> usize {
    // Mostly none is blank.
    if trim(bytes).last().is_some_and(|byte| !byte.is_ascii_whitespace()) {
        return bytes.len();
    }
    let mut end = bytes.len();
    while let Some(begin) = memchr::memrchr(b'\n', &bytes[..end.saturating_sub(1)]).map(|at| at + 1) {
        if !bytes[begin..end].iter().all(u8::is_ascii_whitespace) {
            break;
        }
        end = begin;
    }
    end
}

/// As much of a line as tells what it is.
fn beginning(line: &[u8]) -> &[u8] {
    line.get(..ENOUGH).unwrap_or(line)
}

/// The first line of a text.
pub(super) fn first_line(text: &str) -> &str {
    let end = memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// A line without its newline.
pub(super) fn trim(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::pattern::tests::pattern;

    use super::*;

    /// Range, lines, stamp, text, message and fields of every record that holds one of some places.
    fn cut(cutter: &Cutter<'_>, text: &str, places: Option<&[(usize, bool)]>) -> Vec<String> {
        let newlines = Newlines::of(text.as_bytes());
        let mut cuts = Vec::new();
        let sighting = Sighting { bytes: text.as_bytes(), places, line: 1, newlines: &newlines };
        cutter.cut(sighting, &mut |cut| {
            let lines = (cut.lines_before, cut.lines_after);
            cuts.push(format!("{:?} {lines:?} {:?} {:?}", cut.range, cut.stamp, cut.said()));
        });
        cuts
    }

    #[test]
    fn blank_lines_at_its_end_are_not_a_records_own() {
        let kind = LogKind::of_lines("own", vec![pattern("^note {message} end$")]);
        let cutter = Cutter::new(&kind, LogKindId::at(0), ArtifactId::at(0), Encoding::Utf8, Calendar::default());
        let text = "none\nof it\n\nnote a end\r\n more\r\n\r\n \t\nnote b end\n\nnote c end";
        let cuts = cut(&cutter, text, None);
        let said =
            |text: &str, message: &str| format!("None Body {{ text: {text:?}, message: {message:?}, fields: [] }}");
        let all = [
            format!("0..11 (0, 1) {}", said("none\nof it", "none\nof it")),
            format!("12..31 (3, 1) {}", said("note a end\n more", "a\n more")),
            format!("36..47 (7, 0) {}", said("note b end", "b")),
            format!("48..58 (9, 0) {}", said("note c end", "c")),
        ];
        assert_eq!(cuts, all);
    }

    /// Lines that follow each other are matched once, others twice: their records are the same.
    #[test]
    fn records_are_the_same_whichever_are_asked_for() {
        let patterns =
            ["^{time:%Y-%m-%d %H:%M:%S}, {level:word} [{id:hex}] {message}$", "^{time:%Y-%m-%d %H:%M:%S}, {message}$"];
        let kind = LogKind::of_lines(
            "own",
            patterns.iter().map(|source| pattern(source)).chain([pattern("^note {message} end$")]).collect(),
        );
        let cutter = Cutter::new(&kind, LogKindId::at(0), ArtifactId::at(0), Encoding::Utf8, Calendar::default());
        let long = format!("note {} end", "x".repeat(ENOUGH));
        let lines = [
            "2024-10-16 08:43:18, Info [0x1] one",
            "2024-10-16 08:43:18, two",
            "  and more of it",
            "2024-13-16 08:43:18, no such month",
            "note three end",
            long.as_str(),
            "",
            "2024-10-16 08:43:19, Error [0x2] four\r",
            "note five",
            "2024-10-16 08:43:19, six",
        ];
        let text = lines.join("\n");
        let all = cut(&cutter, &text, None);
        assert_eq!(all.len(), 6, "{all:#?}");
        let begins: Vec<usize> = lines
            .iter()
            .scan(0, |at, line| {
                let begin = *at;
                *at += line.len() + 1;
                Some(begin)
            })
            .collect();
        let mut seen = BTreeSet::new();
        for chosen in 1..1_u32 << begins.len() {
            let places: Vec<(usize, bool)> = begins
                .iter()
                .enumerate()
                .filter(|(at, _)| chosen >> at & 1 != 0)
                .map(|(_, begin)| (*begin, false))
                .collect();
            let own = cut(&cutter, &text, Some(&places));
            assert!(
                own.iter().all(|one| all.contains(one))
                    && own.is_sorted_by_key(|one| all.iter().position(|other| other == one)),
                "{own:#?}"
            );
            seen.extend(own);
        }
        assert_eq!(seen.len(), all.len());
    }
}
