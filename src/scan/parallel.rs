//! Looks at the chunks of one text on several threads, and gives them on in their order.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::chunk::Chunk;
use super::glance::Glance;
use super::profile::{self, Measure, Stage};

/// Chunks for each thread that may wait for an earlier one.
const AHEAD: usize = 4;

/// A chunk, and what was seen in it.
pub(super) struct Looked<T> {
    pub(super) chunk: Chunk,
    pub(super) glance: Glance,
    /// What the look gave; `None` for a chunk that is not plain.
    pub(super) seen: Option<T>,
}

/// What the threads share.
struct Relay<'m, T, N, L> {
    threads: usize,
    measure: Measure<'m>,
    next: N,
    look: L,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    done: BTreeMap<usize, Looked<T>>,
    /// Chunks that were given on.
    given: usize,
    /// Chunks that are being looked at.
    busy: usize,
    /// Threads that wait for a change.
    waiting: usize,
    /// There are no more chunks, or they are not wanted.
    ended: bool,
}

/// Looks at every chunk that `next` has and calls `give` with each in order, until it gives one back. That one and what
/// was read beyond it come back.
pub(super) fn in_order<T: Send>(
    next: impl Fn() -> Option<Chunk> + Sync,
    (threads, measure): (usize, Measure<'_>),
    look: impl Fn(&[u8]) -> (Glance, T) + Sync,
    mut give: impl FnMut(Looked<T>) -> Option<Chunk>,
) -> Vec<Chunk> {
    let state = Mutex::new(State { done: BTreeMap::new(), given: 0, busy: 0, waiting: 0, ended: false });
    let relay = Relay { threads, measure, next, look, state, changed: Condvar::new() };
    let refused = thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| while relay.help() {});
        }
        let _giving = Giving(&relay);
        loop {
            match relay.next() {
                Next::Given(looked) => {
                    if let Some(chunk) = give(*looked) {
                        return Some(chunk);
                    }
                }
                Next::Worked => {}
                Next::Ended => return None,
            }
        }
    });
    let state = relay.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    refused.into_iter().chain(state.done.into_values().map(|looked| looked.chunk)).collect()
}

/// A chunk that is being looked at, until it is dropped; also by a panic in the look, after which nobody may wait for it.
struct Busy<'r, T, N, L> {
    relay: &'r Relay<'r, T, N, L>,
    /// Whether no chunk comes after it.
    last: bool,
}

impl<T, N, L> Drop for Busy<'_, T, N, L> {
    fn drop(&mut self) {
        let mut state = self.relay.lock();
        state.busy -= 1;
        state.ended |= self.last;
        self.relay.wake(&state);
    }
}

/// The thread that gives chunks on: when it leaves, also by a panic, nobody waits for room any more.
struct Giving<'r, T, N, L>(&'r Relay<'r, T, N, L>);

impl<T, N, L> Drop for Giving<'_, T, N, L> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.ended = true;
        self.0.wake(&state);
    }
}

/// What the thread that gives chunks on has to do.
enum Next<T> {
    /// To give on this one.
    Given(Box<Looked<T>>),
    /// It did what the others do, or waited.
    Worked,
    Ended,
}

impl<T, N, L> Relay<'_, T, N, L> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes those that wait, if any: to ask for that costs a call of the system.
    fn wake(&self, state: &State<T>) {
        if state.waiting > 0 {
            self.changed.notify_all();
        }
    }
}

impl<T: Send, N: Fn() -> Option<Chunk> + Sync, L: Fn(&[u8]) -> (Glance, T) + Sync> Relay<'_, T, N, L> {
    fn wait<'s>(&self, mut state: MutexGuard<'s, State<T>>) -> MutexGuard<'s, State<T>> {
        state.waiting += 1;
        let mut state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        state
    }

    /// Whether one chunk more may be looked at before those that are waiting were given on.
    fn has_room(&self, state: &State<T>) -> bool {
        !state.ended && state.done.len() + state.busy < AHEAD * self.threads
    }

    /// Takes a chunk and looks at it.
    fn work(&self, mut state: MutexGuard<'_, State<T>>) {
        state.busy += 1;
        drop(state);
        let mut busy = Busy { relay: self, last: true };
        let looked = profile::time(self.measure, Stage::Decode, |_| 0, &self.next).map(|chunk| {
            let (glance, seen) = (self.look)(chunk.bytes());
            let seen = glance.plain.then_some(seen);
            Looked { chunk, glance, seen }
        });
        busy.last = looked.is_none();
        self.lock().done.extend(looked.map(|looked| (looked.chunk.number, looked)));
    }

    /// Looks at a chunk as soon as there is room; false at the end.
    fn help(&self) -> bool {
        let mut state = self.lock();
        while !state.ended && !self.has_room(&state) {
            state = self.wait(state);
        }
        if state.ended {
            return false;
        }
        self.work(state);
        true
    }

    fn next(&self) -> Next<T> {
        let mut state = self.lock();
        let next = state.given;
        if let Some(looked) = state.done.remove(&next) {
            state.given += 1;
            self.wake(&state);
            return Next::Given(Box::new(looked));
        }
        if self.has_room(&state) {
            self.work(state);
        } else if state.ended && state.busy == 0 {
            return Next::Ended;
        } else {
            drop(self.wait(state));
        }
        Next::Worked
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    /// Gives so many chunks, each of one byte, its number.
    fn chunks(count: u8) -> impl Fn() -> Option<Chunk> + Sync {
        let next = Mutex::new(0);
        move || {
            let mut next = next.lock().unwrap();
            let number = *next;
            *next += 1;
            let chunk = Chunk::of(usize::from(number), &[number]);
            (number < count).then_some(chunk)
        }
    }

    #[test]
    fn chunks_are_given_in_order_until_one_is_given_back() {
        for threads in [1, 3] {
            let mut given = Vec::new();
            let rest = in_order(
                chunks(100),
                (threads, None),
                |text| (Glance::new(text), ()),
                |looked| {
                    given.push(looked.chunk.number);
                    (looked.chunk.number == 50).then_some(looked.chunk)
                },
            );
            assert_eq!(given, (0..=50).collect::<Vec<_>>());
            let rest: Vec<usize> = rest.iter().map(|chunk| chunk.number).collect();
            assert_eq!(rest, (50..50 + rest.len()).collect::<Vec<_>>());
        }
    }

    /// A fault of ours ends in a panic, never in threads that wait for each other.
    #[test]
    fn a_panic_in_one_thread_keeps_no_other_waiting() {
        let fails = |text: &[u8]| {
            assert_ne!(text, [40], "the look fails");
            (Glance::new(text), ())
        };
        for threads in [1, 2, 4] {
            let looked = catch_unwind(AssertUnwindSafe(|| in_order(chunks(100), (threads, None), fails, |_| None)));
            assert!(looked.is_err());
            let given = catch_unwind(AssertUnwindSafe(|| {
                in_order(
                    chunks(100),
                    (threads, None),
                    |text| (Glance::new(text), ()),
                    |looked| {
                        assert_ne!(looked.chunk.number, 40, "the giving fails");
                        None
                    },
                )
            }));
            assert!(given.is_err());
        }
    }
}
