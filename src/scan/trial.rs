//! Records tried with evidence: what of it can be told from a record alone is told on any thread, the rest in their order.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::logs::{Cut, Cutter, Record, Said, Section, SectionId, Sighting};
use crate::rule::{CaptureId, Evidence, EvidenceId, RuleSet};
use crate::value::{Stamp, Value};

use super::Wanted;
use super::artifact::{Found, Reading};
use super::glance::Glance;
use super::needs::{Need, Passed};
use super::piece::Piece;
use super::plan::{KindPlan, Sight};
use super::profile::{self, Measure, Stage};
use super::result::Hit;
use super::runs::{Lets, Outcome, Runs, Spot};
use super::spare::Spare;
use super::verify::{fits, verify};

/// What a record is a hit of, as far as it tells itself: the number of the evidence, its captures.
type Fitting = SmallVec<[(usize, Box<[(CaptureId, Value)]>); 1]>;

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
    /// Hits that only count are let go.
    pub(super) lets: &'t Lets,
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
    pub(super) hits: Fitting,
}

/// Hits that only count, let go where a record is tried.
pub(super) struct Letting<'r> {
    runs: &'r mut Runs,
    spot: Spot,
    /// The record's own stamp.
    stamp: Option<Stamp>,
}

/// What was found in a piece of text without knowing what comes before it.
pub(super) enum Look {
    /// Its records, and how many hits of each piece of evidence were let go.
    Tried(Vec<Tried>, Vec<(usize, Passed)>),
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
            let text = Sighting { bytes: text, places: None, line: 0, newlines: &glance.newlines };
            let (tried, passed) = self.records(text, &seen);
            Look::Tried(tried, passed)
        } else {
            Look::Seen(seen)
        };
        (glance, look)
    }

    /// The records of a piece that was looked at, and how many hits of each piece of evidence were let go.
    pub(super) fn tried(&self, piece: &Piece<'_>, look: Look) -> (Vec<Tried>, Vec<(usize, Passed)>) {
        match look {
            Look::Tried(tried, passed) => (tried, passed),
            Look::Seen(seen) => self.records(piece.sighting(), &seen),
        }
    }

    fn records(&self, text: Sighting<'_>, seen: &[Sight]) -> (Vec<Tried>, Vec<(usize, Passed)>) {
        let told = seen.iter().map(|seen| (seen.place(), seen.target().is_none()));
        let places = (!self.all).then(|| self.cutter.needed(text.bytes, told));
        let cut = || {
            let mut tried = self.spare.take();
            let mut runs = self.lets.runs().filter(|_| Cutter::cuts_alike(text.bytes));
            let mut seen = seen.iter().peekable();
            let mut wanted = Vec::new();
            self.cutter.cut(Sighting { places: places.as_deref(), ..text }, &mut |cut| {
                wanted.clone_from(&self.plan.always);
                while let Some(seen) = seen.next_if(|seen| seen.place() < cut.range.end) {
                    wanted.extend(seen.target());
                }
                wanted.sort_unstable();
                wanted.dedup();
                let one = self.try_one(cut, &wanted, runs.as_mut().map(|runs| (runs, tried.len())));
                tried.push(one);
            });
            let Some((runs, wanted)) = runs.zip(self.tester.wanted) else { return (tried, Vec::new()) };
            let Outcome { open, passed } = runs.finish(self.tester.rules, wanted);
            self.ask_again(text, &open, &mut tried);
            (tried, passed)
        };
        let count = |(tried, _): &(Vec<Tried>, _)| tried.len() as u64;
        profile::time(self.tester.measure, Stage::Frame, count, cut)
    }

    /// Tries records once more with evidence of which hits were let go that are asked for after all.
    fn ask_again(&self, text: Sighting<'_>, open: &[(Spot, usize)], tried: &mut [Tried]) {
        let places: Vec<(usize, bool)> = open.iter().map(|(spot, _)| (spot.place, false)).collect();
        let mut open = open.iter().peekable();
        let tester = Tester { measure: None, ..self.tester };
        self.cutter.cut(Sighting { places: Some(&places), ..text }, &mut |cut| {
            let mut numbers = Vec::new();
            let mut own = None;
            while let Some((spot, number)) = open.next_if(|(spot, _)| spot.place < cut.range.end) {
                numbers.push(*number);
                own = Some(spot.tried);
            }
            let Some(own) = own.and_then(|own| tried.get_mut(own)) else { return };
            own.hits.extend(tester.hits(self.plan, cut.said(), &numbers, None).0);
            own.record.get_or_insert_with(|| Arc::new(self.cutter.record_of(cut)));
        });
    }

    /// Takes back the room of records that were gone through.
    pub(super) fn take_back(&self, room: Vec<Tried>) {
        self.spare.give(room);
    }

    fn try_one(&self, cut: Cut<'_>, wanted: &[usize], letting: Option<(&mut Runs, usize)>) -> Tried {
        let spot = |tried| Spot { tried, place: cut.range.start };
        let letting = letting.map(|(runs, tried)| Letting { runs, spot: spot(tried), stamp: cut.stamp });
        let hits = || self.tester.hits(self.plan, cut.said(), wanted, letting);
        let (within, all) = ((Stage::Frame, Stage::Verify), |(_, all): &(_, u64)| *all);
        let (hits, _) = profile::time_within(self.tester.measure, within, all, hits);
        let (before, stamp, marked) = (cut.before, cut.stamp, cut.marked);
        let kept = self.all || marked || !hits.is_empty();
        Tried { before, stamp, record: kept.then(|| Arc::new(self.cutter.record_of(cut))), marked, hits }
    }
}

