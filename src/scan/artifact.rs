//! One artifact: recognised, read as a stream, framed where something was seen, verified.

use std::io::{self, Read as _};
use std::sync::Arc;

use crate::bundle::{self, Artifact, Doubt, Encoding, Problem, ProblemKind, TextReader, decode_line};
use crate::lang::Lang;
use crate::logs::{self, Framer, Framing, LogKindId, Reason, Record, Section, Sighting};
use crate::rule::RuleSet;
use crate::value::Stamps;

use super::chunk::Chunks;
use super::clock::Newest;
use super::glance::Glance;
use super::needs::Hits;
use super::pairs::Pairs;
use super::parallel;
use super::piece::{Held, Piece, marks};
use super::plan::{KindPlan, Plan};
use super::profile::{self, Measure, Profile, Stage};
use super::result::Source;
use super::runs::Lets;
use super::share::Share;
use super::spare::Spare;
use super::subjects::Subjects;
use super::trial::{Trial, Tried};
use super::{Given, Sought, Wanted};

/// Bytes that tell an artifact's kind.
const HEAD: usize = 64 << 10;

/// Bytes that tell a binary form.
const MAGIC: u64 = 64;

/// The kind of files of no kind.
const TEXT: &str = "text";

/// An artifact about to be read.
pub(super) struct Reading<'a> {
    pub(super) artifact: &'a Artifact,
    pub(super) rules: &'a RuleSet,
    pub(super) given: Option<&'a Given>,
    pub(super) stats: bool,
    pub(super) wanted: Option<Wanted>,
    /// So many hits are held that those which only count are let go.
    pub(super) lets: Lets,
    /// Threads for one text.
    pub(super) threads: usize,
    pub(super) share: &'a Share<'a>,
    pub(super) newest: Newest,
    pub(super) profile: Option<&'a Arc<Profile>>,
}

/// What one artifact gave.
pub(super) struct Found {
    pub(super) source: Source,
    pub(super) hits: Hits,
    pub(super) sections: Vec<Section>,
    /// What it lists, where it is a snapshot that is asked for its subjects.
    pub(super) subjects: Option<Subjects>,
    /// Its hits may stand in another order than their stamps.
    pub(super) unsorted: bool,
    /// Not read yet: its stamps ask for the newest date of the other logs.
    pub(super) put_off: bool,
}

impl Found {
    pub(super) fn new(source: Source) -> Found {
        let sections = Vec::new();
        Found { source, hits: Hits::default(), sections, subjects: None, unsorted: true, put_off: false }
    }

    /// Notes what a record of a snapshot is about, by the field that tells it.
    pub(super) fn list(&mut self, about: &str, record: &Record) {
        let subjects = self.subjects.get_or_insert_default();
        record.field(about).into_iter().for_each(|subject| subjects.add(subject));
    }
}

