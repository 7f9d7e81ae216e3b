//! What one attempt at an occurrence has bound so far, and how to take a step back.

use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::logs::Record;
use crate::rule::{CaptureId, EvidenceId, Filter};
use crate::value::Value;

use super::Missing;

/// Bindings of one attempt.
#[derive(Clone, Debug, Default)]
pub(super) struct Env<'a> {
    /// Values by capture id.
    pub(super) captures: Vec<Option<&'a Value>>,
    /// Hits chosen, in the order they were.
    pub(super) hits: Vec<(EvidenceId, &'a Arc<Record>)>,
    /// Of these, what a part has named again.
    pub(super) again: Vec<&'a Arc<Record>>,
    /// Hits that a count rests on: quoted, but not what their evidence's name stands for.
    pub(super) counted: Vec<(EvidenceId, &'a Arc<Record>)>,
    /// Evidence taken as unseen.
    pub(super) unseen: Vec<EvidenceId>,
    /// Evidence taken as unseen for want of coverage, and whether a window was found that its log does not cover.
    pub(super) owed: Vec<(EvidenceId, bool)>,
    /// Evidence taken as unseen because a snapshot may not list what it asks about, once that is chosen.
    pub(super) unlisted: Vec<EvidenceId>,
    /// Why the attempt is not certain.
    pub(super) missing: Vec<Missing>,
    /// How many answers it has gone on without.
    pub(super) doubts: usize,
    /// Filters that wait for a capture.
    pub(super) pending: Vec<&'a Filter>,
    /// Occurrences of findings that were chosen.
    pub(super) past: Vec<PastId>,
    /// The same by the names that their captures go by.
    pub(super) aliases: Vec<(&'a str, PastId)>,
    /// The section or attempt that each `in one …` around has settled on.
    pub(super) scopes: Vec<Option<u64>>,
}

/// An occurrence of a finding: index into the findings so far, and which one; `None` is one that is not certain.
pub(super) type PastId = (usize, Option<usize>);

/// Captures that were newly bound.
pub(super) type Bound = SmallVec<[CaptureId; 4]>;

/// How far an attempt had come at some point.
#[derive(Clone, Copy)]
pub(super) struct Reached {
    hits: usize,
    again: usize,
    counted: usize,
    pub(super) past: usize,
    pub(super) owed: usize,
}

/// Where to go back to.
pub(super) struct Mark {
    hits: usize,
    counted: usize,
    unseen: usize,
    missing: Option<Vec<Missing>>,
    doubts: usize,
    pending: usize,
    past: usize,
    aliases: usize,
}

impl<'a> Env<'a> {
    pub(super) fn new(captures: usize) -> Self {
        Self { captures: vec![None; captures], ..Self::default() }
    }

    /// Becomes like another one, in the memory that it has.
    pub(super) fn set(&mut self, other: &Env<'a>) {
        let Self { captures, hits, again, counted, unseen, owed, unlisted, missing, doubts, .. } = self;
        captures.clone_from(&other.captures);
        hits.clone_from(&other.hits);
        again.clone_from(&other.again);
        counted.clone_from(&other.counted);
        unseen.clone_from(&other.unseen);
        owed.clone_from(&other.owed);
        unlisted.clone_from(&other.unlisted);
        missing.clone_from(&other.missing);
        *doubts = other.doubts;
        let Self { pending, past, aliases, scopes, .. } = self;
        pending.clone_from(&other.pending);
        past.clone_from(&other.past);
        aliases.clone_from(&other.aliases);
        scopes.clone_from(&other.scopes);
    }

    /// The same captures and findings, for a part that is complete in itself.
    pub(super) fn inside(&self) -> Self {
        Self { captures: self.captures.clone(), aliases: self.aliases.clone(), ..Self::default() }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            hits: self.hits.len(),
            counted: self.counted.len(),
            unseen: self.unseen.len(),
            missing: (!self.missing.is_empty()).then(|| self.missing.clone()),
            doubts: self.doubts,
            pending: self.pending.len(),
            past: self.past.len(),
            aliases: self.aliases.len(),
        }
    }

    /// Back to `mark`, with the captures bound since unbound.
    pub(super) fn reset(&mut self, mark: Mark, bound: &[CaptureId]) {
        self.hits.truncate(mark.hits);
        self.counted.truncate(mark.counted);
        self.unseen.truncate(mark.unseen);
        self.missing = mark.missing.unwrap_or_default();
        self.doubts = mark.doubts;
        self.pending.truncate(mark.pending);
        self.past.truncate(mark.past);
        self.aliases.truncate(mark.aliases);
        for capture in bound {
            self.captures[capture.0] = None;
        }
    }

    /// Binds captures; `None` if one has another value already, else those newly bound.
    pub(super) fn bind(&mut self, captures: impl IntoIterator<Item = (CaptureId, &'a Value)> + Clone) -> Option<Bound> {
        let known = |(capture, value): (CaptureId, &Value)| self.captures[capture.0].is_none_or(|bound| bound == value);
        if !captures.clone().into_iter().all(known) {
            return None;
        }
        let mut new = Bound::new();
        for (capture, value) in captures {
            let slot = &mut self.captures[capture.0];
            if slot.is_none() {
                *slot = Some(value);
                new.push(capture);
            }
        }
        Some(new)
    }

    /// The record chosen for a piece of evidence first.
    pub(super) fn record(&self, evidence: EvidenceId) -> Option<&'a Arc<Record>> {
        self.hits.iter().find(|(id, _)| *id == evidence).map(|(_, record)| *record)
    }

    /// Where in [`Env::owed`] stands what a part named: what it took as unseen itself, within `own`, else what had been
    /// taken so before.
    pub(super) fn debts(&self, named: &[EvidenceId], own: Range<usize>) -> Vec<usize> {
        let mut debts = Vec::new();
        for id in named {
            let all = || self.owed.iter().enumerate().filter(|(_, (owed, _))| owed == id).map(|(at, _)| at);
            let before = debts.len();
            debts.extend(all().filter(|at| own.contains(at)));
            if debts.len() == before {
                debts.extend(all().next());
            }
        }
        debts
    }

    /// How far it has come.
    pub(super) fn reached(&self) -> Reached {
        Reached {
            hits: self.hits.len(),
            again: self.again.len(),
            counted: self.counted.len(),
            past: self.past.len(),
            owed: self.owed.len(),
        }
    }

    /// Records that parts stand for since then, without those of findings.
    pub(super) fn since(&self, then: Reached) -> impl Iterator<Item = &'a Arc<Record>> {
        let hits = self.hits.get(then.hits..).unwrap_or_default();
        let counted = self.counted.get(then.counted..).unwrap_or_default();
        let again = self.again.get(then.again..).unwrap_or_default();
        hits.iter().chain(counted).map(|(_, record)| *record).chain(again.iter().copied())
    }

    /// All hits to quote.
    pub(super) fn quoted(&self) -> impl Iterator<Item = (EvidenceId, &'a Arc<Record>)> {
        self.hits.iter().chain(&self.counted).copied()
    }

    /// Whether nothing so far is in doubt, or waits for what comes.
    pub(super) fn is_certain(&self) -> bool {
        self.doubts == 0
            && self.missing.is_empty()
            && self.pending.is_empty()
            && self.owed.is_empty()
            && self.unlisted.is_empty()
    }

    /// How much was found.
    pub(super) fn weight(&self) -> usize {
        self.hits.len() + self.counted.len() + self.past.len()
    }
}
