//! Framing: what goes from record to record in an artifact: sections, stamps and attempts, followed by their marks.

use std::sync::Arc;

use crate::bundle::decode_line;
use crate::pattern::Pattern;
use crate::value::{Reading, Stamp};

use super::cut::{Cut, Cutter, first_line, line_end, trim};
use super::record::{Origin, Record, Section, SectionId};

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

    /// The record that was cut out of a text, whose first line has a number in the artifact; `offset_of` turns a place in the
    /// text into one in the artifact.
    pub fn frame(&mut self, cut: Cut, text: &[u8], line: u64, offset_of: &dyn Fn(usize) -> u64) -> Record {
        let cutter = Arc::clone(&self.cutter);
        let line = line + cut.lines_before;
        self.stamp = cut.stamp.or(self.stamp);
        let mut closed = Closed::No;
        if cut.marked {
            let first = first_line(cut.body.text());
            let after = text.get(cut.range.end..).unwrap_or_default();
            closed = self.follow(first, after, cut.stamp, cutter.calendar.reading(line));
        }
        let record = Record {
            log: cutter.log,
            origin: Origin {
                artifact: cutter.artifact,
                line,
                end_line: line + cut.lines_after,
                record: None,
                start: offset_of(cut.range.start),
                end: offset_of(cut.range.end),
            },
            stamp: cut.stamp.or(self.stamp),
            body: cut.body,
            section: self.open.last().copied(),
            attempt: self.attempt,
        };
        match closed {
            Closed::No => {}
            Closed::Innermost => drop(self.open.pop()),
            Closed::All => self.open.clear(),
        }
        if cut.marked {
            self.end_attempt(record.message());
        }
        record
    }

    /// Follows sections, stamps and attempts at a record's first line; says what the record closes.
    fn follow(&mut self, first: &str, after: &[u8], own: Option<Stamp>, reading: Reading) -> Closed {
        let kind = self.cutter.kind;
        let marked = |text: &str| kind.stamps.iter().find_map(|pattern| pattern.places_in(text, reading)?.stamp);
        self.stamp = marked(first).or(self.stamp);
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
                self.stamp = marked(&text).or(own).or(self.stamp);
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
