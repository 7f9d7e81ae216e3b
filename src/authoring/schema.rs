//! JSON Schemas (draft 7, which every editor reads) of what an author writes, made from the list of keys that the reader
//! itself goes by.

use serde_json::{Map, Value, json};

use crate::knowledge_base;
use crate::lang::Lang;
use crate::syntax::shape::{DOCUMENTS, Document, EXPECTED, Field, LOCALIZED, Referent, Shape};
use crate::value::Type;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The schema of a rule file: any kind of document.
#[must_use]
pub fn rule_files(lang: Lang) -> Value {
    let any: Vec<Value> = DOCUMENTS.iter().map(|document| object_of(document, lang)).collect();
    json!({"$schema": DRAFT, "title": "casebook", "anyOf": any})
}

/// The schema of one kind of document.
#[must_use]
pub fn document(kind: &str, lang: Lang) -> Option<Value> {
    let mut schema = object_of(Document::find(kind)?, lang);
    let object = schema.as_object_mut()?;
    object.insert("$schema".to_owned(), json!(DRAFT));
    object.insert("title".to_owned(), json!(format!("casebook: {kind}")));
    Some(schema)
}

/// The schema of `casebook.yaml`.
#[must_use]
pub fn settings() -> Value {
    let mut top = Map::new();
    for key in knowledge_base::setting_keys() {
        match key.split_once('.') {
            None => drop(top.insert(key.to_owned(), text())),
            Some((group, own)) => {
                let group = top
                    .entry(group.to_owned())
                    .or_insert_with(|| json!({"type": "object", "additionalProperties": false, "properties": {}}));
                group["properties"][own] = text();
            }
        }
    }
    top.insert("language".to_owned(), json!({"enum": ["zh", "en"]}));
    top.insert("extends".to_owned(), json!({"enum": ["default"]}));
    top.insert("redaction".to_owned(), json!({}));
    top.insert("own".to_owned(), json!({"type": "object"}));
    json!({
        "$schema": DRAFT, "title": "casebook.yaml", "type": "object", "additionalProperties": false, "properties": top,
    })
}

fn object_of(document: &Document, lang: Lang) -> Value {
    let mut schema = object(document.fields, lang);
    if let Some(open) = document.open {
        schema["additionalProperties"] = shape(open, lang);
    }
    schema
}

fn object(fields: &[Field], lang: Lang) -> Value {
    let property = |field: &Field| {
        let mut schema = shape(field.shape, lang);
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), json!(field.meaning(lang)));
        }
        (field.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = fields.iter().map(property).collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    let mut schema = json!({"type": "object", "additionalProperties": false, "properties": properties});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// Text, which YAML may take for a number or a truth value.
fn text() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

fn shape(shape: Shape, lang: Lang) -> Value {
    let own = |inner: Shape| self::shape(inner, lang);
    match shape {
        Shape::Text | Shape::Pattern => text(),
        Shape::Reference(Referent::Type) => json!({"enum": Type::all().map(Type::name).collect::<Vec<_>>()}),
        Shape::Name | Shape::Condition | Shape::Filter | Shape::Reference(_) => {
            json!({"type": "string", "minLength": 1})
        }
        Shape::Word(words) => json!({"enum": words}),
        Shape::Number => json!({"type": "integer", "minimum": 0}),
        Shape::Truth => json!({"type": "boolean"}),
        Shape::Duration => json!({"type": "string", "pattern": "^[0-9]+(ns|us|ms|s|m|h|d)$"}),
        Shape::Localized | Shape::Product => json!({"anyOf": [text(), object(&LOCALIZED, lang)]}),
        Shape::OneOrMany(item) => json!({"anyOf": [own(*item), {"type": "array", "items": own(*item)}]}),
        Shape::List(item) => json!({"type": "array", "items": own(*item)}),
        Shape::Map(fields) => object(fields, lang),
        // An empty value is an empty text.
        Shape::By(_, Shape::Text) => {
            json!({"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}})
        }
        Shape::Named(item) | Shape::By(_, item) => json!({"type": "object", "additionalProperties": own(*item)}),
        Shape::TestLog => {
            let value = json!({"type": ["string", "number", "boolean", "null"]});
            json!({"anyOf": [
                {"type": ["string", "number", "boolean", "null"]},
                {"type": "array", "items": {"type": "object", "additionalProperties": value}},
            ]})
        }
        Shape::Expect => {
            let finding = object(&EXPECTED, lang);
            json!({"anyOf": [{"enum": ["none"]}, finding, {"type": "array", "items": finding}]})
        }
    }
}
