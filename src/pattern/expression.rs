//! The regular expression of a hole: checked when the pattern is made, compiled when it is asked often.
//!
//! A knowledge base has hundreds of them, a log needs a few, and compiling one takes a hundred times as long as parsing
//! it. What parses compiles too, unless it is too large: large ones are compiled at once, to know. One that is asked only a
//! few times, as for the kind of a log, is matched without compiling where it is small.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::small::Small;

/// Up to this weight an expression is far from the limit that the regex crate sets to the size of a compiled one.
const LIGHT: usize = 2_000;

/// Asked more often than this, compiling one has paid.
const OFTEN: u32 = 1_000;

/// An expression of the regex crate's syntax.
#[derive(Debug)]
pub(super) struct Expression {
    source: String,
    /// How often it was asked.
    asked: AtomicU32,
    small: OnceLock<Option<Small>>,
    /// Anchored at its beginning.
    begin: OnceLock<Option<Regex>>,
    /// Anchored at both ends: of `f|fix` the first that fits would do, where all of `fix` is asked for.
    whole: OnceLock<Option<Regex>>,
}

impl Expression {
    /// An expression that is known to be one; any other matches nothing.
    pub(super) fn new(source: &str) -> Expression {
        let (source, asked, small) = (source.to_owned(), AtomicU32::new(0), OnceLock::new());
        Expression { source, asked, small, begin: OnceLock::new(), whole: OnceLock::new() }
    }

    /// Why it is none, one line.
    pub(super) fn check(source: &str) -> Result<(), String> {
        let whole = anchored(source, WHOLE);
        let parsed = regex_syntax::Parser::new().parse(&whole).map_err(|error| one_line(&error))?;
        if weight(&parsed) > LIGHT {
            Regex::new(&whole).map_err(|error| one_line(&error))?;
        }
        Ok(())
    }

    /// Whether it matches `text`, the whole of it.
    pub(super) fn matches(&self, text: &str) -> bool {
        if let Some(Ok(found)) = self.small().map(|small| small.reach(text, true)) {
            return found.is_some();
        }
        let whole = self.whole.get_or_init(|| Regex::new(&anchored(&self.source, WHOLE)).ok());
        whole.as_ref().is_some_and(|whole| whole.is_match(text))
    }

    /// How far it reaches from the beginning of `text`.
    pub(super) fn reach(&self, text: &str) -> Option<usize> {
        if let Some(Ok(found)) = self.small().map(|small| small.reach(text, false)) {
            return found;
        }
        let begin = self.begin.get_or_init(|| Regex::new(&anchored(&self.source, "")).ok());
        Some(begin.as_ref()?.find(text)?.end())
    }

    /// The way without compiling, as long as it is not asked often.
    fn small(&self) -> Option<&Small> {
        if self.asked.load(Ordering::Relaxed) >= OFTEN {
            return None;
        }
        self.asked.fetch_add(1, Ordering::Relaxed);
        let make = || Small::new(&regex_syntax::Parser::new().parse(&anchored(&self.source, "")).ok()?);
        self.small.get_or_init(make).as_ref()
    }
}

impl Clone for Expression {
    fn clone(&self) -> Expression {
        let asked = AtomicU32::new(self.asked.load(Ordering::Relaxed));
        let (source, small) = (self.source.clone(), self.small.clone());
        Expression { source, asked, small, begin: self.begin.clone(), whole: self.whole.clone() }
    }
}

/// What ends an expression that takes the whole of a text.
const WHOLE: &str = "\\z";

fn anchored(source: &str, end: &str) -> String {
    format!("^(?:{source}){end}")
}

/// How large a compiled expression becomes, about: what its repetitions repeat counts each time.
fn weight(hir: &Hir) -> usize {
    let sum = |parts: &[Hir]| parts.iter().map(weight).fold(0, usize::saturating_add);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => class.ranges().len().saturating_mul(4),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Repetition(repeated) => {
            let times = repeated.max.unwrap_or(0).max(repeated.min).max(1);
            weight(&repeated.sub).saturating_mul(times as usize)
        }
        HirKind::Capture(capture) => weight(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => sum(parts),
    }
}

fn one_line(error: &impl ToString) -> String {
    let text = error.to_string();
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("");
    last.trim().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Expression, OFTEN};

    #[test]
    fn what_passes_the_check_compiles() {
        let large = ["\\d{200}", "(?:a{50}){50}", "(?i)[a-zß]{300}"];
        let small = ["", "a|b", "[^\\s]+", "\\d{1,3}", "x*?", "(?i)ab(c)", "\\bend\\b", "(?s:.*)"];
        for source in large.into_iter().chain(small) {
            let compiles = regex::Regex::new(&format!("^(?:{source})\\z")).is_ok();
            assert_eq!(Expression::check(source).is_ok(), compiles, "{source}");
        }
        assert!(Expression::check("(?:\\w{999}){999}").is_err(), "too large");
        assert!(Expression::check("[").is_err());
        assert!(Expression::check("(?x) a # all that follows").is_err(), "it would swallow its anchor");
    }

    #[test]
    fn an_expression_that_is_none_matches_nothing() {
        let none = Expression::new("[");
        assert!(!none.matches("["));
        assert_eq!(none.reach("["), None);
    }

    #[test]
    fn the_whole_and_the_beginning() {
        let expression = Expression::new("f|fix");
        assert!(expression.matches("fix"));
        assert!(!expression.matches("fixed"));
        assert_eq!(expression.reach("fix"), Some(1));
        assert_eq!(expression.reach("a fix"), None);
    }

    #[test]
    fn what_is_asked_often_says_the_same() {
        let expression = Expression::new("[a-f]{1,4}|é+");
        for _ in 0..OFTEN / 2 {
            assert!(expression.matches("cafe") && !expression.matches("cafés") && expression.whole.get().is_none());
        }
        assert!(expression.matches("cafe") && !expression.matches("cafés") && expression.whole.get().is_some());
        assert_eq!((expression.reach("éa"), expression.clone().reach("éa")), (Some(2), Some(2)));
    }
}
