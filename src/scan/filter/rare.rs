//! Phrases that are too short for long grams, or for the stride that all others allow, but hold a few letters that ordinary
//! text has nowhere: error codes, names of constants, numbered units.
//!
//! Many of them hold the same letters (`_E_`, `0x8`), so a handful of such snippets stands for hundreds of phrases, and so
//! few are looked for at once as fast as one. Where a snippet stands, the phrase around it is looked up by its letters.

use std::collections::BTreeMap;

use super::Anchor;
use super::background::Background;
use super::bits::Bits;
use super::grams::{FOLD, LONG_STRIDE};
use super::marked::Marked;
use super::phrase::Way;
use super::sweep::{SNIPPET, Sweep, alike};

/// Snippets that are looked for at once: with more in a group, the tables would say "maybe" too often.
const AT_ONCE: usize = 32;

/// Places for the positions of snippets: so many more than snippets that most other bytes meet none.
const HASHES: usize = 256;

/// A snippet that stands in ordinary text once in so many bytes, or more often, is not rare.
const ORDINARY: usize = 128;

/// If ordinary text has a snippet once in so many bytes, that costs as much as looking for one snippet more.
const NEGLIGIBLE: usize = 4096;

/// By which bytes beside a snippet a phrase is looked up: the first of which it has so many.
const BESIDE: [Beside; 4] = [Beside::After(7), Beside::Before(6), Beside::After(3), Beside::Before(2)];

/// Rare snippets, and the phrases that hold them.
#[derive(Debug, Default)]
pub(super) struct Rare {
    snippets: Vec<Known>,
    /// Which snippet a hash may be of: one more than its position.
    by_hash: Vec<u8>,
    /// Every snippet with what stands beside it in one of its phrases, so that hardly any other needs to be looked up.
    beside: Option<Bits>,
}

/// A snippet.
#[derive(Debug)]
struct Known {
    /// In small letters.
    bytes: [u8; SNIPPET],
    alike: Vec<Alike>,
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
    /// How often ordinary text has it: in so many bytes as cost as much as one snippet more.
    ordinary: usize,
    /// The phrases to look for by it, by their positions.
    holders: Vec<usize>,
}

impl Rare {
    /// Takes short phrases that can be looked for by rare snippets out of `anchors`.
    pub(super) fn take(anchors: &mut Vec<Anchor<'_>>, background: &Background) -> Rare {
        let chosen = choose(anchors, background);
        let known = |snippet: &Snippet| Known { bytes: snippet.bytes, alike: snippet.alike(anchors) };
        let snippets: Vec<Known> = chosen.iter().map(known).collect();
        let mut taken = vec![false; anchors.len()];
        for at in chosen.iter().flat_map(|snippet| &snippet.holders) {
            taken[*at] = true;
        }
        let mut taken = taken.into_iter();
        anchors.retain(|_| !taken.next().unwrap_or_default());
        let mut by_hash = vec![0; HASHES];
        let mut beside = Vec::new();
        for (position, Known { bytes, alike }) in (1..).zip(&snippets) {
            let mut at = hash(*bytes);
            while by_hash[at] != 0 {
                at = (at + 1) % HASHES;
            }
            by_hash[at] = position;
            for own in alike {
                beside.extend(own.phrases.iter().map(|(key, ..)| number(*bytes, *key)));
            }
        }
        let beside = (!beside.is_empty()).then(|| {
            let mut set = Bits::small(beside.len());
            for number in beside {
                set.add(number);
            }
            set
        });
        Rare { snippets, by_hash, beside }
    }

    /// Looks for the snippets; `None` where there are none.
    pub(super) fn sweep(&self, background: &Background) -> Option<Sweep> {
        let mut sweep = None;
        for snippet in &self.snippets {
            sweep.get_or_insert_with(Sweep::default).add(snippet.bytes, background.bytes());
        }
        sweep
    }

    /// Calls `see` with the phrases that may stand around places where a snippet may stand.
    pub(super) fn find(&self, text: &[u8], marked: &mut Marked, see: &mut dyn FnMut(usize, u32)) {
        let Some(beside) = &self.beside else { return };
        for found in marked.places(1).iter().copied() {
            let here = text.get(found..).and_then(|text| text.first_chunk::<SNIPPET>());
            let Some(here) = here.map(|here| here.map(|byte| byte.to_ascii_lowercase())) else { continue };
            let Some(snippet) = self.known(here) else { continue };
            for alike in &snippet.alike {
                let Some(key) = alike.beside.key(text, found).filter(|key| beside.maybe(number(here, *key))) else {
                    continue;
                };
                let first = alike.phrases.partition_point(|(own, ..)| *own < key);
                for (_, phrase, place) in alike.phrases[first..].iter().take_while(|(own, ..)| *own == key) {
                    if let Some(begin) = found.checked_sub(*place as usize) {
                        see(begin, *phrase);
                    }
                }
            }
        }
    }

