//! How an expectation that was not met is shown: on one line where both sides are short, else line by line, with the
//! words marked that changed inside a line; Chinese text character by character.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

use crate::diagnostic::render::View;
use crate::lang::Lang;
use crate::regression::Difference;

/// Unchanged lines shown around a change.
const CONTEXT: usize = 1;

/// Shows a difference.
pub(super) fn shown(difference: &Difference, view: View) -> String {
    let Difference { what, expected, actual } = difference;
    if !expected.contains('\n') && !actual.contains('\n') {
        let (expected, actual) = (visible(expected), visible(actual));
        return match view.lang {
            // A snapshot that is not there yet, or one that nothing writes.
            _ if expected.is_empty() => format!("    {what}:\n      + {actual}\n"),
            _ if actual.is_empty() => format!("    {what}:\n      - {expected}\n"),
            Lang::Zh => format!("    {what}：应为 {expected}，实为 {actual}\n"),
            Lang::En => format!("    {what}: expected {expected}, got {actual}\n"),
        };
    }
    let (expected, actual) = (visible(expected), visible(actual));
    let mut text = format!("    {what}:\n");
    let old: Vec<&str> = expected.split_inclusive('\n').collect();
    let new: Vec<&str> = actual.split_inclusive('\n').collect();
    let operations = capture_diff_slices(Algorithm::Patience, &old, &new);
    for operation in group_diff_ops(operations, CONTEXT).iter().flatten() {
        lines(operation, &old, &new, view.coloured, &mut text);
    }
    text
}

/// What a log or mail holds cannot steer a terminal.
fn visible(text: &str) -> String {
    text.replace(|char: char| char.is_control() && !matches!(char, '\n' | '\t'), "\u{FFFD}")
}

fn lines(op: &DiffOp, old: &[&str], new: &[&str], coloured: bool, text: &mut String) {
    let (before, after) = (&old[op.old_range()], &new[op.new_range()]);
    let mut put = |mark: char, style: Style, lines: &[&str]| {
        for line in lines {
            let line = line.trim_end_matches('\n');
            let _ = if coloured {
                writeln!(text, "      {style}{mark} {line}{style:#}")
            } else {
                writeln!(text, "      {mark} {line}")
            };
        }
    };
    match op.tag() {
        DiffTag::Equal => put(' ', Style::new(), before),
        DiffTag::Delete => put('-', removed(), before),
        DiffTag::Insert => put('+', added(), after),
        DiffTag::Replace => {
            let marked = words(&before.concat(), &after.concat(), coloured);
            let marked: Vec<&str> = marked.lines().collect();
            put('~', Style::new(), &marked);
        }
    }
}

fn removed() -> Style {
    AnsiColor::Red.on_default()
}

fn added() -> Style {
    AnsiColor::Green.on_default()
}

/// Both texts in one: what went as `[-…-]`, what came as `{+…+}`, or in colours.
fn words(old: &str, new: &str, coloured: bool) -> String {
    let (old, new) = (tokens(old), tokens(new));
    let mut text = String::new();
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        let (gone, come) = (old[op.old_range()].concat(), new[op.new_range()].concat());
        if op.tag() == DiffTag::Equal {
            text.push_str(&gone);
            continue;
        }
        for (words, marks, style) in [(gone, ("[-", "-]"), removed()), (come, ("{+", "+}"), added())] {
            // A mark does not reach over the end of a line.
            for piece in words.split_inclusive('\n') {
                let (word, end) = piece.strip_suffix('\n').map_or((piece, ""), |word| (word, "\n"));
                let _ = match word {
                    "" => write!(text, "{end}"),
                    _ if coloured => write!(text, "{style}{word}{style:#}{end}"),
                    _ => write!(text, "{}{word}{}{end}", marks.0, marks.1),
                };
            }
        }
    }
    text
}

/// Words of letters and digits; every other character by itself, those of Chinese too.
fn tokens(text: &str) -> Vec<&str> {
    let in_word =
        |char: char| char.is_ascii_alphanumeric() || char == '_' || (char.is_alphabetic() && !ideograph(char));
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end =
            if in_word(first) { rest.find(|char| !in_word(char)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Characters that are words by themselves: Chinese, and the kana beside them.
fn ideograph(char: char) -> bool {
    matches!(char, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::{shown, tokens, words};
    use crate::diagnostic::render::View;
    use crate::lang::Lang;
    use crate::regression::Difference;

    fn view(lang: Lang) -> View {
        View { lang, coloured: false, width: 120 }
    }

    fn difference(expected: &str, actual: &str) -> Difference {
        Difference { what: "reply.zh".to_owned(), expected: expected.to_owned(), actual: actual.to_owned() }
    }

    #[test]
    fn words_are_told_apart_and_chinese_by_character() {
        assert_eq!(tokens("回滚了 KB5032196。"), ["回", "滚", "了", " ", "KB5032196", "。"]);
        assert_eq!(words("更新已回滚", "更新未回滚", false), "更新[-已-]{+未+}回滚");
        assert_eq!(words("rolled back twice\n", "rolled back once\n", false), "rolled back [-twice-]{+once+}\n");
    }

    #[test]
    fn a_changed_draft_shows_the_changed_lines_and_what_is_around() {
        let old = "您好：\n\n一\n二\n更新已回滚。\n三\n四\n请收集日志。\n";
        let new = "您好：\n\n一\n二\n更新未回滚。\n三\n四\n请收集日志。\n此致\n";
        insta::assert_snapshot!(shown(&difference(old, new), view(Lang::Zh)));
    }

    #[test]
    fn a_short_difference_is_one_line_and_nothing_steers_the_terminal() {
        let text = shown(&difference("confirmed", "\u{1b}[2Jnone"), view(Lang::En));
        assert_eq!(text, "    reply.zh: expected confirmed, got \u{FFFD}[2Jnone\n");
        // What is not there is not said to be an empty text.
        assert_eq!(shown(&difference("", "one line"), view(Lang::En)), "    reply.zh:\n      + one line\n");
        assert_eq!(shown(&difference("one line", ""), view(Lang::En)), "    reply.zh:\n      - one line\n");
    }
}
