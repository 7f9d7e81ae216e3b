//! Any bytes at all: no reader panics, and what one gives is bounded.

use proptest::prelude::*;

use super::packed::{bz2, cabinet, gzipped, seven, tarred, xz, zipped, zst};
use crate::bundle::{Bundle, Limits};

/// Reads all that is in it, whatever comes.
fn exhaust(bytes: &[u8]) {
    let limits = Limits { bytes_out: 8 << 20, members: 1000, ..Limits::default() };
    let bundle = Bundle::from_reader("x", bytes, &limits).unwrap();
    for artifact in bundle.artifacts() {
        let mut reader = artifact.read_text().unwrap();
        while let Ok(Some(block)) = reader.next_block() {
            assert!(block.offset + (block.bytes.len() as u64) / 2 <= artifact.bytes * 2);
        }
    }
}

/// One archive of every form.
fn forms() -> Vec<Vec<u8>> {
    let lines: Vec<String> = (0..200).map(|at| format!("line {at} {}\r\n", at * at)).collect();
    let text = lines.concat();
    let members: &[(&str, &[u8])] = &[("a.log", text.as_bytes()), ("b/c.log", b"short\n")];
    let tar = tarred(members);
    vec![
        zipped(members),
        seven(members),
        cabinet(members, cab::CompressionType::MsZip),
        cabinet(members, cab::CompressionType::None),
        lzx(),
        gzipped(&tar),
        xz(&tar),
        zst(&tar),
        bz2(&tar),
        tar,
    ]
}

/// A cabinet that says it is packed by LZX: its blocks are any bytes to that decoder.
fn lzx() -> Vec<u8> {
    let mut bytes = cabinet(&[("a.log", &[0x5a; 3000])], cab::CompressionType::None);
    // The method stands at the end of the folder, which follows the header.
    bytes[36 + 6..36 + 8].copy_from_slice(&0x1503_u16.to_le_bytes());
    // Without a checksum the block is not refused.
    let data = usize::try_from(u32::from_le_bytes(bytes[36..40].try_into().unwrap())).unwrap();
    bytes[data..data + 4].fill(0);
    bytes
}

/// The first bytes by which forms are told.
const MAGIC: [&[u8]; 9] = [
    b"PK\x03\x04",
    b"MSCF\0\0\0\0",
    b"7z\xbc\xaf\x27\x1c\0\x04",
    b"\x1f\x8b\x08",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"BZh91AY&SY",
    b"\xff\xfe",
    b"",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_behind_any_magic(magic in 0..MAGIC.len(), bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        exhaust(&[MAGIC[magic], &bytes].concat());
    }

    #[test]
    fn an_archive_with_a_few_bytes_changed(
        form in 0..10_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = forms().swap_remove(form);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        exhaust(&bytes);
    }
}
