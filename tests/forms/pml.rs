//! A Process Monitor capture of a few events, laid out as the program lays it out.

use super::wide;

/// 2024-10-16 08:43:18 UTC, in units of 100 ns since 1601.
const BEGIN: u64 = 133_735_417_980_000_000;

/// An event: class, operation, result, details, what was added when it was done.
pub(crate) struct Event {
    pub(crate) class: u32,
    pub(crate) operation: u16,
    pub(crate) result: u32,
    pub(crate) details: Vec<u8>,
    pub(crate) extra: Option<Vec<u8>>,
}

/// Bytes put one after the other.
#[derive(Default)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Bytes {
    pub(crate) fn u8(mut self, number: u8) -> Self {
        self.0.push(number);
        self
    }

    pub(crate) fn u16(mut self, number: u16) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    pub(crate) fn u32(mut self, number: u32) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    pub(crate) fn u64(mut self, number: u64) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    pub(crate) fn zeros(mut self, count: usize) -> Self {
        self.0.resize(self.0.len() + count, 0);
        self
    }

    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    /// What announces an ASCII string.
    pub(crate) fn announce(self, text: &str) -> Self {
        self.u16(0x8000 | u16::try_from(text.len()).unwrap())
    }
}

/// A `CreateFile` that was refused.
pub(crate) fn create_file(path: &str, result: u32) -> Event {
    let asked = Bytes::default().zeros(0x14).u32(1 << 24 | 0x60).zeros(4).u16(0).u16(7).zeros(4 + 16).u32(0);
    let details = Bytes::default()
        .u8(0)
        .zeros(3)
        .raw(&asked.0[..])
        .zeros(40 + 0x14 - asked.0.len())
        .announce(path)
        .zeros(2)
        .raw(path.as_bytes())
        .u32(0x12_0089)
        .zeros(4);
    Event { class: 3, operation: 20, result, details: details.0, extra: None }
}

/// A `RegQueryValue` of a string.
pub(crate) fn query_value(path: &str, value: &str) -> Event {
    let text = wide(&format!("{value}\0"));
    let details = Bytes::default().announce(path).zeros(2).u32(144).u32(2).raw(path.as_bytes());
    let length = u32::try_from(text.len()).unwrap();
    let extra = Bytes::default().u32(0).u32(1).u32(length).raw(&text);
    Event { class: 2, operation: 5, result: 0, details: details.0, extra: Some(extra.0) }
}

/// Data sent over TCP.
pub(crate) fn send(length: u32) -> Event {
    let address = |last: u8| Bytes::default().raw(&[192, 0, 2, last]).zeros(12).0;
    let details = Bytes::default().u16(7).u16(0).u32(length).raw(&address(1)).raw(&address(2)).u16(50_000).u16(443);
    let details = details.raw(&wide("startime\u{0}12\u{0}\u{0}"));
    Event { class: 5, operation: 2, result: 0, details: details.0, extra: None }
}

/// The end of a process.
pub(crate) fn exit(status: u32) -> Event {
    let details =
        Bytes::default().u32(status).u64(156_250).u64(312_500).u64(4_096_000).u64(5_000_000).u64(1_234_567).u64(2);
    Event { class: 1, operation: 2, result: 0, details: details.0, extra: None }
}

/// A capture of events that belong to one process.
pub(crate) fn file(events: &[Event]) -> Vec<u8> {
    const HEADER: usize = 0x3a8;
    let mut body = Bytes::default();
    let mut offsets = Bytes::default();
    for (at, event) in events.iter().enumerate() {
        let begin = body.0.len();
        offsets = offsets.u32(u32::try_from(HEADER + begin).unwrap()).u8(0);
        let extra = if event.extra.is_some() { u32::try_from(0x34 + 8 + event.details.len()).unwrap() } else { 0 };
        let time = BEGIN + at as u64 * 1_234_567;
        body =
            body.u32(1).u32(77).u32(event.class).u16(event.operation).zeros(6).u64(1_500).u64(time).u32(event.result);
        body = body.u16(1).u16(0).u32(u32::try_from(event.details.len()).unwrap()).u32(extra);
        // One address of a stack.
        body = body.u64(0xffff_f800_0000_0000).raw(&event.details);
        if let Some(extra) = &event.extra {
            body = body.u16(u16::try_from(extra.len()).unwrap()).raw(extra);
        }
    }
    let texts = [
        "System",
        "NT AUTHORITY\\SYSTEM",
        "TiWorker.exe",
        "C:\\Windows\\servicing\\TiWorker.exe",
        "C:\\Windows\\servicing\\TiWorker.exe -Embedding",
        "Example",
        "1.0",
        "Worker",
    ];
    let process =
        Bytes::default().u32(1).u32(4321).u32(999).u32(0).u64(0x3e7).u32(0).u32(0).u64(BEGIN).u64(0).u32(0).u32(1);
    let process = (0..8).fold(process, Bytes::u32).zeros(8 + 8 + 4);
    let processes = Bytes::default().u32(1).u32(1).u32(12).raw(&process.0);
    let mut strings = Bytes::default().u32(8);
    let mut at = 4 + 8 * 4;
    for text in texts {
        strings = strings.u32(at);
        at += 4 + u32::try_from(wide(text).len()).unwrap();
    }
    for text in texts {
        strings = strings.u32(u32::try_from(wide(text).len()).unwrap()).raw(&wide(text));
    }
    let hosts = Bytes::default().u32(1).raw(&[192, 0, 2, 2]).zeros(12).u32(22).raw(&wide("example.com"));
    let hosts = hosts.u32(1).u16(443).u16(1).u32(10).raw(&wide("https"));
    let places: Vec<u64> = [HEADER, body.0.len(), offsets.0.len(), processes.0.len(), strings.0.len(), 4]
        .iter()
        .scan(0, |sum, length| {
            *sum += *length as u64;
            Some(*sum)
        })
        .collect();
    let header =
        Bytes::default().raw(b"PML_").u32(9).u32(1).zeros(0x234 - 0xc).u32(u32::try_from(events.len()).unwrap());
    let header = header.zeros(8).u64(places[0]).u64(places[1]).u64(places[2]).u64(places[3]).u64(places[4]);
    let header = header.zeros(0x398 - 0x268).u64(places[0]).u64(places[5]);
    let all = header.raw(&body.0).raw(&offsets.0).raw(&processes.0).raw(&strings.0).u32(0).raw(&hosts.0);
    all.0
}
