//! One line of the draft: its record as a pattern or as fields, with the captures in it and a name.

use std::fmt::Write as _;

use crate::logs::{LogKind, Record};
use crate::pattern::Pattern;
use crate::syntax;
use crate::value::{Stamp, Type};

use super::super::failure;
use super::super::volatile::{Piece, pieces};
use super::is_text;

/// Text shorter than this says too little to be searched for.
const LEAST: usize = 5;

/// Words of a line that near misses are made with.
const WORDS: usize = 3;

/// Letters of a word that names something, and of one that may stand for it where there is none.
const LONG: usize = 4;
const SHORT: usize = 2;

/// Values longer than this are no part of a signature.
const LONGEST: usize = 200;

/// Fields that are another in every record, or say nothing of what happened.
const PASSING: [&str; 26] = [
    "time",
    "time-of-day",
    "date",
    "pid",
    "tid",
    "process-id",
    "thread-id",
    "process-name",
    "record",
    "record-id",
    "computer",
    "duration",
    "sequence",
    "version",
    "correlation",
    "opcode",
    "task",
    "keywords",
    "detail",
    "user",
    "level",
    "level-name",
    "qualifiers",
    "provider-guid",
    "event-source-name",
    "data.binary",
];

/// Fields whose numbers are names.
const NAMES: [&str; 3] = ["id", "provider", "channel"];

/// Whether a field says something of what happened.
pub(super) fn tells(name: &str) -> bool {
    !PASSING.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// A record that becomes a piece of evidence.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The evidence's name.
    pub(super) name: String,
    /// The pattern of its message; empty where it is told by fields.
    pub(super) pattern: String,
    /// Fields and their patterns.
    pub(super) fields: Vec<(String, String)>,
    /// Captures: name, type, text.
    pub(super) captures: Vec<(String, Type, String)>,
    /// The longest words of it that stay, for near misses.
    pub(super) words: Vec<String>,
    pub(super) stamp: Option<Stamp>,
    pub(super) weight: u32,
    pub(super) record: Record,
}

/// The lines of a draft: of records that are alike the first.
pub(super) fn lines(kind: &LogKind, records: &[&Record]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut names = Names::default();
    for record in records {
        let Some(mut line) = line(kind, record, &mut names) else { continue };
        let same = |other: &Line| shape(&other.pattern) == shape(&line.pattern) && other.fields == line.fields;
        if lines.iter().any(same) {
            continue;
        }
        let taken = |name: &str| lines.iter().any(|line| line.name == name) || syntax::is_keyword(name);
        // One more number than there are lines, and one for a keyword.
        let free = (1..=lines.len() + 2).map(|number| numbered(&line.name, number)).find(|name| !taken(name));
        line.name = free.unwrap_or_default();
        lines.push(line);
    }
    lines
}

fn numbered(name: &str, number: usize) -> String {
    if number == 1 { name.to_owned() } else { format!("{name}-{number}") }
}

/// A pattern without the names in it.
fn shape(pattern: &str) -> String {
    let mut shape = String::new();
    for (at, part) in pattern.split('{').enumerate() {
        let rest = if at == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) };
        shape.push_str(rest);
        shape.push('\u{0}');
    }
    shape
}

fn line(kind: &LogKind, record: &Record, names: &mut Names) -> Option<Line> {
    let mut line = Line {
        name: String::new(),
        pattern: String::new(),
        fields: Vec::new(),
        captures: Vec::new(),
        words: Vec::new(),
        stamp: record.stamp,
        weight: failure::weight(record),
        record: record.clone(),
    };
    let mut stays = String::new();
    if is_text(kind) && !record.message().trim().is_empty() {
        let first = record.message().lines().find(|line| !line.trim().is_empty())?.trim();
        line.pattern = pattern(first, names, &mut line.captures, &mut stays);
    } else {
        for (name, value) in record.fields() {
            if !tells(name) || value.trim().is_empty() || value.len() > LONGEST || value.contains(['\n', '\r']) {
                continue;
            }
            if !kind.has_field(name) {
                continue;
            }
            let found = if NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                stays.push_str(value);
                literal(value)
            } else {
                pattern(value, names, &mut line.captures, &mut stays)
            };
            line.fields.push((name.to_string(), found));
            stays.push(' ');
        }
    }
    let telling = |word: &&str| (word.contains(char::is_lowercase) || !word.is_ascii(), word.len());
    let mut telling_words = words(&stays, LONG);
    telling_words.sort_by_key(|word| std::cmp::Reverse(telling(word)));
    if telling_words.len() < WORDS {
        // Between paths and codes a line may have one word and some little ones.
        telling_words.extend(words(&stays, SHORT));
    }
    for word in telling_words {
        if line.words.len() < WORDS && !line.words.iter().any(|known| known == word) {
            line.words.push(word.to_owned());
        }
    }
    line.name = named(&stays);
    let told = stays.chars().filter(|char| char.is_alphanumeric()).count();
    (told >= LEAST || !line.fields.is_empty()).then_some(line)
}

