//! Diagnostics for people (source lines with marks, plain or coloured) and for programs (JSON).
//!
//! The layout is annotate-snippets', which keeps its marks under Chinese text and crops long lines; the words are ours.

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use serde_json::{Value, json};

use super::{Diagnostic, Severity};
use crate::lang::Lang;
use crate::source::{FileId, SourceMap, Span};

/// How diagnostics are shown to a person.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The language.
    pub lang: Lang,
    /// With ANSI colours.
    pub coloured: bool,
    /// Columns of the terminal; longer source lines are cropped around the mark.
    pub width: usize,
}

/// Shows one diagnostic: header, source lines with marks, help, the fix as a patch. Ends without a newline.
#[must_use]
pub fn human(diagnostic: &Diagnostic, map: &SourceMap, view: View) -> String {
    let renderer = if view.coloured { Renderer::styled() } else { Renderer::plain() };
    let code = diagnostic.code.to_string();
    let (name, help) = names(diagnostic.severity, view.lang);
    let level = if diagnostic.severity == Severity::Error { Level::ERROR } else { Level::WARNING };
    let mut main = level.with_name(name).primary_title(diagnostic.message(view.lang)).id(code.as_str()).elements(
        files(diagnostic).into_iter().map(|file| snippet(diagnostic, map, file, view.lang)).collect::<Vec<_>>(),
    );
    if let Some(text) = &diagnostic.help {
        main = main.element(Level::HELP.with_name(help).message(text.get(view.lang)));
    }
    let mut report: Vec<Group<'_>> = vec![main];
    report.extend(patch(diagnostic, map, view.lang));
    let text = renderer.term_width(view.width).render(&report);
    match view.lang {
        Lang::Zh => chinese_colons(&text, &[&format!("[{code}]"), help]),
        Lang::En => text,
    }
}

fn names(severity: Severity, lang: Lang) -> (&'static str, &'static str) {
    match (severity, lang) {
        (Severity::Error, Lang::Zh) => ("错误", "帮助"),
        (Severity::Warning, Lang::Zh) => ("警告", "帮助"),
        (Severity::Error, Lang::En) => ("error", "help"),
        (Severity::Warning, Lang::En) => ("warning", "help"),
    }
}

/// The files that a diagnostic points into, its own first.
fn files(diagnostic: &Diagnostic) -> Vec<FileId> {
    let mut files = vec![diagnostic.span.file];
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

/// The marked lines of one file.
fn snippet<'a>(
    diagnostic: &'a Diagnostic,
    map: &'a SourceMap,
    file: FileId,
    lang: Lang,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let labels = diagnostic.labels.iter().filter(|label| label.span.file == file);
    let mut marks: Vec<_> =
        labels.map(|label| AnnotationKind::Context.span(range(map, label.span)).label(label.text.get(lang))).collect();
    if file == diagnostic.span.file {
        marks.insert(0, AnnotationKind::Primary.span(range(map, diagnostic.span)));
    }
    let source = map.file(file);
    Snippet::source(body(&source.text)).path(source.path.as_str()).fold(true).annotations(marks)
}

/// The fix as a patch under its own title.
fn patch<'a>(diagnostic: &'a Diagnostic, map: &'a SourceMap, lang: Lang) -> Option<Group<'a>> {
    let fix = diagnostic.fix.as_ref()?;
    let source = map.file(fix.span.file);
    let title = match (lang, fix.text.is_empty()) {
        (Lang::Zh, false) => "改为",
        (Lang::Zh, true) => "删去",
        (Lang::En, false) => "replace with",
        (Lang::En, true) => "delete",
    };
    let (_, help) = names(diagnostic.severity, lang);
    let patch = Patch::new(range(map, fix.span), fix.text.as_str());
    let snippet = Snippet::source(body(&source.text)).path(source.path.as_str()).fold(true).patch(patch);
    Some(Level::HELP.with_name(help).secondary_title(title).element(snippet))
}

/// The text without its byte order mark, which would shift the marks of the first line.
fn body(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// A span as a range of [`body`], on character boundaries whatever was passed in.
fn range(map: &SourceMap, span: Span) -> std::ops::Range<usize> {
    let text = &map.file(span.file).text;
    let shift = text.len() - body(text).len();
    let boundary = |offset: usize| {
        let mut at = offset.clamp(shift, text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at - shift
    };
    let start = boundary(span.start);
    start..boundary(span.end).max(start)
}

/// The renderer writes `: ` after a name; Chinese has a colon of its own.
fn chinese_colons(text: &str, after: &[&str]) -> String {
    let line = |line: &str| {
        let name = after.iter().find_map(|name| line.find(name).map(|at| at + name.len()));
        let colon = name.and_then(|end| line[end..].find(": ").map(|at| end + at));
        match colon {
            // Only right after the name: colour codes may stand between, words may not.
            Some(at) if name.is_some_and(|end| is_colour(&line[end..at])) => {
                format!("{}：{}", &line[..at], &line[at + 2..])
            }
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn is_colour(text: &str) -> bool {
    text.chars().all(|c| c == '\u{1b}' || c == '[' || c == ';' || c == 'm' || c.is_ascii_digit())
}

/// One diagnostic as an object of `check --format json`: lines and columns from 1, columns in characters, the end
/// exclusive.
#[must_use]
pub fn to_json(diagnostic: &Diagnostic, map: &SourceMap, lang: Lang) -> Value {
    let labels = diagnostic.labels.iter().map(|label| placed(map, label.span, "text", label.text.get(lang)));
    let mut object = serde_json::Map::new();
    object.insert("code".into(), json!(diagnostic.code.to_string()));
    object.insert("severity".into(), json!(names(diagnostic.severity, Lang::En).0));
    object.insert("message".into(), json!(diagnostic.message(lang)));
    object.extend(place(map, diagnostic.span));
    object.insert("labels".into(), labels.collect());
    object.insert("help".into(), json!(diagnostic.help.as_ref().map(|help| help.get(lang))));
    let fix = diagnostic.fix.as_ref().map(|fix| placed(map, fix.span, "text", &fix.text));
    object.insert("fix".into(), json!(fix));
    Value::Object(object)
}

fn placed(map: &SourceMap, span: Span, key: &str, text: &str) -> Value {
    let mut object = place(map, span);
    object.insert(key.to_owned(), json!(text));
    Value::Object(object)
}

fn place(map: &SourceMap, span: Span) -> serde_json::Map<String, Value> {
    let (start, end) = (map.line_column(span.file, span.start), map.line_column(span.file, span.end));
    let mut object = serde_json::Map::new();
    object.insert("file".into(), json!(map.file(span.file).path));
    object.insert("line".into(), json!(start.line));
    object.insert("column".into(), json!(start.column));
    object.insert("end_line".into(), json!(end.line));
    object.insert("end_column".into(), json!(end.column));
    object
}
