//! Compressed streams: gzip, xz, Zstandard, bzip2. Each is an archive of one member named without the suffix, or of the
//! members of the tar that it holds.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Cursor, Read, SeekFrom};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::super::artifact::Seekable;
use super::super::member::Place;
use super::{Body, Entry, Fault, Form, LARGE, Open, Taker, WINDOW, tar};

/// Suffixes of the forms, and what stands for them where the name goes on.
const SUFFIXES: [(&str, &str); 10] = [
    (".tgz", ".tar"),
    (".txz", ".tar"),
    (".tzst", ".tar"),
    (".tbz2", ".tar"),
    (".gz", ""),
    (".xz", ""),
    (".zst", ""),
    (".zstd", ""),
    (".bz2", ""),
    (".bzip2", ""),
];

/// How many times smaller a log is packed, at the most.
const LIKELY: u64 = 100;

type Source = BufReader<Box<dyn Seekable>>;

pub(super) fn members(form: Form, open: &Open<'_>, place: &str, take: &mut Taker<'_>) -> Result<(), Fault> {
    let source = BufReader::with_capacity(64 << 10, open()?);
    let mut unpacked = decoder(form, source);
    let mut head = Vec::new();
    // What is wrong at once is the container's fault; what breaks later, its member's.
    let begun = unpacked.by_ref().take(tar::BLOCK as u64).read_to_end(&mut head);
    let broken = match begun {
        Err(error) if head.is_empty() => return Err(error.into()),
        begun => Broken(begun.err()),
    };
    let (tar, whole_head) = (tar::is_header(&head), broken.0.is_none());
    let mut whole = Cursor::new(head).chain(broken).chain(unpacked);
    if tar {
        return tar::stream(&mut BufReader::with_capacity(64 << 10, whole), take);
    }
    let entry = Entry { name: inner_name(place), bytes: None, packed: None };
    if form == Form::Gzip
        && whole_head
        && let Some(told) = told(&mut open()?)?
    {
        take(&entry, Body::Lies(Place::Stream { told }));
        return Ok(());
    }
    // It is the only one: what becomes of it is said of itself.
    take(&entry, Body::Bytes(&mut whole));
    Ok(())
}

/// How many bytes a gzip stream unpacks to by its last four, where they are many and likely: of a stream that was cut off, or
/// that is several, they say anything.
fn told(source: &mut Box<dyn Seekable>) -> io::Result<Option<u64>> {
    let packed = source.seek(SeekFrom::End(0))?;
    let mut last = [0; 4];
    source.seek(SeekFrom::Start(packed.saturating_sub(4)))?;
    source.read_exact(&mut last)?;
    let told = u64::from(u32::from_le_bytes(last));
    Ok(Some(told).filter(|told| *told >= LARGE && (packed..packed.saturating_mul(LIKELY)).contains(told)))
}

fn decoder(form: Form, source: Source) -> Box<dyn Read> {
    match form {
        Form::Xz => Box::new(XzReader::new_mem_limit(source, true, u32::try_from(WINDOW >> 10).unwrap_or(u32::MAX))),
        Form::Zstd => Box::new(Zstd::new(source)),
        Form::Bzip2 => Box::new(MultiBzDecoder::new(source)),
        _ => Box::new(MultiGzDecoder::new(source)),
    }
}

/// The name of what a compressed single file holds.
fn inner_name(place: &str) -> String {
    let name = place.rsplit(['/', '\\']).next().unwrap_or(place);
    let lower = name.to_ascii_lowercase();
    let found = SUFFIXES.iter().find_map(|(suffix, instead)| Some((lower.strip_suffix(suffix)?.len(), *instead)));
    match found.and_then(|(length, instead)| Some((name.get(..length)?, instead))) {
        Some((stem, instead)) if !stem.is_empty() => format!("{stem}{instead}"),
        _ => name.to_owned(),
    }
}

/// Says an error once, then that there is no more.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Zstandard frames that follow each other, those to be skipped among them.
pub(super) struct Zstd<R: BufRead> {
    source: R,
    decoder: FrameDecoder,
    within: bool,
}

impl<R: BufRead> Zstd<R> {
    pub(super) fn new(source: R) -> Zstd<R> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        Zstd { source, decoder, within: false }
    }

    /// Begins the next frame; `false` where nothing more comes.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            let mut magic = Vec::new();
            self.source.by_ref().take(4).read_to_end(&mut magic)?;
            match magic.as_slice() {
                [] => return Ok(false),
                // A frame to be skipped: its length follows.
                [0x50..=0x5f, 0x2a, 0x4d, 0x18] => {
                    let mut length = [0; 4];
                    self.source.read_exact(&mut length)?;
                    io::copy(&mut self.source.by_ref().take(u32::from_le_bytes(length).into()), &mut io::sink())?;
                }
                _ => {
                    let frame = magic.as_slice().chain(&mut self.source);
                    self.decoder.init(frame).map_err(invalid)?;
                    return Ok(true);
                }
            }
        }
    }

    /// Bytes of the frame; none at its end.
    fn of_frame(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
            let some = BlockDecodingStrategy::UptoBlocks(1);
            self.decoder.decode_blocks(&mut self.source, some).map_err(invalid)?;
        }
        let read = self.decoder.read(buffer)?;
        let told = self.decoder.get_checksum_from_data();
        if read == 0 && told.is_some() && told != self.decoder.get_calculated_checksum() {
            return Err(invalid("a checksum is wrong"));
        }
        Ok(read)
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() {
            if self.within {
                let read = self.of_frame(buffer)?;
                if read > 0 {
                    return Ok(read);
                }
            }
            self.within = self.begin()?;
            if !self.within {
                break;
            }
        }
        Ok(0)
    }
}

fn invalid(error: impl Into<Box<dyn Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
