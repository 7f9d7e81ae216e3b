//! Framing: lines to records, only where something of interest was seen.
//!
//! A [`Framer`] goes through an artifact chunk by chunk. It is told where something was seen (a literal of a rule, or
//! one of the kind's own marks) and frames the records around those places, no others. Sections, stamps and attempts
//! are followed by their marks, which are always among the places seen.

use std::sync::Arc;

use crate::bundle::{ArtifactId, Encoding, decode_line};
use crate::pattern::{Match, Pattern};
use crate::value::{Reading, Stamp};

use super::calendar::Calendar;
use super::kind::{Framing, LogKind, LogKindId};
use super::newlines::Newlines;
use super::record::{Origin, Record, Section, SectionId};

/// Bytes of a record at the most; what is longer is cut.
const RECORD: usize = 1 << 20;

/// A piece of an artifact's text: whole lines, beginning at a record unless it is cut.
#[derive(Clone, Copy, Debug)]
pub struct Sighting<'t> {
    /// The text.
    pub bytes: &'t [u8],
    /// Places in it where something was seen, ascending; `None` frames every record.
    pub places: Option<&'t [usize]>,
    /// Where the text begins in the artifact.
    pub offset: u64,
    /// Number of its first line.
    pub line: u64,
    /// Its newlines.
    pub newlines: &'t Newlines,
}

/// Frames the records of one artifact.
#[derive(Clone)]
pub struct Framer<'k> {
    kind: &'k LogKind,
    log: LogKindId,
    artifact: ArtifactId,
    encoding: Encoding,
    names: Vec<Names>,
    details: Vec<Names>,
    sections: Vec<Section>,
    open: Vec<SectionId>,
    stamp: Option<Stamp>,
    calendar: Calendar,
    attempt: Option<u32>,
    attempts: u32,
}

impl<'k> Framer<'k> {
    /// A framer for an artifact of a kind of lines.
    #[must_use]
    pub fn new(kind: &'k LogKind, log: LogKindId, artifact: ArtifactId, encoding: Encoding) -> Self {
        let details = kind.details.iter().map(names).collect();
        let names = patterns(kind).iter().map(names).collect();
        Self {
            kind,
            log,
            artifact,
            encoding,
            names,
            details,
            sections: Vec::new(),
            open: Vec::new(),
            stamp: None,
            calendar: Calendar::default(),
            attempt: None,
            attempts: 0,
        }
    }

    /// Reads the stamps as the file as a whole tells.
    #[must_use]
    pub fn with_calendar(self, calendar: Calendar) -> Self {
        Self { calendar, ..self }
    }

    /// The sections seen, by their ids.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Whether a line begins a record.
    #[must_use]
    pub fn begins(&self, line: &[u8]) -> bool {
        let patterns = self.kind.begins();
        if patterns.is_empty() {
            return true;
        }
        let text = decode_line(beginning(trim(line)), self.encoding);
        patterns.iter().any(|pattern| pattern.matches(&text))
    }

