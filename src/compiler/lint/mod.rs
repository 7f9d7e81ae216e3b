//! Warnings: what compiles and still is not what its author means. One file a question.
//!
//! Only what the author's own layers declare is linted, and a rule with errors only for what no error can bring about.

mod capture;
mod literal;
mod pairs;
mod pattern;
mod procedure;
mod product;
mod regex;
mod shadow;
mod tests_written;
mod translation;
mod truth;
mod window;

use std::collections::BTreeSet;

pub(super) use procedure::lint as procedures;
pub use translation::to_be_written;

use super::layer::ByName;
use super::rule::Judged;
use crate::diagnostic::Diagnostic;
use crate::logs::LogKinds;
use crate::rule::EvidenceId;
use crate::syntax::ast::{CollectionDecl, LogDecl, RemedyDecl};

/// What rules are linted against.
pub(super) struct Surroundings<'a> {
    pub(super) kinds: &'a LogKinds,
    pub(super) logs: &'a ByName<LogDecl>,
    pub(super) remedies: &'a ByName<RemedyDecl>,
    pub(super) collections: &'a ByName<CollectionDecl>,
    /// Rules that depend on themselves.
    pub(super) cyclic: &'a BTreeSet<String>,
}

/// Lints all rules.
pub(super) fn rules(judged: &[Judged], around: &Surroundings<'_>, faults: &mut Vec<Diagnostic>) {
    if !judged.iter().any(|it| it.drafted.own) {
        return;
    }
    let read = capture::read_by_others(judged, around);
    for it in judged.iter().filter(|it| it.drafted.own) {
        rule(it, around, faults);
        if it.rule.is_some() {
            capture::unused(it, &read, around, faults);
        }
    }
    shadow::check(judged, around.cyclic, faults);
}

/// Lints one rule by itself.
fn rule(judged: &Judged, around: &Surroundings<'_>, faults: &mut Vec<Diagnostic>) {
    let drafted = &judged.drafted;
    if !drafted.decl.broken {
        translation::check_title(&drafted.decl.title, &drafted.decl.name, faults);
        for cause in &drafted.decl.causes {
            translation::check_title(&cause.title, &cause.id, faults);
        }
        product::check(&drafted.decl.products, faults);
        tests_written::check(drafted, faults);
    }
    literal::check(drafted, around.kinds, faults);
    pattern::check(drafted, faults);
    for expr in judged.conditions.exprs().filter(|expr| !expr.is_faulty()) {
        truth::check(expr, drafted, faults);
        pairs::check(expr, drafted, faults);
        window::check(expr, drafted, around, faults);
    }
    for (index, filter) in judged.conditions.filters.iter().enumerate() {
        if let Some(filter) = filter.as_ref().filter(|filter| !filter.is_faulty()) {
            truth::check_filter(filter, &drafted.captures, faults);
            pairs::check_evidence(EvidenceId(index), filter, judged, faults);
        }
    }
    if judged.rule.is_some() {
        truth::positive_leaf(judged, faults);
        truth::check_causes(judged, faults);
    }
}

/// Lints the log kinds.
pub(super) fn log_kinds(logs: &ByName<LogDecl>, faults: &mut Vec<Diagnostic>) {
    for log in logs.values().filter(|log| log.own && !log.decl.broken) {
        translation::check_title(&log.decl.title, &log.decl.name, faults);
    }
}
