//! Rules that nothing speaks for: of ten thousand rules a log concerns a few, and the rest are not to be solved to know
//! that they find nothing.

use crate::rule::{Condition, Rule};

use super::solve::visit;

/// Whether a rule without a hit of its signature's evidence finds nothing: what must be found is not there, and a
/// finding that is in doubt rests on a hit at the least. `hit` tells whether a piece of evidence has one.
pub(super) fn finds_nothing(rule: &Rule, hit: impl Fn(usize) -> bool) -> bool {
    let mut spoken = false;
    visit(&rule.signature, &mut |part| {
        spoken |= match part {
            Condition::Evidence(id) => hit(id.0),
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
