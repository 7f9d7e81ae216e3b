//! What is known of the thing under the cursor, and what could stand there.

use serde_json::{Value, json};

use super::mention::{Mention, Thing, mentions};
use super::template;
use super::workspace::Workspace;
use crate::lang::{Lang, Localized};
use crate::syntax::ast::{Declaration, HoleAccepts, LocalizedDecl, PatternPart, RuleDecl, Text};
use crate::syntax::shape::{DOCUMENTS, Document, Field, Referent, Shape};
use crate::syntax::{self, Kind, Node};
use crate::value::{Type, codes};

/// The names at byte `at` of a file, the narrower first.
pub(super) fn at(workspace: &Workspace, path: &str, at: usize) -> Vec<Mention> {
    let mut found = workspace.mentions(path);
    found.retain(|mention| mention.span.start <= at && at <= mention.span.end);
    found.sort_by_key(|mention| mention.span.end - mention.span.start);
    found
}

/// What is said of the thing at a place: Markdown.
pub(super) fn hover(workspace: &Workspace, path: &str, offset: usize, lang: Lang) -> Option<String> {
    let about = at(workspace, path, offset).into_iter().find_map(|mention| about(workspace, &mention.thing, lang));
    about.or_else(|| key(workspace, path, offset, lang))
}

fn about(workspace: &Workspace, thing: &Thing, lang: Lang) -> Option<String> {
    let title = |decl: &LocalizedDecl| said(decl, lang);
    match thing {
        Thing::Type(name) => {
            let ty = Type::parse(name)?;
            let fields: Vec<String> = ty.fields().iter().map(|field| format!("`.{field}`")).collect();
            Some(format!("`{name}` {}", fields.join(" ")))
        }
        Thing::Word(word) => {
            let found = codes::lookup(word).filter(|found| !found.symbol.is_empty())?;
            Some(format!("`{}` {}\n\n{}", found.code, found.symbol, found.meaning.get(lang)))
        }
        Thing::Evidence(rule, name) => {
            let evidence = find_rule(workspace, rule)?.evidence.iter().find(|it| it.name.value == *name)?;
            let logs: Vec<&str> = evidence.logs.iter().map(|log| log.value.as_str()).collect();
            let lines: Vec<String> = evidence.lines.iter().map(|line| format!("`{}`", line.text.text)).collect();
            Some(format!("{}\n\n{}", logs.join(", "), lines.join("\n\n")))
        }
        Thing::Capture(rule, name) => capture(workspace, rule, name),
        Thing::Cause(rule, id) => find_rule(workspace, rule)?
            .causes
            .iter()
            .find(|cause| cause.id.value == *id)
            .map(|cause| title(&cause.title)),
        Thing::Alias(..) => None,
        Thing::Product(name) => Some(product(workspace, name, lang)),
        Thing::Rule(_) | Thing::Log(_) | Thing::Remedy(_) | Thing::Collection(_) => document(workspace, thing, lang),
        Thing::Template(_) | Thing::Name(_) | Thing::Need(..) => template::about(workspace, thing),
    }
}

/// What is said of a document of its own.
fn document(workspace: &Workspace, thing: &Thing, lang: Lang) -> Option<String> {
    let title = |decl: &LocalizedDecl| said(decl, lang);
    match thing {
        Thing::Rule(name) => find_rule(workspace, name).map(|rule| {
            let products: Vec<String> = rule.products.iter().map(|product| said(product, lang)).collect();
            format!("`{name}` {}\n\n{}", title(&rule.title), products.join(", ")).trim_end().to_owned()
        }),
        Thing::Log(name) => workspace
            .declarations()
            .filter_map(|it| match it {
                Declaration::Log(log) if log.name.value == *name => {
                    let files: Vec<String> = log.files.iter().map(|file| format!("`{}`", file.value)).collect();
                    Some(format!("`{name}` {}\n\n{}", title(&log.title), files.join(" ")))
                }
                _ => None,
            })
            .last(),
        Thing::Remedy(name) => workspace
            .declarations()
            .filter_map(|it| match it {
                Declaration::Remedy(remedy) if remedy.name.value == *name => {
                    let steps = remedy.steps.iter().enumerate();
                    let steps: Vec<String> =
                        steps.map(|(at, step)| format!("{}. {}", at + 1, said(&step.text, lang))).collect();
                    Some(format!("**{}**\n\n{}", title(&remedy.title), steps.join("\n")))
                }
                _ => None,
            })
            .last(),
        Thing::Collection(name) => workspace
            .declarations()
            .filter_map(|it| match it {
                Declaration::Collection(it) if it.name.value == *name => {
                    let logs: Vec<&str> = it.yields.iter().map(|log| log.value.as_str()).collect();
                    Some(format!("**{}**\n\n{}", title(&it.title), logs.join(", ")))
                }
                _ => None,
            })
            .last(),
        _ => None,
    }
}

