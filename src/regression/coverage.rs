//! What of a rule its tests reach: every piece of evidence has a hit in one of them, every cause is confirmed in one,
//! every operand holds in one and does not hold in another; and every collection is asked for, by a finding of a test or
//! in the mails of one.
//!
//! Whether a condition holds is what `why` says of it, so that coverage and explanation never differ.

use crate::diagnose::CauseStatus;
use crate::diagnose::why::{Node, Verdict, Why};
use crate::diagnostic::Code;
use crate::knowledge_base::KnowledgeBase;
use crate::lang::Localized;
use crate::rule::{Condition, Rule};
use crate::source::Span;

use super::order::Order;
use super::place::{self, Part, Place, Places};
use super::trial::{Bundles, Trial};

/// What the tests of a knowledge base reach.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// By rule.
    pub rules: Vec<RuleCoverage>,
    /// Its own collections, and whether a test asks for each. Only where all of its rules were looked at.
    pub collections: Vec<(String, bool)>,
    /// Texts that are still to be written: of rules those of the rules looked at, others only where all were.
    pub unwritten: Vec<Place>,
}

impl Coverage {
    /// Things to reach, and how many are reached.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let sum = |count: fn(&RuleCoverage) -> usize| self.rules.iter().map(count).sum::<usize>();
        let asked = self.collections.len() - self.idle().count();
        (sum(|rule| rule.points) + self.collections.len(), sum(|rule| rule.points - rule.missed()) + asked)
    }

    /// The collections that no test asks for.
    pub fn idle(&self) -> impl Iterator<Item = &str> {
        self.collections.iter().filter(|(_, asked)| !asked).map(|(name, _)| name.as_str())
    }

    /// Whether every rule has a positive test and a near miss, all of it is reached, every collection is asked for, and
    /// no text is still to be written.
    #[must_use]
    pub fn full(&self) -> bool {
        let reached = self.rules.iter().all(|rule| rule.gaps.is_empty()) && self.idle().next().is_none();
        reached && self.unwritten.is_empty()
    }
}

/// What the tests of one rule reach.
#[derive(Clone, Debug)]
pub struct RuleCoverage {
    /// The rule.
    pub rule: String,
    /// Things to reach.
    pub points: usize,
    /// What is not reached.
    pub gaps: Vec<Gap>,
}

impl RuleCoverage {
    /// Things that are not reached; the tests that are asked for are none of them.
    fn missed(&self) -> usize {
        self.gaps.iter().filter(|gap| !matches!(gap.kind, GapKind::Positive | GapKind::NearMiss)).count()
    }
}

/// What a gap is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapKind {
    /// No test in which the rule holds.
    Positive,
    /// No test of a log of its kinds in which it does not.
    NearMiss,
    /// A piece of evidence without a hit.
    Evidence,
    /// A cause that is never confirmed.
    Cause,
    /// A condition that never holds.
    NeverTrue,
    /// A condition that never does not hold.
    AlwaysTrue,
}

impl GapKind {
    /// The word of the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            GapKind::Positive => "positive",
            GapKind::NearMiss => "near-miss",
            GapKind::Evidence => "evidence",
            GapKind::Cause => "cause",
            GapKind::NeverTrue => "never-true",
            GapKind::AlwaysTrue => "always-true",
        }
    }
}

/// Something that no test reaches.
#[derive(Clone, Debug)]
pub struct Gap {
    /// What it is.
    pub kind: GapKind,
    /// Of which part of the rule; empty for the whole.
    pub part: String,
    /// The condition, as its author could have written it; empty where there is none.
    pub text: String,
    /// Where it stands.
    pub place: Option<Place>,
}

