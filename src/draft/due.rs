//! The context's part that says what to do: remedies, requests, reminders, and what should wait.
//!
//! What was proposed or asked for before says so, with the date of that mail: the customer sees that we know.

use std::collections::BTreeMap;

use minijinja::value::Value;

use crate::case::{Call, MessageKind, Outcome, Thread};
use crate::diagnose::{Finding, Request};
use crate::rule::{Collection, Risk};
use crate::value::Stamp;

use super::context::{Builder, headed, map, none};
use super::procedure::{self, Due};
use super::quote::visible;

impl Builder<'_> {
    pub(super) fn remedy(&self, due: &Due<'_>) -> Value {
        let lang = self.material.lang;
        let remedy = due.remedy;
        let values = self.masked(&due.captures);
        let filled = |text: &str| procedure::fill(text, &values);
        let optional =
            |text: Option<&str>| text.map_or_else(none, |text| self.instruction(&remedy.name, &filled(text)));
        let told = |message: Option<u32>| {
            message.filter(|_| !due.follows).map_or_else(none, |n| self.told("tried", &self.mail(n), n))
        };
        let script = self.script(due).map(|file| file.map(|file| file.name));
        map(vec![
            ("title", self.instruction(&remedy.name, remedy.title.get(lang))),
            ("cause", Value::from(due.cause.id.as_str())),
            ("warning", procedure::warning(remedy.risk, lang).map_or_else(none, Value::from)),
            ("before", optional(remedy.before.as_ref().map(|before| before.get(lang)))),
            ("steps", self.steps(&remedy.name, &remedy.steps, &values)),
            ("verify", optional(remedy.verify.as_ref().map(|verify| verify.text.get(lang)))),
            ("undo", optional(remedy.undo.as_ref().map(|undo| undo.get(lang)))),
            (
                "script",
                script.as_ref().ok().cloned().flatten().map_or_else(none, |name| self.instruction(&name, &name)),
            ),
            ("unscripted", script.err().map_or_else(none, |why| Value::from(self.outside(why.get(lang))))),
            ("again", told(self.proposed(&remedy.name, Outcome::Unknown))),
            ("failed", told(self.proposed(&remedy.name, Outcome::Failed))),
        ])
    }

    /// Values of logs as steps may show them. Who follows a step knows what stands behind a mask on that machine.
    pub(super) fn masked(&self, values: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        values.iter().map(|(name, value)| (name.clone(), self.redactor.redact(value).into_owned())).collect()
    }

    /// The message that proposed a remedy last, if it went so then.
    fn proposed(&self, remedy: &str, outcome: Outcome) -> Option<u32> {
        let tried = &self.material.thread?.tried;
        tried.iter().rfind(|tried| tried.remedy == remedy).filter(|one| one.outcome == outcome).map(|one| one.message)
    }

    fn steps(&self, name: &str, steps: &[crate::rule::Instruction], captures: &BTreeMap<String, String>) -> Value {
        let one = |step: &crate::rule::Instruction| {
            let step = procedure::step(step, captures, self.material.lang);
            map(vec![
                ("text", self.instruction(name, &step.text)),
                ("command", step.command.map_or_else(none, |command| self.command(name, &command))),
                ("screen", step.screen.map_or_else(none, |screen| self.screen(name, &screen))),
                ("seen", step.seen.map_or_else(none, |seen| self.instruction(name, &seen))),
            ])
        };
        steps.iter().map(one).collect()
    }

    /// What to collect: what the open questions need; of a case without logs, the logs that most rules read.
    pub(super) fn requests(&self, main: Option<&Finding>) -> Value {
        let captures = self.masked(&texts(main));
        let due = self.material.diagnosis.requests.iter();
        let due = due.filter_map(|request| {
            let collection = self.material.rules.collection(&request.collection)?;
            self.request(collection, Some(request), &captures)
        });
        let due: Vec<Value> = due.collect();
        if due.is_empty() && self.needs_first_logs() {
            let first = first_collection(self.material.rules);
            return first.and_then(|first| self.request(first, None, &captures)).into_iter().collect();
        }
        Value::from(due)
    }

    /// Whether nothing was read and nothing is asked for.
    fn needs_first_logs(&self) -> bool {
        let read = self.material.scan.sources.iter().any(|source| source.log.is_some());
        let asked = self.material.thread.is_some_and(|thread| thread.outstanding().next().is_some());
        !read && !asked
    }

    /// What was asked for and did not come, each with its steps.
    pub(super) fn reminders(&self, main: Option<&Finding>) -> Value {
        let captures = self.masked(&texts(main));
        let mut names: Vec<&str> = Vec::new();
        let mut open = Vec::new();
        for asked in self.material.thread.into_iter().flat_map(Thread::outstanding) {
            let collection = self.material.rules.collection(&asked.collection);
            if let Some(collection) = collection.filter(|one| !names.contains(&one.name.as_str())) {
                names.push(&collection.name);
                open.extend(self.request(collection, None, &captures));
            }
        }
        Value::from(open)
    }

    /// A collection with its steps; nothing where they name something that is not known yet.
    fn request(
        &self,
        collection: &Collection,
        due: Option<&Request>,
        captures: &BTreeMap<String, String>,
    ) -> Option<Value> {
        let lang = self.material.lang;
        if collection.needs.iter().any(|(need, _)| !captures.contains_key(need)) {
            return None;
        }
        let wanted = due.map_or(&collection.yields, |due| &due.logs);
        let logs = wanted.iter().map(|log| Value::from(self.material.rules.logs.get(*log).title.get(lang)));
        let span = due.and_then(|due| self.needed(due));
        let stamp = |stamp: Option<Stamp>| stamp.map_or_else(none, |stamp| Value::from(seconds(stamp)));
        let requests = &self.material.diagnosis.requests;
        Some(map(vec![
            ("due", Value::from(requests.iter().any(|due| due.collection == collection.name))),
            ("title", self.instruction(&collection.name, &headed(collection.title.get(lang)))),
            ("why", due.map_or_else(|| Value::from(Vec::<Value>::new()), |due| self.whys(due))),
            ("logs", logs.collect()),
            ("from", stamp(span.map(|(from, _)| from))),
            ("to", stamp(span.map(|(_, to)| to))),
            ("minutes", Value::from(collection.effort.minutes)),
            ("restart", Value::from(collection.effort.restart)),
            ("onsite", Value::from(collection.effort.on_site)),
            ("steps", self.steps(&collection.name, &collection.steps, captures)),
            ("asked", self.asked_in(&collection.name)),
        ]))
    }

    /// The stretch of time that the logs of a request have to cover, where that is known.
    fn needed(&self, due: &Request) -> Option<(Stamp, Stamp)> {
        let findings = self.material.diagnosis.findings.iter().filter(|finding| finding.explained_by.is_none());
        let missing =
            findings.flat_map(|one| one.missing.iter().chain(one.causes.iter().flat_map(|cause| &cause.missing)));
        let spans = missing.filter(|lack| due.logs.contains(&lack.log)).filter_map(|lack| lack.needed);
        spans.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// Titles of the causes and findings that a request would decide.
    fn whys(&self, request: &Request) -> Value {
        let lang = self.material.lang;
        let rules = &self.material.rules.rules;
        let title = |why: &String| {
            let rule = rules.iter().find(|rule| rule.name == *why).map(|rule| rule.title.get(lang));
            let cause = || {
                let findings = self.material.diagnosis.findings.iter();
                let causes = findings.filter_map(|finding| rules.get(finding.rule)).flat_map(|rule| &rule.causes);
                causes.into_iter().find(|cause| cause.id == *why).map(|cause| cause.title.get(lang))
            };
            Value::from(rule.or_else(cause).unwrap_or(why))
        };
        request.why.iter().map(title).collect()
    }

    /// Steps of the last advice that are hard to undo, that nobody has reported on, and that the findings do not call
    /// for: better not done before the cause is known.
    pub(super) fn held(&self, main: Option<&Finding>) -> Value {
        let Some(thread) = self.material.thread.filter(|_| main.is_some()) else {
            return Value::from(Vec::<Value>::new());
        };
        let due = main.map(|main| procedure::remedies(self.material, main)).unwrap_or_default();
        let mut names: Vec<&str> = Vec::new();
        let mut held = Vec::new();
        for tried in thread.tried.iter().filter(|tried| tried.outcome == Outcome::Unknown) {
            let Some(remedy) = self.material.rules.remedy(&tried.remedy) else { continue };
            let is_due = due.due.iter().any(|due| due.remedy.name == remedy.name);
            if remedy.risk == Risk::High && !is_due && !names.contains(&remedy.name.as_str()) {
                names.push(&remedy.name);
                held.push(map(vec![
                    ("title", self.told("tried", remedy.title.get(self.material.lang), tried.message)),
                    ("mail", self.told("tried", &self.mail(tried.message), tried.message)),
                ]));
            }
        }
        Value::from(held)
    }

    /// What was said outside mail since the last mail.
    pub(super) fn notes(&self) -> Value {
        let told = self.calls().filter(|(_, call)| !call.missed && !asks(call));
        told.map(|(at, call)| self.spoken_in("call", &call.text, at)).collect()
    }

    /// The calls since the last mail, with their places among all calls.
    fn calls(&self) -> impl Iterator<Item = (usize, &Call)> {
        let all = self.material.thread.map(|thread| thread.calls.as_slice()).unwrap_or_default();
        let fresh = self.material.thread.map_or(0, |thread| thread.fresh_calls().count());
        all.iter().enumerate().skip(all.len() - fresh)
    }

    /// When the last call since the last mail was that `is` says: just now, for it is what the mail follows.
    pub(super) fn just_now(&self, is: impl Fn(&Call) -> bool) -> Value {
        let last = self.calls().filter(|(_, call)| is(call)).last();
        last.map_or_else(none, |(at, _)| self.spoken_in("call", self.say("刚才", "just now"), at))
    }

    /// Who wrote for support before, where another engineer writes now.
    pub(super) fn predecessor(&self) -> Value {
        let thread = self.material.thread.filter(|_| self.takes_over());
        let (name, sent) = (thread.and_then(|thread| thread.engineer.as_deref()), thread.and_then(Thread::last_sent));
        name.zip(sent).map_or_else(none, |(name, sent)| self.told("engineer", name, sent.number))
    }

    /// Whether another engineer writes than the one of the last mail.
    pub(super) fn takes_over(&self) -> bool {
        let before = self.material.thread.and_then(|thread| thread.engineer.as_deref());
        before.zip(self.material.settings.get("engineer.name")).is_some_and(|(before, now)| before.trim() != now.trim())
    }

    /// The last mail that said what logs show or what to do, where the failure shows again after it.
    pub(super) fn after(&self, failed: Option<Stamp>) -> Value {
        let messages = self.material.thread.map(|thread| thread.messages.as_slice()).unwrap_or_default();
        let says =
            |kinds: &[MessageKind]| kinds.contains(&MessageKind::Analysis) || kinds.contains(&MessageKind::Remedy);
        let last = messages.iter().rfind(|message| says(&message.kinds));
        let newer = last.filter(|message| message.time.zip(failed).is_some_and(|(sent, last)| last > sent));
        newer.map_or_else(none, |message| self.told("mail", &self.mail(message.number), message.number))
    }
}

