//! Cabinets: each folder unpacked once, in one go, and cut into its files.
//!
//! Own code over the decoders (MSZIP is deflate, LZX a crate of its own): the crate for cabinets unpacks a folder anew
//! for every file, loses names that are not UTF-8, and panics on a file that begins past its folder's end.

use std::io::{self, BufRead as _, Read, Seek, SeekFrom};

use flate2::{Decompress, FlushDecompress};
use lzxd::{Lzxd, WindowSize};

use super::super::artifact::Seekable;
use super::super::member::Place;
use super::near::Near;
use super::{Body, Entry, Fault, LARGE, Open, Taker, in_a_row};

/// What deflate looks back.
const HISTORY: usize = 32 << 10;

/// Bytes of a block unpacked at the most.
const BLOCK: usize = 32 << 10;

/// Files whose folder begins in the cabinet before, or goes on in the one after: from this number on.
const SPLIT: u16 = 0xfffd;

/// Files packed as one.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Folder {
    offset: u32,
    blocks: u16,
    method: u16,
    /// Bytes reserved in every block.
    reserved: u8,
}

struct File {
    entry: Entry,
    size: u64,
    offset: u32,
    folder: u16,
}

struct Directory {
    folders: Vec<Folder>,
    files: Vec<File>,
}

pub(super) fn members(open: &Open<'_>, take: &mut Taker<'_>) -> Result<(), Fault> {
    let mut source = Near::new(open()?);
    let mut directory = directory(&mut source)?;
    directory.files.sort_by_key(|file| (file.folder, file.offset));
    for files in directory.files.chunk_by(|one, next| one.folder == next.folder) {
        let number = files.first().map_or(0, |file| file.folder);
        let Some(folder) = directory.folders.get(usize::from(number)) else {
            for file in files {
                in_a_row(take(&file.entry, Body::Unreadable(elsewhere(number))))?;
            }
            continue;
        };
        if let [only] = files
            && only.offset == 0
            && only.size >= LARGE
        {
            in_a_row(take(&only.entry, Body::Lies(Place::Folder(*folder))))?;
            continue;
        }
        let mut blocks = Blocks::new(&mut source, *folder);
        for file in files {
            in_a_row(match blocks.skip_to(file.offset.into()) {
                Ok(()) => take(&file.entry, Body::Bytes(&mut blocks.by_ref().take(file.size))),
                Err(error) => take(&file.entry, Body::Unreadable(error)),
            })?;
        }
    }
    Ok(())
}

fn elsewhere(folder: u16) -> io::Error {
    if folder >= SPLIT { invalid("it goes on in another cabinet") } else { invalid("its folder is missing") }
}

fn invalid(words: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words.to_owned())
}

fn directory(source: &mut Near) -> io::Result<Directory> {
    let mut header: [u8; 36] = bytes(source)?;
    let (_, numbers) = header.split_at_mut(16);
    let mut numbers = &*numbers;
    let files_at: [u8; 4] = bytes(&mut numbers)?;
    let [_, _, _, _, _, _, folders, folders_high, files, files_high, flags, _, ..]: [u8; 16] = bytes(&mut numbers)?;
    let (mut folder_reserve, mut reserved) = (0, 0);
    if flags & 4 != 0 {
        let [header, header_high, folder, data] = bytes(source)?;
        skip(source, u16::from_le_bytes([header, header_high]).into())?;
        (folder_reserve, reserved) = (folder, data);
    }
    // The names of the cabinet before and its disk, of the one after and its disk.
    for _ in 0..2 * ((flags & 1) + (flags >> 1 & 1)) {
        text(source)?;
    }
    let folders = (0..u16::from_le_bytes([folders, folders_high])).map(|_| {
        let [a, b, c, d, blocks, blocks_high, method, method_high] = bytes(source)?;
        skip(source, folder_reserve.into())?;
        Ok(Folder {
            offset: u32::from_le_bytes([a, b, c, d]),
            blocks: u16::from_le_bytes([blocks, blocks_high]),
            method: u16::from_le_bytes([method, method_high]),
            reserved,
        })
    });
    let folders = folders.collect::<io::Result<_>>()?;
    source.seek(SeekFrom::Start(u32::from_le_bytes(files_at).into()))?;
    let files = (0..u16::from_le_bytes([files, files_high])).map(|_| file(source)).collect::<io::Result<_>>()?;
    Ok(Directory { folders, files })
}

fn file(source: &mut Near) -> io::Result<File> {
    let size = u32::from_le_bytes(bytes(source)?);
    let offset = u32::from_le_bytes(bytes(source)?);
    let folder = u16::from_le_bytes(bytes(source)?);
    let _date_time_attributes: [u8; 6] = bytes(source)?;
    let name = super::name(&text(source)?);
    Ok(File { entry: Entry { name, bytes: Some(size.into()), packed: None }, size: size.into(), offset, folder })
}

fn bytes<const N: usize>(source: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(source: &mut Near, count: u64) -> io::Result<()> {
    io::copy(&mut source.by_ref().take(count), &mut io::sink()).map(|_| ())
}

/// Text up to a zero.
fn text(source: &mut Near) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    source.by_ref().take(4 << 10).read_until(0, &mut text)?;
    match text.pop() {
        Some(0) => Ok(text),
        _ => Err(invalid("a name without end")),
    }
}

impl Folder {
    /// Its bytes, for a folder that is read on its own.
    pub(in super::super) fn unpack(self, source: Box<dyn Seekable>) -> Box<dyn Read + Send> {
        Box::new(Blocks::new(Near::new(source), self))
    }
}

