//! The lines that quotations name, as the logs have them: read once, and nothing else is kept.

use std::collections::{BTreeMap, BTreeSet};

use crate::bundle::{ArtifactId, Bundle};
use crate::logs::{Framing, Record};
use crate::rule::RuleSet;
use crate::scan;

use super::fit::{Bindings, as_shown, fits};
use super::quotation::{Quotation, Span};

/// What a place holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    /// Texts by line and, where a reader makes several entries of one line, their order.
    texts: BTreeMap<(u64, u64), String>,
    /// Whether a quotation has to have all of them: a reader's entries of one line can be quoted one by one.
    pub(super) whole: bool,
}

impl Lines {
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.texts.values().flat_map(|text| text.split('\n'))
    }
}

/// Every source that a quotation may mean, with the lines that are quoted.
#[derive(Debug, Default)]
pub(super) struct Sources {
    found: Vec<(String, Span, Lines)>,
}

impl Sources {
    /// Reads the lines that `quotations` name.
    pub(super) fn read(
        quotations: &[&Quotation<'_>],
        bundle: &Bundle,
        rules: &RuleSet,
        options: &scan::Options,
    ) -> Sources {
        let mut wanted: BTreeMap<ArtifactId, Vec<(Span, Lines)>> = BTreeMap::new();
        for quotation in quotations {
            let named = bundle.artifacts().iter().filter(|artifact| names(quotation.source, &artifact.path).is_some());
            for artifact in named {
                let own = wanted.entry(artifact.id).or_default();
                if !own.iter().any(|(span, _)| *span == quotation.span) {
                    own.push((quotation.span, Lines { whole: true, ..Lines::default() }));
                }
            }
        }
        // Logs that nothing quotes are not read; of the others one record at a time, and what is quoted stays.
        let ids: BTreeSet<ArtifactId> = wanted.keys().copied().collect();
        scan::records_of(bundle, &|id| ids.contains(&id), rules, options, &mut |source, record, _| {
            let log = source.log.map(|log| rules.logs.get(log));
            let rendered = log.is_some_and(|log| matches!(log.framing, Framing::Reader(_)));
            for (span, lines) in wanted.get_mut(&source.artifact).into_iter().flatten() {
                keep(lines, *span, record, rendered);
            }
        });
        let path = |id: ArtifactId| bundle.artifact(id).map(|artifact| artifact.path.clone()).unwrap_or_default();
        let found =
            wanted.into_iter().flat_map(|(id, own)| own.into_iter().map(move |(span, lines)| (id, span, lines)));
        Sources { found: found.map(|(id, span, lines)| (path(id), span, lines)).collect() }
    }

    /// The lines that a quotation may mean, with what its masks stand for in each case.
    pub(super) fn of(&self, quotation: &Quotation<'_>, bindings: &Bindings) -> Vec<(&Lines, Bindings)> {
        let meant = self.found.iter().filter(|(_, span, _)| *span == quotation.span);
        meant
            .filter_map(|(path, _, lines)| {
                let mut tried = bindings.clone();
                fits(quotation.source, &as_shown(path), &mut tried).then_some((lines, tried))
            })
            .collect()
    }
}

/// Whether a quoted source may be this path.
fn names(quoted: &str, path: &str) -> Option<()> {
    fits(quoted, &as_shown(path), &mut Bindings::default()).then_some(())
}

fn keep(lines: &mut Lines, span: Span, record: &Record, rendered: bool) {
    let origin = &record.origin;
    match span {
        Span::Record(number) if origin.line == 0 && origin.record() == Some(number) => {
            lines.texts.insert((0, 0), record.text().to_owned());
        }
        Span::Lines(first, last) if rendered && origin.line >= first && origin.end_line() <= last => {
            let order = lines.texts.range((origin.line, 0)..=(origin.line, u64::MAX)).count() as u64;
            lines.texts.insert((origin.line, order), record.text().to_owned());
            lines.whole = false;
        }
        Span::Lines(first, last) if !rendered && origin.line <= last && origin.end_line() >= first => {
            let numbered = (origin.line..).zip(record.text().split('\n'));
            for (line, text) in numbered.filter(|(line, _)| (first..=last).contains(line)) {
                let order = lines.texts.range((line, 0)..=(line, u64::MAX)).count() as u64;
                // A gap of zeros within a line parts it in two, each a record of its own.
                lines.whole &= order == 0;
                lines.texts.insert((line, order), text.to_owned());
            }
        }
        _ => {}
    }
}
