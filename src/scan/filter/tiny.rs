//! Phrases of three bytes and less: an automaton that looks at each byte.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{Anchor, Marked, Search};

/// A table for every byte is fast, and as large as the words are many.
const FEW: usize = 100;

/// Short words. `check` tells their author what they cost.
#[derive(Debug)]
pub(super) struct Tiny {
    automaton: AhoCorasick,
    /// Which phrase each pattern of the automaton is.
    phrases: Vec<u32>,
}

impl Tiny {
    /// `None` for no words.
    pub(super) fn search(anchors: &[Anchor<'_>]) -> Option<Box<dyn Search>> {
        if anchors.is_empty() {
            return None;
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind((anchors.len() < FEW).then_some(AhoCorasickKind::DFA))
            .build(anchors.iter().map(|anchor| anchor.bytes))
            .ok()?;
        Some(Box::new(Tiny { automaton, phrases: anchors.iter().map(|anchor| anchor.phrase).collect() }))
    }
}

impl Search for Tiny {
    fn find(&self, text: &[u8], _: &mut Marked, see: &mut dyn FnMut(usize, u32)) {
        for found in self.automaton.find_overlapping_iter(text) {
            if let Some(phrase) = self.phrases.get(found.pattern().as_usize()) {
                see(found.start(), *phrase);
            }
        }
    }
}
