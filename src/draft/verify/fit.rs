//! Whether a quoted line is a line of the log: character for character, with masks standing for one run of text each
//! and shown cuts for any.

use crate::draft::form::shown;
use crate::draft::mask::{find, masks};

/// Where a line or lines were cut.
pub(super) const CUT: &str = "[…]";

/// Steps of one comparison at the most: what needs more does not fit.
const STEPS: usize = 200_000;

/// What the masks of a draft stand for, found as its quotations are compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Bindings {
    /// Mask, and its text in lower case.
    bound: Vec<(String, String)>,
}

impl Bindings {
    fn text(&self, mask: &str) -> Option<&str> {
        self.bound.iter().find(|(known, _)| known == mask).map(|(_, text)| text.as_str())
    }

    /// Whether another mask of the same kind stands for the text already.
    fn taken(&self, mask: &str, text: &str) -> bool {
        let kind = |mask: &str| mask.rsplit_once('-').map(|(kind, _)| kind.to_owned());
        self.bound.iter().any(|(known, own)| own == text && known != mask && kind(known) == kind(mask))
    }
}

/// A piece of a quoted line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'q> {
    Literal(&'q str),
    Mask(&'q str),
    Cut,
}

/// A line as a draft shows it: nothing that steers, no blanks at its end.
pub(super) fn as_shown(line: &str) -> String {
    let text: String = line.chars().map(|char| if char == '\n' { '\u{FFFD}' } else { shown(char) }).collect();
    text.trim_end().to_owned()
}

/// Whether `quoted` is `source`, as shown. What its masks stand for is kept where it is.
pub(super) fn fits(quoted: &str, source: &str, bindings: &mut Bindings) -> bool {
    let quoted = quoted.trim_end();
    if quoted == source {
        return true;
    }
    let pieces = pieces(quoted);
    if matches!(pieces.as_slice(), [] | [Piece::Literal(_)]) {
        return false;
    }
    let mut walk = Walk { source, secrets: secrets(source), bindings: bindings.clone(), steps: 0 };
    if walk.go(&pieces, 0) {
        *bindings = walk.bindings;
        return true;
    }
    false
}

/// Where secrets stand in a line, with their kinds.
fn secrets(source: &str) -> Vec<(usize, usize, &'static str)> {
    find(source).into_iter().map(|one| (one.range.start, one.range.end, one.kind)).collect()
}

fn pieces(quoted: &str) -> Vec<Piece<'_>> {
    let mut marks: Vec<(usize, usize, Piece<'_>)> = Vec::new();
    for (mask, ..) in masks(quoted) {
        let at = mask.as_ptr() as usize - quoted.as_ptr() as usize;
        marks.push((at, at + mask.len(), Piece::Mask(mask)));
    }
    for (at, cut) in quoted.match_indices(CUT) {
        // The blanks around a cut belong to it.
        let begin = at - usize::from(quoted[..at].ends_with(' '));
        let end = at + cut.len();
        marks.push((begin, end + usize::from(quoted[end..].starts_with(' ')), Piece::Cut));
    }
    marks.sort_by_key(|(at, ..)| *at);
    let mut pieces = Vec::new();
    let mut from = 0;
    for (begin, end, piece) in marks {
        if begin > from {
            pieces.push(Piece::Literal(&quoted[from..begin]));
        }
        pieces.push(piece);
        from = end;
    }
    if from < quoted.len() {
        pieces.push(Piece::Literal(&quoted[from..]));
    }
    pieces
}

struct Walk<'s> {
    source: &'s str,
    secrets: Vec<(usize, usize, &'static str)>,
    bindings: Bindings,
    steps: usize,
}

impl Walk<'_> {
    fn go(&mut self, pieces: &[Piece<'_>], at: usize) -> bool {
        self.steps += 1;
        if self.steps > STEPS {
            return false;
        }
        let rest = &self.source[at..];
        match pieces.split_first() {
            None => rest.is_empty(),
            Some((Piece::Literal(text), after)) => rest.starts_with(text) && self.go(after, at + text.len()),
            Some((Piece::Cut, after)) => self.ends(at, after).into_iter().any(|end| self.go(after, end)),
            Some((Piece::Mask(mask), after)) => self.masked(mask, after, at),
        }
    }

    fn masked(&mut self, mask: &str, after: &[Piece<'_>], at: usize) -> bool {
        if let Some(text) = self.bindings.text(mask) {
            let end = at + text.len();
            let same = self.source.get(at..end).is_some_and(|run| run.to_lowercase() == *text);
            return same && self.go(after, end);
        }
        let kind = mask.trim_start_matches('‹').rsplit_once('-').map_or("", |(kind, _)| kind);
        let found = self.secrets.iter().filter(|(start, _, own)| *start == at && *own == kind).map(|(_, end, _)| *end);
        // What is found there first, then any run.
        let ends: Vec<usize> = found.chain(self.ends(at, after)).filter(|end| *end > at).collect();
        ends.into_iter().any(|end| self.bind(mask, at, end, after))
    }

    fn bind(&mut self, mask: &str, at: usize, end: usize, after: &[Piece<'_>]) -> bool {
        let text = self.source[at..end].to_lowercase();
        if self.bindings.taken(mask, &text) {
            return false;
        }
        self.bindings.bound.push((mask.to_owned(), text));
        let known = self.bindings.bound.len();
        if self.go(after, end) {
            return true;
        }
        self.bindings.bound.truncate(known - 1);
        false
    }

    /// Where a run that begins at `at` may end, told by what comes after it.
    fn ends(&self, at: usize, after: &[Piece<'_>]) -> Vec<usize> {
        let rest = &self.source[at..];
        match after.first() {
            None => vec![self.source.len()],
            Some(Piece::Literal(text)) => rest.match_indices(text).map(|(found, _)| at + found).collect(),
            Some(_) => rest.char_indices().map(|(found, _)| at + found).chain([self.source.len()]).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bindings, as_shown, fits};

    fn fit(quoted: &str, source: &str) -> bool {
        fits(quoted, source, &mut Bindings::default())
    }

    #[test]
    fn a_line_is_compared_character_for_character() {
        assert!(fit("a  b", "a  b") && fit("a b  ", "a b"));
        assert!(!fit("a b", "a  b") && !fit("a b", "a b c") && !fit("a b c", "a b") && !fit("A b", "a b"));
        assert!(fit(&as_shown("x\u{1b}[31m y\u{202e}"), &as_shown("x\u{1b}[31m y\u{202e}")));
        assert!(!fit("x y", &as_shown("x\u{1b} y")));
    }

    #[test]
    fn a_mask_is_one_run_that_is_the_same_throughout() {
        let mut bindings = Bindings::default();
        assert!(fits(r"C:\Users\‹user-1›\x on ‹host-1›", r"C:\Users\zhang\x on srv", &mut bindings));
        assert!(fits(r"D:\‹user-1›", r"D:\ZHANG", &mut bindings));
        assert!(!fits(r"D:\‹user-1›", r"D:\wang", &mut bindings));
        // One text has one mask of a kind.
        assert!(!fits(r"D:\‹user-2›", r"D:\zhang", &mut bindings));
        assert!(!fit("a ‹ip-1› b", "a  b") && !fit("a ‹ip-1› b", "a 10.1.1.1 c"));
        assert!(fit("‹ip-1› to ‹ip-2›", "10.1.1.1 to 10.1.1.2") && !fit("‹ip-1› to ‹ip-1›", "10.1.1.1 to 10.1.1.2"));
        assert!(fit("‹a› b", "‹a› b"));
    }

    #[test]
    fn a_cut_is_shown_and_stands_for_what_is_left_out() {
        assert!(fit("begin […]", "begin and so on") && fit("[…] end", "some end") && fit("a […] z", "a b c z"));
        assert!(!fit("begin […]", "other begin") && !fit("a […] z", "a b c y"));
    }

    #[test]
    fn a_comparison_that_would_not_end_does_not_fit() {
        let quoted = "‹host-1›‹user-1›‹ip-1›‹mac-1›".to_owned() + &"‹id-1›‹sid-1›".repeat(20);
        assert!(!fit(&format!("{quoted}!"), &"a".repeat(4000)));
    }
}
