//! Reads the chunks of one text, looks at them on several threads, and gives them on in their order.
//!
//! One thread reads at a time, and looks at what it read, which its processor has near; another reads on meanwhile. Where
//! to read takes so much longer than to look (to unpack, to narrow UTF-16) that the others would only wait for their turn to
//! read, a thread that reads while others have nothing to do hands them what it read, and reads on.

use std::collections::{BTreeMap, VecDeque};
use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::chunk::Chunk;
use super::glance::Glance;
use super::profile::{self, Measure, Stage};

/// Chunks for each thread that may wait for an earlier one.
const AHEAD: usize = 4;

/// How often a thread that has nothing to do asks for a change before it sleeps, and for how many turns of a processor it
/// waits each time: to read a block takes less time than to wake a thread.
const TRIES: usize = 128;
const TURNS: usize = 16;

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
    /// How often the state changed, for those that have nothing to do.
    changes: AtomicUsize,
    changed: Condvar,
}

struct State<T> {
    /// Chunks to look at.
    read: VecDeque<Chunk>,
    /// Chunks that were looked at.
    done: BTreeMap<usize, Looked<T>>,
    /// Chunks that were given on.
    given: usize,
    /// Threads that look at a chunk.
    looking: usize,
    /// How long it took to read all chunks so far, and to look at them.
    read_for: Duration,
    looked_for: Duration,
    /// Whether a thread reads.
    reading: bool,
    /// Threads that have nothing to do, and those of them that sleep.
    idle: usize,
    asleep: usize,
    /// There are no more chunks, or they are not wanted.
    ended: bool,
    /// What was read is not wanted either.
    left: bool,
}

/// Looks at every chunk that `next` has and calls `give` with each in order, until it gives one back. That one and what
/// was read beyond it come back. `next` is called by one thread at a time.
pub(super) fn in_order<T: Send>(
    next: impl Fn() -> Option<Chunk> + Sync,
    (threads, measure): (usize, Measure<'_>),
    look: impl Fn(&[u8]) -> (Glance, T) + Sync,
    mut give: impl FnMut(Looked<T>) -> Option<Chunk>,
) -> Vec<Chunk> {
    let (state, changes, changed) = (Mutex::new(State::new()), AtomicUsize::new(0), Condvar::new());
    let relay = Relay { threads, measure, next, look, state, changes, changed };
    let refused = thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| relay.help());
        }
        let _giving = Giving(&relay);
        loop {
            match relay.next() {
                Some(looked) => {
                    if let Some(chunk) = give(looked) {
                        return Some(chunk);
                    }
                }
                None => return None,
            }
        }
    });
    let State { read, done, .. } = relay.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut rest: Vec<Chunk> = done.into_values().map(|looked| looked.chunk).chain(read).collect();
    rest.sort_by_key(|chunk| chunk.number);
    refused.into_iter().chain(rest).collect()
}

/// What a thread has to do.
enum Task {
    Look(Chunk),
    Read,
    /// Nothing, until something changes.
    Wait,
    /// Nothing any more.
    End,
}

impl<T> State<T> {
    fn new() -> State<T> {
        State {
            read: VecDeque::new(),
            done: BTreeMap::new(),
            given: 0,
            looking: 0,
            read_for: Duration::ZERO,
            looked_for: Duration::ZERO,
            reading: false,
            idle: 0,
            asleep: 0,
            ended: false,
            left: false,
        }
    }

    /// What one thread is to do, as if it did.
    fn task(&mut self, threads: usize) -> Task {
        if self.left {
            Task::End
        } else if let Some(chunk) = self.read.pop_front() {
            self.looking += 1;
            Task::Look(chunk)
        } else if self.ended {
            Task::End
        } else if !self.reading && self.has_room(threads) {
            self.reading = true;
            Task::Read
        } else {
            Task::Wait
        }
    }

    /// Whether one chunk more may be read before those that are waiting were given on.
    fn has_room(&self, threads: usize) -> bool {
        self.done.len() + self.read.len() + self.looking < AHEAD * threads
    }

