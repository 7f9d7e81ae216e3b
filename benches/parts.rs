//! What the parts of a run take: the default knowledge base, a pack and its folder, a scan by the number of rules.
//!
//!     cargo bench --bench parts
//!
//! `compare.sh` measures whole runs beside other programs; this is for who works on a part.

// What makes logs does not know that it is used twice.
#[path = "generate/dice.rs"]
#[expect(dead_code, reason = "a clock and lines are for logs")]
mod dice;
#[path = "generate/rules.rs"]
mod rules;
#[path = "generate/signature.rs"]
#[expect(dead_code, reason = "which rules a log shows is for logs")]
mod signature;

use std::path::Path;

use casebook::bundle::{Bundle, Limits};
use casebook::knowledge_base::{KnowledgeBase, pack};
use casebook::scan;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

use dice::Dice;
use rules::{Form, Kind};
use signature::Signature;

fn main() {
    divan::main();
}

/// A folder with so many rules.
fn folder(count: usize) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    rules::write(count, Form::Casebook, Kind::Cbs, folder.path())?;
    Ok(folder)
}

fn loaded(folder: &Path) -> KnowledgeBase {
    KnowledgeBase::load(folder).unwrap_or_else(|_| KnowledgeBase::embedded())
}

/// Ordinary lines, and one of every rule's among them now and then.
fn log(bytes: usize) -> String {
    let mut dice = Dice::new(7);
    let mut text = String::new();
    for number in 0.. {
        let line = format!("2024-10-16 08:{:02}:{:02}, Info                  CBS    ", number / 60 % 60, number % 60);
        text.push_str(&line);
        match number % 2000 {
            0 => {
                let signature = Signature::new(number / 2000 % 1000);
                text.extend(signature.patterns.first().map(|pattern| pattern.message(&mut dice)));
            }
            _ => text.push_str("Appl: Evaluating package applicability for package, applicable state: Installed"),
        }
        text.push_str("\r\n");
        if text.len() >= bytes {
            break;
        }
    }
    text
}

#[divan::bench]
fn default_knowledge_base() -> KnowledgeBase {
    KnowledgeBase::embedded()
}

#[divan::bench(args = [100, 1000], max_time = 3)]
fn from_folder(bencher: Bencher<'_, '_>, count: usize) {
    let folder = folder(count).ok();
    bencher.bench_local(|| folder.as_ref().map(|folder| loaded(folder.path())));
}

#[divan::bench(args = [100, 1000])]
fn from_pack(bencher: Bencher<'_, '_>, count: usize) {
    let base = folder(count).map(|folder| loaded(folder.path()));
    let bytes = base.ok().and_then(|base| pack::write(&base).ok()).unwrap_or_default();
    bencher.bench_local(|| pack::read(black_box(&bytes)));
}

#[divan::bench(args = [100, 1000], max_time = 5)]
fn scan_of_ten_megabytes(bencher: Bencher<'_, '_>, count: usize) {
    let Ok(base) = folder(count).map(|folder| loaded(folder.path())) else { return };
    let text = log(10_000_000);
    let options = scan::Options { threads: Some(1), ..scan::Options::default() };
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let bundle = Bundle::from_reader("CBS.log", text.as_bytes(), &Limits::default()).ok();
        bundle.map(|bundle| scan::scan(&bundle, &base.rules, &options).hits.len())
    });
}
