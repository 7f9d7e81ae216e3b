//! Conditions that hold always or never, in the simple cases that are certain: a condition beside its own denial, one
//! capture that equals two values, a capture compared with itself.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::compiler::binding::Binding;
use crate::compiler::capture::CaptureTable;
use crate::compiler::ir::{Compare, Expr, ExprKind, Filter, FilterKind, Operand, OperandKind};
use crate::compiler::rule::{Drafted, Judged};
use crate::diagnostic::{Code, Diagnostic};
use crate::rule::CaptureId;
use crate::source::Span;
use crate::syntax::ast::Op;
use crate::value::Value;

/// Warns of a condition that is always or never true, and of those inside it.
pub(super) fn check(expr: &Expr, drafted: &Drafted, faults: &mut Vec<Diagnostic>) {
    let captures = &drafted.captures;
    expr.visit(&mut |part| match &part.kind {
        ExprKind::All(parts) if denies_itself(parts) => faults.push(never(part.span)),
        ExprKind::Any(parts) if denies_itself(parts) => faults.push(always(part.span)),
        ExprKind::AtLeast(0, ..) | ExprKind::AtLeastOf(0, ..) => faults.push(always(part.span)),
        ExprKind::AtLeastOf(count, parts, _) if usize::try_from(*count).is_ok_and(|count| count > parts.len()) => {
            faults.push(never(part.span));
        }
        ExprKind::Where(part, filter) => {
            check_filter(filter, captures, faults);
            present(part, filter, drafted, faults);
        }
        _ => {}
    });
}

/// The same for a filter.
pub(super) fn check_filter(filter: &Filter, captures: &CaptureTable, faults: &mut Vec<Diagnostic>) {
    match &filter.kind {
        FilterKind::All(parts) => {
            if two_values(parts, captures) || filters_deny(parts) || empty_range(parts, captures) {
                faults.push(never(filter.span));
            }
            for part in parts {
                check_filter(part, captures, faults);
            }
        }
        FilterKind::Any(parts) => {
            if filters_deny(parts) {
                faults.push(always(filter.span));
            }
            for part in parts {
                check_filter(part, captures, faults);
            }
        }
        FilterKind::Not(part) => check_filter(part, captures, faults),
        FilterKind::Compare(compare) => check_compare(filter.span, compare, faults),
    }
}

/// A capture beside itself.
fn check_compare(span: Span, compare: &Compare, faults: &mut Vec<Diagnostic>) {
    let reads = compare.left.capture().is_some();
    let same = compare.right.first().is_some_and(|right| reads && same_words(&compare.left, right));
    match compare.op {
        Op::Equal | Op::LessOrEqual | Op::GreaterOrEqual if same => faults.push(always(span)),
        Op::NotEqual | Op::Less | Op::Greater if same => faults.push(never(span)),
        _ => {}
    }
}

/// `is present` of what has a value whenever the condition holds.
fn present(part: &Expr, filter: &Filter, drafted: &Drafted, faults: &mut Vec<Diagnostic>) {
    let mut unsaid = Vec::new();
    let binding = Binding { evidence: &drafted.evidence, captures: &drafted.captures, faults: &mut unsaid };
    let always_bound = binding.always(part);
    filter.visit(&mut |place, compare| {
        let whole = matches!(&compare.left.kind, OperandKind::Capture(id, fields) if fields.is_empty() && always_bound.contains(id));
        if compare.op == Op::Present && whole {
            faults.push(always(place.span));
        }
    });
}

/// Warns of causes that hold always or never, given the signature they stand under.
pub(super) fn check_causes(judged: &Judged, faults: &mut Vec<Diagnostic>) {
    let Some(signature) = &judged.conditions.signature else { return };
    let parts = |expr: &Expr| match &expr.kind {
        ExprKind::All(parts) => parts.iter().map(Expr::canonical).collect::<Vec<_>>(),
        _ => vec![expr.canonical()],
    };
    let given: BTreeSet<String> = parts(signature).into_iter().collect();
    for when in judged.conditions.causes.iter().flatten() {
        let list = match &when.kind {
            ExprKind::All(list) => list.iter().collect(),
            _ => vec![when],
        };
        let denied =
            list.iter().find(|part| matches!(&part.kind, ExprKind::Not(inner) if given.contains(&inner.canonical())));
        if let Some(part) = denied {
            faults.push(never(part.span).label(signature.span, "特征已包含它", "the signature asks for it"));
        } else if list.iter().all(|part| given.contains(&part.canonical())) {
            faults.push(always(when.span).label(signature.span, "特征已包含它", "the signature asks for it"));
        }
    }
}

