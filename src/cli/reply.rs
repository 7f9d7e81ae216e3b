//! `casebook reply`: a draft of the next mail to the customer.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::draft::{self, Draft, Kind};
use crate::lang::Lang;

use super::input::Work;
use super::{Common, Exit, output};

/// Draft a reply to the customer.
///
/// Example: casebook reply logs.zip --thread thread.txt --set engineer.name=...
#[derive(Debug, Args)]
pub(super) struct ReplyArgs {
    /// The customer's logs: a file, a folder, an archive, or `-`
    #[arg(value_name = "BUNDLE", required_unless_present = "thread")]
    bundles: Vec<PathBuf>,
    /// The case's mail thread
    #[arg(long, value_name = "FILE")]
    thread: Option<PathBuf>,
    /// The kind of mail
    #[arg(long, value_enum, default_value_t = KindArg::Auto)]
    kind: KindArg,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write open questions as visible marks instead of asking them
    #[arg(long)]
    placeholders: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text, ready to be sent
    Text,
    /// One JSON object
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArg {
    /// By the thread's stage and the findings
    Auto,
    /// Problem, scope and the first log request
    Scope,
    /// Asks for logs
    Request,
    /// Confirms that logs came
    Received,
    /// What the logs show and what to do
    Analysis,
    /// What to do
    Remedy,
    /// Asks how things stand
    FollowUp,
    /// Hands the case over
    Handover,
    /// Archives the case, with its summary
    Close,
}

impl KindArg {
    fn kind(self) -> Option<Kind> {
        Some(match self {
            KindArg::Auto => return None,
            KindArg::Scope => Kind::Scope,
            KindArg::Request => Kind::Request,
            KindArg::Received => Kind::Received,
            KindArg::Analysis => Kind::Analysis,
            KindArg::Remedy => Kind::Remedy,
            KindArg::FollowUp => Kind::FollowUp,
            KindArg::Handover => Kind::Handover,
            KindArg::Close => Kind::Close,
        })
    }
}

pub(super) fn run(args: &ReplyArgs, common: &Common) -> Result<Exit> {
    let work = Work::new(&args.bundles, args.thread.as_deref(), false, common)?;
    let material = work.material(args.placeholders);
    let (fitting, why) = draft::choose(&material);
    let kind = args.kind.kind().unwrap_or(fitting);
    let draft = draft::write(&material, kind, why)?;
    if common.verbose {
        output::note(&draft.why, common);
    }
    finish(&draft, args.format, common)
}

/// Writes a draft, or its questions; then nothing else is written.
pub(super) fn finish(draft: &Draft, format: Format, common: &Common) -> Result<Exit> {
    let open = draft.body.is_none();
    if open && draft.questions.is_empty() {
        bail!("the draft came out empty");
    }
    match (&draft.body, format) {
        (_, Format::Json) => {
            let mut json = serde_json::to_string_pretty(&draft::json::draft_json(draft))?;
            json.push('\n');
            if open {
                output::write(&json, &Common { output: None, ..quiet(common) })?;
            } else {
                output::write(&json, common)?;
            }
        }
        (Some(body), Format::Text) => output::write(body, common)?,
        (None, Format::Text) => output::write(&questions(draft), &Common { output: None, ..quiet(common) })?,
    }
    Ok(if open { Exit::Questions } else { Exit::Done })
}

/// The options that matter for output, with nothing to write to.
fn quiet(common: &Common) -> Common {
    Common {
        kb: None,
        lang: common.lang,
        output: None,
        set: Vec::new(),
        answers: None,
        note: Vec::new(),
        utc_offset: None,
        threads: None,
        color: common.color,
        quiet: common.quiet,
        verbose: common.verbose,
    }
}

/// The questions with the `--set` that answers each.
fn questions(draft: &Draft) -> String {
    let head = match draft.lang {
        Lang::Zh => "起草前需要先回答：",
        Lang::En => "Answer these first:",
    };
    let mut text = format!("{head}\n");
    for question in &draft.questions {
        let _ = writeln!(text, "  --set {}=…    {}", question.key, question.question);
    }
    text
}
