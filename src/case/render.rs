//! A thread for people: what it is about, a line a message, and the ledger.
//!
//! Bodies are not printed: whoever asks has the thread.

use super::{Message, MessageKind, Outcome, Side, Stage, Thread};
use crate::lang::Lang;

/// The thread in `lang`.
#[must_use]
pub fn render(thread: &Thread, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(label);
            text.push_str(say("：", ": "));
            text.push_str(value);
            text.push('\n');
        }
    };
    line(say("主题", "Subject"), &thread.subject);
    line(say("案例号", "Case"), thread.case.as_deref().unwrap_or_default());
    line(say("跟踪号", "Tracking"), thread.tracking.as_deref().unwrap_or_default());
    line(say("问题", "Problem"), thread.problem.as_deref().unwrap_or_default());
    line(say("补丁", "Articles"), &thread.kbs.join(", "));
    line(say("产品", "Products"), &thread.products.join(", "));
    line(say("错误码", "Error codes"), &thread.codes.join(", "));
    line(say("路径", "Paths"), &thread.paths.join("\n  "));
    line(say("客户称呼", "Customer"), thread.customer.as_deref().unwrap_or_default());
    line(say("工程师", "Engineer"), thread.engineer.as_deref().unwrap_or_default());
    line(say("阶段", "Stage"), stage(thread.stage, lang));
    list(&mut text, say("邮件", "Messages"), thread.messages.iter().map(|message| one(message, lang)));
    let asked = thread.asked.iter().map(|asked| format!("{:>3}  {}", asked.message, asked.collection));
    list(&mut text, say("要求收集", "Asked for"), asked);
    let received = thread.received.iter().map(|received| format!("{:>3}", received.message));
    list(&mut text, say("收到日志", "Logs came"), received);
    let tried = thread.tried.iter().map(|tried| {
        format!("{:>3}  {}  {}  {}", tried.message, tried.remedy, outcome(tried.outcome, lang), tried.why.get(lang))
    });
    list(&mut text, say("尝试过的方案", "Tried"), tried);
    let pasted = thread.excerpts.iter().map(|excerpt| {
        let end = excerpt.line + excerpt.text.lines().count().saturating_sub(1) as u64;
        format!("{:>3}  {}-{end}", excerpt.message, excerpt.line)
    });
    list(&mut text, say("邮件中的日志行", "Pasted log lines"), pasted);
    text
}

fn list(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    for (at, line) in lines.enumerate() {
        if at == 0 {
            text.push('\n');
            text.push_str(title);
            text.push('\n');
        }
        text.push_str("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn one(message: &Message, lang: Lang) -> String {
    let time = message.time.map(crate::value::Stamp::iso).unwrap_or_default();
    let time: String = time.chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect();
    let side = match (message.side, lang) {
        (Side::Support, Lang::Zh) => "支持",
        (Side::Support, Lang::En) => "support",
        (Side::Customer, Lang::Zh) => "客户",
        (Side::Customer, Lang::En) => "customer",
    };
    let kinds: Vec<&str> = message.kinds.iter().map(|known| kind(*known, lang)).collect();
    format!(
        "{:>3}  {time:16}  {side}  {}  {}",
        message.number,
        message.from,
        kinds.join(if lang == Lang::Zh { "、" } else { ", " })
    )
}

fn kind(kind: MessageKind, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return kind.key();
    }
    match kind {
        MessageKind::Scope => "界定范围",
        MessageKind::Request => "要求收集",
        MessageKind::Received => "确认收到",
        MessageKind::Analysis => "分析",
        MessageKind::Remedy => "给出方案",
        MessageKind::FollowUp => "跟进",
        MessageKind::Handover => "转交",
        MessageKind::Close => "归档",
        MessageKind::Question => "提问",
        MessageKind::Uploaded => "上传日志",
        MessageKind::Result => "反馈结果",
    }
}

fn outcome(outcome: Outcome, lang: Lang) -> &'static str {
    match (outcome, lang) {
        (_, Lang::En) => outcome.key(),
        (Outcome::Solved, Lang::Zh) => "已解决",
        (Outcome::Failed, Lang::Zh) => "未解决",
        (Outcome::Unknown, Lang::Zh) => "未知",
    }
}

fn stage(stage: Stage, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return stage.key();
    }
    match stage {
        Stage::New => "新建",
        Stage::Scoped => "已界定范围",
        Stage::Waiting => "等待日志",
        Stage::Analysing => "分析中",
        Stage::Advised => "已给出方案",
        Stage::Closed => "已归档",
        Stage::Reopened => "重新打开",
    }
}
