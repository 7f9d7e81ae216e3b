//! What an event tells at a glance, read from its binary form: provider, number, level, channel and time.
//!
//! An event is a template, which stands once in a chunk, and the values that belong into it. Of the template only `System` is
//! looked at, of the values only those that belong there, and only in the plainest form: whatever is more than text or a
//! number is not told, and the event has to be read to know it.

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::UTF_16LE;

use crate::value::Stamp;

use super::super::Head;
use super::event::level_name;

/// What a chunk begins with.
const CHUNK_HEADER: usize = 512;
/// Bytes of a record before its content.
pub(super) const RECORD_HEADER: usize = 24;
/// The copy of its size after it.
const RECORD_END: usize = 4;
/// Bytes of a template before its content.
const TEMPLATE_HEADER: usize = 24;
/// Seconds between 1601, from which the system counts, and 1970.
const SINCE_1601: i64 = 11_644_473_600;

/// An event in its chunk.
#[derive(Debug)]
pub(super) struct Seen {
    /// Where its record begins, in the chunk.
    pub(super) start: usize,
    /// One past its last byte.
    pub(super) end: usize,
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
        seen.push(Seen { start, end, written });
        if number == last {
            break;
        }
        start = end;
    }
    Some(seen)
}

/// Where the value of a field comes from.
#[derive(Clone, Debug, Default)]
enum Place {
    /// Nothing plain.
    #[default]
    Elsewhere,
    /// It stands in the template.
    Text(String),
    /// It is the value of this number.
    Value(usize),
}

/// What is taken from a template: the fields, then the time.
const FIELDS: [&str; 5] = ["provider", "id", "level", "channel", "computer"];
const TIME: usize = FIELDS.len();
const PROVIDER: usize = 0;
const LEVEL: usize = 2;

/// Which of them an element's text is, or an attribute.
fn wanted(element: &[u8], attribute: Option<&[u8]>) -> Option<usize> {
    let is = |name: &[u8], word: &str| {
        name.len() == word.len() * 2 && name.chunks_exact(2).zip(word.bytes()).all(|(pair, byte)| pair == [byte, 0])
    };
    match attribute {
        Some(name) if is(element, "Provider") && is(name, "Name") => Some(PROVIDER),
        Some(name) if is(element, "TimeCreated") && is(name, "SystemTime") => Some(TIME),
        None if is(element, "EventID") => Some(1),
        None if is(element, "Level") => Some(LEVEL),
        None if is(element, "Channel") => Some(3),
        None if is(element, "Computer") => Some(4),
        _ => None,
    }
}

type Template = [Place; FIELDS.len() + 1];

/// Tells what the events of one chunk are.
pub(super) struct Heads<'c> {
    chunk: &'c [u8],
    /// By where they stand; `None` for one that is not plain.
    templates: HashMap<usize, Option<Template>>,
}

