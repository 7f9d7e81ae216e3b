//! The case as its mail thread tells it: messages, who is who, what was asked, received and tried, the stage.
//!
//! `grammar/thread.pest` reads the envelope; the words are data in `rules/phrases/`. A mail is first read by itself
//! (`letter.rs`: its own words, what each line does, pasted log lines), then all of them together: who is who
//! (`side.rs`), what was asked, received and tried (`ledger.rs`), where the case stands (`stage.rs`).

mod book;
mod call;
mod eml;
mod envelope;
mod excerpt;
mod fact;
mod fold;
mod greeting;
mod held;
mod json;
mod ledger;
mod letter;
mod logs;
mod outcome;
mod path;
mod people;
mod person;
mod phrase;
mod problem;
mod proposed;
mod quoted;
mod render;
mod sent;
mod shows;
mod side;
mod stage;
#[cfg(test)]
mod tests;
mod unfold;

pub use eml::export;
pub use held::{Asked, Handover, Outcome, Proposed, Received, Standing, Tried};
pub use json::to_json;
pub use logs::{Heard, Shown};
pub use render::render;

use crate::rule::RuleSet;
use crate::value::Stamp;

use book::Phrasebook;
use call::Note;
use envelope::Mail;
use ledger::Entry;
use letter::Letter;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The support side.
    Support,
    /// The customer's side.
    Customer,
}

/// What a message does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MessageKind {
    /// Support: states problem and scope.
    Scope,
    /// Support: asks for logs.
    Request,
    /// Support: confirms that logs came.
    Received,
    /// Support: says what the logs show.
    Analysis,
    /// Support: proposes what to do.
    Remedy,
    /// Support: asks how things stand.
    FollowUp,
    /// Support: hands the case to another person, or takes it over.
    Handover,
    /// Support: archives the case.
    Close,
    /// Customer: asks.
    Question,
    /// Customer: says that logs were uploaded.
    Uploaded,
    /// Customer: says how a step went.
    Result,
}

/// One message of a thread.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its number, from 1.
    pub number: u32,
    /// The sender as written.
    pub from: String,
    /// Civil time of sending, whatever offset the export prints.
    pub time: Option<Stamp>,
    /// The side.
    pub side: Side,
    /// What it does, in the order of [`MessageKind`].
    pub kinds: Vec<MessageKind>,
    /// Its own words: quoted replies and signatures of clients taken off.
    pub body: String,
    /// How the greeted person is addressed (`甲先生`), if the message greets one.
    pub greets: Option<String>,
    /// The sentences by which a support mail says what logs show.
    pub shows: Vec<String>,
}

/// Log lines pasted in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The message.
    pub message: u32,
    /// The line of the message's body at which it begins, from 1.
    pub line: u64,
    /// The lines.
    pub text: String,
}

/// Something that was said outside mail, as a note tells it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The number of the message before it; 0 before the first.
    pub after: u32,
    /// When, where the note says so.
    pub time: Option<Stamp>,
    /// Who spoke, as addressed, where the note names them.
    pub speaker: Option<String>,
    /// What was said.
    pub text: String,
    /// What that does, of both sides.
    pub kinds: Vec<MessageKind>,
    /// Whether the case can be archived: solved, or the customer agrees.
    pub ends: bool,
    /// Whether nobody answered the call.
    pub missed: bool,
}

/// Somebody whom support writes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// As addressed, `甲先生`.
    pub name: String,
    /// The sender that answers to it, where one did.
    pub from: Option<String>,
    /// The last message that greets them.
    pub last: u32,
}

/// Who is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The side that has to act.
    pub on: Side,
    /// Since which message.
    pub since: u32,
    /// Since a call after that message, by its place among the calls.
    pub call: Option<usize>,
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was sent yet.
    #[default]
    New,
    /// The scope was stated.
    Scoped,
    /// Logs were asked for.
    Waiting,
    /// Logs came.
    Analysing,
    /// A remedy was proposed.
    Advised,
    /// Archived.
    Closed,
    /// Archived and written to again.
    Reopened,
}

