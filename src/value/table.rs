//! The table of error codes: names, families, meanings, and which two codes are one.
//!
//! The data is `error-codes.tsv` beside this file; the names are those of the Windows headers (winerror.h, ntstatus.h,
//! wuerror.h) and of the servicing logs themselves.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::lang::Lang;

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

/// Every name of a code, in the order of the codes.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let named = ENTRIES.iter().flat_map(|entry| std::iter::once(entry.symbol).chain(entry.names.split(' ')));
    named.filter(|name| !name.is_empty())
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

/// The codes that have this one's meaning in other families.
pub(super) fn same_as(code: u32) -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter().filter(move |other| other.same == Some(code))
}

#[cfg(test)]
mod tests {
    use super::super::error::ErrorCode;
    use super::{ENTRIES, TABLE, by_symbol, row};

    const FAMILIES: [&str; 19] = [
        "activation",
        "appx",
        "bits-http",
        "cbs",
        "com-wmi-other",
        "configmgr-client",
        "crypto-trust",
        "delivery-optimization",
        "mosetup",
        "msi",
        "ntstatus",
        "psfx",
        "setup-wim",
        "setupapi",
        "spapi",
        "sxs-ktm",
        "win32",
        "winhttp-wininet",
        "wu-agent",
    ];

    fn lines() -> impl Iterator<Item = &'static str> {
        TABLE.lines().filter(|line| !line.starts_with('#'))
    }

    #[test]
    fn every_line_is_a_row_and_every_code_stands_once_in_order() {
        assert!(lines().all(|line| row(line).is_some() && line.split('\t').count() == 7));
        let codes: Vec<u32> = lines().filter_map(row).map(|entry| entry.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "in the order of the codes");
        assert!(codes.len() > 1100);
    }

    #[test]
    fn every_row_has_a_family_and_a_meaning_in_both_languages() {
        let chinese = |char| ('\u{4e00}'..='\u{9fff}').contains(&char);
        for entry in ENTRIES.iter() {
            assert!(FAMILIES.contains(&entry.family), "{entry:?}");
            assert!(entry.zh.contains(chinese), "{entry:?}");
            assert!(!entry.en.is_empty() && !entry.en.contains(chinese), "{entry:?}");
            for text in [entry.zh, entry.en] {
                assert!(!text.ends_with(['.', '。', ' ']) && !text.starts_with(' '), "{text}");
            }
        }
    }

    #[test]
    fn every_name_is_one_code() {
        for entry in ENTRIES.iter() {
            for name in std::iter::once(entry.symbol).chain(entry.names.split(' ')).filter(|name| !name.is_empty()) {
                assert_eq!(by_symbol(name), Some(entry.code), "{name} stands twice");
                assert_eq!(by_symbol(&name.to_ascii_lowercase()), Some(entry.code), "{name}");
            }
        }
    }

    #[test]
    fn a_code_of_the_same_meaning_is_canonical_itself() {
        for entry in ENTRIES.iter() {
            let same = entry.same.map_or(Some(entry.code), |same| super::by_code(same).map(|to| to.code));
            assert!(same.is_some_and(|same| super::same_meaning(same).is_none()), "{entry:?}");
        }
    }

    #[test]
    fn every_code_is_one_value_in_every_spelling() {
        for entry in ENTRIES.iter().filter(|entry| entry.code != 0) {
            let code = entry.code;
            let signed = code.cast_signed();
            let spellings = [
                format!("0x{code:08X}"),
                format!("0x{code:x}"),
                format!("{code:08x}"),
                format!("[{code:08X}]"),
                code.to_string(),
                signed.to_string(),
                format!("0x{:x}", i64::from(signed)),
                entry.symbol.to_owned(),
            ];
            let keys = spellings.iter().filter(|text| !text.is_empty());
            let keys: Vec<_> = keys.map(|text| Some(ErrorCode::read(text)?.key())).collect();
            let canonical = format!("{:08x}", entry.same.unwrap_or(code));
            assert!(keys.iter().all(|key| key.as_deref() == Some(&canonical)), "{spellings:?} {keys:?}");
        }
    }
}
