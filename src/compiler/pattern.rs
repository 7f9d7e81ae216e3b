//! Line patterns: holes get their types, and the parts become a `pattern::Pattern`.
//!
//! Types are named and known here or never: what leaves this file has no type in words.

use super::capture::CaptureTable;
use super::fault;
use super::ir::CaptureSet;
use crate::diagnostic::{Code, Diagnostic};
use crate::pattern::{Accepts, BuildError, Hole, Options, Part, Pattern};
use crate::rule::BoundPattern;
use crate::syntax::ast::{HoleAccepts, HoleDecl, PatternDecl, PatternPart, Text};
use crate::value::Type;

/// Where a pattern stands, and so which holes it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A log kind: formats of stamps and names of fields.
    LogKind,
    /// `line:` and `fields:` of evidence: captures.
    Evidence,
    /// `section:` of evidence and `matches`: holes without names.
    Unnamed,
}

/// A hole with a name.
pub(super) struct NamedHole {
    /// Index of the part.
    pub(super) part: usize,
    pub(super) name: Text,
    /// `None`: the type was reported.
    pub(super) ty: Option<Type>,
}

/// A pattern whose holes have types.
pub(super) struct Lowered {
    /// `None`: something in it was reported.
    pub(super) pattern: Option<Pattern>,
    pub(super) holes: Vec<NamedHole>,
    /// Whether a hole is a stamp.
    pub(super) stamped: bool,
}

/// Lowers one pattern.
pub(super) fn lower(decl: &PatternDecl, place: Place, exact_case: bool, faults: &mut Vec<Diagnostic>) -> Lowered {
    let mut lowered = Lowered { pattern: None, holes: Vec::new(), stamped: false };
    let mut parts = Vec::new();
    for (index, part) in decl.parts.iter().enumerate() {
        parts.push(match part {
            PatternPart::Literal(text) => Some(Part::Literal(text.value.clone())),
            PatternPart::Hole(hole) => lowered.hole(index, hole, place, faults).map(Part::Hole),
        });
    }
    let options = Options { at_start: decl.at_start, at_end: decl.at_end, exact_case };
    let parts: Option<Vec<Part>> = parts.into_iter().collect();
    lowered.pattern = parts.and_then(|parts| match Pattern::new(parts, options) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            faults.push(build_fault(decl, &error));
            None
        }
    });
    lowered
}

impl Lowered {
    /// Lowers one hole; `None` when it was reported.
    fn hole(&mut self, part: usize, hole: &HoleDecl, place: Place, faults: &mut Vec<Diagnostic>) -> Option<Hole> {
        let before = faults.len();
        let (ty, accepts) = accepts(hole, place, faults);
        self.stamped |= matches!(hole.accepts, HoleAccepts::Time(_));
        let name = hole.name.as_ref().filter(|_| !matches!(hole.accepts, HoleAccepts::Time(_)));
        if let Some(name) = name {
            if place == Place::Unnamed {
                faults.push(fault::hole_out_of_place(
                    name.span,
                    "此处的模式不能有捕获名称",
                    "a pattern cannot capture here",
                ));
            }
            if let Some(first) = self.holes.iter().find(|hole| hole.name.value == name.value) {
                faults.push(fault::repeated_hole(name, first.name.span));
            }
            self.holes.push(NamedHole { part, name: name.clone(), ty });
        }
        let name = name.map(|name| name.value.clone());
        accepts.filter(|_| faults.len() == before).map(|accepts| Hole { name, accepts })
    }

    /// The pattern with its holes bound to captures.
    pub(super) fn bind(
        self,
        captures: &mut CaptureTable,
        bound: &mut CaptureSet,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<BoundPattern> {
        let binds: Vec<_> =
            self.holes.iter().map(|hole| (hole.part, captures.bind(&hole.name, hole.ty, faults))).collect();
        bound.extend(binds.iter().map(|(_, capture)| *capture));
        self.pattern.map(|pattern| BoundPattern { pattern, binds })
    }
}

/// What a hole accepts and the type of its value; `None` for what was reported.
fn accepts(hole: &HoleDecl, place: Place, faults: &mut Vec<Diagnostic>) -> (Option<Type>, Option<Accepts>) {
    match &hole.accepts {
        HoleAccepts::Plain => {
            let ty = hole.name.as_ref().and_then(|name| Type::parse(&name.value)).unwrap_or(Type::Text);
            (Some(ty), Some(Accepts::Typed(ty)))
        }
        HoleAccepts::Type(name) => {
            let ty = named_type(name, faults);
            (ty, ty.map(Accepts::Typed))
        }
        HoleAccepts::Time(format) if place == Place::LogKind => {
            (Some(Type::Time), Some(Accepts::Time(format.value.clone())))
        }
        HoleAccepts::Time(_) => {
            faults.push(fault::hole_out_of_place(
                hole.span,
                "时间格式只用于日志种类的 `record:` 和 `stamp:`",
                "a time format is for `record:` and `stamp:` of log kinds",
            ));
            (None, None)
        }
        HoleAccepts::Regex(regex) => (Some(Type::Text), Some(Accepts::Regex(regex.value.clone()))),
    }
}

/// The type called `name`.
pub(super) fn named_type(name: &Text, faults: &mut Vec<Diagnostic>) -> Option<Type> {
    let ty = Type::parse(&name.value);
    if ty.is_none() {
        faults.push(fault::unknown(&fault::TYPE, name, Type::all().map(Type::name)));
    }
    ty
}

/// The fault of a pattern that cannot be built, at the hole that spoils it.
fn build_fault(decl: &PatternDecl, error: &BuildError) -> Diagnostic {
    let (code, part, message, zh, en) = match error {
        BuildError::Regex { part, message } => {
            (Code::BAD_REGEX, *part, message, "正则表达式有误", "malformed regular expression")
        }
        BuildError::Time { part, message } => {
            (Code::BAD_TIME_FORMAT, *part, message, "时间格式有误", "malformed time format")
        }
    };
    let span = match decl.parts.get(part) {
        Some(PatternPart::Hole(HoleDecl { accepts: HoleAccepts::Regex(text) | HoleAccepts::Time(text), .. })) => {
            text.span
        }
        _ => decl.text.span,
    };
    Diagnostic::error(code, span, format!("{zh}：{message}"), format!("{en}: {message}"))
}