/// A case as its thread tells it.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// The subject line as written.
    pub subject: String,
    /// The case number.
    pub case: Option<String>,
    /// The tracking number.
    pub tracking: Option<String>,
    /// Articles named, `KB5032196`.
    pub kbs: Vec<String>,
    /// Products named.
    pub products: Vec<String>,
    /// Error codes named, canonical.
    pub codes: Vec<String>,
    /// Paths named.
    pub paths: Vec<String>,
    /// The problem as stated in a scope mail, else drawn from the subject.
    pub problem: Option<String>,
    /// The messages in order.
    pub messages: Vec<Message>,
    /// What was said outside mail, in order.
    pub calls: Vec<Call>,
    /// Log lines pasted in messages.
    pub excerpts: Vec<Excerpt>,
    /// What was asked for.
    pub asked: Vec<Asked>,
    /// What came.
    pub received: Vec<Received>,
    /// What was tried.
    pub tried: Vec<Tried>,
    /// Where it stands.
    pub stage: Stage,
    /// Everybody whom support writes to.
    pub recipients: Vec<Recipient>,
    /// Whom the next mail is to, `甲先生`: who spoke or wrote last, else whom support greeted last.
    pub customer: Option<String>,
    /// Who sent the last support mail; `None` where a mailbox did.
    pub engineer: Option<String>,
    /// The causes that support named, in the order of the mails.
    pub proposed: Vec<Proposed>,
    /// Every time that another engineer took the case over.
    pub handovers: Vec<Handover>,
    /// Who has to act.
    pub waiting: Option<Waiting>,
    /// Whether the last word since support's last mail is that the problem is solved.
    pub solved: bool,
    /// The messages by which the archived case was written to again.
    pub reopened: Vec<u32>,
}

impl Thread {
    /// What was asked for and has not come. Logs came where a mail says so, and where support says what they show: what
    /// was asked for before that is no longer waited for.
    pub fn outstanding(&self) -> impl Iterator<Item = &Asked> {
        let analysed = self.messages.iter().filter(|message| message.kinds.contains(&MessageKind::Analysis));
        let came = analysed.map(|message| message.number).chain(self.received.iter().map(|came| came.message)).max();
        let called =
            self.received.iter().filter(|came| came.call.is_some()).map(|came| (came.message, came.call)).max();
        let later =
            move |asked: &&Asked| called.is_none_or(|(message, call)| (asked.message, asked.call) > (message, call));
        self.asked
            .iter()
            .filter(later)
            .filter(move |asked| !asked.came && came.is_none_or(|came| asked.message >= came))
    }

    /// The last mail that support sent.
    #[must_use]
    pub fn last_sent(&self) -> Option<&Message> {
        self.messages.iter().rfind(|message| message.side == Side::Support)
    }

    /// What was said in calls since the last mail of support.
    pub fn fresh_calls(&self) -> impl Iterator<Item = &Call> {
        let sent = self.last_sent().map_or(0, |message| message.number);
        self.calls.iter().filter(move |call| call.after >= sent)
    }
}

/// Reads a thread. Never fails: text of no known form is one message, a subject line alone is a new case.
#[must_use]
pub fn read(text: &str, rules: &RuleSet) -> Thread {
    read_with_notes(text, &[], rules)
}

/// Reads a thread with notes of what was said outside mail, `[time] who: what`.
#[must_use]
pub fn read_with_notes(text: &str, notes: &[String], rules: &RuleSet) -> Thread {
    let envelope = envelope::parse(text);
    let book = Phrasebook::new(rules);
    let framers = excerpt::Framers::new(&rules.logs);
    let numbers = numbers(&envelope.mails);
    let mails = envelope.mails.into_iter().zip(numbers);
    let letters: Vec<Letter<'_>> = mails.map(|(mail, number)| Letter::read(number, mail, &book, &framers)).collect();
    let sides = side::sides(&letters, &book.marks);
    let notes: Vec<Note<'_>> = notes.iter().map(|note| Note::read(note, &book)).collect();
    let spoken = spoken(&notes, &letters, &book, &framers);
    let entries = entries(&letters, &sides, &spoken);
    let facts = fact::read(envelope.subject, &letters, &book.marks);
    let from_support = || entries.iter().rev().filter(|entry| entry.side == Side::Support);
    let mut calls: Vec<(usize, Call)> = entries
        .iter()
        .filter_map(|entry| Some((entry.call?, call::told(entry, &notes[spoken[entry.call?].note], &book))))
        .collect();
    calls.sort_by_key(|(at, _)| *at);
    let calls: Vec<Call> = calls.into_iter().map(|(_, call)| call).collect();
    let recipients = people::recipients(&entries);
    let stages = stage::stages(&entries);
    let tried = ledger::tried(&entries, &ledger::Mentions::remedies(rules));
    Thread {
        subject: envelope.subject.to_owned(),
        case: facts.case,
        tracking: facts.tracking,
        kbs: facts.kbs,
        products: facts.products,
        codes: facts.codes,
        paths: facts.paths,
        problem: facts.problem,
        messages: entries.iter().filter(|entry| entry.call.is_none()).map(|entry| message(entry, &book)).collect(),
        excerpts: letters.iter().flat_map(excerpts).collect(),
        asked: ledger::asked(&entries, &ledger::Mentions::collections(rules)),
        received: ledger::received(&entries),
        proposed: proposed::read(&entries, rules, &tried, &book),
        tried,
        stage: stages.last().copied().unwrap_or_default(),
        customer: people::next(&recipients, &entries, &calls),
        recipients,
        calls,
        waiting: people::waiting(&entries),
        solved: people::solved(&entries),
        reopened: people::reopened(&stages, &entries),
        engineer: from_support().next().and_then(|entry| person::read(entry.letter.mail.from, &book.marks)),
        handovers: people::handovers(&entries, &book.marks),
    }
}

