//! A secedit export: an INF of security settings. The security of files, keys and services is a
//! descriptor a line, of which every entry is a record.

use std::io;

use super::sddl::{self, Ace, Object};
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

/// One record an entry of a security descriptor: `file`, `mode`, `sddl`, and who may do what; `name` and `value` for any
/// other setting.
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    let mut section = String::new();
    let (count, ended) = lines::each(sink.artifact, &mut |line| {
        let text = line.text.trim();
        if let Some(title) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            title.clone_into(&mut section);
            return;
        }
        if text.is_empty() || text.starts_with(';') {
            return;
        }
        if let Some(secured) = secured(text) {
            for fields in entries(&section, &secured) {
                sink.record(line.place(), &line.text, &fields, vec![section.clone()]);
            }
        } else if let Some((name, value)) = text.split_once('=') {
            let fields = vec![
                ("section", section.clone()),
                ("name", name.trim().to_owned()),
                ("value", value.trim().to_owned()),
            ];
            sink.record(line.place(), &line.text, &fields, vec![section.clone()]);
        }
    });
    sink.lines(count);
    ended
}

/// An object with its security.
struct Secured<'t> {
    object: &'t str,
    mode: &'t str,
    sddl: &'t str,
}

/// `"object",mode,"sddl"`; what holds no comma may stand without its quotes.
fn secured(line: &str) -> Option<Secured<'_>> {
    let (object, rest) = match line.strip_prefix('"') {
        Some(quoted) => {
            let (object, rest) = quoted.split_once('"')?;
            (object, rest.trim_start().strip_prefix(',')?)
        }
        None => line.split_once(',')?,
    };
    let (mode, sddl) = rest.split_once(',')?;
    // A setting may hold commas too, but no descriptor.
    if mode.trim().parse::<u32>().is_err() || object.contains('=') {
        return None;
    }
    Some(Secured { object, mode: mode.trim(), sddl: sddl.trim().trim_matches('"') })
}

/// The fields of every entry of an object; of one without entries, its own.
fn entries(section: &str, secured: &Secured<'_>) -> Vec<Vec<(&'static str, String)>> {
    let (of, name) = match section.to_ascii_lowercase().as_str() {
        "registry keys" => (Object::Key, Some("key")),
        "service general setting" => (Object::Service, Some("service")),
        _ => (Object::File, None),
    };
    let mut own = vec![
        ("section", section.to_owned()),
        ("file", secured.object.to_owned()),
        ("mode", secured.mode.to_owned()),
        ("sddl", secured.sddl.to_owned()),
    ];
    own.extend(name.map(|name| (name, secured.object.to_owned())));
    let descriptor = sddl::read(secured.sddl, of);
    own.extend(descriptor.owner.map(|owner| ("owner", owner)));
    own.extend(descriptor.group.map(|group| ("group", group)));
    if descriptor.aces.is_empty() {
        return vec![own];
    }
    let with = |ace: Ace| own.iter().cloned().chain(ace.fields()).collect();
    descriptor.aces.into_iter().map(with).collect()
}
