//! Phrases that are too short for long grams, but hold a few letters that ordinary text has nowhere: error codes, names
//! of constants, numbered units.
//!
//! Many of them hold the same letters (`_E_`, `0x8`), so a handful of such snippets stands for hundreds of phrases, and so
//! few are looked for at once as fast as one. Where a snippet stands, the phrase around it is looked up by its letters.

use std::collections::BTreeMap;

use super::Anchor;
use super::background::Background;
use super::phrase::Way;
use super::sweep::{SNIPPET, Sweep};

/// Snippets that are looked for at once: with more in a group, the tables would say "maybe" too often.
const AT_ONCE: usize = 24;

/// A snippet that ordinary text has more often than this is not rare.
const ORDINARY: usize = 500;

/// So many places of a snippet in ordinary text cost as much as looking for one snippet more.
const NEGLIGIBLE: usize = 20;

/// By which bytes beside a snippet a phrase is looked up: the first of which it has so many.
const BESIDE: [Beside; 4] = [Beside::After(7), Beside::Before(6), Beside::After(3), Beside::Before(2)];

/// Rare snippets, and the phrases that hold them.
#[derive(Debug, Default)]
pub(super) struct Rare {
    /// The snippets in small letters, sorted.
    snippets: Vec<([u8; SNIPPET], Vec<Alike>)>,
    /// A bit for what some snippets hash to, so that most others need not be looked up.
    known: [u64; 4],
}

/// Phrases that hold a snippet and are told by the bytes at the same place beside it.
#[derive(Debug)]
struct Alike {
    beside: Beside,
    /// Those bytes, which phrase they are of, and how far from its beginning the snippet is; sorted.
    phrases: Vec<(u64, u32, u32)>,
}

/// So many bytes beside a snippet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Beside {
    After(usize),
    Before(usize),
    /// None: the phrase has too few.
    Nothing,
}

/// A snippet that was chosen, or may be.
#[derive(Debug)]
struct Snippet {
    bytes: [u8; SNIPPET],
    /// How often ordinary text has it.
    ordinary: usize,
    /// The phrases to look for by it, by their positions.
    holders: Vec<usize>,
}

impl Rare {
    /// Takes short phrases that can be looked for by rare snippets out of `anchors`. `sweep` looks for the snippets.
    pub(super) fn take(anchors: &mut Vec<Anchor<'_>>, background: &Background, sweep: &mut Sweep) -> Rare {
        let mut chosen = cover(anchors, background);
        chosen.sort_unstable_by_key(|snippet| snippet.bytes);
        for snippet in &chosen {
            sweep.add(snippet.bytes, background.bytes());
        }
        let snippets = chosen.iter().map(|snippet| (snippet.bytes, snippet.alike(anchors))).collect();
        let mut taken = vec![false; anchors.len()];
        for at in chosen.iter().flat_map(|snippet| &snippet.holders) {
            taken[*at] = true;
        }
        let mut taken = taken.into_iter();
        anchors.retain(|_| !taken.next().unwrap_or_default());
        let mut known = [0; 4];
        for (word, bit) in chosen.iter().map(|snippet| place(snippet.bytes)) {
            known[word] |= 1 << bit;
        }
        Rare { snippets, known }
    }

    /// Calls `see` with the phrases that may stand around places where a snippet may stand.
    pub(super) fn find(&self, text: &[u8], places: &[u32], see: &mut dyn FnMut(usize, u32)) {
        for found in places.iter().map(|place| *place as usize) {
            let here = text.get(found..).and_then(|text| text.first_chunk::<SNIPPET>());
            let Some(here) = here.map(|here| here.map(|byte| byte.to_ascii_lowercase())) else { continue };
            let (word, bit) = place(here);
            if self.known[word] >> bit & 1 == 0 {
                continue;
            }
            let at = self.snippets.binary_search_by(|(snippet, _)| snippet.cmp(&here));
            let Some((_, holders)) = at.ok().and_then(|at| self.snippets.get(at)) else { continue };
            for alike in holders {
                let Some(key) = alike.beside.key(text, found) else { continue };
                let first = alike.phrases.partition_point(|(own, ..)| *own < key);
                for (_, phrase, place) in alike.phrases[first..].iter().take_while(|(own, ..)| *own == key) {
                    if let Some(begin) = found.checked_sub(*place as usize) {
                        see(begin, *phrase);
                    }
                }
            }
        }
    }
}

impl Snippet {
    /// Its holders, those together that are alike.
    fn alike(&self, anchors: &[Anchor<'_>]) -> Vec<Alike> {
        let mut groups: BTreeMap<Beside, Vec<(u64, u32, u32)>> = BTreeMap::new();
        for Anchor { bytes, phrase } in self.holders.iter().filter_map(|at| anchors.get(*at)) {
            let Some(place) = bytes.windows(SNIPPET).position(|here| here.eq_ignore_ascii_case(&self.bytes)) else {
                continue;
            };
            let told = BESIDE.iter().find_map(|beside| Some((*beside, beside.key(bytes, place)?)));
            let (beside, key) = told.unwrap_or((Beside::Nothing, 0));
            if let Ok(place) = u32::try_from(place) {
                groups.entry(beside).or_default().push((key, *phrase, place));
            }
        }
        let alike = |(beside, mut phrases): (_, Vec<_>)| {
            phrases.sort_unstable();
            Alike { beside, phrases }
        };
        groups.into_iter().map(alike).collect()
    }

    /// What choosing it is worth, when so many phrases are found by it; `None` for none.
    fn worth(&self, new: usize) -> Option<usize> {
        (new > 0).then_some(new * 1000 / (1 + self.ordinary / NEGLIGIBLE))
    }
}

/// Where the bit of a snippet is.
fn place(snippet: [u8; SNIPPET]) -> (usize, u32) {
    let [a, b, c] = snippet.map(u32::from);
    let hash = (a | b << 8 | c << 16).wrapping_mul(0x9e37_79b1) >> 24;
    ((hash >> 6) as usize & 3, hash & 63)
}

impl Beside {
    /// The bytes, blind to case; `None` where a text has not so many beside the snippet at `place`.
    fn key(self, text: &[u8], place: usize) -> Option<u64> {
        let bytes = match self {
            Beside::After(bytes) => text.get(place + SNIPPET..place + SNIPPET + bytes)?,
            Beside::Before(bytes) => text.get(place.checked_sub(bytes)?..place)?,
            Beside::Nothing => &[],
        };
        Some(bytes.iter().fold(0, |key, byte| key << 8 | u64::from(byte.to_ascii_lowercase())))
    }
}

/// Chooses snippets, as many as can be looked for at once, so that as many short phrases as can be hold one.
fn cover(anchors: &[Anchor<'_>], background: &Background) -> Vec<Snippet> {
    let mut covered: Vec<bool> = anchors.iter().map(|anchor| anchor.bytes.len() >= Way::LONG).collect();
    let mut choices = snippets(anchors, &covered, background);
    let mut chosen = Vec::new();
    while chosen.len() < AT_ONCE {
        let new = |snippet: &Snippet| snippet.holders.iter().filter(|at| !covered[**at]).count();
        let worth = choices.iter().enumerate().filter_map(|(at, own)| Some((own.worth(new(own))?, at)));
        let Some((_, best)) = worth.max_by_key(|(worth, at)| (*worth, usize::MAX - at)) else { break };
        let mut snippet = choices.swap_remove(best);
        snippet.holders = take(&snippet.holders, &mut covered);
        chosen.push(snippet);
    }
    chosen
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
