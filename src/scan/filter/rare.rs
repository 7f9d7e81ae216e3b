//! Phrases that are too short for long grams, but hold a few letters that ordinary text has nowhere: error codes, names
//! of constants, numbered units.
//!
//! Many of them hold the same letters (`_E_`, `0x8`), so a handful of such snippets stands for hundreds of phrases, and so
//! few are looked for at once as fast as one. Where a snippet stands, the phrase around it is looked up by its letters.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::Span;
use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::background::Background;
use super::phrase::Way;
use super::{Anchor, Search};

/// Bytes of a snippet.
const SNIPPET: usize = 3;

/// Snippets that are looked for at once, each way of writing them in capital and small letters counted.
const AT_ONCE: usize = 32;

/// A snippet that ordinary text has more often than this is not rare.
const ORDINARY: usize = 500;

/// So many places of a snippet in ordinary text cost as much as looking for one snippet more.
const NEGLIGIBLE: usize = 20;

/// Bytes of a phrase by which it is looked up.
const KEY: usize = 8;

/// Rare snippets, and the phrases that hold them.
#[derive(Debug)]
pub(super) struct Rare {
    searcher: Searcher,
    /// The snippet that each pattern of the searcher is.
    snippets: Vec<usize>,
    /// The phrases that hold each snippet.
    holders: Vec<Vec<Alike>>,
}

/// Phrases of the same length that hold a snippet at the same place.
#[derive(Debug)]
struct Alike {
    place: usize,
    bytes: usize,
    /// Their last bytes and which they are, sorted.
    phrases: Vec<(u64, u32)>,
}

/// A snippet that was chosen, or may be.
#[derive(Clone, Debug)]
struct Snippet {
    bytes: [u8; SNIPPET],
    /// How often ordinary text has it.
    ordinary: usize,
    /// The phrases to look for by it, by their positions.
    holders: Vec<usize>,
}

impl Rare {
    /// Takes phrases that can be looked for by rare snippets out of `anchors`: short ones, and those that would keep all
    /// others from a longer stride.
    pub(super) fn search(anchors: &mut Vec<Anchor<'_>>, background: &Background) -> Option<Box<dyn Search>> {
        let mut chosen = Vec::new();
        cover(&mut chosen, anchors, 0..Way::EIGHTH_BYTES, background);
        let mut more = chosen.clone();
        if cover(&mut more, anchors, Way::EIGHTH_BYTES..Way::SIXTEENTH_BYTES, background) {
            chosen = more;
        }
        let mut builder = Config::new().match_kind(MatchKind::LeftmostFirst).builder();
        let mut snippets = Vec::new();
        for (at, snippet) in chosen.iter().enumerate() {
            for written in cases(&snippet.bytes) {
                builder.add(written);
                snippets.push(at);
            }
        }
        // Without the processor's help the other ways are as good.
        let searcher = builder.build().filter(|_| !chosen.is_empty())?;
        let holders = chosen.iter().map(|snippet| snippet.alike(anchors)).collect();
        let mut taken = vec![false; anchors.len()];
        for at in chosen.iter().flat_map(|snippet| &snippet.holders) {
            taken[*at] = true;
        }
        let mut taken = taken.into_iter();
        anchors.retain(|_| !taken.next().unwrap_or_default());
        Some(Box::new(Rare { searcher, snippets, holders }))
    }
}

impl Search for Rare {
    fn find(&self, text: &[u8], see: &mut dyn FnMut(usize, u32)) {
        let mut from = 0;
        while let Some(found) = self.searcher.find_in(text, Span::from(from..text.len())) {
            from = found.start() + 1;
            let holders = self.snippets.get(found.pattern().as_usize()).and_then(|at| self.holders.get(*at));
            for alike in holders.into_iter().flatten() {
                let Some(place) = found.start().checked_sub(alike.place) else { continue };
                let Some(text) = text.get(place..place + alike.bytes) else { continue };
                let key = key(text);
                let first = alike.phrases.partition_point(|(own, _)| *own < key);
                for (_, phrase) in alike.phrases[first..].iter().take_while(|(own, _)| *own == key) {
                    see(place, *phrase);
                }
            }
        }
    }
}

