//! Limits: reaching one is a problem that names the place, and what is within them is read.

use std::sync::Arc;

use super::packed::{gzipped, seven, tarred, zipped};
use super::{open, paths, text};
use crate::bundle::{Bundle, Limits, Meter, ProblemKind};
use crate::lang::Lang;

#[test]
fn archives_within_archives() {
    let inner = zipped(&[("CBS.log", b"inner\n")]);
    let outer = zipped(&[("b/more.zip", &inner), ("a.log", b"outer\n"), ("../../evil.log", b"up\n")]);
    let bundle = open(&outer);
    let paths: Vec<&str> = bundle.artifacts().iter().map(|artifact| artifact.path.as_str()).collect();
    assert_eq!(paths, ["x!/../../evil.log", "x!/a.log", "x!/b/more.zip!/CBS.log"]);
    assert_eq!(text(&bundle, 2), "inner\n");
    assert_eq!(bundle.artifacts()[2].name, "CBS.log");
    assert!(bundle.problems().is_empty());
    let shallow = Limits { depth: 1, ..Limits::default() };
    let bundle = Bundle::from_reader("x", outer.as_slice(), &shallow).unwrap();
    assert_eq!(bundle.problems()[0].source, "x!/b/more.zip");
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let bomb = zipped(&[("zeros.log", &vec![b'0'; 40 << 20]), ("small.log", b"fine\n")]);
    let limits = Limits { ratio: 100, ..Limits::default() };
    let bundle = Bundle::from_reader("x", bomb.as_slice(), &limits).unwrap();
    assert_eq!(bundle.artifacts().len(), 1);
    assert_eq!(bundle.problems()[0].kind, ProblemKind::Truncated);
    let limits = Limits { bytes_out: 1 << 20, ..Limits::default() };
    let bundle = Bundle::from_reader("x", bomb.as_slice(), &limits).unwrap();
    assert_eq!(bundle.artifacts()[0].name, "small.log");
}

/// A word that stands in one of the problems of a place.
fn said(bundle: &Bundle, place: &str, word: &str) -> bool {
    let here = bundle.problems().iter().filter(|problem| problem.source == place);
    here.map(|problem| problem.message.get(Lang::En)).any(|message| message.contains(word))
}

#[test]
fn one_member_too_many_ends_the_archive_in_one_word() {
    let names: Vec<String> = (0..1000).map(|at| format!("{at:04}.log")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x\n" as &[u8])).collect();
    for packed in [zipped(&members), tarred(&members), gzipped(&tarred(&members)), seven(&members)] {
        let limits = Limits { members: 10, ..Limits::default() };
        let bundle = Bundle::from_reader("x", packed.as_slice(), &limits).unwrap();
        assert_eq!(bundle.artifacts().len(), 10);
        assert!(bundle.problems().len() < 4, "{:?}", bundle.problems());
        assert!(said(&bundle, "x", "a limit is reached"), "{:?}", bundle.problems());
        assert!(said(&bundle, "x!/0010.log", "too many members"), "{:?}", bundle.problems());
    }
}

#[test]
fn what_a_stream_does_not_say_before_is_found_while_it_comes() {
    let zeros = vec![0; 3 << 20];
    let limits = Limits { bytes_out: 1 << 20, ..Limits::default() };
    let bundle = Bundle::from_reader("x.log.gz", gzipped(&zeros).as_slice(), &limits).unwrap();
    assert!(bundle.artifacts().is_empty());
    assert!(said(&bundle, "x.log.gz!/x.log", "too many bytes unpacked"), "{:?}", bundle.problems());
    let members: &[(&str, &[u8])] = &[("a.log", b"fine\n"), ("b.log", &zeros), ("c.log", b"after\n")];
    for packed in [tarred(members), seven(members)] {
        // The stream itself is longer than the limit where it is not packed.
        let limits = Limits { bytes_out: 4 << 20, ..Limits::default() };
        let bundle = Bundle::from_reader("x", packed.as_slice(), &limits).unwrap();
        assert_eq!(paths(&bundle), ["x!/a.log", "x!/b.log", "x!/c.log"]);
        let limits = Limits { bytes_out: 2 << 20, ..Limits::default() };
        let bundle = Bundle::from_reader("x", gzipped(&packed).as_slice(), &limits).unwrap();
        assert!(!bundle.problems().is_empty());
    }
}

#[test]
fn archives_within_archives_share_what_one_file_may_unpack_to() {
    let zeros = zipped(&[("zeros.log", &vec![0; 40 << 20])]);
    let names: Vec<String> = (0..8).map(|at| format!("{at}.zip")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    let bomb = zipped(&members);
    let limits = Limits { ratio: 1100, ..Limits::default() };
    let bundle = Bundle::from_reader("x", bomb.as_slice(), &limits).unwrap();
    let read: u64 = bundle.artifacts().iter().map(|artifact| artifact.bytes).sum();
    assert!(read < (256 << 20), "{read}");
    assert!(said(&bundle, "x!/7.zip!/zeros.log", "ratio"), "{:?}", bundle.problems());
}

#[test]
fn a_chain_of_archives_ends_at_the_depth() {
    let mut bytes = b"line\n".to_vec();
    for _ in 0..12 {
        bytes = zipped(&[("inner", &bytes)]);
    }
    let bundle = open(&bytes);
    assert!(bundle.artifacts().is_empty());
    let problem = &bundle.problems()[0];
    assert_eq!(problem.source.matches("!/").count(), Limits::default().depth);
    assert_eq!(problem.message.get(Lang::En), "archives are nested too deep; not opened");
}

#[test]
fn a_tar_header_of_unlikely_length_is_not_held() {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(64 << 20);
    header.set_path("name").unwrap();
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.resize(bytes.len() + (64 << 20), b'a');
    let bundle = open(&gzipped(&bytes));
    assert!(bundle.problems()[0].message.get(Lang::En).contains("unlikely length"), "{:?}", bundle.problems());
}

#[test]
fn a_meter_shows_how_far_it_has_come() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("logs.tar.gz");
    let packed = gzipped(&tarred(&[("CBS.log", b"line\n")]));
    std::fs::write(&path, &packed).unwrap();
    let meter = Arc::<Meter>::default();
    let bundle = Bundle::open_as(&path, "logs.tar.gz", &Limits::default(), &meter).unwrap();
    assert_eq!(paths(&bundle), ["logs.tar.gz!/CBS.log"]);
    let all = packed.len() as u64;
    assert_eq!(meter.state(), (all, all, "logs.tar.gz".to_owned()));
}
