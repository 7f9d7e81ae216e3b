//! Real logs, where `CASEBOOK_CORPUS` points at them, packed and written otherwise: the same findings.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::corpus::corpus;
use crate::environment::Environment;

/// Files below a folder, with their paths in it.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|(path, file)| (format!("{name}/{path}"), file)));
        } else {
            found.push((name, entry.path()));
        }
    }
    found.sort();
    found
}

fn zipped(files: &[(String, PathBuf)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let fast = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    for (name, path) in files {
        zip.start_file(name.as_str(), fast).unwrap();
        zip.write_all(&fs::read(path).unwrap()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn seven(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
    writer.set_content_methods(vec![sevenz_rust2::EncoderMethod::COPY.into()]);
    writer.push_archive_entry(sevenz_rust2::ArchiveEntry::new_file(name), Some(bytes)).unwrap();
    writer.finish().unwrap().into_inner()
}

fn tarred(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    writer.append_data(&mut header, name, bytes).unwrap();
    writer.into_inner().unwrap()
}

fn scanned(environment: &Environment, bundle: &str) -> String {
    let ran = environment.run(&["scan", bundle, "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn in_a_zip_in_a_7z_in_a_tar_zst_only_the_paths_are_others() {
    let Some(corpus) = corpus("in_a_zip_in_a_7z_in_a_tar_zst_only_the_paths_are_others") else { return };
    let environment = Environment::new();
    let tar = tarred("corpus.7z", &seven("corpus.zip", &zipped(&files(&corpus))));
    environment.write(
        "all.tar.zst",
        ruzstd::encoding::compress_to_vec(tar.as_slice(), ruzstd::encoding::CompressionLevel::Fastest),
    );
    let name = corpus.file_name().unwrap().to_string_lossy().into_owned();
    let plain = scanned(&environment, &corpus.display().to_string());
    let packed = scanned(&environment, "all.tar.zst");
    let packed = packed.replace("all.tar.zst!/corpus.7z!/corpus.zip!/", &format!("{name}/"));
    assert!(plain.contains("\"confirmed\""), "the corpus has failures");
    for (one, other) in plain.lines().zip(packed.lines()) {
        assert_eq!(one, other);
    }
    assert_eq!(plain.len(), packed.len());
}

/// Takes out where quotations lie in bytes: other writing, other places.
fn without_bytes(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(without_bytes),
        Value::Object(fields) => {
            fields.shift_remove("bytes");
            fields.values_mut().for_each(without_bytes);
        }
        _ => {}
    }
}

#[test]
fn as_utf_16_the_findings_are_the_same() {
    let Some(corpus) = corpus("as_utf_16_the_findings_are_the_same") else { return };
    let environment = Environment::new();
    let name = corpus.file_name().unwrap().to_string_lossy().into_owned();
    let plain: Value = serde_json::from_str(&scanned(&environment, &corpus.display().to_string())).unwrap();
    let text = |path: &str| {
        let sources = plain["sources"].as_array().unwrap();
        sources.iter().any(|source| source["path"] == path && source["encoding"] != "binary")
    };
    for (path, file) in files(&corpus) {
        let path = format!("{name}/{path}");
        let mut bytes = fs::read(file).unwrap();
        if text(&path) {
            let text = format!("\u{feff}{}", casebook::bundle::decode(&bytes));
            bytes = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        environment.write(&path, bytes);
    }
    let wide: Value = serde_json::from_str(&scanned(&environment, &name)).unwrap();
    let findings = |result: &Value| {
        let mut findings = result["findings"].clone();
        without_bytes(&mut findings);
        findings.as_array().unwrap().clone()
    };
    assert_eq!(findings(&plain).len(), findings(&wide).len());
    for (one, other) in findings(&plain).iter().zip(findings(&wide).iter()) {
        assert_eq!(one, other);
    }
    for (one, other) in plain["sources"].as_array().unwrap().iter().zip(wide["sources"].as_array().unwrap()) {
        for key in ["path", "log", "first", "last", "utc_offset"] {
            assert_eq!(one[key], other[key], "{key} of {}", one["path"]);
        }
    }
}
