//! Mutants: a rule with one thing in it changed, which one of its own tests should notice.
//!
//! The compiled rule is changed, so every mutant is a rule. Only the tests of the rule run; one that comes to something
//! else kills the mutant. A survivor is told with its place and a stub of the test that would kill it. One that is
//! equal in meaning says so in a comment of the rule, `# equal mutant: <change>: <reason>`, and leaves the count.

mod condition;
mod equal;
mod filter;
mod pattern;
mod shorten;
mod stub;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::knowledge_base::KnowledgeBase;
use crate::lang::Localized;
use crate::rule::{Rule, RuleSet, RuleTest};
use crate::source::Span;

use super::order::Order;
use super::place::{Part, Place, Places};
use super::trial::{Bundles, Trial};

/// What a change does to the rule, which tells the test that would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// A part that had to hold need not.
    Loosened,
    /// A part that sufficed does not.
    Narrowed,
    /// A part has to be the contrary.
    Negated,
    /// A window is half as long.
    Halved,
    /// A window is twice as long.
    Doubled,
    /// Steps come the other way round.
    Swapped,
}

/// A changed rule.
struct Mutant {
    part: Part,
    change: Change,
    /// In a few words of the language: `drop denying`, `halve within 5s`.
    text: String,
    span: Option<Span>,
    /// The change is of what lines match.
    patterns: bool,
    rule: Rule,
}

/// What became of the mutants of a knowledge base.
#[derive(Clone, Debug, Default)]
pub struct Mutants {
    /// How many a test noticed.
    pub killed: usize,
    /// Those that none did.
    pub survivors: Vec<Survivor>,
    /// Those that are said to be equal, with the reason.
    pub equal: Vec<(Survivor, String)>,
    /// Comments on equal mutants that are not so: there is no such mutant, or a test tells it apart.
    pub stale: Vec<(String, Place)>,
}

/// A mutant that no test noticed.
#[derive(Clone, Debug)]
pub struct Survivor {
    /// The rule.
    pub rule: String,
    /// The part of it.
    pub part: String,
    /// What was changed.
    pub change: String,
    /// Where.
    pub place: Option<Place>,
    /// What a test that kills it has to show.
    pub hint: Localized,
    /// A test to begin with, as YAML.
    pub stub: String,
}

/// Mutants that are said to be equal may be so many of a hundred.
const EQUAL: usize = 5;

impl Mutants {
    /// Killed of all that count, 0 to 1; without any, 1.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a knowledge base has no 2^52 mutants")]
    pub fn score(&self) -> f64 {
        let all = self.killed + self.survivors.len();
        if all == 0 { 1.0 } else { self.killed as f64 / all as f64 }
    }

    /// Whether more are said to be equal than may be.
    #[must_use]
    pub fn too_many_equal(&self) -> bool {
        let all = self.killed + self.survivors.len() + self.equal.len();
        self.equal.len() * 100 > all * EQUAL
    }

    fn add(&mut self, other: Mutants) {
        self.killed += other.killed;
        self.survivors.extend(other.survivors);
        self.equal.extend(other.equal);
        self.stale.extend(other.stale);
    }
}

/// What became of the mutants of one rule.
fn of_rule(rules: &RuleSet, rule: &Rule, trials: &mut [Trial<'_>], places: &Places<'_>) -> Mutants {
    let mut comments = equal::comments(rule, places);
    let mut result = Mutants::default();
    let mut models: BTreeMap<Part, Option<RuleTest>> = BTreeMap::new();
    for mutant in all(rule, places) {
        let told = trials.iter_mut().any(|trial| trial.tells(&mutant.rule, mutant.patterns));
        let place = places.place(&rule.name, mutant.span);
        if told {
            result.killed += 1;
            continue;
        }
        let line = place.as_ref().map_or(0, |place| place.line);
        let reason = equal::reason(&mut comments, &mutant.text, line);
        let model = models.entry(mutant.part).or_insert_with(|| {
            let at = stub::model(rule, mutant.part)?;
            // The rules that the test is about, not all there are.
            let concerned = trials.get(at).map_or(rules, Trial::rules);
            Some(shorten::shortened(concerned, rule, rule.tests.get(at)?, mutant.part))
        });
        let survivor = Survivor {
            rule: rule.name.clone(),
            part: mutant.part.name(rule),
            change: mutant.text.clone(),
            place,
            hint: stub::hint(&mutant),
            stub: stub::test(rules, rule, model.as_ref(), &mutant),
        };
        match reason {
            Some(reason) => result.equal.push((survivor, reason)),
            None => result.survivors.push(survivor),
        }
    }
    let file = places.place(&rule.name, None).map_or_else(String::new, |place| place.file);
    for comment in comments.into_iter().filter(|comment| !comment.used) {
        let place = Place { file: file.clone(), line: comment.line, column: 1 };
        result.stale.push((comment.text, place));
    }
    result
}

/// Every mutant of a rule.
fn all(rule: &Rule, places: &Places<'_>) -> Vec<Mutant> {
    // Tests have no part in it, and are large.
    let bare = Rule { tests: Vec::new(), ..rule.clone() };
    let mut mutants = pattern::mutants(&bare, places);
    mutants.extend(condition::mutants(&bare, places));
    mutants
}

/// What became of the mutants of some rules.
pub(super) fn run(base: &KnowledgeBase, rules: &[&Rule], bundles: &Bundles, order: &Order) -> Mutants {
    let places = Places::new(base);
    let each = |rule: &&Rule| of_rule(&base.rules, rule, &mut bundles.trials(base, rule), &places);
    let mut all = Mutants::default();
    order.run(rules, each).into_iter().for_each(|one| all.add(one));
    all
}
