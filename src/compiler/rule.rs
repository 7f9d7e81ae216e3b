//! One rule through the stages: drafted (evidence and captures), resolved, bound, lowered.
//!
//! A rule sees other rules only by their faces, so rules are judged one by one and one bad rule costs one rule.

use std::collections::BTreeMap;
use std::ops::Range;

use super::binding::Binding;
use super::capture::CaptureTable;
use super::emit;
use super::evidence::{Draft, Drafting};
use super::fault;
use super::ir::{CaptureSet, Expr, Filter};
use super::known::{Known, failed_since};
use super::layer::Declared;
use super::lower::Lowering;
use super::procedure::{Needs, check_needs};
use super::resolve::{Aliases, Face, Names};
use super::rule_test;
use crate::diagnostic::{Code, Diagnostic};
use crate::logs::{LogKindId, LogKinds};
use crate::rule::{self, Cause, Condition, Evidence, EvidenceId, Severity};
use crate::source::Span;
use crate::syntax::ast::{CauseDecl, EvidenceDecl, RuleDecl, Text};

/// Codes of patterns that could not be read.
const PATTERN_CODES: Range<u16> = 100..200;

/// A rule with its evidence drafted.
pub(super) struct Drafted {
    pub(super) decl: RuleDecl,
    pub(super) own: bool,
    pub(super) evidence: Vec<Draft>,
    pub(super) captures: CaptureTable,
    pub(super) failed: bool,
    /// Whether evidence was lost before it came here: a name that nothing answers to may have stood in it.
    pub(super) partial: bool,
}

/// A rule with its conditions judged.
pub(super) struct Judged {
    pub(super) drafted: Drafted,
    pub(super) conditions: Conditions,
    /// `None`: left out, and why was reported.
    pub(super) rule: Option<rule::Rule>,
}

/// The conditions of a rule with places, for what is asked across rules and for the lints.
pub(super) struct Conditions {
    pub(super) filters: Vec<Option<Filter>>,
    pub(super) signature: Option<Expr>,
    pub(super) causes: Vec<Option<Expr>>,
}

impl Conditions {
    /// The signature and every `when`.
    pub(super) fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.signature.iter().chain(self.causes.iter().flatten())
    }
}

/// What rules are judged against.
pub(super) struct World<'a> {
    pub(super) kinds: &'a LogKinds,
    pub(super) logs: &'a Known<LogKindId>,
    pub(super) rules: &'a Known<Face>,
    pub(super) remedies: &'a Known<Needs>,
    pub(super) collections: &'a Known<()>,
}

/// Drafts a rule: its evidence and its captures.
pub(super) fn draft(
    declared: Declared<RuleDecl>,
    kinds: &LogKinds,
    logs: &Known<LogKindId>,
    faults: &mut Vec<Diagnostic>,
) -> Drafted {
    let before = faults.len();
    let mut captures = CaptureTable::default();
    let mut drafting = Drafting { kinds, logs, captures: &mut captures, faults };
    let evidence: Vec<Draft> = declared.decl.evidence.iter().map(|decl| drafting.draft(decl)).collect();
    let failed = failed_since(faults, before) || declared.decl.broken || evidence.iter().any(|draft| draft.unsure);
    let partial = is_partial(&declared.decl, &faults[..before]);
    Drafted { decl: declared.decl, own: declared.own, evidence, captures, failed, partial }
}

/// Whether evidence of a broken rule was lost: a pattern of it, one piece, or all of it.
fn is_partial(decl: &RuleDecl, faults: &[Diagnostic]) -> bool {
    let bare = |evidence: &EvidenceDecl| evidence.lines.is_empty() && evidence.fields.is_empty();
    // The rule reaches to the last place that is known of it.
    let causes = decl.causes.iter().map(|cause| cause.id.span.end);
    let tests = decl.tests.iter().map(|test| test.name.span.end);
    let end = causes.chain(tests).chain(decl.signature.iter().map(|expr| expr.span.end)).max().unwrap_or(usize::MAX);
    let lost = |fault: &Diagnostic| {
        let loses =
            PATTERN_CODES.contains(&fault.code.0) || matches!(fault.code, Code::WRONG_SHAPE | Code::EMPTY_VALUE);
        loses && fault.span.file == decl.name.span.file && (decl.name.span.start..end).contains(&fault.span.start)
    };
    decl.broken && (decl.evidence.is_empty() || decl.evidence.iter().any(bare) || faults.iter().any(lost))
}

