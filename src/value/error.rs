//! Error codes: one value for every spelling of one error.
//!
//! Every code has one canonical HRESULT: Win32 n is 0x8007nnnn; an NTSTATUS is that of its Win32 code where the table
//! lists the two as one meaning, else itself. Eight digits without `0x` are hexadecimal, fewer are decimal.

use crate::lang::Lang;

use super::{Type, Value, table};

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
        // Most are written so; the rest of this is for the others.
        if let Some(code) = plain(text) {
            return Some(ErrorCode { code: canonical(code), extend: None });
        }
        let bare = bare(text);
        if let Some((result, behind)) = bare.split_once('-')
            && !result.is_empty()
        {
            let number = number(result.trim())?;
            let extend = match prefixed(behind.trim()) {
                // Only a failure of Windows setup has one.
                Some(hex) => Some(bits(super::number::hex(hex)?).filter(|_| number > i32::MAX.cast_unsigned())?),
                // `0x80070005 - E_ACCESSDENIED`, as CBS prints it: the number decides.
                None => (result.ends_with(' ') && table::is_name(behind.trim())).then_some(None)?,
            };
            return Some(ErrorCode { code: canonical(number), extend });
        }
        let code = number(bare).or_else(|| table::by_symbol(bare))?;
        Some(ErrorCode { code: canonical(code), extend: None })
    }

    pub(super) fn key(&self) -> String {
        match self.extend {
            Some(extend) => format!("{:08x}-{extend:x}", self.code),
            None => format!("{:08x}", self.code),
        }
    }

    pub(super) fn field(&self, name: &str) -> Option<Value> {
        let entry = table::by_code(self.code);
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
        let entry = table::by_code(self.code)?;
        Some(entry.meaning(lang)).filter(|meaning| !meaning.is_empty())
    }

    pub(super) fn parts(&self) -> (u32, Option<u32>) {
        (self.code, self.extend)
    }
}

/// Whether a text is a code.
pub(super) fn is_code(text: &str) -> bool {
    plain(text).is_some() || ErrorCode::read(text).is_some()
}

/// A code of eight digits behind `0x`.
fn plain(text: &str) -> Option<u32> {
    let digits = prefixed(text).filter(|digits| digits.len() == 8)?;
    u32::from_str_radix(digits, 16).ok()
}

/// Without what logs put around a code: brackets, `HRESULT_FROM_WIN32(…)`, the word `Error`.
fn bare(text: &str) -> &str {
    let inner = unbracketed(text.trim());
    let inner = after(inner, "HRESULT_FROM_WIN32").filter(|rest| rest.starts_with('(')).map_or(inner, unbracketed);
    let said = after(inner, "error").filter(|rest| rest.starts_with([' ', ':', '=']));
    said.map_or(inner, |rest| unbracketed(rest.trim_start_matches([' ', ':', '='])))
}

/// What follows a word that may be written in any case.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
    text.get(head.len()..)
}

fn unbracketed(text: &str) -> &str {
    let pair = [('(', ')'), ('[', ']')];
    pair.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close)).unwrap_or(text).trim()
}

/// A number as 32 bits: `0x…`, eight hexadecimal digits, or a decimal that may be signed.
fn number(text: &str) -> Option<u32> {
    if let Some(hex) = prefixed(text) {
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

/// The digits behind `0x`.
fn prefixed(text: &str) -> Option<&str> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(digits)
}

/// The low 32 bits of a number that fits into them, signed or not, also where it was printed with 64.
fn bits(number: i128) -> Option<u32> {
    let wide = |number| i64::try_from(number).ok().or_else(|| u64::try_from(number).ok().map(u64::cast_signed));
    let signed = || i32::try_from(wide(number)?).ok().map(i32::cast_unsigned);
    u32::try_from(number).ok().or_else(signed)
}

/// The canonical HRESULT of a code.
fn canonical(code: u32) -> u32 {
    match code {
        0 => 0,
        win32 if win32 <= 0xFFFF => 0x8007_0000 | win32,
        // An NTSTATUS wrapped into an HRESULT is the NTSTATUS.
        wrapped if wrapped & 0xF000_0000 == 0xD000_0000 => canonical(wrapped & !0x1000_0000),
        other => table::same_meaning(other).unwrap_or(other),
    }
}
