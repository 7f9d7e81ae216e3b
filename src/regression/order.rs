//! In which order jobs run, and on how many threads: a shuffled one told by its seed, so that a test that leans on another
//! is found, and found again.

use crate::crew;

/// How jobs are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Tells the order.
    pub seed: u64,
    /// Threads at the most; all cores where not said.
    pub threads: Option<usize>,
}

impl Order {
    /// An order of its own for this run, unless a seed is given.
    #[must_use]
    pub fn new(seed: Option<u64>, threads: Option<usize>) -> Order {
        // A short seed is easier to type again.
        Order { seed: seed.unwrap_or_else(|| u64::from(fastrand::u16(..))), threads }
    }

    /// Runs every item, several at a time; the results stand in the order of the items.
    pub(super) fn run<I: Sync, T: Send>(&self, items: &[I], job: impl Fn(&I) -> T + Sync) -> Vec<T> {
        let mut order: Vec<usize> = (0..items.len()).collect();
        fastrand::Rng::with_seed(self.seed).shuffle(&mut order);
        let threads = self.threads.unwrap_or_else(crew::cores);
        let mut done = crew::map(threads, &order, |at| (*at, job(&items[*at])));
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, result)| result).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::Order;

    fn ran(seed: u64) -> (Vec<usize>, Vec<usize>) {
        let seen = Mutex::new(Vec::new());
        let items: Vec<usize> = (0..20).collect();
        let order = Order::new(Some(seed), Some(1));
        let results = order.run(&items, |item| {
            seen.lock().unwrap().push(*item);
            item * 2
        });
        (seen.into_inner().unwrap(), results)
    }

    #[test]
    fn the_seed_tells_the_order_and_results_stand_in_theirs() {
        let (order, results) = ran(7);
        assert_eq!(results, (0..20).map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(order, ran(7).0);
        assert_ne!(order, ran(8).0);
        let mut all = order;
        all.sort_unstable();
        assert_eq!(all, (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_to_run_is_nothing() {
        assert_eq!(Order::new(None, Some(4)).run(&[0; 0], |item| *item), Vec::<i32>::new());
    }
}
