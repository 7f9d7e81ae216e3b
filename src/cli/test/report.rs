//! What became of the tests, for people and as JSON.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use serde_json::{Map, json};

use super::{difference, quality};
use crate::diagnostic::render::View;
use crate::lang::Lang;
use crate::regression::{Outcome, Quality, Status};

/// Everything a run came to.
pub(super) struct Report<'r> {
    pub(super) outcomes: &'r [Outcome],
    pub(super) quality: &'r Quality,
    pub(super) view: View,
    pub(super) verbose: bool,
}

impl Report<'_> {
    /// For people.
    pub(super) fn human(&self) -> String {
        let mut text = String::new();
        for one in self.outcomes.iter().filter(|one| one.status != Status::Pass || one.note.is_some() || self.verbose) {
            text.push_str(&outcome(one, self.view));
        }
        let passed = self.outcomes.iter().filter(|one| one.status == Status::Pass).count();
        let failed = self.outcomes.len() - passed;
        let _ = match self.view.lang {
            Lang::Zh => writeln!(text, "{passed} 项通过，{failed} 项未通过"),
            Lang::En => writeln!(text, "{passed} passed, {failed} not"),
        };
        if let Some(coverage) = &self.quality.coverage {
            text.push_str(&quality::coverage(coverage, self.view.lang));
        }
        if let Some(mutants) = &self.quality.mutants {
            text.push_str(&quality::mutants(mutants, self.view.lang));
        }
        text
    }

    /// One JSON object.
    pub(super) fn json(&self) -> Result<String> {
        let test = |one: &Outcome| {
            let mut object = json!({"rule": one.rule, "name": one.name, "status": one.status.key()});
            if let Some(note) = &one.note {
                object["note"] = json!(note.get(self.view.lang));
            }
            object
        };
        let tests: Vec<_> = self.outcomes.iter().map(test).collect();
        let mut object = Map::new();
        object.insert("schema".to_owned(), json!("casebook.test/1"));
        object.insert("tests".to_owned(), json!(tests));
        if let Some(coverage) = &self.quality.coverage {
            object.insert("coverage".to_owned(), quality::coverage_json(coverage, self.view.lang));
        }
        if let Some(mutants) = &self.quality.mutants {
            object.insert("mutants".to_owned(), quality::mutants_json(mutants, self.view.lang));
        }
        let mut text = serde_json::to_string_pretty(&object)?;
        text.push('\n');
        Ok(text)
    }
}

/// A line on a test, and below it what was not as expected.
pub(super) fn outcome(one: &Outcome, view: View) -> String {
    let style = if view.coloured { style(one.status) } else { Style::new() };
    let head = format!("{style}{} {}{style:#}", mark(one.status), word(one.status, view.lang));
    let mut text = format!("{head}  {} / {}\n", one.rule, one.name);
    if let Some(note) = &one.note {
        let _ = writeln!(text, "  {}", note.get(view.lang));
    }
    for one in &one.detail {
        text.push_str(&difference::shown(one, view));
    }
    text
}

fn mark(status: Status) -> char {
    match status {
        Status::Pass => '✓',
        Status::Fail => '✗',
        Status::New => '+',
        Status::Changed => '~',
        Status::Missing => '!',
        Status::Orphan => '?',
    }
}

/// The status in a column: as wide in one line as in the next.
fn word(status: Status, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{:7}", status.key()),
        Lang::Zh => match status {
            Status::Pass => "通过",
            Status::Fail => "失败",
            Status::New => "新增",
            Status::Changed => "变化",
            Status::Missing => "缺失",
            Status::Orphan => "多余",
        }
        .to_owned(),
    }
}

fn style(status: Status) -> Style {
    match status {
        Status::Pass => AnsiColor::Green.on_default(),
        Status::New | Status::Changed => AnsiColor::Yellow.on_default(),
        Status::Fail | Status::Missing | Status::Orphan => AnsiColor::Red.on_default().bold(),
    }
}
