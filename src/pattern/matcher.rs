//! Matching: from left to right, a start at a time.

use std::ops::Range;

use smallvec::SmallVec;

use crate::value::{Reading, Stamp, Stamps, TimeFormat, Value};

use super::hole::{Taken, Test};
use super::literal::Literal;
use super::{Captured, Element, Match, Options, Places};

/// How far a hole in front of another hole is stretched, in bytes.
const STRETCH: usize = 1024;

/// How many beginnings of a typed hole at a pattern's beginning are tried.
const BEGINNINGS: usize = 256;

/// From where a literal was asked for (a place that no text has: it was not), and the place that it was found at.
type Seen = (usize, (usize, usize));

const UNSEEN: Seen = (usize::MAX, (0, 0));

/// One search in one text.
struct Search<'a> {
    elements: &'a [Element],
    options: Options,
    text: &'a str,
    /// Keep what is captured, with stamps as the file writes them.
    keep: Option<Reading>,
    /// Make its values.
    valued: bool,
    /// Where each literal was last found; empty in the first attempt, which mostly is the only one.
    seen: Vec<Seen>,
    /// The holes that the last attempt captured, by their elements.
    taken: SmallVec<[(usize, Range<usize>); 4]>,
    /// Their values, by their place among these, where asking whether they are some has made them.
    values: SmallVec<[(usize, Value); 2]>,
    stamp: Option<Stamp>,
    stamps: &'a mut Stamps,
}

/// Why a start failed.
enum Failure {
    /// Another start may do.
    Here,
    /// A literal stands nowhere further on.
    Everywhere,
}

pub(super) fn find(elements: &[Element], options: Options, text: &str, reading: Reading) -> Option<Match> {
    let mut captures = Vec::new();
    let take = &mut |captured| captures.push(captured);
    let range = each(elements, options, (text, reading), take)?;
    Some(Match { range, captures })
}

/// Calls `take` with every hole that was captured; says which bytes of the text the pattern covers.
pub(super) fn each(
    elements: &[Element],
    options: Options,
    (text, reading): (&str, Reading),
    take: &mut dyn FnMut(Captured),
) -> Option<Range<usize>> {
    let stamps = &mut Stamps::default();
    let mut search = Search::new(elements, options, text, (Some(reading), stamps));
    search.valued = true;
    let range = search.run()?;
    search.captures(take);
    Some(range)
}

pub(super) fn places(
    elements: &[Element],
    options: Options,
    text: &str,
    (reading, stamps): (Reading, &mut Stamps),
) -> Option<Places> {
    let mut search = Search::new(elements, options, text, (Some(reading), stamps));
    search.run()?;
    let Search { mut taken, stamp, .. } = search;
    for (index, _) in &mut taken {
        if let Some(Element::Hole { part, .. }) = elements.get(*index) {
            *index = *part;
        }
    }
    Some(Places { holes: taken, stamp })
}

/// Whether [`places`] would find any.
pub(super) fn stands(elements: &[Element], options: Options, text: &str) -> bool {
    Search::new(elements, options, text, (Some(Reading::default()), &mut Stamps::default())).run().is_some()
}

pub(super) fn matches(elements: &[Element], options: Options, text: &str) -> bool {
    Search::new(elements, options, text, (None, &mut Stamps::default())).run().is_some()
}

impl<'a> Search<'a> {
    fn new(
        elements: &'a [Element],
        options: Options,
        text: &'a str,
        (keep, stamps): (Option<Reading>, &'a mut Stamps),
    ) -> Search<'a> {
        let (seen, taken, values) = (Vec::new(), SmallVec::new(), SmallVec::new());
        Search { elements, options, text, keep, valued: false, seen, taken, values, stamp: None, stamps }
    }

    /// The first place that the pattern matches.
    fn run(&mut self) -> Option<Range<usize>> {
        match self.elements.first() {
            _ if self.options.at_start => self.attempt(0).ok(),
            None => Some(0..0),
            Some(Element::Literal(_)) => self.begin_at_literal(),
            Some(Element::Hole { test, .. }) if test.is_any() => self.attempt(0).ok(),
            Some(Element::Hole { .. }) => self.begin_at_hole(),
        }
    }

