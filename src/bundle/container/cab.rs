//! Cabinets: each folder unpacked once, in one go, and cut into its files.
//!
//! Own code over the decoders (MSZIP is deflate, LZX a crate of its own): the crate for cabinets unpacks a folder anew
//! for every file, loses names that are not UTF-8, and panics on a file that begins past its folder's end.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::{Decompress, FlushDecompress};
use lzxd::{Lzxd, WindowSize};

use super::super::artifact::Seekable;
use super::{Body, Entry, Fault, Open, Taker, in_a_row};

/// What deflate looks back.
const HISTORY: usize = 32 << 10;

/// Bytes of a block unpacked at the most.
const BLOCK: usize = 32 << 10;

/// Files whose folder begins in the cabinet before, or goes on in the one after: from this number on.
const SPLIT: u16 = 0xfffd;

type Source = BufReader<Box<dyn Seekable>>;

struct Folder {
    offset: u32,
    blocks: u16,
    method: u16,
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
    /// Bytes reserved in every block.
    reserved: u8,
}

pub(super) fn members(open: &Open<'_>, take: &mut Taker<'_>) -> Result<(), Fault> {
    let mut source = BufReader::with_capacity(64 << 10, open()?);
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
        let mut blocks = Blocks::new(&mut source, folder, directory.reserved);
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

fn directory(source: &mut Source) -> io::Result<Directory> {
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
        })
    });
    let folders = folders.collect::<io::Result<_>>()?;
    source.seek(SeekFrom::Start(u32::from_le_bytes(files_at).into()))?;
    let files = (0..u16::from_le_bytes([files, files_high])).map(|_| file(source)).collect::<io::Result<_>>()?;
    Ok(Directory { folders, files, reserved })
}

fn file(source: &mut Source) -> io::Result<File> {
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

fn skip(source: &mut Source, count: u64) -> io::Result<()> {
    io::copy(&mut source.by_ref().take(count), &mut io::sink()).map(|_| ())
}

/// Text up to a zero.
fn text(source: &mut Source) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    source.by_ref().take(4 << 10).read_until(0, &mut text)?;
    match text.pop() {
        Some(0) => Ok(text),
        _ => Err(invalid("a name without end")),
    }
}

enum Method {
    Stored,
    MsZip,
    Lzx(Box<Lzxd>),
    Unknown,
}

/// A folder's bytes, block by block.
struct Blocks<'s> {
    source: &'s mut Source,
    /// Where the next block is, and how many there are still.
    next: u64,
    left: u16,
    reserved: u8,
    method: Method,
    /// The block unpacked last, of which `at` bytes were given; deflate looks back into those before too.
    block: Vec<u8>,
    at: usize,
    history: Vec<u8>,
    /// Bytes given of the whole folder.
    given: u64,
}

impl<'s> Blocks<'s> {
    fn new(source: &'s mut Source, folder: &Folder, reserved: u8) -> Blocks<'s> {
        let method = match folder.method & 0xf {
            0 => Method::Stored,
            1 => Method::MsZip,
            3 => window(folder.method >> 8).map_or(Method::Unknown, |size| Method::Lzx(Box::new(Lzxd::new(size)))),
            _ => Method::Unknown,
        };
        let (block, history) = (Vec::new(), Vec::new());
        let (next, left) = (folder.offset.into(), folder.blocks);
        Blocks { source, next, left, reserved, method, block, at: 0, history, given: 0 }
    }

    fn skip_to(&mut self, offset: u64) -> io::Result<()> {
        let gap = offset.checked_sub(self.given).ok_or_else(|| invalid("it overlaps the file before"))?;
        if io::copy(&mut self.by_ref().take(gap), &mut io::sink())? < gap {
            return Err(invalid("it begins past the end of its folder"));
        }
        Ok(())
    }

    fn load(&mut self) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(self.next))?;
        let sum = u32::from_le_bytes(bytes(self.source)?);
        let sizes: [u8; 4] = bytes(self.source)?;
        let [packed, packed_high, unpacked, unpacked_high] = sizes;
        let size = usize::from(u16::from_le_bytes([unpacked, unpacked_high]));
        let length = u64::from(u16::from_le_bytes([packed, packed_high])) + u64::from(self.reserved);
        let mut data = Vec::new();
        self.source.by_ref().take(length).read_to_end(&mut data)?;
        if data.len() as u64 != length || size > BLOCK {
            return Err(invalid("a block is cut off"));
        }
        if sum != 0 && sum != checksum(&data) ^ u32::from_le_bytes(sizes) {
            return Err(invalid("a checksum is wrong"));
        }
        let data = data.get(usize::from(self.reserved)..).unwrap_or_default();
        self.block = self.method.unpack(data, size, &mut self.history)?;
        self.at = 0;
        self.left -= 1;
        self.next += 8 + length;
        Ok(())
    }
}

impl Read for Blocks<'_> {
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
    fn unpack(&mut self, data: &[u8], size: usize, history: &mut Vec<u8>) -> io::Result<Vec<u8>> {
        let block = match self {
            Method::Stored => data.to_vec(),
            Method::MsZip => inflate(data, size, history)?,
            Method::Lzx(decoder) => {
                let unpacked = decoder.decompress_next(data, size);
                unpacked.map_err(|error| invalid(&error.to_string()))?.to_vec()
            }
            Method::Unknown => return Err(invalid("packed by a method that is not read")),
        };
        if block.len() == size { Ok(block) } else { Err(invalid("a block of the wrong size")) }
    }
}

/// A block of MSZIP: deflate on its own, which looks back into the blocks before.
fn inflate(data: &[u8], size: usize, history: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let packed = data.strip_prefix(b"CK").ok_or_else(|| invalid("a block without its mark"))?;
    let mut decoder = Decompress::new(false);
    if !history.is_empty() {
        decoder.set_dictionary(history).map_err(io::Error::other)?;
    }
    let mut block = Vec::with_capacity(size);
    decoder.decompress_vec(packed, &mut block, FlushDecompress::Finish).map_err(io::Error::other)?;
    history.extend_from_slice(&block);
    history.drain(..history.len().saturating_sub(HISTORY));
    Ok(block)
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
