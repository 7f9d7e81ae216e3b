//! The command line: one file a command; exit codes are written here once.
//!
//! `anyhow` and printing live only in this room. A command returns an `Exit`; an error it returns is exit 2, and then
//! nothing was written.

mod check;
mod compile;
mod completions;
mod delivery;
mod doc;
mod explain;
mod fix;
mod fmt;
mod folder;
mod init;
mod input;
mod lsp;
mod man;
mod new;
mod output;
mod profile;
mod progress;
mod read;
mod reply;
mod scan;
mod schema;
mod scrub;
mod summary;
mod test;
mod thread;
mod unexplained;
mod verify;
mod why;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::lang::Lang;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done.
    Done,
    /// Done, and what was asked to fail did.
    Failed,
    /// A draft needs answers first; nothing was written.
    Questions,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::from(1),
            Exit::Questions => ExitCode::from(3),
        }
    }
}

/// The exit code of anything that could not be done.
const COULD_NOT: u8 = 2;

/// What the exit status says, at the end of the help.
const STATUS: &str = "\
Exit status:
  0  done; a damaged archive or file is a problem in the result
  1  done, and what was asked to fail did: errors in `check`, a test that does not pass,
     `--fail-on` reached, a draft that `verify` found a fault in
  2  could not be done; nothing was written
  3  a draft needs answers first: the questions are printed, nothing was written";

/// From a customer's logs and mail thread to a reply and a case summary whose every claim quotes a log line.
#[derive(Debug, Parser)]
#[command(name = "casebook", version, max_term_width = 100, after_help = STATUS)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
struct Common {
    /// Use the knowledge base in a folder, or a pack that `compile` made; what a folder lacks comes from the default
    #[arg(long, global = true, value_name = "DIR|PACK")]
    kb: Option<std::path::PathBuf>,
    /// Language of drafts, summaries and diagnostics [default: the knowledge base's, else zh]
    #[arg(long, global = true, value_enum)]
    lang: Option<LangArg>,
    /// Write the result to FILE, whole or not at all
    #[arg(short, long, global = true, value_name = "FILE")]
    output: Option<std::path::PathBuf>,
    /// Answer a question or override a setting; repeatable
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Answers from a YAML file of the same keys
    #[arg(long, global = true, value_name = "FILE")]
    answers: Option<std::path::PathBuf>,
    /// What was said outside mail, `[time] who: what` (time and who may be left out); repeatable
    #[arg(long, global = true, value_name = "TEXT")]
    note: Vec<String>,
    /// The machine's local time minus UTC, such as +08:00, where no log shows it
    #[arg(long, global = true, value_name = "OFFSET", allow_hyphen_values = true)]
    utc_offset: Option<String>,
    /// Threads to read with; the result is the same
    #[arg(long, global = true, value_name = "N")]
    threads: Option<usize>,
    /// Colour
    #[arg(long, global = true, value_enum, default_value_t = ColorArg::Auto)]
    color: ColorArg,
    /// Nothing on standard error but errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more on standard error
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangArg {
    /// Chinese
    Zh,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ColorArg {
    /// When standard output is a terminal and `NO_COLOR` is not set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What each does is said where its arguments are, with an example.
#[derive(Debug, Subcommand)]
enum Command {
    Reply(reply::ReplyArgs),
    Summary(summary::SummaryArgs),
    Scan(scan::ScanArgs),
    Why(why::WhyArgs),
    Read(read::ReadArgs),
    Thread(thread::ThreadArgs),
    Verify(verify::VerifyArgs),
    Scrub(scrub::ScrubArgs),
    Check(check::CheckArgs),
    Test(test::TestArgs),
    Compile(compile::CompileArgs),
    Doc(doc::DocArgs),
    Fix(fix::FixArgs),
    Fmt(fmt::FmtArgs),
    New(new::NewArgs),
    Init(init::InitArgs),
    Schema(schema::SchemaArgs),
    Lsp(lsp::LspArgs),
    Explain(explain::ExplainArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Runs the program on the process's own arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    output::color(cli.common.color);
    match run(&cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::error(&error);
            ExitCode::from(COULD_NOT)
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<Exit> {
    let common = &cli.common;
    match &cli.command {
        Command::Reply(args) => reply::run(args, common),
        Command::Summary(args) => summary::run(args, common),
        Command::Scan(args) => scan::run(args, common),
        Command::Why(args) => why::run(args, common),
        Command::Read(args) => read::run(args, common),
        Command::Thread(args) => thread::run(args, common),
        Command::Verify(args) => verify::run(args, common),
        Command::Scrub(args) => scrub::run(args, common),
        Command::Check(args) => check::run(args, common),
        Command::Test(args) => test::run(args, common),
        Command::Compile(args) => compile::run(args, common),
        Command::Doc(args) => doc::run(args, common),
        Command::Fix(args) => fix::run(args, common),
        Command::Fmt(args) => fmt::run(args, common),
        Command::New(args) => new::run(args, common),
        Command::Init(args) => init::run(args, common),
        Command::Lsp(args) => lsp::run(args, common),
        Command::Schema(args) => schema::run(args, common),
        Command::Explain(args) => explain::run(args, common),
        Command::Completions(args) => completions::run(args, common),
        Command::Man(args) => man::run(args, common),
    }
}
