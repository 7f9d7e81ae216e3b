//! Which hits of a piece of evidence are worth trying, and why its logs may hold one that is not seen.

use std::sync::Arc;

use crate::logs::LogKindId;
use crate::rule::{CaptureId, EvidenceId};
use crate::scan::Hit;

use super::{Anchor, Around, Joins, Solver};
use crate::diagnose::env::Env;
use crate::diagnose::filter;
use crate::diagnose::timeline::Bound;
use crate::diagnose::truth::Truth;
use crate::diagnose::{Missing, Reason};

impl<'a> Solver<'a> {
    /// Hits of a piece of evidence worth trying, in order: those in the stretch of time, or those a join leaves.
    pub(super) fn candidates(&self, id: EvidenceId, around: Around<'_>, env: &Env<'a>) -> Vec<usize> {
        match self.anchor.get() {
            Some(Anchor::Hit(anchor, at)) if anchor == id && !around.earlier.contains(&id) => return vec![at],
            Some(Anchor::Unseen(anchor)) if anchor == id => return Vec::new(),
            _ => {}
        }
        let hits = self.hits(id);
        if let Some(bound) = around.bound {
            let (from, to) = self.timeline.reach(bound, &self.rule.evidence[id.0].logs);
            let unstamped = hits.partition_point(|hit| hit.record.stamp.is_none());
            let begin = unstamped + hits[unstamped..].partition_point(|hit| hit.record.stamp < from);
            let end = begin + hits[begin..].partition_point(|hit| to.is_none() || hit.record.stamp <= to);
            return (0..unstamped).chain(begin..end).collect();
        }
        let joined = hits.first().and_then(|hit| {
            hit.captures.iter().find_map(|(capture, _)| Some((*capture, env.captures[capture.0].as_ref()?.key())))
        });
        match joined {
            Some((capture, key)) => self.joined(id, capture, &key),
            None => (0..hits.len()).collect(),
        }
    }

    /// Hits whose capture has the value `key`, or that do not bind it.
    fn joined(&self, id: EvidenceId, capture: CaptureId, key: &str) -> Vec<usize> {
        let mut joins = self.joins.borrow_mut();
        let index = joins.entry((id, capture)).or_insert_with(|| {
            let mut index = Joins::new();
            for (at, hit) in self.hits(id).iter().enumerate() {
                let value = hit.captures.iter().find(|(bound, _)| *bound == capture);
                index.entry(value.map_or_else(String::new, |(_, value)| value.key())).or_default().push(at);
            }
            index
        });
        let mut found = index.get(key).cloned().unwrap_or_default();
        if !key.is_empty() {
            found.extend(index.get("").into_iter().flatten());
            found.sort_unstable();
        }
        found
    }

    /// Why the logs of a piece of evidence cannot say that there is no hit.
    pub(super) fn unanswered(&self, id: EvidenceId, bound: Option<Bound<'_>>, env: &Env<'a>) -> Vec<Missing> {
        let evidence = &self.rule.evidence[id.0];
        evidence
            .logs
            .iter()
            .filter_map(|log| self.timeline.gap(*log, bound).or_else(|| self.not_listed(id, *log, env)))
            .collect()
    }

    /// A snapshot that has no entry of the subject asked about cannot answer for it.
    fn not_listed(&self, id: EvidenceId, log: LogKindId, env: &Env<'a>) -> Option<Missing> {
        let about = self.rules.logs.get(log).snapshot.as_ref()?.about.as_deref()?;
        let evidence = &self.rule.evidence[id.0];
        let (_, subject) = evidence.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(about))?;
        let tied = subject.binds.iter().any(|(_, capture)| env.captures[capture.0].is_some());
        if !tied && evidence.filter.is_none() {
            return None;
        }
        let listed = self.scan.snapshots.iter().filter(|record| record.log == log).any(|record| {
            let Some(found) = record.field(about).and_then(|text| subject.pattern.find_whole(text)) else {
                return false;
            };
            let captures = subject.binds.iter().filter_map(|(part, capture)| {
                let captured = found.captures.iter().find(|captured| captured.part == *part)?;
                Some((*capture, captured.value.clone()))
            });
            let entry = Hit { record: Arc::clone(record), captures: captures.collect() };
            let mut trial = env.clone();
            trial.bind(id, &entry).is_some()
                && evidence
                    .filter
                    .as_ref()
                    .is_none_or(|filter| filter::holds(filter, &trial, self.findings) != Truth::False)
        });
        (!listed).then_some(Missing { log, reason: Reason::NotListed })
    }
}
