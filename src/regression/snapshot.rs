//! Snapshot files in insta's format: a header between two `---` lines, then the text.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A snapshot file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What made it, for the header.
    pub source: String,
    /// What it shows, for the header.
    pub expression: String,
    /// The text, without a newline at the end.
    pub contents: String,
}

/// A snapshot or a test folder that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}")]
pub struct SnapshotError {
    /// Which.
    pub path: String,
    /// Why.
    pub source: std::io::Error,
}

impl SnapshotError {
    pub(super) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> SnapshotError + '_ {
        |source| SnapshotError { path: path.display().to_string(), source }
    }
}

impl Snapshot {
    /// The file's text.
    #[must_use]
    pub fn render(&self) -> String {
        format!("---\nsource: {}\nexpression: {}\n---\n{}\n", self.source, self.expression, self.contents)
    }

    /// The contents of a file's text: what stands after the header, newlines as `\n`.
    #[must_use]
    pub fn contents_of(text: &str) -> String {
        let text = text.replace("\r\n", "\n");
        let body = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n").map(|(_, body)| body))
            .unwrap_or(&text);
        body.trim_end_matches('\n').to_owned()
    }

    /// Reads the contents of the snapshot at `path`; `None` where there is none.
    ///
    /// # Errors
    ///
    /// The file is there and cannot be read.
    pub fn read(path: &Path) -> Result<Option<String>, SnapshotError> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Some(Snapshot::contents_of(&text))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(SnapshotError::at(path)(source)),
        }
    }

    /// Writes the file whole or not at all.
    ///
    /// # Errors
    ///
    /// The folder cannot be written to.
    pub fn write(&self, path: &Path) -> Result<(), SnapshotError> {
        Snapshot::write_text(&self.render(), path)
    }

    /// Writes any file whole or not at all.
    pub(super) fn write_text(text: &str, path: &Path) -> Result<(), SnapshotError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let write = || -> std::io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(text.as_bytes())?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(SnapshotError::at(path))
    }
}

/// Where insta puts what waits for a review.
pub(super) fn beside(path: &Path) -> PathBuf {
    path.with_extension("snap.new")
}

#[cfg(test)]
mod tests {
    use super::Snapshot;

    #[test]
    fn what_is_written_is_read_back() {
        let snapshot = Snapshot {
            source: "rules/driver/tests/x".to_owned(),
            expression: "findings".to_owned(),
            contents: "one\n---\ntwo".to_owned(),
        };
        assert_eq!(Snapshot::contents_of(&snapshot.render()), snapshot.contents);
        assert_eq!(Snapshot::contents_of(&snapshot.render().replace('\n', "\r\n")), snapshot.contents);
        assert_eq!(Snapshot::contents_of("no header\n"), "no header");
    }

    #[test]
    fn insta_reads_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("findings.snap");
        let snapshot =
            Snapshot { source: "rules/x".to_owned(), expression: "findings".to_owned(), contents: "甲\nb".to_owned() };
        snapshot.write(&path).unwrap();
        assert_eq!(Snapshot::read(&path).unwrap().as_deref(), Some("甲\nb"));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(dir.path());
        settings.set_prepend_module_to_snapshot(false);
        settings.bind(|| insta::assert_snapshot!("findings", "甲\nb"));
        assert_eq!(Snapshot::read(&dir.path().join("none.snap")).unwrap(), None);
    }
}
