//! Evidence: logs by name, patterns with types, fields of the kinds; and the captures of a rule, gathered on the way.
//!
//! Filters come later: they see the captures of the whole rule.

use super::capture::CaptureTable;
use super::fault;
use super::ir::CaptureSet;
use super::known::Known;
use super::pattern::{self, Place};
use super::reader;
use crate::diagnostic::{Code, Diagnostic};
use crate::logs::{Framing, LogKind, LogKindId, LogKinds};
use crate::pattern::{Accepts, Part, Pattern};
use crate::rule::BoundPattern;
use crate::source::Span;
use crate::syntax::ast::{EvidenceDecl, PatternDecl, Text};
use crate::value::Type;

/// A piece of evidence without its filter.
pub(super) struct Draft {
    pub(super) name: Text,
    /// The kinds and where they are named; those reported are not among them.
    pub(super) logs: Vec<(LogKindId, Span)>,
    pub(super) lines: Vec<BoundPattern>,
    pub(super) section: Option<Pattern>,
    pub(super) fields: Vec<(String, BoundPattern)>,
    /// Captures that every hit has.
    pub(super) always: CaptureSet,
    /// Captures that some hits have.
    pub(super) sometimes: CaptureSet,
    /// Whether a log was left out: what the kinds can bear is then not judged.
    pub(super) unsure: bool,
}

/// What evidence is drafted against.
pub(super) struct Drafting<'a> {
    pub(super) kinds: &'a LogKinds,
    pub(super) logs: &'a Known<LogKindId>,
    pub(super) captures: &'a mut CaptureTable,
    pub(super) faults: &'a mut Vec<Diagnostic>,
}

