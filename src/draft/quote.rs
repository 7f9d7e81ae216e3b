//! Quotation: log lines in a draft, headed by their place, as the log has them. What is long is cut around what decides,
//! and the cut is shown: whole records first, then lines of a record, then the middle of a line.

use std::ops::Range;

use crate::diagnose::Quote;
use crate::lang::Lang;
use crate::logs::Record;
use crate::rule::Rule;
use crate::scan::Scan;

use super::Reference;
use super::fact::clean;
use super::form::shown;
use super::mask::Redactor;

/// Characters of a quoted line at the most.
const LINE: usize = 600;

/// Lines of one quoted record at the most.
const LINES: usize = 20;

/// Records of one source that are quoted in a mail.
const RECORDS: usize = 16;

/// Stands where something was cut.
const CUT: &str = "[…]";

/// Records of one source that are quoted together.
pub(super) struct Block {
    /// The text: its place in brackets, then its lines, indented.
    pub(super) text: String,
    pub(super) evidence: Vec<Reference>,
}

/// The quotations of one source.
pub(super) struct Quoted<'r> {
    pub(super) first: &'r Record,
    pub(super) blocks: Vec<Block>,
    /// Records that a mail has no room for.
    pub(super) left_out: usize,
}

/// Writes quotations.
#[derive(Clone, Copy)]
pub(super) struct Quoter<'a> {
    pub(super) scan: &'a Scan,
    pub(super) redactor: &'a Redactor,
    /// Records of one source at the most.
    pub(super) records: usize,
}

impl<'a> Quoter<'a> {
    /// As a mail quotes.
    pub(super) fn mail(scan: &'a Scan, redactor: &'a Redactor) -> Self {
        Self { scan, redactor, records: RECORDS }
    }

    /// Quotations, a group a source in the order of the first quote, neighbouring records in one block. What decides in
    /// a record is told by the patterns of `rule`.
    pub(super) fn quote<'r>(&self, quotes: &'r [Quote], rule: Option<&Rule>) -> Vec<Quoted<'r>> {
        let mut groups: Vec<Vec<&Quote>> = Vec::new();
        for quote in quotes {
            let origin = &quote.record.origin;
            match groups.iter_mut().find(|group| group[0].record.origin.artifact == origin.artifact) {
                Some(group) if group.iter().any(|known| known.record.origin == *origin) => {}
                Some(group) => group.push(quote),
                None => groups.push(vec![quote]),
            }
        }
        groups
            .into_iter()
            .map(|group| {
                let mut kept = self.decisive(&group);
                let left_out = group.len() - kept.len();
                kept.sort_by(|a, b| a.record.origin.cmp(&b.record.origin));
                Quoted { first: kept[0].record.as_ref(), blocks: self.blocks(&kept, rule), left_out }
            })
            .collect()
    }

    /// The records to quote: of every piece of evidence its first one, then the others as they come.
    fn decisive<'r>(&self, group: &[&'r Quote]) -> Vec<&'r Quote> {
        let mut names: Vec<&str> = Vec::new();
        let (mut kept, mut rest): (Vec<&Quote>, Vec<&Quote>) = group.iter().partition(|quote| {
            let fresh = !names.contains(&quote.name.as_str());
            names.extend(fresh.then_some(quote.name.as_str()));
            fresh
        });
        kept.append(&mut rest);
        kept.truncate(self.records.max(1));
        kept
    }

    fn blocks(&self, quotes: &[&Quote], rule: Option<&Rule>) -> Vec<Block> {
        let mut runs: Vec<Vec<&Quote>> = Vec::new();
        for quote in quotes {
            let line = quote.record.origin.line;
            let follows = |last: &&Quote| line > 0 && last.record.origin.end_line() + 1 == line;
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(follows) => run.push(quote),
                _ => runs.push(vec![quote]),
            }
        }
        runs.iter().map(|run| self.block(run, rule)).collect()
    }

    fn block(&self, run: &[&Quote], rule: Option<&Rule>) -> Block {
        let (first, last) = (&run[0].record, &run[run.len() - 1].record);
        let place = visible(&self.redactor.redact(&self.scan.place(first)));
        let mut text = if last.origin.end_line() > first.origin.line && first.origin.line > 0 {
            format!("[{place}-{}]", last.origin.end_line())
        } else {
            format!("[{place}]")
        };
        for quote in run {
            for line in self.lines(&quote.record, decisive(quote, rule).as_ref()) {
                text.push_str("\n    ");
                text.push_str(&line);
            }
        }
        Block { text, evidence: run.iter().map(|quote| reference(&quote.record, self.scan)).collect() }
    }

    /// The lines of a record, those around what decides where they are many.
    fn lines(&self, record: &Record, decisive: Option<&Range<usize>>) -> Vec<String> {
        let mut from = 0;
        let mut lines: Vec<(&str, Option<Range<usize>>)> = Vec::new();
        for line in record.text().split('\n') {
            let end = from + line.len();
            let own = decisive.filter(|range| range.start >= from && range.start <= end);
            lines.push((line, own.map(|range| range.start - from..range.end.min(end) - from)));
            from = end + 1;
        }
        let at = lines.iter().position(|(_, own)| own.is_some()).unwrap_or(0);
        // The first line is always one of them: it has the stamp.
        let begin = if lines.len() <= LINES { 0 } else { at.saturating_sub(LINES / 2).min(lines.len() - (LINES - 1)) };
        let end = lines.len().min(if begin <= 1 { LINES } else { begin + LINES - 1 });
        let begin = if begin <= 1 { 0 } else { begin };
        let mut kept = Vec::new();
        if begin > 0 {
            kept.push(self.line(lines[0].0, None));
            kept.push(CUT.to_owned());
        }
        kept.extend(lines[begin..end].iter().map(|(line, own)| self.line(line, own.clone())));
        if end < lines.len() {
            kept.push(CUT.to_owned());
        }
        kept
    }

    /// A line, masked, and of a long one what lies around `decisive`.
    fn line(&self, line: &str, decisive: Option<Range<usize>>) -> String {
        let spans = self.redactor.spans(line);
        let mut masked = String::with_capacity(line.len());
        let (mut from, mut at) = (0, 0);
        let wanted = decisive.map_or(0, |range| range.start);
        for (range, mask) in spans {
            masked.push_str(&line[from..range.start]);
            if range.start <= wanted {
                at = masked.len();
            }
            masked.push_str(&mask);
            from = range.end;
        }
        if from <= wanted {
            at = masked.len() + (wanted - from).min(line.len() - from);
        }
        masked.push_str(&line[from..]);
        cut(&masked, at)
    }
}

