//! Warnings that an author allows with a reason, and the fault of allowing what does not arise.

use super::{Code, Diagnostic, Severity};
use crate::source::Span;

/// A comment that allows one warning at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// What it allows.
    pub code: Code,
    /// Where the code stands.
    pub span: Span,
    /// Where warnings may begin that it allows.
    pub covers: Span,
    /// The comment with the blanks before it, for taking it away.
    pub comment: Span,
}

/// Takes the warnings away that are allowed, and reports what allows nothing. An error is never allowed; in a file with
/// errors it is not known what would have arisen without them.
pub fn suppress(suppressions: &[Suppression], diagnostics: &mut Vec<Diagnostic>) {
    let mut used = vec![false; suppressions.len()];
    let allows = |it: &Suppression, diagnostic: &Diagnostic| {
        let (at, covers) = (diagnostic.span, it.covers);
        it.code == diagnostic.code && at.file == covers.file && (covers.start..covers.end).contains(&at.start)
    };
    diagnostics.retain(|diagnostic| {
        let found = suppressions.iter().position(|it| allows(it, diagnostic));
        if let Some(at) = found {
            used[at] = true;
        }
        found.is_none() || diagnostic.severity == Severity::Error
    });
    for (at, it) in suppressions.iter().enumerate() {
        let refused = diagnostics.iter().any(|diagnostic| allows(it, diagnostic));
        let is_error = |other: &Diagnostic| other.severity == Severity::Error && other.span.file == it.span.file;
        if refused {
            let zh = format!("`{}` 是错误，不能被允许", it.code);
            let en = format!("`{}` is an error, which cannot be allowed", it.code);
            diagnostics.push(Diagnostic::warning(Code::BAD_SUPPRESSION, it.span, zh, en));
        } else if !used[at] && !diagnostics.iter().any(is_error) {
            let zh = format!("此处并没有出现 `{}`", it.code);
            let en = format!("`{}` does not arise here", it.code);
            let unused = Diagnostic::warning(Code::UNUSED_SUPPRESSION, it.span, zh, en);
            diagnostics.push(unused.help("删掉这条注释", "delete the comment").fix(it.comment, ""));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    #[test]
    fn one_warning_is_allowed_and_no_error() {
        let mut map = SourceMap::new();
        let file = map.add("rules/x.yaml", "x".repeat(50));
        let span = |range| Span::new(file, range);
        let allow = |code| Suppression { code, span: span(0..6), covers: span(10..20), comment: span(0..8) };
        let warning = |at: usize| Diagnostic::warning(Code::NO_LITERAL, span(at..at + 1), "甲", "a");
        let left = |suppressions: &[Suppression], mut diagnostics: Vec<Diagnostic>| {
            suppress(suppressions, &mut diagnostics);
            diagnostics.iter().map(|it| (it.code, it.span.start)).collect::<Vec<_>>()
        };
        assert_eq!(
            left(&[allow(Code::NO_LITERAL)], vec![warning(12), warning(15), warning(20)]),
            [(Code::NO_LITERAL, 20)]
        );
        assert_eq!(left(&[allow(Code::ALWAYS_TRUE)], vec![]), [(Code::UNUSED_SUPPRESSION, 0)]);
        let error = Diagnostic { severity: Severity::Error, ..warning(12) };
        let both = [(Code::NO_LITERAL, 12), (Code::BAD_SUPPRESSION, 0)];
        assert_eq!(left(&[allow(Code::NO_LITERAL)], vec![error.clone()]), both);
        // Beside an error it is not known whether the warning would have come.
        assert_eq!(left(&[allow(Code::ALWAYS_TRUE)], vec![error]), [(Code::NO_LITERAL, 12)]);
    }
}
