//! Every name of a file and what it stands for: what hover, go to definition and references are made from.

use std::collections::BTreeMap;

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
    /// What a condition calls a finding that it reads (`as f`): of the rule, within the cause of this id, or everywhere.
    Alias(String, String, String),
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
    let mut found = Found { rule: String::new(), aliases: BTreeMap::new(), list: Vec::new() };
    for declaration in declarations {
        match declaration {
            Declaration::Rule(rule) => found.rule(rule),
            Declaration::Log(log) => found.add(&log.name, Thing::Log, true),
            Declaration::Remedy(remedy) => {
                found.rule = String::new();
                found.aliases.clear();
                found.add(&remedy.name, Thing::Remedy, true);
                remedy.needs.iter().for_each(|(_, ty)| found.add(ty, Thing::Type, false));
                if let Some((_, Some(resolved))) = &remedy.verify {
                    found.aliases(resolved, "");
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
    /// Names of findings that may be used where we are, each with the cause it stands in and the rule that is read.
    aliases: BTreeMap<String, (String, String)>,
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
        self.aliases.clear();
        rule.signature.iter().for_each(|expr| self.aliases(expr, ""));
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
                // What follows is of the rule that is expected.
                self.rule.clone_from(&it.rule.as_ref().unwrap_or(&rule.name).value);
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
        self.rule.clone_from(&rule.name.value);
    }

    /// Notes what a condition calls the findings that it reads.
    fn aliases(&mut self, expr: &Expr, cause: &str) {
        if let ExprKind::Finding(rule, Some(alias)) = &expr.kind {
            self.aliases.insert(alias.value.clone(), (cause.to_owned(), rule.value.clone()));
        }
        for part in expr.children() {
            self.aliases(part, cause);
        }
    }

    /// A name of a finding.
    fn alias(&mut self, name: &Text, defines: bool) {
        let cause = self.aliases.get(&name.value).map_or_else(String::new, |(cause, _)| cause.clone());
        let thing = Thing::Alias(self.rule.clone(), cause, name.value.clone());
        self.list.push(Mention { span: name.span, thing, defines });
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
        let outer = self.aliases.clone();
        cause.when.iter().for_each(|expr| self.aliases(expr, &cause.id.value));
        cause.when.iter().for_each(|expr| self.expr(expr));
        self.aliases = outer;
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
            ExprKind::Finding(rule, alias) => {
                self.add(rule, Thing::Rule, false);
                if let Some(alias) = alias {
                    self.alias(alias, true);
                }
            }
            ExprKind::Where(_, filter) => self.filter(filter),
            _ => {}
        }
        for part in expr.children() {
            self.expr(part);
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
                if let Some((_, rule)) = self.aliases.get(&head.value).cloned() {
                    self.alias(head, false);
                    let capture = path.get(1).map(|name| (name.span, Thing::Capture(rule, name.value.clone())));
                    self.list.extend(capture.map(|(span, thing)| Mention { span, thing, defines: false }));
                    return;
                }
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
