//! Mutants that mean the same as the rule: a comment in the rule's file says which and why.
//!
//! `# equal mutant: halve within 10m: the two lines are written in one second`. It stands above what it is about, inside
//! the rule, and names the change as the list of survivors does.

use crate::rule::Rule;

use super::super::place::Places;

/// What such a comment begins with.
const BEGIN: &str = "# equal mutant: ";

/// A comment on an equal mutant.
pub(super) struct Comment {
    pub(super) line: usize,
    /// The change and the reason, as written.
    pub(super) text: String,
    pub(super) used: bool,
}

/// The comments of a rule.
pub(super) fn comments(rule: &Rule, places: &Places<'_>) -> Vec<Comment> {
    let lines = places.lines(&rule.name).into_iter();
    lines
        .filter_map(|(line, text)| Some((line, text.trim().strip_prefix(BEGIN)?)))
        .map(|(line, text)| Comment { line, text: text.trim().to_owned(), used: false })
        .collect()
}

/// The reason why a change at a line is equal, if a comment above it says so. A comment counts once, for the first such
/// change below it.
pub(super) fn reason(comments: &mut [Comment], change: &str, line: usize) -> Option<String> {
    let fits = |comment: &&mut Comment| !comment.used && comment.line <= line && why(&comment.text, change).is_some();
    let comment = comments.iter_mut().rev().find(fits)?;
    comment.used = true;
    why(&comment.text, change).map(str::to_owned)
}

/// The reason in a comment on `change`; one without a reason is none.
fn why<'c>(text: &'c str, change: &str) -> Option<&'c str> {
    text.strip_prefix(change)?.strip_prefix(':').map(str::trim).filter(|reason| !reason.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Comment, reason};

    fn comment(line: usize, text: &str) -> Comment {
        Comment { line, text: text.to_owned(), used: false }
    }

    #[test]
    fn a_comment_above_with_the_change_and_a_reason_counts_once() {
        let mut comments = [comment(3, "halve within 5s: one second apart at the most"), comment(9, "drop a:")];
        assert_eq!(reason(&mut comments, "halve within 5s", 2), None);
        assert_eq!(reason(&mut comments, "double within 5s", 4), None);
        assert_eq!(reason(&mut comments, "halve within 5s", 4).as_deref(), Some("one second apart at the most"));
        assert_eq!(reason(&mut comments, "halve within 5s", 5), None);
        assert_eq!(reason(&mut comments, "drop a", 10), None, "without a reason it is no comment");
    }
}
