//! `casebook thread`: what a mail thread says.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::case;

use super::{Common, Exit, input, output};

/// Say what a mail thread says.
///
/// Example: casebook thread thread.txt --format json
#[derive(Debug, Args)]
pub(super) struct ThreadArgs {
    /// The thread
    #[arg(value_name = "FILE")]
    file: PathBuf,
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

pub(super) fn run(args: &ThreadArgs, common: &Common) -> Result<Exit> {
    let base = input::knowledge_base(common)?;
    let thread = case::read_with_notes(&input::read_thread(&args.file)?, &common.note, &base.rules);
    let text = match args.format {
        Format::Human => case::render(&thread, input::lang(common, Some(&base.settings))),
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&case::to_json(&thread))?;
            text.push('\n');
            text
        }
    };
    output::write(&text, common)?;
    Ok(Exit::Done)
}
