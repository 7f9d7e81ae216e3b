//! The language's reference as a program: every way a condition holds, one after the other, nothing left out.
//!
//! Slow and plain on purpose. It knows the parsed rule, the records and the values, and nothing of how casebook searches.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use casebook::logs::Record;
use casebook::rule::{CaptureId, Condition, Filter, Operand, Rule, Scope};
use casebook::scan::{Hit, Scan};
use casebook::value::Value;

use super::filter::{self, Got};
use super::finding::{Finding, Past, Status};
use super::read::Branch;
use super::time::Clock;

/// Ways looked at in one world at the most: a world that has more is passed over.
const MOST: usize = 60_000;

/// From the first to the last hit of a part; set where clocks that cannot be compared leave open which these are.
pub(super) type Extent = Option<Ends>;
pub(super) type Ends = (Arc<Record>, Arc<Record>, bool);

pub(super) fn ends(record: &Arc<Record>) -> Ends {
    (Arc::clone(record), Arc::clone(record), false)
}

/// One way a condition holds, as far as it is chosen.
#[derive(Clone, Default)]
pub(super) struct Way<'a> {
    pub(super) hits: Vec<(usize, Arc<Record>)>,
    /// What its parts stand for, one after the other: also hits that were chosen before.
    pub(super) used: Vec<Arc<Record>>,
    pub(super) counted: Vec<(usize, Arc<Record>)>,
    pub(super) past: Vec<(usize, Option<usize>)>,
    pub(super) captures: Vec<Option<Value>>,
    pub(super) doubt: bool,
    pub(super) unseen: Vec<usize>,
    /// Of these, what a snapshot may not list.
    pub(super) unlisted: Vec<usize>,
    /// Evidence that is unseen for want of coverage: of each window that reaches it, whether its log does not cover it.
    pub(super) windows: Vec<(usize, Vec<bool>)>,
    pub(super) filters: Vec<&'a Filter>,
    pub(super) aliases: Vec<(&'a str, (usize, Option<usize>))>,
    pub(super) scopes: Vec<Option<u64>>,
}

impl Way<'_> {
    /// Nothing chosen yet.
    pub(super) fn new(captures: usize) -> Self {
        Self { captures: vec![None; captures], ..Self::default() }
    }

    /// How much it quotes.
    pub(super) fn weight(&self) -> usize {
        self.hits.len() + self.counted.len() + self.past.len()
    }
}

/// A record, and so many nanoseconds after it.
pub(super) type End = (Arc<Record>, i64);

/// What an occurrence belongs to.
#[derive(Clone, Copy)]
pub(super) enum Anchor<'a> {
    Hit(usize, usize),
    Unseen(usize),
    Past(&'a Condition, usize),
    NoPast(&'a Condition),
}

/// What stands around a part.
#[derive(Clone, Default)]
pub(super) struct Around {
    /// Named by earlier steps of the same sequence.
    pub(super) earlier: Vec<usize>,
    pub(super) scopes: Vec<(Scope, usize)>,
    /// `(…) within w`, and the extent chosen in it so far.
    pub(super) whole: Option<(i64, Extent)>,
    /// Windows, known already, that the part lies in.
    pub(super) held: Vec<(End, End)>,
}

/// What an occurrence came to.
pub(super) struct Occurrence<'a> {
    pub(super) way: Way<'a>,
    pub(super) anchor: Option<Anchor<'a>>,
}

pub(super) struct Meaning<'a> {
    pub(super) clock: Clock<'a>,
    pub(super) scan: &'a Scan,
    /// Hits by rule and evidence, the earliest first on one clock.
    pub(super) own: &'a [Vec<Vec<Hit>>],
    pub(super) rule: &'a Rule,
    pub(super) index: usize,
    pub(super) findings: &'a [Finding],
    pub(super) anchor: Cell<Option<Anchor<'a>>>,
    pub(super) branch: RefCell<Branch<'a>>,
    pub(super) count: Cell<usize>,
}

pub(super) type Ways<'a> = Vec<(Way<'a>, Extent)>;

