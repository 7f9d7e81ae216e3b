//! `casebook completions`: what a shell needs to complete commands and options.

use anyhow::Result;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Common, Exit, output};

/// Print the completions of a shell.
///
/// Example: casebook completions bash -o casebook.bash
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, common: &Common) -> Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "casebook", &mut text);
    output::write_bytes(&text, common)?;
    Ok(Exit::Done)
}
