//! What of a mail is its writer's own: quoted replies, signatures and the lines of mail programs taken off.
//!
//! Lines are emptied or cut off at the end, never taken out, so that a line keeps its number. Pasted log lines are
//! never taken for quotation: `>>>  [Uninstall Driver Updates]` opens a section of a log.

use std::ops::Range;

use super::book::{Marks, first};
use super::fold::Folded;

/// Lines that a signature has at the most.
const SIGNATURE: usize = 10;

/// A mail without what others wrote.
#[derive(Debug, Default)]
pub(super) struct Own<'t> {
    /// Its lines; those of others are empty.
    pub(super) lines: Vec<&'t str>,
    /// The lines of its signature.
    pub(super) signature: Vec<&'t str>,
    /// The line above the quoted reply, which names its writer.
    pub(super) heading: &'t str,
}

/// Takes the writer's own words out of `lines`; `logs` are the runs of pasted log lines.
pub(super) fn strip<'t>(lines: &[&'t str], logs: &[Range<usize>], marks: &Marks) -> Own<'t> {
    let mut kept: Vec<bool> = vec![true; lines.len()];
    for run in logs {
        kept[run.clone()].fill(false);
    }
    let words: Vec<&str> = lines.iter().zip(&kept).map(|(line, word)| if *word { *line } else { "" }).collect();
    let cut =
        words.iter().enumerate().position(|(at, line)| quotes_from(&words, at, line, marks)).unwrap_or(lines.len());
    let heading = match lines.get(cut..) {
        Some([heading, next, ..]) if is_rule(heading, '_') => next,
        Some([heading, ..]) => heading,
        _ => "",
    };
    let mut own = Own { lines: lines[..cut].to_vec(), signature: Vec::new(), heading };
    for (line, word) in own.lines.iter_mut().zip(&words) {
        if word.trim_start().starts_with('>') {
            *line = "";
        }
    }
    starred(&mut own, &words);
    client(&mut own, &words, marks);
    while own.lines.last().is_some_and(|line| line.trim().is_empty() || is_rule(line, '-')) {
        own.lines.pop();
    }
    own
}

/// Whether a quoted reply begins at line `at`: all that follows is not the writer's.
fn quotes_from(lines: &[&str], at: usize, line: &str, marks: &Marks) -> bool {
    let line = line.trim();
    if line.is_empty() {
        return false;
    }
    is_rule(line, '_') || marks_quotation(lines, at, line, marks) || heads_block(&lines[at..])
}

/// A rule of at least twenty underscores, or four of another sign, and nothing else.
fn is_rule(line: &str, sign: char) -> bool {
    let line = line.trim();
    line.chars().count() >= if sign == '_' { 20 } else { 4 } && line.chars().all(|c| c == sign)
}

/// `-----原始邮件-----`, `On … wrote:`, also where the mail program broke the line in two.
fn marks_quotation(lines: &[&str], at: usize, line: &str, marks: &Marks) -> bool {
    if first(&marks.quoted, &Folded::new(line)).is_some() {
        return true;
    }
    let opens = ["On ", "在 ", "于"].iter().any(|word| line.starts_with(word));
    let next = lines.get(at + 1).map_or("", |next| next.trim());
    opens
        && !next.is_empty()
        && line.len() < 200
        && first(&marks.quoted, &Folded::new(&format!("{line} {next}"))).is_some()
}

/// A block of header lines: `From:` with `Sent:` or `Date:` and one more soon after it.
pub(super) fn heads_block(lines: &[&str]) -> bool {
    let label = |line: &str, labels: &[&str]| {
        let folded = Folded::new(line.trim_start_matches(['*', ' ', '\t'])).text;
        folded.split_once(':').is_some_and(|(name, _)| labels.contains(&name.trim_matches('*')))
    };
    let [head, rest @ ..] = lines else { return false };
    if !label(head, &["from", "发件人"]) {
        return false;
    }
    let near = &rest[..rest.len().min(5)];
    let any = |labels: &[&str]| near.iter().any(|line| label(line, labels));
    any(&["sent", "date", "发送时间", "日期", "发送日期"]) && any(&["to", "subject", "收件人", "主题", "cc", "抄送"])
}

/// A signature between rules of stars, `☆☆☆☆☆`.
fn starred<'t>(own: &mut Own<'t>, words: &[&'t str]) {
    let is_star = |line: &str| {
        let line = line.trim();
        line.chars().count() >= 5 && line.chars().all(|c| matches!(c, '☆' | '★' | '＊' | '※'))
    };
    let mut at = 0;
    while at < own.lines.len() {
        let Some(begin) = (at..own.lines.len()).find(|&at| is_star(words[at])) else { return };
        let last = own.lines.len().min(begin + SIGNATURE + 2);
        // Without a closing rule the signature is what ends the mail.
        let closing = (begin + 1..last).find(|&at| is_star(words[at])).map(|at| at + 1);
        let end = closing.or((last == own.lines.len()).then_some(last)).unwrap_or(begin + 1);
        own.signature.extend(own.lines[begin..end].iter().filter(|line| !is_star(line) && !line.trim().is_empty()));
        own.lines[begin..end].fill("");
        at = end;
    }
}

/// The signature that a mail program writes: all below `--`, or a line of its own such as `发自我的手机`.
fn client<'t>(own: &mut Own<'t>, words: &[&'t str], marks: &Marks) {
    let end = own.lines.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |at| at + 1);
    let from = end.saturating_sub(SIGNATURE + 1);
    if let Some(begin) = (from..end).find(|at| words[*at].trim() == "--") {
        own.signature.extend(own.lines[begin + 1..end].iter().filter(|line| !line.trim().is_empty()));
        own.lines.truncate(begin);
    }
    for (line, word) in own.lines.iter_mut().zip(words).skip(from) {
        let word = word.trim();
        if !word.is_empty() && first(&marks.signature, &Folded::new(word)).is_some() {
            *line = "";
        }
    }
}
