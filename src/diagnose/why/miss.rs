//! What kept an operator from holding, in the author's terms.

use std::sync::Arc;

use crate::lang::Localized;
use crate::logs::Record;
use crate::rule::{Condition, EvidenceId, Filter, Scope, Window};

use super::super::{Missing, Status};
use super::leaf::{Candidate, filtered_out, hits_that_agree};
use super::node::{Node, Verdict};
use super::ways::{Failure, Way};
use super::words::{length, say, stamp};
use super::world::{Bound, World};

/// Why an operator does not hold; empty where its parts say it.
pub(super) fn operator(
    world: &World<'_>,
    condition: &Condition,
    way: Option<&Way>,
    node: &Node,
    outside: &Bound,
) -> Vec<Localized> {
    match condition {
        Condition::Not(part) => holds_after_all(world, part, node, outside),
        Condition::Where { condition, filter } => filter_miss(world, condition, filter, outside),
        Condition::Finding { rule, .. } => vec![finding(world, rule)],
        Condition::All(_) if node.children.iter().all(|child| child.value == Verdict::True) => vec![say(
            "各部分单独都成立，但不能同时成立（捕获的值或时间互相矛盾）",
            "each part holds by itself, but not together: what they capture, or when, contradicts",
        )],
        _ => way
            .and_then(|way| way.failure.as_ref())
            .and_then(|failure| failed(world, condition, failure))
            .into_iter()
            .collect(),
    }
}

fn failed(world: &World<'_>, condition: &Condition, failure: &Failure) -> Option<Localized> {
    match failure {
        Failure::Late { .. } | Failure::Early { .. } | Failure::Forbidden { .. } => step(world, condition, failure),
        Failure::Clock { one, other } => {
            let (one, other) = (world.place(one), world.place(other));
            Some(say(
                format!("{one} 与 {other} 的时钟无法对照，可用 --utc-offset 指明"),
                format!("the clocks of {one} and {other} cannot be compared; --utc-offset tells how"),
            ))
        }
        Failure::Far { left, right, gap, window } => Some(far(world, condition, left, right, (*gap, *window))),
        Failure::Long { first, last, length: long, window } => {
            let (first, last, long) = (world.place(first), world.place(last), length(*long));
            Some(say(
                format!("从 {first} 到 {last} 共 {long}，窗口是 {window}"),
                format!("from {first} to {last} it takes {long}; the window is {window}"),
            ))
        }
        Failure::Few { have, wanted } => {
            Some(say(format!("有 {have} 次，需要 {wanted} 次"), format!("{have} of {wanted}")))
        }
        Failure::Spread { within, wanted, last, excess, window } => {
            let (last, excess) = (world.place(last), length(*excess));
            Some(say(
                format!("{window} 之内最多 {within} 次，需要 {wanted} 次；第 {wanted} 次（{last}）晚了 {excess}"),
                format!("{within} of {wanted} within {window}; number {wanted} ({last}) came {excess} late"),
            ))
        }
        Failure::Side { what, other } => Some(side(world, condition, what, other)),
        Failure::Apart(records) => Some(apart(world, condition, records)),
        Failure::Part | Failure::Filtered => None,
    }
}

/// A step of a sequence.
fn step(world: &World<'_>, condition: &Condition, failure: &Failure) -> Option<Localized> {
    let Condition::Then { steps, .. } = condition else { return None };
    let (Failure::Late { step, after, record, .. }
    | Failure::Early { step, after, record }
    | Failure::Forbidden { step, after, record }) = failure
    else {
        return None;
    };
    let name = world.rule.condition_text(&steps.get(*step)?.condition);
    let (before, number) = (step + 1, step + 2);
    let (there, here) = (world.place(after), world.place(record));
    let gap = world.distance(after, record).map(length);
    Some(match failure {
        Failure::Late { gap, window, .. } => {
            let gap = length(*gap);
            say(
                format!("第 {number} 步 `{name}`（{here}）在第 {before} 步（{there}）之后 {gap}，窗口是 {window}"),
                format!(
                    "step {number} `{name}` ({here}) came {gap} after step {before} ({there}); the window is {window}"
                ),
            )
        }
        Failure::Early { .. } => say(
            format!("顺序不对：第 {number} 步 `{name}`（{here}）在第 {before} 步（{there}）之前"),
            format!("wrong order: step {number} `{name}` ({here}) comes before step {before} ({there})"),
        ),
        _ => say(
            format!(
                "不应出现的 `{name}` 出现在 {here}，在第 {before} 步（{there}）之后 {}",
                gap.clone().unwrap_or_default()
            ),
            format!(
                "`{name}` must not come, and stands at {here}, {} after step {before} ({there})",
                gap.unwrap_or_default()
            ),
        ),
    })
}

