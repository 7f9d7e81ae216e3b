//! How many lines of a text stand before a place, without counting them all again.

/// Bytes between two places whose count is known.
pub const STEP: usize = 4 << 10;

/// The newlines of a text, counted on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newlines {
    /// All of them.
    pub all: u64,
    /// How many stand before every `STEP`th byte.
    pub steps: Vec<u32>,
}

impl Newlines {
    /// Those of a text.
    #[must_use]
    pub fn of(text: &[u8]) -> Newlines {
        let mut newlines = Newlines::default();
        for step in text.chunks(STEP) {
            newlines.steps.push(u32::try_from(newlines.all).unwrap_or(u32::MAX));
            newlines.all += count(step);
        }
        newlines
    }

    /// How many stand before `place` of the text, if so many stand before `known`, which is not after it.
    pub(super) fn before(&self, text: &[u8], place: usize, (known, before): (usize, u64)) -> u64 {
        let step = place / STEP;
        match self.steps.get(step) {
            Some(steps) if step * STEP > known => u64::from(*steps) + count(&text[step * STEP..place]),
            _ => before + count(&text[known..place]),
        }
    }
}

fn count(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_as_many_before_it_as_are_counted() {
        let text = "a line\n\nanother one\n".repeat(1000).into_bytes();
        let newlines = Newlines::of(&text);
        assert_eq!(newlines.all, 3000);
        for place in (0..text.len()).step_by(97) {
            for known in [0, place / 2, place.saturating_sub(1), place] {
                let known = (known, count(&text[..known]));
                assert_eq!(newlines.before(&text, place, known), count(&text[..place]), "{place} from {known:?}");
            }
        }
    }
}
