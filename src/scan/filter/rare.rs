//! Phrases that are too short for long grams, but hold a few letters that ordinary text has nowhere: error codes, names
//! of constants, numbered units.
//!
//! Many of them hold the same letters (`_E_`, `0x8`), so a handful of such snippets stands for hundreds of phrases, and so
//! few are looked for at once as fast as one. Where a snippet stands, the word around it is looked up by its letters.

use std::collections::HashMap;

use aho_corasick::Span;
use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::background::Background;
use super::{Anchor, Search};

/// Bytes of a snippet.
const SNIPPET: usize = 3;

/// Snippets that are looked for at once, each way of writing them in capital and small letters counted.
const AT_ONCE: usize = 32;

/// A snippet that ordinary text has more often than this is not rare.
const ORDINARY: usize = 500;

/// Bytes of a word by which it is looked up.
const KEY: usize = 8;

/// Rare snippets, and the words that hold them.
#[derive(Debug)]
pub(super) struct Rare {
    searcher: Searcher,
    /// The snippet that each pattern of the searcher is.
    snippets: Vec<usize>,
    words: Vec<Words>,
}

/// The words that hold a snippet, by how far from their beginning, and how many bytes they have.
type Words = Vec<(usize, usize, Vec<(u64, Owner)>)>;

/// A phrase, a word of it, and where that begins from where what is looked for begins.
type Owner = (u32, u32, i32);

/// A snippet, and the words that hold it with where it stands in them.
type Chosen = (Vec<u8>, Vec<(usize, usize)>);

/// A snippet that may be chosen.
#[derive(Debug, Default)]
struct Choice {
    /// The words that hold it, and where.
    holders: Vec<(usize, usize)>,
}

impl Rare {
    /// Takes words that can be looked for by rare snippets out of `anchors`.
    pub(super) fn search(anchors: &mut Vec<Anchor>, background: &Background) -> Option<Box<dyn Search>> {
        let chosen = choose(anchors, background);
        let mut builder = Config::new().match_kind(MatchKind::LeftmostFirst).builder();
        let (mut snippets, mut words) = (Vec::new(), Vec::new());
        for (at, (snippet, _)) in chosen.iter().enumerate() {
            for written in cases(snippet) {
                builder.add(written);
                snippets.push(at);
            }
        }
        // Without the processor's help the other ways are as good.
        let searcher = builder.build().filter(|_| !chosen.is_empty())?;
        let mut taken = vec![false; anchors.len()];
        for (_, holders) in chosen {
            let mut own: Words = Vec::new();
            for (at, offset) in holders {
                let Anchor { bytes, phrase, word, ahead } = &anchors[at];
                let length = bytes.len();
                let place = own.iter().position(|known| (known.0, known.1) == (offset, length)).unwrap_or_else(|| {
                    own.push((offset, length, Vec::new()));
                    own.len() - 1
                });
                own[place].2.push((key(bytes), (*phrase, *word, *ahead)));
                taken[at] = true;
            }
            for (.., by_key) in &mut own {
                by_key.sort_unstable();
            }
            words.push(own);
        }
        let mut taken = taken.into_iter();
        anchors.retain(|_| !taken.next().unwrap_or_default());
        Some(Box::new(Rare { searcher, snippets, words }))
    }
}

impl Search for Rare {
    fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, u32, u32)) {
        let mut from = 0;
        while let Some(found) = self.searcher.find_in(text, Span::from(from..text.len())) {
            from = found.start() + 1;
            let words = self.snippets.get(found.pattern().as_usize()).and_then(|at| self.words.get(*at));
            for (offset, length, by_key) in words.into_iter().flatten() {
                let Some(place) = found.start().checked_sub(*offset) else { continue };
                let Some(word) = text.get(place..place + length) else { continue };
                let key = key(word);
                let first = by_key.partition_point(|(own, _)| *own < key);
                for (_, (phrase, word, ahead)) in by_key[first..].iter().take_while(|(own, _)| *own == key) {
                    let place = isize::try_from(*ahead).ok().and_then(|ahead| place.checked_add_signed(ahead));
                    if let Some(place) = place {
                        see(place, *phrase, *word);
                    }
                }
            }
        }
    }
}

/// The last bytes of a word, blind to case.
fn key(word: &[u8]) -> u64 {
    let last = &word[word.len().saturating_sub(KEY)..];
    last.iter().fold(0, |key, byte| key << 8 | u64::from(byte.to_ascii_lowercase()))
}

/// Snippets of which each word holds one, as many as can be looked for at once, and the words by their positions with
/// where the snippet stands in them.
fn choose(anchors: &[Anchor], background: &Background) -> Vec<Chosen> {
    let mut choices: HashMap<Vec<u8>, Choice> = HashMap::new();
    for (at, anchor) in anchors.iter().enumerate() {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        for (offset, snippet) in anchor.bytes.windows(SNIPPET).enumerate() {
            let snippet = snippet.to_ascii_lowercase();
            if !seen.contains(&snippet) {
                choices.entry(snippet.clone()).or_default().holders.push((at, offset));
                seen.push(snippet);
            }
        }
    }
    let mut choices: Vec<(Vec<u8>, usize, Choice)> = choices
        .into_iter()
        .map(|(snippet, choice)| (background.snippet(&snippet), snippet, choice))
        .filter(|(ordinary, ..)| *ordinary <= ORDINARY)
        .map(|(ordinary, snippet, choice)| (snippet, ordinary, choice))
        .collect();
    choices.sort_by(|a, b| a.0.cmp(&b.0));
    let (mut covered, mut room) = (vec![false; anchors.len()], AT_ONCE);
    let mut chosen = Vec::new();
    loop {
        let worth = |(snippet, ordinary, choice): &(Vec<u8>, usize, Choice)| {
            let ways = cases(snippet).len();
            let new = choice.holders.iter().filter(|(at, _)| !covered[*at]).count();
            (new > 0 && ways <= room).then_some(new * 1000 / (ways * (1 + ordinary / 100)))
        };
        let best = choices.iter().enumerate().filter_map(|(at, choice)| Some((worth(choice)?, at)));
        let Some((_, at)) = best.max_by_key(|(worth, at)| (*worth, usize::MAX - at)) else {
            return chosen;
        };
        let (snippet, _, choice) = choices.swap_remove(at);
        room -= cases(&snippet).len();
        let own: Vec<(usize, usize)> = choice.holders.into_iter().filter(|(at, _)| !covered[*at]).collect();
        for (at, _) in &own {
            covered[*at] = true;
        }
        chosen.push((snippet, own));
    }
}

/// A snippet in all ways of capital and small letters.
fn cases(snippet: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    for byte in snippet {
        let mut next = Vec::new();
        for begun in &all {
            for written in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
                let more = [begun, [written].as_slice()].concat();
                if !next.contains(&more) {
                    next.push(more);
                }
            }
        }
        all = next;
    }
    all
}
