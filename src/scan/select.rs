//! Which evidence a record of a reader can be a hit of, told by a field whose whole value a pattern gives.
//!
//! A rule over events names its provider and number, one over a trace its operation and result. So a record is tried with
//! the evidence that has its value, and with what names none.

use std::borrow::Cow;
use std::cmp::Reverse;

use foldhash::HashMap;
use smallvec::SmallVec;

use crate::pattern::Part;
use crate::rule::{BoundPattern, Evidence};

/// Evidence by the value of one of its fields.
#[derive(Debug, Default)]
pub(super) struct Select {
    /// Field, value, evidence with it.
    fields: Vec<(String, HashMap<String, Vec<usize>>)>,
    /// Evidence that no value tells.
    rest: Vec<usize>,
}

/// What is known of a field.
pub(super) enum Field<'v> {
    /// Its value.
    Value(Cow<'v, str>),
    /// The record has no such field.
    Absent,
    /// It takes reading the record to know.
    Later,
}

impl Select {
    /// Of evidence, each with its number.
    pub(super) fn new<'e>(evidence: impl Iterator<Item = (usize, &'e Evidence)> + Clone) -> Select {
        let mut shared: HashMap<(String, String), usize> = HashMap::default();
        for key in evidence.clone().flat_map(|(_, evidence)| values(evidence)) {
            *shared.entry(key).or_default() += 1;
        }
        let mut select = Select::default();
        for (number, evidence) in evidence {
            // The value that the fewest have: of a provider's many events it is the number. Of those that as many have, the
            // longest says most.
            let least = |key: &(String, String)| (shared.get(key).copied(), Reverse(key.1.len()));
            let Some((field, value)) = values(evidence).min_by_key(least) else {
                select.rest.push(number);
                continue;
            };
            let at = select.fields.iter().position(|(name, _)| *name == field).unwrap_or_else(|| {
                select.fields.push((field, HashMap::default()));
                select.fields.len() - 1
            });
            select.fields[at].1.entry(value).or_default().push(number);
        }
        select
    }

    /// The evidence that a record can be a hit of, ascending.
    pub(super) fn of<'v>(&self, told: impl Fn(&str) -> Field<'v>) -> SmallVec<[usize; 8]> {
        let mut found = SmallVec::from_slice(&self.rest);
        for (field, values) in &self.fields {
            match told(field) {
                Field::Value(value) => {
                    let plain = |byte: u8| !byte.is_ascii_uppercase() && byte != b' ' && byte != b'\t';
                    let value = if value.bytes().all(plain) { value } else { Cow::Owned(one_form(&value)) };
                    found.extend_from_slice(values.get(&*value).map_or(&[], Vec::as_slice));
                }
                Field::Absent => {}
                Field::Later => values.values().for_each(|all| found.extend_from_slice(all)),
            }
        }
        found.sort_unstable();
        found
    }
}

/// Fields whose whole value is given: field and value, in one form.
fn values(evidence: &Evidence) -> impl Iterator<Item = (String, String)> {
    evidence.fields.iter().filter_map(|(name, field)| Some((name.to_ascii_lowercase(), value(field)?)))
}

fn value(field: &BoundPattern) -> Option<String> {
    match field.pattern.parts() {
        [Part::Literal(text)] if !text.is_empty() => Some(one_form(text)),
        _ => None,
    }
}

/// A text as all others that a pattern of it matches: in lower case, a run of blanks as one.
fn one_form(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    for char in text.chars() {
        let char = if char == '\t' { ' ' } else { char.to_ascii_lowercase() };
        if char != ' ' || !form.ends_with(' ') {
            form.push(char);
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pattern::{Options, Pattern};

    fn evidence(fields: &[(&str, &str)]) -> Evidence {
        let bound = |text: &str| {
            let parts = vec![Part::Literal(text.to_owned())];
            let pattern = Pattern::new(parts, Options { at_start: false, at_end: false, exact_case: false }).unwrap();
            BoundPattern { pattern, binds: Vec::new() }
        };
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), bound(text))).collect();
        let (name, logs, lines) = (String::new(), Vec::new(), Vec::new());
        Evidence { name, logs, lines, section: None, fields, filter: None }
    }

    #[test]
    fn a_value_tells_the_evidence() {
        let all = [
            evidence(&[("provider", "Updater"), ("id", "20")]),
            evidence(&[("provider", "Updater"), ("id", "19")]),
            evidence(&[("provider", "Updater"), ("id", "20"), ("data.code", "E5")]),
            evidence(&[("channel", "Set up")]),
            evidence(&[]),
        ];
        let select = Select::new(all.iter().enumerate());
        let of = |fields: &[(&'static str, &'static str)]| found(&select, fields);
        assert_eq!(of(&[("provider", "updater"), ("id", "19")]), [1, 4]);
        assert_eq!(of(&[("id", "20")]), [0, 4]);
        assert_eq!(of(&[("id", "7"), ("data.code", "e5")]), [2, 4], "by what the fewest have, in any case");
        assert_eq!(of(&[("id", "20"), ("data.code", "?")]), [0, 2, 4], "what is not known yet leaves nothing out");
        assert_eq!(of(&[]), [4]);
        assert_eq!(of(&[("channel", "set \tUP")]), [3, 4], "any run of blanks");
    }

    #[test]
    fn of_two_values_that_tell_as_much_the_longer_one_is_asked_for() {
        let all = [evidence(&[("operation", "CreateFile"), ("result", "ACCESS DENIED")])];
        let select = Select::new(all.iter().enumerate());
        assert_eq!(found(&select, &[("operation", "CreateFile"), ("result", "SUCCESS")]), [] as [usize; 0]);
        assert_eq!(found(&select, &[("operation", "?"), ("result", "ACCESS DENIED")]), [0]);
    }

    fn found(select: &Select, fields: &[(&'static str, &'static str)]) -> Vec<usize> {
        let told = |name: &str| match fields.iter().find(|(known, _)| *known == name) {
            Some((_, "?")) => Field::Later,
            Some((_, value)) => Field::Value(Cow::Borrowed(*value)),
            None => Field::Absent,
        };
        select.of(told).to_vec()
    }

    proptest! {
        /// No evidence is left out whose pattern a value matches.
        #[test]
        fn what_a_pattern_matches_is_told_by_its_value(pattern in "[aA更 \t]{1,6}", text in "[aA更 \t]{0,8}") {
            let evidence = evidence(&[("field", &pattern)]);
            let select = Select::new([&evidence].into_iter().enumerate());
            let told = select.of(|_| Field::Value(Cow::Borrowed(&text)));
            prop_assert!(told.as_slice() == [0] || evidence.fields[0].1.pattern.find_whole(&text).is_none());
        }
    }
}