impl Reading<'_> {
    /// Scans it with the plan of its kind.
    pub(super) fn scan(&self, plan: &Plan<'_>) -> Found {
        let mut found = Found::new(self.source());
        if let Some(Given::Records(log, entries)) = self.given {
            let (records, sections) = logs::from_fields(*log, self.artifact.id, entries);
            found.source.log = Some(*log);
            for record in records {
                let plan = self.plan(plan, *log, Vec::new);
                let take = || self.take(&mut found, plan, *log, record, &sections);
                profile::time(self.measure(), Stage::Verify, |hits| *hits, take);
            }
            found.sections = sections;
            return found;
        }
        let Some(log) = self.recognise(&mut found.source) else {
            return found;
        };
        match self.rules.logs.get(log).framing {
            Framing::Reader(_) => self.read(&mut found, self.plan(plan, log, Vec::new), log),
            Framing::Lines(_) => {
                let sample = || {
                    if self.artifact.encoding.keeps_ascii() {
                        self.artifact.head(HEAD as u64).unwrap_or_default()
                    } else {
                        decoded_head(self.artifact).unwrap_or_default().into_bytes()
                    }
                };
                self.stream(&mut found, self.plan(plan, log, sample), log);
            }
        }
        found.source.bytes = self.artifact.length();
        found
    }

    pub(super) fn measure(&self) -> Measure<'_> {
        self.profile.map(|profile| &**profile)
    }

    fn plan<'p>(&self, plan: &'p Plan<'_>, log: LogKindId, sample: impl FnOnce() -> Vec<u8>) -> &'p KindPlan {
        profile::time(self.measure(), Stage::Prepare, |_| 0, || plan.kind(log, sample))
    }

    /// Calls `see` for every record, or for those in which something is sought, with the sections so far; false where it is
    /// put off.
    pub(super) fn records(
        &self,
        sought: Option<&Sought<'_>>,
        see: &mut dyn FnMut(&Source, &Record, &[Section]),
    ) -> bool {
        let mut source = self.source();
        if let Some(Given::Records(log, entries)) = self.given {
            source.log = Some(*log);
            let (records, sections) = logs::from_fields(*log, self.artifact.id, entries);
            for record in &records {
                see(&source, record, &sections);
            }
            return true;
        }
        let Some(log) = self.recognise(&mut source) else {
            return true;
        };
        if let Framing::Reader(_) = self.rules.logs.get(log).framing {
            let shown = source.clone();
            let mut see = |record: Record, sections: &[Section]| see(&shown, &record, sections);
            self.read_records(log, &mut source, &mut logs::Every(&mut see));
            return true;
        }
        let Some(mut framer) = self.framer(log, &mut source) else { return false };
        let (shown, kind) = (source.clone(), self.rules.logs.get(log));
        let places = |text: &[u8]| {
            let told = |places: Vec<usize>| places.into_iter().map(|place| (place, false)).collect::<Vec<_>>();
            sought.and_then(|sought| sought(kind, text)).map(told)
        };
        self.pieces(
            &mut source,
            &mut framer,
            |text| (Glance::new(text), places(text)),
            |framer, piece, places, _| {
                let cutter = Arc::clone(framer.cutter());
                let text = Sighting { places: places.as_deref(), ..piece.sighting() };
                cutter.cut(text, &mut |cut| {
                    let record = framer.frame(cut, piece.bytes, piece.line, &|at| piece.offset_of(at));
                    see(&shown, &record, framer.sections());
                });
            },
        );
        true
    }

    pub(super) fn source(&self) -> Source {
        Source {
            reason: if self.given.is_some() { Reason::Given } else { Reason::NoText },
            encoding: self.artifact.encoding,
            encoding_doubt: self.artifact.doubt,
            bytes: self.artifact.bytes,
            excerpt: self.artifact.excerpt,
            bundle: self.artifact.bundle,
            ..Source::new(self.artifact.id, &self.artifact.path)
        }
    }

    fn problem(&self, source: &mut Source, kind: ProblemKind, zh: String, en: String) {
        source.damaged = Some(kind);
        source.problems.push(Problem::new(&self.artifact.path, kind, zh, en));
    }

    pub(super) fn broken(&self, source: &mut Source, error: &io::Error) {
        let (zh, en) = bundle::why(error);
        let (zh, en) = (format!("未能读完：{zh}"), format!("could not be read to its end: {en}"));
        self.problem(source, ProblemKind::Truncated, zh, en);
    }

    /// A line that fills a whole block is read as several; what stands around it counts as always.
    fn long_line(&self, source: &mut Source, line: u64) {
        let zh = format!("第 {line} 行过长，分段读取");
        let en = format!("line {line} is too long and was read in pieces");
        source.problems.push(Problem::new(&self.artifact.path, ProblemKind::Truncated, zh, en));
    }

    /// The kind, known or told from the first bytes; the kind for plain text where there is no other.
    fn recognise(&self, source: &mut Source) -> Option<LogKindId> {
        if let Some(Given::Kind(log) | Given::Records(log, _)) = self.given {
            source.log = Some(*log);
            return source.log;
        }
        // The bytes of a binary form may look like text of some encoding.
        let head = self.artifact.head(MAGIC).unwrap_or_default();
        if let Some(recognition) = logs::recognise_bytes(&head, &self.rules.logs) {
            (source.log, source.reason) = (recognition.log, recognition.reason);
            (source.encoding, source.encoding_doubt) = (Encoding::Binary, None);
            return source.log;
        }
        if self.artifact.encoding == Encoding::Binary {
            self.unlike_its_name(source);
            return None;
        }
        let head = match decoded_head(self.artifact) {
            Ok(head) => head,
            Err(error) => {
                self.broken(source, &error);
                return None;
            }
        };
        let recognition = logs::recognise(&head, &self.artifact.name, &self.rules.logs);
        source.log = recognition.log;
        source.doubt = recognition.doubt;
        source.reason = recognition.reason;
        // It stays a file of no kind in the result.
        source.log.or_else(|| self.rules.logs.by_name(TEXT))
    }

    /// A file without text that has the name of a log is damaged, or another file by mistake.
    fn unlike_its_name(&self, source: &mut Source) {
        let named = self.rules.logs.iter().find(|(_, kind)| kind.files.include(&self.artifact.name));
        if let Some((_, kind)) = named {
            let zh = format!("名称是“{}”的，内容却无法识别", kind.title.get(Lang::Zh));
            let en = format!("it has the name of a {}, but its content is none", kind.title.get(Lang::En));
            self.problem(source, ProblemKind::Unreadable, zh, en);
        }
    }

    /// Goes through a log of lines.
    fn stream(&self, found: &mut Found, plan: &KindPlan, log: LogKindId) {
        let kind = self.rules.logs.get(log);
        let Some(mut framer) = self.framer(log, &mut found.source) else {
            found.put_off = true;
            return;
        };
        found.unsorted = false;
        let mut source = found.source.clone();
        let (mut lines, mut records) = (0, 0);
        // Whether a state lists a subject is asked of all its records.
        let about = kind.about();
        let all = plan.frames_all() || self.stats || about.is_some();
        let (cutter, spare) = (Arc::clone(framer.cutter()), Spare::default());
        let trial = Trial { tester: self.tester(), plan, cutter, all, spare, lets: &self.lets };
        let look = |text: &[u8]| trial.look(text);
        let (pairs, mut stamps) = (Pairs::new(kind), Stamps::default());
        self.pieces(&mut source, &mut framer, look, |framer, piece, seen, source| {
            let (mut tried, passed) = trial.tried(piece, seen);
            records += tried.len() as u64;
            let before = found.hits.latest();
            for Tried { before, stamp, record, marked, hits } in tried.drain(..) {
                framer.pass(before);
                let Some(mut record) = record else {
                    framer.pass(stamp);
                    continue;
                };
                if let Some(record) = Arc::get_mut(&mut record) {
                    let settle = || framer.settle(record, marked, piece.bytes, piece.line, &|at| piece.offset_of(at));
                    profile::time(self.measure(), Stage::Frame, |()| 0, settle);
                }
                self.keep(found, plan, &record, hits, framer.sections());
                if let Some(about) = about {
                    found.list(about, &record);
                }
            }
            trial.take_back(tried);
            self.pass(found, plan, passed, before);
            lines = piece.line + piece.newlines.all - self.artifact.first_line;
            if kind.clock.is_some() {
                source.first = source.first.or_else(|| piece.first(&trial.cutter));
                let last = piece.last(&trial.cutter, &mut stamps);
                framer.pass(trial.cutter.left(piece.sighting(), last));
                source.last = last.or(source.last);
                if let Some(pairs) = &pairs {
                    let known = source.utc_offsets.last().map(|(_, offset)| *offset);
                    source.utc_offsets.extend(pairs.offsets(piece, &trial.cutter, (known, &mut stamps)));
                }
            }
        });
        if self.stats {
            source.lines = Some(lines);
            source.records = Some(records);
        }
        found.source = source;
        found.sections = framer.sections().to_vec();
    }

    /// The text in pieces that begin at a record and end before one, each with what `look` gives.
    pub(super) fn pieces<'k, T: Send>(
        &self,
        source: &mut Source,
        framer: &mut Framer<'k>,
        look: impl Fn(&[u8]) -> (Glance, T) + Sync,
        mut see: impl FnMut(&mut Framer<'k>, &Piece<'_>, T, &mut Source),
    ) {
        let (mut line, encoding) = (self.artifact.first_line, self.artifact.encoding);
        // Where what comes next begins in the artifact.
        let mut at = encoding.mark(&self.artifact.head(4).unwrap_or_default()) as u64;
        let begin = |bytes| Chunks::new(profile::reading(self.profile, bytes), encoding, Arc::clone(framer.cutter()));
        let chunks = match self.artifact.open() {
            Ok(bytes) => profile::time(self.measure(), Stage::Decode, |_| 0, || begin(bytes)),
            Err(error) => return self.broken(source, &error),
        };
        let rest = parallel::in_order(
            || chunks.next(),
            (self.threads, self.measure()),
            &look,
            |looked| {
                let Some(seen) = looked.seen else { return Some(looked.chunk) };
                let bytes = looked.chunk.bytes();
                let (marks, end) = marks(bytes, at, encoding);
                self.share.read(end - at);
                if looked.glance.unlike_utf8 && encoding == Encoding::Utf8 {
                    source.encoding_doubt = source.encoding_doubt.max(Some(Doubt::Mixed));
                }
                let newlines = &looked.glance.newlines;
                let piece = Piece { bytes, offset: at, line, newlines, encoding, marks };
                see(framer, &piece, seen, source);
                (line, at) = (line + newlines.all, end);
                chunks.take_back(looked.chunk);
                None
            },
        );
        if !rest.is_empty() {
            let reader = if encoding.keeps_ascii() { Ok(chunks.reader(&rest, encoding)) } else { self.reader_at(at) };
            match reader {
                Ok(reader) => self.blocks(reader, line, source, framer, look, see),
                Err(error) => self.broken(source, &error),
            }
        } else if let Some(error) = chunks.broken() {
            self.broken(source, &error);
        }
    }

    /// A reader of the text that begins at byte `at` of the artifact.
    fn reader_at(&self, at: u64) -> io::Result<TextReader> {
        let mut bytes = profile::reading(self.profile, self.artifact.open()?);
        io::copy(&mut bytes.by_ref().take(at), &mut io::sink())?;
        Ok(TextReader::resume(bytes, self.artifact.encoding, at))
    }

    /// The same for a text that is not plain, from line `line` on.
    fn blocks<'k, T: Send>(
        &self,
        mut reader: TextReader,
        line: u64,
        source: &mut Source,
        framer: &mut Framer<'k>,
        look: impl Fn(&[u8]) -> (Glance, T),
        mut see: impl FnMut(&mut Framer<'k>, &Piece<'_>, T, &mut Source),
    ) {
        let mut held = Held::new(line, self.artifact.encoding);
        let (mut whole, mut cut) = (false, false);
        let mut see = |framer: &mut Framer<'k>, piece: &Piece<'_>, source: &mut Source| {
            see(framer, piece, look(piece.bytes).1, source);
        };
        while !whole {
            match profile::time(self.measure(), Stage::Decode, |_| 0, || reader.next_block()) {
                Ok(Some(block)) => {
                    self.share.read(block.bytes.len() as u64);
                    if !block.follows {
                        // Nothing goes on over such a border, neither a line nor a record.
                        held.give(held.bytes.len(), &mut |piece| see(framer, piece, source));
                    } else if held.open && !cut {
                        cut = true;
                        self.long_line(source, held.line_here());
                    }
                    held.add(&block);
                }
                Ok(None) => whole = true,
                Err(error) => {
                    self.broken(source, &error);
                    whole = true;
                }
            }
            let end = if whole { held.bytes.len() } else { framer.cutter().last_begin(&held.bytes) };
            held.give(end, &mut |piece| see(framer, piece, source));
        }
        source.encoding_doubt = source.encoding_doubt.max(reader.doubt());
    }
}

/// The beginning of a file as text, over the borders of other encodings and of what a crash left.
fn decoded_head(artifact: &Artifact) -> io::Result<String> {
    let mut reader = artifact.read_text()?.in_blocks(HEAD);
    let mut head = String::new();
    while head.len() < HEAD {
        let block = match reader.next_block() {
            Ok(Some(block)) => block,
            Err(error) if head.is_empty() => return Err(error),
            Ok(None) | Err(_) => break,
        };
        if !block.follows && !head.is_empty() && !head.ends_with('\n') {
            head.push('\n');
        }
        let bytes = block.bytes.get(..HEAD).unwrap_or(block.bytes);
        head.extend(bytes.split_inclusive(|byte| *byte == b'\n').map(|line| decode_line(line, block.encoding)));
    }
    Ok(head)
}
