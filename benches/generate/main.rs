//! Logs and rules to measure with: the same bytes for the same arguments, on every machine.
//!
//! ```text
//! cargo run --release --example generate -- log --size 1GiB CBS.log
//! cargo run --release --example generate -- log --lines 100000000 --hourly CBS.log
//! cargo run --release --example generate -- log --kind setupapi --size 256MiB setupapi.dev.log
//! cargo run --release --example generate -- rules --count 1000 kb
//! cargo run --release --example generate -- rules --count 1000 --form regex patterns.txt
//! cargo run --release --example generate -- evtx --from System.evtx --size 1GiB big.evtx
//! cargo run --release --example generate -- trace --size 1GiB Logfile.CSV
//! ```
//!
//! Of every hundred rules the first one is present in the log, so of 10, 100, 1 000 and 10 000 rules one, one, ten and a
//! hundred have findings in the same file.

mod cbs;
mod dice;
mod evtx;
mod rules;
mod setupapi;
mod signature;
mod trace;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use cbs::Routine;
use dice::Dice;
use rules::{Form, Kind};
use setupapi::Sections;
use signature::{ONE_IN, Signature};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A log
    Log(Log),
    /// Rules
    Rules {
        /// So many
        #[arg(long)]
        count: usize,
        /// How they are written
        #[arg(long, value_enum, default_value_t = Form::Casebook)]
        form: Form,
        /// About this log
        #[arg(long, value_enum, default_value_t = Kind::Cbs)]
        kind: Kind,
        to: PathBuf,
    },
    /// An event log of repeated chunks
    Evtx {
        /// The event log that the chunks come from
        #[arg(long)]
        from: PathBuf,
        /// Of about this size
        #[arg(long, value_parser = size)]
        size: u64,
        to: PathBuf,
    },
    /// A trace of what processes asked of the system
    Trace {
        /// Of about this size
        #[arg(long, value_parser = size)]
        size: u64,
        to: PathBuf,
    },
}

#[derive(Args)]
struct Log {
    /// Of this kind
    #[arg(long, value_enum, default_value_t = Kind::Cbs)]
    kind: Kind,
    /// Of about this size: 10MB, 1GiB
    #[arg(long, value_parser = size, required_unless_present = "lines")]
    size: Option<u64>,
    /// Of about so many lines
    #[arg(long, conflicts_with = "size")]
    lines: Option<u64>,
    /// A failure after so many ordinary lines; 0: nothing but failures
    #[arg(long, default_value_t = 20_000)]
    every: u64,
    /// A failure in each hour of the log's own clock
    #[arg(long, conflicts_with = "every")]
    hourly: bool,
    /// The failures are those of so many rules
    #[arg(long, default_value_t = 10_000)]
    rules: usize,
    /// In UTF-16, low byte first
    #[arg(long)]
    utf16: bool,
    to: PathBuf,
}

/// `10MB`, `1GiB`, `123`.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|char: char| !char.is_ascii_digit());
    let unit = match &text[digits.len()..] {
        "" => 1,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        unit => return Err(format!("{unit} is no unit (MB, GB, KiB, MiB, GiB)")),
    };
    digits.parse::<u64>().map_err(|error| error.to_string())?.checked_mul(unit).ok_or_else(|| "too large".to_owned())
}

fn main() -> io::Result<()> {
    match Arguments::parse().what {
        What::Log(log) => log.write(),
        What::Rules { count, form, kind, to } => rules::write(count, form, kind, &to),
        What::Evtx { from, size, to } => evtx::write(&from, size, &to),
        What::Trace { size, to } => trace::write(size, &to),
    }
}

/// A file that is written in one encoding or the other.
struct Output {
    file: BufWriter<File>,
    utf16: bool,
    written: u64,
    lines: u64,
    coded: Vec<u8>,
}

