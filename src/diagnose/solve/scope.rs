//! `in one section`, `in one attempt`, and the lists of hits that share a scope or the values of a join.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::logs::Record;
use crate::rule::{CaptureId, Condition, EvidenceId, Scope};
use crate::scan::Hit;

use super::leaf::List;
use super::{Around, Solver, Then, address};
use crate::diagnose::env::Env;
use crate::diagnose::truth::Truth;

/// An `in one …` around a part: which of [`Env::scopes`] it settles.
#[derive(Clone, Copy)]
pub(super) struct Scoped<'c> {
    pub(super) scope: Scope,
    pub(super) slot: usize,
    outer: Option<&'c Scoped<'c>>,
}

/// What hits are put together by: captures, and a scope.
type Ties = (EvidenceId, Vec<CaptureId>, Option<bool>);

/// Hits by the keys of what ties them.
pub(super) type Joins = HashMap<Ties, HashMap<Vec<u64>, Rc<[usize]>>>;

impl<'a> Solver<'a> {
    pub(super) fn in_one(
        &self,
        scope: Scope,
        condition: &'a Condition,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let slot = env.scopes.len();
        env.scopes.push(None);
        let next = self.follow(&[address(condition), slot as u64], around);
        let scoped = Scoped { scope, slot, outer: around.scope };
        let truth = self.solve(condition, Around { scope: Some(&scoped), next, ..around }, env, then);
        env.scopes.truncate(slot);
        truth
    }

    /// Goes on with a hit inside the scopes around it, if it lies in those that were settled on.
    pub(super) fn scoped(
        &self,
        scope: Option<&Scoped<'_>>,
        record: &Arc<Record>,
        env: &mut Env<'a>,
        then: impl FnOnce(&mut Env<'a>) -> Truth,
    ) -> Truth {
        let Some(scoped) = scope else { return then(env) };
        let (Some(own), settled) = (self.scope_of(scoped.scope, record), env.scopes[scoped.slot]) else {
            return Truth::False;
        };
        if settled.is_some_and(|settled| settled != own) {
            return Truth::False;
        }
        env.scopes[scoped.slot] = Some(own);
        let truth = self.scoped(scoped.outer, record, env, then);
        env.scopes[scoped.slot] = settled;
        truth
    }

    /// The outermost section, or the attempt, that a record lies in.
    pub(super) fn scope_of(&self, scope: Scope, record: &Record) -> Option<u64> {
        match scope {
            Scope::Section => self.scan.section_path(record.section).last().map(|id| id.place() as u64),
            Scope::Attempt => record.attempt.map(|attempt| ((record.log.place() as u64) << 32) | u64::from(attempt)),
        }
    }

    /// Whether every hit of a piece of evidence binds a capture.
    fn always_binds(&self, id: EvidenceId, capture: CaptureId) -> bool {
        let binds = |hit: &Hit| hit.captures.iter().any(|(bound, _)| *bound == capture);
        let all = || self.own[id.0].contains(&capture) && self.hits(id).iter().all(binds);
        *self.always.borrow_mut().entry((id, capture)).or_insert_with(all)
    }

    /// Hits of a piece of evidence that agree with what is bound; `None` where nothing ties them.
    pub(super) fn joins(
        &self,
        id: EvidenceId,
        bound: &[CaptureId],
        scope: Option<(Scope, u64)>,
        env: &Env<'a>,
    ) -> Option<List> {
        let ties: Vec<CaptureId> = bound.iter().copied().filter(|capture| self.always_binds(id, *capture)).collect();
        if ties.is_empty() && scope.is_none() {
            return None;
        }
        let wanted: Vec<u64> =
            ties.iter().map(|capture| self.key(env, *capture)).chain(scope.map(|(_, settled)| settled)).collect();
        let mut joins = self.joins.borrow_mut();
        let index =
            joins.entry((id, ties.clone(), scope.map(|(scope, _)| scope == Scope::Section))).or_insert_with(|| {
                let mut lists: HashMap<Vec<u64>, Vec<usize>> = HashMap::new();
                let mut own = Env::new(self.rule.captures.len());
                for (at, hit) in self.hits(id).iter().enumerate() {
                    for (capture, value) in &hit.captures {
                        own.captures[capture.0] = Some(value);
                    }
                    let mut key: Vec<u64> = ties.iter().map(|capture| self.key(&own, *capture)).collect();
                    if let Some((scope, _)) = scope {
                        let Some(settled) = self.scope_of(scope, &hit.record) else { continue };
                        key.push(settled);
                    }
                    lists.entry(key).or_default().push(at);
                }
                lists.into_iter().map(|(key, list)| (key, list.into())).collect()
            });
        Some(List::Some(index.get(&wanted).cloned().unwrap_or_default()))
    }
}
