//! Diagnosis and case to mail: templates, context, quoting, redaction; replies, summaries and reports.

mod attach;
mod check;
mod choose;
mod context;
mod due;
mod fact;
pub mod form;
mod history;
pub mod json;
pub mod mask;
pub mod names;
pub mod outline;
mod part;
mod procedure;
mod question;
mod quote;
mod render;
pub mod report;
pub mod script;
mod settings;
#[cfg(test)]
mod tests;
pub mod verify;

pub use check::{FaultClass, TemplateFault, check_templates};
pub use choose::choose;

pub use settings::Settings;

use serde::{Deserialize, Serialize};

use crate::bundle::Bundle;
use crate::case::Thread;
use crate::diagnose::Diagnosis;
use crate::lang::Lang;
use crate::rule::RuleSet;
use crate::scan::Scan;
use crate::value::Stamp;

/// What kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Problem, scope, first log request.
    Scope,
    /// Asks for logs.
    Request,
    /// Confirms that logs came.
    Received,
    /// What the logs show and what to do.
    Analysis,
    /// What to do.
    Remedy,
    /// Asks how things stand.
    FollowUp,
    /// Hands the case over.
    Handover,
    /// Archives the case, with its summary.
    Close,
    /// The case summary by itself.
    Summary,
}

/// Templates by path (`zh/analysis.txt`), their text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Templates {
    /// `(path, text)`, by path.
    pub files: Vec<(String, String)>,
}

/// Everything a draft is made from.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The knowledge base.
    pub rules: &'a RuleSet,
    /// Its templates.
    pub templates: &'a Templates,
    /// Settings with answers laid over them.
    pub settings: &'a Settings,
    /// The bundle, for quotations.
    pub bundle: &'a Bundle,
    /// What the scan saw.
    pub scan: &'a Scan,
    /// What it means.
    pub diagnosis: &'a Diagnosis,
    /// The thread, if one was given.
    pub thread: Option<&'a Thread>,
    /// The language.
    pub lang: Lang,
    /// Write unanswered questions as visible marks instead of asking them.
    pub placeholders: bool,
}

/// Something a draft needs to know first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The key of `--set`.
    pub key: String,
    /// The question.
    pub question: String,
}

/// What a part of a draft does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Says what is so; has evidence, a message or a note of a call.
    Claim,
    /// Says what to do.
    Instruction,
    /// Greets, thanks, signs, heads.
    Courtesy,
    /// Asks.
    Question,
}

/// A place a part rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The source's place, `logs.zip!/CBS.log`.
    pub source: String,
    /// The line.
    pub line: u64,
}

/// What a line of a part is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineShape {
    /// Running text, perhaps with the mark of a list item.
    #[default]
    Text,
    /// The place that heads a quotation, in brackets.
    Place,
    /// A quoted log line, indented.
    Quoted,
    /// A command to run, indented.
    Command,
    /// A line of the drawing of a screen, framed at its left.
    Screen,
}

/// A line of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its text, as in the body.
    pub text: String,
    /// What it is.
    pub shape: LineShape,
    /// Whether every word of it is the template's own.
    pub own: bool,
}

impl Default for Line {
    fn default() -> Self {
        Self { text: String::new(), shape: LineShape::Text, own: true }
    }
}

/// What was said outside mail and a part rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Its place among the calls of the thread, from 0.
    pub call: usize,
    /// When it was said, where the note says so.
    pub time: Option<Stamp>,
}

/// A paragraph or list item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// Its lines, for forms that show them differently.
    pub lines: Vec<Line>,
    /// What it does.
    pub role: Role,
    /// The facts its template read from the context.
    pub facts: Vec<String>,
    /// The log lines behind it.
    pub evidence: Vec<Reference>,
    /// The message behind it.
    pub message: Option<u32>,
    /// The call behind it.
    pub note: Option<Noted>,
}

/// A file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name: ASCII, without a path.
    pub name: String,
    /// Its type, `text/plain`.
    pub media: &'static str,
    /// Its text.
    pub text: String,
}

/// A draft.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The kind of mail.
    pub kind: Kind,
    /// Why this kind.
    pub why: String,
    /// The language.
    pub lang: Lang,
    /// Whom it is to, as addressed.
    pub to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The text; `None` while questions are open.
    pub body: Option<String>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// The files that go with it.
    pub attachments: Vec<Attachment>,
    /// What was masked in the body and the files.
    pub masked: Vec<mask::Masked>,
    /// What must be answered first.
    pub questions: Vec<Question>,
}

/// A template that cannot be rendered; found by `check`, so seen at run time only with a broken knowledge base.
#[derive(Debug, thiserror::Error)]
#[error("{template}:{line}: {message}")]
pub struct TemplateError {
    /// The template's path.
    pub template: String,
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Writes a draft of `kind`. While questions are open it has no body.
///
/// # Errors
///
/// A template is broken.
pub fn write(material: &Material<'_>, kind: Kind, why: String) -> Result<Draft, TemplateError> {
    render::write(material, kind, why)
}
