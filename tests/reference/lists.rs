//! Counting and the nearest one: parts over the occurrences of another part.

use std::sync::Arc;

use casebook::logs::Record;
use casebook::rule::{Condition, Scope, Window};
use casebook::value::Zone;

use super::meaning::{Around, End, Ends, Extent, Meaning, Way, Ways, ends, evidence_of};

impl<'a> Meaning<'a> {
    pub(super) fn some_of(
        &self,
        count: u64,
        parts: &'a [Condition],
        so_far: (Way<'a>, Extent),
        around: &Around,
    ) -> Ways<'a> {
        if count == 0 {
            return vec![so_far];
        }
        let Some((part, rest)) = parts.split_first() else { return Vec::new() };
        let inner = self.inside(around, &so_far.1);
        let mut ways = Vec::new();
        for (way, extent) in self.ways(part, &so_far.0, &inner) {
            ways.extend(self.some_of(count - 1, rest, self.with(way, &so_far.1, &extent, around), around));
        }
        if rest.len() as u64 >= count {
            ways.extend(self.some_of(count, rest, so_far, around));
        }
        ways
    }

    /// The occurrences of a part, complete in themselves, given the captures chosen so far, with their extents; and
    /// whether there may be more.
    pub(super) fn listed(&self, part: &'a Condition, given: &Way<'a>, around: &Around) -> (Ways<'a>, bool) {
        let start = Way { captures: given.captures.clone(), aliases: given.aliases.clone(), ..Way::default() };
        let (found, doubt) = self.occurrences(part, &start);
        let mut ways: Ways<'a> = Vec::new();
        for one in found {
            let extent =
                self.records(&one.way).iter().fold(None, |so_far, record| self.hull(&so_far, &Some(ends(record))));
            if self.in_scopes(given.clone(), &Self::own_records(&one.way), around).is_some() {
                ways.push((one.way, extent));
            }
        }
        ways.sort_by_key(|(way, extent)| {
            way.hits
                .first()
                .map(|(_, record)| record)
                .or(extent.as_ref().map(|(first, ..)| first))
                .map(|record| self.moment(record))
        });
        (ways, doubt)
    }

    /// Where a record stands among all: on the local clock, then by file, then by place.
    pub(super) fn moment(&self, record: &Record) -> (Option<i64>, usize, u64) {
        let utc = self.clock.rules.logs.get(record.log).clock.as_ref().is_some_and(|clock| clock.zone == Zone::Utc);
        let offset = if utc { i64::from(self.clock.offset.unwrap_or(0)) * 1_000_000_000 } else { 0 };
        let file = self.scan.ranks()[record.origin.artifact.place()];
        (record.stamp.map(|stamp| stamp.0 + offset), file, record.origin.start)
    }

    /// Records a way quotes: chosen ones, counted ones, those of findings.
    pub(super) fn records(&self, way: &Way<'a>) -> Vec<Arc<Record>> {
        let past = way.past.iter().flat_map(|past| self.past_records(*past));
        Self::own_records(way).into_iter().chain(past).collect()
    }