impl Output {
    /// Writes what is held, and holds nothing.
    fn flush(&mut self, text: &mut Vec<u8>) -> io::Result<()> {
        let bytes: &[u8] = if self.utf16 {
            self.coded.clear();
            self.coded.extend(String::from_utf8_lossy(text).encode_utf16().flat_map(u16::to_le_bytes));
            &self.coded
        } else {
            text
        };
        self.file.write_all(bytes)?;
        self.written += bytes.len() as u64;
        self.lines += memchr::memchr_iter(b'\n', text).count() as u64;
        text.clear();
        Ok(())
    }
}

impl Log {
    fn write(&self) -> io::Result<()> {
        let file = BufWriter::with_capacity(1 << 20, File::create(&self.to)?);
        let mut output = Output { file, utf16: self.utf16, written: 0, lines: 0, coded: Vec::new() };
        let mut source = Source::new(self);
        let mut text = "\u{feff}".as_bytes().to_vec();
        text.extend_from_slice(source.head());
        while self.size.is_some_and(|size| output.written < size)
            || self.lines.is_some_and(|lines| output.lines < lines)
        {
            if source.due() {
                source.fail(&mut text);
            } else {
                source.line(&mut text);
            }
            output.flush(&mut text)?;
        }
        output.file.flush()
    }
}

/// When the next failure comes.
enum Next {
    /// After so many ordinary lines; how many there were.
    After(u64, u64),
    /// When the clock shows another hour; the one it showed last.
    Hour(String),
}

/// What a log is made of: an ordinary one of its kind, and failures in it.
struct Source {
    kind: Kind,
    cbs: Routine,
    setupapi: Sections,
    failing: Vec<Signature>,
    failed: usize,
    dice: Dice,
    next: Next,
}

impl Source {
    fn new(log: &Log) -> Source {
        Source {
            kind: log.kind,
            cbs: Routine::new(),
            setupapi: Sections::new(),
            failing: (0..log.rules).step_by(ONE_IN).map(Signature::new).filter(Signature::present).collect(),
            failed: 0,
            dice: Dice::new(3),
            next: if log.hourly { Next::Hour(String::new()) } else { Next::After(log.every, 0) },
        }
    }

    fn head(&self) -> &'static [u8] {
        match self.kind {
            Kind::Cbs => b"",
            Kind::Setupapi => Sections::head().as_bytes(),
        }
    }

    /// Whether a failure comes now; asked once before each line.
    fn due(&mut self) -> bool {
        let shown = match self.kind {
            Kind::Cbs => self.cbs.shown(),
            Kind::Setupapi => self.setupapi.shown(),
        };
        match &mut self.next {
            Next::After(every, lines) if *lines < *every => {
                *lines += 1;
                false
            }
            Next::After(_, lines) => {
                *lines = 0;
                true
            }
            // `2019-01-01 00`
            Next::Hour(last) if shown.starts_with(last.as_str()) && !last.is_empty() => false,
            Next::Hour(last) => {
                shown.get(..13).unwrap_or_default().clone_into(last);
                true
            }
        }
    }

    fn line(&mut self, text: &mut Vec<u8>) {
        match self.kind {
            Kind::Cbs => self.cbs.line(text),
            Kind::Setupapi => self.setupapi.line(text),
        }
    }

    /// Writes the lines of the next rule that is present.
    fn fail(&mut self, text: &mut Vec<u8>) {
        let patterns = self.failing.get(self.failed % self.failing.len().max(1));
        let patterns = patterns.map_or(&[][..], |signature| &signature.patterns);
        self.failed += 1;
        let messages: Vec<String> = patterns.iter().map(|pattern| pattern.message(&mut self.dice)).collect();
        match self.kind {
            Kind::Cbs => {
                for message in &messages {
                    self.cbs.say(message, text);
                }
                self.cbs.wait(self.dice.below(20) / 19);
            }
            Kind::Setupapi => self.setupapi.fail(&messages, text),
        }
    }
}
