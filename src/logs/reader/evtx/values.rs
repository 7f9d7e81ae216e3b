//! The values of an event: their kinds, whether their bytes are such a value, and how it is written.
//!
//! A value is written as the XML of its event has it, read back. What is written in another way than its bytes say at once
//! (numbers with a fraction, other letters than ASCII in text of one byte a letter) is left to who reads the XML.

use std::fmt::Write as _;

use ::evtx::Timestamp;
use memchr::memchr3;

use super::bytes::{u16_at, u32_at, u64_at};

/// No value at all: the elements that depend on it are left out.
pub(super) const NULL: u8 = 0x00;
pub(super) const TEXT: u8 = 0x01;
const ANSI: u8 = 0x02;
pub(super) const FILETIME: u8 = 0x11;
/// Elements, in binary form.
pub(super) const BINXML: u8 = 0x21;
/// Texts, each with a zero behind it.
pub(super) const TEXTS: u8 = 0x81;

/// Bytes of values of one size by their kind, from 3 on; 0 where the size says nothing.
const SIZES: [u8; 19] = [1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, 0, 16, 0, 8, 16, 0, 4, 8];

/// Whether there are values of a kind, one or several, in this form.
pub(super) fn is_kind(kind: u8) -> bool {
    matches!(kind & 0x7f, 0x00..=0x15 | 0x21) && kind != 0x80
}

/// Whether these bytes are a value of a kind, as far as their number tells. Kinds that none but the XML's reader knows are
/// not.
pub(super) fn sound(kind: u8, bytes: &[u8]) -> bool {
    match kind {
        NULL | ANSI | BINXML | 0x0e => true,
        TEXT => bytes.len().is_multiple_of(2),
        // As wide as a pointer was on that machine.
        0x10 => matches!(bytes.len(), 4 | 8),
        0x13 => bytes.get(1).is_some_and(|count| bytes.len() == 8 + 4 * usize::from(*count)),
        0x03..=0x15 => SIZES.get(usize::from(kind) - 3).is_some_and(|size| bytes.len() == usize::from(*size)),
        TEXTS => bytes.len().is_multiple_of(2) && (bytes.is_empty() || bytes.ends_with(&[0, 0])),
        _ => false,
    }
}

/// Whether a value of a kind is written in letters of its own.
pub(super) fn is_text(kind: u8) -> bool {
    matches!(kind, TEXT | ANSI | TEXTS)
}

/// Writes a sound value; `None` where it takes the XML to know how.
pub(super) fn write(kind: u8, bytes: &[u8], out: &mut String) -> Option<()> {
    match kind {
        NULL => {}
        BINXML | TEXTS if bytes.is_empty() => {}
        TEXT => letters(bytes, out)?,
        ANSI if bytes.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')) => {
            out.push_str(std::str::from_utf8(bytes).ok()?);
        }
        0x03 | 0x05 | 0x07 | 0x09 => signed_decimal(signed(bytes)?, out),
        0x04 | 0x06 | 0x08 | 0x0a => decimal(unsigned(bytes)?, out),
        // What is neither of the two is shown as the number it is.
        0x0d => match unsigned(bytes)? {
            0 => out.push_str("false"),
            1 => out.push_str("true"),
            _ => signed_decimal(signed(bytes)?, out),
        },
        0x0e => hexadecimal(bytes.iter().copied(), HEX_UPPER, out),
        0x0f => guid(bytes, out)?,
        0x10 | 0x14 | 0x15 => {
            out.push_str("0x");
            digits::<16>(unsigned(bytes)?, out);
        }
        FILETIME => time(u64_at(bytes, 0)?, out)?,
        0x13 => account(bytes, out)?,
        _ => return None,
    }
    Some(())
}

fn unsigned(bytes: &[u8]) -> Option<u64> {
    match *bytes {
        [byte] => Some(byte.into()),
        [_, _] => u16_at(bytes, 0).map(u64::from),
        [_, _, _, _] => u32_at(bytes, 0).map(u64::from),
        _ => u64_at(bytes, 0),
    }
}

fn signed(bytes: &[u8]) -> Option<i64> {
    // The highest bit tells the sign, however many there are.
    let above = u32::try_from(64 - bytes.len() * 8).ok()?;
    Some((unsigned(bytes)? << above).cast_signed() >> above)
}

fn decimal(number: u64, out: &mut String) {
    digits::<10>(number, out);
}

fn signed_decimal(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    decimal(number.unsigned_abs(), out);
}

/// Writes a number in so many digits, as `write!` does but without its detours: most values of an event are numbers.
fn digits<const BASE: u64>(mut number: u64, out: &mut String) {
    let mut written = [0; 20];
    let mut from = written.len();
    for place in written.iter_mut().rev() {
        *place = HEX_LOWER.get(usize::try_from(number % BASE).unwrap_or_default()).copied().unwrap_or_default();
        number /= BASE;
        from -= 1;
        if number == 0 {
            break;
        }
    }
    for digit in written.get(from..).unwrap_or_default() {
        out.push(char::from(*digit));
    }
}

