//! `casebook test`: the tests of a knowledge base.

mod difference;
mod junit;
mod report;
mod review;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::knowledge_base::KnowledgeBase;
use crate::regression::{self, Order, Outcome, Status};

use super::{Common, Exit, input, output};

/// Run the tests of a knowledge base.
///
/// Example: casebook test my-rules --update
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// The knowledge base's folder [default: the one you stand in, else the embedded one]
    #[arg(value_name = "KB")]
    dir: Option<PathBuf>,
    /// Write snapshots that are new or changed, remove orphans
    #[arg(long)]
    update: bool,
    /// Show every snapshot that is new, changed or an orphan, and ask: accept, reject or skip
    #[arg(long, conflicts_with = "update")]
    review: bool,
    /// Put what is new or changed beside its snapshot (`.snap.new`), for `cargo insta review`
    #[arg(long, conflicts_with_all = ["update", "review"])]
    pending: bool,
    /// Run the tests in the order of an earlier run, which said its seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
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
    /// JUnit XML
    Junit,
}

pub(super) fn run(args: &TestArgs, common: &Common) -> Result<Exit> {
    let dir = input::author_dir(args.dir.as_deref(), common);
    let base = match &dir {
        Some(dir) => KnowledgeBase::load(dir)?,
        None => KnowledgeBase::embedded(),
    };
    let lang = input::lang(common, Some(&base.settings));
    if base.errors() > 0 {
        output::note(&format!("{} errors: `casebook check` shows them", base.errors()), common);
    }
    let order = Order::new(args.seed, common.threads);
    output::note(&format!("seed {}", order.seed), common);
    let mut outcomes = regression::run(&base, dir.as_deref(), &order)?;
    decide(args, &mut outcomes, output::view(lang, common))?;
    let report = report::Report { outcomes: &outcomes, view: output::view(lang, common), verbose: common.verbose };
    match args.format {
        Format::Human => output::write_styled(&report.human(), common)?,
        Format::Json => output::write(&report.json()?, common)?,
        Format::Junit => output::write(&junit::xml(&outcomes)?, common)?,
    }
    let failed = base.errors() > 0 || outcomes.iter().any(|one| one.status != Status::Pass);
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// What becomes of snapshots that are not as they were.
fn decide(args: &TestArgs, outcomes: &mut [Outcome], view: crate::diagnostic::render::View) -> Result<()> {
    if args.update {
        outcomes.iter_mut().try_for_each(Outcome::accept)?;
    } else if args.pending {
        outcomes.iter().filter_map(|one| one.change.as_ref()).try_for_each(regression::Change::put_beside)?;
    } else if args.review {
        let mut answers = std::io::stdin().lock();
        review::review(outcomes, view, &mut answers, &mut anstream::stderr().lock())?;
    }
    Ok(())
}
