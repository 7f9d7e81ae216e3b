//! Mutants of signatures and of what causes ask.

use crate::rule::{Condition, Rule, Step, Window};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind};

use super::super::place::{self, Part, Places};
use super::{Change, Mutant, filter};

/// One way to change a condition: what stands in its place, in words, and what it is about.
struct Way {
    change: Change,
    text: String,
    condition: Condition,
    about: About,
}

/// What of a condition a change is about.
#[derive(Clone, Copy)]
enum About {
    /// Its window or filter, or the whole of it.
    Own,
    /// A condition inside it.
    Child(usize),
    /// The window of a step, by position.
    Step(usize),
}

/// Mutants of the signature and of every `when`.
pub(super) fn mutants(rule: &Rule, places: &Places<'_>) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for part in std::iter::once(Part::Signature).chain((0..rule.causes.len()).map(Part::Cause)) {
        let Some(root) = part.condition(rule) else { continue };
        let expr = places.expr(&rule.name, part);
        let mut put = |path: &[usize], way: Way| {
            let mut changed = rule.clone();
            if let Some(place) = part.condition_mut(&mut changed).and_then(|root| at_mut(root, path)) {
                *place = way.condition;
            }
            let span = expr.map(|expr| span(expr, path, way.about));
            let Way { change, text, .. } = way;
            mutants.push(Mutant { part, change, text, span, patterns: false, rule: changed });
        };
        // A condition of one piece has no operand to deny.
        let alone = matches!(root, Condition::Evidence(_) | Condition::Not(_) | Condition::Finding { .. });
        if part != Part::Signature && alone {
            let text = format!("negate {}", rule.condition_text(root));
            put(&[], Way { change: Change::Negated, text, condition: negated(root), about: About::Own });
        }
        each(root, &mut Vec::new(), &mut |condition, path| {
            for way in ways(rule, condition) {
                put(path, way);
            }
        });
    }
    mutants
}

/// Where a change stands.
fn span(expr: &Expr, path: &[usize], about: About) -> Span {
    let own = place::at(expr, path);
    match (about, &own.kind) {
        (About::Child(child), _) => {
            let path: Vec<usize> = path.iter().copied().chain([child]).collect();
            place::at(expr, &path).span
        }
        (About::Step(at), ExprKind::Then(_, steps)) => {
            steps.get(at).and_then(|step| step.within.as_ref()).map_or(own.span, |window| window.span)
        }
        (_, ExprKind::Where(_, filter)) => filter.span,
        (
            _,
            ExprKind::Within(_, window)
            | ExprKind::Near(_, window, _)
            | ExprKind::AtLeast(_, _, Some(window))
            | ExprKind::AtLeastOf(_, _, Some(window)),
        ) => window.span,
        _ => own.span,
    }
}

fn each<'c>(condition: &'c Condition, path: &mut Vec<usize>, see: &mut impl FnMut(&'c Condition, &[usize])) {
    see(condition, path);
    for (at, child) in condition.children().into_iter().enumerate() {
        path.push(at);
        each(child, path, see);
        path.pop();
    }
}

fn at_mut<'c>(condition: &'c mut Condition, path: &[usize]) -> Option<&'c mut Condition> {
    match path.split_first() {
        None => Some(condition),
        Some((first, rest)) => at_mut(condition.children_mut().into_iter().nth(*first)?, rest),
    }
}

fn negated(condition: &Condition) -> Condition {
    match condition {
        Condition::Not(inner) => (**inner).clone(),
        other => Condition::Not(Box::new(other.clone())),
    }
}

/// Every way to change a condition itself, not what is inside it.
fn ways(rule: &Rule, condition: &Condition) -> Vec<Way> {
    match condition {
        Condition::All(parts) => operands(rule, parts, Change::Loosened, Condition::All),
        Condition::Any(parts) => operands(rule, parts, Change::Narrowed, Condition::Any),
        Condition::Then { first, steps } => sequence(rule, first, steps),
        Condition::Within { condition, window } => {
            windows(*window, |window| Condition::Within { condition: condition.clone(), window })
        }
        Condition::Near { left, right, window } => {
            windows(*window, |window| Condition::Near { left: left.clone(), right: right.clone(), window })
        }
        Condition::AtLeast { count, condition, window } => {
            let of = |count, window| Condition::AtLeast { count, condition: condition.clone(), window };
            let mut ways = counts(*count, u64::MAX, |count| of(count, *window));
            ways.extend(window.iter().flat_map(|window| windows(*window, |window| of(*count, Some(window)))));
            ways
        }
        Condition::AtLeastOf { count, conditions, window } => {
            let of = |count, window| Condition::AtLeastOf { count, conditions: conditions.clone(), window };
            let mut ways = counts(*count, conditions.len() as u64, |count| of(count, *window));
            ways.extend(window.iter().flat_map(|window| windows(*window, |window| of(*count, Some(window)))));
            ways
        }
        Condition::LastBefore { what, before } => {
            let condition = Condition::FirstAfter { what: what.clone(), after: before.clone() };
            vec![Way { change: Change::Swapped, text: swapped(rule, what, before), condition, about: About::Own }]
        }
        Condition::FirstAfter { what, after } => {
            let condition = Condition::LastBefore { what: what.clone(), before: after.clone() };
            vec![Way { change: Change::Swapped, text: swapped(rule, what, after), condition, about: About::Own }]
        }
        Condition::InOne { condition: inner, .. } => {
            let whole = rule.condition_text(condition);
            let text = format!("drop {}", whole.rsplit_once(") ").map_or(whole.as_str(), |(_, scope)| scope));
            vec![Way { change: Change::Loosened, text, condition: (**inner).clone(), about: About::Own }]
        }
        Condition::Where { condition: inner, filter } => {
            let put = |filter| Condition::Where { condition: inner.clone(), filter };
            let way = |changed: filter::Way| {
                let condition = changed.filter.map_or_else(|| (**inner).clone(), put);
                Way { change: changed.change, text: changed.text, condition, about: About::Own }
            };
            filter::ways(rule, filter).into_iter().map(way).collect()
        }
        Condition::Evidence(_) | Condition::Not(_) | Condition::Finding { .. } => Vec::new(),
    }
}

