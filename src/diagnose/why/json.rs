//! `why --format json`. Additions are allowed; a change is a new schema number.

use serde_json::{Map, Value, json};

use crate::lang::Lang;

use super::super::{CauseStatus, Status};
use super::node::{Node, Why};

/// An explanation as JSON; its misses in `lang`.
#[must_use]
pub fn to_json(why: &Why, lang: Lang) -> Value {
    let status = match why.status {
        Some(Status::Confirmed) => "confirmed",
        Some(Status::Undetermined) => "undetermined",
        None => "none",
    };
    let causes: Vec<Value> = why
        .causes
        .iter()
        .map(|cause| {
            let node = cause.node.as_ref().map(|own| node(own, lang));
            json!({"id": cause.id, "status": cause.status.map(cause_status), "node": node})
        })
        .collect();
    json!({
        "schema": "casebook.why/1",
        "rule": why.rule,
        "products": why.products.iter().map(|product| product.get(lang)).collect::<Vec<_>>(),
        "status": status,
        "signature": node(&why.signature, lang),
        "causes": causes,
    })
}

fn cause_status(status: CauseStatus) -> &'static str {
    match status {
        CauseStatus::Confirmed => "confirmed",
        CauseStatus::Excluded => "excluded",
        CauseStatus::Open => "open",
    }
}

fn node(own: &Node, lang: Lang) -> Value {
    let mut bindings = Map::new();
    if let Some(binding) = &own.binding {
        let captures: Map<String, Value> =
            binding.captures.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect();
        bindings.insert("place".to_owned(), Value::from(binding.place.as_str()));
        bindings.insert("captures".to_owned(), Value::Object(captures));
    }
    json!({
        "text": own.text,
        "kind": own.kind,
        "value": own.value.key(),
        "hits": own.hits.as_ref().map(|hits| hits.matching),
        "passing": own.hits.as_ref().map(|hits| hits.passing),
        "places": own.hits.as_ref().map(|hits| hits.places.clone()).unwrap_or_default(),
        "bindings": bindings,
        "misses": own.misses.iter().map(|miss| miss.get(lang)).collect::<Vec<_>>(),
        "children": own.children.iter().map(|child| node(child, lang)).collect::<Vec<_>>(),
    })
}
