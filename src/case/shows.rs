//! What a support mail says the logs show, sentence by sentence: no headings, no quoted log lines, nothing of a summary.
//!
//! That it was said on the telephone first is left out: only a note is ground for saying so.

use super::MessageKind;
use super::book::{Act, Phrasebook, first};
use super::fold::Folded;
use super::ledger::Entry;

/// The sentences, in order.
pub(super) fn read(entry: &Entry<'_, '_>, book: &Phrasebook) -> Vec<String> {
    if !entry.is(MessageKind::Analysis) {
        return Vec::new();
    }
    let letter = entry.letter;
    let lines = letter.lines_that(Act::Analysis).filter(|at| *at < letter.summary).map(|at| letter.lines[at]);
    let sentences = lines.flat_map(|line| line.split_inclusive(['。', '！', '？'])).map(|text| said(text, book));
    let shows = |text: &&str| !text.ends_with([':', '：']) && book.acts(&Folded::new(text)).contains(&Act::Analysis);
    sentences.filter(shows).map(str::to_owned).collect()
}

/// A sentence without its bullet and without `如刚才电话沟通，` before it.
fn said<'t>(text: &'t str, book: &Phrasebook) -> &'t str {
    let text = text.trim().trim_start_matches(['*', '•', '·', '-', ' ', '\t']);
    match text.split_once(['，', ',']) {
        Some((clause, rest)) if first(&book.marks.call, &Folded::new(clause)).is_some() => rest.trim_start(),
        _ => text,
    }
}
