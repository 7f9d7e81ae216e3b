//! What time decides: sequences, windows, nearness, and which windows reach a leaf that is not seen.

use std::ops::Range;
use std::sync::Arc;

use casebook::logs::Record;
use casebook::rule::{Condition, Step, Window};

use super::meaning::{Anchor, Around, End, Extent, Meaning, Way, Ways, ends, evidence_of};
use super::time::Point;

/// A sequence as far as it has come.
#[derive(Clone)]
struct Line<'a> {
    way: Way<'a>,
    whole: Extent,
    /// The last step with an extent.
    before: Extent,
    /// Windows of the unseen steps since.
    slack: Option<i64>,
    /// Leaves that are those steps, each with the windows since.
    stale: Vec<(usize, Option<i64>)>,
}

impl<'a> Meaning<'a> {
    pub(super) fn hull(&self, a: &Extent, b: &Extent) -> Extent {
        let (Some(a), Some(b)) = (a, b) else { return a.clone().or(b.clone()) };
        let first = if self.clock.before(&a.0, &b.0) { &b.0 } else { &a.0 };
        let last = if self.clock.before(&b.1, &a.1) { &b.1 } else { &a.1 };
        let unknown = |a: &Record, b: &Record| a.origin != b.origin && self.clock.after(a, b).is_none();
        Some((Arc::clone(first), Arc::clone(last), a.2 || b.2 || unknown(&a.0, &b.0) || unknown(&a.1, &b.1)))
    }

    /// Where the leaves of a part stand among those that are unseen for want of coverage: those that it took as unseen
    /// itself, else those that had been taken so before.
    pub(super) fn unseen(way: &Way<'a>, leaves: &[usize], own: Range<usize>) -> Vec<usize> {
        let mut places = Vec::new();
        for leaf in leaves {
            let all: Vec<usize> = (0..way.windows.len()).filter(|at| way.windows[*at].0 == *leaf).collect();
            let inside: Vec<usize> = all.iter().copied().filter(|at| own.contains(at)).collect();
            places.extend(if inside.is_empty() { all.into_iter().take(1).collect() } else { inside });
        }
        places
    }

    /// A window reaches leaves that are unseen for want of coverage.
    pub(super) fn reaches(&self, way: &mut Way<'a>, leaves: &[usize], from: Point<'_>, to: Point<'_>) {
        for leaf in leaves {
            let (evidence, windows) = &mut way.windows[*leaf];
            let logs = &self.rule.evidence[*evidence].logs;
            // The mere beginning of a log raises no finding.
            let anchor = matches!(self.anchor.get(), Some(Anchor::Unseen(anchor)) if anchor == *evidence);
            let asked = logs.iter().filter(|log| !anchor || (from.0.log != **log && to.0.log != **log));
            windows.push(asked.into_iter().any(|log| self.clock.uncovered(*log, from, to)));
        }
    }

