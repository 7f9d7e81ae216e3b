//! Built-in readers: forms that no line pattern can describe.
//!
//! Each goes through an artifact once and hands on its records one by one, so that what it holds at a time does not grow
//! with the file; a part that cannot be read is a problem with its place, and the rest is read. A record's text is the
//! source's own lines, or, for a binary source, a rendering that is always the same.

mod evtx;
mod gpresult;
mod icacls;
mod lines;
mod procmon;
mod sddl;
mod secedit;
mod sink;
mod taker;
mod xml;

use std::io;
use std::sync::Arc;

use crate::bundle::{Artifact, ArtifactId};

use super::kind::{Framing, LogKind, LogKindId, Reader};
use super::record::{Origin, Record, Section, SectionId};
use super::writer::BodyWriter;

pub use sink::Outcome;
pub use taker::{Every, Head, Taker, Wants};

use sink::Sink;

/// The fields that a reader's records have, for the compiler.
#[must_use]
pub fn fields_of(reader: Reader) -> Vec<&'static str> {
    match reader {
        Reader::Evtx => evtx::FIELDS.to_vec(),
        Reader::Gpresult => [&["section", "name", "value", "file", "key", "gpo"][..], &sddl::FIELDS].concat(),
        Reader::Secedit => {
            let own = ["section", "name", "value", "file", "key", "service", "mode", "sddl", "owner", "group"];
            [&own[..], &sddl::FIELDS].concat()
        }
        Reader::Icacls => vec!["file", "who", "rights", "deny", "inherited"],
        Reader::Procmon => procmon::FIELDS.to_vec(),
    }
}

/// How many of a file's first lines speak for a reader; 0 for none.
pub(super) fn recognises(reader: Reader, lines: &[&str]) -> usize {
    match reader {
        Reader::Evtx => 0,
        Reader::Gpresult => gpresult::recognises(lines),
        Reader::Secedit => secedit::recognises(lines),
        Reader::Icacls => icacls::recognises(lines),
        Reader::Procmon => procmon::recognises(lines),
    }
}

/// Whether a file that begins with these bytes is of the reader's binary form.
pub(super) fn recognises_bytes(reader: Reader, head: &[u8]) -> bool {
    match reader {
        Reader::Evtx => evtx::recognises(head),
        Reader::Procmon => procmon::recognises_bytes(head),
        Reader::Gpresult | Reader::Secedit | Reader::Icacls => false,
    }
}

/// Whether a file that begins with these bytes is of a form that several threads read together.
#[must_use]
pub fn is_in_parts(head: &[u8]) -> bool {
    evtx::recognises(head)
}

/// Reads an artifact of a kind with a reader, on so many threads where its form allows: `taker` is given every record that it
/// wants, in order.
///
/// # Errors
///
/// The artifact cannot be read to its end; what came before was given to `taker`, and the outcome tells of it.
pub fn read(
    kind: &LogKind,
    log: LogKindId,
    (artifact, threads): (&Artifact, usize),
    taker: &mut dyn Taker,
) -> Result<Outcome, (Outcome, io::Error)> {
    let mut sink = Sink::new(log, (artifact, threads), taker);
    let Framing::Reader(reader) = kind.framing else { return Ok(sink.finish()) };
    let read = match reader {
        Reader::Evtx => evtx::read(&mut sink),
        Reader::Gpresult => gpresult::read(&mut sink),
        Reader::Secedit => secedit::read(&mut sink),
        Reader::Icacls => icacls::read(&mut sink),
        Reader::Procmon => procmon::read(&mut sink),
    };
    let outcome = sink.finish();
    match read {
        Ok(()) => Ok(outcome),
        Err(error) => Err((outcome, error)),
    }
}

/// Records of a kind from fields alone, as tests of rules give them. A field `section` is the record's section too, and
/// `message` its message.
#[must_use]
pub fn from_fields(
    log: LogKindId,
    artifact: ArtifactId,
    entries: &[Vec<(String, String)>],
) -> (Vec<Record>, Vec<Section>) {
    let mut sections = Vec::new();
    let mut records = Vec::new();
    let mut stamp = None;
    for (at, fields) in entries.iter().enumerate() {
        let text = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ");
        let section = fields.iter().find(|(name, _)| name == "section").map(|(_, title)| {
            sections.push(Section { title: title.clone(), parent: None });
            SectionId::at(sections.len() - 1)
        });
        let time = fields.iter().find(|(name, _)| name == "time");
        stamp = time.and_then(|(_, text)| procmon::any_time(text)).or(stamp);
        let mut writer = BodyWriter::default();
        let text = writer.push(&text);
        let mut message = None;
        for (name, value) in fields {
            let value = writer.push(value);
            if name == "message" {
                message.get_or_insert_with(|| value.clone());
            }
            writer.field(&Arc::from(name.as_str()), &value);
        }
        let body = writer.finish(&text, message.as_ref().unwrap_or(&text));
        records.push(Record {
            log,
            origin: Origin::new(artifact, (0, 0), Some(at as u64 + 1), at as u64..at as u64 + 1),
            stamp,
            body,
            section,
            attempt: None,
        });
    }
    (records, sections)
}
