//! The phrase book: the phrases of every language by what they do, and what the lines of a mail do by it.
//!
//! The keys of `rules/phrases/<lang>.yaml` are the names of [`Act`]; a key of another name is never looked up.

use std::cmp::Reverse;
use std::ops::Range;

use super::fold::Folded;
use super::phrase::{Found, Phrase, sentence_end, sentence_start};
use crate::rule::RuleSet;

/// What a phrase does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// States problem and scope.
    Scope,
    /// Asks for logs or other facts.
    Request,
    /// Confirms that logs came.
    Received,
    /// Says what logs show.
    Analysis,
    /// Proposes what to do.
    Remedy,
    /// Asks how things stand.
    FollowUp,
    /// Hands the case over or takes it over.
    Handover,
    /// Archives the case.
    Close,
    /// Asks support to do something.
    Question,
    /// Says that logs were uploaded.
    Uploaded,
    /// Says that a step helped.
    Solved,
    /// Says that a step did not help.
    Failed,
    /// Says that newer logs show the same failure.
    Same,
    /// Asks support to archive the case.
    CloseAsked,
    /// Thanks, and nothing more.
    Thanks,
}

impl Act {
    const ALL: [Act; 15] = [
        Act::Scope,
        Act::Request,
        Act::Received,
        Act::Analysis,
        Act::Remedy,
        Act::FollowUp,
        Act::Handover,
        Act::Close,
        Act::Question,
        Act::Uploaded,
        Act::Solved,
        Act::Failed,
        Act::Same,
        Act::CloseAsked,
        Act::Thanks,
    ];

    /// The key in the phrase files.
    fn key(self) -> &'static str {
        match self {
            Act::Scope => "scope",
            Act::Request => "request",
            Act::Received => "received",
            Act::Analysis => "analysis",
            Act::Remedy => "remedy",
            Act::FollowUp => "follow-up",
            Act::Handover => "handover",
            Act::Close => "close",
            Act::Question => "question",
            Act::Uploaded => "uploaded",
            Act::Solved => "solved",
            Act::Failed => "failed",
            Act::Same => "same",
            Act::CloseAsked => "close-asked",
            Act::Thanks => "thanks",
        }
    }

    /// Whether `if …` takes the force from it: what is asked for stays asked for, what is told is told no more.
    fn is_told(self) -> bool {
        !matches!(self, Act::Scope | Act::Request | Act::Remedy | Act::FollowUp | Act::Question | Act::Thanks)
    }
}

/// Phrases that do something other than tell what a message does.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Stands in the name of a sender that is no person.
    pub(super) mailbox: Vec<Phrase>,
    /// A clause that says that something was said on the telephone.
    pub(super) call: Vec<Phrase>,
    /// Behind the title of a cause: that it is ruled out, that it is certain, that it is still open.
    pub(super) excluded: Vec<Phrase>,
    pub(super) confirmed: Vec<Phrase>,
    pub(super) open: Vec<Phrase>,
    /// Says that nobody answered a call.
    pub(super) missed: Vec<Phrase>,
    /// Greets somebody; the gap is whom.
    pub(super) greeting: Vec<Phrase>,
    /// Titles that follow a name (`先生`) or precede it (`Mr.`), folded.
    pub(super) titles: Vec<String>,
    /// Words that greet nobody in particular, folded.
    pub(super) anyone: Vec<String>,
    /// The line above a quoted reply.
    pub(super) quoted: Vec<Phrase>,
    /// A line that a mail program signs with.
    pub(super) signature: Vec<Phrase>,
    /// Names the case; the gap is the number.
    pub(super) case: Vec<Phrase>,
    /// Names the tracking number; the gap is it.
    pub(super) tracking: Vec<Phrase>,
    /// Heads the statement of the problem.
    pub(super) problem: Vec<Phrase>,
    /// Heads a summary, of which nothing is new.
    pub(super) summary: Vec<Phrase>,
    /// Words before the subject that mail programs put there.
    pub(super) prefix: Vec<Phrase>,
    /// Product names, as written and compiled.
    pub(super) products: Vec<(String, Phrase)>,
}

