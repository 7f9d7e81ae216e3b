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
    /// By grams of eight bytes at every sixteenth or eighth byte, or by something rare in it.
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
    /// Bytes of a phrase for grams of eight bytes at every sixteenth and eighth byte.
    pub(super) const SIXTEENTH_BYTES: usize = 23;
    pub(super) const EIGHTH_BYTES: usize = 15;

    pub(super) fn of(bytes: usize) -> Way {
        match bytes {
            Way::EIGHTH_BYTES.. => Way::Long,
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
pub(in crate::scan) type Cost = (Way, usize, usize);

impl Phrase {
    /// `None` where there is no word. An empty word at either end stands for blanks there.
    pub(in crate::scan) fn new<'l>(words: impl IntoIterator<Item = &'l str>) -> Option<Phrase> {
        let words: Vec<&str> = words.into_iter().collect();
        let text = words.join(" ").into_bytes().into_boxed_slice();
        words.iter().any(|word| !word.is_empty()).then_some(Phrase { text })
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(in crate::scan) fn is_ascii(&self) -> bool {
        self.text.is_ascii()
    }

    pub(in crate::scan) fn cost(&self, background: &Background) -> Cost {
        let way = Way::of(self.text.len());
        let common = match way {
            Way::Long => background.common::<8>(&self.text, Way::EIGHTH_BYTES),
            Way::Eighth => background.common::<4>(&self.text, 11),
            _ => background.common::<4>(&self.text, self.text.len()),
        };
        (way, common, usize::MAX - self.text.len())
    }

    /// Whether it stands at a place, with one blank between its words.
    pub(super) fn stands(&self, text: &[u8], place: usize) -> bool {
        text.get(place..)
            .and_then(|rest| rest.get(..self.text.len()))
            .is_some_and(|here| here.eq_ignore_ascii_case(&self.text))
    }
}
