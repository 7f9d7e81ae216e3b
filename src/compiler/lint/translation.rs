//! Text that people read and that exists in one language only.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{LocalizedDecl, StepDecl, Text};

/// Warns where one language is written and the other is not.
pub(super) fn check(text: &LocalizedDecl, faults: &mut Vec<Diagnostic>) {
    let (written, zh, en) = match (&text.zh, &text.en) {
        (Some(zh), None) => (zh, "缺少英文（`en:`）", "the English text (`en:`) is missing"),
        (None, Some(en)) => (en, "缺少中文（`zh:`）", "the Chinese text (`zh:`) is missing"),
        _ => return,
    };
    let span = text.span.unwrap_or(written.span);
    faults.push(Diagnostic::warning(Code::MISSING_TRANSLATION, span, zh, en));
}

/// The same for a title, which has to be there: else the name stands for it, and people read that.
pub(super) fn check_title(title: &LocalizedDecl, name: &Text, faults: &mut Vec<Diagnostic>) {
    if title.zh.is_none() && title.en.is_none() {
        let message = ("没有 `title:`", "there is no `title:`");
        faults.push(Diagnostic::warning(Code::MISSING_TRANSLATION, name.span, message.0, message.1));
    } else {
        check(title, faults);
    }
}

/// The same for every step.
pub(super) fn check_steps(steps: &[StepDecl], faults: &mut Vec<Diagnostic>) {
    for step in steps {
        step.texts().for_each(|text| check(text, faults));
    }
}
