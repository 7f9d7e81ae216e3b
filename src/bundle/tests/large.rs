//! Large texts that are read where they lie in an archive, a cabinet or a stream.

use std::io::{Read as _, Seek as _, SeekFrom};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::packed::{Members, cabinet, gzipped, long, zipped, zipped_with};
use super::{open, paths, text};
use crate::bundle::{Bundle, Limits, ProblemKind};
use crate::lang::Lang;

/// Bytes of the archive at the first place where `bytes` stand in it.
fn find(archive: &[u8], bytes: &[u8]) -> usize {
    archive.windows(bytes.len()).position(|window| window == bytes).unwrap()
}

#[test]
fn a_large_text_is_read_where_it_lies_in_its_archive() {
    let long = long(70_000);
    assert!(long.len() > 4 << 20);
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let members: &Members<'_> = &[("CBS.log", &long), ("a.log", b"line\n")];
        let packed = zipped_with(members, SimpleFileOptions::default().compression_method(method));
        for archive in [packed.clone(), zipped(&[("inner.zip", &packed)])] {
            let bundle = open(&archive);
            let artifact = bundle.artifacts().iter().find(|artifact| artifact.name == "CBS.log").unwrap();
            assert_eq!(artifact.bytes, long.len() as u64);
            let mut member = artifact.open().unwrap();
            let mut read = Vec::new();
            member.read_to_end(&mut read).unwrap();
            assert!(read == long, "{method}");
            // It can be gone back in.
            let mut some = [0; 30];
            for at in [0, 4_000_000, 100, long.len() as u64 - 30] {
                assert_eq!(member.seek(SeekFrom::Start(at)).unwrap(), at);
                member.read_exact(&mut some).unwrap();
                assert_eq!(some, long[usize::try_from(at).unwrap()..][..30], "{at}");
            }
            assert_eq!(member.seek(SeekFrom::End(-1)).unwrap(), long.len() as u64 - 1);
            assert_eq!(text(&bundle, artifact.id.place()).len(), long.len());
        }
    }
}

#[test]
fn a_large_text_is_read_where_it_lies_in_its_cabinet() {
    let long = long(70_000);
    for (method, archived) in
        [(cab::CompressionType::None, false), (cab::CompressionType::MsZip, false), (cab::CompressionType::MsZip, true)]
    {
        let packed = cabinet(&[("CbsPersist_1.log", &long)], method);
        let bundle = open(&if archived { zipped(&[("inner.cab", &packed)]) } else { packed });
        let artifact = &bundle.artifacts()[0];
        assert!(format!("{artifact:?}").contains("Packed("), "{artifact:?}");
        let mut member = artifact.open().unwrap();
        let mut read = Vec::new();
        member.read_to_end(&mut read).unwrap();
        assert!(read == long);
        let mut some = [0; 30];
        for at in [0, 4_000_000, 100, long.len() as u64 - 30] {
            assert_eq!(member.seek(SeekFrom::Start(at)).unwrap(), at);
            member.read_exact(&mut some).unwrap();
            assert_eq!(some, long[usize::try_from(at).unwrap()..][..30], "{at}");
        }
    }
    // To read one of several files would be to unpack those before it too.
    let bundle = open(&cabinet(&[("a.log", &long), ("b.log", &long)], cab::CompressionType::MsZip));
    assert_eq!(paths(&bundle), ["x!/a.log", "x!/b.log"]);
    assert!(!format!("{:?}", bundle.artifacts()).contains("Packed("));
}

#[test]
fn what_is_wrong_with_a_large_text_in_a_cabinet_is_said_where_it_ends() {
    let long = long(70_000);
    let packed = cabinet(&[("CbsPersist_1.log", &long)], cab::CompressionType::MsZip);
    let read = |archive: &[u8]| {
        let bundle = open(archive);
        let mut read = Vec::new();
        let error = bundle.artifacts()[0].open().unwrap().read_to_end(&mut read).unwrap_err();
        assert!(long.starts_with(&read));
        (read.len(), error.to_string())
    };
    let (came, why) = read(&packed[..packed.len() * 3 / 4]);
    assert!(came > 1 << 20 && came < long.len(), "{came}");
    assert_eq!(why, "a block is cut off");
    let mut flipped = packed.clone();
    flipped[packed.len() / 2] ^= 1;
    let (came, why) = read(&flipped);
    assert!(came > 1 << 20 && came < long.len(), "{came}");
    assert_eq!(why, "a checksum is wrong");
    // The size of the file stands sixteen bytes before its name.
    let mut longer = packed.clone();
    let size = find(&packed, b"CbsPersist") - 16;
    longer[size + 2] ^= 0x80;
    assert_eq!(read(&longer), (long.len(), "cut off".to_owned()));
}