    pub(super) fn past_records(
        &self,
        (finding, which): (usize, Option<usize>),
    ) -> impl Iterator<Item = Arc<Record>> + use<'a> {
        let finding = &self.findings[finding];
        // What is not certain has no place in time.
        let quotes: &'a [(String, Arc<Record>)] = which.map_or(&[], |at| &finding.past[at].quotes);
        quotes.iter().map(|(_, record)| Arc::clone(record))
    }

    pub(super) fn own_records(way: &Way<'a>) -> Vec<Arc<Record>> {
        way.hits.iter().chain(&way.counted).map(|(_, record)| Arc::clone(record)).collect()
    }

    pub(super) fn at_least(
        &self,
        count: usize,
        part: &'a Condition,
        window: Option<Window>,
        given: &Way<'a>,
        around: &Around,
    ) -> Ways<'a> {
        let (all, mut doubt) = self.listed(part, given, around);
        let mut ways = Vec::new();
        let mut groups = 0;
        for start in 0..all.len() {
            // The neighbours that agree with it, from it on.
            let agree = |other: &&(Way<'a>, Extent)| self.same_entity(&all[start].0, &other.0, around);
            let group: Vec<&(Way<'a>, Extent)> = all[start..].iter().filter(agree).take(count).collect();
            if group.len() < count {
                continue;
            }
            let extent = group.iter().fold(None, |extent, (_, more)| self.hull(&extent, more));
            let length = extent.as_ref().map_or(Some(0), |(first, last, _)| self.clock.distance(first, last));
            match window {
                Some(Window(window)) if length.is_some_and(|length| length > window) => continue,
                Some(_) if length.is_none() => {
                    doubt = true;
                    continue;
                }
                _ => {}
            }
            groups += 1;
            let mut way = given.clone();
            for (member, _) in &group {
                for (own, value) in way.captures.iter_mut().zip(&member.captures) {
                    *own = own.clone().or(value.clone());
                }
                way.counted.extend(member.hits.iter().chain(&member.counted).cloned());
                way.past.extend(&member.past);
            }
            let records: Vec<_> = group.iter().flat_map(|(member, _)| Self::own_records(member)).collect();
            if !self.contradicted(&way) {
                ways.extend(self.in_scopes(way, &records, around).map(|way| (way, extent)));
            }
        }
        let leaves = evidence_of(part);
        doubt |= self.may_be_more(&leaves, window.filter(|_| groups == 0), &all, around);
        if doubt {
            ways.push((Way { doubt: true, ..given.clone() }, None));
        } else if around.whole.is_some() && around.held.is_empty() {
            // The window around it tells later where the count would have to lie.
            for leaf in leaves {
                let mut way = given.clone();
                way.windows.push((leaf, Vec::new()));
                ways.push((way, None));
            }
        }
        ways
    }

    /// Whether the logs of what is counted do not reach wherever a hit may lie that is not seen: in the windows around the
    /// count, and in its own window where that holds too few.
    fn may_be_more(&self, leaves: &[usize], too_few: Option<Window>, all: &Ways<'a>, around: &Around) -> bool {
        let held = |id: &usize| {
            let logs = &self.rule.evidence[*id].logs;
            let open = |window: &(End, End)| {
                logs.iter().any(|log| self.clock.uncovered(*log, (&window.0.0, window.0.1), (&window.1.0, window.1.1)))
            };
            !around.held.is_empty() && around.held.iter().all(open)
        };
        let beside = |window: i64, (first, last, _): &Ends| {
            let mut logs = leaves.iter().flat_map(|id| &self.rule.evidence[*id].logs);
            logs.any(|log| self.clock.uncovered(*log, (first, -window), (last, window)))
        };
        let extents = || all.iter().filter_map(|(_, extent)| extent.as_ref());
        leaves.iter().any(held) || too_few.is_some_and(|Window(window)| extents().any(|own| beside(window, own)))
    }

    /// Whether two occurrences agree on everything that something else in the rule reads, and lie in one scope.
    pub(super) fn same_entity(&self, a: &Way<'a>, b: &Way<'a>, around: &Around) -> bool {
        let read = super::read::elsewhere(self.rule, &|id| self.hits(id));
        let captures = read.iter().all(|capture| a.captures[*capture] == b.captures[*capture]);
        let scope = |way: &Way<'a>, scope: Scope| way.hits.first().map(|(_, record)| self.scope(scope, record));
        captures && around.scopes.last().is_none_or(|(one, _)| scope(a, *one) == scope(b, *one))
    }

    pub(super) fn nearest(
        &self,
        what: &'a Condition,
        other: &'a Condition,
        last: bool,
        given: &Way<'a>,
        around: &Around,
    ) -> Ways<'a> {
        let mut ways = Vec::new();
        for (way, fixed) in self.ways(other, given, around) {
            let Some((begin, end, torn)) = &fixed else {
                ways.push((way, fixed));
                continue;
            };
            let (all, mut doubt) = self.listed(what, &way, around);
            let (best, unknown) = self.pick(&all, (begin, end), last);
            if let Some((nearest, extent)) = best {
                let mut way = way.clone();
                way.doubt |= torn;
                let agrees =
                    way.captures.iter().zip(&nearest.captures).all(|(a, b)| a.is_none() || b.is_none() || a == b);
                if !agrees {
                    continue;
                }
                for (own, value) in way.captures.iter_mut().zip(&nearest.captures) {
                    *own = own.clone().or(value.clone());
                }
                way.hits.extend(nearest.hits.iter().chain(&nearest.counted).cloned());
                way.used.extend(Self::own_records(nearest));
                way.past.extend(&nearest.past);
                if self.contradicted(&way) {
                    continue;
                }
                let records = Self::own_records(nearest);
                ways.extend(self.in_scopes(way, &records, around).map(|way| (way, self.hull(extent, &fixed))));
            } else {
                doubt |= unknown || evidence_of(what).into_iter().any(|id| self.cannot_answer(id, &way));
                if doubt {
                    ways.push((Way { doubt: true, ..way.clone() }, fixed.clone()));
                }
            }
        }
        ways
    }

    /// Of occurrences that lie wholly before or after an extent the one that is nearest, and whether nobody knows of one
    /// on which side it lies.
    fn pick<'o>(
        &self,
        all: &'o Ways<'a>,
        (begin, end): (&Record, &Record),
        last: bool,
    ) -> (Option<&'o (Way<'a>, Extent)>, bool) {
        let mut best: Option<&(Way<'a>, Extent)> = None;
        let mut unknown = false;
        for one in all {
            let Some((from, to, _)) = &one.1 else { continue };
            let mut lies = Some(true);
            for record in self.records(&one.0) {
                match if last { self.clock.after(&record, begin) } else { self.clock.after(end, &record) } {
                    Some(true) => {}
                    Some(false) => lies = Some(false),
                    None => lies = lies.filter(|lies| !lies),
                }
            }
            unknown |= lies.is_none();
            let better = |other: &(Way<'a>, Extent)| {
                let (other_from, other_to, _) = other.1.as_ref().unwrap();
                if last {
                    self.moment(to) >= self.moment(other_to)
                } else {
                    self.moment(from) < self.moment(other_from)
                }
            };
            if lies == Some(true) && best.is_none_or(better) {
                best = Some(one);
            }
        }
        (best, unknown)
    }
}
