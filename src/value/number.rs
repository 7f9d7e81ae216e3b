//! Integers, article numbers and versions.

use std::cmp::Ordering;

use super::{Type, Value};

/// A decimal or `0x` integer, signed.
pub(super) fn int(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => unsigned(hex, 16)?,
        None => unsigned(digits, 10)?,
    };
    Some(if negative { -number } else { number })
}

/// A hexadecimal integer, with `0x` or without.
pub(super) fn hex(text: &str) -> Option<i128> {
    unsigned(text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text), 16)
}

/// Digits only: no sign, no blank.
fn unsigned(digits: &str, radix: u32) -> Option<i128> {
    let plain = !digits.is_empty() && digits.chars().all(|char| char.is_digit(radix));
    plain.then(|| u64::from_str_radix(digits, radix).ok()).flatten().map(i128::from)
}

/// `KB5032196`, `kb 5032196`.
pub(super) fn kb(text: &str) -> Option<i128> {
    let prefix = text.get(..2).filter(|prefix| prefix.eq_ignore_ascii_case("kb"))?;
    let digits = text[prefix.len()..].trim_start_matches(' ');
    (5..=8).contains(&digits.len()).then(|| unsigned(digits, 10)).flatten()
}

/// `10.0.17763.6174`: two to six parts.
pub(super) fn version(text: &str) -> Option<Vec<u64>> {
    let parts: Option<Vec<u64>> =
        text.split('.').map(|part| unsigned(part, 10).and_then(|part| u64::try_from(part).ok())).collect();
    parts.filter(|parts| (2..=6).contains(&parts.len()))
}

/// Versions are the same where they differ only by zeros at the end.
pub(super) fn version_key(parts: &[u64]) -> String {
    let end = parts.iter().rposition(|part| *part != 0).map_or(1, |last| last + 1);
    parts[..end.min(parts.len())].iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

/// Part by part; a missing part is 0.
pub(super) fn compare_versions(a: &[u64], b: &[u64]) -> Ordering {
    let part = |parts: &[u64], at: usize| parts.get(at).copied().unwrap_or(0);
    (0..a.len().max(b.len()))
        .map(|at| part(a, at).cmp(&part(b, at)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// `.major .minor .build .revision`
pub(super) fn version_field(parts: &[u64], name: &str) -> Option<Value> {
    let at = Type::Version.fields().iter().position(|field| *field == name)?;
    Type::Int.read(&parts.get(at)?.to_string())
}