    /// Whether all threads would wait for their turn to read, as far as what was looked at tells.
    fn reads_slowly(&self, threads: usize) -> bool {
        let others = u32::try_from(threads.saturating_sub(1)).unwrap_or(u32::MAX);
        !self.looked_for.is_zero() && self.read_for.saturating_mul(others) > self.looked_for
    }
}

/// A thread that reads, until it is dropped; also by a panic in the reading, after which nobody may wait for it.
struct Reading<'r, T, N, L> {
    relay: &'r Relay<'r, T, N, L>,
    /// Whether no chunk comes any more.
    last: bool,
    /// Whether it goes on with looking.
    looks: bool,
}

impl<T, N, L> Drop for Reading<'_, T, N, L> {
    fn drop(&mut self) {
        let mut state = self.relay.lock();
        state.reading = false;
        state.ended |= self.last;
        state.looking += usize::from(self.looks);
        self.relay.wake(&state);
    }
}

/// A thread that looks at a chunk, until it is dropped; also by a panic in the look, after which nobody may wait for it.
struct Looking<'r, T, N, L> {
    relay: &'r Relay<'r, T, N, L>,
    began: Instant,
    looked: Option<Looked<T>>,
}

impl<T, N, L> Drop for Looking<'_, T, N, L> {
    fn drop(&mut self) {
        let mut state = self.relay.lock();
        state.looking -= 1;
        state.looked_for += self.began.elapsed();
        match self.looked.take() {
            Some(looked) => drop(state.done.insert(looked.chunk.number, looked)),
            None => state.ended = true,
        }
        self.relay.wake(&state);
    }
}

/// The thread that gives chunks on: when it leaves, also by a panic, nobody waits for room any more.
struct Giving<'r, T, N, L>(&'r Relay<'r, T, N, L>);

impl<T, N, L> Drop for Giving<'_, T, N, L> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        (state.ended, state.left) = (true, true);
        self.0.wake(&state);
    }
}

impl<T, N, L> Relay<'_, T, N, L> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes those that have nothing to do. To ask for those that sleep costs a call of the system.
    fn wake(&self, state: &State<T>) {
        self.changes.fetch_add(1, Ordering::Release);
        if state.asleep > 0 {
            self.changed.notify_all();
        }
    }

    /// Waits for a change.
    fn wait<'s>(&'s self, mut state: MutexGuard<'s, State<T>>) -> MutexGuard<'s, State<T>> {
        let before = self.changes.load(Ordering::Acquire);
        let same = || self.changes.load(Ordering::Acquire) == before;
        state.idle += 1;
        drop(state);
        for _ in 0..TRIES {
            if !same() {
                break;
            }
            (0..TURNS).for_each(|_| hint::spin_loop());
        }
        let mut state = self.lock();
        if same() {
            state.asleep += 1;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.asleep -= 1;
        }
        state.idle -= 1;
        state
    }
}

