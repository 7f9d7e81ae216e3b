//! `casebook scan --unexplained`: failures that no rule explains, for people and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::authoring::{Cluster, unexplained};
use crate::lang::Lang;
use crate::scan;

use super::Common;
use super::input::Work;

/// Clusters that are shown to people.
const SHOWN: usize = 20;

/// Characters of a line that are shown to people.
const WIDTH: usize = 160;

/// The clusters of a case.
pub(super) fn clusters(work: &Work, common: &Common) -> Vec<Cluster> {
    let utc_offset = work.settings.utc_offset;
    let options = scan::Options { threads: common.threads, utc_offset, ..scan::Options::default() };
    unexplained(&work.bundle, &work.base.rules, &options, &work.scan, &work.diagnosis)
}

/// A list, worst first.
pub(super) fn human(clusters: &[Cluster], lang: Lang) -> String {
    let mut text = String::new();
    let count = clusters.len();
    let _ = match lang {
        Lang::Zh if count == 0 => writeln!(text, "\n没有规则未能解释的失败行。"),
        Lang::En if count == 0 => writeln!(text, "\nNo failure that no rule explains."),
        Lang::Zh => writeln!(text, "\n没有规则解释的失败（{count} 类，严重者在前）："),
        Lang::En => writeln!(text, "\nFailures that no rule explains ({count} forms, worst first):"),
    };
    for one in clusters.iter().take(SHOWN) {
        let short: String = one.text.trim().chars().take(WIDTH).collect();
        let cut = if one.text.trim().chars().count() > WIDTH { "…" } else { "" };
        let _ = writeln!(text, "{:>6} x  {}\n          {short}{cut}", one.count, place(one));
    }
    if count > SHOWN {
        let more = count - SHOWN;
        let _ = match lang {
            Lang::Zh => writeln!(text, "另有 {more} 类（--format json 可列出）"),
            Lang::En => writeln!(text, "{more} more (--format json lists them)"),
        };
    }
    if let Some(first) = clusters.first() {
        let from = place(first);
        let _ = match lang {
            Lang::Zh => writeln!(text, "由此起草规则：casebook new rule 区域/名称 --from {from}"),
            Lang::En => writeln!(text, "to draft a rule from one: casebook new rule AREA/NAME --from {from}"),
        };
    }
    text
}

/// As JSON.
pub(super) fn to_json(clusters: &[Cluster], work: &Work) -> Value {
    let one = |one: &Cluster| {
        let mut object = json!({
            "source": one.source,
            "line": (one.line > 0).then_some(one.line),
            "text": one.text,
            "count": one.count,
            "log": work.base.rules.logs.get(one.log).name,
            "pattern": one.pattern,
        });
        if let (Some(record), Value::Object(fields)) = (one.record, &mut object) {
            fields.insert("record".to_owned(), json!(record));
        }
        object
    };
    clusters.iter().map(one).collect()
}

fn place(one: &Cluster) -> String {
    match one.record {
        Some(record) if one.line == 0 => format!("{}:{record}", one.source),
        _ => format!("{}:{}", one.source, one.line),
    }
}