/// Warns of a signature whose leaves are all denied: it has no line to quote.
pub(super) fn positive_leaf(judged: &Judged, faults: &mut Vec<Diagnostic>) {
    let Some(signature) = &judged.conditions.signature else { return };
    if !has_positive_leaf(signature) {
        let message = ("特征只有否定的条件", "the signature only denies");
        faults.push(Diagnostic::warning(Code::NO_POSITIVE_LEAF, signature.span, message.0, message.1));
    }
}

fn has_positive_leaf(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Not(_) => false,
        ExprKind::Faulty | ExprKind::Evidence(_) | ExprKind::Finding(..) => true,
        _ => expr.children().into_iter().any(has_positive_leaf),
    }
}

fn always(span: Span) -> Diagnostic {
    Diagnostic::warning(Code::ALWAYS_TRUE, span, "此条件恒为真", "this is always true")
}

fn never(span: Span) -> Diagnostic {
    Diagnostic::warning(Code::ALWAYS_FALSE, span, "此条件恒为假", "this is never true")
}

/// Whether `parts` hold something and its denial.
fn denies_itself(parts: &[Expr]) -> bool {
    let plain: BTreeSet<String> = parts.iter().map(Expr::canonical).collect();
    parts.iter().any(|part| match &part.kind {
        ExprKind::Not(inner) => plain.contains(&inner.canonical()),
        _ => false,
    })
}

fn filters_deny(parts: &[Filter]) -> bool {
    let plain: BTreeSet<String> = parts.iter().map(Filter::canonical).collect();
    parts.iter().any(|part| match &part.kind {
        FilterKind::Not(inner) => plain.contains(&inner.canonical()),
        _ => false,
    })
}

fn same_words(left: &Operand, right: &Operand) -> bool {
    left.canonical() == right.canonical()
}

/// Whether one capture has to equal two values that differ by its type.
fn two_values(parts: &[Filter], captures: &CaptureTable) -> bool {
    let mut seen: BTreeMap<(CaptureId, Vec<&str>), String> = BTreeMap::new();
    parts.iter().any(|part| {
        let FilterKind::Compare(Compare { left, op: Op::Equal, right }) = &part.kind else { return false };
        let OperandKind::Capture(id, fields) = &left.kind else { return false };
        let Some(text) = right.first().and_then(literal) else { return false };
        let ty = fields.iter().fold(captures.ty(*id), |ty, field| ty.and_then(|ty| ty.field(&field.value)));
        let Some(value) = ty.and_then(|ty| ty.read(text)) else { return false };
        let place = (*id, fields.iter().map(|field| field.value.as_str()).collect());
        let key = value.key();
        seen.insert(place, key.clone()).is_some_and(|before| before != key)
    })
}

/// Whether one capture has to lie below a value and above another that is not less.
fn empty_range(parts: &[Filter], captures: &CaptureTable) -> bool {
    let bound = |part: &Filter| {
        let FilterKind::Compare(Compare { left, op, right }) = &part.kind else { return None };
        let OperandKind::Capture(id, fields) = &left.kind else { return None };
        let ty = fields.iter().fold(captures.ty(*id), |ty, field| ty.and_then(|ty| ty.field(&field.value)));
        let value = ty?.read(literal(right.first()?)?)?;
        Some((left.canonical(), *op, value))
    };
    let bounds: Vec<_> = parts.iter().filter_map(bound).collect();
    bounds.iter().any(|(name, op, least)| {
        let above = matches!(op, Op::Greater | Op::GreaterOrEqual | Op::Equal);
        let crossed = |(other, under, most): &(String, Op, Value)| {
            let open = matches!(op, Op::Greater) || matches!(under, Op::Less);
            let below = matches!(under, Op::Less | Op::LessOrEqual)
                || matches!(under, Op::Equal) && matches!(op, Op::Greater | Op::GreaterOrEqual);
            let order = least.compare(most);
            other == name && below && (order == Some(Ordering::Greater) || open && order == Some(Ordering::Equal))
        };
        above && bounds.iter().any(crossed)
    })
}

fn literal(operand: &Operand) -> Option<&str> {
    match &operand.kind {
        OperandKind::Word(text) => Some(text),
        OperandKind::Quoted(text) => Some(&text.text),
        _ => None,
    }
}
