//! Line patterns: text → pest pairs (`grammar/pattern.pest`) → [`PatternDecl`].
//!
//! Types and time formats are text here; a regular expression is checked, because only here its place is known byte
//! by byte. A text that the grammar refuses goes to `fault.rs`, which reports every hole that is wrong.

mod fault;

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use super::ast::{HoleAccepts, HoleDecl, PatternDecl, PatternPart, Text};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Fragment, Spanned};

/// The parser that pest makes of the grammar, in a module of its own because its types cannot be documented.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/pattern.pest"]
    pub(super) struct Grammar;
}
use grammar::{Grammar, Rule};

/// Parses a line pattern. `None`: what is wrong was reported.
#[must_use]
pub fn parse_pattern(text: &Fragment, diagnostics: &mut Vec<Diagnostic>) -> Option<PatternDecl> {
    if text.text.is_empty() {
        let (zh, en) = ("行模式为空", "the pattern is empty");
        let help = ("若要每条记录，写 `{}`", "for every record write `{}`");
        diagnostics.push(Diagnostic::error(Code::EMPTY_PATTERN, text.span, zh, en).help(help.0, help.1));
        return None;
    }
    let Ok(pairs) = Grammar::parse(Rule::pattern, &text.text) else {
        diagnostics.extend(fault::find(text));
        return None;
    };
    let before = diagnostics.len();
    let mut pattern = PatternDecl { text: text.clone(), at_start: false, at_end: false, parts: Vec::new() };
    for pair in pairs.flat_map(Pair::into_inner) {
        match pair.as_rule() {
            Rule::start => pattern.at_start = true,
            Rule::end => pattern.at_end = true,
            Rule::literal => pattern.parts.push(PatternPart::Literal(literal(text, pair))),
            Rule::hole => pattern.parts.push(PatternPart::Hole(hole(text, pair, diagnostics))),
            _ => {}
        }
    }
    (diagnostics.len() == before).then_some(pattern)
}

/// Text between holes, double braces made single.
fn literal(text: &Fragment, pair: Pair<'_, Rule>) -> Text {
    let span = text.span(range(&pair));
    let piece = |pair: Pair<'_, Rule>| match pair.as_rule() {
        Rule::open_brace => "{",
        Rule::close_brace => "}",
        _ => &text.text[range(&pair)],
    };
    Spanned::new(pair.into_inner().map(piece).collect(), span)
}

fn hole(text: &Fragment, pair: Pair<'_, Rule>, diagnostics: &mut Vec<Diagnostic>) -> HoleDecl {
    let span = text.span(range(&pair));
    let mut hole = HoleDecl { span, name: None, accepts: HoleAccepts::Plain };
    for inner in pair.into_inner().flat_map(|pair| match pair.as_rule() {
        Rule::name => vec![pair],
        _ => pair.into_inner().collect(),
    }) {
        let written = || Spanned::new(inner.as_str().to_owned(), text.span(range(&inner)));
        match inner.as_rule() {
            Rule::name => hole.name = Some(written()),
            Rule::name_of_type => hole.accepts = HoleAccepts::Type(written()),
            Rule::format => hole.accepts = HoleAccepts::Time(written()),
            _ => hole.accepts = HoleAccepts::Regex(regex(text, range(&inner), diagnostics)),
        }
    }
    hole
}

/// A regular expression, `\/` made `/`; a faulty one is reported where the engine says that the fault is.
fn regex(text: &Fragment, range: Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> Text {
    let slashes: Vec<usize> = text.text[range.clone()].match_indices("\\/").map(|(at, _)| range.start + at).collect();
    let begins = std::iter::once(range.start).chain(slashes.iter().map(|at| at + 1));
    let ends = slashes.iter().copied().chain(std::iter::once(range.end));
    let pieces: Vec<Range<usize>> = begins.zip(ends).map(|(start, end)| start..end).collect();
    let regex = text.concat(&pieces);
    if let Err(error) = regex_syntax::Parser::new().parse(&regex.text) {
        diagnostics.push(bad_regex(&regex, &error));
    }
    Spanned::new(regex.text, regex.span)
}

fn bad_regex(regex: &Fragment, error: &regex_syntax::Error) -> Diagnostic {
    let (place, reason) = match error {
        regex_syntax::Error::Parse(error) => (Some(error.span()), error.kind().to_string()),
        regex_syntax::Error::Translate(error) => (Some(error.span()), error.kind().to_string()),
        _ => (None, "not accepted".to_owned()),
    };
    let span = place.map_or(regex.span, |place| regex.span(place.start.offset..place.end.offset));
    let zh = format!("正则表达式有误：{reason}");
    let en = format!("malformed regular expression: {reason}");
    Diagnostic::error(Code::BAD_REGEX, span, zh, en)
}

fn range(pair: &Pair<'_, Rule>) -> Range<usize> {
    pair.as_span().start()..pair.as_span().end()
}

#[cfg(test)]
mod tests;
