//! Zip: the directory is walked, never held, so that a million members cost no memory.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use memchr::memmem;
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use super::super::artifact::Seekable;
use super::super::member::Place;
use super::super::short::cut_off;
use super::near::Near;
use super::{Body, Entry, Fault, LARGE, Open, Taken, Taker, stream};

/// Bytes of what stands at an archive's end, and of a comment at the most.
const END: u64 = 22;
const COMMENT: u64 = u16::MAX as u64;

/// Where a member's own header tells the lengths of its name and of what follows that.
const LENGTHS: u64 = 26;

pub(super) fn members(open: &Open<'_>, take: &mut Taker<'_>) -> Result<(), Fault> {
    let mut archive = match ZipIterable::try_new(Near::new(open()?), zip::read::Config::default()) {
        Ok(archive) => archive,
        Err(_) if !ends(&mut *open()?)? => return Err(cut_off().into()),
        Err(error) => return Err(io::Error::from(error).into()),
    };
    let mut body = Near::new(open()?);
    for entry in archive.files().map_err(io::Error::from)? {
        let entry = entry.map_err(io::Error::from)?;
        if entry.is_dir() {
            continue;
        }
        let seen = Entry {
            name: super::name(entry.name_raw()),
            bytes: Some(entry.size()),
            packed: Some(entry.compressed_size()),
        };
        let taken = if entry.encrypted() {
            take(&seen, Body::Encrypted)
        } else if entry.is_symlink() {
            take(&seen, Body::Special)
        } else if entry.compression() == CompressionMethod::ZSTD {
            zstd(&seen, entry.header_start(), &mut body, take)
        } else if let Some(deflated) = plain(entry.compression()).filter(|_| entry.size() >= LARGE) {
            match begin(entry.header_start(), &mut body) {
                Ok(start) => {
                    let (packed, checksum) = (entry.compressed_size(), entry.crc32());
                    take(&seen, Body::Lies(Place::Member { start, packed, deflated, checksum }))
                }
                Err(error) => take(&seen, Body::Unreadable(error)),
            }
        } else {
            match entry.with_reader(&mut body, ZipReadOptions::new()) {
                // One byte more than declared tells a lie about the size.
                Ok(file) => take(&seen, Body::Bytes(&mut file.take(seen.bytes.unwrap_or(0).saturating_add(1)))),
                Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword) => {
                    take(&seen, Body::Encrypted)
                }
                Err(error) => take(&seen, Body::Unreadable(error.into())),
            }
        };
        if taken == Taken::Enough {
            return Err(Fault::Limit);
        }
    }
    Ok(())
}

/// Whether the end of an archive is there, behind which stands nothing but a comment.
fn ends(archive: &mut dyn Seekable) -> io::Result<bool> {
    let length = archive.seek(SeekFrom::End(0))?;
    archive.seek(SeekFrom::Start(length.saturating_sub(END + COMMENT)))?;
    let mut last = Vec::new();
    archive.take(END + COMMENT).read_to_end(&mut last)?;
    Ok(memmem::rfind(&last, b"PK\x05\x06").is_some_and(|at| (last.len() - at) as u64 >= END))
}

/// Whether a method is to deflate; `None` for one that is neither that nor to leave bytes as they are.
fn plain(method: CompressionMethod) -> Option<bool> {
    match method {
        CompressionMethod::Stored => Some(false),
        CompressionMethod::Deflated => Some(true),
        _ => None,
    }
}

/// Goes to where a member's bytes begin, past its own header.
fn begin(header: u64, body: &mut Near) -> io::Result<u64> {
    let mut lengths = [0; 4];
    body.seek(SeekFrom::Start(header.saturating_add(LENGTHS)))?;
    body.read_exact(&mut lengths)?;
    let [name, name_high, extra, extra_high] = lengths;
    let name = i64::from(u16::from_le_bytes([name, name_high]));
    let extra = i64::from(u16::from_le_bytes([extra, extra_high]));
    body.seek(SeekFrom::Current(name + extra))
}

/// A member packed by the one method that the archive reader leaves to us.
fn zstd(entry: &Entry, header: u64, body: &mut Near, take: &mut Taker<'_>) -> Taken {
    match begin(header, body) {
        Ok(_) => {
            let packed = BufReader::new(body.take(entry.packed.unwrap_or(0)));
            take(entry, Body::Bytes(&mut stream::Zstd::new(packed)))
        }
        Err(error) => take(entry, Body::Unreadable(error)),
    }
}
