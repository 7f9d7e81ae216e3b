//! `casebook schema`: JSON Schemas with which an editor completes and explains keys.

use anyhow::{Result, bail};
use clap::Args;

use crate::authoring::schema;

use super::{Common, Exit, input, output};

/// Print the JSON Schema of rule files, or of one kind of document.
///
/// Example: casebook schema rule --lang en -o rule.schema.json
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// rule, log, remedy, collection, phrases or settings (casebook.yaml) [default: all that a rule file may hold]
    #[arg(value_name = "KIND")]
    kind: Option<String>,
}

pub(super) fn run(args: &SchemaArgs, common: &Common) -> Result<Exit> {
    let lang = input::lang(common, None);
    let found = match &args.kind {
        None => Some(schema::rule_files(lang)),
        Some(kind) if kind == "settings" => Some(schema::settings()),
        Some(kind) => schema::document(kind, lang),
    };
    let Some(found) = found else {
        let kind = args.kind.as_deref().unwrap_or_default();
        bail!("{kind}: no kind of document (rule, log, remedy, collection, phrases, settings)");
    };
    output::write_bytes((serde_json::to_string_pretty(&found)? + "\n").as_bytes(), common)?;
    Ok(Exit::Done)
}
