//! The occurrences of a condition: one attempt an anchor hit, each completed by the earliest hits that fit.
//!
//! An anchor is the first positive leaf as written; an `or` in its place makes one anchor a branch. Parts of an `and`
//! that share nothing are solved apart, so that the work does not multiply.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::logs::Record;
use crate::rule::{CaptureId, Condition, Filter, Operand};
use crate::scan::Hit;

use super::env::Env;
use super::solve::{Anchor, Branch, Chain, Leaf, Solver, address, branches, evidence_of, first_positive, operands};
use super::timeline::Moment;
use super::truth::Truth;
use super::{Missing, Reason};

/// What an attempt came to.
#[derive(Clone, Copy)]
pub(super) enum Found<'e, 'a> {
    /// An occurrence.
    Certain {
        /// The record that tells where it stands: that of the hit it belongs to.
        at: Option<&'a Arc<Record>>,
        /// What it bound.
        env: &'e Env<'a>,
    },
    /// An occurrence that stands here and only counts: a later one is told.
    Counted(&'a Arc<Record>),
    /// Occurrences that only count, one with each of these hits, which stand in their order.
    Each(&'a [Hit]),
    /// So many more, whose hits were let go: neither the first nor the last.
    Passed(usize),
    /// The best of those that may be one, of a branch.
    Doubtful(&'e Env<'a>),
}

/// Calls `see` with every occurrence of a condition, given `start`: branch by branch, in order of their anchors. Where they
/// need not be seen one by one, those that take no search only count, but for the last.
pub(super) fn occurrences<'a>(
    solver: &Solver<'a>,
    condition: &'a Condition,
    (start, one_by_one): (&Env<'a>, bool),
    see: &mut dyn FnMut(Found<'_, 'a>),
) {
    let kept = (solver.anchor.get(), solver.branch.borrow().clone());
    for branch in branches(condition) {
        solver.anchor.set(None);
        solver.branch.replace(branch.clone());
        of_branch(solver, condition, &branch, (start, one_by_one), see);
    }
    solver.anchor.set(kept.0);
    solver.branch.replace(kept.1);
}

/// Follows an `or` in the place of the anchor to the part that the branch is about.
fn chosen<'a>(condition: &'a Condition, branch: &Branch) -> &'a Condition {
    match condition {
        Condition::Any(parts) => {
            let part = branch.iter().find(|(at, _)| *at == address(condition)).and_then(|(_, part)| parts.get(*part));
            part.map_or(condition, |part| chosen(part, branch))
        }
        other => other,
    }
}

fn of_branch<'a>(
    solver: &Solver<'a>,
    condition: &'a Condition,
    branch: &Branch,
    (start, one_by_one): (&Env<'a>, bool),
    see: &mut dyn FnMut(Found<'_, 'a>),
) {
    let parts: Vec<&'a Condition> = match chosen(condition, branch) {
        Condition::All(parts) => parts.iter().collect(),
        other => vec![other],
    };
    let anchor = first_positive(condition, branch);
    let groups = groups(solver, &parts, branch);
    let Some(rest) = beside(solver, groups.get(1..).unwrap_or_default(), start) else { return };
    let (head, root) = (groups.first().map_or(&[][..], Vec::as_slice), solver.fresh());
    let (mut room, mut best): (_, Option<Env<'a>>) = (Room::default(), None);
    let chain = if one_by_one { None } else { solver.chain(head, &rest) };
    let each = chain.as_ref().and_then(|chain| Some((chain, solver.each(chain)?)));
    let (mut last, mut certain) = (None, each.is_some());
    if let Some((chain, hits)) = each {
        see(Found::Each(hits));
        pass(solver, (chain, hits.len()), &mut last, see);
    }
    let anchors = anchor.filter(|_| each.is_none()).map(|leaf| solver.anchors(leaf, start)).into_iter().flatten();
    for trial in anchors.map(Some).chain(anchor.is_none().then_some(None)) {
        // What may have been where nothing is seen is of no account beside what was.
        let told = !one_by_one && certain && matches!(trial, Some(Anchor::Unseen(_)));
        if solver.exhausted() || told {
            break;
        }
        if let (Some(chain), Some(Anchor::Hit(_, at))) = (&chain, trial)
            && solver.completes(chain, at, &mut |_, _| {})
        {
            pass(solver, (chain, at), &mut last, see);
            certain = true;
            continue;
        }
        solver.anchor.set(trial);
        match attempt_from(solver, head, root, (&rest, &mut room)) {
            (Truth::True, _) => {
                certain = true;
                see(Found::Certain { at: place(solver, trial, &room.certain), env: &room.certain });
            }
            (_, Some(env)) if best.as_ref().is_none_or(|best| env.weight() >= best.weight()) => best = Some(env),
            (Truth::Unknown, None) if best.is_none() => best = Some(guessed(solver, anchor, &rest)),
            _ => {}
        }
    }
    if let (Some(chain), Some((_, at))) = (&chain, last) {
        tell(solver, (chain, at), (&rest, &mut room.certain), see);
    }
    if let Some(mut env) = best {
        if solver.exhausted() {
            give_up(solver, &mut env);
        }
        see(Found::Doubtful(&env));
    }
}

