//! Comparisons across evidence that no window and no join bounds: every pair of hits would be tried.

use crate::compiler::ir::{Compare, Expr, ExprKind, Filter, Operand};
use crate::compiler::rule::{Drafted, Judged};
use crate::diagnostic::{Code, Diagnostic};
use crate::rule::{CaptureId, EvidenceId};
use crate::syntax::ast::Op;

/// Warns of such comparisons in the filters of a condition.
pub(super) fn check(expr: &Expr, drafted: &Drafted, faults: &mut Vec<Diagnostic>) {
    match &expr.kind {
        // Whatever stands inside is bounded by the window.
        ExprKind::Within(..) | ExprKind::Near(..) => return,
        ExprKind::Where(part, filter) if !is_bounded(part) => pairs(filter, drafted, faults),
        _ => {}
    }
    expr.children().into_iter().for_each(|child| check(child, drafted, faults));
}

/// Warns of such comparisons in the filter of a piece of evidence, unless a window stands around one of its uses.
pub(super) fn check_evidence(id: EvidenceId, filter: &Filter, judged: &Judged, faults: &mut Vec<Diagnostic>) {
    let mut windowed = false;
    for expr in judged.conditions.exprs() {
        expr.visit(&mut |part| windowed |= is_bounded(part) && names(part, id));
    }
    if !windowed {
        pairs(filter, &judged.drafted, faults);
    }
}

fn names(expr: &Expr, id: EvidenceId) -> bool {
    let mut named = false;
    expr.visit(&mut |part| named |= matches!(part.kind, ExprKind::Evidence(other) if other == id));
    named
}

fn is_bounded(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Within(..) | ExprKind::Near(..) | ExprKind::LastBefore(..) | ExprKind::FirstAfter(..) => true,
        ExprKind::Then(_, steps) => steps.iter().all(|step| step.within.is_some()),
        ExprKind::Where(part, _) | ExprKind::InOne(_, part) => is_bounded(part),
        _ => false,
    }
}

fn pairs(filter: &Filter, drafted: &Drafted, faults: &mut Vec<Diagnostic>) {
    filter.visit(&mut |place, compare: &Compare| {
        if matches!(compare.op, Op::Equal | Op::In | Op::Present | Op::Matches) {
            return;
        }
        let left = compare.left.capture();
        let right = compare.right.first().and_then(Operand::capture);
        if let (Some(left), Some(right)) = (left, right)
            && !meet(left, right, drafted)
        {
            let message = (
                "跨证据的比较要逐对尝试，可能过多",
                "the comparison across evidence tries every pair, which may be too many",
            );
            faults.push(
                Diagnostic::warning(Code::TOO_MANY_PAIRS, place.span, message.0, message.1)
                    .help("加上时间窗，或用同名捕获联结", "add a window, or join by a capture of the same name"),
            );
        }
    });
}

/// Whether one piece of evidence captures both, or two that capture them are joined by a name.
fn meet(left: CaptureId, right: CaptureId, drafted: &Drafted) -> bool {
    let having = |id| drafted.evidence.iter().filter(move |draft| draft.sometimes.contains(&id));
    having(left).any(|a| having(right).any(|b| !a.sometimes.is_disjoint(&b.sometimes)))
}
