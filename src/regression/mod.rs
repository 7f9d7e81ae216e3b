//! Rule tests: inline tests of a rule, and bundle tests, whose findings and drafts are snapshots.
//!
//! A test that is not `pass` fails the run. Nothing is written unless an update is asked for.

mod bundle_test;
mod inline;
mod snapshot;

use std::path::Path;

use crate::knowledge_base::KnowledgeBase;

pub use inline::bundle;
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
}

/// An expectation beside what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of what.
    pub what: String,
    /// What was expected; empty where nothing was.
    pub expected: String,
    /// What came.
    pub actual: String,
}

/// Runs every test of a knowledge base: inline ones of its own rules, and the bundle tests below `dir/rules`.
/// With `update`, snapshots are written and orphans removed.
///
/// # Errors
///
/// A snapshot or a test folder cannot be read or written.
pub fn run(base: &KnowledgeBase, dir: Option<&Path>, update: bool) -> Result<Vec<Outcome>, SnapshotError> {
    let mut outcomes = inline::run(base);
    if let Some(dir) = dir {
        outcomes.extend(bundle_test::run(base, dir, update)?);
    }
    Ok(outcomes)
}
