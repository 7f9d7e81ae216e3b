//! Whether a record satisfies the patterns of a piece of evidence, and what they capture.

use crate::logs::Said;
use crate::pattern::Captured;
use crate::rule::{BoundPattern, CaptureId, Evidence};
use crate::value::Value;

/// The captures of a record that is a hit wherever it lies; `None` for one that is not.
pub(super) fn verify(evidence: &Evidence, record: Said<'_>) -> Option<Vec<(CaptureId, Value)>> {
    let mut captures = Captures { all: Vec::new(), agree: true };
    let mut fits = |line: &BoundPattern| {
        captures.begin(line);
        line.pattern.find_each(record.message(), &mut |captured| captures.add(line, captured)) && captures.agree
    };
    if !evidence.lines.is_empty() && !evidence.lines.iter().any(&mut fits) {
        return None;
    }
    for (name, field) in &evidence.fields {
        let found = field.pattern.find_each_whole(record.field(name)?, &mut |captured| captures.add(field, captured));
        if !found || !captures.agree {
            return None;
        }
    }
    Some(captures.all)
}

/// The same without captures.
pub(super) fn fits(evidence: &Evidence, record: Said<'_>) -> bool {
    // Only captures tell whether a name that is bound twice is bound to one value.
    let once = |line: &BoundPattern| {
        let mut binds = line.binds.iter().enumerate();
        binds.all(|(at, (_, name))| line.binds[..at].iter().all(|(_, other)| other != name))
    };
    if !evidence.fields.is_empty() || !evidence.lines.iter().all(once) {
        return verify(evidence, record).is_some();
    }
    evidence.lines.is_empty() || evidence.lines.iter().any(|line| line.pattern.stands_in(record.message()))
}

/// What the patterns of a piece of evidence captured.
struct Captures {
    all: Vec<(CaptureId, Value)>,
    /// No name has two values.
    agree: bool,
}

impl Captures {
    /// Begins anew, with room for what a pattern captures.
    fn begin(&mut self, bound: &BoundPattern) {
        self.all.clear();
        self.all.reserve_exact(bound.binds.len());
        self.agree = true;
    }

    /// Adds what a hole captured.
    fn add(&mut self, bound: &BoundPattern, captured: Captured) {
        let Some((_, capture)) = bound.binds.iter().find(|(part, _)| captured.part == *part) else { return };
        match self.all.iter().find(|(known, _)| known == capture) {
            Some((_, value)) => self.agree &= *value == captured.value,
            None => self.all.push((*capture, captured.value)),
        }
    }
}
