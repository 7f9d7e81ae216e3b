//! Which kind a file is of: by its content first, by its name second.
//!
//! A file is of a kind when enough of its first lines are records of it. Kinds of one form (`date, level component
//! message`) are told apart by their names where the content leaves several, and by the lines that their `recognise:`
//! patterns know where the name says nothing.

use super::kind::{Framing, LogKind, LogKindId, LogKinds};
use super::reader;

/// Lines looked at.
const LINES: usize = 200;

/// What a file was recognised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognition {
    /// The kind.
    pub log: LogKindId,
    /// The form fits but no line carries the kind's stamp: a pasted excerpt.
    pub doubt: bool,
}

/// What the content says for one kind.
struct Fit {
    log: LogKindId,
    doubt: bool,
    /// Lines that only this kind knows.
    known: usize,
    named: bool,
    records: usize,
}

/// The kind of a file by its first lines and its name; `None` for a file of no kind.
#[must_use]
pub fn recognise(head: &str, name: &str, kinds: &LogKinds) -> Option<Recognition> {
    let lines: Vec<&str> = head
        .lines()
        .map(|line| line.trim_start_matches('\u{feff}').trim_end())
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    if lines.is_empty() {
        return None;
    }
    let fits = kinds.iter().filter_map(|(log, kind)| {
        let named = kind.names(name);
        match &kind.framing {
            Framing::Reader(reader) => {
                let known = reader::recognises(*reader, &lines);
                (known > 0).then_some(Fit { log, doubt: false, known, named, records: lines.len() })
            }
            Framing::Lines(patterns) if patterns.is_empty() => None,
            Framing::Lines(_) => by_lines(log, kind, &lines, named),
        }
    });
    // The first of the best, so that the order of kinds decides what nothing else does.
    let best = fits.reduce(|best, fit| {
        let rank = |fit: &Fit| (!fit.doubt, fit.named, fit.known, fit.records);
        if rank(&fit) > rank(&best) { fit } else { best }
    })?;
    Some(Recognition { log: best.log, doubt: best.doubt })
}

fn by_lines(log: LogKindId, kind: &LogKind, lines: &[&str], named: bool) -> Option<Fit> {
    let Framing::Lines(patterns) = &kind.framing else {
        return None;
    };
    let (mut records, mut stamped, mut known) = (0, 0, 0);
    for line in lines {
        let line = beginning(line);
        if kind.recognise.iter().any(|pattern| pattern.find(line).is_some()) {
            known += 1;
        }
        let mut found = patterns.iter().chain(kind.marks()).filter_map(|pattern| pattern.find(line)).peekable();
        records += usize::from(found.peek().is_some());
        stamped += usize::from(found.any(|found| found.captures.iter().any(|captured| captured.stamp.is_some())));
    }
    // Half of the lines may be continuations, but a form that fits one line in three by chance is none. Lines that
    // only this kind knows speak for it though they continue records.
    let enough = records > 0 && records.max(known) * 3 >= lines.len();
    let known_enough = kind.recognise.is_empty() || known > 0 || (named && stamped > 0);
    let doubt = kind.clock.is_some() && stamped == 0;
    // Without a stamp the kind's own words must be there.
    let certain = !doubt || known > 0;
    (enough && known_enough && certain).then_some(Fit { log, doubt, known, named, records })
}

/// As much of a line as tells what it is.
fn beginning(line: &str) -> &str {
    let mut end = line.len().min(4 << 10);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}
