//! Event logs (`.evtx`): a header of 4 KiB and chunks of 64 KiB, each read by itself, oldest first.
//!
//! One chunk is held at a time. Of a chunk that is whole by its checksums, events that nobody wants are told from the
//! others at a glance (`head.rs`) and left out before they are read. A chunk that is damaged costs that chunk, a record that is damaged that record, and the
//! rest is read; the file's header is not needed, so one that was never brought up to date costs nothing. The text of a
//! message is not in the file and is not needed: a record is what the event says of itself.

mod event;
mod head;

use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use ::evtx::err::EvtxError;
use ::evtx::{ChunkFlags, EvtxChunkData, EvtxRecord, ParserSettings};

use crate::bundle::ProblemKind;

use super::Sink;
use super::sink::{Entry, Place};

pub(super) use event::FIELDS;
use head::{Heads, Seen};

const HEADER: u64 = 4096;
const CHUNK: u64 = 65_536;
/// Bytes of a record before its content, and of the copy of its size after it.
const RECORD_HEADER: u64 = 24;
const RECORD_END: u64 = 4;
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
    let chunks = length.saturating_sub(HEADER).div_ceil(CHUNK);
    let settings = Arc::new(ParserSettings::default().validate_checksums(false).indent(false));
    let oldest = oldest(&mut input, chunks)?;
    let mut data = Vec::new();
    for number in (oldest..chunks).chain(0..oldest) {
        let start = HEADER + number * CHUNK;
        data.clear();
        input.seek(SeekFrom::Start(start))?;
        // What was read before a source breaks off is read all the same.
        let broken = input.by_ref().take(CHUNK).read_to_end(&mut data).err();
        let empty = data.iter().all(|byte| *byte == 0);
        if !empty && broken.is_none() && (data.len() as u64) < CHUNK {
            let at = start + data.len() as u64;
            let zh = format!("文件在字节 {at} 处中断，最后一块不完整");
            sink.problem(ProblemKind::Truncated, zh, format!("breaks off at byte {at}: its last chunk is not whole"));
        }
        // What was allocated and never written is no damage.
        if !empty {
            chunk(sink, start, std::mem::take(&mut data), &settings);
        }
        if let Some(error) = broken {
            return Err(error);
        }
    }
    Ok(())
}

/// The chunk with the lowest record numbers: a full log is written over from its beginning.
fn oldest(input: &mut (impl io::Read + io::Seek), chunks: u64) -> io::Result<u64> {
    let mut oldest = (u64::MAX, 0);
    for number in 0..chunks {
        input.seek(SeekFrom::Start(HEADER + number * CHUNK))?;
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

/// Reads a chunk that begins at byte `start` of the file.
fn chunk(sink: &mut Sink<'_>, start: u64, data: Vec<u8>, settings: &Arc<ParserSettings>) {
    let damaged = |sink: &mut Sink<'_>, error: &dyn std::error::Error| {
        let why = chain(error);
        let zh = format!("字节 {start} 处的数据块已损坏，其中的事件无法读取：{why}");
        sink.problem(ProblemKind::Unreadable, zh, format!("the chunk at byte {start} is damaged: {why}"));
    };
    let mut data = match EvtxChunkData::new(data, false) {
        Ok(data) => data,
        Err(error) => return damaged(sink, &error),
    };
    let wanted = wanted(sink, &data);
    if let Some(wanted) = &wanted {
        if wanted.iter().all(|(_, wanted)| !wanted) {
            return sink.leave_out(wanted.len() as u64);
        }
        leave_out(sink, wanted, &mut data);
    }
    let mut parsed = match data.parse(Arc::clone(settings)) {
        Ok(parsed) => parsed,
        Err(error) => return damaged(sink, &error),
    };
    for found in parsed.iter() {
        let place = |record: &EvtxRecord<'_>| {
            let begin = start + record.binxml_offset.saturating_sub(RECORD_HEADER);
            let end = start + record.binxml_offset + u64::from(record.binxml_size) + RECORD_END;
            Place { record: Some(record.event_record_id), start: begin, end, ..Place::default() }
        };
        match found {
            Ok(found) if wanted.is_some() && found.event_record_id == LEFT_OUT => {}
            Ok(found) => record(sink, place(&found), found),
            Err(EvtxError::FailedToReadRecordAt { offset, source, .. }) => lost(sink, start + offset, &*source),
            Err(error) => lost(sink, start, &error),
        }
    }
}

/// The events of a chunk, and whether each is wanted; `None` where that cannot be told of all of them.
fn wanted(sink: &mut Sink<'_>, data: &EvtxChunkData) -> Option<Vec<(Seen, bool)>> {
    let sure = !data.header.flags.contains(ChunkFlags::NO_CRC32) && data.validate_checksum();
    let all = head::all(&data.data).filter(|_| sure && data.header.last_event_record_id != LEFT_OUT)?;
    let mut heads = Heads::of(&data.data);
    let asked = all.into_iter().map(|seen| {
        // One of which nothing can be told has to be read.
        let wants = heads.ask(&seen, &mut |head| sink.wants(head)).unwrap_or(true);
        (seen, wants)
    });
    Some(asked.collect())
}

/// Makes events that follow each other and are not wanted one empty record. Templates that stand in them stay where they
/// are: others refer to them.
fn leave_out(sink: &mut Sink<'_>, all: &[(Seen, bool)], data: &mut EvtxChunkData) {
    let mut at = 0;
    while let Some((first, wanted)) = all.get(at) {
        let alike = all.iter().skip(at).take_while(|(_, other)| other == wanted).count();
        let last = all.get(at + alike - 1).map_or(first, |(last, _)| last);
        at += alike;
        if *wanted {
            continue;
        }
        sink.leave_out(alike as u64);
        if at == all.len() {
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

/// Takes a record.
fn record(sink: &mut Sink<'_>, place: Place, record: EvtxRecord<'_>) {
    let written = record.timestamp;
    match record.into_xml() {
        Ok(xml) => {
            let (event, broken) = event::read(&xml.data, written);
            if let Some(error) = broken {
                lost(sink, place.start, &error);
            }
            let (fields, text, stamp) = event;
            sink.take(Entry { fields, place, sections: Vec::new(), stamp, text });
        }
        Err(error) => lost(sink, place.start, &error),
    }
}

/// A record that cannot be read, or not to its end.
fn lost(sink: &mut Sink<'_>, start: u64, error: &dyn std::error::Error) {
    let why = chain(error);
    let zh = format!("字节 {start} 处起有事件无法读取：{why}");
    sink.problem(ProblemKind::Unreadable, zh, format!("an event at or after byte {start} cannot be read: {why}"));
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{}: {cause}", text.trim_end_matches('.')))
}
