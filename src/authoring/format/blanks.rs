//! Blank runs: after the colon of a key, inside brackets on one line, at the ends of lines, and empty lines.

use std::ops::Range;

use super::{Edit, Place, one, written};
use crate::syntax::{self, Kind, Node};

/// One blank after a key's colon; none inside brackets, one after a comma.
pub(super) fn edits(text: &str, places: &[Place<'_>]) -> Vec<Edit> {
    let mut found = Vec::new();
    for place in places {
        if let Kind::Map(entries) = &place.node.kind {
            for entry in entries {
                let key = entry.key.span.end;
                let key = if text[key..].starts_with(['"', '\'']) { key + 1 } else { key };
                let Some(value) = written(&entry.value, text) else { continue };
                gap(text, key..value.start, ":", ": ", &mut found);
            }
        }
        brackets(text, place.node, &mut found);
    }
    found
}

/// The gaps of a list or map in brackets that stands on one line.
fn brackets(text: &str, node: &Node, found: &mut Vec<Edit>) {
    let whole = node.span.start..node.span.end;
    let inside = text.get(whole.clone()).unwrap_or_default();
    if !inside.starts_with(['[', '{']) || inside.contains('\n') || !inside.ends_with([']', '}']) {
        return;
    }
    let items: Option<Vec<Range<usize>>> = match &node.kind {
        Kind::Seq(items) => items.iter().map(|item| written(item, text)).collect(),
        Kind::Map(entries) => entries
            .iter()
            .map(|entry| {
                let start = entry.key.span.start;
                let start = if text[..start].ends_with(['"', '\'']) { start - 1 } else { start };
                Some(start..written(&entry.value, text)?.end)
            })
            .collect(),
        _ => None,
    };
    let Some(items) = items else { return };
    let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
    gap(text, whole.start + 1..first.start, "", "", found);
    gap(text, last.end..whole.end - 1, "", "", found);
    for pair in items.windows(2) {
        gap(text, pair[0].end..pair[1].start, ",", ", ", found);
    }
}

/// Writes a gap as `right`, if it is `sign` and blanks.
fn gap(text: &str, range: Range<usize>, sign: &str, right: &str, found: &mut Vec<Edit>) {
    let Some(now) = text.get(range.clone()) else { return };
    let blank = now.chars().all(|c| c == ' ' || c == '\t' || sign.contains(c));
    if blank && now.trim_matches([' ', '\t']) == sign && now != right {
        found.push((range, right.to_owned()));
    }
}

/// Lines without blanks at their ends, one empty line where there were several, none at the beginning and end of the file,
/// and a line end at the last line. Texts over several lines and comments stay.
pub(super) fn lines(text: &str) -> String {
    let texts = texts(text);
    let end_of_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let begins = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut out = text[..begins].to_owned();
    let mut at = begins;
    let mut empty = 0;
    for line in text[begins..].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let end = line.trim_end_matches(['\n', '\r']);
        let bare = end.trim_end_matches([' ', '\t']);
        let inside = |at: usize| texts.iter().any(|range| range.contains(&at));
        let kept = inside(start + bare.len()) || inside(start) && bare.is_empty();
        if bare.is_empty() && !kept {
            empty += 1;
            continue;
        }
        if empty > 0 && out.len() > begins {
            out.push_str(end_of_line);
        }
        empty = 0;
        // The blanks after a comment are the comment's.
        out.push_str(if kept || is_comment(bare) { end } else { bare });
        out.push_str(if line.len() > end.len() { &line[end.len()..] } else { end_of_line });
    }
    out
}

/// Whether a line may end with a comment.
fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#') || line.contains(" #") || line.contains("\t#")
}

/// The texts over several lines; a `|` block with the empty lines below it, which may be part of it.
fn texts(text: &str) -> Vec<Range<usize>> {
    let (map, file) = one(text);
    let mut found = Vec::new();
    for tree in syntax::trees(&map, file, &mut Vec::new()) {
        gather(&tree, text, &mut found);
    }
    found
}

fn gather(node: &Node, text: &str, found: &mut Vec<Range<usize>>) {
    match &node.kind {
        Kind::Null => {}
        Kind::Scalar(scalar) => {
            let range = scalar.written.start..scalar.written.end;
            let above = text[..range.start].trim_end();
            let keeps = above.ends_with("|+") || above.ends_with(">+") || scalar.fragment.text.ends_with("\n\n");
            let rest = &text[range.end..];
            let below = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            let end = if keeps { range.end + below } else { range.end };
            if text[range.start..end].contains('\n') {
                found.push(range.start..end);
            }
        }
        Kind::Seq(items) => items.iter().for_each(|item| gather(item, text, found)),
        Kind::Map(entries) => entries.iter().for_each(|entry| gather(&entry.value, text, found)),
    }
}
