//! Which kind a file is of: by its content first, by its name second.
//!
//! A file is of a kind when enough of its first lines are records of it. Kinds of one form (`date, level component
//! message`) are told apart by their names where the content leaves several, and by the lines that their `recognise:`
//! patterns know where the name says nothing.

use crate::lang::Lang;
use crate::pattern::Pattern;

use super::kind::{Framing, LogKind, LogKindId, LogKinds};
use super::reader;

/// Lines looked at.
const LINES: usize = 200;

/// Of so many lines some are looked at before all are.
const SAMPLED: usize = 60;

/// One in so many lines is some of them.
const SOME: usize = 20;

/// A line of no form.
const ANY: &str = "\u{1a}";

/// What a file was recognised as, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognition {
    /// The kind; `None` for a file of no kind.
    pub log: Option<LogKindId>,
    /// The form fits but no line carries the kind's stamp: a pasted excerpt.
    pub doubt: bool,
    /// What spoke for it.
    pub reason: Reason,
}

/// What speaks for a file being of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was said so.
    Given,
    /// Its first lines.
    Content {
        /// Lines looked at, blank ones left out.
        lines: usize,
        /// Those that begin a record of the kind or are marks of it.
        records: usize,
        /// Those that the kind knows as its own.
        known: usize,
        /// Its name is one of the kind's.
        named: bool,
    },
    /// None: no kind has enough of its first lines. The kind whose name it has, if there is one.
    Unlike(Option<LogKindId>),
    /// Its first bytes, which are those of a binary form.
    Bytes,
    /// None: there is no text in it.
    NoText,
}

impl Reason {
    /// The reason in words.
    #[must_use]
    pub fn say(self, lang: Lang, kinds: &LogKinds) -> String {
        let own = |known: usize| match (known, lang) {
            (0, _) => String::new(),
            (_, Lang::Zh) => format!("，其中 {known} 行为该日志特有"),
            (_, Lang::En) => format!(", {known} with its own words"),
        };
        match (self, lang) {
            (Reason::Given, Lang::Zh) => "按指定的种类读取".to_owned(),
            (Reason::Given, Lang::En) => "read as the kind that was given".to_owned(),
            (Reason::Content { lines, records, known, named }, Lang::Zh) => {
                let name = if named { "；文件名相符" } else { "；文件名不是其惯用名" };
                format!("前 {lines} 行中 {records} 行符合格式{}{name}", own(known))
            }
            (Reason::Content { lines, records, known, named }, Lang::En) => {
                let name = if named { "its name fits" } else { "its name is not one of the kind's" };
                format!("{records} of its first {lines} lines have the form{}; {name}", own(known))
            }
            (Reason::Unlike(None), Lang::Zh) => "开头各行不符合任何日志种类".to_owned(),
            (Reason::Unlike(None), Lang::En) => "its first lines have the form of no log kind".to_owned(),
            (Reason::Unlike(Some(log)), _) => {
                let name = &kinds.get(log).name;
                if lang == Lang::Zh {
                    format!("文件名像 {name}，但开头各行不符合任何日志种类")
                } else {
                    format!("its name is that of {name}, but its first lines have the form of no log kind")
                }
            }
            (Reason::Bytes, Lang::Zh) => "文件开头的字节是该格式的标志".to_owned(),
            (Reason::Bytes, Lang::En) => "its first bytes are the form's mark".to_owned(),
            (Reason::NoText, Lang::Zh) => "没有文本".to_owned(),
            (Reason::NoText, Lang::En) => "there is no text in it".to_owned(),
        }
    }
}

/// What the content says for one kind.
#[derive(Clone, Copy)]
struct Fit {
    log: LogKindId,
    doubt: bool,
    /// Lines that only this kind knows.
    known: usize,
    named: bool,
    records: usize,
}

/// The kind of a file by its first lines and its name.
#[must_use]
pub fn recognise(head: &str, name: &str, kinds: &LogKinds) -> Recognition {
    let lines: Vec<&str> = head
        .lines()
        .map(|line| beginning(line.trim_start_matches('\u{feff}').trim_end()))
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    if lines.is_empty() {
        return Recognition { log: None, doubt: false, reason: Reason::NoText };
    }
    let first = First::new(lines);
    let lines = &first.lines;
    let fits = kinds.iter().filter_map(|(log, kind)| match &kind.framing {
        Framing::Reader(reader) => {
            let known = reader::recognises(*reader, lines);
            let named = known > 0 && kind.files.include(name);
            (known > 0).then_some(Fit { log, doubt: false, known, named, records: lines.len() })
        }
        Framing::Lines(_) if kind.begins().is_empty() => None,
        Framing::Lines(patterns) => by_lines(log, kind, patterns, &first, name),
    });
    // The first of the best, so that the order of kinds decides what nothing else does.
    let best = fits.reduce(|best, fit| {
        let rank = |fit: &Fit| (!fit.doubt, fit.named, fit.known, fit.records);
        if rank(&fit) > rank(&best) { fit } else { best }
    });
    let Some(Fit { log, doubt, known, named, records }) = best else {
        let named = kinds.iter().find(|(_, kind)| kind.files.include(name)).map(|(log, _)| log);
        return Recognition { log: None, doubt: false, reason: Reason::Unlike(named) };
    };
    let reason = Reason::Content { lines: lines.len(), records, known, named };
    Recognition { log: Some(log), doubt, reason }
}

