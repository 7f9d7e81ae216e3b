//! What the customer sent: folders and archives within limits, artifacts in a stable order, bytes to text.
//!
//! A leaf. Nothing is read whole: an [`Artifact`] gives its text as a stream of blocks.

use std::path::Path;

/// A file of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArtifactId(pub usize);

/// Limits that keep a hostile bundle from doing harm.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Archive members read at the most.
    pub members: usize,
    /// Bytes unpacked at the most, over all members.
    pub bytes_out: u64,
    /// Unpacked over packed bytes at the most, for one member.
    pub ratio: u64,
    /// Archives within archives.
    pub depth: usize,
}

/// Something that could not be read. The scan goes on; the result says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The display path of the thing (`logs.zip!/CBS.log`).
    pub source: String,
    /// What is the matter, in both languages.
    pub message: crate::lang::Localized,
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

/// The text encoding of an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 or ASCII, with or without BOM.
    Utf8,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// GBK or GB18030.
    Gbk,
    /// Windows-1252, or bytes of no clear encoding, kept visible.
    Windows1252,
    /// Not text.
    Binary,
}

/// One file of a bundle.
#[derive(Debug)]
pub struct Artifact {
    /// Its id.
    pub id: ArtifactId,
    /// The path as a place shows it: the BUNDLE's own name, then the path inside, `logs.zip!/b/CBS.log`.
    pub path: String,
    /// The last part of the path.
    pub name: String,
    /// Its size in bytes, unpacked.
    pub bytes: u64,
    /// The encoding found from its first bytes.
    pub encoding: Encoding,
    /// Set for lines pasted into a mail: they quote a log, and the absence of a line in them proves nothing.
    pub excerpt: bool,
    /// Number of the first line (1 but for excerpts, whose lines count within their message).
    pub first_line: u64,
}

/// Everything of one machine that a call was given.
#[derive(Debug, Default)]
pub struct Bundle {
    artifacts: Vec<Artifact>,
    problems: Vec<Problem>,
}

impl Bundle {
    /// Opens `path`: a file, a folder or a zip. Artifacts come in the order of their paths.
    ///
    /// # Errors
    ///
    /// Only when nothing at all can be read; anything less is a [`Problem`] in the result.
    pub fn open(_path: &Path, _limits: &Limits) -> Result<Bundle, OpenError> {
        Ok(Bundle::default())
    }

    /// Adds the artifacts of another bundle of the same machine.
    pub fn extend(&mut self, _other: Bundle) {}

    /// Adds lines pasted into a mail, as an excerpt: `path` is `thread.txt#21`, `first_line` the line within the message.
    pub fn add_excerpt(&mut self, _path: &str, _first_line: u64, _text: &str) -> ArtifactId {
        ArtifactId(0)
    }

    /// Adds text under a name, as a whole file (tests of rules).
    pub fn add_text(&mut self, _path: &str, _text: &str) -> ArtifactId {
        ArtifactId(0)
    }

    /// All artifacts.
    #[must_use]
    pub fn artifacts(&self) -> &[Artifact] {
        &self.artifacts
    }

    /// What could not be read.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The decoded text of an artifact as blocks; see [`TextReader`].
    ///
    /// # Errors
    ///
    /// The file cannot be opened or unpacked any more.
    pub fn read_text(&self, _id: ArtifactId) -> std::io::Result<TextReader> {
        Err(std::io::Error::other("not read"))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { members: 100_000, bytes_out: 64 << 30, ratio: 2_000, depth: 4 }
    }
}

/// Streams an artifact as blocks of whole lines, UTF-8 (UTF-16 is transcoded; ASCII-compatible bytes pass unchanged and
/// are decoded line by line with [`decode_line`]).
pub struct TextReader {}

/// A block of whole lines. The last block may end without a newline; a line longer than the block size is cut.
#[derive(Debug)]
pub struct Block<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Where the block begins in the artifact, in bytes of the source.
    pub offset: u64,
    /// How many source bytes one decoded unit stands for: see [`Block::source_offset`].
    pub encoding: Encoding,
}

impl Block<'_> {
    /// The byte of the artifact at which byte `at` of this block lies.
    #[must_use]
    pub fn source_offset(&self, at: usize) -> u64 {
        self.offset + at as u64
    }
}

impl TextReader {
    /// The next block; `None` at the end.
    ///
    /// # Errors
    ///
    /// The source ended early, or is damaged.
    pub fn next_block(&mut self) -> std::io::Result<Option<Block<'_>>> {
        Ok(None)
    }
}

/// Decodes one line's bytes: UTF-8, else GBK or Windows-1252 as the artifact's encoding says; bad bytes stay visible as
/// U+FFFD. A byte-order mark at the line's start is taken off.
#[must_use]
pub fn decode_line(bytes: &[u8], _encoding: Encoding) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
