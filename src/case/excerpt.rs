//! Log lines pasted in a mail: runs of lines that one log kind frames as records.
//!
//! Which lines are a log's is asked of the log kinds alone: their records, section marks, stamps and headers. A pattern
//! that matches plain sentences too tells nothing and is left out. A line that frames nothing is taken inside a section
//! that is closed; inside one that the paste breaks off, where it looks like no words; else only indented. Everything
//! else ends the run. Linear in the lines.

use std::ops::Range;

use crate::logs::{Framing, LogKind, LogKinds};
use crate::pattern::Pattern;

/// Lines of mails that no log has; a pattern that matches one of them matches anything.
const PLAIN: [&str; 5] = ["甲先生，您好：", "Thank you, and best regards", "收到", "1. Open the tool", "    see below"];

/// Lines longer than this are nothing that somebody pasted.
const LONGEST: usize = 16 * 1024;

/// The line patterns of every kind that pasted lines can be told by.
pub(super) struct Framers<'r> {
    kinds: Vec<Framer<'r>>,
}

/// One kind's patterns.
struct Framer<'r> {
    lines: Vec<&'r Pattern>,
    begin: Vec<&'r Pattern>,
    end: Vec<&'r Pattern>,
}

/// What a kind makes of the lines of one mail.
struct Framed {
    /// Whether a line is the kind's.
    ours: Vec<bool>,
    /// Whether a line opens a section.
    opens: Vec<bool>,
    /// For a line that opens a section that is closed: one past the line that closes it.
    closed: Vec<Option<usize>>,
}

impl<'r> Framers<'r> {
    /// The kinds of `logs` that describe their lines.
    pub(super) fn new(logs: &'r LogKinds) -> Framers<'r> {
        Framers { kinds: logs.iter().filter_map(|(_, kind)| Framer::new(kind)).collect() }
    }

    /// The runs of log lines in `lines`, in order, apart from each other.
    pub(super) fn runs(&self, lines: &[&str]) -> Vec<Range<usize>> {
        let framed: Vec<Framed> = self.kinds.iter().map(|kind| kind.frame(lines)).collect();
        let mut runs = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            let end = framed.iter().map(|framed| framed.run(lines, at)).max().unwrap_or(at);
            if end > at {
                runs.push(at..end);
            }
            at = end.max(at + 1);
        }
        runs
    }
}

impl<'r> Framer<'r> {
    fn new(kind: &'r LogKind) -> Option<Framer<'r>> {
        let Framing::Lines(records) = &kind.framing else { return None };
        let telling = |patterns: &mut dyn Iterator<Item = &'r Pattern>| -> Vec<&'r Pattern> {
            patterns.filter(|pattern| !PLAIN.iter().any(|line| pattern.find(line).is_some())).collect()
        };
        let sections = kind.sections.as_ref();
        Some(Framer {
            lines: telling(&mut records.iter().chain(&kind.recognise).chain(&kind.stamps)),
            begin: telling(&mut sections.iter().flat_map(|marks| &marks.begin)),
            end: telling(&mut sections.iter().flat_map(|marks| &marks.end)),
        })
    }

    fn frame(&self, lines: &[&str]) -> Framed {
        let (no, none) = (vec![false; lines.len()], vec![None; lines.len()]);
        let mut framed = Framed { ours: no.clone(), opens: no, closed: none };
        let mut open = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            if line.trim().is_empty() || line.len() > LONGEST {
                continue;
            }
            let any = |patterns: &[&Pattern]| patterns.iter().any(|pattern| pattern.find(line).is_some());
            let (begins, ends) = (any(&self.begin), any(&self.end));
            framed.ours[at] = begins || ends || any(&self.lines);
            if begins && !ends {
                framed.opens[at] = true;
                open.push(at);
            } else if ends && let Some(begin) = open.pop() {
                framed.closed[begin] = Some(at + 1);
            } else if !framed.ours[at] && line.starts_with(char::is_alphanumeric) {
                // Words between the lines: what was open stays open.
                open.clear();
            }
        }
        framed
    }
}

impl Framed {
    /// One past the last line of the run that begins at line `from`; `from` itself where none does.
    fn run(&self, lines: &[&str], from: usize) -> usize {
        let mut end = from;
        let mut at = from;
        let mut breaks_off = false;
        while let Some(line) = lines.get(at) {
            let is_blank = line.trim().is_empty();
            if self.ours[at] {
                breaks_off |= self.opens[at] && self.closed[at].is_none();
                at = self.closed[at].unwrap_or(at + 1);
                end = at;
            } else if end > from && !is_blank && continues(line, breaks_off) {
                at += 1;
                end = at;
            } else if end > from && is_blank && end == at {
                // The single blank line that mail programs put between pasted lines.
                at += 1;
            } else {
                break;
            }
        }
        end
    }
}

/// Whether a line that is no record continues one: it is indented, in a section not closed at least no word begins it,
/// and its words are not the mail's.
fn continues(line: &str, in_section: bool) -> bool {
    let first = line.chars().next().unwrap_or(' ');
    let is_log = matches!(first, ' ' | '\t') || (in_section && first.is_ascii_punctuation());
    is_log && !line.chars().any(|c| c >= '\u{2e80}')
}
