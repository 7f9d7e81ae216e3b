//! Remedies and collections: what the customer is asked to do.

use serde::{Deserialize, Serialize};

use super::Condition;
use crate::lang::Localized;
use crate::logs::LogKindId;
use crate::value::Type;

/// How much a remedy can break; drives the order (least invasive first) and the warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Risk {
    /// Nothing is lost.
    Low,
    /// Can be undone.
    Medium,
    /// Hard to undo.
    High,
}

/// A remediation procedure. Texts are minijinja templates over `needs`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Remedy {
    /// Unique name.
    pub name: String,
    /// What people call it.
    pub title: Localized,
    /// Its risk.
    pub risk: Risk,
    /// Captures that the steps use.
    pub needs: Vec<(String, Type)>,
    /// Captures that the texts use where the case has them.
    pub wants: Vec<(String, Type)>,
    /// How mails call it.
    pub mentioned: Vec<String>,
    /// What to save first.
    pub before: Option<Localized>,
    /// The steps.
    pub steps: Vec<Instruction>,
    /// The name of the script template.
    pub script: Option<String>,
    /// How to see that it worked.
    pub verify: Option<Verify>,
    /// How to take it back.
    pub undo: Option<Localized>,
}

/// One step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Instruction {
    /// What to do.
    pub text: Localized,
    /// The command to run, if one.
    pub command: Option<String>,
    /// What the screen looks like then, a line each: the window's title first.
    pub screen: Option<Localized>,
    /// What is seen when it worked.
    pub seen: Option<Localized>,
}

/// How to see that a remedy worked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verify {
    /// What to look at.
    pub text: Localized,
    /// What the next bundle's findings must be.
    pub resolved_when: Option<Condition>,
}

/// A log-collection procedure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Collection {
    /// Unique name.
    pub name: String,
    /// What people call it.
    pub title: Localized,
    /// What it costs the customer.
    pub effort: Effort,
    /// The log kinds it brings.
    pub yields: Vec<LogKindId>,
    /// How mails call it.
    pub mentioned: Vec<String>,
    /// What it needs: captures its steps use (may be empty).
    pub needs: Vec<(String, Type)>,
    /// The steps.
    pub steps: Vec<Instruction>,
}

/// What a collection costs the customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effort {
    /// Minutes of work.
    pub minutes: u32,
    /// The machine restarts.
    pub restart: bool,
    /// Somebody has to be there.
    pub on_site: bool,
}

impl Effort {
    /// One figure to choose by: minutes, with half an hour for a restart and an hour for being there.
    #[must_use]
    pub fn cost(self) -> u32 {
        self.minutes + if self.restart { 30 } else { 0 } + if self.on_site { 60 } else { 0 }
    }
}
