//! The log request: the cheapest set of collections that brings what the open questions need.

use crate::case::Thread;
use crate::logs::LogKindId;
use crate::rule::RuleSet;

use super::{CauseResult, CauseStatus, Finding, Missing, Reason, Request, Status};

/// More wanted logs than this are not covered exactly; no rule comes near.
const EXACT: usize = 16;

/// A log that an open question needs, and the questions.
struct Wanted {
    log: LogKindId,
    why: Vec<String>,
}

/// What to ask for.
pub(super) fn requests(findings: &[Finding], rules: &RuleSet, case: Option<&Thread>) -> Vec<Request> {
    let wanted = wanted(findings, rules, case);
    let chosen = cheapest(&wanted, rules);
    chosen
        .into_iter()
        .map(|at| {
            let collection = &rules.collections[at];
            let brought: Vec<&Wanted> = wanted.iter().filter(|want| collection.yields.contains(&want.log)).collect();
            let mut why: Vec<String> = Vec::new();
            for reason in brought.iter().flat_map(|want| &want.why) {
                if !why.contains(reason) {
                    why.push(reason.clone());
                }
            }
            Request {
                collection: collection.name.clone(),
                logs: brought.iter().map(|want| want.log).collect(),
                why,
                asked: case.and_then(|case| asked(case, &collection.name)),
            }
        })
        .collect()
}

/// The last message that asked for a collection, where nothing has come since.
fn asked(case: &Thread, collection: &str) -> Option<u32> {
    case.outstanding().filter(|asked| asked.collection == collection).map(|asked| asked.message).max()
}

/// The logs that would decide what is open, of findings that are no mere symptoms.
fn wanted(findings: &[Finding], rules: &RuleSet, case: Option<&Thread>) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut want = |missing: &Missing, why: &str| {
        if !collectable(missing.reason) {
            return;
        }
        match wanted.iter_mut().find(|want| want.log == missing.log) {
            Some(known) if known.why.iter().any(|known| known == why) => {}
            Some(known) => known.why.push(why.to_owned()),
            None => wanted.push(Wanted { log: missing.log, why: vec![why.to_owned()] }),
        }
    };
    for finding in findings.iter().filter(|finding| finding.explained_by.is_none()) {
        // What happened comes before why: causes are asked about once the failure is certain. A confirmed cause answers
        // the question which cause it is.
        if finding.status == Status::Undetermined {
            finding.missing.iter().for_each(|missing| want(missing, &finding.name));
            continue;
        }
        let confirmed = |cause: &&CauseResult| cause.status == CauseStatus::Confirmed;
        if finding.causes.iter().filter(confirmed).any(|cause| !case.is_some_and(|case| is_refuted(cause, case))) {
            continue;
        }
        for cause in finding.causes.iter().filter(|cause| cause.status == CauseStatus::Open) {
            cause.missing.iter().for_each(|missing| want(missing, &cause.id));
        }
    }
    wanted.retain(|want| rules.collections.iter().any(|collection| collection.yields.contains(&want.log)));
    wanted.truncate(EXACT);
    wanted
}

/// Whether a cause is in doubt again: what removes it was tried, and the failure stayed.
fn is_refuted(cause: &CauseResult, case: &Thread) -> bool {
    cause.remedies.first().is_some_and(|remedy| case.failed(remedy).is_some())
}

/// Whether collecting the log again would help.
fn collectable(reason: Reason) -> bool {
    !matches!(reason, Reason::ClockUnknown | Reason::TooMany)
}

/// The set of collections, by index, that brings all of `wanted` at the least effort; ties go to fewer, then to the
/// earlier in the knowledge base.
fn cheapest(wanted: &[Wanted], rules: &RuleSet) -> Vec<usize> {
    let all = (1usize << wanted.len()) - 1;
    let mut best: Vec<Option<(u32, Vec<usize>)>> = vec![None; all + 1];
    best[0] = Some((0, Vec::new()));
    for (at, collection) in rules.collections.iter().enumerate() {
        let brings = wanted
            .iter()
            .enumerate()
            .filter(|(_, want)| collection.yields.contains(&want.log))
            .fold(0, |mask, (bit, _)| mask | 1 << bit);
        if brings == 0 {
            continue;
        }
        for have in (0..=all).rev() {
            let Some((cost, mut set)) = best[have].clone() else { continue };
            let cost = cost.saturating_add(collection.effort.cost());
            set.push(at);
            let slot = &mut best[have | brings];
            let cheaper = slot.as_ref().is_none_or(|(old, kept)| (cost, set.len()) < (*old, kept.len()));
            if have | brings != have && cheaper {
                *slot = Some((cost, set));
            }
        }
    }
    best[all].take().map(|(_, set)| set).unwrap_or_default()
}
