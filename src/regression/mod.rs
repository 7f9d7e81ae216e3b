//! Rule tests: inline tests of a rule, and bundle tests, whose findings and drafts are snapshots.
//!
//! A test that is not `pass` fails the run. Tests run side by side in an order that a seed tells. Nothing is written: what
//! an outcome would write is its [`Change`], which is accepted or not.

mod bundle_test;
mod corpus;
mod coverage;
mod inline;
mod mutant;
mod order;
mod place;
mod snapshot;
mod trial;

use std::path::{Path, PathBuf};

use crate::knowledge_base::KnowledgeBase;
use crate::lang::Localized;
use crate::rule::{Rule, RuleTest};

pub use bundle_test::{Recorded, recorded};
pub use corpus::{BaselineError, Corpus, CorpusDifference, Fired};
pub use coverage::{Coverage, Gap, GapKind, RuleCoverage};
pub use inline::bundle;
pub use mutant::{Mutants, Survivor};
pub use order::Order;
pub use place::{Part, Place};
pub use snapshot::{Snapshot, SnapshotError};

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As expected.
    Pass,
    /// An inline expectation was not met.
    Fail,
    /// A snapshot was not there yet.
    New,
    /// A snapshot differs.
    Changed,
    /// A bundle test has nothing to read.
    Missing,
    /// A snapshot that no test writes.
    Orphan,
}

impl Status {
    /// The word of the JSON and of the report.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Status::Pass => "pass",
            Status::Fail => "fail",
            Status::New => "new",
            Status::Changed => "changed",
            Status::Missing => "missing",
            Status::Orphan => "orphan",
        }
    }
}

/// One test and what became of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The rule, or the area of a bundle test.
    pub rule: String,
    /// The test; for a bundle test with the snapshot's name.
    pub name: String,
    /// What became of it.
    pub status: Status,
    /// For anything but pass: what was expected and what came.
    pub detail: Vec<Difference>,
    /// What would make it pass, where it is a snapshot.
    pub change: Option<Change>,
    /// What has to be known of it, whatever became of it.
    pub note: Option<Localized>,
}

/// An expectation beside what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of what.
    pub what: String,
    /// What was written.
    pub expected: String,
    /// What came.
    pub actual: String,
}

/// What would make a snapshot that is not as it should be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Writing what came.
    Write(PathBuf, Snapshot),
    /// Removing what nothing writes.
    Remove(PathBuf),
}

impl Change {
    /// Makes it so.
    ///
    /// # Errors
    ///
    /// The file cannot be written or removed.
    pub fn accept(&self) -> Result<(), SnapshotError> {
        match self {
            Change::Write(path, snapshot) => snapshot.write(path)?,
            Change::Remove(path) => std::fs::remove_file(path).map_err(SnapshotError::at(path))?,
        }
        self.reject()
    }

    /// Leaves the snapshot as it is; what was put beside it goes.
    ///
    /// # Errors
    ///
    /// The file beside it is there and cannot be removed.
    pub fn reject(&self) -> Result<(), SnapshotError> {
        let Change::Write(path, _) = self else { return Ok(()) };
        let beside = snapshot::beside(path);
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(SnapshotError::at(&beside)(error)),
            _ => Ok(()),
        }
    }

    /// Puts what came beside the snapshot, as `.snap.new`, where `cargo insta review` finds it.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn put_beside(&self) -> Result<(), SnapshotError> {
        match self {
            Change::Write(path, snapshot) => snapshot.write(&snapshot::beside(path)),
            Change::Remove(_) => Ok(()),
        }
    }
}

impl Outcome {
    /// Accepts what came: the test passes from now on.
    ///
    /// # Errors
    ///
    /// The snapshot cannot be written or removed.
    pub fn accept(&mut self) -> Result<(), SnapshotError> {
        if let Some(change) = self.change.take() {
            change.accept()?;
            self.status = Status::Pass;
            self.detail.clear();
        }
        Ok(())
    }
}

/// Runs every test of a knowledge base: inline ones of its own rules, and the bundle tests below `dir/rules`. Outcomes
/// stand in the order of their rules and folders, whatever the order they ran in.
///
/// # Errors
///
/// A snapshot or a test folder cannot be read.
pub fn run(base: &KnowledgeBase, dir: Option<&Path>, order: &Order) -> Result<Vec<Outcome>, SnapshotError> {
    let mut jobs: Vec<Job<'_>> = inline::all(base).into_iter().map(|(rule, test)| Job::Inline(rule, test)).collect();
    if let Some(dir) = dir {
        jobs.extend(bundle_test::folders(&dir.join("rules"))?.into_iter().map(Job::Bundle));
    }
    let outcomes = order.run(&jobs, |job| match job {
        Job::Inline(rule, test) => Ok(vec![inline::outcome(&base.rules, rule, test)]),
        Job::Bundle(folder) => bundle_test::outcomes(base, folder),
    });
    Ok(outcomes.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Runs the inline tests of one rule.
#[must_use]
pub fn run_rule(base: &KnowledgeBase, rule: &Rule) -> Vec<Outcome> {
    rule.tests.iter().map(|test| inline::outcome(&base.rules, rule, test)).collect()
}

/// The quality of the tests of a knowledge base's own rules.
#[derive(Clone, Debug, Default)]
pub struct Quality {
    /// What they reach, where it was asked for.
    pub coverage: Option<Coverage>,
    /// Which changes they notice, where it was asked for.
    pub mutants: Option<Mutants>,
}

/// What of [`Quality`] is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// What tests reach.
    pub coverage: bool,
    /// Which changes they notice.
    pub mutants: bool,
}

/// Measures the tests of those own rules whose names `wanted` says.
///
/// # Errors
///
/// A test folder cannot be read.
pub fn measure(
    base: &KnowledgeBase,
    dir: Option<&Path>,
    asked: Asked,
    order: &Order,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Quality, SnapshotError> {
    let all = base.rules.rules.iter().filter(|rule| base.own_rules.contains(&rule.name));
    let own: Vec<&Rule> = all.clone().filter(|rule| wanted(&rule.name)).collect();
    let whole = all.count() == own.len();
    let bundles = trial::Bundles::open(base, dir, order)?;
    Ok(Quality {
        coverage: asked.coverage.then(|| coverage::run(base, &own, &bundles, order, whole)),
        mutants: asked.mutants.then(|| mutant::run(base, &own, &bundles, order)),
    })
}

/// One test to run.
enum Job<'b> {
    Inline(&'b Rule, &'b RuleTest),
    Bundle(bundle_test::Folder),
}
