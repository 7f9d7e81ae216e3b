//! Which hits of its evidence a rule asks for: mostly not each of them, but the first and the last occurrence, and how many
//! there are.

use std::collections::BTreeSet;

use crate::logs::Place;
use crate::rule::{Condition, Evidence, EvidenceId, Rule, RuleSet, Step, Window};
use crate::scan::{Need, Settled, Standing};
use crate::value::Stamp;

use super::solve::evidence_of;
use super::timeline::apart;

/// One hit after the other: each piece of evidence, with how much later than the one before it may come.
type Steps = Vec<(EvidenceId, Option<i64>)>;

/// What is asked of the hits of the evidence of the rule at a position, where no other rule reads its finding. Where each hit
/// makes an occurrence, the first and the last are told and the others counted; the same goes for those of a sequence; what
/// only has to be there is told by its first hit. Evidence that anything else reads, or that a name or a `where` ties, is
/// asked for each of its hits.
pub(super) fn needs(rules: &RuleSet, index: usize, evidence: EvidenceId) -> Need {
    let rule = &rules.rules[index];
    let Some((alone, beside)) = parts(&rule.signature) else { return Need::All };
    let ids = || alone.iter().flatten().map(|(id, _)| *id).chain(beside.iter().copied());
    let all: BTreeSet<EvidenceId> = ids().collect();
    let named = rule.conditions().flat_map(evidence_of).filter(|id| all.contains(id)).count();
    let kind = |id: EvidenceId| rule.evidence[id.0].logs.as_slice();
    let plain = ids().all(|id| is_plain(rules, &rule.evidence[id.0]));
    let one_log = alone.iter().all(|steps| steps.iter().all(|(id, _)| kind(*id) == kind(steps[0].0)));
    if !all.contains(&evidence) || named != all.len() || ids().count() != named || !plain || !one_log {
        return Need::All;
    }
    // Where a step after the second is held to a window, the earliest hits may fail where others would not.
    if alone.iter().any(|steps| steps.iter().skip(2).any(|(_, within)| within.is_some())) {
        return Need::All;
    }
    // Alternatives are solved apart from each other.
    if (alone.len() == 1 && !binds_apart(rule, ids())) || !alone.iter().all(|steps| binds_apart(rule, names(steps))) {
        return Need::All;
    }
    match alone.iter().find(|steps| names(steps).any(|id| id == evidence)) {
        Some(steps) if steps.len() == 1 => Need::Ends,
        Some(_) => Need::Chain,
        None => Need::First,
    }
}

/// What makes the occurrences of a signature, a sequence for each alternative, and what has to be there beside it; `None` for
/// one that is made in another way.
fn parts(signature: &Condition) -> Option<(Vec<Steps>, Vec<EvidenceId>)> {
    let single = |part: &Condition| match part {
        Condition::Evidence(id) => Some(*id),
        _ => None,
    };
    match signature {
        Condition::All(parts) => {
            let (first, others) = parts.split_first()?;
            Some((vec![steps(first)?], others.iter().map(single).collect::<Option<_>>()?))
        }
        // Of several sequences it would have to be told whose a hit is.
        Condition::Any(parts) => {
            let alone = parts.iter().map(|part| Some(vec![(single(part)?, None)]));
            Some((alone.collect::<Option<_>>()?, Vec::new()))
        }
        single => Some((vec![steps(single)?], Vec::new())),
    }
}

/// A condition as one hit after the other.
pub(super) fn steps(condition: &Condition) -> Option<Steps> {
    let step = |step: &Step| match step.condition {
        Condition::Evidence(id) if !step.negated => Some((id, step.within.map(|Window(within)| within))),
        _ => None,
    };
    match condition {
        Condition::Evidence(id) => Some(vec![(*id, None)]),
        Condition::Then { first, steps } => match **first {
            Condition::Evidence(id) => [Some((id, None))].into_iter().chain(steps.iter().map(step)).collect(),
            _ => None,
        },
        _ => None,
    }
}

fn names(steps: &Steps) -> impl Iterator<Item = EvidenceId> {
    steps.iter().map(|(id, _)| *id)
}

/// Whether no two of these pieces of evidence bind the same name.
fn binds_apart(rule: &Rule, ids: impl Iterator<Item = EvidenceId>) -> bool {
    let mut bound = BTreeSet::new();
    ids.flat_map(|id| rule.evidence[id.0].captures()).all(|capture| bound.insert(capture))
}

/// Whether hits of evidence stand in one log by the order of their stamps, and nothing asks which of them count.
fn is_plain(rules: &RuleSet, evidence: &Evidence) -> bool {
    let [log] = evidence.logs.as_slice() else { return false };
    let state = rules.logs.get(*log).snapshot.is_some();
    !state && evidence.filter.is_none() && evidence.section.is_none()
}

