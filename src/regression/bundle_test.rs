//! Bundle tests: a folder with `logs/` and perhaps `thread.txt`, and beside them what must come out of it.
//!
//! `rules/<area>/tests/<name>/`: `logs/`, `thread.txt`, `answers.yaml` (keys of `--set`), and the snapshots
//! `findings.snap`, `reply.zh.snap`, `reply.en.snap`, `summary.zh.snap`, `summary.en.snap`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bundle::{self, Bundle};
use crate::case::{self, Thread};
use crate::diagnose::{Diagnosis, diagnose, hear};
use crate::draft::{self, Draft, Kind, Material, Settings};
use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;
use crate::rule::RuleSet;
use crate::scan;

use super::{Change, Difference, Outcome, Snapshot, SnapshotError, Status};

/// The snapshot of a test's findings.
const FINDINGS: &str = "findings";

/// One bundle test.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) area: String,
    pub(super) name: String,
    path: PathBuf,
}

/// Every `tests/<name>/` folder below `rules`, in the order of their paths.
pub(super) fn folders(rules: &Path) -> Result<Vec<Folder>, SnapshotError> {
    let mut found = Vec::new();
    for area in entries(rules)? {
        for path in entries(&area.join("tests"))? {
            found.push(Folder { area: last_part(&area), name: last_part(&path), path });
        }
    }
    Ok(found)
}

/// A bundle test as it stands recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The folder of rules that it lies in.
    pub area: String,
    /// Its own folder.
    pub name: String,
    /// Its findings, as their snapshot has them.
    pub findings: String,
}

impl Recorded {
    /// What it says of a rule, line by line; `None` where the rule has no finding in it.
    #[must_use]
    pub fn finding(&self, rule: &str) -> Option<Vec<&str>> {
        let mut lines = self.findings.lines().skip_while(|line| line.split(' ').next() != Some(rule));
        let head = lines.next()?;
        Some(std::iter::once(head).chain(lines.take_while(|line| line.starts_with(' '))).collect())
    }
}

/// The bundle tests below `rules` whose findings are recorded.
///
/// # Errors
///
/// A test folder or a snapshot cannot be read.
pub fn recorded(rules: &Path) -> Result<Vec<Recorded>, SnapshotError> {
    let mut found = Vec::new();
    for Folder { area, name, path } in folders(rules)? {
        let findings = Snapshot::read(&path.join(format!("{FINDINGS}.snap")))?;
        found.extend(findings.map(|findings| Recorded { area, name, findings }));
    }
    Ok(found)
}

/// The folders in `dir`, in order; none where it does not exist.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, SnapshotError> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let paths: std::io::Result<Vec<PathBuf>> = fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect();
        let mut paths = paths?;
        paths.retain(|path| path.is_dir());
        paths.sort();
        Ok(paths)
    };
    read().map_err(SnapshotError::at(dir))
}

fn last_part(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Runs one test: an outcome for every snapshot.
pub(super) fn outcomes(base: &KnowledgeBase, folder: &Folder) -> Result<Vec<Outcome>, SnapshotError> {
    let results = results(base, folder);
    let outcome = |name: &str, status, detail, change| Outcome {
        rule: folder.area.clone(),
        name: format!("{}: {name}", folder.name),
        status,
        detail,
        change,
    };
    let mut outcomes = Vec::new();
    if results.is_empty() {
        outcomes.push(outcome("logs", Status::Missing, Vec::new(), None));
    }
    for (name, contents) in &results {
        let path = folder.path.join(format!("{name}.snap"));
        let known = Snapshot::read(&path)?;
        let status = match &known {
            Some(known) if known == contents => {
                outcomes.push(outcome(name, Status::Pass, Vec::new(), None));
                continue;
            }
            None => Status::New,
            Some(_) => Status::Changed,
        };
        let source = format!("rules/{}/tests/{}", folder.area, folder.name);
        let snapshot = Snapshot { source, expression: name.clone(), contents: contents.clone() };
        let detail = Difference { what: name.clone(), expected: known.unwrap_or_default(), actual: contents.clone() };
        outcomes.push(outcome(name, status, vec![detail], Some(Change::Write(path, snapshot))));
    }
    for orphan in orphans(&folder.path, &results)? {
        outcomes.push(outcome(&last_part(&orphan), Status::Orphan, Vec::new(), Some(Change::Remove(orphan))));
    }
    Ok(outcomes)
}

/// Snapshots that nothing writes.
fn orphans(dir: &Path, results: &[(String, String)]) -> Result<Vec<PathBuf>, SnapshotError> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let paths: std::io::Result<Vec<PathBuf>> = fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect();
        let mut paths = paths?;
        paths.retain(|path| {
            let name = last_part(path);
            name.strip_suffix(".snap").is_some_and(|name| !results.iter().any(|(known, _)| known == name))
        });
        paths.sort();
        Ok(paths)
    };
    read().map_err(SnapshotError::at(dir))
}

