//! Event logs (`.evtx`): a header of 4 KiB and chunks of 64 KiB, each read by itself, oldest first.
//!
//! One chunk is held at a time, or some for each of several threads. Of a chunk that is whole by its checksums, events are
//! read from their binary form (`head.rs`): those that nobody wants are told from the others at a glance and left out. What is
//! of a form that few events have, or not sound, and every event of another chunk, is read as XML (`tree.rs`), with the same result. A chunk that is
//! damaged costs that chunk, a record that is damaged that record, and the rest is read; the file's header is not needed, so
//! one that was never brought up to date costs nothing. The text of a message is not in the file and is not needed: a record
//! is what the event says of itself.

mod bytes;
mod contents;
mod event;
mod filled;
mod head;
mod template;
mod tree;
mod values;

use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use ::evtx::err::EvtxError;
use ::evtx::{ChunkFlags, EvtxChunkData, ParserSettings};

use crate::bundle::ProblemKind;
use crate::crew;
use crate::value::Stamp;

use super::{Sink, Wants};

use contents::Contents;
pub(super) use event::FIELDS;
use event::{Event, Names, Room};
use head::{Events, Seen, Templates};

const HEADER: u64 = 4096;
const CHUNK: usize = 65_536;
/// Bytes of a record before its content, and of the copy of its size after it.
const RECORD_HEADER: u64 = 24;
const RECORD_END: u64 = 4;
/// Chunks for each of several threads that are read before what they hold is given on.
const TOGETHER: usize = 32;
/// The number of records that are left out.
const LEFT_OUT: u64 = u64::MAX;

/// Whether a file that begins with these bytes is an event log.
pub(super) fn recognises(head: &[u8]) -> bool {
    head.starts_with(b"ElfFile\0")
}

/// Reads an event log.
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    let mut input = sink.artifact.open()?;
    let length = input.seek(SeekFrom::End(0))?;
    let chunks = length.saturating_sub(HEADER).div_ceil(CHUNK as u64);
    let oldest = oldest(&mut input, chunks)?;
    let settings = Arc::new(ParserSettings::default().validate_checksums(false).indent(false));
    let file = File { input: Mutex::new(input), settings, names: Names::new(), templates: Templates::default() };
    let together = if sink.threads > 1 { TOGETHER * sink.threads } else { 1 };
    let mut order = (oldest..chunks).chain(0..oldest);
    loop {
        let numbers: Vec<u64> = order.by_ref().take(together).collect();
        if numbers.is_empty() {
            return Ok(());
        }
        let wanted = sink.wanted();
        let read = crew::map(sink.threads, &numbers, |number| file.chunk(HEADER + number * CHUNK as u64, wanted));
        for (contents, broken) in read {
            contents.give(sink);
            // What was read before a source breaks off is read all the same, what comes after is not.
            if let Some(error) = broken {
                return Err(error);
            }
        }
    }
}

/// The chunk with the lowest record numbers: a full log is written over from its beginning.
fn oldest(input: &mut (impl io::Read + io::Seek), chunks: u64) -> io::Result<u64> {
    let mut oldest = (u64::MAX, 0);
    for number in 0..chunks {
        input.seek(SeekFrom::Start(HEADER + number * CHUNK as u64))?;
        let mut head = [0; 40];
        if input.read_exact(&mut head).is_err() {
            break;
        }
        let id = |at: usize| {
            head.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(u64::MAX, u64::from_le_bytes)
        };
        let (first, last) = (id(24), id(32));
        if head.starts_with(b"ElfChnk\0") && first <= last && first < oldest.0 {
            oldest = (first, number);
        }
    }
    Ok(oldest.1)
}

/// A file, for all threads that read it.
struct File<R> {
    input: Mutex<R>,
    settings: Arc<ParserSettings>,
    names: Names,
    templates: Templates,
}

impl<R: io::Read + io::Seek> File<R> {
    /// What the chunk holds that begins at byte `start` of the file, and why it breaks off, if it does.
    fn chunk(&self, start: u64, wanted: &dyn Wants) -> (Contents, Option<io::Error>) {
        let (mut contents, mut data) = (Contents::default(), Vec::with_capacity(CHUNK));
        let broken = self.read(start, &mut data).err();
        let empty = data.iter().all(|byte| *byte == 0);
        if !empty && broken.is_none() && data.len() < CHUNK {
            let at = start + data.len() as u64;
            let zh = format!("文件在字节 {at} 处中断，最后一块不完整");
            contents.problem(
                ProblemKind::Truncated,
                zh,
                format!("breaks off at byte {at}: its last chunk is not whole"),
            );
        }
        // What was allocated and never written is no damage.
        if !empty {
            self.events(start, data, (wanted, &mut contents));
        }
        (contents, broken)
    }

