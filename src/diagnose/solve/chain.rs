//! Occurrences that need no search: one hit, or one after the other, of evidence that nothing else ties.

use std::sync::Arc;

use super::Solver;
use super::leaf::{List, captures};
use crate::diagnose::env::Env;
use crate::diagnose::needs::steps;
use crate::diagnose::timeline::Bound;
use crate::logs::Record;
use crate::rule::{Condition, EvidenceId};
use crate::scan::Hit;

/// A condition whose occurrences are told by taking the earliest hit of every step.
pub(in crate::diagnose) struct Chain {
    first: EvidenceId,
    /// Those that follow, each with how much later it may come.
    steps: Vec<(EvidenceId, Option<i64>)>,
}

impl<'a> Solver<'a> {
    /// The parts of an `and` as a chain, if they are no more than that, and nothing that was bound before has a say in it.
    pub(in crate::diagnose) fn chain(&self, parts: &[&'a Condition], start: &Env<'a>) -> Option<Chain> {
        let [single] = parts else { return None };
        let mut steps = steps(single)?;
        let chain = Chain { first: steps.remove(0).0, steps };
        (start.is_certain() && self.is_free(&chain, start)).then_some(chain)
    }

    /// Whether no filter, no name bound twice, and no clock of another log can make a choice wrong.
    fn is_free(&self, chain: &Chain, start: &Env<'a>) -> bool {
        let mut ids = vec![chain.first];
        ids.extend(chain.steps.iter().map(|(id, _)| *id));
        let one_log = |id: EvidenceId| match self.rule.evidence[id.0].logs.as_slice() {
            &[log] => Some(log),
            _ => None,
        };
        let log = one_log(chain.first);
        let same_log = chain.steps.is_empty() || log.is_some() && ids.iter().all(|id| one_log(*id) == log);
        let mut names = Vec::new();
        same_log
            && ids.iter().enumerate().all(|(at, id)| {
                let own = &self.own[id.0];
                let free = own.iter().all(|name| start.captures[name.0].is_none() && !names.contains(name));
                names.extend_from_slice(own);
                free && !ids[..at].contains(id)
                    && self.rule.evidence[id.0].filter.is_none()
                    && start.record(*id).is_none()
                    && !start.unseen.contains(id)
            })
    }

    /// Whether the occurrence with this hit of the first step is there; where that takes a search to say, it is false. Calls
    /// `take` with the hits as far as they are found.
    pub(in crate::diagnose) fn completes(
        &self,
        chain: &Chain,
        at: usize,
        take: &mut dyn FnMut(EvidenceId, &'a Hit),
    ) -> bool {
        self.memo.step();
        let Some(first) = self.hits(chain.first).get(at) else { return false };
        take(chain.first, first);
        let mut before = &first.record;
        for (id, within) in &chain.steps {
            let hits = self.hits(*id);
            let (near, place) = (&self.near[id.0], self.timeline.place(before));
            let up_to_it = |at: usize| self.timeline.place(&hits[at].record) <= place;
            near.set(List::All(hits.len()).partition(0, near.get(), up_to_it));
            let Some(next) = hits.get(near.get()).filter(|_| before.stamp.is_some()) else { return false };
            if self.timeline.admits(Bound::after(before, *within), &next.record) != Some(true) {
                return false;
            }
            take(*id, next);
            before = &next.record;
        }
        true
    }

    /// All hits but the last of a chain of one step in one log, each of which is an occurrence; `None` where there are none, or
    /// their order may not be that of the time.
    pub(in crate::diagnose) fn each(&self, chain: &Chain) -> Option<&'a [Hit]> {
        let [log] = self.rule.evidence[chain.first.0].logs.as_slice() else { return None };
        let hits = self.hits(chain.first);
        let alone = chain.steps.is_empty() && self.timeline.is_local(*log);
        Some(hits.split_last().filter(|_| alone)?.1)
    }

    /// Occurrences of a chain whose hits were let go.
    pub(in crate::diagnose) fn passed(&self, chain: &Chain) -> usize {
        self.scan.passed(self.index, chain.first).occurrences
    }

    /// The record that the occurrence with this hit of the first step is told by.
    pub(in crate::diagnose) fn beginning(&self, chain: &Chain, at: usize) -> &'a Arc<Record> {
        &self.hits(chain.first)[at].record
    }

    /// Binds the occurrence with this hit of the first step, which is there.
    pub(in crate::diagnose) fn complete(&self, chain: &Chain, at: usize, env: &mut Env<'a>) {
        self.completes(chain, at, &mut |id, hit| {
            // Nothing binds the same names, so nothing can differ.
            env.bind(captures(hit));
            env.hits.push((id, &hit.record));
        });
    }
}
