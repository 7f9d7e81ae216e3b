//! Quotation: log lines in a draft, headed by their place, as the log has them.

use crate::diagnose::Quote;
use crate::logs::Record;
use crate::scan::Scan;

use super::Reference;
use super::fact::clean;
use super::form::shown;
use super::mask::Redactor;

/// Characters of a quoted line at the most; a cut is shown.
const LINE: usize = 600;

/// Lines of one quoted record at the most.
const LINES: usize = 20;

/// Records of one source that are quoted together.
pub(super) struct Block {
    /// The text: its place in brackets, then its lines, indented.
    pub(super) text: String,
    pub(super) evidence: Vec<Reference>,
}

/// The quotations of one source.
pub(super) struct Quoted<'r> {
    pub(super) first: &'r Record,
    pub(super) blocks: Vec<Block>,
}

/// Quotations, a group a source in the order of the first quote, neighbouring records in one block.
pub(super) fn quote<'r>(quotes: &'r [Quote], scan: &Scan, redactor: &Redactor) -> Vec<Quoted<'r>> {
    let mut groups: Vec<Vec<&Record>> = Vec::new();
    for quote in quotes {
        let record = quote.record.as_ref();
        match groups.iter_mut().find(|group| group[0].origin.artifact == record.origin.artifact) {
            Some(group) if group.iter().any(|known| known.origin == record.origin) => {}
            Some(group) => group.push(record),
            None => groups.push(vec![record]),
        }
    }
    groups
        .into_iter()
        .map(|mut group| {
            group.sort_by(|a, b| a.origin.cmp(&b.origin));
            Quoted { first: group[0], blocks: blocks(&group, scan, redactor) }
        })
        .collect()
}

fn blocks(records: &[&Record], scan: &Scan, redactor: &Redactor) -> Vec<Block> {
    let mut runs: Vec<Vec<&Record>> = Vec::new();
    for record in records {
        let follows = |last: &&Record| record.origin.line > 0 && last.origin.end_line + 1 == record.origin.line;
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(follows) => run.push(record),
            _ => runs.push(vec![record]),
        }
    }
    runs.iter().map(|run| block(run, scan, redactor)).collect()
}

fn block(run: &[&Record], scan: &Scan, redactor: &Redactor) -> Block {
    let (first, last) = (run[0], run[run.len() - 1]);
    let place = clean(&redactor.redact(&scan.place(first)));
    let head = if last.origin.end_line > first.origin.line && first.origin.line > 0 {
        format!("[{place}-{}]", last.origin.end_line)
    } else {
        format!("[{place}]")
    };
    let mut text = head;
    for record in run {
        for line in record.text.lines().take(LINES) {
            text.push_str("\n    ");
            text.push_str(visible(&redactor.redact(line)).trim_end());
        }
    }
    Block { text, evidence: run.iter().map(|record| reference(record, scan)).collect() }
}

/// Where a record lies, for the parts of a draft.
pub(super) fn reference(record: &Record, scan: &Scan) -> Reference {
    let source = scan.source(record.origin.artifact).map_or_else(String::new, |source| source.path.clone());
    let line = if record.origin.line > 0 { record.origin.line } else { record.origin.record.unwrap_or(0) };
    Reference { source, line }
}

/// A line as text and nothing else: control characters and direction marks are shown, a long line is cut.
pub(super) fn visible(line: &str) -> String {
    let alone = |char: char| if char == '\n' { '\u{FFFD}' } else { shown(char) };
    let mut text: String = line.chars().take(LINE).map(alone).collect();
    if line.chars().nth(LINE).is_some() {
        text.push_str(" […]");
    }
    text
}
