//! The tree of one condition: a node a form, its value given what is bound around it, the misses of what does not hold.

use crate::lang::Localized;
use crate::logs::LogKindId;
use crate::rule::{Condition, EvidenceId, Scope, Step};

use super::super::truth::Truth;
use super::super::{Missing, Reason};
use super::leaf::passing;
use super::node::{Binding, Hits, Node, Verdict};
use super::records::Probed;
use super::ways::best;
use super::world::{Bound, World};
use super::{miss, words};

/// Places of a piece of evidence that are told.
const PLACES: usize = 5;

/// Builds the tree of one condition.
pub(super) struct Tree<'t, 'a> {
    pub(super) world: &'t World<'a>,
    pub(super) probed: &'t Probed,
    /// Evidence that a count rests on: no single hit stands for its name.
    counted: Vec<EvidenceId>,
    /// Bound before the condition is asked.
    fixed: Bound,
    /// What the attempt bound.
    chosen: Bound,
    /// Every leaf of the whole condition.
    leaves: Vec<EvidenceId>,
    /// Leaves that have a node already.
    visited: Vec<EvidenceId>,
    /// Logs that some node said are missing.
    reported: Vec<(LogKindId, Reason)>,
}

fn leaves(condition: &Condition) -> Vec<EvidenceId> {
    let mut leaves = Vec::new();
    condition.visit(&mut |part| {
        if let Condition::Evidence(id) = part {
            leaves.push(*id);
        }
    });
    leaves
}

/// Evidence inside of counts.
fn counted(condition: &Condition) -> Vec<EvidenceId> {
    let mut counted = Vec::new();
    condition.visit(&mut |part| {
        if let Condition::AtLeast { condition, .. } = part {
            counted.extend(leaves(condition));
        }
    });
    counted
}

impl<'t, 'a> Tree<'t, 'a> {
    pub(super) fn new(
        world: &'t World<'a>,
        probed: &'t Probed,
        root: &Condition,
        fixed: Bound,
        chosen: Bound,
    ) -> Tree<'t, 'a> {
        let (visited, reported) = (Vec::new(), Vec::new());
        let counted = [counted(root), counted(&world.rule.signature)].concat();
        Tree { world, probed, counted, fixed, chosen, leaves: leaves(root), visited, reported }
    }

    /// The node of a condition of the tree.
    pub(super) fn build(&mut self, condition: &Condition) -> Node {
        let outside = self.outside(condition);
        let told = self.reported.len();
        let children = self.children(condition);
        let judged = self.world.truth_of(condition, &outside);
        let value = verdict(judged.truth);
        let mut node = Node {
            text: self.world.rule.condition_text(condition),
            kind: kind(condition),
            value,
            hits: None,
            binding: None,
            misses: Vec::new(),
            children,
        };
        if let Condition::Evidence(id) = condition {
            node.hits = Some(self.hits(*id, &outside));
            node.binding = self.binding(*id);
        }
        if value != Verdict::True {
            let way = best(self.world.ways(condition, &outside));
            node.misses = match condition {
                Condition::Evidence(id) => self.leaf(*id, &outside),
                _ => miss::operator(self.world, condition, way.as_ref(), &node, &outside),
            };
            node.misses.extend(self.missing(&judged.missing, told));
        }
        node
    }

    /// What is bound around a condition: what was fixed, and what the attempt bound for leaves outside of it.
    fn outside(&self, condition: &Condition) -> Bound {
        let own = leaves(condition);
        let count = |leaves: &[EvidenceId], id| leaves.iter().filter(|leaf| **leaf == id).count();
        let mut bound = self.fixed.without(&self.counted);
        for (id, at) in &self.chosen.without(&self.counted).hits {
            if count(&self.leaves, *id) > count(&own, *id) && !bound.hits.contains(&(*id, *at)) {
                bound.hits.push((*id, *at));
            }
        }
        bound
    }

    fn children(&mut self, condition: &Condition) -> Vec<Node> {
        match condition {
            Condition::Evidence(_) | Condition::Finding { .. } => Vec::new(),
            Condition::All(parts) | Condition::Any(parts) | Condition::AtLeastOf { conditions: parts, .. } => {
                parts.iter().map(|part| self.build(part)).collect()
            }
            Condition::Not(part)
            | Condition::Within { condition: part, .. }
            | Condition::AtLeast { condition: part, .. }
            | Condition::InOne { condition: part, .. }
            | Condition::Where { condition: part, .. } => vec![self.build(part)],
            Condition::Then { first, steps } => {
                let mut nodes = vec![self.build(first)];
                for (at, step) in steps.iter().enumerate() {
                    nodes.push(if step.negated {
                        self.forbidden(first, steps, at)
                    } else {
                        self.build(&step.condition)
                    });
                }
                nodes
            }
            Condition::Near { left, right, .. } => vec![self.build(left), self.build(right)],
            Condition::LastBefore { what, before: other } | Condition::FirstAfter { what, after: other } => {
                vec![self.build(what), self.build(other)]
            }
        }
    }