/// A product: in how many rules it stands, and its other name.
fn product(workspace: &Workspace, name: &str, lang: Lang) -> String {
    let named = |decl: &&LocalizedDecl| [&decl.zh, &decl.en].into_iter().flatten().any(|text| text.value == name);
    let (mut count, mut names) = (0_usize, Vec::new());
    for rule in rules(workspace) {
        let Some(product) = rule.products.iter().find(named) else { continue };
        count += 1;
        names.extend([&product.zh, &product.en].into_iter().flatten().map(|text| text.value.clone()));
    }
    names.sort();
    names.dedup();
    match lang {
        Lang::Zh => format!("{}\n\n{count} 条规则写明此产品", names.join(" / ")),
        Lang::En => format!("{}\n\nnamed by {count} rule{}", names.join(" / "), if count == 1 { "" } else { "s" }),
    }
}

/// The type of a capture, with its fields.
fn capture(workspace: &Workspace, rule: &str, name: &str) -> Option<String> {
    let holes = find_rule(workspace, rule)?.evidence.iter().flat_map(|it| {
        it.lines.iter().chain(it.fields.iter().map(|(_, pattern)| pattern)).flat_map(|pattern| &pattern.parts)
    });
    let ty = holes.filter_map(|part| match part {
        PatternPart::Hole(hole) if hole.name.as_ref().is_some_and(|own| own.value == name) => Some(hole),
        _ => None,
    });
    let hole = ty.into_iter().next()?;
    let ty = match &hole.accepts {
        HoleAccepts::Type(ty) => ty.value.clone(),
        _ => Type::parse(name).map_or("text", Type::name).to_owned(),
    };
    let fields: Vec<String> =
        Type::parse(&ty).map(|ty| ty.fields().iter().map(|field| format!("`.{field}`")).collect())?;
    Some(format!("`{name}`: `{ty}` {}", fields.join(" ")))
}

fn said(decl: &LocalizedDecl, lang: Lang) -> String {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    Localized { zh: text(&decl.zh), en: text(&decl.en) }.get(lang).to_owned()
}

fn rules(workspace: &Workspace) -> impl Iterator<Item = &RuleDecl> {
    workspace.declarations().filter_map(|it| match it {
        Declaration::Rule(rule) => Some(&**rule),
        _ => None,
    })
}

fn find_rule<'w>(workspace: &'w Workspace, name: &str) -> Option<&'w RuleDecl> {
    rules(workspace).filter(|rule| rule.name.value == name).last()
}

/// What the key at a place means.
fn key(workspace: &Workspace, path: &str, offset: usize, lang: Lang) -> Option<String> {
    let file = workspace.own.get(path)?.file;
    let trees = syntax::trees(&workspace.map, file, &mut Vec::new());
    let found = trees.iter().find_map(|tree| {
        let Kind::Map(entries) = &tree.kind else { return None };
        let document = Document::find(&entries.first()?.key.value)?;
        field_at(tree, document.shape(), offset)
    })?;
    Some(format!("`{}:` {}", found.name, found.meaning(lang)))
}

fn field_at(node: &Node, shape: Shape, offset: usize) -> Option<&'static Field> {
    match &node.kind {
        Kind::Seq(items) => {
            let item = if matches!(shape, Shape::Expect) { shape } else { shape.item() };
            items.iter().find_map(|node| field_at(node, item, offset))
        }
        Kind::Map(entries) => entries.iter().find_map(|entry| {
            let (shape, name) = (shape.item(), &entry.key.value);
            if (entry.key.span.start..=entry.key.span.end).contains(&offset) {
                return Field::find(shape.fields(), name);
            }
            field_at(&entry.value, shape.behind(name)?, offset)
        }),
        _ => None,
    }
}

