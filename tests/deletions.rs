//! What becomes of a rule from which one character is lost: nothing panics, and nearly every loss inside a key, a name,
//! an operator, a hole, a type or a window is reported or turns a test of the rule red.
//!
//! A run takes a sample; `CASEBOOK_DELETIONS=all` takes every character of every rule and lists those that nobody missed.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use casebook::compiler::{self, Layer};
use casebook::diagnostic::Diagnostic;
use casebook::draft::{Settings, Templates};
use casebook::knowledge_base::KnowledgeBase;
use casebook::regression::{self, Order, Status};
use casebook::source::{SourceMap, Span};
use casebook::syntax;
use casebook::syntax::ast::{Declaration, ExpectDecl, LocalizedDecl, PatternDecl, PatternPart, RuleDecl, TestLogDecl};

use crate::environment::root;

/// Of the deletions that count, at least so many in a hundred are noticed.
const NOTICED: usize = 98;

/// A rule file with what it stands on.
struct Fixture {
    name: String,
    text: String,
    others: Vec<Declaration>,
    scripts: Vec<String>,
    /// What is said of the file as it is.
    said: BTreeSet<String>,
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every file of the default knowledge base that holds rules.
fn fixtures() -> Vec<Fixture> {
    let texts: Vec<(String, String)> = files("rules")
        .into_iter()
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap()))
        .collect();
    let rules = texts.iter().filter(|(_, text)| text.starts_with("rule:") || text.contains("\nrule:"));
    rules
        .map(|(name, text)| {
            let others = texts.iter().filter(|(other, _)| other != name).flat_map(|(_, text)| declarations(text));
            let mut fixture = Fixture {
                name: name.clone(),
                text: text.clone(),
                others: others.filter(|declaration| concerns(declaration, text)).collect(),
                scripts: Vec::new(),
                said: BTreeSet::new(),
            };
            fixture.scripts = scripts(&fixture.others);
            let (said, red) = fixture.judged(text);
            assert!(!red, "{name} does not pass its tests");
            fixture.said = said;
            fixture
        })
        .collect()
}

fn declarations(text: &str) -> Vec<Declaration> {
    let mut map = SourceMap::new();
    let file = map.add("other.yaml", text);
    syntax::parse(&map, file, &mut Vec::new())
}

/// Whether a rule may need it: it names it, or it is a collection.
fn concerns(declaration: &Declaration, rule: &str) -> bool {
    match declaration {
        Declaration::Rule(it) => rule.contains(&it.name.value),
        Declaration::Log(it) => rule.contains(&it.name.value),
        Declaration::Remedy(it) => rule.contains(&it.name.value),
        Declaration::Collection(it) => it.yields.iter().any(|log| rule.contains(&log.value)),
        Declaration::Phrases(_) => false,
    }
}

fn scripts(declarations: &[Declaration]) -> Vec<String> {
    let script = |declaration: &Declaration| match declaration {
        Declaration::Remedy(it) => it.script.as_ref().map(|script| script.value.clone()),
        _ => None,
    };
    declarations.iter().filter_map(script).collect()
}

impl Fixture {
    /// What is said of `text` in place of the file, and whether a test of it is red.
    fn judged(&self, text: &str) -> (BTreeSet<String>, bool) {
        let mut map = SourceMap::new();
        // Places of the others lie in another file, whose text is not needed.
        map.add("other.yaml", "");
        let file = map.add("rules/x.yaml", text);
        let mut diagnostics = Vec::new();
        let own = syntax::parse(&map, file, &mut diagnostics);
        let own_rules = own.iter().filter_map(|declaration| match declaration {
            Declaration::Rule(rule) => Some(rule.name.value.clone()),
            _ => None,
        });
        let own_rules: Vec<String> = own_rules.collect();
        let layer = |declarations, own| Layer { declarations, rules: true, own, scripts: self.scripts.clone() };
        let layers = vec![layer(self.others.clone(), false), layer(own, true)];
        let rules = compiler::compile(layers, &mut diagnostics);
        let in_file = |diagnostic: &&Diagnostic| diagnostic.span.file == file;
        let said: BTreeSet<String> = diagnostics
            .iter()
            .filter(in_file)
            .map(|diagnostic| format!("{} {}", diagnostic.code, diagnostic.message.en.clone().unwrap_or_default()))
            .collect();
        if said != self.said {
            return (said, false);
        }
        let base = KnowledgeBase {
            name: "deletion".to_owned(),
            hash: String::new(),
            rules,
            templates: Templates::default(),
            settings: Settings::default(),
            map,
            diagnostics: Vec::new(),
            own_rules,
            own_collections: Vec::new(),
        };
        let outcomes = regression::run(&base, None, &Order::new(Some(1), Some(1))).unwrap();
        (said, outcomes.iter().any(|outcome| outcome.status != Status::Pass))
    }

    /// Whether anybody notices that the character at `at` is gone.
    fn notices(&self, at: usize, length: usize) -> bool {
        let text = format!("{}{}", &self.text[..at], &self.text[at + length..]);
        let (said, red) = self.judged(&text);
        red || said != self.said
    }

