//! Words with blanks between them, and how they are looked for.

use super::background::Background;

/// Words with blanks between them: any number of blanks, one at the least.
#[derive(Clone, Debug)]
pub(in crate::scan) struct Phrase {
    /// The words with one blank between them; a blank at either end stands for blanks there.
    text: Box<[u8]>,
}

/// How a phrase is looked for, the cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::scan) enum Way {
    /// By grams of eight bytes at every 16th byte, if no other phrase needs shorter strides.
    Longer,
    /// At every eighth byte.
    Long,
    /// By something rare in it, else by grams of four bytes, at strides that short phrases allow.
    Eighth,
    Fourth,
    Second,
    Every,
    /// By an automaton: it is shorter than a gram.
    Tiny,
}

impl Way {
    /// Bytes of a phrase for grams of eight bytes at every 16th and at every eighth byte.
    pub(super) const LONGER: usize = 8 + 16 - 1;
    pub(super) const LONG: usize = 8 + 8 - 1;

    pub(super) fn of(bytes: usize) -> Way {
        match bytes {
            Way::LONGER.. => Way::Longer,
            Way::LONG.. => Way::Long,
            11.. => Way::Eighth,
            7.. => Way::Fourth,
            5.. => Way::Second,
            4 => Way::Every,
            _ => Way::Tiny,
        }
    }
}

/// What looking for a phrase costs, to choose between several that say the same: the way it is looked for, how much of
/// what is looked for stands in ordinary logs, and the phrase's length, longer ones first.
type Cost = (Way, usize, usize);

impl Phrase {
    /// `None` where there is no word.
    #[cfg(test)]
    pub(in crate::scan) fn new(literal: &str) -> Option<Phrase> {
        let mut text = Vec::new();
        close(literal, &mut text).then(|| Phrase { text: text.into() })
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(in crate::scan) fn is_ascii(&self) -> bool {
        self.text.is_ascii()
    }

    #[cfg(test)]
    pub(super) fn cost(&self, background: &Background) -> Cost {
        cost(&self.text, background)
    }

    /// Whether it stands at a place, with one blank between its words.
    pub(super) fn stands(&self, text: &[u8], place: usize) -> bool {
        text.get(place..)
            .and_then(|rest| rest.get(..self.text.len()))
            .is_some_and(|here| here.eq_ignore_ascii_case(&self.text))
    }
}

/// Chooses phrases: of several literals that say the same the one that is the cheapest to look for. Ten thousand rules ask
/// this of every pattern, so that nothing is made but what is chosen.
pub(in crate::scan) struct Chooser<'b> {
    background: &'b Background,
    best: Vec<u8>,
    next: Vec<u8>,
}

impl Chooser<'_> {
    pub(in crate::scan) fn new(background: &Background) -> Chooser<'_> {
        Chooser { background, best: Vec::new(), next: Vec::new() }
    }

    /// The first of equals; `None` where none has a word.
    pub(in crate::scan) fn cheapest<'l>(&mut self, literals: impl IntoIterator<Item = &'l str>) -> Option<Phrase> {
        let mut known: Option<(Way, Option<Cost>)> = None;
        for literal in literals {
            if !close(literal, &mut self.next) {
                continue;
            }
            let way = Way::of(self.next.len());
            let better = match &mut known {
                // How common it is need not be known where the way decides.
                Some((least, _)) if *least != way => (way < *least).then_some(None),
                Some((_, known)) => {
                    let least = *known.get_or_insert_with(|| cost(&self.best, self.background));
                    let own = cost(&self.next, self.background);
                    (own < least).then_some(Some(own))
                }
                None => Some(None),
            };
            if let Some(own) = better {
                known = Some((way, own));
                std::mem::swap(&mut self.best, &mut self.next);
            }
        }
        known.map(|_| Phrase { text: self.best.as_slice().into() })
    }
}

/// Writes a literal with one blank for each run of blanks; false where it has no word.
fn close(literal: &str, text: &mut Vec<u8>) -> bool {
    text.clear();
    let mut rest = literal.as_bytes();
    let mut any = false;
    while let Some(blank) = memchr::memchr2(b' ', b'\t', rest) {
        text.extend_from_slice(&rest[..blank]);
        any |= blank > 0;
        if text.last() != Some(&b' ') {
            text.push(b' ');
        }
        rest = &rest[blank + 1..];
    }
    text.extend_from_slice(rest);
    any || !rest.is_empty()
}

fn cost(text: &[u8], background: &Background) -> Cost {
    let way = Way::of(text.len());
    let common = match way {
        Way::Longer => background.common::<8>(text, Way::LONGER),
        Way::Long => background.common::<8>(text, Way::LONG),
        Way::Eighth => background.common::<4>(text, 11),
        _ => background.common::<4>(text, text.len()),
    };
    (way, common, usize::MAX - text.len())
}
