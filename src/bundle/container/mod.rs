//! Containers: one file a form, told by magic, each giving its members one after the other as streams.
//!
//! A new form is a file beside these, a variant of [`Form`] and its magic. No form holds more than its directory and a
//! window of one member; limits are kept by whoever takes the members.

mod cab;
mod near;
mod seven;
mod stream;
mod tar;
mod zip;

use std::io::{self, Read};

use super::artifact::Seekable;
use super::member::Place;

pub(super) use cab::Folder;

/// Dictionaries and windows up to this size are granted to a decoder.
const WINDOW: u64 = 256 << 20;

/// A member of so many bytes is left where it is, if it can be read there.
const LARGE: u64 = 4 << 20;

/// Characters of a member's name that are shown.
const NAME: usize = 512;

/// A form of container that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Zip,
    Cab,
    Seven,
    Tar,
    Gzip,
    Xz,
    Zstd,
    Bzip2,
}

/// Archives that are known by their first bytes but not read: magic, what they are called.
const UNREAD: [(&[u8], &str); 3] = [(b"Rar!\x1a\x07", "rar"), (b"MSWIM\0\0\0", "wim"), (b"LZIP", "lzip")];

/// A member as its container's directory tells it.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its name for people, never a path on disk.
    pub(super) name: String,
    /// Its size unpacked, where the container says it before the bytes come.
    pub(super) bytes: Option<u64>,
    /// Its size in the container, where that is known.
    pub(super) packed: Option<u64>,
}

/// What there is of a member.
pub(super) enum Body<'r> {
    /// Its bytes. They may break off with an error.
    Bytes(&'r mut dyn Read),
    /// Its bytes lie here in the container, and are so many that they are better left there.
    Lies(Place),
    /// It needs a password.
    Encrypted,
    /// A link, a device: nothing that has bytes of its own.
    Special,
    /// It cannot be read.
    Unreadable(io::Error),
}

/// Why no more members come.
#[derive(Debug)]
pub(super) enum Fault {
    /// All of it needs a password.
    Encrypted,
    /// It is damaged from here on, or not of this form after all.
    Damaged(io::Error),
    /// A limit was reached; who takes the members knows which.
    Limit,
}

/// What becomes of a member that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was taken, or left with a word why.
    Yes,
    /// It is past a limit. Where leaving it costs nothing, the next may come.
    Past,
    /// No more of this container.
    Enough,
}

/// Who takes members.
pub(super) type Taker<'t> = dyn FnMut(&Entry, Body<'_>) -> Taken + 't;

/// Opens the container's bytes from the beginning.
pub(super) type Open<'o> = dyn Fn() -> io::Result<Box<dyn Seekable>> + 'o;

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Damaged(error)
    }
}

impl Form {
    /// The form that a file's first bytes speak for.
    pub(super) fn of(head: &[u8]) -> Option<Form> {
        let digit = |at: usize| head.get(at).is_some_and(|byte| (b'1'..=b'9').contains(byte));
        let bzip2 = |magic: &[u8]| head.get(4..10) == Some(magic);
        match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, b'P', b'K', 3, 4, ..] => {
                Some(Form::Zip)
            }
            [b'M', b'S', b'C', b'F', 0, 0, 0, 0, ..] => Some(Form::Cab),
            [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(Form::Seven),
            [0x1f, 0x8b, 8, ..] => Some(Form::Gzip),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Form::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Form::Zstd),
            [b'B', b'Z', b'h', ..] if digit(3) && (bzip2(b"1AY&SY") || bzip2(b"\x17rE8P\x90")) => Some(Form::Bzip2),
            _ => tar::is_header(head).then_some(Form::Tar),
        }
    }

    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Form::Zip => "zip",
            Form::Cab => "cab",
            Form::Seven => "7z",
            Form::Tar => "tar",
            Form::Gzip => "gzip",
            Form::Xz => "xz",
            Form::Zstd => "zstd",
            Form::Bzip2 => "bzip2",
        }
    }

    /// Gives every member to `take`, in the container's order. `place` is the container's own path, which names what a
    /// compressed single file holds.
    pub(super) fn members(self, open: &Open<'_>, place: &str, take: &mut Taker<'_>) -> Result<(), Fault> {
        match self {
            Form::Zip => zip::members(open, take),
            Form::Cab => cab::members(open, take),
            Form::Seven => seven::members(open, take),
            Form::Tar => tar::members(open, take),
            Form::Gzip | Form::Xz | Form::Zstd | Form::Bzip2 => stream::members(self, open, place, take),
        }
    }
}

/// Whether a file has the name of a container.
pub(super) fn named(name: &str) -> bool {
    const ENDINGS: [&str; 12] = ["zip", "cab", "7z", "tar", "gz", "tgz", "xz", "txz", "zst", "tzst", "bz2", "tbz2"];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// What an archive that cannot be read is called.
pub(super) fn unread(head: &[u8]) -> Option<&'static str> {
    UNREAD.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

/// Goes on, or ends the container: for forms where a member left out still has to be gone through.
fn in_a_row(taken: Taken) -> Result<(), Fault> {
    match taken {
        Taken::Yes => Ok(()),
        Taken::Past | Taken::Enough => Err(Fault::Limit),
    }
}

/// A member's name for people: UTF-8, else what Chinese tools write without saying so.
fn name(raw: &[u8]) -> String {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0,
    };
    let shown = text.chars().map(|char| match char {
        '\\' => '/',
        control if control.is_control() => '\u{fffd}',
        char => char,
    });
    let mut name: String = shown.take(NAME + 1).collect();
    if let Some((cut, _)) = name.char_indices().nth(NAME) {
        name.truncate(cut);
        name.push('…');
    }
    name
}
