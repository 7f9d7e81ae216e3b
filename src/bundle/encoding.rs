//! Bytes to text: the encoding found from the bytes, never from the name; text is never refused.

use std::borrow::Cow;
use std::io::Cursor;

use encoding_rs::{Encoding as Table, UTF_16BE, UTF_16LE};

use super::legacy;
use super::region::{self, Order};
use super::text::TextReader;

/// The text encoding of an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 or ASCII, with or without a byte-order mark.
    Utf8,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// GBK or GB18030.
    Gbk,
    /// Windows-1252, or bytes of no clear encoding, kept visible.
    Windows1252,
    /// Code page 850, of consoles.
    Cp850,
    /// Another one of old.
    Other(&'static Table),
    /// Not text.
    Binary,
}

/// Why an encoding is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// It is what the bytes look like most.
    Guessed,
    /// Parts of the file are of another; they are read as what they are.
    Mixed,
}

impl Doubt {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Doubt::Guessed => "guessed",
            Doubt::Mixed => "mixed",
        }
    }
}

impl Encoding {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Gbk => "gbk",
            Encoding::Windows1252 => "windows-1252",
            Encoding::Cp850 => "cp850",
            Encoding::Other(table) => table.name(),
            Encoding::Binary => "binary",
        }
    }

    /// The order of bytes in a character, for encodings of two.
    pub(super) fn order(self) -> Option<Order> {
        match self {
            Encoding::Utf16Le => Some(Order::Little),
            Encoding::Utf16Be => Some(Order::Big),
            _ => None,
        }
    }

    pub(super) fn of(order: Order) -> Encoding {
        match order {
            Order::Little => Encoding::Utf16Le,
            Order::Big => Encoding::Utf16Be,
        }
    }

    /// Whether its text is read as it is: a byte of ASCII is the same byte.
    #[must_use]
    pub fn keeps_ascii(self) -> bool {
        self != Encoding::Binary && self.order().is_none()
    }

    /// Bytes of a byte-order mark at the beginning of `bytes`.
    #[must_use]
    pub fn mark(self, bytes: &[u8]) -> usize {
        match self {
            Encoding::Utf8 if bytes.starts_with(b"\xef\xbb\xbf") => 3,
            Encoding::Utf16Le if bytes.starts_with(b"\xff\xfe") => 2,
            Encoding::Utf16Be if bytes.starts_with(b"\xfe\xff") => 2,
            _ => 0,
        }
    }
}

/// The encoding that the first bytes of a file speak for, and whether that is in doubt.
pub(super) fn sniff(head: &[u8]) -> (Encoding, Option<Doubt>) {
    if head.starts_with(b"\xef\xbb\xbf") {
        return (Encoding::Utf8, None);
    }
    if head.starts_with(b"\xff\xfe") {
        return (Encoding::Utf16Le, None);
    }
    if head.starts_with(b"\xfe\xff") {
        return (Encoding::Utf16Be, None);
    }
    if let Some(order) = region::unmarked(head) {
        return (Encoding::of(order), None);
    }
    let text = narrow(head);
    if !mostly_text(&text) {
        return (Encoding::Binary, None);
    }
    if is_utf8(&text) {
        return (Encoding::Utf8, None);
    }
    let (encoding, sure) = legacy::of_text(&text);
    (encoding, (!sure).then_some(Doubt::Guessed))
}

/// The bytes that are text of one byte a letter: neither what a crash leaves nor what a writer of UTF-16 added.
fn narrow(head: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(0, head).is_none() {
        return Cow::Borrowed(head);
    }
    let mut reader = TextReader::new(Box::new(Cursor::new(head.to_vec())), Encoding::Utf8);
    let mut kept = Vec::new();
    while let Ok(Some(block)) = reader.next_block() {
        if block.encoding.order().is_none() {
            kept.extend_from_slice(block.bytes);
        }
    }
    Cow::Owned(kept)
}

/// Whether it is UTF-8, as a whole or in most of its lines that go beyond ASCII.
fn is_utf8(text: &[u8]) -> bool {
    match std::str::from_utf8(text) {
        Ok(_) => return true,
        // A character may be cut in two at the end.
        Err(error) if error.error_len().is_none() && text.len() - error.valid_up_to() < 4 => return true,
        Err(_) => {}
    }
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii());
    let (valid, odd): (Vec<&[u8]>, Vec<&[u8]>) = lines.partition(|line| std::str::from_utf8(line).is_ok());
    !valid.is_empty() && valid.len() >= odd.len()
}

/// Whether control characters are rare.
fn mostly_text(head: &[u8]) -> bool {
    let odd = head.iter().filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)).count();
    odd * 50 <= head.len()
}

/// Where the lines of a text begin that are no UTF-8: what is not ASCII stands there in other bytes.
pub fn lines_unlike_utf8(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut next = 0;
    text.split_inclusive(|byte| *byte == b'\n').filter_map(move |line| {
        let begin = next;
        next += line.len();
        std::str::from_utf8(line).is_err().then_some(begin)
    })
}

/// Decodes one line: UTF-8 where it is that, else as the artifact's encoding says or the line itself; bad bytes stay
/// visible. A byte-order mark at the line's beginning, left by a writer that appended, is taken off.
#[must_use]
pub fn decode_line(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    match encoding {
        Encoding::Gbk => legacy::gbk(bytes),
        Encoding::Cp850 => legacy::cp850(bytes),
        Encoding::Other(table) => table.decode_without_bom_handling(bytes).0,
        _ => legacy::line(bytes),
    }
}

/// Decodes units of two bytes.
pub(super) fn decode_wide(bytes: &[u8], order: Order) -> Cow<'_, str> {
    let table = match order {
        Order::Little => UTF_16LE,
        Order::Big => UTF_16BE,
    };
    table.decode_without_bom_handling(bytes).0
}

/// Decodes whole text of unknown encoding.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    let (encoding, _) = sniff(bytes.get(..64 << 10).unwrap_or(bytes));
    let mut reader = TextReader::new(Box::new(Cursor::new(bytes.to_vec())), encoding);
    let mut text = String::new();
    // Bytes in memory do not break off.
    while let Ok(Some(block)) = reader.next_block() {
        for line in block.bytes.split_inclusive(|byte| *byte == b'\n') {
            text.push_str(&decode_line(line, block.encoding));
        }
    }
    text
}