impl<T: Send, N: Fn() -> Option<Chunk> + Sync, L: Fn(&[u8]) -> (Glance, T) + Sync> Relay<'_, T, N, L> {
    /// Does what there is to do until there is nothing any more.
    fn help(&self) {
        let mut state = self.lock();
        loop {
            state = match state.task(self.threads) {
                Task::End => return,
                task => self.work(task, state),
            };
        }
    }

    /// The next chunk to give on. Does what the others do until there is one.
    fn next(&self) -> Option<Looked<T>> {
        let mut state = self.lock();
        loop {
            let next = state.given;
            if let Some(looked) = state.done.remove(&next) {
                state.given += 1;
                self.wake(&state);
                return Some(looked);
            }
            state = match state.task(self.threads) {
                Task::End if state.looking == 0 => return None,
                Task::End => self.wait(state),
                task => self.work(task, state),
            };
        }
    }

    fn work<'s>(&'s self, task: Task, state: MutexGuard<'s, State<T>>) -> MutexGuard<'s, State<T>> {
        match task {
            Task::Wait | Task::End => return self.wait(state),
            Task::Look(chunk) => {
                drop(state);
                self.look_at(chunk);
            }
            Task::Read => {
                drop(state);
                if let Some(chunk) = self.read() {
                    self.look_at(chunk);
                }
            }
        }
        self.lock()
    }

    /// Reads a chunk to look at, and before it what others have nothing to do for.
    fn read(&self) -> Option<Chunk> {
        let mut reading = Reading { relay: self, last: true, looks: false };
        loop {
            let began = Instant::now();
            let chunk = profile::time(self.measure, Stage::Decode, |_| 0, &self.next)?;
            let mut state = self.lock();
            state.read_for += began.elapsed();
            if state.ended || state.read.len() >= state.idle || !state.reads_slowly(self.threads) {
                (reading.last, reading.looks) = (false, true);
                return Some(chunk);
            }
            state.read.push_back(chunk);
            self.wake(&state);
            if !state.has_room(self.threads) {
                reading.last = false;
                return None;
            }
        }
    }

    /// Looks at a chunk.
    fn look_at(&self, chunk: Chunk) {
        let mut looking = Looking { relay: self, began: Instant::now(), looked: None };
        let (glance, seen) = (self.look)(chunk.bytes());
        let seen = glance.plain.then_some(seen);
        looking.looked = Some(Looked { chunk, glance, seen });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

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

    /// How many of so many chunks are looked at by another thread than the one that read them, where to read one takes so many
    /// milliseconds, and to look at it.
    fn handed_on(count: u8, [read, look]: [u64; 2]) -> usize {
        let readers = Mutex::new(Vec::new());
        let next = chunks(count);
        let reads = || {
            thread::sleep(Duration::from_millis(read));
            let chunk = next()?;
            readers.lock().unwrap().push(thread::current().id());
            Some(chunk)
        };
        let look = |text: &[u8]| {
            thread::sleep(Duration::from_millis(look));
            (Glance::new(text), thread::current().id())
        };
        let mut lookers = Vec::new();
        in_order(reads, (3, None), look, |looked| {
            lookers.push((looked.chunk.number, looked.seen));
            None
        });
        let readers = readers.into_inner().unwrap();
        // Some bytes are none of plain text, and nothing was seen in them.
        let by_another =
            |(number, looker): &&(usize, Option<_>)| looker.is_some_and(|looker| looker != readers[*number]);
        lookers.iter().filter(by_another).count()
    }

    #[test]
    fn what_is_read_slowly_is_handed_to_those_that_have_nothing_to_do() {
        assert!(handed_on(50, [1, 0]) > 0);
    }

    #[test]
    fn what_is_read_quickly_is_looked_at_by_its_reader() {
        assert_eq!(handed_on(3, [5, 200]), 0);
        let slowly = |read, looked, threads| {
            let [read_for, looked_for] = [read, looked].map(Duration::from_millis);
            State { read_for, looked_for, ..State::<()>::new() }.reads_slowly(threads)
        };
        assert!(!slowly(30, 42, 1) && !slowly(30, 42, 2) && slowly(30, 42, 3) && slowly(43, 42, 2));
        assert!(!slowly(30, 0, 2), "nothing was looked at yet");
    }

    #[test]
    fn one_thread_reads_at_a_time() {
        let (reading, next) = (AtomicUsize::new(0), chunks(200));
        let reads = || {
            assert_eq!(reading.fetch_add(1, Ordering::SeqCst), 0);
            let chunk = next();
            thread::yield_now();
            reading.fetch_sub(1, Ordering::SeqCst);
            chunk
        };
        let mut given = 0;
        in_order(
            reads,
            (4, None),
            |text| (Glance::new(text), ()),
            |_| {
                given += 1;
                None
            },
        );
        assert_eq!(given, 200);
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
            let next = chunks(100);
            let breaks = || {
                let chunk = next();
                assert_ne!(chunk.as_ref().map(|chunk| chunk.number), Some(40), "the reading fails");
                chunk
            };
            let look = |text: &[u8]| (Glance::new(text), ());
            let read = catch_unwind(AssertUnwindSafe(|| in_order(breaks, (threads, None), look, |_| None)));
            assert!(read.is_err());
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