enum Method {
    Stored,
    MsZip(Inflate),
    Lzx(Box<Lzxd>),
    Unknown,
}

/// A folder's bytes, block by block.
struct Blocks<S> {
    source: S,
    /// Where the next block is, and how many there are still.
    next: u64,
    left: u16,
    reserved: u8,
    method: Method,
    /// A block as it is packed.
    packed: Vec<u8>,
    /// The block unpacked last, of which `at` bytes were given.
    block: Vec<u8>,
    at: usize,
    /// Bytes given of the whole folder.
    given: u64,
}

impl<S: Read + Seek> Blocks<S> {
    fn new(source: S, Folder { offset, blocks, method, reserved }: Folder) -> Blocks<S> {
        let method = match method & 0xf {
            0 => Method::Stored,
            1 => Method::MsZip(Inflate::new()),
            3 => window(method >> 8).map_or(Method::Unknown, |size| Method::Lzx(Box::new(Lzxd::new(size)))),
            _ => Method::Unknown,
        };
        let (packed, block) = (Vec::new(), Vec::new());
        Blocks { source, next: offset.into(), left: blocks, reserved, method, packed, block, at: 0, given: 0 }
    }

    fn skip_to(&mut self, offset: u64) -> io::Result<()> {
        let gap = offset.checked_sub(self.given).ok_or_else(|| invalid("it overlaps the file before"))?;
        if io::copy(&mut self.by_ref().take(gap), &mut io::sink())? < gap {
            return Err(invalid("it begins past the end of its folder"));
        }
        Ok(())
    }

    fn load(&mut self) -> io::Result<()> {
        self.at = 0;
        self.block.clear();
        self.source.seek(SeekFrom::Start(self.next))?;
        let sum = u32::from_le_bytes(bytes(&mut self.source)?);
        let sizes: [u8; 4] = bytes(&mut self.source)?;
        let [packed, packed_high, unpacked, unpacked_high] = sizes;
        let size = usize::from(u16::from_le_bytes([unpacked, unpacked_high]));
        let length = u64::from(u16::from_le_bytes([packed, packed_high])) + u64::from(self.reserved);
        self.packed.clear();
        self.source.by_ref().take(length).read_to_end(&mut self.packed)?;
        if self.packed.len() as u64 != length || size > BLOCK {
            return Err(invalid("a block is cut off"));
        }
        if sum != 0 && sum != checksum(&self.packed) ^ u32::from_le_bytes(sizes) {
            return Err(invalid("a checksum is wrong"));
        }
        let packed = self.packed.get(usize::from(self.reserved)..).unwrap_or_default();
        let unpacked = self.method.unpack(packed, size, &mut self.block);
        if unpacked.is_err() {
            self.block.clear();
        }
        unpacked?;
        self.left -= 1;
        self.next += 8 + length;
        Ok(())
    }
}

impl<S: Read + Seek> Read for Blocks<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.block.len() {
            if self.left == 0 {
                return Ok(0);
            }
            self.load()?;
        }
        let read = self.block.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at += read;
        self.given += read as u64;
        Ok(read)
    }
}

impl Method {
    /// Unpacks a block of so many bytes into `block`, which is empty.
    fn unpack(&mut self, packed: &[u8], size: usize, block: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Method::Stored => block.extend_from_slice(packed),
            Method::MsZip(inflate) => inflate.unpack(packed, size, block)?,
            Method::Lzx(decoder) => {
                let unpacked = decoder.decompress_next(packed, size);
                block.extend_from_slice(unpacked.map_err(|error| invalid(&error.to_string()))?);
            }
            Method::Unknown => return Err(invalid("packed by a method that is not read")),
        }
        if block.len() == size { Ok(()) } else { Err(invalid("a block of the wrong size")) }
    }
}

/// MSZIP: every block is deflate on its own, which looks back into the blocks before.
struct Inflate {
    decoder: Decompress,
    history: Vec<u8>,
}

impl Inflate {
    fn new() -> Inflate {
        Inflate { decoder: Decompress::new(false), history: Vec::new() }
    }

    fn unpack(&mut self, packed: &[u8], size: usize, block: &mut Vec<u8>) -> io::Result<()> {
        let packed = packed.strip_prefix(b"CK").ok_or_else(|| invalid("a block without its mark"))?;
        self.decoder.reset(false);
        if !self.history.is_empty() {
            self.decoder.set_dictionary(&self.history).map_err(io::Error::other)?;
        }
        block.reserve_exact(size);
        self.decoder.decompress_vec(packed, block, FlushDecompress::Finish).map_err(io::Error::other)?;
        let kept = HISTORY.saturating_sub(block.len()).min(self.history.len());
        self.history.drain(..self.history.len() - kept);
        self.history.extend_from_slice(block);
        Ok(())
    }
}

/// The window of LZX: a power of two.
fn window(bits: u16) -> Option<WindowSize> {
    Some(match bits & 0x1f {
        15 => WindowSize::KB32,
        16 => WindowSize::KB64,
        17 => WindowSize::KB128,
        18 => WindowSize::KB256,
        19 => WindowSize::KB512,
        20 => WindowSize::MB1,
        21 => WindowSize::MB2,
        _ => return None,
    })
}

/// The checksum of cabinets: words together by exclusive or, the last bytes in the other order.
fn checksum(data: &[u8]) -> u32 {
    let words = data.chunks_exact(4);
    let rest = words.remainder().iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
    words.fold(rest, |sum, word| sum ^ word.try_into().map_or(0, u32::from_le_bytes))
}
