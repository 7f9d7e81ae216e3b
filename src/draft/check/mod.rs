//! Faults of templates, found without rendering: syntax, names and fields that do not exist, filters and tests nobody
//! knows, included templates that are not there, a mail that exists in one language only.
//!
//! A template is read as it is rendered: what it includes is read where it is included, with the names known there.
//! Only a partial (`_name.txt`) that nothing includes is read by itself. Scripts are filled with captures, not with the
//! names of a mail, so of them the syntax alone is checked.

mod extend;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use minijinja::machinery::{ast, parse};

use crate::lang::{Lang, Localized};

use super::render::{environment, syntax};
use super::{Kind, Templates};

/// A fault of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// The template's path.
    pub template: String,
    /// Bytes of the template's text that are at fault.
    pub range: (usize, usize),
    /// What class of fault.
    pub class: FaultClass,
    /// What is wrong.
    pub message: Localized,
    /// The name that was probably meant.
    pub meant: Option<String>,
}

/// Classes of faults, each with its diagnostic code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultClass {
    /// It does not parse.
    Syntax,
    /// It uses a name or field that the context does not have.
    UnknownName,
    /// It uses a filter, test or function that nobody knows.
    UnknownFilter,
    /// It includes a template that is not there.
    MissingTemplate,
    /// A mail exists in one language only.
    MissingTranslation,
    /// A partial that nothing includes.
    UnusedPartial,
    /// Text outside the blocks of a template that extends another.
    OutsideBlock,
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

/// Templates that parse, by path.
type Parsed<'t> = BTreeMap<&'t str, (&'t str, ast::Stmt<'t>)>;

/// All faults of a set of templates, by path and place.
#[must_use]
pub fn check_templates(templates: &Templates) -> Vec<TemplateFault> {
    let environment = environment(templates);
    let paths: BTreeSet<&str> = templates.files.iter().map(|(path, _)| path.as_str()).collect();
    let mut faults = Vec::new();
    let mut parsed = Parsed::new();
    for (path, text) in &templates.files {
        match parse(text, path, syntax()) {
            Ok(tree) => drop(parsed.insert(path, (text, tree))),
            Err(error) => faults.push(syntax_fault(path, text, &error)),
        }
    }
    let included: BTreeSet<&str> = parsed.values().flat_map(|(text, _)| includes(text)).map(|(_, name)| name).collect();
    for path in parsed.keys().filter(|path| !path.starts_with("scripts/")) {
        let is_partial = path.rsplit('/').next().is_some_and(|name| name.starts_with('_'));
        if !is_partial || !included.contains(path) {
            walk::walk(path, &parsed, &paths, &environment, &mut faults);
        }
        // The greeting is put in by the program.
        if is_partial && !included.contains(path) && !path.ends_with("/_salutation.txt") {
            let (zh, en) = ("没有模板用到这个部分模板", "no template includes this partial");
            faults.push(TemplateFault {
                template: (*path).to_owned(),
                range: (0, 0),
                class: FaultClass::UnusedPartial,
                message: Localized::new(zh, en),
                meant: None,
            });
        }
    }
    faults.extend(translations(&paths));
    faults.sort_by(|a, b| (&a.template, a.range, a.class).cmp(&(&b.template, b.range, b.class)));
    faults.dedup();
    faults
}

fn syntax_fault(path: &str, text: &str, error: &minijinja::Error) -> TemplateFault {
    let detail = error.detail().unwrap_or_default();
    let message = Localized::new(format!("模板语法错误：{detail}"), format!("template syntax: {detail}"));
    let line = error.line().unwrap_or(1);
    let range = error.range().filter(|range| text.get(range.clone()).is_some_and(|text| !text.is_empty()));
    let (start, end) = range.map_or_else(|| whole_line(text, line), |range| (range.start, range.end));
    TemplateFault { template: path.to_owned(), range: (start, end), class: FaultClass::Syntax, message, meant: None }
}

/// A line without the blanks around it; the text's end where there is no such line.
fn whole_line(text: &str, line: usize) -> (usize, usize) {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let own = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let start = start + (own.len() - own.trim_start().len());
    (start, start + own.trim().len())
}

