//! The table of error codes: names, families, meanings, and which two codes are one.
//!
//! The data is `error-codes.tsv` beside this file; the names are those of the Windows headers (winerror.h, ntstatus.h,
//! wuerror.h) and of the servicing logs themselves.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::lang::{Lang, Localized};

use super::error::ErrorCode;
use super::{problem, setup_result};

const TABLE: &str = include_str!("error-codes.tsv");

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) code: u32,
    pub(super) symbol: &'static str,
    pub(super) names: &'static str,
    pub(super) family: &'static str,
    pub(super) same: Option<u32>,
    zh: &'static str,
    en: &'static str,
}

impl Entry {
    pub(super) fn meaning(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// Rows in the order of their codes.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    let mut entries: Vec<Entry> = rows.filter_map(row).collect();
    entries.sort_by_key(|entry| entry.code);
    entries
});

/// Codes by every name.
static NAMES: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let named = ENTRIES
        .iter()
        .flat_map(|entry| std::iter::once(entry.symbol).chain(entry.names.split(' ')).map(|name| (name, entry.code)));
    named.filter(|(name, _)| !name.is_empty()).collect()
});

fn row(line: &'static str) -> Option<Entry> {
    let mut cells = line.split('\t');
    let mut cell = || cells.next();
    let hex = |text: &str| u32::from_str_radix(text.strip_prefix("0x")?, 16).ok();
    Some(Entry {
        code: hex(cell()?)?,
        symbol: cell()?,
        names: cell()?,
        family: cell()?,
        same: hex(cell()?),
        zh: cell()?,
        en: cell()?,
    })
}

/// The row of a code.
pub(super) fn by_code(code: u32) -> Option<&'static Entry> {
    let at = ENTRIES.binary_search_by_key(&code, |entry| entry.code).ok()?;
    ENTRIES.get(at)
}

/// Whether a text has the form of a code's name.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic())
        && text.len() < 128
        && text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// The code of a name, letters in any case.
pub(super) fn by_symbol(name: &str) -> Option<u32> {
    if !is_name(name) {
        return None;
    }
    NAMES.get(name).or_else(|| NAMES.get(name.to_ascii_uppercase().as_str())).copied()
}

/// The code that means the same in the canonical family.
pub(super) fn same_meaning(code: u32) -> Option<u32> {
    by_code(code)?.same
}

/// What is known of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The canonical form, `0x80070005`.
    pub code: String,
    /// The name that logs print; empty where none is known.
    pub symbol: String,
    /// Other names of the same code.
    pub names: Vec<String>,
    /// Its family, `win32`, `cbs` …; empty where it is not in the table.
    pub family: String,
    /// What it means; empty where it is not known.
    pub meaning: Localized,
    /// The code as an unsigned and as a signed decimal, and its Win32 number where it has one.
    pub spellings: Vec<String>,
    /// The phase and the operation of a setup result, in both languages.
    pub extend: Option<(Localized, Localized)>,
}

/// Explains a code in any spelling, a device's problem (`Code 10`) or a stop code (`Stop 0x7B`); `None` for other text.
#[must_use]
pub fn lookup(text: &str) -> Option<Explained> {
    let Some(code) = ErrorCode::read(text) else {
        return problem::lookup(text);
    };
    let (code, extend) = code.parts();
    let entry = by_code(code);
    let own = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    // An extend code may be asked for by itself; no error code lies there.
    let alone = entry.is_none() && code > 0xFFFF;
    Some(Explained {
        code: format!("0x{code:08X}"),
        symbol: entry.map(|entry| entry.symbol.to_owned()).unwrap_or_default(),
        names: entry.into_iter().flat_map(|entry| entry.names.split(' ')).filter_map(own).collect(),
        family: entry.map(|entry| entry.family.to_owned()).unwrap_or_default(),
        meaning: entry.map(|entry| Localized { zh: own(entry.zh), en: own(entry.en) }).unwrap_or_default(),
        spellings: spellings(code),
        extend: extend.or(alone.then_some(code)).and_then(setup_result::decode),
    })
}

/// Other spellings of a canonical code.
fn spellings(code: u32) -> Vec<String> {
    let mut spellings = vec![code.to_string(), code.cast_signed().to_string()];
    if code & 0xFFFF_0000 == 0x8007_0000 {
        spellings.push(format!("Win32 {}", code & 0xFFFF));
    }
    let same = ENTRIES.iter().filter(|other| other.same == Some(code));
    spellings.extend(same.map(|other| format!("0x{:08X} {}", other.code, other.symbol).trim_end().to_owned()));
    spellings
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES, TABLE, by_symbol, lookup, row};

    #[test]
    fn the_table_is_sound() {
        let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.iter().all(|line| row(line).is_some() && line.split('\t').count() == 7));
        assert!(ENTRIES.windows(2).all(|pair| pair[0].code < pair[1].code), "every code once, in order");
        assert!(ENTRIES.iter().all(|entry| !entry.family.is_empty() && entry.zh.is_empty() == entry.en.is_empty()));
        for entry in ENTRIES.iter() {
            assert!(
                entry.same.is_none_or(|same| super::by_code(same).is_some_and(|to| to.same.is_none())),
                "{entry:?}"
            );
            for name in std::iter::once(entry.symbol).chain(entry.names.split(' ')).filter(|name| !name.is_empty()) {
                assert_eq!(by_symbol(name), Some(entry.code), "{name} stands twice");
            }
        }
    }

    #[test]
    fn a_setup_result_is_decoded() {
        let found = lookup("0xC1900101-0x4000D").unwrap();
        let (phase, operation) = found.extend.unwrap();
        assert_eq!((phase.en.as_deref(), operation.en.as_deref()), (Some("OOBE boot"), Some("migrate data")));
        assert_eq!(found.code, "0xC1900101");
    }

    #[test]
    fn all_spellings_of_one_code() {
        let found = lookup("(00000005)").unwrap();
        assert_eq!((found.code.as_str(), found.symbol.as_str()), ("0x80070005", "E_ACCESSDENIED"));
        assert_eq!(found.spellings, ["2147942405", "-2147024891", "Win32 5", "0xC0000022 STATUS_ACCESS_DENIED"]);
        assert_eq!(lookup("no code at all"), None);
    }
}
