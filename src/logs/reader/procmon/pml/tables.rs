//! What a PML file says once for all events: its header, strings, processes, names of hosts and ports.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use super::bytes::Bytes;
use super::window::Window;

/// Bytes of the header.
const HEADER: usize = 0x3a8;
/// The version that is known.
const VERSION: u32 = 9;
/// Bytes of a table at the most.
const TABLE: u64 = 64 << 20;

/// Why a file cannot be read at all, in Chinese and English.
pub(super) type Refusal = (String, String);

/// Where everything lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// It was written on a 64-bit system.
    pub(super) wide: bool,
    pub(super) events: u32,
    pub(super) offsets: u64,
    processes: u64,
    strings: u64,
    icons: u64,
    hosts: u64,
}

impl Header {
    /// Reads the header, or says why there is nothing to read.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let short = || ("文件头不完整".to_owned(), "its header is not whole".to_owned());
        if bytes.len() < HEADER {
            return Err(short());
        }
        let (version, header) = Self::fields(Bytes::new(bytes, false)).ok_or_else(short)?;
        if version != VERSION {
            return Err((
                format!("PML 版本 {version} 尚不支持，请在 Process Monitor 中另存为 CSV"),
                format!("PML version {version} is not known; save it as CSV in Process Monitor"),
            ));
        }
        if header.offsets == 0 || header.processes == 0 || header.strings == 0 {
            return Err((
                "采集没有正常结束，请用 Process Monitor 打开并重新保存".to_owned(),
                "the capture was not ended; open it in Process Monitor and save it again".to_owned(),
            ));
        }
        Ok(header)
    }

    fn fields(mut bytes: Bytes<'_>) -> Option<(u32, Self)> {
        bytes.skip(4)?;
        let version = bytes.u32()?;
        let wide = bytes.u32()? != 0;
        // The names of the machine and of its system folder.
        bytes.skip(0x234 - 0xc)?;
        let events = bytes.u32()?;
        bytes.skip(0x248 - 0x238)?;
        let offsets = bytes.u64()?;
        let (processes, strings, icons) = (bytes.u64()?, bytes.u64()?, bytes.u64()?);
        // The machine's system.
        bytes.skip(0x3a0 - 0x268)?;
        let hosts = bytes.u64()?;
        Some((version, Self { wide, events, offsets, processes, strings, icons, hosts }))
    }
}

/// A process that events belong to.
#[derive(Clone, Debug, Default)]
pub(super) struct Process {
    pub(super) pid: u32,
    pub(super) parent: u32,
    pub(super) authentication: u64,
    pub(super) session: u32,
    pub(super) virtualized: u32,
    pub(super) wide: bool,
    pub(super) integrity: Arc<str>,
    pub(super) user: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) image: Arc<str>,
    pub(super) command: Arc<str>,
    pub(super) company: Arc<str>,
    pub(super) version: Arc<str>,
    pub(super) description: Arc<str>,
}

/// What events refer to.
#[derive(Default)]
pub(super) struct Tables {
    processes: HashMap<u32, Process>,
    hosts: HashMap<[u8; 16], String>,
    ports: HashMap<(u16, bool), String>,
}

impl Tables {
    /// Reads all tables; what a damaged one still tells is kept, and `damaged` is told.
    pub(super) fn read(file: &mut Window, header: &Header, damaged: &mut dyn FnMut(u64)) -> io::Result<Self> {
        let table = |file: &mut Window, from: u64, to: u64| {
            let length = usize::try_from(to.saturating_sub(from).min(TABLE)).unwrap_or_default();
            file.at(from, length).map(<[u8]>::to_vec)
        };
        let strings = table(file, header.strings, header.icons)?;
        let strings = strings_of(&strings).unwrap_or_else(|| {
            damaged(header.strings);
            Vec::new()
        });
        let bytes = table(file, header.processes, header.strings)?;
        let mut tables = Self::default();
        if processes_of(&bytes, header.wide, &strings, &mut tables.processes).is_none() {
            damaged(header.processes);
        }
        let bytes = table(file, header.hosts, u64::MAX)?;
        // Without network events there may be none.
        let _ = tables.network(&bytes);
        Ok(tables)
    }

