//! Which cause a support mail named: by its title, or by a remedy that is proposed first for that cause alone.
//!
//! A title is looked for in the mail's own words, in every language; what stands behind it in its sentence says how sure
//! the mail was. Causes of several rules that go by one id are one entry: a mail does not say which rule it has in mind.

use std::collections::BTreeMap;

use super::book::{Phrasebook, first};
use super::fold::Folded;
use super::ledger::Entry;
use super::letter::Letter;
use super::phrase::sentence_end;
use super::{Proposed, Side, Standing, Tried};
use crate::lang::Lang;
use crate::rule::RuleSet;

/// A cause by its id, in all rules that have it.
struct Known<'r> {
    id: &'r str,
    /// Folded titles, and the rule of each.
    titles: Vec<(String, &'r str)>,
    /// The remedies that tell of it, and the rule of each.
    remedies: Vec<(&'r str, &'r str)>,
}

/// The causes that support mails named, in the order of the mails.
pub(super) fn read(entries: &[Entry<'_, '_>], rules: &RuleSet, tried: &[Tried], book: &Phrasebook) -> Vec<Proposed> {
    let causes = known(rules);
    let mut proposed = Vec::new();
    for entry in entries.iter().filter(|entry| entry.side == Side::Support && entry.call.is_none()) {
        let letter = entry.letter;
        for cause in &causes {
            let said = said(letter, cause, book);
            let remedy = tried.iter().filter(|tried| tried.message == letter.number).find_map(|tried| {
                let own = cause.remedies.iter().filter(|(remedy, _)| *remedy == tried.remedy);
                let of: Vec<&str> = own.map(|(_, rule)| *rule).collect();
                (!of.is_empty()).then_some(of)
            });
            let (standing, of) = match (said, remedy) {
                (Some(said), _) => said,
                (None, Some(rules)) => (Standing::Suspected, rules),
                (None, None) => continue,
            };
            let mut rules: Vec<String> = of.into_iter().map(str::to_owned).collect();
            rules.sort();
            rules.dedup();
            proposed.push(Proposed { message: letter.number, cause: cause.id.to_owned(), rules, standing });
        }
    }
    proposed
}

/// All causes of the knowledge base, by id.
fn known(rules: &RuleSet) -> Vec<Known<'_>> {
    let mut known: BTreeMap<&str, Known<'_>> = BTreeMap::new();
    for (rule, cause) in rules.rules.iter().flat_map(|rule| rule.causes.iter().map(move |cause| (rule, cause))) {
        let id = cause.id.as_str();
        let entry = known.entry(id).or_insert_with(|| Known { id, titles: Vec::new(), remedies: Vec::new() });
        for title in Lang::ALL.map(|lang| Folded::new(cause.title.get(lang)).text) {
            if !title.is_empty() {
                entry.titles.push((title, &rule.name));
            }
        }
        let first = cause.remedies.first().filter(|remedy| tells(rules, id, remedy));
        entry.remedies.extend(first.map(|remedy| (remedy.as_str(), rule.name.as_str())));
    }
    known.into_values().collect()
}

/// Whether a remedy tells which cause a mail has in mind: it is proposed first for the causes of one id alone, and not
/// more often as what is done afterwards.
fn tells(rules: &RuleSet, id: &str, remedy: &str) -> bool {
    let causes = || rules.rules.iter().flat_map(|rule| &rule.causes);
    let first = causes().filter(|cause| cause.remedies.first().is_some_and(|first| first == remedy));
    let (own, others): (Vec<_>, Vec<_>) = first.partition(|cause| cause.id == id);
    let later = causes().filter(|cause| cause.remedies.iter().skip(1).any(|later| later == remedy));
    others.is_empty() && own.len() > later.count()
}

/// How a mail speaks of a cause by its title, and which rules call it so; nothing where it does not.
fn said<'r>(letter: &Letter<'_>, cause: &Known<'r>, book: &Phrasebook) -> Option<(Standing, Vec<&'r str>)> {
    let lines = &letter.folded[..letter.summary.min(letter.folded.len())];
    let (line, title) = lines.iter().find_map(|line| {
        let titles = cause.titles.iter().filter(|(title, _)| line.text.contains(title.as_str()));
        titles.map(|(title, _)| (line, title)).max_by_key(|(_, title)| title.len())
    })?;
    let behind = line.text.find(title.as_str()).map_or(0, |at| at + title.len());
    let rest = Folded::new(&line.text[behind..sentence_end(&line.text, behind)]);
    let standing = match () {
        () if first(&book.marks.excluded, &rest).is_some() => Standing::Excluded,
        () if first(&book.marks.confirmed, &rest).is_some() => Standing::Confirmed,
        () if first(&book.marks.open, &rest).is_some() => Standing::Open,
        () => Standing::Suspected,
    };
    let rules = cause.titles.iter().filter(|(known, _)| known == title).map(|(_, rule)| *rule).collect();
    Some((standing, rules))
}
