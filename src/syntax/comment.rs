//! Comments that allow a warning: `# allow CB0520: reason` in YAML, `{# allow CB0605: reason #}` in a template.
//!
//! A comment at a line's end is about that line, one on a line of its own about the next; in both cases with all that is
//! indented more deeply below. Other comments are nobody's affair.

use std::ops::Range;

use super::yaml::{self, Kind, Node};
use crate::diagnostic::{Code, Diagnostic, Suppression};
use crate::source::{FileId, SourceMap, Span};

/// What such a comment begins with.
const WORD: &str = "allow CB";

/// The suppressions of a YAML file; malformed ones are reported.
pub fn suppressions(map: &SourceMap, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Vec<Suppression> {
    let text = &map.file(file).text;
    if !text.contains(WORD) {
        return Vec::new();
    }
    let mut scalars = Vec::new();
    // What is wrong with the file was said when it was read; what in it is text is then not known.
    let mut said = Vec::new();
    let documents = yaml::documents(map, file, &mut said);
    if !said.is_empty() {
        return Vec::new();
    }
    for node in &documents {
        gather(node, &mut scalars);
    }
    let mut found = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let whole = from..from + line.len();
        from = whole.end;
        let Some(at) = comment(line) else { continue };
        let inside = |range: &Range<usize>| range.contains(&(whole.start + at));
        if scalars.iter().any(inside) {
            continue;
        }
        let covers = if line[..at].trim().is_empty() { block(text, whole.end) } else { block(text, whole.start) };
        let before = line[..at].trim_end().len();
        let end = if before == 0 { whole.end } else { whole.start + line.trim_end().len() };
        let comment = Span::new(file, whole.start + before..end);
        let said = Span::new(file, whole.start + at + 1..whole.start + line.trim_end().len());
        found.extend(read(map, said, Span::new(file, covers), comment, diagnostics));
    }
    found
}

/// The suppressions of a template; each is about the whole of it.
pub fn template_suppressions(map: &SourceMap, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Vec<Suppression> {
    let text = &map.file(file).text;
    let whole = Span::new(file, 0..text.len() + 1);
    let mut found = Vec::new();
    for (at, _) in text.match_indices("{#") {
        let inside = text[at + 2..].split("#}").next().unwrap_or_default();
        if inside.trim_start().starts_with(WORD) {
            let said = Span::new(file, at + 2..at + 2 + inside.len());
            let comment = Span::new(file, at..(at + 2 + inside.len() + 2).min(text.len()));
            found.extend(read(map, said, whole, comment, diagnostics));
        }
    }
    found
}

/// Where in `line` a `#` begins a comment that allows something.
fn comment(line: &str) -> Option<usize> {
    let at = line.match_indices('#').map(|(at, _)| at).find(|at| line[at + 1..].trim_start().starts_with(WORD))?;
    let before = line[..at].chars().next_back();
    before.is_none_or(|char| char == ' ' || char == '\t').then_some(at)
}

/// From the next line with content at or after `from` to the last that is indented more deeply.
fn block(text: &str, from: usize) -> Range<usize> {
    let mut at = from;
    let mut found: Option<(usize, usize)> = None;
    let mut end = from;
    for line in text[from..].split_inclusive('\n') {
        let (start, words) = (at, line.trim());
        at += line.len();
        if words.is_empty() || found.is_none() && words.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        match found {
            None => found = Some((start, indent)),
            Some((_, first)) if indent <= first => break,
            Some(_) => {}
        }
        end = at;
    }
    found.map_or(from..from, |(start, _)| start..end)
}

/// Reads `allow CB0520: reason`.
fn read(
    map: &SourceMap,
    said: Span,
    covers: Span,
    comment: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Suppression> {
    let text = map.text(said);
    let lead = text.len() - text.trim_start().len() + "allow ".len();
    let rest = text.get(lead..)?;
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let span = Span { start: said.start + lead, end: said.start + lead + length, ..said };
    let reason = rest[length..].trim_start().trim_start_matches([':', '：']).trim();
    let mut refuse = |zh: String, en: String| {
        let help = ("写作 `# allow CB0520: 理由`", "write `# allow CB0520: reason`");
        diagnostics.push(Diagnostic::warning(Code::BAD_SUPPRESSION, span, zh, en).help(help.0, help.1));
        None
    };
    let Some(code) = Code::parse(&rest[..length]) else {
        let written = &rest[..length];
        return refuse(format!("没有代码 `{written}`"), format!("there is no code `{written}`"));
    };
    if reason.is_empty() {
        return refuse("没有写明理由".to_owned(), "the reason is missing".to_owned());
    }
    Some(Suppression { code, span, covers, comment })
}

/// The places of all scalars and keys, in which a `#` is text.
fn gather(node: &Node, scalars: &mut Vec<Range<usize>>) {
    match &node.kind {
        Kind::Null => {}
        Kind::Scalar(scalar) => scalars.push(scalar.written.start..scalar.written.end),
        Kind::Seq(items) => items.iter().for_each(|item| gather(item, scalars)),
        Kind::Map(entries) => entries.iter().for_each(|entry| {
            scalars.push(entry.key.span.start..entry.key.span.end);
            gather(&entry.value, scalars);
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each suppression of `text` covers, and the faults.
    fn found(text: &str) -> (Vec<String>, Vec<String>) {
        let mut map = SourceMap::new();
        let file = map.add("rules/x.yaml", text);
        let mut faults = Vec::new();
        let found = suppressions(&map, file, &mut faults);
        let covered = found.iter().map(|it| format!("{} {}", it.code, map.text(it.covers))).collect();
        (covered, faults.into_iter().map(|it| it.message.get(crate::lang::Lang::En).to_owned()).collect())
    }

    #[test]
    fn a_comment_is_about_its_line_or_the_next() {
        let text = "a:\n  # allow CB0502: every record\n\n  b: x\n  c: y # allow CB0520: short log\nd: z\n";
        assert_eq!(found(text).0, ["CB0502   b: x\n", "CB0520   c: y # allow CB0520: short log\n"]);
        let deep = "# allow CB0500: on purpose\nsignature: |\n  a or\n\n  not a\nnext: x\n";
        assert_eq!(found(deep).0, ["CB0500 signature: |\n  a or\n\n  not a\n"]);
        assert_eq!(found("# allow CB0500: on purpose").0, ["CB0500 "]);
    }

    #[test]
    fn what_looks_like_a_comment_inside_a_text_is_none() {
        assert_eq!(
            found("a: 'x # allow CB0502: y'\nb: |\n  # allow CB0502: y\n  z\nc: x#allow CB0502 y\n"),
            (vec![], vec![])
        );
    }

    #[test]
    fn a_suppression_has_a_code_and_a_reason() {
        assert_eq!(found("# allow CB0502\na: b").1, ["the reason is missing"]);
        assert_eq!(found("# allow CB0502 :  \na: b").1, ["the reason is missing"]);
        assert_eq!(found("# allow CB9999: x\na: b").1, ["there is no code `CB9999`"]);
        assert_eq!(found("# allow CB0502：理由\na: b").0, ["CB0502 a: b"]);
    }

    #[test]
    fn a_template_is_covered_whole() {
        let mut map = SourceMap::new();
        let file = map.add("templates/zh/_x.txt", "一{# allow CB0605: 手工引用 #}二{# other #}");
        let mut faults = Vec::new();
        let found = template_suppressions(&map, file, &mut faults);
        assert_eq!((found.len(), faults.len()), (1, 0));
        assert_eq!(map.text(found[0].comment), "{# allow CB0605: 手工引用 #}");
    }
}
