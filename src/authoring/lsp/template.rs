//! Templates in the editor: what they name and where that stands, and what could stand at a place; and the values that
//! the texts and scripts of a remedy take.

use std::ops::Range;

use serde_json::{Value, json};

use super::help::item;
use super::mention::{Mention, Thing};
use super::workspace::{Declared, Workspace};
use crate::draft::names::{FUNCTIONS, NAMES, Shape};
use crate::draft::outline::{Scope, Use, scope_at, shape_of, uses, uses_of};
use crate::draft::script::{Hole, holes};
use crate::knowledge_base;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::ast::{Declaration, LocalizedDecl, RemedyDecl, RuleDecl, StepDecl, Text};

/// Templates that include each other at the most.
const DEEPEST: usize = 4;

/// Filters that texts want; the template language has more.
const FILTERS: [&str; 12] =
    ["listed", "default", "first", "join", "last", "length", "lower", "map", "reverse", "sort", "trim", "upper"];

/// Words that begin a statement.
const STATEMENTS: [&str; 9] = ["if", "elif", "else", "endif", "for", "endfor", "set", "include", "with"];

/// The names in the template `path` (below `templates/`).
pub(super) fn mentions(workspace: &Workspace, path: &str, file: FileId) -> Vec<Mention> {
    let text = &workspace.map.file(file).text;
    // The file itself is where a template is defined.
    let own = Thing::Template(path.to_owned());
    let mut found = vec![Mention { span: Span::new(file, 0..0), thing: own, defines: true }];
    let mut add = |range, thing| found.push(Mention { span: Span::new(file, range), thing, defines: false });
    match path.strip_prefix("scripts/") {
        Some(script) => {
            for hole in holes(text) {
                for remedy in users(workspace, script) {
                    add(bare(text, &hole), Thing::Need(owner(remedy), hole.name.clone()));
                }
            }
        }
        None => {
            for (range, used) in uses(text) {
                add(
                    range,
                    match used {
                        Use::Name(name) => Thing::Name(name),
                        Use::Template(path) => Thing::Template(path),
                    },
                );
            }
        }
    }
    found
}

/// The name in the braces of a hole.
fn bare(text: &str, hole: &Hole) -> Range<usize> {
    let start = hole.range.start + text[hole.range.clone()].find(&hole.name).unwrap_or(0);
    start..start + hole.name.len()
}

/// The remedies whose script is `script`.
fn users<'w>(workspace: &'w Workspace, script: &str) -> Vec<&'w RemedyDecl> {
    let all = workspace.declarations().filter_map(|it| match it {
        Declaration::Remedy(remedy) => Some(&**remedy),
        _ => None,
    });
    all.filter(|remedy| remedy.script.as_ref().is_some_and(|own| own.value == script)).collect()
}

/// Whose value it is.
pub(super) fn owner(remedy: &RemedyDecl) -> String {
    format!("remedy {}", remedy.name.value)
}

