//! Walking over a condition: what it names, what it binds, and in which order its parts are best solved.

use crate::rule::{CaptureId, Condition, EvidenceId, Filter, Operand, Right, Rule};

/// Which part each `or` in the place of the anchor stands for: addresses and positions.
pub(in crate::diagnose) type Branch = Vec<(u64, usize)>;

/// What an occurrence may belong to a hit of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnose) enum Leaf {
    Evidence(EvidenceId),
    /// A `finding`, by its address.
    Finding(u64),
}

/// Tells a condition from every other one of its rule.
pub(in crate::diagnose) fn address(condition: &Condition) -> u64 {
    std::ptr::from_ref(condition) as usize as u64
}

/// What binds before what only asks.
pub(super) fn positive_first<'c>(parts: impl Iterator<Item = &'c Condition>) -> Vec<&'c Condition> {
    let (positive, negative): (Vec<_>, Vec<_>) = parts.partition(|part| !matches!(part, Condition::Not(_)));
    positive.into_iter().chain(negative).collect()
}

/// One branch for each part of an `or` that stands where the anchor would.
pub(in crate::diagnose) fn branches(condition: &Condition) -> Vec<Branch> {
    match condition {
        Condition::Any(parts) => {
            let with = |(at, part)| {
                branches(part).into_iter().map(move |mut branch| {
                    branch.push((address(condition), at));
                    branch
                })
            };
            parts.iter().enumerate().flat_map(with).collect()
        }
        _ => leading(condition).map_or_else(|| vec![Branch::new()], branches),
    }
}

/// The part whose anchor is a condition's own.
fn leading(condition: &Condition) -> Option<&Condition> {
    let has = |part: &&Condition| first_positive(part, &Branch::new()).is_some();
    match condition {
        Condition::All(parts) => parts.iter().find(has),
        Condition::Then { first, steps } => {
            let after = steps.iter().filter(|step| !step.negated).map(|step| &step.condition);
            std::iter::once(&**first).chain(after).find(has)
        }
        Condition::Near { left, right, .. } => [&**left, &**right].into_iter().find(has),
        Condition::LastBefore { before: part, .. }
        | Condition::FirstAfter { after: part, .. }
        | Condition::Within { condition: part, .. }
        | Condition::InOne { condition: part, .. }
        | Condition::Where { condition: part, .. } => Some(part),
        Condition::Evidence(_)
        | Condition::Any(_)
        | Condition::Not(_)
        | Condition::AtLeast { .. }
        | Condition::AtLeastOf { .. }
        | Condition::Finding { .. } => None,
    }
}

/// The anchor of a branch: its first positive leaf; counting has none of its own, the nearest-one operators have that of
/// what they are near to.
pub(in crate::diagnose) fn first_positive(condition: &Condition, branch: &Branch) -> Option<Leaf> {
    match condition {
        Condition::Evidence(id) => Some(Leaf::Evidence(*id)),
        Condition::Finding { .. } => Some(Leaf::Finding(address(condition))),
        Condition::Any(parts) => match branch.iter().find(|(at, _)| *at == address(condition)) {
            Some((_, part)) => first_positive(parts.get(*part)?, branch),
            None => parts.iter().find_map(|part| first_positive(part, branch)),
        },
        _ => first_positive(leading(condition)?, branch),
    }
}

/// Whether every hit of a part is held to the part's own stretch of time.
pub(super) fn exact(condition: &Condition, repeated: &[EvidenceId]) -> bool {
    let mut exact = true;
    condition.visit(&mut |part| {
        exact &= match part {
            // What was chosen elsewhere is not chosen again.
            Condition::Evidence(id) => !repeated.contains(id),
            // The nearest one is told by another, wherever it lies.
            Condition::LastBefore { .. } | Condition::FirstAfter { .. } => false,
            _ => true,
        };
    });
    exact
}

/// Whether what a part comes to is the same whatever was chosen before it, but for the names they share: nothing in it is
/// counted, denied or the nearest one.
pub(super) fn free(condition: &Condition) -> bool {
    let mut free = true;
    condition.visit(&mut |part| {
        free &= match part {
            Condition::Not(_)
            | Condition::AtLeast { .. }
            | Condition::LastBefore { .. }
            | Condition::FirstAfter { .. } => false,
            Condition::Then { steps, .. } => steps.iter().all(|step| !step.negated),
            _ => true,
        };
    });
    free
}

/// Whether a part is one leaf.
pub(super) fn simple(condition: &Condition) -> bool {
    match condition {
        Condition::Evidence(_) => true,
        Condition::Any(parts) => parts.iter().all(simple),
        Condition::Where { condition, .. } | Condition::InOne { condition, .. } => simple(condition),
        _ => false,
    }
}

