//! Compiled line patterns (section 3 of the language): literals, typed holes, matching, captures.
//!
//! Built from the plain [`Part`]s that the compiler lowers a `line:` scalar to. Matching is linear in the text for a
//! pattern of fixed size, whatever the text.

use std::ops::Range;

use crate::value::{Type, Value};

/// One part of a pattern, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that must stand there. A run of blanks in it matches one or more blanks.
    Literal(String),
    /// A hole in braces.
    Hole(Hole),
}

/// A hole: what it accepts and under which name it is captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The capture's name, if it is captured.
    pub name: Option<String>,
    /// What it accepts.
    pub accepts: Accepts,
}

/// What a hole accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Text of the type.
    Typed(Type),
    /// A stamp in strptime form.
    Time(String),
    /// A regular expression of the regex crate's syntax.
    Regex(String),
}

/// How a pattern is tied to the text and compared with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `^`: begins where the text begins.
    pub at_start: bool,
    /// `$`: ends where the text ends.
    pub at_end: bool,
    /// ASCII letters must have the same case.
    pub exact_case: bool,
}

/// A pattern that cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The regular expression of the hole with this index does not compile.
    #[error("{message}")]
    Regex {
        /// Index of the part.
        part: usize,
        /// What the regex crate says, one line.
        message: String,
    },
    /// The strptime format of the hole with this index is not one.
    #[error("{message}")]
    Time {
        /// Index of the part.
        part: usize,
        /// Why.
        message: String,
    },
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    parts: Vec<Part>,
    options: Options,
}

/// What a hole captured.
#[derive(Clone, Debug, PartialEq)]
pub struct Captured {
    /// Index of the part in [`Pattern::parts`].
    pub part: usize,
    /// Bytes of the text that the hole covers.
    pub range: Range<usize>,
    /// The typed value (the text itself for a regex; for `time` see [`Captured::stamp`]).
    pub value: Value,
    /// The stamp, for a `{time:…}` hole.
    pub stamp: Option<crate::value::Stamp>,
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
    /// Compiles `parts`.
    ///
    /// # Errors
    ///
    /// A regular expression or a time format that is not one.
    pub fn new(parts: Vec<Part>, options: Options) -> Result<Pattern, BuildError> {
        Ok(Pattern { parts, options })
    }

    /// The parts it was built from.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// How it is tied and compared.
    #[must_use]
    pub fn options(&self) -> Options {
        self.options
    }

    /// The first place in `text` that the pattern matches.
    #[must_use]
    pub fn find(&self, _text: &str) -> Option<Match> {
        None
    }

    /// Matches the whole of `text`, as `fields:` do.
    #[must_use]
    pub fn find_whole(&self, _text: &str) -> Option<Match> {
        None
    }

    /// The longest text that every match must hold, for the prefilter: one literal without blanks next to holes trimmed
    /// away and cut at runs of blanks, ASCII-case-blind unless `exact_case`. `None` where the pattern has no literal.
    #[must_use]
    pub fn required_literal(&self) -> Option<&str> {
        None
    }
}