    /// The stamp that a line carries itself.
    #[must_use]
    pub fn stamp_of(&self, line: &[u8], number: u64) -> Option<Stamp> {
        let text = decode_line(beginning(trim(line)), self.encoding);
        let mut all = self.kind.stamps.iter().chain(patterns(self.kind)).chain(&self.kind.details);
        let reading = self.calendar.reading(number);
        all.find_map(|pattern| stamp(&pattern.find_in(&text, reading)?))
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

    /// Of places in a text, each with whether evidence was seen there or only a mark, those that have to be framed: where a
    /// section of its own begins, with a stamp, no mark before it says anything about what comes after.
    #[must_use]
    pub fn needed(&self, bytes: &[u8], places: impl Iterator<Item = (usize, bool)>) -> Vec<usize> {
        let (mut needed, mut settled) = (Vec::new(), 0);
        for (place, evidence) in places {
            if !evidence && self.begins_anew(bytes, place) {
                needed.truncate(settled);
            }
            needed.push(place);
            if evidence {
                settled = needed.len();
            }
        }
        needed
    }

    /// Whether the line at `place` opens a section of its own that carries a stamp.
    fn begins_anew(&self, bytes: &[u8], place: usize) -> bool {
        let kind = self.kind;
        let Some(marks) = kind.sections.as_ref().filter(|_| kind.attempt.is_none()) else { return false };
        let Some(anew) = marks.begin.first() else { return false };
        let begin = memchr::memrchr(b'\n', &bytes[..place]).map_or(0, |at| at + 1);
        let end = line_end(bytes, place);
        let text = |line| decode_line(trim(line), self.encoding);
        let line = text(&bytes[begin..end]);
        anew.matches(&line)
            && !marks.end.iter().any(|pattern| pattern.matches(&line))
            && self.begins(&bytes[begin..end])
            && kind.stamps.iter().any(|pattern| pattern.find(&text(&bytes[end..line_end(bytes, end)])).is_some())
    }

    /// Frames the records in which something was seen, in order; `offset_of` turns a place in the text into one in the
    /// artifact.
    pub fn frame(&mut self, text: Sighting<'_>, offset_of: &dyn Fn(usize) -> u64, found: &mut dyn FnMut(Record)) {
        let (mut counted, mut next) = ((0, 0), 0);
        let mut places = text.places.unwrap_or_default().iter().copied();
        loop {
            let place = match text.places {
                None => (next < text.bytes.len()).then_some(next),
                Some(_) => places.find(|place| *place >= next),
            };
            let Some(place) = place else { break };
            let begin = self.begin_of(text.bytes, place, next);
            let next_begin = self.end_of(text.bytes, place);
            // Blank lines between two records belong to neither.
            let end = begin + content(&text.bytes[begin..next_begin]);
            counted = (begin, text.newlines.before(text.bytes, begin, counted));
            next = next_begin;
            // Blank lines at the beginning of a file belong to none either.
            if text.bytes[begin..end].iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let (from, to) = (offset_of(begin), offset_of(end));
            let after = text.bytes.get(end..).unwrap_or_default();
            found(self.record(&text.bytes[begin..end], after, text.line + counted.1, (from, to)));
        }
    }

    /// Where the record that holds `place` begins, not before `least`.
    fn begin_of(&self, bytes: &[u8], place: usize, least: usize) -> usize {
        let mut end = line_end(bytes, place);
        loop {
            let begin = memchr::memrchr(b'\n', &bytes[..end.saturating_sub(1)]).map_or(0, |at| at + 1).max(least);
            if begin <= least || self.begins(&bytes[begin..end]) || place - begin > RECORD {
                return begin;
            }
            end = begin;
        }
    }

    /// Where the record that holds `place` ends.
    fn end_of(&self, bytes: &[u8], place: usize) -> usize {
        let mut end = line_end(bytes, place);
        while end < bytes.len() && end - place < RECORD {
            let next = line_end(bytes, end);
            if self.begins(&bytes[end..next]) {
                break;
            }
            end = next;
        }
        end
    }

    fn record(&mut self, bytes: &[u8], after: &[u8], line: u64, place: (u64, u64)) -> Record {
        let mut text = String::with_capacity(bytes.len());
        let mut lines = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            text.extend((lines > 0).then_some('\n'));
            text.push_str(&decode_line(trim(line), self.encoding));
            lines += 1;
        }
        let first = text.split('\n').next().unwrap_or_default();
        let reading = self.calendar.reading(line);
        let (fields, message, own) = self.take_apart(&text, reading);
        let closed = self.follow(first, after, own, reading);
        let record = Record {
            log: self.log,
            origin: Origin {
                artifact: self.artifact,
                line,
                end_line: line + u64::saturating_sub(lines, 1),
                record: None,
                start: place.0,
                end: place.1,
            },
            stamp: own.or(self.stamp),
            text,
            message,
            fields,
            section: self.open.last().copied(),
            attempt: self.attempt,
        };
        match closed {
            Closed::No => {}
            Closed::Innermost => drop(self.open.pop()),
            Closed::All => self.open.clear(),
        }
        self.end_attempt(&record.message);
        record
    }

    /// Fields, message and stamp of a record: by the first pattern that its first line matches, or the whole record
    /// where another line begins it; then by the lines that hold fields.
    fn take_apart(&self, text: &str, reading: Reading) -> (Fields, String, Option<Stamp>) {
        let line = text.split('\n').next().unwrap_or_default();
        // What stands before the first record of such a kind is no record of it.
        if !self.kind.begin.is_empty() && !self.kind.begin.iter().any(|pattern| pattern.matches(line)) {
            return (Vec::new(), text.to_owned(), None);
        }
        let first = if self.kind.begin.is_empty() { line } else { text };
        let (mut fields, mut message, mut own) = (Vec::new(), None, None);
        let found = patterns(self.kind).iter().zip(&self.names).find_map(|(pattern, names)| {
            let found = pattern.find_in(first, reading)?;
            Some((found, names))
        });
        if let Some((found, names)) = found {
            own = stamp(&found);
            message = fields_of(&found, first, names, &mut fields);
        }
        if let Some(message) = &mut message
            && self.kind.begin.is_empty()
        {
            message.push_str(&text[line.len()..]);
        }
        for (pattern, names) in self.kind.details.iter().zip(&self.details) {
            let Some((found, line)) = text.split('\n').find_map(|line| Some((pattern.find_in(line, reading)?, line)))
            else {
                continue;
            };
            own = own.or_else(|| stamp(&found));
            fields_of(&found, line, names, &mut fields);
        }
        (fields, message.unwrap_or_else(|| text.to_owned()), own)
    }

