//! Words with blanks between them, and the pieces of text by which they are found.
//!
//! Between two words stands any number of blanks, so text is certain only from the first letter of a word to its last.
//! A longer piece goes beyond them: there is one for each number of blanks that may stand there, few since the piece
//! ends soon. One of the pieces stands wherever the phrase does, unless a tab stands in it.

use super::background::Background;

/// Pieces of a phrase at the most, and bytes that they go beyond a word: more of them could be blanks alone, which
/// stand in every line.
const PIECES: usize = 30;
const BEYOND: usize = 6;

/// Words around which pieces are made, to take the rarest.
const TRIES: usize = 2;

/// Long grams of a phrase that stand in ordinary text at the most: looking them up there in vain costs more than looking
/// for a word.
const COMMON: usize = 40;

/// Words with blanks between them: any number of blanks, one at the least. An empty word at either end stands for
/// blanks there.
#[derive(Clone, Debug)]
pub(in crate::scan) struct Phrase {
    words: Vec<Box<[u8]>>,
}

/// A piece of text by which a phrase is found, where no blank of it is a tab.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    /// The text.
    pub(super) bytes: Vec<u8>,
    /// The phrase, by its position in the filter.
    pub(super) phrase: u32,
    /// A word of it.
    pub(super) word: u32,
    /// Where that word begins, from where the piece begins.
    pub(super) ahead: i32,
}

/// How a phrase is looked for, the cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::scan) enum Way {
    /// By grams of eight bytes at every eighth byte.
    Long,
    /// By a word that holds something rare, else by grams of four bytes of it, at strides that short words allow.
    Eighth,
    Fourth,
    Second,
    Every,
    /// By words shorter than a gram.
    Tiny,
}

/// What looking for a phrase costs, to choose between several that say the same: the way it is looked for, how much of
/// what is looked for stands in ordinary logs, and the phrase's length, longer ones first.
pub(in crate::scan) type Cost = (Way, usize, usize);

fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

impl Way {
    /// Bytes of a piece for grams of eight bytes at every sixteenth and eighth byte.
    pub(super) const SIXTEENTH_BYTES: usize = 23;
    pub(super) const EIGHTH_BYTES: usize = 15;

    pub(super) fn of(word: &[u8]) -> Way {
        match word.len() {
            11.. => Way::Eighth,
            7.. => Way::Fourth,
            5.. => Way::Second,
            4 => Way::Every,
            _ => Way::Tiny,
        }
    }
}

/// A phrase with the way it is looked for.
#[derive(Debug)]
pub(in crate::scan) struct Weighed {
    pub(super) phrase: Phrase,
    pub(super) cost: Cost,
    /// Its long pieces, where it has any.
    pub(super) pieces: Option<Pieces>,
}

/// The pieces around one word.
#[derive(Debug)]
pub(super) struct Pieces {
    word: usize,
    /// Bytes before the word, or bytes of it that are left out.
    before: isize,
    texts: Vec<Vec<u8>>,
    /// How much of them stands in ordinary text.
    common: usize,
}

impl Weighed {
    pub(in crate::scan) fn cost(&self) -> Cost {
        self.cost
    }

    pub(in crate::scan) fn is_ascii(&self) -> bool {
        self.phrase.words.iter().all(|word| word.is_ascii())
    }
}

impl Pieces {
    pub(super) fn anchors(&self, phrase: u32) -> impl Iterator<Item = Anchor> {
        let word = u32::try_from(self.word).unwrap_or(u32::MAX);
        let ahead = i32::try_from(self.before).unwrap_or(0);
        self.texts.iter().map(move |text| Anchor { bytes: text.clone(), phrase, word, ahead })
    }
}

