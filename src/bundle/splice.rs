//! Runs of a text replaced in its bytes: everything else stays byte for byte, in whatever encoding it is written.

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::{GB18030, WINDOWS_1252};

use super::encoding::{Encoding, decode_line};
use super::region::Order;

/// Runs of one line to replace, in bytes of its decoded text, each with what stands there instead.
pub type Runs = Vec<(Range<usize>, String)>;

/// A line whose bytes do not say what its text is, from 1: nothing can be replaced in it without harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclear(pub u64);

/// Replaces runs of every line of a file. `runs` is given each line without its end and says what to replace.
///
/// # Errors
///
/// A line of which something is to be replaced cannot be written back as it was read.
pub fn splice(bytes: &[u8], encoding: Encoding, runs: &mut dyn FnMut(&str) -> Runs) -> Result<Vec<u8>, Unclear> {
    let mark = encoding.mark(bytes);
    let (mark, text) = bytes.split_at(mark);
    let mut out = mark.to_vec();
    for (number, line) in (1..).zip(lines(text, encoding.order())) {
        let spliced = match encoding.order() {
            Some(order) => wide(line, order, runs),
            None => narrow(line, encoding, runs),
        };
        out.extend_from_slice(&spliced.ok_or(Unclear(number))?);
    }
    Ok(out)
}

/// Lines with their ends. A carriage return alone ends a line too.
fn lines(bytes: &[u8], order: Option<Order>) -> Vec<&[u8]> {
    let unit = if order.is_some() { 2 } else { 1 };
    let is = |at: usize, wanted: u8| match order {
        None => bytes.get(at) == Some(&wanted),
        Some(Order::Little) => bytes.get(at..at + 2) == Some(&[wanted, 0]),
        Some(Order::Big) => bytes.get(at..at + 2) == Some(&[0, wanted]),
    };
    let mut lines = Vec::new();
    let (mut begin, mut at) = (0, 0);
    while at < bytes.len() {
        let next = (at + unit).min(bytes.len());
        if is(at, b'\n') || (is(at, b'\r') && !is(next, b'\n')) {
            lines.push(&bytes[begin..next]);
            begin = next;
        }
        at = next;
    }
    if begin < bytes.len() {
        lines.push(&bytes[begin..]);
    }
    lines
}

/// A line of two bytes a unit as it is written anew; none where it is not clear.
fn wide<'l>(line: &'l [u8], order: Order, runs: &mut dyn FnMut(&str) -> Runs) -> Option<Cow<'l, [u8]>> {
    let pairs = line.chunks_exact(2).map(|pair| match order {
        Order::Little => u16::from_le_bytes([pair[0], pair[1]]),
        Order::Big => u16::from_be_bytes([pair[0], pair[1]]),
    });
    let units: Vec<u16> = pairs.collect();
    let text = String::from_utf16_lossy(&units);
    let bare = text.trim_end_matches(['\r', '\n']);
    let found = runs(bare);
    if found.is_empty() {
        return Some(Cow::Borrowed(line));
    }
    let encode = |text: &str| -> Vec<u8> {
        let units = text.encode_utf16().flat_map(|unit| match order {
            Order::Little => unit.to_le_bytes(),
            Order::Big => unit.to_be_bytes(),
        });
        units.collect()
    };
    let exact = encode(&text) == line;
    exact.then(|| encode(&replaced(&text, found)).into())
}

/// A line of an encoding that keeps ASCII.
fn narrow<'l>(line: &'l [u8], encoding: Encoding, runs: &mut dyn FnMut(&str) -> Runs) -> Option<Cow<'l, [u8]>> {
    let text = decode_line(line, encoding);
    let bare = text.trim_end_matches(['\r', '\n']);
    let found = runs(bare);
    if found.is_empty() {
        return Some(Cow::Borrowed(line));
    }
    if let Ok(own) = std::str::from_utf8(line) {
        // A mark within a line is taken off by decoding.
        return (own == text).then(|| replaced(own, found).into_bytes().into());
    }
    let exact = encode(&text, encoding).is_some_and(|bytes| bytes == line);
    if !exact {
        return None;
    }
    let new = replaced(&text, found);
    let plain = || new.replace('‹', "<").replace('›', ">");
    encode(&new, encoding).or_else(|| encode(&plain(), encoding)).map(Cow::Owned)
}

