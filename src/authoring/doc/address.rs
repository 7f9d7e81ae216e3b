//! Where things stand on the site: file names and anchors, made of names that a knowledge base's author chose.
//!
//! Pages lie in one folder per language and have one name in both. A name becomes a file name that every file system takes
//! and no other name has: it cannot climb out of its folder, is no device of Windows, and letters of another case are other
//! letters where the file system does not tell them apart.

use std::fmt::Write as _;

/// Bytes of a written name at the most; a longer one ends in its fingerprint.
const LONGEST: usize = 120;

/// A name as part of a file name or an anchor.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for char in name.chars() {
        match char {
            'a'..='z' | '0'..='9' | '-' | '_' => slug.push(char),
            '/' => slug.push('.'),
            other => {
                let mut bytes = [0; 4];
                for byte in other.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(slug, "~{byte:02x}");
                }
            }
        }
    }
    if slug.len() > LONGEST {
        let fingerprint = blake3::hash(name.as_bytes()).to_hex();
        slug.truncate(LONGEST - 18);
        let _ = write!(slug, "~~{}", &fingerprint[..16]);
    }
    slug
}

/// The page of a rule.
pub(super) fn rule(name: &str) -> String {
    format!("rule-{}.html", slug(name))
}

/// The place of a log kind.
pub(super) fn log(name: &str) -> String {
    format!("logs.html#{}", slug(name))
}

/// The place of a product, by the name that it has in the page's language.
pub(super) fn product(name: &str) -> String {
    format!("products.html#{}", slug(name))
}

/// The anchor of the rules that name no product: no name's slug has a `~` that two digits of sixteen do not follow.
pub(super) const ANY_PRODUCT: &str = "~any";

/// The place of an error code.
pub(super) fn code(code: &str) -> String {
    format!("codes.html#{}", slug(code))
}

/// The place of a remedy.
pub(super) fn remedy(name: &str) -> String {
    format!("remedies.html#{}", slug(name))
}

/// The place of a collection.
pub(super) fn collection(name: &str) -> String {
    format!("collections.html#{}", slug(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{LONGEST, rule, slug};

    #[test]
    fn a_name_is_a_file_name_of_its_own() {
        assert_eq!(rule("driver/update-inf-missing"), "rule-driver.update-inf-missing.html");
        assert_eq!(rule("con"), "rule-con.html");
        assert_eq!(slug("../../etc"), "~2e~2e.~2e~2e.etc");
        assert_eq!(slug("Setup.dev"), "~53etup~2edev");
        let long = "很长的名称".repeat(60);
        let names = ["a/b", "a.b", "A/b", "a~2eb", "驱动", "驱劢", "<b>", "", "a b", &long, &format!("{long}x")];
        let slugs: BTreeSet<String> = names.iter().map(|name| slug(name)).collect();
        assert_eq!(slugs.len(), names.len(), "{slugs:?}");
        assert!(slugs.iter().all(|slug| slug.len() <= LONGEST && slug.is_ascii()));
    }
}
