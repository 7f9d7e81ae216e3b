//! The ways to a rule: by area, by error code, by log; what there is to do and to collect.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;
use crate::rule::{Rule, RuleSet};

use super::code::{CodeView, rule_codes};
use super::rule_page::area;
use super::view::{CollectionView, Link, RemedyView, collection, collection_link, log_link, remedy, rule_link};

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
    pub(super) logs: Vec<LogEntry>,
    pub(super) remedies: Vec<RemedyEntry>,
    pub(super) collections: Vec<CollectionView>,
    pub(super) rules: usize,
    pub(super) tests: usize,
}

/// The indexes of a knowledge base in a language.
pub(super) fn index(base: &KnowledgeBase, lang: Lang) -> Index {
    let rules = &base.rules;
    Index {
        areas: areas(rules, lang),
        codes: codes(rules, lang),
        logs: logs(rules, lang),
        remedies: remedies(rules, lang),
        collections: rules.collections.iter().map(|one| collection(one, rules, lang)).collect(),
        rules: rules.rules.len(),
        tests: rules.rules.iter().map(|rule| rule.tests.len()).sum(),
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

/// Log kinds by name, those that no rule reads last.
fn logs(rules: &RuleSet, lang: Lang) -> Vec<LogEntry> {
    let entry = |(id, kind): (_, &crate::logs::LogKind)| LogEntry {
        log: log_link(rules, id, lang),
        anchor: super::address::slug(&kind.name),
        files: kind.files.clone(),
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
