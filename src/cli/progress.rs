//! A sign of life on standard error for anything longer than a second, only on a terminal.

use std::io::IsTerminal as _;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Common;

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// A spinner that goes away by itself.
pub(super) struct Progress {
    /// Gone when the work is done; the thread waits for that.
    done: Option<Sender<()>>,
    shows: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts one; it shows after a second.
    pub(super) fn new(message: String, common: &Common) -> Progress {
        let (done, waits) = mpsc::channel();
        let seen = !common.quiet && std::io::stderr().is_terminal();
        let shows = seen.then(|| {
            thread::spawn(move || {
                if waits.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    let bar = bar(message);
                    // Nothing is ever sent: this ends when the work does.
                    let _ = waits.recv();
                    bar.finish_and_clear();
                }
            })
        });
        Progress { done: Some(done), shows }
    }
}

fn bar(message: String) -> ProgressBar {
    let bar = ProgressBar::no_length();
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.set_message(message);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(shows) = self.shows.take() {
            let _ = shows.join();
        }
    }
}
