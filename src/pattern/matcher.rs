//! Matching: from left to right, a start at a time.

use smallvec::{SmallVec, smallvec};

use crate::value::{Reading, TimeFormat, Type, Value};

use super::hole::Test;
use super::literal::Literal;
use super::{Captured, Element, Match, Options};

/// How far a hole in front of another hole is stretched, in bytes.
const STRETCH: usize = 1024;

/// How many beginnings of a typed hole at a pattern's beginning are tried.
const BEGINNINGS: usize = 256;

/// From where a literal was asked for, and the place that it was found at.
type Seen = (usize, (usize, usize));

/// One search in one text.
struct Search<'a> {
    elements: &'a [Element],
    options: Options,
    text: &'a str,
    /// Make values of what is captured, stamps as the file writes them.
    keep: Option<Reading>,
    /// Where each literal was last found.
    seen: SmallVec<[Option<Seen>; 10]>,
}

/// Why a start failed.
enum Failure {
    /// Another start may do.
    Here,
    /// A literal stands nowhere further on.
    Everywhere,
}

pub(super) fn find(elements: &[Element], options: Options, text: &str, reading: Reading) -> Option<Match> {
    search(elements, options, text, Some(reading))
}

pub(super) fn matches(elements: &[Element], options: Options, text: &str) -> bool {
    search(elements, options, text, None).is_some()
}

fn search(elements: &[Element], options: Options, text: &str, keep: Option<Reading>) -> Option<Match> {
    let mut search = Search { elements, options, text, keep, seen: smallvec![None; elements.len()] };
    match elements.first() {
        _ if options.at_start => search.attempt(0).ok(),
        None => Some(Match { range: 0..0, captures: Vec::new() }),
        Some(Element::Literal(_)) => search.begin_at_literal(),
        Some(Element::Hole { test, .. }) if test.is_any() => search.attempt(0).ok(),
        Some(Element::Hole { .. }) => search.begin_at_hole(),
    }
}

impl Search<'_> {
    /// Every place of the literal that the pattern begins with.
    fn begin_at_literal(&mut self) -> Option<Match> {
        let mut from = 0;
        loop {
            let (start, _) = self.next_literal(0, from)?;
            match self.attempt(start) {
                Ok(found) => return Some(found),
                Err(Failure::Everywhere) => return None,
                Err(Failure::Here) => from = start + 1,
            }
        }
    }

    /// A typed hole first: it begins where a word or a bracket begins.
    fn begin_at_hole(&mut self) -> Option<Match> {
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
        if let Some((asked, found)) = self.seen[index]
            && asked <= from
            && found.0 >= from
        {
            return Some(found);
        }
        let found = literal.find(self.text.as_bytes(), from)?;
        self.seen[index] = Some((from, found));
        Some(found)
    }

    fn attempt(&mut self, start: usize) -> Result<Match, Failure> {
        let elements = self.elements;
        let mut at = start;
        let mut captures = Vec::new();
        let mut index = 0;
        while let Some(element) = elements.get(index) {
            at = match element {
                Element::Literal(literal) => self.literal(literal, at)?,
                Element::Hole { part, test, captured } => {
                    let (end, next) = self.reach(index, test, at)?;
                    let text = self.text.get(at..end).ok_or(Failure::Here)?;
                    let measured = self.is_measured(index, test);
                    if *captured && self.keep.is_some() {
                        let value = if measured && text.trim().len() == text.len() {
                            Value::text(text)
                        } else {
                            test.read(text).ok_or(Failure::Here)?
                        };
                        if captures.is_empty() {
                            captures.reserve_exact(self.kept());
                        }
                        captures.push(Captured { part: *part, range: at..end, value, stamp: None });
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
        self.read_stamp(&mut captures).ok_or(Failure::Here)?;
        Ok(Match { range: start..at, captures })
    }

    /// Whether a hole reached as far as its format does, and need not be asked whether its text has the format.
    fn is_measured(&self, index: usize, test: &Test) -> bool {
        matches!(test, Test::Time(_)) && (index + 1 < self.elements.len() || !self.options.at_end)
    }

    /// How many holes capture something.
    fn kept(&self) -> usize {
        self.elements.iter().filter(|element| matches!(element, Element::Hole { captured: true, .. })).count()
    }

    /// Reads the pieces of a stamp together; the first of them has it.
    fn read_stamp(&self, captures: &mut [Captured]) -> Option<()> {
        let Some(reading) = self.keep else { return Some(()) };
        if !self.elements.iter().any(|element| matches!(element, Element::Hole { test: Test::Time(_), .. })) {
            return Some(());
        }
        let format = |part: usize| {
            self.elements.iter().find_map(|element| match element {
                Element::Hole { part: own, test: Test::Time(format), .. } if *own == part => Some(format),
                _ => None,
            })
        };
        let pieces: Vec<(&TimeFormat, String)> = captures
            .iter()
            .filter_map(|captured| Some((format(captured.part)?, captured.value.text.clone())))
            .collect();
        if pieces.is_empty() {
            return Some(());
        }
        let texts: Vec<(&TimeFormat, &str)> = pieces.iter().map(|(format, text)| (*format, text.as_str())).collect();
        let stamp = TimeFormat::read(&texts, reading)?;
        let first = captures.iter_mut().find(|captured| format(captured.part).is_some())?;
        first.value = Value::stamp(stamp, &first.value.text);
        first.stamp = Some(stamp);
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
        let word = matches!(next, Test::Typed(Type::Word));
        ends.map(|offset| at + offset).find(|end| {
            let rest = &self.text[*end..];
            next.longest(rest).is_some_and(|length| length > 0 || !word)
        })
    }
}
