//! The thread's part of the context: what happened when, what was tried, what is still asked for.

use minijinja::value::Value;

use crate::case::{MessageKind, Outcome, Side, Tried};

use super::context::{Builder, map, none};

impl Builder<'_> {
    pub(super) fn history(&self) -> Value {
        let messages = self.material.thread.map(|thread| thread.messages.as_slice()).unwrap_or_default();
        let one = |message: &crate::case::Message| {
            let date = message.time.map(|time| time.iso().chars().take(10).collect::<String>()).unwrap_or_default();
            let side = match message.side {
                Side::Support => self.say("技术支持", "support"),
                Side::Customer => self.say("客户", "customer"),
            };
            let acts: Vec<Value> = message.kinds.iter().map(|kind| Value::from(self.act(*kind))).collect();
            (!acts.is_empty()).then(|| {
                map(vec![
                    ("date", self.told("time", &date, message.number)),
                    ("side", Value::from(side)),
                    ("acts", Value::from(acts)),
                ])
            })
        };
        messages.iter().filter_map(one).collect()
    }

    /// What a message does, in words.
    fn act(&self, kind: MessageKind) -> &'static str {
        match kind {
            MessageKind::Scope => self.say("界定问题范围", "stated the scope"),
            MessageKind::Request => self.say("请求收集日志", "asked for logs"),
            MessageKind::Received => self.say("确认收到日志", "confirmed that logs came"),
            MessageKind::Analysis => self.say("反馈日志分析", "said what the logs show"),
            MessageKind::Remedy => self.say("建议处理步骤", "proposed what to do"),
            MessageKind::FollowUp => self.say("跟进进展", "asked how things stand"),
            MessageKind::Handover => self.say("交接案例", "took the case over"),
            MessageKind::Close => self.say("归档案例", "archived the case"),
            MessageKind::Question => self.say("提出问题", "asked"),
            MessageKind::Uploaded => self.say("上传日志", "uploaded logs"),
            MessageKind::Result => self.say("反馈结果", "said how it went"),
        }
    }

    /// Remedies that were proposed, each once with what is known of it last; with `known`, those of which the outcome
    /// is known.
    pub(super) fn tried(&self, known: bool) -> Value {
        let all = self.material.thread.map(|thread| thread.tried.as_slice()).unwrap_or_default();
        let last = |at: usize, tried: &Tried| {
            let later = all.get(at + 1..).unwrap_or_default().iter().filter(|later| later.remedy == tried.remedy);
            later.filter(|later| later.outcome != Outcome::Unknown || tried.outcome == Outcome::Unknown).count() == 0
        };
        let told = |tried: &Tried| tried.outcome != Outcome::Unknown;
        // An outcome that was told outlives a later proposal of which nothing is known.
        let shown = all.iter().enumerate().filter(|(at, tried)| {
            let outlived = |tried: &Tried| all.iter().any(|other| other.remedy == tried.remedy && told(other));
            last(*at, tried) && (told(tried) || (!known && !outlived(tried)))
        });
        let one = |tried: &Tried| {
            let remedy = self.material.rules.remedy(&tried.remedy)?;
            let outcome = match tried.outcome {
                Outcome::Solved => self.say("问题解决", "solved the problem"),
                Outcome::Failed => self.say("问题仍然存在", "did not solve the problem"),
                Outcome::Unknown => self.say("结果未反馈", "outcome not known"),
            };
            Some(map(vec![
                ("title", self.told("tried", remedy.title.get(self.material.lang), tried.message)),
                ("outcome", Value::from(outcome)),
            ]))
        };
        shown.filter_map(|(_, tried)| one(tried)).collect()
    }

    pub(super) fn solved(&self) -> Value {
        let tried = self.material.thread.map(|thread| thread.tried.as_slice()).unwrap_or_default();
        let solved = tried.iter().rev().find(|tried| tried.outcome == Outcome::Solved);
        let title = solved.and_then(|tried| {
            let remedy = self.material.rules.remedy(&tried.remedy)?;
            Some(self.told("solved", remedy.title.get(self.material.lang), tried.told.unwrap_or(tried.message)))
        });
        title.unwrap_or_else(none)
    }

    /// Collections asked for since the last logs came.
    pub(super) fn asked(&self) -> Value {
        let Some(thread) = self.material.thread else {
            return Value::from(Vec::<Value>::new());
        };
        let since = thread.received.iter().map(|received| received.message).max().unwrap_or(0);
        let mut names: Vec<&str> = Vec::new();
        let mut open = Vec::new();
        for asked in thread.asked.iter().filter(|asked| asked.message > since) {
            let collection = self.material.rules.collection(&asked.collection);
            if let Some(collection) = collection.filter(|collection| !names.contains(&collection.name.as_str())) {
                names.push(&collection.name);
                open.push(self.told("asked", collection.title.get(self.material.lang), asked.message));
            }
        }
        Value::from(open)
    }
}