impl Phrase {
    /// `None` where there is no word.
    pub(in crate::scan) fn new<'l>(words: impl IntoIterator<Item = &'l str>) -> Option<Phrase> {
        let words: Vec<Box<[u8]>> = words.into_iter().map(|word| word.as_bytes().into()).collect();
        words.iter().any(|word| !word.is_empty()).then_some(Phrase { words })
    }

    /// Finds the cheapest way to look for it.
    pub(in crate::scan) fn weigh(self, background: &Background) -> Weighed {
        let length = usize::MAX - self.words.iter().map(|word| word.len() + 1).sum::<usize>();
        let pieces = self.pieces(Way::EIGHTH_BYTES, background).filter(|pieces| pieces.common <= COMMON);
        let cost = if let Some(pieces) = &pieces {
            (Way::Long, pieces.common, length)
        } else {
            let (_, word) = self.rarest(background);
            (Way::of(&word), background.short(&word), length)
        };
        Weighed { phrase: self, cost, pieces }
    }

    /// A word with the blanks that must stand beside it.
    fn edged(&self, word: usize) -> Vec<u8> {
        let (before, after) = (word > 0, word + 1 < self.words.len());
        [&b" "[..usize::from(before)], &self.words[word], &b" "[..usize::from(after)]].concat()
    }

    fn rarest(&self, background: &Background) -> (usize, Vec<u8>) {
        let words = (0..self.words.len()).filter(|word| !self.words[*word].is_empty());
        let words = words.map(|word| (word, self.edged(word)));
        let rarest = words.min_by_key(|(_, word)| (Way::of(word), background.short(word), usize::MAX - word.len()));
        rarest.unwrap_or_default()
    }

    /// As it reads with single blanks, and where each word begins in that.
    fn single(&self) -> (Vec<u8>, Vec<usize>) {
        let mut next = 0;
        let begins = self.words.iter().map(|word| {
            let begin = next;
            next += word.len() + 1;
            begin
        });
        let begins = begins.collect();
        (self.words.join(&b' '), begins)
    }

    /// The pieces of `length` bytes around some word by which it is found: rare ones, and few.
    pub(super) fn pieces(&self, length: usize, background: &Background) -> Option<Pieces> {
        let (single, begins) = self.single();
        let mut places: Vec<(usize, usize, isize)> = Vec::new();
        for (word, own) in self.words.iter().map(|word| word.len()).enumerate().filter(|(_, own)| *own > 0) {
            match own.checked_sub(length) {
                Some(over) => places.extend((0..=over).map(|at| (1, word, -at.cast_signed()))),
                None => places.extend((0..=length - own).filter_map(|before| {
                    let after = length - own - before;
                    // There is a piece for each number of blanks on either side.
                    let pieces = before.max(1) * after.max(1);
                    (before.max(after) <= BEYOND && pieces <= PIECES).then_some((pieces, word, before.cast_signed()))
                })),
            }
        }
        places.sort_by_key(|(pieces, ..)| *pieces);
        // What it reads like with single blanks tells how rare a piece is; nothing is rarer than what is nowhere.
        let common = |(_, word, before): &(usize, usize, isize)| {
            let begin = begins[*word].checked_add_signed(-before)?;
            Some(background.long(single.get(begin..begin + length)?))
        };
        let mut weighed: Vec<(usize, usize, isize)> = Vec::new();
        for place in &places {
            let Some(common) = common(place) else { continue };
            weighed.push((common, place.1, place.2));
            if common == 0 {
                break;
            }
        }
        weighed.sort_by_key(|(common, ..)| *common);
        let pieces = weighed.into_iter().take(TRIES).filter_map(|(_, word, before)| {
            let pieces = self.texts(word, before, length)?;
            Some(Pieces { common: pieces.texts.iter().map(|text| background.long(text)).sum(), ..pieces })
        });
        pieces.min_by_key(|pieces| pieces.common)
    }

    /// All that may stand around a word, `before` bytes before it (or that many after its beginning) and `length` in all.
    fn texts(&self, word: usize, before: isize, length: usize) -> Option<Pieces> {
        let own = &*self.words[word];
        let texts = match usize::try_from(before) {
            Ok(before) if own.len() < length => {
                let after = (length - own.len()).checked_sub(before)?;
                let (left, right) = (self.left(word, before)?, self.right(word, after)?);
                let both = left.iter().flat_map(|left| right.iter().map(move |right| [left, own, right].concat()));
                both.collect()
            }
            _ => {
                let from = before.unsigned_abs();
                vec![own.get(from..from + length)?.to_vec()]
            }
        };
        (texts.len() <= PIECES).then_some(Pieces { word, before, texts, common: 0 })
    }

    /// What may stand before a word, so many bytes; `None` where that is not known.
    fn left(&self, word: usize, bytes: usize) -> Option<Vec<Vec<u8>>> {
        let text = |blanks: usize, rest: usize| {
            let own = &*self.words[word - 1];
            if let Some(from) = own.len().checked_sub(rest) {
                return Some(vec![[&own[from..], &b" ".repeat(blanks)].concat()]);
            }
            let more = self.left(word - 1, rest - own.len())?;
            Some(more.into_iter().map(|more| [&more, own, &b" ".repeat(blanks)].concat()).collect())
        };
        if bytes == 0 || word > 0 { Self::beside(bytes, text) } else { None }
    }

    /// The same after a word.
    fn right(&self, word: usize, bytes: usize) -> Option<Vec<Vec<u8>>> {
        let text = |blanks: usize, rest: usize| {
            let own = &*self.words[word + 1];
            if let Some(begin) = own.get(..rest) {
                return Some(vec![[&b" ".repeat(blanks), begin].concat()]);
            }
            let more = self.right(word + 1, rest - own.len())?;
            Some(more.into_iter().map(|more| [&b" ".repeat(blanks), own, &more].concat()).collect())
        };
        if bytes == 0 || word + 1 < self.words.len() { Self::beside(bytes, text) } else { None }
    }

    /// Texts for each number of blanks that shows in so many bytes.
    fn beside(bytes: usize, text: impl Fn(usize, usize) -> Option<Vec<Vec<u8>>>) -> Option<Vec<Vec<u8>>> {
        if bytes == 0 {
            return Some(vec![Vec::new()]);
        }
        let mut all = Vec::new();
        for blanks in 1..bytes {
            all.extend(text(blanks, bytes - blanks)?);
            if all.len() > PIECES {
                return None;
            }
        }
        all.push(b" ".repeat(bytes));
        Some(all)
    }

    /// The longest word, by which it is found where tabs stand.
    pub(super) fn longest(&self, phrase: u32) -> Anchor {
        let word = self.words.iter().enumerate().max_by_key(|(_, word)| word.len());
        let (word, bytes) = word.map(|(at, word)| (at, word.to_vec())).unwrap_or_default();
        Anchor { bytes, phrase, word: u32::try_from(word).unwrap_or(u32::MAX), ahead: 0 }
    }

    /// The rarest word, by which it is found where it is not found otherwise.
    pub(super) fn word(&self, phrase: u32, background: &Background) -> Anchor {
        let (word, bytes) = self.rarest(background);
        let (ahead, word) = (i32::from(word > 0), u32::try_from(word).unwrap_or(u32::MAX));
        Anchor { bytes, phrase, word, ahead }
    }

    /// Where it begins, if it stands in `text` with its word number `word` at `place`.
    pub(super) fn stands(&self, text: &[u8], place: usize, word: usize) -> Option<usize> {
        let literal = |from: usize, literal: &[u8]| {
            let end = from.checked_add(literal.len())?;
            text.get(from..end)?.eq_ignore_ascii_case(literal).then_some(end)
        };
        let (before, rest) = self.words.split_at_checked(word)?;
        let (own, after) = rest.split_first()?;
        let mut end = literal(place, own)?;
        for own in after {
            let blanks = text.get(end..)?.iter().take_while(|byte| blank(**byte)).count();
            end = literal(end + blanks, own).filter(|_| blanks > 0)?;
        }
        let mut begin = place;
        for own in before.iter().rev() {
            let blanks = text.get(..begin)?.iter().rev().take_while(|byte| blank(**byte)).count();
            begin = (begin - blanks).checked_sub(own.len()).filter(|_| blanks > 0)?;
            literal(begin, own)?;
        }
        Some(begin)
    }
}
