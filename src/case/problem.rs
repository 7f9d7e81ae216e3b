//! The problem of a case: as a mail states it below a heading, else as the subject names it.
//!
//! Nothing is put into other words. A statement is a few lines; the next heading, a rule or a blank line ends it.

use super::book::{Marks, first};
use super::fold::Folded;
use super::letter::Letter;

/// Lines of a statement.
const LINES: usize = 6;

/// The statement below a heading such as `问题定义:`, or behind it.
pub(super) fn stated(letter: &Letter<'_>, marks: &Marks) -> Option<String> {
    let (at, found) =
        letter.folded.iter().enumerate().find_map(|(at, line)| Some((at, first(&marks.problem, line)?)))?;
    let behind = found.gaps.last().map_or("", |gap| letter.folded[at].original(letter.lines[at], gap.clone()));
    if !behind.is_empty() {
        return Some(behind.to_owned());
    }
    let below = letter.lines.iter().zip(&letter.folded).skip(at + 1);
    let below = below.skip_while(|(line, _)| is_rule(line));
    let ends = |line: &str, folded: &Folded| is_rule(line) || folded.text.ends_with(':');
    let lines: Vec<&str> =
        below.take_while(|(line, folded)| !ends(line, folded)).take(LINES).map(|(line, _)| line.trim()).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// A blank line or one of signs only.
fn is_rule(line: &str) -> bool {
    !line.contains(char::is_alphanumeric)
}

/// The problem in a subject: what stands between `%` and `%` behind the last bar; else the subject without numbers and
/// what mail programs put before it.
pub(super) fn of_subject(subject: &str, marks: &Marks) -> Option<String> {
    let between = subject.split_once('%').and_then(|(_, rest)| rest.rsplit_once('%')).map(|(between, _)| between);
    let text = match between {
        Some(between) => without_label(between.rsplit('|').find(|part| !part.trim().is_empty())?.trim()).to_owned(),
        None => without_numbers(subject, marks),
    };
    let text = without_prefixes(&text, marks);
    (!text.is_empty()).then(|| text.to_owned())
}

/// `TAM-…` without the team's label.
fn without_label(text: &str) -> &str {
    match text.split_once('-') {
        Some((label, rest)) if (2..=8).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_uppercase()) => {
            rest.trim()
        }
        _ => text,
    }
}

/// Without brackets and without what names case and tracking number.
fn without_numbers(subject: &str, marks: &Marks) -> String {
    let mut text = String::new();
    let mut closing = None;
    for c in subject.chars() {
        match (closing, c) {
            (None, '[') => closing = Some(']'),
            (None, '【') => closing = Some('】'),
            (None, _) => text.push(c),
            (Some(close), _) if close == c => closing = None,
            (Some(_), _) => {}
        }
    }
    let folded = Folded::new(&text);
    for phrase in marks.case.iter().chain(&marks.tracking) {
        if let Some(found) = phrase.find(&folded) {
            let number = folded.original(&text, found.range).to_owned();
            return text.replace(&number, "").trim().to_owned();
        }
    }
    text.trim().to_owned()
}

/// Without `回复:` and the like, as often as they stand there.
fn without_prefixes<'t>(text: &'t str, marks: &Marks) -> &'t str {
    let mut text = text.trim();
    loop {
        let folded = Folded::new(text);
        let found = marks.prefix.iter().find_map(|phrase| phrase.find(&folded)).filter(|found| found.range.start == 0);
        let Some(found) = found else { return text };
        let rest = folded.original(text, found.range.end..folded.text.len());
        if rest.len() >= text.len() || rest.is_empty() {
            return rest;
        }
        text = rest;
    }
}
