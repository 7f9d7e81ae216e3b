//! Compiled line patterns (section 3 of the language): literals, typed holes, matching, captures.
//!
//! A pattern is matched from left to right without going back: a hole never runs past the next literal, so where that
//! literal first stands decides what the hole holds. A start that fails gives way to the next one; where a literal
//! stands is found once and remembered, so the work is linear in the text. A hole without a type may hold line breaks
//! (a record's continuation lines are its message too), a typed one holds what its type allows.

mod beginning;
mod expression;
mod hole;
mod literal;
mod matcher;
mod nearest;
mod small;
#[cfg(test)]
pub(crate) mod tests;
mod text;

use std::ops::Range;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::value::{Reading, Stamp, Stamps, TimeFormat, Type, Value};

pub use beginning::Told;
pub use nearest::{Nearest, Next, Prefixes};

use expression::Expression;
use hole::Test;
use literal::Literal;

/// One part of a pattern, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Text that must stand there. A run of blanks in it matches one or more blanks.
    Literal(String),
    /// A hole in braces.
    Hole(Hole),
}

/// A hole: what it accepts and under which name it is captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// The capture's name, if it is captured.
    pub name: Option<String>,
    /// What it accepts.
    pub accepts: Accepts,
}

/// What a hole accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Accepts {
    /// Text of the type.
    Typed(Type),
    /// A stamp in strptime form.
    Time(String),
    /// A regular expression of the regex crate's syntax.
    Regex(String),
}

/// How a pattern is tied to the text and compared with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// `^`: begins where the text begins.
    pub at_start: bool,
    /// `$`: ends where the text ends.
    pub at_end: bool,
    /// ASCII letters must have the same case.
    pub exact_case: bool,
}

impl Options {
    /// Tied to the text at both ends.
    fn whole(self) -> Options {
        Options { at_start: true, at_end: true, ..self }
    }
}

/// A pattern that cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The regular expression of a hole does not compile.
    #[error("{message}")]
    Regex {
        /// Index of the part.
        part: usize,
        /// What the regex crate says, one line.
        message: String,
    },
    /// The strptime format of a hole is not one.
    #[error("{message}")]
    Time {
        /// Index of the part.
        part: usize,
        /// Why.
        message: String,
    },
}

/// A checked pattern. What matches is made when it is first asked: a knowledge base has thousands of patterns, and a log
/// needs a few.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pattern {
    parts: Vec<Part>,
    options: Options,
    #[serde(skip)]
    elements: OnceLock<Vec<Element>>,
}

/// A part, ready to match.
#[derive(Clone, Debug)]
enum Element {
    Literal(Literal),
    Hole {
        /// Index in [`Pattern::parts`].
        part: usize,
        test: Test,
        captured: bool,
    },
}

/// What a hole captured.
#[derive(Clone, Debug, PartialEq)]
pub struct Captured {
    /// Index of the part in [`Pattern::parts`].
    pub part: usize,
    /// Bytes of the text that the hole covers.
    pub range: Range<usize>,
    /// The typed value; for a regular expression the text.
    pub value: Value,
    /// The stamp, for a `{time:…}` hole; of several that are pieces of one stamp the first has it.
    pub stamp: Option<Stamp>,
}

/// Where a match has its holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// Every named hole and every time hole, in order: index of the part in [`Pattern::parts`], bytes of the text.
    pub holes: SmallVec<[(usize, Range<usize>); 4]>,
    /// The stamp, where there is a time hole.
    pub stamp: Option<Stamp>,
}

/// A successful match.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Bytes of the text that the whole pattern covers.
    pub range: Range<usize>,
    /// Every named hole and every time hole, in order.
    pub captures: Vec<Captured>,
}

impl Pattern {
    /// Checks `parts`.
    ///
    /// # Errors
    ///
    /// A regular expression or a time format that is not one.
    pub fn new(parts: Vec<Part>, options: Options) -> Result<Pattern, BuildError> {
        for (part, item) in parts.iter().enumerate() {
            if let Part::Hole(Hole { accepts: Accepts::Regex(source), .. }) = item {
                Expression::check(source).map_err(|message| BuildError::Regex { part, message })?;
            }
        }
        check_stamp(&parts)?;
        Ok(Pattern { parts, options, elements: OnceLock::new() })
    }

    /// What matches.
    fn elements(&self) -> &[Element] {
        self.elements.get_or_init(|| {
            let element = |(part, item): (usize, &Part)| match item {
                Part::Literal(text) => Element::Literal(Literal::new(text, self.options.exact_case)),
                Part::Hole(hole) => Element::Hole {
                    part,
                    test: Test::new(&hole.accepts),
                    captured: hole.name.is_some() || matches!(hole.accepts, Accepts::Time(_)),
                },
            };
            self.parts.iter().enumerate().map(element).collect()
        })
    }

