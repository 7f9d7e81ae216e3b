//! Logs and rules to measure with: the same bytes for the same arguments, on every machine.
//!
//! ```text
//! cargo run --release --example generate -- log --size 1GiB CBS.log
//! cargo run --release --example generate -- log --kind setupapi --size 256MiB setupapi.dev.log
//! cargo run --release --example generate -- rules --count 1000 kb
//! cargo run --release --example generate -- rules --count 1000 --form regex patterns.txt
//! cargo run --release --example generate -- evtx --from System.evtx --size 1GiB big.evtx
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

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

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
    Log {
        /// Of this kind
        #[arg(long, value_enum, default_value_t = Kind::Cbs)]
        kind: Kind,
        /// Of about this size: 10MB, 1GiB
        #[arg(long, value_parser = size)]
        size: u64,
        /// A failure after so many ordinary lines; 0: nothing but failures
        #[arg(long, default_value_t = 20_000)]
        every: u64,
        /// The failures are those of so many rules
        #[arg(long, default_value_t = 10_000)]
        rules: usize,
        /// In UTF-16, low byte first
        #[arg(long)]
        utf16: bool,
        to: PathBuf,
    },
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
        What::Log { kind, size, every, rules, utf16, to } => log(kind, size, every, rules, utf16, &to),
        What::Rules { count, form, kind, to } => rules::write(count, form, kind, &to),
        What::Evtx { from, size, to } => evtx::write(&from, size, &to),
    }
}

/// A file that is written in one encoding or the other.
struct Output {
    file: BufWriter<File>,
    utf16: bool,
    written: u64,
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
        text.clear();
        Ok(())
    }
}

fn log(kind: Kind, size: u64, every: u64, rules: usize, utf16: bool, to: &Path) -> io::Result<()> {
    let file = BufWriter::with_capacity(1 << 20, File::create(to)?);
    let mut output = Output { file, utf16, written: 0, coded: Vec::new() };
    let present: Vec<Signature> = (0..rules).step_by(ONE_IN).map(Signature::new).filter(Signature::present).collect();
    let mut failing = present.iter().cycle();
    let mut dice = Dice::new(3);
    let mut cbs = Routine::new();
    let mut setupapi = Sections::new();
    let mut text = "\u{feff}".as_bytes().to_vec();
    if kind == Kind::Setupapi {
        text.extend_from_slice(Sections::head().as_bytes());
    }
    let mut lines = 0;
    while output.written < size {
        if lines < every {
            lines += 1;
            match kind {
                Kind::Cbs => cbs.line(&mut text),
                Kind::Setupapi => setupapi.line(&mut text),
            }
        } else {
            lines = 0;
            let patterns = failing.next().map_or(&[][..], |signature| &signature.patterns);
            let messages: Vec<String> = patterns.iter().map(|pattern| pattern.message(&mut dice)).collect();
            match kind {
                Kind::Cbs => {
                    for message in &messages {
                        cbs.say(message, &mut text);
                    }
                    cbs.wait(dice.below(20) / 19);
                }
                Kind::Setupapi => setupapi.fail(&messages, &mut text),
            }
        }
        output.flush(&mut text)?;
    }
    output.file.flush()
}
