//! Opening: folders are walked, containers looked into, everything else is an artifact. All limits are kept here.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::artifact::{Artifact, ArtifactId, Content, Seekable};
use super::container::{self, Body, Entry, Fault, Form, Taken};
use super::encoding::{self, Encoding};
use super::member::{Packed, Place};
use super::meter::{Meter, Metered};
use super::short::{cut_off, stops_short, why};
use super::store::{Range, Store};
use super::{Bundle, Limits, Problem, ProblemKind};

/// How much of a file tells its form and encoding.
const HEAD: u64 = 64 << 10;

/// Folders within folders at the most.
const FOLDERS: usize = 64;

/// A member's own ratio is looked at only past this size.
const SMALL: u64 = 1 << 20;

/// What a file may unpack to, all its members together, whatever its own size.
const LEAVE: u64 = 256 << 20;

/// Members of one archive that are named when they are not read; the others are counted.
const NAMED: usize = 200;

/// How many zeros at the beginning of a file are gone through for what tells its encoding.
const ZEROS: u64 = 64 << 20;

/// Bytes unpacked in one go.
const CHUNK: usize = 128 << 10;

/// A bundle being opened.
pub(super) struct Opening<'l> {
    limits: &'l Limits,
    meter: Arc<Meter>,
    bundle: Bundle,
    store: Store,
    members: usize,
    bytes_out: u64,
    /// What the file being looked into may still unpack to.
    leave: u64,
    buffer: Vec<u8>,
}

/// An archive to be looked into.
struct Nested {
    content: Content,
    form: Form,
    place: String,
    depth: usize,
}

/// An archive being looked into.
struct Visit {
    content: Content,
    place: String,
    depth: usize,
    inner: Vec<Nested>,
    refused: usize,
}

/// A limit that was reached: zh, en.
type Limit = (&'static str, &'static str);

const MEMBERS: Limit = ("成员过多", "too many members");
const BYTES: Limit = ("解压后总量过大", "too many bytes unpacked");
const RATIO: Limit = ("压缩比异常", "an unlikely compression ratio");

impl<'l> Opening<'l> {
    pub(super) fn new(limits: &'l Limits, meter: &Arc<Meter>) -> Self {
        let (bundle, store, meter) = (Bundle::default(), Store::default(), Arc::clone(meter));
        Self { limits, meter, bundle, store, members: 0, bytes_out: 0, leave: 0, buffer: Vec::new() }
    }

    pub(super) fn finish(mut self) -> Bundle {
        self.bundle.artifacts.sort_by(|a, b| a.path.cmp(&b.path));
        for (at, artifact) in self.bundle.artifacts.iter_mut().enumerate() {
            artifact.id = ArtifactId::at(at);
        }
        self.bundle
    }

    fn problem(&mut self, source: &str, kind: ProblemKind, zh: impl Into<String>, en: impl Into<String>) {
        self.bundle.problems.push(Problem::new(source, kind, zh, en));
    }

    fn unreadable(&mut self, source: &str, error: &io::Error) {
        let (zh, en) = why(error);
        self.problem(source, ProblemKind::Unreadable, format!("无法读取：{zh}"), format!("cannot be read: {en}"));
    }

