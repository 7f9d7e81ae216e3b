//! Built-in readers: forms that no line pattern can describe.
//!
//! Each turns whole text into records with fields; a record's text is the source's own lines.

mod gpresult;
mod icacls;
mod procmon;
mod secedit;

use std::sync::Arc;

use crate::bundle::ArtifactId;
use crate::value::Stamp;

use super::kind::{Framing, LogKind, LogKindId, Reader};
use super::record::{Origin, Record, Section, SectionId};

/// An entry before it is a record: fields, its lines, its section.
#[derive(Debug, Default)]
struct Entry {
    fields: Vec<(&'static str, String)>,
    /// First and last line, from 1.
    lines: (usize, usize),
    section: Option<String>,
    stamp: Option<Stamp>,
}

/// The fields that a reader's records have, for the compiler.
#[must_use]
pub fn fields_of(reader: Reader) -> &'static [&'static str] {
    match reader {
        Reader::Gpresult => &["section", "name", "value", "file", "gpo"],
        Reader::Secedit => &["section", "name", "value", "file", "mode", "sddl"],
        Reader::Icacls => &["file", "who", "rights", "deny", "inherited"],
        Reader::Procmon => {
            &["time", "process-name", "pid", "operation", "path", "result", "detail", "image-path", "company", "user"]
        }
    }
}

/// How many of a file's first lines speak for a reader; 0 for none.
pub(super) fn recognises(reader: Reader, lines: &[&str]) -> usize {
    match reader {
        Reader::Gpresult => gpresult::recognises(lines),
        Reader::Secedit => secedit::recognises(lines),
        Reader::Icacls => icacls::recognises(lines),
        Reader::Procmon => procmon::recognises(lines),
    }
}

/// Reads whole text of a kind with a reader: its records, and the sections they lie in.
#[must_use]
pub fn read(kind: &LogKind, log: LogKindId, artifact: ArtifactId, text: &str) -> (Vec<Record>, Vec<Section>) {
    let Framing::Reader(reader) = kind.framing else {
        return (Vec::new(), Vec::new());
    };
    let lines: Vec<&str> = text.lines().collect();
    let entries = match reader {
        Reader::Gpresult => gpresult::read(&lines),
        Reader::Secedit => secedit::read(&lines),
        Reader::Icacls => icacls::read(&lines),
        Reader::Procmon => procmon::read(text),
    };
    let mut starts = vec![0u64];
    for line in text.split_inclusive('\n') {
        starts.push(starts.last().copied().unwrap_or(0) + line.len() as u64);
    }
    let mut sections: Vec<Section> = Vec::new();
    let mut records = Vec::new();
    for entry in entries {
        let (first, last) = entry.lines;
        let body = lines.get(first.saturating_sub(1)..last.min(lines.len())).unwrap_or_default().join("\n");
        let section = entry.section.map(|title| {
            let known = sections.iter().position(|section| section.title == title);
            SectionId(known.unwrap_or_else(|| {
                sections.push(Section { title, parent: None });
                sections.len() - 1
            }))
        });
        records.push(Record {
            log,
            origin: Origin {
                artifact,
                line: first as u64,
                end_line: last as u64,
                record: None,
                start: starts.get(first.saturating_sub(1)).copied().unwrap_or(0),
                end: starts.get(last).copied().unwrap_or(text.len() as u64),
            },
            stamp: entry.stamp,
            message: body.clone(),
            text: body,
            fields: entry.fields.into_iter().map(|(name, value)| (Arc::from(name), value)).collect(),
            section,
            attempt: None,
        });
    }
    // Entries of one line (two rights of one file) keep their order by what they hold.
    for at in 1..records.len() {
        if records[at].origin.start <= records[at - 1].origin.start {
            let number = records[at - 1].origin.record.unwrap_or(0) + 1;
            records[at].origin.record = Some(number);
        }
    }
    (records, sections)
}

/// Records of a kind from fields alone, as tests of rules give them. A field `section` is the record's section too.
#[must_use]
pub fn from_fields(
    log: LogKindId,
    artifact: ArtifactId,
    entries: &[Vec<(String, String)>],
) -> (Vec<Record>, Vec<Section>) {
    let mut sections = Vec::new();
    let mut records = Vec::new();
    for (at, fields) in entries.iter().enumerate() {
        let text = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ");
        let section = fields.iter().find(|(name, _)| name == "section").map(|(_, title)| {
            sections.push(Section { title: title.clone(), parent: None });
            SectionId(sections.len() - 1)
        });
        let stamp = fields.iter().find(|(name, _)| name == "time").and_then(|(_, text)| procmon::any_time(text));
        records.push(Record {
            log,
            origin: Origin {
                artifact,
                line: 0,
                end_line: 0,
                record: Some(at as u64 + 1),
                start: at as u64,
                end: at as u64 + 1,
            },
            stamp,
            message: text.clone(),
            text,
            fields: fields.iter().map(|(name, value)| (Arc::from(name.as_str()), value.clone())).collect(),
            section,
            attempt: None,
        });
    }
    (records, sections)
}