fn replaced(text: &str, runs: Runs) -> String {
    let mut new = String::with_capacity(text.len());
    let mut from = 0;
    for (range, instead) in runs {
        new.push_str(&text[from..range.start]);
        new.push_str(&instead);
        from = range.end;
    }
    new.push_str(&text[from..]);
    new
}

/// Text in an encoding; none where it has no such letters.
fn encode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    let by = |table: &'static encoding_rs::Encoding| {
        let (bytes, _, lost) = table.encode(text);
        (!lost).then(|| bytes.into_owned())
    };
    match encoding {
        Encoding::Gbk => by(GB18030),
        Encoding::Windows1252 => by(WINDOWS_1252),
        Encoding::Other(table) => by(table),
        // One byte a letter: the table read backwards.
        _ => text
            .chars()
            .map(|letter| {
                let mut buffer = [0; 4];
                let wanted = &*letter.encode_utf8(&mut buffer);
                (0..=u8::MAX).find(|byte| decode_line(&[*byte], encoding) == wanted)
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GBK};

    use super::super::Encoding;
    use super::{Runs, Unclear, splice};

    /// Replaces `zhang` by a mask.
    fn runs(line: &str) -> Runs {
        line.match_indices("zhang").map(|(at, found)| (at..at + found.len(), "‹user-1›".to_owned())).collect()
    }

    fn spliced(bytes: &[u8], encoding: Encoding) -> Result<Vec<u8>, Unclear> {
        splice(bytes, encoding, &mut runs)
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn only_the_runs_change() {
        let text = "\u{feff}a zhang b\r\n中文\n\rzhang";
        let expected = text.replace("zhang", "‹user-1›");
        assert_eq!(spliced(text.as_bytes(), Encoding::Utf8).unwrap(), expected.as_bytes());
        assert_eq!(spliced(&utf16(text), Encoding::Utf16Le).unwrap(), utf16(&expected));
        let gbk = |text: &str| GBK.encode(text).0.into_owned();
        let found = spliced(&gbk("用户 zhang，密码\r\n没有\n"), Encoding::Gbk).unwrap();
        assert_eq!(super::super::decode_line(&found, Encoding::Gbk), "用户 ‹user-1›，密码\r\n没有\n");
        let found = spliced(b"caf\xe9 zhang\r\n\xff\xfe", Encoding::Windows1252).unwrap();
        assert_eq!(found, b"caf\xe9 \x8buser-1\x9b\r\n\xff\xfe");
        let big5 = BIG5.encode("使用者 zhang").0.into_owned();
        let found = spliced(&big5, Encoding::Other(BIG5)).unwrap();
        assert_eq!(BIG5.decode(&found).0, "使用者 <user-1>");
        assert_eq!(spliced(b"caf\x82 zhang", Encoding::Cp850).unwrap(), b"caf\x82 <user-1>");
    }

    #[test]
    fn what_is_not_clear_is_told_and_what_needs_nothing_stays() {
        let torn = [utf16("a\nx"), vec![0x00, 0xd8], utf16("zhang\n")].concat();
        assert_eq!(spliced(&torn, Encoding::Utf16Le), Err(Unclear(2)));
        let plain = [utf16("a\nx"), vec![0x00, 0xd8, 7]].concat();
        assert_eq!(spliced(&plain, Encoding::Utf16Le).unwrap(), plain);
        assert_eq!(spliced(b"", Encoding::Utf8).unwrap(), b"");
    }
}
