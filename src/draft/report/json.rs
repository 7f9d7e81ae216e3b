//! `scan --format json`. Additions are allowed; a change is a new schema number.

use serde_json::{Map, Value, json};

use crate::bundle::{Doubt, Encoding};
use crate::diagnose::{CauseResult, CauseStatus, Finding, Missing, Quote, Rank, Status};
use crate::draft::Material;
use crate::lang::Lang;
use crate::rule::{EvidenceId, Severity};
use crate::scan::Source;
use crate::value::{Stamp, Value as Typed};

/// Bytes of a quoted record at the most; a longer one is cut around its beginning.
const TEXT: usize = 64 << 10;

/// The knowledge base a result was made with.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its fingerprint.
    pub hash: &'a str,
}

/// The result of a scan. With `stats`, the hits of every piece of evidence are counted too.
#[must_use]
pub fn scan_json(material: &Material<'_>, base: &Base<'_>, stats: bool) -> Value {
    let scan = material.scan;
    let mut object = json!({
        "schema": "casebook.scan/1",
        "tool": concat!("casebook ", env!("CARGO_PKG_VERSION")),
        "kb": {"name": base.name, "hash": base.hash},
        "sources": scan.sources.iter().map(|source| json_source(material, source)).collect::<Vec<_>>(),
        "findings": material.diagnosis.findings.iter().map(|one| finding(material, one)).collect::<Vec<_>>(),
        "requests": requests(material),
        "problems": scan.problems.iter().map(|problem| json!({
            "source": problem.source,
            "message": problem.message.get(material.lang),
        })).collect::<Vec<_>>(),
    });
    if let (true, Value::Object(fields)) = (stats, &mut object) {
        fields.insert("stats".to_owned(), counts(material));
    }
    object
}

fn json_source(material: &Material<'_>, source: &Source) -> Value {
    let mut problems: Vec<&str> = source.problems.iter().map(|problem| problem.message.get(material.lang)).collect();
    // Of every bundle with pictures or programs in it, so it is told of the file alone and no mail asks for it again.
    if source.encoding == Encoding::Binary && source.log.is_none() && problems.is_empty() {
        problems.push(if material.lang == Lang::Zh {
            "二进制文件，不作为日志读取"
        } else {
            "a binary file, not read as a log"
        });
    }
    json!({
        "path": source.path,
        "log": source.log.map(|log| material.rules.logs.get(log).name.as_str()),
        "doubt": source.doubt,
        "reason": source.reason.say(material.lang, &material.rules.logs),
        "encoding": source.encoding.key(),
        "encoding_doubt": source.encoding_doubt.map(Doubt::key),
        "bytes": source.bytes,
        "lines": source.lines,
        "records": source.records,
        "first": iso(source.first),
        "last": iso(source.last),
        "utc_offset": source.utc_offsets.last().map(|(_, offset)| offset),
        "clock_doubt": source.clock_doubt.map(|doubt| doubt.say(material.lang)),
        "problems": problems,
    })
}

fn iso(stamp: Option<Stamp>) -> Option<String> {
    stamp.map(Stamp::iso)
}

/// The word of a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Notice => "notice",
        Severity::Warning => "warning",
        Severity::Failure => "failure",
    }
}

/// The word of a finding's status.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Confirmed => "confirmed",
        Status::Undetermined => "undetermined",
    }
}

/// The word of a cause's status.
pub(super) fn cause_status(status: CauseStatus) -> &'static str {
    match status {
        CauseStatus::Confirmed => "confirmed",
        CauseStatus::Excluded => "excluded",
        CauseStatus::Open => "open",
    }
}

fn finding(material: &Material<'_>, finding: &Finding) -> Value {
    let title = material.rules.rules.get(finding.rule).map_or("", |rule| rule.title.get(material.lang));
    json!({
        "rule": finding.name,
        "title": title,
        "severity": severity(finding.severity),
        "status": status(finding.status),
        "missing": missing(material, &finding.missing),
        "occurrences": {"count": finding.count, "first": iso(finding.first), "last": iso(finding.last)},
        "captures": captures(&finding.captures),
        "evidence": finding.evidence.iter().map(|quote| evidence(material, quote)).collect::<Vec<_>>(),
        "causes": finding.causes.iter().map(|one| cause(material, one)).collect::<Vec<_>>(),
        "corroborated": finding.corroborated,
        "explained_by": finding.explained_by,
        "ranked": finding.ranked.iter().map(ranked).collect::<Vec<_>>(),
    })
}

