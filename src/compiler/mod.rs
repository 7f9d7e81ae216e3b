//! Declarations to the contract.
//!
//! ```text
//! layer        layers          → one table a kind of document
//! log_kind     tables          → log kinds
//! evidence     a rule          → evidence with typed holes, and the rule's captures
//! resolve      conditions      → ir: names known
//! binding      ir              → every filter asks for what has a value
//! lower,filter ir              → conditions of the contract: types known, places end
//! cycle, emit  judged rules    → the rule set
//! lint         all of it       → warnings
//! ```
//!
//! One bad rule costs one rule: it is left out, its faults are reported, and everything else compiles. What follows
//! from a reported fault is not reported.

mod bearing;
mod binding;
mod canonical;
mod capture;
mod cycle;
mod destructive;
mod emit;
mod evidence;
mod fault;
mod filter;
mod ir;
mod known;
mod layer;
mod lint;
mod log_kind;
mod lower;
mod pattern;
mod procedure;
mod reader;
mod resolve;
mod rule;
mod rule_test;
mod suggest;
mod template;

#[cfg(test)]
mod tests;

pub use destructive::destroys;
pub use layer::Layer;
pub use lint::to_be_written;

use std::collections::{BTreeSet, HashSet};

use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::logs::{LogKindId, LogKinds};
use crate::rule::RuleSet;
use crate::syntax::ast::{PhrasesDecl, RuleDecl};

use known::Known;
use layer::ByName;
use procedure::Procedures;
use rule::{Drafted, Judged, World};

/// Compiles layers, the lowest first: a same name replaces that of a lower layer.
///
/// Faults are added to `diagnostics`; own layers alone are linted.
#[must_use]
pub fn compile(layers: Vec<Layer>, diagnostics: &mut Vec<Diagnostic>) -> RuleSet {
    let merged = layer::merge(layers, diagnostics);
    let (kinds, logs) = log_kind::lower_all(&merged.logs, diagnostics);
    lint::log_kinds(&merged.logs, diagnostics);
    let (drafts, faces) = draft_all(merged.rules, &merged.shelved, &kinds, &logs, diagnostics);
    let mut procedures = Procedures {
        kinds: &kinds,
        logs: &logs,
        rules: &faces,
        shelved: &merged.shelved,
        scripts: &merged.scripts,
        faults: diagnostics,
    };
    let (remedies, needs) = procedures.remedies(&merged.remedies);
    let (collections, collected) = procedures.collections(&merged.collections);
    let world = World { kinds: &kinds, logs: &logs, rules: &faces, remedies: &needs, collections: &collected };
    let judged: Vec<Judged> = drafts.into_iter().map(|draft| world.judge(draft, diagnostics)).collect();
    let cyclic = cycle::find(&judged, diagnostics);
    let around = lint::Surroundings {
        kinds: &kinds,
        logs: &merged.logs,
        remedies: &merged.remedies,
        collections: &merged.collections,
        cyclic: &cyclic,
    };
    lint::rules(&judged, &around, diagnostics);
    lint::procedures(&around, &collections, &judged, diagnostics);
    let phrases = phrases(merged.phrases, diagnostics);
    once(diagnostics);
    let rules = emit::rules(judged, &cyclic);
    let remedies = emit::remedies(remedies, &rules);
    RuleSet { logs: kinds, rules: rules.into(), remedies, collections, phrases }
}

/// Drafts all rules, and shows each rule the faces of all.
fn draft_all(
    rules: ByName<RuleDecl>,
    shelved: &BTreeSet<String>,
    kinds: &LogKinds,
    logs: &Known<LogKindId>,
    faults: &mut Vec<Diagnostic>,
) -> (Vec<Drafted>, Known<resolve::Face>) {
    let drafts: Vec<Drafted> = rules.into_values().map(|declared| rule::draft(declared, kinds, logs, faults)).collect();
    let mut faces = Known::shelving(&fault::RULE, shelved);
    for draft in &drafts {
        faces.insert(draft.decl.name.value.clone(), Some(draft.face()));
    }
    (drafts, faces)
}

fn phrases(table: ByName<PhrasesDecl>, faults: &mut Vec<Diagnostic>) -> Vec<(String, crate::rule::Phrases)> {
    let known = |lang: &str| Lang::ALL.iter().any(|known| known.key() == lang);
    let mut phrases = Vec::new();
    for (name, declared) in table {
        if known(&name) {
            phrases.push(emit::phrases(declared.decl));
        } else {
            let keys = Lang::ALL.iter().map(|lang| lang.key());
            faults.push(fault::unknown(&fault::LANGUAGE, &declared.decl.lang, keys));
        }
    }
    phrases
}

/// Keeps the first of diagnostics that say the same of the same place.
fn once(diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    diagnostics.retain(|diagnostic| seen.insert((diagnostic.code, diagnostic.span)));
}
