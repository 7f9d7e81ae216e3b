//! Bytes a second of a scan with the default knowledge base, beside `grep -c` for one literal, in one interleaved run.
//!
//! The log is generated (100 MB of CBS lines, a failure block one line in 20 000), the same for every run. What counts
//! is the ratio: absolute figures wander between machines.
#![expect(clippy::print_stdout, reason = "a bench reports")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Size of the log.
const BYTES: usize = 100 << 20;

/// Interleaved rounds.
const ROUNDS: usize = 5;

/// Lines as a routine CBS.log has them; `#` becomes a running number.
const ROUTINE: [&str; 6] = [
    "Info                  CBS    Session: 31154935_180165# initialized by client WindowsUpdateAgent, external staging directory: (null)",
    "Info                  CBS    Appl: Evaluating package applicability for package Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.#.1.4, applicable state: Installed",
    "Info                  CBS    Read out cached package applicability for package: Package_for_KB#~31bf3856ad364e35~amd64~~17763.6405.1.0, ApplicableState: 112, CurrentState:112",
    "Info                  CSI    0000# CSI Store 2260 (0x00000000022#) initialized",
    "Info                  CBS    Failed to internally open package. [HRESULT = 0x800f0805 - CBS_E_INVALID_PACKAGE]",
    "Info                  CBS    Session: 31154935_180165# finalized. Reboot required: no [HRESULT = 0x00000000 - S_OK]",
];

/// The lines of a failure.
const FAILURE: [&str; 3] = [
    "Info                  CBS    Doqe: [Forward] Uninstalling driver updates, Count 22",
    "Info                  CBS    DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED]",
    "Info                  CBS    Startup: Rolling back KTM, because drivers failed.",
];

fn generate(path: &Path) -> std::io::Result<()> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    let (mut written, mut number) = (0, 0usize);
    let mut line = String::new();
    while written < BYTES {
        let second = number / 50;
        let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
        let failing = number % 20_000;
        let text = FAILURE.get(failing).unwrap_or(&ROUTINE[number % ROUTINE.len()]);
        line.clear();
        let _ = write!(
            line,
            "2024-10-16 {hour:02}:{minute:02}:{second:02}, {}\r\n",
            text.replace('#', &number.to_string())
        );
        file.write_all(line.as_bytes())?;
        written += line.len();
        number += 1;
    }
    file.flush()
}

/// Runs a command.
fn time(program: &str, args: &[&str]) -> Option<Duration> {
    let begun = Instant::now();
    // Its output is read: grep stops at the first hit when it writes to nowhere.
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| begun.elapsed())
}

fn report(name: &str, times: &mut [Duration]) -> Option<f64> {
    times.sort();
    let megabytes = f64::from(u32::try_from(BYTES / 1_000_000).unwrap_or(u32::MAX));
    let rate = |time: &Duration| megabytes / time.as_secs_f64();
    let (least, median, most) = (times.last()?, times.get(times.len() / 2)?, times.first()?);
    println!("{name:<28} {:8.0} MB/s median ({:.0} to {:.0})", rate(median), rate(least), rate(most));
    Some(rate(median))
}

fn main() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("CBS.log");
    generate(&log)?;
    let log = log.display().to_string();
    let casebook = env!("CARGO_BIN_EXE_casebook");
    let (mut one, mut two, mut grep) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        one.extend(time(casebook, &["scan", &log, "--threads", "1", "--format", "json"]));
        two.extend(time(casebook, &["scan", &log, "--format", "json"]));
        grep.extend(time("grep", &["-c", "DriverUpdateUninstallUpdates failed", &log]));
    }
    let ours = report("casebook scan, 1 thread", &mut one);
    report("casebook scan, all cores", &mut two);
    let theirs = report("grep -c, one literal", &mut grep);
    if let (Some(ours), Some(theirs)) = (ours, theirs) {
        println!("casebook reads at {:.2} of grep's rate", ours / theirs);
    }
    Ok(())
}
