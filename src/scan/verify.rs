//! Whether a record satisfies the patterns of a piece of evidence, and what they capture.

use crate::logs::Body;
use crate::pattern::Match;
use crate::rule::{BoundPattern, CaptureId, Evidence};
use crate::value::Value;

/// The captures of a record that is a hit wherever it lies; `None` for one that is not.
pub(super) fn verify(evidence: &Evidence, record: &Body) -> Option<Vec<(CaptureId, Value)>> {
    let mut captures = Vec::new();
    let mut fits = |line: &BoundPattern| {
        captures.clear();
        line.pattern.find(record.message()).is_some_and(|found| take(line, found, &mut captures))
    };
    if !evidence.lines.is_empty() && !evidence.lines.iter().any(&mut fits) {
        return None;
    }
    for (name, field) in &evidence.fields {
        let found = field.pattern.find_whole(record.field(name)?)?;
        if !take(field, found, &mut captures) {
            return None;
        }
    }
    Some(captures)
}

/// Adds what a match captured; false where a name has another value already.
fn take(bound: &BoundPattern, found: Match, captures: &mut Vec<(CaptureId, Value)>) -> bool {
    captures.reserve_exact(bound.binds.len());
    for captured in found.captures {
        let Some((_, capture)) = bound.binds.iter().find(|(part, _)| captured.part == *part) else { continue };
        match captures.iter().find(|(known, _)| known == capture) {
            Some((_, value)) if *value != captured.value => return false,
            Some(_) => {}
            None => captures.push((*capture, captured.value)),
        }
    }
    true
}
