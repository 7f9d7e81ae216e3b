//! Events of the registry: keys and values.

use super::Details;
use super::bytes::Bytes;
use super::event::Event;
use super::process::named;
use super::words::{access, grouped};

const OPERATIONS: [&str; 18] = [
    "RegOpenKey",
    "RegCreateKey",
    "RegCloseKey",
    "RegQueryKey",
    "RegSetValue",
    "RegQueryValue",
    "RegEnumValue",
    "RegEnumKey",
    "RegSetInfoKey",
    "RegDeleteKey",
    "RegDeleteValue",
    "RegFlushKey",
    "RegLoadKey",
    "RegUnloadKey",
    "RegRenameKey",
    "RegQueryMultipleValueKey",
    "RegSetKeySecurity",
    "RegQueryKeySecurity",
];

/// What generic rights to a key stand for.
const GENERIC: [u32; 4] = [0x2_0019, 0x2_0006, 0x2_0019, 0xf_003f];

/// Rights to a key, wider ones first.
const RIGHTS: [(u32, &str); 13] = [
    (0xf_003f, "All Access"),
    (0x2_001f, "Read/Write"),
    (0x2_0019, "Read"),
    (0x2_0006, "Write"),
    (0x1, "Query Value"),
    (0x2, "Set Value"),
    (0x4, "Create Sub Key"),
    (0x8, "Enumerate Sub Keys"),
    (0x10, "Notify"),
    (0x20, "Create Link"),
    (0x300, "WOW64_Res"),
    (0x200, "WOW64_32Key"),
    (0x100, "WOW64_64Key"),
];

/// Types of values by their number.
const TYPES: [&str; 12] = [
    "REG_NONE",
    "REG_SZ",
    "REG_EXPAND_SZ",
    "REG_BINARY",
    "REG_DWORD",
    "REG_DWORD_BIG_ENDIAN",
    "REG_LINK",
    "REG_MULTI_SZ",
    "REG_RESOURCE_LIST",
    "REG_FULL_RESOURCE_DESCRIPTOR",
    "REG_RESOURCE_REQUIREMENTS_LIST",
    "REG_QWORD",
];

/// What is asked of a key, by its number.
const KEY_CLASSES: [&str; 9] =
    ["Basic", "Node", "Full", "Name", "Cached", "Flags", "Virtualization", "HandleTags", "Trust"];

/// Reads the details of a registry event.
pub(super) fn read(event: &mut Event, operation: u16, details: Details<'_>) -> Option<()> {
    event.class = "Registry";
    event.operation = named(&OPERATIONS, operation);
    event.category = category(operation);
    let Details { mut own, extra } = details;
    let path = own.text()?;
    match operation {
        0 | 1 => {
            own.skip(2)?;
            let asked = own.u32()?;
            event.path = own.string(path)?;
            opened(event, asked, extra)
        }
        3 | 5 => {
            own.skip(2)?;
            let (length, class) = (own.u32()?, own.u32()?);
            event.path = own.string(path)?;
            if operation == 3 { key(event, None, class, length, extra) } else { value(event, class, length, extra) }
        }
        6 | 7 => {
            own.skip(2)?;
            let (length, index, class) = (own.u32()?, own.u32()?, own.u32()?);
            event.path = own.string(path)?;
            event.add("Index", grouped(index.into()));
            if operation == 7 {
                key(event, Some(index), class, length, extra)
            } else {
                value(event, class, length, extra)
            }
        }
        4 => {
            own.skip(2)?;
            let (kind, length, written) = (own.u32()?, own.u32()?, own.u32()?);
            event.path = own.string(path)?;
            event.add("Type", type_name(kind));
            event.add("Length", grouped(length.into()));
            data(event, kind, length.min(written) as usize, own);
            Some(())
        }
        12 | 14 => {
            let new = own.text()?;
            event.path = own.string(path)?;
            event.add(if operation == 12 { "Hive Path" } else { "New Name" }, own.string(new)?);
            Some(())
        }
        8 => {
            own.skip(2 + 4 + 4 + 2 + 2)?;
            event.path = own.string(path)?;
            Some(())
        }
        _ => {
            event.path = own.string(path)?;
            Some(())
        }
    }
}

fn category(operation: u16) -> &'static str {
    match operation {
        0 | 1 | 3 | 5 | 6 | 7 | 15 => "Read",
        4 | 9 | 10 | 14 => "Write",
        8 | 16 => "Write Metadata",
        17 => "Read Metadata",
        _ => "",
    }
}

