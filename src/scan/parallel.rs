//! Looks at the chunks of one text on several threads, and gives them on in their order.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::chunk::{Chunk, Chunks, Glance};

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
struct Relay<'c, 'k, T, L> {
    chunks: &'c Chunks<'k>,
    threads: usize,
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
    /// There are no more chunks, or they are not wanted.
    ended: bool,
}

/// Looks at every chunk and calls `give` with each in order, until it gives one back. That one and what was read beyond
/// it come back.
pub(super) fn in_order<T: Send>(
    chunks: &Chunks<'_>,
    threads: usize,
    look: impl Fn(&[u8]) -> T + Sync,
    mut give: impl FnMut(Looked<T>) -> Option<Chunk>,
) -> Vec<Chunk> {
    let state = Mutex::new(State { done: BTreeMap::new(), given: 0, busy: 0, ended: false });
    let relay = Relay { chunks, threads, look, state, changed: Condvar::new() };
    let refused = thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| while relay.help() {});
        }
        loop {
            match relay.next() {
                Next::Given(looked) => {
                    if let Some(chunk) = give(*looked) {
                        relay.end();
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

/// What the thread that gives chunks on has to do.
enum Next<T> {
    /// To give on this one.
    Given(Box<Looked<T>>),
    /// It did what the others do, or waited.
    Worked,
    Ended,
}

impl<T: Send, L: Fn(&[u8]) -> T + Sync> Relay<'_, '_, T, L> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State<T>>) -> MutexGuard<'s, State<T>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether one chunk more may be looked at before those that are waiting were given on.
    fn has_room(&self, state: &State<T>) -> bool {
        !state.ended && state.done.len() + state.busy < AHEAD * self.threads
    }

    /// Takes a chunk and looks at it.
    fn work(&self, mut state: MutexGuard<'_, State<T>>) {
        state.busy += 1;
        drop(state);
        let looked = self.chunks.next().map(|chunk| {
            let glance = chunk.glance();
            let seen = glance.plain.then(|| (self.look)(&chunk.bytes));
            Looked { chunk, glance, seen }
        });
        let mut state = self.lock();
        state.busy -= 1;
        state.ended |= looked.is_none();
        state.done.extend(looked.map(|looked| (looked.chunk.number, looked)));
        self.changed.notify_all();
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
            self.changed.notify_all();
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

    /// No more chunks are wanted.
    fn end(&self) {
        self.lock().ended = true;
        self.changed.notify_all();
    }
}
