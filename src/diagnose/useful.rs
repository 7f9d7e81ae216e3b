//! Hits that can be of use: of ten thousand records that a pattern fits, a `where` mostly lets a few count.

use std::cell::LazyCell;

use crate::rule::{CaptureId, Condition, EvidenceId, Filter, Rule};
use crate::scan::Wanted;
use crate::value::Value;

use super::env::Env;
use super::filter::holds;
use super::needs::{needs, settled};
use super::solve::evidence_of;
use super::truth::Truth;

/// The hits that may count somewhere.
pub const USEFUL: Wanted = Wanted { asks: is_filtered, fits: useful, needs, settled, held: HELD };

/// Hits of one log; they take some 30 MB, those of an event log twice as much.
const HELD: usize = 64 << 10;

/// Whether a rule has a `where` that may say no to a hit of its evidence.
fn is_filtered(rule: &Rule, evidence: EvidenceId) -> bool {
    let mut any = rule.evidence.get(evidence.0).is_some_and(|own| own.filter.is_some());
    for condition in rule.conditions() {
        condition.visit(&mut |part| any |= matches!(part, Condition::Where { .. }));
    }
    any
}

/// Whether a hit of a rule's evidence with these captures may count somewhere: not where a `where` over it says no, whatever
/// else is bound. Evidence that no condition reads is only quoted, and always of use.
fn useful(rule: &Rule, evidence: EvidenceId, captures: &[(CaptureId, Value)]) -> bool {
    // Most evidence has no filter, and nothing to ask it with.
    let env = LazyCell::new(|| {
        let mut env = Env { captures: vec![None; rule.captures.len()], ..Env::default() };
        for (capture, value) in captures {
            if let Some(bound) = env.captures.get_mut(capture.0) {
                *bound = Some(value);
            }
        }
        env
    });
    let refused = |filter: &Filter| holds(filter, &env, &[]) == Truth::False;
    if rule.evidence.get(evidence.0).and_then(|own| own.filter.as_ref()).is_some_and(refused) {
        return false;
    }
    let mut places = rule.conditions().filter_map(|condition| counts(condition, evidence, &refused)).peekable();
    places.peek().is_none() || places.any(|may| may)
}

/// Whether the hit may count in a condition; `None` where that does not read the evidence.
fn counts(condition: &Condition, evidence: EvidenceId, refused: &impl Fn(&Filter) -> bool) -> Option<bool> {
    let below = || condition.children().into_iter().filter_map(|part| counts(part, evidence, refused)).max();
    match condition {
        Condition::Evidence(own) => (*own == evidence).then_some(true),
        // What is found by its place, or counted, is so before the filter is asked; what must not be is not filtered.
        Condition::Where { condition: inner, .. } if !filters(inner, evidence) => below(),
        Condition::Where { filter, .. } => below().map(|may| may && !refused(filter)),
        _ => below(),
    }
}

/// Whether a `where` around a condition asks every hit of the evidence in it.
fn filters(condition: &Condition, evidence: EvidenceId) -> bool {
    let reads = |part: &Condition| evidence_of(part).contains(&evidence);
    match condition {
        Condition::Not(_)
        | Condition::AtLeast { .. }
        | Condition::AtLeastOf { .. }
        | Condition::LastBefore { .. }
        | Condition::FirstAfter { .. } => !reads(condition),
        Condition::Then { first, steps } => {
            let negated = steps.iter().any(|step| step.negated && reads(&step.condition));
            !negated && filters(first, evidence) && steps.iter().all(|step| filters(&step.condition, evidence))
        }
        _ => condition.children().into_iter().all(|part| filters(part, evidence)),
    }
}
