//! `finding r`: the occurrences of another rule's finding.

use std::sync::Arc;

use crate::rule::Condition;

use super::{Anchor, Around, Leaf, Solver, Span, Then, address};
use crate::diagnose::env::{Env, PastId};
use crate::diagnose::truth::Truth;
use crate::diagnose::{Quote, Status};

impl<'a> Solver<'a> {
    /// Every occurrence of the finding, the last one first; one way with doubt where none is certain.
    pub(super) fn finding(
        &self,
        condition: &'a Condition,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let Some(index) = self.read(condition) else { return Truth::False };
        let finding = &self.findings[index];
        let leaf = Leaf::Finding(address(condition));
        if finding.status == Status::Undetermined {
            return Self::doubting(&finding.missing, env, |env| {
                self.happened(condition, (index, None), &finding.evidence, env, then)
            });
        }
        let one = |at: usize, env: &mut Env<'a>, then: Then<'_, 'a>| {
            let evidence = &finding.past[at].evidence;
            let ends = evidence.first().zip(evidence.last()).map(|(first, last)| (&*first.record, &*last.record));
            let admitted = ends.map(|ends| self.admitted(around, ends));
            match admitted {
                Some(Some(false)) => (Truth::False, false),
                Some(None) => {
                    let span = Self::extent(evidence);
                    let on = |env: &mut Env<'a>| self.happened(condition, (index, Some(at)), evidence, env, then);
                    (Self::clockless(&span, env, on), false)
                }
                _ => (self.happened(condition, (index, Some(at)), evidence, env, then), true),
            }
        };
        match self.anchor.get() {
            Some(Anchor::Hit(anchor, at)) if anchor == leaf => one(at, env, then).0,
            Some(Anchor::Unseen(anchor)) if anchor == leaf => Truth::False,
            _ => {
                let state = self.state(address(condition), around, env);
                let all = finding.past.len();
                self.memo.walk((state, around.floor), 0, all, |at| one(all - 1 - at, env, then))
            }
        }
    }

    /// Goes on with an occurrence.
    fn happened(
        &self,
        condition: &'a Condition,
        past: PastId,
        evidence: &[Quote],
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let mark = env.mark();
        env.past.push(past);
        if let Condition::Finding { alias: Some(alias), .. } = condition {
            env.aliases.push((alias, past));
        }
        let truth = if self.contradicted(env) { Truth::False } else { then(env, &Self::extent(evidence)) };
        env.reset(mark, &[]);
        truth
    }

    fn extent(evidence: &[Quote]) -> Span {
        Span {
            first: evidence.first().map(|quote| Arc::clone(&quote.record)),
            last: evidence.last().map(|quote| Arc::clone(&quote.record)),
        }
    }

    /// The finding that a condition reads, if its rule has one.
    fn read(&self, condition: &Condition) -> Option<usize> {
        let Condition::Finding { rule, .. } = condition else { return None };
        self.findings.iter().position(|finding| finding.name == *rule)
    }

    /// How many certain occurrences the `finding` at an address has.
    pub(super) fn happenings(&self, at: u64) -> usize {
        let mut found = 0;
        let mut see = |part: &Condition| {
            if address(part) == at {
                found = self.read(part).map_or(0, |index| self.findings[index].past.len());
            }
        };
        super::visit(&self.rule.signature, &mut see);
        self.rule.causes.iter().filter_map(|cause| cause.when.as_ref()).for_each(|when| super::visit(when, &mut see));
        found
    }
}
