//! A thread as JSON, schema `casebook.thread/1`.
//!
//! The words of kinds, sides, outcomes and stages are part of the schema; here is the one place where they are written.

use serde_json::{Value, json};

use super::{
    Call, Handover, Message, MessageKind, Outcome, Proposed, Recipient, Side, Stage, Standing, Thread, Tried, Waiting,
};
use crate::lang::Lang;

impl MessageKind {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            MessageKind::Scope => "scope",
            MessageKind::Request => "request",
            MessageKind::Received => "received",
            MessageKind::Analysis => "analysis",
            MessageKind::Remedy => "remedy",
            MessageKind::FollowUp => "follow-up",
            MessageKind::Handover => "handover",
            MessageKind::Close => "close",
            MessageKind::Question => "question",
            MessageKind::Uploaded => "uploaded",
            MessageKind::Result => "result",
        }
    }
}

impl Side {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Side::Support => "support",
            Side::Customer => "customer",
        }
    }
}

impl Outcome {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Solved => "solved",
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
        }
    }
}

impl Standing {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Standing::Suspected => "suspected",
            Standing::Confirmed => "confirmed",
            Standing::Excluded => "excluded",
            Standing::Open => "open",
        }
    }
}

impl Stage {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Stage::New => "new",
            Stage::Scoped => "scoped",
            Stage::Waiting => "waiting",
            Stage::Analysing => "analysing",
            Stage::Advised => "advised",
            Stage::Closed => "closed",
            Stage::Reopened => "reopened",
        }
    }
}

/// The thread as `casebook thread --format json` prints it.
#[must_use]
pub fn to_json(thread: &Thread) -> Value {
    let excerpts = thread.excerpts.iter().map(|excerpt| {
        let end = excerpt.line + excerpt.text.lines().count().saturating_sub(1) as u64;
        json!({"message": excerpt.message, "line": excerpt.line, "end_line": end})
    });
    let asked = thread.asked.iter().map(|asked| {
        json!({"message": asked.message, "collection": asked.collection, "call": asked.call, "came": asked.came})
    });
    let received = thread.received.iter().map(|one| json!({"message": one.message, "call": one.call}));
    json!({
        "schema": "casebook.thread/1",
        "subject": thread.subject,
        "case": thread.case,
        "tracking": thread.tracking,
        "kbs": thread.kbs,
        "products": thread.products,
        "codes": thread.codes,
        "paths": thread.paths,
        "problem": thread.problem,
        "customer": thread.customer,
        "engineer": thread.engineer,
        "handover": thread.handovers.last().map(|last| last.message),
        "handovers": thread.handovers.iter().map(handover).collect::<Vec<_>>(),
        "recipients": thread.recipients.iter().map(recipient).collect::<Vec<_>>(),
        "waiting": thread.waiting.map(waiting),
        "reopened": thread.reopened,
        "messages": thread.messages.iter().map(message).collect::<Vec<_>>(),
        "calls": thread.calls.iter().map(call).collect::<Vec<_>>(),
        "excerpts": excerpts.collect::<Vec<_>>(),
        "asked": asked.collect::<Vec<_>>(),
        "received": received.collect::<Vec<_>>(),
        "tried": thread.tried.iter().map(tried).collect::<Vec<_>>(),
        "proposed": thread.proposed.iter().map(proposed).collect::<Vec<_>>(),
        "stage": thread.stage.key(),
    })
}

fn message(message: &Message) -> Value {
    json!({
        "number": message.number,
        "from": message.from,
        "time": message.time.map(milliseconds),
        "side": message.side.key(),
        "kinds": message.kinds.iter().map(|kind| kind.key()).collect::<Vec<_>>(),
        "greets": message.greets,
        "body": message.body,
    })
}

fn tried(tried: &Tried) -> Value {
    json!({
        "message": tried.message,
        "remedy": tried.remedy,
        "outcome": tried.outcome.key(),
        "why": tried.why.get(Lang::En),
        "told": tried.told,
        "call": tried.told_in_call,
    })
}

fn proposed(one: &Proposed) -> Value {
    json!({"message": one.message, "cause": one.cause, "rules": one.rules, "standing": one.standing.key()})
}

fn handover(one: &Handover) -> Value {
    json!({"message": one.message, "from": one.from, "to": one.to})
}

fn call(call: &Call) -> Value {
    json!({
        "after": call.after,
        "time": call.time.map(milliseconds),
        "speaker": call.speaker,
        "kinds": call.kinds.iter().map(|kind| kind.key()).collect::<Vec<_>>(),
        "text": call.text,
    })
}

fn recipient(recipient: &Recipient) -> Value {
    json!({"name": recipient.name, "from": recipient.from, "last": recipient.last})
}

fn waiting(waiting: Waiting) -> Value {
    json!({"on": waiting.on.key(), "since": waiting.since, "call": waiting.call})
}

/// ISO with milliseconds where there is a fraction, as exports print one of six digits.
fn milliseconds(time: crate::value::Stamp) -> String {
    let iso = time.iso();
    match iso.split_once('.') {
        Some((seconds, fraction)) => format!("{seconds}.{fraction:0<3}"),
        None => iso,
    }
}
