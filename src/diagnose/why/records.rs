//! Evidence that no record satisfies: how near the records of its logs come.
//!
//! Reads the bundle once more, for all such evidence together; a rule whose evidence all has hits costs nothing.

use std::collections::BTreeMap;

use crate::bundle::Bundle;
use crate::lang::Localized;
use crate::logs::{Record, Section, SectionId};
use crate::pattern::{Nearest, Next, Prefixes};
use crate::rule::{Evidence, EvidenceId};
use crate::scan::{self, Options};

use super::super::solve::evidence_of;
use super::words::say;
use super::world::World;

/// Different texts that are told of one miss.
const TEXTS: usize = 3;

/// Characters of a text that are told.
const SHOWN: usize = 80;

/// What the pass over the records came to, by evidence.
#[derive(Debug, Default)]
pub(super) struct Probed {
    misses: BTreeMap<usize, Vec<Localized>>,
}

impl Probed {
    /// How near the records come to a piece of evidence without hits.
    pub(super) fn of(&self, id: EvidenceId) -> &[Localized] {
        self.misses.get(&id.0).map_or(&[], Vec::as_slice)
    }
}

/// One thing that a piece of evidence asks of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Demand {
    Line,
    Section,
    Field(usize),
    /// The same name has the same value wherever it is captured.
    Names,
}

/// Records that came equally near.
#[derive(Debug, Default)]
struct Tally {
    count: usize,
    place: String,
    texts: Vec<String>,
}

impl Tally {
    fn add(&mut self, place: impl FnOnce() -> String, text: String) {
        if self.count == 0 {
            self.place = place();
        }
        self.count += 1;
        if self.texts.len() < TEXTS && !self.texts.contains(&text) {
            self.texts.push(text);
        }
    }
}

/// One piece of evidence and how near records came.
struct Probe<'e> {
    id: EvidenceId,
    evidence: &'e Evidence,
    prefixes: Vec<Prefixes>,
    /// Records of its logs.
    seen: usize,
    /// How many records satisfy each demand by itself.
    alone: BTreeMap<Demand, usize>,
    /// Records that satisfy all but one demand.
    but_for: BTreeMap<Demand, Tally>,
    /// How far its line patterns got: whether all else held and the rank, where they stopped, and the records.
    line: Option<((bool, usize), Nearest, Tally)>,
}

/// Asks all records how near they come to the rule's evidence that has no hits.
pub(super) fn probe(world: &World<'_>, bundle: &Bundle, options: &Options) -> Probed {
    let mut wanted: Vec<EvidenceId> = world.rule.conditions().flat_map(evidence_of).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|id| world.hits(*id).is_empty());
    let mut probes: Vec<Probe<'_>> = wanted.into_iter().map(|id| Probe::new(id, &world.rule.evidence[id.0])).collect();
    if probes.is_empty() {
        return Probed::default();
    }
    scan::records(bundle, world.rules, options, &mut |_, record, sections| {
        for probe in probes.iter_mut().filter(|probe| probe.evidence.logs.contains(&record.log)) {
            probe.see(record, sections, &|| world.place(record));
        }
    });
    Probed { misses: probes.iter().map(|probe| (probe.id.0, probe.misses(world))).collect() }
}

