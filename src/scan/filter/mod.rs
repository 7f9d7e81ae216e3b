//! Where the phrases of all rules stand in a text, at the speed of reading it, however many they are.
//!
//! A literal of L bytes holds L - G + 1 grams of G bytes, one after the other. If there are S of them, then whichever way
//! the text lies, one of S neighbouring grams of the literal stands on a multiple of S in the text. So it is enough to
//! look at one gram in every S bytes: ask a small set of bits whether any literal has it, and go on. Only where the bits
//! say "maybe" is the gram looked up and the phrase compared. Letters of ASCII are blind to case.
//!
//! Long phrases allow a long stride, so a byte costs less than an instruction or two; phrases of three bytes and less go
//! through an automaton that looks at each byte. Between two words of a phrase stands any number of blanks: it is looked
//! for with one, and lines in which words may stand further apart are looked at once more with their gaps closed. There
//! is no false negative: `tests.rs` compares with a naive search.

mod background;
mod bits;
mod grams;
mod phrase;
mod rare;
mod spaced;
mod sweep;
#[cfg(test)]
mod tests;
mod tiny;

use grams::Grams;
use rare::Rare;
use spaced::{Closed, Gaps};
use sweep::{Sweep, Swept};
use tiny::Tiny;

pub(super) use background::Background;
pub(super) use phrase::{Chooser, Phrase};

use phrase::Way;

/// Finds phrases.
#[derive(Debug)]
pub(super) struct Filter {
    phrases: Vec<Phrase>,
    /// One search for each way that a phrase asks for.
    searches: Vec<Box<dyn Search>>,
    /// Looks for what the next two ask for.
    sweep: Sweep,
    rare: Rare,
    gaps: Gaps,
}

/// Looks for phrases of one way.
trait Search: std::fmt::Debug + Send + Sync {
    /// Calls `see` for every place at which a phrase may begin, with one blank between its words.
    fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, u32));
}

/// A phrase to look for.
#[derive(Clone, Copy, Debug)]
struct Anchor<'p> {
    /// Its text with one blank between its words.
    bytes: &'p [u8],
    /// Its position in the filter.
    phrase: u32,
}

impl Filter {
    /// A filter for phrases, which are told apart by their positions.
    pub(super) fn new(phrases: Vec<Phrase>, background: &Background) -> Filter {
        let mut anchors: Vec<Anchor<'_>> =
            (0..).zip(phrases.iter().map(Phrase::text)).map(|(phrase, bytes)| Anchor { bytes, phrase }).collect();
        let mut sweep = Sweep::default();
        let rare = Rare::take(&mut anchors, background, &mut sweep);
        let mut of =
            |way: Way| anchors.extract_if(.., |own| Way::of(own.bytes.len()) == way).collect::<Vec<Anchor<'_>>>();
        let searches = [
            Grams::<8, 8>::search(&of(Way::Long), background),
            Grams::<4, 8>::search(&of(Way::Eighth), background),
            Grams::<4, 4>::search(&of(Way::Fourth), background),
            Grams::<4, 2>::search(&of(Way::Second), background),
            Grams::<4, 1>::search(&of(Way::Every), background),
            Tiny::search(&of(Way::Tiny)),
        ];
        let gaps = Gaps::new(&phrases, background, &mut sweep);
        Filter { searches: searches.into_iter().flatten().collect(), phrases, sweep, rare, gaps }
    }

    /// Calls `see` with every place where a phrase stands, and which it is; in no order, and maybe more than once.
    pub(super) fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, usize)) {
        let swept = self.search(text, see);
        let mut closed = Closed::default();
        self.gaps.lines(text, &swept, &mut |line| {
            closed.set(&text[line.clone()]);
            self.search(&closed.bytes, &mut |place, phrase| see(line.start + closed.place(place), phrase));
        });
    }

    /// The same where one blank stands between words; gives the places where more may stand.
    fn search(&self, text: &[u8], see: &mut dyn FnMut(usize, usize)) -> Swept {
        let mut see = |place, phrase: u32| {
            let phrase = phrase as usize;
            if self.phrases.get(phrase).is_some_and(|own| own.stands(text, place)) {
                see(place, phrase);
            }
        };
        for search in &self.searches {
            search.find(text, &mut see);
        }
        let swept = self.sweep.over(text);
        self.rare.find(text, &swept.snippets, &mut see);
        swept
    }
}