/// What could stand at byte `offset`: keys, or values of the key before it. The line may be half written, so the keys around
/// are found by their indentation.
pub(super) fn complete(workspace: &Workspace, text: &str, offset: usize, lang: Lang) -> Vec<Value> {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..offset];
    if line.rfind("{{").is_some_and(|at| !line[at..].contains("}}")) {
        return needs(workspace, &text[..start]);
    }
    let Some((document, mut shape, rule)) = around(text, start, line.len() - line.trim_start_matches([' ', '-']).len())
    else {
        return DOCUMENTS.iter().map(|document| item(document.kind, 14, "")).collect();
    };
    let (outer, piece) = in_braces(line.trim_start_matches([' ', '-']));
    for name in outer {
        match shape.item().behind(name) {
            Some(inner) => shape = inner,
            None => break,
        }
    }
    let Some((name, _)) = piece.split_once(':') else {
        let fields = if shape.item().fields().is_empty() { document.fields } else { shape.item().fields() };
        return match shape.item() {
            Shape::By(referent, _) => names(workspace, referent, rule.as_deref(), lang),
            // An item of a list on a line of its own.
            Shape::Product | Shape::Reference(_) | Shape::Word(_) => {
                values(workspace, shape.item(), rule.as_deref(), piece, lang)
            }
            _ => fields.iter().map(|field| item(field.name, 10, field.meaning(lang))).collect(),
        };
    };
    let Some(value) = shape.item().behind(name.trim()) else { return Vec::new() };
    values(workspace, value.item(), rule.as_deref(), piece, lang)
}

/// The values that the text of a remedy may take: of the remedy above.
fn needs(workspace: &Workspace, above: &str) -> Vec<Value> {
    let named = above.lines().rev().find_map(|line| line.strip_prefix("remedy:"));
    let own = workspace.declarations().filter_map(|it| match it {
        Declaration::Remedy(remedy) if named.is_some_and(|name| name.trim() == remedy.name.value) => Some(&**remedy),
        _ => None,
    });
    template::needs(&own.collect::<Vec<_>>())
}

/// The keys before the braces that are open at a line's end, and what stands behind the last brace or comma.
fn in_braces(line: &str) -> (Vec<&str>, &str) {
    let (mut keys, mut quoted) = (Vec::new(), false);
    let mut piece = 0;
    for (at, char) in line.char_indices() {
        match char {
            '"' => quoted = !quoted,
            '{' if !quoted => {
                keys.push(line[piece..at].split(':').next().unwrap_or_default().trim());
                piece = at + 1;
            }
            '}' if !quoted => {
                keys.pop();
                piece = at + 1;
            }
            ',' if !quoted && !line[piece..at].contains('[') => piece = at + 1,
            _ => {}
        }
    }
    (keys, line[piece..].trim_start())
}

/// The document, the shape of the map and the rule's name around a line that is indented by `indent`.
fn around(text: &str, start: usize, indent: usize) -> Option<(&'static Document, Shape, Option<String>)> {
    let mut keys: Vec<&str> = Vec::new();
    let mut least = indent;
    let mut document = None;
    for line in text[..start].lines().rev() {
        if line.starts_with("---") {
            break;
        }
        let bare = line.trim_start_matches([' ', '-']);
        let deep = line.len() - bare.len();
        let Some((key, value)) = bare.split_once(':') else { continue };
        if bare.starts_with('#') {
            continue;
        }
        if deep == 0 && Document::find(key).is_some() && !value.trim().is_empty() {
            document = Document::find(key).map(|found| (found, value.trim().to_owned()));
            break;
        }
        if deep < least {
            keys.push(key.trim());
            least = deep;
        }
    }
    let (document, name) = document?;
    let mut shape = document.shape();
    for key in keys.iter().rev() {
        shape = shape.item().behind(key)?;
    }
    Some((document, shape, (document.kind == "rule").then_some(name)))
}

