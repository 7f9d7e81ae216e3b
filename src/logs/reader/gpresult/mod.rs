//! `gpresult`: what group policy sets on a machine, as text, as the page of `/h` or as the document of `/x`.
//!
//! All three give the same fields: `name` and `value` of a setting, the policy (`gpo`) it comes from, and for an object with
//! permissions its `file` or `key`. What a policy does to files lies in the section `File Security` whatever the form and
//! the language, the name that a security template gives it; to keys, in `Registry Keys`.

mod html;
mod places;
mod text;
mod xml;

use std::io;

use crate::bundle::ProblemKind;

use super::Sink;
use places::Places;

/// Bytes of a report at the most; real ones have a few megabytes.
const WHOLE: usize = 16 << 20;

/// The section of file-system entries.
const FILES: &str = "File Security";
/// The section of registry keys with permissions.
const KEYS: &str = "Registry Keys";

/// What only the page and the document hold.
const MARKS: [&str; 3] =
    ["gpmc_reportInitialized", "http://www.microsoft.com/GroupPolicy/Rsop", "class=\"rsopheader\""];

/// How many lines only this report has.
pub(super) fn recognises(lines: &[&str]) -> usize {
    if lines.iter().any(|line| MARKS.iter().any(|mark| line.contains(mark))) {
        return lines.len();
    }
    text::recognises(lines)
}

/// Reads a report.
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    let (text, places, lines, ended) = Places::gather(sink.artifact, WHOLE);
    if places.cut(lines) {
        sink.problem(ProblemKind::Truncated, "报告过大，只读取了开头", "too large: only its beginning was read");
    }
    sink.lines(lines);
    let head: String = text.chars().take(4096).collect();
    let head = head.trim_start().to_ascii_lowercase();
    if head.starts_with("<?xml") || head.starts_with("<rsop") {
        xml::read(sink, &text, &places);
    } else if head.starts_with('<') {
        html::read(sink, &text, &places);
    } else {
        text::read(sink, &text, &places);
    }
    ended
}

/// What a path with permissions is of: a file or a key, with its section.
fn secured(text: &str) -> Option<(&'static str, &'static str)> {
    let rooted = text.starts_with('%') || text.get(1..3) == Some(":\\");
    if rooted && text.contains('\\') && !text.contains(": ") {
        return Some((FILES, "file"));
    }
    let key = ["MACHINE\\", "CLASSES_ROOT\\", "USERS\\"].iter().any(|root| text.starts_with(root));
    key.then_some((KEYS, "key"))
}

/// A record of a marked-up form in words: `name: value (policy)`.
fn rendering(fields: &[(&'static str, String)]) -> String {
    let of = |wanted: &str| fields.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str());
    let object = ["file", "key", "name"].into_iter().find_map(of);
    let said = [of("kind"), of("who"), of("rights").or_else(|| of("audit")), of("value")].into_iter().flatten();
    let said = said.filter(|said| !said.is_empty()).collect::<Vec<_>>().join(" ");
    let parts = [object, Some(said.as_str())].into_iter().flatten().filter(|part| !part.is_empty());
    let text = parts.collect::<Vec<_>>().join(": ");
    of("gpo").filter(|gpo| !gpo.is_empty()).map_or_else(|| text.clone(), |gpo| format!("{text} ({gpo})"))
}

/// A value on one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
