//! Windows and UNC paths in people's sentences.
//!
//! In prose a path without quotes ends at a blank, a Chinese character or punctuation; a blank is taken along only
//! where a backslash follows in the next words (`C:\Program Files\…`). Between quotes it is what stands between them.

use crate::value::{Type, Value};

/// Words behind a blank that may still belong to a path.
const WORDS: usize = 3;

/// Characters behind a blank that are looked at.
const NEAR: usize = 200;

/// Bytes of a path at the most.
const LONGEST: usize = 1024;

/// Calls `found` for every path in `line`.
pub(super) fn find(line: &str, mut found: impl FnMut(&Value)) {
    let mut from = 0;
    while let Some(start) = next_start(line, from) {
        let end = end(line, start);
        from = end.max(start + 1);
        let text = line[start..end].trim_end_matches(['.', ',', ';', ':', ')', '\\', '-', '!', '?']);
        // A drive alone names nothing.
        if text.len() > 3
            && let Some(path) = Type::Path.read(text)
        {
            found(&path);
        }
    }
}

/// Where the next path begins: `C:\`, `\\server`, `%windir%\`.
fn next_start(line: &str, from: usize) -> Option<usize> {
    let mut from = from;
    while let Some(at) = line.get(from..)?.find('\\').map(|at| from + at) {
        let before = &line[..at];
        let drive = before.strip_suffix(':').and_then(|rest| rest.chars().next_back().map(|letter| (rest, letter)));
        if let Some((rest, letter)) = drive
            && letter.is_ascii_alphabetic()
            && !rest[..rest.len() - 1].ends_with(|c: char| c.is_ascii_alphanumeric())
        {
            return Some(at - 2);
        }
        if let Some(open) = before.strip_suffix('%').and_then(|rest| rest.rfind('%'))
            && before[open + 1..before.len() - 1].chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && before.len() > open + 2
        {
            return Some(open);
        }
        let server = line[at + 1..].strip_prefix('\\');
        if server.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric())) && !before.ends_with('\\') {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Where the path that begins at `start` ends.
fn end(line: &str, start: usize) -> usize {
    let limit = line.len().min(start + LONGEST);
    let quote = line[..start].chars().next_back().and_then(closing);
    let mut at = start;
    for (place, c) in line[start..].char_indices() {
        at = start + place;
        if at >= limit || quote == Some(c) {
            return at;
        }
        let ends = match c {
            '<' | '>' | '"' | '|' | '?' | '*' => true,
            ':' => place != 1 && place != 5,
            _ if quote.is_some() => false,
            ' ' | '\t' => !goes_on(&line[at..]),
            '\'' | '`' => true,
            _ => !c.is_ascii(),
        };
        if ends {
            return at;
        }
        at += c.len_utf8();
    }
    at
}

/// Whether the words behind a blank belong to the path before it.
fn goes_on(rest: &str) -> bool {
    let near = rest.char_indices().nth(NEAR).map_or(rest, |(at, _)| &rest[..at]);
    for word in near.strip_prefix([' ', '\t']).unwrap_or(near).split(' ').take(WORDS) {
        let stops = |c: char| !c.is_ascii() || "<>:\"'|?*,;".contains(c);
        match (word.find(stops), word.find('\\')) {
            (_, Some(0)) | (Some(_), None) => return false,
            (Some(stop), Some(slash)) => return slash < stop,
            (None, Some(_)) => return true,
            (None, None) if word.is_empty() => return false,
            (None, None) => {}
        }
    }
    false
}

/// The quote that closes what `open` opens.
fn closing(open: char) -> Option<char> {
    match open {
        '"' | '\'' | '`' => Some(open),
        '“' => Some('”'),
        '‘' => Some('’'),
        '「' => Some('」'),
        '『' => Some('』'),
        _ => None,
    }
}
