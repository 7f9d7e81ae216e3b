//! Captures that nobody reads: they join nothing, are compared with nothing, no remedy or mail shows them, and no test
//! expects them.

use std::collections::{BTreeMap, BTreeSet};

use super::Surroundings;
use crate::compiler::ir::{Expr, ExprKind, Filter, OperandKind};
use crate::compiler::rule::Judged;
use crate::diagnostic::{Code, Diagnostic};
use crate::rule::CaptureId;
use crate::syntax::ast::{ExpectDecl, HoleDecl, PatternPart, RuleDecl};
use crate::value::Type;

/// Types whose values a mail lists by itself, as what a finding is about.
const SHOWN: [Type; 5] = [Type::Path, Type::Error, Type::Package, Type::Component, Type::Kb];

/// Names that other rules, their tests or any collection read.
pub(super) fn read_by_others(judged: &[Judged], around: &Surroundings<'_>) -> BTreeSet<String> {
    let mut read: BTreeSet<String> = BTreeSet::new();
    for it in judged {
        visit_operands(it, &mut |operand| {
            if let OperandKind::Finding(capture) = operand {
                read.insert(capture.capture.clone());
            }
        });
        read.extend(expected(&it.drafted.decl, false));
    }
    let needs = around.collections.values().flat_map(|collection| &collection.decl.needs);
    read.extend(needs.map(|(name, _)| name.value.clone()));
    read
}

/// Warns of captures of a rule that nobody reads.
pub(super) fn unused(
    judged: &Judged,
    read: &BTreeSet<String>,
    around: &Surroundings<'_>,
    faults: &mut Vec<Diagnostic>,
) {
    let drafted = &judged.drafted;
    let mut used: BTreeSet<CaptureId> = BTreeSet::new();
    visit_operands(judged, &mut |operand| {
        if let OperandKind::Capture(id, _) = operand {
            used.insert(*id);
        }
    });
    let mut bound: BTreeMap<CaptureId, usize> = BTreeMap::new();
    for id in drafted.evidence.iter().flat_map(|draft| &draft.sometimes) {
        *bound.entry(*id).or_default() += 1;
    }
    let remedies = drafted.decl.causes.iter().flat_map(|cause| &cause.remedies);
    let remedies = remedies.filter_map(|name| around.remedies.get(&name.value)).map(|remedy| &remedy.decl);
    let needs = remedies.flat_map(|remedy| remedy.needs.iter().chain(&remedy.wants));
    let mut names: BTreeSet<String> = needs.map(|(name, _)| name.value.clone()).collect();
    names.extend(expected(&drafted.decl, true));
    for id in drafted.captures.ids() {
        let name = drafted.captures.name(id);
        let shown = drafted.captures.ty(id).is_none_or(|ty| SHOWN.contains(&ty));
        let joins = bound.get(&id).is_some_and(|count| *count > 1);
        if shown || joins || used.contains(&id) || names.contains(name) || read.contains(name) {
            continue;
        }
        if let Some(hole) = hole(&drafted.decl, name) {
            let zh = format!("没有地方用到捕获 `{name}`");
            let en = format!("nothing uses the capture `{name}`");
            faults.push(Diagnostic::warning(Code::UNUSED_CAPTURE, hole.span, zh, en).help(
                "去掉名称（保留类型），或在测试的 `captures:` 中写明它的值",
                "leave the name out and keep the type, or say in a test's `captures:` what it is",
            ));
        }
    }
}

/// The first hole that is called `name`.
fn hole<'d>(decl: &'d RuleDecl, name: &str) -> Option<&'d HoleDecl> {
    let patterns = decl
        .evidence
        .iter()
        .flat_map(|evidence| evidence.lines.iter().chain(evidence.fields.iter().map(|(_, pattern)| pattern)));
    patterns.flat_map(|pattern| &pattern.parts).find_map(|part| match part {
        PatternPart::Hole(hole) => Some(hole).filter(|hole| hole.name.as_ref().is_some_and(|own| own.value == name)),
        PatternPart::Literal(_) => None,
    })
}

/// Captures that the tests of a rule expect: of the rule itself, or of others.
fn expected(decl: &RuleDecl, own: bool) -> impl Iterator<Item = String> {
    let findings = decl.tests.iter().flat_map(|test| match &test.expect {
        ExpectDecl::None(_) => &[][..],
        ExpectDecl::Findings(findings) => findings,
    });
    let of_own = move |rule: Option<&str>| rule.is_none_or(|rule| rule == decl.name.value) == own;
    let chosen = findings.filter(move |it| of_own(it.rule.as_ref().map(|rule| rule.value.as_str())));
    chosen.flat_map(|it| it.captures.iter().flatten()).map(|(name, _)| name.value.clone())
}

/// Calls `see` for every side of every comparison of a rule.
fn visit_operands(judged: &Judged, see: &mut impl FnMut(&OperandKind)) {
    for filter in judged.conditions.filters.iter().flatten() {
        filter_operands(filter, see);
    }
    for expr in judged.conditions.exprs() {
        expr.visit(&mut |part: &Expr| {
            if let ExprKind::Where(_, filter) = &part.kind {
                filter_operands(filter, see);
            }
        });
    }
}

fn filter_operands(filter: &Filter, see: &mut impl FnMut(&OperandKind)) {
    filter.visit(&mut |_, compare| compare.operands().for_each(|operand| see(&operand.kind)));
}
