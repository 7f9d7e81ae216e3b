//! Where members live once they are unpacked: ranges of one temporary file, however many they are.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write as _};
use std::sync::Arc;

use tempfile::{NamedTempFile, TempPath};

/// The file that members are written into, one after the other.
#[derive(Debug, Default)]
pub(super) struct Store {
    open: Option<(File, Arc<TempPath>)>,
    /// Where the next member begins.
    end: u64,
    /// How far the member being written has come.
    at: u64,
}

/// A member in the store.
#[derive(Clone, Debug)]
pub(super) struct Range {
    path: Option<Arc<TempPath>>,
    start: u64,
    pub(super) length: u64,
    /// What broke it off.
    broken: Option<Arc<str>>,
}

impl Store {
    /// Writes on at the member that is open.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (file, _) = if let Some(open) = &mut self.open {
            open
        } else {
            let (file, path) = NamedTempFile::new()?.into_parts();
            self.open.insert((file, Arc::new(path)))
        };
        if let Err(error) = file.write_all(bytes) {
            // A part of it may be written: what comes next begins where this did.
            file.seek(SeekFrom::Start(self.at))?;
            return Err(error);
        }
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Bytes of the member that is open.
    pub(super) fn open_length(&self) -> u64 {
        self.at - self.end
    }

    /// Ends the member that is open. What `broke` it off is said where its bytes end.
    pub(super) fn close(&mut self, broke: Option<&io::Error>) -> Range {
        let range = Range {
            path: self.open.as_ref().map(|(_, path)| Arc::clone(path)),
            start: self.end,
            length: self.at - self.end,
            broken: broke.map(|error| error.to_string().into()),
        };
        self.end = self.at;
        range
    }

    /// Takes back the member that is open: its place on the disk is free again.
    pub(super) fn take_back(&mut self) {
        // Where that fails the next member lies behind it, and nothing else is wrong.
        let freed = self
            .open
            .as_mut()
            .is_none_or(|(file, _)| file.set_len(self.end).is_ok() && file.seek(SeekFrom::Start(self.end)).is_ok());
        if freed {
            self.at = self.end;
        } else {
            self.end = self.at;
        }
    }
}

impl Range {
    /// Its bytes, then the error that broke them off.
    pub(super) fn open(&self) -> io::Result<Slice> {
        let file = match &self.path {
            Some(path) if self.length > 0 => {
                let mut file = File::open(&**path)?;
                file.seek(SeekFrom::Start(self.start))?;
                Some(file)
            }
            _ => None,
        };
        Ok(Slice { file, range: self.clone(), at: 0 })
    }
}

/// A range being read.
pub(super) struct Slice {
    file: Option<File>,
    range: Range,
    at: u64,
}

impl Read for Slice {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.range.length.saturating_sub(self.at);
        let read = match &mut self.file {
            Some(file) if left > 0 => file.take(left).read(buffer)?,
            _ => 0,
        };
        self.at += read as u64;
        match &self.range.broken {
            Some(error) if read == 0 && !buffer.is_empty() => {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, error.to_string()))
            }
            _ => Ok(read),
        }
    }
}

impl Seek for Slice {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let to = match position {
            SeekFrom::Start(to) => Some(to),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.range.length.checked_add_signed(by),
        };
        let to = to.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(self.range.start.saturating_add(to)))?;
        }
        self.at = to;
        Ok(to)
    }
}
