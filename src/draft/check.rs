//! Faults of templates, found without rendering: syntax, names that do not exist, partials that are not there, a mail
//! that exists in one language only.

use std::collections::BTreeSet;

use crate::lang::{Lang, Localized};

use super::context::{FUNCTIONS, NAMES};
use super::render::environment;
use super::{Kind, Templates};

/// A fault of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// The template's path.
    pub template: String,
    /// Bytes of the template's text that are at fault.
    pub range: std::ops::Range<usize>,
    /// What class of fault.
    pub class: FaultClass,
    /// What is wrong.
    pub message: Localized,
}

/// Classes of faults, each with its diagnostic code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultClass {
    /// It does not parse.
    Syntax,
    /// It uses a name that the context does not have.
    UnknownName,
    /// It includes a template that is not there.
    MissingTemplate,
    /// A mail exists in one language only.
    MissingTranslation,
}

/// Every kind of draft.
const KINDS: [Kind; 9] = [
    Kind::Scope,
    Kind::Request,
    Kind::Received,
    Kind::Analysis,
    Kind::Remedy,
    Kind::FollowUp,
    Kind::Handover,
    Kind::Close,
    Kind::Summary,
];

/// All faults of a set of templates, in the order of their paths.
#[must_use]
pub fn check_templates(templates: &Templates) -> Vec<TemplateFault> {
    let environment = environment(templates);
    let paths: BTreeSet<&str> = templates.files.iter().map(|(path, _)| path.as_str()).collect();
    let mut faults = Vec::new();
    for (path, text) in &templates.files {
        match environment.get_template(path) {
            Err(error) => faults.push(TemplateFault {
                template: path.clone(),
                range: error.range().filter(|range| range.end <= text.len()).unwrap_or(0..text.len().min(1)),
                class: FaultClass::Syntax,
                message: Localized::new(
                    format!("模板语法错误：{}", error.detail().unwrap_or_default()),
                    format!("template syntax: {}", error.detail().unwrap_or_default()),
                ),
            }),
            Ok(template) => {
                let names: BTreeSet<String> = template.undeclared_variables(false).into_iter().collect();
                faults.extend(names.into_iter().filter(|name| !known(name)).map(|name| unknown(path, text, &name)));
            }
        }
        faults.extend(includes(text).filter(|(_, name)| !paths.contains(name)).map(|(range, name)| TemplateFault {
            template: path.clone(),
            range,
            class: FaultClass::MissingTemplate,
            message: Localized::new(format!("没有模板 `{name}`"), format!("there is no template `{name}`")),
        }));
    }
    faults.extend(translations(&paths));
    faults
}

fn known(name: &str) -> bool {
    NAMES.iter().any(|(known, _)| *known == name) || FUNCTIONS.contains(&name) || ["loop", "range"].contains(&name)
}

fn unknown(path: &str, text: &str, name: &str) -> TemplateFault {
    let at = text.find(name).unwrap_or(0);
    TemplateFault {
        template: path.to_owned(),
        range: at..at + name.len().min(text.len() - at),
        class: FaultClass::UnknownName,
        message: Localized::new(format!("没有名称 `{name}`"), format!("there is no name `{name}`")),
    }
}

/// Templates included by a literal name, with the place of the name.
fn includes(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, &str)> {
    text.match_indices("include \"").filter_map(|(at, found)| {
        let start = at + found.len();
        let name = text[start..].split('"').next()?;
        Some((start..start + name.len(), name))
    })
}

/// Mails that one language has and the other has not.
fn translations(paths: &BTreeSet<&str>) -> Vec<TemplateFault> {
    let mut faults = Vec::new();
    for kind in KINDS {
        let path = |lang: Lang| format!("{}/{}.txt", lang.key(), kind.key());
        for (lang, other) in [(Lang::Zh, Lang::En), (Lang::En, Lang::Zh)] {
            if paths.contains(path(lang).as_str()) && !paths.contains(path(other).as_str()) {
                faults.push(TemplateFault {
                    template: path(lang),
                    range: 0..0,
                    class: FaultClass::MissingTranslation,
                    message: Localized::new(
                        format!("没有对应的 `{}`", path(other)),
                        format!("there is no `{}` beside it", path(other)),
                    ),
                });
            }
        }
    }
    faults
}
