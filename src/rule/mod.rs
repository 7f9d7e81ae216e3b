//! The contract between the wings: what a knowledge base means, as plain data. Spans end before here.
//!
//! `compiler` writes these types, `scan`, `diagnose` and `draft` read them, and nothing here computes; a rule can say
//! its conditions in the words of the language.

mod condition;
mod deep;
mod outline;
mod procedure;
mod rules;
mod sound;
mod test;
mod text;

pub use condition::{CompareOp, Comparison, Condition, Filter, Operand, Right, Scope, Step, Window};
pub use outline::Sought;
pub use procedure::{Collection, Effort, Instruction, Remedy, Risk, Verify};
pub use rules::{Iter, Rules};
pub use test::{Expect, Expected, RuleTest, TestLog};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::lang::Localized;
use crate::logs::{LogKindId, LogKinds};
use crate::pattern::Pattern;
use crate::value::Type;

/// A piece of evidence of one rule, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EvidenceId(pub usize);

/// A capture name of one rule, by position in [`Rule::captures`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CaptureId(pub usize);

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// Could lead to a failure.
    Warning,
    /// Something failed.
    Failure,
}

/// A failure signature with its causes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// Unique name, `driver/update-access-denied`.
    pub name: String,
    /// What people call the failure.
    pub title: Localized,
    /// How grave it is.
    pub severity: Severity,
    /// The products that the failure occurs in; none written: any. It decides nothing.
    pub products: Vec<Localized>,
    /// The evidence, in the order written.
    pub evidence: Vec<Evidence>,
    /// Every capture name of the rule with its type.
    pub captures: Vec<Capture>,
    /// When the rule holds.
    pub signature: Condition,
    /// Findings that this one makes mere symptoms.
    pub explains: Vec<String>,
    /// The causes, in the order written.
    pub causes: Vec<Cause>,
    /// Tests written with the rule; a pack has none.
    #[serde(skip)]
    pub tests: Vec<RuleTest>,
}

impl Rule {
    /// The signature, and what its causes ask.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        std::iter::once(&self.signature).chain(self.causes.iter().filter_map(|cause| cause.when.as_ref()))
    }
}

/// A capture name and its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// The name.
    pub name: String,
    /// The type.
    pub ty: Type,
}

/// A piece of evidence: which records are its hits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Its name in the rule.
    pub name: String,
    /// The kinds it is looked for in; any of them.
    pub logs: Vec<LogKindId>,
    /// Patterns of the message: any of them. Empty: every record.
    pub lines: Vec<BoundPattern>,
    /// Only inside a section whose title this matches, nested ones counted.
    pub section: Option<Pattern>,
    /// Fields and the patterns their whole values must match: all of them.
    pub fields: Vec<(String, BoundPattern)>,
    /// The filter over its own captures and joined ones.
    pub filter: Option<Filter>,
}

impl Evidence {
    /// Its patterns, those of the message first.
    pub fn patterns(&self) -> impl Iterator<Item = &BoundPattern> {
        self.lines.iter().chain(self.fields.iter().map(|(_, pattern)| pattern))
    }

    /// The captures that its patterns bind, ascending.
    #[must_use]
    pub fn captures(&self) -> BTreeSet<CaptureId> {
        self.patterns().flat_map(|pattern| &pattern.binds).map(|(_, capture)| *capture).collect()
    }
}

/// A pattern whose named holes are bound to captures of the rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BoundPattern {
    /// The pattern.
    pub pattern: Pattern,
    /// `(index of the part, capture)` for every named hole.
    pub binds: Vec<(usize, CaptureId)>,
}

/// A possible cause of a finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cause {
    /// Its id within the rule.
    pub id: String,
    /// What people call it.
    pub title: Localized,
    /// When it holds, given what the signature bound.
    pub when: Option<Condition>,
    /// Causes of the same rule that cannot hold together with it, by id.
    pub excludes: Vec<String>,
    /// Remedies, by name.
    pub remedies: Vec<String>,
}

/// How mails of one language say things: `(what, phrases)`, data of `rules/phrases/`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Phrases {
    /// The phrases of each act, by its key (`asked`, `received`, `tried`, `solved`, `closed` …).
    pub acts: Vec<(String, Vec<String>)>,
}

/// Everything a knowledge base compiles to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RuleSet {
    /// Log kinds.
    pub logs: LogKinds,
    /// Rules, by name in ascending order.
    pub rules: Rules,
    /// Remedies, by name.
    pub remedies: Vec<Remedy>,
    /// Collections, by name.
    pub collections: Vec<Collection>,
    /// Phrases by language key.
    pub phrases: Vec<(String, Phrases)>,
}

impl RuleSet {
    /// The rule called `name`.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.get(self.rules.position(name)?)
    }

    /// The remedy called `name`.
    #[must_use]
    pub fn remedy(&self, name: &str) -> Option<&Remedy> {
        self.remedies.iter().find(|remedy| remedy.name == name)
    }

    /// The collection called `name`.
    #[must_use]
    pub fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.iter().find(|collection| collection.name == name)
    }
}
