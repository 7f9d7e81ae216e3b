//! The typed values of the language: what a hole accepts, what a value equals, and which fields it has.
//!
//! A leaf. Equality is an equivalence, so that joins can use it as a key: see [`Value::key`].

mod time;

pub use time::{Stamp, Zone};

use std::cmp::Ordering;
use std::fmt;

/// A type of the language (section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// Any text.
    Text,
    /// Text without blanks.
    Word,
    /// Text in quotes; the value is what stands between them.
    Quoted,
    /// A decimal or `0x` integer.
    Int,
    /// A hexadecimal integer, `0x` or not.
    Hex,
    /// An error code in any of its spellings.
    Error,
    /// A Windows or UNC path.
    Path,
    /// A component-store directory name.
    Component,
    /// A package identity.
    Package,
    /// A knowledge-base article number.
    Kb,
    /// A dotted version.
    Version,
    /// A GUID.
    Guid,
    /// A security identifier.
    Sid,
    /// An IP address.
    Ip,
    /// A user, `DOMAIN\name` or `name@domain`.
    User,
    /// A service name.
    Service,
    /// A URL.
    Url,
    /// An instant, as the log kind says.
    Time,
    /// A length of time: 5s, 250ms, 3m, 2h, 1d.
    Duration,
}

/// A typed value: the text as it stood and what it means.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its type.
    pub ty: Type,
    /// The text as the log has it.
    pub text: String,
    data: Data,
}

/// What a value means. Private: rooms above ask [`Value`] for keys, order and fields.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Data {
    Text(String),
}

impl Type {
    /// The type a language name means, if it is one.
    #[must_use]
    pub fn parse(_name: &str) -> Option<Type> {
        None
    }

    /// The name in the language.
    #[must_use]
    pub fn name(self) -> &'static str {
        "text"
    }

    /// All types, for did-you-mean.
    #[must_use]
    pub fn all() -> &'static [Type] {
        &[]
    }

    /// The type of field `name` of a value of this type (`path.name` is a text), if it has one.
    #[must_use]
    pub fn field(self, _name: &str) -> Option<Type> {
        None
    }

    /// The names of this type's fields.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        &[]
    }

    /// Whether values of the two types may be compared with `=`.
    #[must_use]
    pub fn comparable(self, other: Type) -> bool {
        self == other
    }

    /// Whether `<` has a meaning for this type.
    #[must_use]
    pub fn ordered(self) -> bool {
        false
    }

    /// Reads `text`, the whole of it, as a value of this type.
    #[must_use]
    pub fn read(self, text: &str) -> Option<Value> {
        Some(Value { ty: self, text: text.to_owned(), data: Data::Text(text.to_owned()) })
    }

    /// The longest prefix of `text` that is of this type, in bytes; for a hole that no literal follows. An unquoted path
    /// stops at the line's end or at a character no path can hold.
    #[must_use]
    pub fn longest(self, text: &str) -> Option<usize> {
        Some(text.len())
    }
}

impl Value {
    /// A plain text value.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Value {
        let text = text.into();
        Value { ty: Type::Text, data: Data::Text(text.clone()), text }
    }

    /// The canonical form: two values of comparable types are equal exactly when their keys are.
    #[must_use]
    pub fn key(&self) -> String {
        let Data::Text(text) = &self.data;
        text.clone()
    }

    /// Orders two values of an ordered type; `None` where order has no meaning.
    #[must_use]
    pub fn compare(&self, _other: &Value) -> Option<Ordering> {
        None
    }

    /// The field `name` of this value: `inf.name`, `status.symbol`.
    #[must_use]
    pub fn field(&self, _name: &str) -> Option<Value> {
        None
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Value {}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
