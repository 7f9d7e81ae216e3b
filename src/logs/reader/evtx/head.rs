//! The events of a chunk, read from their binary form.
//!
//! An event is a template, which stands once in a chunk, and the values that belong into it, some of which may be a template
//! with values again. What is told at a glance (provider, number, time …) decides whether an event is wanted; then the rest of
//! it is read the same way (`filled.rs`). An event is only known here where all of it is sound: whatever is not, or is of a
//! form that few events have, has to be read as XML, which says what is wrong with it.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::value::Stamp;

use super::super::Head;
use super::bytes::{Bytes, u32_at, u64_at};
use super::event::{LEVEL, SLOTS, TIME, level_name};
use super::template::{FRAGMENT, HEADER, Piece, Template};
use super::values::{self, BINXML, FILETIME, NULL};

/// What a chunk begins with.
const CHUNK_HEADER: usize = 512;
/// Bytes of a record before its content.
pub(super) const RECORD_HEADER: usize = 24;
/// The copy of its size after it.
const RECORD_END: usize = 4;
/// Templates within templates.
const DEPTH: usize = 8;
/// Elements of one chunk's events: a chunk of a few templates that each make thousands is not made of by any system.
const ELEMENTS: usize = 200_000;

const INSTANCE: u8 = 0x0c;

/// An event in its chunk.
#[derive(Debug)]
pub(super) struct Seen {
    /// Where its record begins, in the chunk.
    pub(super) start: usize,
    /// One past its last byte.
    pub(super) end: usize,
    /// Its number.
    pub(super) number: u64,
    /// When it was written, in tenths of a microsecond from 1601.
    written: u64,
}

/// All events of a chunk that is whole, in order; `None` where one does not follow the other.
pub(super) fn all(chunk: &[u8]) -> Option<Vec<Seen>> {
    let last = u64_at(chunk, 32)?;
    let free = usize::try_from(u32_at(chunk, 48)?).ok()?.min(chunk.len());
    let mut seen = Vec::new();
    let mut start = CHUNK_HEADER;
    while start < free {
        if chunk.get(start..start + 4)? != b"**\0\0" {
            return None;
        }
        let size = usize::try_from(u32_at(chunk, start + 4)?).ok()?;
        let end = start.checked_add(size)?;
        if size < RECORD_HEADER + RECORD_END || end > free {
            return None;
        }
        let (number, written) = (u64_at(chunk, start + 8)?, u64_at(chunk, start + 16)?);
        seen.push(Seen { start, end, number, written });
        if number == last {
            break;
        }
        start = end;
    }
    Some(seen)
}

/// The templates of a file, for all threads that read it.
#[derive(Default)]
pub(super) struct Templates(RwLock<Held>);

#[derive(Default)]
struct Held {
    /// By the beginning of each: a number that the writer gave it, and its length.
    known: HashMap<[u8; HEADER - 4], Vec<Arc<Template>>>,
    count: usize,
}

/// Templates of one file that are held; a file of more has the others read again in each chunk.
const HELD: usize = 4096;

impl Templates {
    /// The template that stands at `place` of a chunk; `None` for one that is not known here.
    fn read(&self, chunk: &[u8], place: usize) -> Option<Arc<Template>> {
        let key = *chunk.get(place.checked_add(4)?..)?.first_chunk()?;
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let alike = held.known.get(&key).into_iter().flatten();
        if let Some(known) = alike.take(4).find(|known| known.is(chunk, place)) {
            return Some(Arc::clone(known));
        }
        drop(held);
        let read = Arc::new(Template::read(chunk, place)?);
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if held.count < HELD {
            held.count += 1;
            held.known.entry(key).or_default().push(Arc::clone(&read));
        }
        Some(read)
    }
}

/// Reads the events of one chunk.
pub(super) struct Events<'c> {
    chunk: &'c [u8],
    /// By where they stand, in order; `None` for one that is not known here.
    places: Vec<(usize, Option<usize>)>,
    templates: Vec<Arc<Template>>,
    /// Of the event that was looked at last: its templates with their values, the outermost first, and the values of all.
    instances: Vec<Instance>,
    values: Vec<Value>,
    /// Elements that may still be made.
    left: Cell<usize>,
}

