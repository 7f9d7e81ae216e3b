//! The words of an explanation, in both languages.

use crate::lang::Localized;
use crate::value::Stamp;

use super::super::Reason;

/// A text in both languages.
pub(super) fn say(zh: impl Into<String>, en: impl Into<String>) -> Localized {
    Localized::new(zh, en)
}

/// A length of time as people write it, its two largest units: `41 s`, `1 h 5 min`, `250 ms`.
pub(super) fn length(nanoseconds: i64) -> String {
    const UNITS: [(u64, &str); 7] = [
        (86_400_000_000_000, "d"),
        (3_600_000_000_000, "h"),
        (60_000_000_000, "min"),
        (1_000_000_000, "s"),
        (1_000_000, "ms"),
        (1_000, "us"),
        (1, "ns"),
    ];
    let mut rest = nanoseconds.unsigned_abs();
    let mut parts = Vec::new();
    for (unit, name) in UNITS {
        if rest >= unit && parts.len() < 2 {
            parts.push(format!("{} {name}", rest / unit));
            rest %= unit;
        } else if !parts.is_empty() {
            break;
        }
    }
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

/// A stamp as people write it.
pub(super) fn stamp(stamp: Stamp) -> String {
    stamp.iso().replace('T', " ")
}

/// Why a log does not answer.
pub(super) fn reason(log: &str, reason: Reason) -> Localized {
    match reason {
        Reason::Absent => say(format!("没有 {log} 日志（absent）"), format!("there is no {log} log (absent)")),
        Reason::NotCovered => say(
            format!("{log} 没有覆盖这段时间（not-covered）"),
            format!("{log} does not cover the time (not-covered)"),
        ),
        Reason::Truncated => say(format!("{log} 不完整（truncated）"), format!("{log} is cut off (truncated)")),
        Reason::Unreadable => {
            say(format!("{log} 无法读取（unreadable）"), format!("{log} cannot be read (unreadable)"))
        }
        Reason::Encrypted => {
            say(format!("{log} 已加密，需要密码（encrypted）"), format!("{log} needs a password (encrypted)"))
        }
        Reason::NotListed => say(
            format!("{log} 没有列出所问的对象（not-listed）"),
            format!("{log} does not list what is asked about (not-listed)"),
        ),
        Reason::ClockUnknown => say(
            format!("{log} 的时钟无法与其他日志对照，可用 --utc-offset 指明（clock-unknown）"),
            format!("the clock of {log} cannot be compared with the others; --utc-offset tells it (clock-unknown)"),
        ),
        Reason::TooMany => say(
            "可能的组合过多，没有全部试完（too-many）",
            "there are too many combinations to try them all (too-many)",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn lengths_are_short() {
        let second = 1_000_000_000;
        for (nanoseconds, text) in [
            (0, "0 s"),
            (41 * second, "41 s"),
            (-41 * second, "41 s"),
            (250_000_000, "250 ms"),
            (720 * second, "12 min"),
            (3_900 * second, "1 h 5 min"),
            (3_601 * second, "1 h"),
        ] {
            assert_eq!(length(nanoseconds), text);
        }
    }
}
