//! The words of the view: results, masks, numbers and times as its columns show them.

use std::borrow::Cow;

use crate::value::Stamp;

/// Units of 100 ns in a second.
pub(super) const SECOND: u64 = 10_000_000;
/// From 1601 to 1970, in seconds.
const EPOCH: i64 = 11_644_473_600;

/// The stamp of a time in units of 100 ns since 1601.
pub(super) fn stamp(time: u64) -> Option<Stamp> {
    let ticks = i64::try_from(time).ok()?;
    let since = ticks.checked_sub(EPOCH.checked_mul(SECOND.cast_signed())?)?;
    since.checked_mul(100).map(Stamp)
}

/// The time of day, `07:37:18.2093997`.
pub(super) fn clock(time: u64) -> Option<String> {
    let second = (time / SECOND) % 86_400;
    stamp(time)?;
    Some(format!("{:02}:{:02}:{:02}.{:07}", second / 3600, second / 60 % 60, second % 60, time % SECOND))
}

/// A length of time as hours, minutes and seconds.
pub(super) fn long(time: u64) -> String {
    let second = time / SECOND;
    format!("{:02}:{:02}:{:02}.{:07}", second / 3600, second / 60 % 60, second % 60, time % SECOND)
}

/// A length of time in seconds, `0.0156250`.
pub(super) fn seconds(time: u64) -> String {
    format!("{}.{:07}", time / SECOND, time % SECOND)
}

/// A number with its thousands parted, `1,234`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The names of a mask's bits, each bit named once, as far as the names go.
pub(super) fn mask(mut mask: u32, names: &[(u32, &str)], between: &str) -> String {
    let mut found = Vec::new();
    for (bits, name) in names {
        if mask & bits == *bits {
            found.push(*name);
            mask &= !bits;
        }
    }
    found.join(between)
}

/// Rights, after the generic ones are turned into those that they stand for: read, write, execute, all.
pub(super) fn access(asked: u32, generic: [u32; 4], names: &[(u32, &str)]) -> String {
    let mut rights = asked;
    for (bit, stands_for) in [0x8000_0000, 0x4000_0000, 0x2000_0000, 0x1000_0000].into_iter().zip(generic) {
        if asked & bit != 0 {
            rights |= stands_for;
        }
    }
    let named = mask(rights, &[names, &COMMON_RIGHTS].concat(), ", ");
    if named.is_empty() { format!("None 0x{rights:x}") } else { named }
}

/// Rights to any object.
const COMMON_RIGHTS: [(u32, &str); 7] = [
    (0x1_0000, "Delete"),
    (0x2_0000, "Read Control"),
    (0x4_0000, "Write DAC"),
    (0x8_0000, "Write Owner"),
    (0x10_0000, "Synchronize"),
    (0x100_0000, "Access System Security"),
    (0x200_0000, "Maximum Allowed"),
];

/// The word for a result; a status without one is its number.
pub(super) fn result(status: u32) -> Cow<'static, str> {
    let known = RESULTS.iter().find(|(code, _)| *code == status);
    known.map_or_else(|| Cow::Owned(format!("0x{status:X}")), |(_, word)| Cow::Borrowed(*word))
}

