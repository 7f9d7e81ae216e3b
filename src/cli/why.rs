//! `casebook why`: why a rule did or did not hold.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::diagnose::why::{self, Given};
use crate::diagnostic;
use crate::rule::RuleSet;
use crate::scan;

use super::input::{self, Beside, Work};
use super::{Common, Exit, output};

/// Say why a rule did or did not hold.
///
/// Its conditions as a tree, each with its value, its hits and the nearest misses.
///
/// Example: casebook why driver/update-access-denied logs.zip
#[derive(Debug, Args)]
pub(super) struct WhyArgs {
    /// The rule's name
    #[arg(value_name = "RULE")]
    rule: String,
    /// A file, a folder, an archive, or `-`; all are one machine
    #[arg(required = true, value_name = "BUNDLE")]
    bundles: Vec<PathBuf>,
    /// The case's mail thread: log lines pasted in it count
    #[arg(long, value_name = "FILE")]
    thread: Option<PathBuf>,
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

pub(super) fn run(args: &WhyArgs, common: &Common) -> Result<Exit> {
    let base = input::knowledge_base(common)?;
    // A slip in the name is said before a large bundle is read.
    let rule = find(&args.rule, &base.rules)?;
    let work = Work::by(
        base,
        &args.bundles,
        args.thread.as_deref(),
        Beside { near_misses: true, ..Beside::default() },
        common,
    )?;
    let given = Given {
        bundle: &work.bundle,
        options: &scan::Options::default(),
        scan: &work.scan,
        rules: &work.base.rules,
        findings: &work.diagnosis.findings,
        utc_offset: work.settings.utc_offset,
    };
    let why = why::why(rule, &given);
    let text = match args.format {
        Format::Human => why::render(&why, work.lang),
        Format::Json => serde_json::to_string_pretty(&why::to_json(&why, work.lang))? + "\n",
    };
    output::write(&text, common)?;
    Ok(Exit::Done)
}

/// The index of the rule called `name`.
fn find(name: &str, rules: &RuleSet) -> Result<usize> {
    if let Some(at) = rules.rules.iter().position(|rule| rule.name == name) {
        return Ok(at);
    }
    let names = || rules.rules.iter().map(|rule| rule.name.as_str());
    // `startup-rollback` for `servicing/startup-rollback`.
    let shortened = names().find(|known| known.rsplit_once('/').is_some_and(|(_, last)| last == name));
    match shortened.or_else(|| diagnostic::nearest(name, names())) {
        Some(meant) => bail!("no such rule: {name} (did you mean {meant}?)"),
        None => bail!("no such rule: {name}"),
    }
}
