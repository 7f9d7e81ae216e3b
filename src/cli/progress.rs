//! A sign of life on standard error for anything longer than a second, only on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Common;

/// A spinner that goes away by itself.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Starts one; it shows after a second.
    pub(super) fn new(message: String, common: &Common) -> Progress {
        let bar = if common.quiet { ProgressBar::hidden() } else { ProgressBar::no_length() };
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg} {elapsed}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        bar.set_message(message);
        bar.enable_steady_tick(Duration::from_secs(1));
        Progress { bar }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
