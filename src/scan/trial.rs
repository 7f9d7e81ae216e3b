//! Records tried with evidence: what of it can be told from a record alone is told on any thread, the rest in their order.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::logs::{Cut, Cutter, Record, Said, Section, SectionId, Sighting};
use crate::rule::{CaptureId, Evidence, EvidenceId, RuleSet};
use crate::value::{Stamp, Value};

use super::Wanted;
use super::artifact::{Found, Reading};
use super::glance::Glance;
use super::piece::Piece;
use super::plan::{KindPlan, Sight};
use super::profile::{self, Measure, Stage};
use super::result::Hit;
use super::spare::Spare;
use super::verify::verify;

/// What a record is a hit of, as far as it tells itself: the number of the evidence, its captures.
type Hits = SmallVec<[(usize, Box<[(CaptureId, Value)]>); 1]>;

/// Tries what records say with evidence.
#[derive(Clone, Copy)]
pub(super) struct Tester<'t> {
    rules: &'t RuleSet,
    wanted: Option<Wanted>,
    measure: Measure<'t>,
}

/// Tries the records of one text.
pub(super) struct Trial<'t> {
    pub(super) tester: Tester<'t>,
    pub(super) plan: &'t KindPlan,
    pub(super) cutter: Arc<Cutter<'t>>,
    /// Every record, not only those in which something was seen.
    pub(super) all: bool,
    /// Room for records, to use again.
    pub(super) spare: Spare<Vec<Tried>>,
}

/// A record that was tried.
pub(super) struct Tried {
    /// The stamp it has from records before it that were not cut out.
    pub(super) before: Option<Stamp>,
    /// Its own stamp.
    pub(super) stamp: Option<Stamp>,
    /// It, as [`Cutter::record_of`] gives it; not of a record that is no hit and holds no mark.
    pub(super) record: Option<Arc<Record>>,
    /// Whether it may hold a mark.
    pub(super) marked: bool,
    pub(super) hits: Hits,
}

/// What was found in a piece of text without knowing what comes before it.
pub(super) enum Look {
    /// Its records.
    Tried(Vec<Tried>),
    /// Places in it: its records cannot be cut without the number of its first line.
    Seen(Vec<Sight>),
}

impl Trial<'_> {
    /// Looks for what may be there, and tries the records around it.
    pub(super) fn look(&self, text: &[u8]) -> (Glance, Look) {
        let measure = self.tester.measure;
        let look = || self.plan.look(text);
        let (glance, seen) =
            profile::time(measure, Stage::Filter, |(_, seen): &(_, Vec<Sight>)| seen.len() as u64, look);
        let look = if self.cutter.in_any_order() {
            Look::Tried(
                self.records(Sighting { bytes: text, places: None, line: 0, newlines: &glance.newlines }, &seen),
            )
        } else {
            Look::Seen(seen)
        };
        (glance, look)
    }

    /// The records of a piece that was looked at.
    pub(super) fn tried(&self, piece: &Piece<'_>, look: Look) -> Vec<Tried> {
        match look {
            Look::Tried(tried) => tried,
            Look::Seen(seen) => self.records(piece.sighting(), &seen),
        }
    }

    fn records(&self, text: Sighting<'_>, seen: &[Sight]) -> Vec<Tried> {
        let told = seen.iter().map(|seen| (seen.place(), seen.target().is_none()));
        let places = (!self.all).then(|| self.cutter.needed(text.bytes, told));
        let cut = || {
            let mut tried = self.spare.take();
            let mut seen = seen.iter().peekable();
            let mut wanted = Vec::new();
            self.cutter.cut(Sighting { places: places.as_deref(), ..text }, &mut |cut| {
                wanted.clone_from(&self.plan.always);
                while let Some(seen) = seen.next_if(|seen| seen.place() < cut.range.end) {
                    wanted.extend(seen.target());
                }
                wanted.sort_unstable();
                wanted.dedup();
                tried.push(self.try_one(cut, &wanted));
            });
            tried
        };
        profile::time(self.tester.measure, Stage::Frame, |tried: &Vec<Tried>| tried.len() as u64, cut)
    }

    /// Takes back the room of records that were gone through.
    pub(super) fn take_back(&self, room: Vec<Tried>) {
        self.spare.give(room);
    }

    fn try_one(&self, cut: Cut<'_>, wanted: &[usize]) -> Tried {
        let hits = || self.tester.hits(self.plan, cut.said(), wanted);
        let within = (Stage::Frame, Stage::Verify);
        let hits = profile::time_within(self.tester.measure, within, |hits: &Hits| hits.len() as u64, hits);
        let (before, stamp, marked) = (cut.before, cut.stamp, cut.marked);
        let kept = self.all || marked || !hits.is_empty();
        Tried { before, stamp, record: kept.then(|| Arc::new(self.cutter.record_of(cut))), marked, hits }
    }
}

impl Tester<'_> {
    /// Tries what a record says with evidence, given by its numbers.
    pub(super) fn hits(&self, plan: &KindPlan, said: Said<'_>, wanted: &[usize]) -> Hits {
        let mut hits = Hits::new();
        for number in wanted {
            let Some((rule, at)) = plan.evidence.get(*number) else { continue };
            let own = &self.rules.rules[*rule];
            let captures = profile::time_rule(self.measure, *rule, || verify(&own.evidence[*at], said));
            let asked = self.wanted.filter(|wanted| plan.asks(*number, || (wanted.asks)(own, EvidenceId(*at))));
            let fits = |captures: &Vec<_>| asked.is_none_or(|wanted| (wanted.fits)(own, EvidenceId(*at), captures));
            hits.extend(captures.filter(fits).map(|captures| (*number, captures.into())));
        }
        hits
    }
}

impl Reading<'_> {
    pub(super) fn tester(&self) -> Tester<'_> {
        Tester { rules: self.rules, wanted: self.wanted, measure: self.measure() }
    }

    /// Keeps what a record turned out to be a hit of, where it lies in the section that the evidence names; says how much that
    /// was.
    pub(super) fn keep(
        &self,
        found: &mut Found,
        plan: &KindPlan,
        record: &Arc<Record>,
        hits: Hits,
        sections: &[Section],
    ) -> u64 {
        let mut kept = 0;
        for (number, captures) in hits {
            let Some((rule, at)) = plan.evidence.get(number) else { continue };
            if lies_in(&self.rules.rules[*rule].evidence[*at], record, sections) {
                let hits = found.hits.entry((*rule, *at)).or_default();
                found.unsorted |= hits.last().is_some_and(|last| record.stamp < last.record.stamp);
                hits.push(Hit { record: Arc::clone(record), captures });
                kept += 1;
            }
        }
        kept
    }
}

/// Whether a record lies in the section that a piece of evidence names.
fn lies_in(evidence: &Evidence, record: &Record, sections: &[Section]) -> bool {
    let Some(title) = &evidence.section else { return true };
    let mut path = std::iter::successors(record.section, |id: &SectionId| sections.get(id.place())?.parent);
    path.any(|id| sections.get(id.place()).is_some_and(|section| title.find_whole(&section.title).is_some()))
}