    /// A step that must not come: its value is that it does not come where it must not, after what was bound before it.
    fn forbidden(&mut self, first: &Condition, steps: &[Step], at: usize) -> Node {
        let step = &steps[at];
        let inside = self.build(&step.condition);
        let upto = |end: usize| Condition::Then { first: Box::new(first.clone()), steps: steps[..end].to_vec() };
        let mut bound = self.fixed.clone();
        bound.hits.extend(self.chosen.hits.iter().filter(|hit| !self.fixed.hits.contains(hit)));
        let bound = bound.without(&self.counted).without(&leaves(&step.condition));
        let before = if at == 0 { first.clone() } else { upto(at) };
        let judged = match self.world.truth_of(&before, &bound).truth {
            Truth::True => self.world.truth_of(&upto(at + 1), &bound),
            _ => self.world.truth_of(&Condition::Not(Box::new(step.condition.clone())), &bound),
        };
        Node {
            text: self.world.rule.step_text(step),
            kind: "not",
            value: verdict(judged.truth),
            hits: None,
            binding: None,
            misses: Vec::new(),
            children: vec![inside],
        }
    }

    fn hits(&self, id: EvidenceId, outside: &Bound) -> Hits {
        let own = outside.without(&[id]);
        let all: Vec<usize> = (0..self.world.hits(id).len()).collect();
        let passing = passing(self.world, id, &own);
        let shown = if passing.is_empty() { &all } else { &passing };
        let places = shown.iter().take(PLACES).map(|at| self.world.place(self.world.record(id, *at))).collect();
        Hits { matching: all.len(), passing: passing.len(), places }
    }

    /// What the attempt bound a leaf to.
    fn binding(&mut self, id: EvidenceId) -> Option<Binding> {
        let nth = self.visited.iter().filter(|leaf| **leaf == id).count();
        self.visited.push(id);
        let tried = self.chosen.hits.iter().chain(&self.fixed.hits).filter(|(bound, _)| *bound == id);
        let at = tried.clone().nth(nth).or_else(|| tried.clone().next()).map(|(_, at)| *at)?;
        let hit = &self.world.hits(id)[at];
        let name = |capture: usize| self.world.rule.captures[capture].name.clone();
        let captures = hit.captures.iter().map(|(capture, value)| (name(capture.0), value.text.to_string()));
        Some(Binding { place: self.world.place(&hit.record), captures: captures.collect() })
    }

    /// Notes that a log was said to be missing.
    pub(super) fn tell(&mut self, log: LogKindId, reason: Reason) {
        self.reported.push((log, reason));
    }

    /// Logs that keep a condition undetermined, each said at the innermost node.
    fn missing(&mut self, missing: &[Missing], told: usize) -> Vec<Localized> {
        let mut said = Vec::new();
        for lack in missing {
            let key = (lack.log, lack.reason);
            if self.reported[told..].contains(&key) {
                continue;
            }
            self.tell(lack.log, lack.reason);
            let log = &self.world.rules.logs.get(lack.log).name;
            said.push(words::reason(log, lack.reason));
            said.extend(miss::covered(self.world, lack));
        }
        said
    }
}

pub(super) fn verdict(truth: Truth) -> Verdict {
    match truth {
        Truth::True => Verdict::True,
        Truth::False => Verdict::False,
        Truth::Unknown => Verdict::Undetermined,
    }
}

fn kind(condition: &Condition) -> &'static str {
    match condition {
        Condition::Evidence(_) => "evidence",
        Condition::All(_) => "and",
        Condition::Any(_) => "or",
        Condition::Not(_) => "not",
        Condition::Then { .. } => "then",
        Condition::Within { .. } => "within",
        Condition::Near { .. } => "near",
        Condition::AtLeast { .. } => "at-least",
        Condition::AtLeastOf { .. } => "at-least-of",
        Condition::LastBefore { .. } => "last-before",
        Condition::FirstAfter { .. } => "first-after",
        Condition::InOne { scope: Scope::Section, .. } => "in-one-section",
        Condition::InOne { scope: Scope::Attempt, .. } => "in-one-attempt",
        Condition::Where { .. } => "where",
        Condition::Finding { .. } => "finding",
    }
}