/// A template with its values.
struct Instance {
    template: usize,
    /// Where its values begin among those of the event, and how many they are.
    values: (usize, usize),
}

/// A value: its kind, and where its bytes lie in the chunk.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub(super) kind: u8,
    start: usize,
    end: usize,
    /// The instance that it is.
    pub(super) instance: Option<usize>,
}

impl<'c> Events<'c> {
    pub(super) fn of(chunk: &'c [u8]) -> Events<'c> {
        let (places, templates, instances, values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Events { chunk, places, templates, instances, values, left: Cell::new(ELEMENTS) }
    }

    /// Looks at an event; `None` where it has to be read as XML.
    pub(super) fn look<'e>(&'e mut self, seen: &Seen, all: &Templates) -> Option<Known<'e>> {
        self.instances.clear();
        self.values.clear();
        let start = seen.start + RECORD_HEADER;
        self.stream((start, seen.end - RECORD_END), all, 0)?;
        let template = self.template(0)?;
        template.is_event.then_some(())?;
        let stamp = self.time(template, seen)?;
        Some(Known { events: self, template, stamp })
    }

    /// Reads one template and its values, and what these hold; `None` for more than one, or for anything else.
    fn stream(&mut self, (start, end): (usize, usize), all: &Templates, depth: usize) -> Option<usize> {
        let mut bytes = Bytes::new(self.chunk, start, end);
        let mut token = bytes.byte()?;
        if token == FRAGMENT {
            bytes.skip(3)?;
            token = bytes.byte()?;
        }
        (token == INSTANCE && depth < DEPTH).then_some(())?;
        bytes.skip(5)?;
        let place = bytes.place()?;
        if place == bytes.at {
            // It stands right here, where it is used first.
            bytes.skip(HEADER - 4)?;
            let length = bytes.place()?;
            bytes.skip(length)?;
        }
        let template = self.known(place, all)?;
        let own = self.values(&mut bytes)?;
        matches!(bytes.left(), [] | [0, ..]).then_some(())?;
        let number = self.instances.len();
        self.instances.push(Instance { template, values: own });
        for at in own.0..own.0 + own.1 {
            let value = *self.values.get(at)?;
            if value.kind == BINXML && value.start < value.end {
                let instance = self.stream((value.start, value.end), all, depth + 1)?;
                self.values.get_mut(at)?.instance = Some(instance);
            }
        }
        Some(number)
    }

    fn known(&mut self, place: usize, all: &Templates) -> Option<usize> {
        let at = match self.places.binary_search_by_key(&place, |(place, _)| *place) {
            Ok(at) => return self.places.get(at)?.1,
            Err(at) => at,
        };
        let read = all.read(self.chunk, place).map(|template| {
            self.templates.push(template);
            self.templates.len() - 1
        });
        self.places.insert(at, (place, read));
        read
    }

    /// Values: how many, the size and kind of each, the bytes of each.
    fn values(&mut self, bytes: &mut Bytes<'c>) -> Option<(usize, usize)> {
        let count = bytes.place()?;
        let kinds = bytes.take(count.checked_mul(4)?)?;
        let first = self.values.len();
        for &[low, high, kind, _] in kinds.as_chunks::<4>().0 {
            let start = bytes.at;
            let own = bytes.take(usize::from(u16::from_le_bytes([low, high])))?;
            values::sound(kind, own).then_some(())?;
            self.values.push(Value { kind, start, end: bytes.at, instance: None });
        }
        Some((first, count))
    }

    /// The event's own time, or where it is within a microsecond of when it was written, that.
    fn time(&self, template: &Template, seen: &Seen) -> Option<Stamp> {
        let (element, [Piece::Hole(hole)]) = template.slot(TIME)? else { return None };
        let (value, bytes) = self.value(0, *hole)?;
        (value.kind == FILETIME && !self.left_out(0, element.depends)).then_some(())?;
        let own = u64_at(bytes, 0)?;
        values::since_1970(if seen.written.abs_diff(own) >= 10 { own } else { seen.written }).map(Stamp)
    }

