//! Fills in the names of `names.rs` for one case.
//!
//! Values that come from logs or mails are facts (they know their lines or their message); words of ours are plain. A
//! name that may be missing is none and is asked for with `if`.

use std::collections::BTreeMap;

use minijinja::value::Value;

use crate::case::{MessageKind, Stage, Thread};
use crate::diagnose::{CauseResult, CauseStatus, Finding, Missing, Status};
use crate::lang::Lang;
use crate::value::{Stamp, Type, Value as Typed};

use super::due::asks;
use super::fact::{Class, Facts, Source, clean};
use super::form::screen::framed;
use super::mask::Redactor;
use super::procedure;
use super::quote::{Quoted, Quoter, left_out, reference, visible};
use super::{Material, Reference, Role};

/// Builds the context of one draft.
pub(super) struct Builder<'m> {
    pub(super) material: &'m Material<'m>,
    pub(super) facts: Facts,
    pub(super) redactor: Redactor,
}

/// The findings to speak of, the main one first: nothing that another one explains, nor what the main one would
/// explain were it certain.
pub(super) fn leading<'m>(material: &Material<'m>) -> Vec<&'m Finding> {
    let all = || material.diagnosis.findings.iter().filter(|finding| finding.explained_by.is_none());
    let explains = |finding: &Finding, other: &Finding| {
        material.rules.rules.get(finding.rule).is_some_and(|rule| rule.explains.contains(&other.name))
    };
    let Some(first) = all().next() else {
        return Vec::new();
    };
    let main = all().find(|finding| explains(finding, first)).unwrap_or(first);
    let rest = all().filter(|finding| !std::ptr::eq(*finding, main) && !explains(main, finding));
    std::iter::once(main).chain(rest).collect()
}

/// Whether logs came and the last mail did not say yet what they show.
fn is_analysing(thread: &Thread) -> bool {
    let analysed = thread.last_sent().is_some_and(|sent| sent.kinds.contains(&MessageKind::Analysis));
    thread.stage == Stage::Analysing && !analysed
}

/// A map for templates.
pub(super) fn map(entries: Vec<(&str, Value)>) -> Value {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<String, Value>>().into()
}