impl<'e> Probe<'e> {
    fn new(id: EvidenceId, evidence: &'e Evidence) -> Probe<'e> {
        Probe {
            id,
            evidence,
            prefixes: evidence.lines.iter().map(|line| line.pattern.prefixes()).collect(),
            seen: 0,
            alone: BTreeMap::new(),
            but_for: BTreeMap::new(),
            line: None,
        }
    }

    fn see(&mut self, record: &Record, sections: &[Section], place: &dyn Fn() -> String) {
        self.seen += 1;
        let mut failed = Vec::new();
        for demand in self.demands() {
            if self.meets(demand, record, sections) {
                *self.alone.entry(demand).or_default() += 1;
            } else {
                failed.push(demand);
            }
        }
        match failed.as_slice() {
            [] => self.but_for.entry(Demand::Names).or_default().add(place, String::new()),
            [Demand::Line, others @ ..] => self.near(record, others.is_empty(), place),
            [demand] => {
                let text = self.found(*demand, record, sections);
                self.but_for.entry(*demand).or_default().add(place, text);
            }
            _ => {}
        }
    }

    fn demands(&self) -> Vec<Demand> {
        let line = (!self.evidence.lines.is_empty()).then_some(Demand::Line);
        let section = self.evidence.section.as_ref().map(|_| Demand::Section);
        line.into_iter().chain(section).chain((0..self.evidence.fields.len()).map(Demand::Field)).collect()
    }

    fn meets(&self, demand: Demand, record: &Record, sections: &[Section]) -> bool {
        match demand {
            Demand::Line => self.evidence.lines.iter().any(|line| line.pattern.find(record.message()).is_some()),
            Demand::Section => self
                .evidence
                .section
                .as_ref()
                .is_none_or(|wanted| titles(record, sections).any(|title| wanted.find_whole(title).is_some())),
            Demand::Field(at) => {
                let (name, field) = &self.evidence.fields[at];
                record.field(name).is_some_and(|text| field.pattern.find_whole(text).is_some())
            }
            Demand::Names => true,
        }
    }

    /// What a record has in place of what is demanded.
    fn found(&self, demand: Demand, record: &Record, sections: &[Section]) -> String {
        let text = match demand {
            Demand::Section => titles(record, sections).next(),
            Demand::Field(at) => record.field(&self.evidence.fields[at].0),
            Demand::Line | Demand::Names => None,
        };
        cut(text.unwrap_or("-"))
    }

    /// A record that no line pattern matches.
    fn near(&mut self, record: &Record, rest: bool, place: &dyn Fn() -> String) {
        for prefixes in &self.prefixes {
            let known = self.line.as_ref().map(|(rank, ..)| *rank);
            let least = match known {
                Some((true, _)) if !rest => return,
                Some((known, rank)) if known == rest => rank,
                _ => 0,
            };
            let Some(nearest) = prefixes.nearest(record.message(), least) else { continue };
            let rank = (rest, nearest.rank);
            let refused = cut(&nearest.refused);
            match &mut self.line {
                Some((known, known_nearest, tally))
                    if *known == rank
                        && (&known_nearest.matched, &known_nearest.next) == (&nearest.matched, &nearest.next) =>
                {
                    tally.add(place, refused);
                }
                _ if known.is_none_or(|known| rank > known) => {
                    let mut tally = Tally::default();
                    tally.add(place, refused);
                    self.line = Some((rank, nearest, tally));
                }
                _ => {}
            }
        }
    }

    /// How near the records came, the nearest first.
    fn misses(&self, world: &World<'_>) -> Vec<Localized> {
        let logs: Vec<&str> = self.evidence.logs.iter().map(|log| world.rules.logs.get(*log).name.as_str()).collect();
        if self.seen == 0 {
            return Vec::new();
        }
        let (name, seen, logs) = (&self.evidence.name, self.seen, logs.join(", "));
        let mut said = vec![say(
            format!("{logs} 的 {seen} 条记录都不匹配 `{name}`"),
            format!("none of the {seen} records of {logs} matches `{name}`"),
        )];
        said.extend(self.line.as_ref().map(|((rest, _), nearest, tally)| self.line_miss(nearest, tally, *rest)));
        for (demand, tally) in &self.but_for {
            said.push(self.but_for_miss(*demand, tally));
        }
        if self.line.is_none() && self.but_for.is_empty() {
            said.extend(self.demands().into_iter().filter_map(|demand| self.alone_miss(demand)));
        }
        said
    }

    fn line_miss(&self, nearest: &Nearest, tally: &Tally, rest: bool) -> Localized {
        let Tally { count, place, texts } = tally;
        let (matched, texts) = (&nearest.matched, texts.join("`, `"));
        let said = match &nearest.next {
            Next::Hole(hole, wanted) => say(
                format!(
                    "空位 `{hole}` 之前的 `{matched}` 匹配 {count} 条，空位不匹配：`{texts}` 不是 {wanted}（{place}）"
                ),
                format!(
                    "`{matched}` before the hole `{hole}` matches {count}, the hole none: `{texts}` is no {wanted} ({place})"
                ),
            ),
            Next::Literal(literal) => say(
                format!("`{matched}` 匹配 {count} 条，其后应为 `{literal}`，却是 `{texts}`（{place}）"),
                format!("`{matched}` matches {count}, but `{literal}` does not follow: `{texts}` does ({place})"),
            ),
            Next::Start => say(
                format!("去掉开头的 `^` 则匹配 {count} 条（{place}）"),
                format!("{count} would match without the `^` ({place})"),
            ),
            Next::End => say(
                format!("去掉结尾的 `$` 则匹配 {count} 条：其后还有 `{texts}`（{place}）"),
                format!("{count} would match without the `$`: `{texts}` follows ({place})"),
            ),
            Next::Case => say(
                format!("不计大小写则匹配 {count} 条（{place}；证据写了 `case: exact`）"),
                format!("{count} would match in another letter case ({place}; the evidence says `case: exact`)"),
            ),
        };
        if rest { said } else { self.elsewhere(&said) }
    }

    /// Of records that fail in something else too.
    fn elsewhere(&self, said: &Localized) -> Localized {
        let what = if self.evidence.section.is_some() { "section" } else { "fields" };
        say(
            format!("{}；这些记录也不满足 `{what}`", said.zh.as_deref().unwrap_or_default()),
            format!("{}; they do not satisfy `{what}` either", said.en.as_deref().unwrap_or_default()),
        )
    }

    fn but_for_miss(&self, demand: Demand, tally: &Tally) -> Localized {
        let Tally { count, place, texts } = tally;
        let texts = texts.join("`, `");
        let wanted = self.written(demand);
        match demand {
            Demand::Section => say(
                format!("去掉 `{wanted}` 则匹配 {count} 条：它们在 `{texts}` 中（{place}）"),
                format!("{count} would match without `{wanted}`: they lie in `{texts}` ({place})"),
            ),
            Demand::Names => say(
                format!("有 {count} 条只因同名捕获的值不一致而不匹配（{place}）"),
                format!("{count} fail only because a name is captured twice with different values ({place})"),
            ),
            _ => say(
                format!("去掉 `{wanted}` 则匹配 {count} 条：其值是 `{texts}`（{place}）"),
                format!("{count} would match without `{wanted}`: theirs is `{texts}` ({place})"),
            ),
        }
    }

    /// A demand that no record satisfies, or how many do.
    fn alone_miss(&self, demand: Demand) -> Option<Localized> {
        let count = self.alone.get(&demand).copied().unwrap_or(0);
        if self.demands().len() == 1 && count == 0 && demand != Demand::Line {
            return None;
        }
        let wanted = self.written(demand);
        Some(match count {
            0 => say(format!("没有一条有 `{wanted}`"), format!("none has `{wanted}`")),
            _ => say(format!("`{wanted}` 单独匹配 {count} 条"), format!("`{wanted}` by itself matches {count}")),
        })
    }

    /// A demand as the rule states it.
    fn written(&self, demand: Demand) -> String {
        match demand {
            Demand::Line => {
                let lines: Vec<String> = self.evidence.lines.iter().map(|line| line.pattern.to_string()).collect();
                lines.join("` / `")
            }
            Demand::Section => {
                format!("section: {}", self.evidence.section.as_ref().map(ToString::to_string).unwrap_or_default())
            }
            Demand::Field(at) => {
                let (name, field) = &self.evidence.fields[at];
                format!("{name}: {}", field.pattern)
            }
            Demand::Names => String::new(),
        }
    }
}

/// The titles of the sections that a record lies in, innermost first.
fn titles<'s>(record: &Record, sections: &'s [Section]) -> impl Iterator<Item = &'s str> {
    let path = std::iter::successors(record.section, |id: &SectionId| sections.get(id.place())?.parent);
    path.filter_map(|id| sections.get(id.place())).map(|section| section.title.as_str())
}

/// The first line of a text, not too long.
fn cut(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default().trim_end();
    let mut chars = line.chars();
    let shown: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() { shown + "…" } else { shown }
}
