//! What a hole's text must be.

use crate::value::{TimeFormat, Type, Value};

use super::Accepts;
use super::expression::Expression;

/// No typed value is longer; a longer text is none, without reading it.
const LIMIT: usize = 8192;

/// The test of one hole.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Typed(Type),
    Time(TimeFormat),
    Regex(Expression),
}

/// Whether a text has a value.
pub(super) enum Taken {
    /// It has none.
    No,
    /// It has one, which [`Test::value`] makes.
    AsText,
    /// It has this one, which had to be made to tell.
    As(Value),
}

impl Test {
    pub(super) fn new(accepts: &Accepts) -> Test {
        match accepts {
            Accepts::Typed(ty) => Test::Typed(*ty),
            Accepts::Time(format) => Test::Time(TimeFormat::new(format)),
            Accepts::Regex(source) => Test::Regex(Expression::new(source)),
        }
    }

    /// Any text at all.
    pub(super) fn is_any(&self) -> bool {
        matches!(self, Test::Typed(Type::Text))
    }

    /// Text without blanks.
    pub(super) fn is_word(&self) -> bool {
        matches!(self, Test::Typed(Type::Word))
    }

    /// Whether `text`, the whole of it, has a value.
    pub(super) fn take(&self, text: &str) -> Taken {
        if self.is_any() {
            return Taken::AsText;
        }
        if text.len() > LIMIT {
            return Taken::No;
        }
        let plain = match self {
            Test::Typed(Type::Word) => is_word(text),
            Test::Typed(ty) => return ty.read(text).map_or(Taken::No, Taken::As),
            Test::Time(format) => {
                let trimmed = text.trim();
                format.length(trimmed) == Some(trimmed.len())
            }
            Test::Regex(expression) => expression.matches(text),
        };
        if plain { Taken::AsText } else { Taken::No }
    }

    /// Whether [`Test::take`] would find a value, without making it.
    pub(super) fn has_value(&self, text: &str) -> bool {
        match self {
            Test::Typed(ty) if !self.is_any() && !self.is_word() => text.len() <= LIMIT && ty.accepts(text),
            _ => !matches!(self.take(text), Taken::No),
        }
    }

    /// The value of a text that [`Test::take`] found to have one. What a stamp means is known only with its other pieces:
    /// it is text here.
    pub(super) fn value(&self, text: &str) -> Value {
        match self {
            Test::Typed(ty) => ty.read(text).unwrap_or_else(|| Value::text(text)),
            Test::Time(_) => Value::text(text.trim()),
            Test::Regex(_) => Value::text(text),
        }
    }

    /// Whether `text`, the whole of it, would do where nothing is captured: of a stamp only the shape is looked at, as it
    /// stands; a word may be of any length.
    pub(super) fn accepts(&self, text: &str) -> bool {
        match self {
            Test::Typed(Type::Word) => is_word(text),
            Test::Time(format) => format.length(text) == Some(text.len()),
            _ => self.has_value(text),
        }
    }

    /// How far the hole reaches where no literal follows it.
    pub(super) fn longest(&self, text: &str) -> Option<usize> {
        match self {
            Test::Typed(ty) => ty.longest(text),
            Test::Time(format) => format.length(text),
            Test::Regex(expression) => expression.reach(text),
        }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}
