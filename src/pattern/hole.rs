//! What a hole's text must be.

use jiff::civil::DateTime;
use regex::Regex;

use crate::value::{Stamp, Type, Value};

use super::{Accepts, BuildError};

/// No typed value is longer; a longer text is none, without reading it.
const LIMIT: usize = 8192;

/// The test of one hole.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Typed(Type),
    Time(String),
    /// Anchored at its beginning.
    Regex(Regex),
}

impl Test {
    pub(super) fn new(accepts: &Accepts, part: usize) -> Result<Test, BuildError> {
        match accepts {
            Accepts::Typed(ty) => Ok(Test::Typed(*ty)),
            Accepts::Time(format) => {
                let zero = jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0);
                // An offset may stand there; the stamp is what the clock on the wall showed.
                let probe = jiff::fmt::strtime::format(format.replace("%z", "+0000"), zero)
                    .and_then(|text| DateTime::strptime(format, text).map(|_| ()));
                probe.map_err(|error| BuildError::Time { part, message: one_line(&error) })?;
                Ok(Test::Time(format.clone()))
            }
            Accepts::Regex(source) => {
                let anchored = Regex::new(&format!("^(?:{source})"));
                anchored.map(Test::Regex).map_err(|error| BuildError::Regex { part, message: one_line(&error) })
            }
        }
    }

    /// Any text at all.
    pub(super) fn is_any(&self) -> bool {
        matches!(self, Test::Typed(Type::Text))
    }

    /// The value of `text`, the whole of it.
    pub(super) fn read(&self, text: &str) -> Option<(Value, Option<Stamp>)> {
        if self.is_any() {
            return Some((Value::text(text), None));
        }
        if text.len() > LIMIT {
            return None;
        }
        match self {
            Test::Typed(ty) => ty.read(text).map(|value| (value, None)),
            Test::Time(format) => {
                let trimmed = text.trim();
                if length(format, trimmed) != Some(trimmed.len()) {
                    return None;
                }
                let stamp = Stamp::parse(format, trimmed)?;
                Some((Value::stamp(stamp, trimmed), Some(stamp)))
            }
            Test::Regex(regex) => {
                let whole = regex.find(text).is_some_and(|found| found.end() == text.len());
                whole.then(|| (Value::text(text), None))
            }
        }
    }

    /// Whether `text`, the whole of it, would do: like [`Test::read`], without making a value; of a stamp only the shape
    /// is looked at.
    pub(super) fn accepts(&self, text: &str) -> bool {
        match self {
            Test::Typed(Type::Text) => true,
            Test::Typed(Type::Word) => !text.is_empty() && !text.contains(char::is_whitespace),
            Test::Time(format) => length(format, text) == Some(text.len()),
            _ => self.read(text).is_some(),
        }
    }

    /// How far the hole reaches where no literal follows it.
    pub(super) fn longest(&self, text: &str) -> Option<usize> {
        match self {
            Test::Typed(ty) => ty.longest(text),
            Test::Time(format) => length(format, text),
            Test::Regex(regex) => regex.find(text).map(|found| found.end()),
        }
    }
}

/// How many bytes at the beginning of `text` have the shape of a strptime format: cheap, so that a line that begins
/// with anything else is turned away before it is parsed.
fn length(format: &str, text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut chars = format.chars().peekable();
    while let Some(char) = chars.next() {
        if char != '%' {
            at += text.get(at..)?.starts_with(char).then_some(char.len_utf8())?;
            continue;
        }
        while chars.next_if(|next| matches!(next, '-' | '_' | '0' | '.' | '1'..='9')).is_some() {}
        let most = match chars.next()? {
            'Y' => 4,
            'm' | 'd' | 'H' | 'M' | 'S' | 'I' | 'e' | 'k' | 'l' | 'y' => 2,
            'j' => 3,
            'f' | 'N' => {
                at += usize::from(bytes.get(at) == Some(&b'.') && !format.contains(".%f"));
                10
            }
            'z' => {
                at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
                4
            }
            'F' => 10,
            'T' => 8,
            _ => 9,
        };
        let run = bytes.get(at..)?.iter().take(most).take_while(|byte| {
            byte.is_ascii_alphanumeric() || **byte == b'-' && most == 10 || **byte == b':' && most == 8
        });
        let digits = run.count();
        if digits == 0 && most != 10 {
            return None;
        }
        at += digits;
    }
    Some(at)
}

fn one_line(error: &impl ToString) -> String {
    let text = error.to_string();
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("");
    last.trim().trim_start_matches("error: ").to_owned()
}
