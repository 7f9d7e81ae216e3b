//! The corpus gate: what is found in a folder of logs, beside what was found when the baseline was recorded, so that no
//! change of a rule changes in silence what fires.
//!
//! Every file below the folder is a machine of its own; an archive holds all of one. The baseline is text, one finding a
//! line, in one order: it can be read, and compared by any tool.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::bundle::Bundle;
use crate::diagnose::{Status, diagnose};
use crate::knowledge_base::KnowledgeBase;
use crate::scan;

use super::order::Order;
use super::{Snapshot, SnapshotError};

/// The first line of a baseline.
const HEAD: &str = "# casebook baseline 1: file, rule, status, occurrences";

/// A finding in a corpus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fired {
    /// The file, below the corpus, with `/` between its parts.
    pub source: String,
    /// The rule.
    pub rule: String,
    /// `confirmed` or `undetermined`.
    pub status: String,
    /// How often it occurred.
    pub count: usize,
}

/// Everything that is found in a corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corpus {
    /// Findings, in order of file and rule.
    pub fired: Vec<Fired>,
    /// Files that were read.
    pub files: usize,
    /// Files that could not be opened, and why.
    pub problems: Vec<(String, String)>,
}

/// What differs from a baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorpusDifference {
    /// Found now and not then.
    pub gained: Vec<Fired>,
    /// Found then and not now.
    pub lost: Vec<Fired>,
    /// Found then and now, with another status or count: then, now.
    pub changed: Vec<(Fired, Fired)>,
}

/// A baseline that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file cannot be read.
    #[error("{path}: {source} (`--update` records a baseline)")]
    Io {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A line is no finding.
    #[error("{path}:{line}: write file, rule, status and number with tabs between them")]
    Line {
        /// Which file.
        path: String,
        /// Which line.
        line: usize,
    },
}

impl Corpus {
    /// Scans every file below `dir`.
    ///
    /// # Errors
    ///
    /// A folder cannot be read.
    pub fn scan(base: &KnowledgeBase, dir: &Path, order: &Order) -> Result<Corpus, SnapshotError> {
        let files = files(dir)?;
        let results = order.run(&files, |(name, path)| (name.clone(), fired(base, name, path)));
        let mut corpus = Corpus { files: files.len(), ..Corpus::default() };
        for (name, result) in results {
            match result {
                Ok(fired) => corpus.fired.extend(fired),
                Err(why) => corpus.problems.push((name, why)),
            }
        }
        corpus.fired.sort();
        Ok(corpus)
    }

    /// The baseline's text.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = format!("{HEAD}\n");
        for one in &self.fired {
            let _ = writeln!(text, "{}\t{}\t{}\t{}", one.source, one.rule, one.status, one.count);
        }
        text
    }

    /// Records the baseline, whole or not at all.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn record(&self, path: &Path) -> Result<(), SnapshotError> {
        Snapshot::write_text(&self.render(), path)
    }

    /// What differs from the baseline at `path`.
    ///
    /// # Errors
    ///
    /// There is none, or it is not one.
    pub fn compare(&self, path: &Path) -> Result<CorpusDifference, BaselineError> {
        let shown = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|source| BaselineError::Io { path: shown.clone(), source })?;
        let then = parse(&text).map_err(|line| BaselineError::Line { path: shown, line })?;
        let same = |one: &Fired, other: &Fired| (&one.source, &one.rule) == (&other.source, &other.rule);
        let of = |all: &[Fired], one: &Fired| all.iter().find(|other| same(one, other)).cloned();
        let without = |some: &[Fired], all: &[Fired]| -> Vec<Fired> {
            some.iter().filter(|one| of(all, one).is_none()).cloned().collect()
        };
        let both = then.iter().filter_map(|one| Some((one.clone(), of(&self.fired, one)?)));
        Ok(CorpusDifference {
            gained: without(&self.fired, &then),
            lost: without(&then, &self.fired),
            changed: both.filter(|(then, now)| then != now).collect(),
        })
    }
}

impl CorpusDifference {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty() && self.changed.is_empty()
    }
}

/// The findings of a baseline; the number of a line that is none.
fn parse(text: &str) -> Result<Vec<Fired>, usize> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|(line, number)| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [source, rule, status, count] = fields[..] else { return Err(number) };
            let (source, rule, status) = (source.to_owned(), rule.to_owned(), status.to_owned());
            Ok(Fired { source, rule, status, count: count.parse().map_err(|_| number)? })
        })
        .collect()
}

fn fired(base: &KnowledgeBase, name: &str, path: &Path) -> Result<Vec<Fired>, String> {
    let bundle = Bundle::open(path, &base.settings.limits).map_err(|error| error.to_string())?;
    let utc_offset = base.settings.utc_offset;
    let options = scan::Options { utc_offset, threads: Some(1), ..scan::Options::default() };
    let diagnosis = diagnose(&scan::scan(&bundle, &base.rules, &options), &base.rules, None, utc_offset, 1);
    let status = |status| if status == Status::Confirmed { "confirmed" } else { "undetermined" };
    let findings = diagnosis.findings.into_iter();
    Ok(findings
        .map(|finding| Fired {
            source: name.to_owned(),
            rule: finding.name,
            status: status(finding.status).to_owned(),
            count: finding.count,
        })
        .collect())
}

/// Every file below `dir` with its name there, in order; hidden ones are passed over.
fn files(dir: &Path) -> Result<Vec<(String, PathBuf)>, SnapshotError> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(SnapshotError::at(&folder))? {
            let entry = entry.map_err(SnapshotError::at(&folder))?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(SnapshotError::at(&folder))?);
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                let below = path.strip_prefix(dir).unwrap_or(&path);
                let parts = below.components().map(|part| part.as_os_str().to_string_lossy());
                found.push((parts.collect::<Vec<_>>().join("/"), path));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Corpus, Fired, parse};

    fn fired(source: &str, count: usize) -> Fired {
        Fired { source: source.to_owned(), rule: "a/b".to_owned(), status: "confirmed".to_owned(), count }
    }

    #[test]
    fn a_baseline_is_read_back_and_compared() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baseline.tsv");
        let then = Corpus { fired: vec![fired("a.log", 1), fired("b.log", 2), fired("c.log", 3)], ..Corpus::default() };
        then.record(&path).unwrap();
        assert!(then.compare(&path).unwrap().is_empty());
        let now = Corpus { fired: vec![fired("b.log", 2), fired("c.log", 4), fired("d.log", 1)], ..Corpus::default() };
        let difference = now.compare(&path).unwrap();
        assert_eq!(difference.gained, [fired("d.log", 1)]);
        assert_eq!(difference.lost, [fired("a.log", 1)]);
        assert_eq!(difference.changed, [(fired("c.log", 3), fired("c.log", 4))]);
    }

    #[test]
    fn a_line_that_is_no_finding_is_named() {
        assert_eq!(parse("# x\n\na\tb\tconfirmed\t1\n").map(|all| all.len()), Ok(1));
        assert_eq!(parse("# x\na\tb\tconfirmed\n"), Err(2));
        assert_eq!(parse("a\tb\tconfirmed\tmany\n"), Err(1));
    }
}
