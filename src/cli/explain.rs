//! `casebook explain`: a diagnostic or a Windows error code in words.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use clap::Args;

use crate::diagnostic::Code;
use crate::lang::Lang;
use crate::value::{self, codes::Explained};

use super::{Common, Exit, input, output};

/// Explain a diagnostic (CB0012) or a Windows error code (0x80070005).
///
/// Example: casebook explain 0xC1900101-0x4000D
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The code, in any spelling
    #[arg(value_name = "CODE", allow_hyphen_values = true)]
    code: String,
}

pub(super) fn run(args: &ExplainArgs, common: &Common) -> Result<Exit> {
    let lang = input::lang(common, None);
    let text = match Code::parse(&args.code) {
        Some(code) => match code.entry() {
            Some(entry) => entry.page(lang),
            None => bail!("{}: no diagnostic has this code", args.code),
        },
        None => match value::codes::lookup(&args.code) {
            Some(found) => error_code(&found, lang),
            None => bail!("{}: neither a diagnostic code (CB0012) nor an error code", args.code),
        },
    };
    output::write(&text, common)?;
    Ok(Exit::Done)
}

/// What is known of an error code, a line each.
fn error_code(found: &Explained, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut text = format!("{} {}", found.code, found.symbol).trim_end().to_owned();
    text.push('\n');
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "  {label}{}{value}", say("：", ": "));
        }
    };
    line(say("含义", "meaning"), found.meaning.get(lang));
    line(say("其他名称", "other names"), &found.names.join(", "));
    line(say("类别", "family"), &found.family);
    line(say("其他写法", "other spellings"), &found.spellings.join(", "));
    if let Some((phase, operation)) = &found.extend {
        line(say("阶段", "phase"), phase.get(lang));
        line(say("操作", "operation"), operation.get(lang));
    }
    text
}
