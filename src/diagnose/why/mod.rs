//! Why a rule did or did not hold: the tree of its conditions with what became of each, and for what does not hold how
//! near it came.
//!
//! The evaluator says whether a condition holds (`world`); how near a failed one came is read off the hits (`ways`),
//! the filters (`leaf`) and the records themselves (`records`), never from inside the evaluator. A value is that of the
//! condition given what the quoted occurrence, or the attempt that got furthest, bound around it.

mod json;
mod leaf;
mod miss;
mod node;
mod records;
mod render;
#[cfg(test)]
mod tests;
mod tree;
mod ways;
mod words;
mod world;

pub use json::to_json;
pub use node::{Binding, Hits, Node, Verdict, Why, WhyCause};
pub use render::render;

use crate::bundle::Bundle;
use crate::rule::{Cause, Condition, RuleSet};
use crate::scan::{Options, Scan};

use super::solve::evidence_of;
use super::{CauseStatus, Finding, Status};
use tree::Tree;
use world::{Bound, World};

/// What an explanation is drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The bundle: its records are read again where a pattern matched none.
    pub bundle: &'a Bundle,
    /// How it was scanned.
    pub options: &'a Options,
    /// What the scan found.
    pub scan: &'a Scan,
    /// The rules it was scanned with.
    pub rules: &'a RuleSet,
    /// What the diagnosis found.
    pub findings: &'a [Finding],
    /// Local time minus UTC in seconds, as the diagnosis was given it.
    pub utc_offset: Option<i32>,
}

/// Explains the rule with index `rule` in [`RuleSet::rules`].
#[must_use]
pub fn why(rule: usize, given: &Given<'_>) -> Why {
    let world = World::new(rule, given.rules, given.scan, given.findings, given.utc_offset);
    let rule = world.rule;
    let finding = given.findings.iter().find(|finding| finding.rule == world.index);
    let probed = records::probe(&world, given.bundle, given.options);
    let occurrence = finding.map(|finding| quoted(&world, finding));
    let chosen = occurrence.unwrap_or_else(|| furthest(&world, &rule.signature, &Bound::default()));
    let mut signature =
        Tree::new(&world, &probed, &rule.signature, Bound::default(), chosen.clone()).build(&rule.signature);
    signature.value = match finding.map(|finding| finding.status) {
        Some(Status::Confirmed) => Verdict::True,
        Some(Status::Undetermined) => Verdict::Undetermined,
        None => signature.value,
    };
    let cause = |cause: &Cause| {
        let own = finding.and_then(|finding| finding.causes.iter().find(|own| own.id == cause.id));
        let status = own.map(|own| own.status);
        let node = cause.when.as_ref().map(|when| {
            let bound = furthest(&world, when, &chosen);
            let mut node = Tree::new(&world, &probed, when, chosen.clone(), bound).build(when);
            node.value = status.map_or(node.value, verdict);
            node
        });
        WhyCause { id: cause.id.clone(), title: cause.title.clone(), status, node }
    };
    Why {
        rule: rule.name.clone(),
        title: rule.title.clone(),
        products: rule.products.clone(),
        status: finding.map(|finding| finding.status),
        signature,
        causes: rule.causes.iter().map(cause).collect(),
    }
}

/// The hits that a finding's occurrence quotes, without those that merely support it.
fn quoted(world: &World<'_>, finding: &Finding) -> Bound {
    let named = evidence_of(&world.rule.signature);
    let id = |name: &str| named.iter().copied().find(|id| world.evidence_name(*id) == name);
    world.bound(finding.evidence.iter().filter_map(|quote| Some((id(&quote.name)?, &quote.record))))
}

/// What the evaluator bound, where it bound anything; else what the attempt bound that got furthest, the latest of
/// several.
fn furthest(world: &World<'_>, condition: &Condition, start: &Bound) -> Bound {
    let settled = world.truth_of(condition, start).bound;
    let tried = || ways::best(world.ways(condition, start)).map(|way| way.bound);
    settled.or_else(tried).unwrap_or_else(|| start.clone())
}

fn verdict(status: CauseStatus) -> Verdict {
    match status {
        CauseStatus::Confirmed => Verdict::True,
        CauseStatus::Excluded => Verdict::False,
        CauseStatus::Open => Verdict::Undetermined,
    }
}
