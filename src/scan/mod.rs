//! One pass over every artifact: a literal prefilter for all rules together, then verification; hits out.
//!
//! The prefilter is derived from the patterns, never written by hand. A log without candidates is not framed: the filter
//! goes over its bytes once, per candidate one record is cut out, per record the patterns that its phrases belong to
//! are matched. Evidence without a literal makes its kind be framed whole.

mod artifact;
mod chunk;
mod clock;
mod filter;
mod glance;
mod needs;
mod offset;
mod pairs;
mod parallel;
mod piece;
mod plan;
mod profile;
mod reader;
mod result;
mod runs;
mod select;
mod share;
mod spare;
mod subjects;
mod trial;
mod verify;

use std::cmp::Reverse;
use std::sync::Arc;

use crate::bundle::{Artifact, ArtifactId, Bundle, Encoding, Meter};
use crate::crew;
use crate::logs::{self, LogKind, LogKindId, Record, Section};
use crate::rule::{CaptureId, EvidenceId, Rule, RuleSet};
use crate::value::Value;

pub use needs::{Need, Passed, Settled, Standing};
pub use offset::Offsets;
pub use profile::{Cost, Profile, STAGES, Stage};
pub use result::{Hit, Scan, Source};
pub use subjects::Subjects;

use artifact::{Found, Reading};
use clock::Newest;
use plan::Plan;
use runs::Lets;
use share::Share;

/// A text of fewer bytes is read on one thread: to share it would take longer.
const LARGE: u64 = 16 << 20;

/// Bytes of a file that tell its form.
const FORM: u64 = 16;

/// Which hits are of any use.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Whether some hits of a rule's evidence may be of none.
    pub asks: fn(&Rule, EvidenceId) -> bool,
    /// Whether one with these captures is.
    pub fits: fn(&Rule, EvidenceId, &[(CaptureId, Value)]) -> bool,
    /// What is asked of the hits of the evidence of the rule at a position, if no other rule reads its finding.
    pub needs: fn(&RuleSet, usize, EvidenceId) -> Need,
    /// Which hits of a sequence are asked for when those are known that the evidence of the rule at a position has in one
    /// artifact so far, or in a part of it, by where they stand: by evidence, each list in the order of its stamps, which only
    /// ascend; `None` for all.
    pub settled: fn(&RuleSet, usize, &[Standing]) -> Option<Settled>,
    /// Hits of one artifact that are held before those that only count are let go.
    pub held: usize,
}

/// What to do beside finding hits.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Count lines and records of every source.
    pub stats: bool,
    /// Threads to read with; all cores where not said.
    pub threads: Option<usize>,
    /// Is told how far reading has come.
    pub meter: Arc<Meter>,
    /// Measures what the scan costs.
    pub profile: Option<Arc<Profile>>,
    /// Local time minus UTC in seconds, for the stamps of a source that has another clock than its kind; used where no
    /// log shows both.
    pub utc_offset: Option<i32>,
    /// Which hits to keep; all where not said. What `diagnose` tells is the same.
    pub wanted: Option<Wanted>,
    /// Artifacts whose kind is known without looking (tests of rules).
    pub given: Vec<(ArtifactId, Given)>,
}

impl Options {
    fn given_for(&self, artifact: ArtifactId) -> Option<&Given> {
        self.given.iter().find(|(id, _)| *id == artifact).map(|(_, given)| given)
    }

    /// Threads that are used at the most.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads.unwrap_or_else(crew::cores).max(1)
    }

    /// Reads one artifact, on so many threads.
    fn read<T>(
        &self,
        artifact: &Artifact,
        rules: &RuleSet,
        (newest, threads): (Newest, usize),
        read: impl FnOnce(Reading<'_>) -> T,
    ) -> T {
        let share = Share::new(&self.meter, artifact);
        let given = self.given_for(artifact.id);
        let profile = self.profile.as_ref();
        let (stats, wanted) = (self.stats, self.wanted);
        let lets = Lets::default();
        if wanted.is_some_and(|wanted| wanted.held == 0) {
            lets.begin(true);
        }
        read(Reading { artifact, rules, given, stats, wanted, lets, threads, share: &share, newest, profile })
    }
}

/// What is known of an artifact without looking.
#[derive(Clone, Debug)]
pub enum Given {
    /// It is of this kind.
    Kind(LogKindId),
    /// It is of this kind and holds these records, fields by name.
    Records(LogKindId, Vec<Vec<(String, String)>>),
}

/// Scans every artifact of `bundle` with all rules. The result is the same whatever the number of threads.
#[must_use]
pub fn scan(bundle: &Bundle, rules: &RuleSet, options: &Options) -> Scan {
    let mut found = pass(bundle, rules, options);
    if needs::missed(&found, rules) {
        let wanted = options.wanted.map(|wanted| Wanted { held: usize::MAX, ..wanted });
        found = pass(bundle, rules, &Options { wanted, ..options.clone() });
    }
    result::assemble(bundle, rules, found, options.utc_offset)
}

/// Goes through every artifact.
fn pass(bundle: &Bundle, rules: &RuleSet, options: &Options) -> Vec<Found> {
    let plan = Plan::new(rules);
    let mut found = artifacts(bundle, options, |reading| reading.scan(&plan), rules);
    let (newest, threads) = (Newest::of(&found), options.threads());
    for one in found.iter_mut().filter(|one| one.put_off) {
        if let Some(artifact) = bundle.artifacts().iter().find(|artifact| artifact.id == one.source.artifact) {
            *one = options.read(artifact, rules, (newest, threads), |reading| reading.scan(&plan));
        }
    }
    found
}

