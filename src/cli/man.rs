//! `casebook man`: the manual pages, one a command.

use std::path::Path;

use anyhow::{Context as _, Result};
use clap::{Args, CommandFactory as _};

use super::{Cli, Common, Exit, output};

/// Write the manual pages into a folder (`-o DIR`), or print the first.
///
/// Example: casebook man -o man1
#[derive(Debug, Args)]
pub(super) struct ManArgs {}

pub(super) fn run(_: &ManArgs, common: &Common) -> Result<Exit> {
    let mut command = Cli::command();
    command.build();
    let Some(dir) = &common.output else {
        output::print(&page(command)?)?;
        return Ok(Exit::Done);
    };
    std::fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        write(dir, &format!("casebook-{}", sub.get_name()), sub.clone())?;
    }
    write(dir, "casebook", command)?;
    Ok(Exit::Done)
}

fn write(dir: &Path, name: &str, command: clap::Command) -> Result<()> {
    output::write_file(&dir.join(format!("{name}.1")), page(command)?.as_bytes())
}

fn page(command: clap::Command) -> Result<String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
