//! Reading a condition: its parts, its branches, its anchor, and what else in a rule reads a capture.

use casebook::rule::{Condition, Filter, Operand, Right, Rule};
use casebook::scan::Hit;

/// Calls `see` for a condition and everything in it.
pub(super) fn each<'c>(condition: &'c Condition, see: &mut impl FnMut(&'c Condition)) {
    see(condition);
    for part in condition.children() {
        each(part, see);
    }
}

/// Which part each `or` stands for that stands where the anchor would.
pub(super) type Branch<'c> = Vec<(&'c Condition, usize)>;

/// The part that a branch chooses of an `or`.
pub(super) fn chosen(condition: &Condition, branch: &Branch<'_>) -> Option<usize> {
    branch.iter().find(|(or, _)| std::ptr::eq(*or, condition)).map(|(_, part)| *part)
}

/// The part whose first positive leaf is that of a condition: counting has none, the nearest ones have that of what they
/// are near to.
fn leading(condition: &Condition) -> Option<&Condition> {
    let has = |part: &&Condition| anchor(part, &Vec::new()).is_some();
    match condition {
        Condition::LastBefore { before: other, .. } | Condition::FirstAfter { after: other, .. } => Some(other),
        Condition::Then { first, steps } => {
            let later = steps.iter().filter(|step| !step.negated).map(|step| &step.condition);
            std::iter::once(&**first).chain(later).find(has)
        }
        Condition::All(_)
        | Condition::Within { .. }
        | Condition::InOne { .. }
        | Condition::Where { .. }
        | Condition::Near { .. } => condition.children().into_iter().find(has),
        _ => None,
    }
}

/// The first positive leaf of a branch.
pub(super) fn anchor<'c>(condition: &'c Condition, branch: &Branch<'c>) -> Option<&'c Condition> {
    match condition {
        Condition::Evidence(_) | Condition::Finding { .. } => Some(condition),
        Condition::Any(parts) => match chosen(condition, branch) {
            Some(part) => anchor(&parts[part], branch),
            None => parts.iter().find_map(|part| anchor(part, branch)),
        },
        _ => anchor(leading(condition)?, branch),
    }
}

/// One branch for each part of an `or` that stands where the anchor would.
pub(super) fn branches(condition: &Condition) -> Vec<Branch<'_>> {
    if let Condition::Any(parts) = condition {
        let with = |(at, part)| {
            branches(part).into_iter().map(move |branch| branch.into_iter().chain([(condition, at)]).collect())
        };
        return parts.iter().enumerate().flat_map(with).collect();
    }
    leading(condition).map_or_else(|| vec![Vec::new()], branches)
}

/// Captures that more than the evidence that binds them reads: others bind them, it is named twice, a comparison outside
/// of it reads them.
pub(super) fn elsewhere<'h>(rule: &Rule, hits: &impl Fn(usize) -> &'h [Hit]) -> Vec<usize> {
    let conditions: Vec<&Condition> =
        std::iter::once(&rule.signature).chain(rule.causes.iter().filter_map(|cause| cause.when.as_ref())).collect();
    let binds = |evidence: usize, capture: usize| {
        let lines = rule.evidence[evidence].lines.iter().flat_map(|line| &line.binds);
        lines.into_iter().any(|(_, bound)| bound.0 == capture)
            || hits(evidence).iter().any(|hit| hit.captures.iter().any(|(bound, _)| bound.0 == capture))
    };
    let mut named = vec![0; rule.evidence.len()];
    let mut filters: Vec<(&Filter, Option<usize>)> = Vec::new();
    for condition in conditions {
        each(condition, &mut |part| match part {
            Condition::Evidence(id) => named[id.0] += 1,
            Condition::Where { condition, filter } => {
                let own = if let Condition::Evidence(id) = &**condition { Some(id.0) } else { None };
                filters.push((filter, own));
            }
            _ => {}
        });
    }
    for (at, evidence) in rule.evidence.iter().enumerate() {
        filters.extend(evidence.filter.as_ref().map(|filter| (filter, Some(at))));
    }
    let is_read = |capture: &usize| {
        let binding: Vec<usize> = (0..rule.evidence.len()).filter(|at| binds(*at, *capture)).collect();
        let outside = filters.iter().any(|(filter, own)| {
            let read = captures(filter);
            read.contains(capture) && !own.is_some_and(|own| read.iter().all(|other| binds(own, *other)))
        });
        binding.len() > 1 || binding.iter().any(|at| named[*at] > 1) || outside
    };
    (0..rule.captures.len()).filter(is_read).collect()
}

fn captures(filter: &Filter) -> Vec<usize> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().flat_map(captures).collect(),
        Filter::Not(part) => captures(part),
        Filter::Compare(comparison) => {
            let mut operands = vec![&comparison.left];
            match &comparison.right {
                Right::One(right) => operands.push(right),
                Right::Many(rights) => operands.extend(rights),
                Right::Pattern(_) | Right::Nothing => {}
            }
            let capture = |operand: &&Operand| match operand {
                Operand::Capture { capture, .. } => Some(capture.0),
                _ => None,
            };
            operands.iter().filter_map(capture).collect()
        }
    }
}
