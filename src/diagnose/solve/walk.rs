//! Walking over a condition: what it names, and in which order its parts are best solved.

use crate::rule::{Condition, EvidenceId};

/// What binds before what only asks.
pub(super) fn positive_first<'c>(parts: impl Iterator<Item = &'c Condition>) -> Vec<&'c Condition> {
    let (positive, negative): (Vec<_>, Vec<_>) = parts.partition(|part| !matches!(part, Condition::Not(_)));
    positive.into_iter().chain(negative).collect()
}

/// All evidence a condition names.
pub(in crate::diagnose) fn evidence_of(condition: &Condition) -> Vec<EvidenceId> {
    let mut ids = Vec::new();
    visit(condition, &mut |part| {
        if let Condition::Evidence(id) = part
            && !ids.contains(id)
        {
            ids.push(*id);
        }
    });
    ids
}

/// Calls `see` for a condition and everything inside it.
pub(in crate::diagnose) fn visit<'c>(condition: &'c Condition, see: &mut impl FnMut(&'c Condition)) {
    see(condition);
    match condition {
        Condition::Evidence(_) | Condition::Finding { .. } => {}
        Condition::All(parts) | Condition::Any(parts) | Condition::AtLeastOf { conditions: parts, .. } => {
            for part in parts {
                visit(part, see);
            }
        }
        Condition::Not(part)
        | Condition::Within { condition: part, .. }
        | Condition::AtLeast { condition: part, .. }
        | Condition::InOne { condition: part, .. }
        | Condition::Where { condition: part, .. } => visit(part, see),
        Condition::Then { first, steps } => {
            visit(first, see);
            for step in steps {
                visit(&step.condition, see);
            }
        }
        Condition::Near { left, right, .. } => {
            visit(left, see);
            visit(right, see);
        }
        Condition::LastBefore { what, before: other } | Condition::FirstAfter { what, after: other } => {
            visit(what, see);
            visit(other, see);
        }
    }
}
