//! Which captures have a value where a filter asks for them.
//!
//! A filter over a condition may use what the condition captures on every branch, and what is joined to it from
//! around; a capture that one branch lacks, or that nothing around it captures, is reported.

use std::collections::BTreeMap;

use super::capture::CaptureTable;
use super::evidence::Draft;
use super::fault;
use super::ir::{CaptureSet, Compare, Expr, ExprKind, Filter};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::ast::Op;

/// Checks the filters of one rule.
pub(super) struct Binding<'a> {
    pub(super) evidence: &'a [Draft],
    pub(super) captures: &'a CaptureTable,
    pub(super) faults: &'a mut Vec<Diagnostic>,
}

impl Binding<'_> {
    /// Checks every filter inside `expr`; `around` is what the surroundings capture.
    pub(super) fn check(&mut self, expr: &Expr, around: &CaptureSet) {
        if let ExprKind::Where(part, filter) = &expr.kind {
            let always = self.always(part);
            let sometimes = self.sometimes(part);
            self.filter(filter, part.span, &always, &sometimes, around);
        }
        for (child, around) in self.joined(expr, around) {
            self.check(child, &around);
        }
    }

    /// Checks the filter of a piece of evidence: it sees its own captures and those of all other evidence.
    pub(super) fn check_evidence(&mut self, index: usize, filter: &Filter, lines: Span) {
        let own = &self.evidence[index];
        let others = self.evidence.iter().enumerate().filter(|(other, _)| *other != index);
        let around: CaptureSet = others.flat_map(|(_, draft)| draft.sometimes.iter().copied()).collect();
        let (always, sometimes) = (own.always.clone(), own.sometimes.clone());
        self.filter(filter, lines, &always, &sometimes, &around);
    }

    fn filter(
        &mut self,
        filter: &Filter,
        branches: Span,
        always: &CaptureSet,
        sometimes: &CaptureSet,
        around: &CaptureSet,
    ) {
        let asked = asked_first(filter);
        let mut found = Vec::new();
        filter.visit(&mut |_, compare| {
            for operand in compare.operands() {
                let Some(id) = operand.capture() else { continue };
                if always.contains(&id) || around.contains(&id) || asked.contains(&id) {
                    continue;
                }
                let name = self.captures.name(id);
                found.push(if sometimes.contains(&id) {
                    fault::unbound(operand.span, name, branches)
                } else {
                    fault::out_of_reach(operand.span, name)
                });
            }
        });
        self.faults.extend(found);
    }

    /// The parts of `expr`, each with what it can be joined to.
    fn joined<'e>(&self, expr: &'e Expr, around: &CaptureSet) -> Vec<(&'e Expr, CaptureSet)> {
        let children = expr.children();
        if matches!(expr.kind, ExprKind::Any(_) | ExprKind::AtLeastOf(..)) || children.len() < 2 {
            return children.into_iter().map(|child| (child, around.clone())).collect();
        }
        let sets: Vec<CaptureSet> = children.iter().map(|child| self.sometimes(child)).collect();
        let mut counts = BTreeMap::new();
        sets.iter().flatten().for_each(|id| *counts.entry(*id).or_insert(0_usize) += 1);
        let with_others = |own: &CaptureSet| {
            let others = counts.iter().filter(|(id, count)| **count > usize::from(own.contains(*id)));
            around.iter().copied().chain(others.map(|(id, _)| *id)).collect()
        };
        children.into_iter().zip(&sets).map(|(child, own)| (child, with_others(own))).collect()
    }

    /// What is captured whenever `expr` holds.
    pub(super) fn always(&self, expr: &Expr) -> CaptureSet {
        match &expr.kind {
            ExprKind::Faulty => self.every(),
            ExprKind::Not(_) | ExprKind::Finding(..) => CaptureSet::new(),
            ExprKind::Evidence(id) => self.evidence[id.0].always.clone(),
            ExprKind::Any(parts) => self.at_least(1, parts),
            ExprKind::AtLeastOf(count, parts, _) => self.at_least(usize::try_from(*count).unwrap_or(usize::MAX), parts),
            ExprKind::Then(first, steps) => {
                let positive = steps.iter().filter(|step| !step.negated).map(|step| self.always(&step.expr));
                positive.fold(self.always(first), |all, step| &all | &step)
            }
            _ => expr.children().into_iter().flat_map(|child| self.always(child)).collect(),
        }
    }

    /// What is captured whichever `count` of `parts` hold: what fewer than `count` of them lack.
    fn at_least(&self, count: usize, parts: &[Expr]) -> CaptureSet {
        let mut counts = BTreeMap::new();
        for id in parts.iter().flat_map(|part| self.always(part)) {
            *counts.entry(id).or_insert(0_usize) += 1;
        }
        counts.into_iter().filter(|(_, have)| parts.len().saturating_sub(*have) < count).map(|(id, _)| id).collect()
    }

    /// What can be captured when `expr` holds.
    pub(super) fn sometimes(&self, expr: &Expr) -> CaptureSet {
        match &expr.kind {
            ExprKind::Faulty => self.every(),
            ExprKind::Not(_) => CaptureSet::new(),
            ExprKind::Evidence(id) => self.evidence[id.0].sometimes.clone(),
            ExprKind::Then(first, steps) => {
                let positive = steps.iter().filter(|step| !step.negated).map(|step| self.sometimes(&step.expr));
                positive.fold(self.sometimes(first), |all, step| &all | &step)
            }
            _ => expr.children().into_iter().flat_map(|child| self.sometimes(child)).collect(),
        }
    }

    /// Every capture: what stands for a part that was reported.
    fn every(&self) -> CaptureSet {
        self.captures.ids().collect()
    }
}

/// Captures that the filter itself asks `is present` of.
fn asked_first(filter: &Filter) -> CaptureSet {
    let mut asked = CaptureSet::new();
    filter.visit(&mut |_, compare: &Compare| {
        if compare.op == Op::Present {
            asked.extend(compare.left.capture());
        }
    });
    asked
}
