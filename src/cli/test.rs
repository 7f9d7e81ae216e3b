//! `casebook test`: the tests of a knowledge base.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::knowledge_base::KnowledgeBase;
use crate::regression::{self, Difference, Outcome, Status};

use super::{Common, Exit, input, output};

/// Run the tests of a knowledge base.
///
/// Example: casebook test my-rules --update
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// The knowledge base's folder [default: the one you stand in, else the embedded one]
    #[arg(value_name = "KB")]
    dir: Option<PathBuf>,
    /// Write snapshots that are new or changed, remove orphans
    #[arg(long)]
    update: bool,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
}

pub(super) fn run(args: &TestArgs, common: &Common) -> Result<Exit> {
    let dir = input::author_dir(args.dir.as_deref(), common);
    let base = match &dir {
        Some(dir) => KnowledgeBase::load(dir)?,
        None => KnowledgeBase::embedded(),
    };
    if base.errors() > 0 {
        output::note(&format!("{} errors: `casebook check` shows them", base.errors()), common);
    }
    let outcomes = regression::run(&base, dir.as_deref(), args.update)?;
    let text = match args.format {
        Format::Human => human(&outcomes, common.verbose),
        Format::Json => {
            let tests: Vec<_> = outcomes
                .iter()
                .map(|one| json!({"rule": one.rule, "name": one.name, "status": one.status.key()}))
                .collect();
            let mut text = serde_json::to_string_pretty(&json!({"schema": "casebook.test/1", "tests": tests}))?;
            text.push('\n');
            text
        }
    };
    output::write(&text, common)?;
    let failed = base.errors() > 0 || outcomes.iter().any(|one| one.status != Status::Pass);
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

fn human(outcomes: &[Outcome], verbose: bool) -> String {
    let mut text = String::new();
    for one in outcomes {
        if one.status == Status::Pass && !verbose {
            continue;
        }
        let _ = writeln!(text, "{} {:8} {} / {}", mark(one.status), one.status.key(), one.rule, one.name);
        for difference in &one.detail {
            text.push_str(&shown(difference));
        }
    }
    let passed = outcomes.iter().filter(|one| one.status == Status::Pass).count();
    let _ = writeln!(text, "{passed} passed, {} failed", outcomes.len() - passed);
    text
}

fn mark(status: Status) -> char {
    match status {
        Status::Pass => '✓',
        Status::Fail => '✗',
        Status::New => '+',
        Status::Changed => '~',
        Status::Missing => '!',
        Status::Orphan => '?',
    }
}

/// A difference: on one line where both sides are short, else line by line.
fn shown(difference: &Difference) -> String {
    let Difference { what, expected, actual } = difference;
    if !expected.contains('\n') && !actual.contains('\n') {
        return format!("    {what}: expected {expected}, got {actual}\n");
    }
    let mut text = format!("    {what}:\n");
    for change in similar::TextDiff::from_lines(expected.as_str(), actual).iter_all_changes() {
        if change.tag() != similar::ChangeTag::Equal {
            let _ = write!(text, "      {}{}", change.tag(), change);
            if change.missing_newline() {
                text.push('\n');
            }
        }
    }
    text
}
