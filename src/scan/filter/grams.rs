//! Text told by one gram of G bytes in every S bytes.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64, u32x16, u64x8};

use super::background::Background;
use super::bits::{Bits, Words};
use super::phrase::Way;
use super::{Anchor, Marked, Search};

/// Sets the bit that tells small letters from capital ones in every byte.
pub(super) const FOLD: u64 = 0x2020_2020_2020_2020;
const FOLD_BYTE: u8 = 0x20;

/// Bytes of a vector, and bytes beyond a block that its last gram may need.
const GO: usize = 64;
const BEYOND: usize = 8;

/// Bytes of a lane of a vector.
const LANE: usize = 4;

/// Grams that are asked for together: as many as a vector has lanes.
const TOGETHER: usize = 16;

/// Grams whose words are taken out of the set in one go.
const RUN: usize = 32 * TOGETHER;

/// Of more phrases the grams for a long stride would be so many that the processor has them no longer near.
pub(super) const LONG_STRIDE: usize = 4000;

/// Bytes of the longest window.
const LONGEST: usize = Way::LONGER;

/// An odd factor that spreads numbers.
const SPREAD: u32 = 0x9e37_79b1;

/// Where a gram stands: in which window, and how far from its beginning.
#[derive(Clone, Copy, Debug)]
struct Entry {
    gram: u64,
    window: u32,
    offset: u32,
}

/// The part of a phrase that is looked for, which may be that of several phrases.
#[derive(Debug)]
struct Window {
    bytes: [u8; LONGEST],
    /// Its phrases, and how far from the beginning of each it stands.
    owners: Vec<(u32, u32)>,
}

/// The part of a phrase that is looked for, before those that are the same are put together.
struct Chosen<'p> {
    window: [u8; LONGEST],
    anchor: Anchor<'p>,
    /// How far from the phrase's beginning it stands.
    offset: usize,
}

/// What stands beside grams.
#[derive(Debug)]
struct Beside {
    set: Bits,
    /// Some grams are there alone: nothing that is the same in all of their phrases stands beside them.
    alone: bool,
}

/// The grams of some windows.
#[derive(Debug)]
pub(super) struct Grams<const G: usize, const S: usize> {
    bits: Bits,
    /// Every gram of eight bytes with the one beside it in its phrases, if all of them have the same one there: words that
    /// stand everywhere (` package`) are told by what stands beside them.
    beside: Option<Beside>,
    windows: Vec<Window>,
    /// All grams in the order of their groups.
    entries: Vec<Entry>,
    /// Where in `entries` those of each group begin.
    index: Vec<u32>,
    /// As a power of two.
    groups: u32,
}

impl Beside {
    /// Of so many grams, each with where its window stands in phrases.
    fn of<'c>(count: usize, grams: impl Iterator<Item = (Entry, &'c [Chosen<'c>])>) -> Beside {
        let mut beside = Beside { set: Bits::small(count), alone: false };
        for (Entry { gram: own, offset, .. }, same) in grams {
            let mut both = same.iter().map(|chosen| {
                let (text, at) = (chosen.anchor.bytes, chosen.offset + offset as usize);
                let gram_at = |at: usize| gram::<8>(text.get(at..)?);
                match gram_at(at + 8) {
                    Some(after) => Some(both(own, after)),
                    None => Some(both(gram_at(at.checked_sub(8)?)?, own)),
                }
            });
            let first = both.next().flatten().filter(|first| both.all(|other| other == Some(*first)));
            beside.alone |= first.is_none();
            beside.set.add(first.unwrap_or_else(|| alone(own)));
        }
        beside
    }
}