impl Tester<'_> {
    /// What is asked of the hits of evidence, given by its number.
    fn need(&self, plan: &KindPlan, number: usize) -> Need {
        self.wanted.map_or(Need::All, |wanted| plan.need(number, self.rules, wanted))
    }

    /// Tries what a record says with evidence, given by its numbers: those that are hits and are not let go, and how many are
    /// hits.
    pub(super) fn hits(
        &self,
        plan: &KindPlan,
        said: Said<'_>,
        wanted: &[usize],
        mut letting: Option<Letting<'_>>,
    ) -> (Fitting, u64) {
        let (mut hits, mut gone) = (Fitting::new(), 0);
        for number in wanted {
            let Some((rule, at)) = plan.evidence.get(*number) else { continue };
            let own = &self.rules.rules[*rule];
            let need = if letting.is_some() { self.need(plan, *number) } else { Need::All };
            if letting.as_ref().is_some_and(|Letting { runs, stamp, .. }| runs.lets_go(*number, need, *stamp)) {
                let fits = || fits(&own.evidence[*at], said).then_some(());
                let Some(()) = profile::time_rule(self.measure, *rule, fits) else { continue };
                gone += 1;
            } else {
                let captures = profile::time_rule(self.measure, *rule, || verify(&own.evidence[*at], said));
                let asked = self.wanted.filter(|wanted| plan.asks(*number, || (wanted.asks)(own, EvidenceId(*at))));
                let fits = |captures: &Vec<_>| asked.is_none_or(|wanted| (wanted.fits)(own, EvidenceId(*at), captures));
                let Some(captures) = captures.filter(fits) else { continue };
                hits.push((*number, captures.into()));
            }
            if let Some(Letting { runs, spot, stamp }) = &mut letting {
                runs.add((*number, (*rule, *at)), need, *stamp, *spot);
            }
        }
        let all = hits.len() as u64 + gone;
        (hits, all)
    }
}

impl Reading<'_> {
    pub(super) fn tester(&self) -> Tester<'_> {
        Tester { rules: self.rules, wanted: self.wanted, measure: self.measure() }
    }

    /// Notes what was let go of a piece of text of which the other hits are kept, and the latest stamp before it.
    pub(super) fn pass(&self, found: &mut Found, plan: &KindPlan, passed: Vec<(usize, Passed)>, before: Option<Stamp>) {
        for (number, passed) in passed {
            let Some(own) = plan.evidence.get(number) else { continue };
            found.hits.pass_of_piece(*own, passed, (self.tester().need(plan, number), before));
        }
        if found.hits.are_disordered() {
            self.lets.keep_sequences();
        }
    }

    /// Keeps what a record turned out to be a hit of, where it lies in the section that the evidence names; says how much that
    /// was.
    pub(super) fn keep(
        &self,
        found: &mut Found,
        plan: &KindPlan,
        record: &Arc<Record>,
        hits: Fitting,
        sections: &[Section],
    ) -> u64 {
        let before = found.hits.seen;
        let letting = self.lets.go();
        for (number, captures) in hits {
            let Some(own) = plan.evidence.get(number) else { continue };
            if lies_in(&self.rules.rules[own.0].evidence[own.1], record, sections) {
                found.hits.add(*own, Hit { record: Arc::clone(record), captures });
                if letting {
                    found.hits.thin(*own, self.tester().need(plan, number));
                }
            }
        }
        let kept = found.hits.seen - before;
        if let Some(wanted) = self.wanted {
            if !letting && found.hits.seen > wanted.held {
                self.lets.begin(!found.hits.are_disordered());
                found.hits.thin_all(plan, self.rules, wanted);
            } else if letting {
                found.hits.settle_many(self.rules, wanted);
            }
        }
        kept as u64
    }
}

/// Whether a record lies in the section that a piece of evidence names.
fn lies_in(evidence: &Evidence, record: &Record, sections: &[Section]) -> bool {
    let Some(title) = &evidence.section else { return true };
    let mut path = std::iter::successors(record.section, |id: &SectionId| sections.get(id.place())?.parent);
    path.any(|id| sections.get(id.place()).is_some_and(|section| title.find_whole(&section.title).is_some()))
}
