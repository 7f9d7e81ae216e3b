//! `gpresult` as text: indented labels in the machine's language; what matters is file security and settings.
//!
//! File-system entries of a policy stand under a heading of that name, each with the policy it comes from. Their section
//! is `File Security` whatever the language, the name that a security template gives it.

use super::Entry;

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
pub(super) fn read(lines: &[&str]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut section = String::new();
    let (mut policy, mut policy_line) = (String::new(), 0);
    for (at, line) in lines.iter().enumerate() {
        let text = line.trim();
        let ruled = lines.get(at + 1).is_some_and(|next| is_rule(next));
        if ruled && !text.is_empty() {
            let files = HEADINGS.iter().any(|heading| text.eq_ignore_ascii_case(heading));
            section = if files { FILES.to_owned() } else { text.to_owned() };
            policy.clear();
            continue;
        }
        if let Some(name) = after(text, &POLICY) {
            (policy, policy_line) = (name.to_owned(), at + 1);
        }
        let object = (section == FILES).then(|| object(text)).flatten();
        if let Some(object) = object {
            let first = if policy_line > 0 && at + 1 - policy_line < 4 { policy_line } else { at + 1 };
            entries.push(Entry {
                fields: vec![("section", section.clone()), ("file", object.to_owned()), ("gpo", policy.clone())],
                lines: (first, at + 1),
                section: Some(section.clone()),
                stamp: None,
            });
        } else if let Some((name, value)) = text.split_once(": ").or_else(|| text.split_once('：')) {
            entries.push(Entry {
                fields: vec![
                    ("section", section.clone()),
                    ("name", name.trim().to_owned()),
                    ("value", value.trim().to_owned()),
                ],
                lines: (at + 1, at + 1),
                section: Some(section.clone()),
                stamp: None,
            });
        }
    }
    entries
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
    use super::read;

    #[test]
    fn an_object_is_known_by_its_path_whatever_its_label() {
        for label in ["ObjectName: ", "Object:        ", "对象名称：", "Objektname: ", ""] {
            let line = format!("    {label}%SystemRoot%\\INF\\USBSTOR.INF");
            let lines = ["File System Settings", "--------------------", "    GPO: USB Control", &line];
            let entries = read(&lines);
            let file = entries.iter().find_map(|entry| entry.fields.iter().find(|(name, _)| *name == "file"));
            assert_eq!(file.map(|(_, file)| file.as_str()), Some("%SystemRoot%\\INF\\USBSTOR.INF"), "{label}");
        }
        let elsewhere = read(&["Settings", "--------", "    Path: C:\\Windows\\a.inf"]);
        assert!(elsewhere.iter().all(|entry| entry.fields.iter().all(|(name, _)| *name != "file")));
        assert!(read(&["File System Settings", "----", "    N/A"]).is_empty());
    }
}
