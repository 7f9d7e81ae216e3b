//! How far a pattern gets in a text that it does not match: the longest of its beginnings that does, and the text that
//! what comes next refused.
//!
//! For explaining, not for scanning: every beginning is a search of its own, the longest first.

use crate::value::Reading;

use super::{Element, Literal, Options, Part, Pattern, matcher};

/// Letters and digits that a beginning must state: fewer stand in any line.
const LEAST: usize = 5;

/// Characters of a refused text that are told.
const SHOWN: usize = 60;

/// The beginnings of one pattern.
#[derive(Clone, Debug)]
pub struct Prefixes {
    /// Longest first.
    prefixes: Vec<Prefix>,
    /// Of the whole pattern.
    elements: Vec<Element>,
}

/// One beginning.
#[derive(Clone, Debug)]
struct Prefix {
    elements: Vec<Element>,
    options: Options,
    written: String,
    next: Next,
}

/// What of a pattern a text refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The pattern is whole, but the text does not begin where it should (`^`).
    Start,
    /// The pattern is whole, but the text goes on (`$`).
    End,
    /// The pattern is whole but for the case of its letters (`case: exact`).
    Case,
    /// Literal text, as written.
    Literal(String),
    /// A hole: as written, and what it accepts.
    Hole(String, String),
}

/// How far a pattern got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// The greater, the further.
    pub rank: usize,
    /// What matched, as written in the pattern.
    pub matched: String,
    /// What did not.
    pub next: Next,
    /// The text that it refused, cut after some characters.
    pub refused: String,
}

impl Pattern {
    /// Its beginnings, to ask of many texts how near they come.
    #[must_use]
    pub fn prefixes(&self) -> Prefixes {
        let mut prefixes = Vec::new();
        let whole = |options: Options, next: Next| Prefix {
            elements: self.elements().to_vec(),
            options,
            written: self.to_string(),
            next,
        };
        let free = Options { at_start: false, at_end: false, exact_case: self.options.exact_case };
        if self.options.exact_case
            && let Ok(blind) = Pattern::new(self.parts.clone(), Options { exact_case: false, ..self.options })
        {
            prefixes.push(Prefix {
                elements: blind.elements().to_vec(),
                options: blind.options,
                ..whole(free, Next::Case)
            });
        }
        if self.options.at_end {
            prefixes.push(whole(Options { at_end: false, ..self.options }, Next::End));
        }
        if self.options.at_start {
            prefixes.push(whole(free, Next::Start));
        }
        let begun = Options { at_end: false, ..self.options };
        for (at, part) in self.parts.iter().enumerate().rev() {
            match part {
                Part::Hole(hole) => {
                    prefixes.push(self.cut(at, None, begun, Next::Hole(hole.to_string(), hole.accepts.to_string())));
                }
                Part::Literal(text) => {
                    let words: Vec<&str> = text.split([' ', '\t']).collect();
                    let rest = |from: usize| Next::Literal(words[from..].join(" "));
                    let partial = (1..words.len()).rev().filter(|count| !words[count - 1].is_empty());
                    prefixes
                        .extend(partial.map(|count| self.cut(at, Some(&words[..count].join(" ")), begun, rest(count))));
                    prefixes.push(self.cut(at, None, begun, rest(0)));
                }
            }
        }
        prefixes.retain(|prefix| letters(&prefix.elements) >= LEAST);
        Prefixes { prefixes, elements: self.elements().to_vec() }
    }

    /// The parts before `at`, and the beginning of the literal that stands there.
    fn cut(&self, at: usize, literal: Option<&str>, options: Options, next: Next) -> Prefix {
        let mut elements = self.elements()[..at].to_vec();
        let mut parts = self.parts[..at].to_vec();
        if let Some(text) = literal {
            elements.push(Element::Literal(Literal::new(text, options.exact_case)));
            parts.push(Part::Literal(text.to_owned()));
        }
        let start = if options.at_start { "^" } else { "" };
        let written = parts.iter().fold(start.to_owned(), |written, part| written + &part.to_string());
        Prefix { elements, options, written, next }
    }
}

/// Letters and digits of the literals.
fn letters(elements: &[Element]) -> usize {
    let literals = elements.iter().filter_map(|element| match element {
        Element::Literal(literal) => Some(literal),
        Element::Hole { .. } => None,
    });
    literals.flat_map(Literal::pieces).flat_map(str::chars).filter(|char| char.is_alphanumeric()).count()
}

impl Prefixes {
    /// The longest beginning that matches in `text`, if it is not shorter than one of rank `least`.
    #[must_use]
    pub fn nearest(&self, text: &str, least: usize) -> Option<Nearest> {
        let rank = |at: usize| self.prefixes.len() - at;
        for (at, prefix) in self.prefixes.iter().enumerate().take_while(|(at, _)| rank(*at) >= least) {
            let Some(found) = matcher::find(&prefix.elements, prefix.options, text, Reading::default()) else {
                continue;
            };
            let (matched, next, refused) = self.refused_by_hole(prefix, text).unwrap_or_else(|| {
                let from = if prefix.next == Next::Start { 0 } else { found.range.end };
                let to = self.hole_end(prefix, text, from);
                (prefix.written.clone(), prefix.next.clone(), &text[from..to])
            });
            return Some(Nearest { rank: rank(at), matched, next, refused: shown(refused) });
        }
        None
    }

