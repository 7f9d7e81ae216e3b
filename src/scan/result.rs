//! What a scan found, put together from what every artifact gave.

use std::collections::HashSet;
use std::sync::Arc;

use crate::bundle::{ArtifactId, Bundle, Encoding, Problem, ProblemKind};
use crate::logs::{LogKindId, Record, Section, SectionId};
use crate::rule::{CaptureId, EvidenceId, RuleSet};
use crate::value::{Stamp, Value};

use super::artifact::Found;

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
    /// The kind is a guess: a pasted excerpt without stamps.
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
    pub damaged: Option<ProblemKind>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Local time minus UTC in seconds, where the log shows both clocks.
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

    /// Where every artifact stands among the files, by its id: files of one stream follow each other as their first
    /// records do.
    #[must_use]
    pub fn ranks(&self) -> Vec<usize> {
        let mut order: Vec<(Option<Stamp>, ArtifactId)> =
            self.sources.iter().map(|source| (source.first, source.artifact)).collect();
        order.sort_unstable();
        let mut ranks = vec![usize::MAX; order.iter().map(|(_, id)| id.0 + 1).max().unwrap_or(0)];
        for (place, (_, id)) in order.iter().enumerate() {
            ranks[id.0] = place;
        }
        ranks
    }

    /// The source of an artifact.
    #[must_use]
    pub fn source(&self, artifact: ArtifactId) -> Option<&Source> {
        self.sources.iter().find(|source| source.artifact == artifact)
    }

    /// The place of a record: `logs.zip!/CBS.log:123`, `events.evtx#17` without lines.
    #[must_use]
    pub fn place(&self, record: &Record) -> String {
        let path = self.source(record.origin.artifact).map_or("", |source| source.path.as_str());
        match record.origin.record {
            Some(number) if record.origin.line == 0 => format!("{path}#{number}"),
            _ => format!("{path}:{}", record.origin.line),
        }
    }
}

/// Puts together what the artifacts gave, in their order.
pub(super) fn assemble(bundle: &Bundle, rules: &RuleSet, found: Vec<Found>) -> Scan {
    let mut scan = Scan {
        hits: rules.rules.iter().map(|rule| vec![Vec::new(); rule.evidence.len()]).collect(),
        problems: bundle.problems().to_vec(),
        ..Scan::default()
    };
    let newest = newest_snapshots(rules, &found);
    for mut one in found {
        let outdated = one
            .source
            .log
            .is_some_and(|log| rules.logs.get(log).snapshot.is_some() && !newest.contains(&one.source.artifact));
        if !outdated {
            let base = scan.sections.len();
            scan.sections.extend(one.sections.into_iter().map(|section| shifted(section, base)));
            for (rule, evidence, mut hit) in one.hits {
                if base > 0 && hit.record.section.is_some() {
                    let mut record = (*hit.record).clone();
                    record.section = record.section.map(|id| SectionId(id.0 + base));
                    hit.record = Arc::new(record);
                }
                scan.hits[rule][evidence].push(hit);
            }
            scan.snapshots.append(&mut one.snapshot);
        }
        scan.problems.extend(one.source.problems.iter().cloned());
        scan.sources.push(one.source);
    }
    sort(&mut scan);
    scan
}

fn shifted(section: Section, base: usize) -> Section {
    Section { parent: section.parent.map(|id| SectionId(id.0 + base)), ..section }
}

/// The source that counts of every kind that is a state: the last by stamp, then by path.
fn newest_snapshots(rules: &RuleSet, found: &[Found]) -> HashSet<ArtifactId> {
    let kinds = rules.logs.iter().filter(|(_, kind)| kind.snapshot.is_some());
    kinds
        .filter_map(|(log, _)| {
            let own = found.iter().map(|one| &one.source).filter(|source| source.log == Some(log));
            own.max_by_key(|source| (source.last, source.artifact)).map(|source| source.artifact)
        })
        .collect()
}

/// Hits in order of time, then position; what a mail quotes and a log holds counts once.
fn sort(scan: &mut Scan) {
    let rank = scan.ranks();
    let excerpts: HashSet<ArtifactId> =
        scan.sources.iter().filter(|source| source.excerpt).map(|source| source.artifact).collect();
    for hits in scan.hits.iter_mut().flatten() {
        hits.sort_by_cached_key(|hit| {
            let origin = &hit.record.origin;
            (hit.record.stamp, rank.get(origin.artifact.0).copied().unwrap_or(usize::MAX), origin.start, origin.record)
        });
        if !excerpts.is_empty() {
            let real: HashSet<(Option<Stamp>, String)> = hits
                .iter()
                .filter(|hit| !excerpts.contains(&hit.record.origin.artifact))
                .map(|hit| (hit.record.stamp, hit.record.text.clone()))
                .collect();
            let mut quoted = HashSet::new();
            hits.retain(|hit| {
                let key = (hit.record.stamp, hit.record.text.clone());
                !excerpts.contains(&hit.record.origin.artifact) || (!real.contains(&key) && quoted.insert(key))
            });
        }
    }
}
