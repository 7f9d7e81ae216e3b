//! Events of the file system: what was opened, read, written, asked.

use super::Details;
use super::bytes::Bytes;
use super::event::Event;
use super::process::named;
use super::words::{access, grouped, mask};

/// Operations by their number, named as the view names them.
const OPERATIONS: [&str; 48] = [
    "VolumeDismount",
    "VolumeMount",
    "FASTIO_MDL_WRITE_COMPLETE",
    "WriteFile2",
    "FASTIO_MDL_READ_COMPLETE",
    "ReadFile2",
    "QueryOpen",
    "FASTIO_CHECK_IF_POSSIBLE",
    "IRP_MJ_12",
    "IRP_MJ_11",
    "IRP_MJ_10",
    "IRP_MJ_9",
    "IRP_MJ_8",
    "FASTIO_NOTIFY_STREAM_FO_CREATION",
    "FASTIO_RELEASE_FOR_CC_FLUSH",
    "FASTIO_ACQUIRE_FOR_CC_FLUSH",
    "FASTIO_RELEASE_FOR_MOD_WRITE",
    "FASTIO_ACQUIRE_FOR_MOD_WRITE",
    "FASTIO_RELEASE_FOR_SECTION_SYNCHRONIZATION",
    "CreateFileMapping",
    "CreateFile",
    "CreatePipe",
    "IRP_MJ_CLOSE",
    "ReadFile",
    "WriteFile",
    "QueryInformationFile",
    "SetInformationFile",
    "QueryEAFile",
    "SetEAFile",
    "FlushBuffersFile",
    "QueryVolumeInformation",
    "SetVolumeInformation",
    "DirectoryControl",
    "FileSystemControl",
    "DeviceIoControl",
    "InternalDeviceIoControl",
    "Shutdown",
    "LockUnlockFile",
    "CloseFile",
    "CreateMailSlot",
    "QuerySecurityFile",
    "SetSecurityFile",
    "Power",
    "SystemControl",
    "DeviceChange",
    "QueryFileQuota",
    "SetFileQuota",
    "PlugAndPlay",
];

/// Operations that have operations of their own: number, number within it, name.
const WITHIN: [(u16, u8, &str); 46] = [
    (30, 1, "QueryInformationVolume"),
    (30, 2, "QueryLabelInformationVolume"),
    (30, 3, "QuerySizeInformationVolume"),
    (30, 4, "QueryDeviceInformationVolume"),
    (30, 5, "QueryAttributeInformationVolume"),
    (30, 6, "QueryControlInformationVolume"),
    (30, 7, "QueryFullSizeInformationVolume"),
    (30, 8, "QueryObjectIdInformationVolume"),
    (31, 1, "SetControlInformationVolume"),
    (31, 2, "SetLabelInformationVolume"),
    (31, 8, "SetObjectIdInformationVolume"),
    (25, 0x04, "QueryBasicInformationFile"),
    (25, 0x05, "QueryStandardInformationFile"),
    (25, 0x06, "QueryFileInternalInformationFile"),
    (25, 0x07, "QueryEaInformationFile"),
    (25, 0x09, "QueryNameInformationFile"),
    (25, 0x0e, "QueryPositionInformationFile"),
    (25, 0x12, "QueryAllInformationFile"),
    (25, 0x14, "QueryEndOfFile"),
    (25, 0x16, "QueryStreamInformationFile"),
    (25, 0x1c, "QueryCompressionInformationFile"),
    (25, 0x1d, "QueryId"),
    (25, 0x22, "QueryNetworkOpenInformationFile"),
    (25, 0x23, "QueryAttributeTagFile"),
    (25, 0x25, "QueryIdBothDirectory"),
    (25, 0x2e, "QueryLinks"),
    (25, 0x30, "QueryNormalizedNameInformationFile"),
    (25, 0x33, "QueryIsRemoteDeviceInformation"),
    (25, 0x3b, "QueryIdInformation"),
    (25, 0x44, "QueryStatInformation"),
    (25, 0x47, "QueryCaseSensitiveInformation"),
    (26, 0x04, "SetBasicInformationFile"),
    (26, 0x0a, "SetRenameInformationFile"),
    (26, 0x0b, "SetLinkInformationFile"),
    (26, 0x0d, "SetDispositionInformationFile"),
    (26, 0x0e, "SetPositionInformationFile"),
    (26, 0x13, "SetAllocationInformationFile"),
    (26, 0x14, "SetEndOfFileInformationFile"),
    (26, 0x27, "SetValidDataLengthInformationFile"),
    (26, 0x28, "SetShortNameInformation"),
    (26, 0x40, "SetDispositionInformationEx"),
    (26, 0x41, "SetRenameInformationEx"),
    (32, 1, "QueryDirectory"),
    (32, 2, "NotifyChangeDirectory"),
    (37, 1, "LockFile"),
    (37, 2, "UnlockFileSingle"),
];

