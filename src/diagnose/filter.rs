//! `where`: comparisons over captures, three-valued: a capture that is not bound yet makes them wait.

use crate::rule::{CompareOp, Comparison, Filter, Operand, Right};
use crate::value::Value;

use super::Finding;
use super::env::Env;
use super::truth::Truth;

/// What an operand stands for.
enum Got {
    /// Not bound.
    Unbound,
    /// Bound, but it has no such field.
    Nothing,
    Value(Value),
}

/// The truth of `filter`; unknown while a capture it needs is not bound.
pub(super) fn holds(filter: &Filter, env: &Env<'_>, findings: &[Finding]) -> Truth {
    judge(filter, env, findings, false)
}

/// The truth of `filter` when nothing more will be bound: what is not bound now is not present.
pub(super) fn holds_at_last(filter: &Filter, env: &Env<'_>, findings: &[Finding]) -> Truth {
    judge(filter, env, findings, true)
}

fn judge(filter: &Filter, env: &Env<'_>, findings: &[Finding], last: bool) -> Truth {
    match filter {
        Filter::All(parts) => parts.iter().fold(Truth::True, |truth, part| truth.and(judge(part, env, findings, last))),
        Filter::Any(parts) => parts.iter().fold(Truth::False, |truth, part| truth.or(judge(part, env, findings, last))),
        Filter::Not(part) => match judge(part, env, findings, last) {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        },
        Filter::Compare(comparison) => compare(comparison, env, findings, last),
    }
}

fn compare(comparison: &Comparison, env: &Env<'_>, findings: &[Finding], last: bool) -> Truth {
    let left = match read(&comparison.left, env, findings) {
        Got::Unbound if last => return Truth::False,
        Got::Unbound => return Truth::Unknown,
        Got::Nothing => return (comparison.op == CompareOp::NotEqual).into(),
        Got::Value(value) => value,
    };
    match &comparison.right {
        Right::Nothing => Truth::True,
        Right::Pattern(pattern) => pattern.find(&left.text).is_some().into(),
        Right::One(operand) => against(&left, comparison.op, operand, (env, findings), last),
        Right::Many(operands) => operands.iter().fold(Truth::False, |truth, operand| {
            truth.or(against(&left, CompareOp::Equal, operand, (env, findings), last))
        }),
    }
}

fn against(left: &Value, op: CompareOp, right: &Operand, given: (&Env<'_>, &[Finding]), last: bool) -> Truth {
    match read(right, given.0, given.1) {
        Got::Unbound if last => Truth::False,
        Got::Unbound => Truth::Unknown,
        Got::Nothing => (op == CompareOp::NotEqual).into(),
        Got::Value(right) => decide(left, op, &right).into(),
    }
}

fn decide(left: &Value, op: CompareOp, right: &Value) -> bool {
    let ordering = || left.compare(right);
    match op {
        CompareOp::Equal | CompareOp::In => left == right,
        CompareOp::NotEqual => left != right,
        CompareOp::Less => ordering().is_some_and(std::cmp::Ordering::is_lt),
        CompareOp::LessOrEqual => ordering().is_some_and(std::cmp::Ordering::is_le),
        CompareOp::Greater => ordering().is_some_and(std::cmp::Ordering::is_gt),
        CompareOp::GreaterOrEqual => ordering().is_some_and(std::cmp::Ordering::is_ge),
        CompareOp::Contains => lower(left).contains(&lower(right)),
        CompareOp::StartsWith => lower(left).starts_with(&lower(right)),
        CompareOp::EndsWith => lower(left).ends_with(&lower(right)),
        // Their right sides are not operands.
        CompareOp::Matches | CompareOp::Present => true,
    }
}

fn lower(value: &Value) -> String {
    value.text.to_ascii_lowercase()
}

fn read(operand: &Operand, env: &Env<'_>, findings: &[Finding]) -> Got {
    let (value, field) = match operand {
        Operand::Literal(value) => return Got::Value(value.clone()),
        Operand::Capture { capture, field } => (env.captures.get(capture.0).copied().flatten(), field),
        Operand::Finding { alias, capture, field } => (captured(alias, capture, env, findings), field),
    };
    match (value, field) {
        (None, _) => Got::Unbound,
        (Some(value), None) => Got::Value(value.clone()),
        (Some(value), Some(field)) => value.field(field).map_or(Got::Nothing, Got::Value),
    }
}

fn captured<'f>(alias: &str, capture: &str, env: &Env<'_>, findings: &'f [Finding]) -> Option<&'f Value> {
    let (_, (index, which)) = env.aliases.iter().rev().find(|(name, _)| *name == alias)?;
    let finding = findings.get(*index)?;
    let captures = which.and_then(|at| finding.past.get(at)).map_or(&finding.captures, |past| &past.captures);
    captures.iter().find(|(name, _)| name == capture).map(|(_, value)| value)
}
