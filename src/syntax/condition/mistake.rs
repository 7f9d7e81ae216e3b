//! What people write instead: operators of other languages, capitals, full-width punctuation, brackets and quotes
//! without a partner. Looked for only in a text that the grammar has refused, all at once, each with its fix.
//!
//! A cheap scan over words and signs; it decides nothing about meaning.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Fragment;
use crate::syntax::word;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Open,
    Close,
    Text,
    UnclosedText,
    SingleQuoted,
    FullWidth,
    Sign,
    Other,
}

struct Token {
    kind: Kind,
    range: Range<usize>,
}

/// Words and signs of other languages, and ours.
const FOREIGN: [(&str, &str); 26] = [
    ("==", "="),
    ("===", "="),
    ("!==", "!="),
    ("<>", "!="),
    ("=<", "<="),
    ("=~", "matches"),
    ("&&", "and"),
    ("&", "and"),
    ("||", "or"),
    ("|", "or"),
    ("!", "not"),
    ("->", "then"),
    ("=>", "then"),
    ("且", "and"),
    ("并且", "and"),
    ("和", "and"),
    ("与", "and"),
    ("或", "or"),
    ("或者", "or"),
    ("非", "not"),
    ("不", "not"),
    ("然后", "then"),
    ("equals", "="),
    ("like", "matches"),
    ("exists", "is present"),
    ("unless", "and not"),
];

const FULL_WIDTH: [(char, char); 19] = [
    ('（', '('),
    ('）', ')'),
    ('，', ','),
    ('、', ','),
    ('“', '"'),
    ('”', '"'),
    ('‘', '"'),
    ('’', '"'),
    ('＂', '"'),
    ('＝', '='),
    ('！', '!'),
    ('＜', '<'),
    ('＞', '>'),
    ('．', '.'),
    ('。', '.'),
    ('：', ':'),
    ('；', ','),
    ('－', '-'),
    ('\u{3000}', ' '),
];

/// Mistakes of one condition at the most: a text with more of them is no condition.
const MOST: usize = 20;

/// Every likely mistake of `text`, in order.
pub(super) fn find(text: &Fragment) -> Vec<Diagnostic> {
    let tokens = tokens(&text.text);
    let mut found: Vec<(usize, Diagnostic)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if let Some(diagnostic) = mistake(text, &tokens, index) {
            found.push((token.range.start, diagnostic));
        }
    }
    // After an open quote nothing is known of what stands in it.
    if tokens.iter().all(|token| token.kind != Kind::UnclosedText) {
        found.extend(brackets(text, &tokens));
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().take(MOST).map(|(_, diagnostic)| diagnostic).collect()
}

/// The place where `text` nests deeper than `limit`, counting parentheses and `not`.
pub(super) fn too_deep(text: &str, limit: usize) -> Option<Range<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let (mut depth, mut denied) = (0usize, 0usize);
    for token in tokens(text) {
        match token.kind {
            Kind::Word if &text[token.range.clone()] == "not" => denied += 1,
            Kind::Open => {
                open.push(denied + 1);
                depth += denied + 1;
                denied = 0;
            }
            Kind::Close => {
                depth -= open.pop().unwrap_or(0);
                denied = 0;
            }
            _ => denied = 0,
        }
        if depth + denied > limit {
            return Some(token.range);
        }
    }
    None
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let run = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (kind, length) = match first {
            '"' => quoted(rest),
            '\'' => match rest[1..].find('\'') {
                Some(end) => (Kind::SingleQuoted, end + 2),
                None => (Kind::Other, 1),
            },
            '(' => (Kind::Open, 1),
            ')' => (Kind::Close, 1),
            '-' if rest.starts_with("->") => (Kind::Sign, 2),
            c if FULL_WIDTH.iter().any(|(wide, _)| *wide == c) => (Kind::FullWidth, c.len_utf8()),
            c if word::is_letter_or_digit(c) => (Kind::Word, run(|c| word::is_letter_or_digit(c) || ".:/".contains(c))),
            c if is_sign(c) => (Kind::Sign, run(is_sign)),
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            c => (Kind::Other, c.len_utf8()),
        };
        tokens.push(Token { kind, range: at..at + length });
        at += length;
    }
    tokens
}

fn is_sign(c: char) -> bool {
    "=!<>&|~".contains(c)
}

/// A text in quotes, `\"` and `\\` skipped.
fn quoted(rest: &str) -> (Kind, usize) {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return (Kind::Text, at + 1),
            b'\\' if matches!(bytes.get(at + 1), Some(b'"' | b'\\')) => at += 2,
            _ => at += 1,
        }
    }
    (Kind::UnclosedText, rest.len())
}

