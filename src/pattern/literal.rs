//! Literal text of a pattern: pieces with runs of blanks between them.

use memchr::{memchr, memchr2, memmem};

/// Literal text: a run of blanks in it stands for one or more blanks.
#[derive(Clone, Debug)]
pub(super) struct Literal {
    /// Blanks come first.
    leading: bool,
    /// Pieces without blanks, in order.
    pieces: Vec<String>,
    /// Blanks come last.
    trailing: bool,
    exact: bool,
    /// Which byte of the first piece is looked for: one that text has seldom.
    probe: usize,
}

/// Letters by how often text has them, the most frequent first.
const FREQUENT: &[u8] = b"etaoinsrhldcumfpgwybvkxjqz";

/// The byte of a piece that text has least of, by its place.
fn rarest(piece: &str) -> usize {
    let rank = |byte: u8| match byte.to_ascii_lowercase() {
        b'0'..=b'9' => FREQUENT.len() / 2,
        letter => FREQUENT.iter().position(|known| *known == letter).unwrap_or(FREQUENT.len()),
    };
    piece.bytes().enumerate().max_by_key(|(at, byte)| (rank(*byte), std::cmp::Reverse(*at))).map_or(0, |(at, _)| at)
}

fn blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// The pieces of a literal without blanks, in order.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t']).filter(|piece| !piece.is_empty())
}

impl Literal {
    pub(super) fn new(text: &str, exact: bool) -> Self {
        let pieces: Vec<String> = pieces(text).map(str::to_owned).collect();
        Self {
            leading: text.starts_with([' ', '\t']),
            trailing: text.ends_with([' ', '\t']) && !pieces.is_empty(),
            probe: pieces.first().map_or(0, |piece| rarest(piece)),
            pieces,
            exact,
        }
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().map(String::as_str)
    }

    /// Where it ends when it begins at `at`.
    pub(super) fn matches_at(&self, text: &[u8], at: usize) -> Option<usize> {
        let mut at = if self.leading { blanks(text, at)? } else { at };
        if let Some(first) = self.pieces.first() {
            let end = at.checked_add(first.len())?;
            if !self.same(text.get(at..end)?, first.as_bytes()) {
                return None;
            }
            at = end;
        }
        self.goes_on(text, at)
    }

    /// Where it ends when its first piece ends at `at`.
    fn goes_on(&self, text: &[u8], mut at: usize) -> Option<usize> {
        for piece in self.pieces.iter().skip(1) {
            at = blanks(text, at)?;
            let end = at.checked_add(piece.len())?;
            if !self.same(text.get(at..end)?, piece.as_bytes()) {
                return None;
            }
            at = end;
        }
        if self.trailing { blanks(text, at) } else { Some(at) }
    }

    /// Whether text is a piece of it; mostly it is letter by letter.
    fn same(&self, text: &[u8], piece: &[u8]) -> bool {
        text == piece || !self.exact && text.eq_ignore_ascii_case(piece)
    }

    /// The first place at or after `from` where it stands: beginning and end. Blanks at its beginning count from the
    /// first of their run that is not before `from`.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        let Some(first) = self.pieces.first() else {
            let start = from + memchr2(b' ', b'\t', text.get(from..)?)?;
            return Some((start, blanks(text, start)?));
        };
        let mut search = from;
        loop {
            let piece = search + self.find_piece(first.as_bytes(), text.get(search..)?)?;
            let start = if self.leading { back_over_blanks(text, piece, from) } else { piece };
            if (!self.leading || start < piece)
                && let Some(end) = self.goes_on(text, piece + first.len())
            {
                return Some((start, end));
            }
            search = piece + 1;
        }
    }

    fn find_piece(&self, piece: &[u8], text: &[u8]) -> Option<usize> {
        if self.exact {
            return memmem::find(text, piece);
        }
        let probe = *piece.get(self.probe)?;
        let (lower, upper) = (probe.to_ascii_lowercase(), probe.to_ascii_uppercase());
        let mut from = self.probe;
        loop {
            let rest = text.get(from..)?;
            let at = from + if lower == upper { memchr(lower, rest) } else { memchr2(lower, upper, rest) }?;
            let begin = at - self.probe;
            if self.same(text.get(begin..begin + piece.len())?, piece) {
                return Some(begin);
            }
            from = at + 1;
        }
    }
}

/// Past the blanks at `at`, of which there must be one.
fn blanks(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let count = |text: &[u8]| text.iter().take_while(|byte| blank(**byte)).count();
    // Mostly it is one; where it is a column, eight are passed at a time.
    match count(rest.get(..8).unwrap_or(rest)) {
        0 => None,
        8 => {
            let wide = rest.as_chunks::<8>().0.iter().take_while(|eight| **eight == *b"        ").count() * 8;
            Some(at + wide + count(&rest[wide..]))
        }
        few => Some(at + few),
    }
}

/// The first blank of the run that ends before `at`, not before `from`; `at` itself where there is none.
fn back_over_blanks(text: &[u8], at: usize, from: usize) -> usize {
    at - text[from..at].iter().rev().take_while(|byte| blank(**byte)).count()
}
