//! Where the phrases of all rules stand in a text, at the speed of reading it, however many they are.
//!
//! A literal of L bytes holds L - G + 1 grams of G bytes, one after the other. If there are S of them, then whichever way
//! the text lies, one of S neighbouring grams of the literal stands on a multiple of S in the text. So it is enough to
//! look at one gram in every S bytes: ask a small set of bits whether any literal has it, and go on. Only where the bits
//! say "maybe" is the gram looked up and the phrase compared. Letters of ASCII are blind to case.
//!
//! Long phrases allow a long stride, so a byte costs less than an instruction or two; phrases of three bytes and less go
//! through an automaton that looks at each byte. Between two words of a phrase stands any number of blanks: it is looked
//! for with one, in the text with its gaps closed. There is no false negative: `tests.rs` compares with a naive search.

mod background;
mod bits;
mod closed;
mod grams;
mod marked;
mod phrase;
mod rare;
mod sweep;
#[cfg(test)]
mod tests;
mod tiny;

use closed::Closed;
use grams::Grams;
use marked::Marked;
use rare::Rare;
use sweep::Sweep;
use tiny::Tiny;

pub(super) use background::Background;
pub(super) use phrase::{Chooser, Phrase};

use phrase::Way;

use super::glance::Glance;
use super::spare::Spare;

/// Finds phrases.
#[derive(Debug)]
pub(super) struct Filter {
    phrases: Vec<Phrase>,
    /// Whether any phrase has a blank, so that gaps have to be closed.
    spaced: bool,
    /// One search for each way that a phrase asks for.
    searches: Vec<Box<dyn Search>>,
    /// Looks for what the next one asks for, if that is anything.
    sweep: Option<Sweep>,
    rare: Rare,
    /// Room to use again.
    spare: Spare<Room>,
}

/// Room for what one search needs.
#[derive(Debug, Default)]
struct Room {
    closed: Closed,
    marked: Marked,
    /// Place in the upper half, phrase in the lower: chunks are far from 4 GiB.
    found: Vec<u64>,
}

/// Looks for phrases of one way.
trait Search: std::fmt::Debug + Send + Sync {
    /// Calls `see` for every place at which a phrase may begin, with one blank between its words.
    fn find(&self, text: &[u8], marked: &mut Marked, see: &mut dyn FnMut(usize, u32));
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
        let rare = Rare::take(&mut anchors, background);
        let mut of =
            |way: Way| anchors.extract_if(.., |own| Way::of(own.bytes.len()) == way).collect::<Vec<Anchor<'_>>>();
        let mut long = of(Way::Longer);
        long.extend(of(Way::Long));
        let searches = [
            grams::long(&long, background),
            Grams::<4, 8>::search(&of(Way::Eighth), background),
            Grams::<4, 4>::search(&of(Way::Fourth), background),
            Grams::<4, 2>::search(&of(Way::Second), background),
            Grams::<4, 1>::search(&of(Way::Every), background),
            Tiny::search(&of(Way::Tiny)),
        ];
        let spaced = phrases.iter().any(|phrase| phrase.text().contains(&b' '));
        let searches = searches.into_iter().flatten().collect();
        Filter { searches, spaced, sweep: rare.sweep(background), rare, phrases, spare: Spare::default() }
    }

    /// Calls `see` with every place where a phrase stands, in ascending order, and which it is. Says what there is to see of
    /// the text besides.
    pub(super) fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, usize)) -> Glance {
        let mut room = self.spare.take();
        let Room { closed, marked, found } = &mut room;
        found.clear();
        let glance = if self.spaced {
            let glance = closed.set(text);
            self.search(closed.bytes(), marked, found);
            glance
        } else {
            self.search(text, marked, found);
            Glance::new(text)
        };
        // Each search finds its own in order, and a stable sort makes use of that.
        found.sort_by_key(|own| *own);
        found.dedup();
        if self.spaced {
            closed.place_back(text, found);
        }
        for found in &*found {
            let [place, phrase] = [found >> u32::BITS, found & u64::from(u32::MAX)];
            see(usize::try_from(place).unwrap_or(usize::MAX), usize::try_from(phrase).unwrap_or(usize::MAX));
        }
        self.spare.give(room);
        glance
    }

    /// The same in a text whose gaps are closed: place and phrase as one number, in no order, and maybe more than once.
    fn search(&self, text: &[u8], marked: &mut Marked, found: &mut Vec<u64>) {
        let mut see = |place, phrase: u32| {
            if self.phrases.get(phrase as usize).is_some_and(|own| own.stands(text, place)) {
                found.push((place as u64) << u32::BITS | u64::from(phrase));
            }
        };
        for search in &self.searches {
            search.find(text, marked, &mut see);
        }
        if let Some(sweep) = &self.sweep {
            sweep.over(text, marked);
            self.rare.find(text, marked, &mut see);
        }
    }
}
