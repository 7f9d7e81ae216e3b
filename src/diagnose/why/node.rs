//! What an explanation is made of: the tree of a condition, as data.

use crate::lang::Localized;

use super::super::{CauseStatus, Status};

/// Why a rule did or did not hold.
#[derive(Clone, Debug)]
pub struct Why {
    /// The rule.
    pub rule: String,
    /// What people call the failure.
    pub title: Localized,
    /// The products that it occurs in; none: any.
    pub products: Vec<Localized>,
    /// Its finding's status; `None`: it has no finding.
    pub status: Option<Status>,
    /// The tree of its signature.
    pub signature: Node,
    /// Its causes, in the rule's order.
    pub causes: Vec<WhyCause>,
}

/// Why a cause did or did not hold.
#[derive(Clone, Debug)]
pub struct WhyCause {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Localized,
    /// What became of it; `None`: without a finding no cause was judged.
    pub status: Option<CauseStatus>,
    /// The tree of its `when`; `None`: the rule states no condition, so the logs cannot tell.
    pub node: Option<Node>,
}

/// The value of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    True,
    /// It does not.
    False,
    /// The logs do not tell.
    Undetermined,
}

/// A condition and what became of it, given what was bound around it.
#[derive(Clone, Debug)]
pub struct Node {
    /// As its author could have written it.
    pub text: String,
    /// Which form of condition it is: `evidence`, `and`, `then` …
    pub kind: &'static str,
    /// Whether it holds.
    pub value: Verdict,
    /// For a piece of evidence: its hits.
    pub hits: Option<Hits>,
    /// For a piece of evidence: the record it was bound to.
    pub binding: Option<Binding>,
    /// Why it does not hold, the nearest miss first.
    pub misses: Vec<Localized>,
    /// The conditions inside it.
    pub children: Vec<Node>,
}

/// Hits of a piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hits {
    /// Records that satisfy its patterns.
    pub matching: usize,
    /// Those that satisfy its `where` too.
    pub passing: usize,
    /// Places of the first ones.
    pub places: Vec<String>,
}

/// What a piece of evidence was bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The record's place.
    pub place: String,
    /// Captured values by name.
    pub captures: Vec<(String, String)>,
}

impl Verdict {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Verdict::True => "true",
            Verdict::False => "false",
            Verdict::Undetermined => "undetermined",
        }
    }
}
