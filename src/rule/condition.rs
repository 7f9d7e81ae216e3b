//! Conditions: signatures, causes' `when`, remedies' `resolved-when`, and the filters of `where`.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{CaptureId, EvidenceId};
use crate::pattern::Pattern;
use crate::value::Value;

/// A window's length in nanoseconds. Windows are closed intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Window(pub i64);

/// A condition over the evidence of one rule (section 5 of the language).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub enum Condition {
    /// A piece of evidence has a hit.
    Evidence(EvidenceId),
    /// All hold (`and`, `all of`).
    All(Vec<Condition>),
    /// One holds (`or`, `any of`), left first.
    Any(Vec<Condition>),
    /// Does not hold.
    Not(Box<Condition>),
    /// One after the other.
    Then {
        /// The first step.
        first: Box<Condition>,
        /// The steps after it.
        steps: Vec<Step>,
    },
    /// `(…) within 10m`: the whole of it fits into the window.
    Within {
        /// What fits.
        condition: Box<Condition>,
        /// The window.
        window: Window,
    },
    /// `a within 10s of b`, in either order.
    Near {
        /// One side.
        left: Box<Condition>,
        /// The other.
        right: Box<Condition>,
        /// The distance at the most.
        window: Window,
    },
    /// `at least n a [within w]`: n hits of one condition.
    AtLeast {
        /// How many.
        count: u64,
        /// Of what.
        condition: Box<Condition>,
        /// All within.
        window: Option<Window>,
    },
    /// `at least n of (a, b, c) [within w]`.
    AtLeastOf {
        /// How many.
        count: u64,
        /// Of which.
        conditions: Vec<Condition>,
        /// All within.
        window: Option<Window>,
    },
    /// `last a before b`: the nearest one; carries its captures.
    LastBefore {
        /// What is looked for.
        what: Box<Condition>,
        /// What it precedes.
        before: Box<Condition>,
    },
    /// `first a after b`.
    FirstAfter {
        /// What is looked for.
        what: Box<Condition>,
        /// What it follows.
        after: Box<Condition>,
    },
    /// All in one section or one attempt.
    InOne {
        /// Section or attempt.
        scope: Scope,
        /// What lies in it.
        condition: Box<Condition>,
    },
    /// With a filter.
    Where {
        /// What is filtered.
        condition: Box<Condition>,
        /// The filter.
        filter: Filter,
    },
    /// Another rule's result; captures are read as `alias.capture`.
    Finding {
        /// The rule.
        rule: String,
        /// The name its captures go by.
        alias: Option<String>,
    },
}

/// A step of a sequence.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    /// `then not`.
    pub negated: bool,
    /// What comes.
    pub condition: Condition,
    /// How soon after the step before.
    pub within: Option<Window>,
}

/// What `in one …` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// A section of a log.
    Section,
    /// An attempt of a log kind.
    Attempt,
}

/// A filter over captures.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub enum Filter {
    /// All hold.
    All(Vec<Filter>),
    /// One holds.
    Any(Vec<Filter>),
    /// Does not hold.
    Not(Box<Filter>),
    /// A comparison.
    Compare(Box<Comparison>),
}

/// One comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// Left side.
    pub left: Operand,
    /// The operator.
    pub op: CompareOp,
    /// Right side.
    pub right: Right,
}

/// The right side of a comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Right {
    /// One operand.
    One(Operand),
    /// `in (…)`.
    Many(Vec<Operand>),
    /// `matches "pattern"`, a line pattern without captures.
    Pattern(Pattern),
    /// `is present`.
    Nothing,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in (…)`
    In,
    /// `contains`, ASCII letters without regard to case
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `matches "pattern"`
    Matches,
    /// `is present`
    Present,
}

/// A side of a comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Operand {
    /// A capture of this rule, or a field of it.
    Capture {
        /// The capture.
        capture: CaptureId,
        /// The field, if one is named.
        field: Option<String>,
    },
    /// A capture of a finding.
    Finding {
        /// The finding's alias.
        alias: String,
        /// The capture's name in its rule.
        capture: String,
        /// The field, if one is named.
        field: Option<String>,
    },
    /// A value written in the rule, of the other side's type.
    Literal(Value),
}

/// The conditions inside one, in the order written: to be read, or with `mut` to be changed.
macro_rules! children {
    ($condition:expr, $iter:ident $(, $mut:tt)?) => {
        match $condition {
            Condition::Evidence(_) | Condition::Finding { .. } => FromIterator::from_iter([]),
            Condition::All(parts) | Condition::Any(parts) | Condition::AtLeastOf { conditions: parts, .. } => {
                parts.$iter().collect()
            }
            Condition::Not(part)
            | Condition::Within { condition: part, .. }
            | Condition::AtLeast { condition: part, .. }
            | Condition::InOne { condition: part, .. }
            | Condition::Where { condition: part, .. } => FromIterator::from_iter([& $($mut)? **part]),
            Condition::Then { first, steps } => {
                let steps = steps.$iter().map(|step| & $($mut)? step.condition);
                std::iter::once(& $($mut)? **first).chain(steps).collect()
            }
            Condition::Near { left: one, right: other, .. }
            | Condition::LastBefore { what: one, before: other }
            | Condition::FirstAfter { what: one, after: other } => {
                FromIterator::from_iter([& $($mut)? **one, & $($mut)? **other])
            }
        }
    };
}

impl Condition {
    /// The conditions inside it, in the order written.
    #[must_use]
    pub fn children(&self) -> SmallVec<[&Condition; 4]> {
        children!(self, iter)
    }

    /// Calls `see` for it and everything inside it, in the order written.
    pub fn visit<'c>(&'c self, see: &mut impl FnMut(&'c Condition)) {
        see(self);
        for part in self.children() {
            part.visit(see);
        }
    }

    /// The conditions inside it, to be changed.
    #[must_use]
    pub fn children_mut(&mut self) -> Vec<&mut Condition> {
        children!(self, iter_mut, mut)
    }
}
