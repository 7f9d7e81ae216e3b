//! Filters: both sides of a comparison get a type, literals are read by the other side's, and unlike types are refused.

use super::capture::CaptureTable;
use super::fault;
use super::ir::{Compare, Filter, FilterKind, Operand, OperandKind};
use super::pattern::{self, Place};
use super::suggest::is_slip;
use crate::diagnostic::{Code, Diagnostic};
use crate::rule::{self, CompareOp, Comparison, Right};
use crate::source::{Fragment, Span};
use crate::syntax;
use crate::syntax::ast::{Op, Text};
use crate::value::{Type, Value};

/// What filters of one rule are lowered against.
pub(super) struct Filters<'a> {
    pub(super) captures: &'a CaptureTable,
    pub(super) faults: &'a mut Vec<Diagnostic>,
}

/// A side that reads a capture, with its type.
struct Reading {
    span: Span,
    operand: rule::Operand,
    ty: Type,
}

/// A side, as far as it can be judged alone.
enum Side<'o> {
    /// Reported.
    Faulty,
    Reading(Reading),
    /// A literal: its text, where it stands, and whether it is a bare word.
    Literal(&'o str, Span, bool),
}

impl Filters<'_> {
    /// Lowers a filter; `None` when something in it was reported.
    pub(super) fn lower(&mut self, filter: &Filter) -> Option<rule::Filter> {
        match &filter.kind {
            FilterKind::All(parts) => self.list(parts).map(rule::Filter::All),
            FilterKind::Any(parts) => self.list(parts).map(rule::Filter::Any),
            FilterKind::Not(part) => self.lower(part).map(|part| rule::Filter::Not(Box::new(part))),
            FilterKind::Compare(compare) => self.compare(filter.span, compare).map(Box::new).map(rule::Filter::Compare),
        }
    }

    fn list(&mut self, parts: &[Filter]) -> Option<Vec<rule::Filter>> {
        let lowered: Vec<Option<rule::Filter>> = parts.iter().map(|part| self.lower(part)).collect();
        lowered.into_iter().collect()
    }

    fn compare(&mut self, span: Span, compare: &Compare) -> Option<Comparison> {
        let left = self.side(&compare.left);
        let op = operator(compare.op);
        match compare.op {
            Op::Present => Some(Comparison { left: self.reading(left)?.operand, op, right: Right::Nothing }),
            Op::Matches => {
                let pattern = compare.right.first().map(|right| self.pattern(right));
                let left = self.reading(left)?.operand;
                Some(Comparison { left, op, right: Right::Pattern(pattern??) })
            }
            Op::In => {
                let left = self.reading(left);
                let right: Vec<_> = compare.right.iter().map(|right| self.member(span, left.as_ref(), right)).collect();
                let right: Option<Vec<_>> = right.into_iter().collect();
                Some(Comparison { left: left?.operand, op, right: Right::Many(right?) })
            }
            _ => {
                let right = compare.right.first()?;
                let right = self.side(right);
                let (left, right) = self.pair(span, compare.op, left, right)?;
                Some(Comparison { left, op, right: Right::One(right) })
            }
        }
    }

    /// One of the values of `in (…)`.
    fn member(&mut self, span: Span, left: Option<&Reading>, right: &Operand) -> Option<rule::Operand> {
        match (self.side(right), left?) {
            (Side::Faulty, _) => None,
            (Side::Reading(right), left) => self.alike(span, left, &right).then_some(right.operand),
            (Side::Literal(text, at, bare), left) => self.literal(text, at, bare, left.ty),
        }
    }

    /// Both sides of a comparison with one operand each.
    fn pair(&mut self, span: Span, op: Op, left: Side<'_>, right: Side<'_>) -> Option<(rule::Operand, rule::Operand)> {
        let textual = matches!(op, Op::Contains | Op::StartsWith | Op::EndsWith);
        let ordered = matches!(op, Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual);
        match (left, right) {
            (Side::Reading(left), Side::Reading(right)) => {
                let fits = textual || (self.alike(span, &left, &right) && self.ordered(span, ordered, left.ty));
                fits.then_some((left.operand, right.operand))
            }
            (Side::Reading(left), Side::Literal(text, _, _)) if textual => {
                Some((left.operand, rule::Operand::Literal(Value::text(text))))
            }
            (Side::Literal(text, _, _), Side::Reading(right)) if textual => {
                Some((rule::Operand::Literal(Value::text(text)), right.operand))
            }
            (Side::Reading(left), Side::Literal(text, at, bare)) => {
                let literal = self.ordered(span, ordered, left.ty).then(|| self.literal(text, at, bare, left.ty));
                Some((left.operand, literal??))
            }
            (Side::Literal(text, at, bare), Side::Reading(right)) => {
                let literal = self.ordered(span, ordered, right.ty).then(|| self.literal(text, at, bare, right.ty));
                Some((literal??, right.operand))
            }
            (literal @ Side::Literal(..), Side::Literal(..)) => {
                self.reading(literal);
                None
            }
            (Side::Faulty, _) | (_, Side::Faulty) => None,
        }
    }

    fn alike(&mut self, span: Span, left: &Reading, right: &Reading) -> bool {
        let alike = left.ty.comparable(right.ty);
        if !alike {
            self.faults.push(fault::unlike_types(span, (left.span, left.ty), (right.span, right.ty)));
        }
        alike
    }

    fn ordered(&mut self, span: Span, asked: bool, ty: Type) -> bool {
        let fits = !asked || ty.ordered();
        if !fits {
            self.faults.push(fault::not_ordered(span, ty));
        }
        fits
    }

    /// A literal read by the type of the other side.
    fn literal(&mut self, text: &str, at: Span, bare: bool, ty: Type) -> Option<rule::Operand> {
        if bare && let Some(capture) = self.mistyped(text, at, ty) {
            self.faults.push(capture);
            return None;
        }
        if matches!(ty, Type::Text | Type::Quoted) {
            return Some(rule::Operand::Literal(Value::text(text)));
        }
        let value = ty.read(text);
        if value.is_none() {
            self.faults.push(fault::bad_literal(at, text, ty));
        }
        value.map(rule::Operand::Literal)
    }

    /// A bare word that is no value of the type and nearly a capture's name, or that text would swallow.
    fn mistyped(&self, text: &str, at: Span, ty: Type) -> Option<Diagnostic> {
        let textual = matches!(ty, Type::Text | Type::Quoted | Type::Word);
        let alike = |name: &&str| {
            let own = self.captures.find(name).and_then(|id| self.captures.ty(id));
            is_slip(text, name) && own.is_some_and(|own| own.comparable(ty))
        };
        let near = self.captures.names().find(alike)?;
        let differs = !near.eq_ignore_ascii_case(text);
        (differs && (textual || ty.read(text).is_none()))
            .then(|| fault::unknown(&fault::CAPTURE, &Text::new(text.to_owned(), at), [near]))
    }

    /// The pattern of `matches`.
    fn pattern(&mut self, right: &Operand) -> Option<crate::pattern::Pattern> {
        match &right.kind {
            OperandKind::Quoted(text) => self.quoted_pattern(text),
            OperandKind::Faulty => None,
            _ => {
                self.faults.push(
                    Diagnostic::error(
                        Code::BAD_LITERAL,
                        right.span,
                        "`matches` 之后须是引号内的行模式",
                        "after `matches` stands a pattern in quotes",
                    )
                    .help("例如 `matches \"{} denied\"`", "for example `matches \"{} denied\"`"),
                );
                None
            }
        }
    }

    fn quoted_pattern(&mut self, text: &Fragment) -> Option<crate::pattern::Pattern> {
        let decl = syntax::parse_pattern(text, self.faults)?;
        pattern::lower(&decl, Place::Unnamed, false, self.faults).pattern
    }

    /// A side that has to read a capture.
    fn reading(&mut self, side: Side<'_>) -> Option<Reading> {
        match side {
            Side::Reading(reading) => Some(reading),
            Side::Faulty => None,
            Side::Literal(text, at, _) => {
                let fault = Diagnostic::error(
                    Code::UNKNOWN_CAPTURE,
                    at,
                    format!("比较的左边须是捕获，`{text}` 不是"),
                    format!("the left side is a capture, and `{text}` is none"),
                );
                self.faults.push(fault);
                None
            }
        }
    }

    fn side<'o>(&mut self, operand: &'o Operand) -> Side<'o> {
        let span = operand.span;
        let (read, ty, fields) = match &operand.kind {
            OperandKind::Faulty => return Side::Faulty,
            OperandKind::Word(text) => return Side::Literal(text, span, true),
            OperandKind::Quoted(text) => return Side::Literal(&text.text, span, false),
            OperandKind::Capture(id, fields) => {
                (rule::Operand::Capture { capture: *id, field: field_name(fields) }, self.captures.ty(*id), fields)
            }
            OperandKind::Finding(finding) => {
                let read = rule::Operand::Finding {
                    alias: finding.alias.clone(),
                    capture: finding.capture.clone(),
                    field: field_name(&finding.fields),
                };
                (read, finding.ty, &finding.fields)
            }
        };
        let Some(ty) = ty.and_then(|ty| self.field_type(ty, fields)) else { return Side::Faulty };
        Side::Reading(Reading { span, operand: read, ty })
    }

    /// The type behind the dots.
    fn field_type(&mut self, ty: Type, fields: &[Text]) -> Option<Type> {
        fields.iter().try_fold(ty, |ty, field| {
            let found = ty.field(&field.value);
            if found.is_none() {
                self.faults.push(fault::unknown_field(field, ty));
            }
            found
        })
    }
}

/// The dotted name of a field, or of a field's field.
fn field_name(fields: &[Text]) -> Option<String> {
    let names: Vec<&str> = fields.iter().map(|field| field.value.as_str()).collect();
    (!names.is_empty()).then(|| names.join("."))
}

fn operator(op: Op) -> CompareOp {
    match op {
        Op::Equal => CompareOp::Equal,
        Op::NotEqual => CompareOp::NotEqual,
        Op::Less => CompareOp::Less,
        Op::LessOrEqual => CompareOp::LessOrEqual,
        Op::Greater => CompareOp::Greater,
        Op::GreaterOrEqual => CompareOp::GreaterOrEqual,
        Op::In => CompareOp::In,
        Op::Contains => CompareOp::Contains,
        Op::StartsWith => CompareOp::StartsWith,
        Op::EndsWith => CompareOp::EndsWith,
        Op::Matches => CompareOp::Matches,
        Op::Present => CompareOp::Present,
    }
}
