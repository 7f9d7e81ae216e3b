//! What the logs of a piece of evidence can bear: windows and order ask for a clock, scopes for sections or attempts.

use super::evidence::{Draft, has_sections};
use crate::diagnostic::{Code, Diagnostic};
use crate::logs::{LogKind, LogKinds};
use crate::rule::Scope;
use crate::source::{Span, Spanned};

/// What stands around a condition, innermost first.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    window: Option<Span>,
    order: Option<Span>,
    scope: Option<(Scope, Span)>,
}

impl Around {
    /// With a window, if there is one.
    pub(super) fn window(self, window: Option<&Spanned<i64>>) -> Self {
        Self { window: window.map(|window| window.span).or(self.window), ..self }
    }

    /// Within a sequence, or beside `before` and `after`.
    pub(super) fn ordered(self, at: Span) -> Self {
        Self { order: Some(at), ..self }
    }

    /// Within `in one …`.
    pub(super) fn scope(self, scope: Scope, at: Span) -> Self {
        Self { scope: Some((scope, at)), ..self }
    }

    /// What the logs of evidence named at `span` cannot bear.
    pub(super) fn faults(self, draft: &Draft, span: Span, kinds: &LogKinds) -> Vec<Diagnostic> {
        let kinds: Vec<&LogKind> = draft.logs.iter().map(|(log, _)| kinds.get(*log)).collect();
        let lacking = |able: fn(&LogKind) -> bool| kinds.iter().find(|kind| !able(kind)).map(|kind| kind.name.as_str());
        let name = &draft.name.value;
        let time = match (self.window.zip(lacking(is_timed)), self.order.zip(lacking(is_history))) {
            (Some((window, kind)), _) => Some(no_window(name, span, kind, window)),
            (None, Some((order, kind))) => Some(no_order(name, span, kind, order)),
            (None, None) => None,
        };
        let scope = self.scope.and_then(|(scope, at)| match scope {
            Scope::Section => lacking(has_sections)
                .map(|kind| no_scope((Code::NO_SECTIONS, "小节", "sections"), name, span, kind, at)),
            Scope::Attempt => lacking(has_attempts)
                .map(|kind| no_scope((Code::NO_ATTEMPTS, "尝试", "attempts"), name, span, kind, at)),
        });
        time.into_iter().chain(scope).collect()
    }
}

fn is_timed(kind: &LogKind) -> bool {
    kind.clock.is_some() && kind.snapshot.is_none()
}

fn is_history(kind: &LogKind) -> bool {
    kind.snapshot.is_none()
}

fn has_attempts(kind: &LogKind) -> bool {
    kind.attempt.is_some()
}

fn no_window(name: &str, span: Span, kind: &str, window: Span) -> Diagnostic {
    let zh = format!("`{name}` 来自没有时间的日志 `{kind}`，不能用时间窗");
    let en = format!("`{name}` comes from `{kind}`, a log without time, and cannot stand in a window");
    Diagnostic::error(Code::NO_WINDOWS, span, zh, en)
        .label(window, "时间窗在此处", "the window")
        .help("去掉时间窗，用 `and`", "leave the window out and use `and`")
}

fn no_order(name: &str, span: Span, kind: &str, order: Span) -> Diagnostic {
    let zh = format!("`{name}` 来自快照 `{kind}`，没有先后");
    let en = format!("`{name}` comes from `{kind}`, a snapshot, which has no before and after");
    Diagnostic::error(Code::NO_WINDOWS, span, zh, en)
        .label(order, "此处要求先后", "the order is asked here")
        .help("改用 `and`", "use `and` instead")
}

fn no_scope(what: (Code, &str, &str), name: &str, span: Span, kind: &str, at: Span) -> Diagnostic {
    let (code, zh, en) = what;
    let zh = format!("`{name}` 来自没有{zh}的日志 `{kind}`");
    let en = format!("`{name}` comes from `{kind}`, a log without {en}");
    Diagnostic::error(code, span, zh, en).label(at, "范围在此处", "the scope")
}