impl<'c> Heads<'c> {
    pub(super) fn of(chunk: &'c [u8]) -> Heads<'c> {
        Heads { chunk, templates: HashMap::new() }
    }

    /// Asks `ask` about an event by what is told of it; `None` where nothing can be told.
    pub(super) fn ask(&mut self, seen: &Seen, ask: &mut dyn FnMut(&Head<'_>) -> bool) -> Option<bool> {
        let chunk = self.chunk;
        let mut bytes = Bytes { all: chunk, at: seen.start + RECORD_HEADER, end: seen.end - RECORD_END };
        let mut token = bytes.byte()?;
        if token == FRAGMENT {
            bytes.skip(3)?;
            token = bytes.byte()?;
        }
        if token != INSTANCE {
            return None;
        }
        bytes.skip(5)?;
        let place = usize::try_from(bytes.long()?).ok()?;
        if place == bytes.at {
            // It stands right here, where it is used first.
            bytes.skip(TEMPLATE_HEADER - 4)?;
            let length = usize::try_from(bytes.long()?).ok()?;
            bytes.skip(length)?;
        }
        let values = Values::read(&mut bytes)?;
        // More than one template and its values is not plain.
        if !matches!(bytes.left(), [] | [0, ..]) {
            return None;
        }
        let template = self.templates.entry(place).or_insert_with(|| template(chunk, place)).as_ref()?;
        let stamp = stamp(seen, template.get(TIME), &values)?;
        let value = |at: usize| {
            let value = values.text(template.get(at)?)?;
            // An element's text is taken without blanks around it, an attribute's as it is.
            Some(if at == PROVIDER { value } else { trimmed(value) })
        };
        let field = |name: &str| match FIELDS.iter().position(|field| field.eq_ignore_ascii_case(name)) {
            None if name.eq_ignore_ascii_case("level-name") => Some(level_name(&value(LEVEL)?).into()),
            at => value(at?),
        };
        Some(ask(&Head { stamp, field: &field }))
    }
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// The event's own time, or where it is within a microsecond of when it was written, that.
fn stamp(seen: &Seen, place: Option<&Place>, values: &Values<'_>) -> Option<Stamp> {
    let Some(Place::Value(number)) = place else { return None };
    let (kind, bytes) = values.get(*number)?;
    let own = (kind == FILETIME).then(|| u64_at(bytes, 0)).flatten()?;
    since_1970(if seen.written.abs_diff(own) >= 10 { own } else { seen.written })
}

/// Tenths of a microsecond from 1601 as a stamp; `None` for one that no calendar has.
fn since_1970(time: u64) -> Option<Stamp> {
    let time = i64::try_from(time).ok()?.checked_sub(SINCE_1601 * 10_000_000)?;
    time.checked_mul(100).map(Stamp)
}

/// The values of an event: kind and bytes of each.
struct Values<'c> {
    kinds: &'c [u8],
    bytes: &'c [u8],
}

impl<'c> Values<'c> {
    /// Reads where they lie; `None` where they do not end with the event.
    fn read(bytes: &mut Bytes<'c>) -> Option<Values<'c>> {
        let count = usize::try_from(bytes.long()?).ok()?;
        let kinds = bytes.take(count.checked_mul(4)?)?;
        let length = kinds.chunks_exact(4).map(size_of_value).sum();
        Some(Values { kinds, bytes: bytes.take(length)? })
    }

    fn get(&self, number: usize) -> Option<(u8, &'c [u8])> {
        let own = self.kinds.chunks_exact(4).nth(number)?;
        let before: usize = self.kinds.chunks_exact(4).take(number).map(size_of_value).sum();
        Some((*own.get(2)?, self.bytes.get(before..before + size_of_value(own))?))
    }

    /// A field's text, where it is text or a small number.
    fn text<'t>(&'t self, place: &'t Place) -> Option<Cow<'t, str>> {
        let number = match place {
            Place::Elsewhere => return None,
            Place::Text(text) => return Some(Cow::Borrowed(text.as_str())),
            Place::Value(number) => *number,
        };
        match self.get(number)? {
            (TEXT, bytes) if !bytes.is_empty() => decoded(bytes).map(Cow::Owned),
            (UINT8, &[byte]) => Some(Cow::Owned(byte.to_string())),
            (UINT16, &[low, high]) => Some(Cow::Owned(u16::from_le_bytes([low, high]).to_string())),
            _ => None,
        }
    }
}

fn size_of_value(kind: &[u8]) -> usize {
    u16_at(kind, 0).map_or(0, usize::from)
}

/// Text of two bytes a letter with nothing odd in it.
fn decoded(bytes: &[u8]) -> Option<String> {
    let text = UTF_16LE.decode_without_bom_handling_and_without_replacement(bytes)?;
    (bytes.len().is_multiple_of(2) && !text.chars().any(odd)).then(|| text.into_owned())
}

/// What is written in another way than it stands there, or not at all.
fn odd(char: char) -> bool {
    char.is_control() || matches!(char, '\u{fffe}' | '\u{ffff}')
}

const FRAGMENT: u8 = 0x0f;
const INSTANCE: u8 = 0x0c;
/// Kinds of values.
const TEXT: u8 = 0x01;
const UINT8: u8 = 0x04;
const UINT16: u8 = 0x06;
const FILETIME: u8 = 0x11;

/// What the template that stands at `place` says of `System`; `None` where it says it in another way than all do.
fn template(chunk: &[u8], place: usize) -> Option<Template> {
    let length = usize::try_from(u32_at(chunk, place.checked_add(TEMPLATE_HEADER - 4)?)?).ok()?;
    let at = place + TEMPLATE_HEADER;
    let end = at.checked_add(length).filter(|end| *end <= chunk.len())?;
    let mut walk = Walk {
        bytes: Bytes { all: chunk, at, end },
        open: Vec::new(),
        attribute: None,
        found: Template::default(),
        told: [false; FIELDS.len() + 1],
    };
    while walk.step()? {}
    Some(walk.found)
}

/// Goes through a template.
struct Walk<'c> {
    bytes: Bytes<'c>,
    /// The names of the elements that one is in.
    open: Vec<&'c [u8]>,
    /// The name of the attribute whose value comes.
    attribute: Option<&'c [u8]>,
    found: Template,
    /// What was said already: what is said twice is not plain.
    told: [bool; FIELDS.len() + 1],
}

impl Walk<'_> {
    /// One token more; false at the end of `System`.
    fn step(&mut self) -> Option<bool> {
        let token = self.bytes.byte()?;
        match token {
            FRAGMENT => self.bytes.skip(3)?,
            0x01 | 0x41 => {
                let dependency = self.bytes.short()?;
                self.bytes.skip(4)?;
                let name = self.bytes.name()?;
                if token == 0x41 {
                    self.bytes.skip(4)?;
                }
                self.open.push(name);
                // Elements that may be left out are not plain.
                if self.open.len() == 3 && dependency != u16::MAX {
                    self.spoil(name);
                }
            }
            0x06 | 0x46 => self.attribute = Some(self.bytes.name()?),
            0x05 | 0x45 => {
                let kind = self.bytes.byte()?;
                let length = usize::from(self.bytes.short()?) * 2;
                let text = self.bytes.take(length)?;
                let place = decoded(text).filter(|_| kind == TEXT).map_or(Place::Elsewhere, Place::Text);
                self.say(place);
            }
            0x0d | 0x0e => {
                let number = usize::from(self.bytes.short()?);
                self.bytes.skip(1)?;
                self.say(Place::Value(number));
            }
            0x02 => self.attribute = None,
            0x03 | 0x04 => {
                self.attribute = None;
                let name = self.open.pop()?;
                // The rest is data.
                return Some(!(self.open.len() == 1 && is_system(name)));
            }
            _ => return None,
        }
        Some(true)
    }

    /// Takes what is said of the element or attribute one is at.
    fn say(&mut self, place: Place) {
        let [_, system, element] = self.open.as_slice() else { return };
        let Some(at) = wanted(element, self.attribute).filter(|_| is_system(system)) else { return };
        if let (Some(found), Some(told)) = (self.found.get_mut(at), self.told.get_mut(at)) {
            *found = if *told { Place::Elsewhere } else { place };
            *told = true;
        }
    }

    fn spoil(&mut self, element: &[u8]) {
        for at in [wanted(element, None), wanted(element, Some(NAME)), wanted(element, Some(SYSTEM_TIME))] {
            if let Some(told) = at.and_then(|at| self.told.get_mut(at)) {
                *told = true;
            }
        }
    }
}

const NAME: &[u8] = b"N\0a\0m\0e\0";
const SYSTEM_TIME: &[u8] = b"S\0y\0s\0t\0e\0m\0T\0i\0m\0e\0";

fn is_system(name: &[u8]) -> bool {
    name == b"S\0y\0s\0t\0e\0m\0"
}

/// Bytes of a chunk, up to where they may be read.
struct Bytes<'c> {
    all: &'c [u8],
    at: usize,
    end: usize,
}

impl<'c> Bytes<'c> {
    fn take(&mut self, length: usize) -> Option<&'c [u8]> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.end)?;
        let taken = self.all.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn left(&self) -> &'c [u8] {
        self.all.get(self.at..self.end).unwrap_or_default()
    }

    fn skip(&mut self, length: usize) -> Option<()> {
        self.take(length).map(|_| ())
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn short(&mut self) -> Option<u16> {
        u16_at(self.take(2)?, 0)
    }

    fn long(&mut self) -> Option<u32> {
        u32_at(self.take(4)?, 0)
    }

    /// A name: it stands elsewhere in the chunk, or right here, where it is used first.
    fn name(&mut self) -> Option<&'c [u8]> {
        let place = usize::try_from(self.long()?).ok()?;
        let length = usize::from(u16_at(self.all, place.checked_add(6)?)?) * 2;
        if place == self.at {
            self.skip(8 + length + 2)?;
        }
        self.all.get(place + 8..place + 8 + length)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes)
}
