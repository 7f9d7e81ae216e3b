//! The typed values of the language: what a hole accepts, what a value equals, and which fields it has.
//!
//! A leaf. Equality is an equivalence by construction: every value has a canonical [`Value::key`], and two values of
//! comparable types are equal exactly when their keys are. One file a family of types.

pub mod codes;
mod error;
mod ident;
mod longest;
mod number;
mod path;
mod problem;
mod sentence;
mod servicing;
mod setup_result;
mod stored;
mod table;
#[cfg(test)]
mod tests;
mod time;
mod types;

pub use time::{DayOrder, Reading, Stamp, Stamps, TimeFormat, Zone, duration};
pub use types::Type;

use std::cmp::Ordering;
use std::fmt;

use smol_str::SmolStr;

use crate::lang::Lang;

/// A typed value: the text as it stood and what it means.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its type.
    pub ty: Type,
    /// The text as the log has it, without quotes around it.
    pub text: SmolStr,
    data: Data,
}

/// What a value means. Rooms above ask [`Value`] for keys, order and fields. It takes three words: every hit of a scan keeps
/// its values, so what is larger lies elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Data {
    /// Text, compared as it is.
    Text,
    /// A name in Windows: ASCII letters compare without case.
    Name,
    /// A canonical form.
    Canonical(Box<str>),
    Number(Whole),
    Error(error::ErrorCode),
    /// A path in Windows: its normal form is told by its text.
    Path,
    Component(Box<servicing::Component>),
    Package(Box<servicing::Package>),
    Version(Box<[u64]>),
    Instant(Stamp),
}

/// A whole number. An `i128` asks for more room around it than it takes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Whole {
    upper: i64,
    lower: u64,
}

impl From<i128> for Whole {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "its two halves")]
    fn from(number: i128) -> Whole {
        Whole { upper: (number >> 64) as i64, lower: number as u64 }
    }
}

impl From<Whole> for i128 {
    fn from(Whole { upper, lower }: Whole) -> i128 {
        i128::from(upper) << 64 | i128::from(lower)
    }
}

impl Type {
    /// Reads `text`, the whole of it, as a value of this type.
    #[must_use]
    pub fn read(self, text: &str) -> Option<Value> {
        let trimmed = text.trim();
        let (shown, data) = match self {
            Type::Text => (text, Data::Text),
            Type::Word => (text, ident::word(text)?),
            Type::Quoted => return ident::quoted(trimmed).map(|inner| Value::of(self, inner, Data::Text)),
            Type::Int => (trimmed, Data::Number(number::int(trimmed)?.into())),
            Type::Hex => (trimmed, Data::Number(number::hex(trimmed)?.into())),
            Type::Error => (trimmed, Data::Error(error::ErrorCode::read(trimmed)?)),
            Type::Path => {
                let bare = ident::unquote(trimmed);
                (bare, path::is_path(bare).then_some(Data::Path)?)
            }
            Type::Component => (trimmed, Data::Component(servicing::Component::read(trimmed)?.into())),
            Type::Package => (trimmed, Data::Package(servicing::Package::read(trimmed)?.into())),
            Type::Kb => (trimmed, Data::Number(number::kb(trimmed)?.into())),
            Type::Version => (trimmed, Data::Version(number::version(trimmed)?.into())),
            Type::Guid => (trimmed, Data::Canonical(ident::guid(trimmed)?.into())),
            Type::Sid => (trimmed, Data::Canonical(ident::sid(trimmed)?.into())),
            Type::Ip => (trimmed, Data::Canonical(ident::ip(trimmed)?.into())),
            Type::User => (trimmed, ident::user(trimmed)?),
            Type::Service => (trimmed, ident::service(trimmed)?),
            Type::Url => (trimmed, Data::Canonical(ident::url(trimmed)?.into())),
            Type::Time => (trimmed, Data::Instant(Stamp::read(trimmed)?)),
            Type::Duration => (trimmed, Data::Number(i128::from(duration(trimmed)?).into())),
        };
        Some(Value::of(self, shown, data))
    }

