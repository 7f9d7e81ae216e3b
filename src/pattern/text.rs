//! A pattern in the words of the language: what, read again, is the same pattern.

use std::fmt;

use super::{Accepts, Hole, Part, Pattern};
use crate::value::Type;

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.options.at_start {
            f.write_str("^")?;
        }
        for part in &self.parts {
            part.fmt(f)?;
        }
        f.write_str(if self.options.at_end { "$" } else { "" })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Literal(text) => f.write_str(&text.replace('{', "{{").replace('}', "}}")),
            Part::Hole(hole) => hole.fmt(f),
        }
    }
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().unwrap_or("");
        match &self.accepts {
            // A name that is a type's name has that type, any other is text.
            Accepts::Typed(ty) if *ty == Type::parse(name).unwrap_or(Type::Text) => write!(f, "{{{name}}}"),
            Accepts::Time(_) => write!(f, "{{time:{}}}", self.accepts),
            Accepts::Typed(_) | Accepts::Regex(_) => write!(f, "{{{name}:{}}}", self.accepts),
        }
    }
}

impl fmt::Display for Accepts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Accepts::Typed(ty) => ty.fmt(f),
            Accepts::Time(format) => f.write_str(format),
            Accepts::Regex(regex) => write!(f, "/{}/", regex.replace('/', "\\/")),
        }
    }
}
