//! What each message does, and where the case stands after all of them.
//!
//! Kinds are the acts of a letter that its side can do. The stage follows from the sequence of kinds alone.

use super::book::Act;
use super::ledger::Entry;
use super::letter::Letter;
use super::{MessageKind, Side, Stage};

/// Acts and the kinds they make, by side.
const SUPPORT: [(Act, MessageKind); 8] = [
    (Act::Scope, MessageKind::Scope),
    (Act::Request, MessageKind::Request),
    (Act::Received, MessageKind::Received),
    (Act::Analysis, MessageKind::Analysis),
    (Act::Remedy, MessageKind::Remedy),
    (Act::FollowUp, MessageKind::FollowUp),
    (Act::Handover, MessageKind::Handover),
    (Act::Close, MessageKind::Close),
];
const CUSTOMER: [(Act, MessageKind); 5] = [
    (Act::Question, MessageKind::Question),
    (Act::Uploaded, MessageKind::Uploaded),
    (Act::Solved, MessageKind::Result),
    (Act::Failed, MessageKind::Result),
    (Act::CloseAsked, MessageKind::Result),
];

/// What a letter of `side` does, in the order of [`MessageKind`].
pub(super) fn kinds(letter: &Letter<'_>, side: Side) -> Vec<MessageKind> {
    let can: &[(Act, MessageKind)] = match side {
        Side::Support => &SUPPORT,
        Side::Customer => &CUSTOMER,
    };
    let mut kinds: Vec<MessageKind> = can.iter().filter(|(act, _)| letter.does(*act)).map(|(_, kind)| *kind).collect();
    kinds.dedup();
    kinds
}

/// Where the case stands after each of `entries`.
pub(super) fn stages(entries: &[Entry<'_, '_>]) -> Vec<Stage> {
    let mut stage = Stage::New;
    let mut step = |entry| {
        stage = after(stage, entry);
        stage
    };
    entries.iter().map(&mut step).collect()
}

/// Where it stands after one more message. Of several kinds the one that asks most of the customer counts.
fn after(stage: Stage, entry: &Entry<'_, '_>) -> Stage {
    if entry.call.is_some() && entry.kinds.is_empty() {
        return stage;
    }
    if entry.side == Side::Customer && !entry.is(MessageKind::Remedy) && !entry.is(MessageKind::Request) {
        return after_customer(stage, entry);
    }
    let next = [
        (MessageKind::Close, Stage::Closed),
        (MessageKind::Remedy, Stage::Advised),
        (MessageKind::Request, Stage::Waiting),
        (MessageKind::Received, Stage::Analysing),
        (MessageKind::Analysis, Stage::Analysing),
        (MessageKind::Scope, Stage::Scoped),
    ];
    next.into_iter().find(|(kind, _)| entry.is(*kind)).map_or(stage, |(_, stage)| stage)
}

fn after_customer(stage: Stage, entry: &Entry<'_, '_>) -> Stage {
    let does = |act| entry.letter.does(act);
    let is_content = does(Act::Solved) || does(Act::CloseAsked);
    match stage {
        // Thanks for closing reopens nothing; anything else that is written after it does, even an empty reply.
        Stage::Closed if is_content || (does(Act::Thanks) && entry.kinds.is_empty()) => Stage::Closed,
        Stage::Closed | Stage::Reopened => Stage::Reopened,
        _ if is_content => Stage::Advised,
        _ if entry.is(MessageKind::Uploaded) || entry.is(MessageKind::Result) => Stage::Analysing,
        _ => stage,
    }
}
