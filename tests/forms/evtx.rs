//! An event log of a few events: chunks of binary XML, every name written where it stands. Events are elements, or, as the
//! system writes them, a template and values.

use super::pml::Bytes;
use super::wide;

/// 2024-10-16 08:43:18 UTC, in units of 100 ns since 1601.
const BEGIN: u64 = 133_735_417_980_000_000;

/// An element of an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Element {
    name: &'static str,
    /// In a template: the value that it depends on.
    depends: Option<u16>,
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

    pub(crate) fn depends(mut self, value: u16) -> Self {
        self.depends = Some(value);
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
    let header = Bytes::default()
        .raw(b"ElfFile\0")
        .u64(0)
        .u64(chunks.len().saturating_sub(1) as u64)
        .u64(1)
        .u32(128)
        .u16(1)
        .u16(3);
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
        let xml = write(xml, event, begin, false).u8(0);
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

/// What an event of a template holds: number, level, tenths of a microsecond after the record was written, computer, datum.
pub(crate) type Values = (u16, u8, u64, &'static str, &'static str);

/// A value: its kind and its bytes.
pub(crate) type Value = (u8, Vec<u8>);

/// A template and its values; a value of kind 0x21 may be such a one within it, by its number.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) template: Element,
    pub(crate) values: Vec<Value>,
    pub(crate) inner: Vec<Instance>,
}

