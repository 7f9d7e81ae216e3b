//! Regions of a file: where text of one byte a letter becomes text of two or the other way round, and where a crash left
//! zeros. All of it is told from the bytes around the place; nothing is told from far away.

/// Zeros in a row that are no text.
pub(super) const GAP: usize = 4;

/// How far beyond the bytes given one must see to tell a border.
pub(super) const AHEAD: usize = 256;

/// Bytes of a block of units that are looked at as one.
const GO: usize = 128;

/// What the mark of the other order of bytes looks like in this one.
const OTHER_MARK: u16 = 0xfffe;

/// Units looked at to tell text of two bytes.
const UNITS: usize = 16;

/// The order of bytes in a unit of UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// What begins at a border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Border {
    /// Zeros, so many.
    Gap(usize),
    /// Text of two bytes a unit, after a mark of so many bytes.
    Wide(Order, usize),
    /// Text of one byte a letter.
    Narrow,
}

impl Order {
    fn unit(self, pair: &[u8]) -> u16 {
        match (self, pair) {
            (Order::Little, &[low, high]) | (Order::Big, &[high, low]) => u16::from_be_bytes([high, low]),
            _ => 0,
        }
    }

    fn other(self) -> Order {
        match self {
            Order::Little => Order::Big,
            Order::Big => Order::Little,
        }
    }
}

/// A letter, digit, sign or blank of ASCII.
fn plain(unit: u16) -> bool {
    one_if_plain(unit) == 1
}

/// 1 for a unit that is [`plain`], else 0. Nothing is asked by itself, so that the compiler makes vectors of many.
fn one_if_plain(unit: u16) -> u16 {
    let sign = u16::from(unit.wrapping_sub(0x20) < 0x5f);
    sign | u16::from(unit == 9) | u16::from(unit == 10) | u16::from(unit == 13)
}

/// Plain, or of the blocks that European and East Asian text consists of.
fn good(unit: u16) -> bool {
    let european = matches!(unit, 0xa0..=0x17f | 0x400..=0x45f | 0x2010..=0x2026 | 0x2500..=0x257f);
    plain(unit) || european || matches!(unit, 0x3000..=0x30ff | 0x3400..=0x9fff | 0xfeff..=0xffef)
}

/// The order of bytes of a text of two bytes a unit that begins without a mark.
pub(super) fn unmarked(head: &[u8]) -> Option<Order> {
    if std::str::from_utf8(head).is_ok_and(|text| !text.contains('\0')) {
        return None;
    }
    let measure = |order: Order| {
        let units = head.chunks_exact(2).map(|pair| order.unit(pair)).filter(|unit| *unit != 0);
        units.fold((0, 0, 0), |(all, fits, ascii), unit| {
            (all + 1, fits + usize::from(good(unit)), ascii + usize::from(plain(unit)))
        })
    };
    let zeros = memchr::memchr_iter(0, head).count();
    let told = |order: Order| {
        let (all, fits, ascii) = measure(order);
        // Without a zero there is not one letter of ASCII, not even a newline.
        let enough = if zeros > 0 { ascii > 0 && all >= 4 && (ascii * 4 >= all || !all_utf8(head)) } else { all >= 8 };
        (all > 0 && enough && fits * 20 >= all * 19).then_some((ascii, fits))
    };
    match (told(Order::Little), told(Order::Big)) {
        (Some(little), Some(big)) if big > little => Some(Order::Big),
        (Some(_), _) => Some(Order::Little),
        (None, Some(_)) => Some(Order::Big),
        (None, None) => None,
    }
}

fn all_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// The first border in text of one byte a letter, looked for up to `limit`.
pub(super) fn in_narrow(bytes: &[u8], limit: usize) -> Option<(usize, Border)> {
    let mut from = 0;
    while let Some(at) = memchr::memchr2(0, 0xff, bytes.get(from..limit)?).map(|at| from + at) {
        let found = if bytes.get(at) == Some(&0) { at_zero(bytes, at) } else { at_mark(bytes, at) };
        if found.is_some() {
            return found;
        }
        from = at + zeros(bytes, at).max(1);
    }
    None
}

