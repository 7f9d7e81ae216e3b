//! How a remedy went: what a mail reports of it, and the words for how that is known.
//!
//! Said is what a mail says; inferred is that newer logs show the same failure. Anything else is unknown.

use super::book::Act;
use super::ledger::{Entry, Mentions};
use super::{MessageKind, Outcome, Side, Tried};
use crate::lang::{Lang, Localized};

/// What one line of a mail reports.
pub(super) struct Report<'r> {
    /// The mail.
    pub(super) message: u32,
    /// The remedies it names; none: what was proposed last.
    pub(super) remedies: Vec<&'r str>,
    /// How it went.
    pub(super) outcome: Outcome,
    /// Whether newer logs tell, not words.
    pub(super) inferred: bool,
    /// Whether the customer reports it.
    pub(super) by_customer: bool,
    /// The call that reports it, with its day, where it is one.
    pub(super) call: Option<(usize, String)>,
}

/// What a mail reports, line by line; `again`: it pastes the same log lines with newer stamps.
pub(super) fn reports<'r>(entry: &Entry<'_, '_>, again: bool, remedies: &Mentions<'r>) -> Vec<Report<'r>> {
    let letter = entry.letter;
    // A scope mail tells the problem, not how a step went.
    if entry.is(MessageKind::Scope) {
        return Vec::new();
    }
    let report = |line: usize, outcome, inferred| Report {
        message: letter.number,
        remedies: remedies.of(letter, line..line + 1),
        outcome,
        inferred,
        by_customer: entry.side == Side::Customer,
        call: entry.call.map(|at| (at, letter.mail.time.map_or_else(String::new, day))),
    };
    let mut reports = Vec::new();
    for (line, acts) in letter.acts.iter().enumerate() {
        if acts.contains(&Act::Solved) {
            reports.push(report(line, Outcome::Solved, false));
        } else if acts.contains(&Act::Failed) {
            reports.push(report(line, Outcome::Failed, false));
        } else if acts.contains(&Act::Same) && entry.side == Side::Support {
            reports.push(Report { remedies: Vec::new(), ..report(line, Outcome::Failed, true) });
        }
    }
    if reports.is_empty() && entry.side == Side::Support && again {
        reports.push(Report { remedies: Vec::new(), ..report(0, Outcome::Failed, true) });
    }
    reports
}

impl Report<'_> {
    /// Enters the report at a proposal.
    pub(super) fn enter(&self, tried: &mut Tried) {
        let n = self.message;
        let (zh, en) = match (self.outcome, self.inferred) {
            (outcome, false) if self.call.is_some() => self.said_in_call(outcome),
            (_, true) => (
                format!("第{n}封邮件中较新的日志显示同样的故障"),
                format!("newer logs in message {n} show the same failure"),
            ),
            (Outcome::Solved, false) => {
                (format!("第{n}封邮件说明问题已解决"), format!("message {n} says that it solved the problem"))
            }
            (_, false) => {
                (format!("第{n}封邮件说明问题仍然存在"), format!("message {n} says that the problem is still there"))
            }
        };
        tried.outcome = self.outcome;
        tried.told = self.call.is_none().then_some(n);
        tried.told_in_call = self.call.as_ref().map(|(at, _)| *at);
        tried.inferred = self.inferred;
        tried.why = Localized::new(zh, en);
    }

    /// The words for what a call reports.
    fn said_in_call(&self, outcome: Outcome) -> (String, String) {
        let day = self.call.as_ref().map_or("", |(_, day)| day.as_str());
        let blank = if day.is_empty() { "" } else { " " };
        let (zh, en) = match outcome {
            Outcome::Solved => ("问题已解决", "it solved the problem"),
            _ => ("问题仍然存在", "the problem is still there"),
        };
        let on = if day.is_empty() { "" } else { " of " };
        (format!("{day}{blank}沟通中说明{zh}"), format!("the call{on}{day} says that {en}"))
    }

    /// The report as an entry of its own: nobody had proposed the remedy, or it was tried again.
    pub(super) fn of_its_own(&self, remedy: &str, is_proposed: bool) -> Tried {
        let n = self.message;
        let mut tried = Tried {
            message: n,
            remedy: remedy.to_owned(),
            outcome: self.outcome,
            why: Localized::default(),
            told: None,
            told_in_call: None,
            inferred: false,
        };
        self.enter(&mut tried);
        if !is_proposed {
            let [zh, en] = [tried.why.get(Lang::Zh), tried.why.get(Lang::En)];
            tried.why = Localized::new(format!("{zh}（此前未建议过）"), format!("{en}; nobody had proposed it"));
        }
        tried
    }
}

/// The day of a stamp.
fn day(stamp: crate::value::Stamp) -> String {
    stamp.iso().chars().take(10).collect()
}

/// Why it is not known how what mail `message` proposed went.
pub(super) fn unknown(entries: &[Entry<'_, '_>], message: u32) -> Localized {
    let later = entries.iter().filter(|entry| entry.letter.number > message);
    let mut answers = later.take_while(|entry| !entry.is(MessageKind::Remedy));
    match answers.find(|entry| entry.is(MessageKind::Uploaded) || entry.is(MessageKind::Received)) {
        Some(entry) => {
            let n = entry.letter.number;
            Localized::new(
                format!("第{n}封邮件带来新的日志，未提及结果"),
                format!("message {n} brings new logs and no word on it"),
            )
        }
        None => Localized::new("没有邮件说明结果", "no message says how it went"),
    }
}