/// The values that remedies and collections of a file take: where they are declared, and where their texts use them; and
/// the scripts that they name.
pub(super) fn values(declared: &Declared, map: &SourceMap) -> Vec<Mention> {
    let mut found = Vec::new();
    for declaration in &declared.declarations {
        match declaration {
            Declaration::Remedy(it) => {
                let names: Vec<&Text> = it.needs.iter().chain(&it.wants).map(|(name, _)| name).collect();
                let single = [&it.before, &it.undo].into_iter().flatten();
                let verify = it.verify.iter().map(|(text, _)| text);
                values_in(&owner(it), &names, single.chain(verify), &it.steps, map, &mut found);
                found.extend(it.script.iter().map(|script| Mention {
                    span: script.span,
                    thing: Thing::Template(format!("scripts/{}", script.value)),
                    defines: false,
                }));
            }
            Declaration::Collection(it) => {
                let names: Vec<&Text> = it.needs.iter().map(|(name, _)| name).collect();
                let owner = format!("collection {}", it.name.value);
                values_in(&owner, &names, std::iter::empty(), &it.steps, map, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// What is declared, and where texts use it in the file as it is written: quotes and indentation do not matter there.
fn values_in<'d>(
    owner: &str,
    names: &[&Text],
    texts: impl Iterator<Item = &'d LocalizedDecl>,
    steps: &'d [StepDecl],
    map: &SourceMap,
    found: &mut Vec<Mention>,
) {
    found.extend(names.iter().map(|name| need(owner, name)));
    let known: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
    let texts = texts.chain(steps.iter().flat_map(StepDecl::texts)).flat_map(|it| it.zh.iter().chain(&it.en));
    for text in texts.chain(steps.iter().filter_map(|step| step.command.as_ref())) {
        for (range, name) in uses_of(map.text(text.span), &known) {
            let range = text.span.start + range.start..text.span.start + range.end;
            let thing = Thing::Need(owner.to_owned(), name);
            found.push(Mention { span: Span::new(text.span.file, range), thing, defines: false });
        }
    }
}

fn need(owner: &str, name: &Text) -> Mention {
    Mention { span: name.span, thing: Thing::Need(owner.to_owned(), name.value.clone()), defines: true }
}

/// Other things that the same value is: a rule's capture is what the remedies of its causes take, and the collections that
/// yield its logs; and the other way.
pub(super) fn same(workspace: &Workspace, thing: &Thing) -> Vec<Thing> {
    let rules = workspace.declarations().filter_map(|it| match it {
        Declaration::Rule(rule) => Some(&**rule),
        _ => None,
    });
    match thing {
        Thing::Capture(rule, name) => {
            let takers = rules.filter(|it| it.name.value == *rule).flat_map(|it| takers(workspace, it));
            takers.map(|owner| Thing::Need(owner, name.clone())).collect()
        }
        Thing::Need(owner, name) => {
            let gives = |it: &&RuleDecl| takers(workspace, it).contains(owner);
            rules.filter(gives).map(|it| Thing::Capture(it.name.value.clone(), name.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// The remedies and collections whose texts may take a rule's captures, as [`owner`] calls them.
fn takers(workspace: &Workspace, rule: &RuleDecl) -> Vec<String> {
    let mut takers: Vec<String> =
        rule.causes.iter().flat_map(|cause| &cause.remedies).map(|remedy| format!("remedy {}", remedy.value)).collect();
    let reads = |log: &Text| rule.evidence.iter().flat_map(|it| &it.logs).any(|own| own.value == log.value);
    takers.extend(workspace.declarations().filter_map(|it| match it {
        Declaration::Collection(it) if it.yields.iter().any(reads) => Some(format!("collection {}", it.name.value)),
        _ => None,
    }));
    takers
}

/// What is said of a thing that templates name: Markdown.
pub(super) fn about(workspace: &Workspace, thing: &Thing) -> Option<String> {
    match thing {
        Thing::Name(name) => {
            let (_, shape, about) = NAMES.iter().find(|(known, ..)| known == name)?;
            let fields: Vec<String> = fields(*shape).into_iter().map(|(name, _)| format!("`.{name}`")).collect();
            Some(format!("`{name}` {about}\n\n{}", fields.join(" ")).trim_end().to_owned())
        }
        Thing::Need(owner, name) => {
            let ty = workspace.declarations().find_map(|it| match it {
                Declaration::Remedy(it) if format!("remedy {}", it.name.value) == *owner => {
                    it.needs.iter().chain(&it.wants).find(|(own, _)| own.value == *name).map(|(_, ty)| ty)
                }
                Declaration::Collection(it) if format!("collection {}", it.name.value) == *owner => {
                    it.needs.iter().find(|(own, _)| own.value == *name).map(|(_, ty)| ty)
                }
                _ => None,
            })?;
            Some(format!("`{name}`: `{}` ({owner})", ty.value))
        }
        _ => None,
    }
}

/// The fields of what a name holds; of a list, those of each.
fn fields(shape: Shape) -> Vec<(&'static str, Shape)> {
    match shape {
        Shape::Record(fields) => fields.to_vec(),
        Shape::List(member) => fields(*member),
        Shape::Plain | Shape::Any => Vec::new(),
    }
}

/// What could stand at byte `offset` of the template `path`.
pub(super) fn complete(workspace: &Workspace, path: &str, text: &str, offset: usize) -> Vec<Value> {
    let Some((statement, code)) = open(&text[..offset]) else { return Vec::new() };
    if let Some(script) = path.strip_prefix("scripts/") {
        return needs(&users(workspace, script));
    }
    if code.matches('"').count() % 2 == 1 {
        let head = code.rsplit_once('"').map_or("", |(head, _)| head.trim_end());
        return quoted(workspace, path, head);
    }
    let word = code.rsplit(|char: char| !char.is_alphanumeric() && !"_.".contains(char)).next().unwrap_or_default();
    let before = code[..code.len() - word.len()].trim_end();
    if let Some((head, _)) = word.rsplit_once('.') {
        let head: Vec<&str> = head.split('.').collect();
        let shape = shape_of(&head, &scope(workspace, path, text, offset, 0));
        return match shape {
            Some(Shape::Record(fields)) => fields.iter().map(|(name, _)| item(name, 5, "")).collect(),
            _ => Vec::new(),
        };
    }
    if before.ends_with('|') {
        return FILTERS.iter().map(|name| item(name, 3, "")).collect();
    }
    let mut found: Vec<Value> = Vec::new();
    if statement && before.is_empty() {
        found.extend(STATEMENTS.iter().map(|word| item(word, 14, "")));
        return found;
    }
    let mut given: Vec<String> = scope(workspace, path, text, offset, 0).into_iter().map(|(name, _)| name).collect();
    given.sort();
    given.dedup();
    found.extend(given.iter().map(|name| item(name, 6, "")));
    found.extend(NAMES.iter().map(|(name, _, about)| item(name, 6, about)));
    found.extend(FUNCTIONS.iter().map(|name| item(name, 3, "")));
    found
}

/// The braces that are open at the end of a text: whether of a statement, and what stands in them.
fn open(before: &str) -> Option<(bool, &str)> {
    let at = before.rfind("{{").into_iter().chain(before.rfind("{%")).max()?;
    let code = &before[at + 2..];
    let closed = code.contains("}}") || code.contains("%}");
    (!closed).then(|| (before[at..].starts_with("{%"), code.trim_start_matches('-').trim_start()))
}

/// What could stand between quotes behind `head`.
fn quoted(workspace: &Workspace, path: &str, head: &str) -> Vec<Value> {
    if head.ends_with("include") {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let paths = workspace.templates().map(|(path, _)| path);
        let near = paths.filter(|other| other.rsplit_once('/').is_some_and(|(own, _)| own == folder) && *other != path);
        return near.map(|path| item(path, 17, "")).collect();
    }
    if head.ends_with("answer(") {
        return knowledge_base::answers().map(|key| item(key, 12, "")).collect();
    }
    Vec::new()
}

/// The values that a place within braces may take: those of all of `remedies`.
pub(super) fn needs(remedies: &[&RemedyDecl]) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for (name, ty) in remedies.iter().flat_map(|remedy| remedy.needs.iter().chain(&remedy.wants)) {
        if !found.iter().any(|it| it["label"] == json!(name.value)) {
            found.push(item(&name.value, 6, &ty.value));
        }
    }
    found
}

/// The names given at a place, with those around the places that include the template.
fn scope(workspace: &Workspace, path: &str, text: &str, offset: usize, depth: usize) -> Scope {
    let mut around = Scope::new();
    if depth < DEEPEST {
        for (other, text) in workspace.templates() {
            for (range, used) in uses(text) {
                if used == Use::Template(path.to_owned()) && other != path {
                    around.extend(scope(workspace, other, text, range.start, depth + 1));
                }
            }
        }
    }
    // A name that several give is told once.
    let mut known: Vec<String> = Vec::new();
    around.retain(|(name, _)| {
        !known.contains(name) && {
            known.push(name.clone());
            true
        }
    });
    scope_at(text, offset, &around)
}
