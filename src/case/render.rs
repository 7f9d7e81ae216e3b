//! A thread for people: what it is about, a line a message, and the ledger.
//!
//! Bodies are not printed: whoever asks has the thread.

use super::{Call, Message, MessageKind, Outcome, Side, Stage, Standing, Thread, Waiting};
use crate::lang::Lang;
use crate::value::Stamp;

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
    line(say("更新", "Articles"), &thread.kbs.join(", "));
    line(say("产品", "Products"), &thread.products.join(", "));
    line(say("错误码", "Error codes"), &thread.codes.join(", "));
    line(say("路径", "Paths"), &thread.paths.join("\n  "));
    line(say("客户称呼", "Customer"), thread.customer.as_deref().unwrap_or_default());
    line(say("工程师", "Engineer"), thread.engineer.as_deref().unwrap_or_default());
    line(say("阶段", "Stage"), stage(thread.stage, lang));
    line(say("等待", "Waiting for"), &thread.waiting.map(|waiting| wait(thread, waiting, lang)).unwrap_or_default());
    let reopened: Vec<String> = thread.reopened.iter().map(u32::to_string).collect();
    line(say("重新打开", "Reopened by message"), &reopened.join(", "));
    list(&mut text, say("邮件", "Messages"), thread.messages.iter().map(|message| one(message, lang)));
    let calls = thread.calls.iter().map(|call| spoken(call, lang));
    list(&mut text, say("沟通记录", "Calls"), calls);
    let people = thread.recipients.iter().map(|one| format!("{}  {}", one.name, one.from.as_deref().unwrap_or("")));
    list(&mut text, say("收件人", "Recipients"), people);
    let asked = thread.asked.iter().map(|asked| format!("{:>3}  {}", asked.message, asked.collection));
    list(&mut text, say("要求收集", "Asked for"), asked);
    let received = thread.received.iter().map(|received| format!("{:>3}", received.message));
    list(&mut text, say("收到日志", "Logs came"), received);
    let tried = thread.tried.iter().map(|tried| {
        format!("{:>3}  {}  {}  {}", tried.message, tried.remedy, outcome(tried.outcome, lang), tried.why.get(lang))
    });
    list(&mut text, say("尝试过的方案", "Tried"), tried);
    let proposed = thread.proposed.iter().map(|one| {
        format!("{:>3}  {}  {}  {}", one.message, one.cause, standing(one.standing, lang), one.rules.join(", "))
    });
    list(&mut text, say("提出过的原因", "Causes named"), proposed);
    let handovers = thread.handovers.iter().map(|one| {
        let name = |person: &Option<String>| person.clone().unwrap_or_else(|| "-".to_owned());
        format!("{:>3}  {} → {}", one.message, name(&one.from), name(&one.to))
    });
    list(&mut text, say("转交", "Handed over"), handovers);
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

/// A stamp to the minute.
fn minute(time: Option<Stamp>) -> String {
    let time = time.map(Stamp::iso).unwrap_or_default();
    time.chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

fn side(side: Side, lang: Lang) -> &'static str {
    match (side, lang) {
        (Side::Support, Lang::Zh) => "支持",
        (Side::Support, Lang::En) => "support",
        (Side::Customer, Lang::Zh) => "客户",
        (Side::Customer, Lang::En) => "customer",
    }
}

/// Who has to act, and since when.
fn wait(thread: &Thread, waiting: Waiting, lang: Lang) -> String {
    let who = side(waiting.on, lang);
    let sent = thread.messages.iter().find(|message| message.number == waiting.since).and_then(|one| one.time);
    let called = waiting.call.and_then(|at| thread.calls.get(at)).map(|call| minute(call.time));
    let (n, time) = (waiting.since, minute(sent));
    match (called, lang) {
        (Some(time), Lang::Zh) => format!("{who}，自沟通起 {time}"),
        (Some(time), Lang::En) => format!("{who}, since a call {time}"),
        (None, Lang::Zh) => format!("{who}，自第{n}封邮件起 {time}"),
        (None, Lang::En) => format!("{who}, since message {n} {time}"),
    }
}

fn spoken(call: &Call, lang: Lang) -> String {
    let kinds: Vec<&str> = call.kinds.iter().map(|known| kind(*known, lang)).collect();
    let kinds = kinds.join(if lang == Lang::Zh { "、" } else { ", " });
    format!(
        "{:>3}  {:16}  {}  {}  {kinds}",
        call.after,
        minute(call.time),
        call.speaker.as_deref().unwrap_or("-"),
        call.text
    )
}

fn one(message: &Message, lang: Lang) -> String {
    let time = minute(message.time);
    let side = side(message.side, lang);
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

fn standing(standing: Standing, lang: Lang) -> &'static str {
    match (standing, lang) {
        (_, Lang::En) => standing.key(),
        (Standing::Suspected, Lang::Zh) => "怀疑",
        (Standing::Confirmed, Lang::Zh) => "已确认",
        (Standing::Excluded, Lang::Zh) => "已排除",
        (Standing::Open, Lang::Zh) => "待定",
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