/// A note as a letter, and where it stands.
struct Spoken<'t> {
    letter: Letter<'t>,
    /// How many mails come before it.
    after: usize,
    /// Which note it is.
    note: usize,
}

/// The notes as letters, in their order among the mails.
fn spoken<'t>(
    notes: &[Note<'t>],
    letters: &[Letter<'_>],
    book: &Phrasebook,
    framers: &excerpt::Framers<'_>,
) -> Vec<Spoken<'t>> {
    let times: Vec<Option<Stamp>> = letters.iter().map(|letter| letter.mail.time).collect();
    let one = |(at, note): (usize, &Note<'t>)| {
        let after = call::place(note.time, &times);
        let number = after.checked_sub(1).map_or(0, |last| letters[last].number);
        Spoken { letter: note.letter(number, book, framers), after, note: at }
    };
    let mut spoken: Vec<Spoken<'t>> = notes.iter().enumerate().map(one).collect();
    spoken.sort_by_key(|one| (one.after, notes[one.note].time.is_none(), notes[one.note].time));
    spoken
}

/// Mails and calls in their order. In a call the customer tells, whoever wrote the note.
fn entries<'a, 't>(letters: &'a [Letter<'t>], sides: &[Side], spoken: &'a [Spoken<'t>]) -> Vec<Entry<'a, 't>> {
    let mut entries = Vec::new();
    for at in 0..=letters.len() {
        for (call, one) in spoken.iter().enumerate().filter(|(_, one)| one.after == at) {
            let (letter, kinds) = (&one.letter, call::kinds(&one.letter));
            entries.push(Entry { letter, side: Side::Customer, kinds, call: Some(call) });
        }
        if let (Some(letter), Some(side)) = (letters.get(at), sides.get(at).copied()) {
            entries.push(Entry { letter, side, kinds: stage::kinds(letter, side), call: None });
        }
    }
    entries
}

/// The numbers of the headings where they ascend, else the places in the thread.
fn numbers(mails: &[Mail<'_>]) -> Vec<u32> {
    let own: Option<Vec<u32>> = mails.iter().map(|mail| mail.number).collect();
    match own {
        Some(own) if own.is_sorted_by(|a, b| a < b) => own,
        _ => (1..).take(mails.len()).collect(),
    }
}

fn message(entry: &Entry<'_, '_>, book: &Phrasebook) -> Message {
    Message {
        number: entry.letter.number,
        from: entry.letter.mail.from.to_owned(),
        time: entry.letter.mail.time,
        side: entry.side,
        kinds: entry.kinds.clone(),
        body: entry.letter.lines.join("\n"),
        greets: entry.letter.greets.clone(),
        shows: shows::read(entry, book),
    }
}

fn excerpts<'a>(letter: &'a Letter<'_>) -> impl Iterator<Item = Excerpt> + 'a {
    letter.logs.iter().map(|run| Excerpt {
        message: letter.number,
        line: run.start as u64 + 1,
        text: letter.lines[run.clone()].join("\n"),
    })
}
