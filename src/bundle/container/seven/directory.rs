//! How much a 7z archive's directory asks for before it can be read: the decoder itself sets no bound, and a directory is
//! packed like anything else.
//!
//! The form is that of the 7-Zip project's `7zFormat.txt`: a start header, and at its end a directory that is plain or
//! one packed stream.

use std::io::{self, Read, Seek, SeekFrom};

use super::super::super::short::cut_off;
use super::window;

/// Bytes of a directory at the most: some 100 000 members have room in it.
const MOST: u64 = 16 << 20;

/// Memory granted to the decoder of a packed directory.
const WINDOW: u64 = 64 << 20;

/// Where the start header begins, and its length with the bytes before.
const START: usize = 12;
const HEADER: usize = 32;

// Words of the form.
const END: u8 = 0x00;
const PACK_INFO: u8 = 0x06;
const UNPACK_INFO: u8 = 0x07;
const SIZE: u8 = 0x09;
const CRC: u8 = 0x0a;
const FOLDER: u8 = 0x0b;
const UNPACK_SIZE: u8 = 0x0c;
const PACKED: u8 = 0x17;

/// An error if the directory is larger than any that is read, or cannot be made out.
pub(super) fn check(source: &mut (impl Read + Seek)) -> io::Result<()> {
    let mut header = [0; HEADER];
    source.seek(SeekFrom::Start(0))?;
    source.read_exact(&mut header)?;
    let number = |from: usize| {
        let bytes = header.get(from..from + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u64::from_le_bytes)
    };
    if header.get(8..HEADER).is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0)) {
        return Err(said("it was never finished"));
    }
    let (offset, size) = (number(START), number(START + 8));
    let place = (HEADER as u64).checked_add(offset).ok_or_else(|| said("its list of members lies past its end"))?;
    if size > MOST {
        return Err(said("its list of members is too large"));
    }
    source.seek(SeekFrom::Start(place))?;
    let mut directory = Vec::new();
    source.take(size).read_to_end(&mut directory)?;
    if (directory.len() as u64) < size {
        return Err(cut_off());
    }
    let mut words = Words(&directory);
    if directory.first() != Some(&PACKED) {
        return Ok(());
    }
    match words.packed() {
        None => Err(said("its list of members cannot be made out")),
        Some(asked) if asked > MOST => Err(said("its list of members is too large")),
        Some(_) => Ok(()),
    }
}

fn said(words: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words)
}

/// The bytes of a directory that are left.
struct Words<'d>(&'d [u8]);

