//! YAML to declarations (`yaml`, then `document`) and `grammar/*.pest` to spanned expressions.
//!
//! Every fault is collected; what follows from a reported fault is not. Nothing is resolved here.

pub mod ast;
pub mod shape;

mod comment;
mod condition;
mod document;
mod pattern;
mod word;
mod yaml;

pub use comment::{suppressions, template_suppressions};
pub use condition::{parse_condition, parse_filter};
pub use pattern::parse_pattern;
pub use word::{is_document_name, is_keyword, is_name, keywords};
pub use yaml::{Entry, Kind, Node, Scalar, Style};

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceMap};

/// Parses all YAML documents of a file. What cannot be read is reported, in the order of the text, and left out; the
/// rest is there.
pub fn parse(map: &SourceMap, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Vec<ast::Declaration> {
    let before = diagnostics.len();
    let mut declarations = Vec::new();
    for node in yaml::documents(map, file, diagnostics) {
        declarations.extend(document::declaration(map, node, diagnostics));
    }
    diagnostics[before..].sort_by_key(|diagnostic| diagnostic.span.start);
    declarations
}

/// The trees of all YAML documents of a file, for what reads documents otherwise than as declarations: the formatter, the
/// help of editors. Faults are reported as [`parse`] reports them.
pub fn trees(map: &SourceMap, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Vec<Node> {
    yaml::documents(map, file, diagnostics)
}

/// `casebook.yaml` as written: every leaf by its dotted key.
#[derive(Clone, Debug, Default)]
pub struct SettingsDecl {
    /// Leaves, `customer.name` and its value, in the order written; the place of a key is that of its last part.
    pub values: Vec<(ast::Text, ast::Text)>,
}

/// Parses `casebook.yaml`.
pub fn parse_settings(map: &SourceMap, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> SettingsDecl {
    let nodes = yaml::documents(map, file, diagnostics);
    SettingsDecl { values: nodes.into_iter().flat_map(document::settings).collect() }
}

#[cfg(test)]
mod tests;