    /// The places that count: keys, names, expressions, holes. Texts that people read, the literal text of patterns, the
    /// logs of tests, values that tests compare and comments do not.
    fn counted(&self) -> Vec<Range<usize>> {
        let mut map = SourceMap::new();
        let file = map.add("rules/x.yaml", self.text.clone());
        let mut free: Vec<Range<usize>> = comments(&self.text);
        let mut counted: Vec<Range<usize>> = Vec::new();
        for declaration in syntax::parse(&map, file, &mut Vec::new()) {
            if let Declaration::Rule(rule) = declaration {
                sort_places(&rule, &mut free, &mut counted);
            }
        }
        counted.extend(keys(&self.text).into_iter().filter(|key| !free.iter().any(|range| range.contains(&key.start))));
        counted.sort_by_key(|range| range.start);
        counted
    }
}

/// The places of a rule that are free text, and those that are names, expressions and holes.
fn sort_places(rule: &RuleDecl, free: &mut Vec<Range<usize>>, counted: &mut Vec<Range<usize>>) {
    let range = |span: Span| span.start..span.end;
    let localized = |text: &LocalizedDecl| {
        [&text.zh, &text.en].into_iter().flatten().map(|text| range(text.span)).collect::<Vec<_>>()
    };
    free.extend(localized(&rule.title));
    counted.extend(rule.severity.iter().chain(&rule.explains).map(|text| range(text.span)));
    counted.extend(rule.signature.iter().map(|expr| range(expr.span)));
    for evidence in &rule.evidence {
        counted.extend(evidence.logs.iter().map(|log| range(log.span)));
        counted.extend(evidence.filter.iter().map(|filter| range(filter.span)));
        let fields = evidence.fields.iter().map(|(_, pattern)| pattern);
        for pattern in evidence.lines.iter().chain(&evidence.section).chain(fields) {
            free.push(range(pattern.text.span));
            counted.extend(holes(pattern));
        }
    }
    for cause in &rule.causes {
        free.extend(localized(&cause.title));
        counted.extend(cause.when.iter().map(|expr| range(expr.span)));
        counted.extend(cause.remedies.iter().chain(&cause.excludes).map(|text| range(text.span)));
    }
    for test in &rule.tests {
        free.push(range(test.name.span));
        for (_, log) in &test.logs {
            match log {
                TestLogDecl::Text(text) => free.push(range(text.span)),
                TestLogDecl::Records(records) => {
                    free.extend(records.iter().flatten().map(|(_, value)| range(value.span)));
                }
            }
        }
        if let ExpectDecl::Findings(findings) = &test.expect {
            for it in findings {
                counted.extend(it.rule.iter().chain(&it.status).map(|text| range(text.span)));
                counted.extend(it.missing.iter().chain(&it.requests).flatten().map(|text| range(text.span)));
                counted.extend(it.causes.iter().flatten().map(|(_, status)| range(status.span)));
                free.extend(it.captures.iter().flatten().map(|(_, value)| range(value.span)));
            }
        }
    }
}

fn holes(pattern: &PatternDecl) -> impl Iterator<Item = Range<usize>> {
    pattern.parts.iter().filter_map(|part| match part {
        PatternPart::Hole(hole) => Some(hole.span.start..hole.span.end),
        PatternPart::Literal(_) => None,
    })
}

fn comments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let begins = if line.trim_start().starts_with('#') { Some(0) } else { line.find(" # ") };
        found.extend(begins.map(|at| from + at..from + line.len()));
        from += line.len();
    }
    found
}

/// Words before a colon, whether in a block or in braces.
fn keys(text: &str) -> Vec<Range<usize>> {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let colons = text.match_indices(':').map(|(at, _)| at).filter(|at| text[at + 1..].starts_with([' ', '\n']));
    let key = |at: usize| {
        let length: usize = text[..at].chars().rev().take_while(|c| word(*c)).map(char::len_utf8).sum();
        let start = at - length;
        let before = text[..start].trim_end_matches(' ').chars().next_back();
        (length > 0 && before.is_none_or(|c| matches!(c, '\n' | '{' | ',' | '-'))).then_some(start..at)
    };
    colons.filter_map(key).collect()
}

#[test]
fn a_lost_character_is_noticed() {
    let whole = std::env::var_os("CASEBOOK_DELETIONS").is_some();
    let (mut counted, mut unnoticed) = (0, Vec::new());
    for (number, fixture) in fixtures().iter().enumerate() {
        let places: BTreeSet<usize> = fixture.counted().into_iter().flatten().collect();
        let step = if whole { 1 } else { 499 };
        let chars = fixture.text.char_indices().skip(if whole { 0 } else { number * 37 % step }).step_by(step);
        for (at, char) in chars {
            let noticed = fixture.notices(at, char.len_utf8());
            if !places.contains(&at) || char.is_whitespace() {
                continue;
            }
            counted += 1;
            if !noticed {
                unnoticed.push(format!("{} {}", fixture.name, shown(&fixture.text, at, char)));
            }
        }
    }
    if whole {
        println!("{} of {counted} not noticed:\n{}", unnoticed.len(), unnoticed.join("\n"));
    }
    // A sample is too small for a share: one or two may be among the unnoticed.
    let allowed = if whole { counted * (100 - NOTICED) / 100 } else { 2 + counted / 10 };
    assert!(counted > 0 && unnoticed.len() <= allowed, "{counted}: {}", unnoticed.join("\n"));
}

/// The line with the character in marks.
fn shown(text: &str, at: usize, char: char) -> String {
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let end = text[at..].find('\n').map_or(text.len(), |line| at + line);
    let line = text[..start].matches('\n').count() + 1;
    format!("{line}: {}⟦{char}⟧{}", text[start..at].trim_start(), &text[at + char.len_utf8()..end])
}
