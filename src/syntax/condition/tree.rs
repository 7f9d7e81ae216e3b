//! Pairs of the condition grammar → [`Expr`]. One function a rule of the grammar.
//!
//! Every function returns `None` only for what the grammar cannot produce or what was reported.

use pest::iterators::Pair;

use super::{Builder, Rule, filter};
use crate::diagnostic::Code;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Expr, ExprKind, StepExpr, Text};
use crate::syntax::word;

type Window = Spanned<i64>;

/// An expression, with the window that was written right after its parentheses and is not yet part of it: a step of a
/// sequence and `at least` take it for themselves, everything else makes it `(…) within w`.
struct Built {
    expr: Expr,
    window: Option<Window>,
    /// With the window.
    span: Span,
}

impl Built {
    fn plain(expr: Expr) -> Self {
        let span = expr.span;
        Built { expr, window: None, span }
    }

    fn finish(self) -> Expr {
        match self.window {
            Some(window) => Expr { span: self.span, kind: ExprKind::Within(Box::new(self.expr), window) },
            None => self.expr,
        }
    }
}

/// `a or b`, and everything below.
pub(super) fn condition(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    disjunction(builder, pair).map(Built::finish)
}

fn disjunction(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    joined(builder, pair, Rule::conjunction, conjunction, ExprKind::Or)
}

fn conjunction(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    joined(builder, pair, Rule::negation, negation, ExprKind::And)
}

/// One operand as it is; several under `kind`.
fn joined(
    builder: &mut Builder<'_>,
    pair: Pair<'_, Rule>,
    of: Rule,
    read: fn(&mut Builder<'_>, Pair<'_, Rule>) -> Option<Built>,
    kind: fn(Vec<Expr>) -> ExprKind,
) -> Option<Built> {
    let span = builder.span(&pair);
    let mut operands: Vec<Built> =
        pair.into_inner().filter(|pair| pair.as_rule() == of).filter_map(|pair| read(builder, pair)).collect();
    if operands.len() == 1 {
        return operands.pop();
    }
    let operands: Vec<Expr> = operands.into_iter().map(Built::finish).collect();
    (!operands.is_empty()).then(|| Built::plain(Expr { span, kind: kind(operands) }))
}

fn negation(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let span = builder.span(&pair);
    let mut denied = Vec::new();
    let mut built = None;
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Rule::kw_not => denied.push(builder.span(&inner)),
            _ => built = sequence(builder, inner),
        }
    }
    let built = built?;
    if denied.is_empty() {
        return Some(built);
    }
    let positive = built.finish();
    let wrap = |expr, not: &Span| Expr { span: not.to(span), kind: ExprKind::Not(Box::new(expr)) };
    Some(Built::plain(denied.iter().rev().fold(positive, wrap)))
}

fn sequence(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let span = builder.span(&pair);
    let mut pairs = pair.into_inner();
    let first = nearness(builder, pairs.next()?)?;
    let steps: Vec<StepExpr> = pairs.filter_map(|pair| step(builder, pair)).collect();
    if steps.is_empty() {
        return Some(first);
    }
    let kind = ExprKind::Then(Box::new(first.finish()), steps);
    Some(Built::plain(Expr { span, kind }))
}

/// `then [not] b [within w]`: a window after the step's parentheses bounds the step.
fn step(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<StepExpr> {
    let (mut negated, mut built, mut within) = (false, None, None);
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Rule::kw_not => negated = true,
            Rule::nearness => built = nearness(builder, inner),
            Rule::bound => within = bound(builder, inner),
            _ => {}
        }
    }
    let mut built = built?;
    if within.is_none() {
        within = built.window.take();
    }
    Some(StepExpr { negated, expr: built.finish(), within })
}

fn nearness(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let whole = builder.span(&pair);
    let mut pairs = pair.into_inner();
    let mut left = counting(builder, pairs.next()?)?;
    while let (Some(near), Some(right)) = (pairs.next(), pairs.next()) {
        let end = builder.span(&right);
        let window = window_within(builder, near);
        let right = counting(builder, right)?.finish();
        let kind = ExprKind::Near(Box::new(left.finish()), window?, Box::new(right));
        left = Built::plain(Expr { span: whole.begin().to(end), kind });
    }
    Some(left)
}

fn counting(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let pair = pair.into_inner().next()?;
    let span = builder.span(&pair);
    let kind = match pair.as_rule() {
        Rule::nearest => return nearest(builder, pair),
        Rule::at_least => return at_least(builder, pair),
        Rule::at_least_of => at_least_of(builder, pair)?,
        Rule::any_of => ExprKind::AnyOf(list_of(builder, pair)?),
        _ => ExprKind::AllOf(list_of(builder, pair)?),
    };
    Some(Built::plain(Expr { span, kind }))
}

