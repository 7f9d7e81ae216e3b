//! What the grammar wanted, in words: a pest error → one diagnostic at the offending word.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::Rule;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Fragment;
use crate::syntax::word;

/// The diagnostic of a text that the grammar refuses and in which no likely mistake was found.
pub(super) fn unexpected(text: &Fragment, error: &Error<Rule>) -> Diagnostic {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let rules = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => &[],
    };
    let found = word_at(&text.text, at);
    if found.is_empty() {
        return ends_early(text, rules);
    }
    let place = text.span(at..at + found.len());
    let names_wanted = rules.iter().any(|rule| matches!(phrase(*rule), Some(Phrase::Condition | Phrase::Value)));
    let joins = !names_wanted && rules.iter().any(|rule| phrase(*rule) == Some(Phrase::Connective));
    if word::is_keyword(found) && names_wanted {
        return Diagnostic::error(
            Code::RESERVED_WORD,
            place,
            format!("`{found}` 是语法词，不能作名称"),
            format!("`{found}` is a word of the grammar and cannot be a name"),
        )
        .help(format!("此处应为：{}", list(rules, 0)), format!("expected {}", list(rules, 1)));
    }
    if word::is_name(found) && !word::is_keyword(found) && joins && follows_condition(&text.text, at) {
        return Diagnostic::error(
            Code::MISSING_CONNECTIVE,
            place,
            format!("`{found}` 之前缺少连接词"),
            format!("no word stands before `{found}`"),
        )
        .help("两个条件之间写 `and`、`or` 或 `then`", "write `and`, `or` or `then` between two conditions");
    }
    let diagnostic = Diagnostic::error(
        Code::UNEXPECTED,
        place,
        format!("此处不能是 `{found}`"),
        format!("`{found}` cannot stand here"),
    );
    if rules.contains(&Rule::kw_where) && found.starts_with(['=', '<', '>', '!']) {
        return diagnostic.help(
            "比较写在 `where` 之后，例如 `denied where status = 5`",
            "a comparison stands after `where`, as in `denied where status = 5`",
        );
    }
    diagnostic.help(format!("此处应为：{}", list(rules, 0)), format!("expected {}", list(rules, 1)))
}

fn ends_early(text: &Fragment, rules: &[Rule]) -> Diagnostic {
    let end = text.text.trim_end().len();
    let last = text.text[..end].split_whitespace().next_back().unwrap_or_default();
    Diagnostic::error(
        Code::UNEXPECTED,
        text.span(end - last.len()..end),
        format!("条件在 `{last}` 之后没有写完"),
        format!("the condition ends after `{last}`"),
    )
    .help(format!("后面应为：{}", list(rules, 0)), format!("expected after it: {}", list(rules, 1)))
}

/// Whether what stands before `at` could end a condition (a name or a closing parenthesis).
fn follows_condition(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end();
    let last = before.rsplit(|c: char| !word::is_letter_or_digit(c)).next().unwrap_or_default();
    before.ends_with([')', '"']) || (!last.is_empty() && !word::is_keyword(last))
}

/// The word, number or sign that begins at `at`.
fn word_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let wordlike = |c: char| word::is_letter_or_digit(c) || c == '.' || c == '/';
    let length = rest.find(|c: char| !wordlike(c)).unwrap_or(rest.len());
    if length > 0 {
        return &rest[..length];
    }
    let sign = rest.find(|c: char| !"=<>!&|~".contains(c)).unwrap_or(rest.len());
    let length = if sign > 0 { sign } else { rest.chars().next().map_or(0, char::len_utf8) };
    if rest.trim().is_empty() { "" } else { &rest[..length] }
}

/// What a rule of the grammar is called by people, in the order it is listed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phrase {
    Condition,
    RuleName,
    Comparison,
    Value,
    Count,
    Window,
    List,
    Text,
    Connective,
    Word(&'static str),
    End,
}