impl Drafted {
    /// What other rules may know of it.
    pub(super) fn face(&self) -> Face {
        let capture = |id| (self.captures.name(id).to_owned(), self.captures.ty(id));
        Face {
            captures: self.captures.ids().map(capture).collect(),
            evidence: self.evidence.iter().map(|draft| draft.name.value.clone()).collect(),
            causes: self.decl.causes.iter().map(|cause| cause.id.value.clone()).collect(),
        }
    }
}

impl World<'_> {
    /// Judges a rule.
    pub(super) fn judge(&self, drafted: Drafted, faults: &mut Vec<Diagnostic>) -> Judged {
        let before = faults.len();
        let conditions = self.resolve(&drafted, faults);
        if !drafted.partial {
            bind(&drafted, &conditions, faults);
        }
        let rule = self.lower(&drafted, &conditions, faults);
        let whole = !drafted.failed && !failed_since(faults, before);
        Judged { rule: rule.filter(|_| whole), conditions, drafted }
    }

    fn resolve(&self, drafted: &Drafted, faults: &mut Vec<Diagnostic>) -> Conditions {
        let decl = &drafted.decl;
        let evidence: BTreeMap<String, EvidenceId> =
            drafted.evidence.iter().enumerate().map(|(id, draft)| (draft.name.value.clone(), EvidenceId(id))).collect();
        let mut names = Names {
            evidence: &evidence,
            captures: &drafted.captures,
            rules: self.rules,
            aliases: Aliases::new(),
            in_evidence: false,
            partial: drafted.partial,
            faults,
        };
        decl.signature.iter().for_each(|expr| names.collect_aliases(expr));
        let signature = decl.signature.as_ref().map(|expr| names.expr(expr));
        let outer = names.aliases.clone();
        let mut causes = Vec::new();
        for cause in &decl.causes {
            names.aliases.clone_from(&outer);
            cause.when.iter().for_each(|expr| names.collect_aliases(expr));
            causes.push(cause.when.as_ref().map(|expr| names.expr(expr)));
        }
        names.aliases = outer;
        names.in_evidence = true;
        let filters = decl.evidence.iter().map(|decl| decl.filter.as_ref().map(|filter| names.filter(filter)));
        let filters = filters.collect();
        Conditions { filters, signature, causes }
    }

    fn lower(&self, drafted: &Drafted, conditions: &Conditions, faults: &mut Vec<Diagnostic>) -> Option<rule::Rule> {
        let decl = &drafted.decl;
        let severity = decl.severity.as_ref().map_or(Severity::Failure, |word| severity(word, faults));
        let explains: Vec<_> = decl.explains.iter().map(|name| self.rules.find(name, faults).map(|_| name)).collect();
        let tests = rule_test::lower_all(self, drafted, faults);
        let evidence = self.evidence(drafted, conditions, faults);
        // A rule without one was reported when it was read.
        let signature = conditions.signature.as_ref().and_then(|expr| self.lowering(drafted, faults).condition(expr));
        let causes: Vec<Option<Cause>> = decl
            .causes
            .iter()
            .zip(&conditions.causes)
            .map(|(cause, when)| self.cause(drafted, cause, when.as_ref(), faults))
            .collect();
        Some(rule::Rule {
            name: decl.name.value.clone(),
            title: emit::title(&decl.title, &decl.name),
            severity,
            products: decl.products.iter().map(emit::localized).collect(),
            evidence: evidence?,
            captures: drafted.captures.emit(),
            signature: signature?,
            explains: explains.into_iter().flatten().map(|name| name.value.clone()).collect(),
            causes: causes.into_iter().collect::<Option<_>>()?,
            tests: tests?,
        })
    }

    fn lowering<'a>(&'a self, drafted: &'a Drafted, faults: &'a mut Vec<Diagnostic>) -> Lowering<'a> {
        Lowering { kinds: self.kinds, evidence: &drafted.evidence, captures: &drafted.captures, faults }
    }

    fn evidence(
        &self,
        drafted: &Drafted,
        conditions: &Conditions,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Evidence>> {
        let mut whole = true;
        let mut evidence = Vec::new();
        for (draft, filter) in drafted.evidence.iter().zip(&conditions.filters) {
            let lowered = filter.as_ref().map(|filter| self.lowering(drafted, faults).filters().lower(filter));
            whole &= !matches!(lowered, Some(None));
            evidence.push(Evidence {
                name: draft.name.value.clone(),
                logs: draft.logs.iter().map(|(id, _)| *id).collect(),
                lines: draft.lines.clone(),
                section: draft.section.clone(),
                fields: draft.fields.clone(),
                filter: lowered.flatten(),
            });
        }
        whole.then_some(evidence)
    }

    fn cause(
        &self,
        drafted: &Drafted,
        decl: &CauseDecl,
        when: Option<&Expr>,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Cause> {
        let mut whole = true;
        for name in &decl.remedies {
            match self.remedies.find(name, faults) {
                Some(needs) if !drafted.partial => check_needs(name, needs, &drafted.captures, faults),
                Some(_) => {}
                None => whole = false,
            }
        }
        for name in &decl.excludes {
            let others =
                || drafted.decl.causes.iter().map(|other| other.id.value.as_str()).filter(|id| *id != decl.id.value);
            if !others().any(|other| other == name.value) {
                faults.push(fault::unknown(&fault::CAUSE, name, others()));
                whole = false;
            }
        }
        let lowered: Option<Option<Condition>> = when.map(|expr| self.lowering(drafted, faults).condition(expr));
        whole &= !matches!(lowered, Some(None));
        whole.then(|| Cause {
            id: decl.id.value.clone(),
            title: emit::title(&decl.title, &decl.id),
            when: lowered.flatten(),
            excludes: decl.excludes.iter().map(|name| name.value.clone()).collect(),
            remedies: decl.remedies.iter().map(|name| name.value.clone()).collect(),
        })
    }
}

/// Every filter asks only for what has a value there.
fn bind(drafted: &Drafted, conditions: &Conditions, faults: &mut Vec<Diagnostic>) {
    let mut binding = Binding { evidence: &drafted.evidence, captures: &drafted.captures, faults };
    for (index, filter) in conditions.filters.iter().enumerate() {
        if let Some(filter) = filter {
            binding.check_evidence(index, filter, lines_of(drafted, index));
        }
    }
    let nothing = CaptureSet::new();
    let Some(signature) = &conditions.signature else { return };
    binding.check(signature, &nothing);
    let bound = binding.sometimes(signature);
    for when in conditions.causes.iter().flatten() {
        binding.check(when, &bound);
    }
}

fn lines_of(drafted: &Drafted, index: usize) -> Span {
    let decl = &drafted.decl.evidence[index];
    let spans = decl.lines.iter().map(|line| line.text.span);
    spans.reduce(Span::to).unwrap_or(decl.name.span)
}

fn severity(word: &Text, faults: &mut Vec<Diagnostic>) -> Severity {
    match word.value.as_str() {
        "failure" => Severity::Failure,
        "warning" => Severity::Warning,
        "notice" => Severity::Notice,
        _ => {
            faults.push(fault::unknown(&fault::SEVERITY, word, ["failure", "warning", "notice"]));
            Severity::Failure
        }
    }
}
