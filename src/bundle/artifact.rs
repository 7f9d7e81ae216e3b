//! One file of a bundle, and where its bytes come from.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::PathBuf;
use std::sync::Arc;

use super::encoding::{Doubt, Encoding};
use super::member::Packed;
use super::store::Range;
use super::text::TextReader;

/// A file of a bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArtifactId(u32);

impl ArtifactId {
    /// The file at a place of the bundle. Beyond four thousand million of them it is one that there is not.
    #[must_use]
    pub fn at(place: usize) -> ArtifactId {
        ArtifactId(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// Its place.
    #[must_use]
    pub fn place(self) -> usize {
        self.0 as usize
    }
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
    /// Its size in bytes, unpacked, as its archive says; [`Artifact::length`] knows better where that is wrong.
    pub bytes: u64,
    /// The encoding found from its first bytes.
    pub encoding: Encoding,
    /// Why that is in doubt.
    pub doubt: Option<Doubt>,
    /// Set for lines pasted into a mail: they quote a log, and the absence of a line in them proves nothing.
    pub excerpt: bool,
    /// Number of the first line (1 but for excerpts, whose lines count within their message).
    pub first_line: u64,
    /// Which of the bundles of a call it came with, from 0.
    pub bundle: usize,
    content: Content,
}

/// Where bytes come from. Opened anew for every reading, so that several threads may read.
#[derive(Clone, Debug)]
pub(super) enum Content {
    File(PathBuf),
    Stored(Range),
    Packed(Arc<Packed>),
    Bytes(Arc<[u8]>),
}

/// Bytes that can be gone through from any place.
pub trait Seekable: Read + Seek + Send {}

impl<T: Read + Seek + Send> Seekable for T {}

impl Content {
    /// The bytes from the beginning.
    pub(super) fn open(&self) -> io::Result<Box<dyn Seekable>> {
        Ok(match self {
            Content::File(path) => Box::new(File::open(path)?),
            Content::Stored(range) => Box::new(range.open()?),
            Content::Packed(packed) => Box::new(packed.open()?),
            Content::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }

    /// The first bytes, at most `limit`; a damaged end is no error here.
    pub(super) fn head(&self, limit: u64) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        match self.open()?.take(limit).read_to_end(&mut head) {
            Err(error) if head.is_empty() => Err(error),
            _ => Ok(head),
        }
    }
}

impl Artifact {
    pub(super) fn new(path: &str, bytes: u64, (encoding, doubt): (Encoding, Option<Doubt>), content: Content) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
        let (id, path) = (ArtifactId::default(), path.to_owned());
        Self { id, path, name, bytes, encoding, doubt, excerpt: false, first_line: 1, bundle: 0, content }
    }

    /// Its size in bytes, unpacked: once it was read to its end, as many as there were.
    #[must_use]
    pub fn length(&self) -> u64 {
        match &self.content {
            Content::Packed(packed) => packed.length(),
            _ => self.bytes,
        }
    }

    /// Its bytes, unpacked, from the beginning. A member that breaks off gives what came before, then the error.
    ///
    /// # Errors
    ///
    /// The file cannot be opened or unpacked any more.
    pub fn open(&self) -> io::Result<Box<dyn Seekable>> {
        self.content.open()
    }

    /// Its first bytes, at most `limit`, without reading the rest.
    ///
    /// # Errors
    ///
    /// The file cannot be opened or unpacked any more.
    pub fn head(&self, limit: u64) -> io::Result<Vec<u8>> {
        self.content.head(limit)
    }

    /// Its text as blocks of whole lines.
    ///
    /// # Errors
    ///
    /// The file cannot be opened or unpacked any more.
    pub fn read_text(&self) -> io::Result<TextReader> {
        Ok(TextReader::new(self.content.open()?, self.encoding))
    }
}
