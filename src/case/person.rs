//! The person behind a sender: `Engineer A` of `"Engineer A" <a@example.com>`, nobody of an address or a mailbox.
//!
//! Used where a name would be put under a mail; who stands on which side never hangs on it.

use super::book::{Marks, first};
use super::fold::Folded;

/// The name that `from` shows, if it is a person's.
pub(super) fn read(from: &str, marks: &Marks) -> Option<String> {
    let shown = from.split('<').next().unwrap_or(from).trim_matches(|c: char| c.is_whitespace() || "\"'“”".contains(c));
    let is_person = !shown.is_empty() && !shown.contains('@') && first(&marks.mailbox, &Folded::new(shown)).is_none();
    is_person.then(|| shown.to_owned())
}