/// What generic rights to a file stand for.
const GENERIC: [u32; 4] = [0x12_0089, 0x12_0116, 0x12_00a0, 0x1f_01ff];

/// Rights to a file, wider ones first.
const RIGHTS: [(u32, &str); 17] = [
    (0x1f_01ff, "All Access"),
    (0x12_01bf, "Generic Read/Write/Execute"),
    (0x12_019f, "Generic Read/Write"),
    (0x12_00a9, "Generic Read/Execute"),
    (0x12_01b6, "Generic Write/Execute"),
    (0x12_0089, "Generic Read"),
    (0x12_0116, "Generic Write"),
    (0x12_00a0, "Generic Execute"),
    (0x1, "Read Data/List Directory"),
    (0x2, "Write Data/Add File"),
    (0x4, "Append Data/Add Subdirectory/Create Pipe Instance"),
    (0x8, "Read EA"),
    (0x10, "Write EA"),
    (0x20, "Execute/Traverse"),
    (0x40, "Delete Child"),
    (0x80, "Read Attributes"),
    (0x100, "Write Attributes"),
];

const DISPOSITIONS: [&str; 6] = ["Supersede", "Open", "Create", "OpenIf", "Overwrite", "OverwriteIf"];

const OPEN_RESULTS: [&str; 6] = ["Superseded", "Opened", "Created", "Overwritten", "Exists", "DoesNotExist"];

const OPTIONS: [(u32, &str); 22] = [
    (0x1, "Directory"),
    (0x2, "Write Through"),
    (0x4, "Sequential Access"),
    (0x8, "No Buffering"),
    (0x10, "Synchronous IO Alert"),
    (0x20, "Synchronous IO Non-Alert"),
    (0x40, "Non-Directory File"),
    (0x80, "Create Tree Connection"),
    (0x100, "Complete If Oplocked"),
    (0x200, "No EA Knowledge"),
    (0x400, "Open for Recovery"),
    (0x800, "Random Access"),
    (0x1000, "Delete On Close"),
    (0x2000, "Open By ID"),
    (0x4000, "Open For Backup"),
    (0x8000, "No Compression"),
    (0x10_0000, "Reserve OpFilter"),
    (0x20_0000, "Open Reparse Point"),
    (0x40_0000, "Open No Recall"),
    (0x80_0000, "Open For Free Space Query"),
    (0x1_0000, "Open Requiring Oplock"),
    (0x2_0000, "Disallow Exclusive"),
];

const ATTRIBUTES: [(u32, &str); 15] = [
    (0x1, "R"),
    (0x2, "H"),
    (0x4, "S"),
    (0x10, "D"),
    (0x20, "A"),
    (0x40, "D"),
    (0x80, "N"),
    (0x100, "T"),
    (0x200, "SF"),
    (0x400, "RP"),
    (0x800, "C"),
    (0x1000, "O"),
    (0x2000, "NCI"),
    (0x4000, "E"),
    (0x1_0000, "V"),
];

const SHARES: [(u32, &str); 3] = [(1, "Read"), (2, "Write"), (4, "Delete")];

/// Reads the details of a file-system event.
pub(super) fn read(event: &mut Event, class: &'static str, operation: u16, details: Details<'_>) -> Option<()> {
    event.class = class;
    event.operation = named(&OPERATIONS, operation);
    let Details { mut own, extra } = details;
    let within = own.u8()?;
    own.skip(3)?;
    if within != 0 && [25, 26, 30, 31, 32, 37, 47].contains(&operation) {
        let known = WITHIN.iter().find(|(outer, inner, _)| (*outer, *inner) == (operation, within));
        event.operation = known.map_or_else(|| "<Unknown>".to_owned(), |(_, _, name)| (*name).to_owned());
    }
    let asked = own.part(own.width() * 5 + 0x14)?;
    let path = own.text()?;
    own.skip(2)?;
    event.path = own.string(path)?;
    event.category = category(operation);
    match (operation, within) {
        (20, _) => create(event, own, asked, extra),
        (23 | 24, _) => transfer(event, asked, extra),
        (32, 1) => directory(event, own),
        (25, 0x04 | 0x22) => attributes(event, within == 0x22, extra?),
        (25, 0x05) => standard(event, extra?),
        (26, 0x0d) => {
            event.add("Delete", if own.u8()? == 0 { "False" } else { "True" });
            Some(())
        }
        _ => Some(()),
    }
}

fn category(operation: u16) -> &'static str {
    match operation {
        5 | 23 => "Read",
        3 | 24 => "Write",
        25 | 27 | 30 | 32 | 40 | 45 => "Read Metadata",
        26 | 28 | 31 | 41 | 46 => "Write Metadata",
        _ => "",
    }
}

