//! A log of any kind: the same result with one thread and with two, whatever it holds.
#![no_main]

use std::sync::LazyLock;

use casebook::bundle::{Bundle, Limits};
use casebook::knowledge_base::KnowledgeBase;
use casebook::scan;
use libfuzzer_sys::fuzz_target;

static BASE: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);

fuzz_target!(|bytes: &[u8]| {
    let Ok(bundle) = Bundle::from_reader("CBS.log", bytes, &Limits::default()) else { return };
    let scanned = |threads| {
        let options = scan::Options { threads: Some(threads), ..scan::Options::default() };
        format!("{:?}", scan::scan(&bundle, &BASE.rules, &options).hits)
    };
    assert_eq!(scanned(1), scanned(2));
});
