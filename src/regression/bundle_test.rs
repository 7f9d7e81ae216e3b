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
use crate::lang::{Lang, Localized};
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
        note: None,
    };
    let mut outcomes = Vec::new();
    if results.is_empty() {
        outcomes.push(outcome("logs", Status::Missing, Vec::new(), None));
    }
    for Came { name, contents, open } in &results {
        let note = note(open);
        let path = folder.path.join(format!("{name}.snap"));
        let known = Snapshot::read(&path)?;
        let status = match &known {
            Some(known) if known == contents => {
                outcomes.push(Outcome { note, ..outcome(name, Status::Pass, Vec::new(), None) });
                continue;
            }
            None => Status::New,
            Some(_) => Status::Changed,
        };
        let source = format!("rules/{}/tests/{}", folder.area, folder.name);
        let snapshot = Snapshot { source, expression: name.clone(), contents: contents.clone() };
        let detail = Difference { what: name.clone(), expected: known.unwrap_or_default(), actual: contents.clone() };
        let change = Some(Change::Write(path, snapshot));
        outcomes.push(Outcome { note, ..outcome(name, status, vec![detail], change) });
    }
    for orphan in orphans(&folder.path, &results)? {
        outcomes.push(outcome(&last_part(&orphan), Status::Orphan, Vec::new(), Some(Change::Remove(orphan))));
    }
    Ok(outcomes)
}

/// Snapshots that nothing writes.
fn orphans(dir: &Path, results: &[Came]) -> Result<Vec<PathBuf>, SnapshotError> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        let paths: std::io::Result<Vec<PathBuf>> = fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect();
        let mut paths = paths?;
        paths.retain(|path| {
            let name = last_part(path);
            name.strip_suffix(".snap").is_some_and(|name| !results.iter().any(|came| came.name == name))
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

/// One text that comes out of a test folder.
struct Came {
    /// Its snapshot, without the ending.
    name: String,
    contents: String,
    /// The keys of answers that the draft waits for: the contents are its questions then.
    open: Vec<String>,
}

/// That a snapshot holds questions and no draft, and what to answer: it is easily taken for the draft.
fn note(open: &[String]) -> Option<Localized> {
    let list = |comma: &str| open.join(comma);
    let zh = format!("草稿还缺回答，快照里是问题而不是草稿；请在 logs/ 旁的 answers.yaml 中回答：{}", list("、"));
    let en = format!(
        "the draft waits for answers, so this holds its questions and no draft; answer in answers.yaml beside logs/: {}",
        list(", ")
    );
    (!open.is_empty()).then(|| Localized::new(zh, en))
}

/// What comes out of a test folder; nothing where it has neither logs nor thread.
fn results(base: &KnowledgeBase, folder: &Folder) -> Vec<Came> {
    let Some(mut opened) = open(base, folder) else { return Vec::new() };
    let scan = scan::scan(&opened.bundle, &base.rules, &opened.options);
    let mut diagnosis = diagnose(&scan, &base.rules, opened.thread.as_ref(), opened.settings.utc_offset, 1);
    if let Some(thread) = &mut opened.thread {
        hear(thread, &scan, &base.rules, &mut diagnosis);
    }
    let material = |lang| opened.material((base, &base.rules), &scan, &diagnosis, lang);
    let findings = draft::report::findings_text(&material(Lang::En));
    let mut results = vec![Came { name: FINDINGS.to_owned(), contents: findings, open: Vec::new() }];
    for lang in Lang::ALL {
        let material = material(lang);
        let (kind, why) = draft::choose(&material);
        results.push(came(format!("reply.{lang}"), draft::write(&material, kind, why)));
        results.push(came(format!("summary.{lang}"), draft::write(&material, Kind::Summary, String::new())));
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

fn came(name: String, draft: Result<Draft, draft::TemplateError>) -> Came {
    let mut open = Vec::new();
    let contents = match draft {
        Err(error) => format!("template fault: {error}"),
        Ok(Draft { body: Some(body), subject, .. }) => format!("{subject}\n\n{}", body.trim_end()),
        Ok(draft) => {
            open.extend(draft.questions.iter().map(|question| question.key.clone()));
            let questions = draft.questions.iter().map(|question| format!("? {}: {}", question.key, question.question));
            questions.collect::<Vec<_>>().join("\n")
        }
    };
    Came { name, contents, open }
}