/// A title at the beginning of a line, with a capital where the language has them.
pub(super) fn headed(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

pub(super) fn none() -> Value {
    Value::from(())
}

impl Builder<'_> {
    pub(super) fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.material.lang == Lang::Zh { zh } else { en }
    }

    /// Text from outside, ready to be shown.
    pub(super) fn outside(&self, text: &str) -> String {
        text.lines().map(|line| visible(&self.redactor.redact(line))).collect::<Vec<_>>().join("\n")
    }

    fn fact(&self, name: &str, text: &str, evidence: Vec<Reference>) -> Value {
        self.facts.add(name, &self.outside(text), Source { evidence, ..Source::default() })
    }

    pub(super) fn told(&self, name: &str, text: &str, message: u32) -> Value {
        self.facts.add(name, &self.outside(text), Source { message: Some(message), ..Source::default() })
    }

    /// What a call said, by its place among the calls.
    pub(super) fn spoken_in(&self, name: &str, text: &str, call: usize) -> Value {
        self.facts.add(name, &self.outside(text), Source { call: Some(call), ..Source::default() })
    }

    pub(super) fn instruction(&self, name: &str, text: &str) -> Value {
        let source = Source { role: Some(Role::Instruction), ..Source::default() };
        self.facts.add(name, &clean(text), source)
    }

    pub(super) fn command(&self, name: &str, text: &str) -> Value {
        let source = Source { class: Class::Command, role: Some(Role::Instruction), ..Source::default() };
        self.facts.add(name, &clean(text), source)
    }

    /// The drawing of a screen, framed at its left: lines of any width stand well in every font.
    pub(super) fn screen(&self, name: &str, text: &str) -> Value {
        let source = Source { class: Class::Screen, role: Some(Role::Instruction), ..Source::default() };
        self.facts.add(name, &framed(&clean(text)), source)
    }

    /// The whole context but the salutation and the signature, which ask.
    pub(super) fn context(&self) -> BTreeMap<String, Value> {
        let findings = leading(self.material);
        let main = findings.first().copied();
        let remedies = main.map(|finding| procedure::remedies(self.material, finding)).unwrap_or_default();
        let mut context = BTreeMap::new();
        let mut set = |name: &str, value: Value| drop(context.insert(name.to_owned(), value));
        set("case", self.case());
        set("notes", self.notes());
        set("asks", self.just_now(asks));
        set("missed", self.just_now(|call| call.missed));
        set("takeover", Value::from(self.takes_over()));
        set("predecessor", self.predecessor());
        set("reopened", Value::from(self.material.thread.is_some_and(|thread| thread.stage == Stage::Reopened)));
        set("analysing", Value::from(self.material.thread.is_some_and(is_analysing)));
        set("finding", main.map_or_else(none, |finding| self.finding(finding)));
        set("others", findings.iter().skip(1).map(|finding| self.other(finding)).collect());
        set("remedies", remedies.due.iter().map(|due| self.remedy(due)).collect());
        set(
            "failed",
            remedies
                .failed
                .iter()
                .map(|(remedy, message)| self.told("remedy", remedy.title.get(self.material.lang), *message))
                .collect(),
        );
        set("held", self.held(main));
        set("requests", self.requests(main));
        set("reminders", self.reminders(main));
        set("read", self.read());
        set("unread", self.unread());
        let short = self.material.settings.get("summary.layout") == Some("short");
        set("layout", Value::from(if short { "short" } else { "full" }));
        set("waiting", self.waiting());
        set("history", self.history());
        set("tried", self.tried(false));
        set("results", self.tried(true));
        set("unanswered", self.unanswered());
        set("analyses", self.analyses());
        set("proposed", self.proposed_causes());
        set("settled", Value::from(self.material.thread.is_some_and(|thread| thread.solved)));
        set("solved", self.solved());
        set("asked", self.asked());
        set("portal", self.material.settings.get("portal.url").map_or_else(none, Value::from));
        debug_assert_eq!(super::names::misfit(&context), None, "names.rs does not say what the context holds");
        context
    }

    fn case(&self) -> Value {
        let thread = self.material.thread;
        let settings = self.material.settings;
        let own = |key: &str, found: Option<&str>| {
            let text = settings.get(key).or(found).map(|text| self.outside(text));
            text.map_or_else(none, |text| {
                self.facts.add(key, &text, Source { message: self.scope_message(), ..Source::default() })
            })
        };
        let kbs = thread.map(|thread| thread.kbs.clone()).unwrap_or_default();
        map(vec![
            ("number", own("case.number", thread.and_then(|thread| thread.case.as_deref()))),
            ("tracking", thread.and_then(|thread| thread.tracking.clone()).map_or_else(none, Value::from)),
            ("problem", own("case.problem", thread.and_then(|thread| thread.problem.as_deref()))),
            ("product", own("case.product", thread.and_then(|thread| thread.products.first()).map(String::as_str))),
            ("kbs", kbs.into_iter().map(Value::from).collect()),
        ])
    }

    /// The message that states the problem.
    fn scope_message(&self) -> Option<u32> {
        let messages = &self.material.thread?.messages;
        let scope = messages.iter().find(|message| message.kinds.contains(&MessageKind::Scope));
        scope.or(messages.first()).map(|message| message.number)
    }

    fn references(&self, finding: &Finding) -> Vec<Reference> {
        finding.evidence.iter().map(|quote| reference(&quote.record, self.material.scan)).collect()
    }

    fn title(&self, finding: &Finding) -> String {
        let rule = self.material.rules.rules.get(finding.rule);
        rule.map(|rule| rule.title.get(self.material.lang).to_owned()).unwrap_or_default()
    }

    fn finding(&self, finding: &Finding) -> Value {
        let references = self.references(finding);
        let rule = self.material.rules.rules.get(finding.rule);
        let quoted = Quoter::mail(self.material.scan, &self.redactor).quote(&finding.evidence, rule);
        let last = self.symptoms(finding).filter_map(|symptom| symptom.last).chain(finding.last).max();
        let decided = finding.causes.iter().any(|cause| cause.status == CauseStatus::Confirmed);
        map(vec![
            ("title", self.fact("finding", &self.title(finding), references.clone())),
            ("objects", self.objects(finding, &references)),
            ("undetermined", Value::from(finding.status == Status::Undetermined)),
            ("missing", self.missing(&finding.missing)),
            ("count", Value::from(finding.count)),
            ("first", self.stamp(finding.first, &references)),
            ("last", self.stamp(last, &references)),
            ("after", self.after(last)),
            ("logs", quoted.iter().map(|quoted| self.log(quoted)).collect()),
            ("causes", finding.causes.iter().map(|cause| self.cause(finding, cause)).collect()),
            ("decided", Value::from(decided)),
            ("open", Value::from(finding.causes.iter().any(|cause| cause.status == CauseStatus::Open))),
        ])
    }

    /// The findings that a finding was read from and explains.
    fn symptoms<'f>(&'f self, finding: &'f Finding) -> impl Iterator<Item = &'f Finding> {
        let rule = self.material.rules.rules.get(finding.rule);
        let explained = rule.map(|rule| rule.explains.as_slice()).unwrap_or_default();
        let read = |other: &&Finding| explained.contains(&other.name) && !other.past.is_empty();
        self.material.diagnosis.findings.iter().filter(read)
    }

    fn other(&self, finding: &Finding) -> Value {
        map(vec![
            ("title", self.fact("finding", &self.title(finding), self.references(finding))),
            ("undetermined", Value::from(finding.status == Status::Undetermined)),
        ])
    }

    pub(super) fn stamp(&self, stamp: Option<Stamp>, references: &[Reference]) -> Value {
        let text = stamp.map(|stamp| stamp.iso().replace('T', " "));
        text.map_or_else(none, |text| self.fact("time", &text, references.to_vec()))
    }

    /// What the finding is about: files, error codes, counts that two logs agree on.
    fn objects(&self, finding: &Finding, references: &[Reference]) -> Value {
        let mut objects = Vec::new();
        let mut seen: Vec<&Typed> = Vec::new();
        let past = self.symptoms(finding).flat_map(|symptom| &symptom.past).flat_map(|past| &past.captures);
        for (name, value) in finding.captures.iter().chain(past) {
            let Some(label) = self.label(value.ty) else { continue };
            if seen.iter().any(|known| known.ty == value.ty && *known == value) {
                continue;
            }
            seen.push(value);
            let agreed = finding.corroborated.contains(name) && matches!(value.ty, Type::Int);
            if value.ty == Type::Int && !agreed {
                continue;
            }
            objects.push(map(vec![
                ("label", Value::from(label)),
                ("text", self.fact(name, &self.shown(value), references.to_vec())),
                ("agreed", Value::from(agreed)),
            ]));
        }
        Value::from(objects)
    }

    /// The files that a cause is about and the finding is not.
    fn own_objects(&self, finding: &Finding, cause: &CauseResult, references: &[Reference]) -> Value {
        let mut objects = Vec::new();
        let mut seen: Vec<&Typed> = finding.captures.iter().map(|(_, value)| value).collect();
        for (name, value) in cause.captures.iter().filter(|(_, value)| value.ty == Type::Path) {
            if !seen.contains(&value) {
                seen.push(value);
                objects.push(map(vec![
                    ("label", Value::from(self.label(value.ty))),
                    ("text", self.fact(name, &value.text, references.to_vec())),
                    ("agreed", Value::from(false)),
                ]));
            }
        }
        Value::from(objects)
    }

    fn label(&self, ty: Type) -> Option<&'static str> {
        Some(match ty {
            Type::Path => self.say("涉及的文件", "File"),
            Type::Error => self.say("错误码", "Error code"),
            Type::Package => self.say("更新包", "Package"),
            Type::Component => self.say("组件", "Component"),
            Type::Kb => self.say("更新", "Update"),
            Type::Int => self.say("数量", "Count"),
            _ => return None,
        })
    }

    /// A value as people write it: an error with its name and meaning.
    fn shown(&self, value: &Typed) -> String {
        let Some(code) = value.field("code").filter(|_| value.ty == Type::Error) else {
            return value.text.to_string();
        };
        let symbol = value.field("symbol");
        let meaning = value.meaning(self.material.lang);
        let about: Vec<&str> = symbol.as_ref().map(|symbol| &*symbol.text).into_iter().chain(meaning).collect();
        match (about.is_empty(), self.material.lang) {
            (true, _) => code.text.into(),
            (false, Lang::Zh) => format!("{}（{}）", code.text, about.join("，")),
            (false, Lang::En) => format!("{} ({})", code.text, about.join(", ")),
        }
    }

    fn log(&self, quoted: &Quoted<'_>) -> Value {
        let kind = self.material.rules.logs.get(quoted.first.log);
        let evidence = || quoted.blocks.iter().flat_map(|block| block.evidence.clone()).collect::<Vec<_>>();
        map(vec![
            ("title", self.fact("log", &headed(kind.title.get(self.material.lang)), evidence())),
            ("time", self.stamp(quoted.first.stamp, &evidence())),
            (
                "blocks",
                quoted
                    .blocks
                    .iter()
                    .map(|block| {
                        let source =
                            Source { class: Class::Quotation, evidence: block.evidence.clone(), ..Source::default() };
                        self.facts.add("evidence", &block.text, source)
                    })
                    .chain((quoted.left_out > 0).then(|| Value::from(left_out(quoted.left_out, self.material.lang))))
                    .collect(),
            ),
        ])
    }

    fn missing(&self, missing: &[Missing]) -> Value {
        let mut titles: Vec<&str> =
            missing.iter().map(|lack| self.material.rules.logs.get(lack.log).title.get(self.material.lang)).collect();
        titles.dedup();
        titles.into_iter().map(Value::from).collect()
    }

    fn cause(&self, finding: &Finding, cause: &CauseResult) -> Value {
        let rule = self.material.rules.rules.get(finding.rule);
        let own = rule.and_then(|rule| rule.causes.iter().find(|own| own.id == cause.id));
        let title = own.map_or("", |own| own.title.get(self.material.lang));
        let mut references: Vec<Reference> =
            cause.evidence.iter().map(|quote| reference(&quote.record, self.material.scan)).collect();
        if references.is_empty() {
            references = self.references(finding);
        }
        let quoted = Quoter::mail(self.material.scan, &self.redactor).quote(&cause.evidence, rule);
        map(vec![
            ("title", self.fact(&cause.id, title, references.clone())),
            ("revised", self.revised(finding, cause)),
            ("confirmed", Value::from(cause.status == CauseStatus::Confirmed)),
            ("excluded", Value::from(cause.status == CauseStatus::Excluded)),
            ("solved", Value::from(self.solved_by(finding, cause))),
            ("missing", self.missing(&cause.missing)),
            ("objects", self.own_objects(finding, cause, &references)),
            ("logs", quoted.iter().map(|quoted| self.log(quoted)).collect()),
        ])
    }

    fn read(&self) -> Value {
        let sources = self.material.scan.sources.iter().filter(|source| source.log.is_some() && !source.excerpt);
        let one = |source: &crate::scan::Source| {
            let kind = source.log.map(|log| self.material.rules.logs.get(log));
            let place = Reference { source: source.path.clone(), line: 1 };
            map(vec![
                ("title", Value::from(kind.map_or("", |kind| kind.title.get(self.material.lang)))),
                ("path", self.fact("source", &source.path, vec![place.clone()])),
                ("first", self.stamp(source.first, std::slice::from_ref(&place))),
                ("last", self.stamp(source.last, &[place])),
            ])
        };
        sources.map(one).collect()
    }

    fn unread(&self) -> Value {
        let one = |problem: &crate::bundle::Problem| {
            let place = Reference { source: problem.source.clone(), line: 0 };
            map(vec![
                ("place", self.fact("source", &problem.source, vec![place])),
                ("why", Value::from(self.outside(problem.message.get(self.material.lang)))),
            ])
        };
        self.material.scan.problems.iter().map(one).collect()
    }
}
