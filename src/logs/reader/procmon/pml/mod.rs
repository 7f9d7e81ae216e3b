//! Process Monitor's own file (PML, version 9), in which an event is what a row of its CSV says.
//!
//! The tables that events refer to are read once; the events one after the other, through a window, so that a capture of
//! many gigabytes costs no more than a small one. Times are UTC in the file. What is not known of an operation's details is
//! left out; an event that cannot be read costs that event.

mod bytes;
mod event;
mod file;
mod network;
mod process;
mod registry;
mod tables;
mod window;
mod words;

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use crate::bundle::ProblemKind;
use crate::value::Stamp;

use super::super::super::writer::BodyWriter;
use super::super::sink::{Entry, Place};
use super::super::{Head, Sink};
use super::csv::COLUMNS;
use bytes::Bytes;
use event::Event;
use tables::{Header, Process, Tables};
use window::Window;

/// Bytes of an entry in the list of events: where it lies, in five bytes.
const OFFSET: usize = 5;
/// Entries of that list that are read at a time.
const BATCH: u32 = 1 << 14;

/// Whether a file that begins with these bytes is a capture.
pub(super) fn recognises(head: &[u8]) -> bool {
    head.starts_with(b"PML_")
}

/// Reads a capture.
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    let mut file = Window::new(sink.artifact.open()?);
    let header = match Header::read(file.at(0, 0x400)?) {
        Ok(header) => header,
        Err((zh, en)) => {
            sink.problem(ProblemKind::Unreadable, zh, en);
            return Ok(());
        }
    };
    sink.utc();
    let tables = Tables::read(&mut file, &header, &mut |at| {
        let zh = format!("字节 {at} 处的进程或字符串表已损坏");
        sink.problem(ProblemKind::Unreadable, zh, format!("the table of processes or strings at byte {at} is damaged"));
    })?;
    Capture {
        header,
        tables,
        names: COLUMNS.map(|(_, field)| Arc::from(field)),
        body: BodyWriter::default(),
        unknown: Process::default(),
        first: None,
    }
    .events(sink, &mut file)
}

/// A capture that is being read.
struct Capture {
    header: Header,
    tables: Tables,
    /// The fields' names in the order of the columns.
    names: [Arc<str>; COLUMNS.len()],
    body: BodyWriter,
    /// The process of events whose process is not in the table.
    unknown: Process,
    /// When the first event was, from which relative times count.
    first: Option<u64>,
}

impl Capture {
    fn events(&mut self, sink: &mut Sink<'_>, file: &mut Window) -> io::Result<()> {
        let mut next = 0;
        while next < self.header.events {
            let count = BATCH.min(self.header.events - next);
            let list = self.header.offsets.saturating_add(u64::from(next) * OFFSET as u64);
            let list = file.at(list, count as usize * OFFSET)?.to_vec();
            let (offsets, _) = list.as_chunks::<OFFSET>();
            for (at, offset) in (next..).zip(offsets) {
                let place = offset.iter().rev().fold(0, |place, byte| place << 8 | u64::from(*byte));
                self.event(sink, file, at, place)?;
            }
            if offsets.len() < count as usize {
                let read = u64::from(next) + offsets.len() as u64;
                let all = self.header.events;
                let zh = format!("文件不完整：{all} 个事件中只有 {read} 个");
                sink.problem(ProblemKind::Truncated, zh, format!("not whole: {read} of its {all} events are there"));
                break;
            }
            next += count;
        }
        Ok(())
    }