/// Evidence that a rule's conditions name more than once.
pub(super) fn repeated(rule: &Rule) -> Vec<EvidenceId> {
    let mut seen = vec![0; rule.evidence.len()];
    let mut see = |part: &Condition| {
        if let Condition::Evidence(id) = part {
            seen[id.0] += 1;
        }
    };
    rule.conditions().for_each(|condition| condition.visit(&mut see));
    (0..seen.len()).filter(|at| seen[*at] > 1).map(EvidenceId).collect()
}

/// Captures whose values matter beyond the hit that binds them: those that several pieces of evidence bind, that a piece
/// named twice binds, or that a comparison reads which is not about one piece of evidence alone.
///
/// `own` are the captures that each piece of evidence binds.
pub(super) fn bindings(rule: &Rule, own: &[Vec<CaptureId>]) -> Vec<CaptureId> {
    let several = |capture| own.iter().filter(|captures| captures.contains(&capture)).count() > 1;
    let mut found: Vec<bool> = (0..rule.captures.len()).map(CaptureId).map(several).collect();
    for id in repeated(rule) {
        for capture in &own[id.0] {
            found[capture.0] = true;
        }
    }
    let mut read = |filter: &Filter, local: Option<EvidenceId>| {
        let read = captures_of(filter);
        if !local.is_some_and(|id| read.iter().all(|capture| own[id.0].contains(capture))) {
            for capture in read {
                found[capture.0] = true;
            }
        }
    };
    for (at, evidence) in rule.evidence.iter().enumerate() {
        evidence.filter.iter().for_each(|filter| read(filter, Some(EvidenceId(at))));
    }
    let mut see = |part: &Condition| {
        if let Condition::Where { condition, filter } = part {
            let local = match &**condition {
                Condition::Evidence(id) => Some(*id),
                _ => None,
            };
            read(filter, local);
        }
    };
    rule.conditions().for_each(|condition| condition.visit(&mut see));
    (0..found.len()).filter(|at| found[*at]).map(CaptureId).collect()
}

/// Captures that a filter reads.
fn captures_of(filter: &Filter) -> Vec<CaptureId> {
    let capture = |operand: &Operand| match operand {
        Operand::Capture { capture, .. } => Some(*capture),
        Operand::Finding { .. } | Operand::Literal(_) => None,
    };
    operands(filter).into_iter().filter_map(capture).collect()
}

/// Everything that a filter compares.
pub(in crate::diagnose) fn operands(filter: &Filter) -> Vec<&Operand> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().flat_map(operands).collect(),
        Filter::Not(part) => operands(part),
        Filter::Compare(comparison) => {
            let rights: &[Operand] = match &comparison.right {
                Right::One(operand) => std::slice::from_ref(operand),
                Right::Many(operands) => operands,
                Right::Pattern(_) | Right::Nothing => &[],
            };
            rights.iter().chain([&comparison.left]).collect()
        }
    }
}

/// Evidence of which a condition chooses a hit: not what it denies, and not what it only counts.
pub(super) fn chosen_by(condition: &Condition) -> Vec<EvidenceId> {
    let all = |parts: &[Condition]| parts.iter().flat_map(chosen_by).collect();
    match condition {
        Condition::Evidence(id) => vec![*id],
        Condition::Not(_) | Condition::AtLeast { .. } | Condition::Finding { .. } => Vec::new(),
        Condition::All(parts) | Condition::Any(parts) | Condition::AtLeastOf { conditions: parts, .. } => all(parts),
        Condition::Within { condition, .. }
        | Condition::InOne { condition, .. }
        | Condition::Where { condition, .. } => chosen_by(condition),
        Condition::Then { first, steps } => {
            let later = steps.iter().filter(|step| !step.negated).flat_map(|step| chosen_by(&step.condition));
            chosen_by(first).into_iter().chain(later).collect()
        }
        Condition::Near { left: one, right: other, .. }
        | Condition::LastBefore { what: one, before: other }
        | Condition::FirstAfter { what: one, after: other } => {
            chosen_by(one).into_iter().chain(chosen_by(other)).collect()
        }
    }
}

/// All evidence a condition names.
pub(in crate::diagnose) fn evidence_of(condition: &Condition) -> Vec<EvidenceId> {
    let mut ids = Vec::new();
    condition.visit(&mut |part| {
        if let Condition::Evidence(id) = part
            && !ids.contains(id)
        {
            ids.push(*id);
        }
    });
    ids
}
