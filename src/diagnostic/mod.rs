//! Faults of a rule author: data with a code, places and a way out; `codes` is the registry, `render.rs` the view.

pub mod codes;
pub mod render;
pub mod sarif;
mod suggest;
mod suppression;

pub use suggest::nearest;
pub use suppression::{Suppression, suppress};

use crate::lang::{Lang, Localized};
use crate::source::Span;

/// How grave a diagnostic is. An error leaves the rule, kind or template out; a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Kept, but look at it.
    Warning,
    /// Left out.
    Error,
}

/// A diagnostic code, `CB0012`: stable for ever, never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

/// A place with a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The remark.
    pub text: Localized,
}

/// A replacement that mends the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// With what.
    pub text: String,
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The code.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// The place of the offending text itself.
    pub span: Span,
    /// What is wrong, one sentence without a full stop.
    pub message: Localized,
    /// Related places.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<Localized>,
    /// A fix that can be applied without thinking.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error of `code` at `span`.
    #[must_use]
    pub fn error(code: Code, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            span,
            message: Localized::new(zh, en),
            labels: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// A warning of `code` at `span`.
    #[must_use]
    pub fn warning(code: Code, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, zh, en) }
    }

    /// With a label.
    #[must_use]
    pub fn label(mut self, span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: Localized::new(zh, en) });
        self
    }

    /// With a help line.
    #[must_use]
    pub fn help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Some(Localized::new(zh, en));
        self
    }

    /// With a fix.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, text: text.into() });
        self
    }

    /// The message in `lang`.
    #[must_use]
    pub fn message(&self, lang: Lang) -> &str {
        self.message.get(lang)
    }
}
