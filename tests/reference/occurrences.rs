//! The occurrences of a condition: one for each hit of its anchor that some way completes.

use casebook::rule::Condition;

use super::meaning::{Anchor, Around, Meaning, Occurrence, Way};

impl<'a> Meaning<'a> {
    /// The certain occurrences of a condition, branch by branch in the order of their anchors; and whether there may be
    /// more, with the heaviest way that may be one.
    pub(super) fn occurrences(&self, condition: &'a Condition, start: &Way<'a>) -> (Vec<Occurrence<'a>>, bool) {
        let (found, heaviest) = self.all_occurrences(condition, start);
        (found, heaviest.is_some())
    }

    pub(super) fn all_occurrences(
        &self,
        condition: &'a Condition,
        start: &Way<'a>,
    ) -> (Vec<Occurrence<'a>>, Option<usize>) {
        let kept = (self.anchor.get(), self.branch.borrow().clone());
        let mut found = Vec::new();
        let mut heaviest: Option<usize> = None;
        for branch in super::read::branches(condition) {
            let leaf = super::read::anchor(condition, &branch);
            self.branch.replace(branch);
            let trials: Vec<Option<Anchor<'a>>> = match leaf {
                None => vec![None],
                Some(Condition::Evidence(id)) => {
                    let hits = (0..self.hits(id.0).len()).map(|at| Some(Anchor::Hit(id.0, at)));
                    hits.chain([Some(Anchor::Unseen(id.0))]).collect()
                }
                Some(finding) => {
                    let past = self.past(finding).len();
                    let happened = (0..past).map(|at| Some(Anchor::Past(finding, at)));
                    happened.chain([Some(Anchor::NoPast(finding))]).collect()
                }
            };
            for trial in trials {
                self.anchor.set(trial);
                let mut doubtful: Option<usize> = None;
                let mut certain = None;
                for (way, _) in self.ways(condition, start, &Around::default()) {
                    match self.complete(&way, 0) {
                        Some(true) => {
                            certain = Some(way);
                            break;
                        }
                        Some(false) => doubtful = doubtful.max(Some(way.weight())),
                        None => {}
                    }
                }
                match certain {
                    Some(way) => found.push(Occurrence { way, anchor: trial }),
                    None => heaviest = heaviest.max(doubtful),
                }
            }
        }
        self.anchor.set(kept.0);
        self.branch.replace(kept.1);
        (found, heaviest)
    }

    /// What a cause's condition comes to, given what an occurrence chose: `None` is not known.
    pub(super) fn judge(&self, when: &'a Condition, given: &Way<'a>) -> Option<bool> {
        let start = Way { unseen: Vec::new(), filters: Vec::new(), ..Self::afresh(given) };
        let ends: Vec<bool> =
            self.ways(when, &start, &Around::default()).iter().filter_map(|(way, _)| self.complete(way, 0)).collect();
        if ends.contains(&true) { Some(true) } else { ends.is_empty().then_some(false) }
    }
}
