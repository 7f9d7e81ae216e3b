//! Why a piece of evidence does not hold: its logs, its patterns, its filter, what it shares with other evidence.

use crate::lang::Localized;
use crate::rule::{CompareOp, Comparison, EvidenceId, Filter, Operand, Right};
use crate::value::Value;

use super::super::truth::Truth;
use super::tree::Tree;
use super::words::{reason, say};
use super::world::{Bound, Captures, World, contradiction};

/// Different values that are told of one capture.
const VALUES: usize = 3;

/// Something that a filter is asked of.
pub(super) struct Candidate {
    pub(super) captures: Captures,
    pub(super) place: String,
}

/// The hits that satisfy the evidence's own `where`, as far as what is bound outside lets it be judged.
pub(super) fn passing(world: &World<'_>, id: EvidenceId, outside: &Bound) -> Vec<usize> {
    let all = 0..world.hits(id).len();
    let Some(filter) = &world.rule.evidence[id.0].filter else { return all.collect() };
    let captures = world.captures(outside);
    all.filter(|at| {
        let mut with = captures.clone();
        prefer(world, &mut with, id, *at);
        world.filter_truth(filter, &with) != Truth::False
    })
    .collect()
}

/// The captures of a hit over those around it: whether they agree is another question.
fn prefer(world: &World<'_>, captures: &mut Captures, id: EvidenceId, at: usize) {
    for (capture, value) in &world.hits(id)[at].captures {
        captures[capture.0] = Some(value.clone());
    }
}

impl Tree<'_, '_> {
    /// The misses of a leaf.
    pub(super) fn leaf(&mut self, id: EvidenceId, outside: &Bound) -> Vec<Localized> {
        let world = self.world;
        let mut said = Vec::new();
        for log in &world.rule.evidence[id.0].logs {
            if let Some(why) = world.gap(*log) {
                self.tell(*log, why);
                said.push(reason(&world.rules.logs.get(*log).name, why));
            }
        }
        if world.hits(id).is_empty() {
            said.extend(self.probed.of(id).iter().cloned());
            return said;
        }
        let outside = outside.without(&[id]);
        let captures = world.captures(&outside);
        let passing = passing(world, id, &outside);
        let agrees = |at: &usize| contradiction(&captures, &world.hits(id)[*at]).is_none();
        if passing.is_empty() {
            let filter = world.rule.evidence[id.0].filter.as_ref();
            let candidates = candidates(world, id, &captures);
            said.extend(filter.into_iter().flat_map(|filter| filtered_out(world, filter, &candidates)));
        } else if !passing.iter().any(agrees) {
            said.push(disagreeing(world, id, &passing, &outside));
        }
        said
    }
}

fn candidates(world: &World<'_>, id: EvidenceId, captures: &Captures) -> Vec<Candidate> {
    let one = |at: usize| {
        let mut with = captures.clone();
        prefer(world, &mut with, id, at);
        Candidate { captures: with, place: world.place(world.record(id, at)) }
    };
    (0..world.hits(id).len()).map(one).collect()
}

/// The hits of a piece of evidence that a filter around it is asked of: with their own `where`, and agreeing with what
/// is bound.
pub(super) fn hits_that_agree(world: &World<'_>, id: EvidenceId, outside: &Bound) -> Vec<Candidate> {
    let captures = world.captures(&outside.without(&[id]));
    let given = outside.of(id);
    let agrees =
        |at: &usize| given.is_none_or(|given| given == *at) && contradiction(&captures, &world.hits(id)[*at]).is_none();
    let candidate = |at: usize| {
        let mut with = captures.clone();
        world.add(&mut with, id, at);
        Candidate { captures: with, place: world.place(world.record(id, at)) }
    };
    passing(world, id, outside).into_iter().filter(agrees).map(candidate).collect()
}

