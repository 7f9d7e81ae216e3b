//! Layers to one table a kind of document: a same name replaces the one of a lower layer, and is a fault within one.

use std::collections::{BTreeMap, BTreeSet};

use super::fault;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::ast::{CollectionDecl, Declaration, LogDecl, PhrasesDecl, RemedyDecl, RuleDecl, Text};

/// One knowledge base of those that are laid over one another.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// What its files declare.
    pub declarations: Vec<Declaration>,
    /// Whether its rules count; log kinds, remedies, collections and phrases always do.
    pub rules: bool,
    /// Whether it is the author's own: only own declarations are linted.
    pub own: bool,
    /// The names of the script templates it has, as `script:` writes them.
    pub scripts: Vec<String>,
}

/// A declaration and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Declared<T> {
    pub(super) decl: T,
    /// Of a layer that is the author's own.
    pub(super) own: bool,
    /// Of a layer whose rules count.
    pub(super) ruled: bool,
}

/// Declarations of one kind by name.
pub(super) type ByName<T> = BTreeMap<String, Declared<T>>;

/// All layers merged.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) rules: ByName<RuleDecl>,
    pub(super) logs: ByName<LogDecl>,
    pub(super) remedies: ByName<RemedyDecl>,
    pub(super) collections: ByName<CollectionDecl>,
    pub(super) phrases: ByName<PhrasesDecl>,
    pub(super) scripts: BTreeSet<String>,
    /// Names of rules that exist but do not count.
    pub(super) shelved: BTreeSet<String>,
}

/// Lays the later layers over the earlier ones.
pub(super) fn merge(layers: Vec<Layer>, diagnostics: &mut Vec<Diagnostic>) -> Merged {
    let mut merged = Merged::default();
    for layer in layers {
        merged.scripts.extend(layer.scripts);
        let mut stack = Stack { own: layer.own, ruled: layer.rules, seen: BTreeMap::new(), diagnostics };
        for declaration in layer.declarations {
            match declaration {
                Declaration::Rule(rule) if !layer.rules => {
                    merged.shelved.insert(rule.name.value);
                }
                Declaration::Rule(rule) => stack.lay(&mut merged.rules, "rule", rule.name.clone(), *rule),
                Declaration::Log(log) => stack.lay(&mut merged.logs, "log", log.name.clone(), *log),
                Declaration::Remedy(it) => stack.lay(&mut merged.remedies, "remedy", it.name.clone(), *it),
                Declaration::Collection(it) => stack.lay(&mut merged.collections, "collection", it.name.clone(), *it),
                Declaration::Phrases(it) => stack.lay(&mut merged.phrases, "phrases", it.lang.clone(), it),
            }
        }
    }
    merged.shelved.retain(|name| !merged.rules.contains_key(name));
    merged
}

/// One layer while it is laid down.
struct Stack<'d> {
    own: bool,
    ruled: bool,
    seen: BTreeMap<(&'static str, String), Span>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Stack<'_> {
    fn lay<T>(&mut self, table: &mut ByName<T>, key: &'static str, name: Text, decl: T) {
        // A document without a name was reported as such, and nothing can refer to it.
        if name.value.is_empty() {
            return;
        }
        if let Some(first) = self.seen.get(&(key, name.value.clone())) {
            self.diagnostics.push(fault::duplicate(&name, *first));
            return;
        }
        self.seen.insert((key, name.value.clone()), name.span);
        table.insert(name.value, Declared { decl, own: self.own, ruled: self.ruled });
    }
}

/// Reports every name of `names` that stands there twice, at the second place.
pub(super) fn unique<'n>(names: impl Iterator<Item = &'n Text>, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for name in names {
        match seen.get(name.value.as_str()) {
            Some(first) => diagnostics.push(fault::duplicate(name, *first)),
            None => {
                seen.insert(&name.value, name.span);
            }
        }
    }
}