/// All phrases of a knowledge base, compiled.
#[derive(Debug, Default)]
pub(super) struct Phrasebook {
    acts: Vec<(Act, Vec<Phrase>)>,
    conditions: Vec<Phrase>,
    no_conditions: Vec<String>,
    /// The others.
    pub(super) marks: Marks,
}

impl Phrasebook {
    /// The phrases of `rules`, all languages together.
    pub(super) fn new(rules: &RuleSet) -> Phrasebook {
        let compiled = |key: &str| texts(rules, key).filter_map(Phrase::new).collect::<Vec<_>>();
        let folded = |key: &str| texts(rules, key).map(|text| Folded::new(text).text).collect::<Vec<_>>();
        Phrasebook {
            acts: Act::ALL.into_iter().map(|act| (act, compiled(act.key()))).collect(),
            conditions: compiled("if"),
            no_conditions: folded("not-if"),
            marks: Marks {
                mailbox: compiled("mailbox"),
                call: compiled("call"),
                excluded: compiled("cause-excluded"),
                confirmed: compiled("cause-confirmed"),
                open: compiled("cause-open"),
                missed: compiled("missed-call"),
                greeting: compiled("greeting"),
                titles: folded("title"),
                anyone: folded("anyone"),
                quoted: compiled("quoted"),
                signature: compiled("signature"),
                case: compiled("case-number"),
                tracking: compiled("tracking-number"),
                problem: compiled("problem"),
                summary: compiled("summary"),
                prefix: compiled("subject-prefix"),
                products: texts(rules, "product")
                    .filter_map(|text| Phrase::new(text).map(|phrase| (text.to_owned(), phrase)))
                    .collect(),
            },
        }
    }

    /// What a line does: each act at most once, in the order of [`Act`].
    pub(super) fn acts(&self, line: &Folded) -> Vec<Act> {
        let mut found: Vec<(Act, Range<usize>)> = Vec::new();
        for (act, phrases) in &self.acts {
            let places = phrases.iter().filter_map(|phrase| phrase.find(line)).map(|found| found.range);
            let said = places.filter(|range| !act.is_told() || self.is_said(line, range));
            if let Some(range) = said.max_by_key(weight) {
                found.push((*act, range));
            }
        }
        // `请关闭此案例` asks for what `关闭此案例` does.
        if found.iter().any(|(act, _)| *act == Act::CloseAsked) {
            found.retain(|(act, _)| *act != Act::Close);
        }
        // Of success and failure the last word counts; `没有解决` holds `解决`.
        let place = |wanted| found.iter().find(|(act, _)| *act == wanted).map(|(_, range)| weight(range));
        if let (Some(solved), Some(failed)) = (place(Act::Solved), place(Act::Failed)) {
            let beaten = if solved > failed { Act::Failed } else { Act::Solved };
            found.retain(|(act, _)| *act != beaten);
        }
        found.into_iter().map(|(act, _)| act).collect()
    }

    /// Whether what was found is said as a fact: no `if` stands before it in its sentence, and it is no question.
    fn is_said(&self, line: &Folded, found: &Range<usize>) -> bool {
        let start = sentence_start(&line.text, found.start);
        let end = sentence_end(&line.text, found.end);
        if line.text[end..].starts_with('?') {
            return false;
        }
        let mut before = line.text[start..found.start].to_owned();
        for word in &self.no_conditions {
            before = before.replace(word.as_str(), "");
        }
        first(&self.conditions, &Folded::new(&before)).is_none()
    }
}

/// Orders places in a line: later ends weigh more, at one end the longer place.
fn weight(range: &Range<usize>) -> (usize, Reverse<usize>) {
    (range.end, Reverse(range.start))
}

/// The phrases under `key`, of all languages.
fn texts<'r>(rules: &'r RuleSet, key: &str) -> impl Iterator<Item = &'r str> {
    let acts = rules.phrases.iter().flat_map(|(_, phrases)| &phrases.acts);
    acts.filter(move |(name, _)| name == key).flat_map(|(_, texts)| texts).map(String::as_str)
}

/// The first of `phrases` that stands in `line`.
pub(super) fn first(phrases: &[Phrase], line: &Folded) -> Option<Found> {
    phrases.iter().find_map(|phrase| phrase.find(line))
}
