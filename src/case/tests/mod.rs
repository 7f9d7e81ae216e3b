//! Threads of our own making, in the forms that exports have.

use std::collections::BTreeMap;

use super::*;
use crate::rule::Phrases;

mod seeds;

/// The phrases of the repository.
fn phrases(lang: &str) -> (String, Phrases) {
    let path = format!("{}/rules/phrases/{lang}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let file: BTreeMap<String, serde_yaml_09::Value> = serde_yaml_09::from_str(&text).unwrap();
    let texts = |value: &serde_yaml_09::Value| -> Vec<String> { serde_yaml_09::from_value(value.clone()).unwrap() };
    let acts = file.iter().filter(|(key, _)| *key != "phrases").map(|(key, value)| (key.clone(), texts(value)));
    (lang.to_owned(), Phrases { acts: acts.collect() })
}

/// A knowledge base of phrases alone.
fn rules() -> RuleSet {
    RuleSet { phrases: vec![phrases("zh"), phrases("en")], ..RuleSet::default() }
}
