//! Where results go: standard output or a file, whole or not at all; errors to standard error.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anstream::ColorChoice;
use anyhow::{Context as _, Result};
use tempfile::NamedTempFile;

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

/// Writes a result where the options say. A closed pipe is no error. What a log or mail holds cannot steer a terminal:
/// its control characters are shown as such.
pub(super) fn write(text: &str, common: &Common) -> Result<()> {
    if common.output.is_none() { print(text) } else { write_styled(text, common) }
}

/// Writes a result to standard output, whatever the options say.
pub(super) fn print(text: &str) -> Result<()> {
    let steers = |char: char| char.is_control() && !matches!(char, '\n' | '\t');
    if text.contains(steers) {
        return to_stdout(text.replace(steers, "\u{FFFD}").as_bytes());
    }
    to_stdout(text.as_bytes())
}

/// The same for text with colours of our own.
pub(super) fn write_styled(text: &str, common: &Common) -> Result<()> {
    write_bytes(text.as_bytes(), common)
}

/// The same for what is no text, or has line ends of its own.
pub(super) fn write_bytes(bytes: &[u8], common: &Common) -> Result<()> {
    match &common.output {
        Some(path) => write_file(path, bytes),
        None => to_stdout(bytes),
    }
}

/// `1 file`, `2 files`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn to_stdout(bytes: &[u8]) -> Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    put(path, written_beside(path, bytes)?)
}

/// Writes several files, each whole or not at all, and none where one of them cannot be written. Where one cannot take its
/// place in the end, the error says which did and which did not.
pub(super) fn write_files<'f>(files: impl IntoIterator<Item = (&'f Path, &'f [u8])>) -> Result<()> {
    let files = files.into_iter().map(|(path, bytes)| Ok((path, written_beside(path, bytes)?)));
    let files = files.collect::<Result<Vec<_>>>()?;
    let named = |paths: &[&Path]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let paths: Vec<&Path> = files.iter().map(|(path, _)| *path).collect();
    for (at, (path, file)) in files.into_iter().enumerate() {
        let placed = put(path, file);
        if at > 0 {
            placed
                .with_context(|| format!("written: {}; not written: {}", named(&paths[..at]), named(&paths[at..])))?;
        } else {
            placed?;
        }
    }
    Ok(())
}

/// A file beside `path` that is to take its place.
fn written_beside(path: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Created as any file is, so that it may be read by whom the folder's other files may be.
    let made = tempfile::Builder::new().prefix(".casebook-").make_in(folder, |path| File::create_new(path));
    let mut file = made.with_context(|| format!("{}: cannot be written", path.display()))?;
    let written = file.write_all(bytes);
    written.with_context(|| format!("{}: cannot be written", path.display()))?;
    Ok(file)
}

fn put(path: &Path, file: NamedTempFile) -> Result<()> {
    file.persist(path).with_context(|| format!("{}: cannot be written", path.display()))?;
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
    anstream::eprintln!("{style}error{style:#}: {}", chain(error));
}

/// An error with what is behind it, each said once: some errors tell their cause themselves.
fn chain(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string).filter(|cause| !cause.is_empty()) {
        if !said.contains(&cause) {
            let between = if said.is_empty() { "" } else { ": " };
            said = format!("{said}{between}{cause}");
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{chain, write_file, write_files};

    #[test]
    fn an_error_says_each_cause_once() {
        let inner = std::io::Error::other("no such file");
        assert_eq!(chain(&anyhow::Error::new(inner).context("logs: no such file")), "logs: no such file");
        assert_eq!(chain(&anyhow::anyhow!("full").context("out.txt")), "out.txt: full");
    }

    #[test]
    fn several_files_are_written_or_it_is_said_which() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two, three] = ["1.txt", "2.txt", "3.txt"].map(|name| folder.path().join(name));
        write_files([(one.as_path(), b"old".as_slice()), (&two, b"old")]).unwrap();
        // Nothing is written where one of them has no folder to be in.
        let nowhere = folder.path().join("none").join("x.txt");
        assert!(write_files([(one.as_path(), b"new".as_slice()), (&nowhere, b"new")]).is_err());
        assert_eq!(std::fs::read_to_string(&one).unwrap(), "old");
        // A folder takes no file's place: what stands before it is written, what follows is not.
        std::fs::remove_file(&two).unwrap();
        std::fs::create_dir(&two).unwrap();
        let all: [(&Path, &[u8]); 3] = [(&one, b"new"), (&two, b"new"), (&three, b"new")];
        let said = chain(&write_files(all).unwrap_err());
        let expected = format!("written: {}; not written: {}, {}", one.display(), two.display(), three.display());
        assert!(said.starts_with(&expected), "{said}");
        assert_eq!(std::fs::read_to_string(&one).unwrap(), "new");
        assert!(!three.exists());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside them");
    }

    #[test]
    fn a_file_is_written_whole_as_any_file_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        write_file(&path, b"first").unwrap();
        write_file(&path, b"second").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        let plain = folder.path().join("plain.txt");
        std::fs::write(&plain, "").unwrap();
        let mode = |path| std::fs::metadata(path).unwrap().permissions();
        assert_eq!(mode(&path), mode(&plain));
    }
}