    /// The process with an index.
    pub(super) fn process(&self, index: u32) -> Option<&Process> {
        self.processes.get(&index)
    }

    /// `name:port` of an end of a connection.
    pub(super) fn end(&self, address: [u8; 16], v4: bool, port: u16, tcp: bool) -> String {
        let host = self.hosts.get(&address).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| {
            let [a, b, c, d, ..] = address;
            if v4 {
                return Ipv4Addr::new(a, b, c, d).to_string();
            }
            let parts = Ipv6Addr::from(address).segments().map(|part| format!("{part:x}"));
            parts.join(":")
        });
        let port = self.ports.get(&(port, tcp)).cloned().unwrap_or_else(|| port.to_string());
        format!("{host}:{port}")
    }

    fn network(&mut self, bytes: &[u8]) -> Option<()> {
        let mut bytes = Bytes::new(bytes, false);
        for _ in 0..bytes.u32()? {
            let address = bytes.take(16)?.try_into().ok()?;
            let length = bytes.u32()? as usize;
            self.hosts.insert(address, bytes.utf16(length)?);
        }
        for _ in 0..bytes.u32()? {
            let key = (bytes.u16()?, bytes.u16()? != 0);
            let length = bytes.u32()? as usize;
            self.ports.insert(key, bytes.utf16(length)?);
        }
        Some(())
    }
}

/// The offsets of a table's parts, of which there are `count`.
fn offsets(bytes: &mut Bytes<'_>, count: u32) -> Option<Vec<usize>> {
    let mut list = bytes.part((count as usize).checked_mul(4)?)?;
    std::iter::from_fn(|| list.u32()).map(|offset| usize::try_from(offset).ok()).collect()
}

fn strings_of(table: &[u8]) -> Option<Vec<Arc<str>>> {
    let mut bytes = Bytes::new(table, false);
    let count = bytes.u32()?;
    // Strings do not lie in each other: together they are no longer than the table.
    let mut left = table.len();
    let mut string = |at: usize| {
        let mut bytes = Bytes::new(table.get(at..)?, false);
        let length = bytes.u32()? as usize;
        left = left.checked_sub(length)?;
        bytes.utf16(length)
    };
    offsets(&mut bytes, count)?.into_iter().map(|at| string(at).map(Arc::from)).collect()
}

fn processes_of(table: &[u8], wide: bool, strings: &[Arc<str>], into: &mut HashMap<u32, Process>) -> Option<()> {
    let mut bytes = Bytes::new(table, wide);
    let count = bytes.u32()?;
    // Their indexes first, which every process says of itself too.
    bytes.skip((count as usize).checked_mul(4)?)?;
    for at in offsets(&mut bytes, count)? {
        let (index, process) = process(Bytes::new(table.get(at..)?, wide), strings)?;
        into.insert(index, process);
    }
    Some(())
}

fn process(mut bytes: Bytes<'_>, strings: &[Arc<str>]) -> Option<(u32, Process)> {
    let (index, pid, parent) = (bytes.u32()?, bytes.u32()?, bytes.u32()?);
    bytes.skip(4)?;
    let authentication = bytes.u64()?;
    let session = bytes.u32()?;
    // A word unknown, when it began, when it ended.
    bytes.skip(4 + 8 + 8)?;
    let (virtualized, wide) = (bytes.u32()?, bytes.u32()? != 0);
    let mut string = || bytes.u32().and_then(|at| strings.get(at as usize).cloned());
    let (integrity, user, name, image) = (string()?, string()?, string()?, string()?);
    let (command, company, version, description) = (string()?, string()?, string()?, string()?);
    let process = Process {
        pid,
        parent,
        authentication,
        session,
        virtualized,
        wide,
        integrity,
        user,
        name,
        image,
        command,
        company,
        version,
        description,
    };
    Some((index, process))
}
