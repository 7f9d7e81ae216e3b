//! An event log of a few events: chunks of binary XML, every name written where it stands.

use super::pml::Bytes;
use super::wide;

/// 2024-10-16 08:43:18 UTC, in units of 100 ns since 1601.
const BEGIN: u64 = 133_735_417_980_000_000;

/// An element of an event.
#[derive(Clone, Default)]
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: String,
    children: Vec<Element>,
}

pub(crate) fn element(name: &'static str) -> Element {
    Element { name, ..Element::default() }
}

impl Element {
    pub(crate) fn attribute(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push((name, value.to_owned()));
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    pub(crate) fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }
}

/// An event of provider, number and level, with its data.
pub(crate) fn event(provider: &str, id: u32, level: u32, data: Element) -> Element {
    let system = element("System")
        .child(element("Provider").attribute("Name", provider))
        .child(element("EventID").text(&id.to_string()))
        .child(element("Level").text(&level.to_string()))
        .child(element("Channel").text("System"))
        .child(element("Computer").text("host.example.com"));
    element("Event").child(system).child(data)
}

/// `EventData` of named values.
pub(crate) fn data(values: &[(&str, &str)]) -> Element {
    let named = |(name, value): &(&str, &str)| {
        let datum = element("Data").text(value);
        if name.is_empty() { datum } else { datum.attribute("Name", name) }
    };
    values.iter().map(named).fold(element("EventData"), Element::child)
}

/// A log of chunks; their events are numbered from 1.
pub(crate) fn file(chunks: &[Vec<Element>]) -> Vec<u8> {
    let header = Bytes::default().raw(b"ElfFile\0").u64(0).u64(chunks.len() as u64 - 1).u64(1).u32(128).u16(1).u16(3);
    let header = header.u16(4096).u16(u16::try_from(chunks.len()).unwrap());
    let mut file = header.zeros(4096 - 44).0;
    let mut next = 1;
    for events in chunks {
        file.extend(chunk(events, next));
        next += events.len() as u64;
    }
    file
}

fn chunk(events: &[Element], first: u64) -> Vec<u8> {
    let mut body = Bytes::default().zeros(512);
    let mut last_at = 512;
    for (id, event) in (first..).zip(events) {
        last_at = body.0.len();
        let begin = last_at + 24;
        let xml = Bytes::default().raw(&[0x0f, 1, 1, 0]);
        let xml = write(xml, event, begin).u8(0);
        let size = u32::try_from(xml.0.len() + 28).unwrap();
        body = body.raw(&[0x2a, 0x2a, 0, 0]).u32(size).u64(id).u64(BEGIN + id * 1_234_567).raw(&xml.0).u32(size);
    }
    let last = first + events.len() as u64 - 1;
    let free = u32::try_from(body.0.len()).unwrap();
    let header = Bytes::default().raw(b"ElfChnk\0").u64(first).u64(last).u64(first).u64(last);
    // No checksums: 1 << 1 says that there are none.
    let header = header.u32(128).u32(u32::try_from(last_at).unwrap()).u32(free).zeros(120 - 52).u32(2);
    let mut chunk = body.0;
    chunk[..header.0.len()].copy_from_slice(&header.0);
    chunk.resize(65_536, 0);
    chunk
}

/// Writes an element; what is written lies at `begin` in its chunk.
fn write(out: Bytes, element: &Element, begin: usize) -> Bytes {
    let mut attributes = Bytes::default();
    // Token, length, name, and the length of the attributes stand before them.
    let name_length = 4 + 10 + 2 * element.name.len();
    let before = out.0.len() + 1 + 4 + name_length + 4;
    for (at, (key, value)) in element.attributes.iter().enumerate() {
        attributes = attributes.u8(if at + 1 < element.attributes.len() { 0x46 } else { 0x06 });
        let place = begin + before + attributes.0.len();
        attributes = name(attributes, key, place);
        attributes = string(attributes, value);
    }
    let has = !element.attributes.is_empty();
    let out = out.u8(if has { 0x41 } else { 0x01 }).u32(0);
    let place = begin + out.0.len();
    let mut out = name(out, element.name, place);
    if has {
        out = out.u32(u32::try_from(attributes.0.len()).unwrap()).raw(&attributes.0);
    }
    out = out.u8(0x02);
    if !element.text.is_empty() {
        out = string(out, &element.text);
    }
    for child in &element.children {
        out = write(out, child, begin);
    }
    out.u8(0x04)
}

/// A reference to a name that follows at once; the reference lies at `place`.
fn name(out: Bytes, name: &str, place: usize) -> Bytes {
    let count = u16::try_from(name.encode_utf16().count()).unwrap();
    out.u32(u32::try_from(place + 4).unwrap()).u32(0).u16(0).u16(count).raw(&wide(name)).u16(0)
}

fn string(out: Bytes, text: &str) -> Bytes {
    out.u8(0x05).u8(0x01).u16(u16::try_from(text.encode_utf16().count()).unwrap()).raw(&wide(text))
}
