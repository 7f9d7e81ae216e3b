//! Rules as a pack holds them: an outline of each, what is looked for in each log kind, and the rules one after the other as
//! bytes.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::lang::Localized;
use crate::logs::LogKindId;
use crate::rule::outline::{self, Outline, Sought};
use crate::rule::{Condition, Evidence, Rule, Severity};

/// Rules as a pack has them.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) written: Written,
    /// Those that were asked for.
    pub(super) read: Vec<OnceLock<Box<Rule>>>,
    /// Log kinds that rules may name; none as long as nobody has said which there are.
    pub(super) kinds: OnceLock<usize>,
    pub(super) damaged: AtomicBool,
}

/// What a pack holds of rules.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Written {
    pub(super) outlines: Vec<Outline>,
    /// What is looked for in each log kind.
    pub(super) sought: Vec<Bytes>,
    /// Where each rule ends in `rules`.
    ends: Vec<u32>,
    rules: Bytes,
}

/// Bytes, written as they are.
#[derive(Debug)]
pub(super) struct Bytes(Vec<u8>);

impl Stored {
    pub(super) fn rule(&self, at: usize) -> Option<&Rule> {
        let outline = self.written.outlines.get(at)?;
        let read = || {
            Box::new(self.read(at, outline).unwrap_or_else(|| {
                self.damaged.store(true, Ordering::Relaxed);
                nothing(outline)
            }))
        };
        Some(self.read.get(at)?.get_or_init(read))
    }

    fn read(&self, at: usize, outline: &Outline) -> Option<Rule> {
        let end = |at: usize| self.written.ends.get(at).map(|end| *end as usize);
        let begin = at.checked_sub(1).map_or(Some(0), end)?;
        let (rule, rest) = postcard::take_from_bytes::<Rule>(self.written.rules.0.get(begin..end(at)?)?).ok()?;
        let kinds = self.kinds.get().copied().unwrap_or(0);
        (rest.is_empty() && rule.is_sound(kinds) && Outline::of(&rule) == *outline).then_some(rule)
    }

    pub(super) fn sought(&self, log: LogKindId) -> Vec<Sought<'_>> {
        let Some(Bytes(bytes)) = self.written.sought.get(log.place()) else { return Vec::new() };
        let there = |own: &Sought<'_>| {
            self.written.outlines.get(own.rule).is_some_and(|outline| own.evidence.0 < outline.evidence)
        };
        match postcard::from_bytes::<Vec<Sought<'_>>>(bytes) {
            Ok(sought) if sought.iter().all(there) => sought,
            _ => {
                self.damaged.store(true, Ordering::Relaxed);
                Vec::new()
            }
        }
    }
}

/// A rule that finds nothing, in the place of one that cannot be read.
pub(super) fn nothing(outline: &Outline) -> Rule {
    let evidence = Evidence {
        name: String::new(),
        logs: Vec::new(),
        lines: Vec::new(),
        section: None,
        fields: Vec::new(),
        filter: None,
    };
    Rule {
        name: outline.name.clone(),
        title: Localized::default(),
        severity: Severity::Notice,
        products: Vec::new(),
        evidence: vec![evidence; outline.evidence],
        captures: Vec::new(),
        signature: Condition::Any(Vec::new()),
        explains: Vec::new(),
        causes: Vec::new(),
        tests: Vec::new(),
    }
}

impl Written {
    pub(super) fn new(rules: &[Rule]) -> Result<Written, postcard::Error> {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for rule in rules {
            bytes = postcard::to_extend(rule, bytes)?;
            ends.push(u32::try_from(bytes.len()).map_err(|_| postcard::Error::SerializeBufferFull)?);
        }
        let logs = rules.iter().flat_map(|rule| &rule.evidence).flat_map(|evidence| &evidence.logs);
        let kinds = logs.map(|log| log.place() + 1).max().unwrap_or(0);
        let sought = |log| Ok(Bytes(postcard::to_allocvec(&outline::sought(rules.iter(), LogKindId::at(log)))?));
        Ok(Written {
            outlines: rules.iter().map(Outline::of).collect(),
            sought: (0..kinds).map(sought).collect::<Result<_, postcard::Error>>()?,
            ends,
            rules: Bytes(bytes),
        })
    }
}

impl<'de> Deserialize<'de> for Stored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Stored, D::Error> {
        let written = Written::deserialize(deserializer)?;
        if written.ends.len() != written.outlines.len() {
            return Err(D::Error::custom("other rules than outlines"));
        }
        let read = written.outlines.iter().map(|_| OnceLock::new()).collect();
        Ok(Stored { written, read, kinds: OnceLock::new(), damaged: AtomicBool::new(false) })
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        deserializer.deserialize_bytes(BytesVisitor)
    }
}

struct BytesVisitor;

impl Visitor<'_> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes(bytes.to_vec()))
    }
}
