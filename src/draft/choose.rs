//! Which kind of mail is due, and why.
//!
//! What was said last decides first: a case that is solved or may be archived is closed. Then the logs: those that are
//! newer than the last analysis are analysed, and a cause that is certain now calls for what nobody proposed yet. Else
//! the stage of the thread says what is due, in the light of the calls since the last mail.

use crate::case::{Message, MessageKind, Outcome, Side, Stage, Thread};
use crate::lang::Localized;
use crate::value::Stamp;

use super::context::leading;
use super::{Kind, Material, procedure};

/// Picks the kind of mail that the thread's stage and the findings ask for, and says why.
#[must_use]
pub fn choose(material: &Material<'_>) -> (Kind, String) {
    let (kind, why) = match material.thread {
        Some(thread) if !thread.messages.is_empty() || !thread.subject.is_empty() => by_thread(material, thread),
        _ => by_logs(material),
    };
    (kind, why.get(material.lang).to_owned())
}

fn because(kind: Kind, zh: &str, en: &str) -> (Kind, Localized) {
    (kind, Localized::new(zh, en))
}

fn by_logs(material: &Material<'_>) -> (Kind, Localized) {
    let findings = !leading(material).is_empty();
    match (findings, newest(material).is_some() || has_logs(material)) {
        (true, _) => because(Kind::Analysis, "日志中有结论", "the logs have a finding"),
        (false, true) => because(Kind::Analysis, "日志已读，没有结论", "the logs were read, without a finding"),
        (false, false) => because(Kind::Scope, "没有邮件也没有日志：新案例", "neither mail nor logs: a new case"),
    }
}

fn by_thread(material: &Material<'_>, thread: &Thread) -> (Kind, Localized) {
    if let Some(why) = ends(thread) {
        return (Kind::Close, why);
    }
    if thread.last_sent().is_none() {
        return because(Kind::Scope, "新案例，尚未界定范围", "a new case, its scope not stated yet");
    }
    if thread.stage == Stage::Closed {
        return because(Kind::Close, "案例已归档", "the case is archived");
    }
    if is_fresh(material, thread) {
        return because(Kind::Analysis, "有尚未分析的日志", "there are logs that no mail analysed");
    }
    if is_news(material, thread) {
        return because(
            Kind::Remedy,
            "原因已确认，相应的处理步骤尚未建议过",
            "a cause is certain and nobody proposed what removes it",
        );
    }
    if waits_for_answer(thread) {
        return because(Kind::Received, "客户说已上传日志", "the customer says that logs were uploaded");
    }
    if let Some(answer) = to_question(material, thread) {
        return answer;
    }
    if thread.fresh_calls().any(|call| !call.kinds.contains(&MessageKind::Received)) {
        return after_call(material, thread);
    }
    by_stage(thread)
}

/// Where the last word is a question by mail: the steps that are due, once more.
fn to_question(material: &Material<'_>, thread: &Thread) -> Option<(Kind, Localized)> {
    let asks = |message: &&Message| message.side == Side::Customer && message.kinds.contains(&MessageKind::Question);
    let last = thread.messages.last().filter(asks)?;
    let called = thread.calls.iter().any(|call| call.after >= last.number);
    match thread.stage {
        _ if called => None,
        Stage::Advised if is_due(material) => {
            Some(because(Kind::Remedy, "客户询问所建议的操作", "the customer asks about what was proposed"))
        }
        Stage::Waiting => {
            Some(because(Kind::Request, "客户询问日志的收集", "the customer asks about the logs to collect"))
        }
        _ => None,
    }
}

/// Whether something is to be proposed.
fn is_due(material: &Material<'_>) -> bool {
    leading(material).first().is_some_and(|main| !procedure::remedies(material, main).due.is_empty())
}

/// Where nothing was said since the last mail but in mails.
fn by_stage(thread: &Thread) -> (Kind, Localized) {
    match thread.stage {
        Stage::Reopened => {
            because(Kind::Request, "案例重新开启，需要新的日志", "the case was reopened and needs new logs")
        }
        Stage::New => because(Kind::Scope, "新案例，尚未界定范围", "a new case, its scope not stated yet"),
        Stage::Scoped => {
            because(Kind::Request, "范围已界定，尚未请求日志", "the scope is stated, no logs were asked for")
        }
        Stage::Waiting | Stage::Closed => {
            because(Kind::FollowUp, "已请求日志，尚未收到", "logs were asked for and did not come")
        }
        Stage::Analysing => because(
            Kind::FollowUp,
            "已确认收到日志，尚未给出分析；给出日志即可起草分析",
            "logs came and that was confirmed, no analysis was given; give the logs to draft one",
        ),
        Stage::Advised => because(Kind::FollowUp, "已给出建议，尚无反馈", "advice was given, no answer came"),
    }
}

