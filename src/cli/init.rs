//! `casebook init`: a knowledge base to start from.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::authoring::schema;

use super::{Common, Exit, input, output};

/// What a new knowledge base holds: path and text.
const FILES: [(&str, &str); 5] = [
    ("casebook.yaml", include_str!("init/casebook.yaml")),
    ("rules/example/service-timeout.yaml", include_str!("init/service-timeout.yaml")),
    ("README.md", include_str!("init/README.md")),
    (".github/workflows/casebook.yml", include_str!("init/casebook.yml")),
    (".vscode/settings.json", include_str!("init/settings.json")),
];

/// Start a knowledge base in a new folder.
///
/// Example: casebook init my-rules && casebook test my-rules
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder; it must be empty or not exist
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub(super) fn run(args: &InitArgs, common: &Common) -> Result<Exit> {
    let dir = &args.dir;
    if dir.exists() && fs::read_dir(dir).with_context(|| dir.display().to_string())?.next().is_some() {
        bail!("{}: not empty; nothing was written", dir.display());
    }
    let lang = input::lang(common, None);
    let pretty = |schema: &serde_json::Value| serde_json::to_string_pretty(schema).map(|text| text + "\n");
    let schemas = [
        (".casebook/rules.schema.json", pretty(&schema::rule_files(lang))?),
        (".casebook/settings.schema.json", pretty(&schema::settings())?),
    ];
    let written = schemas.iter().map(|(path, text)| (*path, text.as_str()));
    for (path, text) in FILES.into_iter().chain(written) {
        let path = dir.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        output::write_file(&path, text.as_bytes())?;
    }
    let shown = dir.display();
    output::note(&format!("{shown}: try `casebook check {shown}` and `casebook test {shown}`"), common);
    Ok(Exit::Done)
}