    /// A hole in front of a literal took what it could, but the literal stands further on: then it is the hole that
    /// refuses the text up to it.
    fn refused_by_hole<'t>(&self, prefix: &Prefix, text: &'t str) -> Option<(String, Next, &'t str)> {
        let (count, Next::Literal(_)) = (prefix.elements.len(), &prefix.next) else { return None };
        let (Element::Hole { test, .. }, Element::Literal(literal)) =
            (prefix.elements.last()?, self.elements.get(count)?)
        else {
            return None;
        };
        let before = self.prefixes.iter().find(|other| other.elements.len() + 1 == count)?;
        let from = matcher::find(&before.elements, before.options, text, Reading::default())?.range.end;
        let (to, _) = literal.find(text.as_bytes(), from)?;
        let refused = text.get(from..to)?;
        (!test.accepts(refused)).then(|| (before.written.clone(), before.next.clone(), refused))
    }

    /// Where the text ends that a hole after `prefix` would have to take: at the literal behind it, else with the line.
    fn hole_end(&self, prefix: &Prefix, text: &str, from: usize) -> usize {
        let line = text[from..].find('\n').map_or(text.len(), |end| from + end);
        match (&prefix.next, self.elements.get(prefix.elements.len() + 1)) {
            (Next::Hole(..), Some(Element::Literal(literal))) => {
                literal.find(text.as_bytes(), from).map_or(line, |(end, _)| end)
            }
            _ => line,
        }
    }
}

fn shown(text: &str) -> String {
    let mut chars = text.chars();
    let shown: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() { shown + "…" } else { shown }
}

#[cfg(test)]
mod tests {
    use super::super::tests::pattern;
    use super::super::{Options, Pattern};
    use super::{Nearest, Next};

    fn nearest(source: &str, text: &str) -> Option<(String, Next, String)> {
        let found = pattern(source).prefixes().nearest(text, 0);
        found.map(|Nearest { matched, next, refused, .. }| (matched, next, refused))
    }

    fn said(matched: &str, next: Next, refused: &str) -> (String, Next, String) {
        (matched.to_owned(), next, refused.to_owned())
    }

    const INF: &str = "Unable to load INF: '{inf:path}'({code:error})";

    #[test]
    fn a_hole_says_which_text_it_refuses() {
        let hole = Next::Hole("{inf:path}".to_owned(), "path".to_owned());
        assert_eq!(
            nearest(INF, "Unable to load INF: 'usbstor'(00000005)"),
            Some(said("Unable to load INF: '", hole, "usbstor"))
        );
        let hole = Next::Hole("{code:error}".to_owned(), "error".to_owned());
        let before = "Unable to load INF: '{inf:path}'(";
        assert_eq!(
            nearest(INF, r"Unable to load INF: 'C:\a.inf'(5 or so)"),
            Some(said(before, hole.clone(), "5 or so"))
        );
        assert_eq!(nearest(INF, r"Unable to load INF: 'C:\a.inf'(what)"), Some(said(before, hole, "what")));
    }

    #[test]
    fn a_literal_gets_as_far_as_its_words() {
        assert_eq!(
            nearest("Startup: Rolling back KTM, because drivers failed.", "Startup: Rolling back KTM, because of x."),
            Some(said("Startup: Rolling back KTM, because", Next::Literal("drivers failed.".to_owned()), " of x."))
        );
        assert_eq!(nearest("Startup: Rolling back", "Shutdown"), None);
        assert_eq!(nearest("a {n:int}", "a b"), None, "a single letter stands in any line");
    }

    #[test]
    fn what_ties_a_pattern_to_its_place_is_told() {
        let whole = "^Driver Updates = {n:int}$";
        assert_eq!(
            nearest(whole, "ndv: Driver Updates = 3"),
            Some(said(whole, Next::Start, "ndv: Driver Updates = 3"))
        );
        assert_eq!(nearest(whole, "Driver Updates = 3 of 4"), Some(said(whole, Next::End, " of 4")));
        assert_eq!(
            nearest("^Driver Updates", "ndv: Driver Updates = 3"),
            Some(said("^Driver Updates", Next::Start, "ndv: Driver Updates = 3"))
        );
    }

    #[test]
    fn another_case_is_told_where_it_counts() {
        let parts = pattern("Failed to Find").parts().to_vec();
        let exact = Pattern::new(parts, Options { exact_case: true, ..Options::default() }).unwrap();
        let found = exact.prefixes().nearest("failed to find it", 0).unwrap();
        assert_eq!(found.next, Next::Case);
    }

    #[test]
    fn patterns_are_written_as_they_were_read() {
        for source in ["^a {b:int} {} {time:%Y-%m-%d} {:word}$", "{path}", "{inf:path}", "{x:/a+b/}", "{:/a+/}"] {
            assert_eq!(pattern(source).to_string(), source);
        }
    }
}