/// Looks for long phrases, at the longest stride that all of them allow: they share one pass.
pub(super) fn long(anchors: &[Anchor<'_>], background: &Background) -> Option<Box<dyn Search>> {
    if anchors.len() <= LONG_STRIDE && anchors.iter().all(|anchor| anchor.bytes.len() >= Way::LONGER) {
        Grams::<8, 16>::search(anchors, background)
    } else {
        Grams::<8, 8>::search(anchors, background)
    }
}

impl<const G: usize, const S: usize> Grams<G, S> {
    /// Bytes of which S neighbouring grams stand.
    const WINDOW: usize = G + S - 1;

    /// `None` for no phrases. Each must have as many bytes as a window has.
    pub(super) fn search(anchors: &[Anchor<'_>], background: &Background) -> Option<Box<dyn Search>> {
        Self::new(anchors, background).map(|grams| Box::new(grams) as Box<dyn Search>)
    }

    fn new<'p>(anchors: &[Anchor<'p>], background: &Background) -> Option<Self> {
        let choose = |anchor: &Anchor<'p>| {
            let offset = background.rarest::<G>(anchor.bytes, Self::WINDOW)?;
            let mut window = [0; LONGEST];
            for (byte, own) in window.iter_mut().zip(anchor.bytes.get(offset..offset + Self::WINDOW)?) {
                *byte = own | FOLD_BYTE;
            }
            Some(Chosen { window, anchor: *anchor, offset })
        };
        let mut chosen: Vec<Chosen<'_>> = anchors.iter().filter_map(choose).collect();
        chosen.sort_unstable_by_key(|own| (number(&own.window), own.anchor.phrase));
        let same: Vec<&[Chosen<'_>]> = chosen.chunk_by(|one, next| one.window == next.window).collect();
        let owner = |own: &Chosen<'_>| Some((own.anchor.phrase, u32::try_from(own.offset).ok()?));
        let window =
            |same: &[Chosen<'_>]| Window { bytes: same[0].window, owners: same.iter().filter_map(owner).collect() };
        let windows: Vec<Window> = same.iter().map(|same| window(same)).collect();
        let count = windows.len() * S;
        let entries = || {
            (0..).zip(&windows).flat_map(|(window, Window { bytes, .. })| {
                let grams = (0..).zip(bytes[..Self::WINDOW].windows(G));
                grams.filter_map(move |(offset, text)| Some(Entry { gram: gram::<G>(text)?, window, offset }))
            })
        };
        let numbers = || entries().map(|entry| entry.gram);
        let bits = (count > 0).then(|| Bits::new((count, numbers()), &background.grams::<G>()))?;
        let beside = (G == 8)
            .then(|| Beside::of(count, entries().filter_map(|own| Some((own, *same.get(own.window as usize)?)))));
        let groups = count.next_power_of_two().ilog2();
        let mut index = vec![0; (1 << groups) + 1];
        let group = |gram: u64| group(&bits, groups, gram);
        for gram in numbers() {
            index[group(gram) + 1] += 1;
        }
        for at in 1..index.len() {
            index[at] += index[at - 1];
        }
        let mut next = index.clone();
        let mut sorted = vec![Entry { gram: 0, window: 0, offset: 0 }; count];
        for entry in entries() {
            let at = &mut next[group(entry.gram)];
            sorted[*at as usize] = entry;
            *at += 1;
        }
        Some(Self { bits, beside, windows, entries: sorted, index, groups })
    }

    /// Of places of grams, those where what stands beside them may be what stands beside them in a window.
    fn unless_strange<'p>(&self, text: &[u8], places: &'p mut [usize]) -> &'p [usize] {
        let Some(Beside { set, alone }) = &self.beside else { return places };
        let kept = match &set.words {
            Words::Few(words) => keep(text, places, *alone, |number| set.maybe_in(words, number)),
            Words::Some(words) => keep(text, places, *alone, |number| set.maybe_in(words, number)),
            Words::Many(words) => keep(text, places, *alone, |number| set.maybe_in(words, number)),
        };
        &places[..kept]
    }

    /// Looks up the gram at a place.
    fn look_up_at(&self, text: &[u8], at: usize, see: &mut dyn FnMut(usize, u32)) {
        if let Some(gram) = text.get(at..).and_then(gram::<G>) {
            self.look_up(gram, (text, at), see);
        }
    }

    fn look_up(&self, gram: u64, (text, at): (&[u8], usize), see: &mut dyn FnMut(usize, u32)) {
        let group = group(&self.bits, self.groups, gram);
        let end = |group: usize| self.index.get(group).map_or(0, |end| *end as usize);
        let entries = self.entries.get(end(group)..end(group + 1)).unwrap_or_default();
        for entry in entries.iter().filter(|entry| entry.gram == gram) {
            let (Some(begin), Some(window)) =
                (at.checked_sub(entry.offset as usize), self.windows.get(entry.window as usize))
            else {
                continue;
            };
            let here = text.get(begin..begin + Self::WINDOW).unwrap_or_default();
            if here.len() == Self::WINDOW && is_folded(here, &window.bytes[..Self::WINDOW]) {
                for (phrase, offset) in &window.owners {
                    if let Some(begin) = begin.checked_sub(*offset as usize) {
                        see(begin, *phrase);
                    }
                }
            }
        }
    }
}