impl Words<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn skip(&mut self, bytes: u64) -> Option<&[u8]> {
        let (skipped, rest) = self.0.split_at_checked(usize::try_from(bytes).ok()?)?;
        self.0 = rest;
        Some(skipped)
    }

    /// A number: the ones that its first byte begins with tell how many bytes follow, the lowest first.
    fn number(&mut self) -> Option<u64> {
        let first = self.byte()?;
        let more = first.leading_ones();
        let mut value = 0;
        for at in 0..more {
            value |= u64::from(self.byte()?) << (8 * at);
        }
        let upper = if more < 7 { u64::from(first & (0x7f >> more)) } else { 0 };
        Some(value | upper.checked_shl(8 * more).unwrap_or(0))
    }

    /// Checksums of so many streams.
    fn checksums(&mut self, streams: u64) -> Option<()> {
        let known = if self.byte()? == 0 {
            let bits = self.skip(streams.div_ceil(8))?;
            bits.iter().map(|byte| u64::from(byte.count_ones())).sum()
        } else {
            streams
        };
        self.skip(known.checked_mul(4)?).map(|_| ())
    }

    /// The most that a packed directory asks for: the bytes it unpacks to, or more than any where its decoder needs too
    /// much memory.
    fn packed(&mut self) -> Option<u64> {
        (self.byte()? == PACKED && self.byte()? == PACK_INFO).then_some(())?;
        self.number()?;
        let streams = self.number()?;
        loop {
            match self.byte()? {
                END => break,
                SIZE => (0..streams).try_for_each(|_| self.number().map(|_| ()))?,
                CRC => self.checksums(streams)?,
                _ => return None,
            }
        }
        (self.byte()? == UNPACK_INFO && self.byte()? == FOLDER).then_some(())?;
        let (folders, external) = (self.number()?, self.byte()?);
        (external == 0).then_some(())?;
        let (mut outputs, mut asked) = (0u64, 0u64);
        for _ in 0..folders {
            let (own, memory) = self.folder()?;
            outputs = outputs.checked_add(own)?;
            asked = asked.max(memory.checked_sub(WINDOW).filter(|past| *past > 0).map_or(0, |_| u64::MAX));
        }
        (self.byte()? == UNPACK_SIZE).then_some(())?;
        for _ in 0..outputs {
            asked = asked.max(self.number()?);
        }
        Some(asked)
    }

    /// A chain of coders: how many streams come out of it, and the memory that the largest asks for.
    fn folder(&mut self) -> Option<(u64, u64)> {
        let (mut inputs, mut outputs, mut memory) = (0u64, 0u64, 0);
        for _ in 0..self.number()? {
            let flags = self.byte()?;
            let method = self.skip(u64::from(flags & 0x0f))?.to_vec();
            let (own_in, own_out) = if flags & 0x10 == 0 { (1, 1) } else { (self.number()?, self.number()?) };
            (inputs, outputs) = (inputs.checked_add(own_in)?, outputs.checked_add(own_out)?);
            if flags & 0x20 != 0 {
                let length = self.number()?;
                memory = memory.max(window(&method, self.skip(length)?));
            }
        }
        let pairs = outputs.checked_sub(1)?;
        for _ in 0..pairs.checked_mul(2)? {
            self.number()?;
        }
        let packed = inputs.checked_sub(pairs)?;
        if packed > 1 {
            for _ in 0..packed {
                self.number()?;
            }
        }
        Some((outputs, memory))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// An archive of nothing but a start header and these words as its directory.
    fn archive(directory: &[u8], size: u64) -> Cursor<Vec<u8>> {
        let mut bytes = b"7z\xbc\xaf\x27\x1c\0\x04\x01\x02\x03\x04".to_vec();
        bytes.extend(0u64.to_le_bytes());
        bytes.extend(size.to_le_bytes());
        bytes.extend([9, 9, 9, 9]);
        bytes.extend(directory);
        Cursor::new(bytes)
    }

    /// A directory packed by LZMA with a dictionary, that unpacks to so many bytes.
    fn packed(dictionary: u32, unpacked: u32) -> Vec<u8> {
        let mut words = vec![PACKED, PACK_INFO, 0, 1, SIZE, 20, CRC, 1, 7, 7, 7, 7, END];
        words.extend([UNPACK_INFO, FOLDER, 1, 0, 1, 0x23, 3, 1, 1, 5, 0x5d]);
        words.extend(dictionary.to_le_bytes());
        words.extend([UNPACK_SIZE, 0xf0]);
        words.extend(unpacked.to_le_bytes());
        words.extend([END, END]);
        words
    }

    fn verdict(directory: &[u8]) -> String {
        check(&mut archive(directory, directory.len() as u64))
            .map_or_else(|error| error.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn a_directory_that_unpacks_to_too_much_is_refused() {
        assert_eq!(verdict(&packed(1 << 16, 4000)), "ok");
        assert_eq!(verdict(&packed(1 << 16, 16 << 20)), "ok");
        assert_eq!(verdict(&packed(1 << 16, (16 << 20) + 1)), "its list of members is too large");
        assert_eq!(verdict(&packed(1 << 31, 4000)), "its list of members is too large", "a dictionary of 2 GB");
        assert_eq!(check(&mut archive(b"", 1 << 40)).unwrap_err().to_string(), "its list of members is too large");
    }

    #[test]
    fn what_cannot_be_made_out_is_refused() {
        let whole = packed(1 << 16, 4000);
        for cut in 1..whole.len() - 2 {
            assert_eq!(verdict(&whole[..cut]), "its list of members cannot be made out", "{cut} bytes");
        }
        assert_eq!(check(&mut Cursor::new(vec![0; 10])).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        let mut unfinished = archive(b"", 0).into_inner();
        unfinished[8..].fill(0);
        assert_eq!(check(&mut Cursor::new(unfinished)).unwrap_err().to_string(), "it was never finished");
    }

    #[test]
    fn numbers_are_as_long_as_they_say() {
        for (bytes, value) in [
            (&b"\x7f"[..], 127),
            (b"\x80\xff", 255),
            (b"\x81\x00", 256),
            (b"\xc1\x02\x03", 0x1_0302),
            (b"\xff\x01\x02\x03\x04\x05\x06\x07\x08", 0x0807_0605_0403_0201),
        ] {
            assert_eq!(Words(bytes).number(), Some(value), "{bytes:x?}");
        }
    }
}