/// A sequence, and where the hits of its steps stand in one log, as far as they are known.
struct Sequence<'h> {
    steps: Vec<(&'h [Place], Option<i64>)>,
    /// The latest stamp of all.
    newest: Stamp,
    /// Of the log's clock.
    resolution: i64,
}

/// What became of the first hit of a sequence.
enum Outcome {
    /// The hits of its steps, by their positions.
    Complete(Vec<usize>),
    /// One that may come yet could complete it.
    Waiting,
    Failed,
}

impl Sequence<'_> {
    /// What becomes of the hit at a position of the first step. `next` tells where each step was looked at last: the hits of
    /// the first are asked for one after the other.
    fn outcome(&self, at: usize, next: &mut [usize]) -> Outcome {
        let mut positions = vec![at];
        let mut before = &self.steps[0].0[at];
        for ((hits, within), next) in self.steps.iter().zip(next).skip(1) {
            *next += hits[*next..].iter().take_while(|hit| *hit <= before).count();
            match hits.get(*next) {
                Some(hit) if !self.is_late(before, hit.0, *within) => {
                    positions.push(*next);
                    before = hit;
                }
                None if !self.is_late(before, Some(self.newest), *within) => return Outcome::Waiting,
                _ => return Outcome::Failed,
            }
        }
        Outcome::Complete(positions)
    }

    /// Whether so much time is between a hit and a stamp that the one cannot follow the other.
    fn is_late(&self, from: &Place, to: Option<Stamp>, within: Option<i64>) -> bool {
        let distance = || apart(from.0?, to?, self.resolution);
        within.is_some_and(|within| distance().is_none_or(|distance| distance > within))
    }

    /// The hits that go on with what began before all of these, whichever step it waits for: the first of that step and the
    /// earliest of those that follow it. Each as its step and its position.
    fn goes_on(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for from in 1..self.steps.len() {
            let mut before = None;
            for (step, (hits, _)) in self.steps.iter().enumerate().skip(from) {
                let next = hits.partition_point(|hit| Some(hit) <= before);
                let Some(hit) = hits.get(next) else { break };
                found.push((step, next));
                before = Some(hit);
            }
        }
        found
    }
}

/// Which hits of a rule's sequence are asked for when those are known that its evidence has in one log so far, or in a part
/// of it, by evidence, each in the order of its time: later hits come later in the log's time as well. `None` where nothing
/// can be said yet.
///
/// As soon as there is one occurrence, nothing counts but occurrences: of those that are complete the first and the last, and
/// what may complete one that is not, or one that began in an earlier part or file.
pub(super) fn settled(rules: &RuleSet, index: usize, hits: &[Standing]) -> Option<Settled> {
    let rule = &rules.rules[index];
    let (alone, _) = parts(&rule.signature)?;
    let steps = alone.first().filter(|steps| steps.len() > 1)?;
    let first = steps[0].0;
    let of = |(id, within): &(EvidenceId, _)| (hits.get(id.0).map_or(&[][..], Vec::as_slice), *within);
    let own: Vec<(&[Place], Option<i64>)> = steps.iter().map(of).collect();
    // One without a stamp stands before all others, and what follows it takes a search to say.
    let stamps = own.iter().flat_map(|(hits, _)| *hits).map(|hit| hit.0);
    let newest = stamps.collect::<Option<Vec<Stamp>>>()?.into_iter().max()?;
    let resolution = rules.logs.get(*rule.evidence[first.0].logs.first()?).resolution();
    let sequence = Sequence { steps: own, newest, resolution };

    let mut next = vec![0; steps.len()];
    let (mut complete, mut count, mut waiting) = (Vec::<Vec<usize>>::new(), 0, Vec::new());
    for at in 0..sequence.steps[0].0.len() {
        match sequence.outcome(at, &mut next) {
            Outcome::Complete(positions) => {
                count += 1;
                // The first of all stays, and the last so far.
                complete.truncate(1);
                complete.push(positions);
            }
            Outcome::Waiting => waiting.push(at),
            Outcome::Failed => {}
        }
    }
    let since = waiting.first().map(|at| &sequence.steps[0].0[*at]);
    let goes_on = sequence.goes_on();
    let left = steps.iter().zip(&sequence.steps).enumerate().map(|(step, ((id, _), (hits, _)))| {
        let told = complete.iter().map(|positions| positions[step]);
        let open = match step {
            0 => waiting.clone(),
            _ => (0..hits.len()).filter(|at| since.is_some_and(|since| hits[*at] > *since)).collect(),
        };
        let goes_on = goes_on.iter().filter(|(own, _)| *own == step).map(|(_, at)| *at);
        (*id, told.chain(open).chain(goes_on).collect())
    });
    (count > 0).then(|| Settled { left: left.collect(), first, occurrences: count - complete.len() })
}
