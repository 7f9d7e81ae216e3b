//! The rules of a set: those that were compiled, or those of a pack, each of which is read when it is first asked for.
//!
//! Of a rule in a pack its outline is known, and for every log kind what is looked for; the rule itself lies there as
//! bytes. One whose bytes are no rule, or not the one of the outline, says nothing, and [`Rules::damaged`] tells it.

mod stored;
#[cfg(test)]
mod tests;

use std::ops::{Index, IndexMut, Range};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};

use super::outline::{self, Sought};
use super::{EvidenceId, Rule};
use crate::logs::LogKindId;

use stored::{Stored, Written};

/// Rules, by name in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Those that were compiled; none where there are stored ones.
    own: Vec<Rule>,
    stored: Option<Arc<Stored>>,
}

impl Rules {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.stored {
            None => self.own.len(),
            Some(stored) => stored.read.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rule at a position.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Rule> {
        match &self.stored {
            None => self.own.get(at),
            Some(stored) => stored.rule(at),
        }
    }

    /// All of them; reads what is not read yet.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { rules: self, at: 0..self.len() }
    }

    /// The position of the rule called `name`.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        match &self.stored {
            None => self.own.iter().position(|rule| rule.name == name),
            Some(stored) => stored.written.outlines.binary_search_by(|outline| outline.name.as_str().cmp(name)).ok(),
        }
    }

    /// The names of all rules, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|at| match &self.stored {
            None => self.own.get(at).map(|rule| rule.name.as_str()),
            Some(stored) => stored.written.outlines.get(at).map(|outline| outline.name.as_str()),
        })
    }

    /// The names of the rules whose findings the rule at a position reads, in the order written.
    #[must_use]
    pub fn reads(&self, at: usize) -> Vec<&str> {
        match &self.stored {
            None => self.own.get(at).map(Rule::reads).unwrap_or_default(),
            Some(stored) => {
                let own = stored.written.outlines.get(at).map_or(&[][..], |outline| &outline.reads);
                own.iter().map(String::as_str).collect()
            }
        }
    }

    /// Whether another rule, or it itself, reads the finding of the rule at each position.
    #[must_use]
    pub fn are_read(&self) -> Vec<bool> {
        let mut read = vec![false; self.len()];
        for at in (0..self.len()).flat_map(|at| self.reads(at)).filter_map(|name| self.position(name)) {
            if let Some(read) = read.get_mut(at) {
                *read = true;
            }
        }
        read
    }

    /// Whether one of them asks what lies in one attempt, of whatever log: it may ask it of another's findings.
    #[must_use]
    pub fn ask_for_attempts(&self) -> bool {
        match &self.stored {
            None => self.own.iter().any(Rule::asks_for_attempts),
            Some(stored) => stored.written.outlines.iter().any(|outline| outline.attempts),
        }
    }

    /// Which rules are at these positions, or are read by one of them, or by one that is read.
    #[must_use]
    pub fn with_read(&self, positions: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut with = vec![false; self.len()];
        let mut waiting: Vec<usize> = positions.into_iter().collect();
        while let Some(at) = waiting.pop() {
            if with.get(at) == Some(&false) {
                with[at] = true;
                waiting.extend(self.reads(at).into_iter().filter_map(|name| self.position(name)));
            }
        }
        with
    }

    /// Whether the rule at a position finds nothing, told without solving it. `hit` tells whether a piece of its evidence
    /// has one.
    pub fn finds_nothing(&self, at: usize, hit: impl Fn(EvidenceId) -> bool) -> bool {
        if let Some(stored) = &self.stored
            && let Some(outline) = stored.written.outlines.get(at)
            && !(0..outline.evidence).any(|evidence| hit(EvidenceId(evidence)))
        {
            return outline.silent;
        }
        self.get(at).is_none_or(|rule| outline::finds_nothing(rule, hit))
    }

    /// The evidence that is looked for in logs of a kind, in the order of the rules.
    #[must_use]
    pub fn sought(&self, log: LogKindId) -> Vec<Sought<'_>> {
        match &self.stored {
            None => outline::sought(self.own.iter(), log),
            Some(stored) => stored.sought(log),
        }
    }

    /// Whether something that was asked for could not be read.
    #[must_use]
    pub fn damaged(&self) -> bool {
        self.stored.as_ref().is_some_and(|stored| stored.damaged.load(Ordering::Relaxed))
    }

    /// All of them, to be changed.
    pub fn all_mut(&mut self) -> &mut Vec<Rule> {
        if self.stored.is_some() {
            self.own = self.iter().cloned().collect();
            self.stored = None;
        }
        &mut self.own
    }

    /// Whether they may be rules of a set with so many log kinds; asked before any is read.
    pub(super) fn are_sound(&self, kinds: usize) -> bool {
        match &self.stored {
            None => self.own.iter().all(|rule| rule.is_sound(kinds)),
            Some(stored) => *stored.kinds.get_or_init(|| kinds) == kinds && stored.written.sought.len() <= kinds,
        }
    }
}

impl Serialize for Rules {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.stored {
            None => Written::new(&self.own).map_err(S::Error::custom)?.serialize(serializer),
            Some(stored) => stored.written.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rules, D::Error> {
        Ok(Rules { own: Vec::new(), stored: Some(Arc::new(Stored::deserialize(deserializer)?)) })
    }
}

/// Rules one after the other.
#[derive(Clone, Debug)]
pub struct Iter<'r> {
    rules: &'r Rules,
    at: Range<usize>,
}

impl<'r> Iterator for Iter<'r> {
    type Item = &'r Rule;

    fn next(&mut self) -> Option<&'r Rule> {
        self.rules.get(self.at.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.at.size_hint()
    }
}

impl<'r> IntoIterator for &'r Rules {
    type Item = &'r Rule;
    type IntoIter = Iter<'r>;

    fn into_iter(self) -> Iter<'r> {
        self.iter()
    }
}

impl Index<usize> for Rules {
    type Output = Rule;

    fn index(&self, at: usize) -> &Rule {
        match &self.stored {
            None => &self.own[at],
            Some(stored) => stored.rule(at).expect("the position of a rule"),
        }
    }
}

impl IndexMut<usize> for Rules {
    fn index_mut(&mut self, at: usize) -> &mut Rule {
        &mut self.all_mut()[at]
    }
}

impl From<Vec<Rule>> for Rules {
    fn from(rules: Vec<Rule>) -> Rules {
        Rules { own: rules, stored: None }
    }
}

impl FromIterator<Rule> for Rules {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Rules {
        Rules::from(rules.into_iter().collect::<Vec<Rule>>())
    }
}
