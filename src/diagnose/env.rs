//! What one attempt at an occurrence has bound so far, and how to take a step back.

use std::sync::Arc;

use crate::logs::Record;
use crate::rule::{CaptureId, EvidenceId, Filter};
use crate::scan::Hit;
use crate::value::Value;

use super::Missing;

/// Bindings of one attempt.
#[derive(Clone, Debug, Default)]
pub(super) struct Env<'a> {
    /// Values by capture id.
    pub(super) captures: Vec<Option<Value>>,
    /// Hits bound, in the order they were.
    pub(super) hits: Vec<(EvidenceId, Arc<Record>)>,
    /// Evidence taken as not known.
    pub(super) unknown: Vec<EvidenceId>,
    /// Why the attempt is not certain.
    pub(super) missing: Vec<Missing>,
    /// How many answers it has gone on without.
    pub(super) doubts: usize,
    /// Filters that wait for a capture.
    pub(super) pending: Vec<&'a Filter>,
    /// Findings by the name their captures go by: index into the findings so far.
    pub(super) aliases: Vec<(&'a str, usize)>,
}

/// Where to go back to.
pub(super) struct Mark {
    hits: usize,
    unknown: usize,
    missing: usize,
    doubts: usize,
    pending: usize,
    aliases: usize,
}

impl Env<'_> {
    pub(super) fn new(captures: usize) -> Self {
        Self { captures: vec![None; captures], ..Self::default() }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            hits: self.hits.len(),
            unknown: self.unknown.len(),
            missing: self.missing.len(),
            doubts: self.doubts,
            pending: self.pending.len(),
            aliases: self.aliases.len(),
        }
    }

    /// Back to `mark`, with the captures bound since unbound.
    pub(super) fn reset(&mut self, mark: &Mark, bound: &[CaptureId]) {
        self.hits.truncate(mark.hits);
        self.unknown.truncate(mark.unknown);
        self.missing.truncate(mark.missing);
        self.doubts = mark.doubts;
        self.pending.truncate(mark.pending);
        self.aliases.truncate(mark.aliases);
        for capture in bound {
            self.captures[capture.0] = None;
        }
    }

    /// Binds a hit; `None` if one of its captures has another value already, else the captures newly bound.
    pub(super) fn bind(&mut self, evidence: EvidenceId, hit: &Hit) -> Option<Vec<CaptureId>> {
        let agrees = |(capture, value): &(CaptureId, Value)| {
            self.captures[capture.0].as_ref().is_none_or(|bound| bound == value)
        };
        if !hit.captures.iter().all(agrees) {
            return None;
        }
        let mut new = Vec::new();
        for (capture, value) in &hit.captures {
            let slot = &mut self.captures[capture.0];
            if slot.is_none() {
                *slot = Some(value.clone());
                new.push(*capture);
            }
        }
        self.hits.push((evidence, Arc::clone(&hit.record)));
        Some(new)
    }

    /// The record bound to a piece of evidence first.
    pub(super) fn record(&self, evidence: EvidenceId) -> Option<Arc<Record>> {
        self.hits.iter().find(|(id, _)| *id == evidence).map(|(_, record)| Arc::clone(record))
    }

    /// Notes why the attempt is not certain, each reason once.
    pub(super) fn lacks(&mut self, missing: Missing) {
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
    }
}