impl Drafting<'_> {
    /// Drafts one piece of evidence.
    pub(super) fn draft(&mut self, decl: &EvidenceDecl) -> Draft {
        let logs: Vec<(LogKindId, Span)> =
            decl.logs.iter().filter_map(|log| self.logs.find(log, self.faults).map(|id| (*id, log.span))).collect();
        let exact = decl.case.as_ref().is_some_and(|case| case.value == "exact");
        let mut draft = Draft {
            name: decl.name.clone(),
            unsure: logs.len() < decl.logs.len(),
            logs,
            lines: Vec::new(),
            section: None,
            fields: Vec::new(),
            always: CaptureSet::new(),
            sometimes: CaptureSet::new(),
        };
        self.lines(decl, exact, &mut draft);
        self.section(decl, exact, &mut draft);
        self.fields(decl, exact, &mut draft);
        self.event(decl, &draft);
        draft
    }

    /// An event is named by its provider or its channel: its number alone means nothing.
    fn event(&mut self, decl: &EvidenceDecl, draft: &Draft) {
        let named = |(name, _): &(Text, PatternDecl)| {
            ["provider", "channel"].iter().any(|own| name.value.eq_ignore_ascii_case(own))
        };
        if decl.fields.iter().any(named) {
            return;
        }
        for (id, span) in &draft.logs {
            if matches!(self.kinds.get(*id).framing, Framing::Reader(reader) if reader::has_events(reader)) {
                let fault = Diagnostic::error(
                    Code::EVTX_WITHOUT_PROVIDER,
                    *span,
                    format!("证据 `{}` 没有写明事件的提供者或通道", decl.name.value),
                    format!(
                        "evidence `{}` names neither the provider of its events nor their channel",
                        decl.name.value
                    ),
                );
                self.faults.push(fault.help(
                    "例如 `fields: {channel: System, id: \"7000\"}`",
                    "for example `fields: {channel: System, id: \"7000\"}`",
                ));
            }
        }
    }

    fn lines(&mut self, decl: &EvidenceDecl, exact: bool, draft: &mut Draft) {
        let mut common: Option<CaptureSet> = None;
        for line in &decl.lines {
            let mut bound = CaptureSet::new();
            let lowered = pattern::lower(line, Place::Evidence, exact, self.faults);
            if let Some(found) = lowered.pattern.as_ref()
                && let Some(kind) = self.framed_as(line, found, draft)
            {
                self.faults.push(cannot_match(line, &kind.name));
            }
            draft.lines.extend(lowered.bind(self.captures, &mut bound, self.faults));
            draft.sometimes.extend(&bound);
            common = Some(common.map_or_else(|| bound.clone(), |common| &common & &bound));
        }
        draft.always = common.unwrap_or_default();
    }

    /// A kind whose record begins as this anchored pattern does: a message begins after that.
    fn framed_as(&self, line: &PatternDecl, found: &Pattern, draft: &Draft) -> Option<&LogKind> {
        let Some(Part::Literal(text)) = found.parts().first() else { return None };
        if !line.at_start || draft.unsure {
            return None;
        }
        let framed = |kind: &&LogKind| match &kind.framing {
            Framing::Lines(records) => {
                !records.is_empty() && records.iter().all(|record| has_message(record) && record.find(text).is_some())
            }
            Framing::Reader(_) => false,
        };
        let kinds: Vec<&LogKind> = draft.logs.iter().map(|(id, _)| self.kinds.get(*id)).collect();
        let all = kinds.iter().all(framed);
        kinds.into_iter().next().filter(|_| all)
    }

    fn section(&mut self, decl: &EvidenceDecl, exact: bool, draft: &mut Draft) {
        let Some(section) = &decl.section else { return };
        draft.section = pattern::lower(section, Place::Unnamed, exact, self.faults).pattern;
        for (id, _) in &draft.logs {
            let kind = self.kinds.get(*id);
            if !has_sections(kind) {
                self.faults.push(Diagnostic::error(
                    Code::NO_SECTIONS,
                    section.text.span,
                    format!("日志种类 `{}` 没有小节", kind.name),
                    format!("log kind `{}` has no sections", kind.name),
                ));
            }
        }
    }

    fn fields(&mut self, decl: &EvidenceDecl, exact: bool, draft: &mut Draft) {
        for (name, pattern) in &decl.fields {
            let lowered = pattern::lower(pattern, Place::Evidence, exact, self.faults);
            for (id, _) in &draft.logs {
                self.field(name, pattern, lowered.pattern.as_ref(), *id);
            }
            let mut bound = CaptureSet::new();
            let bound_pattern = lowered.bind(self.captures, &mut bound, self.faults);
            draft.always.extend(&bound);
            draft.sometimes.extend(&bound);
            draft.fields.extend(bound_pattern.map(|pattern| (name.value.to_lowercase(), pattern)));
        }
    }

    /// The kind has the field, and its values can be what the pattern asks for.
    fn field(&mut self, name: &Text, decl: &PatternDecl, pattern: Option<&Pattern>, id: LogKindId) {
        let kind = self.kinds.get(id);
        if !kind.has_field(&name.value) {
            let known = kind.fields.iter().map(String::as_str);
            self.faults.push(fault::unknown_log_field(name, &kind.name, known));
            return;
        }
        let types = field_types(kind, &name.value);
        if let Some(text) = pattern.and_then(whole_literal)
            && !types.is_empty()
            && types.iter().all(|ty| ty.read(text).is_none())
        {
            self.faults.push(cannot_match(decl, &kind.name));
        }
    }
}

fn cannot_match(decl: &PatternDecl, kind: &str) -> Diagnostic {
    Diagnostic::error(
        Code::PATTERN_CANNOT_MATCH,
        decl.text.span,
        format!("此模式不可能匹配 `{kind}` 的记录"),
        format!("the pattern cannot match a record of `{kind}`"),
    )
}

/// The text of a pattern without holes.
fn whole_literal(pattern: &Pattern) -> Option<&str> {
    match pattern.parts() {
        [Part::Literal(text)] => Some(text),
        _ => None,
    }
}

/// The types of the holes called `field`; empty where any text can stand.
fn field_types(kind: &LogKind, field: &str) -> Vec<Type> {
    let Framing::Lines(records) = &kind.framing else { return Vec::new() };
    let mut types = Vec::new();
    for part in records.iter().flat_map(Pattern::parts) {
        let Part::Hole(hole) = part else { continue };
        if !hole.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(field)) {
            continue;
        }
        match hole.accepts {
            Accepts::Typed(ty) => types.push(ty),
            _ => return Vec::new(),
        }
    }
    types
}

fn has_message(record: &Pattern) -> bool {
    record.parts().iter().any(|part| match part {
        Part::Hole(hole) => hole.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("message")),
        Part::Literal(_) => false,
    })
}

/// Whether records of `kind` lie in sections.
pub(super) fn has_sections(kind: &LogKind) -> bool {
    kind.sections.is_some() || matches!(kind.framing, Framing::Reader(reader) if reader::has_sections(reader))
}
