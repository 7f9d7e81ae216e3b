//! Comparisons: true, false, or not known while a capture is not chosen.

use casebook::rule::{CompareOp, Comparison, Filter, Operand, Right};
use casebook::value::Value;

/// What an operand stands for, given the captures of a way.
pub(super) enum Got {
    Unchosen,
    NoSuchField,
    Value(Value),
}

/// The value of a filter; `read` gives what an operand stands for.
pub(super) fn holds(filter: &Filter, read: &impl Fn(&Operand) -> Got, last: bool) -> Option<bool> {
    match filter {
        Filter::All(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| holds(part, read, last)).collect();
            if parts.contains(&Some(false)) {
                Some(false)
            } else {
                parts.into_iter().collect::<Option<Vec<_>>>().map(|_| true)
            }
        }
        Filter::Any(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| holds(part, read, last)).collect();
            if parts.contains(&Some(true)) {
                Some(true)
            } else {
                parts.into_iter().collect::<Option<Vec<_>>>().map(|_| false)
            }
        }
        Filter::Not(part) => holds(part, read, last).map(|holds| !holds),
        Filter::Compare(comparison) => compare(comparison, read).or(last.then_some(false)),
    }
}

fn compare(comparison: &Comparison, read: &impl Fn(&Operand) -> Got) -> Option<bool> {
    let left = match read(&comparison.left) {
        Got::Unchosen => return None,
        Got::NoSuchField => return Some(comparison.op == CompareOp::NotEqual),
        Got::Value(value) => value,
    };
    let with = |right: &Operand, op: CompareOp| match read(right) {
        Got::Unchosen => None,
        Got::NoSuchField => Some(op == CompareOp::NotEqual),
        Got::Value(right) => Some(decide(&left, op, &right)),
    };
    match &comparison.right {
        Right::Nothing => Some(true),
        Right::Pattern(pattern) => Some(pattern.find(&left.text).is_some()),
        Right::One(right) => with(right, comparison.op),
        Right::Many(rights) => {
            let any: Vec<_> = rights.iter().map(|right| with(right, CompareOp::Equal)).collect();
            if any.contains(&Some(true)) {
                Some(true)
            } else {
                any.into_iter().collect::<Option<Vec<_>>>().map(|_| false)
            }
        }
    }
}

fn decide(left: &Value, op: CompareOp, right: &Value) -> bool {
    let text = |value: &Value| value.text.to_ascii_lowercase();
    match op {
        CompareOp::Equal => left == right,
        CompareOp::NotEqual => left != right,
        CompareOp::Less => left.compare(right).is_some_and(std::cmp::Ordering::is_lt),
        CompareOp::LessOrEqual => left.compare(right).is_some_and(std::cmp::Ordering::is_le),
        CompareOp::Greater => left.compare(right).is_some_and(std::cmp::Ordering::is_gt),
        CompareOp::GreaterOrEqual => left.compare(right).is_some_and(std::cmp::Ordering::is_ge),
        CompareOp::Contains => text(left).contains(&text(right)),
        CompareOp::StartsWith => text(left).starts_with(&text(right)),
        CompareOp::EndsWith => text(left).ends_with(&text(right)),
        CompareOp::In | CompareOp::Matches | CompareOp::Present => true,
    }
}
