//! One knowledge base as the editor has it: files on disk with open documents over them, and what they declare.
//!
//! After an edit only the edited file is read anew, and compiled with as much of the others as its text names; so the answer
//! does not wait for five hundred rules. The whole is compiled when the editor is quiet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::mention::{Mention, mentions};
use super::template;
use crate::compiler::{self, Layer};
use crate::diagnostic::{Diagnostic, suppress};
use crate::knowledge_base::{Files, KnowledgeBase, template_faults};
use crate::source::{FileId, SourceMap};
use crate::syntax::ast::Declaration;
use crate::syntax::{self};

/// Files added by edits before the map is made anew.
const MOST_FILES: usize = 4_000;

/// A file that declares something.
pub(super) struct Declared {
    pub(super) file: FileId,
    pub(super) declarations: Vec<Declaration>,
}

/// A knowledge base in an editor.
pub(super) struct Workspace {
    pub(super) dir: PathBuf,
    pub(super) files: Files,
    pub(super) map: SourceMap,
    /// The default's declarations, by path.
    pub(super) default: BTreeMap<String, Declared>,
    pub(super) own: BTreeMap<String, Declared>,
    /// The knowledge base's own templates, by path.
    templates: BTreeMap<String, FileId>,
    /// The default's templates, by path below `templates/`, with their text.
    default_templates: Vec<(String, String)>,
    extends: bool,
}

impl Workspace {
    /// Reads the knowledge base in `dir`; an empty one where there is none yet.
    pub(super) fn open(dir: &Path) -> Workspace {
        let files = Files::read(dir).unwrap_or_default();
        let mut workspace = Workspace {
            dir: dir.to_owned(),
            files,
            map: SourceMap::new(),
            default: BTreeMap::new(),
            own: BTreeMap::new(),
            templates: BTreeMap::new(),
            default_templates: Vec::new(),
            extends: false,
        };
        workspace.declare();
        workspace
    }

    /// Reads every file anew.
    fn declare(&mut self) {
        self.map = SourceMap::new();
        let default = Files::embedded();
        self.default =
            default.rules.iter().map(|(path, text)| (path.clone(), declared(&mut self.map, path, text))).collect();
        let rules = &self.files.rules;
        self.own = rules.iter().map(|(path, text)| (path.clone(), declared(&mut self.map, path, text))).collect();
        let add = |(path, text): &(String, String)| {
            let path = format!("templates/{path}");
            (path.clone(), self.map.add(path, text.clone()))
        };
        self.templates = self.files.templates.iter().map(add).collect();
        self.default_templates = default.templates;
        let settings = self.files.settings.as_ref();
        self.extends = settings.is_some_and(|(_, text)| text.lines().any(|line| line.trim() == "extends: default"));
    }

    /// The path of a file below the knowledge base, as diagnostics call it.
    pub(super) fn below(&self, path: &Path) -> Option<String> {
        let below = path.strip_prefix(&self.dir).ok()?;
        Some(below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    }

    /// Takes in the new text of a file.
    pub(super) fn edit(&mut self, path: &str, text: &str) {
        self.files.put(path, text.to_owned());
        if path == "casebook.yaml" || self.map.files().count() > MOST_FILES {
            self.declare();
        } else if path.starts_with("rules/") {
            let declared = declared(&mut self.map, path, text);
            self.own.insert(path.to_owned(), declared);
        } else if path.starts_with("templates/") {
            let file = self.map.add(path, text);
            self.templates.insert(path.to_owned(), file);
        }
    }

    /// The names in a file of the knowledge base.
    pub(super) fn mentions(&self, path: &str) -> Vec<Mention> {
        if let Some(declared) = self.own.get(path) {
            return [mentions(&declared.declarations), template::values(declared, &self.map)].concat();
        }
        let own = self.templates.get(path).zip(path.strip_prefix("templates/"));
        own.map(|(file, below)| template::mentions(self, below, *file)).unwrap_or_default()
    }

    /// The paths of all files that may name something.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.own.keys().chain(self.templates.keys())
    }

