//! Process Monitor CSV: every field quoted, columns as the user chose them.

use crate::value::Stamp;

use super::Entry;

/// Columns by the names the program gives them.
const COLUMNS: [(&str, &str); 11] = [
    ("Time of Day", "time"),
    ("Date & Time", "time"),
    ("Process Name", "process-name"),
    ("PID", "pid"),
    ("Operation", "operation"),
    ("Path", "path"),
    ("Result", "result"),
    ("Detail", "detail"),
    ("Image Path", "image-path"),
    ("Company", "company"),
    ("User", "user"),
];

/// The columns of the default view, for a header in another language.
const DEFAULT: [&str; 7] = ["time", "process-name", "pid", "operation", "path", "result", "detail"];

/// Operations that tell the form where the header does not.
const OPERATIONS: [&str; 5] = ["CreateFile", "RegOpenKey", "RegQueryValue", "Process Profiling", "ReadFile"];

/// Speaks for the reader when the header names its columns, or the rows its operations.
pub(super) fn recognises(lines: &[&str]) -> usize {
    let header = lines.first().copied().unwrap_or("");
    if header.contains("\"Process Name\"") && header.contains("\"Operation\"") {
        return lines.len();
    }
    let rows = lines.iter().skip(1).filter(|line| {
        let cells = cells(line);
        cells.len() >= 7 && OPERATIONS.contains(&cells[3].as_str())
    });
    rows.count()
}

/// A record a row. A quoted cell may hold line breaks.
pub(super) fn read(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut names: Vec<Option<&'static str>> = Vec::new();
    let mut row = String::new();
    let mut first = 1;
    for (at, line) in text.lines().enumerate() {
        if row.is_empty() {
            first = at + 1;
        } else {
            row.push('\n');
        }
        row.push_str(line);
        // An odd number of quotes: the row goes on, but not for ever.
        if row.matches('"').count() % 2 == 1 && row.len() < 64 << 10 {
            continue;
        }
        let cells = cells(&row);
        row.clear();
        if names.is_empty() {
            names = header(&cells);
            continue;
        }
        let fields: Vec<(&'static str, String)> =
            names.iter().zip(cells).filter_map(|(name, cell)| Some(((*name)?, cell))).collect();
        if fields.is_empty() {
            continue;
        }
        let stamp = fields.iter().find(|(name, _)| *name == "time").and_then(|(_, text)| any_time(text));
        entries.push(Entry { fields, lines: (first, at + 1), section: None, stamp });
    }
    entries
}

fn header(cells: &[String]) -> Vec<Option<&'static str>> {
    let known = |cell: &String| COLUMNS.iter().find(|(name, _)| name == cell).map(|(_, field)| *field);
    let names: Vec<Option<&'static str>> = cells.iter().map(known).collect();
    if names.iter().any(Option::is_some) {
        return names;
    }
    DEFAULT.into_iter().map(Some).collect()
}

/// The cells of a row: quotes taken off, doubled ones made single.
fn cells(row: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut chars = row.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

/// A stamp with a date; a time of day alone has no place among other logs.
pub(super) fn any_time(text: &str) -> Option<Stamp> {
    let text = text.trim();
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y/%m/%d %H:%M:%S%.f", "%m/%d/%Y %I:%M:%S %p"];
    formats.iter().find_map(|format| Stamp::parse(format, text))
}
