//! What to look for in each log kind: an automaton over the literals of all rules, and what each literal stands for.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::logs::{Framing, LogKindId};
use crate::rule::{Evidence, RuleSet};

/// What to look for, by log kind.
pub(super) struct Plan {
    kinds: Vec<KindPlan>,
}

/// What to look for in one log kind.
#[derive(Default)]
pub(super) struct KindPlan {
    /// Finds every literal; `None` where there is none.
    automaton: Option<AhoCorasick>,
    /// What the literal with each number stands for.
    targets: Vec<Vec<usize>>,
    /// Evidence: rule and position.
    pub(super) evidence: Vec<(usize, usize)>,
    /// Positions in `evidence` that have no literal: every record is tried.
    pub(super) always: Vec<usize>,
}

impl Plan {
    pub(super) fn new(rules: &RuleSet) -> Plan {
        Plan { kinds: rules.logs.iter().map(|(log, _)| KindPlan::new(log, rules)).collect() }
    }

    /// Looks for nothing: sources are told by their first and last stamps alone.
    pub(super) fn nothing(rules: &RuleSet) -> Plan {
        Plan { kinds: rules.logs.iter().map(|_| KindPlan::default()).collect() }
    }

    pub(super) fn kind(&self, log: LogKindId) -> &KindPlan {
        &self.kinds[log.0]
    }
}

impl KindPlan {
    fn new(log: LogKindId, rules: &RuleSet) -> KindPlan {
        let mut plan = KindPlan::default();
        let mut literals: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (rule_at, rule) in rules.rules.iter().enumerate() {
            for (at, evidence) in rule.evidence.iter().enumerate() {
                if !evidence.logs.contains(&log) {
                    continue;
                }
                let number = plan.evidence.len();
                plan.evidence.push((rule_at, at));
                match literals_of(evidence) {
                    Some(own) => {
                        for literal in own {
                            literals.entry(literal.to_ascii_lowercase()).or_default().push(number);
                        }
                    }
                    None => plan.always.push(number),
                }
            }
        }
        if matches!(rules.logs.get(log).framing, Framing::Reader(_)) {
            // What a reader gives is tried with everything.
            plan.always = (0..plan.evidence.len()).collect();
            return plan;
        }
        if plan.evidence.is_empty() {
            return plan;
        }
        for mark in rules.logs.get(log).marks() {
            match mark.required_literal() {
                Some(literal) => drop(literals.entry(literal.to_ascii_lowercase()).or_default()),
                // A mark that cannot be searched for is found only by framing everything.
                None => plan.always.extend(plan.always.is_empty().then_some(0)),
            }
        }
        let (patterns, targets): (Vec<String>, Vec<Vec<usize>>) = literals.into_iter().unzip();
        plan.automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns)
            .ok();
        plan.targets = targets;
        plan
    }

    /// Whether every record has to be framed.
    pub(super) fn frames_all(&self) -> bool {
        !self.always.is_empty()
    }

    /// Places in `text` where a literal stands, ascending, with the evidence that each stands for.
    pub(super) fn candidates(&self, text: &[u8]) -> Vec<(usize, &[usize])> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let mut found: Vec<(usize, &[usize])> = automaton
            .find_overlapping_iter(text)
            .map(|found| (found.start(), self.targets[found.pattern().as_usize()].as_slice()))
            .collect();
        found.sort_by_key(|(place, _)| *place);
        found
    }
}

/// A literal for each way a piece of evidence can match; `None` where one way has none.
fn literals_of(evidence: &Evidence) -> Option<Vec<&str>> {
    if !evidence.lines.is_empty() {
        return evidence.lines.iter().map(|line| line.pattern.required_literal()).collect();
    }
    // All fields must match, so one literal of any of them is enough: the longest.
    let literals = evidence.fields.iter().filter_map(|(_, field)| field.pattern.required_literal());
    literals.max_by_key(|literal| literal.len()).map(|literal| vec![literal])
}
