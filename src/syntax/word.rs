//! The words of the condition grammar, which therefore are no names, and lengths of time.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Every word of `grammar/condition.pest`; a test compares the two.
pub(super) const KEYWORDS: [&str; 28] = [
    "and", "or", "not", "then", "within", "of", "at", "least", "any", "all", "last", "before", "first", "after", "in",
    "one", "section", "attempt", "where", "contains", "starts", "ends", "with", "matches", "is", "present", "finding",
    "as",
];

/// Every word of the condition grammar.
#[must_use]
pub fn keywords() -> &'static [&'static str] {
    &KEYWORDS
}

/// Whether `text` is a word of the condition grammar.
#[must_use]
pub fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

/// Whether a document can be called `text`: letters, digits, `-`, `_`, `.` and `/`, and no word of the grammar.
#[must_use]
pub fn is_document_name(text: &str) -> bool {
    let belongs = |c: char| is_letter_or_digit(c) || c == '.' || c == '/';
    !text.is_empty() && text.chars().all(belongs) && !is_keyword(text)
}

/// Whether a condition can name `text`: letters, digits, `-` and `_`, beginning with a letter or `_`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.starts_with(is_letter) && text.chars().all(is_letter_or_digit)
}

/// A letter of a name.
pub(super) fn is_letter(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// A letter, digit or `-` of a name.
pub(super) fn is_letter_or_digit(c: char) -> bool {
    is_letter(c) || c.is_ascii_digit() || c == '-'
}

const UNITS: [(&str, i64); 7] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

/// Units people write, and the right one.
const LIKELY: [(&str, &str); 23] = [
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("S", "s"),
    ("秒", "s"),
    ("秒钟", "s"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("M", "m"),
    ("分", "m"),
    ("分钟", "m"),
    ("hour", "h"),
    ("hours", "h"),
    ("H", "h"),
    ("小时", "h"),
    ("day", "d"),
    ("days", "d"),
    ("D", "d"),
    ("天", "d"),
    ("msec", "ms"),
];

/// A length of time such as `250ms`, in nanoseconds; `None`, and reported, for what is none.
pub(super) fn duration(text: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<i64> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    if let Some(factor) = factor.filter(|_| digits > 0) {
        let length = number.parse::<i64>().ok().and_then(|number| number.checked_mul(factor));
        if length.is_none() {
            diagnostics.push(too_long(text, span));
        }
        return length;
    }
    diagnostics.push(malformed(text, number, unit.trim(), span));
    None
}

fn too_long(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::BAD_DURATION,
        span,
        format!("时长 `{text}` 过大"),
        format!("the duration `{text}` is too long"),
    )
    .help("最大约 292 年（106751d）", "the longest is about 292 years (106751d)")
}

fn malformed(text: &str, number: &str, unit: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Code::BAD_DURATION,
        span,
        format!("`{text}` 不是时长"),
        format!("`{text}` is not a duration"),
    )
    .help("时长写作整数加单位：250ms、5s、3m、2h、1d", "write a whole number and a unit: 250ms, 5s, 3m, 2h, 1d");
    let known = UNITS.iter().map(|(name, _)| (*name, *name)).chain(LIKELY).find(|(name, _)| *name == unit);
    match known {
        Some((_, right)) if !number.is_empty() => diagnostic.fix(span, format!("{number}{right}")),
        _ => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    fn read(text: &str) -> (Option<i64>, Vec<Diagnostic>) {
        let mut map = SourceMap::new();
        let file = map.add("x", text);
        let mut diagnostics = Vec::new();
        let length = duration(text, Span::new(file, 0..text.len()), &mut diagnostics);
        (length, diagnostics)
    }

    #[test]
    fn lengths_are_nanoseconds() {
        for (text, nanoseconds) in
            [("100ns", 100), ("250ms", 250_000_000), ("5s", 5_000_000_000), ("1d", 86_400_000_000_000)]
        {
            assert_eq!(read(text), (Some(nanoseconds), vec![]));
        }
    }

    #[test]
    fn what_is_no_length_is_mended_where_it_can_be() {
        let fix = |text| read(text).1[0].fix.clone().map(|fix| fix.text);
        assert_eq!(fix("5 sec"), Some("5s".into()));
        assert_eq!(fix("10minutes"), Some("10m".into()));
        assert_eq!(fix("5"), None);
        assert_eq!(fix("5x"), None);
        assert_eq!(read("200000d").0, None);
        assert_eq!(read("99999999999999999999s").1.len(), 1);
    }

    #[test]
    fn the_words_are_those_of_the_grammar() {
        let grammar = include_str!("../../grammar/condition.pest");
        let mut words: Vec<&str> =
            grammar.lines().filter_map(|line| line.strip_prefix("kw_")?.split_whitespace().next()).collect();
        let mut known = KEYWORDS.to_vec();
        words.sort_unstable();
        known.sort_unstable();
        assert_eq!(words, known);
    }
}
