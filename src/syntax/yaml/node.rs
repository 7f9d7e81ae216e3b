//! The spanned tree of one YAML document, and the serde visitor that fills it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::scalar;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Fragment, Span};
use crate::syntax::ast::Text;

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// A scalar: its content, without quotes or the header of a block. A list or map: from the first to the last of it.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of a node.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Nothing, `~` or `null`.
    Null,
    /// Text.
    Scalar(Scalar),
    /// A list.
    Seq(Vec<Node>),
    /// A map, in the order written; no key twice.
    Map(Vec<Entry>),
}

/// A scalar.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The text; `map` is empty when it stands over several lines other than as a `|` block.
    pub fragment: Fragment,
    /// How it is written.
    pub style: Style,
    /// The whole of it in the file, quotes included.
    pub written: Span,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In quotes.
    Quoted,
    /// A `|` block.
    Literal,
    /// A `>` block; the place of the `>`.
    Folded(Span),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Text,
    /// The value.
    pub value: Node,
}

/// What the visitor gathers; places are still the crate's.
#[derive(Debug)]
pub(super) enum Raw {
    Null,
    /// A text, or the crate's reading of a plain scalar, whose own text is then in the source.
    Scalar(Option<String>),
    Seq(Vec<Placed>),
    Map(Vec<(Placed, Placed)>),
}

/// A raw node with the crate's places.
pub(super) type Placed = serde_yaml::Spanned<Raw>;

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML node")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Scalar(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar(Some(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::Seq(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}

/// Turns raw nodes into nodes of one file.
pub(super) struct Planter<'a> {
    /// The file.
    pub(super) file: FileId,
    /// The text of the document.
    pub(super) text: &'a str,
    /// Where it begins in the file.
    pub(super) base: usize,
    /// Where faults go.
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
    /// Whether a key looks like a number: of such a map the crate may have dropped an entry.
    pub(super) number_keys: bool,
}

impl Planter<'_> {
    /// The node of `placed`.
    pub(super) fn plant(&mut self, placed: Placed) -> Node {
        let range = self.range(&placed);
        let span = self.span(range.clone());
        match placed.value {
            Raw::Null => Node { span, kind: Kind::Null },
            Raw::Scalar(value) => {
                let indent = usize::try_from(placed.defined.column().saturating_sub(1)).unwrap_or(0);
                let scalar = scalar::read(self, range, indent, value.as_deref());
                Node { span: scalar.fragment.span, kind: Kind::Scalar(scalar) }
            }
            Raw::Seq(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.plant(item)).collect();
                let whole = items.last().map_or(span, |last| span.to(last.span));
                Node { span: self.closed(whole), kind: Kind::Seq(items) }
            }
            Raw::Map(entries) => self.plant_map(span, entries),
        }
    }

    fn plant_map(&mut self, span: Span, entries: Vec<(Placed, Placed)>) -> Node {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut map: Vec<Entry> = Vec::new();
        for (key, value) in entries {
            let merged = key.referenced.span().offset() != key.defined.span().offset();
            let value = self.plant(value);
            let Some(key) = self.key(key) else { continue };
            match seen.get(&key.value) {
                // What `<<` brings in yields to what is written.
                Some(_) if merged => {}
                Some(first) => self.diagnostics.push(duplicate(&key, *first)),
                None => {
                    seen.insert(key.value.clone(), key.span);
                    map.push(Entry { key, value });
                }
            }
        }
        let whole = map.iter().fold(span, |whole, entry| whole.to(entry.key.span).to(entry.value.span));
        Node { span: self.closed(whole), kind: Kind::Map(map) }
    }

    fn key(&mut self, placed: Placed) -> Option<Text> {
        let node = self.plant(placed);
        if let Kind::Scalar(scalar) = node.kind {
            self.number_keys |= scalar.fragment.text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
            return Some(Text::new(scalar.fragment.text, node.span));
        }
        let (zh, en) = ("键应为文本", "a key is a text");
        self.diagnostics.push(Diagnostic::error(Code::WRONG_SHAPE, node.span, zh, en));
        None
    }

    fn range(&self, placed: &Placed) -> std::ops::Range<usize> {
        let span = placed.defined.span();
        let at = |offset: Option<u64>| offset.and_then(|offset| usize::try_from(offset).ok());
        let start = at(span.byte_offset()).unwrap_or(0).min(self.text.len());
        let end = start.saturating_add(at(span.byte_len()).unwrap_or(0)).min(self.text.len());
        if self.text.get(start..end).is_some() { start..end } else { 0..0 }
    }

    /// The place of a list or map in brackets with the closing one, which the crate does not give.
    fn closed(&self, span: Span) -> Span {
        let written = |at: usize| self.text.get(at.saturating_sub(self.base)..).unwrap_or_default();
        let closing = match written(span.start).chars().next() {
            Some('[') => ']',
            Some('{') => '}',
            _ => return span,
        };
        let rest = written(span.end);
        let gap = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || "\"',".contains(c)).len();
        let end = if rest[gap..].starts_with(closing) { span.end + gap + 1 } else { span.end };
        Span { end, ..span }
    }

    /// The place in the file of a range of the document.
    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.base + range.start..self.base + range.end)
    }
}

/// The diagnostic of a key that was already written at `first`.
pub(super) fn duplicate(key: &Text, first: Span) -> Diagnostic {
    let name = &key.value;
    Diagnostic::error(
        Code::DUPLICATE_KEY,
        key.span,
        format!("键 `{name}` 重复"),
        format!("the key `{name}` stands twice"),
    )
    .label(first, "第一次写在这里", "first written here")
}
