//! Counting and the nearest one: conditions over the occurrences of another condition.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use crate::logs::Record;
use crate::rule::{CaptureId, Condition, EvidenceId, Window};
use crate::value::Value;

use super::leaf::past_parts;
use super::scope::Scoped;
use super::{Around, Solver, Span, Then, Timed, address, evidence_of};
use crate::diagnose::env::{Env, PastId};
use crate::diagnose::occurrence::{Found, occurrences};
use crate::diagnose::timeline::{Bound, all_of};
use crate::diagnose::truth::Truth;
use crate::diagnose::{Missing, Reason, past_quotes};

/// Listings by the condition and what it depends on.
pub(super) type Listings<'a> = HashMap<Vec<u64>, Rc<Listing<'a>>>;

/// One occurrence of a condition.
pub(super) struct Listed<'a> {
    span: Span<'a>,
    captures: Vec<(CaptureId, &'a Value)>,
    hits: Vec<(EvidenceId, &'a Arc<Record>)>,
    past: Vec<PastId>,
    /// All records of it, those of findings included.
    records: Vec<&'a Arc<Record>>,
}

/// The occurrences of a condition, given some captures.
#[derive(Default)]
pub(super) struct Listing<'a> {
    /// In the order of their anchors.
    all: Vec<Listed<'a>>,
    /// The same by their ends.
    by_end: Vec<usize>,
    /// All begin and end in one kind of log, beginnings in order: places in time can be searched for.
    ordered: bool,
    /// Why there may be more.
    missing: Vec<Missing>,
    /// Neighbours that count together, with their extent.
    groups: Vec<(Span<'a>, Vec<usize>)>,
    /// Why a count that finds too few in its window may be wrong.
    open: Vec<Missing>,
}

impl<'a> Solver<'a> {
    pub(super) fn at_least(
        &self,
        count: u64,
        condition: &'a Condition,
        window: Option<Window>,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let wanted = usize::try_from(count).unwrap_or(usize::MAX);
        if wanted == 0 {
            return then(env, &Span::default());
        }
        let listing = self.listing(condition, Some((wanted, window)), around.scope, env);
        let state = self.state(address(condition), around, env);
        let from = self.first_of(&listing, around.held.map(|held| held.bound));
        let truth = self.memo.walk((state, around.floor), from, listing.groups.len(), |at| {
            let (span, group) = &listing.groups[at];
            if !self.fits_in(around, &listing, group) {
                return (Truth::False, false);
            }
            (self.counted(&listing, group, span, around, env, then), true)
        });
        if truth == Truth::True || self.memo.exhausted() {
            return truth;
        }
        let mut missing = listing.missing.clone();
        let held = evidence_of(condition).into_iter().filter_map(|id| self.uncovered(id, around.held)).flatten();
        let open = listing.open.iter().copied().filter(|_| listing.groups.is_empty());
        open.chain(held).for_each(|lack| lack.add(&mut missing));
        if missing.is_empty() {
            return truth.or(Self::waiting(condition, around, env, then));
        }
        truth.or(Self::doubting(&missing, env, |env| then(env, &Span::default())))
    }

    /// A count in a window of which nobody knows yet where it lies may be wrong where its log does not reach.
    fn waiting(condition: &'a Condition, around: Around<'_>, env: &mut Env<'a>, then: Then<'_, 'a>) -> Truth {
        let mut truth = Truth::False;
        if around.whole.is_none() || Self::windowed(around.held) {
            return truth;
        }
        for id in evidence_of(condition) {
            env.owed.push((id, false));
            truth = truth.or(then(env, &Span::default()));
            env.owed.pop();
        }
        truth
    }

    /// Goes on with a group that counts.
    fn counted(
        &self,
        listing: &Listing<'a>,
        group: &[usize],
        span: &Span<'a>,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let mark = env.mark();
        let members = || group.iter().map(|at| &listing.all[*at]);
        let mut bound = Vec::new();
        for (capture, value) in members().flat_map(|member| &member.captures) {
            if env.captures[capture.0].is_none() {
                env.captures[capture.0] = Some(value);
                bound.push(*capture);
            }
        }
        env.counted.extend(members().flat_map(|member| &member.hits).copied());
        env.past.extend(members().flat_map(|member| &member.past));
        let truth = if self.contradicted(env) {
            Truth::False
        } else {
            let records: Vec<&'a Arc<Record>> =
                members().flat_map(|member| &member.hits).map(|(_, record)| *record).collect();
            self.all_scoped(around.scope, &records, env, &mut |env| then(env, span))
        };
        env.reset(mark, &bound);
        truth
    }

    /// `last what before other`, `first what after other`: only the nearest one counts.
    pub(super) fn nearest(
        &self,
        what: &'a Condition,
        other: &'a Condition,
        last: bool,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let next = self.follow(&[address(what)], around);
        self.solve(other, Around { next, timed: Timed::Both, ..around }, env, &mut |env, fixed| {
            let Some(anchor) = (if last { &fixed.first } else { &fixed.last }) else {
                return then(env, fixed);
            };
            let listing = self.listing(what, None, around.scope, env);
            if let Some(nearest) = self.pick(&listing, anchor, last) {
                let mut on = |env: &mut Env<'a>| self.chosen(nearest, fixed, around, env, then);
                return if fixed.torn { Self::clockless(fixed, env, on) } else { on(env) };
            }
            let mut missing = listing.missing.clone();
            for id in evidence_of(what) {
                self.blind(id, env).iter().for_each(|lack| lack.add(&mut missing));
            }
            if listing.all.iter().any(|one| self.side(one, anchor, last).is_none()) {
                Missing::new(anchor.log, Reason::ClockUnknown).add(&mut missing);
            }
            if missing.is_empty() {
                return Truth::False;
            }
            Self::doubting(&missing, env, |env| then(env, fixed))
        })
    }

    /// Goes on with the nearest one.
    fn chosen(
        &self,
        nearest: &Listed<'a>,
        fixed: &Span<'a>,
        around: Around<'_>,
        env: &mut Env<'a>,
        then: Then<'_, 'a>,
    ) -> Truth {
        let admitted = all_of(nearest.records.iter().map(|record| self.admitted(around, (record, record))));
        if admitted == Some(false) {
            return Truth::False;
        }
        let mark = env.mark();
        let Some(bound) = env.bind(nearest.captures.iter().copied()) else {
            return Truth::False;
        };
        env.hits.extend(&nearest.hits);
        env.past.extend(&nearest.past);
        let truth = if self.contradicted(env) {
            Truth::False
        } else {
            let span = self.join(&nearest.span, fixed);
            let records: Vec<&Arc<Record>> = nearest.hits.iter().map(|(_, record)| *record).collect();
            self.all_scoped(around.scope, &records, env, &mut |env| match admitted {
                Some(_) => then(env, &span),
                None => Self::clockless(&span, env, |env| then(env, &span)),
            })
        };
        env.reset(mark, &bound);
        truth
    }

    /// Whether an occurrence lies, with every record, on the side of `anchor` that is asked about.
    fn side(&self, one: &Listed<'_>, anchor: &Record, last: bool) -> Option<bool> {
        let bound = if last { Bound::before(anchor) } else { Bound::after(anchor, None) };
        if one.records.is_empty() {
            return Some(false);
        }
        all_of(one.records.iter().map(|record| self.timeline.admits(bound, record)))
    }

    /// The occurrence that ends last before `anchor`, or begins first after it.
    fn pick<'l>(&self, listing: &'l Listing<'a>, anchor: &Record, last: bool) -> Option<&'l Listed<'a>> {
        let lies = |at: &usize| self.side(&listing.all[*at], anchor, last) == Some(true);
        let all: Vec<usize>;
        let order: &[usize] = if last {
            &listing.by_end
        } else {
            all = (0..listing.all.len()).collect();
            &all
        };
        self.memo.step();
        let at = match (listing.ordered, last) {
            (true, true) => order.partition_point(lies).checked_sub(1).and_then(|at| order.get(at)),
            (true, false) => order.get(order.partition_point(|at| !lies(at))),
            (false, true) => order.iter().rev().find(|at| lies(at)),
            (false, false) => order.iter().filter(|at| lies(at)).min_by_key(|at| self.begin(&listing.all[**at])),
        };
        listing.all.get(*at?)
    }

    fn begin(&self, one: &Listed<'_>) -> Option<(Option<i64>, usize, u64, Option<u64>)> {
        one.span.first.map(|record| self.timeline.moment(record))
    }

    fn end(&self, one: &Listed<'_>) -> Option<(Option<i64>, usize, u64, Option<u64>)> {
        one.span.last.map(|record| self.timeline.moment(record))
    }

    /// Whether every record of a group lies in what the count is held to.
    fn fits_in(&self, around: Around<'_>, listing: &Listing<'_>, group: &[usize]) -> bool {
        let ends = if listing.ordered && group.len() > 1 { &[group[0], group[group.len() - 1]] } else { group };
        let mut records = ends.iter().flat_map(|at| &listing.all[*at].records);
        records.all(|record| self.admitted(around, (record, record)) != Some(false))
    }

    /// The first group that a bound can admit.
    fn first_of(&self, listing: &Listing<'_>, bound: Option<Bound<'_>>) -> usize {
        let Some(bound) = bound.filter(|bound| listing.ordered && bound.anchor.stamp.is_some()) else { return 0 };
        listing
            .groups
            .partition_point(|(span, _)| span.first.as_ref().is_some_and(|record| self.timeline.below(bound, record)))
    }

    /// Goes on with hits that all lie in the scopes around.
    fn all_scoped(
        &self,
        scope: Option<&Scoped<'_>>,
        records: &[&Arc<Record>],
        env: &mut Env<'a>,
        then: &mut dyn FnMut(&mut Env<'a>) -> Truth,
    ) -> Truth {
        match records.split_first() {
            None => then(env),
            Some((record, rest)) => self.scoped(scope, record, env, |env| self.all_scoped(scope, rest, env, then)),
        }
    }

    /// The occurrences of a condition, given the captures chosen so far and the scope that is settled on.
    fn listing(
        &self,
        condition: &'a Condition,
        count: Option<(usize, Option<Window>)>,
        scope: Option<&Scoped<'_>>,
        env: &Env<'a>,
    ) -> Rc<Listing<'a>> {
        let settled = scope.and_then(|scoped| env.scopes[scoped.slot]);
        let mut key = vec![address(condition), settled.map_or(0, |settled| settled + 1)];
        key.extend(self.bindings.iter().map(|capture| self.key(env, *capture)));
        key.extend(env.aliases.iter().flat_map(|(_, past)| past_parts(*past)));
        if let Some(known) = self.listings.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mut listing = Listing::default();
        let start = env.inside();
        occurrences(self, condition, (&start, true), &mut |found| match found {
            Found::Certain { env, .. } => {
                // What was chosen before is not this listing's: it is used again where that differs.
                let captures = env.captures.iter().zip(&start.captures).enumerate();
                let captures = captures.filter(|(_, (_, before))| before.is_none());
                let captures = captures.filter_map(|(at, (value, _))| Some((CaptureId(at), (*value)?))).collect();
                let hits: Vec<_> = env.quoted().collect();
                let records: Vec<_> = hits.iter().map(|(_, record)| *record).chain(self.past_records(env)).collect();
                let span = records.iter().fold(Span::default(), |span, record| self.join(&span, &Span::of(record)));
                listing.all.push(Listed { span, captures, hits, past: env.past.clone(), records });
            }
            Found::Doubtful(env) => env.missing.iter().for_each(|lack| lack.add(&mut listing.missing)),
            // They are asked for one by one.
            Found::Counted(_) | Found::Each(_) | Found::Passed(_) => {}
        });
        if let Some(scoped) = scope {
            listing.all.retain(|one| {
                let mut scopes = one.hits.iter().map(|(_, record)| self.scope_of(scoped.scope, record));
                // What only findings make up lies in no section of its own.
                let Some(own) = scopes.next() else { return true };
                own.is_some() && settled.is_none_or(|settled| own == Some(settled)) && scopes.all(|other| other == own)
            });
        }
        listing.all.sort_by_cached_key(|one| {
            let anchor = one.hits.first().map(|(_, record)| *record).or(one.span.first);
            anchor.map(|record| self.timeline.moment(record))
        });
        listing.by_end = (0..listing.all.len()).collect();
        listing.by_end.sort_by_cached_key(|at| self.end(&listing.all[*at]));
        listing.ordered = self.in_order(&listing.all);
        if let Some((count, window)) = count {
            self.group(&mut listing, condition, count, window, scope);
        }
        let listing = Rc::new(listing);
        self.listings.borrow_mut().insert(key, Rc::clone(&listing));
        listing
    }

    /// The records of the findings that were chosen.
    fn past_records<'e>(&self, env: &'e Env<'a>) -> impl Iterator<Item = &'a Arc<Record>> + use<'a, 'e> {
        let findings = self.findings;
        env.past.iter().flat_map(|past| past_quotes(findings, *past)).map(|quote| &quote.record)
    }

    /// Whether all lie in one kind of log and begin in order.
    fn in_order(&self, all: &[Listed<'_>]) -> bool {
        let ends = || all.iter().flat_map(|one| &one.records);
        let log = ends().next().map(|record| record.log);
        ends().all(|record| Some(record.log) == log && record.stamp.is_some())
            && all.iter().all(|one| one.span.first.is_some())
            && all.is_sorted_by_key(|one| self.begin(one))
    }

    /// Neighbours that count together: they agree on what others read, and lie within the window.
    fn group(
        &self,
        listing: &mut Listing<'a>,
        condition: &Condition,
        count: usize,
        window: Option<Window>,
        scope: Option<&Scoped<'_>>,
    ) {
        let mut own = Env::new(self.rule.captures.len());
        let mut entities: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
        for (at, one) in listing.all.iter().enumerate() {
            own.captures.fill(None);
            for (capture, value) in &one.captures {
                own.captures[capture.0] = Some(value);
            }
            let mut key: Vec<u64> = self.bindings.iter().map(|capture| self.key(&own, *capture)).collect();
            key.extend(scope.and_then(|scoped| self.scope_of(scoped.scope, one.hits.first()?.1)));
            entities.entry(key).or_default().push(at);
        }
        for members in entities.values() {
            for group in members.windows(count) {
                self.memo.step();
                let ends = if listing.ordered && group.len() > 1 { &[group[0], group[group.len() - 1]] } else { group };
                let span = ends.iter().fold(Span::default(), |span, at| self.join(&span, &listing.all[*at].span));
                match window.map_or(Some(true), |window| self.fits(&span, window)) {
                    Some(true) => listing.groups.push((span, group.to_vec())),
                    Some(false) => {}
                    None => {
                        let lack = span.last.map(|record| Missing::new(record.log, Reason::ClockUnknown));
                        if let Some(lack) = lack {
                            lack.add(&mut listing.missing);
                        }
                    }
                }
            }
        }
        listing.groups.sort_by_key(|(_, group)| group.first().copied());
        let Some(Window(window)) = window else { return };
        for one in &listing.all {
            let (Some(first), Some(last)) = (&one.span.first, &one.span.last) else { continue };
            for log in evidence_of(condition).into_iter().flat_map(|id| &self.rule.evidence[id.0].logs) {
                let lack = self.timeline.uncovered(*log, (first, -window), (last, window));
                if let Some(lack) = lack {
                    lack.add(&mut listing.open);
                }
            }
        }
    }
}
