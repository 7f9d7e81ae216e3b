//! The ledger of a case: which collections were asked for, which mails say that logs came, which remedies were tried
//! and how that went.
//!
//! What a mail asks for or proposes is what the `mentioned` phrases of collections and remedies find in it: a
//! collection from the first asking line on, a remedy in any line of an advising mail, neither in pasted log lines nor
//! in a summary. How a remedy went is what is said of it: a line that names a remedy speaks of that one, any other of
//! all that the last advising mail proposed. Where nobody says, newer logs with the same failure say that it failed.

use std::collections::BTreeMap;

use super::book::Act;
use super::letter::Letter;
use super::outcome::{self, Report};
use super::phrase::Phrase;
use super::{Asked, MessageKind, Outcome, Received, Side, Tried};
use crate::lang::{Lang, Localized};
use crate::rule::RuleSet;

/// A letter with its side and kinds.
pub(super) struct Entry<'a, 't> {
    pub(super) letter: &'a Letter<'t>,
    pub(super) side: Side,
    pub(super) kinds: Vec<MessageKind>,
    /// Its place among the calls, where it is one.
    pub(super) call: Option<usize>,
}

impl Entry<'_, '_> {
    /// Whether it is a support mail of `kind`.
    pub(super) fn is(&self, kind: MessageKind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// The `mentioned` phrases of something, by its name.
pub(super) struct Mentions<'r> {
    names: Vec<(&'r str, Vec<Phrase>)>,
}

impl<'r> Mentions<'r> {
    /// Those of the collections.
    pub(super) fn collections(rules: &'r RuleSet) -> Mentions<'r> {
        Self::new(rules.collections.iter().map(|one| (one.name.as_str(), one.mentioned.as_slice())))
    }

    /// Those of the remedies.
    pub(super) fn remedies(rules: &'r RuleSet) -> Mentions<'r> {
        Self::new(rules.remedies.iter().map(|one| (one.name.as_str(), one.mentioned.as_slice())))
    }

    fn new(all: impl Iterator<Item = (&'r str, &'r [String])>) -> Mentions<'r> {
        let compiled = |texts: &[String]| texts.iter().filter_map(|text| Phrase::new(text)).collect();
        Mentions { names: all.map(|(name, texts)| (name, compiled(texts))).collect() }
    }

    /// What the lines at `lines` of a letter mention, in the order of the knowledge base.
    pub(super) fn of(&self, letter: &Letter<'_>, lines: std::ops::Range<usize>) -> Vec<&'r str> {
        let folded = &letter.folded[lines.start.min(letter.folded.len())..lines.end.min(letter.folded.len())];
        let stands = |phrase: &Phrase| folded.iter().any(|line| phrase.find(line).is_some());
        let mentioned = self.names.iter().filter(|(_, phrases)| phrases.iter().any(stands));
        mentioned.map(|(name, _)| *name).collect()
    }
}

/// What was asked for.
pub(super) fn asked(entries: &[Entry<'_, '_>], collections: &Mentions<'_>) -> Vec<Asked> {
    let mut asked = Vec::new();
    for entry in entries.iter().filter(|entry| entry.is(MessageKind::Request)) {
        let letter = entry.letter;
        let Some(from) = letter.lines_that(Act::Request).next() else { continue };
        let names = collections.of(letter, from..letter.summary);
        asked.extend(names.into_iter().map(|name| Asked {
            message: letter.number,
            collection: name.to_owned(),
            call: entry.call,
            came: false,
        }));
    }
    asked
}

/// The mails that say that logs came, of either side.
pub(super) fn received(entries: &[Entry<'_, '_>]) -> Vec<Received> {
    let tells = |entry: &&Entry<'_, '_>| entry.is(MessageKind::Received) || entry.is(MessageKind::Uploaded);
    entries.iter().filter(tells).map(|entry| Received { message: entry.letter.number, call: entry.call }).collect()
}

/// What was tried.
pub(super) fn tried(entries: &[Entry<'_, '_>], remedies: &Mentions<'_>) -> Vec<Tried> {
    let mut ledger = Ledger::default();
    let mut pasted = Pasted::default();
    for entry in entries {
        let again = pasted.shows_again(entry.letter);
        for report in outcome::reports(entry, again, remedies) {
            ledger.hear(&report);
        }
        if entry.is(MessageKind::Remedy) {
            let names = ledger.meant(entry.letter, remedies);
            ledger.propose(entry.letter.number, &names);
        }
    }
    let mut tried = ledger.tried;
    repeat(&mut tried);
    for known in tried.iter_mut().filter(|tried| tried.outcome == Outcome::Unknown) {
        known.why = outcome::unknown(entries, known.message);
    }
    tried
}

/// What was tried so far, in the order of the messages.
#[derive(Default)]
struct Ledger {
    tried: Vec<Tried>,
    /// The last entry of each remedy.
    last: BTreeMap<String, usize>,
    /// The last advising mail.
    advised: u32,
    /// The last message that says that a step helped.
    solved: u32,
}

impl Ledger {
    fn add(&mut self, tried: Tried) {
        self.last.insert(tried.remedy.clone(), self.tried.len());
        self.tried.push(tried);
    }

    /// The remedies that an advising mail proposes. One that failed and is named only in lines that name another is there to
    /// explain that one.
    fn meant<'r>(&self, letter: &Letter<'_>, remedies: &Mentions<'r>) -> Vec<&'r str> {
        let lines: Vec<Vec<&str>> = (0..letter.summary).map(|at| remedies.of(letter, at..at + 1)).collect();
        let failed = |name: &str| self.last.get(name).is_some_and(|at| self.tried[*at].outcome == Outcome::Failed);
        let alone = |name: &str| lines.iter().any(|line| line.as_slice() == [name]);
        let mut names = remedies.of(letter, 0..letter.summary);
        names.retain(|name| !failed(name) || alone(name));
        names
    }

    /// Enters what an advising mail proposes; it may well be nothing that the knowledge base knows.
    fn propose(&mut self, message: u32, remedies: &[&str]) {
        self.advised = message;
        for remedy in remedies {
            let (outcome, why) = (Outcome::Unknown, Localized::default());
            self.add(Tried {
                message,
                remedy: (*remedy).to_owned(),
                outcome,
                why,
                told: None,
                told_in_call: None,
                inferred: false,
            });
        }
    }

    /// Enters a report: at the proposals it speaks of, or as a remedy that nobody had proposed.
    fn hear(&mut self, report: &Report<'_>) {
        if report.remedies.is_empty() {
            self.hear_of_last(report);
        }
        for remedy in &report.remedies {
            let known = self.last.get(*remedy).map(|at| &mut self.tried[*at]);
            let is_proposed = known.is_some();
            match known {
                Some(known) if known.outcome == Outcome::Unknown => report.enter(known),
                Some(known) if known.outcome == report.outcome || !report.by_customer => {}
                _ if report.by_customer || report.outcome == Outcome::Solved => {
                    self.add(report.of_its_own(remedy, is_proposed));
                }
                _ => {}
            }
        }
        if report.outcome == Outcome::Solved {
            self.solved = report.message;
        }
    }

    /// A report that names no remedy: of all that was proposed last, unless another remedy helped since.
    fn hear_of_last(&mut self, report: &Report<'_>) {
        if self.solved > self.advised {
            return;
        }
        let of_last = self.tried.iter_mut().rev().take_while(|tried| tried.message >= self.advised);
        let open = of_last.filter(|tried| tried.message == self.advised && tried.outcome == Outcome::Unknown);
        open.for_each(|tried| report.enter(tried));
    }
}

/// A remedy that the next advising mail proposes again went as it went then.
fn repeat(tried: &mut [Tried]) {
    for at in (0..tried.len()).rev() {
        let message = tried[at].message;
        let next = tried.partition_point(|tried| tried.message <= message);
        if tried[at].outcome != Outcome::Unknown || next == tried.len() {
            continue;
        }
        let (before, after) = tried.split_at_mut(next);
        let next = after[0].message;
        let mut repeated = after.iter().take_while(|again| again.message == next);
        let known = &mut before[at];
        let again = repeated.find(|again| again.remedy == known.remedy && again.outcome != Outcome::Unknown);
        if let Some(again) = again {
            known.outcome = again.outcome;
            known.told = again.told;
            known.told_in_call = again.told_in_call;
            known.inferred = again.inferred;
            known.why = Localized::new(
                format!("第{next}封邮件再次提出；{}", again.why.get(Lang::Zh)),
                format!("proposed again in message {next}; {}", again.why.get(Lang::En)),
            );
        }
    }
}

/// Log lines that mails pasted so far, by their text without digits.
#[derive(Default)]
struct Pasted(BTreeMap<String, String>);

impl Pasted {
    /// Whether a letter pastes the log lines of an earlier one again with other numbers: the same failure, newer.
    fn shows_again(&mut self, letter: &Letter<'_>) -> bool {
        let mut again = false;
        for run in &letter.logs {
            let text = letter.lines[run.clone()].join("\n");
            let shape: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
            again |= self.0.insert(shape, text.clone()).is_some_and(|known| known != text);
        }
        again
    }
}
