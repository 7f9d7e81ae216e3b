//! What the ledger holds: what was asked for, what came, what was tried, which causes were named, who handed over.

use crate::lang::Localized;

/// A collection that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// In which message.
    pub message: u32,
    /// Which collection.
    pub collection: String,
    /// In a call after that message, by its place among the calls.
    pub call: Option<usize>,
    /// Whether the logs at hand show that it came.
    pub came: bool,
}

/// Logs that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The message that says so.
    pub message: u32,
    /// A call after that message said so, by its place among the calls.
    pub call: Option<usize>,
}

/// How a remedy went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It solved the problem.
    Solved,
    /// It did not.
    Failed,
    /// Nobody said.
    Unknown,
}

/// A remedy that was proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// In which message.
    pub message: u32,
    /// Which remedy.
    pub remedy: String,
    /// With which outcome.
    pub outcome: Outcome,
    /// How the outcome is known.
    pub why: Localized,
    /// The message that tells it, if one does.
    pub told: Option<u32>,
    /// The call that tells it, if one does, by its place among the calls.
    pub told_in_call: Option<usize>,
    /// Whether nobody said so and newer logs tell.
    pub inferred: bool,
}

/// How sure a mail was of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It named it.
    Suspected,
    /// It said that it is the cause.
    Confirmed,
    /// It said that it is not.
    Excluded,
    /// It said that logs have yet to tell.
    Open,
}

/// A cause that a support mail named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// In which message.
    pub message: u32,
    /// The cause's id.
    pub cause: String,
    /// The rules that may be meant.
    pub rules: Vec<String>,
    /// How sure the mail was.
    pub standing: Standing,
}

/// Another engineer took the case over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// By which message.
    pub message: u32,
    /// Who wrote for support before, where a person did.
    pub from: Option<String>,
    /// Who writes now, where a person does.
    pub to: Option<String>,
}
