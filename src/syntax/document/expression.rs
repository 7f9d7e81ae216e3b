//! Scalars that hold an expression: patterns, conditions, filters. They must be mapped byte by byte, so text that
//! YAML folds over lines is refused, with a rewrite.

use super::reader::{Reader, list};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Fragment;
use crate::syntax::ast::{Expr, FilterExpr, PatternDecl, Text};
use crate::syntax::condition::{parse_condition, parse_filter};
use crate::syntax::pattern::parse_pattern;
use crate::syntax::yaml::{Node, Scalar, Style};

/// A parser of the text of a scalar.
type Parse<T> = fn(&Fragment, &mut Vec<Diagnostic>) -> Option<T>;

impl Reader<'_> {
    /// A condition.
    pub(super) fn condition(&mut self, key: &Text, node: Node) -> Option<Expr> {
        self.expression(key, node, parse_condition)
    }

    /// A filter.
    pub(super) fn filter(&mut self, key: &Text, node: Node) -> Option<FilterExpr> {
        self.expression(key, node, parse_filter)
    }

    /// A line pattern. The line end that a `|` block adds is no part of it.
    pub(super) fn pattern(&mut self, key: &Text, node: Node) -> Option<PatternDecl> {
        self.expression(key, node, |fragment, diagnostics| {
            let line = fragment.text.trim_end_matches('\n').len();
            if line == fragment.text.len() {
                return parse_pattern(fragment, diagnostics);
            }
            parse_pattern(&fragment.concat(std::slice::from_ref(&(0..line))), diagnostics)
        })
    }

    /// One pattern or a list of patterns.
    pub(super) fn patterns(&mut self, key: &Text, node: Node) -> Vec<PatternDecl> {
        list(node).into_iter().filter_map(|item| self.pattern(key, item)).collect()
    }

    fn expression<T>(&mut self, key: &Text, node: Node, parse: Parse<T>) -> Option<T> {
        let scalar = self.scalar(key, node)?;
        if scalar.fragment.map.is_empty() && !scalar.fragment.text.is_empty() {
            let diagnostic = self.folded(&scalar);
            self.report(diagnostic);
            return None;
        }
        let before = self.diagnostics.len();
        let parsed = parse(&scalar.fragment, self.diagnostics);
        let quote = self.map.text(scalar.written).chars().next().filter(|_| scalar.style == Style::Quoted);
        for fix in self.diagnostics[before..].iter_mut().filter_map(|diagnostic| diagnostic.fix.as_mut()) {
            fix.text = between_quotes(&fix.text, quote);
        }
        parsed
    }

    fn folded(&self, scalar: &Scalar) -> Diagnostic {
        let (place, fix) = match scalar.style {
            Style::Folded(sign) => (sign, Some((sign, "|".to_owned()))),
            _ => (scalar.written, self.as_block(scalar).map(|block| (scalar.written, block))),
        };
        let (zh, en) = ("表达式不能由 YAML 折行合并", "an expression cannot be folded over lines by YAML");
        let diagnostic = Diagnostic::error(Code::FOLDED_EXPRESSION, place, zh, en)
            .help("多行的表达式写成 `|` 块", "write an expression of several lines as a `|` block");
        match fix {
            Some((span, text)) => diagnostic.fix(span, text),
            None => diagnostic,
        }
    }

    /// A scalar over several lines, as a `|` block with the text that YAML makes of it; `None` inside `[…]` or `{…}`,
    /// where no block can stand.
    fn as_block(&self, scalar: &Scalar) -> Option<String> {
        let text = &self.map.file(scalar.written.file).text;
        let before = text.get(..scalar.written.start)?;
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        if line.contains(['[', '{']) {
            return None;
        }
        let indent = line.len() - line.trim_start_matches([' ', '-']).len() + 2;
        Some(format!("|-\n{}{}", " ".repeat(indent), scalar.fragment.text))
    }
}

/// A fix is worked out in the language; in the file it may stand between quotes of YAML.
fn between_quotes(text: &str, quote: Option<char>) -> String {
    match quote {
        Some('\'') => text.replace('\'', "''"),
        Some(_) => text.replace('\\', "\\\\").replace('"', "\\\""),
        None => text.to_owned(),
    }
}