/// Every operand left out, and denied.
fn operands(
    rule: &Rule,
    parts: &[Condition],
    dropped: Change,
    whole: impl Fn(Vec<Condition>) -> Condition,
) -> Vec<Way> {
    let mut ways = Vec::new();
    if parts.len() < 2 {
        return ways;
    }
    for (at, part) in parts.iter().enumerate() {
        let about = About::Child(at);
        let mut rest = parts.to_vec();
        rest.remove(at);
        let condition = if rest.len() == 1 { rest.remove(0) } else { whole(rest) };
        let text = rule.condition_text(part);
        ways.push(Way { change: dropped, text: format!("drop {text}"), condition, about });
        let mut other = parts.to_vec();
        other[at] = negated(part);
        ways.push(Way { change: Change::Negated, text: format!("negate {text}"), condition: whole(other), about });
    }
    ways
}

fn sequence(rule: &Rule, first: &Condition, steps: &[Step]) -> Vec<Way> {
    let mut ways = Vec::new();
    let of = |first: &Condition, steps: Vec<Step>| {
        if steps.is_empty() { first.clone() } else { Condition::Then { first: Box::new(first.clone()), steps } }
    };
    if let Some((next, rest)) = steps.split_first().filter(|(next, _)| !next.negated) {
        let condition = of(&next.condition, rest.to_vec());
        let text = format!("drop {}", rule.condition_text(first));
        ways.push(Way { change: Change::Loosened, text, condition, about: About::Child(0) });
        let mut other = steps.to_vec();
        other[0].condition = first.clone();
        let text = swapped(rule, first, &next.condition);
        ways.push(Way { change: Change::Swapped, text, condition: of(&next.condition, other), about: About::Child(1) });
    }
    for (at, step) in steps.iter().enumerate() {
        let about = About::Child(at + 1);
        let with = |changed: Step| {
            let mut other = steps.to_vec();
            other[at] = changed;
            of(first, other)
        };
        let mut rest = steps.to_vec();
        rest.remove(at);
        let text = format!("drop then {}", rule.step_text(step));
        ways.push(Way { change: Change::Loosened, text, condition: of(first, rest), about });
        let text = format!("negate then {}", rule.step_text(step));
        let condition = with(Step { negated: !step.negated, ..step.clone() });
        ways.push(Way { change: Change::Negated, text, condition, about });
        if let Some(next) = steps.get(at + 1).filter(|next| !next.negated && !step.negated) {
            let mut other = steps.to_vec();
            other[at].condition = next.condition.clone();
            other[at + 1].condition = step.condition.clone();
            let text = swapped(rule, &step.condition, &next.condition);
            ways.push(Way { change: Change::Swapped, text, condition: of(first, other), about });
        }
        for way in step
            .within
            .iter()
            .flat_map(|window| windows(*window, |window| with(Step { within: Some(window), ..step.clone() })))
        {
            // A forbidden step in a shorter stretch is less to ask, not more.
            let change = match way.change {
                Change::Halved if step.negated => Change::Loosened,
                Change::Doubled if step.negated => Change::Narrowed,
                change => change,
            };
            ways.push(Way { change, about: About::Step(at), ..way });
        }
    }
    ways
}

fn swapped(rule: &Rule, one: &Condition, other: &Condition) -> String {
    format!("swap {}, {}", rule.condition_text(one), rule.condition_text(other))
}

/// A window half and twice as long.
fn windows(window: Window, of: impl Fn(Window) -> Condition) -> Vec<Way> {
    let way = |change, text: String, window| Way { change, text, condition: of(window), about: About::Own };
    let mut ways = Vec::new();
    if window.0 > 0 {
        ways.push(way(Change::Halved, format!("halve within {window}"), Window(window.0 / 2)));
        ways.push(way(Change::Doubled, format!("double within {window}"), Window(window.0.saturating_mul(2))));
    }
    ways
}

/// A count one less and one more.
fn counts(count: u64, most: u64, of: impl Fn(u64) -> Condition) -> Vec<Way> {
    let way = |change, to: u64| Way {
        change,
        text: format!("at least {count} to {to}"),
        condition: of(to),
        about: About::Own,
    };
    let mut ways = Vec::new();
    if count > 1 {
        ways.push(way(Change::Loosened, count - 1));
    }
    if count < most {
        ways.push(way(Change::Narrowed, count + 1));
    }
    ways
}