/// After a call the next mail says again, in writing, what to do.
fn after_call(material: &Material<'_>, thread: &Thread) -> (Kind, Localized) {
    let sent = thread.last_sent().map_or(0, |message| message.number);
    let is_fresh =
        |call: Option<usize>| call.and_then(|at| thread.calls.get(at)).is_some_and(|call| call.after >= sent);
    let failed = thread.tried.iter().any(|one| one.outcome == Outcome::Failed && is_fresh(one.told_in_call));
    let asks = thread.fresh_calls().any(|call| call.kinds.contains(&MessageKind::Question));
    let due = is_due(material);
    match thread.stage {
        _ if failed => because(
            Kind::Request,
            "沟通得知建议的操作没有解决问题，需要进一步的日志",
            "a call told that the advice did not help: more logs are needed",
        ),
        Stage::Reopened => by_stage(thread),
        _ if asks => because(Kind::Request, "沟通中询问收集方法", "a call asked how to collect the logs"),
        Stage::Waiting => because(Kind::FollowUp, "已请求日志，尚未收到", "logs were asked for and did not come"),
        Stage::Advised if due => because(Kind::Remedy, "沟通后书面确认处理步骤", "the steps in writing, after a call"),
        _ if !material.diagnosis.requests.is_empty() => because(
            Kind::Request,
            "沟通后书面请求确定原因所需的日志",
            "after a call, what is needed to find the cause, in writing",
        ),
        _ => by_stage(thread),
    }
}

/// Why the case can be archived: said after the last mail of support, by mail or in a call.
fn ends(thread: &Thread) -> Option<Localized> {
    let last = thread.messages.last().map_or(0, |message| message.number);
    let written = |tried: &crate::case::Tried| {
        tried.outcome == Outcome::Solved && tried.told_in_call.is_none() && tried.told == Some(last)
    };
    if thread.solved || thread.tried.iter().any(written) {
        return Some(Localized::new("客户说明问题已解决", "the customer says that the problem is solved"));
    }
    let told = thread.fresh_calls().any(|call| call.ends);
    told.then(|| Localized::new("沟通中客户同意归档", "in a call the customer agreed to archive the case"))
}

/// Whether the last word is that logs were uploaded.
fn waits_for_answer(thread: &Thread) -> bool {
    let uploaded = |kinds: &[MessageKind]| kinds.contains(&MessageKind::Uploaded);
    let written = thread.messages.last().is_some_and(|last| last.side == Side::Customer && uploaded(&last.kinds));
    written || thread.fresh_calls().any(|call| uploaded(&call.kinds))
}

fn has_logs(material: &Material<'_>) -> bool {
    material.scan.sources.iter().any(|source| source.log.is_some() && !source.excerpt)
}

/// The last stamp of the logs.
fn newest(material: &Material<'_>) -> Option<Stamp> {
    let own = material.scan.sources.iter().filter(|source| source.log.is_some() && !source.excerpt);
    own.filter_map(|source| source.last).max()
}

/// Whether there are logs that were written after support last said what logs show.
fn is_fresh(material: &Material<'_>, thread: &Thread) -> bool {
    let analysed = thread.messages.iter().rfind(|message| message.kinds.contains(&MessageKind::Analysis));
    match (newest(material), analysed.and_then(|message| message.time)) {
        (Some(newest), Some(analysed)) => newest > analysed,
        _ => has_logs(material) && analysed.is_none(),
    }
}

/// Whether a cause is certain and what removes it was never proposed.
fn is_news(material: &Material<'_>, thread: &Thread) -> bool {
    let findings = leading(material);
    let Some(main) = findings.first().filter(|_| has_logs(material)) else { return false };
    let confirmed = |cause: &str| {
        main.causes.iter().any(|one| one.id == cause && one.status == crate::diagnose::CauseStatus::Confirmed)
    };
    let remedies = procedure::remedies(material, main);
    let first = remedies.due.iter().find(|due| !due.follows && confirmed(&due.cause.id));
    first.is_some_and(|due| !thread.tried.iter().any(|tried| tried.remedy == due.remedy.name))
}
