//! Process Monitor's CSV: every cell quoted, columns as the user chose them, one row an event.
//!
//! The header names the columns; one in another language is matched by how many there are (7 by default, 27 with all). A
//! cell may hold line breaks; a row that is cut or whose quotes do not match costs that row.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use csv_core::ReadRecordResult;
use memchr::memchr;

use crate::bundle::ProblemKind;
use crate::value::Stamp;

use super::super::super::writer::BodyWriter;
use super::super::lines::{self, Line};
use super::super::sink::{Entry, Place};
use super::super::{Head, Sink};
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
    /// The lines of a row that goes on.
    open: String,
    place: Place,
    form: Form,
    body: BodyWriter,
}

/// What the cells of a row are.
#[derive(Default)]
struct Form {
    /// Set after the header.
    names: Vec<Arc<str>>,
    order: Option<DayOrder>,
    day: time::Day,
}

impl Rows {
    fn take(&mut self, sink: &mut Sink<'_>, line: &Line<'_>) {
        // A line that begins as rows do, within a row: that row's quotes do not match.
        if !self.open.is_empty() && (self.open.len() > ROW || begins(&line.text)) {
            self.broken(sink);
        }
        let goes_on = !self.open.is_empty();
        if !goes_on {
            if line.text.trim_start().is_empty() {
                return;
            }
            self.place = line.place();
        }
        (self.place.end_line, self.place.end) = (line.number, line.end);
        let whole = self.cells.feed(line.text.as_bytes()) || self.cells.feed(b"\n");
        if whole && !goes_on {
            return self.row(sink, &line.text);
        }
        if goes_on {
            self.open.push('\n');
        }
        self.open.push_str(&line.text);
        if whole {
            self.close(sink);
        }
    }

    /// A row whose quotes do not match is a record with what cells it has.
    fn broken(&mut self, sink: &mut Sink<'_>) {
        let line = self.place.line;
        let zh = format!("第 {line} 行开始的一条记录没有写完");
        sink.problem(ProblemKind::Truncated, zh, format!("the row that begins in line {line} has no end"));
        self.cells.end();
        self.close(sink);
    }

    fn finish(&mut self, sink: &mut Sink<'_>) {
        if !self.open.is_empty() {
            self.broken(sink);
        }
    }

    /// Ends a row of several lines.
    fn close(&mut self, sink: &mut Sink<'_>) {
        let text = std::mem::take(&mut self.open);
        self.row(sink, &text);
    }

    fn row(&mut self, sink: &mut Sink<'_>, text: &str) {
        self.read(sink, text);
        self.cells.clear();
    }

    fn read(&mut self, sink: &mut Sink<'_>, text: &str) {
        let Rows { cells, form, body, place, .. } = self;
        if form.names.is_empty() {
            let cells: Vec<String> = cells.all().map(Cow::into_owned).collect();
            form.names = header(&cells);
            // The beginning of a file that was cut may be a row at once.
            if cells.first().is_none_or(|cell| time::of_day(cell).is_none()) {
                return;
            }
        }
        let stamp = form.stamp(cells);
        let field = |name: &str| form.value(cells, form.names.iter().position(|own| own.eq_ignore_ascii_case(name))?);
        if !sink.wanted().wants(&Head { field: &field }) {
            return sink.skip(stamp);
        }
        let text = body.push(text);
        for (at, name) in form.names.iter().enumerate() {
            let Some(value) = form.value(cells, at) else { break };
            let value = body.push(&value);
            body.field(name, &value);
        }
        let body = body.finish(&text, &text);
        sink.take(Entry { body, place: *place, sections: Vec::new(), stamp });
    }
}

impl Form {
    /// The stamp of a row, where it has a date; the first date tells the order of its numbers.
    fn stamp(&mut self, cells: &Cells) -> Option<Stamp> {
        let of = |wanted: &str| cells.get(self.names.iter().position(|name| &**name == wanted)?);
        let date = of("date-time")?;
        let order = *self.order.get_or_insert_with(|| time::day_order(&date));
        self.day.stamp(&date, of("time").as_deref(), order)
    }

    /// The value of a column in a row, whatever the locale it was written in; `None` for a row that has no such column.
    fn value<'c>(&self, cells: &'c Cells, column: usize) -> Option<Cow<'c, str>> {
        let (name, value) = (self.names.get(column)?, cells.get(column)?);
        let order = self.order.unwrap_or(DayOrder::YearMonthDay);
        Some(plain(name, &value, order).map_or(value, Cow::Owned))
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
        (cells.feed(line.as_bytes()) || cells.feed(b"\n")).then(|| cells.all().map(Cow::into_owned).collect())
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

    /// A cell of the row.
    fn get(&self, at: usize) -> Option<Cow<'_, str>> {
        let ends = self.ends.get(..self.count)?;
        let begin = at.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
        let cell = self.bytes.get(begin..*ends.get(at)?)?;
        let cell = str::from_utf8(cell).map_or_else(|_| String::from_utf8_lossy(cell), Cow::Borrowed);
        // The ends of lines in it, as in any other text.
        Some(if memchr(b'\r', cell.as_bytes()).is_some() {
            Cow::Owned(cell.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            cell
        })
    }

    /// The cells of the row.
    fn all(&self) -> impl Iterator<Item = Cow<'_, str>> {
        (0..self.count).map_while(|at| self.get(at))
    }

    /// Ready for the next row.
    fn clear(&mut self) {
        self.parser.reset();
        (self.used, self.count) = (0, 0);
    }
}
