//! Where the parts of a rule stand in its file. The contract has no places: the rule is read once more, and its tree as
//! written is walked beside the compiled one, which has the same form but for parentheses around like operands.

use std::collections::BTreeMap;

use crate::knowledge_base::KnowledgeBase;
use crate::rule::{Condition, Rule};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax;
use crate::syntax::ast::{Declaration, EvidenceDecl, Expr, ExprKind, RuleDecl};

/// A part of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A piece of evidence, by its position.
    Evidence(usize),
    /// The signature.
    Signature,
    /// A cause, by its position.
    Cause(usize),
}

impl Part {
    /// How it is called in the rule.
    #[must_use]
    pub fn name(self, rule: &Rule) -> String {
        match self {
            Part::Evidence(at) => format!("evidence {}", rule.evidence[at].name),
            Part::Signature => "signature".to_owned(),
            Part::Cause(at) => format!("cause {}", rule.causes[at].id),
        }
    }

    /// Its condition, where it has one.
    #[must_use]
    pub fn condition(self, rule: &Rule) -> Option<&Condition> {
        match self {
            Part::Evidence(_) => None,
            Part::Signature => Some(&rule.signature),
            Part::Cause(at) => rule.causes[at].when.as_ref(),
        }
    }

    /// Where to put another condition.
    pub(super) fn condition_mut(self, rule: &mut Rule) -> Option<&mut Condition> {
        match self {
            Part::Evidence(_) => None,
            Part::Signature => Some(&mut rule.signature),
            Part::Cause(at) => rule.causes[at].when.as_mut(),
        }
    }
}

/// A place in a file of the knowledge base, as people are told it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// The rules of a knowledge base as written.
pub(super) struct Places<'b> {
    map: &'b SourceMap,
    rules: BTreeMap<String, RuleDecl>,
}

impl<'b> Places<'b> {
    pub(super) fn new(base: &'b KnowledgeBase) -> Places<'b> {
        let mut rules = BTreeMap::new();
        for (id, _) in base.map.files().filter(|(_, file)| file.path.starts_with("rules/")) {
            for declaration in syntax::parse(&base.map, id, &mut Vec::new()) {
                if let Declaration::Rule(rule) = declaration {
                    rules.insert(rule.name.value.clone(), *rule);
                }
            }
        }
        Places { map: &base.map, rules }
    }

    pub(super) fn rule(&self, name: &str) -> Option<&RuleDecl> {
        self.rules.get(name)
    }

    pub(super) fn evidence(&self, rule: &str, at: usize) -> Option<&EvidenceDecl> {
        self.rule(rule)?.evidence.get(at)
    }

    /// What is written of a part's condition.
    pub(super) fn expr(&self, rule: &str, part: Part) -> Option<&Expr> {
        match part {
            Part::Evidence(_) => None,
            Part::Signature => self.rule(rule)?.signature.as_ref(),
            Part::Cause(at) => self.rule(rule)?.causes.get(at)?.when.as_ref(),
        }
    }

    /// The name that a part goes by.
    pub(super) fn head(&self, rule: &str, part: Part) -> Option<Span> {
        let decl = self.rule(rule)?;
        match part {
            Part::Evidence(at) => decl.evidence.get(at).map(|evidence| evidence.name.span),
            Part::Signature => decl.signature.as_ref().map(|expr| expr.span),
            Part::Cause(at) => decl.causes.get(at).map(|cause| cause.id.span),
        }
    }

    /// The place of a span; that of the rule where there is none.
    pub(super) fn place(&self, rule: &str, span: Option<Span>) -> Option<Place> {
        let span = span.or_else(|| self.rule(rule).map(|decl| decl.name.span))?;
        let at = self.map.line_column(span.file, span.start);
        Some(Place { file: self.map.file(span.file).path.clone(), line: at.line, column: at.column })
    }

    /// The rule in whose document a place lies, unless another document stands between them.
    pub(super) fn above(&self, span: Span) -> Option<&str> {
        let own = self.rules.values().filter(|decl| decl.name.span.file == span.file);
        let last = own.filter(|decl| decl.name.span.start <= span.start).max_by_key(|decl| decl.name.span.start)?;
        let between = self.text(span.file).get(last.name.span.start..span.start)?;
        (!between.contains("\n---")).then_some(&*last.name.value)
    }

    /// The lines of a rule's document with their numbers, from its name to the next rule of the file.
    pub(super) fn lines(&self, rule: &str) -> Vec<(usize, &str)> {
        let Some(span) = self.rule(rule).map(|decl| decl.name.span) else { return Vec::new() };
        let line = |span: Span| self.map.line_column(span.file, span.start).line;
        let first = line(span);
        let others = self.rules.values().map(|decl| decl.name.span).filter(|other| other.file == span.file);
        let last = others.map(line).filter(|other| *other > first).min().unwrap_or(usize::MAX);
        let all = self.text(span.file).lines().zip(1..).map(|(text, number)| (number, text));
        all.filter(|(number, _)| (first..last).contains(number)).collect()
    }

    fn text(&self, file: FileId) -> &str {
        &self.map.file(file).text
    }
}

/// The expressions inside one, in the order of the compiled condition's children.
fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::And(parts) | ExprKind::AllOf(parts) => {
            flat(parts, |kind| matches!(kind, ExprKind::And(_) | ExprKind::AllOf(_)))
        }
        ExprKind::Or(parts) | ExprKind::AnyOf(parts) => {
            flat(parts, |kind| matches!(kind, ExprKind::Or(_) | ExprKind::AnyOf(_)))
        }
        _ => expr.children(),
    }
}

fn flat(parts: &[Expr], same: fn(&ExprKind) -> bool) -> Vec<&Expr> {
    parts.iter().flat_map(|part| if same(&part.kind) { children(part) } else { vec![part] }).collect()
}

/// The expression at a path of child positions; the nearest one above where the path goes deeper.
pub(super) fn at<'e>(expr: &'e Expr, path: &[usize]) -> &'e Expr {
    let next = path.split_first().and_then(|(first, rest)| Some((*children(expr).get(*first)?, rest)));
    next.map_or(expr, |(child, rest)| at(child, rest))
}