    fn read(&self, start: u64, data: &mut Vec<u8>) -> io::Result<usize> {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.seek(SeekFrom::Start(start))?;
        input.by_ref().take(CHUNK as u64).read_to_end(data)
    }

    /// Tells of the events of a chunk that begins at byte `start` of the file.
    fn events(&self, start: u64, data: Vec<u8>, (wanted, contents): (&dyn Wants, &mut Contents)) {
        let damaged = |contents: &mut Contents, error: &dyn std::error::Error| {
            let why = chain(error);
            let zh = format!("字节 {start} 处的数据块已损坏，其中的事件无法读取：{why}");
            contents.problem(ProblemKind::Unreadable, zh, format!("the chunk at byte {start} is damaged: {why}"));
        };
        let mut data = match EvtxChunkData::new(data, false) {
            Ok(data) => data,
            Err(error) => return damaged(contents, &error),
        };
        let mut known = self.known(&data, wanted);
        if let Some(known) = &mut known {
            if known.iter().all(|(_, way)| !matches!(way, Way::Xml)) {
                return contents.events(start, known.drain(..));
            }
            leave_out(known, &mut data);
        }
        let mut waiting = known.unwrap_or_default().into_iter().peekable();
        let mut parsed = match data.parse(Arc::clone(&self.settings)) {
            Ok(parsed) => parsed,
            Err(error) => {
                damaged(contents, &error);
                return contents.events(start, waiting);
            }
        };
        for found in parsed.iter() {
            let at = match &found {
                Ok(found) => found.binxml_offset.saturating_sub(RECORD_HEADER),
                Err(EvtxError::FailedToReadRecordAt { offset, .. }) => *offset,
                Err(_) => 0,
            };
            contents.events(start, std::iter::from_fn(|| waiting.next_if(|(seen, _)| (seen.start as u64) < at)));
            match found {
                Ok(found) if found.event_record_id == LEFT_OUT => {}
                Ok(found) => contents.record(start, found, &self.names),
                Err(EvtxError::FailedToReadRecordAt { offset, source, .. }) => contents.lost(start + offset, &*source),
                Err(error) => contents.lost(start, &error),
            }
        }
        contents.events(start, waiting);
    }

    /// The events of a chunk, in order, and what becomes of each; `None` where one cannot be told from the other.
    fn known(&self, data: &EvtxChunkData, wanted: &dyn Wants) -> Option<Vec<(Seen, Way)>> {
        let sure = !data.header.flags.contains(ChunkFlags::NO_CRC32) && data.validate_checksum();
        let all = head::all(&data.data).filter(|_| sure && data.header.last_event_record_id != LEFT_OUT)?;
        let mut events = Events::of(&data.data);
        let mut room = Room::default();
        let known = all.into_iter().map(|seen| {
            let way = match events.look(&seen, &self.templates) {
                // One of which nothing can be told has to be read.
                None => Way::Xml,
                Some(known) if !known.ask(&mut |head| wanted.wants(head)) => Way::Out(known.stamp),
                Some(known) => {
                    event::read(&known, Some(known.stamp), &self.names, &mut room).map_or(Way::Xml, Way::Read)
                }
            };
            (seen, way)
        });
        Some(known.collect())
    }
}

/// What becomes of an event.
enum Way {
    /// Nobody wants it.
    Out(Stamp),
    /// It was read from its binary form.
    Read(Event),
    /// It has to be read as XML.
    Xml,
}

/// Makes events that follow each other and need not be read as XML one empty record. Templates that stand in them stay
/// where they are: others refer to them.
fn leave_out(all: &[(Seen, Way)], data: &mut EvtxChunkData) {
    let xml = |way: &Way| matches!(way, Way::Xml);
    for alike in all.chunk_by(|(_, one), (_, other)| xml(one) == xml(other)) {
        let (Some((first, way)), Some((last, _))) = (alike.first(), alike.last()) else { continue };
        if xml(way) {
            continue;
        }
        if all.last().is_some_and(|(end, _)| end.start == last.start) {
            data.header.free_space_offset = u32::try_from(first.start).unwrap_or(u32::MAX);
        } else if let Some(record) = data.data.get_mut(first.start..last.end) {
            let size = u32::try_from(record.len()).unwrap_or(u32::MAX);
            for (place, bytes) in
                [(4, &size.to_le_bytes()[..]), (8, &LEFT_OUT.to_le_bytes()), (head::RECORD_HEADER, &[0])]
            {
                if let Some(there) = record.get_mut(place..place + bytes.len()) {
                    there.copy_from_slice(bytes);
                }
            }
        }
    }
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{}: {cause}", text.trim_end_matches('.')))
}
