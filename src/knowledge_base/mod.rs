//! Settings, the embedded default, layers: everything a run needs to know, with one verdict.
//!
//! A knowledge base is a folder (or the embedded default) read whole: files → declarations → [`RuleSet`], templates and
//! settings beside it. Faults are collected; what is left compiles. A pack is the same in one file, compiled before.

mod files;
pub mod pack;
mod scripts;
mod settings;
mod templates;

use std::path::Path;

use crate::compiler;
use crate::crew;
use crate::diagnostic::{Code, Diagnostic, Severity, Suppression, suppress};
use crate::draft::{Settings, Templates};
use crate::rule::RuleSet;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::ast::{Declaration, Text};

pub use files::{Files, LoadError};
pub use settings::{answers, is_answer, is_choice, setting_keys, utc_offset};

/// A compiled knowledge base with all that is to be said about it.
#[derive(Debug)]
pub struct KnowledgeBase {
    /// `default`, or the name of its folder.
    pub name: String,
    /// A fingerprint of every file that it is made of.
    pub hash: String,
    /// What it compiles to.
    pub rules: RuleSet,
    /// Its templates, with the default's under them.
    pub templates: Templates,
    /// Its settings.
    pub settings: Settings,
    /// Its files, for places; a pack has none.
    pub map: SourceMap,
    /// All faults, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of the rules that are its own (the default's are not, unless it is the default).
    pub own_rules: Vec<String>,
    /// The names of the collections that are its own.
    pub own_collections: Vec<String>,
}

impl KnowledgeBase {
    /// The knowledge base compiled into the program.
    #[must_use]
    pub fn embedded() -> KnowledgeBase {
        build("default", None, Purpose::Authors)
    }

    /// A knowledge base to work on cases with: of a folder or of a pack, or the one compiled into the program. Its errors
    /// are found, and cost what they cost; warnings are not looked for.
    ///
    /// # Errors
    ///
    /// The folder cannot be read or holds no knowledge base, or the pack is not whole or for another program.
    pub fn for_cases(path: Option<&Path>) -> Result<KnowledgeBase, LoadError> {
        match path {
            None => Ok(build("default", None, Purpose::Cases)),
            Some(path) if path.is_file() => {
                pack::load(path).map_err(|fault| LoadError::Pack { path: path.display().to_string(), fault })
            }
            Some(dir) => Ok(build(&Self::name_of(dir), Some(Files::read(dir)?), Purpose::Cases)),
        }
    }

    /// The knowledge base in the folder `dir`, over the embedded default: with its files, for who works on it.
    ///
    /// # Errors
    ///
    /// The folder cannot be read, or holds no knowledge base.
    pub fn load(dir: &Path) -> Result<KnowledgeBase, LoadError> {
        let files = Files::read(dir)?;
        Ok(build(&Self::name_of(dir), Some(files), Purpose::Authors))
    }

