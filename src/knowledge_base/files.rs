//! The files of a knowledge base: from a folder, or from the program itself.
//!
//! Paths have `/` between their parts on every system and begin at the knowledge base's folder. Nothing is parsed here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use super::pack::PackFault;
use crate::lang::Lang;
use crate::syntax::ast::Declaration;

/// The default's rules, without the bundle tests beside them: paths and texts, as `build.rs` found them.
const DEFAULT_RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules"));

/// What it read in them; nothing where there was a fault.
const DEFAULT_DECLARATIONS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/declarations"));

/// The default's templates.
#[derive(RustEmbed)]
#[folder = "templates"]
struct DefaultTemplates;

/// The files of one knowledge base, by path.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// `casebook.yaml`, its path and text.
    pub settings: Option<(String, String)>,
    /// Everything under `rules/` but bundle tests.
    pub rules: Vec<(String, String)>,
    /// Everything under `templates/`, its path without that folder.
    pub templates: Vec<(String, String)>,
    /// Files that could not be read.
    pub damaged: Vec<Damaged>,
}

/// A file that could not be read.
#[derive(Clone, Debug)]
pub struct Damaged {
    /// Which.
    pub path: String,
    /// Its text as far as it is UTF-8, the rest replaced.
    pub text: String,
    /// What the system says; `None` where it is only not UTF-8.
    pub why: Option<String>,
}

/// Why a knowledge base cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A folder cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A pack cannot be read.
    #[error("{path}: {}", fault.message(Lang::En))]
    Pack {
        /// Which.
        path: String,
        /// Why.
        fault: PackFault,
    },
    /// A file where the folder is needed.
    #[error("{path}: a file; this needs the folder that the pack is compiled from")]
    File {
        /// Which.
        path: String,
    },
    /// The folder holds neither `casebook.yaml` nor `rules/`.
    #[error("{path}: no knowledge base here (neither casebook.yaml nor rules/)")]
    Nothing {
        /// Which.
        path: String,
    },
}

impl LoadError {
    /// What is wrong, in a language.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, error) => error.to_string(),
            (Lang::Zh, LoadError::Io { path, source }) => format!("{path}：{source}"),
            (Lang::Zh, LoadError::Pack { path, fault }) => format!("{path}：{}", fault.message(lang)),
            (Lang::Zh, LoadError::File { path }) => format!("{path}：是文件；此命令需要编译知识包所用的文件夹"),
            (Lang::Zh, LoadError::Nothing { path }) => {
                format!("{path}：此处没有知识库（既无 casebook.yaml 也无 rules/）")
            }
        }
    }
}

impl Files {
    /// The files compiled into the program.
    #[must_use]
    pub fn embedded() -> Files {
        let rules: Vec<(String, String)> = postcard::from_bytes(DEFAULT_RULES).unwrap_or_default();
        let mut templates: Vec<(String, String)> = DefaultTemplates::iter()
            .filter_map(|path| {
                let text = String::from_utf8(DefaultTemplates::get(&path)?.data.into_owned()).ok()?;
                Some((path.into_owned(), text))
            })
            .collect();
        templates.sort();
        Files { settings: None, rules, templates, damaged: Vec::new() }
    }

    /// What stands in the rules compiled into the program, with the places that it has where these files are the first
    /// of a map; `None` where reading them finds faults.
    pub(super) fn embedded_declarations() -> Option<Vec<Declaration>> {
        postcard::from_bytes(DEFAULT_DECLARATIONS).ok().flatten()
    }

    /// The files of the knowledge base in `dir`.
    ///
    /// # Errors
    ///
    /// A folder cannot be read, or there is no knowledge base.
    pub fn read(dir: &Path) -> Result<Files, LoadError> {
        if dir.is_file() {
            return Err(LoadError::File { path: dir.display().to_string() });
        }
        let settings = dir.join("casebook.yaml");
        let rules = dir.join("rules");
        if !settings.is_file() && !rules.is_dir() {
            return Err(LoadError::Nothing { path: dir.display().to_string() });
        }
        let mut files = Files::default();
        if settings.is_file() {
            files.settings = files.load("casebook.yaml".to_owned(), &settings);
        }
        for path in walk(&rules)? {
            let shown = shown(dir, &path);
            if is_yaml(&path) && !shown.split('/').any(|part| part == "tests") {
                let read = files.load(shown, &path);
                files.rules.extend(read);
            }
        }
        let templates = dir.join("templates");
        for path in walk(&templates)? {
            let read = files.load(shown(dir, &path), &path);
            files.templates.extend(read.map(|(_, text)| (shown(&templates, &path), text)));
        }
        Ok(files)
    }

    /// The text of the file that diagnostics call `path`.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        let below = path.strip_prefix("templates/");
        let all = self.settings.iter().chain(&self.rules).filter(|(own, _)| own == path);
        let templates = self.templates.iter().filter(|(own, _)| Some(own.as_str()) == below);
        all.chain(templates).map(|(_, text)| text.as_str()).next()
    }

    /// Puts `text` in the place of the file that diagnostics call `path`; a file that was not there is added.
    pub fn put(&mut self, path: &str, text: String) {
        if path == "casebook.yaml" {
            self.settings = Some((path.to_owned(), text));
            return;
        }
        let (list, path) = match path.strip_prefix("templates/") {
            Some(below) => (&mut self.templates, below),
            None => (&mut self.rules, path),
        };
        self.damaged.retain(|damaged| damaged.path != path);
        if let Some(file) = list.iter_mut().find(|(own, _)| own == path) {
            file.1 = text;
        } else {
            let at = list.partition_point(|(own, _)| own.as_str() < path);
            list.insert(at, (path.to_owned(), text));
        }
    }

    /// A file's path and text; one that cannot be read is put with the damaged ones.
    fn load(&mut self, shown: String, path: &Path) -> Option<(String, String)> {
        let (text, why) = match fs::read(path).map(String::from_utf8) {
            Ok(Ok(text)) => return Some((shown, text)),
            Ok(Err(error)) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), None),
            Err(error) => (String::new(), Some(error.to_string())),
        };
        self.damaged.push(Damaged { path: shown, text, why });
        None
    }
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}

/// The path below `dir`, with `/`.
fn shown(dir: &Path, path: &Path) -> String {
    let below = path.strip_prefix(dir).unwrap_or(path);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// All files below `dir`, in the order of their paths; none where it does not exist. Hidden ones are passed over.
fn walk(dir: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        let problem = |source| LoadError::Io { path: folder.display().to_string(), source };
        for entry in fs::read_dir(&folder).map_err(problem)? {
            let entry = entry.map_err(problem)?;
            let kind = entry.file_type().map_err(problem)?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