/// The kind of a file of a binary form, by its first bytes; `None` where no reader knows them.
#[must_use]
pub fn recognise_bytes(head: &[u8], kinds: &LogKinds) -> Option<Recognition> {
    let knows =
        |kind: &LogKind| matches!(kind.framing, Framing::Reader(reader) if reader::recognises_bytes(reader, head));
    let (log, _) = kinds.iter().find(|(_, kind)| knows(kind))?;
    Some(Recognition { log: Some(log), doubt: false, reason: Reason::Bytes })
}

/// The first lines of a file.
struct First<'h> {
    lines: Vec<&'h str>,
    /// All of them in small letters.
    small: Vec<u8>,
}

impl<'h> First<'h> {
    fn new(lines: Vec<&'h str>) -> First<'h> {
        let mut small = Vec::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
        for line in &lines {
            small.extend(line.bytes().map(|byte| byte.to_ascii_lowercase()));
            small.push(b'\n');
        }
        First { lines, small }
    }

    /// Those of the patterns that a line may match: most kinds have words of their own, and no other line need be tried.
    fn possible<'p>(&self, patterns: impl IntoIterator<Item = &'p Pattern>) -> Vec<&'p Pattern> {
        let stands =
            |literal: &str| memchr::memmem::find(&self.small, literal.to_ascii_lowercase().as_bytes()).is_some();
        patterns.into_iter().filter(|pattern| pattern.required_literal().is_none_or(stands)).collect()
    }
}

fn by_lines(log: LogKindId, kind: &LogKind, patterns: &[Pattern], first: &First<'_>, name: &str) -> Option<Fit> {
    let lines = &first.lines;
    let own = first.possible(kind.begins().iter().chain(&kind.details).chain(kind.marks(true)));
    if own.is_empty() {
        return None;
    }
    let (begin, recognise) = (first.possible(&kind.begin), first.possible(&kind.recognise));
    // Neither a line nor the name can tell it from others of its form.
    if recognise.is_empty() && !kind.recognise.is_empty() && !kind.files.include(name) {
        return None;
    }
    if !kind.begin.is_empty() && !lines.iter().any(|line| begin.iter().any(|pattern| pattern.matches(line))) {
        return None;
    }
    // What one line in three has, some lines taken here and there have too. (A record of several lines may begin once.)
    let mut some = (0..lines.len()).filter(|at| at % 7 == 0 || at % 11 == 3).filter_map(|at| lines.get(at));
    let ours = |line: &&str| own.iter().chain(&recognise).any(|pattern| pattern.matches(line));
    if kind.begin.is_empty() && lines.len() > SAMPLED && !some.any(ours) {
        return None;
    }
    let stamps = |pattern: &Pattern| pattern.stamp_formats().next().is_some();
    let patterns = first.possible(patterns);
    let stamped_by: Vec<&Pattern> = own.iter().copied().chain(patterns).filter(|pattern| stamps(pattern)).collect();
    let (mut records, mut stamped, mut known) = (0, 0, 0);
    for line in lines {
        known += usize::from(recognise.iter().any(|pattern| pattern.matches(line)));
        // A line that begins a record of several vouches for those after it.
        let inside = records > 0 && !kind.begin.is_empty();
        records += usize::from(inside);
        let Some(found) = own.iter().find(|pattern| pattern.matches(line)) else { continue };
        records += usize::from(!inside);
        stamped += usize::from(stamps(found) || stamped_by.iter().any(|pattern| pattern.matches(line)));
    }
    // Half of the lines may be continuations, but a form that fits one line in three by chance is none. Lines that
    // only this kind knows speak for it though they continue records.
    let enough = records > 0 && records.max(known) * 3 >= lines.len();
    if !enough {
        return None;
    }
    // A form that any line has says nothing, and with it the name says nothing: some of the lines must be the kind's own.
    let any = kind.begins().iter().any(|pattern| pattern.matches(ANY));
    let named = !any && kind.files.include(name);
    let known_enough = if any {
        known > 1 && known * SOME >= lines.len()
    } else {
        kind.recognise.is_empty() || known > 0 || (named && stamped > 0)
    };
    let doubt = kind.clock.is_some() && stamped == 0;
    // Without a stamp the kind's own words must be there.
    let certain = !doubt || known > 0;
    (known_enough && certain).then_some(Fit { log, doubt, known, named, records })
}

/// As much of a line as tells what it is.
fn beginning(line: &str) -> &str {
    let mut end = line.len().min(4 << 10);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}
