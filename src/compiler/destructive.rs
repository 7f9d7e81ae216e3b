//! Steps that delete something or change permissions: found by the words of their commands and texts.
//!
//! A word list, not an understanding: it errs towards asking for a backup. What a text forbids (不要删除, do not
//! delete) is no step.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{StepDecl, Text};

/// Words that destroy wherever they stand as a word.
const ANYWHERE: &[&str] =
    &["delete", "deletes", "erase", "takeown", "remove-item", "set-acl", "删除", "删掉", "清空", "format-volume"];

/// Words that destroy as a command only; in a sentence they mean other things.
const COMMANDS: &[&str] = &["del", "rd", "rmdir", "ri", "cipher /w"];

/// Options that change permissions, of these tools.
const PERMISSIONS: (&[&str], &[&str]) = (
    &["icacls", "cacls", "xcacls", "subinacl"],
    &[
        "/grant",
        "/grant:r",
        "/deny",
        "/reset",
        "/remove",
        "/remove:g",
        "/remove:d",
        "/setowner",
        "/inheritance",
        "/restore",
        "/p",
        "/g",
        "/e",
    ],
);

/// What takes the sting out of a word when it stands right before it.
const NEGATIONS: &[&str] =
    &["不要", "请勿", "切勿", "勿", "不得", "不能", "无需", "不会", "不", "not", "never", "don't", "without"];

/// The fault of a step that destroys, at the word that says so.
pub(super) fn find(step: &StepDecl) -> Option<Diagnostic> {
    let command = step.command.as_ref().and_then(|text| in_command(&text.value).map(|at| (text, at)));
    let mut texts = [step.text.zh.as_ref(), step.text.en.as_ref()].into_iter().flatten();
    let found = command.or_else(|| texts.find_map(|text| in_text(&text.value).map(|at| (text, at))));
    let (text, (start, end)) = found?;
    let word = text.value.get(start..end).unwrap_or_default();
    Some(
        Diagnostic::error(
            Code::DESTRUCTIVE_WITHOUT_BEFORE,
            within(text, start, end),
            format!("步骤会删除内容或更改权限（`{word}`），却没有 `before:`"),
            format!("the step deletes something or changes permissions (`{word}`), and there is no `before:`"),
        )
        .help("请用 `before:` 说明先备份什么、如何备份", "say in `before:` what to back up first, and how"),
    )
}

/// The first words of a batch file that delete something or change permissions. What it only says or remarks is no step.
#[must_use]
pub fn destroys(script: &str) -> Option<Range<usize>> {
    let mut from = 0;
    script.split_inclusive('\n').find_map(|line| {
        let start = from;
        from += line.len();
        let first = line.split_whitespace().next().unwrap_or_default().trim_start_matches('@').to_ascii_lowercase();
        // Behind `&` a line that says something may go on to do something.
        let says = first.starts_with("echo") && !line.contains('&');
        let speaks = says || first == "rem" || first.starts_with(':');
        let found = if speaks { None } else { in_command(line) };
        found.map(|(word, end)| start + word..start + end)
    })
}

/// The place of a part of `text`, where it stands in the file as it is read; else the whole.
pub(super) fn within(text: &Text, start: usize, end: usize) -> Span {
    let span = text.span;
    if span.end - span.start == text.value.len() {
        Span { start: span.start + start, end: span.start + end, ..span }
    } else {
        span
    }
}

type Place = (usize, usize);

fn in_command(command: &str) -> Option<Place> {
    let lower = command.to_ascii_lowercase();
    in_text(command).or_else(|| COMMANDS.iter().find_map(|word| word_at(&lower, word))).or_else(|| permission(&lower))
}

fn in_text(text: &str) -> Option<Place> {
    let lower = text.to_ascii_lowercase();
    ANYWHERE.iter().filter_map(|word| word_at(&lower, word)).min().or_else(|| permission(&lower))
}

/// `icacls … /grant`: the option, if the tool stands before it.
fn permission(lower: &str) -> Option<Place> {
    let tool = PERMISSIONS.0.iter().filter_map(|tool| word_at(lower, tool)).map(|(at, _)| at).min()?;
    PERMISSIONS.1.iter().filter_map(|option| word_at(lower, option)).filter(|(at, _)| *at > tool).min()
}

/// The first place where `word` stands as a word and is not forbidden.
fn word_at(lower: &str, word: &str) -> Option<Place> {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let bounded = |at: usize| {
        let before = lower[..at].chars().next_back();
        let after = lower[at + word.len()..].chars().next();
        !word.is_ascii() || (!before.is_some_and(letter) && !after.is_some_and(letter))
    };
    let at = lower.match_indices(word).map(|(at, _)| at).find(|at| bounded(*at) && !is_negated(&lower[..*at]))?;
    Some((at, at + word.len()))
}

fn is_negated(before: &str) -> bool {
    let before = before.trim_end();
    NEGATIONS.iter().any(|negation| before.ends_with(negation))
}

#[cfg(test)]
mod tests {
    use super::{destroys, in_command, in_text};

    fn word(text: &str, at: Option<(usize, usize)>) -> Option<&str> {
        at.and_then(|(start, end)| text.get(start..end))
    }

    #[test]
    fn commands_that_destroy_are_found_at_their_word() {
        for (command, expected) in [
            ("icacls \"{{ inf }}\" /grant \"X:(F)\"", "/grant"),
            ("icacls x /reset", "/reset"),
            ("TAKEOWN /f x", "TAKEOWN"),
            ("del x", "del"),
            ("cmd /c rd /s x", "rd"),
            ("Remove-Item x", "Remove-Item"),
            ("reg delete HKLM\\x", "delete"),
            ("pnputil /delete-driver oem1.inf", "delete"),
        ] {
            assert_eq!(word(command, in_command(command)), Some(expected), "{command}");
        }
    }

    #[test]
    fn commands_that_save_or_look_are_not() {
        for command in
            ["icacls x /save y", "icacls x", "dir model", "echo ord", "reg query HKLM\\deleted", "sfc /scannow"]
        {
            assert_eq!(in_command(command), None, "{command}");
        }
    }

    #[test]
    fn a_script_destroys_by_what_it_does() {
        let script =
            "@echo off\nrem del is what it does\n:del\necho delete it yourself\n%RUN% icacls \"%F%\" /grant x\n";
        assert_eq!(destroys(script).and_then(|place| script.get(place)), Some("/grant"));
        assert_eq!(destroys(&script.replace("/grant", "/save")), None);
        let behind = "echo Working & del x\n";
        assert_eq!(destroys(behind).and_then(|place| behind.get(place)), Some("del"));
    }

    #[test]
    fn a_text_that_forbids_is_no_step() {
        assert_eq!(in_text("请不要删除该文件"), None);
        assert_eq!(in_text("Do not delete the file"), None);
        assert!(in_text("删除该策略").is_some());
        assert!(in_text("不要重启。随后删除该文件").is_some());
        assert!(in_text("Delete the entry").is_some());
    }
}
