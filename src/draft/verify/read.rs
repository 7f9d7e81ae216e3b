//! Drafts in their forms back to text: text itself, a page, a mail, JSON.

use mail_parser::{MessageParser, MimeHeaders as _, PartType};
use serde_json::Value;

use crate::lang::{Lang, Localized};

use super::page;

/// A text of a draft, and what it is called where a draft has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftText {
    /// Empty for the draft's one text; else `text`, `html`, or an attachment's name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A file that is no draft.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.get(Lang::En))]
pub struct NoDraft(pub Localized);

/// The texts of a draft: what form it has is told by its contents.
///
/// # Errors
///
/// It is JSON of something else, or a draft without a body.
pub fn read(bytes: &[u8]) -> Result<Vec<DraftText>, NoDraft> {
    let text = crate::bundle::decode(bytes);
    let begin = text.trim_start();
    if begin.starts_with('{') {
        return json(begin);
    }
    let head = begin.get(..1024).unwrap_or(begin).to_ascii_lowercase();
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        return Ok(vec![one("", page::text(begin))]);
    }
    if is_mail(begin) {
        return Ok(mail(bytes));
    }
    Ok(vec![one("", text)])
}

fn one(name: &str, text: String) -> DraftText {
    DraftText { name: name.to_owned(), text }
}

fn json(text: &str) -> Result<Vec<DraftText>, NoDraft> {
    let no_draft = |zh: &str, en: &str| NoDraft(Localized::new(zh, en));
    let value: Value = serde_json::from_str(text).map_err(|error| {
        NoDraft(Localized::new(format!("不是 JSON 草稿：{error}"), format!("no draft in JSON: {error}")))
    })?;
    let schema = value["schema"].as_str().unwrap_or_default();
    if !schema.starts_with("casebook.reply/") && !schema.starts_with("casebook.summary/") {
        return Err(no_draft("不是草稿的 JSON", "JSON, but not of a draft"));
    }
    let body = value["body"].as_str().ok_or_else(|| {
        no_draft("草稿没有正文：还有问题需要回答", "the draft has no body: its questions are not answered")
    })?;
    let files = value["attachments"].as_array().into_iter().flatten().filter_map(|file| {
        let (name, text) = (file["name"].as_str()?, file["text"].as_str()?);
        (!is_script(name)).then(|| one(name, text.to_owned()))
    });
    Ok(std::iter::once(one("", body.to_owned())).chain(files).collect())
}

/// Header lines of a mail, one of which is one that a draft has.
fn is_mail(text: &str) -> bool {
    let header = |line: &str| {
        line.starts_with([' ', '\t'])
            || line.split_once(':').is_some_and(|(name, _)| {
                !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '-')
            })
    };
    let headers: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    let known = |line: &&str| {
        let line = line.to_ascii_lowercase();
        line.starts_with("mime-version:") || line.starts_with("content-type:") || line.starts_with("x-unsent:")
    };
    headers.iter().all(|line| header(line)) && headers.iter().any(known)
}

fn mail(bytes: &[u8]) -> Vec<DraftText> {
    let Some(message) = MessageParser::default().parse(bytes) else { return Vec::new() };
    let mut texts = Vec::new();
    for part in &message.parts {
        let name = part.attachment_name();
        match (&part.body, name) {
            (PartType::Text(text), Some(name)) if !is_script(name) => texts.push(one(name, text.to_string())),
            (PartType::Text(text), None) => texts.push(one("text", text.to_string())),
            (PartType::Html(html), None) => texts.push(one("html", page::text(html))),
            _ => {}
        }
    }
    texts
}

/// A script runs commands; it quotes nothing.
fn is_script(name: &str) -> bool {
    name.contains(".bat") || name.contains(".cmd")
}
