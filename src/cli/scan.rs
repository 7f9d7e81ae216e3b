//! `casebook scan`: what the logs show.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::authoring::Cluster;
use crate::diagnose::Status;
use crate::draft::report;
use crate::lang::Lang;
use crate::rule::Severity;
use crate::scan::Stage;

use super::input::{Beside, Work};
use super::profile::Costs;
use super::{Common, Exit, output, unexplained};

/// Say what the logs show.
///
/// Example: casebook scan logs.zip --format json
#[derive(Debug, Args)]
pub(super) struct ScanArgs {
    /// A file, a folder, an archive, or `-`; all are one machine
    #[arg(required = true, value_name = "BUNDLE")]
    bundles: Vec<PathBuf>,
    /// The case's mail thread: log lines pasted in it count, and what was asked for is known
    #[arg(long, value_name = "FILE")]
    thread: Option<PathBuf>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Only rules whose names match
    #[arg(long, value_name = "GLOB")]
    rule: Option<String>,
    /// Exit 1 when a confirmed finding is at least this grave
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<SeverityArg>,
    #[command(flatten)]
    more: More,
    /// A diagnosis of its own for every BUNDLE
    #[arg(long)]
    each: bool,
}

/// What is said beside the findings.
#[derive(Debug, Args)]
struct More {
    /// Show symptoms under their causes too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    beside: Beside,
    /// Failures that no rule explains, in clusters, worst first: what to write a rule for next
    #[arg(long)]
    unexplained: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// One JSON object a line: sources, findings, problems, and at the end the bundle
    Ndjson,
    /// SARIF 2.1.0
    Sarif,
    /// A page by itself, light and dark, that loads nothing
    Html,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SeverityArg {
    /// notice
    Notice,
    /// warning
    Warning,
    /// failure
    Failure,
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Self {
        match severity {
            SeverityArg::Notice => Severity::Notice,
            SeverityArg::Warning => Severity::Warning,
            SeverityArg::Failure => Severity::Failure,
        }
    }
}

pub(super) fn run(args: &ScanArgs, common: &Common) -> Result<Exit> {
    let groups: Vec<&[PathBuf]> =
        if args.each { args.bundles.chunks(1).collect() } else { vec![args.bundles.as_slice()] };
    if args.each && groups.len() > 1 && matches!(args.format, Format::Html) {
        bail!("--each --format html: a page holds one diagnosis; scan one BUNDLE a call");
    }
    if args.more.beside.profile && matches!(args.format, Format::Html | Format::Sarif) {
        bail!("--profile: this form has no place for it; ask for human, json or ndjson");
    }
    let mut text = String::new();
    let mut runs = Vec::new();
    let (mut exit, alone) = (Exit::Done, groups.len() == 1);
    for bundles in groups {
        // A record that a rule knows is explained, also where its `where` says no of it.
        let beside = Beside { near_misses: args.more.unexplained, ..args.more.beside };
        let mut work = Work::new(bundles, args.thread.as_deref(), beside, common)?;
        let clusters = if args.more.unexplained { unexplained::clusters(&work, common) } else { Vec::new() };
        if let Some(glob) = &args.rule {
            let glob = globset::Glob::new(glob)?.compile_matcher();
            work.diagnosis.findings.retain(|finding| glob.is_match(&finding.name));
        }
        match args.format {
            Format::Sarif => runs.push(report::scan_run(&work.material(false))),
            _ => text.push_str(&measured(args, &work, &clusters, bundles)?),
        }
        hint(args, &work, common);
        // Lines are read as they come; what goes into a file is written whole.
        if matches!(args.format, Format::Ndjson) && common.output.is_none() {
            output::print(&std::mem::take(&mut text))?;
        }
        let grave = |least: SeverityArg| {
            work.diagnosis
                .findings
                .iter()
                .any(|finding| finding.status == Status::Confirmed && finding.severity >= least.into())
        };
        if args.fail_on.is_some_and(grave) {
            exit = Exit::Failed;
        }
        if alone {
            work.leave();
        }
    }
    if matches!(args.format, Format::Sarif) {
        text = format!("{}\n", serde_json::to_string_pretty(&report::sarif(&runs))?);
    }
    output::write(&text, common)?;
    Ok(exit)
}

/// Where no rule has anything to say of logs that were read, what to ask next.
fn hint(args: &ScanArgs, work: &Work, common: &Common) {
    let silent = work.diagnosis.findings.is_empty() && work.scan.sources.iter().any(|source| source.log.is_some());
    if silent && !args.more.unexplained && matches!(args.format, Format::Human) {
        output::note(
            match work.lang {
                Lang::Zh => "加上 --unexplained 可列出没有规则能解释的失败",
                Lang::En => "--unexplained lists failures that no rule explains",
            },
            common,
        );
    }
}

/// One diagnosis in its form, with what it cost where that is asked for. Writing it is a part of that, so it is written
/// once without.
fn measured(args: &ScanArgs, work: &Work, clusters: &[Cluster], bundles: &[PathBuf]) -> Result<String> {
    let Some(profile) = &work.profile else { return one(args, work, clusters, bundles, None) };
    let begun = Instant::now();
    let text = one(args, work, clusters, bundles, None)?;
    profile.add(Stage::Render, begun.elapsed(), text.len() as u64);
    let costs = Costs::new(work, profile);
    match args.format {
        Format::Json | Format::Ndjson => one(args, work, clusters, bundles, Some(&costs)),
        _ => Ok(text + &costs.human(work.lang)),
    }
}

/// One diagnosis in its form.
fn one(
    args: &ScanArgs,
    work: &Work,
    clusters: &[Cluster],
    bundles: &[PathBuf],
    costs: Option<&Costs<'_>>,
) -> Result<String> {
    let material = work.material(false);
    let whole = || {
        let base = report::Base { name: &work.base.name, hash: &work.base.hash };
        let mut object = report::scan_json(&material, &base, args.more.beside.stats);
        if let (true, Value::Object(fields)) = (args.more.unexplained, &mut object) {
            fields.insert("unexplained".to_owned(), unexplained::to_json(clusters, work));
        }
        if let (Some(costs), Value::Object(fields)) = (costs, &mut object) {
            fields.insert("profile".to_owned(), costs.json());
        }
        object
    };
    Ok(match args.format {
        Format::Json => format!("{}\n", serde_json::to_string_pretty(&whole())?),
        Format::Ndjson => {
            let names: Vec<String> = bundles.iter().map(|path| path.display().to_string()).collect();
            report::scan_lines(whole(), &names.join(" "))
        }
        Format::Html => report::scan_page(&material, args.more.all),
        Format::Human | Format::Sarif => {
            let more = if args.more.unexplained { unexplained::human(clusters, work.lang) } else { String::new() };
            report::scan_text(&material, args.more.all) + &more
        }
    })
}
