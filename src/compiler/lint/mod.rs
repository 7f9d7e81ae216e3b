//! Warnings: what compiles and still is not what its author means. One file a question.
//!
//! Only what the author's own layers declare is linted, and a rule with errors only for what no error can bring about.

mod literal;
mod pairs;
mod procedure;
mod tests_written;
mod translation;
mod truth;

pub(super) use procedure::lint as procedures;

use super::layer::ByName;
use super::rule::Judged;
use crate::diagnostic::Diagnostic;
use crate::logs::LogKinds;
use crate::rule::EvidenceId;
use crate::syntax::ast::LogDecl;

/// Lints one rule.
pub(super) fn rule(judged: &Judged, kinds: &LogKinds, faults: &mut Vec<Diagnostic>) {
    let drafted = &judged.drafted;
    if !drafted.own {
        return;
    }
    if !drafted.decl.broken {
        translation::check_title(&drafted.decl.title, &drafted.decl.name, faults);
        for cause in &drafted.decl.causes {
            translation::check_title(&cause.title, &cause.id, faults);
        }
        tests_written::check(&drafted.decl, faults);
    }
    literal::check(drafted, kinds, faults);
    for expr in judged.conditions.exprs().filter(|expr| !expr.is_faulty()) {
        truth::check(expr, &drafted.captures, faults);
        pairs::check(expr, drafted, faults);
    }
    for (index, filter) in judged.conditions.filters.iter().enumerate() {
        if let Some(filter) = filter.as_ref().filter(|filter| !filter.is_faulty()) {
            truth::check_filter(filter, &drafted.captures, faults);
            pairs::check_evidence(EvidenceId(index), filter, judged, faults);
        }
    }
    if judged.rule.is_some() {
        truth::positive_leaf(judged, faults);
    }
}

/// Lints the log kinds.
pub(super) fn log_kinds(logs: &ByName<LogDecl>, faults: &mut Vec<Diagnostic>) {
    for log in logs.values().filter(|log| log.own && !log.decl.broken) {
        translation::check_title(&log.decl.title, &log.decl.name, faults);
    }
}
