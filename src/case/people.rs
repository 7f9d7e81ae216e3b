//! Who is written to, and who waits for whom.
//!
//! A customer's sender goes by the name that support greeted before the sender first wrote; a sender that answers no
//! greeting has none. The next mail goes to whoever spoke last: in a call since the last support mail, else by mail.

use super::book::{Act, Marks, first};
use super::fold::Folded;
use super::ledger::Entry;
use super::{Call, Handover, MessageKind, Recipient, Side, Waiting, person};

/// Everybody whom support greeted, in that order, each with the sender that answers to it.
pub(super) fn recipients(entries: &[Entry<'_, '_>]) -> Vec<Recipient> {
    let mut known: Vec<Recipient> = Vec::new();
    let mut greeted: Option<usize> = None;
    for entry in entries.iter().filter(|entry| entry.call.is_none()) {
        let from = entry.letter.mail.from;
        if entry.side == Side::Customer {
            let is_known = known.iter().any(|one| one.from.as_deref() == Some(from));
            if let Some(one) = greeted.filter(|_| !is_known && !from.is_empty()).map(|at| &mut known[at]) {
                one.from.get_or_insert_with(|| from.to_owned());
            }
        } else if let Some(name) = &entry.letter.greets {
            let at = known.iter().position(|one| one.name == *name).unwrap_or(known.len());
            if at == known.len() {
                known.push(Recipient { name: name.clone(), from: None, last: 0 });
            }
            known[at].last = entry.letter.number;
            greeted = Some(at);
        }
    }
    known
}

/// Whom the next mail is to, as addressed.
pub(super) fn next(recipients: &[Recipient], entries: &[Entry<'_, '_>], calls: &[Call]) -> Option<String> {
    let since = entries.iter().rposition(|entry| entry.call.is_none() && entry.side == Side::Support);
    let fresh = &entries[since.map_or(0, |at| at + 1)..];
    let spoke = |entry: &Entry<'_, '_>| match entry.call {
        Some(call) => calls[call].speaker.clone(),
        None => recipients
            .iter()
            .find(|one| one.from.as_deref() == Some(entry.letter.mail.from))
            .map(|one| one.name.clone()),
    };
    let last_greeted = || recipients.iter().max_by_key(|one| one.last).map(|one| one.name.clone());
    fresh.iter().rev().find_map(spoke).or_else(last_greeted)
}

/// Who waits for whom after all entries, since which message.
pub(super) fn waiting(entries: &[Entry<'_, '_>]) -> Option<Waiting> {
    entries.iter().fold(None, |waiting: Option<Waiting>, entry| {
        let wait = |on: Side| match waiting {
            Some(known) if known.on == on => Some(known),
            _ => Some(Waiting { on, since: entry.letter.number, call: entry.call }),
        };
        let is = |kinds: &[MessageKind]| kinds.iter().any(|kind| entry.is(*kind));
        match (entry.call, entry.side) {
            (None, Side::Support) if entry.is(MessageKind::Close) => None,
            (_, _) if entry.call.is_some() && entry.kinds.is_empty() => waiting,
            (_, Side::Customer) if entry.call.is_none() && is_thanks(entry) => waiting,
            (Some(_), _) if is(&[MessageKind::Request, MessageKind::Remedy]) => wait(Side::Customer),
            (_, Side::Customer) => wait(Side::Support),
            (_, Side::Support) if is(&[MessageKind::Request, MessageKind::Remedy, MessageKind::FollowUp]) => {
                wait(Side::Customer)
            }
            (_, Side::Support) if is(&[MessageKind::Analysis]) => None,
            (_, Side::Support) => waiting,
        }
    })
}

/// `收到，谢谢`, which answers nothing.
fn is_thanks(entry: &Entry<'_, '_>) -> bool {
    entry.kinds.is_empty() && entry.letter.does(Act::Thanks)
}

/// Whether what was said since the last mail of support ends with the problem solved.
pub(super) fn solved(entries: &[Entry<'_, '_>]) -> bool {
    let fresh = entries.iter().rev().take_while(|entry| entry.call.is_some() || entry.side == Side::Customer);
    let word = fresh.flat_map(|entry| entry.letter.acts.iter().rev().flatten());
    let mut word = word.filter(|act| matches!(act, Act::Solved | Act::Failed));
    word.next() == Some(&Act::Solved)
}

/// The messages by which an archived case was written to again.
pub(super) fn reopened(stages: &[super::Stage], entries: &[Entry<'_, '_>]) -> Vec<u32> {
    use super::Stage::{Closed, Reopened};
    let pairs = stages.windows(2).zip(entries.iter().skip(1));
    pairs.filter(|(pair, _)| pair[0] == Closed && pair[1] == Reopened).map(|(_, entry)| entry.letter.number).collect()
}

/// Every time that another engineer took the case over: by a mail that says so, and where another person of support
/// writes than before. Where a mailbox says so, the next person who writes is meant.
pub(super) fn handovers(entries: &[Entry<'_, '_>], marks: &Marks) -> Vec<Handover> {
    let mut before: Option<&str> = None;
    let mut found: Vec<Handover> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.side == Side::Support && entry.call.is_none()) {
        let from = entry.letter.mail.from;
        let is_mailbox = from.is_empty() || first(&marks.mailbox, &Folded::new(from)).is_some();
        let writer = (!is_mailbox).then_some(from);
        let name = |sender: Option<&str>| sender.and_then(|sender| person::read(sender, marks));
        let changed = before.zip(writer).is_some_and(|(before, writer)| before != writer);
        match found.last_mut() {
            Some(open) if open.to.is_none() && writer.is_some() && !entry.is(MessageKind::Handover) => {
                open.to = name(writer);
            }
            _ if before.is_some() && (changed || entry.is(MessageKind::Handover)) => {
                found.push(Handover { message: entry.letter.number, from: name(before), to: name(writer) });
            }
            _ => {}
        }
        before = writer.or(before);
    }
    found
}
