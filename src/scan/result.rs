//! What a scan found, put together from what every artifact gave.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::bundle::{ArtifactId, Bundle, Doubt, Encoding, Problem, ProblemKind};
use crate::logs::{self, LogKindId, Record, Section, SectionId};
use crate::rule::{CaptureId, EvidenceId, RuleSet};
use crate::value::{Stamp, Value};

use super::artifact::Found;
use super::clock;
use super::needs::Passed;
use super::subjects::Subjects;

/// All that a pass over a bundle found.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Every artifact, in the bundle's order.
    pub sources: Vec<Source>,
    /// Hits by rule (index in [`RuleSet::rules`]) and evidence, each list in order of time, then position; evidence after the
    /// last that has any may be left out.
    pub hits: Vec<Vec<Vec<Hit>>>,
    /// What is known of hits that were let go, by rule and evidence: no rule asks for them.
    pub passed: HashMap<(usize, usize), Passed>,
    /// All sections that hits lie in, with their ancestors.
    pub sections: Vec<Section>,
    /// What the snapshots of a kind list; the newest source of a kind counts, the others are not here.
    pub subjects: BTreeMap<LogKindId, Subjects>,
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
    /// Why it is of that kind, or of none.
    pub reason: logs::Reason,
    /// Its encoding.
    pub encoding: Encoding,
    /// Why the encoding is in doubt.
    pub encoding_doubt: Option<Doubt>,
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
    /// Which of the bundles of a call it came with.
    pub bundle: usize,
    /// The end is missing, or a part could not be read.
    pub damaged: Option<ProblemKind>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Local time minus UTC in seconds, where the log shows both clocks: what it is from a stamp on, where it changes.
    pub utc_offsets: Vec<(Stamp, i32)>,
    /// Its stamps were UTC though its kind has a local clock: those of a whole scan are brought to local time.
    pub utc: bool,
    /// What is not known of its stamps.
    pub clock_doubt: Option<logs::ClockDoubt>,
}

impl Source {
    /// A source of which nothing is known but its place.
    #[must_use]
    pub fn new(artifact: ArtifactId, path: impl Into<String>) -> Source {
        Source {
            artifact,
            path: path.into(),
            log: None,
            doubt: false,
            reason: logs::Reason::Given,
            encoding: Encoding::Utf8,
            encoding_doubt: None,
            bytes: 0,
            lines: None,
            records: None,
            first: None,
            last: None,
            excerpt: false,
            bundle: 0,
            damaged: None,
            problems: Vec::new(),
            utc_offsets: Vec::new(),
            utc: false,
            clock_doubt: None,
        }
    }
}

/// A record that satisfies the patterns of a piece of evidence (its `where` is `diagnose`'s work).
#[derive(Clone, Debug)]
pub struct Hit {
    /// The record.
    pub record: Arc<Record>,
    /// What its holes captured, by the rule's capture ids.
    pub captures: Box<[(CaptureId, Value)]>,
}

impl Scan {
    /// Hits of one piece of evidence of the rule with index `rule`.
    #[must_use]
    pub fn hits(&self, rule: usize, evidence: EvidenceId) -> &[Hit] {
        self.hits.get(rule).and_then(|rule| rule.get(evidence.0)).map_or(&[], Vec::as_slice)
    }

    /// What is known of the hits of one piece of evidence that were let go.
    #[must_use]
    pub fn passed(&self, rule: usize, evidence: EvidenceId) -> Passed {
        self.passed.get(&(rule, evidence.0)).copied().unwrap_or_default()
    }

    /// The section `id` and those around it, innermost first.
    pub fn section_path(&self, id: Option<SectionId>) -> impl Iterator<Item = SectionId> {
        std::iter::successors(id, |at| self.sections.get(at.place()).and_then(|section| section.parent))
    }

