//! A large text within a zip archive, a cabinet or a gzip stream, read from where it lies: unpacked as it is read, and never
//! held as a whole.
//!
//! What an archive says of a member's length is kept. Of a stream it is what its end says, and may be less than there is:
//! its bytes are those that come, up to a limit.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write as _};
use std::sync::{Arc, OnceLock};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder};

use super::artifact::Content;
use super::container::Folder;
use super::short::cut_off;

/// Packed bytes read in one go.
const BUFFER: usize = 64 << 10;

/// A member of an archive, and what the archive says of it.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    /// The archive.
    pub(super) archive: Content,
    /// Where its bytes begin in it.
    pub(super) place: Place,
    /// How many they are, unpacked, as it says.
    pub(super) length: u64,
    /// The most that it may give.
    pub(super) most: u64,
    /// How many came, once a stream was read to its end.
    pub(super) came: OnceLock<u64>,
}

/// Where a member lies in its archive.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// A member of a zip archive.
    Member {
        /// Its first byte.
        start: u64,
        /// How many bytes it has there.
        packed: u64,
        /// They are deflated; else they are as they are.
        deflated: bool,
        /// The checksum of what they unpack to.
        checksum: u32,
    },
    /// The only file of a folder of a cabinet.
    Folder(Folder),
    /// All of a gzip stream.
    Stream {
        /// How many bytes it unpacks to by its last four: no promise, as they count those of the last part of several.
        told: u64,
    },
}

impl Packed {
    /// Its bytes from the beginning.
    pub(super) fn open(self: &Arc<Packed>) -> io::Result<Member> {
        let mut archive = self.archive.open()?;
        let source: Box<dyn Read + Send> = match self.place {
            Place::Member { start, packed, deflated, .. } => {
                archive.seek(SeekFrom::Start(start))?;
                let bytes = BufReader::with_capacity(BUFFER, archive.take(packed));
                if deflated { Box::new(DeflateDecoder::new(bytes)) } else { Box::new(bytes) }
            }
            Place::Folder(folder) => folder.unpack(archive),
            Place::Stream { .. } => Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, archive))),
        };
        Ok(Member { packed: Arc::clone(self), source: Source::Stream(source), at: 0, sum: Some(flate2::Crc::new()) })
    }

    /// How many bytes it has, as far as that is known.
    pub(super) fn length(&self) -> u64 {
        self.came.get().copied().unwrap_or(self.length)
    }
}

/// A member being read.
pub(super) struct Member {
    packed: Arc<Packed>,
    source: Source,
    at: u64,
    /// Of what was read; `None` once something was passed over, or all was found right.
    sum: Option<flate2::Crc>,
}

enum Source {
    /// It is unpacked as it is read.
    Stream(Box<dyn Read + Send>),
    /// It had to be gone back in, so all of it was unpacked.
    Spooled(File),
}

impl Member {
    /// What is wrong where the bytes end.
    fn end(&mut self) -> io::Result<usize> {
        let Source::Stream(source) = &mut self.source else { return Ok(0) };
        let wrong = |why: &str| Err(io::Error::new(io::ErrorKind::InvalidData, why));
        if let Place::Stream { .. } = self.packed.place {
            // A stream looks after its own checksums.
            let more = self.at == self.packed.most && source.read(&mut [0])? > 0;
            return if more { wrong("too many bytes unpacked") } else { Ok(0) };
        }
        if self.at < self.packed.length {
            return Err(cut_off());
        }
        // So do the blocks of a folder, of which the file need not be all.
        let Place::Member { checksum, .. } = self.packed.place else { return Ok(0) };
        if source.read(&mut [0])? > 0 {
            return wrong("longer than the archive says");
        }
        match self.sum.take() {
            Some(sum) if sum.sum() != checksum => wrong("Invalid checksum"),
            _ => Ok(0),
        }
    }

    fn some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.packed.most.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let room = buffer.len().min(left);
        let wanted = buffer.get_mut(..room).unwrap_or_default();
        let read = match &mut self.source {
            _ if wanted.is_empty() => 0,
            Source::Stream(source) => source.read(wanted)?,
            Source::Spooled(file) => file.read(wanted)?,
        };
        if read == 0 && !buffer.is_empty() {
            return self.end();
        }
        if let (Some(sum), Place::Member { .. }) = (&mut self.sum, self.packed.place) {
            sum.update(buffer.get(..read).unwrap_or_default());
        }
        self.at += read as u64;
        Ok(read)
    }

    /// How many bytes there are: all of a stream are gone through once to know it.
    fn length(&mut self) -> io::Result<u64> {
        if let (Place::Stream { .. }, Source::Stream(_)) = (self.packed.place, &self.source) {
            self.spool()?;
        }
        Ok(self.packed.length())
    }

    /// Unpacks all of it into a file of its own.
    fn spool(&mut self) -> io::Result<()> {
        let mut file = tempfile::tempfile()?;
        let mut member = self.packed.open()?;
        let mut buffer = vec![0; BUFFER];
        loop {
            match member.read(&mut buffer) {
                Ok(read @ 1..) => file.write_all(buffer.get(..read).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What came before it ends or breaks off is all there is.
                Ok(0) | Err(_) => break,
            }
        }
        self.source = Source::Spooled(file);
        Ok(())
    }
}

impl Read for Member {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.some(buffer);
        let over = match &read {
            Ok(read) => *read == 0 && !buffer.is_empty(),
            Err(error) => error.kind() != io::ErrorKind::Interrupted,
        };
        if over && matches!(self.source, Source::Stream(_)) {
            // Whoever comes first: all read the same.
            let _ = self.packed.came.set(self.at);
        }
        read
    }
}

impl Seek for Member {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let to = match position {
            SeekFrom::Start(to) => Some(to),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length()?.checked_add_signed(by),
        };
        let to = to.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        if to == self.at {
            return Ok(to);
        }
        if matches!(self.source, Source::Stream(_)) {
            self.spool()?;
        }
        if let Source::Spooled(file) = &mut self.source {
            file.seek(SeekFrom::Start(to))?;
        }
        (self.at, self.sum) = (to, None);
        Ok(to)
    }
}
