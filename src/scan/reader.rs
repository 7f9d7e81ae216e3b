//! A source that has a reader: its records one by one, each tried with the evidence that its fields speak for.

use std::borrow::Cow;
use std::sync::Arc;

use crate::logs::{self, Head, LogKindId, Record, Section, Taker, Wants};
use crate::rule::{BoundPattern, RuleSet};
use crate::value::Stamp;

use super::artifact::{Found, Reading};
use super::plan::KindPlan;
use super::profile::{self, Stage};
use super::result::Source;
use super::select::Field;

/// Tells which records of a source are wanted.
struct Asked<'t> {
    rules: &'t RuleSet,
    plan: &'t KindPlan,
    log: LogKindId,
}

impl Wants for Asked<'_> {
    fn wants(&self, head: &Head<'_>) -> bool {
        if self.rules.logs.get(self.log).about().is_some() {
            return true;
        }
        let told = |name: &str| head.field(name).map_or(Field::Later, Field::Value);
        // The other fields that are known must not say no.
        self.plan.select.of(told).into_iter().any(|number| {
            let Some((rule, at)) = self.plan.evidence.get(number) else { return false };
            let fields = &self.rules.rules[*rule].evidence[*at].fields;
            let fits = |(name, field): &(String, _)| fits(field, head.field(name));
            fields.iter().all(fits)
        })
    }
}

/// Takes the records of one source.
struct Taking<'t, 'a> {
    reading: &'t Reading<'a>,
    found: &'t mut Found,
    asked: Asked<'t>,
}

impl Taker for Taking<'_, '_> {
    fn wanted(&self) -> &dyn Wants {
        &self.asked
    }

    fn take(&mut self, record: Record, sections: &[Section]) {
        let Asked { plan, log, .. } = self.asked;
        let take = || self.reading.take(self.found, plan, log, record, sections);
        profile::time_within(self.reading.measure(), (Stage::Frame, Stage::Verify), |hits| *hits, take);
    }

    fn leave_out(&mut self, first: Stamp, last: Stamp) {
        span(&mut self.found.source, first);
        span(&mut self.found.source, last);
    }
}

fn fits(field: &BoundPattern, value: Option<Cow<'_, str>>) -> bool {
    value.is_none_or(|value| field.pattern.find_whole(&value).is_some())
}

/// A source goes from its first stamp to its last.
fn span(source: &mut Source, stamp: Stamp) {
    source.first = Some(source.first.map_or(stamp, |first| first.min(stamp)));
    source.last = source.last.max(Some(stamp));
}

impl Reading<'_> {
    /// Goes through a source that has a reader.
    pub(super) fn read(&self, found: &mut Found, plan: &KindPlan, log: LogKindId) {
        let mut source = found.source.clone();
        let asked = Asked { rules: self.rules, plan, log };
        let sections = self.read_records(log, &mut source, &mut Taking { reading: self, found, asked });
        (source.first, source.last) = (found.source.first, found.source.last);
        found.source = source;
        found.sections = sections;
    }

    /// Gives the records of a source that has a reader to `taker`; what is wrong with it is the source's.
    pub(super) fn read_records(&self, log: LogKindId, source: &mut Source, taker: &mut dyn Taker) -> Vec<Section> {
        let read = || logs::read(self.rules.logs.get(log), log, (self.artifact, self.threads), taker);
        let records = |read: &Result<logs::Outcome, _>| read.as_ref().unwrap_or_else(|(read, _)| read).records;
        let outcome = match profile::time(self.measure(), Stage::Frame, records, read) {
            Ok(outcome) => outcome,
            Err((outcome, error)) => {
                self.broken(source, &error);
                outcome
            }
        };
        source.lines = outcome.lines;
        source.records = Some(outcome.records);
        source.utc = outcome.utc;
        source.damaged = source.damaged.or_else(|| outcome.problems.first().map(|problem| problem.kind));
        source.problems.extend(outcome.problems);
        outcome.sections
    }

    /// Takes a record of a reader: it is tried with the evidence that its fields speak for; says how many hits that gave.
    pub(super) fn take(
        &self,
        found: &mut Found,
        plan: &KindPlan,
        log: LogKindId,
        record: Record,
        sections: &[Section],
    ) -> u64 {
        if let Some(stamp) = record.stamp {
            span(&mut found.source, stamp);
        }
        let told = |name: &str| record.field(name).map_or(Field::Absent, |value| Field::Value(Cow::Borrowed(value)));
        let wanted = plan.select.of(told);
        let hits = self.tester().hits(plan, record.body.said(), &wanted, None).0;
        if let Some(about) = self.rules.logs.get(log).about() {
            found.list(about, &record);
        }
        if hits.is_empty() { 0 } else { self.keep(found, plan, &Arc::new(record), hits, sections) }
    }
}