/// Whether all that was said in a call is a question.
pub(super) fn asks(call: &Call) -> bool {
    !call.kinds.is_empty() && call.kinds.iter().all(|kind| *kind == MessageKind::Question)
}

/// The captures of a finding, as text.
fn texts(main: Option<&Finding>) -> BTreeMap<String, String> {
    let captures = main.into_iter().flat_map(|finding| &finding.captures);
    captures.map(|(name, value)| (name.clone(), visible(&value.text))).collect()
}

/// A stamp to the second, as logs write it.
fn seconds(stamp: Stamp) -> String {
    stamp.iso().replace('T', " ").chars().take(19).collect()
}

/// The cheapest collection that brings the log that most rules read; of equals the one that brings more.
fn first_collection(rules: &crate::rule::RuleSet) -> Option<&Collection> {
    let read = |log| {
        let of = |rule: &&crate::rule::Rule| rule.evidence.iter().any(|evidence| evidence.logs.contains(&log));
        rules.rules.iter().filter(of).count()
    };
    let brought = rules.collections.iter().flat_map(|one| one.yields.iter().copied());
    let most = brought.max_by_key(|log| (read(*log), std::cmp::Reverse(*log)))?;
    let bring = rules.collections.iter().filter(|one| one.yields.contains(&most));
    bring.min_by_key(|one| (one.effort.cost(), std::cmp::Reverse(one.yields.len())))
}
