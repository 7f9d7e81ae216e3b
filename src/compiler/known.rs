//! Names of one kind of document: what each stands for, and which were declared but left out.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{self, Noun};
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::ast::Text;

/// Every declared name of one kind; `None` for what was reported and left out.
pub(super) struct Known<T> {
    noun: &'static Noun,
    entries: BTreeMap<String, Option<T>>,
    /// Names of the default knowledge base that do not count here.
    shelved: BTreeSet<String>,
}

impl<T> Known<T> {
    /// No names yet.
    pub(super) fn new(noun: &'static Noun) -> Self {
        Self { noun, entries: BTreeMap::new(), shelved: BTreeSet::new() }
    }

    /// With names that would be known with `extends: default`.
    pub(super) fn shelving(noun: &'static Noun, shelved: &BTreeSet<String>) -> Self {
        Self { shelved: shelved.clone(), ..Self::new(noun) }
    }

    /// Adds a name.
    pub(super) fn insert(&mut self, name: impl Into<String>, meaning: Option<T>) {
        self.entries.insert(name.into(), meaning);
    }

    /// What `name` stands for; `None`, and reported, if no document has it; `None`, and silent, if its was left out.
    pub(super) fn find(&self, name: &Text, faults: &mut Vec<Diagnostic>) -> Option<&T> {
        if let Some(meaning) = self.entries.get(&name.value) {
            return meaning.as_ref();
        }
        let unknown = fault::unknown(self.noun, name, self.names());
        faults.push(if self.shelved.contains(&name.value) { fault::shelved(unknown) } else { unknown });
        None
    }

    /// What `name` stands for, without a word.
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.entries.get(name).and_then(Option::as_ref)
    }

    /// Whether a document has the name, left out or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// All names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

/// Whether `faults` holds an error beyond its first `from`.
pub(super) fn failed_since(faults: &[Diagnostic], from: usize) -> bool {
    faults.iter().skip(from).any(|fault| fault.severity == Severity::Error)
}