fn far(
    world: &World<'_>,
    condition: &Condition,
    left: &Arc<Record>,
    right: &Arc<Record>,
    (gap, window): (i64, Window),
) -> Localized {
    let (one, other, gap) = (world.place(left), world.place(right), length(gap));
    let (left, right) = match condition {
        Condition::Near { left, right, .. } => (world.rule.condition_text(left), world.rule.condition_text(right)),
        _ => (String::new(), String::new()),
    };
    say(
        format!("`{left}`（{one}）与 `{right}`（{other}）相距 {gap}，窗口是 {window}"),
        format!("`{left}` ({one}) and `{right}` ({other}) lie {gap} apart; the window is {window}"),
    )
}

fn side(world: &World<'_>, condition: &Condition, what: &Arc<Record>, other: &Arc<Record>) -> Localized {
    let (here, there) = (world.place(what), world.place(other));
    match condition {
        Condition::LastBefore { .. } => {
            say(format!("{here} 不在 {there} 之前"), format!("{here} is the nearest, and does not come before {there}"))
        }
        _ => {
            say(format!("{here} 不在 {there} 之后"), format!("{here} is the nearest, and does not come after {there}"))
        }
    }
}

/// Where records lie that should lie together.
fn apart(world: &World<'_>, condition: &Condition, records: &[(EvidenceId, Arc<Record>)]) -> Localized {
    let section = !matches!(condition, Condition::InOne { scope: Scope::Attempt, .. });
    let lies = |record: &Record| {
        if section {
            let title = record.section.and_then(|id| world.scan.sections.get(id.place())).map(|section| &section.title);
            title.map_or_else(|| "-".to_owned(), |title| format!("[{title}]"))
        } else {
            record.attempt.map_or_else(|| "-".to_owned(), |attempt| format!("#{}", attempt + 1))
        }
    };
    let one = |(id, record): &(EvidenceId, Arc<Record>)| {
        format!("`{}` {} {}", world.evidence_name(*id), world.place(record), lies(record))
    };
    let list: Vec<String> = records.iter().map(one).collect();
    let (zh, en) = if section {
        ("不在同一个小节中", "not in one section")
    } else {
        ("不在同一次尝试中", "not in one attempt")
    };
    say(format!("{zh}：{}", list.join("、")), format!("{en}: {}", list.join(", ")))
}

/// What a `not` forbids.
fn holds_after_all(world: &World<'_>, part: &Condition, node: &Node, outside: &Bound) -> Vec<Localized> {
    if node.value != Verdict::False {
        return Vec::new();
    }
    let name = world.rule.condition_text(part);
    let bound = world.truth_of(part, outside).bound.unwrap_or_default();
    let new = bound.hits.iter().filter(|hit| !outside.hits.contains(hit));
    let places: Vec<String> = new.map(|(id, at)| world.place(world.record(*id, *at))).collect();
    let at = if places.is_empty() { String::new() } else { format!(": {}", places.join(", ")) };
    vec![say(format!("`{name}` 成立{}", at.replacen(": ", "：", 1)), format!("`{name}` holds{at}"))]
}

/// How many ways of a condition a filter keeps out, and with which values.
fn filter_miss(world: &World<'_>, condition: &Condition, filter: &Filter, outside: &Bound) -> Vec<Localized> {
    if let Condition::Evidence(id) = condition {
        return filtered_out(world, filter, &hits_that_agree(world, *id, outside));
    }
    let ways: Vec<Way> = world.ways(condition, outside).into_iter().filter(|way| way.whole).collect();
    let candidates: Vec<Candidate> = ways
        .iter()
        .map(|way| {
            let new = way.bound.hits.iter().rev().find(|hit| !outside.hits.contains(hit)).or(way.bound.hits.last());
            let place = new.map_or_else(String::new, |(id, at)| world.place(world.record(*id, *at)));
            Candidate { captures: world.captures(&way.bound), place }
        })
        .collect();
    filtered_out(world, filter, &candidates)
}

fn finding(world: &World<'_>, rule: &str) -> Localized {
    match world.findings.iter().find(|finding| finding.name == rule).map(|finding| finding.status) {
        None => say(
            format!("规则 {rule} 没有结论（casebook why {rule} 可查原因）"),
            format!("rule {rule} has no finding (casebook why {rule} says why)"),
        ),
        Some(Status::Undetermined) => say(
            format!("规则 {rule} 尚不能确认（casebook why {rule} 可查原因）"),
            format!("rule {rule} is undetermined (casebook why {rule} says why)"),
        ),
        Some(Status::Confirmed) => say(
            format!("规则 {rule} 已确认，但与其余条件不能同时成立"),
            format!("rule {rule} is confirmed, but not together with the rest"),
        ),
    }
}

/// What a log covers, and what it would have to.
pub(super) fn covered(world: &World<'_>, lack: &Missing) -> Option<Localized> {
    let own = || world.scan.sources.iter().filter(|source| source.log == Some(lack.log) && !source.excerpt);
    let first = own().filter_map(|source| source.first).min().map(stamp)?;
    let last = own().filter_map(|source| source.last).max().map(stamp)?;
    let (from, to) = lack.needed?;
    let (from, to) = (stamp(from), stamp(to));
    Some(say(
        format!("它从 {first} 到 {last}，而需要的是 {from} 至 {to}"),
        format!("it goes from {first} to {last}, and {from} to {to} would be needed"),
    ))
}
