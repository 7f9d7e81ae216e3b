//! The clock of a source: what the file tells of its stamps before it is read, and stamps of UTC brought to local time.

use std::sync::Arc;

use crate::logs::{Calendar, Cutter, Framer, LogKind, LogKindId, Survey};
use crate::rule::RuleSet;
use crate::value::{Stamp, Zone};

use super::artifact::{Found, Reading};
use super::glance::Glance;
use super::offset::Offsets;
use super::result::Source;

/// The newest date of the other logs, for stamps that do not tell it all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Newest {
    /// They were not read yet.
    NotYet,
    /// What they tell, if anything.
    Of(Option<Stamp>),
}

impl Newest {
    /// What artifacts that were not put off tell.
    pub(super) fn of(found: &[Found]) -> Newest {
        let read = found.iter().filter(|one| !one.put_off);
        Newest::Of(read.filter_map(|one| one.source.last).filter(|last| last.year().is_some()).max())
    }
}

/// Brings stamps that are UTC though their kind has a local clock to local time, by the machine's offset: what a log
/// shows, else what was said. Where neither tells, such stamps tell nothing and are left out.
pub(super) fn to_local(found: &mut [Found], rules: &RuleSet, said: Option<i32>) {
    let offsets = Offsets::new(found.iter().map(|one| &one.source), said);
    let local = |stamp: Option<Stamp>| {
        let utc = stamp?.0;
        utc.checked_add(offsets.at_utc(utc)?).map(Stamp)
    };
    for one in found.iter_mut().filter(|one| one.source.utc) {
        let clock = one.source.log.and_then(|log| rules.logs.get(log).clock.as_ref());
        if clock.is_none_or(|clock| clock.zone != Zone::Local) {
            continue;
        }
        one.unsorted = true;
        (one.source.first, one.source.last) = (local(one.source.first), local(one.source.last));
        for hit in one.hits.held.values_mut().flatten() {
            let record = Arc::make_mut(&mut hit.record);
            record.stamp = local(record.stamp);
        }
    }
}

impl Reading<'_> {
    /// A framer that reads the stamps as the file tells; `None` where it does not tell, and the others were not read yet.
    pub(super) fn framer(&self, log: LogKindId, source: &mut Source) -> Option<Framer<'_>> {
        let kind = self.rules.logs.get(log);
        let artifact = self.artifact;
        let framer = |calendar| Framer::new(Cutter::new(kind, log, artifact.id, artifact.encoding, calendar));
        let Some(survey) = self.survey(kind, framer(Calendar::default())) else {
            return Some(framer(Calendar::default()));
        };
        let newest = match self.newest {
            Newest::NotYet if !survey.is_decided() => return None,
            Newest::NotYet => None,
            Newest::Of(newest) => newest,
        };
        let calendar = survey.calendar(newest);
        source.clock_doubt = calendar.doubt;
        Some(framer(calendar))
    }

    /// Goes through the stamps of a file of which one does not tell it all, as far as needed.
    fn survey<'k>(&self, kind: &'k LogKind, mut framer: Framer<'k>) -> Option<Survey<'k>> {
        let mut survey = Survey::of(kind, self.artifact.encoding)?;
        // What is wrong with the file is told when it is read.
        self.pieces(
            &mut self.source(),
            &mut framer,
            |text| (Glance::new(text), ()),
            |_, piece, (), _| {
                for (line, number) in piece.bytes.split_inclusive(|byte| *byte == b'\n').zip(piece.line..) {
                    if survey.is_over() {
                        return;
                    }
                    survey.see(line, number);
                }
            },
        );
        Some(survey)
    }
}
