//! The names of the types, their fields, and which of them compare.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A type of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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

/// The types by their names in the language.
const NAMES: [(&str, Type); 19] = [
    ("text", Type::Text),
    ("word", Type::Word),
    ("quoted", Type::Quoted),
    ("int", Type::Int),
    ("hex", Type::Hex),
    ("error", Type::Error),
    ("path", Type::Path),
    ("component", Type::Component),
    ("package", Type::Package),
    ("kb", Type::Kb),
    ("version", Type::Version),
    ("guid", Type::Guid),
    ("sid", Type::Sid),
    ("ip", Type::Ip),
    ("user", Type::User),
    ("service", Type::Service),
    ("url", Type::Url),
    ("time", Type::Time),
    ("duration", Type::Duration),
];

impl Type {
    /// The type a language name means, if it is one.
    #[must_use]
    pub fn parse(name: &str) -> Option<Type> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, ty)| *ty)
    }

    /// The name in the language.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, ty)| *ty == self).map_or("text", |(name, _)| name)
    }

    /// All types, in the order of the reference.
    pub fn all() -> impl Iterator<Item = Type> {
        NAMES.into_iter().map(|(_, ty)| ty)
    }

    /// The names of this type's fields.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Type::Error => &["code", "symbol", "family", "meaning", "extend"],
            Type::Path => &["name", "stem", "ext", "dir", "component"],
            Type::Component => &["arch", "name", "token", "version", "culture", "hash", "inf"],
            Type::Package => &["name", "token", "arch", "culture", "version", "kb"],
            Type::Kb => &["number"],
            Type::Version => &["major", "minor", "build", "revision"],
            _ => &[],
        }
    }

    /// The type of field `name` of a value of this type (`path.name` is a text), if it has one; `component.inf` is the
    /// field of a field.
    #[must_use]
    pub fn field(self, name: &str) -> Option<Type> {
        if let Some((first, rest)) = name.split_once('.') {
            return self.field(first)?.field(rest);
        }
        if !self.fields().contains(&name) {
            return None;
        }
        Some(match (self, name) {
            (Type::Path, "dir") => Type::Path,
            (Type::Path, "component") => Type::Component,
            (Type::Component | Type::Package, "version") => Type::Version,
            (Type::Package, "kb") => Type::Kb,
            (Type::Kb | Type::Version, _) => Type::Int,
            _ => Type::Text,
        })
    }

    /// Whether values of the two types may be compared with `=`: the same type, texts with texts, numbers with numbers.
    #[must_use]
    pub fn comparable(self, other: Type) -> bool {
        let class = |ty| match ty {
            Type::Text | Type::Word | Type::Quoted => Type::Text,
            Type::Int | Type::Hex => Type::Int,
            other => other,
        };
        class(self) == class(other)
    }

    /// Whether `<` has a meaning for this type.
    #[must_use]
    pub fn ordered(self) -> bool {
        matches!(self, Type::Int | Type::Hex | Type::Kb | Type::Version | Type::Time | Type::Duration)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
