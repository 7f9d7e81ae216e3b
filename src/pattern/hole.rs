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

    /// The value of `text`, the whole of it. What a stamp means is known only with its other pieces: it is text here.
    pub(super) fn read(&self, text: &str) -> Option<Value> {
        if self.is_any() {
            return Some(Value::text(text));
        }
        if text.len() > LIMIT {
            return None;
        }
        match self {
            Test::Typed(ty) => ty.read(text),
            Test::Time(format) => {
                let trimmed = text.trim();
                (format.length(trimmed) == Some(trimmed.len())).then(|| Value::text(trimmed))
            }
            Test::Regex(expression) => expression.matches(text).then(|| Value::text(text)),
        }
    }

    /// Whether `text`, the whole of it, would do: like [`Test::read`], without making a value; of a stamp only the shape
    /// is looked at.
    pub(super) fn accepts(&self, text: &str) -> bool {
        match self {
            Test::Typed(Type::Text) => true,
            Test::Typed(Type::Word) => !text.is_empty() && !text.contains(char::is_whitespace),
            Test::Time(format) => format.length(text) == Some(text.len()),
            Test::Regex(expression) => text.len() <= LIMIT && expression.matches(text),
            Test::Typed(_) => self.read(text).is_some(),
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
