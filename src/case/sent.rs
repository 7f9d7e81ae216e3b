//! The stamp of a mail in the forms that exports and mail programs write.
//!
//! Civil time: an offset is read over, for exports print one that is not the sender's. What is no known form is no time.

use crate::value::Stamp;

/// Forms of a stamp once weekday, offset, zone name and marks of the half day have been brought into one shape.
const FORMS: [&str; 14] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
    "%d %b %Y %H:%M:%S",
    "%d %B %Y %H:%M",
    "%B %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M:%S %p",
    "%B %d, %Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%Y-%m-%d %I:%M %p",
    "%Y-%m-%d %I:%M:%S %p",
];

/// A stamp is short; longer text is none.
const LONGEST: usize = 80;

/// Reads a stamp.
pub(super) fn parse(text: &str) -> Option<Stamp> {
    if text.len() > LONGEST {
        return None;
    }
    let text = plain(text);
    let text = without_offset(without_zone_name(without_weekday(&text)));
    FORMS.iter().find_map(|form| Stamp::parse(form, text))
}

/// Chinese marks in the shape of the forms: `2024年7月12日星期五 下午3:05` as `2024-7-12 3:05 PM`.
fn plain(text: &str) -> String {
    let mut plain = text.trim().replace(['年', '月'], "-").replace('日', " ").replace('：', ":");
    if let Some((before, day)) = plain.split_once("星期") {
        let after: String = day.chars().skip(1).collect();
        plain = format!("{before}{after}").replace("()", " ");
    }
    for (mark, half) in [("上午", " AM"), ("下午", " PM")] {
        if plain.contains(mark) {
            plain = plain.replace(mark, " ") + half;
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `Fri, 12 Jul 2024` and `Friday, July 12, 2024` without the day's name; `星期五` anywhere.
fn without_weekday(text: &str) -> &str {
    match text.split_once(", ") {
        Some((day, rest)) if day.chars().all(char::is_alphabetic) => rest,
        _ => text,
    }
}

/// `… +0800 (CST)` without the name in parentheses.
fn without_zone_name(text: &str) -> &str {
    text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map_or(text, |(text, _)| text.trim_end())
}

/// Without `Z`, `UTC`, `GMT`, `+00:00` or `-0700` after a time of day.
fn without_offset(text: &str) -> &str {
    let text = ["Z", " UTC", " GMT"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text).trim_end();
    let Some(at) = text.rfind(['+', '-']) else { return text };
    let digits = text[at + 1..].chars().filter(char::is_ascii_digit).count();
    let is_offset = text[at + 1..].chars().all(|c| c.is_ascii_digit() || c == ':') && (digits == 4 || digits == 2);
    if is_offset && text[..at].contains(':') { text[..at].trim_end() } else { text }
}
