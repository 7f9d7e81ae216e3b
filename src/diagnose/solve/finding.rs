//! `finding r`: the occurrences of another rule's finding.

use crate::rule::Condition;

use super::{Anchor, Around, Leaf, Solver, Span, Then, address};
use crate::diagnose::env::{Env, PastId};
use crate::diagnose::timeline::all_of;
use crate::diagnose::truth::Truth;
use crate::diagnose::{Past, Quote, Status};

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
                // What is not certain has no certain place in time either.
                self.happened(condition, (index, None), &[], env, then)
            });
        }
        let one = |at: usize, env: &mut Env<'a>, then: Then<'_, 'a>| {
            let evidence = &finding.past[at].evidence;
            let span = self.extent(evidence);
            let admitted = all_of(evidence.iter().map(|quote| self.admitted(around, (&quote.record, &quote.record))));
            match admitted {
                Some(false) => (Truth::False, false),
                None => {
                    let on = |env: &mut Env<'a>| self.happened(condition, (index, Some(at)), evidence, env, then);
                    (Self::clockless(&span, env, on), false)
                }
                Some(true) => (self.happened(condition, (index, Some(at)), evidence, env, then), true),
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
        evidence: &'a [Quote],
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let mark = env.mark();
        env.past.push(past);
        if let Condition::Finding { alias: Some(alias), .. } = condition {
            env.aliases.push((alias, past));
        }
        let truth = if self.contradicted(env) { Truth::False } else { then(env, &self.extent(evidence)) };
        env.reset(mark, &[]);
        truth
    }

    fn extent(&self, evidence: &'a [Quote]) -> Span<'a> {
        evidence.iter().fold(Span::default(), |span, quote| self.join(&span, &Span::of(&quote.record)))
    }

    /// The finding that a condition reads, if its rule has one.
    fn read(&self, condition: &Condition) -> Option<usize> {
        let Condition::Finding { rule, .. } = condition else { return None };
        self.findings.iter().position(|finding| finding.name == *rule)
    }

    /// The certain occurrences that the `finding` at an address has.
    pub(in crate::diagnose) fn happenings(&self, at: u64) -> &'a [Past] {
        let mut found: &'a [Past] = &[];
        let mut see = |part: &Condition| {
            if address(part) == at {
                found = self.read(part).map_or(&[], |index| self.findings[index].past.as_slice());
            }
        };
        self.rule.conditions().for_each(|condition| condition.visit(&mut see));
        found
    }
}
