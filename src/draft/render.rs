//! Rendering: a template, the context, and what comes out as parts.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};

use crate::lang::Lang;

use super::context::{Builder, leading};
use super::fact::{self, Facts};
use super::mask::{self, Redactor};
use super::question::{Asked, mark};
use super::{Draft, Kind, Material, Part, TemplateError, check, part};

/// Steps of one rendering at the most.
const FUEL: u64 = 5_000_000;

/// How templates are written: a line of statements alone leaves no line.
pub(super) fn syntax() -> SyntaxConfig {
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default()
}

/// An environment that knows the templates and how values are printed; strict about names.
pub(super) fn environment(templates: &super::Templates) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_syntax(syntax());
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(fact::format);
    environment.set_fuel(Some(FUEL));
    environment.add_filter("listed", listed);
    let files: BTreeMap<String, String> = templates.files.iter().cloned().collect();
    environment.set_loader(move |name| Ok(files.get(name).cloned()));
    environment
}

/// A list in running text: by commas of the language that its members are in.
#[expect(clippy::needless_pass_by_value, reason = "a filter is given its argument")]
fn listed(values: Vec<Value>) -> String {
    let values: Vec<String> = values.iter().map(fact::marked).collect();
    let chinese = values.iter().any(|value| value.chars().any(|char| ('\u{4E00}'..='\u{9FFF}').contains(&char)));
    values.join(if chinese { "、" } else { ", " })
}

/// Writes a draft.
pub(super) fn write(material: &Material<'_>, kind: Kind, why: String) -> Result<Draft, TemplateError> {
    let facts = Facts::default();
    let asked = Asked::default();
    let builder = Builder { material, facts: facts.clone(), redactor: redactor(material) };
    let mut environment = environment(material.templates);
    let answers = answers(material);
    let (lang, placeholders, asking) = (material.lang, material.placeholders, asked.clone());
    environment.add_function("answer", move |key: String| match answers.get(&key) {
        Some(answer) => answer.clone(),
        None if placeholders => mark(&key, lang),
        None => {
            asking.ask(&key);
            mark(&key, lang)
        }
    });
    let mut context = builder.context();
    let name = format!("{}/{}.txt", lang.key(), kind.key());
    // Both ask for names, and a template that greets nobody, or that nobody signs, needs none.
    if reads(material.templates, &name, "salutation") {
        let salutation = render(&environment, &format!("{}/_salutation.txt", lang.key()), &context)?;
        context.insert("salutation".to_owned(), Value::from(salutation.trim().to_owned()));
    }
    if reads(material.templates, &name, "signature") {
        context.insert("signature".to_owned(), signature(material, &asked));
    }
    let text = render(&environment, &name, &context)?;
    let (body, mut parts) = part::split(&text, &facts);
    date_notes(&mut parts, material);
    let questions = asked.questions(lang);
    let attachments = if questions.is_empty() { builder.attachments(kind, &parts) } else { Vec::new() };
    let files = attachments.iter().map(|file| file.text.as_str());
    let open = !questions.is_empty();
    let subject = builder.outside(&subject(material, kind));
    Ok(Draft {
        kind,
        why,
        lang,
        to: customer(material),
        masked: if open {
            Vec::new()
        } else {
            mask::masked([&subject, &body].map(String::as_str).into_iter().chain(files))
        },
        subject,
        body: (!open).then_some(body),
        parts: if open { Vec::<Part>::new() } else { parts },
        attachments,
        questions,
    })
}

/// Enters when the calls were that parts rest on.
fn date_notes(parts: &mut [Part], material: &Material<'_>) {
    let calls = material.thread.map(|thread| thread.calls.as_slice()).unwrap_or_default();
    for note in parts.iter_mut().filter_map(|part| part.note.as_mut()) {
        note.time = calls.get(note.call).and_then(|call| call.time);
    }
}

