//! What becomes of a rule from which one character is lost: nothing panics, and nearly every loss inside a key, a name,
//! an operator, a hole, a type or a window is reported or turns a test of the rule red.
//!
//! A run takes a sample; `CASEBOOK_DELETIONS=counted` takes every character of every rule that counts, `all` every one, the
//! name of a rule file all that count in it, and lists those that nobody missed.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use casebook::compiler::{self, Layer};
use casebook::draft::{Settings, Templates};
use casebook::knowledge_base::KnowledgeBase;
use casebook::regression::{self, Order, Status};
use casebook::source::{SourceMap, Span};
use casebook::syntax;
use casebook::syntax::ast::{Declaration, ExpectDecl, LocalizedDecl, PatternDecl, PatternPart, RuleDecl, TestLogDecl};

use crate::environment::root;

/// Of the deletions that count, at least so many in a hundred are noticed.
const NOTICED: usize = 98;

/// Places of a sample: about so many that count, and so many that need only not panic.
const SAMPLE: usize = 60;
const OTHERS: usize = 20;

/// A rule file with what it stands on.
struct Fixture {
    name: String,
    text: String,
    others: Vec<Declaration>,
    scripts: Vec<String>,
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
    let files: Vec<File<'_>> = texts.iter().map(|(_, text)| (text.as_str(), declarations(text))).collect();
    let rules = texts.iter().filter(|(_, text)| text.starts_with("rule:") || text.contains("\nrule:"));
    rules
        .map(|(name, text)| {
            let others = files.iter().filter(|(other, _)| other != text).collect();
            let mut fixture =
                Fixture { name: name.clone(), text: text.clone(), others: needed(text, others), scripts: Vec::new() };
            fixture.scripts = scripts(&fixture.others);
            assert!(!fixture.is_bad(text), "{name} has faults or does not pass its tests");
            fixture
        })
        .collect()
}

/// The text of a file and what it declares.
type File<'t> = (&'t str, Vec<Declaration>);

/// What a rule file stands on: what it names, and what the rules that it names stand on.
fn needed(file: &str, mut left: Vec<&File<'_>>) -> Vec<Declaration> {
    let (mut texts, mut found) = (vec![file], Vec::new());
    while let Some(text) = texts.pop() {
        left.retain(|(other, declared)| {
            let wanted = declared.iter().any(|declaration| concerns(declaration, text));
            if wanted {
                if declared.iter().any(|declaration| matches!(declaration, Declaration::Rule(_))) {
                    texts.push(other);
                }
                found.extend(declared.iter().cloned().map(alone));
            }
            !wanted
        });
    }
    found
}

/// Without what would need more of the knowledge base and is nothing to the rule.
fn alone(mut declaration: Declaration) -> Declaration {
    match &mut declaration {
        Declaration::Remedy(remedy) => remedy.verify = None,
        Declaration::Rule(rule) => rule.tests.clear(),
        _ => {}
    }
    declaration
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
    /// Whether anything is said of `text` in place of the file, or a test is red, or there is none to run.
    fn is_bad(&self, text: &str) -> bool {
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
        if diagnostics.iter().any(|diagnostic| diagnostic.span.file == file) {
            return true;
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
        outcomes.is_empty() || outcomes.iter().any(|outcome| outcome.status != Status::Pass)
    }

    /// Whether anybody notices that the character at `at` is gone.
    fn notices(&self, at: usize, length: usize) -> bool {
        self.is_bad(&format!("{}{}", &self.text[..at], &self.text[at + length..]))
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

/// A character of a fixture.
struct Place<'f> {
    fixture: &'f Fixture,
    at: usize,
    char: char,
    /// Whether its loss has to be noticed, and not only survived.
    counts: bool,
}

/// Every character of every fixture, those that count first.
fn places(fixtures: &[Fixture]) -> (Vec<Place<'_>>, Vec<Place<'_>>) {
    let of_one = |fixture: &'_ Fixture| {
        let counted: BTreeSet<usize> = fixture.counted().into_iter().flatten().collect();
        fixture
            .text
            .char_indices()
            .map(|(at, char)| (at, char, counted.contains(&at) && !char.is_whitespace()))
            .collect::<Vec<_>>()
    };
    let all = fixtures.iter().flat_map(|fixture| {
        of_one(fixture).into_iter().map(move |(at, char, counts)| Place { fixture, at, char, counts })
    });
    all.partition(|place| place.counts)
}

/// Those that `wanted` says: one in so many, of those that count and of the others.
fn sample<'f>(wanted: Option<&str>, places: (Vec<Place<'f>>, Vec<Place<'f>>)) -> Vec<Place<'f>> {
    let (counted, others) = places;
    let (of_counted, of_others) = match wanted {
        Some("all") => (1, 1),
        Some(_) => (1, usize::MAX),
        None => (counted.len() / SAMPLE, others.len() / OTHERS),
    };
    counted.into_iter().step_by(of_counted.max(1)).chain(others.into_iter().step_by(of_others.max(1))).collect()
}

/// Which of the places nobody misses. All threads take a part.
fn unnoticed(places: &[Place<'_>]) -> Vec<String> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = |thread: usize| {
        let own = places.iter().skip(thread).step_by(threads);
        let missed = own.filter(|place| !place.fixture.notices(place.at, place.char.len_utf8()) && place.counts);
        missed.map(|place| format!("{} {}", place.fixture.name, shown(&place.fixture.text, place.at, place.char)))
    };
    let mut found: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|at| scope.spawn(move || part(at).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    found.sort();
    found
}

#[test]
fn a_lost_character_is_noticed() {
    let wanted = std::env::var("CASEBOOK_DELETIONS").ok();
    let mut fixtures = fixtures();
    if let Some(wanted) = wanted.as_deref().filter(|wanted| !["all", "counted"].contains(wanted)) {
        fixtures.retain(|fixture| fixture.name == wanted);
    }
    let places = sample(wanted.as_deref(), places(&fixtures));
    let counted = places.iter().filter(|place| place.counts).count();
    let unnoticed = unnoticed(&places);
    if wanted.is_some() {
        println!("{} of {counted} not noticed:\n{}", unnoticed.len(), unnoticed.join("\n"));
    }
    assert!(counted > 0 && unnoticed.len() * 100 <= counted * (100 - NOTICED), "{counted}: {}", unnoticed.join("\n"));
}

/// The line with the character in marks.
fn shown(text: &str, at: usize, char: char) -> String {
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let end = text[at..].find('\n').map_or(text.len(), |line| at + line);
    let line = text[..start].matches('\n').count() + 1;
    format!("{line}: {}⟦{char}⟧{}", text[start..at].trim_start(), &text[at + char.len_utf8()..end])
}
