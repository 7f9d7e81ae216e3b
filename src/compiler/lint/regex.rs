//! Regular expressions that cost: how large a program one becomes, and those that say no more than a plain hole.

use regex_syntax::hir::{Class, Hir, HirKind};

/// States of a program from which on an expression is worth a warning: a hundred times those of an ordinary one.
const COSTLY: usize = 2_000;

/// What is wrong with an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// About so many states.
    Large(usize),
    /// `.*` and the like: any text.
    AnyText,
}

/// What `regex` costs, if it is worth a warning; nothing for what is no regular expression.
pub(super) fn cost(regex: &str) -> Option<Cost> {
    let hir = regex_syntax::Parser::new().parse(regex).ok()?;
    if matches!(regex, ".*" | ".*?" | "(?s).*" | "(?s:.*)" | "(.*)") {
        return Some(Cost::AnyText);
    }
    let states = states(&hir);
    (states > COSTLY).then_some(Cost::Large(states))
}

/// How many states the program of an expression has, roughly.
fn states(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        // A range of Unicode becomes about two sequences of bytes.
        HirKind::Class(Class::Unicode(class)) => class.ranges().len().saturating_mul(2),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            states(&repetition.sub).saturating_mul(usize::try_from(times).unwrap_or(usize::MAX))
        }
        HirKind::Capture(capture) => states(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(states).fold(1, usize::saturating_add),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cost, cost};

    #[test]
    fn ordinary_expressions_cost_little() {
        for regex in [
            r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
            r"\w+",
            r"\d{1,3}",
            r"[!.#]{0,3} +",
            "(?i)failed|denied",
            "(",
        ] {
            assert_eq!(cost(regex), None, "{regex}");
        }
    }

    #[test]
    fn what_unfolds_is_large() {
        for regex in [r"\w{1,200}", r"[^ ]{3000}", r"(\w{20}-){20}", r"\pL{50}"] {
            assert!(matches!(cost(regex), Some(Cost::Large(_))), "{regex}: {:?}", cost(regex));
        }
        assert_eq!(cost(".*"), Some(Cost::AnyText));
    }
}
