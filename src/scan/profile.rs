//! What a scan costs, stage by stage and rule by rule, where that is asked for. Nothing is measured otherwise.
//!
//! Stages that lie in each other are counted once: what the inner one took is taken off the outer one. With several
//! threads the times of all of them are added up.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::bundle::Seekable;

/// What a scan consists of, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The knowledge base is read.
    Load,
    /// Files are found, archives are unpacked.
    Open,
    /// What to look for in each kind of log is made ready.
    Prepare,
    /// Bytes are read.
    Read,
    /// Bytes become text.
    Decode,
    /// Places are found where a rule may have a hit.
    Filter,
    /// Records are cut out, or read by a reader of their form.
    Frame,
    /// Records are tried with patterns.
    Verify,
    /// Hits become findings.
    Diagnose,
    /// The result is written.
    Render,
}

/// All stages.
pub const STAGES: [Stage; 10] = [
    Stage::Load,
    Stage::Open,
    Stage::Prepare,
    Stage::Read,
    Stage::Decode,
    Stage::Filter,
    Stage::Frame,
    Stage::Verify,
    Stage::Diagnose,
    Stage::Render,
];

impl Stage {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Stage::Load => "load",
            Stage::Open => "open",
            Stage::Prepare => "prepare",
            Stage::Read => "read",
            Stage::Decode => "decode",
            Stage::Filter => "filter",
            Stage::Frame => "frame",
            Stage::Verify => "verify",
            Stage::Diagnose => "diagnose",
            Stage::Render => "render",
        }
    }
}

/// Nanoseconds, and how many things came out.
#[derive(Debug, Default)]
struct Count {
    nanos: AtomicU64,
    things: AtomicU64,
}

/// What a rule cost while scanning.
#[derive(Debug, Default)]
struct Tries {
    nanos: AtomicU64,
    tried: AtomicU64,
    hits: AtomicU64,
}

/// Measures one scan.
#[derive(Debug)]
pub struct Profile {
    begun: Instant,
    stages: [Count; STAGES.len()],
    rules: Vec<Tries>,
}

/// What a rule cost while scanning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The time that its patterns took.
    pub time: Duration,
    /// Records that its evidence was tried on.
    pub tried: u64,
    /// Hits among them.
    pub hits: u64,
}

impl Profile {
    /// For so many rules; begins now.
    #[must_use]
    pub fn new(rules: usize) -> Profile {
        Profile {
            begun: Instant::now(),
            stages: Default::default(),
            rules: (0..rules).map(|_| Tries::default()).collect(),
        }
    }

    /// Time since it began.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Adds what a stage took and how many things came out of it.
    pub fn add(&self, stage: Stage, time: Duration, things: u64) {
        let count = &self.stages[stage as usize];
        count.nanos.fetch_add(nanos(time), Ordering::Relaxed);
        count.things.fetch_add(things, Ordering::Relaxed);
    }

    /// Takes off what an inner stage took. The outer one may not have been added yet: it comes right when it is.
    fn take_off(&self, stage: Stage, time: Duration) {
        self.stages[stage as usize].nanos.fetch_sub(nanos(time), Ordering::Relaxed);
    }

    /// What a stage took, and how many things came out of it.
    #[must_use]
    pub fn stage(&self, stage: Stage) -> (Duration, u64) {
        let count = &self.stages[stage as usize];
        (Duration::from_nanos(count.nanos.load(Ordering::Relaxed)), count.things.load(Ordering::Relaxed))
    }