impl Gap {
    /// What is missing, in words.
    #[must_use]
    pub fn say(&self) -> Localized {
        let Gap { part, text, .. } = self;
        match self.kind {
            GapKind::Positive => Localized::new("没有规则成立的测试", "no test in which the rule holds"),
            GapKind::NearMiss => Localized::new(
                "没有规则不成立的测试（其日志种类在场）",
                "no test with a log of its kinds in which the rule does not hold",
            ),
            GapKind::Evidence => {
                Localized::new(format!("{part}：没有测试命中"), format!("{part}: no test has a hit of it"))
            }
            GapKind::Cause => Localized::new(format!("{part}：没有测试确认"), format!("{part}: no test confirms it")),
            GapKind::NeverTrue => Localized::new(
                format!("{part}：没有测试使 `{text}` 成立"),
                format!("{part}: `{text}` holds in no test"),
            ),
            GapKind::AlwaysTrue => Localized::new(
                format!("{part}：没有测试使 `{text}` 不成立"),
                format!("{part}: there is no test in which `{text}` does not hold"),
            ),
        }
    }
}

/// A condition of a rule, and what the tests saw of it.
struct Point {
    part: Part,
    text: String,
    span: Option<Span>,
    /// Whether it must be seen not to hold as well.
    both: bool,
    held: bool,
    failed: bool,
}

/// What the tests of some rules reach; `whole`: they are all there are.
pub(super) fn run(base: &KnowledgeBase, rules: &[&Rule], bundles: &Bundles, order: &Order, whole: bool) -> Coverage {
    let places = Places::new(base);
    let each = order.run(rules, |rule| {
        let trials = bundles.trials(base, rule);
        let requests = trials.iter().flat_map(|trial| &trial.diagnosis().requests);
        let asked: Vec<String> = requests.map(|request| request.collection.clone()).collect();
        (of_rule(rule, &trials, &places), asked)
    });
    let unwritten = unwritten(base, rules, &places, whole);
    let (rules, asked): (Vec<RuleCoverage>, Vec<Vec<String>>) = each.into_iter().unzip();
    let asked = |name: &String| asked.iter().flatten().any(|it| it == name) || bundles.asks_for(name);
    let own = base.own_collections.iter().filter(|_| whole);
    Coverage { rules, collections: own.map(|name| (name.clone(), asked(name))).collect(), unwritten }
}

/// Where texts are still to be written, as `check` says it.
fn unwritten(base: &KnowledgeBase, rules: &[&Rule], places: &Places<'_>, whole: bool) -> Vec<Place> {
    let found = base.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::UNWRITTEN_TEXT);
    let wanted = |span: Span| {
        let above = places.above(span);
        above.map_or(whole, |name| rules.iter().any(|rule| rule.name == name))
    };
    found.filter(|it| wanted(it.span)).filter_map(|it| places.place("", Some(it.span))).collect()
}

/// What the tests of a rule reach.
fn of_rule(rule: &Rule, trials: &[Trial<'_>], places: &Places<'_>) -> RuleCoverage {
    let mut points = points(rule, places);
    for trial in trials.iter().filter(|trial| trial.passes()) {
        see(rule, &trial.why(), trial.finding().is_some(), &mut points);
    }
    let mut gaps = wanted_tests(rule, trials, places);
    let gap = |kind, part: Part, text: &str, span| {
        let place = places.place(&rule.name, span);
        Gap { kind, part: part.name(rule), text: text.to_owned(), place }
    };
    for at in 0..rule.evidence.len() {
        if !trials.iter().any(|trial| trial.has_hit(at)) {
            let part = Part::Evidence(at);
            gaps.push(gap(GapKind::Evidence, part, "", places.head(&rule.name, part)));
        }
    }
    // A cause without a condition can never be confirmed.
    let caused: Vec<usize> = (0..rule.causes.len()).filter(|at| rule.causes[*at].when.is_some()).collect();
    for at in &caused {
        let confirmed = |trial: &Trial<'_>| {
            let cause = trial.finding().and_then(|finding| finding.causes.get(*at));
            cause.is_some_and(|cause| cause.status == CauseStatus::Confirmed)
        };
        if !trials.iter().any(confirmed) {
            let part = Part::Cause(*at);
            gaps.push(gap(GapKind::Cause, part, "", places.head(&rule.name, part)));
        }
    }
    for point in &points {
        if !point.held {
            gaps.push(gap(GapKind::NeverTrue, point.part, &point.text, point.span));
        }
        if point.both && !point.failed {
            gaps.push(gap(GapKind::AlwaysTrue, point.part, &point.text, point.span));
        }
    }
    let all = points.iter().map(|point| if point.both { 2 } else { 1 }).sum::<usize>();
    RuleCoverage { rule: rule.name.clone(), points: all + rule.evidence.len() + caused.len(), gaps }
}