    /// Every template, the own over the default's: its path below `templates/` and its text.
    pub(super) fn templates(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.files.templates.iter();
        let shadowed = |path: &String| self.files.templates.iter().any(|(own, _)| own == path);
        let default = self.default_templates.iter().filter(move |(path, _)| !shadowed(path));
        own.chain(default).map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// What is said of one file by itself, at once; `None` for one of which only the whole can tell.
    pub(super) fn first(&mut self, path: &str) -> Option<Vec<Diagnostic>> {
        if path.starts_with("rules/") {
            return Some(self.quick(path));
        }
        let below = path.strip_prefix("templates/").filter(|below| !below.starts_with("scripts/"))?;
        let file = *self.templates.get(path)?;
        Some(template_faults(&self.files, below, file, &self.map))
    }

    /// What is said of one rule file: what its own text and what it names can tell.
    fn quick(&mut self, path: &str) -> Vec<Diagnostic> {
        let Some(text) = self.files.text(path).map(str::to_owned) else { return Vec::new() };
        let Some(file) = self.own.get(path).map(|declared| declared.file) else { return Vec::new() };
        let mut diagnostics = Vec::new();
        let own = syntax::parse(&self.map, file, &mut diagnostics);
        let named = |declared: &Declared| {
            declared.declarations.iter().filter(|it| concerns(it, &text)).cloned().collect::<Vec<_>>()
        };
        let default: Vec<Declaration> = self.default.values().flat_map(named).collect();
        let others = self.own.iter().filter(|(other, _)| *other != path).flat_map(|(_, declared)| named(declared));
        let others: Vec<Declaration> = others.collect();
        let templates = self.files.templates.iter().filter_map(|(path, _)| path.strip_prefix("scripts/"));
        let scripts: Vec<String> = templates.map(str::to_owned).chain(scripts(&default)).collect();
        let layer = |declarations, rules, own| Layer { declarations, rules, own, scripts: scripts.clone() };
        let layers = vec![layer(default, self.extends, false), layer(others, true, false), layer(own, true, true)];
        let _ = compiler::compile(layers, &mut diagnostics);
        let suppressions = syntax::suppressions(&self.map, file, &mut diagnostics);
        diagnostics.retain(|diagnostic| diagnostic.span.file == file);
        suppress(&suppressions, &mut diagnostics);
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
        diagnostics
    }

    /// The whole, compiled.
    pub(super) fn whole(&self) -> KnowledgeBase {
        KnowledgeBase::of(&KnowledgeBase::name_of(&self.dir), self.files.clone())
    }

    /// Every file that declares something, the knowledge base's own last.
    pub(super) fn declared(&self) -> impl Iterator<Item = (&String, &Declared)> {
        let shadowed = |path: &&String| !self.own.contains_key(*path);
        self.default.iter().filter(move |(path, _)| shadowed(path)).chain(&self.own)
    }

    /// Every declaration, the own ones last.
    pub(super) fn declarations(&self) -> impl Iterator<Item = &Declaration> {
        self.declared().flat_map(|(_, declared)| &declared.declarations)
    }
}

fn declared(map: &mut SourceMap, path: &str, text: &str) -> Declared {
    let file = map.add(path, text);
    Declared { file, declarations: syntax::parse(map, file, &mut Vec::new()) }
}

/// The scripts that the default's remedies name: they are there.
fn scripts(declarations: &[Declaration]) -> Vec<String> {
    let script = |it: &Declaration| match it {
        Declaration::Remedy(remedy) => remedy.script.as_ref().map(|script| script.value.clone()),
        _ => None,
    };
    declarations.iter().filter_map(script).collect()
}

/// Whether a text may need a declaration: it names it, or it could be asked for, or could be meant by a name that is
/// nearly so.
fn concerns(declaration: &Declaration, text: &str) -> bool {
    match declaration {
        Declaration::Rule(it) => text.contains(&it.name.value),
        Declaration::Remedy(_) | Declaration::Collection(_) | Declaration::Log(_) => true,
        Declaration::Phrases(_) => false,
    }
}
