//! A secedit export: an INF of security settings. File and registry security is one entry a line with its SDDL.

use std::io;

use super::sink::Entry;
use super::{Sink, lines};

/// Sections that only a security template has.
const OWN: [&str; 7] = [
    "[System Access]",
    "[Event Audit]",
    "[Registry Values]",
    "[Privilege Rights]",
    "[File Security]",
    "[Registry Keys]",
    "[Service General Setting]",
];

/// How many lines are sections of a security template; `[Unicode]` or `[Version]` must stand there too.
pub(super) fn recognises(lines: &[&str]) -> usize {
    let framed =
        lines.iter().any(|line| ["[Unicode]", "[Version]"].iter().any(|own| own.eq_ignore_ascii_case(line.trim())));
    let own = lines.iter().filter(|line| OWN.iter().any(|own| own.eq_ignore_ascii_case(line.trim()))).count();
    if framed { own } else { 0 }
}

/// `file`, `mode` and `sddl` for an object with a security descriptor, `name` and `value` for any other setting.
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    let mut section = String::new();
    let count = lines::each(sink.artifact, &mut |line| {
        let text = line.text.trim();
        if let Some(title) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            title.clone_into(&mut section);
            return;
        }
        if text.is_empty() || text.starts_with(';') {
            return;
        }
        let mut fields = vec![("section", section.clone())];
        if let Some((object, mode, sddl)) = secured(text) {
            fields.extend([("file", object.to_owned()), ("mode", mode.to_owned()), ("sddl", sddl.to_owned())]);
        } else if let Some((name, value)) = text.split_once('=') {
            fields.extend([("name", name.trim().to_owned()), ("value", value.trim().to_owned())]);
        } else {
            return;
        }
        sink.take(Entry::of_line(line, fields).within(&section));
    })?;
    sink.lines(count);
    Ok(())
}

/// `"object",mode,"sddl"`.
fn secured(line: &str) -> Option<(&str, &str, &str)> {
    let (object, rest) = line.strip_prefix('"')?.split_once('"')?;
    let (mode, sddl) = rest.strip_prefix(',')?.split_once(',')?;
    Some((object, mode.trim(), sddl.trim().trim_matches('"')))
}
