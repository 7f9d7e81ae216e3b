//! Every log kind that is shipped: `kinds/<kind>@<form>.<ext>` is a piece of a log of that kind, and its snapshot is what
//! `casebook read` shows of it. A file is told by its content, whatever its name.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use casebook::bundle::{Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::lang::Lang;
use casebook::logs::{self, Framing, LogKinds};
use casebook::rule::RuleSet;
use casebook::scan::{self, Options};
use casebook::value::Stamp;

use crate::environment::root;

/// Kinds of one form, of which a name decides where the content leaves several.
const ONE_FORM: [&[&str]; 2] = [&["cbs", "dism", "setupact"], &["openssh", "syslog"]];

/// The fixtures: kind, file name, text.
fn fixtures() -> Vec<(String, String, String)> {
    let folder = fs::read_dir(root().join("tests/kinds")).unwrap();
    let mut fixtures: Vec<_> = folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let kind = name.split_once('@').unwrap().0.to_owned();
            (kind, name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    fixtures.sort();
    fixtures
}

/// A record a line: lines, stamp, section, fields, message.
fn shown(name: &str, text: &str, rules: &RuleSet) -> String {
    let bundle = Bundle::from_reader(name, text.as_bytes(), &Limits::default()).unwrap();
    let mut out = String::new();
    scan::records(&bundle, rules, &Options::default(), &mut |source, record, sections| {
        if out.is_empty() {
            let log = source.log.map_or("-", |log| rules.logs.get(log).name.as_str());
            let doubt = if source.doubt { ", in doubt" } else { "" };
            let _ = writeln!(out, "{log}{doubt}: {}", source.reason.say(Lang::En, &rules.logs));
        }
        let origin = &record.origin;
        let stamp = record.stamp.map_or_else(|| "-".to_owned(), Stamp::iso);
        let _ = write!(out, "{}-{} {stamp}", origin.line, origin.end_line());
        if let Some(section) = record.section.and_then(|id| sections.get(id.place())) {
            let _ = write!(out, " in “{}”", section.title);
        }
        for (name, value) in record.fields() {
            let _ = write!(out, " [{name}={value}]");
        }
        let _ = writeln!(out, " {}", record.message().replace('\n', "⏎"));
    });
    out
}

#[test]
fn a_log_of_every_kind_is_read() {
    let rules = KnowledgeBase::embedded().rules;
    let mut seen = BTreeSet::new();
    for (kind, name, text) in fixtures() {
        let out = shown("x.txt", &text, &rules);
        assert!(out.starts_with(&kind), "{name} is recognised as {}", out.lines().next().unwrap_or_default());
        insta::with_settings!({ snapshot_path => "kinds/expected", prepend_module_to_snapshot => false, snapshot_suffix => "" }, {
            insta::assert_snapshot!(name, out);
        });
        seen.insert(kind);
    }
    let lines = rules.logs.iter().filter(|(_, kind)| !kind.begins().is_empty());
    let missing: Vec<&str> = lines.map(|(_, kind)| kind.name.as_str()).filter(|kind| !seen.contains(*kind)).collect();
    assert!(missing.is_empty(), "no fixture of {missing:?}");
}

/// A name that one of a kind's globs matches.
fn name_of(glob: &str) -> String {
    glob.replace('*', "1")
}

#[test]
fn content_wins_over_names() {
    let kinds: LogKinds = KnowledgeBase::embedded().rules.logs;
    let mut stolen = Vec::new();
    for (kind, name, text) in fixtures() {
        for (_, other) in kinds.iter() {
            for glob in other.files.globs() {
                let found = logs::recognise(&text, &name_of(glob), &kinds).log.map(|log| kinds.get(log).name.clone());
                let found = found.unwrap_or_default();
                let alike = ONE_FORM.iter().any(|form| form.contains(&kind.as_str()) && form.contains(&found.as_str()));
                if found != kind && !alike {
                    stolen.push(format!("{name}, named {}, is “{found}”", name_of(glob)));
                }
            }
        }
    }
    assert!(stolen.is_empty(), "\n{}", stolen.join("\n"));
}

#[test]
fn every_kind_has_a_title_in_both_languages() {
    for (_, kind) in KnowledgeBase::embedded().rules.logs.iter() {
        let titles = Lang::ALL.map(|lang| kind.title.get(lang).to_owned());
        assert!(titles.iter().all(|title| !title.is_empty()) && titles[0] != titles[1], "{}: {titles:?}", kind.name);
    }
}

#[test]
fn what_is_of_no_kind_is_listed_and_searched() {
    let rules = KnowledgeBase::embedded().rules;
    let prose = "The update failed again this morning.\nPlease see the log, which says CBS 0x800f0922.\n";
    let bundle = Bundle::from_reader("note.txt", prose.as_bytes(), &Limits::default()).unwrap();
    let found = scan::scan(&bundle, &rules, &Options::default());
    assert_eq!(found.sources[0].log, None);
    assert_eq!(found.sources[0].reason.say(Lang::En, &rules.logs), "its first lines have the form of no log kind");
    let mut lines = 0;
    scan::records(&bundle, &rules, &Options::default(), &mut |_, _, _| lines += 1);
    assert_eq!(lines, 2);
    let named = logs::recognise(prose, "CBS.log", &rules.logs);
    assert_eq!(named.reason, logs::Reason::Unlike(rules.logs.by_name("cbs")));
}

/// Lines as people write them in mails.
const MAIL: [&str; 22] = [
    "Update KB5032196 failed again",
    "KB5032196 安装失败",
    "<Example Person> wrote:",
    "<support@example.com>",
    "主机名: HOST01",
    "OS Version: 10.0.17763",
    "Windows 版本: 10.0.17763.6414",
    "2024-07-12 11:21:46: 客户来电",
    "2024/7/12 11:21 - the customer called",
    "2024/7/12 11:21:46 - 客户回复",
    "1 2024-10-16 08:43:18 the first attempt",
    "cmd: ipconfig /all",
    "set: a fixed address",
    "host | state | version | remark",
    "(f) see below",
    "Error: it does not work",
    "Deployment Image Servicing and Management tool",
    "Info: please restart",
    "TI has answered",
    "[1] the second one",
    "Jun 14 it was installed",
    "- dism /online /get-packages",
];

#[test]
fn what_people_write_is_no_log() {
    let kinds = KnowledgeBase::embedded().rules.logs;
    let mut taken = Vec::new();
    for line in MAIL {
        let found = logs::recognise(line, "note.txt", &kinds);
        taken.extend(found.log.map(|log| format!("“{line}” is taken for {}", kinds.get(log).name)));
        for (_, kind) in kinds.iter() {
            let Framing::Lines(patterns) = &kind.framing else { continue };
            // A form that any line has is told by other lines.
            let telling = patterns.iter().filter(|pattern| !pattern.matches("收到") && !pattern.matches("您好："));
            let known = telling.chain(&kind.stamps).any(|pattern| pattern.matches(line));
            taken.extend(known.then(|| format!("“{line}” has the form of {}", kind.name)));
        }
    }
    assert!(taken.is_empty(), "\n{}", taken.join("\n"));
}
