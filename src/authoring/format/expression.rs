//! Conditions and filters: one blank between words, none inside parentheses and before commas. Their lines stay; in a `|`
//! block the lines are indented by what they go on with.

use std::ops::Range;

use super::{Edit, Place};
use crate::syntax::shape::Shape;
use crate::syntax::{Kind, Scalar, Style};

/// What the gaps between the words of all expressions become.
pub(super) fn edits(text: &str, places: &[Place<'_>]) -> Vec<Edit> {
    let mut found = Vec::new();
    for place in places {
        if let (Some(Shape::Condition | Shape::Filter), Kind::Scalar(scalar)) = (place.shape, &place.node.kind) {
            expression(text, scalar, &mut found);
        }
    }
    found
}

fn expression(text: &str, scalar: &Scalar, found: &mut Vec<Edit>) {
    if scalar.fragment.span.end <= scalar.fragment.span.start {
        return;
    }
    let said = &scalar.fragment.text;
    let tokens = tokens(said);
    let Some(first) = tokens.first() else { return };
    let place = |range: Range<usize>| {
        let span = scalar.fragment.span(range);
        span.start..span.end
    };
    let begins = place(first.clone()).start;
    let base = begins - text[..begins].rfind('\n').map_or(0, |at| at + 1);
    let mut depth = 0_usize;
    for pair in tokens.windows(2) {
        let (before, after) = (&said[pair[0].clone()], &said[pair[1].clone()]);
        match before {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let gap = place(pair[0].clone()).end..place(pair[1].clone()).start;
        let Some(now) = text.get(gap.clone()) else { continue };
        if !now.chars().all(char::is_whitespace) {
            continue;
        }
        let right = if now.contains('\n') {
            if scalar.style != Style::Literal {
                continue;
            }
            let further = usize::from(matches!(after, "then" | "within" | "where"));
            let closes = usize::from(after == ")");
            let indent = base + 2 * (depth.saturating_sub(closes) + further);
            let end = if now.contains("\r\n") { "\r\n" } else { "\n" };
            format!("{end}{}", " ".repeat(indent))
        } else {
            between(before, after).to_owned()
        };
        if now != right {
            found.push((gap, right));
        }
    }
}

fn between(before: &str, after: &str) -> &'static str {
    if before == "(" || matches!(after, ")" | ",") { "" } else { " " }
}

/// The words, signs and quoted texts of an expression.
pub(super) fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    while let Some((at, c)) = rest.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut end = at + c.len_utf8();
        if c == '"' {
            let mut escaped = false;
            for (next, inner) in rest.by_ref() {
                end = next + inner.len_utf8();
                if inner == '"' && !escaped {
                    break;
                }
                escaped = inner == '\\' && !escaped;
            }
        } else if word(c) {
            while let Some((next, inner)) = rest.next_if(|(_, inner)| word(*inner)) {
                end = next + inner.len_utf8();
            }
        } else if matches!(c, '!' | '<' | '>')
            && let Some((next, _)) = rest.next_if(|(_, inner)| *inner == '=')
        {
            end = next + 1;
        }
        found.push(at..end);
    }
    found
}