/// A positive test and a near miss, where there is none.
fn wanted_tests(rule: &Rule, trials: &[Trial<'_>], places: &Places<'_>) -> Vec<Gap> {
    let mut named = Vec::new();
    let mut waiting = vec![&rule.signature];
    while let Some(condition) = waiting.pop() {
        if let Condition::Evidence(id) = condition {
            named.push(*id);
        }
        waiting.extend(condition.children());
    }
    let passing = || trials.iter().filter(|trial| trial.passes());
    let near =
        |trial: &Trial<'_>| trial.expects_none() && (named.is_empty() || named.iter().any(|id| trial.has_log_of(*id)));
    let place = || places.place(&rule.name, None);
    let gap = |kind| Gap { kind, part: String::new(), text: String::new(), place: place() };
    let mut gaps = Vec::new();
    if !passing().any(Trial::confirmed) {
        gaps.push(gap(GapKind::Positive));
    }
    if !passing().any(near) {
        gaps.push(gap(GapKind::NearMiss));
    }
    gaps
}

/// The parts of a rule that have conditions.
fn parts(rule: &Rule) -> impl Iterator<Item = Part> {
    std::iter::once(Part::Signature).chain((0..rule.causes.len()).map(Part::Cause))
}

/// Every condition of a rule, outside first, in the order written.
fn points(rule: &Rule, places: &Places<'_>) -> Vec<Point> {
    let mut points = Vec::new();
    for part in parts(rule) {
        let Some(condition) = part.condition(rule) else { continue };
        let expr = places.expr(&rule.name, part);
        walk(condition, &mut Vec::new(), true, &mut |condition, path, both| {
            let span = expr.map(|expr| place::at(expr, path).span);
            points.push(Point { part, text: rule.condition_text(condition), span, both, held: false, failed: false });
        });
    }
    points
}

/// Calls `see` for a condition and all inside it. What only stands in a window, a scope, a count or in front of a `where`
/// need not fail by itself: what is around it does.
fn walk<'c>(
    condition: &'c Condition,
    path: &mut Vec<usize>,
    both: bool,
    see: &mut impl FnMut(&'c Condition, &[usize], bool),
) {
    see(condition, path, both);
    let wrapped = matches!(
        condition,
        Condition::Within { .. } | Condition::InOne { .. } | Condition::AtLeast { .. } | Condition::Where { .. }
    );
    for (at, child) in condition.children().into_iter().enumerate() {
        path.push(at);
        walk(child, path, !wrapped, see);
        path.pop();
    }
}

/// Notes what one test shows of the points.
fn see(rule: &Rule, why: &Why, found: bool, points: &mut [Point]) {
    let mut points = points.iter_mut();
    for part in parts(rule) {
        let Some(condition) = part.condition(rule) else { continue };
        let node = match part {
            Part::Cause(at) => why.causes.get(at).and_then(|cause| cause.node.as_ref()).filter(|_| found),
            _ => Some(&why.signature),
        };
        note(condition, node, None, &mut points);
    }
}

/// `verdict`: what is said of the step that the condition stands for, where that is not its own.
fn note(
    condition: &Condition,
    node: Option<&Node>,
    verdict: Option<Verdict>,
    points: &mut std::slice::IterMut<'_, Point>,
) {
    if let Some(point) = points.next()
        && let Some(node) = node
    {
        let value = verdict.unwrap_or(node.value);
        point.held |= value == Verdict::True;
        point.failed |= value != Verdict::True;
    }
    for (at, child) in condition.children().into_iter().enumerate() {
        let own = node.and_then(|node| node.children.get(at));
        let negated = match condition {
            Condition::Then { steps, .. } => at > 0 && steps[at - 1].negated,
            _ => false,
        };
        // The node of a step that must not come holds the condition in it; that it came is that it held.
        match own {
            Some(step) if negated => {
                let came = if step.value == Verdict::True { Verdict::False } else { Verdict::True };
                note(child, step.children.first(), Some(came), points);
            }
            own => note(child, own, None, points),
        }
    }
}
