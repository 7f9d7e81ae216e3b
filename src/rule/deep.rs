//! Conditions and filters as a pack stores them. One that nests deeper than any rule can be written is refused, lest
//! reading it, or asking it, runs out of stack.

use std::cell::Cell;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Condition, Filter};

/// Nesting at the most: the grammar allows 32 levels of parentheses, each with a handful of operators between.
const DEEPEST: u16 = 256;

thread_local! {
    static DEPTH: Cell<u16> = const { Cell::new(0) };
}

/// One level further down for as long as it lives.
struct Level;

impl Level {
    fn enter<E: serde::de::Error>() -> Result<Level, E> {
        let depth = DEPTH.get();
        if depth >= DEEPEST {
            return Err(E::custom("nested too deep"));
        }
        DEPTH.set(depth + 1);
        Ok(Level)
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
        let _level = Level::enter::<D::Error>()?;
        // The derived one, which serde puts beside the type.
        Condition::deserialize(deserializer)
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Condition::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Filter, D::Error> {
        let _level = Level::enter::<D::Error>()?;
        Filter::deserialize(deserializer)
    }
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Filter::serialize(self, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::DEEPEST;
    use crate::rule::{Condition, EvidenceId};

    fn nested(levels: u16) -> Condition {
        (1..levels).fold(Condition::Evidence(EvidenceId(0)), |inner, _| Condition::Not(Box::new(inner)))
    }

    #[test]
    fn what_nests_too_deep_is_refused() {
        let read = |levels| {
            let bytes = postcard::to_allocvec(&nested(levels)).unwrap();
            postcard::from_bytes::<Condition>(&bytes)
        };
        assert!(read(DEEPEST).is_ok());
        assert!(read(DEEPEST + 1).is_err());
        assert!(read(DEEPEST).is_ok(), "the count begins anew");
        let endless = vec![3; 1 << 20];
        assert!(postcard::from_bytes::<Condition>(&endless).is_err());
    }
}