    /// What the rule at a position cost.
    #[must_use]
    pub fn rule(&self, rule: usize) -> Cost {
        self.rules.get(rule).map_or_else(Cost::default, |tries| Cost {
            time: Duration::from_nanos(tries.nanos.load(Ordering::Relaxed)),
            tried: tries.tried.load(Ordering::Relaxed),
            hits: tries.hits.load(Ordering::Relaxed),
        })
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// A measure that is taken or not.
pub(super) type Measure<'p> = Option<&'p Profile>;

/// Does something as a part of a stage; `count` says how many things came out.
pub(super) fn time<T>(measure: Measure<'_>, stage: Stage, count: impl Fn(&T) -> u64, work: impl FnOnce() -> T) -> T {
    let Some(profile) = measure else { return work() };
    let begun = Instant::now();
    let done = work();
    profile.add(stage, begun.elapsed(), count(&done));
    done
}

/// The same for a stage that lies within another one.
pub(super) fn time_within<T>(
    measure: Measure<'_>,
    (outer, inner): (Stage, Stage),
    count: impl Fn(&T) -> u64,
    work: impl FnOnce() -> T,
) -> T {
    let Some(profile) = measure else { return work() };
    let begun = Instant::now();
    let done = work();
    let took = begun.elapsed();
    profile.add(inner, took, count(&done));
    profile.take_off(outer, took);
    done
}

/// Tries a rule on a record.
pub(super) fn time_rule<T>(measure: Measure<'_>, rule: usize, work: impl FnOnce() -> Option<T>) -> Option<T> {
    let Some(tries) = measure.and_then(|profile| profile.rules.get(rule)) else { return work() };
    let begun = Instant::now();
    let found = work();
    tries.nanos.fetch_add(nanos(begun.elapsed()), Ordering::Relaxed);
    tries.tried.fetch_add(1, Ordering::Relaxed);
    tries.hits.fetch_add(u64::from(found.is_some()), Ordering::Relaxed);
    found
}

/// Bytes of which the reading is measured: what asks for them is decoding.
pub(super) fn reading(profile: Option<&Arc<Profile>>, source: Box<dyn Seekable>) -> Box<dyn Read + Send> {
    match profile {
        Some(profile) => Box::new(Timed { profile: Arc::clone(profile), source }),
        None => source,
    }
}

/// A source of which the reading is measured.
struct Timed {
    profile: Arc<Profile>,
    source: Box<dyn Seekable>,
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = |read: &io::Result<usize>| read.as_ref().map_or(0, |read| *read as u64);
        let read = || self.source.read(buffer);
        time_within(Some(&*self.profile), (Stage::Decode, Stage::Read), count, read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_within_a_stage_is_counted_once() {
        let profile = Profile::new(1);
        let pause = Duration::from_millis(5);
        let sleep = || std::thread::sleep(pause);
        time(
            Some(&profile),
            Stage::Frame,
            |()| 2,
            || {
                time_within(Some(&profile), (Stage::Frame, Stage::Verify), |()| 1, sleep);
            },
        );
        let (frame, records) = profile.stage(Stage::Frame);
        let (verify, hits) = profile.stage(Stage::Verify);
        assert!(verify >= pause && frame < pause, "{frame:?} {verify:?}");
        assert_eq!((records, hits), (2, 1));
    }

    #[test]
    fn a_rule_is_tried_and_hits() {
        let profile = Profile::new(1);
        assert_eq!(time_rule(Some(&profile), 0, || Some(3)), Some(3));
        assert_eq!(time_rule::<u8>(Some(&profile), 0, || None), None);
        // One that is not there, and a scan that measures nothing.
        assert_eq!(time_rule(Some(&profile), 7, || Some(3)), Some(3));
        assert_eq!(time_rule(None, 0, || Some(3)), Some(3));
        let cost = profile.rule(0);
        assert_eq!((cost.tried, cost.hits), (2, 1));
        assert_eq!(profile.rule(7), Cost::default());
    }

    #[test]
    fn bytes_that_are_read_are_counted() {
        let profile = Arc::new(Profile::new(0));
        let mut text = String::new();
        let mut source = reading(Some(&profile), Box::new(io::Cursor::new("twelve bytes")));
        source.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), profile.stage(Stage::Read).1), ("twelve bytes", 12));
    }
}
