//! Scalars that hold an expression: patterns, conditions, filters. They must be mapped byte by byte, so text that
//! YAML folds over lines is refused, with a rewrite.

use super::reader::Reader;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Fragment;
use crate::syntax::ast::{Expr, FilterExpr, PatternDecl, Text};
use crate::syntax::condition::{parse_condition, parse_filter};
use crate::syntax::pattern::parse_pattern;
use crate::syntax::yaml::{Node, Scalar, Style};

impl Reader<'_> {
    /// A condition.
    pub(super) fn condition(&mut self, key: &Text, node: Node) -> Option<Expr> {
        let fragment = self.expression(key, node)?;
        parse_condition(&fragment, self.diagnostics)
    }

    /// A filter.
    pub(super) fn filter(&mut self, key: &Text, node: Node) -> Option<FilterExpr> {
        let fragment = self.expression(key, node)?;
        parse_filter(&fragment, self.diagnostics)
    }

    /// A line pattern. The line end that a `|` block adds is no part of it.
    pub(super) fn pattern(&mut self, key: &Text, node: Node) -> Option<PatternDecl> {
        let fragment = self.expression(key, node)?;
        let line = fragment.text.trim_end_matches('\n').len();
        let fragment =
            if line < fragment.text.len() { fragment.concat(std::slice::from_ref(&(0..line))) } else { fragment };
        parse_pattern(&fragment, self.diagnostics)
    }

    /// One pattern or a list of patterns.
    pub(super) fn patterns(&mut self, key: &Text, node: Node) -> Vec<PatternDecl> {
        self.list(node).into_iter().filter_map(|item| self.pattern(key, item)).collect()
    }

    fn expression(&mut self, key: &Text, node: Node) -> Option<Fragment> {
        let scalar = self.scalar(key, node)?;
        if !scalar.fragment.map.is_empty() || scalar.fragment.text.is_empty() {
            return Some(scalar.fragment);
        }
        let diagnostic = self.folded(&scalar);
        self.report(diagnostic);
        None
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
