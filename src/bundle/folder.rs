//! Opening: folders are walked, archives looked into, everything else is an artifact.

use std::fs;
use std::path::Path;

use super::archive;
use super::artifact::{Artifact, ArtifactId, Content};
use super::encoding::{self, Encoding};
use super::{Bundle, Limits, Problem, ProblemKind};

/// How much of a file tells its form and encoding.
const HEAD: u64 = 64 << 10;

/// Folders within folders at the most.
const FOLDERS: usize = 64;

/// A ratio is looked at only past this size.
const SMALL: u64 = 1 << 20;

/// Archives that are known by their first bytes but not read: magic, offset, what they are called.
const UNREAD: [(&[u8], &str); 7] = [
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"MSCF", "cab"),
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"Rar!\x1a\x07", "rar"),
];

/// A bundle being opened.
pub(super) struct Opening<'l> {
    limits: &'l Limits,
    bundle: Bundle,
    members: usize,
    bytes_out: u64,
}

impl<'l> Opening<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, bundle: Bundle::default(), members: 0, bytes_out: 0 }
    }

    pub(super) fn finish(mut self) -> Bundle {
        self.bundle.artifacts.sort_by(|a, b| a.path.cmp(&b.path));
        for (at, artifact) in self.bundle.artifacts.iter_mut().enumerate() {
            artifact.id = ArtifactId(at);
        }
        self.bundle
    }

    fn problem(&mut self, source: &str, kind: ProblemKind, zh: impl Into<String>, en: impl Into<String>) {
        self.bundle.problems.push(Problem::new(source, kind, zh, en));
    }

    fn unreadable(&mut self, source: &str, error: &std::io::Error) {
        self.problem(source, ProblemKind::Unreadable, format!("无法读取：{error}"), format!("cannot be read: {error}"));
    }

    /// Everything below a folder. Links are not followed: they may lead out of it, or round.
    pub(super) fn folder(&mut self, path: &Path, shown: &str) {
        let mut folders = vec![(path.to_path_buf(), shown.to_owned(), 0)];
        while let Some((folder, shown, depth)) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.unreadable(&shown, &error);
                    continue;
                }
            };
            for entry in entries.flatten() {
                let name = format!("{shown}/{}", entry.file_name().to_string_lossy());
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && depth < FOLDERS => folders.push((entry.path(), name, depth + 1)),
                    Ok(kind) if kind.is_file() => self.file(&entry.path(), &name),
                    _ => {}
                }
            }
        }
    }

    pub(super) fn file(&mut self, path: &Path, shown: &str) {
        self.content(Content::File(path.to_path_buf()), shown, 0);
    }

    /// A file or a member: an archive is looked into, anything else is an artifact.
    pub(super) fn content(&mut self, content: Content, shown: &str, depth: usize) {
        let head = match content.head(HEAD) {
            Ok(head) => head,
            Err(error) if archive::needs_password(&error) => return self.encrypted(shown),
            Err(error) => return self.unreadable(shown, &error),
        };
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return self.archive(&content, shown, depth);
        }
        if let Some((_, form)) = UNREAD.iter().find(|(magic, _)| head.starts_with(magic)) {
            self.problem(
                shown,
                ProblemKind::Unreadable,
                format!("尚不能读取 {form} 归档，请先解压"),
                format!("{form} archives are not read; unpack it first"),
            );
        }
        let bytes = match &content {
            Content::File(path) => fs::metadata(path).map_or(head.len() as u64, |meta| meta.len()),
            Content::Temporary(path) => fs::metadata(&**path).map_or(head.len() as u64, |meta| meta.len()),
            _ => head.len() as u64,
        };
        self.artifact(content, shown, bytes, encoding::sniff(&head));
    }

    fn artifact(&mut self, content: Content, shown: &str, bytes: u64, encoding: Encoding) {
        let id = ArtifactId(self.bundle.artifacts.len());
        self.bundle.artifacts.push(Artifact::new(id, shown, bytes, encoding, content));
    }

    fn encrypted(&mut self, shown: &str) {
        self.problem(shown, ProblemKind::Encrypted, "已加密，需要密码", "encrypted; a password is needed");
    }

    fn archive(&mut self, content: &Content, shown: &str, depth: usize) {
        if depth >= self.limits.depth {
            return self.problem(
                shown,
                ProblemKind::Truncated,
                "归档嵌套过深，未打开",
                "archives are nested too deep; not opened",
            );
        }
        let members = match content.open().and_then(archive::members) {
            Ok(members) => members,
            Err(error) => {
                return self.problem(
                    shown,
                    ProblemKind::Unreadable,
                    format!("归档已损坏或不完整：{error}"),
                    format!("the archive is damaged or incomplete: {error}"),
                );
            }
        };
        for member in members {
            let place = format!("{shown}!/{}", member.name);
            if self.refused(&member, &place) {
                continue;
            }
            let inner = Content::Member { archive: Box::new(content.clone()), index: member.index };
            self.member(inner, &place, &member, depth);
        }
    }

    /// Whether a member is left out: encrypted, or past a limit.
    fn refused(&mut self, member: &archive::Member, place: &str) -> bool {
        self.members += 1;
        if member.encrypted {
            self.encrypted(place);
            return true;
        }
        let packed = member.packed.max(1);
        let limit = if self.members > self.limits.members {
            ("成员过多", "too many members")
        } else if member.bytes > SMALL && member.bytes / packed > self.limits.ratio {
            ("压缩比异常", "an unlikely compression ratio")
        } else if self.bytes_out.saturating_add(member.bytes) > self.limits.bytes_out {
            ("解压后总量过大", "too many bytes unpacked")
        } else {
            self.bytes_out += member.bytes;
            return false;
        };
        self.problem(place, ProblemKind::Truncated, format!("{}，未读取", limit.0), format!("{}; not read", limit.1));
        true
    }

    fn member(&mut self, content: Content, place: &str, member: &archive::Member, depth: usize) {
        let head = match content.head(HEAD) {
            Ok(head) => head,
            Err(error) => return self.unreadable(place, &error),
        };
        if head.starts_with(b"PK\x03\x04") {
            // Looking into it needs its end first: it is unpacked once, into a file of its own.
            return match unpacked(&content) {
                Ok(file) => self.archive(&file, place, depth + 1),
                Err(error) => self.unreadable(place, &error),
            };
        }
        self.artifact(content, place, member.bytes, encoding::sniff(&head));
    }
}

fn unpacked(content: &Content) -> std::io::Result<Content> {
    let mut file = tempfile::NamedTempFile::new()?;
    std::io::copy(&mut content.open()?, &mut file)?;
    Ok(Content::temporary(file))
}
