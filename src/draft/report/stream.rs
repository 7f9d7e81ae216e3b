//! `scan --format ndjson`: one JSON object a line, each with a `type`.

use serde_json::{Value, json};

/// The lines of one bundle, from its JSON: its sources, findings and problems, then the bundle itself, which says that it is whole.
#[must_use]
pub fn scan_lines(mut whole: Value, bundle: &str) -> String {
    let mut lines = Vec::new();
    for (list, kind) in [("sources", "source"), ("findings", "finding"), ("problems", "problem")] {
        let Some(Value::Array(entries)) = whole.get_mut(list).map(Value::take) else { continue };
        whole[list] = json!(entries.len());
        lines.extend(entries.into_iter().map(|entry| typed(kind, bundle, entry)));
    }
    lines.push(typed("bundle", bundle, whole));
    lines.into_iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect()
}

/// An object with its type and its bundle before everything else.
fn typed(kind: &str, bundle: &str, entry: Value) -> Value {
    let mut line = json!({"type": kind, "bundle": bundle});
    if let (Value::Object(line), Value::Object(entry)) = (&mut line, entry) {
        line.extend(entry);
    }
    line
}