/// Words of at least so many letters; in Chinese every one.
fn words(text: &str, least: usize) -> Vec<&str> {
    let words = text.split(|char: char| !char.is_alphabetic());
    words.filter(|word| word.len() >= least || !word.is_ascii()).filter(|word| !word.is_empty()).collect()
}

/// A name made of the first two words.
fn named(text: &str) -> String {
    let words = text.split(|char: char| !char.is_ascii_alphabetic()).filter(|word| word.len() > 2);
    let name = words.take(2).map(str::to_lowercase).collect::<Vec<_>>().join("-");
    if name.is_empty() { "line".to_owned() } else { name.chars().take(40).collect() }
}

/// Names of captures: one value has one name in the whole rule.
#[derive(Default)]
struct Names {
    known: Vec<(Type, String, String)>,
}

impl Names {
    /// The name of a value; `None` for a type whose values are not worth one.
    fn name(&mut self, ty: Type, text: &str) -> Option<String> {
        let stem = match ty {
            Type::Error => "status",
            Type::Path => "file",
            Type::Package => "package",
            Type::Component => "component",
            Type::Kb => "kb",
            Type::Version => "version",
            _ => return None,
        };
        let key = ty.read(text)?.key();
        if let Some((_, _, name)) = self.known.iter().find(|(known, value, _)| *known == ty && *value == key) {
            return Some(name.clone());
        }
        let used = self.known.iter().filter(|(known, ..)| *known == ty).count();
        let name = numbered(stem, used + 1);
        self.known.push((ty, key, name.clone()));
        Some(name)
    }
}

/// The pattern of one line; `stays` gets what is no hole. A pattern that does not match its own line asks for less.
fn pattern(line: &str, names: &mut Names, captures: &mut Vec<(String, Type, String)>, stays: &mut String) -> String {
    let pieces = pieces(line);
    let begin = captures.len();
    let mut pattern = String::new();
    for piece in &pieces {
        match piece {
            Piece::Text(text) => {
                stays.push_str(text);
                stays.push(' ');
                pattern.push_str(&literal(text));
            }
            Piece::Volatile(ty, text) => {
                let name = names.name(*ty, text).filter(|name| captures[begin..].iter().all(|(used, ..)| used != name));
                match name {
                    Some(name) => {
                        let _ = write!(pattern, "{{{name}:{}}}", ty.name());
                        captures.push((name, *ty, text.clone()));
                    }
                    None if *ty == Type::Text => pattern.push_str("{}"),
                    None => {
                        let _ = write!(pattern, "{{:{}}}", ty.name());
                    }
                }
            }
        }
    }
    let pattern = unanchored(&pattern);
    if matches(&pattern, line) {
        return pattern;
    }
    captures.truncate(begin);
    let plain = |piece: &Piece| match piece {
        Piece::Text(text) => literal(text),
        Piece::Volatile(..) => "{}".to_owned(),
    };
    unanchored(&pieces.iter().map(plain).collect::<String>())
}

/// Text as a pattern has it: braces doubled, a run of blanks as one.
fn literal(text: &str) -> String {
    let mut literal = String::new();
    for char in text.chars() {
        match char {
            '{' => literal.push_str("{{"),
            '}' => literal.push_str("}}"),
            blank if blank.is_whitespace() => {
                if !literal.ends_with(' ') {
                    literal.push(' ');
                }
            }
            control if control.is_control() => {}
            other => literal.push(other),
        }
    }
    literal
}

/// A sign at an end that would tie the pattern there is left to a hole.
fn unanchored(pattern: &str) -> String {
    let pattern = pattern.strip_prefix('^').map_or_else(|| pattern.to_owned(), |rest| format!("{{}}{rest}"));
    pattern.strip_suffix('$').map_or_else(|| pattern.clone(), |rest| format!("{rest}{{}}"))
}

/// Whether a pattern, read as the compiler would, matches a line.
fn matches(pattern: &str, line: &str) -> bool {
    super::text::compiled(pattern).is_some_and(|pattern: Pattern| pattern.matches(line))
}
