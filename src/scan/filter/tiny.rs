//! Literals of three bytes and less: an automaton that looks at each byte.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::Search;

/// Short literals. `check` tells their author what they cost.
#[derive(Debug)]
pub(super) struct Tiny {
    automaton: AhoCorasick,
    /// Which literal each pattern of the automaton is.
    literals: Vec<usize>,
}

impl Tiny {
    /// `None` for no literals.
    pub(super) fn search(literals: &[(usize, &[u8])]) -> Option<Box<dyn Search>> {
        if literals.is_empty() {
            return None;
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(literals.iter().map(|(_, literal)| literal))
            .ok()?;
        Some(Box::new(Tiny { automaton, literals: literals.iter().map(|(at, _)| *at).collect() }))
    }
}

impl Search for Tiny {
    fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, usize)) {
        for found in self.automaton.find_overlapping_iter(text) {
            if let Some(literal) = self.literals.get(found.pattern().as_usize()) {
                see(found.start(), *literal);
            }
        }
    }
}