fn opened(event: &mut Event, asked: u32, extra: Option<Bytes<'_>>) -> Option<()> {
    if asked == 0 {
        return Some(());
    }
    let rights = access(asked, GENERIC, &RIGHTS);
    let most = rights == "Maximum Allowed";
    event.add("Desired Access", rights);
    let mut extra = extra?;
    let granted = extra.u32()?;
    if most {
        event.add("Granted Access", access(granted, GENERIC, &RIGHTS));
    }
    match extra.u32()? {
        1 => {
            event.add("Disposition", "REG_CREATED_NEW_KEY");
            event.category = "Write";
        }
        2 => event.add("Disposition", "REG_OPENED_EXISTING_KEY"),
        _ => {}
    }
    Some(())
}

/// What a key says of itself, asked for directly or by its number.
fn key(event: &mut Event, index: Option<u32>, class: u32, length: u32, extra: Option<Bytes<'_>>) -> Option<()> {
    let class = KEY_CLASSES.get(class as usize).copied().unwrap_or("<Unknown>");
    if index.is_none() {
        event.add("Query", class);
    }
    let Some(mut extra) = extra else {
        event.add("Length", grouped(length.into()));
        return Some(());
    };
    match class {
        "HandleTags" => event.add("HandleTags", format!("0x{:x}", extra.u32()?)),
        "Flags" => event.add("UserFlags", format!("0x{:x}", extra.u32()?)),
        "Cached" => {
            extra.skip(12)?;
            event.add("SubKeys", grouped(extra.u32()?.into()));
            extra.skip(4)?;
            event.add("Values", grouped(extra.u32()?.into()));
        }
        "Full" => {
            extra.skip(20)?;
            event.add("SubKeys", grouped(extra.u32()?.into()));
            extra.skip(8)?;
            event.add("Values", grouped(extra.u32()?.into()));
        }
        "Basic" | "Node" => {
            extra.skip(if class == "Basic" { 12 } else { 20 })?;
            let length = extra.u32()? as usize;
            event.add("Name", extra.utf16(length)?);
        }
        "Name" if index.is_some() => {
            let length = extra.u32()? as usize;
            event.add("Name", extra.utf16(length)?);
        }
        _ => {}
    }
    Some(())
}

/// What a value holds, asked for by its name or its number.
fn value(event: &mut Event, class: u32, length: u32, extra: Option<Bytes<'_>>) -> Option<()> {
    const FULL: u32 = 1;
    const PARTIAL: u32 = 2;
    let Some(mut extra) = extra else {
        event.add("Length", grouped(length.into()));
        return Some(());
    };
    let whole = extra.clone();
    extra.skip(4)?;
    let kind = extra.u32()?;
    let (held, bytes) = match class {
        FULL => {
            let (at, held, name) = (extra.u32()?, extra.u32()?, extra.u32()?);
            if event.operation == "RegEnumValue" {
                event.add("Name", extra.utf16(name as usize)?);
            }
            let mut bytes = whole;
            bytes.skip(at as usize)?;
            (held, bytes)
        }
        PARTIAL => (extra.u32()?, extra),
        _ => {
            event.add("Type", type_name(kind));
            return Some(());
        }
    };
    event.add("Type", type_name(kind));
    event.add("Length", grouped(held.into()));
    data(event, kind, held as usize, bytes);
    Some(())
}

fn type_name(kind: u32) -> String {
    TYPES.get(kind as usize).map_or_else(|| format!("<Unknown: {kind}>"), |name| (*name).to_owned())
}

/// A value's data as far as the file holds it.
fn data(event: &mut Event, kind: u32, length: usize, mut bytes: Bytes<'_>) {
    if length == 0 {
        return;
    }
    let data = match type_name(kind).as_str() {
        "REG_DWORD" => bytes.u32().map(|number| number.to_string()),
        "REG_SZ" | "REG_EXPAND_SZ" => Some(bytes.utf16_to_end().replace("\r\n", "\n;")),
        "REG_MULTI_SZ" => Some(bytes.strings(length).join(", ")),
        "REG_BINARY" => {
            Some(bytes.up_to(length).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" "))
        }
        // The view shows none.
        "REG_QWORD" => Some(String::new()),
        _ => None,
    };
    if let Some(data) = data {
        event.add("Data", data);
    }
}