    /// Follows sections, stamps and attempts at a record's first line; says what the record closes.
    fn follow(&mut self, first: &str, after: &[u8], own: Option<Stamp>, reading: Reading) -> Closed {
        let kind = self.kind;
        let marked = |text: &str| kind.stamps.iter().find_map(|pattern| stamp(&pattern.find_in(text, reading)?));
        if let Some(stamp) = marked(first).or(own) {
            self.stamp = Some(stamp);
        }
        if let Some(marks) = &kind.attempt
            && marks.begin.matches(first)
        {
            self.attempt = Some(self.attempts);
            self.attempts += 1;
        }
        let Some(marks) = &kind.sections else {
            return Closed::No;
        };
        if let Some(at) = marks.end.iter().position(|pattern| pattern.matches(first)) {
            return if at == 0 { Closed::All } else { Closed::Innermost };
        }
        let begun = marks.begin.iter().enumerate().find_map(|(at, pattern)| Some((at, title(pattern, first)?)));
        if let Some((at, title)) = begun {
            if at == 0 {
                self.open.clear();
                // The section's stamp stands on its second line and holds for the first one too.
                let next = &after[..line_end(after, 0)];
                let text = decode_line(trim(next), self.encoding);
                self.stamp = marked(&text).or(own).or(self.stamp);
            }
            let parent = self.open.last().copied();
            self.open.push(SectionId(self.sections.len()));
            self.sections.push(Section { title, parent });
        }
        Closed::No
    }

    fn end_attempt(&mut self, message: &str) {
        let end = self.kind.attempt.as_ref().and_then(|marks| marks.end.as_ref());
        if end.is_some_and(|end| end.matches(message)) {
            self.attempt = None;
        }
    }
}

/// A record's fields by name.
type Fields = Vec<(Arc<str>, String)>;

/// The names of a pattern's holes by part.
type Names = Vec<Option<Arc<str>>>;

/// Takes over the fields that a match gives and that are not there yet; gives the message, if one is among them.
fn fields_of(found: &Match, text: &str, names: &Names, fields: &mut Fields) -> Option<String> {
    let mut message = None;
    fields.reserve(found.captures.len());
    for captured in &found.captures {
        let text = text.get(captured.range.clone()).unwrap_or_default();
        match names.get(captured.part).and_then(Option::as_ref) {
            Some(name) if &**name == "message" => message = Some(text.to_owned()),
            Some(name) if !fields.iter().any(|(known, _)| known == name) => {
                fields.push((Arc::clone(name), text.to_owned()));
            }
            _ => {}
        }
    }
    message
}

/// What a record closes.
enum Closed {
    No,
    Innermost,
    All,
}

fn patterns(kind: &LogKind) -> &[Pattern] {
    match &kind.framing {
        Framing::Lines(patterns) => patterns,
        Framing::Reader(_) => &[],
    }
}

/// The holes' names by part.
fn names(pattern: &Pattern) -> Names {
    let name = |part| pattern.hole(part).and_then(|hole| hole.name.as_deref()).map(Arc::from);
    (0..pattern.parts().len()).map(name).collect()
}

fn stamp(found: &Match) -> Option<Stamp> {
    found.captures.iter().find_map(|captured| captured.stamp)
}

/// The hole `title` of a mark.
fn title(pattern: &Pattern, line: &str) -> Option<String> {
    let found = pattern.find(line)?;
    let named = |part| pattern.hole(part).is_some_and(|hole| hole.name.as_deref() == Some("title"));
    let captured = found.captures.iter().find(|captured| named(captured.part));
    let text = captured.and_then(|captured| line.get(captured.range.clone())).unwrap_or_default().trim();
    // A title may hold brackets itself, so the mark's own are taken off here, not by the pattern.
    let bare = [('[', ']'), ('{', '}')].iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    Some(bare.unwrap_or(text).trim().to_owned())
}

/// One past the newline that ends the line at `at`.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |newline| at + newline + 1)
}

/// Where the blank lines at a record's end begin; its first line stays.
fn content(bytes: &[u8]) -> usize {
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
    const ENOUGH: usize = 4 << 10;
    line.get(..ENOUGH).unwrap_or(line)
}

/// A line without its newline.
fn trim(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
