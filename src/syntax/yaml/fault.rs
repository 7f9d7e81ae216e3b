//! A fault of the YAML crate → a diagnostic at the right byte, in both languages.

use serde_yaml::Error;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The crate's complaints that authors meet, by a part of their text, and what to call them.
const KNOWN: [(&str, &str, &str); 15] = [
    (
        "mapping values are not allowed",
        "这里不能再有“键: 值”；含 `: ` 的文字请加引号",
        "a second `key: value` cannot stand here; quote a text that holds `: `",
    ),
    (
        "illegal placement of ':'",
        "冒号的位置不对；前面多半有没闭合的括号或引号",
        "a colon cannot stand here; most likely a bracket or quote before it is open",
    ),
    ("unclosed quote", "引号没有闭合", "this quote is not closed"),
    (
        "quoted scalar, found unknown escape",
        "双引号里没有这种转义；反斜杠写作 `\\\\`，或改用单引号",
        "double quotes know no such escape; write a backslash as `\\\\`, or use single quotes",
    ),
    (
        "quoted scalar, did not find expected hexadecimal",
        "转义 `\\x`、`\\u` 之后应为十六进制数字",
        "hexadecimal digits follow `\\x` and `\\u`",
    ),
    ("quoted scalar", "引号没有闭合，或下一行没有缩进", "this quote is not closed, or the next line is not indented"),
    ("unclosed bracket", "括号没有闭合", "this bracket is not closed"),
    ("flow sequence", "列表里缺少 `,` 或 `]`", "a `,` or `]` is missing in the list"),
    ("flow mapping", "花括号表里缺少 `,` 或 `}`", "a `,` or `}` is missing in the map"),
    ("tab", "缩进不能用制表符，请用空格", "indentation is blanks, not tabs"),
    (
        "block mapping, did not find expected key",
        "缩进与上面的键不一致，或这里应为一个键",
        "the indentation does not fit the keys above, or a key is missing here",
    ),
    ("did not find expected '-'", "缩进与上面的列表项不一致", "the indentation does not fit the items above"),
    ("simple key expected", "这一行应为“键: 值”", "this line should be `key: value`"),
    (
        "unexpected character",
        "普通文本不能以这个字符开头，请加引号",
        "a plain text cannot begin with this character: quote it",
    ),
    ("wrongly indented line in block", "块里的这一行缩进不够", "this line of the block is indented too little"),
];

/// The diagnostic of `error`, which the document `text`, beginning at byte `base` of the file, has caused.
pub(super) fn diagnostic(error: &Error, file: FileId, text: &str, base: usize) -> Diagnostic {
    let error = error.without_snippet();
    let at = offset(error, text);
    let span = |at: usize| {
        let length = text[at..].chars().next().filter(|c| !c.is_control()).map_or(0, char::len_utf8);
        Span::new(file, base + at..base + at + length)
    };
    match error {
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. } => return too_large(span(at)),
        Error::UnknownAnchor { .. } => return unknown_anchor(file, text, base, at),
        Error::DuplicateMappingKey { .. } => {
            let (zh, en) = ("键重复", "the key stands twice");
            return Diagnostic::error(Code::DUPLICATE_KEY, word(file, text, base, at), zh, en);
        }
        _ => {}
    }
    let complaint = complaint(error);
    if complaint.contains("limit") || complaint.contains("budget") {
        return too_large(span(at));
    }
    let at = if complaint.contains("quoted scalar") && !complaint.contains("escape") { opening(text, at) } else { at };
    let known = KNOWN.iter().find(|(part, _, _)| complaint.contains(part));
    let (zh, en) = match known {
        Some((_, zh, en)) => ((*zh).to_owned(), (*en).to_owned()),
        None => (format!("YAML 语法错误：{complaint}"), complaint),
    };
    Diagnostic::error(Code::YAML_SYNTAX, span(at), zh, en)
}

fn too_large(span: Span) -> Diagnostic {
    let zh = "文档过大、嵌套过深或别名过多";
    let en = "the document is too large, nests too deeply or has too many aliases";
    Diagnostic::error(Code::YAML_LIMIT, span, zh, en)
}

fn unknown_anchor(file: FileId, text: &str, base: usize, at: usize) -> Diagnostic {
    let span = word(file, text, base, at);
    let name = &text[at..at + (span.end - span.start)];
    let (zh, en) = (format!("没有锚点 `{name}`"), format!("there is no anchor for `{name}`"));
    Diagnostic::error(Code::UNKNOWN_ANCHOR, span, zh, en)
        .help("以 `*` 开头的普通文本请加引号", "quote a plain text that begins with `*`")
}

/// The crate's words, without the place it adds.
fn complaint(error: &Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let end = line.find(" at line ").or_else(|| line.find(", line ")).unwrap_or(line.len());
    let start = line[..end].strip_prefix("error: ").map_or(0, |rest| end - rest.len());
    line[start..end].to_owned()
}

/// The byte of `text` that the error is about; its end when the error has no place.
fn offset(error: &Error, text: &str) -> usize {
    let Some(span) = error.location().map(|location| location.span()) else { return text.trim_end().len() };
    let characters = usize::try_from(span.offset()).unwrap_or(usize::MAX);
    let at = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    // A complaint about the end stands after the last text, not on an empty line below it.
    if text[at..].trim().is_empty() { text.trim_end().len() } else { at }
}

/// The place of the word at `at`: to the next blank or separator.
fn word(file: FileId, text: &str, base: usize, at: usize) -> Span {
    let length = text[at..].find(|c: char| c.is_whitespace() || ",]}:".contains(c)).unwrap_or(text.len() - at);
    Span::new(file, base + at..base + at + length)
}

/// The opening of the quoted text that is still open at `at`.
fn opening(text: &str, at: usize) -> usize {
    let before = &text[..at];
    let opens =
        |index: usize| before[..index].chars().next_back().is_none_or(|c| c.is_whitespace() || "[{,:-(".contains(c));
    let found = before.rmatch_indices(['"', '\'']).map(|(index, _)| index).find(|index| opens(*index));
    found.unwrap_or(at)
}
