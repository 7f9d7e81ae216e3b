//! `scan --format sarif`: findings for programs that show results beside files (SARIF 2.1.0). Quoted lines are masked, as
//! in every report.

use serde_json::{Value, json};

use crate::diagnose::{Finding, Quote, Status};
use crate::diagnostic::sarif::uri;
use crate::draft::Material;
use crate::draft::mask::Redactor;
use crate::draft::quote::visible;
use crate::lang::Lang;
use crate::rule::Severity;

use super::json::{cause_status, status};

/// The findings of one or several bundles as one log of as many runs.
#[must_use]
pub fn sarif(runs: &[Value]) -> Value {
    json!({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": runs})
}

/// The findings of one bundle as a run.
#[must_use]
pub fn scan_run(material: &Material<'_>) -> Value {
    let redactor = Redactor::default();
    let findings = &material.diagnosis.findings;
    let mut rules: Vec<usize> = findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let known = rules.iter().filter_map(|rule| material.rules.rules.get(*rule)).map(|rule| {
        json!({
            "id": rule.name,
            "shortDescription": {"text": rule.title.get(material.lang)},
            "defaultConfiguration": {"level": level(rule.severity)},
        })
    });
    json!({
        "tool": {"driver": {"name": "casebook", "version": env!("CARGO_PKG_VERSION"), "rules": known.collect::<Vec<_>>()}},
        "language": match material.lang { Lang::Zh => "zh-CN", Lang::En => "en" },
        "columnKind": "utf16CodeUnits",
        "results": findings.iter().map(|finding| result(material, finding, &rules, &redactor)).collect::<Vec<_>>(),
        "invocations": [{
            "executionSuccessful": true,
            "toolExecutionNotifications": material.scan.problems.iter().map(|problem| json!({
                "level": "warning",
                "message": {"text": problem.message.get(material.lang)},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(&problem.source)}}}],
            })).collect::<Vec<_>>(),
        }],
    })
}

fn result(material: &Material<'_>, finding: &Finding, rules: &[usize], redactor: &Redactor) -> Value {
    let title = material.rules.rules.get(finding.rule).map_or("", |rule| rule.title.get(material.lang));
    let place = |quote: &Quote| location(material, quote, redactor);
    let causes: Vec<Value> =
        finding.causes.iter().map(|cause| json!({"id": cause.id, "status": cause_status(cause.status)})).collect();
    json!({
        "ruleId": finding.name,
        "ruleIndex": rules.binary_search(&finding.rule).ok(),
        // What is not confirmed is open, whatever it would be.
        "kind": match finding.status { Status::Confirmed => "fail", Status::Undetermined => "open" },
        "level": match finding.status { Status::Confirmed => level(finding.severity), Status::Undetermined => "none" },
        "message": {"text": title},
        "locations": finding.evidence.first().map(place).into_iter().collect::<Vec<_>>(),
        "relatedLocations": finding.evidence.iter().skip(1).map(place).collect::<Vec<_>>(),
        "occurrenceCount": finding.count,
        "properties": {"status": status(finding.status), "causes": causes, "explained_by": finding.explained_by},
    })
}

fn location(material: &Material<'_>, quote: &Quote, redactor: &Redactor) -> Value {
    let record = quote.record.as_ref();
    let path = material.scan.source(record.origin.artifact).map_or("", |source| source.path.as_str());
    let text: Vec<String> = record.text().lines().take(20).map(|line| visible(&redactor.redact(line))).collect();
    let message = json!({"text": quote.name});
    let artifact = json!({"uri": uri(&redactor.redact(path))});
    if record.origin.line == 0 {
        let name = material.scan.place(record);
        return json!({
            "physicalLocation": {"artifactLocation": artifact},
            "logicalLocations": [{"fullyQualifiedName": redactor.redact(&name)}],
            "message": message,
        });
    }
    let region = json!({
        "startLine": record.origin.line,
        "endLine": record.origin.end_line().max(record.origin.line),
        "snippet": {"text": text.join("\n")},
    });
    json!({"physicalLocation": {"artifactLocation": artifact, "region": region}, "message": message})
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Failure => "error",
        Severity::Warning => "warning",
        Severity::Notice => "note",
    }
}
