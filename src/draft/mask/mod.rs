//! Masking: every secret found in text from logs and mails becomes `‹host-1›`, the same one the same way throughout.
//!
//! A name that some line tells to be an account, a user, a host or a password is masked wherever else it stands as a
//! word. [`Redactor::learn`] reads texts for such names before any of them is shown.

mod secret;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

pub(crate) use secret::{Hidden, find};

/// Letters of a learnt name at the least: a shorter one is a word of its own somewhere.
const LEARNT: usize = 4;

/// Masks secrets, each one the same way wherever it stands.
#[derive(Debug, Default)]
pub struct Redactor {
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The number of every secret, by kind and lower-case text.
    seen: HashMap<(&'static str, String), usize>,
    /// The last number of each kind.
    last: HashMap<&'static str, usize>,
    /// Names that are secrets wherever they stand: lower-case text, kind.
    learnt: Vec<(String, &'static str)>,
}

/// A mask that a text holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// `‹host-1›`
    pub mask: String,
    /// `host`
    pub kind: String,
    /// How often it stands there.
    pub count: usize,
}

impl Redactor {
    /// Learns the names in a text without masking it.
    pub fn learn(&self, text: &str) {
        for line in text.lines() {
            let hidden = find(line);
            self.state.borrow_mut().reserve(line);
            for one in &hidden {
                self.state.borrow_mut().learn(one, &line[one.range.clone()]);
            }
        }
    }

    /// Knows a name that is a secret wherever it stands.
    pub fn know(&self, kind: &'static str, name: &str) {
        let name = name.trim().to_lowercase();
        // A shorter one would be found in words that tell nothing of it.
        if name.chars().count() >= LEARNT {
            self.state.borrow_mut().learnt.push((name, kind));
        }
    }

    /// `text` with every secret masked.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let spans = self.spans(text);
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = String::with_capacity(text.len());
        let mut from = 0;
        for (range, mask) in spans {
            masked.push_str(&text[from..range.start]);
            masked.push_str(&mask);
            from = range.end;
        }
        masked.push_str(&text[from..]);
        Cow::Owned(masked)
    }

    /// What is masked in a text, in order, and with what.
    #[must_use]
    pub fn spans(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let mut state = self.state.borrow_mut();
        state.reserve(text);
        let mut hidden = find(text);
        for one in &hidden {
            state.learn(one, &text[one.range.clone()]);
        }
        state.elsewhere(text, &mut hidden);
        hidden
            .into_iter()
            .map(|one| {
                let number = state.number(one.kind, &text[one.range.clone()]);
                (one.range, format!("‹{}-{number}›", one.kind))
            })
            .collect()
    }
}

impl State {
    /// Numbers of masks that a text holds already are not given again.
    fn reserve(&mut self, text: &str) {
        for (mask, kind, number) in masks(text) {
            if let Some(kind) = KINDS.into_iter().find(|known| *known == kind) {
                self.seen.entry((kind, mask.to_owned())).or_insert(number);
                let last = self.last.entry(kind).or_default();
                *last = (*last).max(number);
            }
        }
    }

    fn learn(&mut self, one: &Hidden, text: &str) {
        let name = text.to_lowercase();
        // What is all digits would be found in stamps and codes.
        let telling = name.chars().count() >= LEARNT && name.chars().any(char::is_alphabetic);
        if one.learnt && telling && !common(&name) && !self.learnt.iter().any(|(known, _)| *known == name) {
            self.learnt.push((name, one.kind));
        }
    }

    /// Adds learnt names that stand in a text as words.
    fn elsewhere(&self, text: &str, hidden: &mut Vec<Hidden>) {
        if self.learnt.is_empty() {
            return;
        }
        let lower = text.to_lowercase();
        // Lower case of another length would have other places.
        if lower.len() != text.len() {
            return;
        }
        for (name, kind) in &self.learnt {
            for (start, _) in lower.match_indices(name.as_str()) {
                let range = start..start + name.len();
                let free = |known: &Hidden| known.range.end <= range.start || range.end <= known.range.start;
                if text.is_char_boundary(start) && word(text, &range) && hidden.iter().all(free) {
                    hidden.push(Hidden { range, kind, learnt: true });
                }
            }
        }
        hidden.sort_by_key(|one| one.range.start);
    }

    fn number(&mut self, kind: &'static str, text: &str) -> usize {
        let last = self.last.entry(kind).or_default();
        *self.seen.entry((kind, text.to_lowercase())).or_insert_with(|| {
            *last += 1;
            *last
        })
    }
}

/// Kinds of masks.
const KINDS: [&str; 11] = ["account", "host", "id", "ip", "mac", "mail", "password", "phone", "sid", "token", "user"];

/// Words that Windows logs are made of: a user called so is not masked wherever the word stands.
fn common(name: &str) -> bool {
    const WORDS: [&str; 24] = [
        "test",
        "user",
        "admin",
        "server",
        "client",
        "windows",
        "microsoft",
        "system32",
        "driver",
        "drivers",
        "update",
        "install",
        "setup",
        "error",
        "failed",
        "local",
        "name",
        "service",
        "support",
        "upload",
        "download",
        "temp",
        "data",
        "domain",
    ];
    WORDS.contains(&name)
}

/// Whether a range is a word by itself: not part of a longer name, nor of a file's name.
fn word(text: &str, range: &Range<usize>) -> bool {
    let part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let before = text[..range.start].chars().next_back();
    let mut after = text[range.end..].chars();
    let next = after.next();
    let file = next == Some('.') && after.next().is_some_and(char::is_alphanumeric);
    !before.is_some_and(part) && !next.is_some_and(part) && !file
}

/// The masks in a text: the whole, its kind, its number.
pub(crate) fn masks(text: &str) -> impl Iterator<Item = (&str, &str, usize)> {
    text.match_indices('‹').filter_map(|(at, open)| {
        let inner = &text[at + open.len()..];
        let end = inner.find('›')?;
        let (kind, number) = inner[..end].rsplit_once('-')?;
        let known = !kind.is_empty() && kind.chars().all(|char| char.is_ascii_lowercase());
        let number = number.parse().ok().filter(|_| known)?;
        Some((&text[at..at + open.len() + end + '›'.len_utf8()], kind, number))
    })
}

/// The masks that texts hold, each once, in the order of their kinds.
#[must_use]
pub fn masked<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<Masked> {
    let mut found: Vec<(Masked, usize)> = Vec::new();
    for text in texts {
        for (mask, kind, number) in masks(text) {
            match found.iter_mut().find(|(known, _)| known.mask == mask) {
                Some((known, _)) => known.count += 1,
                None => found.push((Masked { mask: mask.to_owned(), kind: kind.to_owned(), count: 1 }, number)),
            }
        }
    }
    found.sort_by(|(a, first), (b, second)| (&a.kind, first).cmp(&(&b.kind, second)));
    found.into_iter().map(|(masked, _)| masked).collect()
}
