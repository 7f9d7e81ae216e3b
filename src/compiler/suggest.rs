//! Did-you-mean: the known name nearest to one that is not.

/// Names longer than this are not compared: nobody mistypes them, and the comparison is quadratic in their length.
const LONGEST: usize = 64;

/// How like two names have to be, from 0 to 1.
const LIKE: f64 = 0.8;

/// The known name most like `name`, if one is like enough; the first of those equally like.
pub(super) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if name.chars().count() > LONGEST {
        return None;
    }
    let wanted = name.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        if candidate == name || candidate.len() > 4 * LONGEST {
            continue;
        }
        let likeness = likeness(&wanted, &candidate.to_lowercase());
        if likeness >= LIKE && best.is_none_or(|(so_far, _)| likeness > so_far) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether `name` is so near to `meant` that it can be replaced without asking: two slips of the hand at the most.
pub(super) fn is_slip(name: &str, meant: &str) -> bool {
    let slips = strsim::osa_distance(&name.to_lowercase(), &meant.to_lowercase());
    slips <= 2 && slips * 3 <= meant.chars().count()
}

/// How like two names are: by the slips of a hand, or by the same words in another order.
fn likeness(name: &str, candidate: &str) -> f64 {
    let slips = strsim::jaro_winkler(name, candidate);
    if words(name) == words(candidate) { slips.max(0.99) } else { slips }
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
        assert_eq!(nearest("denid", ["rollback", "denied"]), Some("denied"));
        assert_eq!(nearest("setupapi", ["cbs", "setupapi.dev"]), Some("setupapi.dev"));
        assert_eq!(nearest("restore-acl-file", ["remove-file-policy", "restore-file-acl"]), Some("restore-file-acl"));
        assert_eq!(nearest("INF", ["inf"]), Some("inf"));
    }

    #[test]
    fn only_a_slip_is_mended_without_asking() {
        assert!(is_slip("denid", "denied"));
        assert!(!is_slip("setupapi", "setupapi.dev"));
        assert!(!is_slip("ab", "cd"));
    }

    #[test]
    fn what_is_like_nothing_finds_nothing() {
        assert_eq!(nearest("procmon", ["cbs", "dism"]), None);
        assert_eq!(nearest("", ["cbs"]), None);
        assert_eq!(nearest(&"x".repeat(100_000), ["xx"]), None);
    }
}
