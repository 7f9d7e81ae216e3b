//! `docs/language.md` runs: every fence compiles over the default, the tests of its rules pass, and every word of the
//! language stands in one of them (`words`).

mod words;

use std::collections::BTreeSet;
use std::fs;

use casebook::diagnostic::Diagnostic;
use casebook::knowledge_base::KnowledgeBase;
use casebook::regression::{self, Status};
use casebook::source::SourceMap;
use casebook::syntax;
use casebook::syntax::ast::{Declaration, ExpectDecl};

use crate::environment::{Environment, root};

/// A piece of YAML in the reference, and the line it begins at.
struct Fence {
    line: usize,
    text: String,
}

impl Fence {
    /// What it declares, as written.
    fn declarations(&self) -> Vec<Declaration> {
        let mut map = SourceMap::new();
        let file = map.add("fence.yaml", self.text.clone());
        syntax::parse(&map, file, &mut Vec::new())
    }

    /// A knowledge base of this fence alone, over the default.
    fn compiled(&self) -> KnowledgeBase {
        let folder = Environment::new();
        folder.write("casebook.yaml", "extends: default\n");
        folder.write("rules/fence.yaml", &self.text);
        // The remedy's script: what it says is its author's.
        folder.write("templates/scripts/restore-acl.bat", "rem icacls \"{{ inf }}\"\n");
        KnowledgeBase::load(&folder.path("")).unwrap()
    }

    /// The warnings that it says it brings about: `# CB0506` in a comment.
    fn announced(&self) -> BTreeSet<String> {
        let comments = self
            .text
            .lines()
            .filter_map(|line| line.split_once("# ").map(|(_, comment)| comment))
            .filter(|comment| !comment.starts_with("allow "));
        let words = comments.flat_map(|comment| comment.split(|char: char| !char.is_ascii_alphanumeric()));
        words.filter(|word| word.len() == 6 && word.starts_with("CB0")).map(str::to_owned).collect()
    }
}

fn fences() -> Vec<Fence> {
    let page = fs::read_to_string(root().join("docs/language.md")).unwrap();
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for (at, line) in page.lines().enumerate() {
        match &mut open {
            None if line == "```yaml" => open = Some(Fence { line: at + 2, text: String::new() }),
            None => {}
            Some(_) if line == "```" => fences.extend(open.take()),
            Some(fence) => fence.text.extend([line, "\n"]),
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    fences
}

fn said(diagnostic: &Diagnostic) -> String {
    format!("{}: {}", diagnostic.code, diagnostic.message.en.clone().unwrap_or_default())
}

#[test]
fn every_fence_compiles() {
    let mut faults = Vec::new();
    for fence in fences() {
        let base = fence.compiled();
        let announced = fence.announced();
        let unexpected = base.diagnostics.iter().filter(|it| !announced.contains(&it.code.to_string()));
        faults.extend(unexpected.map(|it| format!("line {}: {}", fence.line, said(it))));
        let found: BTreeSet<String> = base.diagnostics.iter().map(|it| it.code.to_string()).collect();
        faults.extend(announced.difference(&found).map(|code| format!("line {}: {code} is not reported", fence.line)));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_rule_holds_and_is_silent_as_it_says() {
    let mut faults = Vec::new();
    for fence in fences() {
        for declaration in fence.declarations() {
            let Declaration::Rule(rule) = declaration else { continue };
            let silent = |expect: &ExpectDecl| matches!(expect, ExpectDecl::None(_));
            for wanted in [true, false] {
                if !rule.tests.iter().any(|test| silent(&test.expect) == wanted) {
                    faults.push(format!(
                        "{}: no test {} finding",
                        rule.name.value,
                        if wanted { "without a" } else { "with a" }
                    ));
                }
            }
        }
        let outcomes = regression::run(&fence.compiled(), None, &regression::Order::new(None, None)).unwrap();
        let failed = outcomes.iter().filter(|outcome| outcome.status != Status::Pass);
        faults.extend(failed.map(|it| format!("{} / {}: {:?}", it.rule, it.name, it.detail)));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_word_of_the_language_stands_in_an_example() {
    let mut used = BTreeSet::new();
    for fence in fences() {
        used.extend(words::used(&fence.declarations()));
    }
    let missing: Vec<String> = words::all().into_iter().filter(|word| !used.contains(word)).collect();
    assert!(missing.is_empty(), "no example shows: {}", missing.join(" | "));
}

#[test]
fn the_first_examples_of_the_reference_are_there() {
    let mut names = BTreeSet::new();
    for declaration in fences().iter().flat_map(Fence::declarations) {
        names.insert(match declaration {
            Declaration::Rule(it) => format!("rule {}", it.name.value),
            Declaration::Log(it) => format!("log {}", it.name.value),
            Declaration::Remedy(it) => format!("remedy {}", it.name.value),
            Declaration::Collection(it) => format!("collection {}", it.name.value),
            Declaration::Phrases(it) => format!("phrases {}", it.lang.value),
        });
    }
    let first = ["rule driver/update-access-denied", "log cbs", "log setupapi.dev", "remedy restore-file-acl"];
    let missing: Vec<&str> =
        first.into_iter().chain(["collection procmon-boot"]).filter(|name| !names.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_link_within_the_reference_leads_to_a_heading() {
    let page = fs::read_to_string(root().join("docs/language.md")).unwrap();
    let heading = |line: &str| {
        let title = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?.to_lowercase();
        let kept = title.chars().filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'));
        Some(kept.collect::<String>().replace(' ', "-"))
    };
    let headings: BTreeSet<String> = page.lines().filter_map(heading).collect();
    let links = page.split("](#").skip(1).filter_map(|rest| rest.split_once(')').map(|(link, _)| link));
    let lost: Vec<&str> = links.filter(|link| !headings.contains(*link)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}