/// Templates included or extended by a literal name, with the place of the name.
pub(super) fn includes(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let included = text.match_indices("include \"").chain(text.match_indices("extends \""));
    included.filter_map(|(at, found)| {
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
                    range: (0, 0),
                    class: FaultClass::MissingTranslation,
                    message: Localized::new(
                        format!("没有对应的 `{}`", path(other)),
                        format!("there is no `{}` beside it", path(other)),
                    ),
                    meant: None,
                });
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The faults of one mail beside sound partials: class, the text at fault, what was meant.
    fn faults(text: &str) -> Vec<(FaultClass, String, Option<String>)> {
        let files = [
            ("en/analysis.txt", "{{ salutation }}"),
            ("zh/_log.txt", "{{ log.title }}{{ log.tittle }}"),
            ("zh/analysis.txt", text),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec();
        let found = check_templates(&Templates { files: files.clone() });
        let text = |path: &str| files.iter().find(|(known, _)| known == path).map_or("", |(_, text)| text.as_str());
        found
            .into_iter()
            .filter(|fault| fault.template != "zh/_log.txt" || text("zh/analysis.txt").contains("_log"))
            .filter(|fault| fault.class != FaultClass::UnusedPartial)
            .map(|fault| (fault.class, text(&fault.template)[fault.range.0..fault.range.1].to_owned(), fault.meant))
            .collect()
    }

    fn one(text: &str) -> (FaultClass, String, Option<String>) {
        let mut found = faults(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found.remove(0)
    }

    fn fault(class: FaultClass, at: &str, meant: Option<&str>) -> (FaultClass, String, Option<String>) {
        (class, at.to_owned(), meant.map(str::to_owned))
    }

    #[test]
    fn names_and_fields_are_looked_up_where_they_stand() {
        use FaultClass::UnknownName;
        assert_eq!(one("您好：{{ salutatoin }}"), fault(UnknownName, "salutatoin", Some("salutation")));
        assert_eq!(one("{{ finding.titel }}"), fault(UnknownName, "titel", Some("title")));
        assert_eq!(one("{% if finding['titel'] %}{% endif %}"), fault(UnknownName, "'titel'", Some("title")));
        let cause = "{% for cause in finding.causes %}{{ cause.confirmd }}{% endfor %}";
        assert_eq!(one(cause), fault(UnknownName, "confirmd", Some("confirmed")));
        // The loop's own name ends with the loop.
        assert_eq!(one("{% for cause in finding.causes %}{% endfor %}{{ cause }}").1, "cause");
        assert_eq!(one("{% set first = finding.causes[0] %}{{ first.x }}").1, "x");
        // Records and lists are no text.
        assert_eq!(one("{{ case }}"), fault(UnknownName, "case", None));
        assert_eq!(one("{{ finding.causes.title }}").1, "title");
        assert_eq!(one("{{ requests | map(attribute=\"title\") | listed }}{{ salutation.x }}").1, "x");
    }

    #[test]
    fn filters_tests_and_functions_are_known() {
        use FaultClass::UnknownFilter;
        assert_eq!(one("{{ notes | listd }}"), fault(UnknownFilter, "listd", Some("listed")));
        assert_eq!(one("{% if notes is definde %}{% endif %}").1, "definde");
        assert_eq!(one("{{ anwser(\"customer.name\") }}"), fault(UnknownFilter, "anwser", Some("answer")));
        assert_eq!(
            faults("{{ answer(\"customer.name\") | upper }}{% for i in range(3) %}{{ loop.index }}{% endfor %}"),
            []
        );
    }

    #[test]
    fn a_partial_is_read_where_it_is_included() {
        let text = "{% for log in finding.logs %}{% include \"zh/_log.txt\" %}{% endfor %}";
        assert_eq!(one(text), fault(FaultClass::UnknownName, "tittle", Some("title")));
        let meant = "zh/_log.txt";
        let missing = one("{% include \"zh/_lok.txt\" %}");
        assert_eq!(missing, fault(FaultClass::MissingTemplate, "zh/_lok.txt", Some(meant)));
        assert_eq!(faults("{% include \"zh/_lok.txt\" ignore missing %}"), []);
        // One that includes itself comes to an end.
        assert_eq!(faults("{% include \"zh/analysis.txt\" %}"), []);
    }

    #[test]
    fn what_does_not_parse_is_one_fault_at_its_line() {
        let (class, at, _) = one("一\n二 {% if finding %}\n三");
        assert_eq!(class, FaultClass::Syntax);
        assert!(!at.is_empty() && !at.contains('一'), "{at}");
        assert_eq!(one("{{ finding.").0, FaultClass::Syntax);
    }
}
