//! What was said outside mail: notes of calls, `[time] who: what`, as letters of their own between the mails.
//!
//! A note without a time was written down last. Who spoke is named before the first colon, as a greeting would.

use super::book::{Act, Phrasebook, first};
use super::envelope::Mail;
use super::excerpt::Framers;
use super::letter::Letter;
use super::{Call, MessageKind, Side, greeting, sent, stage};
use crate::value::Stamp;

use super::ledger::Entry;

/// A note, taken apart.
pub(super) struct Note<'t> {
    pub(super) time: Option<Stamp>,
    pub(super) speaker: Option<String>,
    /// What was said, without time and speaker.
    pub(super) text: &'t str,
}

impl<'t> Note<'t> {
    /// Reads `[2024-03-05 14:20] 甲先生：…`; text in brackets that is no time stays text.
    pub(super) fn read(note: &'t str, book: &Phrasebook) -> Note<'t> {
        let note = note.trim();
        let bracketed = note.strip_prefix(['[', '【']).and_then(|rest| rest.split_once([']', '】']));
        let timed = bracketed.and_then(|(time, rest)| Some((moment(time)?, rest.trim())));
        let (time, text) = timed.map_or((None, note), |(time, rest)| (Some(time), rest));
        let named = text.split_once(['：', ':']);
        let spoken = named.and_then(|(who, said)| Some((greeting::name(who, &book.marks)?, said.trim())));
        match spoken.filter(|(_, said)| !said.is_empty()) {
            Some((speaker, text)) => Note { time, speaker: Some(speaker), text },
            None => Note { time, speaker: None, text },
        }
    }

    /// The note as a letter; its number is that of the mail before it.
    pub(super) fn letter(&self, after: u32, book: &Phrasebook, framers: &Framers<'_>) -> Letter<'t> {
        let mail = Mail { time: self.time, lines: self.text.lines().collect(), ..Mail::default() };
        Letter::read(after, mail, book, framers)
    }
}

/// A stamp, or a day alone, which is taken as its end: what was said that day was said after its mails.
fn moment(text: &str) -> Option<Stamp> {
    sent::parse(text).or_else(|| sent::parse(&format!("{} 23:59:59", text.trim())))
}

/// Where a note stands among mails sent at `times`: how many come before it.
pub(super) fn place(time: Option<Stamp>, times: &[Option<Stamp>]) -> usize {
    let Some(time) = time else { return times.len() };
    times.iter().rposition(|sent| sent.is_some_and(|sent| sent <= time)).map_or(0, |at| at + 1)
}

/// What was said in a call, of both sides.
pub(super) fn kinds(letter: &Letter<'_>) -> Vec<MessageKind> {
    let both = [stage::kinds(letter, Side::Support), stage::kinds(letter, Side::Customer)].concat();
    let said = |kind: &MessageKind| {
        use MessageKind::{Question, Received, Remedy, Request, Result, Uploaded};
        matches!(kind, Request | Remedy | Received | Question | Uploaded | Result)
    };
    both.into_iter().filter(said).collect()
}

/// The call as the thread tells it.
pub(super) fn told(entry: &Entry<'_, '_>, note: &Note<'_>, book: &Phrasebook) -> Call {
    Call {
        after: entry.letter.number,
        time: note.time,
        speaker: note.speaker.clone(),
        text: note.text.to_owned(),
        kinds: entry.kinds.clone(),
        ends: entry.letter.does(Act::CloseAsked) || entry.letter.does(Act::Solved),
        missed: entry.letter.folded.iter().any(|line| first(&book.marks.missed, line).is_some()),
    }
}
