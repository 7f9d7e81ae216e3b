//! Containers of every form, within each other too: what is in them is found, and what cannot be read is said.

use std::fs;
use std::io::Read as _;

use zip::CompressionMethod;
use zip::unstable::write::FileOptionsExt as _;
use zip::write::SimpleFileOptions;

use super::packed::{Members, bz2, cabinet, gzipped, long, seven, seven_with, tarred, xz, zipped, zipped_with, zst};
use super::{open, paths, text};
use crate::bundle::{Bundle, Limits, ProblemKind};
use crate::lang::Lang;

#[test]
fn every_form_gives_its_members_whole() {
    let long = long(5_000);
    let members: &Members<'_> = &[("logs/CBS.log", &long), ("empty.log", b""), ("short.log", b"line\n")];
    let method = |method| zipped_with(members, SimpleFileOptions::default().compression_method(method));
    for (form, packed) in [
        ("stored", method(CompressionMethod::Stored)),
        ("deflate", zipped(members)),
        ("bzip2", method(CompressionMethod::Bzip2)),
        ("xz", method(CompressionMethod::Xz)),
        ("zip64", zipped_with(members, SimpleFileOptions::default().large_file(true))),
        ("7z", seven(members)),
        (
            "7z deflate",
            seven_with(members, |writer| {
                writer.set_content_methods(vec![sevenz_rust2::EncoderMethod::COPY.into()]);
            }),
        ),
        ("cab", cabinet(members, cab::CompressionType::None)),
        ("mszip", cabinet(members, cab::CompressionType::MsZip)),
        ("tar", tarred(members)),
        ("tar.gz", gzipped(&tarred(members))),
        ("tar.xz", xz(&tarred(members))),
        ("tar.zst", zst(&tarred(members))),
        ("tar.bz2", bz2(&tarred(members))),
    ] {
        let bundle = open(&packed);
        assert_eq!(paths(&bundle), ["x!/empty.log", "x!/logs/CBS.log", "x!/short.log"], "{form}");
        assert!(bundle.problems().is_empty(), "{form}: {:?}", bundle.problems());
        let mut read = Vec::new();
        bundle.artifacts()[1].open().unwrap().read_to_end(&mut read).unwrap();
        assert!(read == long, "{form}");
        assert_eq!(text(&bundle, 2), "line\n", "{form}");
        assert_eq!(bundle.artifacts()[1].bytes, long.len() as u64, "{form}");
    }
}

#[test]
fn a_compressed_file_is_an_archive_of_one_member_named_without_the_suffix() {
    let line = b"2024-10-16 08:43:18, Info CBS x\n";
    for (name, packed, inner) in [
        ("CBS.log.gz", gzipped(line), "CBS.log.gz!/CBS.log"),
        ("CBS.log.XZ", xz(line), "CBS.log.XZ!/CBS.log"),
        ("CBS.log.zst", zst(line), "CBS.log.zst!/CBS.log"),
        ("CBS.log.bz2", bz2(line), "CBS.log.bz2!/CBS.log"),
        ("odd", gzipped(line), "odd!/odd"),
        // Several streams after each other are one.
        ("two.gz", [gzipped(b"2024-10-16 08:43:18, "), gzipped(b"Info CBS x\n")].concat(), "two.gz!/two"),
        ("two.zst", [zst(b"2024-10-16 08:43:18, "), zst(b"Info CBS x\n")].concat(), "two.zst!/two"),
        (
            "skip.zst",
            [b"\x28\xb5\x2f\xfd\x20\0\x01\0\0".to_vec(), b"\x50\x2a\x4d\x18\x02\0\0\0ab".to_vec(), zst(line)].concat(),
            "skip.zst!/skip",
        ),
    ] {
        let bundle = Bundle::from_reader(name, packed.as_slice(), &Limits::default()).unwrap();
        assert_eq!(paths(&bundle), [inner], "{:?}", bundle.problems());
        assert_eq!(text(&bundle, 0).as_bytes(), line, "{name}");
    }
}

