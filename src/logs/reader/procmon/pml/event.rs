//! One event: what all have, and by its class the rest.

use std::fmt::Display;
use std::io;

use super::bytes::Bytes;
use super::tables::Tables;
use super::window::Window;
use super::{Details, file, network, process, registry};

/// Bytes that every event has.
const COMMON: usize = 0x34;

/// An event.
#[derive(Debug, Default)]
pub(super) struct Event {
    /// The index of its process.
    pub(super) process: u32,
    pub(super) thread: u32,
    pub(super) class: &'static str,
    pub(super) operation: String,
    /// What a network operation's name begins with.
    pub(super) protocol: Option<&'static str>,
    /// In units of 100 ns since 1601, UTC.
    pub(super) time: u64,
    /// In units of 100 ns.
    pub(super) duration: u64,
    pub(super) result: u32,
    pub(super) path: String,
    pub(super) category: &'static str,
    pub(super) details: Vec<(String, String)>,
    /// Its bytes in the file.
    pub(super) length: u64,
}

impl Event {
    /// Adds a detail.
    pub(super) fn add(&mut self, name: &str, value: impl Display) {
        self.details.push((name.to_owned(), value.to_string()));
    }

    /// All details, as the column shows them.
    pub(super) fn detail(&self) -> String {
        let details = self.details.iter().map(|(name, value)| format!("{name}: {value}"));
        details.collect::<Vec<_>>().join(", ")
    }
}

/// Where the parts of an event lie, and what class and operation it is of.
struct Parts {
    class: u32,
    operation: u16,
    stack: usize,
    details: usize,
    extra: u32,
}

/// Reads the event at `offset`; `None` where there is none.
pub(super) fn read(file: &mut Window, offset: u64, wide: bool, tables: &Tables) -> io::Result<Option<Event>> {
    let Some((mut event, parts)) = common(Bytes::new(file.at(offset, COMMON)?, wide)) else { return Ok(None) };
    let width = if wide { 8 } else { 4 };
    let begin = COMMON + parts.stack * width;
    let extra = match u64::from(parts.extra) {
        0 => None,
        at => added(file, offset.saturating_add(at))?,
    };
    event.length = (begin + parts.details) as u64;
    let own = file.at(offset.saturating_add(begin as u64), parts.details)?;
    if own.len() < parts.details {
        return Ok(None);
    }
    let extra = extra.as_deref().map(|extra| Bytes::new(extra, wide));
    let details = Details { own: Bytes::new(own, wide), extra };
    // Details that break off leave what came before them.
    let _ = match parts.class {
        1 => process::read(&mut event, parts.operation, details),
        2 => registry::read(&mut event, parts.operation, details),
        3 => file::read(&mut event, "File System", parts.operation, details),
        4 => process::profile(&mut event, parts.operation, details),
        5 => network::read(&mut event, parts.operation, details, tables),
        6 => file::read(&mut event, "IPC", parts.operation, details),
        _ => return Ok(None),
    };
    Ok(Some(event))
}

/// What was added when the operation was done: its length, then so many bytes.
fn added(file: &mut Window, at: u64) -> io::Result<Option<Vec<u8>>> {
    let length = Bytes::new(file.at(at, 2)?, false).u16();
    let Some(length) = length.map(usize::from) else { return Ok(None) };
    Ok(Some(file.at(at.saturating_add(2), length)?.to_vec()))
}

fn common(mut bytes: Bytes<'_>) -> Option<(Event, Parts)> {
    let (process, thread, class) = (bytes.u32()?, bytes.u32()?, bytes.u32()?);
    let operation = bytes.u16()?;
    bytes.skip(6)?;
    let (duration, time, result) = (bytes.u64()?, bytes.u64()?, bytes.u32()?);
    let stack = usize::from(bytes.u16()?);
    bytes.skip(2)?;
    let (details, extra) = (bytes.u32()?, bytes.u32()?);
    let event = Event { process, thread, time, duration, result, ..Event::default() };
    // Details are small: more is damage.
    let details = usize::try_from(details).ok().filter(|length| *length <= 1 << 20)?;
    Some((event, Parts { class, operation, stack, details, extra }))
}
