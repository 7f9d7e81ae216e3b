//! The occurrences of a signature: one attempt an anchor hit, each completed by the earliest hits that fit.
//!
//! An anchor is the first positive leaf as written; an `or` in its place makes one anchor a branch. Parts of an `and`
//! that share nothing are solved apart, so that the work does not multiply.

use std::collections::BTreeSet;

use crate::rule::{CaptureId, Condition, EvidenceId, Filter, Operand, Right, Rule};

use super::env::Env;
use super::solve::{Anchor, Solver, evidence_of, visit};
use super::truth::Truth;
use super::{Missing, Reason};

/// What a signature came to.
#[derive(Debug, Default)]
pub(super) struct Occurrences<'a> {
    /// The certain ones, branch by branch, in order of their anchors, each with its anchor.
    pub(super) certain: Vec<(Option<EvidenceId>, Env<'a>)>,
    /// The best uncertain one.
    pub(super) uncertain: Option<Env<'a>>,
}

/// One condition a branch: an `or` where the anchor would stand is taken apart.
pub(super) fn branches(condition: &Condition) -> Vec<Condition> {
    match condition {
        Condition::Any(parts) => parts.iter().flat_map(branches).collect(),
        Condition::All(parts) => {
            let Some(at) = parts.iter().position(positive) else {
                return vec![condition.clone()];
            };
            let with = |branch: Condition| {
                let mut parts = parts.clone();
                parts[at] = branch;
                Condition::All(parts)
            };
            branches(&parts[at]).into_iter().map(with).collect()
        }
        Condition::Where { condition, filter } => branches(condition)
            .into_iter()
            .map(|branch| Condition::Where { condition: Box::new(branch), filter: filter.clone() })
            .collect(),
        other => vec![other.clone()],
    }
}

fn positive(condition: &Condition) -> bool {
    !matches!(condition, Condition::Not(_))
}

/// The first positive leaf; counting has none of its own, the nearest-one operators have that of what they are near to.
fn anchor(condition: &Condition) -> Option<EvidenceId> {
    match condition {
        Condition::Evidence(id) => Some(*id),
        Condition::All(parts) | Condition::Any(parts) => anchor(parts.iter().find(|part| positive(part))?),
        Condition::Then { first, .. } => anchor(first),
        Condition::Near { left, .. } => anchor(left),
        Condition::LastBefore { before: part, .. }
        | Condition::FirstAfter { after: part, .. }
        | Condition::Within { condition: part, .. }
        | Condition::InOne { condition: part, .. }
        | Condition::Where { condition: part, .. } => anchor(part),
        Condition::Not(_) | Condition::AtLeast { .. } | Condition::AtLeastOf { .. } | Condition::Finding { .. } => None,
    }
}

/// All occurrences of one branch.
pub(super) fn occurrences<'a>(solver: &Solver<'a>, branch: &'a Condition, found: &mut Occurrences<'a>) {
    let parts: Vec<&'a Condition> = match branch {
        Condition::All(parts) => parts.iter().collect(),
        other => vec![other],
    };
    let groups = groups(solver.rule, &parts);
    let mut rest = Env::new(solver.rule.captures.len());
    for group in groups.iter().skip(1) {
        let (truth, env) = attempt(solver, group, &rest);
        match (truth, env) {
            (Truth::True | Truth::Unknown, Some(env)) => rest = env,
            (Truth::Unknown, None) => give_up(solver, &mut rest),
            _ => return,
        }
    }
    let head = groups.first().map_or(&[][..], Vec::as_slice);
    let anchor = anchor(branch);
    let mut best: Option<Env<'a>> = None;
    let attempts: Vec<Option<Anchor>> = match anchor {
        None => vec![None],
        Some(id) => {
            let hits = (0..solver.hits(id).len()).map(|at| Some(Anchor::Hit(id, at)));
            hits.chain([Some(Anchor::Unseen(id))]).collect()
        }
    };
    for trial in attempts {
        solver.anchor.set(trial);
        let (truth, env) = attempt(solver, head, &rest);
        match env {
            Some(env) if truth == Truth::True => found.certain.push((anchor, env)),
            Some(env) if best.as_ref().is_none_or(|best| env.hits.len() >= best.hits.len()) => best = Some(env),
            None if truth == Truth::Unknown && best.is_none() => {
                let mut env = rest.clone();
                give_up(solver, &mut env);
                env.hits.extend(anchor.and_then(|id| Some((id, solver.hits(id).first()?.record.clone()))));
                best = Some(env);
            }
            _ => {}
        }
    }
    solver.anchor.set(None);
    let better = |env: &Env<'a>| found.uncertain.as_ref().is_none_or(|best| env.hits.len() > best.hits.len());
    if let Some(env) = best.filter(better) {
        found.uncertain = Some(env);
    }
}

