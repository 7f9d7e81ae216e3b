//! Rules that another rule shadows: wherever the one holds the other does too, and nobody says which accounts for which.
//!
//! Certain cases only: a signature is taken apart at its `and`s, and every part of the one stands in the other word for
//! word, evidence and all.

use std::collections::{BTreeMap, BTreeSet};

use crate::compiler::ir::{Expr, ExprKind, Filter};
use crate::compiler::rule::{Drafted, Judged};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{EvidenceDecl, PatternDecl};

/// A whole rule by what it asks.
struct Face<'j> {
    drafted: &'j Drafted,
    parts: BTreeSet<String>,
}

impl Face<'_> {
    fn name(&self) -> &str {
        &self.drafted.decl.name.value
    }

    fn explains(&self, other: &Face<'_>) -> bool {
        self.drafted.decl.explains.iter().any(|name| name.value == other.name())
    }
}

/// Warns of every own rule that another shadows.
pub(super) fn check(judged: &[Judged], cyclic: &BTreeSet<String>, faults: &mut Vec<Diagnostic>) {
    // What reads a rule of a circle is left out with it.
    let fallen = |it: &&Judged| it.conditions.exprs().flat_map(Expr::findings).any(|name| cyclic.contains(&name.value));
    let faces: Vec<Face<'_>> = judged.iter().filter(|it| !fallen(it)).filter_map(face).collect();
    // All parts of the one stand in the other, so its first one does: of thousands of rules a few are compared.
    let mut by_first: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, face) in faces.iter().enumerate() {
        by_first.entry(face.parts.first().map_or("", String::as_str)).or_default().push(at);
    }
    for (at, own) in faces.iter().enumerate().filter(|(_, face)| face.drafted.own) {
        let shared = own.parts.iter().filter_map(|part| by_first.get(part.as_str())).flatten().copied();
        let places: BTreeSet<usize> = shared.filter(|other| *other != at).collect();
        let others = places.into_iter().map(|other| (other, &faces[other]));
        let found = others.filter(|(_, other)| other.parts.is_subset(&own.parts)).find_map(|(place, other)| {
            let same = other.parts == own.parts;
            match (other.explains(own), own.explains(other)) {
                (true, _) => {
                    Some((other, "且由它解释，因此永远只是症状", "and explains it, so it is never more than a symptom"))
                }
                (false, true) if !same => None,
                // Of two that are the same one is enough to report.
                (false, _) if same && place > at => None,
                (false, _) => Some((
                    other,
                    "且互不解释，一个故障会报两次",
                    "and neither explains the other, so one failure is reported twice",
                )),
            }
        });
        if let Some((other, zh, en)) = found {
            let name = other.name();
            let warning = Diagnostic::warning(
                Code::SHADOWED_RULE,
                own.drafted.decl.name.span,
                format!("只要这条规则成立，`{name}` 也成立，{zh}"),
                format!("wherever this rule holds `{name}` holds too, {en}"),
            );
            faults.push(warning.label(other.drafted.decl.name.span, "另一条规则", "the other rule"));
        }
    }
}

fn face(judged: &Judged) -> Option<Face<'_>> {
    let signature = judged.rule.as_ref().and(judged.conditions.signature.as_ref())?;
    let parts = match &signature.kind {
        ExprKind::All(parts) => parts.iter().map(|part| said(part, judged)).collect(),
        _ => std::iter::once(said(signature, judged)).collect(),
    };
    Some(Face { drafted: &judged.drafted, parts })
}

/// A condition in words that hold outside its rule: evidence by what it asks, captures by their names.
fn said(expr: &Expr, judged: &Judged) -> String {
    let drafted = &judged.drafted;
    let mut text = expr.canonical();
    for (at, decl) in drafted.decl.evidence.iter().enumerate().rev() {
        let filter = judged.conditions.filters[at].as_ref().map(Filter::canonical);
        text = text.replace(&format!("(evidence {at}:"), &format!("({} where {filter:?}:", evidence(decl)));
    }
    for id in drafted.captures.ids().collect::<Vec<_>>().into_iter().rev() {
        let name = drafted.captures.name(id);
        text = text.replace(&format!("capture {}", id.0), &format!("capture <{name}>"));
    }
    text
}

fn evidence(decl: &EvidenceDecl) -> String {
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list.join(" | ")
    };
    let text = |pattern: &PatternDecl| format!("{:?}", pattern.text.text);
    let logs = sorted(decl.logs.iter().map(|log| log.value.clone()).collect());
    let lines = sorted(decl.lines.iter().map(text).collect());
    let fields =
        sorted(decl.fields.iter().map(|(name, pattern)| format!("{}={}", name.value, text(pattern))).collect());
    let section = decl.section.as_ref().map(text);
    format!("{logs}; {lines}; {fields}; {section:?}; {}", decl.case.is_some())
}
