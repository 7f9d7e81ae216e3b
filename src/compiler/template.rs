//! Steps as templates: the syntax holds, and every name a step uses is declared under `needs:` or `wants:`.
//!
//! Only names are asked here; values are the business of whoever drafts a mail.

use minijinja::Environment;

use super::destructive::within;
use super::fault;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::Text;

/// Checks one text of a procedure.
pub(super) fn check(text: &Text, declared: &[&str], faults: &mut Vec<Diagnostic>) {
    if !text.value.contains("{{") && !text.value.contains("{%") {
        return;
    }
    let environment = Environment::empty();
    let template = match environment.template_from_str(&text.value) {
        Ok(template) => template,
        Err(error) => {
            let span = error.range().map_or(text.span, |range| within(text, range.start, range.end));
            let reason = error.detail().unwrap_or_default();
            faults.push(Diagnostic::error(
                Code::TEMPLATE_SYNTAX,
                span,
                format!("模板语法错误：{reason}"),
                format!("template syntax: {reason}"),
            ));
            return;
        }
    };
    let mut used: Vec<(Span, String)> = template
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !declared.contains(&name.as_str()))
        .map(|name| (place(text, &name), name))
        .collect();
    used.sort();
    faults.extend(used.into_iter().map(|(span, name)| undeclared(&Text::new(name, span), declared)));
}

fn undeclared(name: &Text, declared: &[&str]) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::UNDECLARED_NEED,
        name.span,
        format!("步骤用到 `{}`，但 `needs:` 没有声明它", name.value),
        format!("the step uses `{}`, which `needs:` does not declare", name.value),
    );
    fault::suggested(fault, name, declared)
}

/// The first place inside braces where `name` stands as a word.
fn place(text: &Text, name: &str) -> Span {
    let value = text.value.as_str();
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let open = value.find("{{").into_iter().chain(value.find("{%")).min().unwrap_or(0);
    let found = value.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = value[..*at].chars().next_back();
        let after = value[at + name.len()..].chars().next();
        *at > open && !before.is_some_and(|c| part(c) || c == '.') && !after.is_some_and(part)
    });
    found.map_or(text.span, |at| within(text, at, at + name.len()))
}
