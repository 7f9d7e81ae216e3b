//! Encodings, containers and what is wrong with them.

mod containers;
mod large;
mod limits;
mod packed;
mod property;
mod regions;

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};

use packed::zipped;

use super::{Bundle, Encoding, Limits, OpenError, ProblemKind, decode, decode_line};

fn text(bundle: &Bundle, at: usize) -> String {
    let artifact = &bundle.artifacts()[at];
    let mut reader = artifact.read_text().unwrap();
    let mut text = String::new();
    while let Some(block) = reader.next_block().unwrap() {
        for line in block.bytes.split_inclusive(|byte| *byte == b'\n') {
            text.push_str(&decode_line(line, block.encoding));
        }
    }
    text
}

fn open(bytes: &[u8]) -> Bundle {
    Bundle::from_reader("x", bytes, &Limits::default()).unwrap()
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

fn paths(bundle: &Bundle) -> Vec<&str> {
    bundle.artifacts().iter().map(|artifact| artifact.path.as_str()).collect()
}

#[test]
fn encodings_are_told_by_their_bytes() {
    let sample = "驱动更新 failed\r\n第二行\n";
    for (bytes, encoding) in [
        (sample.as_bytes().to_vec(), Encoding::Utf8),
        ([b"\xef\xbb\xbf", sample.as_bytes()].concat(), Encoding::Utf8),
        (utf16(sample, true, true), Encoding::Utf16Le),
        (utf16(sample, false, true), Encoding::Utf16Be),
        (utf16("plain ascii text\r\nwithout a mark\r\n", true, false), Encoding::Utf16Le),
        (encoding_rs::GBK.encode(sample).0.into_owned(), Encoding::Gbk),
    ] {
        let bundle = open(&bytes);
        assert_eq!(bundle.artifacts()[0].encoding, encoding);
        assert!(text(&bundle, 0).contains("text") || text(&bundle, 0) == sample, "{encoding:?}");
        assert!(decode(&bytes).starts_with(if encoding == Encoding::Utf16Le && bytes[0] == b'p' {
            "plain"
        } else {
            "驱动"
        }));
    }
    assert_eq!(open(b"\x00\x01\x02\x03\xff\xfe\x00\x00").artifacts()[0].encoding, Encoding::Binary);
    assert_eq!(open(b"").artifacts()[0].encoding, Encoding::Utf8);
}

#[test]
fn odd_bytes_stay_visible() {
    assert_eq!(decode_line(b"Intel\xae", Encoding::Utf8), "Intel®");
    assert_eq!(decode_line(b"\xef\xbb\xbfline", Encoding::Utf8), "line");
    assert_eq!(decode_line("驱动".as_bytes(), Encoding::Gbk), "驱动");
}

#[test]
fn blocks_are_whole_lines_and_know_their_place() {
    let line = "2024-10-16 08:43:18, Info  CBS  驱动 𠮷 line\r\n";
    for bytes in [line.repeat(60_000).into_bytes(), utf16(&line.repeat(60_000), true, true)] {
        let bundle = open(&bytes);
        let mut reader = bundle.artifacts()[0].read_text().unwrap();
        let (mut lines, mut blocks) = (0, 0);
        while let Some(block) = reader.next_block().unwrap() {
            assert!(block.bytes.ends_with(b"\n"));
            assert_eq!(block.bytes.len() % line.len(), 0);
            let at = usize::try_from(block.source_offset(line.len())).unwrap();
            let first = if block.encoding == Encoding::Utf8 { b"2024" as &[u8] } else { b"2\x000\x002\x004\x00" };
            assert!(bytes[at..].starts_with(first));
            lines += block.bytes.len() / line.len();
            blocks += 1;
        }
        assert_eq!(lines, 60_000);
        assert!(blocks > 2);
    }
}

#[test]
fn a_line_without_end_is_cut() {
    let bundle = open("驱".repeat(1 << 20).as_bytes());
    assert!(text(&bundle, 0) == "驱".repeat(1 << 20), "cut within a character");
}

#[test]
fn a_folder_in_the_order_of_its_paths() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["logs/b.log", "logs/a/z.log", "logs/A.log"] {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x\n").unwrap();
    }
    let bundle = Bundle::open(&dir.path().join("logs"), &Limits::default()).unwrap();
    let paths: Vec<&str> = bundle.artifacts().iter().map(|artifact| artifact.path.as_str()).collect();
    assert_eq!(paths, ["logs/A.log", "logs/a/z.log", "logs/b.log"]);
}

#[test]
fn a_damaged_archive_is_a_problem_or_could_not_be_opened() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = zipped(&[("CBS.log", &b"line\n".repeat(10_000))]);
    let path = dir.path().join("cut.zip");
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(matches!(Bundle::open(&path, &Limits::default()), Err(OpenError::Archive { .. })));
    let bundle = Bundle::open(dir.path(), &Limits::default()).unwrap();
    assert_eq!(bundle.problems()[0].kind, ProblemKind::Unreadable);
    assert!(matches!(Bundle::open(&dir.path().join("none"), &Limits::default()), Err(OpenError::Io { .. })));
}

#[test]
fn a_member_with_a_bad_checksum_gives_what_came_before_the_break() {
    let mut bytes = zipped(&[("CBS.log", b"one line\n")]);
    let at = bytes.windows(8).position(|window| window == b"one line");
    // Stored or packed, flipping a byte of the data breaks its checksum.
    let at = at.unwrap_or(37);
    bytes[at] ^= 0x20;
    let bundle = open(&bytes);
    let read = bundle.artifacts().first().map(|artifact| {
        let mut reader = artifact.read_text().unwrap();
        let mut ended = Ok(());
        loop {
            match reader.next_block() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => {
                    ended = Err(error);
                    break;
                }
            }
        }
        ended.is_err()
    });
    assert!(read.unwrap_or(!bundle.problems().is_empty()));
}

#[test]
fn names_of_members_in_gbk() {
    let name = encoding_rs::GBK.encode("日志/驱动.log").0.into_owned();
    let mut bytes = zipped(&[("AAAA/BBBB.log", b"x\n")]);
    assert_eq!(name.len(), "AAAA/BBBB.log".len());
    while let Some(at) = bytes.windows(name.len()).position(|window| window == b"AAAA/BBBB.log") {
        bytes[at..at + name.len()].copy_from_slice(&name);
    }
    assert_eq!(open(&bytes).artifacts()[0].path, "x!/日志/驱动.log");
}

#[test]
fn the_raw_bytes_can_be_gone_through_from_any_place() {
    let bytes: Vec<u8> = (0..=255).collect();
    for bundle in [open(&bytes), open(&zipped(&[("a.bin", &bytes)]))] {
        let mut stream = bundle.artifacts()[0].open().unwrap();
        let mut read = Vec::new();
        stream.seek(SeekFrom::Start(250)).unwrap();
        stream.read_to_end(&mut read).unwrap();
        assert_eq!(read, [250, 251, 252, 253, 254, 255]);
        assert_eq!(stream.seek(SeekFrom::End(0)).unwrap(), 256);
    }
}