/// NTSTATUS values that have a word.
const RESULTS: &[(u32, &str)] = &[
    (0x0, "SUCCESS"),
    (0x103, ""),
    (0x104, "REPARSE"),
    (0x105, "MORE ENTRIES"),
    (0x108, "OPLOCK BREAK IN PROGRESS"),
    (0x10b, "NOTIFY CLEANUP"),
    (0x10c, "NOTIFY ENUM DIR"),
    (0x12a, "FILE LOCKED WITH ONLY READERS"),
    (0x12b, "FILE LOCKED WITH WRITERS"),
    (0x215, "OPLOCK SWITCHED TO NEW HANDLE"),
    (0x216, "OPLOCK HANDLE CLOSED"),
    (0x367, "WAIT FOR OPLOCK"),
    (0x368, "REPARSE GLOBAL"),
    (0x4000_0016, "PREDEFINED HANDLE"),
    (0x8000_0002, "DATATYPE MISALIGNMENT"),
    (0x8000_0005, "BUFFER OVERFLOW"),
    (0x8000_0006, "NO MORE FILES"),
    (0x8000_0015, "INVALID EA FLAG"),
    (0x8000_001a, "NO MORE ENTRIES"),
    (0x8009_0322, "E_WRONG_PRINCIPAL"),
    (0xc000_0001, "UNSUCCESSFUL"),
    (0xc000_0002, "NOT IMPLEMENTED"),
    (0xc000_0003, "INVALID INFO CLASS"),
    (0xc000_0004, "INFO LENGTH MISMATCH"),
    (0xc000_0005, "ACCESS VIOLATION"),
    (0xc000_0006, "IN PAGE ERROR"),
    (0xc000_0008, "INVALID HANDLE"),
    (0xc000_000d, "INVALID PARAMETER"),
    (0xc000_000e, "NO SUCH DEVICE"),
    (0xc000_000f, "NO SUCH FILE"),
    (0xc000_0010, "INVALID DEVICE REQUEST"),
    (0xc000_0011, "END OF FILE"),
    (0xc000_0012, "WRONG VOLUME"),
    (0xc000_0013, "NO MEDIA"),
    (0xc000_0015, "NONEXISTENT SECTOR"),
    (0xc000_0017, "NO MEMORY"),
    (0xc000_0021, "ALREADY COMMITTED"),
    (0xc000_0022, "ACCESS DENIED"),
    (0xc000_0023, "BUFFER TOO SMALL"),
    (0xc000_0024, "OBJECT TYPE MISMATCH"),
    (0xc000_0032, "DISK CORRUPT"),
    (0xc000_0033, "NAME INVALID"),
    (0xc000_0034, "NAME NOT FOUND"),
    (0xc000_0035, "NAME COLLISION"),
    (0xc000_0039, "OBJECT PATH INVALID"),
    (0xc000_003a, "PATH NOT FOUND"),
    (0xc000_003b, "PATH SYNTAX BAD"),
    (0xc000_003c, "DATA OVERRUN"),
    (0xc000_003f, "CRC ERROR"),
    (0xc000_0043, "SHARING VIOLATION"),
    (0xc000_0044, "QUOTA EXCEEDED"),
    (0xc000_004f, "EAS NOT SUPPORTED"),
    (0xc000_0050, "EA TOO LARGE"),
    (0xc000_0051, "NONEXISTENT EA ENTRY"),
    (0xc000_0052, "NO EAS ON FILE"),
    (0xc000_0053, "EA CORRUPT ERROR"),
    (0xc000_0054, "FILE LOCK CONFLICT"),
    (0xc000_0055, "NOT GRANTED"),
    (0xc000_0056, "DELETE PENDING"),
    (0xc000_005a, "INVALID OWNER"),
    (0xc000_0061, "PRIVILEGE NOT HELD"),
    (0xc000_006d, "LOGON FAILURE"),
    (0xc000_007e, "RANGE NOT LOCKED"),
    (0xc000_007f, "DISK FULL"),
    (0xc000_0098, "FILE INVALID"),
    (0xc000_009a, "INSUFFICIENT RESOURCES"),
    (0xc000_009c, "DEVICE DATA ERROR"),
    (0xc000_009d, "DEVICE NOT CONNECTED"),
    (0xc000_00a2, "MEDIA WRITE PROTECTED"),
    (0xc000_00a5, "BAD IMPERSONATION"),
    (0xc000_00ab, "INSTANCE NOT AVAILABLE"),
    (0xc000_00ac, "PIPE NOT AVAILABLE"),
    (0xc000_00ad, "INVALID PIPE STATE"),
    (0xc000_00ae, "PIPE BUSY"),
    (0xc000_00b0, "PIPE DISCONNECTED"),
    (0xc000_00b1, "PIPE CLOSING"),
    (0xc000_00b2, "PIPE CONNECTED"),
    (0xc000_00b3, "PIPE LISTENING"),
    (0xc000_00b4, "INVALID READ MODE"),
    (0xc000_00b5, "IO TIMEOUT"),
    (0xc000_00ba, "IS DIRECTORY"),
    (0xc000_00bb, "NOT SUPPORTED"),
    (0xc000_00bd, "DUPLICATE NAME"),
    (0xc000_00be, "BAD NETWORK PATH"),
    (0xc000_00c1, "TOO MANY COMMANDS"),
    (0xc000_00c3, "INVALID NETWORK RESPONSE"),
    (0xc000_00c4, "NETWORK ERROR"),
    (0xc000_00cc, "BAD NETWORK NAME"),
    (0xc000_00d4, "NOT SAME DEVICE"),
    (0xc000_00d8, "CANT WAIT"),
    (0xc000_00d9, "PIPE EMPTY"),
    (0xc000_00db, "CSC OBJECT PATH NOT FOUND"),
    (0xc000_00e2, "OPLOCK NOT GRANTED"),
    (0xc000_00ef, "INVALID PARAMETER 1"),
    (0xc000_00f0, "INVALID PARAMETER 2"),
    (0xc000_00f1, "INVALID PARAMETER 3"),
    (0xc000_00f2, "INVALID PARAMETER 4"),
    (0xc000_00fb, "REDIRECTOR NOT STARTED"),
    (0xc000_0101, "NOT EMPTY"),
    (0xc000_0102, "FILE CORRUPT"),
    (0xc000_0103, "NOT A DIRECTORY"),
    (0xc000_0107, "FILES OPEN"),
    (0xc000_010d, "CANNOT IMPERSONATE"),
    (0xc000_0120, "CANCELLED"),
    (0xc000_0121, "CANNOT DELETE"),
    (0xc000_0123, "FILE DELETED"),
    (0xc000_0128, "FILE CLOSED"),
    (0xc000_012a, "THREAD NOT IN PROCESS"),
    (0xc000_0148, "INVALID LEVEL"),
    (0xc000_014b, "PIPE BROKEN"),
    (0xc000_014c, "REGISTRY CORRUPT"),
    (0xc000_014d, "IO FAILED"),
    (0xc000_017c, "KEY DELETED"),
    (0xc000_0181, "CHILD MUST BE VOLATILE"),
    (0xc000_0184, "INVALID DEVICE STATE"),
    (0xc000_0185, "IO DEVICE ERROR"),
    (0xc000_0188, "LOG FILE FULL"),
    (0xc000_019c, "FS DRIVER REQUIRED"),
    (0xc000_0203, "USER SESSION DELETED"),
    (0xc000_0205, "INSUFFICIENT SERVER RESOURCES"),
    (0xc000_0207, "INVALID ADDRESS COMPONENT"),
    (0xc000_020c, "DISCONNECTED"),
    (0xc000_0225, "NOT FOUND"),
    (0xc000_0243, "USER MAPPED FILE"),
    (0xc000_0248, "LOGIN WKSTA RESTRICTION"),
    (0xc000_0257, "PATH NOT COVERED"),
    (0xc000_026d, "DFS UNAVAILABLE"),
    (0xc000_0273, "NO MORE MATCHES"),
    (0xc000_0275, "NOT REPARSE POINT"),
    (0xc000_02ea, "CANNOT MAKE"),
    (0xc000_02f0, "OBJECTID NOT FOUND"),
    (0xc000_0388, "DOWNGRADE DETECTED"),
    (0xc000_0425, "HIVE UNLOADED"),
    (0xc000_0427, "FILE SYSTEM LIMITATION"),
    (0xc000_0463, "DEVICE FEATURE NOT SUPPORTED"),
    (0xc000_046d, "OBJECT NOT EXTERNALLY BACKED"),
    (0xc000_04ad, "STORAGE RESERVE ID INVALID"),
    (0xc000_04ae, "STORAGE RESERVE DOES NOT EXIST"),
    (0xc000_04af, "STORAGE RESERVE ALREADY EXISTS"),
    (0xc000_04b0, "STORAGE RESERVE NOT EMPTY"),
    (0xc000_04b1, "NOT A DAX VOLUME"),
    (0xc000_0909, "CANNOT BREAK OPLOCK"),
    (0xc000_a2a1, "STATUS_OFFLOAD_READ_FLT_NOT_SUPPORTED"),
    (0xc000_a2a2, "STATUS_OFFLOAD_WRITE_FLT_NOT_SUPPORTED"),
    (0xc000_a2a3, "OFFLOAD READ FILE NOT SUPPORTED"),
    (0xc000_a2a4, "OFFLOAD READ FILE NOT SUPPORTED"),
    (0xc019_0001, "TRANSACTIONAL CONFLICT"),
    (0xc019_0002, "INVALID TRANSACTION"),
    (0xc019_0003, "TRANSACTION_NOT_ACTIVE"),
    (0xc019_003e, "EFS NOT ALLOWED IN TRANSACTION"),
    (0xc019_003f, "TRANSACTIONAL OPEN NOT ALLOWED"),
    (0xc019_0040, "TRANSACTED MAPPING UNSUPPORTED REMOTE"),
    (0xc019_0044, "CANNOT EXECUTE FILE IN TRANSACTION"),
    (0xc019_0049, "SPARSE NOT ALLOWED IN TRANSACTION"),
    (0xc01c_0004, "FAST IO DISALLOWED"),
];
