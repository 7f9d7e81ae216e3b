//! What is wrong with a pattern that the grammar refuses: every faulty hole and brace, each at its own place.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Fragment;
use crate::syntax::word;

/// Faults of one pattern at the most: a text with more of them is no pattern.
const MOST: usize = 20;

/// All faults of the braces of `text`.
pub(super) fn find(text: &Fragment) -> Vec<Diagnostic> {
    let source = &text.text;
    let mut found = Vec::new();
    let mut at = 0;
    while found.len() < MOST
        && let Some(next) = source[at..].find(['{', '}']).map(|step| at + step)
    {
        let rest = &source[next..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            at = next + 2;
        } else if rest.starts_with('}') {
            found.push(stray(text, next));
            at = next + 1;
        } else {
            let (end, fault) = hole(text, next);
            found.extend(fault);
            at = end;
        }
    }
    if found.is_empty() {
        // Not reached while grammar and scan agree; a refusal without a word would be worse than a vague one.
        found.push(bad_hole(text, 0..source.len(), "行模式写法有误", "malformed pattern"));
    }
    found
}

/// Looks at the hole that opens at `open`: where to go on, and its fault.
fn hole(text: &Fragment, open: usize) -> (usize, Option<Diagnostic>) {
    let inside = &text.text[open + 1..];
    let named = inside.find(|c| !word::is_letter_or_digit(c)).unwrap_or(inside.len());
    if inside[named..].starts_with(":/") {
        return regex_hole(text, open, open + 1 + named + 2);
    }
    match inside.find(['{', '}']) {
        Some(length) if inside[length..].starts_with('}') => {
            let range = open + 1..open + 1 + length;
            (range.end + 1, content(text, range))
        }
        other => {
            let end = other.map_or(text.text.len(), |length| open + 1 + length);
            (end, Some(unclosed(text, open, &inside[..named])))
        }
    }
}

/// A hole `{name:/regex/}` whose expression begins at `begin`.
fn regex_hole(text: &Fragment, open: usize, begin: usize) -> (usize, Option<Diagnostic>) {
    let bytes = text.text.as_bytes();
    let mut at = begin;
    while at < bytes.len() && bytes[at] != b'/' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    if at >= bytes.len() {
        let span = text.span(open..begin);
        let (zh, en) =
            ("这里开始的正则没有以 `/}` 结束", "the regular expression that begins here does not end with `/}`");
        let fault = Diagnostic::error(Code::UNCLOSED_REGEX, span, zh, en)
            .help("正则里的 `/` 写作 `\\/`", "a `/` inside it is written `\\/`");
        return (bytes.len(), Some(fault));
    }
    if bytes.get(at + 1) == Some(&b'}') {
        let empty = at == begin;
        let fault = empty.then(|| bad_hole(text, open..at + 2, "正则为空", "the regular expression is empty"));
        return (at + 2, fault.or_else(|| content_name(text, open + 1..begin - 2)));
    }
    let fault = bad_hole(
        text,
        at..at + 1,
        "正则在此结束，后面应为 `}`",
        "the regular expression ends here, and `}` must follow",
    )
    .help("正则里的 `/` 写作 `\\/`", "a `/` inside it is written `\\/`");
    let end = text.text[at..].find('}').map_or(bytes.len(), |step| at + step + 1);
    (end, Some(fault))
}

/// The fault of a closed hole's content, if it has one.
fn content(text: &Fragment, range: Range<usize>) -> Option<Diagnostic> {
    let inside = &text.text[range.clone()];
    let Some(colon) = inside.find(':') else { return content_name(text, range) };
    let (name, kind) = (range.start..range.start + colon, range.start + colon + 1..range.end);
    let accepts = &text.text[kind.clone()];
    if let Some(fault) = content_name(text, name.clone()) {
        return Some(fault);
    }
    if accepts.is_empty() {
        return Some(bad_hole(text, name.end..kind.start, "冒号之后缺少类型", "no type stands after the colon"));
    }
    if accepts.starts_with('%') {
        let (zh, en) = ("时间格式须有名称：`{time:%Y-%m-%d}`", "a time format needs a name: `{time:%Y-%m-%d}`");
        return name.is_empty().then(|| bad_hole(text, kind, zh, en));
    }
    if word::is_name(accepts) {
        return None;
    }
    let fault = bad_hole(text, kind.clone(), "类型写法有误", "malformed type");
    let trimmed = accepts.trim();
    Some(if word::is_name(trimmed) { fault.fix(text.span(kind), trimmed) } else { fault })
}

fn content_name(text: &Fragment, range: Range<usize>) -> Option<Diagnostic> {
    let name = &text.text[range.clone()];
    if name.is_empty() || word::is_name(name) {
        return None;
    }
    let (zh, en) = (format!("`{name}` 不是空位的名称"), format!("`{name}` is no name of a hole"));
    let fault = bad_hole(text, range.clone(), zh, en);
    let trimmed = name.trim();
    if trimmed.is_empty() || word::is_name(trimmed) {
        return Some(fault.fix(text.span(range), trimmed));
    }
    Some(fault.help(
        "名称由字母、数字、`-`、`_` 组成；字面的花括号写作 `{{` 和 `}}`",
        "a name is letters, digits, `-` and `_`; literal braces are written `{{` and `}}`",
    ))
}

fn bad_hole(text: &Fragment, range: Range<usize>, zh: impl Into<String>, en: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::BAD_HOLE, text.span(range), zh, en)
}

fn unclosed(text: &Fragment, open: usize, name: &str) -> Diagnostic {
    let (zh, en) = ("花括号没有闭合", "this brace is not closed");
    Diagnostic::error(Code::UNCLOSED_HOLE, text.span(open..open + 1), zh, en).help(
        format!("补上 `}}`，例如 `{{{name}}}`；字面的花括号写作 `{{{{`"),
        format!("add a `}}`, as in `{{{name}}}`; a literal brace is written `{{{{`"),
    )
}

fn stray(text: &Fragment, at: usize) -> Diagnostic {
    let span = text.span(at..at + 1);
    let (zh, en) = ("多余的右花括号", "no hole is open before this brace");
    Diagnostic::error(Code::STRAY_BRACE, span, zh, en)
        .help("字面的花括号写作 `}}`", "a literal brace is written `}}`")
        .fix(span, "}}")
}
