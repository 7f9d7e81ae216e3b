//! Every name of a file and what it stands for: what hover, go to definition and references are made from.

use crate::source::Span;
use crate::syntax::ast::{
    CauseDecl, Declaration, EvidenceDecl, ExpectDecl, Expr, ExprKind, FilterExpr, FilterKind, HoleAccepts, OperandExpr,
    OperandKind, PatternDecl, PatternPart, RuleDecl, Text,
};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Rule(String),
    Log(String),
    Remedy(String),
    Collection(String),
    /// A product, by its name in one language.
    Product(String),
    Type(String),
    /// Of a rule, as are the following.
    Evidence(String, String),
    Capture(String, String),
    Cause(String, String),
    /// A word that may be the name of an error code.
    Word(String),
    /// A template, by its path below `templates/`.
    Template(String),
    /// A name that templates use.
    Name(String),
    /// A value that a remedy or collection takes: whose, and its name.
    Need(String, String),
}

/// A name at a place.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub(super) span: Span,
    pub(super) thing: Thing,
    /// Whether it is named here for the first time.
    pub(super) defines: bool,
}

/// The names in declarations, in no order.
pub(super) fn mentions(declarations: &[Declaration]) -> Vec<Mention> {
    let mut found = Found { rule: String::new(), list: Vec::new() };
    for declaration in declarations {
        match declaration {
            Declaration::Rule(rule) => found.rule(rule),
            Declaration::Log(log) => found.add(&log.name, Thing::Log, true),
            Declaration::Remedy(remedy) => {
                found.rule = String::new();
                found.add(&remedy.name, Thing::Remedy, true);
                remedy.needs.iter().for_each(|(_, ty)| found.add(ty, Thing::Type, false));
                if let Some((_, Some(resolved))) = &remedy.verify {
                    found.expr(resolved);
                }
            }
            Declaration::Collection(collection) => {
                found.add(&collection.name, Thing::Collection, true);
                collection.yields.iter().for_each(|log| found.add(log, Thing::Log, false));
                collection.needs.iter().for_each(|(_, ty)| found.add(ty, Thing::Type, false));
            }
            Declaration::Phrases(_) => {}
        }
    }
    found.list
}

struct Found {
    rule: String,
    list: Vec<Mention>,
}

impl Found {
    fn add(&mut self, name: &Text, thing: fn(String) -> Thing, defines: bool) {
        self.list.push(Mention { span: name.span, thing: thing(name.value.clone()), defines });
    }

    /// A name within the rule.
    fn own(&mut self, span: Span, name: &str, thing: fn(String, String) -> Thing, defines: bool) {
        self.list.push(Mention { span, thing: thing(self.rule.clone(), name.to_owned()), defines });
    }

    fn rule(&mut self, rule: &RuleDecl) {
        self.rule.clone_from(&rule.name.value);
        self.add(&rule.name, Thing::Rule, true);
        let products = rule.products.iter().flat_map(|product| product.zh.iter().chain(&product.en));
        products.for_each(|name| self.add(name, Thing::Product, true));
        rule.explains.iter().for_each(|name| self.add(name, Thing::Rule, false));
        rule.evidence.iter().for_each(|evidence| self.evidence(evidence));
        rule.signature.iter().for_each(|expr| self.expr(expr));
        rule.causes.iter().for_each(|cause| self.cause(cause));
        for test in &rule.tests {
            test.logs.iter().for_each(|(log, _)| self.add(log, Thing::Log, false));
            let ExpectDecl::Findings(findings) = &test.expect else { continue };
            for it in findings {
                it.rule.iter().for_each(|name| self.add(name, Thing::Rule, false));
                it.missing.iter().flatten().for_each(|log| self.add(log, Thing::Log, false));
                it.requests.iter().flatten().for_each(|name| self.add(name, Thing::Collection, false));
                it.captures
                    .iter()
                    .flatten()
                    .for_each(|(name, _)| self.own(name.span, &name.value, Thing::Capture, false));
                it.causes.iter().flatten().for_each(|(name, _)| self.own(name.span, &name.value, Thing::Cause, false));
                it.evidence.iter().flatten().for_each(|name| self.own(name.span, &name.value, Thing::Evidence, false));
            }
        }
    }

    fn evidence(&mut self, evidence: &EvidenceDecl) {
        self.own(evidence.name.span, &evidence.name.value, Thing::Evidence, true);
        evidence.logs.iter().for_each(|log| self.add(log, Thing::Log, false));
        let fields = evidence.fields.iter().map(|(_, pattern)| pattern);
        evidence.lines.iter().chain(&evidence.section).chain(fields).for_each(|pattern| self.pattern(pattern));
        evidence.filter.iter().for_each(|filter| self.filter(filter));
    }

    fn cause(&mut self, cause: &CauseDecl) {
        self.own(cause.id.span, &cause.id.value, Thing::Cause, true);
        cause.when.iter().for_each(|expr| self.expr(expr));
        cause.remedies.iter().for_each(|name| self.add(name, Thing::Remedy, false));
        cause.excludes.iter().for_each(|name| self.own(name.span, &name.value, Thing::Cause, false));
    }

    fn pattern(&mut self, pattern: &PatternDecl) {
        for part in &pattern.parts {
            let PatternPart::Hole(hole) = part else { continue };
            if let Some(name) = &hole.name {
                self.own(name.span, &name.value, Thing::Capture, true);
            }
            if let HoleAccepts::Type(ty) = &hole.accepts {
                self.add(ty, Thing::Type, false);
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.own(expr.span, name, Thing::Evidence, false),
            ExprKind::Finding(rule, _) => self.add(rule, Thing::Rule, false),
            ExprKind::Where(part, filter) => {
                self.expr(part);
                self.filter(filter);
            }
            ExprKind::Or(parts)
            | ExprKind::And(parts)
            | ExprKind::AnyOf(parts)
            | ExprKind::AllOf(parts)
            | ExprKind::AtLeastOf(_, parts, _) => parts.iter().for_each(|part| self.expr(part)),
            ExprKind::Not(part)
            | ExprKind::Within(part, _)
            | ExprKind::AtLeast(_, part, _)
            | ExprKind::InOne(part, _) => self.expr(part),
            ExprKind::Then(first, steps) => {
                self.expr(first);
                for step in steps {
                    self.expr(&step.expr);
                }
            }
            ExprKind::Near(left, _, right) | ExprKind::LastBefore(left, right) | ExprKind::FirstAfter(left, right) => {
                self.expr(left);
                self.expr(right);
            }
        }
    }

    fn filter(&mut self, filter: &FilterExpr) {
        match &filter.kind {
            FilterKind::And(parts) | FilterKind::Or(parts) => parts.iter().for_each(|part| self.filter(part)),
            FilterKind::Not(part) => self.filter(part),
            FilterKind::Compare(left, _, right) => {
                std::iter::once(left).chain(right).for_each(|operand| self.operand(operand));
            }
        }
    }

    fn operand(&mut self, operand: &OperandExpr) {
        match &operand.kind {
            OperandKind::Name(path) => {
                let Some(head) = path.first() else { return };
                self.own(head.span, &head.value, Thing::Capture, false);
                self.add(head, Thing::Word, false);
            }
            OperandKind::Literal(text) => {
                self.list.push(Mention { span: operand.span, thing: Thing::Word(text.clone()), defines: false });
            }
            OperandKind::Text(_) => {}
        }
    }
}
