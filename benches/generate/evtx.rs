//! An event log as large as one likes, by repeating the chunks of a given one: a chunk of 64 KiB stands for itself, only
//! the file's head counts them.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Length of the file's head.
const HEAD: usize = 4096;

/// Length of a chunk.
const CHUNK: usize = 65_536;

/// Writes an event log of about `bytes` to `to`.
pub(crate) fn write(from: &Path, bytes: u64, to: &Path) -> io::Result<()> {
    let source = fs::read(from)?;
    let problem = || io::Error::other(format!("{}: no event log with a whole chunk", from.display()));
    let (head, rest) = source.split_at_checked(HEAD).ok_or_else(problem)?;
    let chunks: Vec<&[u8]> = rest.chunks_exact(CHUNK).filter(|chunk| chunk.starts_with(b"ElfChnk\0")).collect();
    let size = CHUNK as u64;
    let count = u16::try_from((bytes / size).clamp(1, u64::from(u16::MAX))).unwrap_or(u16::MAX);
    if chunks.is_empty() {
        return Err(problem());
    }
    let mut head = head.to_vec();
    head[8..16].copy_from_slice(&0u64.to_le_bytes());
    head[16..24].copy_from_slice(&u64::from(count - 1).to_le_bytes());
    head[42..44].copy_from_slice(&count.to_le_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&head[..120]);
    head[124..128].copy_from_slice(&crc.sum().to_le_bytes());
    let mut file = BufWriter::new(fs::File::create(to)?);
    file.write_all(&head)?;
    for chunk in chunks.iter().cycle().take(usize::from(count)) {
        file.write_all(chunk)?;
    }
    file.flush()
}
