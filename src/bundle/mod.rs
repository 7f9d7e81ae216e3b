//! What the customer sent: folders and archives within limits, artifacts in a stable order, bytes to text.
//!
//! A leaf. Nothing is read whole: an [`Artifact`] gives its text as a stream of blocks. No path of an archive's member
//! is ever used as a path on disk: members lie in one temporary file, large texts within zip archives stay where they are.

mod artifact;
mod container;
mod encoding;
mod legacy;
mod member;
mod meter;
mod narrow;
mod opening;
mod region;
mod short;
mod splice;
mod store;
#[cfg(test)]
mod tests;
mod text;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lang::Localized;

pub use artifact::{Artifact, ArtifactId, Seekable};
pub use encoding::{Doubt, Encoding, decode, decode_line, lines_unlike_utf8};
pub use meter::Meter;
pub use narrow::narrow;
pub use short::why;
pub use splice::{Runs, Unclear, splice};
pub use text::{Block, TextReader};

use artifact::Content;

/// Limits that keep a hostile bundle from doing harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Archive members read at the most.
    pub members: usize,
    /// Bytes unpacked at the most, over all members.
    pub bytes_out: u64,
    /// Unpacked over packed bytes at the most: of one member of more than a megabyte, and of all that is in one file
    /// past the first 256 megabytes.
    pub ratio: u64,
    /// Archives within archives.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { members: 50_000, bytes_out: 16 << 30, ratio: 2_000, depth: 8 }
    }
}

/// Something that could not be read. The scan goes on; the result says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The display path of the thing (`logs.zip!/CBS.log`).
    pub source: String,
    /// What is the matter.
    pub message: Localized,
    /// The reason class for undetermined evidence.
    pub kind: ProblemKind,
}

/// Why something could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Damaged or of no readable form.
    Unreadable,
    /// Cut off: a limit, or the end of a damaged file.
    Truncated,
    /// Needs a password.
    Encrypted,
}

impl Problem {
    /// A problem of `source`.
    #[must_use]
    pub fn new(source: &str, kind: ProblemKind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { source: source.to_owned(), message: Localized::new(zh, en), kind }
    }
}

/// A BUNDLE that cannot be opened at all (exit 2).
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It does not exist or cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The path as given.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is an archive of which nothing can be read.
    #[error("{path}: {message}")]
    Archive {
        /// The path as given.
        path: String,
        /// Why.
        message: String,
    },
}

/// Everything of one machine that a call was given.
#[derive(Debug, Default)]
pub struct Bundle {
    artifacts: Vec<Artifact>,
    problems: Vec<Problem>,
    /// How many more bundles were added to it.
    added: usize,
}

impl Bundle {
    /// Opens `path`: a file, a folder or an archive. Artifacts come in the order of their paths.
    ///
    /// # Errors
    ///
    /// Only when nothing at all can be read; anything less is a [`Problem`] in the result.
    pub fn open(path: &Path, limits: &Limits) -> Result<Bundle, OpenError> {
        let shown = path.display().to_string();
        let name = path.file_name().map_or(shown, |name| name.to_string_lossy().into_owned());
        Bundle::open_as(path, &name, limits, &Arc::default())
    }

    /// The same under a name of its own, with which places begin, and with a meter that shows how far it has come.
    ///
    /// # Errors
    ///
    /// As [`Bundle::open`].
    pub fn open_as(path: &Path, name: &str, limits: &Limits, meter: &Arc<Meter>) -> Result<Bundle, OpenError> {
        let shown = path.display().to_string();
        let io = |source| OpenError::Io { path: shown.clone(), source };
        let meta = std::fs::metadata(path).map_err(io)?;
        let mut opening = opening::Opening::new(limits, meter);
        if meta.is_dir() {
            std::fs::read_dir(path).map_err(io)?;
            opening.folder(path, name);
        } else {
            let file = std::fs::File::open(path).map_err(io)?;
            if meta.is_file() {
                opening.file(path, name);
            } else {
                // A pipe can be read once only.
                opening.stream(file, name).map_err(io)?;
            }
        }
        let bundle = opening.finish();
        match bundle.problems.first() {
            Some(problem) if !meta.is_dir() && bundle.artifacts.is_empty() && problem.source == name => {
                Err(OpenError::Archive { path: shown, message: problem.message.get(crate::lang::Lang::En).to_owned() })
            }
            _ => Ok(bundle),
        }
    }

    /// Reads a bundle from a stream under `name`.
    ///
    /// # Errors
    ///
    /// The stream ends with an error.
    pub fn from_reader(name: &str, reader: impl Read, limits: &Limits) -> Result<Bundle, OpenError> {
        let mut opening = opening::Opening::new(limits, &Arc::default());
        opening.stream(reader, name).map_err(|source| OpenError::Io { path: name.to_owned(), source })?;
        Ok(opening.finish())
    }

    /// Adds the artifacts of another bundle of the same machine.
    pub fn extend(&mut self, other: Bundle) {
        for mut artifact in other.artifacts {
            artifact.id = ArtifactId::at(self.artifacts.len());
            artifact.bundle = self.added;
            self.artifacts.push(artifact);
        }
        self.added += 1;
        self.problems.extend(other.problems);
    }

    /// Adds lines pasted into a mail, as an excerpt: `path` is `thread.txt#21`, `first_line` the line within the message.
    pub fn add_excerpt(&mut self, path: &str, first_line: u64, text: &str) -> ArtifactId {
        let id = self.add_text(path, text);
        if let Some(artifact) = self.artifacts.get_mut(id.place()) {
            artifact.excerpt = true;
            artifact.first_line = first_line;
        }
        id
    }

    /// Adds text under a name, as a whole file.
    pub fn add_text(&mut self, path: &str, text: &str) -> ArtifactId {
        let id = ArtifactId::at(self.artifacts.len());
        let content = Content::Bytes(text.as_bytes().into());
        let mut artifact = Artifact::new(path, text.len() as u64, (Encoding::Utf8, None), content);
        artifact.id = id;
        self.artifacts.push(artifact);
        id
    }

    /// All artifacts.
    #[must_use]
    pub fn artifacts(&self) -> &[Artifact] {
        &self.artifacts
    }

    /// The artifact of `id`.
    #[must_use]
    pub fn artifact(&self, id: ArtifactId) -> Option<&Artifact> {
        self.artifacts.get(id.place())
    }

    /// What could not be read.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}
