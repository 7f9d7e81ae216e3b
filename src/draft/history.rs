//! The thread's part of the context: what happened when, what was tried, what is still asked for.

use minijinja::value::Value;

use crate::case::{Call, Message, MessageKind, Outcome, Proposed, Side, Standing, Thread, Tried};
use crate::diagnose::{CauseResult, CauseStatus, Finding};
use crate::lang::Lang;
use crate::value::Stamp;

use super::context::{Builder, headed, map, none};

impl Builder<'_> {
    pub(super) fn history(&self) -> Value {
        let messages = self.material.thread.map(|thread| thread.messages.as_slice()).unwrap_or_default();
        let one = |message: &Message| {
            let date = message.time.map(|time| self.date(time)).unwrap_or_default();
            let side = match message.side {
                Side::Support => self.say("技术支持", "support"),
                Side::Customer => self.say("客户", "customer"),
            };
            let acts: Vec<Value> = message.kinds.iter().map(|kind| self.act(message, *kind)).collect();
            (!acts.is_empty()).then(|| {
                map(vec![
                    ("date", self.told("time", &date, message.number)),
                    ("side", Value::from(side)),
                    ("acts", Value::from(acts)),
                ])
            })
        };
        let calls = |after: u32| {
            let of = self.material.thread.into_iter().flat_map(|thread| &thread.calls);
            of.enumerate().filter(move |(_, call)| call.after == after).map(|(at, call)| self.spoken(at, call))
        };
        let mut history: Vec<Value> = calls(0).collect();
        for message in messages {
            history.extend(one(message));
            history.extend(calls(message.number));
        }
        Value::from(history)
    }

    /// A call in the timeline: what was said, by whom.
    fn spoken(&self, at: usize, call: &Call) -> Value {
        let said = self.outside(&call.text);
        let said = match (&call.speaker, self.material.lang) {
            (Some(who), Lang::Zh) => format!("{}：{said}", self.outside(who)),
            (Some(who), Lang::En) => format!("{}: {said}", self.outside(who)),
            (None, _) => said,
        };
        map(vec![
            ("date", Value::from(call.time.map(|time| self.date(time)).unwrap_or_default())),
            ("side", Value::from(self.say("沟通", "call"))),
            ("acts", Value::from(vec![self.spoken_in("call", &said, at)])),
        ])
    }

    /// Who has to act, and since when: `客户，自2024年3月5日起`.
    pub(super) fn waiting(&self) -> Value {
        let Some(thread) = self.material.thread else { return none() };
        let Some(waiting) = thread.waiting else { return none() };
        let who = match waiting.on {
            Side::Support => self.say("技术支持", "support"),
            Side::Customer => self.say("客户", "the customer"),
        };
        let called = waiting.call.and_then(|at| thread.calls.get(at)).and_then(|call| call.time);
        let sent = thread.messages.iter().find(|message| message.number == waiting.since);
        let since = called.or(sent.and_then(|message| message.time)).map(|time| self.date(time));
        let text = match (since, self.material.lang) {
            (None, _) => who.to_owned(),
            (Some(day), Lang::Zh) => format!("{who}，自{day}起"),
            (Some(day), Lang::En) => format!("{who}, since {day}"),
        };
        match waiting.call {
            Some(call) => self.spoken_in("waiting", &text, call),
            None => self.told("waiting", &text, waiting.since),
        }
    }

    /// What a message does, in words; with what it asks for, proposes or names as cause, where that is known, and who hands
    /// over to whom.
    fn act(&self, message: &Message, kind: MessageKind) -> Value {
        let words = match kind {
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
        };
        let objects = self.objects_of(message.number, kind);
        if objects.is_empty() {
            return Value::from(words);
        }
        let objects = objects.join(self.say("、", "; "));
        let named = if self.material.lang == Lang::Zh {
            format!("{words}（{objects}）")
        } else {
            format!("{words} ({objects})")
        };
        self.told("act", &named, message.number)
    }

    /// Titles of what a message asks for, proposes or names as cause; who hands over to whom.
    fn objects_of(&self, number: u32, kind: MessageKind) -> Vec<String> {
        let (rules, lang) = (self.material.rules, self.material.lang);
        let Some(thread) = self.material.thread else { return Vec::new() };
        match kind {
            MessageKind::Request => {
                let asked = thread.asked.iter().filter(|asked| asked.message == number);
                asked
                    .filter_map(|asked| Some(rules.collection(&asked.collection)?.title.get(lang).to_owned()))
                    .collect()
            }
            MessageKind::Remedy => {
                let tried = thread.tried.iter().filter(|tried| tried.message == number);
                tried.filter_map(|tried| Some(rules.remedy(&tried.remedy)?.title.get(lang).to_owned())).collect()
            }
            MessageKind::Handover => {
                let handed = thread.handovers.iter().find(|one| one.message == number);
                let named =
                    handed.and_then(|one| one.from.as_ref().zip(one.to.as_ref())).filter(|(from, to)| from != to);
                named.map(|(from, to)| self.outside(&format!("{from} → {to}"))).into_iter().collect()
            }
            _ => Vec::new(),
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
                Outcome::Failed if tried.inferred => {
                    self.say("此后的日志中仍有同样的失败", "the failure still shows in later logs")
                }
                Outcome::Failed => self.say("问题仍然存在", "did not solve the problem"),
                Outcome::Unknown => self.say("结果未反馈", "outcome not known"),
            };
            Some(map(vec![
                ("title", self.told("tried", remedy.title.get(self.material.lang), tried.message)),
                (
                    "outcome",
                    match tried.told_in_call {
                        Some(call) => self.spoken_in("outcome", outcome, call),
                        None => Value::from(outcome),
                    },
                ),
                ("inferred", Value::from(tried.inferred)),
            ]))
        };
        shown.filter_map(|(_, tried)| one(tried)).collect()
    }

    pub(super) fn solved(&self) -> Value {
        let title = self.solution().and_then(|tried| {
            let remedy = self.material.rules.remedy(&tried.remedy)?;
            let title = remedy.title.get(self.material.lang);
            Some(match tried.told_in_call {
                Some(call) => self.spoken_in("solved", title, call),
                None => self.told("solved", title, tried.told.unwrap_or(tried.message)),
            })
        });
        title.unwrap_or_else(none)
    }

    /// What solved the problem.
    fn solution(&self) -> Option<&Tried> {
        let tried = self.material.thread.map(|thread| thread.tried.as_slice()).unwrap_or_default();
        tried.iter().rev().find(|tried| tried.outcome == Outcome::Solved)
    }

    /// Whether what solved the problem is a remedy of this cause and of no other of the finding.
    pub(super) fn solved_by(&self, finding: &Finding, cause: &CauseResult) -> bool {
        let Some(solution) = self.solution() else { return false };
        let answers = |cause: &&CauseResult| cause.remedies.contains(&solution.remedy);
        answers(&cause) && finding.causes.iter().filter(answers).count() == 1
    }

    /// Collections asked for that have not come: title, and whether this draft asks for them again.
    pub(super) fn asked(&self) -> Value {
        let mut names: Vec<&str> = Vec::new();
        let mut open = Vec::new();
        for asked in self.material.thread.into_iter().flat_map(Thread::outstanding) {
            let collection = self.material.rules.collection(&asked.collection);
            if let Some(collection) = collection.filter(|collection| !names.contains(&collection.name.as_str())) {
                names.push(&collection.name);
                let again = self.material.diagnosis.requests.iter().any(|due| due.collection == collection.name);
                open.push(map(vec![
                    ("title", self.told("asked", &headed(collection.title.get(self.material.lang)), asked.message)),
                    ("again", Value::from(again)),
                ]));
            }
        }
        Value::from(open)
    }

    /// The mail that asked for a collection which has not come.
    pub(super) fn asked_in(&self, collection: &str) -> Value {
        let asked = self.material.thread.into_iter().flat_map(Thread::outstanding);
        let last = asked.filter(|asked| asked.collection == collection).map(|asked| asked.message).max();
        last.map_or_else(none, |message| self.told("asked", &self.mail(message), message))
    }

    /// The remedies of the last advice of which nobody said how they went: titles.
    pub(super) fn unanswered(&self) -> Value {
        let all = self.material.thread.map(|thread| thread.tried.as_slice()).unwrap_or_default();
        let last = all.iter().map(|tried| tried.message).max();
        let open = all.iter().filter(|tried| Some(tried.message) == last && tried.outcome == Outcome::Unknown);
        let title = |tried: &Tried| {
            let remedy = self.material.rules.remedy(&tried.remedy)?;
            Some(self.told("tried", remedy.title.get(self.material.lang), tried.message))
        };
        open.filter_map(title).collect()
    }

    /// What support said the logs show: date, text.
    pub(super) fn analyses(&self) -> Value {
        let messages = self.material.thread.map(|thread| thread.messages.as_slice()).unwrap_or_default();
        let one = |message: &Message, text: &str| {
            map(vec![
                ("date", message.time.map_or_else(none, |time| self.told("time", &self.date(time), message.number))),
                ("text", self.told("analysis", text, message.number)),
            ])
        };
        messages.iter().flat_map(|message| message.shows.iter().map(move |text| one(message, text))).collect()
    }

    /// The last mail that judged a cause otherwise than the logs do now: it was named and is ruled out, or the other way
    /// round.
    pub(super) fn revised(&self, finding: &Finding, cause: &CauseResult) -> Value {
        let all = self.material.thread.map(|thread| thread.proposed.as_slice()).unwrap_or_default();
        let last = all.iter().rfind(|one| one.cause == cause.id && one.rules.contains(&finding.name));
        let differs = |one: &&Proposed| match one.standing {
            Standing::Suspected | Standing::Confirmed => cause.status == CauseStatus::Excluded,
            Standing::Excluded => cause.status == CauseStatus::Confirmed,
            Standing::Open => false,
        };
        last.filter(differs).map_or_else(none, |one| self.told("proposed", &self.mail(one.message), one.message))
    }

    /// The causes that support named, each once as it was judged last: title, date, judgement.
    pub(super) fn proposed_causes(&self) -> Value {
        let all = self.material.thread.map(|thread| thread.proposed.as_slice()).unwrap_or_default();
        let last = |at: usize, one: &Proposed| !all[at + 1..].iter().any(|later| later.cause == one.cause);
        let shown = all.iter().enumerate().filter(|(at, one)| last(*at, one)).map(|(_, one)| one);
        let one = |one: &Proposed| {
            let rule = self.material.rules.rules.iter().find(|rule| one.rules.contains(&rule.name))?;
            let cause = rule.causes.iter().find(|cause| cause.id == one.cause)?;
            let standing = match one.standing {
                Standing::Suspected => self.say("曾怀疑", "suspected"),
                Standing::Confirmed => self.say("已确认", "confirmed"),
                Standing::Excluded => self.say("已排除", "ruled out"),
                Standing::Open => self.say("待定", "open"),
            };
            let sent = self.material.thread?.messages.iter().find(|message| message.number == one.message)?.time;
            Some(map(vec![
                ("title", self.told(&one.cause, &headed(cause.title.get(self.material.lang)), one.message)),
                ("date", sent.map_or_else(none, |sent| self.told("time", &self.date(sent), one.message))),
                ("standing", Value::from(standing)),
            ]))
        };
        shown.filter_map(one).collect()
    }

    /// A mail as the customer knows it: by its date, for only the export numbers mails.
    pub(super) fn mail(&self, number: u32) -> String {
        let messages = self.material.thread.map(|thread| thread.messages.as_slice()).unwrap_or_default();
        let sent = messages.iter().find(|message| message.number == number).and_then(|message| message.time);
        match (sent.map(|sent| self.date(sent)), self.material.lang) {
            (Some(date), Lang::Zh) => format!("{date}的邮件"),
            (Some(date), Lang::En) => format!("our mail of {date}"),
            (None, Lang::Zh) => format!("第 {number} 封邮件"),
            (None, Lang::En) => format!("mail {number}"),
        }
    }

    /// The day of a stamp, as the language writes it: `2024年3月5日`, `5 March 2024`.
    pub(super) fn date(&self, stamp: Stamp) -> String {
        let iso: String = stamp.iso().chars().take(10).collect();
        let mut parts = iso.splitn(3, '-').map(|part| part.trim_start_matches('0'));
        let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else { return iso };
        match self.material.lang {
            Lang::Zh => format!("{year}年{month}月{day}日"),
            Lang::En => {
                let name = month.parse::<usize>().ok().and_then(|at| MONTHS.get(at.wrapping_sub(1)));
                name.map_or_else(|| iso.clone(), |name| format!("{day} {name} {year}"))
            }
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
