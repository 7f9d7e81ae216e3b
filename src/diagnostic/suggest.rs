//! "Did you mean": the known name nearest to what was written, or none rather than a far-fetched one.

/// The name of `known` that `written` most likely means: differing in case or separators only, one that extends it or
/// that it extends, or a few letters away. Ties go to the first.
#[must_use]
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bare = plain(written);
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let Some(distance) = distance(&bare, &plain(name)) else { continue };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// How far two names are apart; `None` for too far.
fn distance(written: &str, name: &str) -> Option<usize> {
    let letters = written.chars().count().max(name.chars().count());
    let apart = strsim::damerau_levenshtein(written, name);
    // One slip in three letters is the most that still reads as the same word.
    if letters > 2 && apart <= letters.div_ceil(3).min(4) {
        return Some(apart);
    }
    let shorter = written.chars().count().min(name.chars().count());
    (shorter >= 3 && (written.starts_with(name) || name.starts_with(written))).then_some(letters)
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_mended_and_strangers_left_alone() {
        let known = ["severity", "signature", "evidence", "setupapi.dev", "line", "zh", "en", "path"];
        for (written, meant) in [
            ("severty", Some("severity")),
            ("Severity", Some("severity")),
            ("signatrue", Some("signature")),
            ("setupapi", Some("setupapi.dev")),
            ("lines", Some("line")),
            ("paht", Some("path")),
            ("cn", None),
            ("remedy", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, known), meant, "{written}");
        }
    }
}