    /// The snippet that is these bytes.
    #[inline]
    fn known(&self, bytes: [u8; SNIPPET]) -> Option<&Known> {
        let mut at = hash(bytes);
        loop {
            let position = usize::from(*self.by_hash.get(at)?).checked_sub(1)?;
            match self.snippets.get(position) {
                Some(own) if own.bytes == bytes => return Some(own),
                _ => at = (at + 1) % HASHES,
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
        (new > 0).then_some(new * 1000 / (1 + self.ordinary))
    }
}

impl Beside {
    /// The bytes, blind to case; `None` where a text has not so many beside the snippet at `place`.
    #[inline]
    fn key(self, text: &[u8], place: usize) -> Option<u64> {
        let (begin, bytes) = match self {
            Beside::After(bytes) => (place + SNIPPET, bytes),
            Beside::Before(bytes) => (place.checked_sub(bytes)?, bytes),
            Beside::Nothing => return Some(0),
        };
        let number = match text.get(begin..).and_then(|text| text.first_chunk::<8>()) {
            Some(eight) => u64::from_le_bytes(*eight),
            None => text.get(begin..begin + bytes)?.iter().rev().fold(0, |key, byte| key << 8 | u64::from(*byte)),
        };
        Some((number | FOLD) & (u64::MAX >> (u64::BITS as usize - 8 * bytes)))
    }
}

/// Where the position of a snippet is looked for first.
#[inline]
fn hash([one, two, three]: [u8; SNIPPET]) -> usize {
    (u32::from_le_bytes([one, two, three, 0]).wrapping_mul(0x9e37_79b1) >> 24) as usize % HASHES
}

/// A snippet with the bytes beside it, as one number.
#[inline]
fn number([one, two, three]: [u8; SNIPPET], key: u64) -> u64 {
    key ^ u64::from(u32::from_le_bytes([one, two, three, 0])).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Chooses snippets: for all phrases that would need a shorter stride than the other long ones, if each of them has one,
/// else only for those that are short.
fn choose(anchors: &[Anchor<'_>], background: &Background) -> Vec<Snippet> {
    let length = |at: usize| anchors.get(at).map_or(0, |anchor| anchor.bytes.len());
    let middling = |at: &usize| (Way::LONG..Way::LONGER).contains(&length(*at));
    let all = (0..anchors.len()).filter(middling).count();
    let long = (0..anchors.len()).filter(|at| length(*at) >= Way::LONGER).count();
    let longer = (all > 0 && long <= LONG_STRIDE).then(|| cover(anchors, background, Way::LONGER));
    let held =
        |chosen: &Vec<Snippet>| chosen.iter().flat_map(|own| &own.holders).filter(|at| middling(at)).count() == all;
    longer.filter(held).unwrap_or_else(|| cover(anchors, background, Way::LONG))
}

/// Chooses snippets, as many as can be looked for at once, so that as many phrases of less than `long` bytes as can be hold
/// one.
fn cover(anchors: &[Anchor<'_>], background: &Background, long: usize) -> Vec<Snippet> {
    let mut covered: Vec<bool> = anchors.iter().map(|anchor| anchor.bytes.len() >= long).collect();
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
    // Each with the position of its phrase in the lower half: numbers are put in order faster than bytes.
    let mut all: Vec<u64> = Vec::new();
    for (at, anchor) in (0u32..).zip(anchors).filter(|(at, _)| !covered[*at as usize]) {
        let snippets = anchor.bytes.windows(SNIPPET).filter_map(<[u8]>::first_chunk::<SNIPPET>);
        let number = |snippet: &[u8; SNIPPET]| {
            let [one, two, three] = snippet.map(|byte| byte.to_ascii_lowercase());
            u64::from(u32::from_be_bytes([0, one, two, three])) << u32::BITS | u64::from(at)
        };
        all.extend(snippets.map(number));
    }
    all.sort_unstable();
    all.dedup();
    let snippets = all.chunk_by(|one, next| one >> u32::BITS == next >> u32::BITS).filter_map(|same| {
        let [.., one, two, three] = (same.first()? >> u32::BITS).to_be_bytes();
        let bytes = [one, two, three];
        let ordinary = alike(bytes).map(|own| background.snippet(&own)).sum::<usize>();
        let position = |number: &u64| usize::try_from(number & u64::from(u32::MAX)).ok();
        let holders = || same.iter().filter_map(position).collect();
        let rare = ordinary * ORDINARY <= background.length();
        rare.then(|| Snippet { bytes, ordinary: ordinary * NEGLIGIBLE / background.length(), holders: holders() })
    });
    snippets.collect()
}
