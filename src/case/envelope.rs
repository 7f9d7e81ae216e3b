//! The envelope of a thread by `grammar/thread.pest`: subject, and each mail's number, sender, time and lines.
//!
//! It never fails: text of no known form is one mail, a subject line alone has none. Bodies are handed on as they are.

use pest::Parser;
use pest::iterators::Pair;

use super::sent;
use super::unfold::unfold;
use crate::value::Stamp;

use grammar::{Rule, ThreadParser};

/// The derived parser, apart so that its rule names stay here.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/thread.pest"]
    pub(super) struct ThreadParser;
}

/// A thread's envelope. Texts are slices of the thread.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope<'t> {
    /// The subject as written, blanks around it taken off.
    pub(super) subject: &'t str,
    /// The mails, oldest first.
    pub(super) mails: Vec<Mail<'t>>,
}

/// One mail as the envelope frames it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mail<'t> {
    /// The number of its heading.
    pub(super) number: Option<u32>,
    /// The sender as written; empty where none is.
    pub(super) from: &'t str,
    /// The civil time of sending.
    pub(super) time: Option<Stamp>,
    /// Its lines, the first one after the header first.
    pub(super) lines: Vec<&'t str>,
}

/// Reads the envelope of `text`.
pub(super) fn parse(text: &str) -> Envelope<'_> {
    let Some(thread) = ThreadParser::parse(Rule::thread, text).ok().and_then(|mut pairs| pairs.next()) else {
        return Envelope { subject: "", mails: vec![Mail { lines: lines(text), ..Mail::default() }] };
    };
    let mut subject = "";
    let mut mails = Vec::new();
    let mut headed = false;
    for part in thread.into_inner() {
        let is_front = part.as_rule() == Rule::front;
        if !is_front && part.as_rule() != Rule::message {
            continue;
        }
        headed |= !is_front;
        let (mail, own_subject) = mail(part);
        if subject.is_empty() {
            subject = own_subject;
        }
        mails.push(mail);
    }
    // Text before the first heading is a mail only where it has a sender, or where there is no heading at all.
    if mails.first().is_some_and(|front| is_empty(front) || (headed && front.from.is_empty())) {
        mails.remove(0);
    }
    if !headed && mails.len() == 1 {
        mails = mails.iter().flat_map(unfold).collect();
    }
    if mails.len() > 1 && mails.is_sorted_by(|a, b| a.number > b.number) {
        mails.reverse();
    }
    Envelope { subject, mails }
}

fn is_empty(mail: &Mail<'_>) -> bool {
    mail.from.is_empty() && mail.lines.iter().all(|line| line.trim().is_empty())
}

fn mail(part: Pair<'_, Rule>) -> (Mail<'_>, &str) {
    let mut mail = Mail::default();
    let mut subject = "";
    for field in part.into_inner() {
        match field.as_rule() {
            Rule::heading => mail.number = value(field, Rule::number).parse().ok(),
            Rule::subject => subject = value(field, Rule::value),
            Rule::from => mail.from = value(field, Rule::value),
            Rule::sent => mail.time = sent::parse(value(field, Rule::value)),
            Rule::body => mail.lines = lines(field.as_str()),
            _ => {}
        }
    }
    (mail, subject)
}

/// The text of the first `rule` within `field`, blanks around it taken off.
fn value(field: Pair<'_, Rule>, rule: Rule) -> &str {
    field.into_inner().find(|inner| inner.as_rule() == rule).map_or("", |inner| inner.as_str().trim())
}

/// The lines of a body without the blank ones at its end.
fn lines(body: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = body.lines().collect();
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines
}