/// A log of one chunk with checksums: events of one provider each, of which the first holds the template of all.
pub(crate) fn templated(events: &[(&'static str, Values)]) -> Vec<u8> {
    let instance = |written, (provider, (id, level, later, computer, datum)): &(&'static str, Values)| {
        let system = element("System")
            .child(element("Provider").attribute("Name", provider))
            .child(element("EventID").text("%0 6"))
            .child(element("Level").text("%1 4"))
            .child(element("TimeCreated").attribute("SystemTime", "%2 17"))
            .child(element("Channel").text("System"))
            .child(element("Computer").text("%3 1"));
        let data = element("EventData").child(element("Data").attribute("Name", "code").text("%4 1"));
        let values = vec![
            (6, id.to_le_bytes().to_vec()),
            (4, vec![*level]),
            (17, u64::to_le_bytes(written + later).to_vec()),
            (1, wide(computer)),
            (1, wide(datum)),
        ];
        Instance { template: element("Event").child(system).child(data), values, inner: Vec::new() }
    };
    let events: Vec<_> = (1u64..).zip(events).map(|(id, event)| instance(written(id), event)).collect();
    of_templates(&events)
}

/// When the record of a number was written.
pub(crate) fn written(id: u64) -> u64 {
    BEGIN + id * 1_234_567
}

/// A log of one chunk with checksums, of events that are templates and their values; the same template stands once.
pub(crate) fn of_templates(events: &[Instance]) -> Vec<u8> {
    let mut body = Bytes::default().zeros(512);
    let mut templates = Vec::new();
    let mut last_at = 512;
    for (id, event) in (1u64..).zip(events) {
        last_at = body.0.len();
        let xml = instance(event, last_at + 24, &mut templates);
        let size = u32::try_from(xml.len() + 28).unwrap();
        body = body.raw(&[0x2a, 0x2a, 0, 0]).u32(size).u64(id).u64(written(id)).raw(&xml).u32(size);
    }
    let (last, free) = (events.len() as u64, u32::try_from(body.0.len()).unwrap());
    let header = Bytes::default().raw(b"ElfChnk\0").u64(1).u64(last).u64(1).u64(last).u32(128);
    let header = header.u32(u32::try_from(last_at).unwrap()).u32(free).zeros(120 - 52).0;
    let mut chunk = body.0;
    chunk[..header.len()].copy_from_slice(&header);
    chunk.resize(65_536, 0);
    checksums(&mut chunk);
    [&file(&[])[..], &chunk].concat()
}

/// Gives a chunk the checksums of what it holds.
pub(crate) fn checksums(chunk: &mut [u8]) {
    let crc = |parts: &[&[u8]]| {
        let mut crc = flate2::Crc::new();
        for part in parts {
            crc.update(part);
        }
        crc.sum()
    };
    let free = u32::from_le_bytes(chunk[48..52].try_into().unwrap()) as usize;
    let sum = crc(&[&chunk[512..free]]);
    chunk[52..56].copy_from_slice(&sum.to_le_bytes());
    let sum = crc(&[&chunk[..120], &chunk[128..512]]);
    chunk[124..128].copy_from_slice(&sum.to_le_bytes());
}

/// The template, where it comes for the first time, and the values; what is written lies at `begin` in its chunk.
fn instance(event: &Instance, begin: usize, templates: &mut Vec<(Element, u32)>) -> Vec<u8> {
    let out = Bytes::default().raw(&[0x0f, 1, 1, 0, 0x0c, 1]).u32(7);
    let known = templates.iter().find(|(known, _)| *known == event.template).map(|(_, place)| *place);
    let place = known.unwrap_or_else(|| u32::try_from(begin + out.0.len() + 4).unwrap());
    let mut out = out.u32(place);
    if known.is_none() {
        templates.push((event.template.clone(), place));
        let fragment = Bytes::default().raw(&[0x0f, 1, 1, 0]);
        let template = write(fragment, &event.template, begin + out.0.len() + 24, true).u8(0).0;
        out = out.u32(0).raw(&[9; 16]).u32(u32::try_from(template.len()).unwrap()).raw(&template);
    }
    out = out.u32(u32::try_from(event.values.len()).unwrap());
    let sizes = out.0.len();
    out = out.zeros(4 * event.values.len());
    for (at, (kind, bytes)) in event.values.iter().enumerate() {
        let before = out.0.len();
        out = match bytes.as_slice() {
            [number] if *kind == 0x21 => {
                let inner = instance(&event.inner[usize::from(*number)], begin + before, templates);
                out.raw(&inner)
            }
            bytes => out.raw(bytes),
        };
        let size = u16::try_from(out.0.len() - before).unwrap().to_le_bytes();
        out.0[sizes + 4 * at..][..4].copy_from_slice(&[size[0], size[1], *kind, 0]);
    }
    out.u8(0).0
}

/// Writes an element; what is written lies at `begin` in its chunk. The elements of a template may depend on a value.
fn write(out: Bytes, element: &Element, begin: usize, template: bool) -> Bytes {
    let mut attributes = Bytes::default();
    // Token, length, name, and the length of the attributes stand before them.
    let name_length = 4 + 10 + 2 * element.name.len();
    let depends = if template { 2 } else { 0 };
    let before = out.0.len() + 1 + depends + 4 + name_length + 4;
    for (at, (key, value)) in element.attributes.iter().enumerate() {
        attributes = attributes.u8(if at + 1 < element.attributes.len() { 0x46 } else { 0x06 });
        let place = begin + before + attributes.0.len();
        attributes = name(attributes, key, place);
        attributes = string(attributes, value);
    }
    let has = !element.attributes.is_empty();
    let out = out.u8(if has { 0x41 } else { 0x01 });
    let out = if template { out.u16(element.depends.unwrap_or(u16::MAX)) } else { out }.u32(0);
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
        out = write(out, child, begin, template);
    }
    out.u8(0x04)
}

/// A reference to a name that follows at once; the reference lies at `place`.
fn name(out: Bytes, name: &str, place: usize) -> Bytes {
    let count = u16::try_from(name.encode_utf16().count()).unwrap();
    out.u32(u32::try_from(place + 4).unwrap()).u32(0).u16(0).u16(count).raw(&wide(name)).u16(0)
}

/// Text, or with `%3 1` the value of that number and kind, with `?3 1` the same if it is more than nothing.
fn string(out: Bytes, text: &str) -> Bytes {
    let token = if text.starts_with('?') { 0x0e } else { 0x0d };
    if let Some((number, kind)) = text.strip_prefix(['%', '?']).and_then(|value| value.split_once(' ')) {
        return out.u8(token).u16(number.parse().unwrap()).u8(kind.parse().unwrap());
    }
    out.u8(0x05).u8(0x01).u16(u16::try_from(text.encode_utf16().count()).unwrap()).raw(&wide(text))
}
