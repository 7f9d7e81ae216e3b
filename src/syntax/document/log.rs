//! `log:` documents.

use super::fields::Fields;
use super::reader::{Reader, no_name};
use crate::source::Span;
use crate::syntax::ast::{ClockDecl, LogDecl, PatternDecl, Text};
use crate::syntax::shape::{ATTEMPT, CLOCK, LOG, SECTION, SNAPSHOT};
use crate::syntax::yaml::Node;

pub(super) fn log(reader: &mut Reader<'_>, node: Node) -> Option<LogDecl> {
    let span = node.span;
    let owner = super::fields_owner(&node);
    let mut fields = Fields::read(reader, owner, node, &LOG)?;
    let name = fields.with("log", |key, node| reader.document_name(key, node)).flatten();
    let title = fields.with("title", |key, node| reader.localized(key, node));
    let files = fields.with("files", |key, node| reader.texts(key, node));
    let record = fields.with("record", |key, node| reader.patterns(key, node));
    let begin = fields.with("begin", |key, node| reader.patterns(key, node));
    let lines = fields.with("fields", |key, node| reader.patterns(key, node));
    let kind_reader = fields.with("reader", |key, node| reader.text(key, node)).flatten();
    let recognise = fields.with("recognise", |key, node| reader.patterns(key, node));
    let stamps = fields.with("stamp", |key, node| reader.patterns(key, node));
    Some(LogDecl {
        name: name.unwrap_or_else(|| no_name(span)),
        title: title.unwrap_or_default(),
        files: files.unwrap_or_default(),
        record: record.unwrap_or_default(),
        begin: begin.unwrap_or_default(),
        fields: lines.unwrap_or_default(),
        reader: kind_reader,
        recognise: recognise.unwrap_or_default(),
        stamps: stamps.unwrap_or_default(),
        section: fields.with("section", |key, node| section(reader, key, node)).flatten(),
        clock: fields.with("clock", |key, node| clock(reader, key, node)).flatten(),
        keeps: fields.with("keeps", |key, node| reader.duration(key, node)).flatten(),
        attempt: fields.with("attempt", |key, node| attempt(reader, key, node)).flatten(),
        snapshot: fields.with("snapshot", |key, node| snapshot(reader, key, node)).flatten(),
        broken: false,
    })
}

fn section(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<(Vec<PatternDecl>, Vec<PatternDecl>)> {
    let mut fields = Fields::read(reader, key.span, node, &SECTION)?;
    let begin = fields.with("begin", |key, node| reader.patterns(key, node));
    let end = fields.with("end", |key, node| reader.patterns(key, node));
    Some((begin.unwrap_or_default(), end.unwrap_or_default()))
}

fn clock(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<ClockDecl> {
    let mut fields = Fields::read(reader, key.span, node, &CLOCK)?;
    let zone = fields.with("zone", |key, node| reader.text(key, node)).flatten();
    let resolution = fields.with("resolution", |key, node| reader.duration(key, node)).flatten();
    let utc = fields.with("utc", |key, node| reader.pattern(key, node)).flatten();
    Some(ClockDecl { zone, resolution, utc })
}

fn attempt(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<(PatternDecl, Option<PatternDecl>)> {
    let mut fields = Fields::read(reader, key.span, node, &ATTEMPT)?;
    let begin = fields.with("begin", |key, node| reader.pattern(key, node)).flatten();
    let end = fields.with("end", |key, node| reader.pattern(key, node)).flatten();
    Some((begin?, end))
}

fn snapshot(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<(Option<Text>, Span)> {
    let span = node.span;
    let mut fields = Fields::read(reader, key.span, node, &SNAPSHOT)?;
    let about = fields.with("about", |key, node| reader.text(key, node)).flatten();
    Some((about, span))
}