/// Tells where in a text of a kind of lines something is asked for, ascending; `None` where every record is.
pub type Sought<'s> = dyn Fn(&LogKind, &[u8]) -> Option<Vec<usize>> + Sync + 's;

/// Calls `see` for every record of every artifact, in order, with the sections of its source so far: what
/// `casebook read` shows.
pub fn records(bundle: &Bundle, rules: &RuleSet, options: &Options, see: &mut dyn FnMut(&Source, &Record, &[Section])) {
    records_of(bundle, &|_| true, rules, options, see);
}

/// The same for those artifacts that `wanted` picks; the others are not read.
pub fn records_of(
    bundle: &Bundle,
    wanted: &dyn Fn(ArtifactId) -> bool,
    rules: &RuleSet,
    options: &Options,
    see: &mut dyn FnMut(&Source, &Record, &[Section]),
) {
    some_records(bundle, (wanted, None), rules, options, see);
}

/// The same for the records of kinds of lines in which something is sought, and for all of other kinds. No others are framed, so
/// that these lie in no section and in no attempt.
pub fn records_where(
    bundle: &Bundle,
    sought: &Sought<'_>,
    rules: &RuleSet,
    options: &Options,
    see: &mut dyn FnMut(&Source, &Record),
) {
    some_records(bundle, (&|_| true, Some(sought)), rules, options, &mut |source, record, _| see(source, record));
}

fn some_records(
    bundle: &Bundle,
    (wanted, sought): (&dyn Fn(ArtifactId) -> bool, Option<&Sought<'_>>),
    rules: &RuleSet,
    options: &Options,
    see: &mut dyn FnMut(&Source, &Record, &[Section]),
) {
    let picked = || bundle.artifacts().iter().filter(|artifact| wanted(artifact.id));
    options.meter.start(picked().map(|artifact| artifact.bytes).sum());
    let all = &Options { stats: true, ..options.clone() };
    let mut newest = Newest::NotYet;
    for artifact in picked() {
        // Where every record is framed, that is done by one thread in the order of the file.
        let threads = if sought.is_some() && artifact.bytes >= LARGE { options.threads() } else { 1 };
        if all.read(artifact, rules, (newest, threads), |reading| reading.records(sought, see)) {
            continue;
        }
        if newest == Newest::NotYet {
            let nothing = Plan::nothing(rules);
            let quiet = Options { stats: false, meter: Arc::default(), ..options.clone() };
            newest = Newest::of(&artifacts(bundle, &quiet, |reading| reading.scan(&nothing), rules));
        }
        all.read(artifact, rules, (newest, threads), |reading| reading.records(sought, see));
    }
}

/// Reads all artifacts, each on one thread, but on all of them a text so long that all others are read before it could be;
/// results in their order.
fn artifacts<'b>(
    bundle: &'b Bundle,
    options: &'b Options,
    read: impl Fn(Reading<'_>) -> Found + Sync,
    rules: &'b RuleSet,
) -> Vec<Found> {
    let all = bundle.artifacts();
    let bytes = all.iter().map(|artifact| artifact.bytes).sum();
    options.meter.start(bytes);
    let threads = options.threads();
    let share = bytes / threads as u64;
    let (shared, mut whole): (Vec<&Artifact>, Vec<&Artifact>) =
        all.iter().partition(|artifact| threads > 1 && is_shared(artifact, share));
    let one = |artifact: &Artifact, threads: usize| {
        (artifact.id, options.read(artifact, rules, (Newest::NotYet, threads), &read))
    };
    // The longest first, or the last one may keep all waiting.
    whole.sort_by_key(|artifact| Reverse(artifact.bytes));
    let mut done = crew::map(threads, &whole, |artifact| one(artifact, 1));
    done.extend(shared.into_iter().map(|artifact| one(artifact, threads)));
    done.sort_by_key(|(id, _)| *id);
    done.into_iter().map(|(_, found)| found).collect()
}

/// Whether an artifact is read on all threads, if the share of each is so many bytes.
fn is_shared(artifact: &Artifact, share: u64) -> bool {
    let in_parts = || artifact.head(FORM).is_ok_and(|head| logs::is_in_parts(&head));
    artifact.bytes >= LARGE && artifact.bytes > share && (artifact.encoding != Encoding::Binary || in_parts())
}

#[cfg(test)]
mod tests {
    use crate::bundle::Limits;

    use super::*;

    #[test]
    fn what_is_longer_than_a_threads_share_is_read_on_all_where_its_form_allows() {
        let large = usize::try_from(LARGE).unwrap();
        let shared = |name: &str, head: &[u8], length: usize, share: u64| {
            let fill = if head.contains(&0) { &b"\x01\xfe\x80\x05"[..] } else { b"\n" };
            let bytes: Vec<u8> = head.iter().chain(fill.iter().cycle()).copied().take(length).collect();
            let bundle = Bundle::from_reader(name, bytes.as_slice(), &Limits::default()).unwrap();
            is_shared(&bundle.artifacts()[0], share)
        };
        assert!(shared("CBS.log", b"text", large, LARGE - 1));
        assert!(!shared("CBS.log", b"text", large, LARGE), "others are read beside it");
        assert!(!shared("CBS.log", b"text", large - 1, 1), "too short");
        assert!(shared("System.evtx", b"ElfFile\0", large, LARGE - 1));
        assert!(!shared("Logfile.PML", b"PML_\x09\0\0\0", large, LARGE - 1), "one form of one piece");
    }
}