fn values(workspace: &Workspace, shape: Shape, rule: Option<&str>, piece: &str, lang: Lang) -> Vec<Value> {
    match shape {
        Shape::Word(words) => words.iter().map(|word| item(word, 12, "")).collect(),
        Shape::Truth => ["true", "false"].iter().map(|word| item(word, 12, "")).collect(),
        Shape::Reference(referent) => names(workspace, referent, rule, lang),
        Shape::Product => products(workspace),
        Shape::Pattern => match piece.rsplit('{').next() {
            // After the colon of a hole that is open.
            Some(hole) if piece.contains('{') && !hole.contains('}') && hole.contains(':') => {
                Type::all().map(|ty| item(ty.name(), 25, "")).collect()
            }
            _ => Vec::new(),
        },
        Shape::Condition | Shape::Filter => {
            let word = piece.rsplit([' ', '(', '"']).next().unwrap_or_default();
            if word.contains('.') {
                let fields = Type::all().flat_map(|ty| ty.fields().iter().copied());
                let fields: std::collections::BTreeSet<&str> = fields.collect();
                return fields.into_iter().map(|field| item(field, 5, "")).collect();
            }
            if piece.trim_end().ends_with("finding") || piece.contains("finding ") && word.contains('/') {
                return names(workspace, Referent::Rule, rule, lang);
            }
            let mut found = names(workspace, Referent::Capture, rule, lang);
            if let Some(rule) = rule.and_then(|name| find_rule(workspace, name)) {
                found.extend(rule.evidence.iter().map(|it| item(&it.name.value, 6, "")));
            }
            found.extend(syntax::keywords().iter().map(|word| item(word, 14, "")));
            if word.len() > 2 {
                let begins = |name: &&str| name.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word));
                found.extend(codes::names().filter(begins).take(50).map(|name| {
                    let meaning = codes::lookup(name).map(|found| found.meaning.get(lang).to_owned());
                    item(name, 21, &meaning.unwrap_or_default())
                }));
            }
            found
        }
        _ => Vec::new(),
    }
}

/// Every product that some rule names, as YAML takes it.
fn products(workspace: &Workspace) -> Vec<Value> {
    let written = |decl: &LocalizedDecl| match (&decl.zh, &decl.en) {
        (Some(zh), Some(en)) if zh.value != en.value => Some(format!("{{zh: {}, en: {}}}", zh.value, en.value)),
        (text, other) => text.as_ref().or(other.as_ref()).map(|text| text.value.clone()),
    };
    let found: std::collections::BTreeSet<String> =
        rules(workspace).flat_map(|rule| &rule.products).filter_map(written).collect();
    found.iter().map(|name| item(name, 12, "")).collect()
}

/// Every name of a kind.
fn names(workspace: &Workspace, referent: Referent, rule: Option<&str>, lang: Lang) -> Vec<Value> {
    let mut found: Vec<(String, String)> = Vec::new();
    let own = rule.and_then(|name| find_rule(workspace, name));
    match referent {
        Referent::Type => found.extend(Type::all().map(|ty| (ty.name().to_owned(), String::new()))),
        Referent::Cause => found.extend(
            own.iter().flat_map(|rule| &rule.causes).map(|cause| (cause.id.value.clone(), said(&cause.title, lang))),
        ),
        Referent::Evidence => {
            found.extend(own.iter().flat_map(|rule| &rule.evidence).map(|it| (it.name.value.clone(), String::new())));
        }
        Referent::Capture => {
            let all = own.map(|rule| mentions(&[Declaration::Rule(Box::new(rule.clone()))])).unwrap_or_default();
            found.extend(all.into_iter().filter(|it| it.defines).filter_map(|it| match it.thing {
                Thing::Capture(_, name) => Some((name, String::new())),
                _ => None,
            }));
        }
        _ => found.extend(workspace.declarations().filter_map(|it| match (it, referent) {
            (Declaration::Rule(it), Referent::Rule) => Some((it.name.value.clone(), said(&it.title, lang))),
            (Declaration::Log(it), Referent::Log) => Some((it.name.value.clone(), said(&it.title, lang))),
            (Declaration::Remedy(it), Referent::Remedy) => Some((it.name.value.clone(), said(&it.title, lang))),
            (Declaration::Collection(it), Referent::Collection) => Some((it.name.value.clone(), said(&it.title, lang))),
            _ => None,
        })),
    }
    found.sort();
    found.dedup();
    found.iter().map(|(name, about)| item(name, 18, about)).collect()
}

/// A completion; `kind` is the protocol's number for its picture.
pub(super) fn item(label: &str, kind: u32, about: &str) -> Value {
    json!({"label": label, "kind": kind, "detail": about})
}
