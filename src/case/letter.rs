//! One mail read: its own words, what each of its lines does, whom it greets, the log lines pasted in it.
//!
//! A letter knows nothing of the other letters: who is who and what came of it is for `side.rs` and `ledger.rs`.

use std::ops::Range;

use super::book::{Act, Phrasebook, first};
use super::envelope::Mail;
use super::excerpt::Framers;
use super::fold::Folded;
use super::{greeting, quoted};

/// A mail with what it says.
#[derive(Debug)]
pub(super) struct Letter<'t> {
    /// Its number in the thread, from 1.
    pub(super) number: u32,
    /// The envelope.
    pub(super) mail: Mail<'t>,
    /// Its own lines.
    pub(super) lines: Vec<&'t str>,
    /// The same, folded; empty for log lines.
    pub(super) folded: Vec<Folded>,
    /// What each line does.
    pub(super) acts: Vec<Vec<Act>>,
    /// The runs of pasted log lines.
    pub(super) logs: Vec<Range<usize>>,
    /// The line at which a summary begins, of which nothing is new.
    pub(super) summary: usize,
    /// Whom it greets.
    pub(super) greets: Option<String>,
    /// Its signature.
    pub(super) signature: Vec<&'t str>,
    /// The line above its quoted reply.
    pub(super) heading: &'t str,
}

impl<'t> Letter<'t> {
    /// Reads `mail`.
    pub(super) fn read(number: u32, mail: Mail<'t>, book: &Phrasebook, framers: &Framers<'_>) -> Letter<'t> {
        let mut logs = framers.runs(&mail.lines);
        let own = quoted::strip(&mail.lines, &logs, &book.marks);
        logs.retain(|run| run.end <= own.lines.len());
        let mut is_log = vec![false; own.lines.len()];
        for run in &logs {
            is_log[run.clone()].fill(true);
        }
        let fold = |(line, log): (&&str, &bool)| if *log { Folded::default() } else { Folded::new(line) };
        let folded: Vec<Folded> = own.lines.iter().zip(&is_log).map(fold).collect();
        let summary =
            folded.iter().position(|line| first(&book.marks.summary, line).is_some()).unwrap_or(own.lines.len());
        let acts = folded.iter().map(|line| book.acts(line)).collect();
        let greets = greeting::read(&own.lines, &folded, &book.marks);
        Letter {
            number,
            mail,
            lines: own.lines,
            folded,
            acts,
            logs,
            summary,
            greets,
            signature: own.signature,
            heading: own.heading,
        }
    }

    /// What it does: what its lines before a summary do, and those of a summary that archive the case.
    pub(super) fn does(&self, act: Act) -> bool {
        let upto = if act == Act::Close { self.acts.len() } else { (self.summary + 1).min(self.acts.len()) };
        self.acts[..upto].iter().any(|acts| acts.contains(&act))
    }

    /// The lines that do `act`, a summary's among them.
    pub(super) fn lines_that(&self, act: Act) -> impl Iterator<Item = usize> {
        self.acts.iter().enumerate().filter(move |(_, acts)| acts.contains(&act)).map(|(at, _)| at)
    }
}
