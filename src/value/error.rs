//! Error codes: one value for every spelling of one error.
//!
//! Every code has one canonical HRESULT: Win32 n is 0x8007nnnn; an NTSTATUS is that of its Win32 code where the table
//! lists the two as one meaning, else itself. Eight digits without `0x` are hexadecimal, fewer are decimal.

use crate::lang::Lang;

use super::codes;
use super::{Type, Value};

/// A code, and the extend code of a setup result behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ErrorCode {
    /// The canonical HRESULT.
    code: u32,
    /// `0x4000D` of `0xC1900101-0x4000D`.
    extend: Option<u32>,
}

impl ErrorCode {
    pub(super) fn read(text: &str) -> Option<ErrorCode> {
        let bare = bare(text);
        if let Some((result, extend)) = bare.split_once('-')
            && !result.is_empty()
        {
            let extend = u32::try_from(super::number::hex(extend.trim())?).ok()?;
            return Some(ErrorCode { code: canonical(number(result.trim())?), extend: Some(extend) });
        }
        let code = number(bare).or_else(|| codes::by_symbol(bare))?;
        Some(ErrorCode { code: canonical(code), extend: None })
    }

    pub(super) fn key(&self) -> String {
        match self.extend {
            Some(extend) => format!("{:08x}-{extend:x}", self.code),
            None => format!("{:08x}", self.code),
        }
    }

    pub(super) fn field(&self, name: &str) -> Option<Value> {
        let entry = codes::by_code(self.code);
        let text = match name {
            "code" => format!("0x{:08X}", self.code),
            "symbol" => entry?.symbol.to_owned(),
            "family" => entry?.family.to_owned(),
            "meaning" => self.meaning(Lang::En)?.to_owned(),
            "extend" => format!("0x{:X}", self.extend?),
            _ => return None,
        };
        Type::Text.read(&text)
    }

    pub(super) fn meaning(&self, lang: Lang) -> Option<&'static str> {
        let entry = codes::by_code(self.code)?;
        Some(entry.meaning(lang)).filter(|meaning| !meaning.is_empty())
    }

    pub(super) fn parts(&self) -> (u32, Option<u32>) {
        (self.code, self.extend)
    }
}

/// Without what logs put around a code.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let inner = [('(', ')'), ('[', ']')]
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
        .unwrap_or(text)
        .trim();
    let lower = inner.get(..18).filter(|head| head.eq_ignore_ascii_case("HRESULT_FROM_WIN32"));
    match lower {
        Some(head) => inner[head.len()..].trim_start_matches('(').trim_end_matches(')').trim(),
        None => inner,
    }
}

/// A number as 32 bits: `0x…`, eight hexadecimal digits, or a decimal that may be signed.
fn number(text: &str) -> Option<u32> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return bits(super::number::hex(hex)?);
    }
    if text.len() == 8 && text.chars().all(|char| char.is_ascii_hexdigit()) {
        return bits(super::number::hex(text)?);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    (digits.len() <= 10 && digits.chars().all(|char| char.is_ascii_digit()) && !digits.is_empty())
        .then(|| bits(super::number::int(text)?))
        .flatten()
}

/// The low 32 bits of a number that fits into them, signed or not.
fn bits(number: i128) -> Option<u32> {
    u32::try_from(number).ok().or_else(|| i32::try_from(number).ok().map(i32::cast_unsigned))
}

/// The canonical HRESULT of a code.
fn canonical(code: u32) -> u32 {
    match code {
        0 => 0,
        win32 if win32 <= 0xFFFF => 0x8007_0000 | win32,
        // An NTSTATUS wrapped into an HRESULT is the NTSTATUS.
        wrapped if wrapped & 0xF000_0000 == 0xD000_0000 => canonical(wrapped & !0x1000_0000),
        other => codes::same_meaning(other).unwrap_or(other),
    }
}
