//! `casebook verify`: whether a draft quotes the logs as they are.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use clap::Args;

use crate::draft::verify::{self, Fault, Verdict};
use crate::lang::Lang;
use crate::scan;

use super::progress::Progress;
use super::{Common, Exit, input, output};

/// Look up every quotation of a draft in the logs.
///
/// A draft is text, a page (`--format html`), a mail (`--format eml`) or JSON. Exit 1 where a quotation is not in the logs or was
/// altered, or where a log line stands outside any quotation.
///
/// Example: casebook verify mail.eml logs.zip --thread thread.txt
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The draft
    #[arg(value_name = "DRAFT")]
    draft: PathBuf,
    /// The logs it was made from: a file, a folder, an archive, or `-`
    #[arg(required_unless_present = "thread", value_name = "BUNDLE")]
    bundles: Vec<PathBuf>,
    /// The case's mail thread: log lines pasted in it can be quoted too
    #[arg(long, value_name = "FILE")]
    thread: Option<PathBuf>,
}

pub(super) fn run(args: &VerifyArgs, common: &Common) -> Result<Exit> {
    let base = input::knowledge_base(common)?;
    let lang = input::lang(common, Some(&base.settings));
    let name = args.draft.display().to_string();
    let bytes = std::fs::read(&args.draft).with_context(|| name.clone())?;
    let texts = verify::read(&bytes).map_err(|error| anyhow!("{name}: {}", error.0.get(lang)))?;
    let progress = Progress::new(common);
    let mut bundle = input::open(&args.bundles, &base.settings, progress.meter())?;
    input::add_excerpts(&mut bundle, args.thread.as_deref(), &base)?;
    let options =
        scan::Options { meter: Arc::clone(progress.meter()), threads: common.threads, ..scan::Options::default() };
    let verdict = verify::verify(&texts, &bundle, &base.rules, &options);
    output::write(&shown(&verdict, &name, lang), common)?;
    Ok(if verdict.faults.is_empty() { Exit::Done } else { Exit::Failed })
}

fn shown(verdict: &Verdict, name: &str, lang: Lang) -> String {
    let mut text = String::new();
    for fault in &verdict.faults {
        one(fault, name, lang, &mut text);
    }
    let (quotations, faults) = (verdict.quotations, verdict.faults.len());
    let _ = match lang {
        Lang::Zh if faults == 0 => writeln!(text, "{quotations} 处引用均与日志一致。"),
        Lang::Zh => writeln!(text, "{quotations} 处引用，{faults} 处问题。"),
        Lang::En if faults == 0 && quotations == 1 => writeln!(text, "The one quotation is what the log has."),
        Lang::En if faults == 0 => writeln!(text, "All {quotations} quotations are what the logs have."),
        Lang::En => {
            let plural = |count: usize| if count == 1 { "" } else { "s" };
            writeln!(text, "{quotations} quotation{}, {faults} fault{}.", plural(quotations), plural(faults))
        }
    };
    text
}

fn one(fault: &Fault, name: &str, lang: Lang, text: &mut String) {
    let part = if fault.text.is_empty() { String::new() } else { format!("#{}", fault.text) };
    let _ = writeln!(text, "{name}{part}:{}: {}", fault.line, fault.message.get(lang));
    if let Some((quoted, known)) = &fault.differs {
        let (draft, log) = if lang == Lang::Zh { ("草稿：", "日志：") } else { ("draft: ", "log:   ") };
        let _ = writeln!(text, "    {draft}{quoted}\n    {log}{known}");
    }
}
