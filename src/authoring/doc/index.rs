//! The ways to a rule: by area, by error code, by product, by log; what there is to do and to collect.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;
use crate::regression::Recorded;
use crate::rule::{Rule, RuleSet};

use super::code::{CodeView, rule_codes};
use super::rule_page::area;
use super::view::{
    CollectionView, Link, RemedyView, collection, collection_link, log_link, product_link, product_links, remedy,
    rule_link,
};

/// A heading with the rules under it.
#[derive(Debug, Serialize)]
pub(super) struct Area {
    pub(super) name: String,
    pub(super) rules: Vec<Link>,
}

/// An error code with the rules that are about it.
#[derive(Debug, Serialize)]
pub(super) struct CodeEntry {
    pub(super) code: CodeView,
    pub(super) anchor: String,
    pub(super) rules: Vec<Link>,
}

/// A product with the rules whose failures occur in it.
#[derive(Debug, Serialize)]
pub(super) struct ProductEntry {
    pub(super) product: Link,
    pub(super) anchor: String,
    pub(super) rules: Vec<Link>,
}

/// A log kind with the rules that read it and the collections that bring it.
#[derive(Debug, Serialize)]
pub(super) struct LogEntry {
    pub(super) log: Link,
    pub(super) anchor: String,
    pub(super) files: Vec<String>,
    pub(super) fields: Vec<String>,
    pub(super) rules: Vec<Link>,
    pub(super) collections: Vec<Link>,
}

/// A remedy with the rules that propose it.
#[derive(Debug, Serialize)]
pub(super) struct RemedyEntry {
    pub(super) remedy: RemedyView,
    pub(super) rules: Vec<Link>,
}

/// Everything the indexes show.
#[derive(Debug, Serialize)]
pub(super) struct Index {
    pub(super) areas: Vec<Area>,
    pub(super) codes: Vec<CodeEntry>,
    pub(super) products: Vec<ProductEntry>,
    /// The rules of any product, and their place.
    pub(super) anywhere: Vec<Link>,
    pub(super) anywhere_anchor: &'static str,
    pub(super) logs: Vec<LogEntry>,
    pub(super) remedies: Vec<RemedyEntry>,
    pub(super) collections: Vec<CollectionView>,
    pub(super) rules: usize,
    pub(super) tests: usize,
    pub(super) bundles: usize,
}

/// The indexes of a knowledge base in a language.
pub(super) fn index(base: &KnowledgeBase, bundles: &[Recorded], lang: Lang) -> Index {
    let rules = &base.rules;
    Index {
        areas: areas(rules, lang),
        codes: codes(rules, lang),
        products: products(rules, lang),
        anywhere: links(rules, lang, |rule| rule.products.is_empty()),
        anywhere_anchor: super::address::ANY_PRODUCT,
        logs: logs(rules, lang),
        remedies: remedies(rules, lang),
        collections: rules.collections.iter().map(|one| collection(one, rules, lang)).collect(),
        rules: rules.rules.len(),
        tests: rules.rules.iter().map(|rule| rule.tests.len()).sum(),
        bundles: bundles.len(),
    }
}

/// Links to the rules for which `which` holds.
fn links(rules: &RuleSet, lang: Lang, which: impl Fn(&Rule) -> bool) -> Vec<Link> {
    rules.rules.iter().filter(|rule| which(rule)).map(|rule| rule_link(rule, lang)).collect()
}

fn areas(rules: &RuleSet, lang: Lang) -> Vec<Area> {
    let mut areas: BTreeMap<&str, Vec<Link>> = BTreeMap::new();
    for rule in &rules.rules {
        areas.entry(area(&rule.name)).or_default().push(rule_link(rule, lang));
    }
    areas.into_iter().map(|(name, rules)| Area { name: name.to_owned(), rules }).collect()
}

fn codes(rules: &RuleSet, lang: Lang) -> Vec<CodeEntry> {
    let mut codes: BTreeMap<String, Vec<Link>> = BTreeMap::new();
    for rule in &rules.rules {
        for code in rule_codes(rule) {
            codes.entry(code).or_default().push(rule_link(rule, lang));
        }
    }
    let entry = |(code, rules): (String, Vec<Link>)| {
        Some(CodeEntry { code: CodeView::of(&code, lang)?, anchor: super::address::slug(&code), rules })
    };
    codes.into_iter().filter_map(entry).collect()
}

/// Products as people count them: `Windows 7` before `Windows 10`.
fn products(rules: &RuleSet, lang: Lang) -> Vec<ProductEntry> {
    let mut products: BTreeMap<(Vec<Run>, String), Vec<Link>> = BTreeMap::new();
    for rule in &rules.rules {
        for product in product_links(rule, lang) {
            products.entry((runs(&product.name), product.name)).or_default().push(rule_link(rule, lang));
        }
    }
    let entry = |((_, name), rules): ((Vec<Run>, String), Vec<Link>)| ProductEntry {
        anchor: super::address::slug(&name),
        product: product_link(&name),
        rules,
    };
    products.into_iter().map(entry).collect()
}

/// A part of a name: numbers by their value, and before letters.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Run {
    Number(u64),
    Text(String),
}

fn runs(name: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for char in name.chars() {
        match (char.to_digit(10).map(u64::from), runs.last_mut()) {
            (Some(digit), Some(Run::Number(number))) => *number = number.saturating_mul(10).saturating_add(digit),
            (Some(digit), _) => runs.push(Run::Number(digit)),
            (None, Some(Run::Text(text))) => text.extend(char.to_lowercase()),
            (None, _) => runs.push(Run::Text(char.to_lowercase().collect())),
        }
    }
    runs
}

/// Log kinds by name, those that no rule reads last.
fn logs(rules: &RuleSet, lang: Lang) -> Vec<LogEntry> {
    let entry = |(id, kind): (_, &crate::logs::LogKind)| LogEntry {
        log: log_link(rules, id, lang),
        anchor: super::address::slug(&kind.name),
        files: kind.files.globs().to_vec(),
        fields: kind.fields.clone(),
        rules: links(rules, lang, |rule| rule.evidence.iter().any(|evidence| evidence.logs.contains(&id))),
        collections: rules
            .collections
            .iter()
            .filter(|collection| collection.yields.contains(&id))
            .map(|collection| collection_link(collection, lang))
            .collect(),
    };
    let mut logs: Vec<LogEntry> = rules.logs.iter().map(entry).collect();
    logs.sort_by(|a, b| (a.rules.is_empty(), &a.log.name).cmp(&(b.rules.is_empty(), &b.log.name)));
    logs
}

fn remedies(rules: &RuleSet, lang: Lang) -> Vec<RemedyEntry> {
    let proposes = |rule: &Rule, name: &String| rule.causes.iter().any(|cause| cause.remedies.contains(name));
    rules
        .remedies
        .iter()
        .map(|one| RemedyEntry {
            remedy: remedy(one, lang),
            rules: links(rules, lang, |rule| proposes(rule, &one.name)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn numbers_in_names_count() {
        let mut names =
            ["Windows Server 2019", "Windows 11", "windows 7", "Windows 10", "7-Zip", "R99999999999999999999999"];
        names.sort_by_key(|name| runs(name));
        assert_eq!(
            names,
            ["7-Zip", "R99999999999999999999999", "windows 7", "Windows 10", "Windows 11", "Windows Server 2019"]
        );
    }
}
