//! Literal text of a pattern: pieces with runs of blanks between them.

use memchr::{memchr, memchr2};

/// Literal text: a run of blanks in it stands for one or more blanks.
#[derive(Clone, Debug)]
pub(super) struct Literal {
    /// Blanks come first.
    leading: bool,
    /// Its pieces in order, with one blank between them.
    text: Box<str>,
    /// Blanks come last.
    trailing: bool,
    exact: bool,
    /// Which byte of the first piece is looked for: one that text has seldom.
    probe: usize,
}

/// Why a literal does not stand somewhere.
#[derive(PartialEq, Eq)]
enum Ends {
    /// Something else stands there.
    Differs,
    /// The text ends before it.
    Text,
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
        let joined = pieces(text).collect::<Vec<&str>>().join(" ");
        let first = pieces(text).next().unwrap_or_default();
        Self {
            leading: text.starts_with([' ', '\t']),
            trailing: text.ends_with([' ', '\t']) && !joined.is_empty(),
            probe: rarest(first),
            text: joined.into(),
            exact,
        }
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        pieces(&self.text)
    }

    /// Whether it begins with a blank.
    pub(super) fn begins_with_blank(&self) -> bool {
        self.leading
    }

    /// Where it ends when it begins at `at`.
    pub(super) fn matches_at(&self, text: &[u8], at: usize) -> Option<usize> {
        self.goes_on(text, if self.leading { blanks(text, at)? } else { at })
    }

    /// Whether it does not begin at `at`, whatever comes after the text.
    pub(super) fn differs(&self, text: &[u8], at: usize) -> bool {
        let blank_if = |there: bool| there.then_some(b' ');
        let own = blank_if(self.leading).into_iter().chain(self.text.bytes()).chain(blank_if(self.trailing));
        self.follow(own, text, at) == Err(Ends::Differs)
    }

    /// Where it ends when its first piece begins at `at`.
    fn goes_on(&self, text: &[u8], at: usize) -> Option<usize> {
        let (own, end) = (self.text.as_bytes(), at.checked_add(self.text.len())?);
        // Mostly it stands there letter by letter. Where blanks are wider, it takes more room, never less. Nothing is not
        // compared with nothing: that is slow where nothing lies nowhere.
        let end = if own.is_empty() || text.get(at..end)? == own {
            end
        } else {
            self.follow(self.text.bytes(), text, at).ok()?
        };
        if self.trailing { blanks(text, end) } else { Some(end) }
    }

    /// Where bytes of it end that begin at `at`, a blank standing for any number of them.
    fn follow(&self, own: impl Iterator<Item = u8>, text: &[u8], mut at: usize) -> Result<usize, Ends> {
        for byte in own {
            let there = text.get(at..).filter(|rest| !rest.is_empty()).ok_or(Ends::Text)?;
            at = match byte {
                b' ' => blanks(text, at).ok_or(Ends::Differs)?,
                byte if self.same(&there[..1], &[byte]) => at + 1,
                _ => return Err(Ends::Differs),
            };
        }
        Ok(at)
    }

    fn same(&self, text: &[u8], piece: &[u8]) -> bool {
        if self.exact { text == piece } else { text.eq_ignore_ascii_case(piece) }
    }

    /// The first place at or after `from` where it stands: beginning and end. Blanks at its beginning count from the
    /// first of their run that is not before `from`.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        if self.text.is_empty() {
            let start = from + memchr2(b' ', b'\t', text.get(from..)?)?;
            return Some((start, blanks(text, start)?));
        }
        let mut search = from;
        loop {
            let (piece, end) = self.find_pieces(text, search)?;
            let start = if self.leading { back_over_blanks(text, piece, from) } else { piece };
            if !self.leading || start < piece {
                return Some((start, end));
            }
            search = piece + 1;
        }
    }

    /// The same for its pieces alone.
    fn find_pieces(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        let probe = *self.text.as_bytes().get(self.probe)?;
        let (lower, upper) =
            if self.exact { (probe, probe) } else { (probe.to_ascii_lowercase(), probe.to_ascii_uppercase()) };
        let mut from = from + self.probe;
        loop {
            let rest = text.get(from..)?;
            let at = from + if lower == upper { memchr(lower, rest) } else { memchr2(lower, upper, rest) }?;
            let begin = at - self.probe;
            if let Some(end) = self.goes_on(text, begin) {
                return Some((begin, end));
            }
            from = at + 1;
        }
    }
}

/// Past the blanks at `at`, of which there must be one.
#[inline]
fn blanks(text: &[u8], at: usize) -> Option<usize> {
    if !blank(*text.get(at)?) {
        return None;
    }
    // Mostly it is one.
    match text.get(at + 1) {
        Some(next) if blank(*next) => Some(past_column(text, at + 2)),
        _ => Some(at + 1),
    }
}

/// Past the blanks that go on at `at`: where they fill a column, eight at a time.
fn past_column(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let wide = rest.as_chunks::<8>().0.iter().take_while(|eight| **eight == *b"        ").count() * 8;
    at + wide + rest.iter().skip(wide).take_while(|byte| blank(**byte)).count()
}

/// The first blank of the run that ends before `at`, not before `from`; `at` itself where there is none.
fn back_over_blanks(text: &[u8], at: usize, from: usize) -> usize {
    at - text[from..at].iter().rev().take_while(|byte| blank(**byte)).count()
}
