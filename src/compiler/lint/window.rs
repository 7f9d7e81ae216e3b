//! Windows longer than the logs they look at are kept: what they ask stays undetermined.

use super::Surroundings;
use crate::compiler::ir::{Expr, ExprKind};
use crate::compiler::rule::Drafted;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};

/// Warns of every window in `expr` that is longer than a log inside it is kept.
pub(super) fn check(expr: &Expr, drafted: &Drafted, around: &Surroundings<'_>, faults: &mut Vec<Diagnostic>) {
    expr.visit(&mut |part| {
        for window in windows(part) {
            if let Some((kind, keeps)) = shortest(part, drafted, around)
                && window.value > keeps.0
            {
                faults.push(warning(window.span, kind, keeps.1));
            }
        }
    });
}

/// The windows that a part of a condition has itself.
fn windows(expr: &Expr) -> Vec<&Spanned<i64>> {
    match &expr.kind {
        ExprKind::Within(_, window) | ExprKind::Near(_, window, _) => vec![window],
        ExprKind::AtLeast(_, _, window) | ExprKind::AtLeastOf(_, _, window) => window.iter().collect(),
        ExprKind::Then(_, steps) => steps.iter().filter_map(|step| step.within.as_ref()).collect(),
        _ => Vec::new(),
    }
}

/// Of the logs inside `expr` the one that is kept for the shortest time: its name, the time, where it is said.
fn shortest<'a>(expr: &Expr, drafted: &'a Drafted, around: &'a Surroundings<'_>) -> Option<(&'a str, (i64, Span))> {
    let mut best: Option<(&str, (i64, Span))> = None;
    expr.visit(&mut |part| {
        let ExprKind::Evidence(id) = part.kind else { return };
        for (log, _) in &drafted.evidence[id.0].logs {
            let name = around.kinds.get(*log).name.as_str();
            let keeps = around.logs.get(name).and_then(|log| log.decl.keeps.as_ref());
            if let Some(keeps) = keeps.filter(|keeps| best.is_none_or(|(_, (least, _))| keeps.value < least)) {
                best = Some((name, (keeps.value, keeps.span)));
            }
        }
    });
    best
}

fn warning(window: Span, kind: &str, keeps: Span) -> Diagnostic {
    let zh = format!("时间窗长于日志 `{kind}` 的保留期，结果多半未定");
    let en = format!("the window is longer than `{kind}` is kept, so it mostly stays undetermined");
    Diagnostic::warning(Code::WINDOW_BEYOND_LOG, window, zh, en).label(
        keeps,
        "日志通常只能回溯这么久",
        "so far back the log usually reaches",
    )
}
