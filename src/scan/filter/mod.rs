//! Where the phrases of all rules stand in a text, at the speed of reading it, however many they are.
//!
//! A literal of L bytes holds L - G + 1 grams of G bytes, one after the other. If there are S of them, then whichever way
//! the text lies, one of S neighbouring grams of the literal stands on a multiple of S in the text. So it is enough to
//! look at one gram in every S bytes: ask a small set of bits whether any literal has it, and go on. Only where the bits
//! say "maybe" is the gram looked up and the phrase compared. Letters of ASCII are blind to case.
//!
//! Long phrases allow a long stride, so a byte costs less than an instruction or two; words of three bytes and less go
//! through an automaton that looks at each byte. There is no false negative: `tests.rs` compares with a naive search.

mod background;
mod grams;
mod phrase;
mod rare;
#[cfg(test)]
mod tests;
mod tiny;

use std::sync::OnceLock;

use grams::Grams;
use rare::Rare;
use tiny::Tiny;

pub(super) use background::Background;
pub(super) use phrase::{Phrase, Weighed};

use phrase::{Anchor, Way};

/// Phrases of which the grams for every sixteenth byte, which are many, stay where they are read fast.
const FEW: usize = 300;

/// Finds phrases.
#[derive(Debug, Default)]
pub(super) struct Filter {
    phrases: Vec<Phrase>,
    /// One search for each way that a phrase asks for.
    searches: Vec<Box<dyn Search>>,
    /// Finds all of them in lines with tabs, made when the first such line comes.
    tabbed: OnceLock<Option<Box<dyn Search>>>,
}

/// Looks for pieces of text of one way.
trait Search: std::fmt::Debug + Send + Sync {
    /// Calls `see` for every place at which a word of a phrase may stand: the place, the phrase and the word.
    fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, u32, u32));
}

impl Filter {
    /// A filter for phrases, which are told apart by their positions.
    pub(super) fn new(weighed: Vec<Weighed>, background: &Background) -> Filter {
        let mut words: Vec<Anchor> = Vec::new();
        let mut pieces: Vec<Anchor> = Vec::new();
        for (at, own) in (0..).zip(&weighed) {
            match &own.pieces {
                Some(long) => pieces.extend(long.anchors(at)),
                None => words.push(own.phrase.word(at, background)),
            }
        }
        // The stride is the longest that all of them allow: one pass is cheaper than two.
        let long = match longest(&weighed, background) {
            Some(pieces) => Grams::<8, 16>::search(pieces, background),
            None => Grams::<8, 8>::search(pieces, background),
        };
        let rare = Rare::search(&mut words, background);
        let of =
            |way: Way| words.iter().filter(|anchor| Way::of(&anchor.bytes) == way).cloned().collect::<Vec<Anchor>>();
        let searches = [
            long,
            rare,
            Grams::<4, 8>::search(of(Way::Eighth), background),
            Grams::<4, 4>::search(of(Way::Fourth), background),
            Grams::<4, 2>::search(of(Way::Second), background),
            Grams::<4, 1>::search(of(Way::Every), background),
            Tiny::search(&of(Way::Tiny)),
        ];
        let phrases = weighed.into_iter().map(|weighed| weighed.phrase).collect();
        Filter { searches: searches.into_iter().flatten().collect(), phrases, tabbed: OnceLock::new() }
    }

    /// Calls `see` with every place where a phrase stands, and which it is; in no order, and maybe more than once.
    pub(super) fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, usize)) {
        let mut check = |place: usize, phrase: u32, word: u32| {
            let at = phrase as usize;
            if let Some(begin) = self.phrases.get(at).and_then(|phrase| phrase.stands(text, place, word as usize)) {
                see(begin, at);
            }
        };
        for search in &self.searches {
            search.find(text, &mut check);
        }
        let mut from = 0;
        while let Some(tab) = memchr::memchr(b'\t', text.get(from..).unwrap_or_default()).map(|at| from + at) {
            let begin = memchr::memrchr(b'\n', &text[from..tab]).map_or(from, |newline| from + newline + 1);
            let end = memchr::memchr(b'\n', &text[tab..]).map_or(text.len(), |newline| tab + newline + 1);
            if let Some(search) = self.tabbed() {
                search.find(&text[begin..end], &mut |place, phrase, word| check(begin + place, phrase, word));
            }
            from = end;
        }
    }

    fn tabbed(&self) -> Option<&dyn Search> {
        let words = || (0..).zip(&self.phrases).map(|(at, phrase)| phrase.longest(at)).collect::<Vec<Anchor>>();
        self.tabbed.get_or_init(|| Tiny::search(&words())).as_deref()
    }
}

/// The pieces for every sixteenth byte, where all long phrases have such and they are not too many.
fn longest(weighed: &[Weighed], background: &Background) -> Option<Vec<Anchor>> {
    let long = (0..).zip(weighed).filter(|(_, own)| own.pieces.is_some());
    if long.clone().count() > FEW {
        return None;
    }
    let anchors = |(at, own): (u32, &Weighed)| {
        let pieces = own.phrase.pieces(Way::SIXTEENTH_BYTES, background)?;
        Some(pieces.anchors(at).collect::<Vec<Anchor>>())
    };
    long.map(anchors).collect::<Option<Vec<_>>>().map(|all| all.concat())
}
