//! The last stage: what was judged becomes the contract, and what leans on something left out goes with it.

use std::collections::{BTreeMap, BTreeSet};

use super::ir::Expr;
use super::rule::Judged;
use crate::lang::Localized;
use crate::rule::{Condition, Phrases, Remedy, Rule};
use crate::syntax::ast::{LocalizedDecl, PhrasesDecl, Text};
use crate::value::Type;

/// A text in both languages.
pub(super) fn localized(decl: &LocalizedDecl) -> Localized {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    Localized { zh: text(&decl.zh), en: text(&decl.en) }
}

/// A title; where none is written the name stands for it.
pub(super) fn title(decl: &LocalizedDecl, name: &Text) -> Localized {
    let title = localized(decl);
    if title.is_empty() { Localized::new(&name.value, &name.value) } else { title }
}

/// Plain texts.
pub(super) fn texts(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| text.value.clone()).collect()
}

/// `needs:` and `wants:` for the contract.
pub(super) fn needs(needs: &[(Text, Type)]) -> Vec<(String, Type)> {
    needs.iter().map(|(name, ty)| (name.value.clone(), *ty)).collect()
}

/// `phrases:` for the contract.
pub(super) fn phrases(decl: PhrasesDecl) -> (String, Phrases) {
    let acts = decl.acts.into_iter().map(|(act, phrases)| (act.value, texts(&phrases))).collect();
    (decl.lang.value, Phrases { acts })
}

/// The rules that are whole, and whose findings they read are there too.
pub(super) fn rules(judged: Vec<Judged>, cyclic: &BTreeSet<String>) -> Vec<Rule> {
    let fallen = fallen(&judged, cyclic);
    let mut rules: Vec<Rule> =
        judged.into_iter().filter_map(|it| it.rule).filter(|rule| !fallen.contains(&rule.name)).collect();
    let standing: BTreeSet<String> = rules.iter().map(|rule| rule.name.clone()).collect();
    for rule in &mut rules {
        rule.explains.retain(|name| standing.contains(name));
    }
    rules
}

/// The names of rules that are left out, and of those that read their findings, and so on.
fn fallen(judged: &[Judged], cyclic: &BTreeSet<String>) -> BTreeSet<String> {
    let mut readers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut waiting: Vec<&str> = cyclic.iter().map(String::as_str).collect();
    for it in judged {
        let name = it.drafted.decl.name.value.as_str();
        for read in it.conditions.exprs().flat_map(Expr::findings) {
            readers.entry(&read.value).or_default().push(name);
        }
        if it.rule.is_none() {
            waiting.push(name);
        }
    }
    let mut fallen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if fallen.insert(name.to_owned()) {
            waiting.extend(readers.get(name).into_iter().flatten());
        }
    }
    fallen
}

/// Remedies whose `resolved-when` reads a rule that was left out keep their words and lose the condition.
pub(super) fn remedies(mut remedies: Vec<Remedy>, rules: &[Rule]) -> Vec<Remedy> {
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
    for verify in remedies.iter_mut().filter_map(|remedy| remedy.verify.as_mut()) {
        if verify.resolved_when.as_ref().is_some_and(|condition| !reads_only(condition, &names)) {
            verify.resolved_when = None;
        }
    }
    remedies
}

/// Whether every finding that a condition of findings reads is of one of `rules`.
fn reads_only(condition: &Condition, rules: &BTreeSet<&str>) -> bool {
    let all = |parts: &[Condition]| parts.iter().all(|part| reads_only(part, rules));
    match condition {
        Condition::Finding { rule, .. } => rules.contains(rule.as_str()),
        Condition::All(parts) | Condition::Any(parts) | Condition::AtLeastOf { conditions: parts, .. } => all(parts),
        Condition::Not(part)
        | Condition::Within { condition: part, .. }
        | Condition::AtLeast { condition: part, .. }
        | Condition::InOne { condition: part, .. }
        | Condition::Where { condition: part, .. } => reads_only(part, rules),
        Condition::Then { first, steps } => {
            reads_only(first, rules) && steps.iter().all(|step| reads_only(&step.condition, rules))
        }
        Condition::Near { left, right, .. }
        | Condition::LastBefore { what: left, before: right }
        | Condition::FirstAfter { what: left, after: right } => reads_only(left, rules) && reads_only(right, rules),
        Condition::Evidence(_) => true,
    }
}
