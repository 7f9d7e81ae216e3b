//! Names of conditions: evidence, captures, findings and their aliases. Expressions as written become `ir` ones.

use std::collections::BTreeMap;

use super::capture::CaptureTable;
use super::fault;
use super::ir::{Compare, Expr, ExprKind, Filter, FilterKind, FindingCapture, Operand, OperandKind, Step};
use super::known::Known;
use crate::diagnostic::Diagnostic;
use crate::rule::{EvidenceId, Scope};
use crate::syntax::ast::{self, Text};
use crate::value::Type;

/// What other rules may know of a rule.
#[derive(Clone)]
pub(super) struct Face {
    /// Its captures and their types.
    pub(super) captures: BTreeMap<String, Option<Type>>,
    /// The names of its evidence and the ids of its causes, which only tests speak of.
    pub(super) evidence: Vec<String>,
    pub(super) causes: Vec<String>,
}

/// Aliases of findings and the rules they stand for; `None` for a rule that is unknown or left out.
pub(super) type Aliases = BTreeMap<String, Option<String>>;

/// The names that a condition can use.
pub(super) struct Names<'a> {
    pub(super) evidence: &'a BTreeMap<String, EvidenceId>,
    pub(super) captures: &'a CaptureTable,
    pub(super) rules: &'a Known<Face>,
    pub(super) aliases: Aliases,
    /// Whether it is the `where:` of a piece of evidence, which no finding reaches.
    pub(super) in_evidence: bool,
    /// Whether evidence was lost: a name may have stood in it, so that only what is nearly a known name is reported.
    pub(super) partial: bool,
    pub(super) faults: &'a mut Vec<Diagnostic>,
}

