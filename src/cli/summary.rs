//! `casebook summary`: the case summary.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::draft::{self, Kind};

use super::input::Work;
use super::reply::{Format, finish};
use super::{Common, Exit};

/// Write the case summary.
///
/// Example: casebook summary logs.zip --thread thread.txt --lang en
#[derive(Debug, Args)]
pub(super) struct SummaryArgs {
    /// The customer's logs: a file, a folder, an archive, or `-`
    #[arg(value_name = "BUNDLE", required_unless_present = "thread")]
    bundles: Vec<PathBuf>,
    /// The case's mail thread
    #[arg(long, value_name = "FILE")]
    thread: Option<PathBuf>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write open questions as visible marks instead of asking them
    #[arg(long)]
    placeholders: bool,
}

pub(super) fn run(args: &SummaryArgs, common: &Common) -> Result<Exit> {
    let work = Work::new(&args.bundles, args.thread.as_deref(), false, common)?;
    let draft = draft::write(&work.material(args.placeholders), Kind::Summary, String::new())?;
    finish(&draft, args.format, common)
}