/// What decides in a record: where a pattern of its evidence is found, in bytes of its text.
fn decisive(quote: &Quote, rule: Option<&Rule>) -> Option<Range<usize>> {
    let record = quote.record.as_ref();
    let evidence = rule?.evidence.iter().find(|evidence| evidence.name == quote.name)?;
    let found = evidence.lines.iter().find_map(|bound| bound.pattern.find(record.message()))?;
    let before = record.text().len().checked_sub(record.message().len())?;
    record.text().ends_with(record.message()).then(|| found.range.start + before..found.range.end + before)
}

/// At most [`LINE`] characters of a line, the beginning and those around byte `at`; every cut is shown. A mask is never
/// cut in two.
fn cut(line: &str, at: usize) -> String {
    if line.chars().nth(LINE).is_none() {
        return visible(line).trim_end().to_owned();
    }
    let whole = |mut index: usize| {
        while !line.is_char_boundary(index) {
            index -= 1;
        }
        let open = line[..index].rfind('‹').filter(|open| !line[*open..index].contains('›'));
        open.filter(|open| line[*open..].find('›').is_some_and(|end| end < 40)).unwrap_or(index)
    };
    let after = |from: usize, count: usize| {
        line[from..].char_indices().nth(count).map_or(line.len(), |(found, _)| whole(from + found))
    };
    let before =
        |end: usize, count: usize| line[..end].char_indices().rev().nth(count).map_or(0, |(found, _)| whole(found));
    let at = whole(at.min(line.len()));
    let head = after(0, 160);
    let begin = before(at, 80);
    if begin <= head {
        return format!("{} {CUT}", visible(&line[..after(0, LINE)]));
    }
    let end = after(begin, LINE - 160);
    let tail = if end < line.len() { format!(" {CUT}") } else { String::new() };
    format!("{} {CUT} {}{tail}", visible(&line[..head]), visible(&line[begin..end]))
}

/// What is said where records were left out.
pub(super) fn left_out(count: usize, lang: Lang) -> String {
    match (lang, count) {
        (Lang::Zh, _) => format!("（另有 {count} 条同类记录，见附件 {EVIDENCE}）"),
        (Lang::En, 1) => format!("(one more such record, in the attachment {EVIDENCE})"),
        (Lang::En, _) => format!("({count} more such records, in the attachment {EVIDENCE})"),
    }
}

/// The name of the excerpt that goes with a mail.
pub(super) const EVIDENCE: &str = "evidence.txt";

/// Where a record lies, for the parts of a draft.
pub(super) fn reference(record: &Record, scan: &Scan) -> Reference {
    let source = scan.source(record.origin.artifact).map_or_else(String::new, |source| source.path.clone());
    let line = if record.origin.line > 0 { record.origin.line } else { record.origin.record().unwrap_or(0) };
    Reference { source, line }
}

/// A line as text and nothing else: control characters and direction marks are shown, a long line is cut.
pub(super) fn visible(line: &str) -> String {
    let alone = |char: char| if char == '\n' { '\u{FFFD}' } else { shown(char) };
    let mut text: String = clean(line).chars().take(LINE).map(alone).collect();
    if line.chars().nth(LINE).is_some() {
        text.push(' ');
        text.push_str(CUT);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{LINE, cut};

    #[test]
    fn a_long_line_is_cut_around_what_decides() {
        assert_eq!(cut("short  ", 0), "short");
        let long = format!("{}X{}", "a".repeat(5000), "b".repeat(5000));
        let shown = cut(&long, 5000);
        assert!(shown.contains("aXb") && shown.chars().count() <= LINE + 10, "{shown}");
        assert!(shown.starts_with("aaa") && shown.ends_with("b […]") && shown.matches("[…]").count() == 2);
        assert_eq!(cut(&long, 0).matches("[…]").count(), 1);
        assert!(cut(&long, long.len()).ends_with('b'));
    }

    #[test]
    fn a_mask_is_not_cut_in_two() {
        for before in 150..165 {
            let long = format!("{}‹host-1›{}X", "a".repeat(before), "字".repeat(900));
            let shown = cut(&long, long.len() - 1);
            assert_eq!(shown.matches('‹').count(), shown.matches('›').count(), "{shown}");
        }
    }
}