#[test]
fn forms_within_forms_are_told_by_their_bytes() {
    let cab = cabinet(&[("CbsPersist_1.log", b"persist\n")], cab::CompressionType::MsZip);
    let inner = zipped(&[("logs/CbsPersist_1.cab", &cab), ("CBS.log.gz", &gzipped(b"gz\n"))]);
    let outer = zst(&tarred(&[("all.7z", &seven(&[("part.bin", &inner), ("a.log", b"a\n")]))]));
    let bundle = Bundle::from_reader("all.tar.zst", outer.as_slice(), &Limits::default()).unwrap();
    assert_eq!(
        paths(&bundle),
        [
            "all.tar.zst!/all.7z!/a.log",
            "all.tar.zst!/all.7z!/part.bin!/CBS.log.gz!/CBS.log",
            "all.tar.zst!/all.7z!/part.bin!/logs/CbsPersist_1.cab!/CbsPersist_1.log",
        ]
    );
    assert_eq!(text(&bundle, 2), "persist\n");
}

/// A zip of one member of five bytes, packed by a method that no writer here has.
fn zipped_by(method: u16, packed: &[u8]) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = zipped_with(&[("CBS.log", packed)], stored);
    let mut sum = flate2::Crc::new();
    sum.update(b"line\n");
    for (header, at) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        let at = at + zip.windows(4).position(|window| window == header).unwrap();
        zip[at..at + 2].copy_from_slice(&method.to_le_bytes());
        zip[at + 6..at + 10].copy_from_slice(&sum.sum().to_le_bytes());
        zip[at + 14..at + 18].copy_from_slice(&5u32.to_le_bytes());
    }
    zip
}

#[test]
fn methods_that_few_tools_write() {
    // A stored block is the same in both kinds of deflate.
    for (method, packed) in [(9, b"\x01\x05\0\xfa\xffline\n".to_vec()), (93, zst(b"line\n"))] {
        let bundle = open(&zipped_by(method, &packed));
        assert_eq!(paths(&bundle), ["x!/CBS.log"], "{:?}", bundle.problems());
        assert_eq!(text(&bundle, 0), "line\n");
    }
    let bundle = open(&zipped_by(6, b"line\n"));
    assert_eq!(bundle.problems()[0].source, "x!/CBS.log");
}

#[test]
fn a_cabinet_packed_by_lzx() {
    let line = b"2024-10-16 08:43:18, Info                  CBS    packed by LZX\r\n";
    let length = u32::try_from(line.len()).unwrap();
    // No translation of calls, a block as it is, its length; then the last offsets, then the bytes.
    let bits = (0b0011 << 28) | (length << 4);
    let mut block = Vec::new();
    for word in [bits >> 16, bits & 0xffff] {
        block.extend_from_slice(&word.to_le_bytes()[..2]);
    }
    block.extend_from_slice(&[1, 0, 0, 0].repeat(3));
    block.extend_from_slice(line);
    block.resize(block.len() + line.len() % 2, 0);
    let mut cab = cabinet(&[("CbsPersist_1.log", &block)], cab::CompressionType::None);
    // The folder says how it is packed; the file and the block say how long they are unpacked.
    let folder = 36;
    cab[folder + 6..folder + 8].copy_from_slice(&0x1503_u16.to_le_bytes());
    cab[folder + 8..folder + 12].copy_from_slice(&length.to_le_bytes());
    let data = usize::try_from(u32::from_le_bytes(cab[folder..folder + 4].try_into().unwrap())).unwrap();
    cab[data..data + 4].fill(0);
    cab[data + 6..data + 8].copy_from_slice(&u16::try_from(length).unwrap().to_le_bytes());
    let bundle = open(&cab);
    assert_eq!(paths(&bundle), ["x!/CbsPersist_1.log"], "{:?}", bundle.problems());
    assert_eq!(text(&bundle, 0).as_bytes(), line);
}