impl Phrase {
    fn words(self) -> (String, String) {
        let (zh, en) = match self {
            Phrase::Condition => ("证据的名称或括号中的条件", "a name of evidence or a condition in parentheses"),
            Phrase::RuleName => ("规则的名称", "the name of a rule"),
            Phrase::Comparison => ("比较（如 `= 5`）", "a comparison (such as `= 5`)"),
            Phrase::Value => ("捕获、数值或引号中的文字", "a capture, a number or a text in quotes"),
            Phrase::Count => ("次数", "a count"),
            Phrase::Window => ("时长（如 `5s`）", "a duration (such as `5s`)"),
            Phrase::List => ("`(`", "`(`"),
            Phrase::Text => ("引号中的文字", "a text in quotes"),
            Phrase::Connective => ("`and`、`or`、`then`", "`and`, `or`, `then`"),
            Phrase::Word(word) => return (format!("`{word}`"), format!("`{word}`")),
            Phrase::End => ("结尾", "the end"),
        };
        (zh.to_owned(), en.to_owned())
    }
}

/// The phrases of `rules` as a list; `lang` 0 is Chinese, 1 English.
fn list(rules: &[Rule], lang: usize) -> String {
    let mut phrases: Vec<Phrase> = rules.iter().filter_map(|rule| phrase(*rule)).collect();
    phrases.sort_unstable();
    phrases.dedup();
    let words: Vec<String> =
        phrases.into_iter().map(Phrase::words).map(|(zh, en)| if lang == 0 { zh } else { en }).collect();
    let (comma, or) = if lang == 0 { ("、", "或") } else { (", ", " or ") };
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{}{or}{last}", rest.join(comma)),
        None => if lang == 0 { "条件" } else { "a condition" }.to_owned(),
    }
}

/// What a rule of the grammar is called; `None` for one that is never missed by itself.
fn phrase(rule: Rule) -> Option<Phrase> {
    Some(match rule {
        Rule::disjunction
        | Rule::conjunction
        | Rule::negation
        | Rule::sequence
        | Rule::nearness
        | Rule::counting
        | Rule::nearest
        | Rule::filtered
        | Rule::primary
        | Rule::group
        | Rule::name
        | Rule::whole_condition => Phrase::Condition,
        Rule::filter
        | Rule::filter_and
        | Rule::filter_not
        | Rule::filter_group
        | Rule::comparison
        | Rule::operand
        | Rule::path
        | Rule::literal
        | Rule::whole_filter => Phrase::Value,
        Rule::op_in | Rule::op_matches | Rule::op_word | Rule::op_sign | Rule::present => Phrase::Comparison,
        Rule::text | Rule::content => Phrase::Text,
        Rule::window => Phrase::Window,
        Rule::count => Phrase::Count,
        Rule::rule_name => Phrase::RuleName,
        Rule::list | Rule::operands => Phrase::List,
        Rule::kw_and | Rule::kw_or | Rule::step | Rule::kw_then => Phrase::Connective,
        Rule::bound | Rule::near | Rule::kw_within => Phrase::Word("within"),
        Rule::in_section | Rule::in_attempt | Rule::kw_in => Phrase::Word("in"),
        Rule::kw_of => Phrase::Word("of"),
        Rule::kw_where => Phrase::Word("where"),
        Rule::kw_as => Phrase::Word("as"),
        Rule::kw_least => Phrase::Word("least"),
        Rule::kw_one => Phrase::Word("one"),
        Rule::kw_section => Phrase::Word("section"),
        Rule::kw_attempt => Phrase::Word("attempt"),
        Rule::kw_before => Phrase::Word("before"),
        Rule::kw_after => Phrase::Word("after"),
        Rule::kw_with => Phrase::Word("with"),
        Rule::kw_present => Phrase::Word("present"),
        Rule::EOI => Phrase::End,
        _ => return None,
    })
}
