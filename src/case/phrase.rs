//! Phrases: how mails say things, matched within one line.
//!
//! A phrase is text that is compared as `fold.rs` says. `{}` is a gap of some words of the same sentence, at most
//! [`GAP`] characters; a leading `^` and a trailing `$` tie the phrase to the line's ends. A gap at a tied end, and every
//! gap of a phrase tied at both, is of any length. Latin words match as whole words. Matching is linear in the line.

use std::ops::Range;

use super::fold::{Folded, is_word};

/// Characters that a gap spans at the most.
const GAP: usize = 40;

/// A compiled phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pieces: Vec<Piece>,
    start: End,
    end: End,
}

/// How a phrase begins or ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct End {
    /// Tied to the line's end.
    tied: bool,
    /// A gap stands beyond the last text.
    gap: bool,
}

/// Text between gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    /// Whether a word must begin where it begins, end where it ends.
    word_start: bool,
    word_end: bool,
}

/// Where a phrase stands in a folded line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// All of it, gaps included.
    pub(super) range: Range<usize>,
    /// What its gaps cover, in order.
    pub(super) gaps: Vec<Range<usize>>,
}

impl Phrase {
    /// Compiles a phrase; `None` where it has no text at all.
    pub(super) fn new(text: &str) -> Option<Phrase> {
        let text = text.trim();
        let (at_start, text) = text.strip_prefix('^').map_or((false, text), |rest| (true, rest));
        let (at_end, text) = text.strip_suffix('$').map_or((false, text), |rest| (true, rest));
        let parts: Vec<&str> = text.split("{}").collect();
        let last = parts.len() - 1;
        let tied = |tied| End { tied, gap: false };
        let mut phrase = Phrase { pieces: Vec::new(), start: tied(at_start), end: tied(at_end) };
        for (at, part) in parts.iter().enumerate() {
            let folded = Folded::new(part).text;
            if folded.is_empty() {
                phrase.start.gap |= at == 0 && last > 0;
                phrase.end.gap |= at == last && last > 0;
                continue;
            }
            phrase.pieces.push(Piece {
                word_start: folded.starts_with(is_word) && (at == 0 || part.starts_with(char::is_whitespace)),
                word_end: folded.ends_with(is_word) && (at == last || part.ends_with(char::is_whitespace)),
                text: folded,
            });
        }
        (!phrase.pieces.is_empty()).then_some(phrase)
    }

    /// The first place where the phrase stands in `line`.
    pub(super) fn find(&self, line: &Folded) -> Option<Found> {
        let text = line.text.as_str();
        let first = self.pieces.first()?;
        let mut from = 0;
        while let Some(start) = first.find(text, from, text.len()) {
            let tied = self.start.tied && !self.start.gap;
            if tied && start > 0 {
                return None;
            }
            if let Some(found) = self.rest(text, start, start + first.text.len()) {
                return Some(found);
            }
            if tied {
                return None;
            }
            from = next(text, start);
        }
        None
    }

    /// The pieces after the first one, which covers `start..end`.
    fn rest(&self, text: &str, start: usize, mut end: usize) -> Option<Found> {
        let whole = self.start.tied && self.end.tied;
        let mut gaps = Vec::new();
        let mut begin = start;
        if self.start.gap {
            begin = if self.start.tied { 0 } else { back(text, start) };
            gaps.push(begin..start);
        }
        for (at, piece) in self.pieces.iter().enumerate().skip(1) {
            let reach = if whole { text.len() } else { forward(text, end) };
            let is_last = at + 1 == self.pieces.len();
            let found = if is_last && self.end.tied && !self.end.gap {
                text.len()
                    .checked_sub(piece.text.len())
                    .filter(|&at| at >= end && at <= reach && text.ends_with(&piece.text))
            } else {
                piece.find(text, end, reach.saturating_add(piece.text.len()).min(text.len()))
            }?;
            gaps.push(end..found);
            end = found + piece.text.len();
        }
        if self.end.gap {
            let reach = if self.end.tied { text.len() } else { forward(text, end) };
            gaps.push(end..reach);
            end = reach;
        }
        (!self.end.tied || end == text.len()).then_some(Found { range: begin..end, gaps })
    }
}

impl Piece {
    /// Where the piece stands in `text` at or after `from`, ending at `to` at the latest.
    fn find(&self, text: &str, mut from: usize, to: usize) -> Option<usize> {
        let mut to = to;
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        while let Some(at) = text.get(from..to)?.find(&self.text) {
            let (start, end) = (from + at, from + at + self.text.len());
            let begins = !self.word_start || !text[..start].ends_with(is_word);
            let ends = !self.word_end || !text[end..].starts_with(is_word);
            if begins && ends {
                return Some(start);
            }
            from = next(text, start);
        }
        None
    }
}