/// Letters of text that are narrowed in one go.
const RUN: usize = 32;

/// Writes text of two bytes a letter, up to its first zero; what no XML may hold is a `_`. `None` where half a letter stands
/// alone.
pub(super) fn letters(bytes: &[u8], out: &mut String) -> Option<()> {
    let (units, _) = bytes.as_chunks::<2>();
    let mut left = units;
    let mut run = [0; RUN];
    while !left.is_empty() {
        let (now, later) = left.split_at(left.len().min(RUN));
        let mut others = 0;
        for (narrow, [low, high]) in run.iter_mut().zip(now) {
            *narrow = *low;
            others |= *high | u8::from(!(b' '..=b'~').contains(low));
        }
        if others != 0 {
            return others_too(left, out);
        }
        out.push_str(run.get(..now.len()).and_then(|run| std::str::from_utf8(run).ok())?);
        left = later;
    }
    Some(())
}

fn others_too(units: &[[u8; 2]], out: &mut String) -> Option<()> {
    for char in char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit))) {
        match char.ok()? {
            '\0' => break,
            char @ ('\t' | '\n' | '\r') => out.push(char),
            '\u{1}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('_'),
            char => out.push(char),
        }
    }
    Some(())
}

/// Whether an attribute of XML would not hold a text as it is.
pub(super) fn is_broken(text: &str) -> bool {
    memchr3(b'\t', b'\n', b'\r', text.as_bytes()).is_some()
}

const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";
const HEX_LOWER: &[u8; 16] = b"0123456789abcdef";

fn hexadecimal(bytes: impl Iterator<Item = u8>, digits: &[u8; 16], out: &mut String) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 0xf] {
            out.push(digits.get(usize::from(digit)).copied().map_or('0', char::from));
        }
    }
}

fn guid(bytes: &[u8], out: &mut String) -> Option<()> {
    let part = |range: std::ops::Range<usize>| bytes.get(range).map(|part| part.iter().copied());
    out.push('{');
    for range in [0..4, 4..6, 6..8] {
        hexadecimal(part(range)?.rev(), HEX_LOWER, out);
        out.push('-');
    }
    hexadecimal(part(8..10)?, HEX_LOWER, out);
    out.push('-');
    hexadecimal(part(10..16)?, HEX_LOWER, out);
    out.push('}');
    Some(())
}

/// `S-1-5-18`: revision, authority with its high byte first, the rest with their low bytes first.
fn account(bytes: &[u8], out: &mut String) -> Option<()> {
    let ([revision, _], rest) = bytes.split_first_chunk()?;
    let (authority, parts) = rest.split_first_chunk::<6>()?;
    out.push_str("S-");
    decimal(u64::from(*revision), out);
    out.push('-');
    decimal(authority.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), out);
    for part in parts.as_chunks::<4>().0 {
        out.push('-');
        decimal(u64::from(u32::from_le_bytes(*part)), out);
    }
    Some(())
}

/// Tenths of a microsecond in a second, and a nanosecond's share of one.
const TICKS: u64 = 10_000_000;
const NANOSECONDS: u64 = 100;

/// Seconds between 1601, from which the system counts, and 1970.
const SINCE_1601: u64 = 11_644_473_600;

/// The first tenth of a microsecond from 1601 on that is written otherwise: some day of the year 9998.
const LAST: u64 = 3_067_000 * 86_400 * TICKS;

/// Nanoseconds from 1970 for tenths of a microsecond from 1601; `None` for what no stamp holds.
pub(super) fn since_1970(ticks: u64) -> Option<i64> {
    let ticks = i64::try_from(ticks).ok()?.checked_sub_unsigned(SINCE_1601 * TICKS)?;
    ticks.checked_mul(NANOSECONDS.cast_signed())
}

/// `2024-10-16T08:43:18.2360001Z` for tenths of a microsecond from 1601; `None` for what no calendar has.
fn time(ticks: u64, out: &mut String) -> Option<()> {
    let seconds = i64::try_from(ticks / TICKS).ok()?.checked_sub_unsigned(SINCE_1601)?;
    let rest = i32::try_from(ticks % TICKS * NANOSECONDS).ok()?;
    let time = Timestamp::new(seconds, rest).ok().filter(|_| ticks < LAST)?;
    write!(out, "{time:.7}").ok()
}

/// The texts of a value of several, without the zeros behind them.
pub(super) fn texts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut left = bytes;
    std::iter::from_fn(move || {
        let zero = left.as_chunks::<2>().0.iter().position(|unit| *unit == [0, 0])? * 2;
        let text = left.get(..zero);
        left = left.get(zero + 2..).unwrap_or_default();
        text
    })
}
