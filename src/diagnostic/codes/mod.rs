//! The registry of diagnostic codes: number, slug, title and a long text in both languages, with a wrong and a right
//! example.
//!
//! Numbers go by stage (1 documents, 100 patterns, 200 conditions, 300 names, 400 types, 500 lints, 600 templates, 700
//! settings) and are for ever: a code that is given up leaves a gap, and its number never comes back.

use std::fmt;

use super::Code;
use crate::lang::{Lang, Localized};

/// What the registry knows of one code.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// A short name in words, `unknown-key`.
    pub slug: &'static str,
    zh: (&'static str, &'static str),
    en: (&'static str, &'static str),
    /// A snippet that has the fault.
    pub wrong: &'static str,
    /// The same snippet mended.
    pub right: &'static str,
}

impl Entry {
    /// The title: what is wrong, in a few words.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        self.words(lang).0
    }

    /// What it means and how to mend it, a few sentences.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &'static str {
        self.words(lang).1
    }

    /// The title in both languages.
    #[must_use]
    pub fn titles(&self) -> Localized {
        Localized::new(self.zh.0, self.en.0)
    }

    fn words(&self, lang: Lang) -> (&'static str, &'static str) {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// The page `casebook explain` prints: header, text, the wrong and the right example.
    #[must_use]
    pub fn page(&self, lang: Lang) -> String {
        let (open, close, wrong, right) = match lang {
            Lang::Zh => ("（", "）", "有误的写法：", "正确的写法："),
            Lang::En => (" (", ")", "Wrong:", "Right:"),
        };
        let indent = |text: &str| format!("    {}\n", text.replace('\n', "\n    "));
        format!(
            "{}{open}{}{close} {}\n\n{}\n\n{wrong}\n\n{}\n{right}\n\n{}",
            self.code,
            self.slug,
            self.title(lang),
            self.text(lang),
            indent(self.wrong),
            indent(self.right),
        )
    }
}

/// Declares constants of [`Code`] and the table of their entries, in one place so that neither can lack the other.
macro_rules! codes {
    ($($name:ident = $number:literal, $slug:literal;
       zh $zh:literal, $zh_text:literal;
       en $en:literal, $en_text:literal;
       wrong $wrong:literal; right $right:literal;)*) => {
        impl $crate::diagnostic::Code {
            $(#[doc = $en] pub const $name: $crate::diagnostic::Code = $crate::diagnostic::Code($number);)*
        }
        pub(super) const ENTRIES: &[super::Entry] = &[$(super::Entry {
            code: $crate::diagnostic::Code::$name,
            slug: $slug,
            zh: ($zh, $zh_text),
            en: ($en, $en_text),
            wrong: $wrong,
            right: $right,
        }),*];
    };
}

mod condition;
mod document;
mod lint;
mod name;
mod pattern;
mod project;
mod type_rule;

/// Every code, in ascending order.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [
        document::ENTRIES,
        pattern::ENTRIES,
        condition::ENTRIES,
        name::ENTRIES,
        type_rule::ENTRIES,
        lint::ENTRIES,
        project::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

impl Code {
    /// Reads `CB0012`, letters in any case; `None` for what is no code of the registry.
    #[must_use]
    pub fn parse(text: &str) -> Option<Code> {
        let digits = text.strip_prefix("CB").or_else(|| text.strip_prefix("cb"))?;
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let code = Code(digits.parse().ok()?);
        code.entry().map(|entry| entry.code)
    }

    /// What the registry knows of it; `None` for a number that was never given out.
    #[must_use]
    pub fn entry(self) -> Option<&'static Entry> {
        all().find(|entry| entry.code == self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CB{:04}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_slugs_are_unique_and_ascend() {
        let entries: Vec<&Entry> = all().collect();
        assert!(entries.windows(2).all(|pair| pair[0].code < pair[1].code));
        let mut slugs: Vec<&str> = entries.iter().map(|entry| entry.slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), entries.len());
    }

    #[test]
    fn every_code_speaks_both_languages() {
        for entry in all() {
            for lang in Lang::ALL {
                assert!(!entry.title(lang).is_empty() && !entry.text(lang).is_empty(), "{}", entry.code);
            }
            assert!(entry.title(Lang::Zh).chars().any(|c| c > '\u{2e7f}'), "{}", entry.code);
            assert!(entry.text(Lang::En).is_ascii() || !entry.text(Lang::En).chars().any(|c| c > '\u{2e7f}'));
            assert!(!entry.wrong.is_empty() && !entry.right.is_empty() && entry.wrong != entry.right, "{}", entry.code);
        }
    }

    #[test]
    fn codes_are_read_as_they_are_written() {
        for entry in all() {
            assert_eq!(Code::parse(&entry.code.to_string()), Some(entry.code));
        }
        assert_eq!(Code::parse("cb0004"), Some(Code::UNKNOWN_KEY));
        for odd in ["CB4", "CB00004", "CB9999", "0004", "", "CB+004", "CBéé"] {
            assert_eq!(Code::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_page_has_both_examples() {
        insta::assert_snapshot!(Code::UNKNOWN_KEY.entry().map(|e| e.page(Lang::Zh)).unwrap_or_default());
    }
}
