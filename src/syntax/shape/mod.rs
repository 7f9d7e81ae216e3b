//! The shape of every kind of document: its keys in their canonical order, what each may hold, and what it means, in both
//! languages. The one list that the reader, the formatter, the schema and the editor's help are made from.

mod log;
mod procedure;
mod rule;

pub use log::{ATTEMPT, CLOCK, LOG, SECTION, SNAPSHOT};
pub use procedure::{COLLECTION, EFFORT, PHRASES, REMEDY, STEP, VERIFY};
pub use rule::{CAUSE, EVIDENCE, EXPECTED, RULE, TEST};

use crate::lang::Lang;

/// A key that a map may have.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it may hold.
    pub shape: Shape,
    zh: &'static str,
    en: &'static str,
}

/// What stands behind a key.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A text.
    Text,
    /// A name that the document gives itself.
    Name,
    /// The name of something else.
    Reference(Referent),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number from 0.
    Number,
    /// `true` or `false`.
    Truth,
    /// A length of time, `5s`.
    Duration,
    /// A line pattern.
    Pattern,
    /// A condition.
    Condition,
    /// A filter.
    Filter,
    /// A text in both languages, or one that serves for both.
    Localized,
    /// What people call a product, as a text in both languages or one that serves for both.
    Product,
    /// A list, or one item for a list of one.
    OneOrMany(&'static Shape),
    /// A list.
    List(&'static Shape),
    /// A map with these keys.
    Map(&'static [Field]),
    /// A map from names of the author's own.
    Named(&'static Shape),
    /// A map from names of something else.
    By(Referent, &'static Shape),
    /// A log of a test: text, or a list of records.
    TestLog,
    /// What a test expects: `none`, one finding or a list.
    Expect,
}

/// What a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Referent {
    /// A rule.
    Rule,
    /// A log kind.
    Log,
    /// A remedy.
    Remedy,
    /// A collection.
    Collection,
    /// A cause of the same rule.
    Cause,
    /// A piece of evidence of the same rule.
    Evidence,
    /// A type.
    Type,
    /// A capture of the same rule.
    Capture,
    /// A field of a log kind.
    LogField,
    /// A script template.
    Script,
    /// A built-in reader.
    Reader,
}

/// A kind of document.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    /// Its first key.
    pub kind: &'static str,
    /// Its keys, the first first.
    pub fields: &'static [Field],
    /// What keys of the author's own may hold; `None` where there are none.
    pub open: Option<Shape>,
}

/// Every kind of document.
pub static DOCUMENTS: [Document; 5] = [
    Document { kind: "rule", fields: &RULE, open: None },
    Document { kind: "log", fields: &LOG, open: None },
    Document { kind: "remedy", fields: &REMEDY, open: None },
    Document { kind: "collection", fields: &COLLECTION, open: None },
    Document { kind: "phrases", fields: &PHRASES, open: Some(Shape::OneOrMany(&Shape::Text)) },
];

impl Document {
    /// The kind whose first key is `key`.
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Document> {
        DOCUMENTS.iter().find(|document| document.kind == key)
    }

    /// The shape of the whole document, for walking down.
    #[must_use]
    pub fn shape(&self) -> Shape {
        Shape::Map(self.fields)
    }
}

impl Field {
    /// What the key means, a sentence or two.
    #[must_use]
    pub fn meaning(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// The field called `name` among `fields`.
    #[must_use]
    pub fn find<'f>(fields: &'f [Field], name: &str) -> Option<&'f Field> {
        fields.iter().find(|field| field.name == name)
    }
}

impl Shape {
    /// The keys that a map of this shape may have; none for other shapes.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Shape::Map(fields) => fields,
            Shape::Localized | Shape::Product => &LOCALIZED,
            Shape::Expect => &EXPECTED,
            _ => &[],
        }
    }

    /// The shape behind `key` in a map of this shape.
    #[must_use]
    pub fn behind(self, key: &str) -> Option<Shape> {
        match self {
            Shape::Named(shape) | Shape::By(_, shape) => Some(*shape),
            _ => Field::find(self.fields(), key).map(|field| field.shape),
        }
    }

    /// The shape of the items of a list of this shape; a shape that takes one item for a list is its own.
    #[must_use]
    pub fn item(self) -> Shape {
        match self {
            Shape::OneOrMany(shape) | Shape::List(shape) => *shape,
            other => other,
        }
    }
}

/// `{zh: …, en: …}`
pub static LOCALIZED: [Field; 2] = [ZH, EN];

const ZH: Field = optional("zh", Shape::Text, "中文文字。", "The Chinese text.");
const EN: Field = optional("en", Shape::Text, "英文文字。", "The English text.");

const fn field(name: &'static str, required: bool, shape: Shape, zh: &'static str, en: &'static str) -> Field {
    Field { name, required, shape, zh, en }
}

const fn required(name: &'static str, shape: Shape, zh: &'static str, en: &'static str) -> Field {
    field(name, true, shape, zh, en)
}

const fn optional(name: &'static str, shape: Shape, zh: &'static str, en: &'static str) -> Field {
    field(name, false, shape, zh, en)
}

const TITLE: Field = optional(
    "title",
    Shape::Localized,
    "给人看的名称，中英文各一句：`{zh: …, en: …}`。",
    "What people call it, one sentence in each language: `{zh: …, en: …}`.",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_says_what_it_means() {
        fn check(fields: &[Field]) {
            for field in fields {
                assert!(!field.meaning(Lang::Zh).is_empty() && !field.meaning(Lang::En).is_empty(), "{}", field.name);
                check(field.shape.fields());
                check(field.shape.item().fields());
                if let Shape::Named(shape) = field.shape {
                    check(shape.fields());
                }
            }
        }
        for document in DOCUMENTS {
            assert_eq!(document.fields.first().map(|field| field.name), Some(document.kind));
            check(document.fields);
        }
    }
}
