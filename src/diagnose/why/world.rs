//! What an explanation asks of the evaluator, in one place: the truth of a condition given what is bound around it.
//!
//! Everything else in this folder reads hits, stamps and filters; only here are attempts made.

use std::sync::Arc;

use crate::logs::{LogKindId, Record};
use crate::rule::{CaptureId, Condition, EvidenceId, Filter, Rule, RuleSet};
use crate::scan::{Hit, Scan};
use crate::value::Value;

use super::super::env::Env;
use super::super::occurrence::attempt;
use super::super::solve::Solver;
use super::super::timeline::{Order, Timeline};
use super::super::truth::Truth;
use super::super::{Finding, Missing, Reason, filter};

/// A rule with the hits, findings and clocks it is judged by.
pub(super) struct World<'a> {
    pub(super) index: usize,
    pub(super) rule: &'a Rule,
    pub(super) rules: &'a RuleSet,
    pub(super) scan: &'a Scan,
    pub(super) findings: &'a [Finding],
    pub(super) timeline: Timeline<'a>,
    /// The names that findings go by in the rule: index into the findings.
    aliases: Vec<(&'a str, usize)>,
}

/// Which hit each piece of evidence is bound to, in the order they were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) hits: Vec<(EvidenceId, usize)>,
}

/// What the evaluator says of a condition.
pub(super) struct Judged {
    pub(super) truth: Truth,
    /// The bindings that it settled on, where there are any.
    pub(super) bound: Option<Bound>,
    /// Why it is undetermined.
    pub(super) missing: Vec<Missing>,
}

/// Values by capture.
pub(super) type Captures = Vec<Option<Value>>;

impl Bound {
    /// The hit that a piece of evidence is bound to first.
    pub(super) fn of(&self, id: EvidenceId) -> Option<usize> {
        self.hits.iter().find(|(bound, _)| *bound == id).map(|(_, at)| *at)
    }

    pub(super) fn and(&self, id: EvidenceId, at: usize) -> Bound {
        let mut bound = self.clone();
        bound.hits.push((id, at));
        bound
    }

    /// Without the evidence of `ids`.
    pub(super) fn without(&self, ids: &[EvidenceId]) -> Bound {
        Bound { hits: self.hits.iter().filter(|(id, _)| !ids.contains(id)).copied().collect() }
    }
}

