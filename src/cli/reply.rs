//! `casebook reply`: a draft of the next mail to the customer.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::draft::{self, Kind};

use super::delivery::{self, Form};
use super::input::{Beside, Work};
use super::{Common, Exit, output};

/// Draft a reply to the customer.
///
/// Example: casebook reply logs.zip --thread thread.txt --set engineer.name=...
#[derive(Debug, Args)]
pub(super) struct ReplyArgs {
    /// The customer's logs: a file, a folder, an archive, or `-`
    #[arg(value_name = "BUNDLE", required_unless_present = "thread")]
    bundles: Vec<PathBuf>,
    /// The case's mail thread: an export, pasted text, a mail, a mailbox or a folder of mails
    #[arg(long, value_name = "FILE")]
    thread: Option<PathBuf>,
    /// The kind of mail
    #[arg(long, value_enum, default_value_t = KindArg::Auto)]
    kind: KindArg,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the files that go with the mail (scripts, the excerpt of the logs) into DIR
    #[arg(long, value_name = "DIR")]
    attachments: Option<PathBuf>,
    /// Write open questions as visible marks instead of asking them
    #[arg(long)]
    placeholders: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Text, ready to be sent
    Text,
    /// A page by itself, light and dark, that loads nothing
    Html,
    /// An unsent mail, text and HTML, with its attachments
    Eml,
    /// One JSON object
    Json,
}

impl From<Format> for Form {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Form::Text,
            Format::Html => Form::Html,
            Format::Eml => Form::Eml,
            Format::Json => Form::Json,
        }
    }
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
    let work = Work::new(&args.bundles, args.thread.as_deref(), Beside::default(), common)?;
    let material = work.material(args.placeholders);
    let (fitting, why) = draft::choose(&material);
    let kind = args.kind.kind().unwrap_or(fitting);
    let draft = draft::write(&material, kind, why)?;
    if common.verbose {
        output::note(&draft.why, common);
    }
    if draft.body.is_some()
        && let Some(folder) = &args.attachments
    {
        delivery::write_attachments(&draft, folder)?;
    }
    delivery::finish(&draft, args.format.into(), common)
}
