//! Settings of a knowledge base and answers to questions: one flat list of keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bundle::Limits;
use crate::lang::Lang;

/// `casebook.yaml`, with `--set`, `--answers` and the environment laid over it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The language of drafts when none is asked for.
    pub lang: Option<Lang>,
    /// Local time minus UTC in seconds, when no log shows it.
    pub utc_offset: Option<i32>,
    /// How far a bundle's archives are looked into.
    pub limits: Limits,
    /// Values by dotted key, `customer.name`.
    pub values: BTreeMap<String, String>,
}

impl Settings {
    /// The value of `key`, if it is set and not empty.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str).filter(|value| !value.trim().is_empty())
    }
}
