//! What to look for in each log kind: a filter over the phrases of all rules, and what each stands for.

use std::sync::OnceLock;

use crate::bundle::lines_unlike_utf8;
use crate::logs::{Framing, LogKindId};
use crate::rule::{EvidenceId, RuleSet};

use super::Wanted;
use super::filter::{Background, Chooser, Filter, Phrase};
use super::glance::Glance;
use super::needs::Need;
use super::select::Select;

/// What to look for, by log kind.
pub(super) struct Plan<'r> {
    rules: &'r RuleSet,
    /// Made when the first log of the kind comes.
    kinds: Vec<OnceLock<KindPlan>>,
    /// Look for nothing.
    nothing: bool,
}

/// What to look for in one log kind.
#[derive(Default)]
pub(super) struct KindPlan {
    /// Finds every phrase; `None` where there is none.
    filter: Option<Filter>,
    /// The evidence that the phrase with each number stands for; `None` for a mark of the kind.
    targets: Vec<Option<usize>>,
    /// Evidence that is looked for by what is not ASCII; `None` for a mark.
    foreign: Vec<Option<usize>>,
    /// Evidence: rule and position.
    pub(super) evidence: Vec<(usize, usize)>,
    /// Whether hits of the evidence at the same position have to be asked whether they are of use, where that was asked for.
    asked: Vec<OnceLock<bool>>,
    /// What is asked of the hits of the evidence at the same position.
    needs: Vec<OnceLock<Need>>,
    /// Whether another rule reads the finding of the rule at a position.
    read: OnceLock<Vec<bool>>,
    /// Positions in `evidence` that have no literal: every record is tried.
    pub(super) always: Vec<usize>,
    /// Which evidence a record of a reader is tried with.
    pub(super) select: Select,
}

/// A place in a text where something may be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sight {
    place: u32,
    target: u32,
}

impl Sight {
    /// Chunks are far from 4 GiB, and so is what is known of evidence from four thousand million pieces.
    fn new(place: usize, target: Option<usize>) -> Sight {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Sight { place: number(place), target: target.map_or(u32::MAX, number) }
    }

    pub(super) fn place(self) -> usize {
        self.place as usize
    }

    /// The evidence; `None` for a mark of the kind.
    pub(super) fn target(self) -> Option<usize> {
        (self.target < u32::MAX).then_some(self.target as usize)
    }
}

impl<'r> Plan<'r> {
    pub(super) fn new(rules: &'r RuleSet) -> Self {
        Plan { rules, kinds: rules.logs.iter().map(|_| OnceLock::new()).collect(), nothing: false }
    }

    /// Looks for nothing: sources are told by their first and last stamps alone.
    pub(super) fn nothing(rules: &'r RuleSet) -> Self {
        Plan { nothing: true, ..Plan::new(rules) }
    }

    /// What to look for in logs of a kind; the beginning of the first one tells what is rare in them.
    pub(super) fn kind(&self, log: LogKindId, sample: impl FnOnce() -> Vec<u8>) -> &KindPlan {
        let background = || Background::new(&sample());
        let make = || if self.nothing { KindPlan::default() } else { KindPlan::new(log, self.rules, background) };
        self.kinds[log.place()].get_or_init(make)
    }
}

impl KindPlan {
    fn new(log: LogKindId, rules: &RuleSet, background: impl FnOnce() -> Background) -> KindPlan {
        let mut plan = KindPlan::default();
        let kind = rules.logs.get(log);
        let mut phrases: Vec<(Phrase, Option<usize>)> = Vec::new();
        let sought = rules.rules.sought(log);
        plan.evidence = sought.iter().map(|own| (own.rule, own.evidence.0)).collect();
        plan.asked.resize_with(plan.evidence.len(), OnceLock::new);
        plan.needs.resize_with(plan.evidence.len(), OnceLock::new);
        if matches!(kind.framing, Framing::Reader(_)) {
            let evidence = |(rule, at): &(usize, usize)| &rules.rules[*rule].evidence[*at];
            plan.select = Select::new(plan.evidence.iter().map(evidence).enumerate());
            return plan;
        }
        if plan.evidence.is_empty() {
            return plan;
        }
        let background = &background();
        let mut chooser = Chooser::new(background);
        for (number, own) in sought.into_iter().enumerate() {
            // A phrase for each way; where one way has none, every record is tried.
            let ways = own.ways.into_iter().map(|literals| chooser.cheapest(literals));
            match ways.collect::<Option<Vec<Phrase>>>() {
                Some(own) => phrases.extend(own.into_iter().map(|phrase| (phrase, Some(number)))),
                None => plan.always.push(number),
            }
        }
        // Marks of attempts stand all over a log, and few rules ask for them.
        for mark in kind.marks(rules.rules.ask_for_attempts()) {
            match chooser.cheapest(mark.literals()) {
                Some(phrase) => phrases.push((phrase, None)),
                // A mark that cannot be searched for is found only by framing everything.
                None => plan.always.extend(plan.always.is_empty().then_some(0)),
            }
        }
        // Of what stands at one place, a mark is told first.
        phrases.sort_by_key(|(_, target)| target.is_some());
        let foreign = phrases.iter().filter(|(phrase, _)| !phrase.is_ascii());
        plan.foreign = foreign.map(|(_, target)| *target).collect();
        let (phrases, targets) = phrases.into_iter().unzip();
        plan.filter = Some(Filter::new(phrases, background));
        plan.targets = targets;
        plan
    }

    /// Whether hits of the evidence at a position have to be asked whether they are of use; `ask` tells it, once.
    pub(super) fn asks(&self, number: usize, ask: impl FnOnce() -> bool) -> bool {
        self.asked.get(number).is_none_or(|asked| *asked.get_or_init(ask))
    }

    /// What is asked of the hits of the evidence at a position.
    pub(super) fn need(&self, number: usize, rules: &RuleSet, wanted: Wanted) -> Need {
        let Some((own, (rule, at))) = self.needs.get(number).zip(self.evidence.get(number)) else { return Need::All };
        *own.get_or_init(|| match self.read.get_or_init(|| rules.rules.are_read()).get(*rule) {
            Some(false) => (wanted.needs)(rules, *rule, EvidenceId(*at)),
            _ => Need::All,
        })
    }

    /// Whether every record has to be framed.
    pub(super) fn frames_all(&self) -> bool {
        !self.always.is_empty()
    }

    /// Places in `text` where evidence or a mark may be found, ascending, with the evidence that each stands for; and what
    /// there is to see of the text besides.
    pub(super) fn look(&self, text: &[u8]) -> (Glance, Vec<Sight>) {
        let Some(filter) = &self.filter else {
            return (Glance::new(text), Vec::new());
        };
        let mut found = Vec::new();
        let see =
            &mut |place, phrase: usize| found.push(Sight::new(place, self.targets.get(phrase).copied().flatten()));
        let glance = filter.find(text, see);
        if !self.foreign.is_empty() && glance.unlike_utf8 {
            self.in_other_encodings(text, &mut found);
            found.sort_unstable();
        }
        (glance, found)
    }

    /// What is not ASCII stands there in other bytes where a line is no UTF-8: every such line may hold it.
    fn in_other_encodings(&self, text: &[u8], found: &mut Vec<Sight>) {
        for begin in lines_unlike_utf8(text) {
            found.extend(self.foreign.iter().map(|target| Sight::new(begin, *target)));
        }
    }
}