/// A mark in mid-file, where text of two bytes follows it.
fn at_mark(bytes: &[u8], at: usize) -> Option<(usize, Border)> {
    let follows = |from: usize, order: Order| {
        let next = bytes.get(from..)?;
        let units: Vec<u16> = next.chunks_exact(2).take(UNITS).map(|pair| order.unit(pair)).collect();
        let fits = units.iter().filter(|unit| good(**unit)).count();
        (!units.is_empty() && fits * 10 >= units.len() * 9).then_some(Border::Wide(order, 2))
    };
    if bytes.get(at + 1) == Some(&0xfe) {
        return Some((at, follows(at + 2, Order::Little)?));
    }
    let before = at.checked_sub(1)?;
    (bytes.get(before) == Some(&0xfe)).then_some((before, follows(at + 1, Order::Big)?))
}

/// What a zero means: a gap, the beginning of text of two bytes, or nothing.
fn at_zero(bytes: &[u8], at: usize) -> Option<(usize, Border)> {
    let run = zeros(bytes, at);
    if run >= GAP {
        return Some((at, Border::Gap(run)));
    }
    let wide = |from: usize, order: Order| {
        let mut units = bytes.get(from..)?.chunks_exact(2).take(4).map(|pair| order.unit(pair));
        let plain = units.by_ref().filter(|unit| plain(*unit)).count();
        (plain >= 3).then_some((from, Border::Wide(order, 0)))
    };
    // Windows writes the low byte first; the other order only where this one does not fit.
    let little = at.checked_sub(1).and_then(|before| wide(before, Order::Little));
    let (begins, border) = little.or_else(|| wide(at, Order::Big))?;
    Some((line_of(bytes, begins, border), border))
}

/// Chinese text of two bytes has no zero: a line that begins with it begins before the zero that was seen. Not so where
/// what stands there would be told for text of one byte at once: the two would take turns without end.
fn line_of(bytes: &[u8], at: usize, border: Border) -> usize {
    let Border::Wide(order, _) = border else { return at };
    let line = bytes.get(..at).and_then(|before| memchr::memrchr(b'\n', before)).map_or(0, |newline| newline + 1);
    let before = bytes.get(line..at).unwrap_or_default();
    let fits = before.len() % 2 == 0 && before.chunks_exact(2).all(|pair| good(order.unit(pair)));
    if fits && !before.is_ascii() && in_wide(before, before.len(), order).is_none() { line } else { at }
}

fn zeros(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| **byte == 0).count())
}

/// The first border in text of two bytes a unit, looked for up to `limit`, which is even.
pub(super) fn in_wide(bytes: &[u8], limit: usize, order: Order) -> Option<(usize, Border)> {
    let mut narrow = Narrow::default();
    for (number, block) in bytes.get(..limit)?.chunks(GO).enumerate() {
        // No row goes on through a block without a unit that may be of one.
        if !telling(block, order) {
            narrow = Narrow::default();
            continue;
        }
        for (place, pair) in block.chunks_exact(2).enumerate() {
            let at = number * GO + place * 2;
            let unit = order.unit(pair);
            if unit == 0 {
                let run = zeros(bytes, at);
                if run >= GAP {
                    return Some((at, Border::Gap(run)));
                }
            }
            if unit == OTHER_MARK {
                return Some((at, Border::Wide(order.other(), 2)));
            }
            if let Some(begins) = narrow.add(at, pair, unit) {
                return Some((begins, Border::Narrow));
            }
        }
    }
    None
}

/// Whether any unit of a block says more than that the text goes on.
fn telling(block: &[u8], order: Order) -> bool {
    match order {
        Order::Little => any_telling(block, u16::from_le_bytes),
        Order::Big => any_telling(block, u16::from_be_bytes),
    }
}

/// The same by what makes a unit of two bytes.
fn any_telling(block: &[u8], unit: impl Fn([u8; 2]) -> u16) -> bool {
    let told = block.as_chunks::<2>().0.iter().fold(0, |told, pair| {
        let unit = unit(*pair);
        let mark = u16::from(unit == 0) | u16::from(unit == OTHER_MARK);
        told | mark | (one_if_plain(unit & 0xff) & one_if_plain(unit >> 8))
    });
    told != 0
}

/// Units whose two bytes are both letters of ASCII: a few are Chinese characters, a row of them is text of one byte.
#[derive(Default)]
struct Narrow {
    begins: usize,
    length: usize,
    /// Those that no Chinese character has as its upper byte.
    low: usize,
    kinds: Vec<u16>,
}