    /// Whether `text`, the whole of it, is a value of this type: like [`Type::read`], without making it where it can be told
    /// without.
    #[must_use]
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Type::Text => true,
            Type::Int => number::int(text.trim()).is_some(),
            Type::Hex => number::hex(text.trim()).is_some(),
            Type::Error => error::is_code(text.trim()),
            Type::Path => path::is_path(ident::unquote(text.trim())),
            Type::Kb => number::kb(text.trim()).is_some(),
            other => other.read(text).is_some(),
        }
    }

    /// The longest prefix of `text` that is of this type, in bytes: for a hole that no literal follows. An unquoted
    /// path stops at the line's end or at a character that no path can hold.
    #[must_use]
    pub fn longest(self, text: &str) -> Option<usize> {
        longest::length(self, text)
    }
}

impl Value {
    fn of(ty: Type, text: &str, data: Data) -> Value {
        Value { ty, text: SmolStr::new(text), data }
    }

    /// A plain text value.
    #[must_use]
    pub fn text(text: impl Into<SmolStr>) -> Value {
        Value { ty: Type::Text, text: text.into(), data: Data::Text }
    }

    /// A name in Windows: a file's, a service's. ASCII letters compare without case.
    #[must_use]
    fn name(text: &str) -> Value {
        Value::of(Type::Text, text, Data::Name)
    }

    /// A stamp as a value.
    #[must_use]
    pub fn stamp(stamp: Stamp, text: &str) -> Value {
        Value::of(Type::Time, text, Data::Instant(stamp))
    }

    /// The canonical form: two values of comparable types are equal exactly when their keys are. Texts fold case, as
    /// patterns do: the names that logs hold (files, services, levels) are the same name in any case, and
    /// `inf.ext = "inf"` holds for `USBSTOR.INF`.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.data {
            Data::Text | Data::Name => fold(&self.text),
            Data::Canonical(key) => key.to_string(),
            Data::Number(number) => i128::from(*number).to_string(),
            Data::Error(code) => code.key(),
            Data::Path => path::key(&self.text),
            Data::Component(component) => component.key(),
            Data::Package(package) => package.key(),
            Data::Version(parts) => number::version_key(parts),
            Data::Instant(stamp) => stamp.0.to_string(),
        }
    }

    /// Orders two values of an ordered type; `None` where order has no meaning.
    #[must_use]
    pub fn compare(&self, other: &Value) -> Option<Ordering> {
        match (&self.data, &other.data) {
            (Data::Number(a), Data::Number(b)) => Some(a.cmp(b)),
            (Data::Instant(a), Data::Instant(b)) => Some(a.cmp(b)),
            (Data::Version(a), Data::Version(b)) => Some(number::compare_versions(a, b)),
            _ => None,
        }
    }

    /// The field `name` of this value: `inf.name`, `status.symbol`, or the field of a field, `inf.component.inf`; `None`
    /// where it has none.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Value> {
        if let Some((first, rest)) = name.split_once('.') {
            return self.field(first)?.field(rest);
        }
        match &self.data {
            Data::Error(code) => code.field(name),
            Data::Path => path::field(&self.text, name),
            Data::Component(component) => component.field(name),
            Data::Package(package) => package.field(name),
            Data::Version(parts) => number::version_field(parts, name),
            Data::Number(number) if self.ty == Type::Kb && name == "number" => {
                Type::Int.read(&i128::from(*number).to_string())
            }
            _ => None,
        }
    }

    /// What an error code means, in words; `None` for other values and codes of no known meaning.
    #[must_use]
    pub fn meaning(&self, lang: Lang) -> Option<&'static str> {
        match &self.data {
            Data::Error(code) => code.meaning(lang),
            _ => None,
        }
    }
}

/// Text without regard to case; each character by itself, so that equal texts stay equal in any context.
fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().flat_map(char::to_lowercase).collect() }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (&self.data, &other.data) {
            // The same as by their keys, without writing them.
            (Data::Number(own), Data::Number(other)) => own == other,
            (Data::Error(own), Data::Error(other)) => own == other,
            (Data::Text | Data::Name, Data::Text | Data::Name) if self.text.is_ascii() && other.text.is_ascii() => {
                self.text.eq_ignore_ascii_case(&other.text)
            }
            (Data::Path, Data::Path) if self.text == other.text => true,
            _ => self.key() == other.key(),
        }
    }
}

impl Eq for Value {}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
