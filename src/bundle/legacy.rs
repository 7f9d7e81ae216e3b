//! Bytes that are no UTF: what a line of them may be. Logs mix writers, so this is asked of each line on its own.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{GB18030, WINDOWS_1252};

use super::encoding::Encoding;

/// The upper half of code page 850, which Western European consoles write.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// Pairs that make an encoding of whole text sure.
const MANY: usize = 20;

/// What speaks for GBK, and what against.
#[derive(Clone, Copy, Debug, Default)]
struct Pairs {
    /// Pairs that are common Chinese characters and their signs.
    common: usize,
    /// Other pairs that the encoding has; in Big5 there are many.
    other: usize,
    /// Bytes that make no pair.
    single: usize,
}

impl Pairs {
    fn of(bytes: &[u8]) -> Pairs {
        let mut pairs = Pairs::default();
        let mut rest = bytes;
        while let [first, tail @ ..] = rest {
            rest = tail;
            if first.is_ascii() {
                continue;
            }
            match (first, tail.first()) {
                (0xa1..=0xa3 | 0xb0..=0xf7, Some(0xa1..=0xfe)) => pairs.common += 1,
                (0x81..=0xfe, Some(0x40..=0x7e | 0x80..=0xfe)) => pairs.other += 1,
                _ => {
                    pairs.single += 1;
                    continue;
                }
            }
            rest = tail.get(1..).unwrap_or_default();
        }
        pairs
    }

    /// Whether a line of them reads as Chinese.
    fn chinese(self) -> bool {
        self.single == 0 && self.common > 0 && self.other <= self.common
    }
}

/// The encoding of a text that is no UTF, and whether that is sure.
pub(super) fn of_text(head: &[u8]) -> (Encoding, bool) {
    let pairs = Pairs::of(head);
    // The last character may be cut in two.
    if pairs.single <= 1 && pairs.common >= MANY && pairs.other * 10 <= pairs.common {
        return (Encoding::Gbk, true);
    }
    if console(head, pairs) {
        return (Encoding::Cp850, false);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let land: &[u8] = if pairs.other * 5 > pairs.common { b"tw" } else { b"cn" };
    let guess = detector.guess(Some(land), Utf8Detection::Deny);
    let encoding = match guess.name() {
        "GBK" | "gb18030" => Encoding::Gbk,
        "windows-1252" => Encoding::Windows1252,
        _ => Encoding::Other(guess),
    };
    (encoding, false)
}

/// Whether letters beyond ASCII stand among ASCII ones where a Western European console has them, and Windows does not.
fn console(bytes: &[u8], pairs: Pairs) -> bool {
    let (mut console, mut windows) = (0, 0);
    for around in bytes.windows(3) {
        let &[before, byte, after] = around else { continue };
        if !before.is_ascii() || !after.is_ascii() || !(before.is_ascii_alphabetic() || after.is_ascii_alphabetic()) {
            continue;
        }
        let between = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
        match byte {
            // Windows has its quotation marks there, which stand beside words.
            0x91..=0x97 if byte == 0x92 || !between => {}
            0x80..=0xa8 => console += 1,
            0xc0..=0xff => windows += 1,
            _ => {}
        }
    }
    console > windows * 4 && console > pairs.common
}

/// Text of code page 850.
pub(super) fn cp850(bytes: &[u8]) -> Cow<'_, str> {
    let upper: Vec<char> = CP850.chars().collect();
    let char = |byte: &u8| match byte.checked_sub(0x80) {
        Some(at) => upper.get(usize::from(at)).copied().unwrap_or('\u{fffd}'),
        None => char::from(*byte),
    };
    Cow::Owned(bytes.iter().map(char).collect())
}

/// A line of a file of GBK.
pub(super) fn gbk(bytes: &[u8]) -> Cow<'_, str> {
    let pairs = Pairs::of(bytes);
    if pairs.single > 0 && pairs.common == 0 { line(bytes) } else { GB18030.decode_without_bom_handling(bytes).0 }
}

/// A line that is no UTF-8, of a file whose encoding does not say what else it may be.
pub(super) fn line(bytes: &[u8]) -> Cow<'_, str> {
    let (mut kept, mut odd) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        kept += chunk.valid().chars().filter(|char| !char.is_ascii()).count();
        odd += chunk.invalid().len();
    }
    let pairs = Pairs::of(bytes);
    if kept >= odd {
        Cow::Owned(bytes.utf8_chunks().flat_map(|chunk| [chunk.valid().into(), bad(chunk.invalid())]).collect())
    } else if pairs.chinese() {
        GB18030.decode_without_bom_handling(bytes).0
    } else if console(bytes, pairs) {
        cp850(bytes)
    } else {
        WINDOWS_1252.decode_without_bom_handling(bytes).0
    }
}

/// A few bytes amid UTF-8: a character cut in two is marked, a sign of Windows is shown.
fn bad(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [] => Cow::Borrowed(""),
        [0xa0..=0xbf] => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        _ => Cow::Borrowed("\u{fffd}"),
    }
}