    /// What was captured, as values.
    fn captures(&mut self, take: &mut dyn FnMut(Captured)) {
        let Search { elements, text, taken, values, stamp, .. } = self;
        let mut values = values.drain(..).peekable();
        for (place, (index, range)) in taken.drain(..).enumerate() {
            let Some(Element::Hole { part, test, .. }) = elements.get(index) else { continue };
            let own = text.get(range.clone()).unwrap_or_default();
            let made = values.next_if(|(of, _)| *of == place);
            // Of several pieces of a stamp the first has it.
            let stamp = if matches!(test, Test::Time(_)) { stamp.take() } else { None };
            let value = match (made, stamp) {
                (Some((_, value)), _) => value,
                (None, Some(stamp)) => Value::stamp(stamp, own.trim()),
                (None, None) => test.value(own),
            };
            take(Captured { part: *part, range, value, stamp });
        }
    }

    /// Every place of the literal that the pattern begins with.
    fn begin_at_literal(&mut self) -> Option<Range<usize>> {
        let mut from = 0;
        loop {
            let (start, end) = self.next_literal(0, from)?;
            match self.attempt_after(1, end) {
                Ok(end) => return Some(start..end),
                Err(Failure::Everywhere) => return None,
                Err(Failure::Here) => from = start + 1,
            }
            self.remember();
        }
    }

    /// A typed hole first: it begins where a word or a bracket begins.
    fn begin_at_hole(&mut self) -> Option<Range<usize>> {
        let mut before = ' ';
        let mut tried = 0;
        for (at, char) in self.text.char_indices() {
            let begins = !before.is_alphanumeric() && !char.is_whitespace();
            before = char;
            if !begins {
                continue;
            }
            match self.attempt(at) {
                Ok(found) => return Some(found),
                Err(Failure::Everywhere) => return None,
                Err(Failure::Here) => tried += 1,
            }
            self.remember();
            if tried >= BEGINNINGS {
                break;
            }
        }
        None
    }

    /// The first place at or after `from` of the literal that is element `index`. The answer to an earlier question
    /// holds as long as it does not lie before `from`.
    fn next_literal(&mut self, index: usize, from: usize) -> Option<(usize, usize)> {
        let Some(Element::Literal(literal)) = self.elements.get(index) else {
            return None;
        };
        self.recall(index, from, |text| literal.find(text, from))
    }

    /// The same for a literal that begins with a blank, and a word before it that begins at `from`: the word ends at the first
    /// blank, where the literal stands or nowhere.
    fn after_word(&mut self, index: usize, literal: &Literal, from: usize) -> Result<(usize, usize), Failure> {
        // No literal ends at the beginning of a text: such a one does not stand there.
        let found = self.recall(index, from, |text| {
            let blank = from + memchr::memchr2(b' ', b'\t', text.get(from..)?)?;
            Some((blank, literal.matches_at(text, blank).unwrap_or(0)))
        });
        found.ok_or(Failure::Everywhere).and_then(|found| if found.1 == 0 { Err(Failure::Here) } else { Ok(found) })
    }

    /// What `find` finds for element `index` from a place on, or what it found before, as long as that does not lie before.
    fn recall(
        &mut self,
        index: usize,
        from: usize,
        find: impl FnOnce(&[u8]) -> Option<(usize, usize)>,
    ) -> Option<(usize, usize)> {
        let text = self.text.as_bytes();
        let Some(seen) = self.seen.get_mut(index) else { return find(text) };
        if seen.0 <= from && seen.1.0 >= from {
            return Some(seen.1);
        }
        let found = find(text)?;
        *seen = (from, found);
        Some(found)
    }

    /// From the second attempt on, it is remembered where literals stand: with that, the work is linear in the text.
    fn remember(&mut self) {
        self.seen.resize(self.elements.len(), UNSEEN);
    }

    fn attempt(&mut self, start: usize) -> Result<Range<usize>, Failure> {
        Ok(start..self.attempt_after(0, start)?)
    }