    /// Reads the event number `at`, counted from 0.
    fn event(&mut self, sink: &mut Sink<'_>, file: &mut Window, at: u32, offset: u64) -> io::Result<()> {
        let Some(event) = event::read(file, offset, self.header.wide, &self.tables)? else {
            let number = at + 1;
            let zh = format!("第 {number} 个事件（字节 {offset} 处）无法读取");
            sink.problem(ProblemKind::Unreadable, zh, format!("event {number}, at byte {offset}, cannot be read"));
            return Ok(());
        };
        let unknown = &self.unknown;
        let process = self.tables.process(event.process).unwrap_or_else(|| {
            let (number, index) = (at + 1, event.process);
            let zh = format!("第 {number} 个事件的进程（编号 {index}）不在进程表中");
            let en = format!("the process of event {number}, number {index}, is not in the table");
            sink.problem(ProblemKind::Unreadable, zh, en);
            unknown
        });
        let first = *self.first.get_or_insert(event.time);
        let stamp = words::stamp(event.time);
        if !sink.wanted().wants(&Head { field: &|name| told(&event, process, name) }) {
            sink.skip(stamp);
            return Ok(());
        }
        let cells = cells(&event, process, first);
        let text = self.body.push(&rendering(&cells));
        for (name, cell) in self.names.iter().zip(&cells) {
            let value = self.body.push(cell);
            self.body.field(name, &value);
        }
        let body = self.body.finish(&text, &text);
        let place =
            Place { record: Some(u64::from(at) + 1), start: offset, end: offset + event.length, ..Place::default() };
        sink.take(Entry { body, place, sections: Vec::new(), stamp });
        Ok(())
    }
}

/// What rules mostly ask of an event, without the rest of its row.
fn told<'e>(event: &'e Event, process: &'e Process, field: &str) -> Option<Cow<'e, str>> {
    Some(match field.to_ascii_lowercase().as_str() {
        "process-name" => Cow::Borrowed(&*process.name),
        "pid" => Cow::Owned(process.pid.to_string()),
        "operation" => operation(event),
        "path" => Cow::Borrowed(&event.path),
        "result" => words::result(event.result),
        "detail" => Cow::Owned(event.detail()),
        _ => return None,
    })
}

fn operation(event: &Event) -> Cow<'_, str> {
    match event.protocol {
        Some(protocol) => Cow::Owned(format!("{protocol} {}", event.operation)),
        None => Cow::Borrowed(&event.operation),
    }
}

/// The cells of the event's row, in the order of the columns.
fn cells(event: &Event, process: &Process, first: u64) -> [String; COLUMNS.len()] {
    let stamp = |time| words::stamp(time).map(Stamp::iso).unwrap_or_default();
    let clock = |time| words::clock(time).unwrap_or_default();
    let result = words::result(event.result);
    // What has no result has no end.
    let ended = |text: String| if result.is_empty() { String::new() } else { text };
    [
        clock(event.time),
        process.name.to_string(),
        process.pid.to_string(),
        operation(event).into_owned(),
        event.path.clone(),
        result.clone().into_owned(),
        event.detail(),
        stamp(event.time - event.time % words::SECOND).replace('T', " "),
        words::long(event.time.saturating_sub(first)),
        ended(words::seconds(event.duration)),
        ended(clock(event.time.saturating_add(event.duration))),
        event.class.to_owned(),
        "n/a".to_owned(),
        process.image.to_string(),
        process.company.to_string(),
        process.description.to_string(),
        process.version.to_string(),
        process.user.to_string(),
        format!("{:08x}:{:08x}", process.authentication >> 32, process.authentication & 0xffff_ffff),
        process.session.to_string(),
        process.command.to_string(),
        event.thread.to_string(),
        match process.virtualized {
            0 => "False".to_owned(),
            1 => "True".to_owned(),
            _ => "n/a".to_owned(),
        },
        process.integrity.to_string(),
        event.category.to_owned(),
        process.parent.to_string(),
        if process.wide { "64-bit" } else { "32-bit" }.to_owned(),
    ]
}

/// The row as the default view of seven columns would save it, on one line.
fn rendering(cells: &[String; COLUMNS.len()]) -> String {
    let quoted = cells.iter().take(7).map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
    let row = quoted.collect::<Vec<_>>().join(",");
    row.split(['\r', '\n']).collect::<Vec<_>>().join(" ")
}

/// The bytes of an operation's details, and of those that were added when it was done.
struct Details<'b> {
    own: Bytes<'b>,
    extra: Option<Bytes<'b>>,
}
