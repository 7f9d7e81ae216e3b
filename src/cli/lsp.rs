//! `casebook lsp`: the language server on standard input and output.

use anyhow::Result;
use clap::Args;

use crate::authoring::lsp;

use super::{Common, Exit, input};

/// Serve an editor over standard input and output (Language Server Protocol).
///
/// Example: casebook lsp --lang en
#[derive(Debug, Args)]
pub(super) struct LspArgs {
    /// What editors say; standard input and output are used anyway
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(super) fn run(_: &LspArgs, common: &Common) -> Result<Exit> {
    lsp::serve(input::lang(common, None))?;
    Ok(Exit::Done)
}
