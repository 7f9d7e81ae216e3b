//! `casebook check`: the faults of a knowledge base.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::diagnostic::render::{self, View};
use crate::diagnostic::sarif;
use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;

use super::{Common, Exit, input, output};

/// Check a knowledge base.
///
/// Example: casebook check my-rules --strict
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The knowledge base's folder [default: the one you stand in, else the embedded one]
    #[arg(value_name = "KB")]
    dir: Option<PathBuf>,
    /// Warnings fail too
    #[arg(long)]
    strict: bool,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Lines that GitHub shows as annotations
    Github,
}

pub(super) fn run(args: &CheckArgs, common: &Common) -> Result<Exit> {
    let base = match input::author_dir(args.dir.as_deref(), common) {
        Some(dir) => input::sources(&dir, common)?,
        None => KnowledgeBase::embedded(),
    };
    let lang = input::lang(common, Some(&base.settings));
    let text = match args.format {
        Format::Human => human(&base, output::view(lang, common)),
        Format::Github => sarif::github(&base.diagnostics, &base.map, &folder(args, common), lang),
        Format::Sarif => pretty(&sarif::sarif(&base.diagnostics, &base.map, &folder(args, common), lang))?,
        Format::Json => {
            let diagnostics: Vec<_> =
                base.diagnostics.iter().map(|diagnostic| render::to_json(diagnostic, &base.map, lang)).collect();
            pretty(&json!({"schema": "casebook.check/1", "diagnostics": diagnostics}))?
        }
    };
    output::write_styled(&text, common)?;
    let failed = base.errors() > 0 || (args.strict && base.warnings() > 0);
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

fn pretty(value: &serde_json::Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// Where the knowledge base lies, from where one stands; nothing for one that lies elsewhere.
fn folder(args: &CheckArgs, common: &Common) -> String {
    let dir = input::author_dir(args.dir.as_deref(), common).filter(|dir| dir.is_relative());
    let parts = dir.iter().flat_map(|dir| dir.components()).map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.filter(|part| part != ".").collect::<Vec<_>>().join("/")
}

fn human(base: &KnowledgeBase, view: View) -> String {
    let mut text = String::new();
    for diagnostic in &base.diagnostics {
        text.push_str(&render::human(diagnostic, &base.map, view));
        text.push_str("\n\n");
    }
    let (rules, errors, warnings) = (base.own_rules.len(), base.errors(), base.warnings());
    let _ = match view.lang {
        Lang::Zh => writeln!(text, "检查了 {rules} 条规则：{errors} 个错误，{warnings} 个警告"),
        Lang::En => writeln!(
            text,
            "{rules} rule{} checked: {errors} error{}, {warnings} warning{}",
            plural(rules),
            plural(errors),
            plural(warnings)
        ),
    };
    text
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
