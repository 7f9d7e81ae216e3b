//! `rule:` documents.

use super::fields::Fields;
use super::reader::{Reader, list, no_name};
use super::test::tests;
use crate::syntax::ast::{CauseDecl, EvidenceDecl, LocalizedDecl, PatternDecl, RuleDecl, Text};
use crate::syntax::shape::{CAUSE, EVIDENCE, RULE};
use crate::syntax::yaml::{Entry, Node};

pub(super) fn rule(reader: &mut Reader<'_>, node: Node) -> Option<RuleDecl> {
    let span = node.span;
    let owner = super::fields_owner(&node);
    let mut fields = Fields::read(reader, owner, node, &RULE)?;
    let name = fields.with("rule", |key, node| reader.document_name(key, node)).flatten();
    let title = fields.with("title", |key, node| reader.localized(key, node));
    let severity = fields.with("severity", |key, node| reader.text(key, node)).flatten();
    let products = fields.with("products", |key, node| products(reader, key, node));
    let evidence = fields.with("evidence", |_, node| items(reader, node, evidence));
    let signature = fields.take("signature");
    let signature_written = signature.is_some();
    let signature = signature.and_then(|(key, node)| reader.condition(&key, node));
    let explains = fields.with("explains", |key, node| reader.texts(key, node));
    let causes = fields.with("causes", |_, node| items(reader, node, cause));
    let tests = fields.with("tests", |_, node| tests(reader, node));
    Some(RuleDecl {
        name: name.unwrap_or_else(|| no_name(span)),
        title: title.unwrap_or_default(),
        severity,
        products: products.unwrap_or_default(),
        evidence: evidence.unwrap_or_default(),
        signature,
        signature_written,
        explains: explains.unwrap_or_default(),
        causes: causes.unwrap_or_default(),
        tests: tests.unwrap_or_default(),
        broken: false,
    })
}

/// The names of products, one or a list; a name without a letter would be a line without a word in every index.
fn products(reader: &mut Reader<'_>, key: &Text, node: Node) -> Vec<LocalizedDecl> {
    let items = list(node);
    if items.is_empty() {
        reader.empty(&key.value, key.span);
    }
    let mut product = |item: Node| {
        let before = reader.diagnostics.len();
        let name = reader.localized(key, item);
        let written: Vec<&Text> = name.zh.iter().chain(&name.en).collect();
        let blank = written.iter().find(|text| text.value.trim().is_empty()).map(|text| text.span);
        let nothing = name.span.filter(|_| written.is_empty());
        if let Some(span) = blank.or(nothing).filter(|_| reader.diagnostics.len() == before) {
            reader.empty(&key.value, span);
        }
        name
    };
    items.into_iter().map(&mut product).collect()
}

/// The items of a map from names, each read by `read`.
fn items<T>(reader: &mut Reader<'_>, node: Node, read: fn(&mut Reader<'_>, Entry) -> T) -> Vec<T> {
    let entries = Fields::entries(reader, node).unwrap_or_default();
    entries.into_iter().map(|entry| read(reader, entry)).collect()
}

/// A piece of evidence that cannot be read keeps its name, so that nobody calls it unknown.
fn evidence(reader: &mut Reader<'_>, entry: Entry) -> EvidenceDecl {
    let name = entry.key;
    reader.check_name(&name);
    let mut evidence = EvidenceDecl {
        name: name.clone(),
        logs: Vec::new(),
        lines: Vec::new(),
        section: None,
        fields: Vec::new(),
        filter: None,
        case: None,
    };
    let Some(mut fields) = Fields::read(reader, name.span, entry.value, &EVIDENCE) else { return evidence };
    evidence.logs = fields.with("log", |key, node| reader.texts(key, node)).unwrap_or_default();
    evidence.lines = fields.with("line", |key, node| reader.patterns(key, node)).unwrap_or_default();
    evidence.section = fields.with("section", |key, node| reader.pattern(key, node)).flatten();
    evidence.fields = fields.with("fields", |_, node| field_patterns(reader, node)).unwrap_or_default();
    evidence.filter = fields.with("where", |key, node| reader.filter(key, node)).flatten();
    evidence.case = fields.with("case", |key, node| case(reader, key, node)).flatten();
    evidence
}

fn field_patterns(reader: &mut Reader<'_>, node: Node) -> Vec<(Text, PatternDecl)> {
    let entries = Fields::entries(reader, node).unwrap_or_default();
    let read = entries.into_iter().filter_map(|entry| {
        let pattern = reader.pattern(&entry.key, entry.value)?;
        Some((entry.key, pattern))
    });
    read.collect()
}

fn case(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<Text> {
    let text = reader.text(key, node)?;
    if text.value != "exact" {
        reader.bad_value(&text, ("`exact`（唯一可写的值）", "`exact`, the only value"));
    }
    Some(text)
}

fn cause(reader: &mut Reader<'_>, entry: Entry) -> CauseDecl {
    let id = entry.key;
    let mut cause = CauseDecl {
        id: id.clone(),
        title: LocalizedDecl::default(),
        when: None,
        excludes: Vec::new(),
        remedies: Vec::new(),
    };
    let Some(mut fields) = Fields::read(reader, id.span, entry.value, &CAUSE) else { return cause };
    cause.title = fields.with("title", |key, node| reader.localized(key, node)).unwrap_or_default();
    cause.when = fields.with("when", |key, node| reader.condition(key, node)).flatten();
    cause.excludes = fields.with("excludes", |key, node| reader.texts(key, node)).unwrap_or_default();
    cause.remedies = fields.with("remedies", |key, node| reader.texts(key, node)).unwrap_or_default();
    cause
}