fn mistake(text: &Fragment, tokens: &[Token], index: usize) -> Option<Diagnostic> {
    let token = &tokens[index];
    let written = &text.text[token.range.clone()];
    let next = tokens.get(index + 1).map(|token| (token, &text.text[token.range.clone()]));
    match token.kind {
        Kind::UnclosedText => Some(unclosed_quote(text, token)),
        Kind::SingleQuoted => Some(single_quotes(text, token)),
        Kind::FullWidth => full_width(text, token),
        Kind::Sign => foreign(text, token.range.clone(), written),
        Kind::Word => match next {
            Some((by, "by")) if written == "followed" => replace(text, token.range.start..by.range.end, "then"),
            Some((not, "not")) if written == "is" => replace(text, token.range.start..not.range.end, "!="),
            Some((_, next)) if written == "is" && next != "present" => replace(text, token.range.clone(), "="),
            _ => foreign(text, token.range.clone(), written).or_else(|| capitals(text, token)),
        },
        _ => None,
    }
}

fn foreign(text: &Fragment, range: Range<usize>, written: &str) -> Option<Diagnostic> {
    let (_, right) = FOREIGN.iter().find(|(foreign, _)| *foreign == written)?;
    replace(text, range, right)
}

fn replace(text: &Fragment, range: Range<usize>, right: &str) -> Option<Diagnostic> {
    let written = text.text.get(range.clone())?;
    let span = text.span(range.clone());
    let is_wordlike = right.starts_with(char::is_alphabetic);
    let glued = text.text[range.end..].starts_with(|c: char| !c.is_whitespace());
    let before = text.text[..range.start].ends_with(|c: char| !c.is_whitespace() && c != '(');
    let pad = |wanted: bool| if wanted && is_wordlike { " " } else { "" };
    Some(
        Diagnostic::error(
            Code::FOREIGN_OPERATOR,
            span,
            format!("这里不用 `{written}`，写 `{right}`"),
            format!("`{written}` is not used here: write `{right}`"),
        )
        .fix(span, format!("{}{right}{}", pad(before), pad(glued))),
    )
}

fn capitals(text: &Fragment, token: &Token) -> Option<Diagnostic> {
    let written = &text.text[token.range.clone()];
    let right = written.to_ascii_lowercase();
    if right == written || !word::is_keyword(&right) {
        return None;
    }
    let span = text.span(token.range.clone());
    Some(
        Diagnostic::error(
            Code::UPPER_CASE_WORD,
            span,
            format!("语法词应小写：`{right}`"),
            format!("the words of the grammar are lower case: `{right}`"),
        )
        .fix(span, right),
    )
}

fn full_width(text: &Fragment, token: &Token) -> Option<Diagnostic> {
    let wide = text.text[token.range.clone()].chars().next()?;
    let (_, right) = FULL_WIDTH.iter().find(|(known, _)| *known == wide)?;
    let span = text.span(token.range.clone());
    Some(
        Diagnostic::error(
            Code::FULL_WIDTH,
            span,
            format!("全角的 `{wide}` 应为半角的 `{right}`"),
            format!("`{wide}` is full-width: write `{right}`"),
        )
        .fix(span, right.to_string()),
    )
}

fn unclosed_quote(text: &Fragment, token: &Token) -> Diagnostic {
    let start = token.range.start;
    let diagnostic = Diagnostic::error(
        Code::UNCLOSED_QUOTE,
        text.span(start..start + 1),
        "引号没有闭合",
        "this quote is not closed",
    );
    if text.text.contains("\\\"") {
        return diagnostic.help(
            "`\\\"` 是引号内的引号；以反斜杠结尾的文字写 `\\\\`",
            "`\\\"` is a quote inside the text; a backslash at the end is written `\\\\`",
        );
    }
    diagnostic.help("在文字的末尾补上 `\"`", "add a `\"` where the text ends")
}

fn single_quotes(text: &Fragment, token: &Token) -> Diagnostic {
    let span = text.span(token.range.clone());
    let inside = &text.text[token.range.start + 1..token.range.end - 1];
    Diagnostic::error(Code::SINGLE_QUOTES, span, "文字用双引号", "a text stands in double quotes")
        .fix(span, format!("\"{}\"", inside.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// Parentheses without a partner; full-width ones count, they are reported by themselves.
fn brackets(text: &Fragment, tokens: &[Token]) -> Vec<(usize, Diagnostic)> {
    let mut open: Vec<Range<usize>> = Vec::new();
    let mut found = Vec::new();
    for token in tokens {
        let start = token.range.start;
        match text.text[token.range.clone()].chars().next() {
            Some('(' | '（') => open.push(token.range.clone()),
            Some(')' | '）') if open.pop().is_none() => {
                let span = text.span(token.range.clone());
                let (zh, en) = ("多余的右括号", "no parenthesis is open before this one");
                found.push((start, Diagnostic::error(Code::STRAY_PARENTHESIS, span, zh, en).fix(span, "")));
            }
            _ => {}
        }
    }
    found.extend(open.into_iter().map(|range| {
        let start = range.start;
        let span = text.span(range);
        let (zh, en) = ("括号没有闭合", "this parenthesis is not closed");
        (start, Diagnostic::error(Code::UNCLOSED_PARENTHESIS, span, zh, en))
    }));
    found
}