/// A test folder, opened.
pub(super) struct Opened {
    pub(super) bundle: Bundle,
    pub(super) thread: Option<Thread>,
    pub(super) settings: Settings,
    pub(super) options: scan::Options,
}

impl Opened {
    /// What drafts and findings are written from.
    pub(super) fn material<'m>(
        &'m self,
        (base, rules): (&'m KnowledgeBase, &'m RuleSet),
        scan: &'m scan::Scan,
        diagnosis: &'m Diagnosis,
        lang: Lang,
    ) -> Material<'m> {
        Material {
            rules,
            templates: &base.templates,
            settings: &self.settings,
            bundle: &self.bundle,
            scan,
            diagnosis,
            thread: self.thread.as_ref(),
            lang,
            placeholders: false,
        }
    }
}

/// Opens a test folder; `None` where it has neither logs nor thread.
pub(super) fn open(base: &KnowledgeBase, folder: &Folder) -> Option<Opened> {
    let text = fs::read(folder.path.join("thread.txt")).ok();
    let thread = text.map(|bytes| case::read(&bundle::decode(&bytes), &base.rules));
    let opened = Bundle::open(&folder.path.join("logs"), &base.settings.limits);
    if opened.is_err() && thread.is_none() {
        return None;
    }
    let mut bundle = opened.unwrap_or_default();
    for excerpt in thread.iter().flat_map(|thread| &thread.excerpts) {
        bundle.add_excerpt(&format!("thread.txt#{}", excerpt.message), excerpt.line, &excerpt.text);
    }
    let settings = settings(base, &folder.path);
    let options = scan::Options { utc_offset: settings.utc_offset, threads: Some(1), ..scan::Options::default() };
    Some(Opened { bundle, thread, settings, options })
}

/// What comes out of a test folder, by snapshot name; nothing where it has neither logs nor thread.
fn results(base: &KnowledgeBase, folder: &Folder) -> Vec<(String, String)> {
    let Some(mut opened) = open(base, folder) else { return Vec::new() };
    let scan = scan::scan(&opened.bundle, &base.rules, &opened.options);
    let mut diagnosis = diagnose(&scan, &base.rules, opened.thread.as_ref(), opened.settings.utc_offset);
    if let Some(thread) = &mut opened.thread {
        hear(thread, &scan, &base.rules, &mut diagnosis);
    }
    let material = |lang| opened.material((base, &base.rules), &scan, &diagnosis, lang);
    let mut results = vec![(FINDINGS.to_owned(), draft::report::findings_text(&material(Lang::En)))];
    for lang in Lang::ALL {
        let material = material(lang);
        let (kind, why) = draft::choose(&material);
        results.push((format!("reply.{lang}"), shown(draft::write(&material, kind, why))));
        results.push((format!("summary.{lang}"), shown(draft::write(&material, Kind::Summary, String::new()))));
    }
    results
}

/// Settings of the knowledge base with the folder's `answers.yaml` over them.
fn settings(base: &KnowledgeBase, dir: &Path) -> Settings {
    let mut settings = base.settings.clone();
    if let Ok(text) = fs::read_to_string(dir.join("answers.yaml")) {
        let mut map = crate::source::SourceMap::new();
        let id = map.add("answers.yaml", text);
        for (key, value) in crate::syntax::parse_settings(&map, id, &mut Vec::new()).values {
            settings.values.insert(key.value, value.value);
        }
    }
    settings
}

fn shown(draft: Result<Draft, draft::TemplateError>) -> String {
    match draft {
        Err(error) => format!("template fault: {error}"),
        Ok(Draft { body: Some(body), subject, .. }) => format!("{subject}\n\n{}", body.trim_end()),
        Ok(draft) => draft
            .questions
            .iter()
            .map(|question| format!("? {}: {}", question.key, question.question))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}
