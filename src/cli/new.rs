//! `casebook new rule`: a rule drafted from log lines, with its tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{Args, Subcommand};

use crate::authoring::scaffold::{self, Picked};
use crate::bundle::Meter;
use crate::knowledge_base::KnowledgeBase;
use crate::scan;

use super::{Common, Exit, input, output};

/// Records at the most that one rule is drafted from.
const RECORDS: usize = 400;

/// Draft something new for a knowledge base.
///
/// Example: casebook new rule servicing/open-denied --from CBS.log:4120-4132 --kb my-rules
#[derive(Debug, Args)]
pub(super) struct NewArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Rule(RuleArgs),
}

/// Draft a rule from log lines: what is volatile in them becomes typed holes, with a positive test and two near misses.
///
/// Example: casebook new rule servicing/open-denied --from CBS.log:4120-4132 --kb my-rules
#[derive(Debug, Args)]
struct RuleArgs {
    /// Area and name, such as servicing/package-denied
    #[arg(value_name = "NAME")]
    name: String,
    /// The lines, or records of a log without lines; a file in an archive is named as places are: `logs.zip!/CBS.log:7-9`
    #[arg(long, value_name = "FILE:FIRST-LAST")]
    from: String,
}

pub(super) fn run(args: &NewArgs, common: &Common) -> Result<Exit> {
    let What::Rule(args) = &args.what;
    let Some(dir) = input::author_dir(None, common) else {
        bail!("no knowledge base here: name its folder with --kb, or make one with `casebook init DIR`");
    };
    let base = input::sources(&dir, common)?;
    let from = From::read(&args.from)?;
    let picked = pick(&from, &base)?;
    let drafted = scaffold::draft(&base, &dir, &args.name, &picked)?;
    if common.output.is_some() {
        output::write(&drafted.text, common)?;
        return Ok(Exit::Done);
    }
    let path = dir.join(&drafted.path);
    if path.exists() {
        bail!("{}: there already; nothing was written", path.display());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    output::write_file(&path, drafted.text.as_bytes())?;
    let shown = dir.display();
    output::note(&format!("{}: try `casebook check {shown}` and `casebook test {shown}`", path.display()), common);
    Ok(Exit::Done)
}

/// Where the lines stand.
struct From {
    file: PathBuf,
    /// The path inside an archive, as places have it.
    member: Option<String>,
    first: u64,
    last: u64,
    place: String,
}

impl From {
    fn read(text: &str) -> Result<From> {
        let form = || anyhow!("--from {text}: write FILE:FIRST-LAST, such as CBS.log:4120-4132");
        let (path, range) = text.rsplit_once(':').ok_or_else(form)?;
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let number = |text: &str| text.trim().parse::<u64>().map_err(|_| form());
        let (first, last) = (number(first)?, number(last)?);
        if first == 0 || last < first || path.is_empty() {
            return Err(form());
        }
        let (file, member) = match path.split_once("!/") {
            Some((file, member)) => (file, Some(member.to_owned())),
            None => (path, None),
        };
        let name = Path::new(file).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let inside = member.as_ref().map_or_else(String::new, |member| format!("!/{member}"));
        let place = format!("{name}{inside}:{range}");
        Ok(From { file: PathBuf::from(file), member, first, last, place })
    }
}

/// The records there.
fn pick(from: &From, base: &KnowledgeBase) -> Result<Picked> {
    let bundle = input::open(std::slice::from_ref(&from.file), &base.settings, &Arc::new(Meter::default()))?;
    let mut records = Vec::new();
    let mut log = None;
    let mut unknown = false;
    scan::records(&bundle, &base.rules, &scan::Options::default(), &mut |source, record, _| {
        let inside = source.path.split_once("!/").map(|(_, inside)| inside);
        let numbers = match record.origin.record() {
            Some(number) if record.origin.line == 0 => number..=number,
            _ => record.origin.line..=record.origin.end_line(),
        };
        let here = *numbers.start() <= from.last && *numbers.end() >= from.first;
        if !here || inside != from.member.as_deref() || log.is_some_and(|known| known != record.log) {
            return;
        }
        unknown |= source.log.is_none();
        log = Some(record.log);
        records.push(record.clone());
    });
    let place = &from.place;
    match log {
        None => bail!("{place}: no record there"),
        Some(_) if unknown => bail!("{place}: of no log kind; a rule needs one (rules/logs/)"),
        Some(_) if records.len() > RECORDS => bail!("{place}: more than {RECORDS} records; name those that show it"),
        Some(log) => Ok(Picked { log, records, place: place.clone() }),
    }
}
