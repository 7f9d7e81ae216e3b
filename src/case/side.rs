//! Who is support and who is customer. Never by words in a name: customers sign as support desks.
//!
//! A sender's own weight is what their mails do: stating scope, asking for logs, analysing, advising, archiving weigh
//! towards support; uploading, telling how a step went, asking to archive weigh towards the customer. Then senders lean
//! on each other: who is greeted stands opposite to who greets, who quotes opposite to who is quoted; who greet the
//! same person stand together, and so do, less surely, who share a mail domain. A sender about whom nothing speaks
//! answers: they stand opposite to the mail before theirs, and the first mail of a thread that tells nothing is a
//! customer's.

use std::collections::BTreeMap;

use super::Side;
use super::book::{Act, Marks};
use super::fold::{Folded, is_word};
use super::greeting::bare;
use super::letter::Letter;

/// What an act weighs, towards support.
const WEIGHTS: [(Act, i64); 13] = [
    (Act::Scope, 4),
    (Act::Request, 3),
    (Act::Received, 2),
    (Act::Analysis, 3),
    (Act::Remedy, 3),
    (Act::FollowUp, 2),
    (Act::Handover, 2),
    (Act::Close, 3),
    (Act::Question, -2),
    (Act::Uploaded, -4),
    (Act::Solved, -2),
    (Act::Failed, -2),
    (Act::CloseAsked, -4),
];

/// What a relation weighs.
const GREETED: i64 = -4;
const SAME_GREETED: i64 = 2;
const QUOTED: i64 = -1;
const SAME_DOMAIN: i64 = 1;

/// Senders whose relations are heard; a case has a handful.
const RELATED: usize = 64;

/// A sender with what speaks for a side.
struct Sender {
    name: String,
    greets: Vec<String>,
    /// Name, address and signature, folded: where a greeted name is looked for.
    known_by: String,
    weight: i64,
}

/// The side of each letter's sender.
pub(super) fn sides(letters: &[Letter<'_>], marks: &Marks) -> Vec<Side> {
    let mut senders: Vec<Sender> = Vec::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut who = Vec::with_capacity(letters.len());
    for letter in letters {
        let name = Folded::new(letter.mail.from).text;
        let at = *names.entry(name.clone()).or_insert(senders.len());
        if at == senders.len() {
            let known_by = format!("{name}\n");
            senders.push(Sender { name, greets: Vec::new(), known_by, weight: 0 });
        }
        hear(&mut senders[at], letter, marks);
        who.push(at);
    }
    let mut weights: Vec<i64> = senders.iter().map(|sender| sender.weight).collect();
    for (one, other, weight) in relations(&senders, letters, &who) {
        weights[one] += senders[other].weight.signum() * weight;
        weights[other] += senders[one].weight.signum() * weight;
    }
    settle(&weights, &who)
}

/// Adds what a letter tells of its sender.
fn hear(sender: &mut Sender, letter: &Letter<'_>, marks: &Marks) {
    sender.weight += WEIGHTS.iter().filter(|(act, _)| letter.does(*act)).map(|(_, weight)| weight).sum::<i64>();
    if let Some(name) = letter.greets.as_deref().map(|greets| bare(greets, marks)).filter(|name| !name.is_empty())
        && !sender.greets.contains(&name)
    {
        sender.greets.push(name);
    }
    let greets = letter.greets.as_deref().unwrap_or("\n");
    let last = letter.lines.iter().rev().filter(|line| !line.trim().is_empty() && !line.contains(greets)).take(2);
    for line in letter.signature.iter().chain(last).filter(|line| line.chars().count() <= 20) {
        sender.known_by.push_str(&Folded::new(line).text);
        sender.known_by.push('\n');
    }
}

/// The domain of an address in a sender's name.
fn domain(name: &str) -> Option<&str> {
    let (_, domain) = name.rsplit_once('@')?;
    let end = domain.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')).unwrap_or(domain.len());
    (end > 0).then(|| &domain[..end])
}

/// Pairs of senders with what the one's side weighs for the other's.
fn relations(senders: &[Sender], letters: &[Letter<'_>], who: &[usize]) -> Vec<(usize, usize, i64)> {
    let mut relations = Vec::new();
    let near = &senders[..senders.len().min(RELATED)];
    let domains: Vec<&str> = near.iter().filter_map(|sender| domain(&sender.name)).collect();
    let domains_tell = domains.iter().any(|known| *known != domains[0]);
    for (at, one) in near.iter().enumerate() {
        for (to, other) in near.iter().enumerate().filter(|(to, _)| *to != at) {
            if one.greets.iter().any(|name| other.goes_by(name)) {
                relations.push((at, to, GREETED));
            }
            if to < at && one.greets.iter().any(|name| other.greets.contains(name)) {
                relations.push((at, to, SAME_GREETED));
            }
            if to < at && domains_tell && domain(&one.name).is_some_and(|known| domain(&other.name) == Some(known)) {
                relations.push((at, to, SAME_DOMAIN));
            }
        }
    }
    for (letter, quoting) in letters.iter().zip(who).filter(|(letter, _)| !letter.heading.is_empty()) {
        let heading = Folded::new(letter.heading).text;
        let quoted = near.iter().position(|other| !other.name.is_empty() && heading.contains(&other.name));
        relations.extend(quoted.filter(|quoted| quoted != quoting).map(|quoted| (*quoting, quoted, QUOTED)));
    }
    relations
}

/// Sides by weight; where nothing weighs, by what was answered.
fn settle(weights: &[i64], who: &[usize]) -> Vec<Side> {
    let of_weight = |weight: &i64| match weight.signum() {
        1 => Some(Side::Support),
        -1 => Some(Side::Customer),
        _ => None,
    };
    let mut sides: Vec<Option<Side>> = weights.iter().map(of_weight).collect();
    let mut before = Side::Support;
    let mut result = Vec::with_capacity(who.len());
    for sender in who {
        let opposite = if before == Side::Support { Side::Customer } else { Side::Support };
        before = *sides[*sender].get_or_insert(opposite);
        result.push(before);
    }
    result
}

impl Sender {
    /// Whether the sender's name or signature holds `name`, a Latin one as a word.
    fn goes_by(&self, name: &str) -> bool {
        self.known_by.match_indices(name).any(|(at, _)| {
            let before = !name.starts_with(is_word) || !self.known_by[..at].ends_with(is_word);
            let after = !name.ends_with(is_word) || !self.known_by[at + name.len()..].starts_with(is_word);
            before && after
        })
    }
}
