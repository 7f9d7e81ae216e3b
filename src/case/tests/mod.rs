//! Threads of our own making, in the forms that exports have.

use std::collections::BTreeMap;

use super::*;
use crate::lang::Lang;
use crate::lang::Localized;
use crate::logs::{LogKind, LogKinds, SectionMarks};
use crate::pattern::{Accepts, Hole, Options, Part, Pattern};
use crate::rule::{Collection, Effort, Phrases, Remedy, Risk};
use crate::value::Type;

mod calls;
mod forms;
mod lines;
mod names;
mod programs;
mod seeds;
mod threads;

/// The phrases of the repository.
fn phrases(lang: &str) -> (String, Phrases) {
    let path = format!("{}/rules/phrases/{lang}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let file: BTreeMap<String, serde_yaml_09::Value> = serde_yaml_09::from_str(&text).unwrap();
    let texts = |value: &serde_yaml_09::Value| -> Vec<String> { serde_yaml_09::from_value(value.clone()).unwrap() };
    let acts = file.iter().filter(|(key, _)| *key != "phrases").map(|(key, value)| (key.clone(), texts(value)));
    (lang.to_owned(), Phrases { acts: acts.collect() })
}

/// A knowledge base of phrases, two log kinds, and some collections and remedies.
fn rules() -> RuleSet {
    RuleSet {
        phrases: vec![phrases("zh"), phrases("en")],
        logs: LogKinds::new(vec![cbs(), setupapi()]),
        collections: vec![
            collection("gui-collector", &["CMGELogCollector", "GUI log collector"]),
            collection("procmon-boot", &["Enable Boot Logging", "bootlog", "Process Monitor"]),
            collection("setup-report", &["setupreport", "setup report"]),
            collection("tss-setup-report", &["TSS"]),
        ],
        remedies: vec![
            remedy("remove-file-policy", &["移除{}权限控制", "remove the file policy"]),
            remedy("remove-interceptor-temporarily", &["临时卸载", "卸载{}后", "uninstall the endpoint product"]),
            remedy("restore-file-acl", &["修改{}权限", "更改权限", "ACLrun", "restore the file's permissions"]),
            remedy("unplug-usb-devices", &["拔除{}USB设备"]),
        ],
        ..RuleSet::default()
    }
}

fn collection(name: &str, mentioned: &[&str]) -> Collection {
    Collection {
        name: name.to_owned(),
        title: Localized::default(),
        effort: Effort::default(),
        yields: Vec::new(),
        mentioned: mentioned.iter().map(|&text| text.to_owned()).collect(),
        needs: Vec::new(),
        steps: Vec::new(),
    }
}

fn remedy(name: &str, mentioned: &[&str]) -> Remedy {
    Remedy {
        name: name.to_owned(),
        title: Localized::default(),
        risk: Risk::Low,
        needs: Vec::new(),
        wants: Vec::new(),
        mentioned: mentioned.iter().map(|&text| text.to_owned()).collect(),
        before: None,
        steps: Vec::new(),
        script: None,
        verify: None,
        undo: None,
    }
}

fn cbs() -> LogKind {
    kind("cbs", &["^{time:%Y-%m-%d %H:%M:%S}, {level} {component} {message}$"], None)
}

fn setupapi() -> LogKind {
    let sections =
        SectionMarks { begin: vec![pattern("^>>>  [{title}]$")], end: vec![pattern("^<<<  [Exit status: {status}]$")] };
    LogKind {
        stamps: vec![pattern("^>>>  Section start {time:%Y/%m/%d %H:%M:%S%.f}$")],
        ..kind("setupapi.dev", &["^{message}$"], Some(sections))
    }
}

fn kind(name: &str, records: &[&str], sections: Option<SectionMarks>) -> LogKind {
    LogKind { sections, ..LogKind::of_lines(name, records.iter().map(|text| pattern(text)).collect()) }
}

/// A line pattern of text and holes `{name}`, `{time:format}`.
fn pattern(text: &str) -> Pattern {
    let (at_start, text) = text.strip_prefix('^').map_or((false, text), |text| (true, text));
    let (at_end, text) = text.strip_suffix('$').map_or((false, text), |text| (true, text));
    let mut parts = Vec::new();
    for piece in text.split_inclusive('}') {
        let (literal, hole) = piece.split_once('{').unwrap_or((piece, ""));
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        let Some(hole) = hole.strip_suffix('}') else { continue };
        let (name, accepts) = match hole.split_once(':') {
            Some((name, format)) => (name, Accepts::Time(format.to_owned())),
            None if matches!(hole, "level" | "component") => (hole, Accepts::Typed(Type::Word)),
            None => (hole, Accepts::Typed(Type::Text)),
        };
        parts.push(Part::Hole(Hole { name: Some(name.to_owned()), accepts }));
    }
    Pattern::new(parts, Options { at_start, at_end, ..Options::default() }).unwrap()
}

/// A line a message: number, side, kinds.
fn acts(thread: &Thread) -> Vec<String> {
    let line = |message: &Message| {
        let kinds: Vec<&str> = message.kinds.iter().map(|kind| kind.key()).collect();
        format!("{} {} {}", message.number, message.side.key(), kinds.join(" ")).trim().to_owned()
    };
    thread.messages.iter().map(line).collect()
}

/// The thread as it stood after its message `last`.
fn upto(text: &str, last: u32) -> Thread {
    let next = format!("====第{}封邮件====", last + 1);
    read(text.split(next.as_str()).next().unwrap(), &rules())
}

/// A line for each remedy tried: message, remedy, outcome, how that is known.
fn tried(thread: &Thread) -> Vec<String> {
    let line = |one: &Tried| format!("{} {} {}: {}", one.message, one.remedy, one.outcome.key(), one.why.get(Lang::En));
    thread.tried.iter().map(line).collect()
}
