//! Where results go: standard output or a file, whole or not at all; errors to standard error.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anstream::ColorChoice;
use anyhow::{Context as _, Result};

use crate::diagnostic::render::View;
use crate::lang::Lang;

use super::{ColorArg, Common};

/// Sets the colour choice for everything that follows.
pub(super) fn color(choice: ColorArg) {
    match choice {
        ColorArg::Auto => {}
        ColorArg::Always => ColorChoice::Always.write_global(),
        ColorArg::Never => ColorChoice::Never.write_global(),
    }
}

/// How diagnostics are shown where the result goes.
pub(super) fn view(lang: Lang, common: &Common) -> View {
    let colour = anstream::AutoStream::choice(&std::io::stdout()) != ColorChoice::Never;
    View { lang, coloured: colour && common.output.is_none(), width: 120 }
}

/// Writes a result where the options say. A closed pipe is no error.
pub(super) fn write(text: &str, common: &Common) -> Result<()> {
    if let Some(path) = &common.output {
        return write_file(path, text);
    }
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all.
pub(super) fn write_file(path: &Path, text: &str) -> Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(|| path.display().to_string())?;
    file.write_all(text.as_bytes()).with_context(|| path.display().to_string())?;
    file.persist(path).with_context(|| path.display().to_string())?;
    Ok(())
}

/// A line for people who watch, unless `--quiet`.
pub(super) fn note(text: &str, common: &Common) {
    if !common.quiet {
        anstream::eprintln!("{text}");
    }
}

/// An error that ends the run.
pub(super) fn error(error: &anyhow::Error) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{style}error{style:#}: {error:#}");
}
