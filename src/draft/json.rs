//! A draft for programs: `casebook.reply/1` and, for summaries, `casebook.summary/1`.

use serde_json::{Value, json};

use crate::value::Stamp;

use super::mask::Masked;
use super::{Attachment, Draft, Kind, Part, Role};

impl Kind {
    /// The word of the command line and of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Kind::Scope => "scope",
            Kind::Request => "request",
            Kind::Received => "received",
            Kind::Analysis => "analysis",
            Kind::Remedy => "remedy",
            Kind::FollowUp => "follow-up",
            Kind::Handover => "handover",
            Kind::Close => "close",
            Kind::Summary => "summary",
        }
    }
}

impl Role {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Role::Claim => "claim",
            Role::Instruction => "instruction",
            Role::Courtesy => "courtesy",
            Role::Question => "question",
        }
    }
}

/// The JSON of a draft. While questions are open it has no body.
#[must_use]
pub fn draft_json(draft: &Draft) -> Value {
    let schema = if draft.kind == Kind::Summary { "casebook.summary/1" } else { "casebook.reply/1" };
    let questions: Vec<Value> =
        draft.questions.iter().map(|question| json!({"key": question.key, "question": question.question})).collect();
    let mut object = json!({
        "schema": schema,
        "kind": draft.kind.key(),
        "why": draft.why,
        "lang": draft.lang.key(),
        "to": draft.to,
        "subject": draft.subject,
    });
    if let (Some(body), Value::Object(fields)) = (&draft.body, &mut object) {
        fields.insert("body".to_owned(), json!(body));
        fields.insert("parts".to_owned(), draft.parts.iter().map(part).collect());
    }
    if let Value::Object(fields) = &mut object {
        fields.insert("attachments".to_owned(), draft.attachments.iter().map(attachment).collect());
        fields.insert("masked".to_owned(), draft.masked.iter().map(masked).collect());
        fields.insert("questions".to_owned(), Value::Array(questions));
    }
    object
}

fn attachment(file: &Attachment) -> Value {
    json!({"name": file.name, "type": file.media, "text": file.text})
}

fn masked(one: &Masked) -> Value {
    json!({"mask": one.mask, "kind": one.kind, "count": one.count})
}

fn part(part: &Part) -> Value {
    let evidence: Vec<Value> =
        part.evidence.iter().map(|place| json!({"source": place.source, "line": place.line})).collect();
    json!({
        "text": part.text,
        "role": part.role.key(),
        "facts": part.facts,
        "evidence": evidence,
        "message": part.message,
        "note": part.note.as_ref().map(|note| json!({"call": note.call, "time": note.time.map(Stamp::iso)})),
    })
}
