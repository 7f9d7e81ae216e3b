//! `remedy:` and `collection:` documents: what the customer is asked to do.

use super::fields::Fields;
use super::reader::{Reader, no_name};
use crate::syntax::ast::{CollectionDecl, EffortDecl, Expr, LocalizedDecl, RemedyDecl, StepDecl, Text};
use crate::syntax::shape::{COLLECTION, EFFORT, REMEDY, STEP, VERIFY};
use crate::syntax::yaml::{Kind, Node};

pub(super) fn remedy(reader: &mut Reader<'_>, node: Node) -> Option<RemedyDecl> {
    let span = node.span;
    let owner = super::fields_owner(&node);
    let mut fields = Fields::read(reader, owner, node, &REMEDY)?;
    let name = fields.with("remedy", |key, node| reader.document_name(key, node)).flatten();
    let title = fields.with("title", |key, node| reader.localized(key, node));
    let risk = fields.with("risk", |key, node| reader.text(key, node)).flatten();
    let needs = fields.with("needs", |_, node| reader.text_map(node));
    let wants = fields.with("wants", |_, node| reader.text_map(node));
    let mentioned = fields.with("mentioned", |key, node| reader.texts(key, node));
    let before = fields.with("before", |key, node| reader.localized(key, node));
    let steps = fields.with("steps", |_, node| steps(reader, node));
    let script = fields.with("script", |key, node| reader.text(key, node)).flatten();
    let verify = fields.with("verify", |key, node| verify(reader, key, node)).flatten();
    Some(RemedyDecl {
        name: name.unwrap_or_else(|| no_name(span)),
        title: title.unwrap_or_default(),
        risk,
        needs: needs.unwrap_or_default(),
        wants: wants.unwrap_or_default(),
        mentioned: mentioned.unwrap_or_default(),
        before,
        steps: steps.unwrap_or_default(),
        script,
        verify,
        undo: fields.with("undo", |key, node| reader.localized(key, node)),
        broken: false,
    })
}

pub(super) fn collection(reader: &mut Reader<'_>, node: Node) -> Option<CollectionDecl> {
    let span = node.span;
    let owner = super::fields_owner(&node);
    let mut fields = Fields::read(reader, owner, node, &COLLECTION)?;
    let name = fields.with("collection", |key, node| reader.document_name(key, node)).flatten();
    let title = fields.with("title", |key, node| reader.localized(key, node));
    let yields = fields.with("yields", |key, node| reader.texts(key, node));
    let mentioned = fields.with("mentioned", |key, node| reader.texts(key, node));
    let needs = fields.with("needs", |_, node| reader.text_map(node));
    Some(CollectionDecl {
        name: name.unwrap_or_else(|| no_name(span)),
        title: title.unwrap_or_default(),
        effort: fields.with("effort", |key, node| effort(reader, key, node)).flatten(),
        yields: yields.unwrap_or_default(),
        mentioned: mentioned.unwrap_or_default(),
        needs: needs.unwrap_or_default(),
        steps: fields.with("steps", |_, node| steps(reader, node)).unwrap_or_default(),
        broken: false,
    })
}

fn verify(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<(LocalizedDecl, Option<Expr>)> {
    let span = node.span;
    let mut fields = Fields::read(reader, key.span, node, &VERIFY)?;
    let text = LocalizedDecl { span: Some(span), ..reader.languages(&mut fields) };
    let resolved = fields.with("resolved-when", |key, node| reader.condition(key, node)).flatten();
    Some((text, resolved))
}

fn steps(reader: &mut Reader<'_>, node: Node) -> Vec<StepDecl> {
    let Kind::Seq(items) = node.kind else {
        reader.wrong_shape(&node, ("步骤的列表", "a list of steps"));
        return Vec::new();
    };
    items.into_iter().filter_map(|item| step(reader, item)).collect()
}

fn step(reader: &mut Reader<'_>, node: Node) -> Option<StepDecl> {
    let span = node.span;
    let mut fields = Fields::read(reader, span, node, &STEP)?;
    let text = LocalizedDecl { span: Some(span), ..reader.languages(&mut fields) };
    let command = fields.with("command", |key, node| reader.text(key, node)).flatten();
    let screen = fields.with("screen", |key, node| reader.localized(key, node));
    let seen = fields.with("seen", |key, node| reader.localized(key, node));
    Some(StepDecl { text, command, screen, seen })
}

fn effort(reader: &mut Reader<'_>, key: &Text, node: Node) -> Option<EffortDecl> {
    let mut fields = Fields::read(reader, key.span, node, &EFFORT)?;
    Some(EffortDecl {
        minutes: fields.with("minutes", |key, node| reader.number(key, node)).flatten(),
        restart: fields.with("restart", |key, node| reader.boolean(key, node)).unwrap_or(false),
        on_site: fields.with("on-site", |key, node| reader.boolean(key, node)).unwrap_or(false),
    })
}