impl Names<'_> {
    /// Takes in the aliases that `expr` gives.
    pub(super) fn collect_aliases(&mut self, expr: &ast::Expr) {
        if let ast::ExprKind::Finding(rule, Some(alias)) = &expr.kind {
            let meaning = self.rules.get(&rule.value).map(|_| rule.value.clone());
            match self.aliases.get(&alias.value) {
                Some(Some(other)) if meaning.as_ref().is_some_and(|rule| rule != other) => {
                    self.faults.push(fault::duplicate(alias, rule.span));
                }
                _ => {
                    self.aliases.insert(alias.value.clone(), meaning);
                }
            }
        }
        for child in expr.children() {
            self.collect_aliases(child);
        }
    }

    /// Resolves a condition.
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Expr {
        Expr { span: expr.span, kind: self.kind(expr) }
    }

    fn kind(&mut self, expr: &ast::Expr) -> ExprKind {
        match &expr.kind {
            ast::ExprKind::Name(name) => self.evidence(&Text::new(name.clone(), expr.span)),
            ast::ExprKind::Or(parts) | ast::ExprKind::AnyOf(parts) => ExprKind::Any(self.list(parts)),
            ast::ExprKind::And(parts) | ast::ExprKind::AllOf(parts) => ExprKind::All(self.list(parts)),
            ast::ExprKind::Not(part) => ExprKind::Not(self.boxed(part)),
            ast::ExprKind::Then(first, steps) => ExprKind::Then(self.boxed(first), self.steps(steps)),
            ast::ExprKind::Within(part, window) => ExprKind::Within(self.boxed(part), window.clone()),
            ast::ExprKind::Near(left, window, right) => {
                ExprKind::Near(self.boxed(left), window.clone(), self.boxed(right))
            }
            ast::ExprKind::AtLeast(count, part, window) => {
                ExprKind::AtLeast(count.value, self.boxed(part), window.clone())
            }
            ast::ExprKind::AtLeastOf(count, parts, window) => {
                ExprKind::AtLeastOf(count.value, self.list(parts), window.clone())
            }
            ast::ExprKind::LastBefore(what, before) => ExprKind::LastBefore(self.boxed(what), self.boxed(before)),
            ast::ExprKind::FirstAfter(what, after) => ExprKind::FirstAfter(self.boxed(what), self.boxed(after)),
            ast::ExprKind::InOne(part, section) => {
                ExprKind::InOne(if *section { Scope::Section } else { Scope::Attempt }, self.boxed(part))
            }
            ast::ExprKind::Where(part, filter) => ExprKind::Where(self.boxed(part), self.filter(filter)),
            ast::ExprKind::Finding(rule, alias) => match self.rules.find(rule, self.faults) {
                Some(_) => ExprKind::Finding(rule.clone(), alias.as_ref().map(|alias| alias.value.clone())),
                None => ExprKind::Faulty,
            },
        }
    }

    fn boxed(&mut self, expr: &ast::Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn list(&mut self, parts: &[ast::Expr]) -> Vec<Expr> {
        parts.iter().map(|part| self.expr(part)).collect()
    }

    fn steps(&mut self, steps: &[ast::StepExpr]) -> Vec<Step> {
        let step = |step: &ast::StepExpr| Step {
            negated: step.negated,
            expr: self.expr(&step.expr),
            within: step.within.clone(),
        };
        steps.iter().map(step).collect()
    }

    fn evidence(&mut self, name: &Text) -> ExprKind {
        if let Some(id) = self.evidence.get(&name.value) {
            return ExprKind::Evidence(*id);
        }
        let unknown = fault::unknown(&fault::EVIDENCE, name, self.evidence.keys().map(String::as_str));
        if !self.partial || unknown.fix.is_some() {
            let is_rule = self.rules.has(&name.value);
            self.faults.push(if is_rule {
                unknown.help(
                    format!("引用规则的结果写作 `finding {}`", name.value),
                    format!("another rule's result is `finding {}`", name.value),
                )
            } else {
                unknown
            });
        }
        ExprKind::Faulty
    }

    /// Resolves a filter.
    pub(super) fn filter(&mut self, filter: &ast::FilterExpr) -> Filter {
        let kind = match &filter.kind {
            ast::FilterKind::And(parts) => FilterKind::All(self.filters(parts)),
            ast::FilterKind::Or(parts) => FilterKind::Any(self.filters(parts)),
            ast::FilterKind::Not(part) => FilterKind::Not(Box::new(self.filter(part))),
            ast::FilterKind::Compare(left, op, right) => FilterKind::Compare(Compare {
                left: self.operand(left, true),
                op: op.value,
                right: right.iter().map(|operand| self.operand(operand, false)).collect(),
            }),
        };
        Filter { span: filter.span, kind }
    }

    fn filters(&mut self, parts: &[ast::FilterExpr]) -> Vec<Filter> {
        parts.iter().map(|part| self.filter(part)).collect()
    }

    fn operand(&mut self, operand: &ast::OperandExpr, left: bool) -> Operand {
        let kind = match &operand.kind {
            ast::OperandKind::Text(text) => OperandKind::Quoted(text.clone()),
            ast::OperandKind::Literal(text) => OperandKind::Word(text.clone()),
            ast::OperandKind::Name(path) => self.path(path, left),
        };
        Operand { span: operand.span, kind }
    }

    /// `capture.field`, else `alias.capture.field`, else, on the right side, a word.
    fn path(&mut self, path: &[Text], left: bool) -> OperandKind {
        let Some((head, rest)) = path.split_first() else { return OperandKind::Faulty };
        if let Some(id) = self.captures.find(&head.value) {
            return OperandKind::Capture(id, rest.to_vec());
        }
        if let Some(rule) = self.aliases.get(&head.value).cloned() {
            return self.finding(head, rule, rest);
        }
        if !left && rest.is_empty() {
            return OperandKind::Word(head.value.clone());
        }
        self.unknown_head(head, left);
        OperandKind::Faulty
    }

    fn finding(&mut self, alias: &Text, rule: Option<String>, rest: &[Text]) -> OperandKind {
        if self.in_evidence {
            self.faults.push(fault::finding_out_of_reach(alias.span, &alias.value));
            return OperandKind::Faulty;
        }
        let Some(captures) = rule.and_then(|rule| self.rules.get(&rule)).map(|face| &face.captures) else {
            return OperandKind::Faulty;
        };
        let Some((capture, fields)) = rest.split_first() else {
            let bare = fault::unknown(&fault::CAPTURE, alias, []);
            self.faults.push(bare.help(
                format!("`{0}` 是发现的别名，请写明捕获：`{0}.捕获`", alias.value),
                format!("`{0}` stands for a finding; name a capture of it, `{0}.capture`", alias.value),
            ));
            return OperandKind::Faulty;
        };
        let Some(ty) = captures.get(&capture.value) else {
            self.faults.push(fault::unknown(&fault::CAPTURE, capture, captures.keys().map(String::as_str)));
            return OperandKind::Faulty;
        };
        OperandKind::Finding(FindingCapture {
            alias: alias.value.clone(),
            capture: capture.value.clone(),
            ty: *ty,
            fields: fields.to_vec(),
        })
    }

    fn unknown_head(&mut self, head: &Text, left: bool) {
        let fault = if self.aliases.is_empty() {
            fault::unknown(&fault::CAPTURE, head, self.captures.names())
        } else {
            let known = self.captures.names().chain(self.aliases.keys().map(String::as_str));
            fault::unknown(&fault::ALIAS, head, known)
        };
        if self.partial && fault.fix.is_none() {
            return;
        }
        self.faults.push(if left || fault.help.is_some() {
            fault
        } else {
            fault.help("若是文字，请加引号", "if a text is meant, put it in quotes")
        });
    }
}