    /// Where the pattern ends, whose elements from `index` on begin at `at`.
    fn attempt_after(&mut self, mut index: usize, mut at: usize) -> Result<usize, Failure> {
        let elements = self.elements;
        self.taken.clear();
        self.values.clear();
        while let Some(element) = elements.get(index) {
            at = match element {
                Element::Literal(literal) => self.literal(literal, at)?,
                Element::Hole { test, captured, .. } => {
                    let (end, next) = self.reach(index, test, at)?;
                    let text = self.text.get(at..end).ok_or(Failure::Here)?;
                    let measured = self.is_measured(index, test);
                    if *captured && self.keep.is_some() {
                        if !measured || padded(text) {
                            self.take(test, text)?;
                        }
                        self.taken.push((index, at..end));
                    } else if !measured && !test.accepts(text) {
                        return Err(Failure::Here);
                    }
                    // A hole in front of a literal has found it already.
                    index += usize::from(next != end);
                    next
                }
            };
            index += 1;
        }
        if self.options.at_end && at != self.text.len() {
            return Err(Failure::Here);
        }
        self.read_stamp().ok_or(Failure::Here)?;
        Ok(at)
    }

    /// Whether a hole that is captured has a value, which is kept where it is asked for.
    fn take(&mut self, test: &Test, text: &str) -> Result<(), Failure> {
        if !self.valued {
            return if test.has_value(text) { Ok(()) } else { Err(Failure::Here) };
        }
        match test.take(text) {
            Taken::No => return Err(Failure::Here),
            Taken::AsText => {}
            Taken::As(value) => self.values.push((self.taken.len(), value)),
        }
        Ok(())
    }

    /// Whether a hole reached as far as its format does, and need not be asked whether its text has the format.
    fn is_measured(&self, index: usize, test: &Test) -> bool {
        matches!(test, Test::Time(_)) && (index + 1 < self.elements.len() || !self.options.at_end)
    }

    /// Reads the pieces of a stamp together.
    fn read_stamp(&mut self) -> Option<()> {
        let Some(reading) = self.keep else { return Some(()) };
        let mut pieces: SmallVec<[(&TimeFormat, &str); 2]> = SmallVec::new();
        for (index, range) in &self.taken {
            if let Some(Element::Hole { test: Test::Time(format), .. }) = self.elements.get(*index) {
                pieces.push((format, self.text.get(range.clone()).unwrap_or_default().trim()));
            }
        }
        if !pieces.is_empty() {
            self.stamp = Some(self.stamps.read(&pieces, reading)?);
        }
        Some(())
    }

    fn literal(&self, literal: &Literal, at: usize) -> Result<usize, Failure> {
        literal.matches_at(self.text.as_bytes(), at).ok_or(Failure::Here)
    }

    /// Where a hole that begins at `at` ends, and where to go on: past the literal behind it, where there is one.
    /// A stamp is as long as its format, which may hold the literal behind it: `{time:%F %T} {level}`.
    fn reach(&mut self, index: usize, test: &Test, at: usize) -> Result<(usize, usize), Failure> {
        match self.elements.get(index + 1) {
            Some(Element::Literal(_)) if matches!(test, Test::Time(_)) => {
                let end = at + self.text.get(at..).and_then(|rest| test.longest(rest)).ok_or(Failure::Here)?;
                Ok((end, end))
            }
            Some(Element::Literal(literal)) if test.is_word() && literal.begins_with_blank() => {
                self.after_word(index + 1, literal, at)
            }
            Some(Element::Literal(_)) => self.next_literal(index + 1, at).ok_or(Failure::Everywhere),
            Some(Element::Hole { test: next, .. }) if test.is_any() => {
                let end = self.stretch(next, at).ok_or(Failure::Here)?;
                Ok((end, end))
            }
            None if self.options.at_end => Ok((self.text.len(), self.text.len())),
            None if test.is_any() => Ok((at, at)),
            _ => {
                let end = at + self.text.get(at..).and_then(|rest| test.longest(rest)).ok_or(Failure::Here)?;
                Ok((end, end))
            }
        }
    }

    /// The nearest place where the next hole can begin.
    fn stretch(&self, next: &Test, at: usize) -> Option<usize> {
        if next.is_any() {
            return Some(at);
        }
        let ends =
            self.text.get(at..)?.char_indices().map(|(offset, _)| offset).take_while(|offset| *offset <= STRETCH);
        let word = next.is_word();
        ends.map(|offset| at + offset).find(|end| {
            let rest = &self.text[*end..];
            next.longest(rest).is_some_and(|length| length > 0 || !word)
        })
    }
}

/// Whether white space stands at an end of a text.
fn padded(text: &str) -> bool {
    text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace)
}
