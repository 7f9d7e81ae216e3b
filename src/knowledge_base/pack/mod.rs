//! A knowledge base as one file: everything it compiles to, with the default's parts that lie under it.
//!
//! ```text
//! 0   8  what it is
//! 8   8  length of what follows the head
//! 16 32  blake3 of the head (with zeros here) and of what follows
//! 48  4  form of what follows
//! 52  6  oldest program that reads it: major, minor, patch
//! 58     the knowledge base, in postcard
//! ```
//!
//! Numbers have their low byte first. The first three stay where they are in every form to come, so that a damaged pack is
//! known from one of another form. Rules lie in it one by one, with an outline of each and what is looked for in every log
//! kind: a rule is read when a log has something to do with it. What takes longer to load than to make is not in it:
//! automata and filters of phrases, compiled expressions. Neither are tests, places in files, and secrets.

mod fault;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use super::KnowledgeBase;
use crate::draft::{Settings, Templates};
use crate::rule::RuleSet;
use crate::source::SourceMap;

pub use fault::PackFault;

/// What a pack begins with: no text file does, and a copy that changes line ends changes it.
const MAGIC: [u8; 8] = *b"\x89CBPK\r\n\x1a";

/// The form this program writes and reads.
const FORM: u32 = 3;

/// The oldest program that understands what this one writes; raised when the language means more than it did.
const OLDEST: Release = Release([0, 1, 0]);

/// Length of the head.
const HEAD: usize = 58;

/// Where the checksum stands in it.
const SUM: std::ops::Range<usize> = 16..48;

/// A setting that no pack carries: packs are handed around, and a password comes from the environment.
const SECRET: &str = "portal.password";

/// A release of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Release([u16; 3]);

impl Release {
    /// This program's.
    fn own() -> Release {
        let mut parts = env!("CARGO_PKG_VERSION").split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
        Release([(); 3].map(|()| parts.next().unwrap_or(0)))
    }
}

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Release([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// What a pack holds, as it is written.
type Written<'k> = (&'k str, &'k str, [&'k [String]; 2], &'k Settings, &'k RuleSet, &'k Templates);

/// The same, as it is read.
type Read = (String, String, [Vec<String>; 2], Settings, RuleSet, Templates);

/// What is wrong with a pack that names what it has not.
const NOT_THERE: &str = "something is named that is not there";

/// The fault of a rule that was asked for, and could not be read; `None` where all is well so far.
#[must_use]
pub fn fault_of_rules(base: &KnowledgeBase) -> Option<PackFault> {
    base.rules.rules.damaged().then(|| PackFault::Content { why: NOT_THERE.to_owned() })
}

/// Whether a pack of this knowledge base leaves a secret out.
#[must_use]
pub fn leaves_out_a_secret(base: &KnowledgeBase) -> bool {
    base.settings.get(SECRET).is_some()
}

/// The bytes of a knowledge base; the same for the same files, on every machine.
///
/// # Errors
///
/// It has a part that no pack can hold, which is a fault of the program.
pub fn write(base: &KnowledgeBase) -> Result<Vec<u8>, PackFault> {
    let mut settings = base.settings.clone();
    settings.values.remove(SECRET);
    let own = [base.own_rules.as_slice(), base.own_collections.as_slice()];
    let held: Written<'_> = (&base.name, &base.hash, own, &settings, &base.rules, &base.templates);
    let body = postcard::to_allocvec(&held).map_err(|error| PackFault::Content { why: error.to_string() })?;
    Ok(sealed(&body, FORM, OLDEST))
}

/// A head with its checksum, and what follows it.
fn sealed(body: &[u8], form: u32, oldest: Release) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + body.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&[0; SUM.end - SUM.start]);
    bytes.extend_from_slice(&form.to_le_bytes());
    oldest.0.iter().for_each(|part| bytes.extend_from_slice(&part.to_le_bytes()));
    bytes.extend_from_slice(body);
    let sum = checksum(&bytes);
    bytes[SUM].copy_from_slice(&sum);
    bytes
}

/// The checksum of a pack, whatever stands where it is kept.
fn checksum(bytes: &[u8]) -> [u8; 32] {
    let (before, rest) = bytes.split_at(SUM.start.min(bytes.len()));
    let after = rest.get(SUM.end - SUM.start..).unwrap_or_default();
    *blake3::Hasher::new().update(before).update(&[0; SUM.end - SUM.start]).update(after).finalize().as_bytes()
}

/// Reads the pack at `path`.
///
/// # Errors
///
/// It cannot be read, is no pack, is damaged, or was made for another program.
pub(super) fn load(path: &Path) -> Result<KnowledgeBase, PackFault> {
    let bytes = fs::read(path).map_err(|error| PackFault::Io { why: error.to_string() })?;
    read(&bytes)
}

/// Reads the bytes of a pack.
///
/// # Errors
///
/// They are no pack, are damaged, or were made for another program.
pub fn read(bytes: &[u8]) -> Result<KnowledgeBase, PackFault> {
    let body = opened(bytes)?;
    let content = |why: &dyn ToString| PackFault::Content { why: why.to_string() };
    let (held, rest) = postcard::take_from_bytes::<Read>(body).map_err(|error| content(&error))?;
    let (name, hash, [own_rules, own_collections], settings, rules, templates) = held;
    if !rest.is_empty() {
        return Err(content(&"more than a knowledge base"));
    }
    if !rules.is_sound() {
        return Err(content(&NOT_THERE));
    }
    let (map, diagnostics) = (SourceMap::new(), Vec::new());
    Ok(KnowledgeBase { name, hash, rules, templates, settings, map, diagnostics, own_rules, own_collections })
}

/// What follows the head, once the head and the checksum are right.
fn opened(bytes: &[u8]) -> Result<&[u8], PackFault> {
    if !bytes.starts_with(&MAGIC) {
        // The beginning of the mark alone is a pack cut short.
        let begun = !bytes.is_empty() && MAGIC.starts_with(bytes);
        return Err(if begun { short(HEAD, bytes) } else { PackFault::NoPack });
    }
    let (head, body) = bytes.split_at_checked(HEAD).ok_or_else(|| short(HEAD, bytes))?;
    let length = usize::try_from(u64::from_le_bytes(part(head, 8))).unwrap_or(usize::MAX);
    if length > body.len() {
        return Err(short(length.saturating_add(HEAD), bytes));
    }
    if length < body.len() || checksum(bytes) != part(head, SUM.start) {
        return Err(PackFault::Damaged);
    }
    let form = u32::from_le_bytes(part(head, 48));
    if form != FORM {
        return Err(PackFault::Form { found: form, own: FORM });
    }
    let oldest = Release([52, 54, 56].map(|at| u16::from_le_bytes(part(head, at))));
    if oldest > Release::own() {
        return Err(PackFault::Newer { oldest: oldest.to_string(), own: Release::own().to_string() });
    }
    Ok(body)
}

fn short(expected: usize, bytes: &[u8]) -> PackFault {
    PackFault::Short { expected: expected as u64, found: bytes.len() as u64 }
}

/// So many bytes of the head from `at` on; zeros past its end.
fn part<const N: usize>(head: &[u8], at: usize) -> [u8; N] {
    head.get(at..at + N).and_then(|part| part.try_into().ok()).unwrap_or([0; N])
}
