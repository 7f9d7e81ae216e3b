//! Process Monitor's CSV: every cell quoted, columns as the user chose them, one row an event.
//!
//! The header names the columns; one in another language is matched by how many there are (7 by default, 27 with all). A
//! cell may hold line breaks; a row that is cut or whose quotes do not match costs that row.

use std::io;
use std::sync::Arc;

use csv_core::ReadRecordResult;

use crate::bundle::ProblemKind;

use super::super::super::Body;
use super::super::Sink;
use super::super::lines::{self, Line};
use super::super::sink::{Entry, Place};
use super::time::{self, DayOrder};

/// All columns by the names that the program gives them, in its order.
pub(super) const COLUMNS: [(&str, &str); 27] = [
    ("Time of Day", "time"),
    ("Process Name", "process-name"),
    ("PID", "pid"),
    ("Operation", "operation"),
    ("Path", "path"),
    ("Result", "result"),
    ("Detail", "detail"),
    ("Date & Time", "date-time"),
    ("Relative Time", "relative-time"),
    ("Duration", "duration"),
    ("Completion Time", "completion-time"),
    ("Event Class", "event-class"),
    ("Sequence", "sequence"),
    ("Image Path", "image-path"),
    ("Company", "company"),
    ("Description", "description"),
    ("Version", "version"),
    ("User", "user"),
    ("Authentication ID", "authentication-id"),
    ("Session", "session"),
    ("Command Line", "command-line"),
    ("TID", "tid"),
    ("Virtualized", "virtualized"),
    ("Integrity", "integrity"),
    ("Category", "category"),
    ("Parent PID", "parent-pid"),
    ("Architecture", "architecture"),
];

/// The fields of all columns.
pub(in super::super) const FIELDS: [&str; COLUMNS.len()] = {
    let mut fields = [""; COLUMNS.len()];
    let mut at = 0;
    while at < fields.len() {
        fields[at] = COLUMNS[at].1;
        at += 1;
    }
    fields
};

/// Columns of the default view.
const DEFAULT: usize = 7;

/// Where the operation stands in both.
const OPERATION: usize = 3;

/// Bytes of a row at the most.
const ROW: usize = 1 << 20;

/// Operations that tell the form where the header does not.
const OPERATIONS: [&str; 10] = [
    "CreateFile",
    "CloseFile",
    "QueryDirectory",
    "ReadFile",
    "RegOpenKey",
    "RegQueryKey",
    "RegQueryValue",
    "Load Image",
    "Thread Create",
    "Process Profiling",
];

/// Speaks for the reader when the header names its columns, or the rows its operations.
pub(super) fn recognises(lines: &[&str]) -> usize {
    let header = lines.first().copied().unwrap_or("");
    if header.contains("\"Process Name\"") && header.contains("\"Operation\"") {
        return lines.len();
    }
    let known = |line: &&&str| {
        // Every file is asked, so its lines are taken apart only where that may tell something.
        if !OPERATIONS.iter().any(|operation| line.contains(operation)) {
            return false;
        }
        let cells = Cells::of(line);
        let operation = cells.as_ref().and_then(|cells| cells.get(OPERATION));
        operation.is_some_and(|operation| OPERATIONS.contains(&operation.as_str()))
    };
    lines.iter().skip(1).filter(known).count()
}

/// Reads a trace: a record a row.
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    let mut rows = Rows::default();
    let artifact = sink.artifact;
    let (count, ended) = lines::each(artifact, &mut |line| rows.take(sink, line));
    rows.finish(sink);
    sink.lines(count);
    ended
}

/// The row that is open, and what the rows before it said of the form.
#[derive(Default)]
struct Rows {
    cells: Cells,
    text: String,
    place: Place,
    /// Set after the header.
    names: Vec<Arc<str>>,
    order: Option<DayOrder>,
}

impl Rows {
    fn take(&mut self, sink: &mut Sink<'_>, line: &Line) {
        // A line that begins as rows do, within a row: that row's quotes do not match.
        if !self.text.is_empty() && (self.text.len() > ROW || begins(&line.text)) {
            self.broken(sink);
        }
        if self.text.is_empty() {
            if line.text.trim().is_empty() {
                return;
            }
            self.place = line.place();
        } else {
            self.text.push('\n');
        }
        self.text.push_str(&line.text);
        (self.place.end_line, self.place.end) = (line.number, line.end);
        if self.cells.feed(line.text.as_bytes()) || self.cells.feed(b"\n") {
            self.row(sink);
        }
    }

    /// A row whose quotes do not match is a record with what cells it has.
    fn broken(&mut self, sink: &mut Sink<'_>) {
        let line = self.place.line;
        let zh = format!("第 {line} 行开始的一条记录没有写完");
        sink.problem(ProblemKind::Truncated, zh, format!("the row that begins in line {line} has no end"));
        self.cells.end();
        self.row(sink);
    }

