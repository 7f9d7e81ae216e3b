//! Whether everything that a rule set names by number is there: asked of what comes out of a pack, so that nothing above
//! has to ask again. A rule that is not read yet is asked when it is.

use std::collections::BTreeMap;

use super::{BoundPattern, Comparison, Condition, Evidence, Filter, Operand, Right, Rule, RuleSet, Window};
use crate::logs::LogKindId;

impl RuleSet {
    /// Whether the set is one that a compiler could have made: numbers that point at something, no finding that waits
    /// for itself, windows that are not negative.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let kinds = self.logs.iter().count();
        let known = |log: &LogKindId| log.place() < kinds;
        let names = || self.rules.names();
        names().zip(names().skip(1)).all(|(one, next)| one < next)
            && self.rules.are_sound(kinds)
            && self.collections.iter().flat_map(|collection| &collection.yields).all(known)
            && self.remedies.iter().filter_map(|remedy| remedy.verify.as_ref()?.resolved_when.as_ref()).all(|when| {
                // It speaks of findings alone.
                Bounds { evidence: 0, captures: 0 }.condition(when)
            })
            && !self.goes_round()
    }

    /// Whether some rule's finding waits for itself.
    fn goes_round(&self) -> bool {
        let reads: Vec<Vec<&str>> = (0..self.rules.len()).map(|at| self.rules.reads(at)).collect();
        if reads.iter().all(Vec::is_empty) {
            return false;
        }
        let at: BTreeMap<&str, usize> = self.rules.names().enumerate().map(|(at, name)| (name, at)).collect();
        let known = |names: Vec<&str>| names.into_iter().filter_map(|name| at.get(name).copied()).collect();
        let reads: Vec<Vec<usize>> = reads.into_iter().map(known).collect();
        let mut waiting: Vec<usize> = vec![0; reads.len()];
        reads.iter().flatten().for_each(|read| waiting[*read] += 1);
        let mut free: Vec<usize> = (0..reads.len()).filter(|rule| waiting[*rule] == 0).collect();
        let mut seen = 0;
        while let Some(rule) = free.pop() {
            seen += 1;
            for read in &reads[rule] {
                waiting[*read] -= 1;
                if waiting[*read] == 0 {
                    free.push(*read);
                }
            }
        }
        seen < reads.len()
    }
}

impl Rule {
    /// Whether all that it names by number is there, in a set with so many log kinds.
    pub(super) fn is_sound(&self, kinds: usize) -> bool {
        let bounds = Bounds { evidence: self.evidence.len(), captures: self.captures.len() };
        self.evidence
            .iter()
            .all(|evidence| evidence.logs.iter().all(|log| log.place() < kinds) && bounds.evidence(evidence))
            && self.conditions().all(|condition| bounds.condition(condition))
    }
}

/// How many pieces of evidence and captures there are to name.
struct Bounds {
    evidence: usize,
    captures: usize,
}

impl Bounds {
    fn evidence(&self, evidence: &Evidence) -> bool {
        evidence.patterns().all(|pattern| self.pattern(pattern))
            && evidence.filter.as_ref().is_none_or(|filter| self.filter(filter))
    }

    fn pattern(&self, pattern: &BoundPattern) -> bool {
        let bound = |(part, capture): &(usize, super::CaptureId)| {
            pattern.pattern.hole(*part).is_some() && capture.0 < self.captures
        };
        pattern.binds.iter().all(bound)
    }

    fn condition(&self, condition: &Condition) -> bool {
        let own = match condition {
            Condition::Evidence(id) => id.0 < self.evidence,
            Condition::Within { window, .. } | Condition::Near { window, .. } => window.0 >= 0,
            Condition::AtLeast { window, .. } | Condition::AtLeastOf { window, .. } => lasting(*window),
            Condition::Then { steps, .. } => steps.iter().all(|step| lasting(step.within)),
            Condition::Where { filter, .. } => self.filter(filter),
            _ => true,
        };
        own && condition.children().into_iter().all(|part| self.condition(part))
    }

    fn filter(&self, filter: &Filter) -> bool {
        match filter {
            Filter::All(parts) | Filter::Any(parts) => parts.iter().all(|part| self.filter(part)),
            Filter::Not(part) => self.filter(part),
            Filter::Compare(comparison) => self.comparison(comparison),
        }
    }

    fn comparison(&self, comparison: &Comparison) -> bool {
        let right = match &comparison.right {
            Right::One(operand) => self.operand(operand),
            Right::Many(operands) => operands.iter().all(|operand| self.operand(operand)),
            Right::Pattern(_) | Right::Nothing => true,
        };
        right && self.operand(&comparison.left)
    }

    fn operand(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Capture { capture, .. } => capture.0 < self.captures,
            Operand::Finding { .. } | Operand::Literal(_) => true,
        }
    }
}

fn lasting(window: Option<Window>) -> bool {
    window.is_none_or(|window| window.0 >= 0)
}
