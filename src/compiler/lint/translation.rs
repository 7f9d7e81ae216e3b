//! Text that people read: there in one language only, or not written yet.

use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Lang;
use crate::syntax::ast::{LocalizedDecl, StepDecl, Text};

/// What a drafted rule's texts begin with until a person has written them.
#[must_use]
pub const fn to_be_written(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "待写",
        Lang::En => "To be written",
    }
}

/// Warns where one language is written and the other is not, and where a text is still to be written.
pub(super) fn check(text: &LocalizedDecl, faults: &mut Vec<Diagnostic>) {
    unwritten(text, faults);
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

fn unwritten(text: &LocalizedDecl, faults: &mut Vec<Diagnostic>) {
    let begins = |text: &Text| Lang::ALL.iter().any(|lang| text.value.trim_start().starts_with(to_be_written(*lang)));
    let mut said: Option<&Text> = None;
    for text in text.zh.iter().chain(&text.en).filter(|text| begins(text)) {
        // One text that serves for both languages is one place.
        if said.is_none_or(|said| said.span != text.span) {
            let (zh, en) = ("这段文字尚待填写", "this text is still to be written");
            faults.push(Diagnostic::warning(Code::UNWRITTEN_TEXT, text.span, zh, en));
        }
        said = Some(text);
    }
}
