//! A condition in words, for who does not read the language: a tree of short phrases, the evidence at its leaves.

use serde::Serialize;

use crate::lang::Lang;
use crate::rule::{Condition, EvidenceId, Filter, Scope, Step, Window};

use super::code::{CodeView, filter_codes};
use super::view::{EvidenceView, Link, RuleContext};

/// A condition said in words.
#[derive(Debug, Default, Serialize)]
pub(super) struct Said {
    /// How it follows what stands before it in a sequence.
    pub(super) lead: String,
    /// What its parts have to do; empty for a leaf.
    pub(super) text: String,
    /// The evidence, at a leaf.
    pub(super) evidence: Option<EvidenceView>,
    /// The rule whose finding it is.
    pub(super) rule: Option<Link>,
    /// Its filter, as written.
    pub(super) filters: Vec<String>,
    /// The error codes of its filter, with what they mean.
    pub(super) codes: Vec<CodeView>,
    /// Whether the parts come in this order.
    pub(super) ordered: bool,
    /// What it is made of.
    pub(super) parts: Vec<Said>,
}

/// Says a condition of a rule.
pub(super) fn said(context: &RuleContext<'_>, condition: &Condition) -> Said {
    Words { context, lang: context.lang }.said(condition)
}

struct Words<'a> {
    context: &'a RuleContext<'a>,
    lang: Lang,
}

impl Words<'_> {
    fn say(&self, zh: &str, en: &str) -> String {
        if self.lang == Lang::Zh { zh } else { en }.to_owned()
    }

    fn group(&self, text: String, parts: &[Condition]) -> Said {
        Said { text, parts: parts.iter().map(|part| self.said(part)).collect(), ..Said::default() }
    }

    fn said(&self, condition: &Condition) -> Said {
        match condition {
            Condition::Evidence(id) => self.leaf(*id),
            // One part by itself needs no "all of".
            Condition::All(parts) | Condition::Any(parts) if parts.len() == 1 => self.said(&parts[0]),
            Condition::All(parts) => self.group(self.say("同时满足：", "all of these:"), parts),
            Condition::Any(parts) => self.group(self.say("满足其中之一：", "one of these:"), parts),
            Condition::Not(part) => self.one(self.say("没有：", "not:"), part),
            Condition::Then { first, steps } => self.sequence(first, steps),
            Condition::Within { condition, window } => {
                let text = self.say(
                    &format!("全部在 {} 之内：", self.length(*window)),
                    &format!("all within {}:", self.length(*window)),
                );
                self.one(text, condition)
            }
            Condition::Where { condition, filter } => {
                let mut said = self.said(condition);
                self.filter(filter, &mut said);
                said
            }
            Condition::InOne { scope, condition } => {
                let text = match scope {
                    Scope::Section => self.say("在日志的同一节内：", "in one section of the log:"),
                    Scope::Attempt => self.say("在同一次尝试内：", "in one attempt:"),
                };
                self.one(text, condition)
            }
            Condition::Finding { rule, .. } => self.finding(rule),
            _ => self.counted(condition),
        }
    }

    fn counted(&self, condition: &Condition) -> Said {
        let lasting = |window: &Option<Window>, zh: &str, en: &str| {
            window.map_or_else(String::new, |window| self.say(zh, en).replace("{}", &self.length(window)))
        };
        match condition {
            Condition::AtLeast { count, condition, window } => {
                let window = lasting(window, "（{} 之内）", " within {}");
                let text =
                    self.say(&format!("至少出现 {count} 次{window}："), &format!("at least {count} times{window}:"));
                self.one(text, condition)
            }
            Condition::AtLeastOf { count, conditions, window } => {
                let window = lasting(window, "（{} 之内）", " within {}");
                let text = self
                    .say(&format!("至少有其中 {count} 项{window}："), &format!("at least {count} of these{window}:"));
                self.group(text, conditions)
            }
            Condition::Near { left, right, window } => {
                let length = self.length(*window);
                let text = self.say(
                    &format!("先后不论，相隔不超过 {length}："),
                    &format!("in either order, no more than {length} apart:"),
                );
                let parts = vec![self.said(left), self.said(right)];
                Said { text, parts, ..Said::default() }
            }
            Condition::LastBefore { what, before } => {
                self.pair((what, &self.say("最近的一次", "the last")), (before, &self.say("在它之前", "before")))
            }
            Condition::FirstAfter { what, after } => {
                self.pair((what, &self.say("最早的一次", "the first")), (after, &self.say("在它之后", "after")))
            }
            _ => Said::default(),
        }
    }

    /// Two conditions, each with a word before it.
    fn pair(&self, (what, first): (&Condition, &str), (other, second): (&Condition, &str)) -> Said {
        let lead = |condition, lead: &str| Said { lead: lead.to_owned(), ..self.said(condition) };
        let text = self.say("两者相邻：", "next to each other:");
        Said { text, parts: vec![lead(what, first), lead(other, second)], ..Said::default() }
    }

    fn one(&self, text: String, part: &Condition) -> Said {
        Said { text, parts: vec![self.said(part)], ..Said::default() }
    }

    fn sequence(&self, first: &Condition, steps: &[Step]) -> Said {
        let mut parts = vec![self.said(first)];
        for step in steps {
            let lead = match (step.negated, step.within) {
                (false, Some(window)) => {
                    self.say("其后 {} 之内", "then, within {}").replace("{}", &self.length(window))
                }
                (false, None) => self.say("其后", "then"),
                (true, Some(window)) => {
                    self.say("其后 {} 之内没有", "then, within {}, not").replace("{}", &self.length(window))
                }
                (true, None) => self.say("其后没有", "then not"),
            };
            parts.push(Said { lead, ..self.said(&step.condition) });
        }
        Said { text: self.say("依次出现：", "one after the other:"), ordered: true, parts, ..Said::default() }
    }

    fn leaf(&self, id: EvidenceId) -> Said {
        Said { evidence: self.context.evidence(id), ..Said::default() }
    }

    fn finding(&self, name: &str) -> Said {
        let text = self.say("已有这项结论：", "there is this finding:");
        Said { text, rule: Some(self.context.rule_link(name)), ..Said::default() }
    }

    fn filter(&self, filter: &Filter, said: &mut Said) {
        said.filters.push(self.context.rule.filter_text(filter));
        for code in filter_codes(filter) {
            if !said.codes.iter().any(|known| known.code == code) {
                said.codes.extend(CodeView::of(&code, self.lang));
            }
        }
    }

    /// A window as people say it.
    fn length(&self, window: Window) -> String {
        const UNITS: [(&str, &str, &str); 7] = [
            ("ns", "纳秒", "ns"),
            ("us", "微秒", "µs"),
            ("ms", "毫秒", "ms"),
            ("s", "秒", "s"),
            ("m", "分钟", "min"),
            ("h", "小时", "h"),
            ("d", "天", "d"),
        ];
        let written = window.to_string();
        let digits = written.trim_end_matches(|char: char| char.is_ascii_alphabetic());
        let unit = UNITS.iter().find(|(unit, ..)| *unit == &written[digits.len()..]);
        unit.map_or(written.clone(), |(_, zh, en)| format!("{digits} {}", self.say(zh, en)))
    }
}
