//! Tar, by magic or by the checksum of its first header: a stream of members.

use std::cell::Cell;
use std::io::{self, BufReader, Read};

use tar::{Archive, EntryType};

use super::super::short::{cut_off, stops_short};
use super::{Body, Entry, Fault, Open, Taker, in_a_row};

/// Bytes of a header.
pub(super) const BLOCK: usize = 512;

/// Bytes between the end of one member and the next: headers and long names, never data.
const BETWEEN: u64 = 4 << 20;

/// Whether a file begins with a tar header: its checksum is right.
pub(super) fn is_header(head: &[u8]) -> bool {
    let (Some(block), Some(field)) = (head.get(..BLOCK), head.get(148..156)) else {
        return false;
    };
    let digits: Vec<u8> = field.iter().copied().filter(|byte| !matches!(byte, b' ' | 0)).collect();
    let told = std::str::from_utf8(&digits).ok().and_then(|digits| u32::from_str_radix(digits, 8).ok());
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let blanks = 8 * u32::from(b' ');
    let own: u32 = field.iter().map(|byte| u32::from(*byte)).sum();
    block.first() != Some(&0) && told == Some(sum - own + blanks)
}

pub(super) fn members(open: &Open<'_>, take: &mut Taker<'_>) -> Result<(), Fault> {
    stream(&mut BufReader::with_capacity(64 << 10, open()?), take)
}

/// The members of a tar that comes as a stream.
pub(super) fn stream(source: &mut dyn Read, take: &mut Taker<'_>) -> Result<(), Fault> {
    let (between, over) = (Cell::new(Some(BETWEEN)), Cell::new(false));
    let mut archive = Archive::new(Frugal { inner: source, left: &between, over: &over, broken: false });
    // What is missing at the end is said in words of many kinds.
    let short = |error| if over.get() { cut_off() } else { error };
    for entry in archive.entries()? {
        let mut entry = entry.map_err(short)?;
        between.set(None);
        let kind = entry.header().entry_type();
        if kind != EntryType::Directory && kind != EntryType::XGlobalHeader {
            let seen = Entry { name: super::name(&entry.path_bytes()), bytes: Some(entry.size()), packed: None };
            let plain = matches!(kind, EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse);
            in_a_row(take(&seen, if plain { Body::Bytes(&mut entry) } else { Body::Special }))?;
        }
        // What was left of it is gone through here: what the archive reads by itself is bounded.
        io::copy(&mut entry, &mut io::sink()).map_err(short)?;
        between.set(Some(BETWEEN));
    }
    Ok(())
}

/// A source that gives so much and no more while the archive reads by itself: a long name of gigabytes is not held.
struct Frugal<'s> {
    inner: &'s mut dyn Read,
    left: &'s Cell<Option<u64>>,
    /// Nothing comes any more.
    over: &'s Cell<bool>,
    /// It was cut off.
    broken: bool,
}

impl Read for Frugal<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // What a decoder says when it is asked again means nothing.
        if self.broken {
            return Err(cut_off());
        }
        let read = self.inner.read(buffer);
        self.broken = read.as_ref().is_err_and(stops_short);
        self.over.set(self.broken || matches!(read, Ok(0)) && !buffer.is_empty());
        let read = read?;
        if let Some(left) = self.left.get() {
            let left = left.checked_sub(read as u64);
            let left = left.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a header of unlikely length"))?;
            self.left.set(Some(left));
        }
        Ok(read)
    }
}
