//! Conditions: text → pest pairs (`grammar/condition.pest`) → the spanned tree of `ast.rs`.
//!
//! Nothing is resolved: whether a name is evidence or a capture is asked in `compiler`. A text that the grammar
//! refuses is looked at a second time by `mistake.rs`, which knows what people write instead, and only then is the
//! parser's own "expected …" shown, in words, never by rule names of the grammar.

mod expected;
mod filter;
mod mistake;
mod tree;

use pest::Parser;
use pest::iterators::Pair;

use super::ast::{Expr, FilterExpr};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Fragment, Span};

/// The parser that pest makes of the grammar, in a module of its own because its types cannot be documented.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/condition.pest"]
    pub(super) struct Grammar;
}
use grammar::{Grammar, Rule};

/// Bytes of one condition at the most: far above any real one, and small enough for a parser that backtracks.
const LONGEST: usize = 16 * 1024;
/// Nesting at the most. Every level costs a dozen calls in the parser and in the tree builder, tens of kilobytes of
/// stack without optimisation; this many fit several times over into the smallest thread.
const DEEPEST: usize = 32;

/// Parses a condition: `signature`, `when`, `resolved-when`. `None`: what is wrong was reported.
#[must_use]
pub fn parse_condition(text: &Fragment, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    let pair = parse(text, Rule::whole_condition, diagnostics)?;
    let before = diagnostics.len();
    let mut builder = Builder { text, diagnostics };
    let expr = tree::condition(&mut builder, pair);
    expr.filter(|_| diagnostics.len() == before)
}

/// Parses a filter: `where` of a piece of evidence. `None`: what is wrong was reported.
#[must_use]
pub fn parse_filter(text: &Fragment, diagnostics: &mut Vec<Diagnostic>) -> Option<FilterExpr> {
    let pair = parse(text, Rule::whole_filter, diagnostics)?;
    let before = diagnostics.len();
    let mut builder = Builder { text, diagnostics };
    let filter = filter::filter(&mut builder, pair);
    filter.filter(|_| diagnostics.len() == before)
}

/// The pair below `rule`, or `None` and reports.
fn parse<'t>(text: &'t Fragment, rule: Rule, diagnostics: &mut Vec<Diagnostic>) -> Option<Pair<'t, Rule>> {
    if let Some(diagnostic) = refuse(text) {
        diagnostics.push(diagnostic);
        return None;
    }
    match Grammar::parse(rule, &text.text) {
        Ok(pairs) => pairs.flat_map(Pair::into_inner).next(),
        Err(error) => {
            let mistakes = mistake::find(text);
            if mistakes.is_empty() {
                diagnostics.push(expected::unexpected(text, &error));
            }
            diagnostics.extend(mistakes);
            None
        }
    }
}

/// What is refused before the grammar sees it.
fn refuse(text: &Fragment) -> Option<Diagnostic> {
    if text.text.trim().is_empty() {
        let message = ("条件为空", "the condition is empty");
        return Some(Diagnostic::error(Code::EMPTY_CONDITION, text.span, message.0, message.1).help(
            "至少写一个证据的名称；不需要条件就删掉这个键",
            "write the name of a piece of evidence at the least, or delete the key",
        ));
    }
    if text.text.len() > LONGEST {
        let zh = format!("条件有 {} 个字节，上限是 {LONGEST}", text.text.len());
        let en = format!("the condition has {} bytes, {LONGEST} are allowed", text.text.len());
        return Some(Diagnostic::error(Code::TOO_LONG, text.span, zh, en));
    }
    let place = mistake::too_deep(&text.text, DEEPEST)?;
    let zh = format!("条件嵌套超过 {DEEPEST} 层");
    let en = format!("the condition nests more than {DEEPEST} deep");
    Some(Diagnostic::error(Code::TOO_DEEP, text.span(place), zh, en).help(
        "拆成几个原因，或另立规则并用 `finding` 引用",
        "split it into causes, or into rules that are named by `finding`",
    ))
}

/// What the tree builders share: the text they came from and where reports go.
struct Builder<'a> {
    text: &'a Fragment,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Builder<'_> {
    /// The place of a pair, without the blanks that pest leaves at its end.
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        self.text.span(span.start()..span.start() + span.as_str().trim_end().len())
    }

    fn error(&mut self, code: Code, span: Span, zh: impl Into<String>, en: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, span, zh, en));
    }
}

#[cfg(test)]
mod tests;
