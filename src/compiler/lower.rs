//! Conditions of `ir` to conditions of the contract: windows, sections and attempts are asked only of logs that have
//! them, filters get their types, places end.

use super::bearing::Around;
use super::capture::CaptureTable;
use super::evidence::Draft;
use super::filter::Filters;
use super::ir::{Expr, ExprKind, Step};
use crate::diagnostic::Diagnostic;
use crate::logs::LogKinds;
use crate::rule::{self, Condition, EvidenceId, Window};
use crate::source::{Span, Spanned};

/// What conditions of one rule are lowered against.
pub(super) struct Lowering<'a> {
    pub(super) kinds: &'a LogKinds,
    pub(super) evidence: &'a [Draft],
    pub(super) captures: &'a CaptureTable,
    pub(super) faults: &'a mut Vec<Diagnostic>,
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
            ExprKind::Then(first, steps) => self.sequence(first, steps, around.ordered(expr.span)),
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
                let (what, before) = self.pair(what, before, around.ordered(expr.span))?;
                Some(Condition::LastBefore { what, before })
            }
            ExprKind::FirstAfter(what, after) => {
                let (what, after) = self.pair(what, after, around.ordered(expr.span))?;
                Some(Condition::FirstAfter { what, after })
            }
            ExprKind::InOne(scope, part) => {
                let condition = self.boxed(part, around.scope(*scope, expr.span))?;
                Some(Condition::InOne { scope: *scope, condition })
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
        let found = around.faults(&self.evidence[id.0], span, self.kinds);
        let borne = found.is_empty();
        self.faults.extend(found);
        borne.then_some(Condition::Evidence(id))
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
