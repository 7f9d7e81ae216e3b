//! Diagnostics for other programs: SARIF 2.1.0 for code scanning, and the lines that GitHub turns into annotations.

use serde_json::{Value, json};

use super::{Code, Diagnostic, Fix, Severity};
use crate::lang::Lang;
use crate::source::{SourceMap, Span};

/// Diagnostics as one SARIF run; `folder` is where the knowledge base lies below the root of the repository.
#[must_use]
pub fn sarif(diagnostics: &[Diagnostic], map: &SourceMap, folder: &str, lang: Lang) -> Value {
    let mut codes: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes.iter().filter_map(|code| rule(*code, lang)).collect();
    let view = View { map, folder, lang };
    let results: Vec<Value> = diagnostics.iter().map(|diagnostic| view.result(diagnostic, &codes)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "casebook",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "language": match lang { Lang::Zh => "zh-CN", Lang::En => "en" },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the root of the repository"}}},
            "results": results,
        }],
    })
}

/// What is known of a code, for the list of rules.
fn rule(code: Code, lang: Lang) -> Option<Value> {
    let entry = code.entry()?;
    Some(json!({
        "id": code.to_string(),
        "name": entry.slug,
        "shortDescription": {"text": entry.title(lang)},
        "fullDescription": {"text": entry.text(lang)},
        "help": {"text": entry.page(lang)},
    }))
}

/// Diagnostics of one run.
struct View<'a> {
    map: &'a SourceMap,
    folder: &'a str,
    lang: Lang,
}

impl View<'_> {
    fn result(&self, diagnostic: &Diagnostic, codes: &[Code]) -> Value {
        let help = diagnostic.help.as_ref().map(|help| help.get(self.lang));
        let message = match help {
            Some(help) => format!("{}\n{help}", diagnostic.message(self.lang)),
            None => diagnostic.message(self.lang).to_owned(),
        };
        let mut result = json!({
            "ruleId": diagnostic.code.to_string(),
            "level": level(diagnostic.severity),
            "message": {"text": message},
            "locations": [{"physicalLocation": self.place(diagnostic.span)}],
        });
        if let Ok(index) = codes.binary_search(&diagnostic.code) {
            result["ruleIndex"] = json!(index);
        }
        let labels = diagnostic.labels.iter().map(
            |label| json!({"physicalLocation": self.place(label.span), "message": {"text": label.text.get(self.lang)}}),
        );
        if !diagnostic.labels.is_empty() {
            result["relatedLocations"] = labels.collect();
        }
        if let Some(fix) = &diagnostic.fix {
            result["fixes"] = json!([self.fix(fix, help)]);
        }
        result
    }

    fn place(&self, span: Span) -> Value {
        json!({"artifactLocation": self.artifact(span), "region": self.region(span)})
    }

    fn artifact(&self, span: Span) -> Value {
        json!({"uri": uri(&path(self.map, self.folder, span)), "uriBaseId": "SRCROOT"})
    }

    fn region(&self, span: Span) -> Value {
        let (start, end) = (self.map.line_column(span.file, span.start), self.map.line_column(span.file, span.end));
        json!({
            "startLine": start.line, "startColumn": start.column,
            "endLine": end.line, "endColumn": end.column,
        })
    }

    fn fix(&self, fix: &Fix, help: Option<&str>) -> Value {
        let replacement = json!({
            "deletedRegion": self.region(fix.span),
            "insertedContent": {"text": fix.text},
        });
        let mut value = json!({
            "artifactChanges": [{"artifactLocation": self.artifact(fix.span), "replacements": [replacement]}],
        });
        if let Some(help) = help {
            value["description"] = json!({"text": help});
        }
        value
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A file's path from the root of the repository.
fn path(map: &SourceMap, folder: &str, span: Span) -> String {
    let own = &map.file(span.file).path;
    if folder.is_empty() { own.clone() } else { format!("{folder}/{own}") }
}

/// A path as a relative URI: what is no plain character is written by its bytes.
#[must_use]
pub fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Diagnostics as workflow commands of GitHub, a line each: `::error file=…,line=…::message`.
#[must_use]
pub fn github(diagnostics: &[Diagnostic], map: &SourceMap, folder: &str, lang: Lang) -> String {
    let line = |diagnostic: &Diagnostic| {
        let (file, span) = (diagnostic.span.file, diagnostic.span);
        let (start, end) = (map.line_column(file, span.start), map.line_column(file, span.end));
        let mut message = diagnostic.message(lang).to_owned();
        if let Some(help) = &diagnostic.help {
            message = format!("{message}\n{}", help.get(lang));
        }
        // An end column means something only on the line of the beginning.
        let columns = if start.line == end.line {
            format!(",col={},endColumn={}", start.column, end.column)
        } else {
            String::new()
        };
        format!(
            "::{} file={},line={},endLine={}{columns},title={}::{}\n",
            level(diagnostic.severity),
            property(&path(map, folder, span)),
            start.line,
            end.line,
            diagnostic.code,
            data(&message),
        )
    };
    diagnostics.iter().map(line).collect()
}

/// Text of a command: line ends and `%` are escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, in which `:` and `,` are escaped too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_texts_are_escaped() {
        assert_eq!(uri("知识/a b.yaml"), "%E7%9F%A5%E8%AF%86/a%20b.yaml");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }

    #[test]
    fn an_annotation_is_one_line() {
        let mut map = SourceMap::new();
        let file = map.add("rules/x.yaml", "rule: 甲乙\nseverty: x\n");
        let fault =
            Diagnostic::error(Code::UNKNOWN_KEY, Span::new(file, 13..20), "未知", "unknown: 100%").help("甲", "a\nb");
        let said = github(&[fault], &map, "kb", Lang::En);
        let expected =
            "::error file=kb/rules/x.yaml,line=2,endLine=2,col=1,endColumn=8,title=CB0004::unknown: 100%25%0Aa%0Ab\n";
        assert_eq!(said, expected);
    }
}
