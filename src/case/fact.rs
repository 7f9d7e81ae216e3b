//! What subject and mails name: case and tracking number, articles, products, error codes, paths, the problem.
//!
//! Facts stand in the order in which they are named first, each once. Codes count in pasted log lines too; articles,
//! products and paths only in people's own words, for a log names many that nobody meant.

use super::book::{Act, Marks, first};
use super::fold::{Folded, is_word};
use super::letter::Letter;
use super::phrase::Phrase;
use super::{path, problem};
use crate::value::Type;

/// What is named.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) case: Option<String>,
    pub(super) tracking: Option<String>,
    pub(super) kbs: Vec<String>,
    pub(super) products: Vec<String>,
    pub(super) codes: Vec<String>,
    pub(super) paths: Vec<String>,
    pub(super) problem: Option<String>,
}

/// Each fact once, by its key.
#[derive(Default)]
struct Once {
    facts: Vec<String>,
    keys: std::collections::BTreeSet<String>,
}

impl Once {
    fn add(&mut self, key: String, fact: impl Into<String>) {
        if self.keys.insert(key) {
            self.facts.push(fact.into());
        }
    }
}

/// Reads what the subject and the letters name.
pub(super) fn read(subject: &str, letters: &[Letter<'_>], marks: &Marks) -> Facts {
    let (mut kbs, mut products, mut codes, mut paths) =
        (Once::default(), Once::default(), Once::default(), Once::default());
    let own = letters.iter().flat_map(|letter| letter.lines.iter().zip(&letter.folded));
    let head = Folded::new(subject);
    let lines: Vec<(&str, &Folded)> =
        std::iter::once((subject, &head)).chain(own.map(|(line, folded)| (*line, folded))).collect();
    let (mut case, mut tracking) = (None, None);
    for (line, folded) in &lines {
        find_codes(line, &mut codes);
        // Log lines have nothing folded.
        if folded.text.is_empty() {
            continue;
        }
        find_kbs(&folded.text, &mut kbs);
        find_products(folded, marks, &mut products);
        path::find(line, |path| paths.add(path.key(), path.text.clone()));
        case = case.or_else(|| number(&marks.case, line, folded));
        tracking = tracking.or_else(|| number(&marks.tracking, line, folded));
    }
    let stated = letters.iter().find(|letter| letter.does(Act::Scope)).into_iter().chain(letters);
    let problem = stated.into_iter().find_map(|letter| problem::stated(letter, marks));
    Facts {
        case,
        tracking,
        kbs: kbs.facts,
        products: products.facts,
        codes: codes.facts,
        paths: paths.facts,
        problem: problem.or_else(|| problem::of_subject(subject, marks)),
    }
}

/// The first word of what the gap of one of `phrases` covers.
fn number(phrases: &[Phrase], line: &str, folded: &Folded) -> Option<String> {
    let gap = first(phrases, folded)?.gaps.first()?.clone();
    let text = folded.original(line, gap);
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(text.len());
    text[..end].chars().any(|c| c.is_ascii_digit()).then(|| text[..end].to_owned())
}

/// `KB5032196`, `kb 5032196`.
fn find_kbs(folded: &str, kbs: &mut Once) {
    for (at, _) in folded.match_indices("kb") {
        let rest = folded[at + 2..].trim_start_matches(' ');
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let apart = !folded[..at].ends_with(is_word) && !rest[digits..].starts_with(is_word);
        if apart && (6..=8).contains(&digits) {
            let kb = format!("KB{}", &rest[..digits]);
            kbs.add(kb.clone(), kb);
        }
    }
}

/// Product names; of two that begin at one place the longer.
fn find_products(folded: &Folded, marks: &Marks, products: &mut Once) {
    let mut found: Vec<(usize, std::cmp::Reverse<usize>, &str)> = marks
        .products
        .iter()
        .filter_map(|(name, phrase)| phrase.find(folded).map(|found| (found.range, name)))
        .map(|(range, name)| (range.start, std::cmp::Reverse(range.end), name.as_str()))
        .collect();
    found.sort_unstable();
    found.dedup_by_key(|(start, _, _)| *start);
    for (_, _, name) in found {
        products.add(name.to_owned(), name);
    }
}

/// Error codes: eight digits behind `0x`, a negative decimal HRESULT, the symbol of a known code.
fn find_codes(line: &str, codes: &mut Once) {
    let mut from = 0;
    while let Some(start) = line[from..].find(is_word).map(|at| from + at) {
        let end = line[start..].find(|c| !is_word(c)).map_or(line.len(), |at| start + at);
        from = end;
        let word = &line[start..end];
        let negative = line[..start].ends_with('-') && word.len() == 10 && word.bytes().all(|b| b.is_ascii_digit());
        let word = if negative { &line[start - 1..end] } else { word };
        if !(negative || is_hex_code(word) || is_symbol(word)) {
            continue;
        }
        if let Some(code) = Type::Error.read(word) {
            codes.add(code.key(), code.field("code").map_or_else(|| code.key(), |code| code.text.into()));
        }
    }
}

fn is_hex_code(word: &str) -> bool {
    word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).is_some_and(|digits| {
        digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_hexdigit()) && digits.bytes().any(|b| b != b'0')
    })
}

fn is_symbol(word: &str) -> bool {
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && !word.contains(|c: char| c.is_ascii_lowercase())
}