impl<const G: usize, const S: usize> Search for Grams<G, S> {
    fn find(&self, text: &[u8], marked: &mut Marked, see: &mut dyn FnMut(usize, u32)) {
        let blocks = text.len().saturating_sub(BEYOND) / Self::BLOCK * Self::BLOCKS;
        marked.begin(blocks);
        match &self.bits.words {
            Words::Few(words) => dispatch!(Level::new(), simd => self.mark(simd, words, (text, blocks), marked)),
            Words::Some(words) => dispatch!(Level::new(), simd => self.mark(simd, words, (text, blocks), marked)),
            Words::Many(words) => dispatch!(Level::new(), simd => self.mark(simd, words, (text, blocks), marked)),
        }
        let places = marked.places(Self::APART);
        for at in self.unless_strange(text, places) {
            self.look_up_at(text, *at, see);
        }
        for at in (Self::begin(blocks)..text.len()).step_by(S) {
            self.look_up_at(text, at, see);
        }
    }
}

impl<const G: usize, const S: usize> Grams<G, S> {
    /// Bytes from one gram to the next of those that are asked for together: never fewer than what a lane has, so that for
    /// shorter strides several blocks begin in the room of one.
    const APART: usize = if S < LANE { LANE } else { S };
    const BLOCK: usize = TOGETHER * Self::APART;
    const BLOCKS: usize = Self::APART / S;

    /// Where a block begins.
    const fn begin(block: usize) -> usize {
        block / Self::BLOCKS * Self::BLOCK + block % Self::BLOCKS * S
    }

    /// Marks the grams of so many blocks of a text that may be some.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn mark<V: Simd, const W: usize>(
        &self,
        simd: V,
        words: &[u32; W],
        (text, blocks): (&[u8], usize),
        marked: &mut Marked,
    ) {
        let (mut places, mut masks) = ([0; RUN], [0; RUN]);
        for run in (0..blocks).step_by(RUN / TOGETHER) {
            let run = run..blocks.min(run + RUN / TOGETHER);
            for (block, (places, masks)) in run.clone().zip(together(&mut places).zip(together(&mut masks))) {
                let block = &text[Self::begin(block)..][..Self::BLOCK];
                let [own, bits] = self.bits.places::<W, V>(Self::halves(simd, block));
                (*places, *masks) = (own.into(), bits.into());
            }
            take(words, &mut places[..run.len() * TOGETHER]);
            for (block, (words, masks)) in run.zip(together(&mut places).zip(together(&mut masks))) {
                let left = u32x16::from_slice(simd, &words[..]) & u32x16::from_slice(simd, &masks[..]);
                marked.add(Self::begin(block), left.simd_eq(0).to_bitmask());
            }
        }
    }

    /// The lower and the upper halves of the grams that begin at every `APART`th byte of a block, blind to case.
    #[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
    #[inline(always)]
    fn halves<V: Simd>(simd: V, block: &[u8]) -> [u32x16<V>; 2] {
        let none = u32x16::splat(simd, 0);
        match (G, S) {
            (8, 16) => pairs(long_pairs(simd, &block[..2 * GO]), long_pairs(simd, &block[2 * GO..4 * GO])),
            (8, 8) => pairs(fold(simd, &block[..GO]), fold(simd, &block[GO..2 * GO])),
            (4, 8) => [pairs(fold(simd, &block[..GO]), fold(simd, &block[GO..2 * GO]))[0], none],
            _ => [fold(simd, &block[..GO]), none],
        }
    }
}

