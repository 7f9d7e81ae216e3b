//! Numbers that are no error codes: problem codes of devices and stop codes of crashes.
//!
//! Both count from 1, so that only their name or the word before the number (`Code 10`, `Stop 0x7B`) tells them from
//! Win32 errors: they are explained when asked for, and are no values of the type `error`.

use crate::lang::Localized;

/// Family, number, name, zh, en.
const TABLE: &str = include_str!("problem-codes.tsv");

/// The word that each family's number follows, and others that say the same.
const FAMILIES: [(&str, &str, &[&str]); 2] = [
    ("device-problem", "Code", &["code", "problem", "代码"]),
    ("bugcheck", "Stop", &["stop", "bugcheck", "bug check", "停止代码"]),
];

/// A problem or stop code.
pub(super) struct Problem {
    /// As it is usually written, `Code 10`, `Stop 0x7B`.
    pub(super) code: String,
    /// The number in the other base.
    pub(super) other: String,
    pub(super) name: &'static str,
    pub(super) family: &'static str,
    pub(super) meaning: Localized,
}

/// A row: family, number, name, meaning.
type Row = (&'static str, u32, &'static str, Localized);

fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        let (family, number, name) = (cells.next()?, cells.next()?, cells.next()?);
        Some((family, read(number)?, name, Localized::new(cells.next()?, cells.next()?)))
    })
}

fn read(number: &str) -> Option<u32> {
    let number = number.trim_matches(['(', ')', ' ', ':']);
    u32::try_from(super::number::int(number)?).ok()
}

/// Explains a name, `Code 10` or `Stop 0x7B`.
pub(super) fn lookup(text: &str) -> Option<Problem> {
    let text = text.trim();
    let asked = FAMILIES.iter().find_map(|(family, _, words)| {
        let word = words.iter().find(|word| text.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word)))?;
        Some((*family, read(&text[word.len()..])?))
    });
    let (family, number, name, meaning) = rows().find(|(family, number, name, _)| {
        asked.map_or_else(|| name.eq_ignore_ascii_case(text), |asked| asked == (*family, *number))
    })?;
    let word = FAMILIES.iter().find(|(known, ..)| *known == family).map_or("", |(_, word, _)| word);
    let (code, other) = (format!("{word} {number}"), format!("{word} 0x{number:02X}"));
    let (code, other) = if family == "bugcheck" { (other, code) } else { (code, other) };
    Some(Problem { code, other, name, family, meaning })
}

#[cfg(test)]
mod tests {
    use super::{FAMILIES, TABLE, lookup, rows};

    #[test]
    fn every_row_is_read_and_found_by_name_and_number() {
        assert_eq!(rows().count(), TABLE.lines().filter(|line| !line.starts_with('#')).count());
        for (family, number, name, meaning) in rows() {
            let word = FAMILIES.iter().find(|(known, ..)| *known == family).unwrap().1;
            for text in [name.to_owned(), format!("{word} {number}"), format!("{word} 0x{number:X}")] {
                let found = lookup(&text).unwrap_or_else(|| panic!("{text}"));
                assert_eq!((found.name, &found.meaning), (name, &meaning), "{text}");
            }
            assert!(!meaning.is_empty());
        }
    }

    #[test]
    fn a_number_without_its_word_is_none() {
        assert!(lookup("10").is_none());
        assert!(lookup("Code ten").is_none());
        assert!(lookup("代").is_none());
        assert!(lookup("(Code 52)").is_none());
        assert_eq!(lookup("Code 52").unwrap().other, "Code 0x34");
        assert_eq!(lookup("stop: 0x0000007B").unwrap().code, "Stop 0x7B");
    }
}
