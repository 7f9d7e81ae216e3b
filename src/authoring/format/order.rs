//! Keys in the order of the reference. What stands above a key (comments, an empty line) goes with it.

use std::ops::Range;

use super::{Edit, Place, written};
use crate::syntax::shape::{Field, Shape};
use crate::syntax::{Entry, Kind, Node};

/// Puts the innermost maps in order whose keys are not.
pub(super) fn edits(text: &str, places: &[Place<'_>]) -> Vec<Edit> {
    let mut found: Vec<Edit> = Vec::new();
    // Inner maps stand behind outer ones.
    for place in places.iter().rev() {
        let (Some(shape), Kind::Map(entries)) = (place.shape, &place.node.kind) else { continue };
        let inside = place.node.span.start..place.node.span.end;
        if found.iter().any(|(range, _)| inside.start <= range.start && range.end <= inside.end) || anchored(text) {
            continue;
        }
        found.extend(in_order(text, place.node, entries, fields(shape)));
    }
    found
}

fn fields(shape: Shape) -> &'static [Field] {
    match shape {
        Shape::OneOrMany(item) | Shape::List(item) => item.fields(),
        other => other.fields(),
    }
}

/// Whether a text may have anchors: what refers to one has to stay behind it.
fn anchored(text: &str) -> bool {
    let begins = |at: usize| text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "[{,:-".contains(c));
    let named = |at: usize| text[at + 1..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    text.contains("<<:") || text.match_indices(['&', '*']).any(|(at, _)| begins(at) && named(at))
}

/// The map with its entries in order; `None` where they are, or where nobody can say what goes with which key.
fn in_order(text: &str, node: &Node, entries: &[Entry], fields: &[Field]) -> Option<Edit> {
    let rank = |entry: &Entry| fields.iter().position(|field| field.name == entry.key.value).unwrap_or(fields.len());
    if fields.is_empty() || entries.is_sorted_by_key(rank) {
        return None;
    }
    let pieces = if text[node.span.start..].starts_with('{') { flow(text, entries)? } else { block(text, entries)? };
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|at| rank(&entries[*at]));
    let (first, last) = (pieces.first()?, pieces.last()?);
    let mut new = String::new();
    for (at, chosen) in order.iter().enumerate() {
        new.push_str(&text[pieces[*chosen].clone()]);
        // What stands between two pieces stays where it is.
        if let Some(next) = pieces.get(at + 1) {
            new.push_str(&text[pieces[at].end..next.start]);
        }
    }
    Some((first.start..last.end, new))
}

/// The entries of a map in braces, each from its key to the end of its value.
fn flow(text: &str, entries: &[Entry]) -> Option<Vec<Range<usize>>> {
    let piece = |entry: &Entry| {
        let start = entry.key.span.start;
        let plain = !text[..start].ends_with(['"', '\'']);
        written(&entry.value, text).map(|value| start..value.end).filter(|_| plain)
    };
    let pieces: Vec<Range<usize>> = entries.iter().map(piece).collect::<Option<_>>()?;
    let between = |pair: &[Range<usize>]| text[pair[0].end..pair[1].start].contains('#');
    (!pieces.windows(2).any(between)).then_some(pieces)
}

/// The entries of a map on lines, each with the comments and empty lines above it, to the end of its last line.
fn block(text: &str, entries: &[Entry]) -> Option<Vec<Range<usize>>> {
    let mut starts = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let key = entry.key.span.start;
        let line = line_start(text, key);
        let own = text[line..key].chars().all(|c| c == ' ');
        match (own, at) {
            (true, 0) => starts.push(line),
            (true, _) => starts.push(above(text, line, starts[at - 1])),
            // `- name: x`: the first key stands behind the dash, where no other line can go.
            (false, _) => return if at == 0 { dashed(text, entries) } else { None },
        }
    }
    let mut pieces = Vec::new();
    for (at, start) in starts.iter().enumerate() {
        let end = match starts.get(at + 1) {
            Some(next) => *next,
            None => last_line(text, entries)?,
        };
        pieces.push(*start..end);
    }
    Some(pieces)
}

/// The entries of a map whose first key stands behind a dash: each from its key to the indentation of the next.
fn dashed(text: &str, entries: &[Entry]) -> Option<Vec<Range<usize>>> {
    let starts: Vec<usize> = entries.iter().map(|entry| entry.key.span.start).collect();
    let mut pieces = Vec::new();
    for (at, start) in starts.iter().enumerate() {
        let end = match starts.get(at + 1) {
            Some(next) => {
                let line = line_start(text, *next);
                let blank = text[line..*next].chars().all(|c| c == ' ');
                let above = text[*start..line].lines().last().unwrap_or_default().trim_start();
                if !blank || above.starts_with('#') || above.is_empty() {
                    return None;
                }
                line
            }
            None => last_line(text, entries)?,
        };
        pieces.push(*start..end);
    }
    Some(pieces)
}

/// The end of the line on which the last entry ends.
fn last_line(text: &str, entries: &[Entry]) -> Option<usize> {
    let last = entries.last()?;
    let mut end = last.key.span.end;
    deepest(&last.value, &mut end);
    let rest = &text[end..];
    // A `|` block ends behind its last line.
    if text[..end].ends_with('\n') {
        return Some(end);
    }
    rest.find('\n').map(|at| end + at + 1)
}

fn deepest(node: &Node, end: &mut usize) {
    let own = match &node.kind {
        Kind::Scalar(scalar) => scalar.written.end,
        _ => node.span.end,
    };
    *end = (*end).max(own);
    match &node.kind {
        Kind::Seq(items) => items.iter().for_each(|item| deepest(item, end)),
        Kind::Map(entries) => entries.iter().for_each(|entry| deepest(&entry.value, end)),
        _ => {}
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line| line + 1)
}

/// Where the comments and empty lines above the line at `line` begin; not before the line after the one at `least`.
fn above(text: &str, line: usize, least: usize) -> usize {
    let indent = text[line..].len() - text[line..].trim_start_matches(' ').len();
    let mut start = line;
    while start > least {
        let before = line_start(text, start - 1);
        let words = text[before..start].trim();
        let deep = text[before..start].len() - text[before..start].trim_start_matches(' ').len();
        let mine = words.is_empty() || words.starts_with('#') && deep == indent;
        if !mine || before <= least {
            break;
        }
        start = before;
    }
    start
}
