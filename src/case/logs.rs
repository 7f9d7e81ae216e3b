//! What the logs at hand tell the ledger: which collections came after all, and which remedies did not help.
//!
//! Logs reach support by the portal, not by mail: a collection that was asked for came where a log it yields is there
//! and newer than the mail that asked, or has no time at all. A remedy of which nobody said how it went did not help
//! where the same failure shows again after it was proposed: one that showed before, or whose code the mails name. A
//! failure that is new tells nothing of a remedy that was meant for another.

use super::{Outcome, Thread};
use crate::lang::Localized;
use crate::logs::LogKindId;
use crate::rule::RuleSet;
use crate::value::Stamp;

/// What logs say to a ledger.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// The logs that are there, each with the time of its last record.
    pub logs: Vec<(LogKindId, Option<Stamp>)>,
    /// The failures that show.
    pub failures: Vec<Shown>,
}

/// A failure that logs show.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Its first time.
    pub first: Option<Stamp>,
    /// Its last time.
    pub last: Option<Stamp>,
    /// Its error codes, canonical.
    pub codes: Vec<String>,
}

impl Thread {
    /// The message that proposed a remedy last, where it failed and nothing else was done since: what was changed since may
    /// let it succeed.
    #[must_use]
    pub fn failed(&self, remedy: &str) -> Option<u32> {
        let last = self.tried.iter().rfind(|tried| tried.remedy == remedy)?;
        let done = |tried: &super::Tried| tried.remedy != remedy && tried.outcome != Outcome::Unknown;
        let since = self.tried.iter().any(|tried| tried.message > last.message && done(tried));
        (last.outcome == Outcome::Failed && !since).then_some(last.message)
    }

    /// Enters what the logs tell.
    pub fn hear(&mut self, heard: &Heard, rules: &RuleSet) {
        let sent: Vec<(u32, Option<Stamp>)> = self.messages.iter().map(|one| (one.number, one.time)).collect();
        let sent = |number: u32| sent.iter().find(|(known, _)| *known == number).and_then(|(_, time)| *time);
        for asked in &mut self.asked {
            let Some(collection) = rules.collection(&asked.collection) else { continue };
            let time = sent(asked.message);
            let newer = |last: &Option<Stamp>| last.is_none_or(|last| time.is_some_and(|time| last > time));
            asked.came |= heard.logs.iter().any(|(log, last)| collection.yields.contains(log) && newer(last));
        }
        // What yields no log, such as pictures, came with the rest of what its mail asked for.
        let came: Vec<u32> = self.asked.iter().filter(|asked| asked.came).map(|asked| asked.message).collect();
        for asked in self.asked.iter_mut().filter(|asked| came.contains(&asked.message)) {
            asked.came |= rules.collection(&asked.collection).is_some_and(|one| one.yields.is_empty());
        }
        let named = |shown: &Shown| self.codes.is_empty() || shown.codes.iter().any(|code| self.codes.contains(code));
        let again = |time: Stamp| {
            let same = |shown: &&Shown| shown.first.is_some_and(|first| first <= time) || named(shown);
            heard.failures.iter().filter(same).filter_map(|shown| shown.last).filter(|last| *last > time).max()
        };
        for tried in self.tried.iter_mut().filter(|tried| tried.outcome == Outcome::Unknown) {
            if let Some(failure) = sent(tried.message).and_then(again) {
                let day: String = failure.iso().chars().take(10).collect();
                tried.outcome = Outcome::Failed;
                tried.inferred = true;
                tried.why = Localized::new(
                    format!("{day} 的日志中仍有同样的故障"),
                    format!("the logs of {day} show the failure still"),
                );
            }
        }
    }
}