/// Notes that the search was given up.
fn give_up<'a>(solver: &Solver<'a>, env: &mut Env<'a>) {
    let logs = solver.rule.evidence.iter().flat_map(|evidence| &evidence.logs);
    if let Some(log) = logs.copied().next() {
        env.lacks(Missing { log, reason: Reason::TooMany });
    }
    env.doubts += 1;
}

/// Solves parts of an `and` from `start` on: the truth, with the first certain or else the best uncertain bindings.
pub(super) fn attempt<'a>(solver: &Solver<'a>, parts: &[&'a Condition], start: &Env<'a>) -> (Truth, Option<Env<'a>>) {
    let mut env = start.clone();
    let mut best: Option<Env<'a>> = None;
    let mut certain = None;
    let truth = solver.every(parts, &mut env, &mut |env, _| {
        let truth = solver.settled(env, 0);
        match truth {
            Truth::True => certain = Some(env.clone()),
            Truth::Unknown if best.as_ref().is_none_or(|best| env.hits.len() > best.hits.len()) => {
                best = Some(env.clone());
            }
            _ => {}
        }
        truth
    });
    (truth, certain.or(best))
}

/// Parts of an `and` that share evidence, captures or a finding's name belong together; the group of the first
/// positive part comes first.
fn groups<'a>(rule: &Rule, parts: &[&'a Condition]) -> Vec<Vec<&'a Condition>> {
    let names: Vec<BTreeSet<String>> = parts.iter().map(|part| shared_names(rule, part)).collect();
    let mut group: Vec<usize> = (0..parts.len()).collect();
    loop {
        let before = group.clone();
        for a in 0..parts.len() {
            for b in a + 1..parts.len() {
                if !names[a].is_disjoint(&names[b]) {
                    let least = group[a].min(group[b]);
                    (group[a], group[b]) = (least, least);
                }
            }
        }
        if group == before {
            break;
        }
    }
    let head = parts.iter().position(|part| positive(part)).map_or(0, |at| group[at]);
    let mut order: Vec<usize> = group.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    order.sort_by_key(|id| (*id != head, *id));
    let members = |id| parts.iter().zip(&group).filter(|(_, own)| **own == id).map(|(part, _)| *part).collect();
    order.into_iter().map(members).collect()
}

/// What could tie a condition to another one.
fn shared_names(rule: &Rule, condition: &Condition) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for id in evidence_of(condition) {
        names.insert(format!("evidence {}", id.0));
        let evidence = &rule.evidence[id.0];
        let patterns = evidence.lines.iter().chain(evidence.fields.iter().map(|(_, pattern)| pattern));
        names.extend(patterns.flat_map(|pattern| &pattern.binds).map(|(_, capture)| capture_name(*capture)));
        if let Some(filter) = &evidence.filter {
            filter_names(filter, &mut names);
        }
    }
    visit(condition, &mut |part| match part {
        Condition::Where { filter, .. } => filter_names(filter, &mut names),
        Condition::Finding { alias: Some(alias), .. } => {
            names.insert(format!("finding {alias}"));
        }
        _ => {}
    });
    names
}

fn capture_name(capture: CaptureId) -> String {
    format!("capture {}", capture.0)
}

fn filter_names(filter: &Filter, names: &mut BTreeSet<String>) {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().for_each(|part| filter_names(part, names)),
        Filter::Not(part) => filter_names(part, names),
        Filter::Compare(comparison) => {
            let rights: &[Operand] = match &comparison.right {
                Right::One(operand) => std::slice::from_ref(operand),
                Right::Many(operands) => operands,
                Right::Pattern(_) | Right::Nothing => &[],
            };
            for operand in rights.iter().chain([&comparison.left]) {
                match operand {
                    Operand::Capture { capture, .. } => names.insert(capture_name(*capture)),
                    Operand::Finding { alias, .. } => names.insert(format!("finding {alias}")),
                    Operand::Literal(_) => false,
                };
            }
        }
    }
}