impl Snippet {
    /// Its holders, those together that are alike.
    fn alike(&self, anchors: &[Anchor<'_>]) -> Vec<Alike> {
        let mut groups: BTreeMap<(usize, usize), Vec<(u64, u32)>> = BTreeMap::new();
        for Anchor { bytes, phrase } in self.holders.iter().filter_map(|at| anchors.get(*at)) {
            if let Some(place) = bytes.windows(SNIPPET).position(|here| here.eq_ignore_ascii_case(&self.bytes)) {
                groups.entry((place, bytes.len())).or_default().push((key(bytes), *phrase));
            }
        }
        let alike = |((place, bytes), mut phrases): (_, Vec<_>)| {
            phrases.sort_unstable();
            Alike { place, bytes, phrases }
        };
        groups.into_iter().map(alike).collect()
    }

    /// In how many ways of capital and small letters it is written.
    fn ways(&self) -> usize {
        1 << self.bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count()
    }

    /// What choosing it is worth, when so many phrases are found by it; `None` where there is no room for it.
    fn worth(&self, new: usize, room: usize) -> Option<usize> {
        let ways = self.ways();
        (new > 0 && ways <= room).then_some(new * 1000 / (ways * (1 + self.ordinary / NEGLIGIBLE)))
    }
}

/// The last bytes of a phrase, blind to case.
fn key(phrase: &[u8]) -> u64 {
    let last = &phrase[phrase.len().saturating_sub(KEY)..];
    last.iter().fold(0, |key, byte| key << 8 | u64::from(byte.to_ascii_lowercase()))
}

/// Chooses more snippets, as many as can be looked for at once, so that each phrase of so many bytes holds one; false
/// where some do not.
fn cover(chosen: &mut Vec<Snippet>, anchors: &[Anchor<'_>], bytes: Range<usize>, background: &Background) -> bool {
    let mut covered: Vec<bool> = anchors.iter().map(|anchor| !bytes.contains(&anchor.bytes.len())).collect();
    let mut choices = snippets(anchors, &covered, background);
    // What is looked for anyway costs nothing.
    for known in chosen.iter_mut() {
        let same = choices.iter().find(|snippet| snippet.bytes == known.bytes);
        known.holders.extend(same.into_iter().flat_map(|same| take(&same.holders, &mut covered)));
    }
    let mut room = AT_ONCE - chosen.iter().map(Snippet::ways).sum::<usize>();
    loop {
        let new = |snippet: &Snippet| snippet.holders.iter().filter(|at| !covered[**at]).count();
        let worth = choices.iter().enumerate().filter_map(|(at, own)| Some((own.worth(new(own), room)?, at)));
        let Some((_, best)) = worth.max_by_key(|(worth, at)| (*worth, usize::MAX - at)) else {
            return covered.iter().all(|covered| *covered);
        };
        let mut snippet = choices.swap_remove(best);
        snippet.holders = take(&snippet.holders, &mut covered);
        room -= snippet.ways();
        chosen.push(snippet);
    }
}

/// Those that are not covered yet, which they are from now on.
fn take(holders: &[usize], covered: &mut [bool]) -> Vec<usize> {
    let new: Vec<usize> = holders.iter().copied().filter(|at| !covered[*at]).collect();
    for at in &new {
        covered[*at] = true;
    }
    new
}

/// The rare snippets of all phrases that are not covered, in their order.
fn snippets(anchors: &[Anchor<'_>], covered: &[bool], background: &Background) -> Vec<Snippet> {
    let mut all: Vec<([u8; SNIPPET], usize)> = Vec::new();
    for (at, anchor) in anchors.iter().enumerate().filter(|(at, _)| !covered[*at]) {
        let snippets = anchor.bytes.windows(SNIPPET).filter_map(<[u8]>::first_chunk::<SNIPPET>);
        all.extend(snippets.map(|snippet| (snippet.map(|byte| byte.to_ascii_lowercase()), at)));
    }
    all.sort_unstable();
    all.dedup();
    let snippets = all.chunk_by(|one, next| one.0 == next.0).filter_map(|same| {
        let (bytes, _) = *same.first()?;
        let ordinary = background.snippet(&bytes);
        let holders = || same.iter().map(|(_, at)| *at).collect();
        (ordinary <= ORDINARY).then(|| Snippet { bytes, ordinary, holders: holders() })
    });
    snippets.collect()
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