    /// Where every artifact stands among the files, by its id: files of one stream follow each other as their first
    /// records do.
    #[must_use]
    pub fn ranks(&self) -> Vec<usize> {
        let mut order: Vec<&Source> = self.sources.iter().collect();
        order.sort_by_key(|source| source.first);
        let mut ranks = vec![usize::MAX; order.iter().map(|source| source.artifact.place() + 1).max().unwrap_or(0)];
        for (place, source) in order.iter().enumerate() {
            ranks[source.artifact.place()] = place;
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
        match record.origin.record() {
            Some(number) if record.origin.line == 0 => format!("{path}#{number}"),
            _ => format!("{path}:{}", record.origin.line),
        }
    }
}

/// Puts together what the artifacts gave, in their order.
pub(super) fn assemble(bundle: &Bundle, rules: &RuleSet, found: Vec<Found>, utc_offset: Option<i32>) -> Scan {
    let mut scan =
        Scan { hits: vec![Vec::new(); rules.rules.len()], problems: bundle.problems().to_vec(), ..Scan::default() };
    let mut found = found;
    clock::to_local(&mut found, rules, utc_offset);
    let age = ages(&found);
    found.sort_by_key(|one| (age.get(one.source.bundle).copied().flatten(), one.source.bundle));
    let newest = newest_snapshots(rules, &found);
    let mut unsorted = BTreeSet::new();
    for one in found {
        let outdated = one
            .source
            .log
            .is_some_and(|log| rules.logs.get(log).snapshot.is_some() && !newest.contains(&one.source.artifact));
        if !outdated {
            let base = scan.sections.len();
            scan.sections.extend(one.sections.into_iter().map(|section| shifted(section, base)));
            let disordered = one.unsorted || one.hits.are_disordered();
            for ((rule, evidence), mut hits) in one.hits.held {
                for hit in hits.iter_mut().filter(|hit| base > 0 && hit.record.section.is_some()) {
                    let mut record = (*hit.record).clone();
                    record.section = record.section.map(|id| SectionId::at(id.place() + base));
                    hit.record = Arc::new(record);
                }
                let own = &mut scan.hits[rule];
                own.resize_with(own.len().max(evidence + 1), Vec::new);
                if disordered || !own[evidence].is_empty() {
                    unsorted.insert((rule, evidence));
                }
                if own[evidence].is_empty() {
                    own[evidence] = hits;
                } else {
                    own[evidence].append(&mut hits);
                }
            }
            for (own, passed) in one.hits.passed {
                scan.passed.entry(own).or_default().add(passed);
            }
            if let Some((log, subjects)) = one.source.log.zip(one.subjects) {
                scan.subjects.insert(log, subjects);
            }
        }
        scan.problems.extend(one.source.problems.iter().cloned());
        scan.sources.push(one.source);
    }
    sort(&mut scan, &unsorted);
    scan
}

fn shifted(section: Section, base: usize) -> Section {
    Section { parent: section.parent.map(|id| SectionId::at(id.place() + base)), ..section }
}

/// The newest record of every bundle: bundles of one machine stand in that order, whatever the order they were given in.
fn ages(found: &[Found]) -> Vec<Option<Stamp>> {
    let mut ages = Vec::new();
    for source in found.iter().map(|one| &one.source).filter(|source| !source.excerpt) {
        ages.resize(ages.len().max(source.bundle + 1), None);
        ages[source.bundle] = ages[source.bundle].max(source.last);
    }
    ages
}

/// The source that counts of every kind that is a state: the last by stamp, then by bundle and path.
fn newest_snapshots(rules: &RuleSet, found: &[Found]) -> HashSet<ArtifactId> {
    let kinds = rules.logs.iter().filter(|(_, kind)| kind.snapshot.is_some());
    kinds
        .filter_map(|(log, _)| {
            let own = found.iter().map(|one| &one.source).filter(|source| source.log == Some(log));
            own.max_by_key(|source| source.last).map(|source| source.artifact)
        })
        .collect()
}

/// Hits of these pieces of evidence in order of time, then position; what several copies of a log hold, or a mail quotes,
/// counts once. The others come as they stand in one file.
fn sort(scan: &mut Scan, unsorted: &BTreeSet<(usize, usize)>) {
    let rank = scan.ranks();
    let excerpts: HashSet<ArtifactId> =
        scan.sources.iter().filter(|source| source.excerpt).map(|source| source.artifact).collect();
    let place =
        |hit: &Hit| hit.record.place(rank.get(hit.record.origin.artifact.place()).copied().unwrap_or(usize::MAX));
    for (rule, evidence) in unsorted {
        let Some(hits) = scan.hits.get_mut(*rule).and_then(|own| own.get_mut(*evidence)) else { continue };
        if !hits.is_sorted_by_key(place) {
            hits.sort_by_cached_key(place);
        }
        let Some(kept) = kept(hits, &excerpts) else { continue };
        let mut at = 0;
        hits.retain(|_| {
            at += 1;
            kept[at - 1]
        });
    }
}

/// What makes two records copies of each other.
fn same(hit: &Hit) -> (LogKindId, Option<Stamp>, &str) {
    (hit.record.log, hit.record.stamp, hit.record.text())
}

/// Which hits count: of equal records in several files those of the file that has most of them, the first of such; a
/// quotation in a mail only where no file has the record. `None` where all are of one file.
fn kept(hits: &[Hit], excerpts: &HashSet<ArtifactId>) -> Option<Vec<bool>> {
    let artifact = |hit: &Hit| hit.record.origin.artifact;
    let copies = hits.first().is_some_and(|first| hits.iter().any(|hit| artifact(hit) != artifact(first)));
    if !copies {
        return None;
    }
    let mut counts: HashMap<_, Vec<(ArtifactId, usize)>> = HashMap::new();
    for hit in hits {
        let files = counts.entry(same(hit)).or_default();
        match files.iter_mut().find(|(file, _)| *file == artifact(hit)) {
            Some((_, count)) => *count += 1,
            None => files.push((artifact(hit), 1)),
        }
    }
    let chosen = |hit: &Hit| {
        let files = counts.get(&same(hit))?;
        // Files stand in the order of their hits; the first of those with most wins.
        let most = |(file, count): &(ArtifactId, usize)| (!excerpts.contains(file), *count);
        files.iter().rev().max_by_key(|file| most(file)).map(|(file, _)| *file)
    };
    Some(hits.iter().map(|hit| chosen(hit) == Some(artifact(hit))).collect())
}
