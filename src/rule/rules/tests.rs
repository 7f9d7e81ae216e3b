//! Rules of a pack are what was written, read one by one; what cannot be read is told.

use super::stored::nothing;
use super::*;
use crate::pattern::{Options, Part, Pattern};
use crate::rule::BoundPattern;
use crate::rule::outline::Outline;
use crate::rule::{Condition, Scope};

/// A rule whose evidence has one line, in the log kind with this number.
fn rule(name: &str, log: usize, literal: &str) -> Rule {
    let pattern = Pattern::new(vec![Part::Literal(literal.to_owned())], Options::default()).unwrap();
    let outline = Outline { name: name.to_owned(), evidence: 1, silent: true, reads: Vec::new(), attempts: false };
    let mut rule = nothing(&outline);
    rule.evidence[0].logs = vec![LogKindId::at(log)];
    rule.evidence[0].lines = vec![BoundPattern { pattern, binds: Vec::new() }];
    rule.signature = Condition::Evidence(EvidenceId(0));
    rule
}

fn rules() -> Rules {
    let mut reader = rule("c", 1, "gave up");
    let finding = Condition::Finding { rule: "a".to_owned(), alias: None };
    let attempt = Condition::InOne { scope: Scope::Attempt, condition: Box::new(reader.signature) };
    reader.signature = Condition::All(vec![finding, attempt]);
    Rules::from(vec![rule("a", 0, "failed"), rule("b", 1, "denied"), reader])
}

/// The same as a pack has them, for so many log kinds.
fn packed(rules: &Rules, kinds: usize) -> Rules {
    let stored: Rules = postcard::from_bytes(&postcard::to_allocvec(rules).unwrap()).unwrap();
    assert_eq!(stored.are_sound(kinds), kinds > 1);
    stored
}

fn unread(rules: &Rules) -> usize {
    rules.stored.iter().flat_map(|stored| &stored.read).filter(|read| read.get().is_none()).count()
}

#[test]
fn a_rule_of_a_pack_is_read_when_it_is_asked_for() {
    let (own, stored) = (rules(), packed(&rules(), 2));
    assert_eq!(stored.names().collect::<Vec<_>>(), ["a", "b", "c"]);
    for at in 0..3 {
        for hit in [false, true] {
            if hit || at < 2 {
                let nothing = |rules: &Rules| rules.finds_nothing(at, |_| hit);
                assert_eq!(nothing(&stored), nothing(&own), "{at} {hit}");
            }
        }
        assert_eq!(stored.reads(at), own.reads(at));
    }
    let none = Rules::from(vec![rule("a", 0, "failed"), rule("b", 1, "denied")]);
    for (rules, asked) in [(&own, true), (&none, false)] {
        assert_eq!([rules, &packed(rules, 2)].map(Rules::ask_for_attempts), [asked; 2]);
    }
    let fresh = packed(&own, 2);
    assert_eq!(
        (fresh.sought(LogKindId::at(0)), fresh.sought(LogKindId::at(1))),
        (own.sought(LogKindId::at(0)), own.sought(LogKindId::at(1)))
    );
    assert!(fresh.sought(LogKindId::at(7)).is_empty() && fresh.finds_nothing(0, |_| false));
    assert_eq!((fresh.position("c"), fresh.position("d"), unread(&fresh)), (Some(2), None, 3));
    assert_eq!((fresh[1].evidence[0].logs[0], unread(&fresh)), (LogKindId::at(1), 2));
    assert_eq!(format!("{:?}", fresh.iter().collect::<Vec<_>>()), format!("{:?}", own.iter().collect::<Vec<_>>()));
    assert!(!fresh.damaged());
    assert_eq!(postcard::to_allocvec(&fresh).unwrap(), postcard::to_allocvec(&own).unwrap(), "written again");
}

#[test]
fn rules_of_a_pack_that_are_changed_are_read_first() {
    let mut changed = packed(&rules(), 2);
    changed[1].evidence.clear();
    changed.all_mut().push(rule("d", 0, "too late"));
    assert_eq!(changed.sought(LogKindId::at(1)), rules().sought(LogKindId::at(1))[1..]);
    assert_eq!((changed.len(), changed.position("d")), (4, Some(3)));
}

#[test]
fn what_cannot_be_read_says_nothing_and_is_told() {
    let bytes = postcard::to_allocvec(&rules()).unwrap();
    let denied = bytes.windows(6).rposition(|six| six == b"denied").unwrap();
    let mut damaged = 0;
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x80;
        let Ok(rules) = postcard::from_bytes::<Rules>(&bytes) else { continue };
        if !rules.are_sound(2) {
            continue;
        }
        let there = rules.iter().map(|rule| rule.evidence.len()).collect::<Vec<_>>();
        let sought: Vec<Sought<'_>> = (0..2).flat_map(|log| rules.sought(LogKindId::at(log))).collect();
        assert!(sought.iter().all(|own| own.evidence.0 < there[own.rule]));
        damaged += usize::from(rules.damaged());
        assert!(at != denied || rules.damaged(), "no longer UTF-8");
    }
    assert!(damaged > 50);
}

#[test]
fn a_rule_that_names_a_kind_that_is_not_there_is_not_read() {
    let stored = packed(&rules(), 1);
    assert!(stored[0].evidence.len() == 1 && !stored.damaged());
    assert!(stored[1].evidence[0].logs.is_empty() && stored.damaged());
}
