//! What a chunk holds, until it is its turn: chunks are read by several threads, and given on in the order of the file.

use std::error::Error;

use ::evtx::EvtxRecord;

use crate::bundle::ProblemKind;
use crate::value::Stamp;

use super::super::Sink;
use super::super::sink::{Entry, Place};
use super::event::{Event, Names, Room};
use super::head::Seen;
use super::{RECORD_END, RECORD_HEADER, Way, chain, tree};

/// What is told of a chunk, in order.
#[derive(Default)]
pub(super) struct Contents(Vec<Part>);

enum Part {
    Event(Entry),
    /// Events that nobody wants: how many, the first and the last stamp, and that of the last event.
    LeftOut(u64, (Stamp, Stamp), Stamp),
    Problem(ProblemKind, String, String),
}

impl Contents {
    /// Gives it on.
    pub(super) fn give(self, sink: &mut Sink<'_>) {
        for part in self.0 {
            match part {
                Part::Event(entry) => sink.take(entry),
                Part::LeftOut(count, span, latest) => sink.leave_out(count, span, latest),
                Part::Problem(kind, zh, en) => sink.problem(kind, zh, en),
            }
        }
    }

    /// Says what cannot be read, and where.
    pub(super) fn problem(&mut self, kind: ProblemKind, zh: String, en: String) {
        self.0.push(Part::Problem(kind, zh, en));
    }

    /// A record that cannot be read, or not to its end.
    pub(super) fn lost(&mut self, start: u64, error: &dyn Error) {
        let why = chain(error);
        let zh = format!("字节 {start} 处起有事件无法读取：{why}");
        self.problem(ProblemKind::Unreadable, zh, format!("an event at or after byte {start} cannot be read: {why}"));
    }

    /// Events of a chunk that begins at byte `start` of the file, but those that have to be read as XML.
    pub(super) fn events(&mut self, start: u64, known: impl Iterator<Item = (Seen, Way)>) {
        for (seen, way) in known {
            match way {
                Way::Out(stamp) => self.leave_out(stamp),
                Way::Read(event) => {
                    let (begin, end) = (start + seen.start as u64, start + seen.end as u64);
                    self.event(event, Place { record: Some(seen.number), start: begin, end, ..Place::default() });
                }
                Way::Xml => {}
            }
        }
    }

    /// An event that nobody wants.
    fn leave_out(&mut self, stamp: Stamp) {
        if let Some(Part::LeftOut(count, (first, last), latest)) = self.0.last_mut() {
            *count += 1;
            (*first, *last, *latest) = ((*first).min(stamp), (*last).max(stamp), stamp);
        } else {
            self.0.push(Part::LeftOut(1, (stamp, stamp), stamp));
        }
    }

    /// A record of a chunk that begins at byte `start` of the file, read as XML.
    pub(super) fn record(&mut self, start: u64, record: EvtxRecord<'_>, names: &Names) {
        let begin = start + record.binxml_offset.saturating_sub(RECORD_HEADER);
        let end = start + record.binxml_offset + u64::from(record.binxml_size) + RECORD_END;
        let place = Place { record: Some(record.event_record_id), start: begin, end, ..Place::default() };
        let written = record.timestamp;
        match record.into_xml() {
            Ok(xml) => {
                let (event, broken) = tree::read(&xml.data, written, names, &mut Room::default());
                if let Some(error) = broken {
                    self.lost(begin, &error);
                }
                self.event(event, place);
            }
            Err(error) => self.lost(begin, &error),
        }
    }

    fn event(&mut self, (body, stamp): Event, place: Place) {
        self.0.push(Part::Event(Entry { body, place, sections: Vec::new(), stamp }));
    }
}
