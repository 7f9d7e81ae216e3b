//! Rule files in one form: keys in the order of the reference, expressions with one blank between their words, no runs of
//! blanks and empty lines. Comments and all else stay byte for byte.
//!
//! Each pass reads the text anew, so that none works with places that another has moved. A file with a fault in its syntax
//! is left alone; so is one whose meaning a pass would change, which the tests see to.

mod blanks;
mod expression;
mod meaning;
mod order;

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{FileId, SourceMap};
use crate::syntax::shape::{Document, Shape};
use crate::syntax::{self, Kind, Node};

/// A replacement in a text.
type Edit = (Range<usize>, String);

/// The text of a rule file in its one form; `None` where it has a fault in its syntax.
#[must_use]
pub fn format(text: &str) -> Option<String> {
    let (map, file) = one(text);
    let mut faults = Vec::new();
    syntax::parse(&map, file, &mut faults);
    if faults.iter().any(|fault: &Diagnostic| fault.severity == Severity::Error) {
        return None;
    }
    let mut out = blanks::lines(text);
    out = passes(out, order::edits);
    out = passes(out, expression::edits);
    out = passes(out, blanks::edits);
    out = blanks::lines(&out);
    Some(if meaning::same(text, &out) { out } else { text.to_owned() })
}

/// A pass finds what it would replace; it is repeated while it finds something, as one replacement may bring about another.
fn passes(mut text: String, pass: fn(&str, &[Place]) -> Vec<Edit>) -> String {
    // Maps inside maps are put in order from the inside out; documents do not nest more deeply than this.
    for _ in 0..40 {
        let (map, file) = one(&text);
        let trees = syntax::trees(&map, file, &mut Vec::new());
        let mut places = Vec::new();
        for tree in &trees {
            walk(tree, shape(tree), &mut places);
        }
        let edits = pass(&text, &places);
        if edits.is_empty() {
            break;
        }
        text = apply(&text, edits);
    }
    text
}

/// A node with what the language says that it is.
struct Place<'n> {
    node: &'n Node,
    shape: Option<Shape>,
}

fn one(text: &str) -> (SourceMap, FileId) {
    let mut map = SourceMap::new();
    let file = map.add("", text);
    (map, file)
}

/// The shape of a document.
fn shape(node: &Node) -> Option<Shape> {
    let Kind::Map(entries) = &node.kind else { return None };
    Document::find(&entries.first()?.key.value).map(Document::shape)
}

/// Every node with its shape, outer ones first.
fn walk<'n>(node: &'n Node, shape: Option<Shape>, places: &mut Vec<Place<'n>>) {
    places.push(Place { node, shape });
    match &node.kind {
        Kind::Null | Kind::Scalar(_) => {}
        Kind::Seq(items) => {
            let item = shape.map(|shape| if matches!(shape, Shape::Expect) { shape } else { shape.item() });
            for node in items {
                walk(node, item, places);
            }
        }
        Kind::Map(entries) => {
            for entry in entries {
                walk(&entry.value, shape.and_then(|shape| shape.item().behind(&entry.key.value)), places);
            }
        }
    }
}

/// The text with its replacements, of which none overlaps another.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Where a node stands in the file, quotes included; nothing for a `|` block, whose header is elsewhere.
fn written(node: &Node, text: &str) -> Option<Range<usize>> {
    match &node.kind {
        Kind::Null => None,
        Kind::Scalar(scalar) => {
            let range = scalar.written.start..scalar.written.end;
            (!text.get(range.clone())?.contains('\n')).then_some(range)
        }
        Kind::Seq(_) | Kind::Map(_) => Some(node.span.start..node.span.end),
    }
}

#[cfg(test)]
mod tests;