/// Goes past the occurrence of a chain with a hit; the last one of all is told when all are known, the others only count.
fn pass<'a>(
    solver: &Solver<'a>,
    (chain, at): (&Chain, usize),
    last: &mut Option<(Moment, usize)>,
    see: &mut dyn FnMut(Found<'_, 'a>),
) {
    let own = (solver.timeline.moment(solver.beginning(chain, at)), at);
    let before = last.replace(last.map_or(own, |last| own.max(last)));
    if let Some((_, passed)) = before.map(|before| own.min(before)) {
        see(Found::Counted(solver.beginning(chain, passed)));
    }
}

/// Tells the last occurrence of a chain, after those that were let go.
fn tell<'a>(
    solver: &Solver<'a>,
    (chain, at): (&Chain, usize),
    (rest, room): (&Env<'a>, &mut Env<'a>),
    see: &mut dyn FnMut(Found<'_, 'a>),
) {
    see(Found::Passed(solver.passed(chain)));
    room.set(rest);
    solver.complete(chain, at, room);
    see(Found::Certain { at: Some(solver.beginning(chain, at)), env: room });
}

/// What parts that share nothing with the anchor's bind, each solved apart; `None` where one of them is false.
fn beside<'a>(solver: &Solver<'a>, groups: &[Vec<&'a Condition>], start: &Env<'a>) -> Option<Env<'a>> {
    let mut bound = start.clone();
    for group in groups {
        match attempt(solver, group, &bound) {
            (Truth::True | Truth::Unknown, Some(env)) => bound = env,
            (Truth::Unknown, None) => give_up(solver, &mut bound),
            _ => return None,
        }
    }
    Some(bound)
}

/// What may be an occurrence, though nothing tells which.
fn guessed<'a>(solver: &Solver<'a>, anchor: Option<Leaf>, start: &Env<'a>) -> Env<'a> {
    let mut env = start.clone();
    if let Some(Leaf::Evidence(id)) = anchor {
        env.hits.extend(solver.hits(id).first().map(|hit| (id, &hit.record)));
    }
    env.doubts += 1;
    env
}

/// The record of what an attempt was about; the last one of a finding's occurrence.
fn place<'a>(solver: &Solver<'a>, trial: Option<Anchor>, env: &Env<'a>) -> Option<&'a Arc<Record>> {
    match trial? {
        Anchor::Hit(Leaf::Evidence(id), _) => env.record(id),
        Anchor::Hit(Leaf::Finding(leaf), at) => Some(&solver.happenings(leaf).get(at)?.evidence.last()?.record),
        Anchor::Unseen(_) => None,
    }
}