#[test]
fn what_needs_a_password_is_said_of_every_member_and_the_rest_is_read() {
    let aes = SimpleFileOptions::default().with_aes_encryption(zip::AesMode::Aes256, "secret");
    let old = SimpleFileOptions::default().with_deprecated_encryption(b"secret").unwrap();
    for packed in [zipped_with(&[("CBS.log", b"x\n")], aes), zipped_with(&[("CBS.log", b"x\n")], old)] {
        let bundle = open(&packed);
        assert!(bundle.artifacts().is_empty());
        assert_eq!(
            (bundle.problems()[0].kind, bundle.problems()[0].source.as_str()),
            (ProblemKind::Encrypted, "x!/CBS.log")
        );
    }
    let encrypted = |header| {
        seven_with(&[("CBS.log", b"x\n")], |writer| {
            let aes = sevenz_rust2::encoder_options::AesEncoderOptions::new("secret".into());
            writer.set_content_methods(vec![aes.into(), sevenz_rust2::EncoderMethod::LZMA2.into()]);
            writer.set_encrypt_header(header);
        })
    };
    for (header, place) in [(false, "x!/CBS.log"), (true, "x")] {
        let bundle = open(&encrypted(header));
        assert!(bundle.artifacts().is_empty());
        assert_eq!((bundle.problems()[0].kind, bundle.problems()[0].source.as_str()), (ProblemKind::Encrypted, place));
    }
}

#[test]
fn what_breaks_off_is_what_came_before_and_the_break() {
    let long = long(20_000);
    for (form, packed) in [
        ("gz", gzipped(&long)),
        ("xz", xz(&long)),
        ("bz2", bz2(&long)),
        ("zst", zst(&long)),
        ("tar", tarred(&[("a.log", &long)])),
        ("cab", cabinet(&[("a.log", &long)], cab::CompressionType::MsZip)),
    ] {
        let bundle = open(&packed[..packed.len() * 3 / 4]);
        assert_eq!(bundle.artifacts().len(), 1, "{form}: {:?}", bundle.problems());
        let mut read = Vec::new();
        assert!(bundle.artifacts()[0].open().unwrap().read_to_end(&mut read).is_err(), "{form}");
        // xz and Zstandard check or write by blocks larger than this.
        assert!(read.len() > 1000 && long.starts_with(&read), "{form}: {} bytes", read.len());
    }
}

#[test]
fn an_archive_that_is_cut_off_says_so() {
    let long = long(3_000);
    let members: &Members<'_> = &[("a.log", &long), ("b.log", &long)];
    for (form, packed) in [
        ("zip", zipped(members)),
        ("7z", seven(members)),
        ("tar", tarred(members)),
        ("gzip", gzipped(&tarred(members))),
        ("xz", xz(&tarred(members))),
        ("bzip2", bz2(&tarred(members))),
        ("zstd", zst(&tarred(members))),
    ] {
        for left in [packed.len() / 3, packed.len() * 3 / 4, packed.len() - 1500] {
            let bundle = open(&packed[..left]);
            let said: Vec<_> = bundle.problems().iter().map(|problem| problem.message.get(Lang::En)).collect();
            let wanted = format!("the {form} archive is cut off; ask for it anew");
            assert!(said.contains(&wanted.as_str()), "{form}, {left} of {}: {said:?}", packed.len());
        }
    }
    // Within what stands at its very end.
    for (form, packed) in [("zip", zipped(members)), ("7z", seven(members))] {
        for missing in 1..22 {
            let bundle = open(&packed[..packed.len() - missing]);
            let said = bundle.problems()[0].message.get(Lang::En);
            assert_eq!(said, format!("the {form} archive is cut off; ask for it anew"), "{missing} missing");
        }
    }
}

