//! A file's YAML documents: cut apart by their markers, so that a fault of one leaves the others whole.

use std::ops::Range;

use serde_yaml::budget::Budget;
use serde_yaml::{DuplicateKeyPolicy, NonFiniteFloatPolicy, Options};

use super::fault;
use super::node::{Kind, Node, Placed, Planter};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, SourceMap};

/// Nesting of one document at the most; a rule needs ten.
const DEEPEST: usize = 32;
/// Nodes of one document at the most, aliases expanded.
const MOST_NODES: usize = 100_000;

/// The documents of `file`; a document that cannot be read is reported and left out, an empty one is left out.
pub(in crate::syntax) fn documents(map: &SourceMap, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Vec<Node> {
    let text = &map.file(file).text;
    let pieces = split(text);
    let nodes = pieces.into_iter().filter_map(|range| document(file, &text[range.clone()], range.start, diagnostics));
    nodes.filter(|node| !matches!(node.kind, Kind::Null)).collect()
}

fn document(file: FileId, text: &str, base: usize, diagnostics: &mut Vec<Diagnostic>) -> Option<Node> {
    let placed: Placed = match serde_yaml::from_str_with_options(text, options(DuplicateKeyPolicy::LastWins)) {
        Ok(placed) => placed,
        Err(error) => {
            diagnostics.push(fault::diagnostic(&error, file, text, base));
            return None;
        }
    };
    let before = diagnostics.len();
    let mut planter = Planter { file, text, base, diagnostics, number_keys: false };
    let node = planter.plant(placed);
    // The crate shows repeated keys to the visitor unless one looks like a number: then the strict reading tells.
    if planter.number_keys && diagnostics.len() == before {
        let strict: Result<Placed, _> = serde_yaml::from_str_with_options(text, options(DuplicateKeyPolicy::Error));
        if let Err(error) = strict {
            diagnostics.push(fault::diagnostic(&error, file, text, base));
        }
    }
    Some(node)
}

fn options(duplicate_keys: DuplicateKeyPolicy) -> Options {
    let mut budget = Budget::default();
    budget.max_depth = DEEPEST;
    budget.flow_nesting_limit = DEEPEST;
    budget.max_nodes = MOST_NODES;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.duplicate_keys = duplicate_keys;
    options.strict_booleans = true;
    options.ignore_binary_tag_for_string = true;
    options.non_finite_float_policy = NonFiniteFloatPolicy::AsString;
    options.with_snippet = false;
    options
}

/// The documents' ranges: each begins at its `---` or at what stands before it (comments, directives).
///
/// A line that begins with `---` or `...` is a marker wherever it stands, even inside a block or a quoted text, so a
/// split by lines is exact.
fn split(text: &str) -> Vec<Range<usize>> {
    let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut pieces = Vec::new();
    let (mut begin, mut at, mut content) = (first, first, false);
    for line in text[first..].split_inclusive('\n') {
        let marker = |sign: &str| {
            line.strip_prefix(sign).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        };
        if marker("---") && content {
            pieces.push(begin..at);
            begin = at;
        }
        let blank = line.trim().is_empty() || line.starts_with(['#', '%']);
        content = marker("---") || content || !blank;
        at += line.len();
        if marker("...") {
            pieces.push(begin..at);
            begin = at;
            content = false;
        }
    }
    if content {
        pieces.push(begin..text.len());
    }
    pieces
}
