//! Pairs of the condition grammar → [`FilterExpr`]: what follows `where`.

use pest::iterators::Pair;

use super::{Builder, Rule};
use crate::source::{Fragment, Span, Spanned};
use crate::syntax::ast::{FilterExpr, FilterKind, Op, OperandExpr, OperandKind, Text};

/// `x or y`, and everything below.
pub(super) fn filter(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<FilterExpr> {
    joined(builder, pair, Rule::filter_and, conjunction, FilterKind::Or)
}

fn conjunction(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<FilterExpr> {
    joined(builder, pair, Rule::filter_not, negation, FilterKind::And)
}

fn joined(
    builder: &mut Builder<'_>,
    pair: Pair<'_, Rule>,
    of: Rule,
    read: fn(&mut Builder<'_>, Pair<'_, Rule>) -> Option<FilterExpr>,
    kind: fn(Vec<FilterExpr>) -> FilterKind,
) -> Option<FilterExpr> {
    let span = builder.span(&pair);
    let mut operands: Vec<FilterExpr> =
        pair.into_inner().filter(|pair| pair.as_rule() == of).filter_map(|pair| read(builder, pair)).collect();
    match operands.len() {
        0 => None,
        1 => operands.pop(),
        _ => Some(FilterExpr { span, kind: kind(operands) }),
    }
}

fn negation(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<FilterExpr> {
    let span = builder.span(&pair);
    let mut denied: Vec<Span> = Vec::new();
    let mut positive = None;
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Rule::kw_not => denied.push(builder.span(&inner)),
            Rule::filter_group => positive = inner.into_inner().next().and_then(|pair| filter(builder, pair)),
            _ => positive = comparison(builder, inner),
        }
    }
    let wrap = |filter, not: &Span| FilterExpr { span: not.to(span), kind: FilterKind::Not(Box::new(filter)) };
    Some(denied.iter().rev().fold(positive?, wrap))
}

fn comparison(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<FilterExpr> {
    let span = builder.span(&pair);
    let mut pairs = pair.into_inner();
    let left = operand(builder, pairs.next()?)?;
    let sign = pairs.next()?;
    let op = Spanned::new(op(&sign), builder.span(&sign));
    let right = pairs.flat_map(|pair| match pair.as_rule() {
        Rule::operands => pair.into_inner().collect(),
        _ => vec![pair],
    });
    let right = right.map(|pair| operand(builder, pair)).collect::<Option<Vec<OperandExpr>>>()?;
    Some(FilterExpr { span, kind: FilterKind::Compare(left, op, right) })
}

fn op(pair: &Pair<'_, Rule>) -> Op {
    match pair.as_rule() {
        Rule::present => Op::Present,
        Rule::op_in => Op::In,
        Rule::op_matches => Op::Matches,
        Rule::op_word => match pair.clone().into_inner().next().map(|word| word.as_rule()) {
            Some(Rule::kw_starts) => Op::StartsWith,
            Some(Rule::kw_ends) => Op::EndsWith,
            _ => Op::Contains,
        },
        _ => match pair.as_str() {
            "!=" => Op::NotEqual,
            "<" => Op::Less,
            "<=" => Op::LessOrEqual,
            ">" => Op::Greater,
            ">=" => Op::GreaterOrEqual,
            _ => Op::Equal,
        },
    }
}

/// An operand; also the bare `text` of `matches`.
fn operand(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<OperandExpr> {
    let pair = if pair.as_rule() == Rule::operand { pair.into_inner().next()? } else { pair };
    let span = builder.span(&pair);
    let kind = match pair.as_rule() {
        Rule::text => OperandKind::Text(quoted(builder.text, &pair.into_inner().next()?)),
        Rule::literal => OperandKind::Literal(pair.as_str().to_owned()),
        _ => OperandKind::Name(pair.into_inner().map(|part| name(builder, &part)).collect()),
    };
    Some(OperandExpr { span, kind })
}

fn name(builder: &Builder<'_>, pair: &Pair<'_, Rule>) -> Text {
    Spanned::new(pair.as_str().to_owned(), builder.span(pair))
}

/// The text between quotes. `\"` and `\\` are escapes; any other backslash stands for itself, so that a Windows path
/// can be written as it is.
fn quoted(text: &Fragment, content: &Pair<'_, Rule>) -> Fragment {
    let (start, end) = (content.as_span().start(), content.as_span().end());
    let bytes = content.as_str().as_bytes();
    let mut pieces = Vec::new();
    let (mut begin, mut at) = (0, 0);
    while at < bytes.len() {
        if bytes[at] == b'\\' && matches!(bytes.get(at + 1), Some(b'"' | b'\\')) {
            pieces.push(start + begin..start + at);
            begin = at + 1;
            at += 1;
        }
        at += 1;
    }
    pieces.push(start + begin..end);
    text.concat(&pieces)
}