    /// The template of an instance.
    pub(super) fn template(&self, instance: usize) -> Option<&Template> {
        self.templates.get(self.instances.get(instance)?.template).map(|template| &**template)
    }

    /// The value of a hole of an instance, with its bytes; `None` where it has none.
    pub(super) fn value(&self, instance: usize, hole: usize) -> Option<(Value, &'c [u8])> {
        let (first, count) = self.instances.get(instance)?.values;
        let value = *self.values.get(first..first + count)?.get(hole)?;
        Some((value, self.chunk.get(value.start..value.end)?))
    }

    /// Whether an element is left out: the value that it depends on is none.
    pub(super) fn left_out(&self, instance: usize, depends: Option<usize>) -> bool {
        depends.is_some_and(|hole| self.value(instance, hole).is_some_and(|(value, _)| value.kind == NULL))
    }

    /// Writes text; `None` where it takes the XML to know it.
    pub(super) fn write(&self, instance: usize, pieces: &[Piece], out: &mut String) -> Option<()> {
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                // A hole without a value is nothing.
                Piece::Hole(hole) => {
                    if let Some((value, bytes)) = self.value(instance, *hole) {
                        values::write(value.kind, bytes, out)?;
                    }
                }
            }
        }
        Some(())
    }

    /// Takes one of the elements that may be made; `None` where none are left.
    pub(super) fn make(&self) -> Option<()> {
        self.left.set(self.left.get().checked_sub(1)?);
        Some(())
    }
}

/// An event that was looked at.
pub(super) struct Known<'e> {
    pub(super) events: &'e Events<'e>,
    pub(super) template: &'e Template,
    /// When it happened.
    pub(super) stamp: Stamp,
}

impl Known<'_> {
    /// Asks `ask` about it by what is told of it.
    pub(super) fn ask(&self, ask: &mut dyn FnMut(&Head<'_>) -> bool) -> bool {
        let field = |name: &str| {
            if name.eq_ignore_ascii_case("level-name") {
                return Some(level_name(&self.told(LEVEL)?).into());
            }
            let slot = SLOTS.iter().position(|(_, _, field)| field.eq_ignore_ascii_case(name))?;
            self.told(slot).filter(|_| slot != TIME)
        };
        ask(&Head { field: &field })
    }

    /// What fills a slot; `None` where nothing does, or where that is no plain text.
    fn told(&self, slot: usize) -> Option<Cow<'_, str>> {
        let value = self.slot(slot)?;
        // An element's text is taken without blanks around it, an attribute's as it is.
        let value = if SLOTS.get(slot)?.1.is_none() { trimmed(value) } else { value };
        (!value.is_empty()).then_some(value)
    }

    /// What fills a slot of `System`, empty where nothing does; `None` where it takes the XML to know it.
    fn slot(&self, slot: usize) -> Option<Cow<'_, str>> {
        if let Some((element, [Piece::Text(text)])) = self.template.slot(slot)
            && !self.events.left_out(0, element.depends)
        {
            return (!values::is_broken(text)).then_some(Cow::Borrowed(text));
        }
        let mut text = String::new();
        self.write_slot(slot, &mut text)?;
        Some(Cow::Owned(text))
    }

    /// Writes what fills a slot of `System`, nothing where nothing does; `None` where it takes the XML to know it.
    pub(super) fn write_slot(&self, slot: usize, out: &mut String) -> Option<()> {
        let Some((element, pieces)) = self.template.slot(slot) else { return Some(()) };
        if self.events.left_out(0, element.depends) {
            return Some(());
        }
        let from = out.len();
        self.events.write(0, pieces, out)?;
        let letters = |piece: &Piece| match piece {
            Piece::Hole(hole) => self.events.value(0, *hole).is_some_and(|(value, _)| values::is_text(value.kind)),
            Piece::Text(_) => true,
        };
        (!pieces.iter().any(letters) || !values::is_broken(out.get(from..)?)).then_some(())
    }
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