impl<'a> Meaning<'a> {
    pub(super) fn hits(&self, evidence: usize) -> &'a [Hit] {
        &self.own[self.index][evidence]
    }

    /// Whether there were too many ways to look at.
    pub(super) fn too_many(&self) -> bool {
        self.count.get() > MOST
    }

    pub(super) fn ways(&self, condition: &'a Condition, given: &Way<'a>, around: &Around) -> Ways<'a> {
        if self.too_many() {
            return Vec::new();
        }
        let ways = match condition {
            Condition::Evidence(id) => self.evidence(id.0, given, around),
            Condition::All(parts) => self.all(parts, given, around),
            Condition::Any(parts) => {
                let chosen = super::read::chosen(condition, &self.branch.borrow());
                let parts = parts.iter().enumerate().filter(|(at, _)| chosen.is_none_or(|chosen| chosen == *at));
                parts.flat_map(|(_, part)| self.ways(part, given, around)).collect()
            }
            Condition::Not(part) => {
                let free = Around { whole: None, held: Vec::new(), ..around.clone() };
                let inside = self.ways(part, &Self::afresh(given), &free);
                self.not(inside.into_iter().map(|(way, _)| way), given)
            }
            Condition::Then { first, steps } => self.sequence(first, steps, given, around),
            Condition::Within { condition, window } => {
                let inner = Around { whole: Some((window.0, None)), ..around.clone() };
                let ways = self.ways(condition, given, &inner);
                self.within(*window, &evidence_of(condition), given, ways)
            }
            Condition::Near { left, right, window } => self.near(left, right, window.0, given, around),
            Condition::AtLeast { count, condition, window } => {
                self.at_least(usize::try_from(*count).unwrap(), condition, *window, given, around)
            }
            Condition::AtLeastOf { count, conditions, window } => {
                let whole = window.map(|window| (window.0, None)).or(around.whole.clone());
                let inner = Around { whole, ..around.clone() };
                let ways = self.some_of(*count, conditions, (given.clone(), None), &inner);
                let own: Vec<usize> = conditions.iter().flat_map(evidence_of).collect();
                match window {
                    Some(window) => self.within(*window, &own, given, ways),
                    None => ways,
                }
            }
            Condition::LastBefore { what, before } => self.nearest(what, before, true, given, around),
            Condition::FirstAfter { what, after } => self.nearest(what, after, false, given, around),
            Condition::InOne { scope, condition } => self.in_one(*scope, condition, given, around),
            Condition::Where { condition, filter } => {
                let mut ways = self.ways(condition, given, around);
                for (way, _) in &mut ways {
                    way.filters.push(filter);
                }
                ways.retain(|(way, _)| !self.contradicted(way));
                ways
            }
            Condition::Finding { rule, alias } => self.finding(condition, rule, alias.as_deref(), given, around),
        };
        self.count.set(self.count.get() + ways.len());
        ways
    }

    pub(super) fn bind(way: &mut Way<'a>, captures: &[(CaptureId, Value)]) -> bool {
        for (capture, value) in captures {
            match &way.captures[capture.0] {
                Some(chosen) if chosen != value => return false,
                _ => way.captures[capture.0] = Some(value.clone()),
            }
        }
        true
    }

    pub(super) fn finding(
        &self,
        condition: &'a Condition,
        rule: &str,
        alias: Option<&'a str>,
        given: &Way<'a>,
        around: &Around,
    ) -> Ways<'a> {
        let Some(index) = self.findings.iter().position(|finding| finding.rule == rule) else { return Vec::new() };
        let finding = &self.findings[index];
        let mut ways = Vec::new();
        let mut add = |which: Option<usize>, quotes: &[(String, Arc<Record>)], doubt: bool| {
            let mut way = given.clone();
            way.past.push((index, which));
            way.aliases.extend(alias.map(|alias| (alias, (index, which))));
            way.doubt |= doubt;
            let extent = quotes.iter().fold(None, |so_far, (_, record)| self.hull(&so_far, &Some(ends(record))));
            if !self.contradicted(&way) {
                ways.push((way, extent));
            }
        };
        let own = |anchor: &Condition| std::ptr::eq(anchor, condition);
        match finding.status {
            Status::Undetermined => add(None, &finding.quotes, true),
            Status::Confirmed => {
                for (at, past) in finding.past.iter().enumerate().rev() {
                    let other = match self.anchor.get() {
                        Some(Anchor::Past(anchor, only)) => own(anchor) && only != at,
                        Some(Anchor::NoPast(anchor)) => own(anchor),
                        _ => false,
                    };
                    if !other {
                        add(Some(at), &past.quotes, false);
                    }
                }
            }
        }
        let _ = around;
        ways
    }

    /// The occurrences that a `finding` may be.
    pub(super) fn past(&self, finding: &Condition) -> &'a [Past] {
        let Condition::Finding { rule, .. } = finding else { return &[] };
        self.findings.iter().find(|known| known.rule == *rule).map_or(&[], |known| &known.past)
    }

    pub(super) fn all(&self, parts: &'a [Condition], given: &Way<'a>, around: &Around) -> Ways<'a> {
        let (negative, positive): (Vec<_>, Vec<_>) = parts.iter().partition(|part| matches!(part, Condition::Not(_)));
        let mut ways = vec![(given.clone(), None)];
        for part in positive.into_iter().chain(negative) {
            let mut longer = Vec::new();
            for (way, extent) in ways {
                let inner = self.inside(around, &extent);
                let more = self.ways(part, &way, &inner);
                longer.extend(more.into_iter().map(|(way, more)| self.with(way, &extent, &more, around)));
            }
            ways = longer;
        }
        ways
    }

    /// The window around a part, with what is chosen in it so far.
    pub(super) fn further(&self, around: &Around, extent: &Extent) -> Option<(i64, Extent)> {
        around.whole.as_ref().map(|(window, before)| (*window, self.hull(before, extent)))
    }

    /// What stands around the next part: the window around it tells where it lies once something is chosen in it.
    pub(super) fn inside(&self, around: &Around, extent: &Extent) -> Around {
        let mut inner = Around { whole: self.further(around, extent), ..around.clone() };
        if let Some((window, Some((first, last, _)))) = &inner.whole
            && self.clock.distance(first, last).is_some()
        {
            inner.held.push(((Arc::clone(last), -window), (Arc::clone(first), *window)));
        }
        inner
    }

    /// A way with the extent of one more part. Inside a window the two must be comparable.
    pub(super) fn with(&self, mut way: Way<'a>, extent: &Extent, more: &Extent, around: &Around) -> (Way<'a>, Extent) {
        if let (Some(_), Some((first, ..)), Some((begin, end, _))) = (&around.whole, extent, more) {
            way.doubt |= self.clock.distance(first, begin).is_none() || self.clock.distance(first, end).is_none();
        }
        let hull = self.hull(extent, more);
        (way, hull)
    }

    pub(super) fn afresh(given: &Way<'a>) -> Way<'a> {
        Way { doubt: false, windows: Vec::new(), unlisted: Vec::new(), ..given.clone() }
    }

    /// One way without hits if there is none inside; in doubt if all inside are.
    pub(super) fn not(&self, inside: impl Iterator<Item = Way<'a>>, given: &Way<'a>) -> Ways<'a> {
        let known = given.filters.len();
        let inside: Vec<bool> = inside.filter_map(|way| self.complete(&way, known)).collect();
        if inside.contains(&true) {
            return Vec::new();
        }
        vec![(Way { doubt: given.doubt || !inside.is_empty(), ..given.clone() }, None)]
    }

    /// Whether a way that is chosen to its end is one without doubt; `None` if it is none at all.
    pub(super) fn complete(&self, way: &Way<'a>, filters: usize) -> Option<bool> {
        if way.windows.iter().any(|(_, windows)| windows.is_empty() || windows.contains(&false)) {
            return None;
        }
        if way.unlisted.iter().any(|evidence| self.listed_all(*evidence, way)) {
            return None;
        }
        let sure = !way.doubt && way.windows.is_empty();
        let read = |operand: &Operand| self.read(way, operand);
        for one in &way.filters[filters..] {
            match filter::holds(one, &read, sure) {
                Some(false) => return None,
                None if sure => return None,
                Some(true) | None => {}
            }
        }
        Some(sure)
    }

    pub(super) fn contradicted(&self, way: &Way<'a>) -> bool {
        let read = |operand: &Operand| self.read(way, operand);
        way.filters.iter().any(|one| filter::holds(one, &read, false) == Some(false))
    }

    pub(super) fn read(&self, way: &Way<'a>, operand: &Operand) -> Got {
        let (value, field) = match operand {
            Operand::Literal(value) => return Got::Value(value.clone()),
            Operand::Capture { capture, field } => (way.captures[capture.0].clone(), field),
            Operand::Finding { alias, capture, field } => {
                let named = way.aliases.iter().rev().find(|(name, _)| name == alias);
                let value = named.and_then(|(_, (finding, which))| {
                    let finding = &self.findings[*finding];
                    let captures = which.map_or(&finding.captures, |at| &finding.past[at].captures);
                    captures.iter().find(|(name, _)| name == capture).map(|(_, value)| value.clone())
                });
                (value, field)
            }
        };
        match (value, field) {
            (None, _) => Got::Unchosen,
            (Some(value), None) => Got::Value(value),
            (Some(value), Some(field)) => value.field(field).map_or(Got::NoSuchField, Got::Value),
        }
    }

    fn in_one(&self, scope: Scope, condition: &'a Condition, given: &Way<'a>, around: &Around) -> Ways<'a> {
        let mut way = given.clone();
        let mut inner = around.clone();
        inner.scopes.push((scope, way.scopes.len()));
        way.scopes.push(None);
        let mut ways = self.ways(condition, &way, &inner);
        for (way, _) in &mut ways {
            way.scopes.truncate(given.scopes.len());
        }
        ways
    }

    pub(super) fn scope(&self, scope: Scope, record: &Record) -> Option<u64> {
        match scope {
            Scope::Section => self.scan.section_path(record.section).last().map(|id| id.place() as u64),
            Scope::Attempt => record.attempt.map(|attempt| ((record.log.place() as u64) << 32) | u64::from(attempt)),
        }
    }

    pub(super) fn in_scopes(&self, mut way: Way<'a>, records: &[Arc<Record>], around: &Around) -> Option<Way<'a>> {
        for record in records {
            for (scope, slot) in &around.scopes {
                let own = self.scope(*scope, record)?;
                // A part that is complete in itself has no scopes of its own.
                let Some(settled) = way.scopes.get_mut(*slot) else { continue };
                if settled.is_some_and(|settled| settled != own) {
                    return None;
                }
                *settled = Some(own);
            }
        }
        Some(way)
    }
}

/// All evidence that a condition names.
pub(super) fn evidence_of(condition: &Condition) -> Vec<usize> {
    let mut found = Vec::new();
    super::read::each(condition, &mut |part| {
        if let Condition::Evidence(id) = part {
            found.push(id.0);
        }
    });
    found
}
