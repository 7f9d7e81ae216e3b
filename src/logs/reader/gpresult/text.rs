//! The report as text: headings above dashes, labels in the machine's language.
//!
//! A setting is a policy's name and the labels below it, to the next blank line: what the setting is called comes first, its
//! value last, and goes on in the lines below.

use super::super::Sink;
use super::places::Places;
use super::{FILES, KEYS, line, secured};

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
const FILE_HEADINGS: [&str; 4] = ["File System Settings", "File System", "文件系统设置", "文件系统"];

/// Headings of the security of keys.
const KEY_HEADINGS: [&str; 4] = ["Registry Settings", "Registry", "注册表设置", "注册表"];

/// Headings of the list of policies that apply.
const APPLIED: [&str; 4] = ["Applied Group Policy Objects", "应用的组策略对象", "已应用的组策略对象", "Applied GPOs"];

/// Labels of a policy's name.
const POLICY: [&str; 4] = ["GPO:", "GPO：", "组策略对象:", "组策略:"];

/// What stands where there is nothing.
const NOTHING: [&str; 4] = ["N/A", "不适用", "暂缺", "无"];

/// How many lines only this report has.
pub(super) fn recognises(lines: &[&str]) -> usize {
    lines.iter().filter(|line| OWN.iter().any(|own| line.contains(own))).count()
}

/// Reads the report.
pub(super) fn read(sink: &mut Sink<'_>, text: &str, places: &Places) {
    let mut report = Report::default();
    let mut lines = Vec::new();
    let mut begin = 0;
    for raw in text.split_inclusive('\n') {
        lines.push((begin, raw.trim_end_matches(['\r', '\n'])));
        begin += raw.len();
    }
    for (at, (begin, line)) in lines.iter().enumerate() {
        let ruled = lines.get(at + 1).is_some_and(|(_, next)| is_rule(next));
        report.line(sink, places, (*begin, line), ruled);
    }
    report.group(sink, places);
}

/// What the lines so far opened.
#[derive(Default)]
struct Report {
    section: String,
    group: Option<Group>,
}

/// A setting of a policy.
struct Group {
    gpo: String,
    /// What is said of it: labels and their values.
    pairs: Vec<(String, String)>,
    begin: usize,
    end: usize,
    text: Vec<String>,
}

impl Report {
    fn line(&mut self, sink: &mut Sink<'_>, places: &Places, (begin, whole): (usize, &str), ruled: bool) {
        let text = whole.trim();
        let end = begin + whole.len();
        if ruled && !text.is_empty() {
            self.group(sink, places);
            let is = |headings: &[&str]| headings.iter().any(|heading| text.eq_ignore_ascii_case(heading));
            self.section = if is(&FILE_HEADINGS) {
                FILES.to_owned()
            } else if is(&KEY_HEADINGS) {
                KEYS.to_owned()
            } else {
                text.to_owned()
            };
        } else if text.is_empty() || is_rule(text) {
            self.group(sink, places);
        } else if let Some(gpo) = after(text, &POLICY) {
            self.group(sink, places);
            let text = vec![whole.to_owned()];
            self.group = Some(Group { gpo: gpo.to_owned(), pairs: Vec::new(), begin, end, text });
        } else if let Some(group) = &mut self.group {
            group.line(whole, end);
        } else {
            self.alone(sink, places, text, (begin, end));
        }
    }

    /// A line that belongs to no policy.
    fn alone(&self, sink: &mut Sink<'_>, places: &Places, text: &str, (begin, end): (usize, usize)) {
        let mut fields = vec![("section", self.section.clone())];
        if let Some((name, value)) = labelled(text) {
            fields.extend([("name", name.to_owned()), ("value", value.to_owned())]);
        } else if self.section.is_empty() || NOTHING.contains(&text) {
            return;
        } else if APPLIED.contains(&self.section.as_str()) {
            fields.push(("gpo", text.to_owned()));
        } else if let Some((_, kind)) = secured(text).filter(|(section, _)| *section == self.section) {
            fields.push((kind, text.to_owned()));
        } else {
            fields.push(("value", text.to_owned()));
        }
        sink.record(places.of(begin, end), text, &fields, vec![self.section.clone()]);
    }

    /// Hands on the setting that is open.
    fn group(&mut self, sink: &mut Sink<'_>, places: &Places) {
        let Some(group) = self.group.take() else { return };
        let place = places.of(group.begin, group.end);
        for fields in group.records(&self.section) {
            sink.record(place, &group.text.join("\n"), &fields, vec![self.section.clone()]);
        }
    }
}

impl Group {
    fn line(&mut self, whole: &str, end: usize) {
        let text = whole.trim();
        // What goes on in the column of the values is no label.
        let deep = whole.len() - whole.trim_start().len() > 30;
        match (labelled(text), self.pairs.last_mut()) {
            (Some((name, value)), last) if !deep || last.is_none() => {
                self.pairs.push((name.to_owned(), value.to_owned()));
            }
            (_, Some((_, value))) => {
                value.push_str(if value.is_empty() { "" } else { ", " });
                value.push_str(text);
            }
            (_, None) => self.pairs.push((String::new(), text.to_owned())),
        }
        self.end = end;
        self.text.push(whole.to_owned());
    }

    /// The fields of its records: one for every object with permissions, which are known by their paths, whatever their
    /// labels; else one.
    fn records(&self, section: &str) -> Vec<Vec<(&'static str, String)>> {
        let own = |(_, value): &(String, String)| {
            let (_, kind) = secured(value).filter(|(own, _)| *own == section)?;
            Some(vec![("section", section.to_owned()), (kind, value.clone()), ("gpo", self.gpo.clone())])
        };
        let objects: Vec<_> = self.pairs.iter().filter_map(own).collect();
        if !objects.is_empty() {
            return objects;
        }
        let mut fields = vec![("section", section.to_owned())];
        let last = self.pairs.len().saturating_sub(1);
        for (at, (_, value)) in self.pairs.iter().enumerate() {
            let name = match at {
                0 => "name",
                at if at == last => "value",
                _ => "key",
            };
            fields.push((name, line(value)));
        }
        fields.push(("gpo", self.gpo.clone()));
        vec![fields]
    }
}

/// A line of dashes.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && line.chars().all(|char| char == '-')
}

/// A label and what follows it.
fn labelled(text: &str) -> Option<(&str, &str)> {
    let plain = || text.split_once(": ").or_else(|| text.strip_suffix(':').map(|name| (name, "")));
    let found = plain().or_else(|| text.split_once('：'));
    found.map(|(name, value)| (name.trim(), value.trim()))
}

/// What follows one of the labels.
fn after<'t>(text: &'t str, labels: &[&str]) -> Option<&'t str> {
    labels.iter().find_map(|label| text.strip_prefix(label)).map(str::trim).filter(|rest| !rest.is_empty())
}
