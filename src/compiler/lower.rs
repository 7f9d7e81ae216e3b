//! Conditions of `ir` to conditions of the contract: windows, sections and attempts are asked only of logs that have
//! them, filters get their types, places end.

use super::capture::CaptureTable;
use super::evidence::{Draft, has_sections};
use super::filter::Filters;
use super::ir::{Expr, ExprKind, Step};
use crate::diagnostic::{Code, Diagnostic};
use crate::logs::{LogKind, LogKinds};
use crate::rule::{self, Condition, EvidenceId, Scope, Window};
use crate::source::{Span, Spanned};

/// What conditions of one rule are lowered against.
pub(super) struct Lowering<'a> {
    pub(super) kinds: &'a LogKinds,
    pub(super) evidence: &'a [Draft],
    pub(super) captures: &'a CaptureTable,
    pub(super) faults: &'a mut Vec<Diagnostic>,
}

/// What stands around a condition: the innermost window, and where `in one …` is written.
#[derive(Clone, Copy, Default)]
struct Around {
    window: Option<Span>,
    scope: Option<(Scope, Span)>,
}

impl Around {
    fn window(self, window: Option<&Spanned<i64>>) -> Self {
        Self { window: window.map(|window| window.span).or(self.window), ..self }
    }
}

impl Lowering<'_> {
    /// Lowers a condition; `None` when something in it was reported.
    pub(super) fn condition(&mut self, expr: &Expr) -> Option<Condition> {
        self.lower(expr, Around::default())
    }

    /// The filters of the rule.
    pub(super) fn filters(&mut self) -> Filters<'_> {
        Filters { captures: self.captures, faults: self.faults }
    }

    fn lower(&mut self, expr: &Expr, around: Around) -> Option<Condition> {
        match &expr.kind {
            ExprKind::Faulty => None,
            ExprKind::Evidence(id) => self.evidence(*id, expr.span, around),
            ExprKind::All(parts) => Some(Condition::All(flatten(self.list(parts, around)?, |part, flat| match part {
                Condition::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }))),
            ExprKind::Any(parts) => Some(Condition::Any(flatten(self.list(parts, around)?, |part, flat| match part {
                Condition::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }))),
            ExprKind::Not(part) => Some(Condition::Not(self.boxed(part, around)?)),
            ExprKind::Then(first, steps) => self.sequence(first, steps, around),
            ExprKind::Within(part, window) => {
                let condition = self.boxed(part, around.window(Some(window)))?;
                Some(Condition::Within { condition, window: Window(window.value) })
            }
            ExprKind::Near(left, window, right) => {
                let around = around.window(Some(window));
                let (left, right) = self.pair(left, right, around)?;
                Some(Condition::Near { left, right, window: Window(window.value) })
            }
            ExprKind::Finding(rule, alias) => {
                Some(Condition::Finding { rule: rule.value.clone(), alias: alias.clone() })
            }
            _ => self.counted_or_scoped(expr, around),
        }
    }

    fn counted_or_scoped(&mut self, expr: &Expr, around: Around) -> Option<Condition> {
        match &expr.kind {
            ExprKind::AtLeast(count, part, window) => {
                let condition = self.boxed(part, around.window(window.as_ref()))?;
                Some(Condition::AtLeast { count: *count, condition, window: length(window.as_ref()) })
            }
            ExprKind::AtLeastOf(count, parts, window) => {
                let conditions = self.list(parts, around.window(window.as_ref()))?;
                Some(Condition::AtLeastOf { count: *count, conditions, window: length(window.as_ref()) })
            }
            ExprKind::LastBefore(what, before) => {
                let (what, before) = self.pair(what, before, around)?;
                Some(Condition::LastBefore { what, before })
            }
            ExprKind::FirstAfter(what, after) => {
                let (what, after) = self.pair(what, after, around)?;
                Some(Condition::FirstAfter { what, after })
            }
            ExprKind::InOne(scope, part) => {
                let around = Around { scope: Some((*scope, expr.span)), ..around };
                Some(Condition::InOne { scope: *scope, condition: self.boxed(part, around)? })
            }
            ExprKind::Where(part, filter) => {
                let condition = self.boxed(part, around);
                let filter = self.filters().lower(filter);
                Some(Condition::Where { condition: condition?, filter: filter? })
            }
            _ => None,
        }
    }

    fn boxed(&mut self, expr: &Expr, around: Around) -> Option<Box<Condition>> {
        self.lower(expr, around).map(Box::new)
    }

    fn pair(&mut self, left: &Expr, right: &Expr, around: Around) -> Option<(Box<Condition>, Box<Condition>)> {
        let left = self.boxed(left, around);
        let right = self.boxed(right, around);
        Some((left?, right?))
    }

    /// All parts, each looked at even when an earlier one was reported.
    fn list(&mut self, parts: &[Expr], around: Around) -> Option<Vec<Condition>> {
        let lowered: Vec<Option<Condition>> = parts.iter().map(|part| self.lower(part, around)).collect();
        lowered.into_iter().collect()
    }

    /// A step's window bounds the hits on both its sides.
    fn sequence(&mut self, first: &Expr, steps: &[Step], around: Around) -> Option<Condition> {
        let first = self.boxed(first, around.window(steps.first().and_then(|step| step.within.as_ref())));
        let mut lowered = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let next = steps.get(index + 1).and_then(|next| next.within.as_ref());
            let condition = self.lower(&step.expr, around.window(step.within.as_ref().or(next)));
            lowered.push(condition.map(|condition| rule::Step {
                negated: step.negated,
                condition,
                within: length(step.within.as_ref()),
            }));
        }
        Some(Condition::Then { first: first?, steps: lowered.into_iter().collect::<Option<_>>()? })
    }

    /// A piece of evidence, and whether its logs can bear what stands around it.
    fn evidence(&mut self, id: EvidenceId, span: Span, around: Around) -> Option<Condition> {
        let draft = &self.evidence[id.0];
        let kinds: Vec<&LogKind> = draft.logs.iter().map(|(log, _)| self.kinds.get(*log)).collect();
        let lacking = |able: &dyn Fn(&LogKind) -> bool| kinds.iter().find(|kind| !able(kind)).map(|kind| &kind.name);
        let timed = |kind: &LogKind| kind.clock.is_some() && kind.snapshot.is_none();
        let before = self.faults.len();
        if let Some(window) = around.window
            && let Some(kind) = lacking(&timed)
        {
            let fault = Diagnostic::error(
                Code::NO_WINDOWS,
                span,
                format!("`{}` 来自没有时间的日志 `{kind}`，不能用时间窗", draft.name.value),
                format!("`{}` comes from `{kind}`, a log without time, and cannot stand in a window", draft.name.value),
            );
            self.faults.push(
                fault
                    .label(window, "时间窗在此处", "the window")
                    .help("去掉时间窗，用 `and`", "leave the window out and use `and`"),
            );
        }
        let scope = match around.scope {
            Some((Scope::Section, at)) => {
                lacking(&has_sections).map(|kind| (Code::NO_SECTIONS, "小节", "sections", kind, at))
            }
            Some((Scope::Attempt, at)) => {
                let able = |kind: &LogKind| kind.attempt.is_some();
                lacking(&able).map(|kind| (Code::NO_ATTEMPTS, "尝试", "attempts", kind, at))
            }
            None => None,
        };
        if let Some((code, zh, en, kind, at)) = scope {
            let zh = format!("`{}` 来自没有{zh}的日志 `{kind}`", draft.name.value);
            let en = format!("`{}` comes from `{kind}`, a log without {en}", draft.name.value);
            let fault = Diagnostic::error(code, span, zh, en);
            self.faults.push(fault.label(at, "范围在此处", "the scope"));
        }
        (self.faults.len() == before).then_some(Condition::Evidence(id))
    }
}

fn length(window: Option<&Spanned<i64>>) -> Option<Window> {
    window.map(|window| Window(window.value))
}

/// Takes parts of the same form out of their parentheses.
fn flatten(parts: Vec<Condition>, put: impl Fn(Condition, &mut Vec<Condition>)) -> Vec<Condition> {
    let mut flat = Vec::new();
    for part in parts {
        put(part, &mut flat);
    }
    flat
}
