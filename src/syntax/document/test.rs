//! `tests:` of a rule.

use super::fields::Fields;
use super::reader::Reader;
use crate::syntax::ast::{ExpectDecl, ExpectedDecl, TestDecl, TestLogDecl, Text};
use crate::syntax::shape::{EXPECTED, TEST};
use crate::syntax::yaml::{Kind, Node};

/// The list of tests; a test that cannot be read is left out.
pub(super) fn tests(reader: &mut Reader<'_>, node: Node) -> Vec<TestDecl> {
    let Kind::Seq(items) = node.kind else {
        reader.wrong_shape(&node, ("测试的列表", "a list of tests"));
        return Vec::new();
    };
    items.into_iter().enumerate().filter_map(|(index, item)| test(reader, index, item)).collect()
}

fn test(reader: &mut Reader<'_>, index: usize, node: Node) -> Option<TestDecl> {
    let owner = super::fields_owner(&node);
    let mut fields = Fields::read(reader, owner, node, &TEST)?;
    let name = fields.with("name", |key, node| reader.text(key, node)).flatten();
    let logs = fields.with("logs", |_, node| Fields::entries(reader, node)).flatten().unwrap_or_default();
    let logs: Vec<(Text, TestLogDecl)> = logs
        .into_iter()
        .filter_map(|entry| {
            let content = log(reader, &entry.key, entry.value)?;
            Some((entry.key, content))
        })
        .collect();
    let expect = fields.with("expect", |key, node| expect(reader, key, node)).flatten()?;
    // A test without a name goes by its number.
    let name = name.unwrap_or_else(|| Text::new(format!("#{}", index + 1), owner));
    Some(TestDecl { name, logs, expect })
}

fn log(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<TestLogDecl> {
    match node.kind {
        Kind::Seq(records) => {
            Some(TestLogDecl::Records(records.into_iter().map(|record| reader.text_map(record)).collect()))
        }
        Kind::Map(_) => {
            reader.wrong_shape(&node, ("文本或记录的列表", "a text or a list of records"));
            None
        }
        // An empty log is one that is there and holds nothing.
        Kind::Null => Some(TestLogDecl::Text(Text::new(String::new(), node.span))),
        Kind::Scalar(_) => reader.text(key, node).map(TestLogDecl::Text),
    }
}

fn expect(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<ExpectDecl> {
    let span = node.span;
    match node.kind {
        Kind::Scalar(_) | Kind::Null => {
            let text = reader.text(key, node)?;
            if text.value == "none" {
                return Some(ExpectDecl::None(span));
            }
            reader.bad_value(&text, ("`none` 或键值表", "`none` or a map"));
            None
        }
        Kind::Seq(items) => {
            let findings = items.into_iter().filter_map(|item| expected(reader, key, item)).collect();
            Some(ExpectDecl::Findings(findings))
        }
        Kind::Map(_) => Some(ExpectDecl::Findings(vec![expected(reader, key, node)?])),
    }
}

fn expected(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<ExpectedDecl> {
    let mut fields = Fields::read(reader, key.span, node, &EXPECTED)?;
    Some(ExpectedDecl {
        rule: fields.with("rule", |key, node| reader.text(key, node)).flatten(),
        status: fields.with("status", |key, node| reader.text(key, node)).flatten(),
        missing: fields.with("missing", |key, node| reader.texts(key, node)),
        captures: fields.with("captures", |_, node| reader.text_map(node)),
        causes: fields.with("causes", |_, node| reader.text_map(node)),
        requests: fields.with("requests", |key, node| reader.texts(key, node)),
        evidence: fields.with("evidence", |key, node| reader.texts(key, node)),
    })
}