fn list_of(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Vec<Expr>> {
    let list = pair.into_inner().find(|pair| pair.as_rule() == Rule::list)?;
    let items: Vec<Expr> = list.into_inner().filter_map(|pair| condition(builder, pair)).collect();
    (!items.is_empty()).then_some(items)
}

/// `at least n a [within w]`: a window after the parentheses of `a` bounds the count.
fn at_least(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let span = builder.span(&pair);
    let (mut number, mut what, mut within) = (None, None, None);
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Rule::count => number = count(builder, &inner),
            Rule::nearest => what = nearest(builder, inner),
            Rule::bound => within = bound(builder, inner),
            _ => {}
        }
    }
    let mut what = what?;
    if within.is_none() {
        within = what.window.take();
    }
    let kind = ExprKind::AtLeast(number?, Box::new(what.finish()), within);
    Some(Built::plain(Expr { span, kind }))
}

fn at_least_of(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<ExprKind> {
    let (mut number, mut within) = (None, None);
    for inner in pair.clone().into_inner() {
        match inner.as_rule() {
            Rule::count => number = count(builder, &inner),
            Rule::bound => within = bound(builder, inner),
            _ => {}
        }
    }
    let list = list_of(builder, pair)?;
    let number = number?;
    if usize::try_from(number.value).is_ok_and(|number| number <= list.len()) {
        return Some(ExprKind::AtLeastOf(number, list, within));
    }
    let (asked, there) = (number.value, list.len());
    let zh = format!("列表只有 {there} 项，不可能有 {asked} 项成立");
    let en = format!("the list has only {there}, so that {asked} of it can never hold");
    builder.error(Code::BAD_COUNT, number.span, zh, en);
    None
}

fn count(builder: &mut Builder<'_>, pair: &Pair<'_, Rule>) -> Option<Spanned<u64>> {
    let span = builder.span(pair);
    match pair.as_str().parse::<u64>() {
        Ok(number) if number > 0 => return Some(Spanned::new(number, span)),
        Ok(_) => builder.error(Code::BAD_COUNT, span, "次数至少为 1", "the count is 1 at the least"),
        Err(_) => builder.error(Code::BAD_COUNT, span, "次数过大", "the count is too large"),
    }
    None
}

fn nearest(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let pair = pair.into_inner().next()?;
    if pair.as_rule() == Rule::filtered {
        return filtered(builder, pair);
    }
    let (span, last) = (builder.span(&pair), pair.as_rule() == Rule::last_before);
    let sides = pair.into_inner().filter(|pair| pair.as_rule() == Rule::filtered);
    let mut sides = sides.filter_map(|pair| filtered(builder, pair)).map(|side| Box::new(side.finish()));
    let (what, anchor) = (sides.next()?, sides.next()?);
    let kind = if last { ExprKind::LastBefore(what, anchor) } else { ExprKind::FirstAfter(what, anchor) };
    Some(Built::plain(Expr { span, kind }))
}

fn filtered(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let span = builder.span(&pair);
    let (mut built, mut written, mut condition) = (None, false, None);
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Rule::primary => built = primary(builder, inner),
            Rule::filter => {
                written = true;
                condition = filter::filter(builder, inner);
            }
            _ => {}
        }
    }
    let built = built?;
    if !written {
        return Some(built);
    }
    let kind = ExprKind::Where(Box::new(built.finish()), condition?);
    Some(Built::plain(Expr { span, kind }))
}

fn primary(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let pair = pair.into_inner().next()?;
    let span = builder.span(&pair);
    match pair.as_rule() {
        Rule::group => group(builder, pair),
        Rule::finding => finding(builder, pair),
        _ => Some(Built::plain(Expr { span, kind: ExprKind::Name(pair.as_str().to_owned()) })),
    }
}

/// `(…)` and what follows it; only the last window stays open for the step or count around it.
fn group(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let begin = builder.span(&pair).begin();
    let mut pairs = pair.into_inner();
    let mut built = Built::plain(condition(builder, pairs.next()?)?);
    for suffix in pairs {
        let span = begin.to(builder.span(&suffix));
        match suffix.as_rule() {
            Rule::bound => {
                let window = bound(builder, suffix)?;
                built = Built { expr: built.finish(), window: Some(window), span };
            }
            rule => {
                let kind = ExprKind::InOne(Box::new(built.finish()), rule == Rule::in_section);
                built = Built::plain(Expr { span, kind });
            }
        }
    }
    Some(built)
}

fn finding(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Built> {
    let span = builder.span(&pair);
    let mut names: Vec<Text> = Vec::new();
    for inner in pair.into_inner() {
        if matches!(inner.as_rule(), Rule::rule_name | Rule::name) {
            names.push(Spanned::new(inner.as_str().to_owned(), builder.span(&inner)));
        }
    }
    let mut names = names.into_iter();
    let kind = ExprKind::Finding(names.next()?, names.next());
    Some(Built::plain(Expr { span, kind }))
}

fn bound(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Window> {
    window_within(builder, pair)
}

/// The window inside a `bound` or `near` pair.
fn window_within(builder: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Window> {
    let pair = pair.into_inner().find(|pair| pair.as_rule() == Rule::window)?;
    let span = builder.span(&pair);
    let length = word::duration(pair.as_str(), span, builder.diagnostics)?;
    Some(Spanned::new(length, span))
}
