//! Archives of every form, made by the test itself.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::{FileOptions, SimpleFileOptions};

pub(super) type Members<'m> = [(&'m str, &'m [u8])];

pub(super) fn zipped(members: &Members<'_>) -> Vec<u8> {
    zipped_with(members, SimpleFileOptions::default())
}

pub(super) fn zipped_with(members: &Members<'_>, options: FileOptions<'_, '_, ()>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(super) fn tarred(members: &Members<'_>) -> Vec<u8> {
    let mut writer = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        writer.append_data(&mut header, name, *bytes).unwrap();
    }
    writer.into_inner().unwrap()
}

pub(super) fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(super) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(super) fn zst(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

pub(super) fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// A 7z of one solid block.
pub(super) fn seven(members: &Members<'_>) -> Vec<u8> {
    seven_with(members, |_| {})
}

pub(super) fn seven_with(
    members: &Members<'_>,
    set: impl FnOnce(&mut sevenz_rust2::ArchiveWriter<Cursor<Vec<u8>>>),
) -> Vec<u8> {
    let mut writer = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
    set(&mut writer);
    let entries = members.iter().map(|(name, _)| sevenz_rust2::ArchiveEntry::new_file(name)).collect();
    let readers = members.iter().map(|(_, bytes)| sevenz_rust2::SourceReader::new(*bytes)).collect();
    writer.push_archive_entries(entries, readers).unwrap();
    writer.finish().unwrap().into_inner()
}

pub(super) fn cabinet(members: &Members<'_>, method: cab::CompressionType) -> Vec<u8> {
    let mut builder = cab::CabinetBuilder::new();
    let folder = builder.add_folder(method);
    for (name, _) in members {
        folder.add_file(*name);
    }
    let mut writer = builder.build(Cursor::new(Vec::new())).unwrap();
    let mut bytes = members.iter().map(|(_, bytes)| bytes);
    while let Some(mut file) = writer.next_file().unwrap() {
        file.write_all(bytes.next().unwrap()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Text that packs badly enough for several blocks, and longer than what a form looks back.
pub(super) fn long(lines: u32) -> Vec<u8> {
    let mut state = 1u32;
    let mut text = String::new();
    for at in 0..lines {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let _ = write!(text, "2024-10-16 08:43:18, Info                  CBS    line {at} {state:08x}\r\n");
    }
    text.into_bytes()
}
