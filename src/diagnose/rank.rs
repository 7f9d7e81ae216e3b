//! Which rule is judged first, which finding explains which, and what stands at the top.

use std::cmp::Reverse;

use crate::logs::Origin;
use crate::rule::RuleSet;

use super::{Finding, Rank, Status};

/// Indices of the rules that are not `silent`, in groups: a rule comes in a later group than those whose findings it reads;
/// cycles are the compiler's to refuse.
pub(super) fn in_turn(rules: &RuleSet, silent: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut turns = vec![None; rules.rules.len()];
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for index in 0..rules.rules.len() {
        turn(index, rules, &mut turns);
    }
    for (index, turn) in turns.into_iter().enumerate().filter(|(index, _)| !silent(*index)) {
        let turn = turn.unwrap_or(0);
        groups.resize_with(groups.len().max(turn + 1), Vec::new);
        groups[turn].push(index);
    }
    groups
}

/// Indices of the rules whose findings a rule reads.
fn reads(index: usize, rules: &RuleSet) -> Vec<usize> {
    rules.rules.reads(index).into_iter().filter_map(|name| rules.rules.position(name)).collect()
}

/// How many rules come before a rule, one after the other.
fn turn(index: usize, rules: &RuleSet, turns: &mut [Option<usize>]) -> usize {
    if let Some(turn) = turns[index] {
        return turn;
    }
    // One that reads itself does not wait for itself.
    turns[index] = Some(0);
    let before = reads(index, rules).into_iter().map(|other| turn(other, rules, turns) + 1).max();
    turns[index] = before.or(Some(0));
    before.unwrap_or(0)
}

/// Hides symptoms under the confirmed finding that explains them, and guesses under the confirmed finding that quotes
/// everything they rest on.
pub(super) fn explain(findings: &mut [Finding], rules: &RuleSet) {
    let mut sources: Vec<(String, Vec<String>)> = findings
        .iter()
        .filter(|finding| finding.status == Status::Confirmed)
        .map(|finding| (finding.name.clone(), rules.rules[finding.rule].explains.clone()))
        .collect();
    sources.sort();
    let quoted: Vec<(String, Vec<Origin>)> = findings
        .iter()
        .filter(|finding| finding.status == Status::Confirmed)
        .map(|finding| (finding.name.clone(), origins(finding)))
        .collect();
    for finding in findings {
        let source = sources.iter().find(|(name, explains)| *name != finding.name && explains.contains(&finding.name));
        finding.explained_by = source.map(|(name, _)| name.clone());
        if finding.status == Status::Undetermined && finding.explained_by.is_none() {
            let own = origins(finding);
            let covers = |all: &[Origin]| all.len() > own.len() && own.iter().all(|one| all.contains(one));
            let covering = quoted.iter().filter(|(_, all)| covers(all)).map(|(name, _)| name.clone());
            finding.explained_by = covering.min();
        }
    }
}

fn origins(finding: &Finding) -> Vec<Origin> {
    finding.evidence.iter().map(|quote| quote.record.origin.clone()).collect()
}

/// Confirmed before undetermined, causes before symptoms, then the graver, the later, the name. Every finding says which
/// of these gave it its place.
pub(super) fn sort(findings: &mut [Finding]) {
    let symptoms: Vec<(String, String)> =
        findings.iter().filter_map(|one| Some((one.explained_by.clone()?, one.name.clone()))).collect();
    for finding in findings.iter_mut() {
        let mut explains: Vec<String> =
            symptoms.iter().filter(|(by, _)| *by == finding.name).map(|(_, symptom)| symptom.clone()).collect();
        explains.sort();
        let mut ranked = vec![Rank::Status(finding.status)];
        ranked.extend((!explains.is_empty()).then_some(Rank::Explains(explains)));
        ranked.extend(finding.explained_by.clone().map(Rank::ExplainedBy));
        ranked.push(Rank::Severity(finding.severity));
        ranked.extend(finding.last.map(Rank::Last));
        ranked.push(Rank::Name);
        finding.ranked = ranked;
    }
    findings.sort_by_cached_key(|finding| {
        (
            finding.status == Status::Undetermined,
            finding.explained_by.is_some(),
            Reverse(finding.severity),
            Reverse(finding.last),
            finding.name.clone(),
        )
    });
}