impl Narrow {
    /// Takes a unit; where a row is told, the place where it begins.
    fn add(&mut self, at: usize, pair: &[u8], unit: u16) -> Option<usize> {
        if !pair.iter().all(|byte| plain(u16::from(*byte))) {
            if self.length > 0 {
                *self = Narrow::default();
            }
            return None;
        }
        if self.length == 0 {
            self.begins = at;
        }
        self.length += 1;
        self.low += usize::from(!(0x4e00..).contains(&unit));
        if self.kinds.len() < 6 && !self.kinds.contains(&unit) {
            self.kinds.push(unit);
        }
        let newline = pair == b"\r\n" && self.length > 1;
        let row = self.length >= 12 && self.low * 5 >= self.length && self.kinds.len() >= 6;
        (newline || row).then_some(self.begins)
    }
}

/// What text follows a gap whose last zero `bytes` begins with: how much of it to leave out, and the order of its bytes.
/// The upper byte of a letter of the big order is a zero too.
pub(super) fn after_gap(bytes: &[u8], before: Option<Order>) -> (usize, Option<Order>) {
    // Without a second zero, letters of ASCII are just that, though two of them side by side may be a Chinese character:
    // only where the text before was of two bytes, they may go on as such, and only if there is a byte for each half.
    let rest = bytes.get(1..(2 * UNITS).min(bytes.len())).unwrap_or_default();
    let narrow = !rest.is_empty() && rest.iter().all(|byte| plain(u16::from(*byte)));
    if narrow && (before != Some(Order::Big) || !bytes.len().is_multiple_of(2)) {
        return (1, None);
    }
    let told = |skipped: usize, order: Order| {
        let text = bytes.get(skipped..).unwrap_or_default();
        // What ends with half a letter soon is rather text that begins a byte before or after.
        let torn = text.len() < 2 * UNITS && !text.len().is_multiple_of(2) && before != Some(order);
        let units = || text.chunks_exact(2).take(UNITS).map(|pair| order.unit(pair));
        let all = units().count();
        let plain = units().filter(|unit| plain(*unit)).count();
        let fits = units().filter(|unit| good(*unit)).count();
        let same = before == Some(order) && !text.get(..all * 2).is_some_and(<[u8]>::is_ascii);
        all > 0 && !torn && fits * 10 >= all * 9 && (plain * 4 >= all.max(4) || same)
    };
    let mut tried = vec![(1, Order::Little), (1, Order::Big), (0, Order::Big)];
    if before == Some(Order::Big) {
        tried.reverse();
    }
    match tried.into_iter().find(|(skipped, order)| told(*skipped, *order)) {
        Some((skipped, order)) => (skipped, Some(order)),
        None => (1, None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, unit by unit.
    fn naive(bytes: &[u8], order: Order) -> Option<(usize, Border)> {
        let mut narrow = Narrow::default();
        bytes.chunks_exact(2).enumerate().find_map(|(number, pair)| {
            let (at, unit) = (number * 2, order.unit(pair));
            let gap = (unit == 0).then(|| zeros(bytes, at)).filter(|run| *run >= GAP);
            let mark = (unit == OTHER_MARK).then_some((at, Border::Wide(order.other(), 2)));
            gap.map(|run| (at, Border::Gap(run)))
                .or(mark)
                .or_else(|| narrow.add(at, pair, unit).map(|begins| (begins, Border::Narrow)))
        })
    }

    #[test]
    fn plain_units_are_those_of_ascii_that_are_seen_and_three_more() {
        assert!((0..=u16::MAX).all(|unit| plain(unit) == matches!(unit, 9 | 10 | 13 | 0x20..=0x7e)));
    }

    proptest! {
        #[test]
        fn borders_are_those_that_are_told_unit_by_unit(
            parts in proptest::collection::vec(
                prop_oneof![
                    "[a-z \r\n驱动更新𠮷中文é]{0,90}".prop_map(|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
                    "[a-z \r\n]{0,40}".prop_map(String::into_bytes),
                    Just(vec![0; 6]),
                    Just(vec![0xff, 0xfe]),
                    Just(vec![0xfe, 0xff]),
                    Just(vec![b'x']),
                ],
                0..12,
            ),
            little in any::<bool>(),
        ) {
            let mut bytes: Vec<u8> = parts.concat();
            let order = if little { Order::Little } else { Order::Big };
            bytes.truncate(bytes.len() / 2 * 2);
            prop_assert_eq!(in_wide(&bytes, bytes.len(), order), naive(&bytes, order));
        }
    }
}
