//! Framing: what goes from record to record in an artifact: sections, stamps and attempts, followed by their marks.

use std::sync::Arc;

use crate::bundle::decode_line;
use crate::pattern::Pattern;
use crate::value::{Reading, Stamp};

use super::cut::{Cut, Cutter, first_line, line_end, trim};
use super::record::{Record, Section, SectionId};

/// Frames the records of one artifact, in their order: those that were cut out because something was seen in them. Marks are
/// always among the places seen.
pub struct Framer<'k> {
    cutter: Arc<Cutter<'k>>,
    sections: Vec<Section>,
    open: Vec<SectionId>,
    stamp: Option<Stamp>,
    attempt: Option<u32>,
    attempts: u32,
}

impl<'k> Framer<'k> {
    /// A framer for what a cutter cuts.
    #[must_use]
    pub fn new(cutter: Cutter<'k>) -> Self {
        let cutter = Arc::new(cutter);
        Self { cutter, sections: Vec::new(), open: Vec::new(), stamp: None, attempt: None, attempts: 0 }
    }

    /// What cuts the records.
    #[must_use]
    pub fn cutter(&self) -> &Arc<Cutter<'k>> {
        &self.cutter
    }

    /// The sections seen, by their ids.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Frames a record that was cut out of a text, whose first line has a number in the artifact; `offset_of` turns a place in
    /// the text into one in the artifact.
    pub fn frame(&mut self, cut: Cut<'_>, text: &[u8], line: u64, offset_of: &dyn Fn(usize) -> u64) -> Record {
        let marked = cut.marked;
        self.pass(cut.before);
        let mut record = self.cutter.record_of(cut);
        self.settle(&mut record, marked, text, line, offset_of);
        record
    }

    /// The same for a record that has its place in the text so far, and its own stamp; `marked` where it may hold a mark.
    pub fn settle(
        &mut self,
        record: &mut Record,
        marked: bool,
        text: &[u8],
        line: u64,
        offset_of: &dyn Fn(usize) -> u64,
    ) {
        let own = record.stamp;
        let origin = &mut record.origin;
        origin.line += line;
        let places = [origin.start, origin.end].map(|at| usize::try_from(at).unwrap_or(usize::MAX));
        [origin.start, origin.end] = places.map(offset_of);
        self.pass(own);
        let mut closed = Closed::No;
        if marked {
            let after = text.get(places[1]..).unwrap_or_default();
            let reading = self.cutter.calendar.reading(record.origin.line);
            closed = self.follow(first_line(record.text()), after, own, reading);
        }
        record.stamp = own.or(self.stamp);
        record.section = self.open.last().copied();
        record.attempt = self.attempt;
        match closed {
            Closed::No => {}
            Closed::Innermost => drop(self.open.pop()),
            Closed::All => self.open.clear(),
        }
        if marked {
            self.end_attempt(record.message());
        }
    }

    /// Goes past records that nobody wants and that hold no mark: of them, the last stamp counts.
    pub fn pass(&mut self, stamp: Option<Stamp>) {
        self.stamp = stamp.or(self.stamp);
    }

    /// Follows sections, stamps and attempts at a record's first line; says what the record closes.
    fn follow(&mut self, first: &str, after: &[u8], own: Option<Stamp>, reading: Reading) -> Closed {
        let kind = self.cutter.kind;
        self.stamp = self.cutter.marked(first, reading).or(self.stamp);
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
                let text = decode_line(trim(next), self.cutter.encoding);
                self.stamp = self.cutter.marked(&text, reading).or(own).or(self.stamp);
            }
            let parent = self.open.last().copied();
            self.open.push(SectionId::at(self.sections.len()));
            self.sections.push(Section { title, parent });
        }
        Closed::No
    }

    fn end_attempt(&mut self, message: &str) {
        let end = self.cutter.kind.attempt.as_ref().and_then(|marks| marks.end.as_ref());
        if end.is_some_and(|end| end.matches(message)) {
            self.attempt = None;
        }
    }
}

/// What a record closes.
enum Closed {
    No,
    Innermost,
    All,
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
