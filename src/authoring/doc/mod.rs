//! A knowledge base as a static site: a page a rule, and the ways to it by area, error code, product and log, in both
//! languages.
//!
//! Every page is whole by itself: it loads nothing, runs nothing, and says so to the browser. The same knowledge base gives
//! the same bytes. Nothing is written here; texts of rules are data, and become HTML in one place, escaped.

mod address;
mod code;
mod index;
mod rule_page;
mod sample;
mod segment;
#[cfg(test)]
mod tests;
mod view;
mod words;

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, context};
use serde_json::json;

use crate::draft::form::html::escape;
use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;
use crate::regression::Recorded;

use view::RuleContext;

/// The file that says that a folder is a site, and which files are of it.
pub const MARKER: &str = "site.json";

/// What the marker begins with.
pub const SCHEMA: &str = "casebook.site/1";

const STYLE: &str = include_str!("pages/style.css");

/// The templates of the pages.
const PAGES: [(&str, &str); 9] = [
    ("layout.html", include_str!("pages/layout.html")),
    ("parts.html", include_str!("pages/parts.html")),
    ("index.html", include_str!("pages/index.html")),
    ("codes.html", include_str!("pages/codes.html")),
    ("products.html", include_str!("pages/products.html")),
    ("logs.html", include_str!("pages/logs.html")),
    ("remedies.html", include_str!("pages/remedies.html")),
    ("collections.html", include_str!("pages/collections.html")),
    ("rule.html", include_str!("pages/rule.html")),
];

/// Pages beside those of the rules, each by its template.
const INDEXES: [&str; 6] =
    ["index.html", "codes.html", "products.html", "logs.html", "remedies.html", "collections.html"];

/// A page that could not be made: a fault of the templates, not of the knowledge base.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SiteError(#[from] minijinja::Error);

/// The files of the site, by path with `/`; its first page is in `lang`. `bundles`: the bundle tests beside the rules.
///
/// # Errors
///
/// A template of the program is at fault.
pub fn site(base: &KnowledgeBase, bundles: &[Recorded], lang: Lang) -> Result<BTreeMap<String, String>, SiteError> {
    let mut files = BTreeMap::new();
    let samples = sample::samples(&base.rules);
    for each in Lang::ALL {
        let site = Site {
            base,
            lang: each,
            index: Value::from(Serde(index::index(base, bundles, each))),
            environment: environment(each)?,
        };
        for name in INDEXES {
            files.insert(format!("{each}/{name}"), site.page(name, name, "", &context! {})?);
        }
        for (rule, shown) in base.rules.rules.iter().zip(&samples) {
            let name = address::rule(&rule.name);
            let context = RuleContext { rule, rules: &base.rules, bundles, lang: each };
            let view = rule_page::view(&context, shown.as_ref());
            let page = site.page("rule.html", &name, "", &context! { rule => Value::from(Serde(&view)) })?;
            files.insert(format!("{each}/{name}"), page);
        }
        if each == lang {
            let first = site.page("index.html", "index.html", &format!("{each}/"), &context! {})?;
            files.insert("index.html".to_owned(), first);
        }
    }
    let names: Vec<&String> = files.keys().collect();
    let marker = json!({"schema": SCHEMA, "kb": {"name": base.name, "hash": base.hash}, "files": names});
    files.insert(MARKER.to_owned(), format!("{marker:#}\n"));
    Ok(files)
}

/// One language of the site.
struct Site<'a> {
    base: &'a KnowledgeBase,
    lang: Lang,
    index: Value,
    environment: Environment<'static>,
}

impl Site<'_> {
    /// The page `name`, from a template. `below`: where the pages of its language lie, seen from the page.
    fn page(&self, template: &str, name: &str, below: &str, own: &Value) -> Result<String, SiteError> {
        let other = Lang::ALL.into_iter().find(|other| *other != self.lang).unwrap_or_default();
        let above = if below.is_empty() { "../" } else { "" };
        let shared = context! {
            site => context! { name => &self.base.name, hash => &self.base.hash, version => env!("CARGO_PKG_VERSION") },
            index => self.index.clone(),
            lang => if self.lang == Lang::Zh { "zh-CN" } else { "en" },
            other => format!("{above}{other}/{name}"),
            page => name,
            below => below,
            style => Value::from_safe_string(STYLE.to_owned()),
            ..own.clone()
        };
        Ok(self.environment.get_template(template)?.render(shared)?)
    }
}

fn environment(lang: Lang) -> Result<Environment<'static>, SiteError> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default());
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(escaped);
    environment.add_function("say", move |zh: String, en: String| if lang == Lang::Zh { zh } else { en });
    for (name, text) in PAGES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

/// Prints a value as HTML that shows it and nothing else; characters that steer are shown as such.
fn escaped(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    let text = value.to_string();
    let text = if value.is_safe() { text } else { escape(&text) };
    out.write_str(&text).map_err(minijinja::Error::from)
}