/// `CreateFile`: with what rights, how, and what came of it.
fn create(event: &mut Event, mut own: Bytes<'_>, mut asked: Bytes<'_>, extra: Option<Bytes<'_>>) -> Option<()> {
    event.add("Desired Access", access(own.u32()?, GENERIC, &RIGHTS));
    let identity = usize::from(own.u8()?);
    own.skip(3)?;
    asked.skip(0x10)?;
    asked.align()?;
    let word = asked.u32()?;
    let (disposition, options) = (word >> 24, word & 0xff_ffff);
    asked.align()?;
    let (attributes, share) = (asked.u16()?, asked.u16()?);
    let known = DISPOSITIONS.get(disposition as usize).copied();
    event.add("Disposition", known.unwrap_or("<unknown>"));
    event.add("Options", mask(options, &OPTIONS, ", "));
    event.add("Attributes", attribute_letters(attributes.into()));
    event.add("ShareMode", if share == 0 { "None".to_owned() } else { mask(share.into(), &SHARES, ", ") });
    asked.skip(4 + asked.width() * 2)?;
    // What may make a file says how much room it asks for.
    let makes = ["Supersede", "Create", "OpenIf", "OverwriteIf"].contains(&known.unwrap_or_default());
    let room = asked.u32()?;
    event.add("AllocationSize", if makes { grouped(room.into()) } else { "n/a".to_owned() });
    if identity > 0 {
        event.add("Impersonating", sid(own.take(identity)?)?);
    }
    let opened = extra.and_then(|mut extra| extra.u32()).map(|number| {
        let name = OPEN_RESULTS.get(number as usize).copied().unwrap_or("<unknown>");
        event.add("OpenResult", name);
        name
    });
    let wrote = match opened {
        Some("Superseded" | "Created" | "Overwritten") => true,
        Some("Opened" | "Exists" | "DoesNotExist") => false,
        _ => known.is_some_and(|known| known != "Open"),
    };
    event.category = if wrote { "Write" } else { "" };
    Some(())
}

/// `ReadFile` and `WriteFile`: where, and how much.
fn transfer(event: &mut Event, mut asked: Bytes<'_>, extra: Option<Bytes<'_>>) -> Option<()> {
    asked.skip(4 + 4 + 4)?;
    let wanted = asked.u32()?;
    asked.align()?;
    asked.skip(4)?;
    asked.align()?;
    let offset = asked.u64()?.cast_signed();
    let sign = if offset < 0 { "-" } else { "" };
    event.add("Offset", format!("{sign}{}", grouped(offset.unsigned_abs())));
    let length = extra.and_then(|mut extra| extra.u32()).unwrap_or(wanted);
    event.add("Length", grouped(length.into()));
    Some(())
}

/// `QueryDirectory`: the filter is part of the path.
fn directory(event: &mut Event, mut own: Bytes<'_>) -> Option<()> {
    let text = own.text()?;
    let filter = own.string(text)?;
    if !filter.is_empty() {
        let between = if event.path.ends_with('\\') { "" } else { "\\" };
        event.path = format!("{}{between}{filter}", event.path);
        event.add("Filter", filter);
    }
    Some(())
}

/// When a file was made, read, written, and its attributes.
fn attributes(event: &mut Event, network: bool, mut extra: Bytes<'_>) -> Option<()> {
    for name in ["CreationTime", "LastAccessTime", "LastWriteTime", "ChangeTime"] {
        let time = extra.u64()?;
        event.add(name, super::words::stamp(time - time % super::words::SECOND)?.iso().replace('T', " "));
    }
    if network {
        event.add("AllocationSize", grouped(extra.u64()?));
        event.add("EndOfFile", grouped(extra.u64()?));
    }
    event.add("FileAttributes", attribute_letters(extra.u32()?));
    Some(())
}

fn standard(event: &mut Event, mut extra: Bytes<'_>) -> Option<()> {
    event.add("AllocationSize", grouped(extra.u64()?));
    event.add("EndOfFile", grouped(extra.u64()?));
    event.add("NumberOfLinks", extra.u32()?);
    let mut word = || extra.u8().map(|byte| if byte == 0 { "False" } else { "True" });
    let (deleted, directory) = (word()?, word()?);
    event.add("DeletePending", deleted);
    event.add("Directory", directory);
    Some(())
}

fn attribute_letters(attributes: u32) -> String {
    if attributes == 0 { "n/a".to_owned() } else { mask(attributes, &ATTRIBUTES, "") }
}

/// An identity in its usual form.
fn sid(bytes: &[u8]) -> Option<String> {
    let mut rest = Bytes::new(bytes, false);
    let (revision, count) = (rest.u8()?, rest.u8()?);
    let authority = rest.take(6)?.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let parts = (0..count).map(|_| rest.u32().map(|part| format!("-{part}"))).collect::<Option<String>>()?;
    Some(format!("S-{revision}-{authority}{parts}"))
}