/// Hits whose captures have other values than what they are joined with.
fn disagreeing(world: &World<'_>, id: EvidenceId, passing: &[usize], outside: &Bound) -> Localized {
    let captures = world.captures(outside);
    let hit = |at: &usize| &world.hits(id)[*at];
    let capture = passing.iter().rev().find_map(|at| contradiction(&captures, hit(at)));
    let Some(capture) = capture else { return Localized::default() };
    let value = |at: &usize| hit(at).captures.iter().find(|(own, _)| *own == capture).map(|(_, value)| value);
    let mut theirs: Vec<String> = Vec::new();
    for text in passing.iter().rev().filter_map(value).map(shown) {
        if !theirs.contains(&text) && theirs.len() < VALUES {
            theirs.push(text);
        }
    }
    let name = &world.rule.captures[capture.0].name;
    let wanted = captures[capture.0].as_ref().map(shown).unwrap_or_default();
    let binds = |(other, at): &&(EvidenceId, usize)| {
        world.hits(*other)[*at].captures.iter().any(|(bound, _)| *bound == capture)
    };
    let from = outside.hits.iter().find(binds).map_or_else(String::new, |(other, at)| {
        format!("`{}`, {}", world.evidence_name(*other), world.place(world.record(*other, *at)))
    });
    let (count, theirs, own) = (passing.len(), theirs.join("`, `"), world.evidence_name(id));
    say(
        format!("`{own}` 匹配 {count} 条，但其 `{name}` 是 `{theirs}`，不是 `{wanted}`（{from}）"),
        format!("{count} match `{own}`, but their `{name}` is `{theirs}`, not `{wanted}` ({from})"),
    )
}

/// How many candidates a filter keeps out, and with which values.
pub(super) fn filtered_out(world: &World<'_>, filter: &Filter, candidates: &[Candidate]) -> Vec<Localized> {
    let out = |filter: &Filter, one: &Candidate| world.filter_truth(filter, &one.captures) == Truth::False;
    let Some(last) = candidates.iter().rev().find(|one| out(filter, one)) else { return Vec::new() };
    let count = candidates.len();
    let text = world.rule.filter_text(filter);
    let mut said = vec![say(
        format!("没有一条满足；去掉 `where {text}` 则有 {count} 条"),
        format!("0 match; {count} would without `where {text}`"),
    )];
    if let Filter::All(parts) = filter {
        for (at, part) in parts.iter().enumerate() {
            let others =
                |one: &&Candidate| parts.iter().enumerate().all(|(other, part)| other == at || !out(part, one));
            let count = candidates.iter().filter(others).count();
            if count > 0 {
                let text = world.rule.filter_text(part);
                said.push(say(
                    format!("只去掉 `{text}` 则有 {count} 条"),
                    format!("{count} would without `{text}` alone"),
                ));
            }
        }
    }
    let mut values = Vec::new();
    failing(world, filter, last, &mut values);
    if !values.is_empty() {
        let (values, place) = (values.join(", "), &last.place);
        said.push(say(format!("{place} 中 {values}"), format!("at {place} {values}")));
    }
    said
}

/// What the captures of failing comparisons are.
fn failing(world: &World<'_>, filter: &Filter, one: &Candidate, values: &mut Vec<String>) {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => {
            let failed = parts.iter().filter(|part| world.filter_truth(part, &one.captures) == Truth::False);
            failed.for_each(|part| failing(world, part, one, values));
        }
        Filter::Not(part) => compared(part).into_iter().for_each(|part| told(world, part, one, values)),
        Filter::Compare(comparison) => told(world, comparison, one, values),
    }
}

/// Every comparison of a filter.
fn compared(filter: &Filter) -> Vec<&Comparison> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().flat_map(compared).collect(),
        Filter::Not(part) => compared(part),
        Filter::Compare(comparison) => vec![comparison],
    }
}

/// `status = 0x80070020`: the captures of a comparison with their values.
fn told(world: &World<'_>, comparison: &Comparison, one: &Candidate, values: &mut Vec<String>) {
    let right: &[Operand] = match &comparison.right {
        Right::One(operand) => std::slice::from_ref(operand),
        Right::Many(operands) => operands,
        Right::Pattern(_) | Right::Nothing => &[],
    };
    for operand in std::iter::once(&comparison.left).chain(right) {
        let value = match operand {
            Operand::Literal(_) => continue,
            Operand::Capture { capture, field } => of_field(one.captures[capture.0].as_ref(), field.as_deref()),
            Operand::Finding { alias, capture, field } => {
                of_field(world.finding_capture(alias, capture), field.as_deref())
            }
        };
        let absent = || if comparison.op == CompareOp::Present { "-" } else { "?" }.to_owned();
        let text = format!("{} = {}", world.rule.operand_text(operand), value.as_ref().map_or_else(absent, shown));
        if !values.contains(&text) {
            values.push(text);
        }
    }
}

fn of_field(value: Option<&Value>, field: Option<&str>) -> Option<Value> {
    match field {
        None => value.cloned(),
        Some(field) => value?.field(field),
    }
}

/// A value as the log has it; an error code with its name.
fn shown(value: &Value) -> String {
    match value.field("symbol").filter(|symbol| !symbol.text.is_empty() && symbol.text != value.text) {
        Some(symbol) => format!("{} ({})", value.text, symbol.text),
        None => value.text.to_string(),
    }
}