/// Notes that the search was given up.
fn give_up<'a>(solver: &Solver<'a>, env: &mut Env<'a>) {
    let logs = solver.rule.evidence.iter().flat_map(|evidence| &evidence.logs);
    if let Some(log) = logs.copied().next() {
        Missing::new(log, Reason::TooMany).add(&mut env.missing);
    }
    env.doubts += 1;
}

/// Solves parts of an `and` from `start` on: the truth, with the first certain or else the best uncertain bindings.
pub(super) fn attempt<'a>(solver: &Solver<'a>, parts: &[&'a Condition], start: &Env<'a>) -> (Truth, Option<Env<'a>>) {
    let mut room = Room::default();
    match attempt_from(solver, parts, solver.fresh(), (start, &mut room)) {
        (Truth::True, _) => (Truth::True, Some(room.certain)),
        doubtful => doubtful,
    }
}

/// Room for attempts, one after the other.
#[derive(Default)]
struct Room<'a> {
    /// What the attempt has bound.
    env: Env<'a>,
    /// What was bound when all was certain.
    certain: Env<'a>,
}

/// The same as part of one question with others: they learn from each other. What is certain is left in the room, the best
/// uncertain bindings are given.
fn attempt_from<'a>(
    solver: &Solver<'a>,
    parts: &[&'a Condition],
    root: u64,
    (start, Room { env, certain }): (&Env<'a>, &mut Room<'a>),
) -> (Truth, Option<Env<'a>>) {
    if let [Condition::Evidence(id)] = parts {
        certain.set(start);
        if let Some(truth) = solver.plain(*id, certain) {
            return (truth, None);
        }
    }
    env.set(start);
    let mut best: Option<Env<'a>> = None;
    let truth = solver.every(parts, root, env, &mut |env, _| {
        let truth = solver.settled(env, 0);
        match truth {
            Truth::True => certain.set(env),
            Truth::Unknown => {
                let missing = solver.lacks(env).unwrap_or_default();
                match &mut best {
                    Some(best) if best.weight() > env.weight() => {}
                    // What would decide another attempt that found as much would decide this one.
                    Some(best) if best.weight() == env.weight() => {
                        for lack in &missing {
                            lack.add(&mut best.missing);
                        }
                    }
                    _ => best = Some(Env { missing, ..env.clone() }),
                }
            }
            Truth::False => {}
        }
        truth
    });
    (truth, best)
}

/// Parts of an `and` that share evidence, captures or a finding's name belong together; the group of the first
/// part with an anchor comes first.
fn groups<'a>(solver: &Solver<'_>, parts: &[&'a Condition], branch: &Branch) -> Vec<Vec<&'a Condition>> {
    let names: Vec<BTreeSet<String>> = parts.iter().map(|part| shared_names(solver, part)).collect();
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
    let head = parts.iter().position(|part| first_positive(part, branch).is_some()).map_or(0, |at| group[at]);
    let mut order: Vec<usize> = group.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    order.sort_by_key(|id| (*id != head, *id));
    let members = |id| parts.iter().zip(&group).filter(|(_, own)| **own == id).map(|(part, _)| *part).collect();
    order.into_iter().map(members).collect()
}

/// What could tie a condition to another one.
fn shared_names(solver: &Solver<'_>, condition: &Condition) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for id in evidence_of(condition) {
        names.insert(format!("evidence {}", id.0));
        names.extend(solver.own[id.0].iter().map(|capture| capture_name(*capture)));
        if let Some(filter) = &solver.rule.evidence[id.0].filter {
            filter_names(filter, &mut names);
        }
    }
    condition.visit(&mut |part| match part {
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
    for operand in operands(filter) {
        match operand {
            Operand::Capture { capture, .. } => names.insert(capture_name(*capture)),
            Operand::Finding { alias, .. } => names.insert(format!("finding {alias}")),
            Operand::Literal(_) => false,
        };
    }
}
