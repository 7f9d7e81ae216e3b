//! Whether a record satisfies the patterns of a piece of evidence, and what they capture.

use crate::logs::{Record, Section, SectionId};
use crate::pattern::Match;
use crate::rule::{BoundPattern, CaptureId, Evidence};
use crate::value::Value;

/// The captures of a record that is a hit; `None` for one that is not.
pub(super) fn verify(evidence: &Evidence, record: &Record, sections: &[Section]) -> Option<Vec<(CaptureId, Value)>> {
    let mut captures = Vec::new();
    if let Some(title) = &evidence.section {
        let path = std::iter::successors(record.section, |id: &SectionId| sections.get(id.0)?.parent);
        let mut titles = path.filter_map(|id| sections.get(id.0));
        titles.find(|section| title.find_whole(&section.title).is_some())?;
    }
    if !evidence.lines.is_empty() {
        evidence.lines.iter().find_map(|line| {
            let mut own = Vec::new();
            take(line, &line.pattern.find(&record.message)?, &mut own).then(|| captures.append(&mut own))
        })?;
    }
    for (name, field) in &evidence.fields {
        let found = field.pattern.find_whole(record.field(name)?)?;
        if !take(field, &found, &mut captures) {
            return None;
        }
    }
    Some(captures)
}

/// Adds what a match captured; false where a name has another value already.
fn take(bound: &BoundPattern, found: &Match, captures: &mut Vec<(CaptureId, Value)>) -> bool {
    for (part, capture) in &bound.binds {
        let Some(captured) = found.captures.iter().find(|captured| captured.part == *part) else { continue };
        match captures.iter().find(|(known, _)| known == capture) {
            Some((_, value)) if *value != captured.value => return false,
            Some(_) => {}
            None => captures.push((*capture, captured.value.clone())),
        }
    }
    true
}
