//! Mutants of `where`.

use crate::rule::{Comparison, Filter, Right, Rule};

use super::Change;

/// One way to change a filter; `None` in its place: there is none.
pub(super) struct Way {
    pub(super) change: Change,
    pub(super) text: String,
    pub(super) filter: Option<Filter>,
}

/// Every way to change a filter: without it, denied, and each of its parts left out or denied.
pub(super) fn ways(rule: &Rule, filter: &Filter) -> Vec<Way> {
    let text = rule.filter_text(filter);
    let mut ways = vec![
        Way { change: Change::Loosened, text: format!("drop where {text}"), filter: None },
        Way { change: Change::Negated, text: format!("negate where {text}"), filter: Some(negated(filter)) },
    ];
    ways.extend(inner(rule, filter).into_iter().map(|(change, text, filter)| Way {
        change,
        text,
        filter: Some(filter),
    }));
    ways
}

fn negated(filter: &Filter) -> Filter {
    match filter {
        Filter::Not(inner) => (**inner).clone(),
        other => Filter::Not(Box::new(other.clone())),
    }
}

/// Changes inside a filter.
fn inner(rule: &Rule, filter: &Filter) -> Vec<(Change, String, Filter)> {
    match filter {
        Filter::All(parts) => operands(rule, parts, Change::Loosened, Filter::All),
        Filter::Any(parts) => operands(rule, parts, Change::Narrowed, Filter::Any),
        Filter::Not(part) => {
            let within = inner(rule, part).into_iter();
            within.map(|(change, text, filter)| (change, text, Filter::Not(Box::new(filter)))).collect()
        }
        Filter::Compare(comparison) => members(rule, comparison),
    }
}

fn operands(
    rule: &Rule,
    parts: &[Filter],
    dropped: Change,
    whole: fn(Vec<Filter>) -> Filter,
) -> Vec<(Change, String, Filter)> {
    let mut ways = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let with = |changed: Filter| {
            let mut other = parts.to_vec();
            other[at] = changed;
            whole(other)
        };
        if parts.len() > 1 {
            let text = rule.filter_text(part);
            let mut rest = parts.to_vec();
            rest.remove(at);
            ways.push((dropped, format!("drop {text}"), whole(rest)));
            ways.push((Change::Negated, format!("negate {text}"), with(negated(part))));
        }
        ways.extend(inner(rule, part).into_iter().map(|(change, text, filter)| (change, text, with(filter))));
    }
    ways
}

/// Each of several values left out.
fn members(rule: &Rule, comparison: &Comparison) -> Vec<(Change, String, Filter)> {
    let Right::Many(values) = &comparison.right else { return Vec::new() };
    if values.len() < 2 {
        return Vec::new();
    }
    let without = |at: usize| {
        let mut rest = values.clone();
        rest.remove(at);
        Filter::Compare(Box::new(Comparison { right: Right::Many(rest), ..comparison.clone() }))
    };
    let left = rule.operand_text(&comparison.left);
    let way =
        |(at, value)| (Change::Narrowed, format!("drop {} of {left} in (…)", rule.operand_text(value)), without(at));
    values.iter().enumerate().map(way).collect()
}