#[test]
fn a_large_text_is_read_where_its_stream_is_unpacked() {
    let long = long(70_000);
    let (once, twice) = (gzipped(&long), [gzipped(b"first\n"), gzipped(&long)].concat());
    // What is said at the end is the length of the last part.
    for (packed, before) in [(once, 0), (twice, 6)] {
        let bundle = Bundle::from_reader("CBS.log.gz", packed.as_slice(), &Limits::default()).unwrap();
        let artifact = &bundle.artifacts()[0];
        assert_eq!((artifact.path.as_str(), artifact.bytes), ("CBS.log.gz!/CBS.log", long.len() as u64));
        let mut stream = artifact.open().unwrap();
        let mut read = Vec::new();
        stream.read_to_end(&mut read).unwrap();
        assert!(read[before..] == long);
        assert_eq!(artifact.length(), read.len() as u64);
        let mut some = [0; 30];
        for at in [0, 4_000_000, 100] {
            assert_eq!(stream.seek(SeekFrom::Start(at)).unwrap(), at);
            stream.read_exact(&mut some).unwrap();
            assert_eq!(some, read[usize::try_from(at).unwrap()..][..30], "{at}");
        }
        assert_eq!(artifact.open().unwrap().seek(SeekFrom::End(-1)).unwrap(), read.len() as u64 - 1);
    }
}

#[test]
fn what_is_wrong_with_a_large_stream_is_said_where_it_ends() {
    let long = long(70_000);
    let packed = gzipped(&long);
    let read = |packed: &[u8], limits: &Limits| {
        let bundle = Bundle::from_reader("CBS.log.gz", packed, limits).unwrap();
        let mut read = Vec::new();
        let error = bundle.artifacts()[0].open().unwrap().read_to_end(&mut read).map(|_| ()).unwrap_err();
        // What stands in place of the rest may be unpacked to anything.
        let good = read.len().saturating_sub(4096);
        assert!(read[..good] == long[..good]);
        assert_eq!(bundle.artifacts()[0].length(), read.len() as u64);
        (read.len(), error.to_string())
    };
    // Its last four bytes say something else where it is cut off: what is likely, and what is not.
    for told in [5u32 << 20, 0, u32::MAX] {
        let cut = [&packed[..packed.len() / 2], &told.to_le_bytes()].concat();
        let (came, why) = read(&cut, &Limits::default());
        assert!(came > 1 << 20 && came < long.len(), "{told}: {came}, {why}");
    }
    let mut sum = packed.clone();
    let at = sum.len() - 8;
    sum[at] ^= 1;
    assert_eq!(read(&sum, &Limits::default()).0, long.len());
    // One that says less than it is stops at the limit.
    let mut lie = packed.clone();
    let at = lie.len() - 4;
    lie[at..].copy_from_slice(&(4u32 << 20).to_le_bytes());
    let limits = Limits { bytes_out: (4 << 20) + 99, ..Limits::default() };
    assert_eq!(read(&lie, &limits), ((4 << 20) + 99, "too many bytes unpacked".to_owned()));
    let bundle = Bundle::from_reader("CBS.log.gz", packed.as_slice(), &limits).unwrap();
    assert!(bundle.artifacts().is_empty(), "one that says how long it is is not begun");
    assert!(bundle.problems()[0].message.get(Lang::En).contains("too many bytes unpacked"));
}

#[test]
fn what_is_wrong_with_a_large_text_is_said_where_it_ends() {
    let long = long(70_000);
    let packed = zipped(&[("CBS.log", &long)]);
    let directory = find(&packed, b"PK\x01\x02");
    let read = |archive: &[u8]| {
        let bundle = open(archive);
        let mut read = Vec::new();
        let error = bundle.artifacts()[0].open().unwrap().read_to_end(&mut read).map(|_| ()).unwrap_err();
        (read.len(), read == long[..read.len()], error.to_string())
    };
    let mut sum = packed.clone();
    sum[directory + 16] ^= 1;
    assert_eq!(read(&sum), (long.len(), true, "Invalid checksum".to_owned()));
    let length = u32::try_from(long.len()).unwrap();
    for (told, shown) in [(length + 9, long.len()), (length - 9, long.len() - 9)] {
        let mut lie = packed.clone();
        lie[directory + 24..directory + 28].copy_from_slice(&told.to_le_bytes());
        let (read, same, why) = read(&lie);
        let wrong = if told > length { "cut off" } else { "longer than the archive says" };
        assert_eq!((read, same, why.as_str()), (shown, true, wrong));
    }
    let mut broken = packed.clone();
    broken[directory / 2..directory / 2 + 40].fill(0xff);
    let (read, ..) = read(&broken);
    assert!(read > 1 << 20 && read < long.len(), "what came before is read: {read}");
}

#[test]
fn limits_hold_for_texts_that_are_left_where_they_lie() {
    let long = long(70_000);
    let packed = zipped(&[("a.log", &long), ("b.log", &long)]);
    let limits = Limits { bytes_out: 6 << 20, ..Limits::default() };
    let bundle = Bundle::from_reader("x", &packed[..], &limits).unwrap();
    assert_eq!(paths(&bundle), ["x!/a.log"]);
    assert_eq!(bundle.problems()[0].kind, ProblemKind::Truncated);
}
