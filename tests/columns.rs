//! Carets in a fixed-width grid: a diagnostic is laid out cell by cell, a wide character in two, and the caret has to
//! stand under the cells of the text that is at fault.

use std::fmt::Write as _;
use std::fs;

use casebook::diagnostic::Diagnostic;
use casebook::diagnostic::render::{View, human};
use casebook::lang::Lang;
use casebook::source::Span;

use crate::diagnostics::{Compiled, TEN, compile, unmarked};

/// Cells that a terminal gives a character. A ruler of its own, not the one that the renderer measures with.
fn cells(char: char) -> usize {
    match u32::from(char) {
        0x0300..=0x036F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F64F
        | 0x1F900..=0x1F9FF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// A line as its cells; the second cell of a wide character holds nothing.
fn grid(line: &str) -> Vec<Option<char>> {
    let mut row = Vec::new();
    for char in line.chars() {
        row.extend((0..cells(char)).map(|cell| (cell == 0).then_some(char)));
    }
    row
}

/// The text above the marks that have a caret under `line` of a rendered diagnostic, and how many of the cells before it
/// are the second half of a wide character.
fn above_the_caret(shown: &str, line: usize) -> Option<(String, usize)> {
    let number = format!("{line} |");
    let mut lines = shown.lines().skip_while(|row| !row.trim_start().starts_with(&number));
    let source = grid(lines.next()?);
    let marks = lines.take_while(|row| row.trim_start().starts_with('|')).find(|row| row.contains('^'))?;
    let marks = grid(marks);
    // Dashes are marks of labels, which may lie over the caret's own.
    let unmarked = |cell: &Option<char>| !matches!(cell, Some('^' | '-'));
    let caret = marks.iter().position(|cell| *cell == Some('^'))?;
    let start = marks[..caret].iter().rposition(unmarked)? + 1;
    let end = marks[caret..].iter().position(unmarked).map_or(marks.len(), |length| caret + length);
    let text = source.get(start..end.min(source.len()))?.iter().flatten().collect();
    Some((text, source[..start].iter().filter(|cell| cell.is_none()).count()))
}

/// What the marks of a diagnostic cover that touch its caret.
fn marked<'c>(compiled: &'c Compiled, diagnostic: &Diagnostic) -> &'c str {
    let mut span = diagnostic.span;
    for label in &diagnostic.labels {
        let touches = label.span.file == span.file && label.span.start <= span.end && span.start <= label.span.end;
        if touches {
            span = Span::new(span.file, span.start.min(label.span.start)..span.end.max(label.span.end));
        }
    }
    compiled.map.text(span)
}

/// The carets of one diagnostic in a language: whether wide characters stand before them on their line.
fn check(compiled: &Compiled, diagnostic: &Diagnostic, lang: Lang, width: usize) -> Option<bool> {
    let marked = marked(compiled, diagnostic);
    if marked.is_empty() || marked.contains(['\n', '\t']) {
        return None;
    }
    let shown = human(diagnostic, &compiled.map, View { lang, coloured: false, width });
    let line = compiled.map.line_column(diagnostic.span.file, diagnostic.span.start).line;
    let (above, wide) = above_the_caret(&shown, line).unwrap_or_else(|| panic!("no caret:\n{shown}"));
    assert_eq!(above, marked, "\n{shown}");
    Some(wide > 0)
}

#[test]
fn the_caret_stands_under_the_cells_of_what_is_at_fault() {
    let mut files = vec![unmarked(|_| true).0];
    for entry in fs::read_dir("tests/diagnostics").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(fs::read_to_string(path).unwrap());
        }
    }
    let (mut carets, mut behind_wide) = (0, 0);
    for text in &files {
        let compiled = compile(text);
        for diagnostic in &compiled.diagnostics {
            for lang in Lang::ALL {
                let checked = check(&compiled, diagnostic, lang, 400);
                carets += usize::from(checked.is_some());
                behind_wide += usize::from(checked == Some(true));
            }
        }
    }
    assert!(carets > 150 && behind_wide >= 15, "{carets} carets, {behind_wide} behind wide characters");
}

/// Characters of one cell and of two, full-width punctuation, an emoji, a letter with a mark of its own.
const MIXED: [&str; 5] = ["失败", "全角，（括号）：", "😀 a", "e\u{301}é", "ｗｉｄｅ ｶﾅ 한글"];

#[test]
fn whatever_stands_before_it_the_caret_is_below() {
    for before in MIXED {
        for name in ["ne", "恩", "ｎｅ"] {
            let compiled = compile(&RULE.replace("BEFORE", before).replace("NAME", name));
            let found = compiled.diagnostics.iter().find(|it| compiled.map.text(it.span) == name);
            let found = found.unwrap_or_else(|| panic!("{before} {name}: {}", compiled.view()));
            for lang in Lang::ALL {
                assert!(check(&compiled, found, lang, 120).is_some());
            }
        }
    }
}

const RULE: &str = r#"rule: a/b
title: {zh: BEFORE, NAME: x, en: Failure}
severity: failure
evidence:
  failed: {log: cbs, line: "it failed with {status:error}"}
signature: failed
"#;

/// A line far longer than the terminal is cropped; what is left of it is still above its caret.
#[test]
fn a_cropped_line_keeps_its_caret() {
    let long = "很长的说明，".repeat(60);
    let compiled = compile(&RULE.replace("BEFORE", &long).replace("NAME", "ne"));
    let found = compiled.diagnostics.iter().find(|it| compiled.map.text(it.span) == "ne").unwrap();
    for lang in Lang::ALL {
        assert_eq!(check(&compiled, found, lang, 80), Some(true));
        let shown = human(found, &compiled.map, View { lang, coloured: false, width: 80 });
        let widest = shown.lines().map(|line| grid(line).len()).max().unwrap();
        assert!(widest <= 120, "{widest} cells:\n{shown}");
    }
}

/// The grid itself, for a person: every cell of a line between bars.
#[test]
fn a_diagnostic_in_its_grid() {
    let compiled = compile(&unmarked(|_| true).0);
    let mut shown = String::new();
    for diagnostic in &compiled.diagnostics {
        let text = human(diagnostic, &compiled.map, View { lang: Lang::Zh, coloured: false, width: 120 });
        let line = compiled.map.line_column(diagnostic.span.file, diagnostic.span.start).line;
        let (above, wide) = above_the_caret(&text, line).unwrap();
        writeln!(shown, "line {line}, {wide} wide before: {above}\n{text}\n").unwrap();
    }
    insta::assert_snapshot!(shown);
    assert_eq!(TEN.matches('‹').count(), compiled.diagnostics.len());
}
