//! A leaf: its hits, and why it may be unseen.

use std::sync::Arc;

use casebook::logs::LogKindId;
use casebook::rule::{BoundPattern, Operand};
use casebook::scan::Subjects;

use super::filter;
use super::meaning::{Anchor, Around, Meaning, Way, Ways, ends};

impl<'a> Meaning<'a> {
    pub(super) fn evidence(&self, evidence: usize, given: &Way<'a>, around: &Around) -> Ways<'a> {
        let anew = around.earlier.contains(&evidence);
        if let Some((_, record)) = given.hits.iter().find(|(chosen, _)| !anew && *chosen == evidence) {
            let mut way = given.clone();
            way.used.push(Arc::clone(record));
            return self
                .in_scopes(way, &[Arc::clone(record)], around)
                .map(|way| (way, Some(ends(record))))
                .into_iter()
                .collect();
        }
        if !anew && given.unseen.contains(&evidence) {
            return vec![(given.clone(), None)];
        }
        let anchor = self.anchor.get().filter(|_| !anew);
        let mut ways = Vec::new();
        for (at, hit) in self.hits(evidence).iter().enumerate() {
            match anchor {
                Some(Anchor::Hit(anchor, only)) if anchor == evidence && only != at => continue,
                Some(Anchor::Unseen(anchor)) if anchor == evidence => continue,
                _ => {}
            }
            let mut way = given.clone();
            if !Self::bind(&mut way, &hit.captures) {
                continue;
            }
            way.hits.push((evidence, Arc::clone(&hit.record)));
            way.used.push(Arc::clone(&hit.record));
            way.filters.extend(&self.rule.evidence[evidence].filter);
            if self.contradicted(&way) {
                continue;
            }
            let scoped = self.in_scopes(way, &[Arc::clone(&hit.record)], around);
            ways.extend(scoped.map(|way| (way, Some(ends(&hit.record)))));
        }
        if !matches!(anchor, Some(Anchor::Hit(anchor, _)) if anchor == evidence) {
            let mut way = given.clone();
            way.unseen.push(evidence);
            if self.blind(evidence) {
                way.doubt = true;
            } else {
                way.windows.push((evidence, Vec::new()));
            }
            ways.push((way, None));
            if !self.subjects(evidence).is_empty() {
                let mut way = Way { doubt: true, ..given.clone() };
                way.unseen.push(evidence);
                way.unlisted.push(evidence);
                ways.push((way, None));
            }
        }
        ways
    }

    /// The snapshots that evidence asks about a subject, with its pattern.
    fn subjects(&self, evidence: usize) -> Vec<(LogKindId, &'a BoundPattern)> {
        let evidence = &self.rule.evidence[evidence];
        let about = |log: &LogKindId| {
            let about = self.clock.rules.logs.get(*log).snapshot.as_ref()?.about.as_deref()?;
            evidence.fields.iter().find(|(field, _)| field == about).map(|(_, subject)| (*log, subject))
        };
        evidence.logs.iter().filter_map(about).collect()
    }

    /// Whether every snapshot lists what evidence asks about, given what a way has chosen.
    pub(super) fn listed_all(&self, evidence: usize, way: &Way<'a>) -> bool {
        self.subjects(evidence).into_iter().all(|(log, subject)| {
            self.scan.subjects.get(&log).into_iter().flat_map(Subjects::all).any(|listed| {
                let Some(found) = subject.pattern.find_whole(listed) else { return false };
                let captures: Vec<_> = subject
                    .binds
                    .iter()
                    .map(|(part, capture)| {
                        let captured = found.captures.iter().find(|captured| captured.part == *part).unwrap();
                        (*capture, captured.value.clone())
                    })
                    .collect();
                let mut trial = way.clone();
                let read = |trial: &Way<'a>| {
                    let filter = self.rule.evidence[evidence].filter.as_ref();
                    filter
                        .and_then(|filter| filter::holds(filter, &|operand: &Operand| self.read(trial, operand), false))
                };
                Self::bind(&mut trial, &captures) && read(&trial) != Some(false)
            })
        })
    }

    /// Whether a log of the evidence cannot answer, given what a way has chosen, whatever the time.
    pub(super) fn cannot_answer(&self, evidence: usize, way: &Way<'a>) -> bool {
        self.blind(evidence) || !self.listed_all(evidence, way)
    }

    /// Whether a log of the evidence cannot answer, whatever the time.
    pub(super) fn blind(&self, evidence: usize) -> bool {
        self.rule.evidence[evidence].logs.iter().any(|log| {
            let mut files = self.scan.sources.iter().filter(|source| source.log == Some(*log)).peekable();
            files.peek().is_none() || files.any(|source| source.damaged.is_some())
        })
    }
}
