//! Room that is used again: by the thread that used it before, near whose processor it lies.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// Room that nobody uses.
#[derive(Debug)]
pub(super) struct Spare<T>(Mutex<Vec<(ThreadId, T)>>);

impl<T> Default for Spare<T> {
    fn default() -> Spare<T> {
        Spare(Mutex::default())
    }
}

impl<T: Default> Spare<T> {
    fn lock(&self) -> MutexGuard<'_, Vec<(ThreadId, T)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What this thread gave back last, else another, else new room.
    pub(super) fn take(&self) -> T {
        let (own, mut spare) = (thread::current().id(), self.lock());
        let taken = match spare.iter().rposition(|(thread, _)| *thread == own) {
            Some(at) => Some(spare.remove(at)),
            None => spare.pop(),
        };
        taken.map(|(_, room)| room).unwrap_or_default()
    }

    /// Takes back room that this thread used.
    pub(super) fn give(&self, room: T) {
        self.give_to(thread::current().id(), room);
    }

    /// Takes back room that another thread used.
    pub(super) fn give_to(&self, thread: ThreadId, room: T) {
        self.lock().push((thread, room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_takes_what_it_gave_back_last_and_only_else_what_another_did() {
        let spare = Spare::default();
        spare.give(1);
        spare.give(2);
        thread::scope(|scope| scope.spawn(|| spare.give(3)).join()).unwrap();
        assert_eq!([spare.take(), spare.take(), spare.take(), spare.take()], [2, 1, 3, 0]);
    }
}
