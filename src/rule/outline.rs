//! What has to be known of every rule of a set, also of those that nothing in the logs speaks for: of ten thousand rules a
//! log concerns a few, and the others need not be read from a pack, nor solved, to know that they find nothing.

use serde::{Deserialize, Serialize};

use super::{Condition, Evidence, EvidenceId, Rule, Scope};
use crate::logs::LogKindId;

/// What is known of a rule that is not read yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Outline {
    pub(super) name: String,
    /// How many pieces of evidence it has.
    pub(super) evidence: usize,
    /// It finds nothing where none of its evidence has a hit.
    pub(super) silent: bool,
    /// The rules whose findings it reads.
    pub(super) reads: Vec<String>,
    /// It asks for attempts.
    pub(super) attempts: bool,
}

/// A piece of evidence that is looked for in logs of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sought<'r> {
    /// Index of its rule.
    pub rule: usize,
    /// Which of the rule's evidence it is.
    pub evidence: EvidenceId,
    /// The ways in which it matches, each with the literals that a match has to hold. A way without any is found only by
    /// trying every record.
    #[serde(borrow)]
    pub ways: Vec<Vec<&'r str>>,
}

impl Outline {
    pub(super) fn of(rule: &Rule) -> Outline {
        Outline {
            name: rule.name.clone(),
            evidence: rule.evidence.len(),
            silent: finds_nothing(rule, |_| false),
            reads: rule.reads().into_iter().map(str::to_owned).collect(),
            attempts: rule.asks_for_attempts(),
        }
    }
}

impl Rule {
    /// The rules whose findings it reads, in the order written.
    #[must_use]
    pub fn reads(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for condition in self.conditions() {
            condition.visit(&mut |part| {
                if let Condition::Finding { rule, .. } = part {
                    names.push(rule.as_str());
                }
            });
        }
        names
    }

    /// Whether it asks what lies in one attempt.
    #[must_use]
    pub fn asks_for_attempts(&self) -> bool {
        let mut asks = false;
        for condition in self.conditions() {
            condition.visit(&mut |part| asks |= matches!(part, Condition::InOne { scope: Scope::Attempt, .. }));
        }
        asks
    }
}

/// The evidence of rules that is looked for in logs of a kind, in their order.
pub(super) fn sought<'r>(rules: impl Iterator<Item = &'r Rule>, log: LogKindId) -> Vec<Sought<'r>> {
    let mut found = Vec::new();
    for (rule, own) in rules.enumerate() {
        let all = own.evidence.iter().enumerate().filter(|(_, evidence)| evidence.logs.contains(&log));
        found.extend(all.map(|(at, evidence)| Sought { rule, evidence: EvidenceId(at), ways: ways(evidence) }));
    }
    found
}

fn ways(evidence: &Evidence) -> Vec<Vec<&str>> {
    if evidence.lines.is_empty() {
        // All fields must match, so any literal of any of them will do.
        return vec![evidence.fields.iter().flat_map(|(_, field)| field.pattern.literals()).collect()];
    }
    evidence.lines.iter().map(|line| line.pattern.literals().collect()).collect()
}

/// Whether a rule without a hit of its signature's evidence finds nothing: what must be found is not there, and a
/// finding that is in doubt rests on a hit at the least. `hit` tells whether a piece of evidence has one.
pub(super) fn finds_nothing(rule: &Rule, hit: impl Fn(EvidenceId) -> bool) -> bool {
    let mut spoken = false;
    rule.signature.visit(&mut |part| {
        spoken |= match part {
            Condition::Evidence(id) => hit(*id),
            Condition::Finding { .. } => true,
            _ => false,
        }
    });
    !spoken && needs_a_hit(&rule.signature)
}

/// Whether a condition over evidence cannot hold without any hit.
fn needs_a_hit(condition: &Condition) -> bool {
    match condition {
        Condition::Evidence(_) => true,
        Condition::Finding { .. } | Condition::Not(_) => false,
        Condition::All(parts) => parts.iter().any(needs_a_hit),
        Condition::Any(parts) => parts.iter().all(needs_a_hit),
        Condition::Then { first, .. } => needs_a_hit(first),
        Condition::Near { left, right, .. } => needs_a_hit(left) || needs_a_hit(right),
        Condition::LastBefore { what, before: other } | Condition::FirstAfter { what, after: other } => {
            needs_a_hit(what) || needs_a_hit(other)
        }
        Condition::AtLeast { count, condition, .. } => *count > 0 && needs_a_hit(condition),
        Condition::AtLeastOf { count, conditions, .. } => {
            let free = conditions.iter().filter(|part| !needs_a_hit(part)).count();
            *count > free as u64
        }
        Condition::Within { condition, .. }
        | Condition::InOne { condition, .. }
        | Condition::Where { condition, .. } => needs_a_hit(condition),
    }
}
