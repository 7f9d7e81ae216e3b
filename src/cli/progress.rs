//! A sign of life on standard error for anything longer than a second, only on a terminal: how many bytes are read of
//! those there are, and what is being read.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::bundle::Meter;

use super::Common;

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the bar is drawn.
const OFTEN: Duration = Duration::from_millis(200);

/// Letters of a place that are shown: its end says more.
const PLACE: usize = 48;

/// A bar that goes away by itself.
pub(super) struct Progress {
    meter: Arc<Meter>,
    /// Gone when the work is done; the thread waits for that.
    done: Option<Sender<()>>,
    shows: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts one; it shows after a second.
    pub(super) fn new(common: &Common) -> Progress {
        let (done, waits) = mpsc::channel();
        let meter = Arc::<Meter>::default();
        let seen = !common.quiet && std::io::stderr().is_terminal();
        let shows = seen.then(|| {
            let meter = Arc::clone(&meter);
            thread::spawn(move || show(&meter, &waits))
        });
        Progress { meter, done: Some(done), shows }
    }

    /// Is to be told how far the work has come.
    pub(super) fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }
}

/// Draws until the work ends: nothing is ever sent.
fn show(meter: &Meter, waits: &Receiver<()>) {
    if waits.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{spinner} [{bar:30}] {bytes}/{total_bytes} {elapsed} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
    loop {
        let (read, all, place) = meter.state();
        bar.set_length(all);
        bar.set_position(read);
        bar.set_message(end_of(&place));
        bar.tick();
        if waits.recv_timeout(OFTEN) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    bar.finish_and_clear();
}

/// The end of a place, as text that cannot steer the terminal.
fn end_of(place: &str) -> String {
    let shown: Vec<char> = place.chars().filter(|char| !char.is_control()).collect();
    let cut = shown.len().saturating_sub(PLACE);
    let mark = if cut > 0 { "…" } else { "" };
    mark.chars().chain(shown.into_iter().skip(cut)).collect()
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(shows) = self.shows.take() {
            let _ = shows.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::end_of;

    #[test]
    fn the_end_of_a_place_is_shown() {
        assert_eq!(end_of("logs.zip!/CBS.log"), "logs.zip!/CBS.log");
        let long = format!("{}!/日志/CBS.log", "x".repeat(100));
        assert_eq!(end_of(&long).chars().count(), 49);
        assert!(end_of(&long).starts_with('…') && end_of(&long).ends_with("!/日志/CBS.log"));
        assert_eq!(end_of("a\u{1b}[31mb"), "a[31mb");
    }
}
