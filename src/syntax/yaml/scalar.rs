//! Scalars: which byte of a value lay where in the file, for plain and quoted text and `|` blocks.
//!
//! Text that YAML folds (a `>` block, plain or quoted text over several lines) is not mapped: its places are the whole
//! scalar, and expressions may not be written so.

use std::ops::Range;

use super::node::{Planter, Scalar, Style};
use crate::source::Fragment;

/// `(offset in the value, offset in the document)` at every break.
type Breaks = Vec<(usize, usize)>;

/// The scalar at `range` of the document; `value` is the crate's reading, `None` for a plain number or truth value.
pub(super) fn read(planter: &Planter<'_>, range: Range<usize>, indent: usize, value: Option<&str>) -> Scalar {
    let raw = &planter.text[range.clone()];
    let value = value.unwrap_or(raw);
    if let Some((at, sign)) = block_header(planter.text, &range, raw, value) {
        return block(planter, range, indent, value, (at, sign));
    }
    if raw.len() >= 2 && raw.starts_with(['"', '\'']) {
        let inside = range.start + 1..range.end - 1;
        return Scalar {
            fragment: fragment(planter, value, inside, range.start, quoted(raw, value)),
            style: Style::Quoted,
            written: planter.span(range),
        };
    }
    // A number or such on one line: the crate's reading is not what was typed.
    if !raw.contains(['\n', '\r']) {
        return plain(planter, range);
    }
    let written = planter.span(range);
    Scalar { fragment: Fragment::unmapped(value, written), style: Style::Plain, written }
}

/// A text whose breaks count from `start` of the document.
fn fragment(planter: &Planter<'_>, value: &str, range: Range<usize>, start: usize, breaks: Option<Breaks>) -> Fragment {
    let (span, shift) = (planter.span(range), planter.base + start);
    match breaks {
        Some(breaks) => {
            Fragment::new(value.to_owned(), span, breaks.into_iter().map(|(at, raw)| (at, raw + shift)).collect())
        }
        None => Fragment::unmapped(value, span),
    }
}

/// A `|` or `>` block. The crate's place of it runs on to the next key or comment, so its end is worked out here.
fn block(planter: &Planter<'_>, range: Range<usize>, indent: usize, value: &str, header: (usize, char)) -> Scalar {
    let raw = &planter.text[range.clone()];
    let breaks = if header.1 == '|' { literal(raw, value, indent) } else { None };
    let length = breaks.as_ref().and_then(|breaks| breaks.last()).map_or(raw.trim_end().len(), |(_, end)| *end);
    let range = range.start..range.start + length;
    let style = match header {
        (_, '|') => Style::Literal,
        (at, _) => Style::Folded(planter.span(at..at + 1)),
    };
    let written = planter.span(range.clone());
    Scalar { fragment: fragment(planter, value, range.clone(), range.start, breaks), style, written }
}

/// Plain text on one line, as typed.
fn plain(planter: &Planter<'_>, range: Range<usize>) -> Scalar {
    let written = planter.span(range.clone());
    Scalar { fragment: Fragment::verbatim(&planter.text[range], written), style: Style::Plain, written }
}

/// Where the `|` or `>` of a block scalar stands, and which. The crate's place of a block begins at its first line, so
/// the header is looked for above it.
fn block_header(text: &str, range: &Range<usize>, raw: &str, value: &str) -> Option<(usize, char)> {
    let at_end = range.end == text.len() && (!raw.starts_with(['"', '\'']) || raw == value.trim_end_matches('\n'));
    let ends_a_line = raw.trim_end_matches(' ').ends_with(['\n', '\r']);
    if !ends_a_line && (!at_end || raw.is_empty()) {
        return None;
    }
    let line_start = text[..range.start].rfind('\n')? + 1;
    if !text[line_start..range.start].chars().all(|c| c == ' ') {
        return None;
    }
    let mut end = line_start;
    loop {
        let above = text[..end].strip_suffix('\n')?;
        let start = above.rfind('\n').map_or(0, |at| at + 1);
        let line = above[start..].trim_end();
        if !line.trim().is_empty() {
            return header_of(line).map(|(at, sign)| (start + at, sign));
        }
        end = start;
    }
}

/// The block sign that ends `line`, with its indicators and a comment after it.
fn header_of(line: &str) -> Option<(usize, char)> {
    line.match_indices(['|', '>']).find_map(|(at, sign)| {
        let before = line[..at].chars().next_back().is_none_or(char::is_whitespace);
        let after = line[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
        let ends = after.is_empty()
            || after.starts_with([' ', '\t']) && matches!(after.trim_start().chars().next(), None | Some('#'));
        (before && ends).then(|| (at, if sign == "|" { '|' } else { '>' }))
    })
}

/// A `|` block: its lines without their indentation.
fn literal(raw: &str, value: &str, indent: usize) -> Option<Breaks> {
    // Blank lines above the first line of text are in the value, not in the raw text.
    let leading = value.len() - value.trim_start_matches('\n').len();
    let mut breaks: Breaks = (0..leading).map(|at| (at, 0)).collect();
    let (mut from, mut at) = (0, leading);
    for (number, line) in value[leading..].split_inclusive('\n').enumerate() {
        if number > 0 {
            from += raw.get(from..)?.bytes().take(indent).take_while(|byte| *byte == b' ').count();
        }
        breaks.push((at, from));
        let words = line.trim_end_matches('\n');
        if !raw.get(from..)?.starts_with(words) {
            return None;
        }
        from += words.len();
        at += line.len();
        if line.len() > words.len() {
            let rest = &raw[from..];
            from += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with(['\n', '\r'])) };
        }
    }
    breaks.push((at, from));
    breaks.dedup();
    Some(breaks)
}

/// Quoted text on one line: escapes are breaks.
fn quoted(raw: &str, value: &str) -> Option<Breaks> {
    let double = raw.starts_with('"');
    let inside = raw.get(1..raw.len() - 1)?;
    let mut breaks: Breaks = vec![(0, 1)];
    let mut decoded = String::new();
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        let length = match c {
            '\n' | '\r' => return None,
            '\\' if double => {
                let (decoding, length) = escape(&inside[at..])?;
                decoded.push(decoding);
                length
            }
            '\'' if !double => {
                decoded.push('\'');
                2
            }
            c => {
                decoded.push(c);
                continue;
            }
        };
        for _ in 1..inside[at..].get(..length)?.chars().count() {
            chars.next();
        }
        breaks.push((decoded.len(), 1 + at + length));
    }
    breaks.push((decoded.len(), raw.len() - 1));
    breaks.dedup();
    (decoded == value).then_some(breaks)
}

/// The character that an escape of a double-quoted scalar stands for, and the escape's length in bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    let sign = text[1..].chars().next()?;
    let simple = match sign {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '/' | '\\' => sign,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' | 'u' | 'U' => {
            let digits = match sign {
                'x' => 2,
                'u' => 4,
                _ => 8,
            };
            let number = u32::from_str_radix(text.get(2..2 + digits)?, 16).ok()?;
            return char::from_u32(number).map(|c| (c, 2 + digits));
        }
        _ => return None,
    };
    Some((simple, 1 + sign.len_utf8()))
}
