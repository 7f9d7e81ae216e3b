//! The case as its mail thread tells it: messages, who is who, what was asked, received and tried, the stage.
//!
//! `grammar/thread.pest` reads the envelope; the words are data in `rules/phrases/`.

use crate::rule::RuleSet;
use crate::value::Stamp;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The support side.
    Support,
    /// The customer's side.
    Customer,
}

/// What a message does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MessageKind {
    /// Support: states problem and scope.
    Scope,
    /// Support: asks for logs.
    Request,
    /// Support: confirms that logs came.
    Received,
    /// Support: says what the logs show.
    Analysis,
    /// Support: proposes what to do.
    Remedy,
    /// Support: asks how things stand.
    FollowUp,
    /// Support: hands the case to another person, or takes it over.
    Handover,
    /// Support: archives the case.
    Close,
    /// Customer: asks.
    Question,
    /// Customer: says that logs were uploaded.
    Uploaded,
    /// Customer: says how a step went.
    Result,
}

/// One message of a thread.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its number, from 1.
    pub number: u32,
    /// The sender as written.
    pub from: String,
    /// Civil time of sending, whatever offset the export prints.
    pub time: Option<Stamp>,
    /// The side.
    pub side: Side,
    /// What it does, in the order of [`MessageKind`].
    pub kinds: Vec<MessageKind>,
    /// Its own words: quoted replies and signatures of clients taken off.
    pub body: String,
    /// How the greeted person is addressed (`甲先生`), if the message greets one.
    pub greets: Option<String>,
}

/// Log lines pasted in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The message.
    pub message: u32,
    /// The line of the message's body at which it begins, from 1.
    pub line: u64,
    /// The lines.
    pub text: String,
}

/// A collection that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// In which message.
    pub message: u32,
    /// Which collection.
    pub collection: String,
}

/// Logs that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The message that says so.
    pub message: u32,
}

/// How a remedy went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It solved the problem.
    Solved,
    /// It did not.
    Failed,
    /// Nobody said.
    Unknown,
}

/// A remedy that was proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// In which message.
    pub message: u32,
    /// Which remedy.
    pub remedy: String,
    /// With which outcome.
    pub outcome: Outcome,
    /// How the outcome is known.
    pub why: String,
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was sent yet.
    #[default]
    New,
    /// The scope was stated.
    Scoped,
    /// Logs were asked for.
    Waiting,
    /// Logs came.
    Analysing,
    /// A remedy was proposed.
    Advised,
    /// Archived.
    Closed,
    /// Archived and written to again.
    Reopened,
}

/// A case as its thread tells it.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// The subject line as written.
    pub subject: String,
    /// The case number.
    pub case: Option<String>,
    /// The tracking number.
    pub tracking: Option<String>,
    /// Articles named, `KB5032196`.
    pub kbs: Vec<String>,
    /// Products named.
    pub products: Vec<String>,
    /// Error codes named, canonical.
    pub codes: Vec<String>,
    /// Paths named.
    pub paths: Vec<String>,
    /// The problem as stated in a scope mail, else drawn from the subject.
    pub problem: Option<String>,
    /// The messages in order.
    pub messages: Vec<Message>,
    /// Log lines pasted in messages.
    pub excerpts: Vec<Excerpt>,
    /// What was asked for.
    pub asked: Vec<Asked>,
    /// What came.
    pub received: Vec<Received>,
    /// What was tried.
    pub tried: Vec<Tried>,
    /// Where it stands.
    pub stage: Stage,
}

/// Reads a thread. Never fails: text of no known form is one message.
#[must_use]
pub fn read(_text: &str, _rules: &RuleSet) -> Thread {
    Thread::default()
}
