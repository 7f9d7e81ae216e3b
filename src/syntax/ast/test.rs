//! `tests:` of a rule as written.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::source::Span;

/// A test of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TestDecl {
    /// `name:`
    pub name: Text,
    /// `logs:`, kind and content.
    pub logs: Vec<(Text, TestLogDecl)>,
    /// `expect:`
    pub expect: ExpectDecl,
}

/// A log of a test.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum TestLogDecl {
    /// Text.
    Text(Text),
    /// Records: fields and values.
    Records(Vec<Vec<(Text, Text)>>),
}

/// `expect:`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ExpectDecl {
    /// `none`
    None(Span),
    /// One or a list.
    Findings(Vec<ExpectedDecl>),
}

/// An expected finding.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ExpectedDecl {
    /// `rule:`
    pub rule: Option<Text>,
    /// `status:`
    pub status: Option<Text>,
    /// `missing:`
    pub missing: Option<Vec<Text>>,
    /// `captures:`
    pub captures: Option<Vec<(Text, Text)>>,
    /// `causes:`
    pub causes: Option<Vec<(Text, Text)>>,
    /// `requests:`
    pub requests: Option<Vec<Text>>,
    /// `evidence:`
    pub evidence: Option<Vec<Text>>,
}
