//! Facts: values of the context that know where they come from, and how a rendered text tells which were read.
//!
//! A fact that a template prints leaves an invisible mark around its text. After rendering the text is taken apart
//! into paragraphs and list items, and the marks say which facts each one read; then they are taken off. So what a
//! part rests on is recorded where it is read and never found by searching the text.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, Output, State};

use super::{Reference, Role};

/// Begins a fact's text, after it its number, then [`NUMBER_END`].
const BEGIN: char = '\u{E000}';
const NUMBER_END: char = '\u{E001}';
const END: char = '\u{E002}';

/// What a fact's text is; the later one wins where one stands in another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Words in running text.
    #[default]
    Value,
    /// A command to run, a line of its own.
    Command,
    /// The drawing of a screen.
    Screen,
    /// A block of log lines, headed by its place.
    Quotation,
}

/// Where a fact comes from.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    pub(super) class: Class,
    pub(super) evidence: Vec<Reference>,
    pub(super) message: Option<u32>,
    /// The place of a call among the calls of the thread.
    pub(super) call: Option<usize>,
    /// What a part that prints it does, where neither evidence nor a message makes it a claim.
    pub(super) role: Option<Role>,
}

/// A fact's name and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) source: Source,
}

/// All facts of one draft, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts(Arc<Mutex<Vec<Known>>>);

/// A value that leaves a mark where it is printed.
#[derive(Debug)]
struct Fact {
    number: usize,
    text: String,
}

impl Object for Fact {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Facts {
    /// A fact of the context.
    pub(super) fn add(&self, name: &str, text: &str, source: Source) -> Value {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.push(Known { name: name.to_owned(), source });
        Value::from_object(Fact { number: known.len() - 1, text: text.to_owned() })
    }

    pub(super) fn get(&self, number: usize) -> Option<Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(number).cloned()
    }
}

/// A value as text, with its mark if it is a fact.
pub(super) fn marked(value: &Value) -> String {
    match value.downcast_object_ref::<Fact>() {
        Some(fact) => format!("{BEGIN}{}{NUMBER_END}{}{END}", fact.number, fact.text),
        None => value.to_string(),
    }
}

/// Prints values: a fact with its mark, nothing for what is not there only where the template said so.
pub(super) fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.downcast_object_ref::<Fact>() {
        Some(_) => Ok(out.write_str(&marked(value))?),
        None if value.is_none() => Err(Error::new(
            minijinja::ErrorKind::UndefinedError,
            "a value that is not there was printed; ask for it with `if` first",
        )),
        None => minijinja::escape_formatter(out, state, value),
    }
}

/// Text from outside without the marks' own characters.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|char| if matches!(char, BEGIN..=END) { '\u{FFFD}' } else { char }).collect()
}

/// A piece of a marked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Text between marks.
    Text(&'t str),
    /// The fact of this number begins.
    Begin(usize),
    /// The fact that began last ends.
    End,
}

/// A marked text piece by piece.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find([BEGIN, END]) {
        tokens.push(Token::Text(&rest[..at]));
        let ended = rest[at..].starts_with(END);
        rest = &rest[at + BEGIN.len_utf8()..];
        if ended {
            tokens.push(Token::End);
        } else if let Some((number, after)) = rest.split_once(NUMBER_END) {
            tokens.extend(number.parse().ok().map(Token::Begin));
            rest = after;
        }
    }
    tokens.push(Token::Text(rest));
    tokens
}

/// A text without marks, and the numbers of the facts that were marked in it.
pub(super) fn unmark(text: &str) -> (String, Vec<usize>) {
    let mut plain = String::new();
    let mut numbers = Vec::new();
    for token in tokens(text) {
        match token {
            Token::Text(text) => plain.push_str(text),
            Token::Begin(number) => numbers.push(number),
            Token::End => {}
        }
    }
    (plain, numbers)
}

#[cfg(test)]
mod tests {
    use super::{Facts, Source, clean, unmark};

    #[test]
    fn marks_come_off_and_tell_what_was_read() {
        assert_eq!(unmark("a\u{E000}7\u{E001}b\u{E002}c"), ("abc".to_owned(), vec![7]));
        assert_eq!(unmark("\u{E000}1\u{E001}x\u{E000}2\u{E001}y\u{E002}\u{E002}"), ("xy".to_owned(), vec![1, 2]));
        assert_eq!(clean("a\u{E000}b"), "a\u{FFFD}b");
    }

    #[test]
    fn a_fact_prints_as_its_text() {
        let facts = Facts::default();
        let value = facts.add("inf", "usbstor.inf", Source::default());
        assert_eq!(value.to_string(), "usbstor.inf");
        assert_eq!(facts.get(0).unwrap().name, "inf");
    }
}
