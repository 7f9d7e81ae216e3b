//! `gpresult` as text: indented labels in the machine's language; what matters is file security and settings.
//!
//! File-system entries of a policy stand under a heading of that name, each with the policy it comes from. Their section
//! is `File Security` whatever the language, the name that a security template gives it.

use super::super::lines::Line;
use super::super::sink::{Entry, Place};

/// The section of file-system entries.
const FILES: &str = "File Security";

/// Lines that only this report has, in English and Chinese.
const OWN: [&str; 10] = [
    "RSOP data for",
    "RSoP data for",
    "Applied Group Policy Objects",
    "COMPUTER SETTINGS",
    "Resultant Set Of Policies",
    "RSOP 数据",
    "应用的组策略对象",
    "计算机设置",
    "计算机的策略结果集",
    "已应用的组策略对象",
];

/// Headings of file-system security.
const HEADINGS: [&str; 4] = ["File System Settings", "File System", "文件系统设置", "文件系统"];

/// Labels of a policy's name.
const POLICY: [&str; 4] = ["GPO:", "GPO：", "组策略对象:", "组策略:"];

/// How many lines only this report has.
pub(super) fn recognises(lines: &[&str]) -> usize {
    lines.iter().filter(|line| OWN.iter().any(|own| line.contains(own))).count()
}

/// `file` and `gpo` for a file-system entry, `name` and `value` for any other labelled line.
pub(super) fn read(lines: &[Line]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut section = String::new();
    let (mut policy, mut policy_at) = (String::new(), 0);
    for (at, line) in lines.iter().enumerate() {
        let text = line.text.trim();
        let ruled = lines.get(at + 1).is_some_and(|next| is_rule(&next.text));
        if ruled && !text.is_empty() {
            let files = HEADINGS.iter().any(|heading| text.eq_ignore_ascii_case(heading));
            section = if files { FILES.to_owned() } else { text.to_owned() };
            policy.clear();
            continue;
        }
        if let Some(name) = after(text, &POLICY) {
            (policy, policy_at) = (name.to_owned(), at);
        }
        let object = (section == FILES).then(|| object(text)).flatten();
        if let Some(object) = object {
            let fields = vec![("section", section.clone()), ("file", object.to_owned()), ("gpo", policy.clone())];
            // The policy that it comes from stands shortly before it.
            let first = if !policy.is_empty() && at - policy_at < 4 { policy_at } else { at };
            entries.push(spanning(lines.get(first..=at).unwrap_or_default(), fields).within(&section));
        } else if let Some((name, value)) = text.split_once(": ").or_else(|| text.split_once('：')) {
            let fields = vec![
                ("section", section.clone()),
                ("name", name.trim().to_owned()),
                ("value", value.trim().to_owned()),
            ];
            entries.push(Entry::of_line(line, fields).within(&section));
        }
    }
    entries
}

/// An entry of several lines.
fn spanning(lines: &[Line], fields: Vec<(&'static str, String)>) -> Entry {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Entry::default() };
    let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    let place = Place { end_line: last.number, end: last.end, ..first.place() };
    Entry { place, text, ..Entry::of_line(last, fields) }
}

/// A line of dashes.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && line.chars().all(|char| char == '-')
}

/// What follows one of the labels.
fn after<'t>(text: &'t str, labels: &[&str]) -> Option<&'t str> {
    labels.iter().find_map(|label| text.strip_prefix(label)).map(str::trim).filter(|rest| !rest.is_empty())
}

/// The path of an object: a line that is one, or what follows a label, which every language words in its own way.
fn object(text: &str) -> Option<&str> {
    let labelled = || text.split_once([':', '：']).map(|(_, rest)| rest.trim());
    [Some(text), labelled()].into_iter().flatten().find(|text| is_path(text))
}

fn is_path(text: &str) -> bool {
    let rooted = text.starts_with('%') || text.get(1..3) == Some(":\\");
    rooted && text.contains('\\') && !text.contains(": ")
}

#[cfg(test)]
mod tests {
    use super::super::super::lines::Line;
    use super::read;

    fn lines(texts: &[&str]) -> Vec<Line> {
        texts.iter().map(|text| Line { text: (*text).to_owned(), ..Line::default() }).collect()
    }

    #[test]
    fn an_object_is_known_by_its_path_whatever_its_label() {
        for label in ["ObjectName: ", "Object:        ", "对象名称：", "Objektname: ", ""] {
            let line = format!("    {label}%SystemRoot%\\INF\\USBSTOR.INF");
            let entries =
                read(&lines(&["File System Settings", "--------------------", "    GPO: USB Control", &line]));
            let file = entries.iter().find_map(|entry| entry.fields.iter().find(|(name, _)| &**name == "file"));
            assert_eq!(file.map(|(_, file)| file.as_str()), Some("%SystemRoot%\\INF\\USBSTOR.INF"), "{label}");
        }
        let elsewhere = read(&lines(&["Settings", "--------", "    Path: C:\\Windows\\a.inf"]));
        assert!(elsewhere.iter().all(|entry| entry.fields.iter().all(|(name, _)| &**name != "file")));
        assert!(read(&lines(&["File System Settings", "----", "    N/A"])).is_empty());
    }
}
