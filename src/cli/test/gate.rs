//! `casebook test --corpus DIR --baseline FILE`: what fires on a folder of logs, and what did.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, bail};
use serde_json::json;

use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;
use crate::regression::{Corpus, CorpusDifference, Fired, Order};

use super::super::{Common, Exit, output};
use super::Format;

/// The folder and the file of a gate.
pub(super) struct Gate<'a> {
    pub(super) corpus: &'a Path,
    pub(super) baseline: &'a Path,
    pub(super) update: bool,
    pub(super) format: Format,
    pub(super) lang: Lang,
}

impl Gate<'_> {
    /// Scans, then records or compares.
    pub(super) fn run(&self, base: &KnowledgeBase, order: &Order, common: &Common) -> Result<Exit> {
        if !self.corpus.is_dir() {
            bail!("{}: not a folder", self.corpus.display());
        }
        let corpus = Corpus::scan(base, self.corpus, order)?;
        for (file, why) in &corpus.problems {
            output::note(&format!("{file}: {why}"), common);
        }
        if self.update {
            corpus.record(self.baseline)?;
        }
        let difference = corpus.compare(self.baseline)?;
        let text = match self.format {
            Format::Human => self.human(&corpus, &difference),
            Format::Json => json(&corpus, &difference)?,
            Format::Junit => bail!("--format junit: the gate has no tests to list; use human or json"),
        };
        output::write(&text, common)?;
        Ok(if difference.is_empty() { Exit::Done } else { Exit::Failed })
    }

    fn human(&self, corpus: &Corpus, difference: &CorpusDifference) -> String {
        let mut text = String::new();
        let mut put = |mark: char, one: &Fired| {
            let _ = writeln!(text, "{mark} {}  {} {} x{}", one.source, one.rule, one.status, one.count);
        };
        difference.gained.iter().for_each(|one| put('+', one));
        difference.lost.iter().for_each(|one| put('-', one));
        for (then, now) in &difference.changed {
            let Fired { source, rule, .. } = then;
            let (before, after) =
                (format!("{} x{}", then.status, then.count), format!("{} x{}", now.status, now.count));
            let _ = writeln!(text, "~ {source}  {rule} {before} → {after}");
        }
        let (gained, lost, changed) = (difference.gained.len(), difference.lost.len(), difference.changed.len());
        let (files, fired) = (corpus.files, corpus.fired.len());
        let _ = match self.lang {
            Lang::Zh => writeln!(text, "{files} 个文件，{fired} 项结论：新增 {gained}，消失 {lost}，变化 {changed}"),
            Lang::En => {
                writeln!(text, "{files} files, {fired} findings: {gained} gained, {lost} lost, {changed} changed")
            }
        };
        text
    }
}

fn json(corpus: &Corpus, difference: &CorpusDifference) -> Result<String> {
    let one = |fired: &Fired| json!({"source": fired.source, "rule": fired.rule, "status": fired.status, "count": fired.count});
    let all = |fired: &[Fired]| fired.iter().map(one).collect::<Vec<_>>();
    let changed: Vec<_> =
        difference.changed.iter().map(|(then, now)| json!({"then": one(then), "now": one(now)})).collect();
    let mut text = serde_json::to_string_pretty(&json!({
        "schema": "casebook.test/1",
        "tests": [],
        "corpus": {
            "files": corpus.files,
            "findings": corpus.fired.len(),
            "gained": all(&difference.gained),
            "lost": all(&difference.lost),
            "changed": changed,
        },
    }))?;
    text.push('\n');
    Ok(text)
}