impl<'a> World<'a> {
    pub(super) fn new(
        index: usize,
        rules: &'a RuleSet,
        scan: &'a Scan,
        findings: &'a [Finding],
        utc_offset: Option<i32>,
    ) -> World<'a> {
        let rule = &rules.rules[index];
        let mut aliases = Vec::new();
        for condition in rule.causes.iter().filter_map(|cause| cause.when.as_ref()).chain([&rule.signature]) {
            condition.visit(&mut |part| {
                if let Condition::Finding { rule, alias: Some(alias) } = part {
                    let at = findings.iter().position(|finding| finding.name == *rule);
                    aliases.extend(at.map(|at| (alias.as_str(), at)));
                }
            });
        }
        World { index, rule, rules, scan, findings, timeline: Timeline::new(scan, rules, utc_offset), aliases }
    }

    /// The truth of `condition` when `bound` is bound.
    pub(super) fn truth_of(&self, condition: &Condition, bound: &Bound) -> Judged {
        let solver = Solver::new(self.index, self.rules, self.scan, &self.timeline, self.findings);
        let captures = self.captures(bound);
        let mut start = self.env(&captures, bound);
        let mut own = Vec::new();
        condition.visit(&mut |part| {
            if let Condition::Finding { alias: Some(alias), .. } = part {
                own.push(alias.as_str());
            }
        });
        // A finding inside the condition is read anew, each of its occurrences in turn.
        start.aliases.retain(|(alias, _)| !own.contains(alias));
        let parts: Vec<&Condition> = match condition {
            Condition::All(parts) => parts.iter().collect(),
            other => vec![other],
        };
        let (truth, env) = attempt(&solver, &parts, &start);
        let missing = env.as_ref().filter(|_| truth == Truth::Unknown).map(|env| env.missing.clone());
        let bound = env.map(|env| self.bound(env.hits.iter().copied()));
        Judged { truth, bound, missing: missing.unwrap_or_default() }
    }

    /// The truth of a filter over captures, as far as they are bound.
    pub(super) fn filter_truth(&self, filter: &Filter, captures: &Captures) -> Truth {
        filter::holds(filter, &self.env(captures, &Bound::default()), self.findings)
    }

    fn env<'e>(&self, captures: &'e Captures, bound: &Bound) -> Env<'e>
    where
        'a: 'e,
    {
        let mut env = Env::new(self.rule.captures.len());
        env.captures = captures.iter().map(Option::as_ref).collect();
        env.hits = bound.hits.iter().map(|(id, at)| (*id, self.record(*id, *at))).collect();
        // Of a finding's occurrences the quoted one.
        env.aliases = self.aliases.iter().map(|(alias, at)| (*alias, (*at, None))).collect();
        env
    }

    /// Why a log's silence is no answer, whatever the time.
    pub(super) fn gap(&self, log: LogKindId) -> Option<Reason> {
        self.timeline.gap(log).map(|missing| missing.reason)
    }

    pub(super) fn hits(&self, id: EvidenceId) -> &'a [Hit] {
        self.scan.hits(self.index, id)
    }

    pub(super) fn record(&self, id: EvidenceId, at: usize) -> &'a Arc<Record> {
        &self.hits(id)[at].record
    }

    /// The hits that quote these records.
    pub(super) fn bound<'r>(&self, quoted: impl Iterator<Item = (EvidenceId, &'r Arc<Record>)>) -> Bound {
        let find = |(id, record): (EvidenceId, &Arc<Record>)| {
            let at = self.hits(id).iter().position(|hit| hit.record.origin == record.origin)?;
            Some((id, at))
        };
        Bound { hits: quoted.filter_map(find).collect() }
    }

    /// What is captured when `bound` is bound; the first binding of a name stays.
    pub(super) fn captures(&self, bound: &Bound) -> Captures {
        let mut captures = vec![None; self.rule.captures.len()];
        for (id, at) in &bound.hits {
            self.add(&mut captures, *id, *at);
        }
        captures
    }

    pub(super) fn add(&self, captures: &mut Captures, id: EvidenceId, at: usize) {
        for (capture, value) in &self.hits(id)[at].captures {
            captures[capture.0].get_or_insert_with(|| value.clone());
        }
    }

    /// Whether `b` may come after `a`: strictly in one kind of log, not certainly before across kinds; `None` where the
    /// clocks cannot say.
    pub(super) fn follows(&self, a: &Record, b: &Record) -> Option<bool> {
        match self.timeline.order(a, b) {
            Order::Before => Some(true),
            Order::After => Some(false),
            Order::Together => Some(a.log != b.log),
            Order::Unknown => None,
        }
    }

    /// Time from `a` to `b`, in nanoseconds.
    pub(super) fn distance(&self, a: &Record, b: &Record) -> Option<i64> {
        self.timeline.distance(a, b)
    }

    pub(super) fn place(&self, record: &Record) -> String {
        self.scan.place(record)
    }

    pub(super) fn evidence_name(&self, id: EvidenceId) -> &'a str {
        &self.rule.evidence[id.0].name
    }

    /// A capture of another rule's finding.
    pub(super) fn finding_capture(&self, alias: &str, capture: &str) -> Option<&'a Value> {
        let (_, at) = self.aliases.iter().find(|(name, _)| *name == alias)?;
        let captures = &self.findings.get(*at)?.captures;
        captures.iter().find(|(name, _)| name == capture).map(|(_, value)| value)
    }
}

/// The capture by which a hit contradicts what is captured, if one does.
pub(super) fn contradiction(captures: &Captures, hit: &Hit) -> Option<CaptureId> {
    let differs =
        |(capture, value): &&(CaptureId, Value)| captures[capture.0].as_ref().is_some_and(|bound| bound != value);
    hit.captures.iter().find(differs).map(|(capture, _)| *capture)
}
