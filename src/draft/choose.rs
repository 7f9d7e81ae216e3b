//! Which kind of mail is due, and why.

use crate::case::{MessageKind, Outcome, Side, Stage, Thread};
use crate::lang::Lang;

use super::{Kind, Material};

/// Picks the kind of mail that the thread's stage and the findings ask for, and says why.
#[must_use]
pub fn choose(material: &Material<'_>) -> (Kind, String) {
    let (kind, zh, en) = pick(material);
    let why = match material.lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    (kind, why.to_owned())
}

fn pick(material: &Material<'_>) -> (Kind, &'static str, &'static str) {
    let findings = material.diagnosis.findings.iter().any(|finding| finding.explained_by.is_none());
    let logs = material.scan.sources.iter().any(|source| source.log.is_some() && !source.excerpt);
    let Some(thread) = material.thread else {
        return match (findings, logs) {
            (true, _) => (Kind::Analysis, "日志中有结论", "the logs have a finding"),
            (false, true) => (Kind::Analysis, "日志已读，没有结论", "the logs were read, without a finding"),
            (false, false) => (Kind::Scope, "没有邮件也没有日志：新案例", "neither mail nor logs: a new case"),
        };
    };
    if solved(thread) {
        return (Kind::Close, "邮件说明问题已解决", "the last mail says that the problem is solved");
    }
    match thread.stage {
        Stage::New if !logs => (Kind::Scope, "新案例，尚未界定范围", "a new case, its scope not stated yet"),
        Stage::Closed => (Kind::Close, "案例已归档", "the case is archived"),
        _ if logs => (Kind::Analysis, "收到了日志", "logs came"),
        Stage::Reopened => (Kind::Request, "案例重新开启，需要新的日志", "the case was reopened and needs new logs"),
        _ if uploaded(thread) => (Kind::Received, "客户说已上传日志", "the customer says that logs were uploaded"),
        Stage::New => (Kind::Scope, "新案例，尚未界定范围", "a new case, its scope not stated yet"),
        Stage::Scoped => (Kind::Request, "范围已界定，尚未请求日志", "the scope is stated, no logs were asked for"),
        Stage::Waiting => (Kind::FollowUp, "已请求日志，尚未收到", "logs were asked for and did not come"),
        Stage::Analysing => (
            Kind::Received,
            "日志已收到，尚未给出分析；给出日志即可起草分析",
            "logs came, no analysis was given; give the logs to draft one",
        ),
        Stage::Advised => (Kind::FollowUp, "已给出建议，尚无反馈", "advice was given, no answer came"),
    }
}

/// Whether the last thing said of a remedy is that it solved the problem.
fn solved(thread: &Thread) -> bool {
    let last = thread.messages.last().map_or(0, |message| message.number);
    let told = |tried: &crate::case::Tried| tried.outcome == Outcome::Solved && tried.told == Some(last);
    thread.tried.iter().any(told)
}

fn uploaded(thread: &Thread) -> bool {
    thread
        .messages
        .last()
        .is_some_and(|last| last.side == Side::Customer && last.kinds.contains(&MessageKind::Uploaded))
}
