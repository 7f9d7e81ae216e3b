//! How a draft is handed over: in one of its forms, or the questions that must be answered first.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::draft::{self, Draft, form};
use crate::lang::Lang;

use super::{Common, Exit, output};

/// The forms of a draft; a command offers those that suit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Markdown,
    Html,
    Eml,
    Json,
}

/// Writes a draft, or its questions; then nothing else is written.
pub(super) fn finish(draft: &Draft, form: Form, common: &Common) -> Result<Exit> {
    let Some(body) = &draft.body else {
        if draft.questions.is_empty() {
            bail!("the draft came out empty");
        }
        let asked = if form == Form::Json { json(draft)? } else { questions(draft) };
        output::print(&asked)?;
        return Ok(Exit::Questions);
    };
    match form {
        Form::Text => output::write(body, common)?,
        Form::Markdown => output::write(&form::markdown::text(draft), common)?,
        Form::Html => output::write(&form::html::page(draft), common)?,
        Form::Eml => output::write_bytes(&form::mail::eml(draft), common)?,
        Form::Json => output::write(&json(draft)?, common)?,
    }
    if !draft.masked.is_empty() {
        output::note(&masked(draft), common);
    }
    Ok(Exit::Done)
}

/// Writes the files that go with a draft into a folder.
pub(super) fn write_attachments(draft: &Draft, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    for file in &draft.attachments {
        output::write_file(&folder.join(&file.name), file.text.as_bytes())?;
    }
    Ok(())
}

fn json(draft: &Draft) -> Result<String> {
    let mut json = serde_json::to_string_pretty(&draft::json::draft_json(draft))?;
    json.push('\n');
    Ok(json)
}

/// What was masked, in one line for who sends the draft.
fn masked(draft: &Draft) -> String {
    let list: Vec<String> = draft
        .masked
        .iter()
        .map(|one| if one.count > 1 { format!("{}×{}", one.mask, one.count) } else { one.mask.clone() })
        .collect();
    match draft.lang {
        Lang::Zh => format!("已遮盖：{}", list.join("、")),
        Lang::En => format!("masked: {}", list.join(", ")),
    }
}

/// The questions with the `--set` that answers each.
fn questions(draft: &Draft) -> String {
    let head = match draft.lang {
        Lang::Zh => "起草前需要先回答：",
        Lang::En => "Answer these first:",
    };
    let mut text = format!("{head}\n");
    for question in &draft.questions {
        let _ = writeln!(text, "  --set {}=…    {}", question.key, question.question);
    }
    text
}
