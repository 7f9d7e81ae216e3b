//! `casebook read`: the records as casebook sees them.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use crate::logs::Record;
use crate::scan::{self, Source};

use super::progress::Progress;
use super::{Common, Exit, input, output};

/// Show the records as casebook sees them.
///
/// Example: casebook read CBS.log --format ndjson
#[derive(Debug, Args)]
pub(super) struct ReadArgs {
    /// A file, a folder, an archive, or `-`
    #[arg(required = true, value_name = "BUNDLE")]
    bundles: Vec<PathBuf>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object a line
    Ndjson,
}

/// Bytes that are shown in one go.
const SHOWN: usize = 1 << 20;

pub(super) fn run(args: &ReadArgs, common: &Common) -> Result<Exit> {
    let base = input::knowledge_base(common)?;
    let progress = Progress::new(common);
    let bundle = input::open(&args.bundles, &base.settings, progress.meter())?;
    let options = scan::Options { meter: Arc::clone(progress.meter()), ..scan::Options::default() };
    let mut text = String::new();
    let mut written = Ok(());
    scan::records(&bundle, &base.rules, &options, &mut |source, record, _| {
        let log = source.log.map_or("text", |log| base.rules.logs.get(log).name.as_str());
        match args.format {
            Format::Human => human(&mut text, source, log, record),
            Format::Ndjson => {
                let _ = writeln!(text, "{}", object(source, log, record));
            }
        }
        // A file is written whole or not at all; what is shown need not be held.
        if text.len() >= SHOWN && common.output.is_none() && written.is_ok() {
            written = output::write(&std::mem::take(&mut text), common);
        }
    });
    written?;
    output::write(&text, common)?;
    Ok(Exit::Done)
}

/// `CBS.log:12  2024-10-16T08:43:18  cbs  level=Info component=CBS | message`
fn human(text: &mut String, source: &Source, log: &str, record: &Record) {
    let fields: Vec<String> =
        record.fields().map(|(name, value)| format!("{name}={}", value.replace(['\r', '\n'], " "))).collect();
    let stamp = record.stamp.map_or_else(|| "-".to_owned(), crate::value::Stamp::iso);
    let place = match record.origin.record() {
        Some(number) if record.origin.line == 0 => format!("{}#{number}", source.path),
        _ => format!("{}:{}", source.path, record.origin.line),
    };
    let message = record.message().replace('\n', "\n    ");
    let _ = writeln!(text, "{place}  {stamp}  {log}  {} | {message}", fields.join(" "));
}

fn object(source: &Source, log: &str, record: &Record) -> Value {
    let fields: Map<String, Value> =
        record.fields().map(|(name, value)| (name.to_string(), Value::from(value))).collect();
    json!({
        "source": source.path,
        "line": record.origin.line,
        "end_line": record.origin.end_line(),
        "record": record.origin.record(),
        "time": record.stamp.map(crate::value::Stamp::iso),
        "log": log,
        "message": record.message(),
        "fields": fields,
    })
}
