//! Zip archives: their members, and one member's bytes.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write as _};

use zip::ZipArchive;
use zip::result::ZipError;

use super::artifact::Seekable;

/// Members up to this size are unpacked into memory, larger ones into a temporary file.
const IN_MEMORY: u64 = 4 << 20;

/// What the archive's directory says of a member.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) packed: u64,
    pub(super) encrypted: bool,
}

/// The members of an archive that are files, in the order of their names.
pub(super) fn members(archive: Box<dyn Seekable>) -> io::Result<Vec<Member>> {
    let mut archive = ZipArchive::new(archive).map_err(io::Error::other)?;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let Ok(file) = archive.by_index_raw(index) else { continue };
        if file.is_dir() {
            continue;
        }
        members.push(Member {
            index,
            name: name(file.name_raw()),
            bytes: file.size(),
            packed: file.compressed_size(),
            encrypted: file.encrypted(),
        });
    }
    members.sort_by(|a, b| (&a.name, a.index).cmp(&(&b.name, b.index)));
    Ok(members)
}

/// A member's name for people: UTF-8, else what Chinese tools write without saying so. It is never a path on disk.
fn name(raw: &[u8]) -> String {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    text.replace('\\', "/").chars().map(|char| if char.is_control() { '\u{fffd}' } else { char }).collect()
}

/// Unpacks a member. One that breaks off gives what came before, then the error.
pub(super) fn unpack(archive: Box<dyn Seekable>, index: usize) -> io::Result<Box<dyn Seekable>> {
    let mut archive = ZipArchive::new(archive).map_err(io::Error::other)?;
    let mut file = archive.by_index(index).map_err(io::Error::other)?;
    let declared = file.size();
    // One byte more than declared tells a lie about the size.
    let mut limited = (&mut file).take(declared.saturating_add(1));
    if declared <= IN_MEMORY {
        let mut bytes = Vec::new();
        let end = limited.read_to_end(&mut bytes).map(|_| ());
        return Ok(Box::new(Broken { inner: Cursor::new(bytes), end: end.err() }));
    }
    let mut temporary = tempfile::tempfile()?;
    let end = io::copy(&mut limited, &mut temporary).map(|_| ());
    temporary.flush()?;
    temporary.seek(SeekFrom::Start(0))?;
    Ok(Box::new(Broken { inner: temporary, end: end.err() }))
}

/// The first bytes of a member.
pub(super) fn head(archive: Box<dyn Seekable>, index: usize, limit: u64, head: &mut Vec<u8>) -> io::Result<()> {
    let mut archive = ZipArchive::new(archive).map_err(io::Error::other)?;
    let file = archive.by_index(index).map_err(io::Error::other)?;
    match file.take(limit).read_to_end(head) {
        Err(error) if head.is_empty() => Err(error),
        _ => Ok(()),
    }
}

/// Whether an error of the archive means that a password is needed.
pub(super) fn needs_password(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ZipError>());
    matches!(inner, Some(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword))
}

/// What could be read, then the error that ended it.
struct Broken<R> {
    inner: R,
    end: Option<io::Error>,
}

impl<R: Read> Read for Broken<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer)? {
            0 if !buffer.is_empty() => self.end.take().map_or(Ok(0), Err),
            read => Ok(read),
        }
    }
}

impl<R: Seek> Seek for Broken<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}
