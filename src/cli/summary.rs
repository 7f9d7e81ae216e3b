//! `casebook summary`: the case summary.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::draft::{self, Kind};

use super::delivery::{self, Form};
use super::input::{Beside, Work};
use super::{Common, Exit};

/// Write the case summary.
///
/// Example: casebook summary logs.zip --thread thread.txt --lang en
#[derive(Debug, Args)]
pub(super) struct SummaryArgs {
    /// The customer's logs: a file, a folder, an archive, or `-`
    #[arg(value_name = "BUNDLE", required_unless_present = "thread")]
    bundles: Vec<PathBuf>,
    /// The case's mail thread: an export, pasted text, a mail, a mailbox or a folder of mails
    #[arg(long, value_name = "FILE")]
    thread: Option<PathBuf>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write open questions as visible marks instead of asking them
    #[arg(long)]
    placeholders: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Text
    Text,
    /// Markdown
    Markdown,
    /// A page by itself, light and dark, that loads nothing
    Html,
    /// One JSON object
    Json,
}

impl From<Format> for Form {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Form::Text,
            Format::Markdown => Form::Markdown,
            Format::Html => Form::Html,
            Format::Json => Form::Json,
        }
    }
}

pub(super) fn run(args: &SummaryArgs, common: &Common) -> Result<Exit> {
    let work = Work::new(&args.bundles, args.thread.as_deref(), Beside::default(), common)?;
    let draft = draft::write(&work.material(args.placeholders), Kind::Summary, String::new())?;
    delivery::finish(&draft, args.format.into(), common)
}