/// A reason for a finding's place, as a word or an object of one key.
fn ranked(rank: &Rank) -> Value {
    match rank {
        Rank::Status(one) => json!({"status": status(*one)}),
        Rank::Explains(names) => json!({"explains": names}),
        Rank::ExplainedBy(name) => json!({"explained_by": name}),
        Rank::Severity(one) => json!({"severity": severity(*one)}),
        Rank::Last(stamp) => json!({"last": stamp.iso()}),
        Rank::Name => json!("name"),
    }
}

fn missing(material: &Material<'_>, missing: &[Missing]) -> Vec<Value> {
    let one = |lack: &Missing| {
        let mut object = json!({"log": material.rules.logs.get(lack.log).name, "reason": lack.reason.key()});
        if let (Some((from, to)), Value::Object(fields)) = (lack.needed, &mut object) {
            fields.insert("from".to_owned(), json!(from.iso()));
            fields.insert("to".to_owned(), json!(to.iso()));
        }
        object
    };
    missing.iter().map(one).collect()
}

fn captures(captures: &[(String, Typed)]) -> Value {
    let mut object = Map::new();
    for (name, value) in captures {
        let mut fields = Map::new();
        fields.insert("type".to_owned(), json!(value.ty.name()));
        fields.insert("text".to_owned(), json!(value.text.as_str()));
        for field in value.ty.fields() {
            if let Some(value) = value.field(field) {
                fields.insert((*field).to_owned(), json!(value.text.as_str()));
            }
        }
        object.insert(name.clone(), Value::Object(fields));
    }
    Value::Object(object)
}

fn evidence(material: &Material<'_>, quote: &Quote) -> Value {
    let origin = &quote.record.origin;
    let source = material.scan.source(origin.artifact).map(|source| source.path.as_str());
    let (text, truncated) = cut(quote.record.text());
    let lines = origin.line > 0;
    json!({
        "name": quote.name,
        "source": source,
        "line": lines.then_some(origin.line),
        "end_line": lines.then_some(origin.end_line()),
        "record": origin.record(),
        "bytes": [origin.start, origin.end],
        "time": iso(quote.record.stamp),
        "text": text,
        "truncated": truncated,
    })
}

/// A text within the limit, and whether it was cut.
fn cut(text: &str) -> (&str, bool) {
    if text.len() <= TEXT {
        return (text, false);
    }
    let mut end = TEXT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (&text[..end], true)
}

fn cause(material: &Material<'_>, cause: &CauseResult) -> Value {
    json!({
        "id": cause.id,
        "status": cause_status(cause.status),
        "missing": missing(material, &cause.missing),
        "contradicts": cause.contradicts,
        "evidence": cause.evidence.iter().map(|quote| evidence(material, quote)).collect::<Vec<_>>(),
        "captures": captures(&cause.captures),
        "remedies": cause.remedies,
    })
}

fn requests(material: &Material<'_>) -> Vec<Value> {
    let name = |log: &crate::logs::LogKindId| material.rules.logs.get(*log).name.clone();
    let one = |request: &crate::diagnose::Request| {
        json!({
            "collection": request.collection,
            "logs": request.logs.iter().map(name).collect::<Vec<_>>(),
            "why": request.why,
            "asked": request.asked,
        })
    };
    material.diagnosis.requests.iter().map(one).collect()
}

fn counts(material: &Material<'_>) -> Value {
    let scan = material.scan;
    let mut hits = Vec::new();
    for (at, rule) in material.rules.rules.iter().enumerate() {
        for (position, evidence) in rule.evidence.iter().enumerate() {
            let count = scan.hits(at, EvidenceId(position)).len();
            hits.push(json!({"rule": rule.name, "evidence": evidence.name, "count": count}));
        }
    }
    json!({
        "hits": hits,
        "bytes": scan.sources.iter().map(|source| source.bytes).sum::<u64>(),
        "records": scan.sources.iter().filter_map(|source| source.records).sum::<u64>(),
    })
}

/// The word for a language's list of names.
pub(super) fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    }
}
