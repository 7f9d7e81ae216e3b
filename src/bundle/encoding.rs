//! Bytes to text: the encoding found from the bytes, never from the name; text is never refused.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding as Table, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

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
    /// Not text.
    Binary,
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
            Encoding::Binary => "binary",
        }
    }

    pub(super) fn table(self) -> &'static Table {
        match self {
            Encoding::Utf8 | Encoding::Binary => UTF_8,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::Gbk => GB18030,
            Encoding::Windows1252 => WINDOWS_1252,
        }
    }

    /// Bytes of a byte-order mark at the beginning of `bytes`.
    pub(super) fn mark(self, bytes: &[u8]) -> usize {
        match self {
            Encoding::Utf8 if bytes.starts_with(b"\xef\xbb\xbf") => 3,
            Encoding::Utf16Le if bytes.starts_with(b"\xff\xfe") => 2,
            Encoding::Utf16Be if bytes.starts_with(b"\xfe\xff") => 2,
            _ => 0,
        }
    }
}

/// The encoding that the first bytes of a file speak for.
pub(super) fn sniff(head: &[u8]) -> Encoding {
    if head.starts_with(b"\xef\xbb\xbf") {
        return Encoding::Utf8;
    }
    if head.starts_with(b"\xff\xfe") {
        return Encoding::Utf16Le;
    }
    if head.starts_with(b"\xfe\xff") {
        return Encoding::Utf16Be;
    }
    // A stray zero (a log cut short by a crash) does not make a text binary.
    if memchr::memchr_iter(0, head).count() * 50 > head.len() {
        return by_zeros(head);
    }
    // A character may be cut in two at the end.
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() - error.valid_up_to() < 4,
    };
    if valid {
        return if mostly_text(head) { Encoding::Utf8 } else { Encoding::Binary };
    }
    if !mostly_text(head) {
        return Encoding::Binary;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    if guess.name() == "GBK" || guess.name() == "gb18030" { Encoding::Gbk } else { Encoding::Windows1252 }
}

/// ASCII in UTF-16 has a zero in every other byte; anything else with zeros is no text.
fn by_zeros(head: &[u8]) -> Encoding {
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len() / 2;
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > half * 4 && even * 10 < half {
        Encoding::Utf16Le
    } else if even * 10 > half * 4 && odd * 10 < half {
        Encoding::Utf16Be
    } else {
        Encoding::Binary
    }
}

/// Whether control characters are rare.
fn mostly_text(head: &[u8]) -> bool {
    let odd = head.iter().filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)).count();
    odd * 50 <= head.len()
}

/// Decodes one line: UTF-8 where it is that, else as the artifact's encoding says; bad bytes stay visible. A byte-order
/// mark at the line's beginning, left by a writer that appended, is taken off.
#[must_use]
pub fn decode_line(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let table = if encoding == Encoding::Gbk { GB18030 } else { WINDOWS_1252 };
    table.decode_without_bom_handling(bytes).0
}

/// Decodes whole text of unknown encoding.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    decode_as(bytes, sniff(&bytes[..bytes.len().min(64 << 10)]))
}

/// Decodes whole text, line by line where lines may differ.
pub(super) fn decode_as(bytes: &[u8], encoding: Encoding) -> String {
    let bytes = &bytes[encoding.mark(bytes)..];
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => encoding.table().decode_without_bom_handling(bytes).0.into_owned(),
        _ => bytes.split_inclusive(|byte| *byte == b'\n').map(|line| decode_line(line, encoding)).collect(),
    }
}