/// The place after the character at `at`.
fn next(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// Where a gap that begins at `from` ends at the latest.
fn forward(text: &str, from: usize) -> usize {
    let mut chars = text.get(from..).unwrap_or("").char_indices().take(GAP).peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        if ends_sentence(c, next) {
            return from + at;
        }
        if next.is_none() {
            return from + at + c.len_utf8();
        }
    }
    from
}

/// Where a gap that ends at `to` begins at the earliest.
fn back(text: &str, to: usize) -> usize {
    let mut after = None;
    let mut begin = to;
    for (at, c) in text[..to].char_indices().rev().take(GAP) {
        if ends_sentence(c, after) {
            break;
        }
        (begin, after) = (at, Some(c));
    }
    begin
}

/// Where the sentence that holds `at` begins.
pub(super) fn sentence_start(text: &str, at: usize) -> usize {
    let mut after = text[at..].chars().next();
    let mut begin = at;
    for (place, c) in text[..at].char_indices().rev() {
        if ends_sentence(c, after) {
            break;
        }
        (begin, after) = (place, Some(c));
    }
    begin
}

/// Where the sentence that holds `at` ends.
pub(super) fn sentence_end(text: &str, at: usize) -> usize {
    let mut chars = text[at..].char_indices().peekable();
    while let Some((place, c)) = chars.next() {
        if ends_sentence(c, chars.peek().map(|(_, next)| *next)) {
            return at + place;
        }
    }
    text.len()
}

/// Whether a sentence ends with `c`, which `next` follows. A full stop does only before a blank: paths have them too.
fn ends_sentence(c: char, next: Option<char>) -> bool {
    match c {
        '。' | '!' | '?' | ';' => true,
        '.' => next.is_none_or(|next| next == ' ' || !next.is_ascii()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps<'l>(phrase: &str, line: &'l str) -> Option<Vec<&'l str>> {
        let folded = Folded::new(line);
        let found = Phrase::new(phrase).unwrap().find(&folded)?;
        Some(found.gaps.into_iter().map(|gap| folded.original(line, gap)).collect())
    }

    #[test]
    fn text_is_found_whatever_its_case_width_and_blanks() {
        assert!(gaps("日志已收到", "您的 日志 已收到。").is_some());
        assert!(gaps("Case No:", "CASE NO：1").is_some());
        assert!(gaps("日志已收到", "日志还没有收到").is_none());
    }

    #[test]
    fn latin_words_are_whole_words() {
        assert!(gaps("close", "we close it").is_some());
        assert!(gaps("close", "a disclosed thing").is_none());
        assert!(gaps("close", "disclosed, then close.").is_some());
        assert!(gaps("close{}", "we closed it").is_some());
        assert!(gaps("bootlog", "收集bootlog日志").is_some());
        assert!(gaps("SetupReport", "-CollectLog DND_SetupReport").is_none());
    }

    #[test]
    fn a_gap_stays_in_its_sentence() {
        assert_eq!(gaps("请{}收集", "您好，请按如下步骤收集日志"), Some(vec!["按如下步骤"]));
        assert_eq!(gaps("请{}收集", "请稍候。我们收集日志"), None);
        assert_eq!(gaps("please {} logs", "Please wait. We have the logs"), None);
        assert_eq!(gaps("please {} logs", "Please upload C:\\a.b logs"), Some(vec!["upload C:\\a.b"]));
        assert_eq!(gaps("请{}收集", &format!("请{}收集", "很".repeat(GAP + 1))), None);
        // The first place fails, a later one does not.
        assert_eq!(gaps("请{}收集", "请稍候！请帮忙收集"), Some(vec!["帮忙"]));
    }

    #[test]
    fn gaps_at_the_ends_reach_to_the_sentence() {
        assert_eq!(gaps("{}您好", "甲先生，您好："), Some(vec!["甲先生，"]));
        assert_eq!(gaps("案例号:{}", "工单。案例号：CAS-1"), Some(vec!["CAS-1"]));
        assert_eq!(gaps("[案例号:{}]", "回复: [案例号:CAS-1] %x%"), Some(vec!["CAS-1"]));
    }

    #[test]
    fn anchors_tie_to_the_line() {
        assert!(gaps("^在{}写道:$", "在 2024-07-23 10:31:55，\"A. B\" <a@example.com> 写道：").is_some());
        assert!(gaps("^在{}写道:$", "他在信中写道：已解决").is_none());
        assert!(gaps("^收到$", "收到").is_some());
        assert!(gaps("^收到$", "收到了").is_none());
        assert!(gaps("^On {} wrote:$", "On Tue, 23 Jul 2024, Jane. Doe wrote:").is_some());
        assert!(gaps("^On {} wrote:$", "One of us wrote:").is_none());
    }

    #[test]
    fn a_phrase_without_text_is_none() {
        assert_eq!(Phrase::new(" {} "), None);
        assert_eq!(Phrase::new("^$"), None);
    }

    #[test]
    fn many_beginnings_take_linear_time() {
        let line = "请".repeat(5000);
        assert_eq!(gaps("请{}收集{}日志", &line), None);
    }
}