#[test]
fn an_archive_that_is_damaged_is_not_said_to_be_cut_off() {
    let members: &Members<'_> = &[("a.log", b"line\n"), ("b.log", b"line\n")];
    let mut zip = zipped(members);
    let directory = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
    zip[directory] = b'?';
    let mut tar = tarred(members);
    let second = tar.iter().rposition(|byte| *byte == b'b').unwrap();
    tar[second] = b'?';
    for packed in [zip, tar] {
        let bundle = open(&packed);
        let said = bundle.problems()[0].message.get(Lang::En);
        assert!(!said.contains("cut off"), "{said}");
    }
}

#[test]
fn a_damaged_block_of_a_7z_costs_its_own_members() {
    let long = long(5_000);
    let mut writer = sevenz_rust2::ArchiveWriter::new(std::io::Cursor::new(Vec::new())).unwrap();
    for name in ["a.log", "b.log", "c.log"] {
        writer.push_archive_entry(sevenz_rust2::ArchiveEntry::new_file(name), Some(long.as_slice())).unwrap();
    }
    let mut bytes = writer.finish().unwrap().into_inner();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0x55);
    let bundle = open(&bytes);
    let whole = |at: usize| {
        let mut read = Vec::new();
        bundle.artifacts()[at].open().unwrap().read_to_end(&mut read).is_ok() && read == long
    };
    assert_eq!(paths(&bundle), ["x!/a.log", "x!/b.log", "x!/c.log"], "{:?}", bundle.problems());
    assert!(whole(0) && !whole(1) && whole(2));
}

#[test]
fn a_file_that_goes_on_in_another_cabinet_is_said() {
    let mut bytes = cabinet(&[("a.log", b"aaaa\n"), ("b.log", b"bbbb\n")], cab::CompressionType::None);
    let at = bytes.windows(6).position(|window| window == b"b.log\0").unwrap();
    // Its folder's number stands eight bytes before the name.
    bytes[at - 8..at - 6].copy_from_slice(&0xfffe_u16.to_le_bytes());
    let bundle = open(&bytes);
    assert_eq!(paths(&bundle), ["x!/a.log"]);
    assert_eq!(bundle.problems()[0].message.get(Lang::En), "cannot be read: it goes on in another cabinet");
}

#[test]
fn links_are_not_followed_and_paths_are_only_shown() {
    let mut writer = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    writer.append_link(&mut header, "CBS.log", "/etc/passwd").unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_size(3);
    header.as_gnu_mut().unwrap().name[..12].copy_from_slice(b"/../../x.log");
    header.set_cksum();
    writer.append(&header, b"up\n".as_slice()).unwrap();
    let bundle = open(&writer.into_inner().unwrap());
    assert_eq!(paths(&bundle), ["x!//../../x.log"]);
    assert_eq!(bundle.problems()[0].source, "x!/CBS.log");
    assert_eq!(bundle.problems()[0].message.get(Lang::En), "a link or a device; not followed");
}

#[cfg(unix)]
#[test]
fn a_link_on_the_disk_is_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("logs")).unwrap();
    fs::write(dir.path().join("logs/a.log"), "x\n").unwrap();
    std::os::unix::fs::symlink(dir.path().join("logs"), dir.path().join("logs/round")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", dir.path().join("logs/CBS.log")).unwrap();
    let bundle = Bundle::open(&dir.path().join("logs"), &Limits::default()).unwrap();
    assert_eq!(paths(&bundle), ["logs/a.log"]);
    let problems: Vec<&str> = bundle.problems().iter().map(|problem| problem.source.as_str()).collect();
    assert_eq!(problems, ["logs/CBS.log", "logs/round"]);
}

#[test]
fn an_archive_that_is_not_read_is_said() {
    let bundle = open(b"Rar!\x1a\x07\x01\x00 and so on");
    assert_eq!(bundle.problems()[0].message.get(Lang::En), "rar archives are not read; unpack it first");
}
