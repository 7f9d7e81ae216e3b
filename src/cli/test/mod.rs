//! `casebook test`: the tests of a knowledge base.

mod difference;
mod gate;
mod junit;
mod quality;
mod report;
mod review;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::knowledge_base::KnowledgeBase;
use crate::regression::{self, Asked, Coverage, Mutants, Order, Outcome, Quality, Status};

use super::{Common, Exit, input, output};

/// Run the tests of a knowledge base.
///
/// Example: casebook test my-rules --update
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// The knowledge base's folder [default: the one you stand in, else the embedded one]
    #[arg(value_name = "KB")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    deciding: Deciding,
    /// Only rules whose names match, and bundle tests whose area does
    #[arg(long, value_name = "GLOB")]
    rule: Option<String>,
    #[command(flatten)]
    measuring: Measuring,
    /// Not the tests: scan every file of a folder, each as a machine of its own, and say which findings came and went since
    /// the baseline; `--update` records it
    #[arg(long, value_name = "DIR", requires = "baseline", conflicts_with_all = ["review", "pending", "coverage", "mutants", "strict"])]
    corpus: Option<PathBuf>,
    /// The baseline of a corpus: text, one finding a line
    #[arg(long, value_name = "FILE", requires = "corpus")]
    baseline: Option<PathBuf>,
    /// Run the tests in the order of an earlier run, which said its seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// What becomes of snapshots that are not as they were.
#[derive(Debug, Args)]
struct Deciding {
    /// Write snapshots that are new or changed, remove orphans
    #[arg(long)]
    update: bool,
    /// Show every snapshot that is new, changed or an orphan, and ask: accept, reject or skip
    #[arg(long, conflicts_with = "update")]
    review: bool,
    /// Put what is new or changed beside its snapshot (`.snap.new`), for `cargo insta review`
    #[arg(long, conflicts_with_all = ["update", "review"])]
    pending: bool,
}

/// How good the tests are.
#[derive(Debug, Args)]
struct Measuring {
    /// Say which evidence, causes, conditions and collections no test reaches
    #[arg(long)]
    coverage: bool,
    /// Change the rules one thing at a time, and list the changes that no test notices
    #[arg(long)]
    mutants: bool,
    /// Fail where the share of changes that are noticed is below this, 0 to 1, or too many are said to be equal
    #[arg(long, value_name = "SCORE", requires = "mutants")]
    least_score: Option<f64>,
    /// Fail where a rule has no positive test, no near miss, or a part that no test reaches, where no test asks for a
    /// collection, or where a text is still to be written
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// XML, as CI servers read test results
    Junit,
}

pub(super) fn run(args: &TestArgs, common: &Common) -> Result<Exit> {
    let dir = input::author_dir(args.dir.as_deref(), common);
    let base = match &dir {
        Some(dir) => input::sources(dir, common)?,
        None => KnowledgeBase::embedded(),
    };
    let lang = input::lang(common, Some(&base.settings));
    if base.errors() > 0 {
        output::note(&format!("{} errors: `casebook check` shows them", base.errors()), common);
    }
    let order = Order::new(args.seed, common.threads);
    output::note(&format!("seed {}", order.seed), common);
    if let (Some(corpus), Some(baseline)) = (&args.corpus, &args.baseline) {
        let gate = gate::Gate { corpus, baseline, update: args.deciding.update, format: args.format, lang };
        return gate.run(&base, &order, common);
    }
    let mut outcomes = regression::run(&base, dir.as_deref(), &order)?;
    let wanted = wanted(args)?;
    outcomes.retain(|one| wanted(&one.rule));
    decide(&args.deciding, &mut outcomes, output::view(lang, common))?;
    let measuring = &args.measuring;
    let asked = Asked { coverage: measuring.coverage || measuring.strict, mutants: measuring.mutants };
    let quality = if asked.coverage || asked.mutants {
        regression::measure(&base, dir.as_deref(), asked, &order, &wanted)?
    } else {
        Quality::default()
    };
    let view = output::view(lang, common);
    let report = report::Report { outcomes: &outcomes, quality: &quality, view, verbose: common.verbose };
    match args.format {
        Format::Human => output::write_styled(&report.human(), common)?,
        Format::Json => output::write(&report.json()?, common)?,
        Format::Junit => {
            output::write(&junit::xml(&outcomes, quality.coverage.as_ref().filter(|_| measuring.strict))?, common)?;
        }
    }
    let passed = outcomes.iter().all(|one| one.status == Status::Pass);
    let good = base.errors() == 0 && passed && good_enough(measuring, &quality);
    Ok(if good { Exit::Done } else { Exit::Failed })
}

/// Which rules, and areas of bundle tests, are meant.
fn wanted(args: &TestArgs) -> Result<impl Fn(&str) -> bool + use<>> {
    let glob = args.rule.as_deref().map(globset::Glob::new).transpose()?.map(|glob| glob.compile_matcher());
    Ok(move |name: &str| glob.as_ref().is_none_or(|glob| glob.is_match(name)))
}

/// Whether the tests are as good as was asked for.
fn good_enough(args: &Measuring, quality: &Quality) -> bool {
    let full = quality.coverage.as_ref().is_none_or(Coverage::full);
    let scored = |mutants: &Mutants| {
        let least = args.least_score.is_none_or(|least| mutants.score() >= least && !mutants.too_many_equal());
        least && mutants.stale.is_empty()
    };
    (full || !args.strict) && quality.mutants.as_ref().is_none_or(scored)
}

/// What becomes of snapshots that are not as they were.
fn decide(args: &Deciding, outcomes: &mut [Outcome], view: crate::diagnostic::render::View) -> Result<()> {
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