    /// Everything below a folder. Links are not followed: they may lead out of it, or round.
    pub(super) fn folder(&mut self, path: &Path, shown: &str) {
        let mut folders = vec![(path.to_path_buf(), shown.to_owned(), 0)];
        while let Some((folder, shown, depth)) = folders.pop() {
            let entries = fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
            let mut entries = match entries {
                Ok(entries) => entries,
                Err(error) => {
                    self.unreadable(&shown, &error);
                    continue;
                }
            };
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                let name = format!("{shown}/{}", entry.file_name().to_string_lossy());
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && depth < FOLDERS => folders.push((entry.path(), name, depth + 1)),
                    Ok(kind) if kind.is_file() => self.file(&entry.path(), &name),
                    Ok(kind) if kind.is_dir() => {
                        self.problem(
                            &name,
                            ProblemKind::Truncated,
                            "文件夹嵌套过深，未打开",
                            "folders are nested too deep; not opened",
                        );
                    }
                    Ok(_) => self.special(&name),
                    Err(error) => self.unreadable(&name, &error),
                }
            }
        }
    }

    pub(super) fn file(&mut self, path: &Path, shown: &str) {
        let size = fs::metadata(path).map_or(0, |meta| meta.len());
        self.content(Content::File(path.to_path_buf()), shown, size);
    }

    /// A stream, kept in the store first: it can be read once only.
    pub(super) fn stream(&mut self, mut reader: impl Read, shown: &str) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK];
        let mut left = self.limits.bytes_out;
        loop {
            let read = match reader.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            let taken = left.min(read as u64);
            self.store.write(buffer.get(..usize::try_from(taken).unwrap_or(read)).unwrap_or_default())?;
            left -= taken;
            if taken < read as u64 {
                self.problem(
                    shown,
                    ProblemKind::Truncated,
                    "过长，只读取了开头",
                    "too long; only its beginning was read",
                );
                break;
            }
            if read == 0 {
                break;
            }
        }
        let range = self.store.close(None);
        let size = range.length;
        self.content(Content::Stored(range), shown, size);
        Ok(())
    }

    /// A file of the bundle itself: an archive is looked into, anything else is an artifact.
    fn content(&mut self, content: Content, shown: &str, size: u64) {
        match content.head(HEAD) {
            Err(error) => self.unreadable(shown, &error),
            Ok(head) => match Form::of(&head) {
                Some(form) => {
                    self.meter.start(size);
                    self.leave = LEAVE.max(size.saturating_mul(self.limits.ratio));
                    self.archives(Nested { content, form, place: shown.to_owned(), depth: 0 });
                }
                None => self.artifact(content, shown, size, &head),
            },
        }
    }

    fn artifact(&mut self, content: Content, shown: &str, bytes: u64, head: &[u8]) {
        if let Some(form) = container::unread(head) {
            let zh = format!("尚不能读取 {form} 归档，请先解压");
            self.problem(shown, ProblemKind::Unreadable, zh, format!("{form} archives are not read; unpack it first"));
        }
        let later = past_zeros(&content, head);
        let encoding = encoding::sniff(later.as_deref().unwrap_or(head));
        if encoding.0 == Encoding::Binary && container::named(shown) {
            let (zh, en) = ("名称是归档，内容却不是", "it has the name of an archive, but not the content of one");
            self.problem(shown, ProblemKind::Unreadable, zh, en);
        }
        self.bundle.artifacts.push(Artifact::new(shown, bytes, encoding, content));
    }

    fn encrypted(&mut self, shown: &str) {
        self.problem(shown, ProblemKind::Encrypted, "已加密，需要密码", "encrypted; a password is needed");
    }

    fn special(&mut self, shown: &str) {
        let (zh, en) = ("是链接或设备，未跟随", "a link or a device; not followed");
        self.problem(shown, ProblemKind::Unreadable, zh, en);
    }

    /// An archive and those within it, each unpacked once.
    fn archives(&mut self, outer: Nested) {
        let mut waiting = vec![outer];
        while let Some(archive) = waiting.pop() {
            if archive.depth >= self.limits.depth {
                let (zh, en) = ("归档嵌套过深，未打开", "archives are nested too deep; not opened");
                self.problem(&archive.place, ProblemKind::Truncated, zh, en);
                continue;
            }
            let mut visit = Visit {
                content: archive.content.clone(),
                place: archive.place.clone(),
                depth: archive.depth,
                inner: Vec::new(),
                refused: 0,
            };
            self.meter.begin(&archive.place);
            let meter = (archive.depth == 0).then(|| Arc::clone(&self.meter));
            let open = || -> io::Result<Box<dyn Seekable>> {
                let source = archive.content.open()?;
                Ok(match &meter {
                    Some(meter) => Box::new(Metered::new(source, meter)),
                    None => source,
                })
            };
            let mut take = |entry: &Entry, body: Body<'_>| self.take(&mut visit, entry, body);
            let ended = archive.form.members(&open, &archive.place, &mut take);
            self.ended(&visit, archive.form, ended);
            // The last waits longest: archives are looked into in the order of their members.
            waiting.extend(visit.inner.into_iter().rev());
        }
    }

    /// What is said of an archive when its members have come.
    fn ended(&mut self, visit: &Visit, form: Form, ended: Result<(), Fault>) {
        let place = visit.place.as_str();
        match ended {
            Ok(()) => {}
            Err(Fault::Encrypted) => self.encrypted(place),
            Err(Fault::Limit) => {
                let (zh, en) = ("达到限制，其余成员未读取", "a limit is reached; its other members are not read");
                self.problem(place, ProblemKind::Truncated, zh, en);
            }
            Err(Fault::Damaged(error)) if stops_short(&error) => {
                let form = form.name();
                let zh = format!("{form} 归档不完整，数据到此中断，请重新获取");
                let en = format!("the {form} archive is cut off; ask for it anew");
                self.problem(place, ProblemKind::Unreadable, zh, en);
            }
            Err(Fault::Damaged(error)) => {
                let form = form.name();
                let zh = format!("{form} 归档已损坏或不完整：{error}");
                self.problem(
                    place,
                    ProblemKind::Unreadable,
                    zh,
                    format!("the {form} archive is damaged or incomplete: {error}"),
                );
            }
        }
        if let Some(more @ 1..) = visit.refused.checked_sub(NAMED) {
            let zh = format!("另有 {more} 个成员未读取");
            self.problem(place, ProblemKind::Truncated, zh, format!("{more} more members are not read"));
        }
    }

    /// Takes a member: an archive is kept for later, anything else is an artifact.
    fn take(&mut self, visit: &mut Visit, entry: &Entry, body: Body<'_>) -> Taken {
        let place = format!("{}!/{}", visit.place, entry.name);
        if self.members >= self.limits.members {
            self.refuse(visit, &place, MEMBERS);
            return Taken::Enough;
        }
        self.members += 1;
        let readable = matches!(body, Body::Bytes(_) | Body::Lies(_));
        if let Some(limit) = self.past(entry).filter(|_| readable) {
            self.refuse(visit, &place, limit);
            return Taken::Past;
        }
        let declared = entry.bytes.unwrap_or(0);
        let taken = match body {
            Body::Bytes(bytes) => self.unpack(bytes, declared).map(|member| self.member(visit, place.clone(), member)),
            Body::Lies(lies) => self.leave(visit, &place, lies, declared),
            other => {
                visit.refused += 1;
                if visit.refused <= NAMED {
                    match other {
                        Body::Encrypted => self.encrypted(&place),
                        Body::Unreadable(error) => self.unreadable(&place, &error),
                        _ => self.special(&place),
                    }
                }
                Ok(())
            }
        };
        match taken {
            Ok(()) => Taken::Yes,
            Err(limit) => {
                self.refuse(visit, &place, limit);
                Taken::Enough
            }
        }
    }

    /// Leaves a member where it lies in its archive, if it is text: that is read from its beginning to its end.
    fn leave(&mut self, visit: &mut Visit, place: &str, lies: Place, declared: u64) -> Result<(), Limit> {
        let (length, most, unbound) = match lies {
            Place::Stream { told } => {
                (told, self.leave.min(self.limits.bytes_out.saturating_sub(self.bytes_out)), u64::MAX)
            }
            Place::Member { .. } | Place::Folder(_) => (declared, declared, declared),
        };
        let packed = |most| {
            let came = OnceLock::new();
            Arc::new(Packed { archive: visit.content.clone(), place: lies, length, most, came })
        };
        let content = Content::Packed(packed(most));
        let head = content.head(HEAD).unwrap_or_default();
        let text = Form::of(&head).is_none() && encoding::sniff(&head).0 != Encoding::Binary;
        // A stream that says too much may be cut off: what there is of it is found by unpacking it.
        if text && !head.is_empty() && length <= most {
            self.count(length)?;
            self.artifact(content, place, length, &head);
            return Ok(());
        }
        // The limits are kept while it is unpacked.
        match packed(unbound).open() {
            Ok(mut bytes) => {
                let member = self.unpack(&mut bytes, declared)?;
                self.member(visit, place.to_owned(), member);
            }
            Err(error) => self.unreadable(place, &error),
        }
        Ok(())
    }

    fn refuse(&mut self, visit: &mut Visit, place: &str, limit: Limit) {
        visit.refused += 1;
        if visit.refused <= NAMED {
            let (zh, en) = (format!("{}，未读取", limit.0), format!("{}; not read", limit.1));
            self.problem(place, ProblemKind::Truncated, zh, en);
        }
    }

    /// The limit that a member is past by what its container says of it.
    fn past(&self, entry: &Entry) -> Option<Limit> {
        let bytes = entry.bytes.unwrap_or(0);
        if bytes > SMALL && entry.packed.is_some_and(|packed| bytes / packed.max(1) > self.limits.ratio) {
            return Some(RATIO);
        }
        if bytes > self.limits.bytes_out.saturating_sub(self.bytes_out) {
            return Some(BYTES);
        }
        (bytes > self.leave).then_some(RATIO)
    }

    /// Unpacks a member into the store. One that breaks off is what came before; one past a limit is taken back.
    fn unpack(&mut self, bytes: &mut dyn Read, declared: u64) -> Result<Unpacked, Limit> {
        let mut head = Vec::new();
        let mut broken = None;
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.resize(CHUNK, 0);
        while broken.is_none() {
            let read = match bytes.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => buffer.get(..read).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            };
            let room = usize::try_from(HEAD).unwrap_or(usize::MAX).saturating_sub(head.len());
            head.extend_from_slice(read.get(..room).unwrap_or(read));
            if let Err(limit) = self.count(read.len() as u64) {
                self.store.take_back();
                self.buffer = buffer;
                return Err(limit);
            }
            broken = self.store.write(read).err();
        }
        self.buffer = buffer;
        if broken.is_none() && self.store.open_length() < declared {
            broken = Some(cut_off());
        }
        Ok(Unpacked { range: self.store.close(broken.as_ref()), head, broken })
    }

    fn count(&mut self, bytes: u64) -> Result<(), Limit> {
        self.bytes_out = self.bytes_out.saturating_add(bytes);
        if self.bytes_out > self.limits.bytes_out {
            return Err(BYTES);
        }
        self.leave = self.leave.checked_sub(bytes).ok_or(RATIO)?;
        Ok(())
    }

    fn member(&mut self, visit: &mut Visit, place: String, member: Unpacked) {
        let Unpacked { range, head, broken } = member;
        let length = range.length;
        if let (0, Some(error)) = (length, &broken) {
            return self.unreadable(&place, error);
        }
        let content = Content::Stored(range);
        match Form::of(&head) {
            Some(form) => visit.inner.push(Nested { content, form, place, depth: visit.depth + 1 }),
            None => self.artifact(content, &place, length, &head),
        }
    }
}

/// What follows where all of `head` is zero: what a crash leaves says nothing of the rest.
fn past_zeros(content: &Content, head: &[u8]) -> Option<Vec<u8>> {
    if (head.len() as u64) < HEAD || head.iter().any(|byte| *byte != 0) {
        return None;
    }
    let mut source = content.open().ok()?.take(ZEROS);
    let mut later = Vec::new();
    loop {
        later.clear();
        if source.by_ref().take(HEAD).read_to_end(&mut later).ok()? == 0 {
            return None;
        }
        if let Some(at) = later.iter().position(|byte| *byte != 0) {
            return Some(later.split_off(at));
        }
    }
}

/// A member that was unpacked.
struct Unpacked {
    range: Range,
    head: Vec<u8>,
    broken: Option<io::Error>,
}
