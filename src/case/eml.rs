//! Mails as mail programs keep them (`.eml`, `mbox`), written as the text of an export: then there is one way to read.
//!
//! The library undoes encodings and takes the text of a page; times stay those on the sender's clock.

use std::fmt::Write as _;

use mail_parser::mailbox::mbox::MessageIterator;
use mail_parser::{Message, MessageParser};

/// Headers one of which every mail of a program has, and no text that people wrote.
const OWN: [&str; 6] = ["MIME-Version", "Message-ID", "Received", "Content-Type", "X-Unsent", "Return-Path"];

/// The text of an export with the mails in `files`, oldest first; `None` where none of them is a mail of a program.
#[must_use]
pub fn export(files: &[Vec<u8>]) -> Option<String> {
    let single: Vec<Vec<u8>> = files.iter().flat_map(|file| split(file)).collect();
    let mut mails: Vec<Message<'_>> = single.iter().filter_map(|bytes| parse(bytes)).collect();
    mails.sort_by_key(|mail| mail.date().map(civil));
    // One mail alone may carry those before it; they are told from each other where there are no headings.
    let one = mails.len() == 1;
    let subject = mails.iter().rev().find_map(|mail| mail.subject()).unwrap_or_default();
    let mut text = format!("Subject: {}\n", line(subject));
    for (at, mail) in mails.iter().enumerate() {
        if !one {
            let _ = writeln!(text, "\n==== Message {} ====", at + 1);
        }
        text.push_str(&written(mail));
    }
    (!mails.is_empty()).then_some(text)
}

/// The mails of a mailbox, or the one mail.
fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    if bytes.starts_with(b"From ") {
        return MessageIterator::new(bytes).filter_map(Result::ok).map(|mail| mail.contents().to_vec()).collect();
    }
    vec![bytes.to_vec()]
}

/// A mail that a program wrote.
fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mail = MessageParser::default().parse(bytes)?;
    let is_own = OWN.iter().any(|name| mail.header_raw(*name).is_some());
    (is_own && mail.from().is_some()).then_some(mail)
}

/// The header fields and the body of a mail.
fn written(mail: &Message<'_>) -> String {
    let from = mail.from().and_then(|from| from.first());
    let name = from.and_then(|from| from.name()).unwrap_or_default();
    let address = from.and_then(|from| from.address()).unwrap_or_default();
    let from = match (name.is_empty(), address.is_empty()) {
        (true, _) => address.to_owned(),
        (false, true) => name.to_owned(),
        (false, false) => format!("{name} <{address}>"),
    };
    let sent = mail.date().map(civil).unwrap_or_default();
    let body = mail.body_text(0).unwrap_or_default();
    format!("From: {}\nSent: {sent}\nBody:\n{}\n", line(&from), body_text(&body))
}

/// A time as the sender's clock showed it.
fn civil(date: &mail_parser::DateTime) -> String {
    let (y, m, d) = (date.year, date.month, date.day);
    format!("{y:04}-{m:02}-{d:02} {:02}:{:02}:{:02}", date.hour, date.minute, date.second)
}

/// Text of one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A body in which no line can be taken for the heading of a mail.
fn body_text(body: &str) -> String {
    let kept = body.lines().map(|line| if line.starts_with("==") { format!(" {line}") } else { line.to_owned() });
    kept.collect::<Vec<_>>().join("\n")
}
