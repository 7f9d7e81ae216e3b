//! Tests written inside a rule.

use crate::logs::LogKindId;

/// A test of a rule.
#[derive(Clone, Debug)]
pub struct RuleTest {
    /// Its name within the rule.
    pub name: String,
    /// The logs, by kind.
    pub logs: Vec<(LogKindId, TestLog)>,
    /// What must come out.
    pub expect: Expect,
}

/// A log of a test.
#[derive(Clone, Debug)]
pub enum TestLog {
    /// Text of a text log.
    Text(String),
    /// Records of a kind with a reader: fields by name.
    Records(Vec<Vec<(String, String)>>),
}

/// What a test expects.
#[derive(Clone, Debug)]
pub enum Expect {
    /// No finding of the rule.
    None,
    /// These findings.
    Findings(Vec<Expected>),
}

/// One expected finding; only what is written is compared.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// The rule; the one the test stands in when not written.
    pub rule: Option<String>,
    /// `confirmed` or `undetermined`.
    pub status: Option<String>,
    /// Names of missing logs.
    pub missing: Option<Vec<String>>,
    /// Captures by name, read by their type before they are compared.
    pub captures: Option<Vec<(String, String)>>,
    /// Status by cause id.
    pub causes: Option<Vec<(String, String)>>,
    /// Names of requested collections.
    pub requests: Option<Vec<String>>,
    /// Names of all evidence that is quoted, with the finding or with a confirmed cause.
    pub evidence: Option<Vec<String>>,
}
