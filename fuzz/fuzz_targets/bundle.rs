//! Bytes of an archive or a log: opened within limits, each artifact read to its end.
#![no_main]

use casebook::bundle::{Bundle, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { bytes_out: 1 << 22, members: 100, ..Limits::default() };
    let Ok(bundle) = Bundle::from_reader("input", bytes, &limits) else { return };
    for artifact in bundle.artifacts() {
        let Ok(mut text) = artifact.read_text() else { continue };
        while let Ok(Some(block)) = text.next_block() {
            assert!(!block.bytes.is_empty());
        }
    }
});
