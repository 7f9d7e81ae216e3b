//! Where a rule author's text stands: files, spans, and text cut out of a file that still knows where it lay.
//!
//! The rule wing's leaf. Log text never comes here: a log has an `Origin`, a rule has a `Span`.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(pub(crate) u32);

/// A range of bytes in a file of the knowledge base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span of `range` in `file`.
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }

    /// The smallest span that holds both; `self` when they lie in different files.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty span where this one begins.
    #[must_use]
    pub fn begin(self) -> Span {
        Span { end: self.start, ..self }
    }
}

/// A value and the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with the value changed.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

/// One file: the path shown to people and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as shown, with `/` between its parts on every system.
    pub path: String,
    /// The whole text, decoded.
    pub text: String,
}

/// All files of a knowledge base, by [`FileId`].
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

/// A line and column for people: both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl SourceMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and returns its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { path: path.into(), text: text.into() });
        id
    }

    /// The file of `id`.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files with their ids, in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// The text that `span` covers.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start..span.end).unwrap_or("")
    }

    /// Line and column of byte `offset` in `file`; an offset past the end is the end.
    #[must_use]
    pub fn line_column(&self, file: FileId, offset: usize) -> LineColumn {
        let text = &self.file(file).text;
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        LineColumn {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1,
        }
    }
}

/// Text cut out of a file (a YAML scalar with its quotes, escapes or indentation taken off) that still knows where
/// each of its bytes lay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fragment {
    /// The text as the language sees it.
    pub text: String,
    /// The place of the whole scalar's content in the file.
    pub span: Span,
    /// `(offset in text, offset in file)` at each place where the two stop running in step, and at the end, ascending;
    /// empty when the text cannot be mapped (a folded scalar), and then every place is the whole `span`.
    pub(crate) map: Vec<(usize, usize)>,
}

impl Fragment {
    /// A fragment that cannot be mapped: every place in it is the whole of `span`.
    #[must_use]
    pub fn unmapped(text: impl Into<String>, span: Span) -> Self {
        Self { text: text.into(), span, map: Vec::new() }
    }

    /// A fragment whose `map` was worked out by the YAML reader.
    #[must_use]
    pub fn new(text: String, span: Span, map: Vec<(usize, usize)>) -> Self {
        Self { text, span, map }
    }

    /// A fragment that lies in the file just as it is read.
    #[must_use]
    pub fn verbatim(text: impl Into<String>, span: Span) -> Self {
        Self { text: text.into(), span, map: vec![(0, span.start)] }
    }

    /// The place in the file of `range` of the text.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        if self.map.is_empty() {
            return self.span;
        }
        let start = self.offset(range.start);
        let end = if range.end <= range.start { start } else { self.end_offset(range.end) };
        Span { file: self.span.file, start, end: end.max(start) }
    }

    /// The text made of `pieces` of this one, in ascending order, still knowing where each lay. A piece that leaves
    /// out what stood before it (an escape's backslash, the second of two braces) is a break of the map.
    #[must_use]
    pub fn concat(&self, pieces: &[Range<usize>]) -> Fragment {
        let mut text = String::new();
        let mut map: Vec<(usize, usize)> = Vec::new();
        for piece in pieces {
            let Some(part) = self.text.get(piece.clone()) else { continue };
            if !self.map.is_empty() {
                map.push((text.len(), self.offset(piece.start)));
                let from = self.map.partition_point(|(at, _)| *at <= piece.start);
                let inside = self.map[from..].iter().take_while(|(at, _)| *at < piece.end);
                map.extend(inside.map(|(at, file)| (text.len() + at - piece.start, *file)));
            }
            text.push_str(part);
        }
        let whole = pieces.first().zip(pieces.last()).map_or(0..0, |(first, last)| first.start..last.end);
        let span = self.span(whole);
        if !map.is_empty() {
            map.push((text.len(), span.end));
        }
        Fragment { text, span, map }
    }

    /// Where the text's byte `end - 1` ends in the file. At a break of the map that is the break: what one byte of
    /// the text stands for may be several in the file (`\t`, `''`).
    fn end_offset(&self, end: usize) -> usize {
        match self.map.binary_search_by(|(text, _)| text.cmp(&end)) {
            Ok(index) => self.map[index].1,
            Err(_) => self.offset(end - 1) + 1,
        }
    }

    fn offset(&self, at: usize) -> usize {
        let index = self.map.partition_point(|(text, _)| *text <= at).saturating_sub(1);
        let (text, file) = self.map[index];
        file + (at - text.min(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (SourceMap, FileId) {
        let mut map = SourceMap::new();
        let id = map.add("rules/x.yaml", text);
        (map, id)
    }

    #[test]
    fn columns_count_characters_and_skip_the_byte_order_mark() {
        let (map, id) = file("\u{feff}rule: 中文 x\r\nline: y");
        let at = |needle: &str| map.file(id).text.find(needle).map(|at| map.line_column(id, at));
        assert_eq!(at("rule"), Some(LineColumn { line: 1, column: 1 }));
        assert_eq!(at("x"), Some(LineColumn { line: 1, column: 10 }));
        assert_eq!(at("y"), Some(LineColumn { line: 2, column: 7 }));
        assert_eq!(map.line_column(id, usize::MAX), LineColumn { line: 2, column: 8 });
    }

    #[test]
    fn an_escape_is_marked_whole() {
        let (map, id) = file(r#""a\tb""#);
        let span = Span::new(id, 1..5);
        let fragment = Fragment::new("a\tb".into(), span, vec![(0, 1), (2, 4), (3, 5)]);
        assert_eq!(map.text(fragment.span(0..1)), "a");
        assert_eq!(map.text(fragment.span(1..2)), "\\t");
        assert_eq!(map.text(fragment.span(2..3)), "b");
        assert_eq!(map.text(fragment.span(0..3)), "a\\tb");
        assert!(fragment.span(2..2).start == 4 && fragment.span(2..2).end == 4);
    }

    #[test]
    fn pieces_of_a_block_still_know_their_lines() {
        let (map, id) = file("|\n  ab\n  cd\n");
        let fragment = Fragment::new("ab\ncd\n".into(), Span::new(id, 4..12), vec![(0, 4), (3, 9), (6, 12)]);
        let part = fragment.concat(&[1..2, 2..4]);
        assert_eq!(part.text, "b\nc");
        assert_eq!(map.text(part.span(0..1)), "b");
        assert_eq!(map.text(part.span(2..3)), "c");
        assert_eq!(map.text(part.span), "b\n  c");
    }

    #[test]
    fn what_cannot_be_mapped_is_its_whole_place() {
        let (_, id) = file(">\n  a\n  b\n");
        let span = Span::new(id, 4..11);
        let fragment = Fragment::unmapped("a b\n", span);
        assert_eq!(fragment.span(0..1), span);
        assert_eq!(fragment.concat(std::slice::from_ref(&(0..1))).span, span);
    }
}