    /// What a knowledge base in `dir` is called.
    #[must_use]
    pub fn name_of(dir: &Path) -> String {
        let full = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        full.file_name().map_or_else(|| "default".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// The knowledge base of files that are at hand, over the embedded default.
    #[must_use]
    pub fn of(name: &str, files: Files) -> KnowledgeBase {
        build(name, Some(files), Purpose::Authors)
    }

    /// How many faults leave something out.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// How many faults are only to be looked at.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.diagnostics.len() - self.errors()
    }
}

/// What is to be said of one mail template among a knowledge base's files, where `file` of `map` is the template: at once, as
/// nothing is compiled. `path` is below `templates/`.
#[must_use]
pub fn template_faults(files: &Files, path: &str, file: FileId, map: &SourceMap) -> Vec<Diagnostic> {
    let mut diagnostics = templates::faults(&Files::embedded().templates, &files.templates, path, file);
    let suppressions = crate::syntax::template_suppressions(map, file, &mut diagnostics);
    suppress(&suppressions, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    diagnostics
}

/// What a knowledge base is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To be used: what is wrong is left out.
    Cases,
    /// To be worked on: all is checked.
    Authors,
}

fn build(name: &str, own: Option<Files>, purpose: Purpose) -> KnowledgeBase {
    let mut map = SourceMap::new();
    let mut diagnostics = Vec::new();
    let default = Files::embedded();
    let mut hasher = blake3::Hasher::new();
    let (layered, checked) = (own.is_some(), purpose == Purpose::Authors);
    let mut under = Vec::new();
    // The default's files come first: what was read of them when the program was built has its places in such a map.
    let ids = add(&default, &mut map, &mut hasher);
    let faults = if layered { &mut under } else { &mut diagnostics };
    let lower = Files::embedded_declarations().unwrap_or_else(|| declarations(&ids, &map, faults));
    damaged(own.as_ref(), &mut map, &mut diagnostics);
    let settings = own.as_ref().unwrap_or(&default).settings.as_ref();
    let (settings, extends) = settings::read(settings, &mut map, &mut diagnostics);
    // What the default's files suppress is their affair, unless it is checked itself.
    let lower_files = if layered { map.files().count() } else { 0 };
    let mut layers = vec![compiler::Layer {
        declarations: lower,
        rules: !layered || extends,
        own: !layered && checked,
        scripts: script_names(&default.templates),
    }];
    let own_templates = own.map(|own| {
        let ids = add(&own, &mut map, &mut hasher);
        let declarations = declarations(&ids, &map, &mut diagnostics);
        layers.push(compiler::Layer { declarations, rules: true, own: checked, scripts: script_names(&own.templates) });
        own.templates
    });
    let templates = if layered || checked {
        templates::layer(&default.templates, own_templates.as_ref(), &mut map, &mut diagnostics)
    } else {
        Templates { files: default.templates }
    };
    let [own_rules, own_collections] = own_names(layers.last());
    if let Some(own) = layers.last_mut() {
        scripts::destructive(&mut own.declarations, &templates, &map, &mut diagnostics);
    }
    let rules = compiler::compile(layers, &mut diagnostics);
    scripts::check(&rules, &templates, &map, &mut diagnostics);
    if !own_layer_has_rules(&rules, &diagnostics) {
        diagnostics.push(empty(&mut map));
    }
    if checked {
        suppress(&suppressions(&map, lower_files, &mut diagnostics), &mut diagnostics);
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    KnowledgeBase {
        name: name.to_owned(),
        hash: fingerprint(hasher, &templates),
        rules,
        templates,
        settings,
        map,
        diagnostics,
        own_rules,
        own_collections,
    }
}

/// What tells a knowledge base from every other, its templates included.
fn fingerprint(mut hasher: blake3::Hasher, templates: &Templates) -> String {
    for (path, text) in &templates.files {
        hasher.update(path.as_bytes()).update(text.as_bytes());
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// Whether there is a rule, or was until a fault took it away.
fn own_layer_has_rules(rules: &RuleSet, diagnostics: &[Diagnostic]) -> bool {
    !rules.rules.is_empty() || diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The warning of a knowledge base without rules; it stands in no file.
fn empty(map: &mut SourceMap) -> Diagnostic {
    let id = map.add("rules", String::new());
    let (zh, en) = ("知识库里没有规则", "the knowledge base has no rules");
    Diagnostic::warning(Code::EMPTY_KNOWLEDGE_BASE, Span::new(id, 0..0), zh, en).help(
        "在 `rules/` 下写一条，或在 `casebook.yaml` 中写 `extends: default`",
        "write one under `rules/`, or `extends: default` in `casebook.yaml`",
    )
}

/// The comments that allow warnings, in all files from the one numbered `from` on.
fn suppressions(map: &SourceMap, from: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<Suppression> {
    let mut found = Vec::new();
    for (id, file) in map.files().skip(from) {
        if file.path.starts_with("templates/") {
            found.extend(crate::syntax::template_suppressions(map, id, diagnostics));
        } else {
            found.extend(crate::syntax::suppressions(map, id, diagnostics));
        }
    }
    found
}

/// Files that cannot be read cost themselves and nothing else.
fn damaged(own: Option<&Files>, map: &mut SourceMap, diagnostics: &mut Vec<Diagnostic>) {
    for file in own.into_iter().flat_map(|own| &own.damaged) {
        let id = map.add(file.path.clone(), file.text.clone());
        diagnostics.push(match (&file.why, file.text.find(char::REPLACEMENT_CHARACTER)) {
            (None, at) => {
                let at = at.unwrap_or(0);
                let end = (at + char::REPLACEMENT_CHARACTER.len_utf8()).min(file.text.len());
                let fault = Diagnostic::error(
                    Code::NOT_UTF8,
                    Span::new(id, at..end),
                    "文件不是 UTF-8",
                    "the file is not UTF-8",
                );
                fault.help("请用编辑器另存为 UTF-8", "save it as UTF-8 in an editor")
            }
            (Some(why), _) => {
                let (zh, en) = (format!("无法读取：{why}"), format!("cannot be read: {why}"));
                Diagnostic::error(Code::FILE_UNREADABLE, Span::new(id, 0..0), zh, en)
            }
        });
    }
}

/// Files that are read faster than a thread is begun.
const FEW: usize = 8;

/// Adds the rules of a knowledge base to the map, and to its fingerprint.
fn add(files: &Files, map: &mut SourceMap, hasher: &mut blake3::Hasher) -> Vec<FileId> {
    let mut ids = Vec::new();
    for (path, text) in &files.rules {
        hasher.update(path.as_bytes()).update(text.as_bytes());
        ids.push(map.add(path.clone(), text.clone()));
    }
    ids
}

/// What stands in files.
fn declarations(ids: &[FileId], map: &SourceMap, diagnostics: &mut Vec<Diagnostic>) -> Vec<Declaration> {
    // Reading YAML is most of the work of a start: each thread reads some of the files, and what they say is put together in
    // the order of the files.
    let parse = |ids: &&[FileId]| {
        let mut faults = Vec::new();
        let parsed = ids.iter().flat_map(|id| crate::syntax::parse(map, *id, &mut faults)).collect::<Vec<_>>();
        (parsed, faults)
    };
    let parsed: Vec<(Vec<Declaration>, Vec<Diagnostic>)> =
        crew::map(crew::cores(), &ids.chunks(FEW).collect::<Vec<_>>(), parse);
    let mut declarations = Vec::new();
    for (own, faults) in parsed {
        declarations.extend(own);
        diagnostics.extend(faults);
    }
    declarations
}

/// The names of the script templates, as `script:` writes them.
fn script_names(templates: &[(String, String)]) -> Vec<String> {
    templates.iter().filter_map(|(path, _)| path.strip_prefix("scripts/").map(str::to_owned)).collect()
}

/// The names of a layer's rules and collections.
fn own_names(layer: Option<&compiler::Layer>) -> [Vec<String>; 2] {
    let rules = names_of(layer, |declaration| match declaration {
        Declaration::Rule(rule) => Some(&rule.name),
        _ => None,
    });
    let collections = names_of(layer, |declaration| match declaration {
        Declaration::Collection(collection) => Some(&collection.name),
        _ => None,
    });
    [rules, collections]
}

/// The names of a layer's declarations of one kind, in order.
fn names_of(layer: Option<&compiler::Layer>, name: impl Fn(&Declaration) -> Option<&Text>) -> Vec<String> {
    let declarations = layer.map_or(&[][..], |layer| layer.declarations.as_slice());
    let mut names: Vec<String> = declarations.iter().filter_map(name).map(|name| name.value.clone()).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Files, declarations};
    use crate::source::SourceMap;

    #[test]
    fn what_was_read_when_the_program_was_built_is_what_stands_there() {
        let files = Files::embedded();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut map = SourceMap::new();
        let mut ids = Vec::new();
        for (path, text) in &files.rules {
            assert_eq!(fs::read_to_string(root.join(path)).unwrap(), *text, "{path}");
            ids.push(map.add(path, text));
        }
        assert!(files.rules.iter().any(|(path, _)| path == "rules/logs/cbs.yaml"));
        assert!(files.rules.is_sorted() && !files.rules.iter().any(|(path, _)| path.contains("/tests/")));
        let (built, mut faults) = (Files::embedded_declarations().unwrap(), Vec::new());
        assert_eq!(format!("{built:?}"), format!("{:?}", declarations(&ids, &map, &mut faults)));
    }
}
