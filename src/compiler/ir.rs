//! A condition between the stages: names are resolved, types are not judged yet.
//!
//! The same tree as `rule::Condition`, with places. What `resolve` reported stands as `Faulty`, so that `lower` and
//! `lint` go on beside it and never speak of the same fault again.

use std::collections::BTreeSet;

use crate::rule::{CaptureId, EvidenceId, Scope};
use crate::source::{Fragment, Span, Spanned};
use crate::syntax::ast::{Op, Text};
use crate::value::Type;

/// A set of captures.
pub(super) type CaptureSet = BTreeSet<CaptureId>;

/// A condition.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub(super) span: Span,
    pub(super) kind: ExprKind,
}

/// The forms of a condition.
#[derive(Clone, Debug)]
pub(super) enum ExprKind {
    /// Reported.
    Faulty,
    Evidence(EvidenceId),
    Any(Vec<Expr>),
    All(Vec<Expr>),
    Not(Box<Expr>),
    Then(Box<Expr>, Vec<Step>),
    Within(Box<Expr>, Spanned<i64>),
    Near(Box<Expr>, Spanned<i64>, Box<Expr>),
    AtLeast(u64, Box<Expr>, Option<Spanned<i64>>),
    AtLeastOf(u64, Vec<Expr>, Option<Spanned<i64>>),
    LastBefore(Box<Expr>, Box<Expr>),
    FirstAfter(Box<Expr>, Box<Expr>),
    InOne(Scope, Box<Expr>),
    Where(Box<Expr>, Filter),
    Finding(Text, Option<String>),
}

/// A step of a sequence.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) negated: bool,
    pub(super) expr: Expr,
    pub(super) within: Option<Spanned<i64>>,
}

/// A filter.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) span: Span,
    pub(super) kind: FilterKind,
}

/// The forms of a filter.
#[derive(Clone, Debug)]
pub(super) enum FilterKind {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare(Compare),
}

/// A comparison.
#[derive(Clone, Debug)]
pub(super) struct Compare {
    pub(super) left: Operand,
    pub(super) op: Op,
    pub(super) right: Vec<Operand>,
}

/// A side of a comparison.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub(super) span: Span,
    pub(super) kind: OperandKind,
}

/// The forms of an operand.
#[derive(Clone, Debug)]
pub(super) enum OperandKind {
    /// Reported.
    Faulty,
    /// A capture of this rule, and what stands behind its dot.
    Capture(CaptureId, Vec<Text>),
    /// A finding's capture.
    Finding(FindingCapture),
    /// A bare word or literal: read by the other side's type.
    Word(String),
    /// Text in quotes: read by the other side's type, or a pattern.
    Quoted(Fragment),
}

/// `f.status.code`
#[derive(Clone, Debug)]
pub(super) struct FindingCapture {
    pub(super) alias: String,
    pub(super) capture: String,
    /// `None`: of a type that was reported.
    pub(super) ty: Option<Type>,
    pub(super) fields: Vec<Text>,
}

impl Expr {
    /// The parts of which all have to hold when this holds, the parts of which one has to, and those that must not.
    pub(super) fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Faulty | ExprKind::Evidence(_) | ExprKind::Finding(..) => Vec::new(),
            ExprKind::Any(parts) | ExprKind::All(parts) | ExprKind::AtLeastOf(_, parts, _) => parts.iter().collect(),
            ExprKind::Not(part)
            | ExprKind::Within(part, _)
            | ExprKind::AtLeast(_, part, _)
            | ExprKind::InOne(_, part)
            | ExprKind::Where(part, _) => vec![part],
            ExprKind::Then(first, steps) => {
                std::iter::once(first.as_ref()).chain(steps.iter().map(|step| &step.expr)).collect()
            }
            ExprKind::Near(left, _, right) | ExprKind::LastBefore(left, right) | ExprKind::FirstAfter(left, right) => {
                vec![left, right]
            }
        }
    }

    /// Calls `see` for this and everything inside it, outside first.
    pub(super) fn visit<'e>(&'e self, see: &mut impl FnMut(&'e Expr)) {
        see(self);
        for child in self.children() {
            child.visit(see);
        }
    }

    /// Whether some part of it was reported.
    pub(super) fn is_faulty(&self) -> bool {
        let mut faulty = false;
        self.visit(&mut |expr| {
            faulty |= match &expr.kind {
                ExprKind::Faulty => true,
                ExprKind::Where(_, filter) => filter.is_faulty(),
                _ => false,
            };
        });
        faulty
    }

    /// The names of the rules whose findings it reads.
    pub(super) fn findings(&self) -> Vec<&Text> {
        let mut names = Vec::new();
        self.visit(&mut |expr| {
            if let ExprKind::Finding(rule, _) = &expr.kind {
                names.push(rule);
            }
        });
        names
    }
}

impl Filter {
    /// Calls `see` for every comparison, in the order written.
    pub(super) fn visit<'f>(&'f self, see: &mut impl FnMut(&'f Filter, &'f Compare)) {
        match &self.kind {
            FilterKind::All(parts) | FilterKind::Any(parts) => parts.iter().for_each(|part| part.visit(see)),
            FilterKind::Not(part) => part.visit(see),
            FilterKind::Compare(compare) => see(self, compare),
        }
    }

    /// Whether some operand of it was reported.
    pub(super) fn is_faulty(&self) -> bool {
        let mut faulty = false;
        self.visit(&mut |_, compare| {
            faulty |= compare.operands().any(|operand| matches!(operand.kind, OperandKind::Faulty));
        });
        faulty
    }
}

impl Compare {
    /// Both sides.
    pub(super) fn operands(&self) -> impl Iterator<Item = &Operand> {
        std::iter::once(&self.left).chain(&self.right)
    }
}

impl Operand {
    /// The capture of this rule that it reads, if it reads one.
    pub(super) fn capture(&self) -> Option<CaptureId> {
        match self.kind {
            OperandKind::Capture(id, _) => Some(id),
            _ => None,
        }
    }
}