    fn finish(&mut self, sink: &mut Sink<'_>) {
        if !self.text.is_empty() {
            self.broken(sink);
        }
    }

    fn row(&mut self, sink: &mut Sink<'_>) {
        let cells = self.cells.take();
        let text = std::mem::take(&mut self.text);
        if self.names.is_empty() {
            self.names = header(&cells);
            // The beginning of a file that was cut may be a row at once.
            if cells.first().is_none_or(|cell| time::of_day(cell).is_none()) {
                return;
            }
        }
        let mut fields: Vec<(Arc<str>, String)> = self.names.iter().cloned().zip(cells).collect();
        let of = |wanted: &str| fields.iter().find(|(name, _)| &**name == wanted).map(|(_, value)| value.as_str());
        let stamp = of("date-time").and_then(|date| {
            let order = *self.order.get_or_insert_with(|| time::day_order(date));
            time::stamp(date, of("time"), order)
        });
        for (name, value) in &mut fields {
            let order = self.order.unwrap_or(DayOrder::YearMonthDay);
            if let Some(plain) = plain(name, value, order) {
                *value = plain;
            }
        }
        let fields = fields.iter().map(|(name, value)| (Arc::clone(name), value.as_str()));
        sink.take(Entry { body: Body::new(&text, fields), place: self.place, sections: Vec::new(), stamp });
    }
}

/// A cell's value whatever the locale it was written in; `None` for one that has none.
fn plain(name: &str, value: &str, order: DayOrder) -> Option<String> {
    match name {
        "time" | "completion-time" => time::of_day(value),
        "date-time" => time::stamp(value, None, order).map(|stamp| stamp.iso().replace('T', " ")),
        "duration" | "relative-time" => Some(value.replace(',', ".")),
        _ => None,
    }
}

/// Whether a line begins with a cell that is a time of day.
fn begins(line: &str) -> bool {
    let cell = line.strip_prefix('"').and_then(|rest| rest.split_once("\",\"")).map(|(cell, _)| cell);
    cell.is_some_and(|cell| time::of_day(cell).is_some())
}

/// The fields of the columns, as the header names them or as many as there are.
fn header(cells: &[String]) -> Vec<Arc<str>> {
    let known = |cell: &str| COLUMNS.iter().find(|(name, _)| *name == cell).map(|(_, field)| *field);
    // A few names, such as PID, are the same in every language.
    if cells.iter().filter(|cell| known(cell).is_some()).count() * 2 >= cells.len() {
        // A column that is not the program's own keeps its name.
        let own = |cell: &String| cell.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
        return cells.iter().map(|cell| known(cell).map_or_else(|| Arc::from(own(cell)), Arc::from)).collect();
    }
    let count = if cells.len() > DEFAULT { COLUMNS.len() } else { DEFAULT };
    COLUMNS.iter().take(count).map(|(_, field)| Arc::from(*field)).collect()
}

/// The cells of a row that is being read.
struct Cells {
    parser: csv_core::Reader,
    bytes: Vec<u8>,
    used: usize,
    ends: Vec<usize>,
    count: usize,
}

impl Default for Cells {
    fn default() -> Self {
        Self { parser: csv_core::Reader::new(), bytes: vec![0; 4096], used: 0, ends: vec![0; 64], count: 0 }
    }
}

impl Cells {
    /// The cells of one whole line.
    fn of(line: &str) -> Option<Vec<String>> {
        let mut cells = Cells::default();
        (cells.feed(line.as_bytes()) || cells.feed(b"\n")).then(|| cells.take())
    }

    /// Reads on; whether the row is whole.
    fn feed(&mut self, mut input: &[u8]) -> bool {
        while !input.is_empty() {
            let Some(output) = self.bytes.get_mut(self.used..) else { return false };
            let Some(ends) = self.ends.get_mut(self.count..) else { return false };
            let (result, read, written, ended) = self.parser.read_record(input, output, ends);
            input = input.get(read..).unwrap_or_default();
            self.used += written;
            self.count += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return true,
                ReadRecordResult::End => return false,
            }
        }
        false
    }

    /// Ends a row that has no end of its own.
    fn end(&mut self) {
        let last = self.ends.get(self.count.wrapping_sub(1)).copied().filter(|_| self.count > 0).unwrap_or(0);
        if self.used > last && self.count < self.ends.len() {
            self.ends[self.count] = self.used;
            self.count += 1;
        }
    }

    /// The cells of the row, and ready for the next.
    fn take(&mut self) -> Vec<String> {
        let mut begin = 0;
        let mut cells = Vec::with_capacity(self.count);
        for end in self.ends.iter().take(self.count) {
            let cell = self.bytes.get(begin..*end).unwrap_or_default();
            cells.push(String::from_utf8_lossy(cell).replace("\r\n", "\n").replace('\r', "\n"));
            begin = *end;
        }
        self.parser.reset();
        (self.used, self.count) = (0, 0);
        cells
    }
}