    pub(super) fn sequence(
        &self,
        first: &'a Condition,
        steps: &'a [Step],
        given: &Way<'a>,
        around: &Around,
    ) -> Ways<'a> {
        let mut earlier = around.earlier.clone();
        let mut lines: Vec<Line<'a>> = Vec::new();
        for (way, extent) in self.ways(first, given, around) {
            let stale = if extent.is_none() { Self::stale(first, &way, given.windows.len()) } else { Vec::new() };
            lines.push(Line { way, whole: extent.clone(), before: extent, slack: Some(0), stale });
        }
        earlier.extend(chosen_by(first));
        for step in steps {
            let mut longer = Vec::new();
            for line in &lines {
                let whole = self.further(around, &line.whole);
                if step.negated {
                    longer.extend(self.forbidden(
                        line,
                        step,
                        &Around { earlier: earlier.clone(), whole, ..around.clone() },
                    ));
                } else {
                    longer.extend(self.step(line, step, &Around { earlier: earlier.clone(), whole, ..around.clone() }));
                }
            }
            if !step.negated {
                earlier.extend(chosen_by(&step.condition));
            }
            lines = longer;
        }
        lines.into_iter().map(|line| (line.way, line.whole)).collect()
    }

    pub(super) fn stale(condition: &Condition, way: &Way<'a>, from: usize) -> Vec<(usize, Option<i64>)> {
        let own = if one_leaf(condition) { evidence_of(condition) } else { Vec::new() };
        Self::unseen(way, &own, from..usize::MAX).into_iter().map(|leaf| (leaf, Some(0))).collect()
    }

    /// The windows that a step lies in: its own with those of unseen steps, and what is left of the one around it.
    fn windows(line: &Line<'a>, step: &Step, around: &Around) -> Vec<(End, End)> {
        let Some((_, before, _)) = &line.before else { return Vec::new() };
        let own = line.slack.zip(step.within).map(|(slack, Window(within))| (Arc::clone(before), slack + within));
        let left = around.whole.as_ref().and_then(|(window, chosen)| Some((Arc::clone(&chosen.as_ref()?.0), *window)));
        own.into_iter().chain(left).map(|end| ((Arc::clone(before), 0), end)).collect()
    }

    fn step(&self, line: &Line<'a>, step: &'a Step, around: &Around) -> Vec<Line<'a>> {
        let mut lines = Vec::new();
        let windows = Self::windows(line, step, around);
        let mut inner = around.clone();
        inner.held.extend(windows.clone());
        let within = step.within.map(|Window(within)| within);
        let known = line.way.unseen.len();
        // A doubt of the step's own makes it an unseen one, whatever was in doubt before.
        let fresh = Way { doubt: false, ..line.way.clone() };
        for (mut way, extent) in self.ways(&step.condition, &fresh, &inner) {
            let unseen_step = way.unseen.len() > known || way.doubt;
            way.doubt |= line.way.doubt;
            // A sequence begins with its first step and ends with its last.
            let whole = match (&line.whole, &extent) {
                (Some((first, _, torn)), Some((_, last, more))) => {
                    Some((Arc::clone(first), Arc::clone(last), *torn || *more))
                }
                (whole, extent) => whole.clone().or(extent.clone()),
            };
            let unseen = newly_unseen(&line.way, &way);
            for (from, to) in &windows {
                self.reaches(&mut way, &unseen, (&from.0, from.1), (&to.0, to.1));
            }
            let Some((first, last, _)) = &extent else {
                let slack = if unseen_step { line.slack.zip(within).map(|(a, b)| a + b) } else { line.slack };
                let mut stale: Vec<_> =
                    line.stale.iter().map(|(id, sum)| (*id, sum.zip(within).map(|(a, b)| a + b))).collect();
                stale.extend(Self::stale(&step.condition, &way, line.way.windows.len()));
                lines.push(Line { way, whole, before: line.before.clone(), slack, stale });
                continue;
            };
            if let Some((_, before, torn)) = &line.before {
                let limit = line.slack.zip(within).map(|(a, b)| a + b);
                match self.all_after(&line.way, &way, before, (first, last), limit) {
                    Some(false) => continue,
                    Some(true) => way.doubt |= torn,
                    None => way.doubt = true,
                }
            }
            for (leaf, sum) in &line.stale {
                let Some(most) = sum.zip(within).map(|(a, b)| a + b) else { continue };
                let from = match &line.before {
                    Some((_, before, _)) if self.clock.distance(last, before).is_some_and(|at| at > -most) => {
                        (&**before, 0)
                    }
                    _ => (&**last, -most),
                };
                self.reaches(&mut way, &[*leaf], from, (first, 0));
            }
            lines.push(Line { way, whole, before: extent.clone(), slack: Some(0), stale: Vec::new() });
        }
        lines
    }

    /// Whether every hit that a part chose comes after a record, at most so much later.
    pub(super) fn all_after(
        &self,
        given: &Way<'a>,
        way: &Way<'a>,
        before: &Record,
        (first, last): (&Record, &Record),
        limit: Option<i64>,
    ) -> Option<bool> {
        let mut all = self.lies_after(before, (first, last), limit);
        for record in self.newly(given, way) {
            match self.lies_after(before, (&record, &record), limit) {
                Some(false) => return Some(false),
                None => all = all.filter(|all| !all),
                Some(true) => {}
            }
        }
        all
    }

    /// Whether an extent comes after a record, its end at most so much later.
    pub(super) fn lies_after(
        &self,
        before: &Record,
        (first, last): (&Record, &Record),
        limit: Option<i64>,
    ) -> Option<bool> {
        if !(self.clock.after(before, first)? && self.clock.after(before, last)?) {
            return Some(false);
        }
        Some(limit.is_none() || self.clock.distance(before, last)? <= limit?)
    }

    fn forbidden(&self, line: &Line<'a>, step: &'a Step, around: &Around) -> Vec<Line<'a>> {
        let kept = |way| Line { way, ..line.clone() };
        let Some((_, before, torn)) = line.before.as_ref().filter(|_| line.slack == Some(0)) else {
            return vec![line.clone()];
        };
        let windows = Self::windows(line, step, around);
        let inner = Around { whole: None, held: windows.clone(), ..around.clone() };
        let given = Self::afresh(&line.way);
        let mut inside = Vec::new();
        for (mut way, extent) in self.ways(&step.condition, &given, &inner) {
            if let Some((first, last, _)) = &extent {
                let mut inside = vec![self.all_after(&given, &way, before, (first, last), None)];
                for (_, (from, most)) in &windows {
                    for record in self.newly(&given, &way).iter().chain([first, last]) {
                        inside.push(self.clock.distance(from, record).map(|distance| distance <= *most));
                    }
                }
                if inside.contains(&Some(false)) {
                    continue;
                }
                way.doubt |= inside.contains(&None);
            }
            way.doubt |= torn;
            let unseen = newly_unseen(&given, &way);
            for (from, to) in &windows {
                self.reaches(&mut way, &unseen, (&from.0, from.1), (&to.0, to.1));
            }
            inside.push(way);
        }
        self.not(inside.into_iter(), &line.way).into_iter().map(|(way, _)| kept(way)).collect()
    }

    /// Ways of a part all of whose hits lie within a window, told from its first and from its last one.
    pub(super) fn within(&self, Window(window): Window, own: &[usize], given: &Way<'a>, ways: Ways<'a>) -> Ways<'a> {
        let mut fitting = Vec::new();
        'ways: for (mut way, extent) in ways {
            if let Some((first, last, _)) = &extent {
                let mut unknown = false;
                for record in self.newly(given, &way).iter().chain([first, last]) {
                    for distance in [self.clock.distance(first, record), self.clock.distance(record, last)] {
                        match distance {
                            Some(distance) if distance > window => continue 'ways,
                            Some(_) => {}
                            None => unknown = true,
                        }
                    }
                }
                way.doubt |= unknown;
                let mut extents = vec![(Arc::clone(first), Arc::clone(last), false)];
                if unknown {
                    extents.clear();
                    for record in self.newly(given, &way).iter().chain([first, last]) {
                        let own = Some(ends(record));
                        let known = extents.iter().position(|(first, ..)| self.clock.distance(first, record).is_some());
                        let hull = self.hull(&known.map(|at| extents.swap_remove(at)), &own);
                        extents.extend(hull);
                    }
                }
                let leaves = Self::unseen(&way, own, given.windows.len()..usize::MAX);
                for (first, last, _) in &extents {
                    self.reaches(&mut way, &leaves, (last, -window), (first, window));
                }
            }
            fitting.push((way, extent));
        }
        fitting
    }

    /// The records that a part stands for.
    fn newly(&self, given: &Way<'a>, way: &Way<'a>) -> Vec<Arc<Record>> {
        let used = way.used[given.used.len()..].iter().cloned();
        let counted = way.counted[given.counted.len()..].iter().map(|(_, record)| Arc::clone(record));
        let past = way.past[given.past.len()..].iter().flat_map(|past| self.past_records(*past));
        used.chain(counted).chain(past).collect()
    }

    pub(super) fn near(
        &self,
        left: &'a Condition,
        right: &'a Condition,
        window: i64,
        given: &Way<'a>,
        around: &Around,
    ) -> Ways<'a> {
        let mut ways = Vec::new();
        for (way, one) in self.ways(left, given, around) {
            let sides = [given.windows.len()..way.windows.len(), way.windows.len()..usize::MAX];
            for (mut way, two) in self.ways(right, &way, around) {
                let apart = match (&one, &two) {
                    (Some(one), Some(two)) => match self.clock.distance(&one.1, &two.0) {
                        Some(between) if between >= 0 => Some(between <= window),
                        Some(_) => self.clock.distance(&two.1, &one.0).map(|between| between <= window),
                        None => None,
                    },
                    _ => Some(true),
                };
                match apart {
                    Some(false) => continue,
                    Some(true) => {
                        for ((side, other), own) in [(left, &two), (right, &one)].into_iter().zip(sides.clone()) {
                            let Some((from, to, _)) = other.as_ref().filter(|_| one_leaf(side)) else { continue };
                            let leaves = Self::unseen(&way, &evidence_of(side), own);
                            self.reaches(&mut way, &leaves, (from, -window), (to, window));
                        }
                    }
                    None => way.doubt = true,
                }
                way.doubt |= [&one, &two].into_iter().flatten().any(|(.., torn)| *torn);
                ways.push((way, self.hull(&one, &two)));
            }
        }
        ways
    }
}

/// Evidence that one way has not seen and another has not asked about yet.
fn newly_unseen(before: &Way<'_>, after: &Way<'_>) -> Vec<usize> {
    (before.windows.len()..after.windows.len()).collect()
}

fn one_leaf(condition: &Condition) -> bool {
    match condition {
        Condition::Evidence(_) => true,
        Condition::Any(parts) => parts.iter().all(one_leaf),
        Condition::Where { condition, .. } | Condition::InOne { condition, .. } => one_leaf(condition),
        _ => false,
    }
}

/// Evidence of which a part chooses a hit: not what it denies or counts.
fn chosen_by(condition: &Condition) -> Vec<usize> {
    match condition {
        Condition::Evidence(id) => vec![id.0],
        Condition::Not(_) | Condition::AtLeast { .. } => Vec::new(),
        Condition::Then { first, steps } => {
            let later = steps.iter().filter(|step| !step.negated).map(|step| &step.condition);
            std::iter::once(&**first).chain(later).flat_map(chosen_by).collect()
        }
        other => other.children().into_iter().flat_map(chosen_by).collect(),
    }
}
