//! Where the literals of all rules stand in a text, at the speed of reading it, however many they are.
//!
//! A literal of L bytes holds L - G + 1 grams of G bytes, one after the other. If there are S of them, then whichever way
//! the text lies, one of S neighbouring grams of the literal stands on a multiple of S in the text. So it is enough to
//! look at one gram in every S bytes: ask a small set of bits whether any literal has it, and go on. Only where the bits
//! say "maybe" is the gram looked up and the literal compared. Letters of ASCII are blind to case.
//!
//! Long literals allow a long stride, so a byte costs less than an instruction; literals of three bytes and less go
//! through an automaton that looks at each byte. There is no false negative: `tests.rs` compares with a naive search.

mod background;
mod grams;
#[cfg(test)]
mod tests;
mod tiny;

use grams::Grams;
use tiny::Tiny;

/// Finds phrases.
#[derive(Debug, Default)]
pub(super) struct Filter {
    phrases: Vec<Phrase>,
    /// One search for each way that a phrase asks for.
    searches: Vec<Box<dyn Search>>,
}

/// Looks for literals of one way.
trait Search: std::fmt::Debug + Send + Sync {
    /// Calls `see` for every place at which a literal may stand, and which.
    fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, usize));
}

/// How literals are looked for, the cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// Grams of eight bytes at every eighth byte, for literals of 15 bytes and more.
    Long,
    /// Grams of four bytes, at strides that shorter literals allow.
    Eighth,
    Fourth,
    Second,
    Every,
    /// Literals shorter than a gram.
    Tiny,
}

impl Way {
    fn of(literal: &[u8]) -> Way {
        match literal.len() {
            15.. => Way::Long,
            11.. => Way::Eighth,
            7.. => Way::Fourth,
            5.. => Way::Second,
            4 => Way::Every,
            _ => Way::Tiny,
        }
    }
}

/// Literals with blanks between them: any number of blanks, one at the least. The rarest of them is looked for, the
/// others are compared where it stands.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    before: Vec<Box<[u8]>>,
    rarest: Box<[u8]>,
    after: Vec<Box<[u8]>>,
}

/// What looking for a phrase costs, to choose between several that say the same: the way its rarest literal is looked
/// for, how much of that stands in ordinary logs, and the length of both, longer ones first.
pub(super) type Cost = (Way, usize, usize, usize);

fn cost(literal: &[u8]) -> (Way, usize, usize) {
    (Way::of(literal), background::common(literal), usize::MAX - literal.len())
}

fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

impl Phrase {
    /// `None` for no literals. None of them may hold a blank.
    pub(super) fn new<'l>(literals: impl IntoIterator<Item = &'l str>) -> Option<Phrase> {
        let mut before: Vec<Box<[u8]>> = literals.into_iter().map(|literal| literal.as_bytes().into()).collect();
        let (at, _) = before.iter().enumerate().min_by_key(|(_, literal)| cost(literal))?;
        let mut after = before.split_off(at);
        let rarest = after.remove(0);
        Some(Phrase { before, rarest, after })
    }

    pub(super) fn is_ascii(&self) -> bool {
        self.before.iter().chain([&self.rarest]).chain(&self.after).all(|literal| literal.is_ascii())
    }

    pub(super) fn cost(&self) -> Cost {
        let (way, common, length) = cost(&self.rarest);
        let others: usize = self.before.iter().chain(&self.after).map(|literal| literal.len() + 1).sum();
        (way, common, length, usize::MAX - others)
    }

    /// Where it begins, if its rarest literal stands at `place` and the others around it.
    fn stands(&self, text: &[u8], place: usize) -> Option<usize> {
        let literal = |from: usize, literal: &[u8]| {
            let end = from.checked_add(literal.len())?;
            text.get(from..end)?.eq_ignore_ascii_case(literal).then_some(end)
        };
        let mut end = literal(place, &self.rarest)?;
        for own in &self.after {
            let blanks = text.get(end..)?.iter().take_while(|byte| blank(**byte)).count();
            end = literal(end + blanks, own).filter(|_| blanks > 0)?;
        }
        let mut begin = place;
        for own in self.before.iter().rev() {
            let blanks = text.get(..begin)?.iter().rev().take_while(|byte| blank(**byte)).count();
            begin = (begin - blanks).checked_sub(own.len()).filter(|_| blanks > 0)?;
            literal(begin, own)?;
        }
        Some(begin)
    }
}

impl Filter {
    /// A filter for phrases, which are told apart by their positions.
    pub(super) fn new(phrases: Vec<Phrase>) -> Filter {
        let of = |way: Way| {
            let own = phrases.iter().enumerate().map(|(at, phrase)| (at, &*phrase.rarest));
            own.filter(|(_, literal)| Way::of(literal) == way && !literal.is_empty()).collect::<Vec<_>>()
        };
        let searches = [
            Grams::<8, 8>::search(&of(Way::Long)),
            Grams::<4, 8>::search(&of(Way::Eighth)),
            Grams::<4, 4>::search(&of(Way::Fourth)),
            Grams::<4, 2>::search(&of(Way::Second)),
            Grams::<4, 1>::search(&of(Way::Every)),
            Tiny::search(&of(Way::Tiny)),
        ];
        Filter { searches: searches.into_iter().flatten().collect(), phrases }
    }

    /// Calls `see` with every place where a phrase stands, and which it is; in no order.
    pub(super) fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, usize)) {
        let mut check = |place: usize, at: usize| {
            if let Some(begin) = self.phrases.get(at).and_then(|phrase| phrase.stands(text, place)) {
                see(begin, at);
            }
        };
        for search in &self.searches {
            search.find(text, &mut check);
        }
    }
}
