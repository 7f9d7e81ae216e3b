//! A rule drafted from log lines: what is volatile in them becomes typed holes, the lines a positive test, small changes of
//! them near misses. A draft that does not compile, or whose tests do not pass, is not given out: simpler ones are tried.

mod line;
mod near;
mod text;

use std::path::Path;

use crate::knowledge_base::{Files, KnowledgeBase, LoadError};
use crate::logs::{Framing, LogKindId, Record};
use crate::regression::{self, Status};

use super::failure;
use line::Line;

/// Near misses that a draft has.
const NEAR: usize = 2;

/// Pieces of evidence at the most.
const EVIDENCE: usize = 4;

/// The records a rule is drafted from.
#[derive(Clone, Debug)]
pub struct Picked {
    /// Their kind.
    pub log: LogKindId,
    /// The records, in order.
    pub records: Vec<Record>,
    /// Where they stand, as the author said it.
    pub place: String,
}

/// A drafted rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// Its file below the knowledge base's folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Why no rule can be drafted.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// The name is none, or taken.
    #[error("{0}: write small letters, digits and `-`, with `/` between area and name, such as servicing/disk-full")]
    Name(String),
    /// There is such a rule.
    #[error("{0}: there is a rule of this name")]
    Taken(String),
    /// The knowledge base cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The records hold nothing that tells them from others.
    #[error("{0}: nothing in these lines can be searched for")]
    Bare(String),
    /// No draft passed its tests.
    #[error("{0}: no rule could be drafted that finds these lines and no others")]
    NoDraft(String),
}

/// How the lines of a draft are tied together, the strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tie {
    /// In order, each within a window after the one before.
    Windows,
    /// All of them.
    All,
    /// The plainest alone.
    One,
}

/// Drafts a rule for the knowledge base in `dir`, which is `base`.
///
/// # Errors
///
/// There is no such draft, or the knowledge base cannot be read.
pub fn draft(base: &KnowledgeBase, dir: &Path, name: &str, picked: &Picked) -> Result<Drafted, ScaffoldError> {
    if !is_rule_name(name) {
        return Err(ScaffoldError::Name(name.to_owned()));
    }
    if base.rules.rule(name).is_some() || base.own_rules.iter().any(|known| known == name) {
        return Err(ScaffoldError::Taken(name.to_owned()));
    }
    let path = format!("rules/{name}.yaml");
    let kind = base.rules.logs.get(picked.log);
    let lines = line::lines(kind, &chosen(&picked.records));
    if lines.is_empty() {
        return Err(ScaffoldError::Bare(picked.place.clone()));
    }
    let files = Files::read(dir)?;
    for tie in [Tie::Windows, Tie::All, Tie::One] {
        let used = tied(&lines, tie);
        if used.is_empty() {
            continue;
        }
        // Named anew: a number after a name tells of another one, which may have been left out.
        let used = line::lines(kind, &used.iter().map(|line| &line.record).collect::<Vec<_>>());
        let writing = text::Writing { name, kind, picked, lines: &used, tie };
        let candidates = near::candidates(&writing);
        let Some(passing) = passing(&files, &path, name, &writing.rule(&candidates)) else { continue };
        let near: Vec<text::Test> =
            candidates.into_iter().filter(|test| passing.contains(&test.name)).take(NEAR).collect();
        if near.len() == NEAR {
            return Ok(Drafted { path, text: writing.rule(&near) });
        }
    }
    Err(ScaffoldError::NoDraft(picked.place.clone()))
}

/// Whether a rule can be called so, and a file after it.
fn is_rule_name(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|char: char| char.is_ascii_lowercase())
            && part.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-')
    };
    name.contains('/') && name.split('/').all(part)
}

/// The names of the tests that pass in a draft; `None` where it does not compile or its positive test fails.
fn passing(files: &Files, path: &str, name: &str, text: &str) -> Option<Vec<String>> {
    let mut files = files.clone();
    files.rules.push((path.to_owned(), text.to_owned()));
    let base = KnowledgeBase::of("draft", files);
    let rule = base.rules.rule(name)?;
    let outcomes = regression::run_rule(&base, rule);
    let passed: Vec<String> =
        outcomes.into_iter().filter(|one| one.status == Status::Pass).map(|one| one.name).collect();
    passed.iter().any(|name| name == text::POSITIVE).then_some(passed)
}

/// The records that become evidence: those that speak of a failure, the plainest if they are many; all where none does.
fn chosen(records: &[Record]) -> Vec<&Record> {
    let mut weighed: Vec<(usize, u32, &Record)> =
        records.iter().enumerate().map(|(at, record)| (at, failure::weight(record), record)).collect();
    if weighed.iter().any(|(_, weight, _)| *weight > 0) {
        weighed.retain(|(_, weight, _)| *weight > 0);
    }
    weighed.into_iter().map(|(_, _, record)| record).collect()
}

/// The lines that a tie uses; none where it is not for them.
fn tied(lines: &[Line], tie: Tie) -> Vec<Line> {
    let mut used = lines.to_vec();
    if used.len() > EVIDENCE {
        let mut order: Vec<usize> = (0..used.len()).collect();
        order.sort_by_key(|at| (std::cmp::Reverse(used[*at].weight), *at));
        order.truncate(EVIDENCE);
        order.sort_unstable();
        used = order.into_iter().map(|at| lines[at].clone()).collect();
    }
    match tie {
        Tie::Windows if used.len() > 1 && used.iter().all(|line| line.stamp.is_some()) => used,
        Tie::All if used.len() > 1 => used,
        Tie::One => used.into_iter().rev().max_by_key(|line| line.weight).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Whether a kind's records are lines of text.
fn is_text(kind: &crate::logs::LogKind) -> bool {
    matches!(kind.framing, Framing::Lines(_))
}

#[cfg(test)]
mod tests;