/// Keeps those of the places of grams of eight bytes that may have one of the numbers of two grams side by side, or of one
/// alone, if there are such; says how many those are.
fn keep(text: &[u8], places: &mut [usize], any_alone: bool, maybe: impl Fn(u64) -> bool) -> usize {
    let mut kept = 0;
    for at in 0..places.len() {
        let place = places[at];
        // Most have room for three grams.
        let beside = place.checked_sub(8).and_then(|from| text.get(from..)?.first_chunk::<24>());
        let is_kept = beside.is_none_or(|beside| {
            let [before, own, after] = [0, 8, 16]
                .map(|from| beside[from..].first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight) | FOLD));
            maybe(both(own, after)) | maybe(both(before, own)) | (any_alone && maybe(alone(own)))
        });
        // Written down whether it is kept or not: what is never sure is quicker so than asked.
        places[kept] = place;
        kept += usize::from(is_kept);
    }
    kept
}

/// Takes the words out that stand at some places. It stands outside of `dispatch`, or one instruction would take many at
/// once, which is no quicker than one after the other.
#[inline(never)]
fn take<const W: usize>(words: &[u32; W], places: &mut [u32]) {
    for place in places {
        // The number of words is a power of two, so no place lies beyond it.
        *place = words[*place as usize & (W - 1)];
    }
}

/// The places of grams that are asked for together.
fn together(grams: &mut [u32; RUN]) -> impl Iterator<Item = &mut [u32; TOGETHER]> {
    grams.as_chunks_mut::<TOGETHER>().0.iter_mut()
}

/// Blind to case.
#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn fold<V: Simd>(simd: V, bytes: &[u8]) -> u32x16<V> {
    (u8x64::from_slice(simd, bytes) | FOLD_BYTE).bitcast()
}

/// Every other eight bytes of two vectors.
#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn long_pairs<V: Simd>(simd: V, bytes: &[u8]) -> u32x16<V> {
    let [one, other] = [fold(simd, &bytes[..GO]), fold(simd, &bytes[GO..])];
    one.bitcast::<u64x8<V>>().unzip_low(other.bitcast::<u64x8<V>>()).bitcast()
}

/// The even and the odd fourth bytes of two vectors.
#[expect(clippy::inline_always, reason = "what the processor can do is known only inside of `dispatch`")]
#[inline(always)]
fn pairs<V: Simd>(one: u32x16<V>, other: u32x16<V>) -> [u32x16<V>; 2] {
    [one.unzip_low(other), one.unzip_high(other)]
}

/// Whether a text blind to case is another of as many bytes: eight of them at a time.
#[inline]
fn is_folded(text: &[u8], folded: &[u8]) -> bool {
    let ((eights, rest), (own, last)) = (text.as_chunks::<8>(), folded.as_chunks::<8>());
    eights.iter().zip(own).all(|(eight, own)| u64::from_le_bytes(*eight) | FOLD == u64::from_le_bytes(*own))
        && rest.iter().zip(last).all(|(byte, own)| byte | FOLD_BYTE == *own)
}

/// Which of the groups, a power of two in number, a gram is in.
fn group(bits: &Bits, groups: u32, gram: u64) -> usize {
    // Groups and words of the set are told by different bits, or those that get through would be in few groups.
    (bits.hash(gram).wrapping_mul(SPREAD) >> 1 >> (u32::BITS - 1 - groups)) as usize
}

/// One number for two grams side by side.
#[inline]
fn both(one: u64, next: u64) -> u64 {
    (one ^ next.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ next
}

/// One number for a gram with nothing beside it.
#[inline]
fn alone(own: u64) -> u64 {
    own.wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(32)
}

/// The bytes of a window as numbers, which compare faster.
fn number(window: &[u8; LONGEST]) -> (u128, u64) {
    let (first, rest) = window.split_at(size_of::<u128>());
    let first = first.first_chunk().map_or(0, |bytes| u128::from_be_bytes(*bytes));
    (first, rest.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// The gram that a text begins with, blind to case.
pub(super) fn gram<const G: usize>(text: &[u8]) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..G)?.copy_from_slice(text.get(..G)?);
    Some((u64::from_le_bytes(bytes) | FOLD) & (u64::MAX >> (64 - 8 * G)))
}
