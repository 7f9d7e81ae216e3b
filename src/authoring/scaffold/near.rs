//! Near misses: the lines of a draft with one thing changed, so that the rule must not find them. More are made than are
//! kept: which of them hold is tried.

use crate::logs::Record;
use crate::value::Type;

use super::line::Line;
use super::text::{Test, Writing};

/// Codes that stand in for another.
const CODES: [(&str, &str); 2] = [("0x80070020", "ERROR_SHARING_VIOLATION"), ("0x80070002", "ERROR_FILE_NOT_FOUND")];

/// A word that stands in for another.
const OTHER: &str = "otherwise";

/// Changed lines, the most telling first.
pub(super) fn candidates(writing: &Writing<'_>) -> Vec<Test> {
    let mut tests: Vec<Test> = another_code(writing).into_iter().collect();
    tests.extend(writing.lines.iter().flat_map(|line| another_word(writing, line)));
    if let Some(last) = writing.lines.last().filter(|_| writing.lines.len() > 1) {
        let without = writing.picked.records.iter().filter(|record| record.origin != last.record.origin);
        tests.push(Test { name: format!("without {}", last.name), records: without.cloned().collect() });
    }
    tests.extend(writing.lines.iter().flat_map(|line| another_value(writing, line)));
    tests.extend(nothing(writing));
    let mut seen: Vec<Vec<Record>> = Vec::new();
    tests.retain(|test| {
        let new = !seen.contains(&test.records);
        seen.push(test.records.clone());
        new
    });
    tests
}

/// The records with another value in one of the fields that the evidence asks for.
fn another_value(writing: &Writing<'_>, line: &Line) -> Vec<Test> {
    let fixed = line.fields.iter().filter(|(_, pattern)| !pattern.contains('{'));
    fixed
        .map(|(name, pattern)| {
            let other = if pattern.bytes().all(|byte| byte.is_ascii_digit()) {
                format!("{pattern}1")
            } else {
                OTHER.to_owned()
            };
            let change = |record: &Record| {
                let mut first = true;
                let body = record.body.changed(record.text(), |known, value| {
                    let named = known.eq_ignore_ascii_case(name) && std::mem::take(&mut first);
                    if named { other.clone() } else { value.to_owned() }
                });
                Record { body, ..record.clone() }
            };
            let records = writing.picked.records.iter().map(change).collect();
            Test { name: format!("another {name} of {}", line.name), records }
        })
        .collect()
}

/// The same lines with another code.
fn another_code(writing: &Writing<'_>) -> Option<Test> {
    let codes = writing.lines.iter().flat_map(|line| &line.captures).filter(|(_, ty, _)| *ty == Type::Error);
    let (_, _, text) = codes.into_iter().next()?;
    let value = Type::Error.read(text)?;
    let (other, name) = CODES.iter().find(|(code, _)| Type::Error.read(code).as_ref() != Some(&value))?;
    let symbol = value.field("symbol").map(|symbol| symbol.text);
    let change = |line: &str| {
        let line = line.replace(text.as_str(), if text.starts_with("0x") { other } else { name });
        symbol.as_ref().map_or(line.clone(), |symbol| line.replace(symbol.as_str(), name))
    };
    Some(Test { name: "another code".to_owned(), records: changed(writing, |_| true, change) })
}

/// The lines with another word in one of them, for each of its longest words.
fn another_word(writing: &Writing<'_>, line: &Line) -> Vec<Test> {
    let of = |record: &Record| record.origin == line.record.origin;
    let test = |(at, word): (usize, &String)| {
        let name = if at == 0 { format!("another {}", line.name) } else { format!("{} without {word}", line.name) };
        Test { name, records: changed(writing, of, |text| without(text, word)) }
    };
    line.words.iter().enumerate().map(test).collect()
}

/// Records of the same form that say nothing of it.
fn nothing(writing: &Writing<'_>) -> Option<Test> {
    let words: Vec<&str> = writing.lines.iter().filter_map(|line| line.words.first().map(String::as_str)).collect();
    if words.is_empty() {
        return None;
    }
    let change = |text: &str| words.iter().fold(text.to_owned(), |text, word| without(&text, word));
    Some(Test { name: "nothing of it".to_owned(), records: changed(writing, |_| true, change) })
}

/// A text with another word for `word`, which may be a piece of a longer one only where it stands nowhere alone.
fn without(text: &str, word: &str) -> String {
    let mut other = String::new();
    let mut end = 0;
    for (at, found) in text.match_indices(word) {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|after| after.chars().next());
        if [before, after].into_iter().flatten().any(char::is_alphabetic) {
            continue;
        }
        other.push_str(text.get(end..at).unwrap_or_default());
        other.push_str(OTHER);
        end = at + found.len();
    }
    other.push_str(text.get(end..).unwrap_or_default());
    if end == 0 { text.replace(word, OTHER) } else { other }
}

/// The records with the texts and fields of some of them changed.
fn changed(writing: &Writing<'_>, which: impl Fn(&Record) -> bool, change: impl Fn(&str) -> String) -> Vec<Record> {
    let records = writing.picked.records.iter();
    records
        .map(|record| {
            if !which(record) {
                return record.clone();
            }
            // What a kind is told by, and its stamps, are before the message: only that is changed.
            let at = record.text().find(record.message()).unwrap_or(0);
            let (head, message) = record.text().split_at(at);
            let text = format!("{head}{}", change(message));
            let body = record.body.changed(&text, |_, value| change(value));
            Record { body, ..record.clone() }
        })
        .collect()
}
