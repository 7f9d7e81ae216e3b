//! The files of a knowledge base: from a folder, or from the program itself.
//!
//! Paths have `/` between their parts on every system and begin at the knowledge base's folder. Nothing is parsed here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

/// The default's rules, without the bundle tests beside them.
#[derive(RustEmbed)]
#[folder = "rules"]
#[exclude = "*/tests/*"]
struct DefaultRules;

/// The default's templates.
#[derive(RustEmbed)]
#[folder = "templates"]
struct DefaultTemplates;

/// The files of one knowledge base, by path.
#[derive(Debug, Default)]
pub struct Files {
    /// `casebook.yaml`, its path and text.
    pub settings: Option<(String, String)>,
    /// Everything under `rules/` but bundle tests.
    pub rules: Vec<(String, String)>,
    /// Everything under `templates/`, its path without that folder.
    pub templates: Vec<(String, String)>,
}

/// Why a knowledge base cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or folder cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A file is not UTF-8.
    #[error("{path}: not UTF-8 at byte {at}")]
    Utf8 {
        /// Which.
        path: String,
        /// Where.
        at: usize,
    },
    /// The folder holds neither `casebook.yaml` nor `rules/`.
    #[error("{path}: no knowledge base here (neither casebook.yaml nor rules/)")]
    Nothing {
        /// Which.
        path: String,
    },
}

impl Files {
    /// The files compiled into the program.
    #[must_use]
    pub fn embedded() -> Files {
        let mut rules: Vec<(String, String)> = DefaultRules::iter()
            .filter(|path| is_yaml(Path::new(path.as_ref())))
            .filter_map(|path| {
                let text = String::from_utf8(DefaultRules::get(&path)?.data.into_owned()).ok()?;
                Some((format!("rules/{path}"), text))
            })
            .collect();
        let mut templates: Vec<(String, String)> = DefaultTemplates::iter()
            .filter_map(|path| {
                let text = String::from_utf8(DefaultTemplates::get(&path)?.data.into_owned()).ok()?;
                Some((path.into_owned(), text))
            })
            .collect();
        rules.sort();
        templates.sort();
        Files { settings: None, rules, templates }
    }

    /// The files of the knowledge base in `dir`.
    ///
    /// # Errors
    ///
    /// A file or folder cannot be read, is not UTF-8, or there is no knowledge base.
    pub fn read(dir: &Path) -> Result<Files, LoadError> {
        let settings = dir.join("casebook.yaml");
        let rules = dir.join("rules");
        if !settings.is_file() && !rules.is_dir() {
            return Err(LoadError::Nothing { path: dir.display().to_string() });
        }
        let mut files = Files::default();
        if settings.is_file() {
            files.settings = Some(("casebook.yaml".to_owned(), read(&settings)?));
        }
        for path in walk(&rules)? {
            let shown = shown(dir, &path);
            if is_yaml(&path) && !shown.split('/').any(|part| part == "tests") {
                files.rules.push((shown, read(&path)?));
            }
        }
        let templates = dir.join("templates");
        for path in walk(&templates)? {
            files.templates.push((shown(&templates, &path), read(&path)?));
        }
        Ok(files)
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

fn read(path: &Path) -> Result<String, LoadError> {
    let bytes = fs::read(path).map_err(|source| LoadError::Io { path: path.display().to_string(), source })?;
    String::from_utf8(bytes)
        .map_err(|error| LoadError::Utf8 { path: path.display().to_string(), at: error.utf8_error().valid_up_to() })
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
