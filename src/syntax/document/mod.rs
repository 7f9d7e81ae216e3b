//! Trees → declarations: one hand-written reader a kind of document, which gathers every fault of it.
//!
//! Only shapes are checked here: keys, texts, lists, and the grammar of expressions. Whether a name means something,
//! and whether a word such as a severity exists, is asked in `compiler`.

mod expression;
mod fields;
mod log;
mod procedure;
mod reader;
mod rule;
mod settings;
mod test;

pub(super) use settings::settings;

use super::ast::{Declaration, PhrasesDecl, Text};
use super::yaml::{Kind, Node};
use crate::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::source::{SourceMap, Span};
use fields::Fields;
use reader::Reader;

const KINDS: [&str; 5] = ["rule", "log", "remedy", "collection", "phrases"];

/// The declaration that `node` is; `None`, and reported, when its first key does not say.
pub(super) fn declaration(map: &SourceMap, node: Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Declaration> {
    // A key that stands twice was found when the tree was made.
    let within = |diagnostic: &Diagnostic| {
        diagnostic.span.file == node.span.file
            && node.span.start <= diagnostic.span.start
            && diagnostic.span.end <= node.span.end
    };
    let broken = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error && within(diagnostic));
    let kind = kind(&node, diagnostics)?;
    let mut reader = Reader::new(map, diagnostics);
    let declaration = match kind {
        "rule" => Declaration::Rule(Box::new(rule::rule(&mut reader, node)?)),
        "log" => Declaration::Log(Box::new(log::log(&mut reader, node)?)),
        "remedy" => Declaration::Remedy(Box::new(procedure::remedy(&mut reader, node)?)),
        "collection" => Declaration::Collection(Box::new(procedure::collection(&mut reader, node)?)),
        _ => Declaration::Phrases(phrases(&mut reader, node)?),
    };
    Some(mark(declaration, broken || reader.has_failed()))
}

/// What the first key says that the document is.
fn kind(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<&'static str> {
    let Kind::Map(entries) = &node.kind else {
        let (zh, en) = ("文档应是一个键值表", "a document is a map");
        diagnostics.push(list_of_kinds(Diagnostic::error(Code::UNKNOWN_DOCUMENT, node.span, zh, en)));
        return None;
    };
    let first = &entries.first()?.key;
    if let Some(kind) = KINDS.into_iter().find(|kind| *kind == first.value) {
        return Some(kind);
    }
    let (zh, en) =
        (format!("不知道 `{}` 是什么文档", first.value), format!("`{}` is no kind of document", first.value));
    let diagnostic = Diagnostic::error(Code::UNKNOWN_DOCUMENT, first.span, zh, en);
    let later = entries.iter().map(|entry| &entry.key).find(|key| KINDS.contains(&key.value.as_str()));
    diagnostics.push(match (later, nearest(&first.value, KINDS)) {
        (Some(key), _) => list_of_kinds(diagnostic).label(key.span, "这个键应写在最前面", "this key comes first"),
        (None, Some(meant)) => {
            diagnostic.help(format!("是否想写 `{meant}`？"), format!("did you mean `{meant}`?")).fix(first.span, meant)
        }
        (None, None) => list_of_kinds(diagnostic),
    });
    None
}

/// Where a missing key of a document or a test is reported: at the name that its first key gives, else at that key.
fn fields_owner(node: &Node) -> Span {
    let first = match &node.kind {
        Kind::Map(entries) => entries.first(),
        _ => None,
    };
    first.map_or(node.span, |entry| match entry.value.kind {
        Kind::Scalar(_) => entry.value.span,
        _ => entry.key.span,
    })
}

fn list_of_kinds(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.help(
        "第一个键是 `rule`、`log`、`remedy`、`collection` 或 `phrases`",
        "the first key is `rule`, `log`, `remedy`, `collection` or `phrases`",
    )
}

fn mark(mut declaration: Declaration, broken: bool) -> Declaration {
    match &mut declaration {
        Declaration::Rule(rule) => rule.broken = broken,
        Declaration::Log(log) => log.broken = broken,
        Declaration::Remedy(remedy) => remedy.broken = broken,
        Declaration::Collection(collection) => collection.broken = broken,
        Declaration::Phrases(_) => {}
    }
    declaration
}

/// `phrases: zh` and lists under names of its own.
fn phrases(reader: &mut Reader<'_>, node: Node) -> Option<PhrasesDecl> {
    let mut entries = Fields::entries(reader, node)?.into_iter();
    let lang = entries.next()?;
    let lang = reader.text(&lang.key, lang.value)?;
    let acts: Vec<(Text, Vec<Text>)> =
        entries.map(|entry| (entry.key.clone(), reader.texts(&entry.key, entry.value))).collect();
    Some(PhrasesDecl { lang, acts })
}

#[cfg(test)]
mod tests;