/// A redactor that knows the names which the case's mails and log lines tell to be secrets, before any is shown.
fn redactor(material: &Material<'_>) -> Redactor {
    let redactor = Redactor::default();
    for message in material.thread.iter().flat_map(|thread| &thread.messages) {
        redactor.learn(&message.body);
    }
    for finding in &material.diagnosis.findings {
        let quotes = finding.evidence.iter().chain(finding.causes.iter().flat_map(|cause| &cause.evidence));
        quotes.for_each(|quote| redactor.learn(quote.record.text()));
    }
    for (key, kind) in [("portal.user", "account"), ("portal.password", "password")] {
        if let Some(secret) = material.settings.get(key) {
            redactor.know(kind, secret);
        }
    }
    redactor
}

/// Whether a template, or one that it includes, names `variable`.
fn reads(templates: &super::Templates, path: &str, variable: &str) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut open = vec![path];
    while let Some(path) = open.pop() {
        let Some((path, text)) = templates.files.iter().find(|(known, _)| known == path) else { continue };
        if seen.contains(&path.as_str()) {
            continue;
        }
        if text.contains(variable) {
            return true;
        }
        seen.push(path);
        open.extend(check::includes(text).map(|(_, name)| name));
    }
    false
}

fn render(
    environment: &Environment<'_>,
    name: &str,
    context: &BTreeMap<String, Value>,
) -> Result<String, TemplateError> {
    let fault = |error: Error| TemplateError {
        template: error.name().unwrap_or(name).to_owned(),
        line: error.line().unwrap_or(1),
        message: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
    };
    environment.get_template(name).and_then(|template| template.render(context.clone())).map_err(fault)
}

/// Settings, with what the thread says under them.
fn answers(material: &Material<'_>) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    if let Some(thread) = material.thread {
        let mut told = |key: &str, text: &Option<String>| {
            if let Some(text) = text {
                answers.insert(key.to_owned(), fact::clean(text));
            }
        };
        told("customer.name", &thread.customer);
        told("engineer.name", &thread.engineer);
        told("case.number", &thread.case);
        told("case.problem", &thread.problem);
    }
    let set = material.settings.values.iter().filter(|(_, value)| !value.trim().is_empty());
    answers.extend(set.map(|(key, value)| (key.clone(), fact::clean(value))));
    answers
}

fn customer(material: &Material<'_>) -> Option<String> {
    answers(material).remove("customer.name")
}

/// Who signs, a line each.
fn signature(material: &Material<'_>, asked: &Asked) -> Value {
    let answers = answers(material);
    let mut lines = Vec::new();
    match answers.get("engineer.name") {
        Some(name) => lines.push(name.clone()),
        None if material.placeholders => lines.push(mark("engineer.name", material.lang)),
        None => asked.ask("engineer.name"),
    }
    lines.extend(answers.get("organisation.name").cloned());
    if let Some(hotline) = answers.get("organisation.hotline") {
        lines.push(match material.lang {
            Lang::Zh => format!("技术支持热线：{hotline}"),
            Lang::En => format!("Support hotline: {hotline}"),
        });
    }
    lines.into_iter().map(Value::from).collect()
}

/// The subject: the thread's own, so that its tokens survive, else the finding's or the problem's.
fn subject(material: &Material<'_>, kind: Kind) -> String {
    if let Some(thread) = material.thread.filter(|thread| !thread.subject.is_empty()) {
        let subject = fact::clean(&thread.subject).replace(['\r', '\n'], " ");
        let replied = ["回复:", "回复：", "Re:", "RE:", "答复:"].iter().any(|mark| subject.starts_with(mark));
        let mark = if material.lang == Lang::Zh { "回复: " } else { "Re: " };
        return if replied || kind == Kind::Summary { subject } else { format!("{mark}{subject}") };
    }
    let main = leading(material).first().and_then(|finding| material.rules.rules.get(finding.rule));
    let problem = material.settings.get("case.problem").map(str::to_owned);
    problem.or_else(|| main.map(|rule| rule.title.get(material.lang).to_owned())).unwrap_or_else(|| {
        match material.lang {
            Lang::Zh => "日志分析".to_owned(),
            Lang::En => "Log analysis".to_owned(),
        }
    })
}
