//! One line of a mail in the shape in which it is compared with phrases.
//!
//! Case and width of letters and punctuation do not matter, nor do blanks next to Chinese text or punctuation. Every
//! place in the folded text knows where it lay. Lines longer than [`LONGEST`] are folded up to there.

use std::ops::Range;

/// Bytes of a line that are looked at; nobody writes longer lines by hand.
const LONGEST: usize = 16 * 1024;

/// A folded line.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    /// The text to compare.
    pub(super) text: String,
    /// For every byte of `text`, and one past it, where it lay in the line.
    places: Vec<usize>,
}

impl Folded {
    /// Folds a line.
    pub(super) fn new(line: &str) -> Folded {
        let mut folded = Folded::default();
        let mut blank = None;
        let mut before = None;
        let mut end = 0;
        for (at, c) in line.char_indices().take_while(|(at, _)| *at < LONGEST) {
            let width = c.len_utf8();
            let c = fold(c);
            if c.is_whitespace() {
                blank = blank.or(Some(at));
                continue;
            }
            if let Some(blank) = blank.take()
                && before.is_some_and(|before| keeps_blank(before, c))
            {
                folded.push(' ', blank);
            }
            folded.push(c, at);
            before = Some(c);
            end = at + width;
        }
        folded.places.push(end);
        folded
    }

    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.places.resize(self.text.len(), at);
    }

    /// The piece of `line`, of which this is the folded form, that `range` of the folded text covers.
    pub(super) fn original<'l>(&self, line: &'l str, range: Range<usize>) -> &'l str {
        let place = |at: usize| self.places.get(at).copied().unwrap_or(line.len());
        line.get(place(range.start)..place(range.end)).unwrap_or("").trim()
    }
}

/// One character: full width made half, curly quotes straight, every dash one, ASCII letters small.
fn fold(c: char) -> char {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '“' | '”' | '「' | '」' => '"',
        '‘' | '’' => '\'',
        '\u{2010}'..='\u{2015}' => '-',
        '\u{feff}' | '\u{200b}' => ' ',
        _ => c,
    };
    c.to_ascii_lowercase()
}

/// Whether blanks between the two mean something: between words of a language that writes them.
fn keeps_blank(before: char, after: char) -> bool {
    before.is_ascii_graphic()
        && after.is_ascii_graphic()
        && !matches!(before, ':' | ',' | '(' | '[' | '<' | '"' | '\'')
        && !matches!(after, ':' | ',' | ';' | '.' | '!' | '?' | ')' | ']' | '>' | '"' | '\'')
}

/// Whether a character belongs to a word of a language that writes blanks.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_blanks_fold() {
        let text = |line| Folded::new(line).text;
        assert_eq!(text("丙先生 您好："), "丙先生您好:");
        assert_eq!(text("  Case　No ： CAS-1 "), "case no:cas-1");
        assert_eq!(text("ＫＢ５０　安装"), "kb50安装");
        assert_eq!(text("done.  Please   run"), "done. please run");
        assert_eq!(text(""), "");
    }

    #[test]
    fn a_place_leads_back_to_the_line() {
        let line = "\u{3000}Ｃase No： “CAS-1” 已收到 ";
        let folded = Folded::new(line);
        let at = folded.text.find("cas-1").unwrap();
        assert_eq!(folded.original(line, at..at + 5), "CAS-1");
        assert_eq!(folded.original(line, 0..folded.text.len()), line.trim());
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let line = "长".repeat(LONGEST);
        let folded = Folded::new(&line);
        assert!(folded.text.len() < LONGEST + 4);
        assert_eq!(folded.original(&line, 0..6), "长长");
    }
}
