//! Did-you-mean for names of a knowledge base: slips of the hand, and the right words in the wrong order.

use crate::diagnostic;

/// Bytes by which the lengths of a name and what was written for it differ at the most.
const FURTHEST: usize = 8;

/// The known name that `name` most likely means.
pub(super) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let wanted = words(name);
    let reordered = |candidate: &str| wanted.len() > 1 && words(candidate) == wanted;
    // `startup-rollback` for `servicing/startup-rollback`.
    let shortened = |candidate: &str| candidate.rsplit_once('/').is_some_and(|(_, last)| last == name);
    let certain = known.iter().find(|candidate| reordered(candidate) || shortened(candidate));
    // A name much longer or shorter is no slip; leaving it out keeps many faults over many names cheap.
    let sized = |candidate: &&str| candidate.len().abs_diff(name.len()) <= FURTHEST || candidate.starts_with(name);
    certain.copied().or_else(|| diagnostic::nearest(name, known.iter().copied().filter(sized)))
}

/// Whether a bare word is most likely a slip for the capture `meant`: a text could be meant as well, so only near
/// misses of longer names count.
pub(super) fn is_slip(word: &str, meant: &str) -> bool {
    let letters = meant.chars().count();
    let short = (4..=64).contains(&letters) && word.chars().count() <= 66;
    short && strsim::osa_distance(&word.to_lowercase(), &meant.to_lowercase()) <= letters / 4
}

fn words(name: &str) -> Vec<&str> {
    let mut words: Vec<&str> = name.split(['-', '_', '.', '/']).collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::{is_slip, nearest};

    #[test]
    fn a_slip_finds_its_name() {
        assert_eq!(nearest("denid", &["rollback", "denied"]), Some("denied"));
        assert_eq!(nearest("setupapi", &["cbs", "setupapi.dev"]), Some("setupapi.dev"));
        assert_eq!(nearest("restore-acl-file", &["remove-file-policy", "restore-file-acl"]), Some("restore-file-acl"));
        assert_eq!(nearest("rollback", &["a/b", "servicing/rollback"]), Some("servicing/rollback"));
        assert_eq!(nearest("procmon", &["cbs", "dism"]), None);
    }

    #[test]
    fn a_word_is_a_text_unless_it_is_nearly_a_capture() {
        assert!(is_slip("taget", "target"));
        assert!(is_slip("target", "target"));
        assert!(!is_slip("Info", "inf"));
        assert!(!is_slip("ACCESS", "target"));
    }
}
