//! Evidence that no condition names.

use std::collections::BTreeSet;

use crate::compiler::ir::ExprKind;
use crate::compiler::rule::Judged;
use crate::diagnostic::{Code, Diagnostic};
use crate::rule::EvidenceId;

/// Warns of every piece of evidence of a whole rule that decides nothing.
pub(super) fn evidence(judged: &Judged, faults: &mut Vec<Diagnostic>) {
    let mut used: BTreeSet<EvidenceId> = BTreeSet::new();
    for expr in judged.conditions.exprs() {
        expr.visit(&mut |part| {
            if let ExprKind::Evidence(id) = part.kind {
                used.insert(id);
            }
        });
    }
    for (index, draft) in judged.drafted.evidence.iter().enumerate() {
        if !used.contains(&EvidenceId(index)) {
            let name = &draft.name.value;
            faults.push(Diagnostic::warning(
                Code::UNUSED_EVIDENCE,
                draft.name.span,
                format!("证据 `{name}` 没有被任何条件使用"),
                format!("no condition names the evidence `{name}`"),
            ));
        }
    }
}
