//! YAML to declarations (`document.rs`) and `grammar/*.pest` to spanned expressions.
//!
//! Every fault is collected; what follows from a reported fault is not. Nothing is resolved here.

pub mod ast;

mod condition;
mod pattern;
mod word;

pub use condition::{parse_condition, parse_filter};
pub use pattern::parse_pattern;
pub use word::is_keyword;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceMap};

/// Parses all YAML documents of a file.
pub fn parse(_map: &SourceMap, _file: FileId, _diagnostics: &mut Vec<Diagnostic>) -> Vec<ast::Declaration> {
    Vec::new()
}

/// `casebook.yaml` as written: every leaf by its dotted key.
#[derive(Clone, Debug, Default)]
pub struct SettingsDecl {
    /// Leaves, `customer.name` and its value, in the order written.
    pub values: Vec<(ast::Text, ast::Text)>,
}

/// Parses `casebook.yaml`.
pub fn parse_settings(_map: &SourceMap, _file: FileId, _diagnostics: &mut Vec<Diagnostic>) -> SettingsDecl {
    SettingsDecl::default()
}
