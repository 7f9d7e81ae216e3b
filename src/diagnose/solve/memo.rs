//! What the search has learned: choices that cannot come to anything are not tried again.
//!
//! What comes of a choice depends on the choice, on what follows it, and on those bindings that what follows reads. The
//! three together are a *state*; states are numbered, and of every state it is kept which choices failed. A list that
//! is walked again in the same state skips them in one step, however many they are: that is why windows cost nothing.

use std::cell::{Cell, RefCell};

use foldhash::HashMap;
use smallvec::SmallVec;

use crate::diagnose::truth::Truth;
use crate::logs::Place;

/// What a state depends on: mostly so little that it takes no memory of its own.
pub(super) type Parts = SmallVec<[u64; 16]>;

/// The number of a state.
pub(super) type State = u32;

/// Steps of one rule beside those that its hits ask for.
const SPARE: u64 = 1_000_000;

/// Steps that a hit may ask for.
const A_HIT: u64 = 64;

/// Where in its order the stretch begins that choices are held to; what fails in a stretch fails in a later one too.
pub(super) type Floor = Option<Place>;

/// Where to go on from a choice, by state and choice, and the floor from which on that holds.
type Skips = HashMap<(State, usize), (usize, Floor)>;

#[derive(Default)]
pub(super) struct Memo {
    states: RefCell<HashMap<Parts, State>>,
    /// Choices that failed.
    failed: RefCell<Skips>,
    /// Choices that failed or are in doubt.
    doubtful: RefCell<Skips>,
    steps: Cell<u64>,
    limit: u64,
}

impl Memo {
    /// A memory for a rule with so many hits.
    pub(super) fn new(hits: usize) -> Self {
        Self { limit: SPARE.saturating_add(A_HIT.saturating_mul(hits as u64)), ..Self::default() }
    }

    /// The number of a state, told by everything it depends on.
    pub(super) fn state(&self, parts: Parts) -> State {
        let mut states = self.states.borrow_mut();
        let next = State::try_from(states.len()).unwrap_or(State::MAX);
        *states.entry(parts).or_insert(next)
    }

    /// Counts a step.
    pub(super) fn step(&self) {
        self.steps.set(self.steps.get() + 1);
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Whether the search is given up.
    pub(super) fn exhausted(&self) -> bool {
        self.steps.get() > self.limit
    }

    /// Tries choices from `from` up to `to` in a state until one comes to true. `attempt` gives its truth, and whether
    /// that depends on the state alone.
    pub(super) fn walk(
        &self,
        (state, floor): (State, Floor),
        from: usize,
        to: usize,
        mut attempt: impl FnMut(usize) -> (Truth, bool),
    ) -> Truth {
        let mut truth = Truth::False;
        let mut at = from;
        loop {
            // One doubt is enough: more of them change nothing.
            let skipped = if truth == Truth::Unknown { &self.doubtful } else { &self.failed };
            at = self.skip(skipped, (state, floor), at);
            if at >= to {
                return truth;
            }
            self.step();
            let (found, settled) = attempt(at);
            if found == Truth::True {
                return found;
            }
            if self.exhausted() {
                return Truth::Unknown;
            }
            truth = truth.or(found);
            if settled {
                self.doubtful.borrow_mut().insert((state, at), (at + 1, floor));
                if found == Truth::False {
                    self.failed.borrow_mut().insert((state, at), (at + 1, floor));
                }
            }
            at += 1;
        }
    }

    /// The first choice from `at` on that is not among the skipped; the way there is shortened for the next time.
    fn skip(&self, skipped: &RefCell<Skips>, (state, floor): (State, Floor), at: usize) -> usize {
        let mut skipped = skipped.borrow_mut();
        let mut end = at;
        while let Some((next, _)) = skipped.get(&(state, end)).filter(|(_, since)| *since <= floor) {
            self.step();
            end = *next;
        }
        let mut on = at;
        while on < end {
            match skipped.insert((state, on), (end, floor)) {
                Some((next, _)) if next > on => on = next,
                _ => break,
            }
        }
        end
    }
}