    /// The parts it was built from.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The hole that is part `part`, if it is one.
    #[must_use]
    pub fn hole(&self, part: usize) -> Option<&Hole> {
        match self.parts.get(part) {
            Some(Part::Hole(hole)) => Some(hole),
            _ => None,
        }
    }

    /// The names of its holes, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(hole) => hole.name.as_deref(),
            Part::Literal(_) => None,
        })
    }

    /// How it is tied and compared.
    #[must_use]
    pub fn options(&self) -> Options {
        self.options
    }

    /// The first place in `text` that the pattern matches.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Match> {
        self.find_in(text, Reading::default())
    }

    /// Like [`Pattern::find`], with stamps read as the file writes them.
    #[must_use]
    pub fn find_in(&self, text: &str, reading: Reading) -> Option<Match> {
        matcher::find(self.elements(), self.options, text, reading)
    }

    /// Like [`Pattern::find`], `take` called with every capture in turn.
    pub fn find_each(&self, text: &str, take: &mut dyn FnMut(Captured)) -> bool {
        matcher::each(self.elements(), self.options, (text, Reading::default()), take).is_some()
    }

    /// Like [`Pattern::find_in`], without making values.
    #[must_use]
    pub fn places_in(&self, text: &str, reading: Reading) -> Option<Places> {
        self.places_with(text, reading, &mut Stamps::default())
    }

    /// The same for one of many lines: `stamps` remembers the stamp of the one before.
    #[must_use]
    pub fn places_with(&self, text: &str, reading: Reading, stamps: &mut Stamps) -> Option<Places> {
        matcher::places(self.elements(), self.options, text, (reading, stamps))
    }

    /// Whether [`Pattern::find`] would find it: like that, without making anything.
    #[must_use]
    pub fn stands_in(&self, text: &str) -> bool {
        matcher::stands(self.elements(), self.options, text)
    }

    /// The formats of its stamp, in order; several where the stamp stands in pieces.
    pub fn stamp_formats(&self) -> impl Iterator<Item = &TimeFormat> {
        self.elements().iter().filter_map(|element| match element {
            Element::Hole { test: Test::Time(format), .. } => Some(format),
            _ => None,
        })
    }

    /// Whether the pattern matches anywhere in `text`: like [`Pattern::find`], without making values. A stamp need only
    /// have the format's shape.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        matcher::matches(self.elements(), self.options, text)
    }

    /// Matches the whole of `text`, as `fields:` do.
    #[must_use]
    pub fn find_whole(&self, text: &str) -> Option<Match> {
        matcher::find(self.elements(), self.options.whole(), text, Reading::default())
    }

    /// The same, `take` called with every capture in turn.
    pub fn find_each_whole(&self, text: &str, take: &mut dyn FnMut(Captured)) -> bool {
        matcher::each(self.elements(), self.options.whole(), (text, Reading::default()), take).is_some()
    }

    /// The literals that every match must hold, as written: a run of blanks in one stands for any number of blanks. ASCII
    /// letters in any case unless the options say otherwise.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            Part::Hole(_) => None,
        })
    }

    /// The longest piece without blanks that every match must hold, for the prefilter; ASCII letters in any case unless
    /// the options say otherwise. `None` where the pattern has no literal.
    #[must_use]
    pub fn required_literal(&self) -> Option<&str> {
        // The first of the longest, the rarer in logs among equals, so that the choice depends on nothing but the
        // pattern.
        let rank = |piece: &str| (piece.len(), piece.bytes().filter(|byte| b"{}|<>^~\"".contains(byte)).count());
        self.literals()
            .flat_map(literal::pieces)
            .reduce(|best, piece| if rank(piece) > rank(best) { piece } else { best })
    }
}

/// The pieces of a stamp must be one together.
fn check_stamp(parts: &[Part]) -> Result<(), BuildError> {
    let formats = parts.iter().enumerate().filter_map(|(part, item)| match item {
        Part::Hole(Hole { accepts: Accepts::Time(format), .. }) => Some((part, TimeFormat::new(format))),
        _ => None,
    });
    let (parts, formats): (Vec<usize>, Vec<TimeFormat>) = formats.unzip();
    match parts.first() {
        Some(part) => {
            let formats: Vec<&TimeFormat> = formats.iter().collect();
            TimeFormat::check(&formats).map_err(|message| BuildError::Time { part: *part, message })
        }
        None => Ok(()),
    }
}
