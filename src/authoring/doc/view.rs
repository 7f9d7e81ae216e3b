//! What the pages show of a knowledge base, as plain data: texts in one language, names with the pages they lead to.

use serde::Serialize;

use crate::lang::{Lang, Localized};
use crate::logs::LogKindId;
use crate::pattern::{Part, Pattern};
use crate::regression::Recorded;
use crate::rule::{BoundPattern, Collection, Evidence, EvidenceId, Remedy, Risk, Rule, RuleSet, Severity};

use super::address;
use super::segment::{Segment, placeholders};

/// A name that leads to its page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Link {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) href: String,
    /// `failure`, `warning`, `notice` for a rule; else empty.
    pub(super) severity: &'static str,
}

/// A rule with what it refers to, in one language.
#[derive(Clone, Copy)]
pub(super) struct RuleContext<'a> {
    pub(super) rule: &'a Rule,
    pub(super) rules: &'a RuleSet,
    /// The bundle tests of the knowledge base.
    pub(super) bundles: &'a [Recorded],
    pub(super) lang: Lang,
}

/// A piece of evidence.
#[derive(Debug, Serialize)]
pub(super) struct EvidenceView {
    pub(super) name: String,
    pub(super) anchor: String,
    pub(super) logs: Vec<Link>,
    pub(super) lines: Vec<Vec<Segment>>,
    pub(super) section: Option<Vec<Segment>>,
    pub(super) fields: Vec<(String, Vec<Segment>)>,
    pub(super) filter: Option<String>,
}

/// A remedy.
#[derive(Debug, Serialize)]
pub(super) struct RemedyView {
    pub(super) link: Link,
    pub(super) anchor: String,
    pub(super) risk: &'static str,
    pub(super) before: Option<Vec<Segment>>,
    pub(super) steps: Vec<StepView>,
    pub(super) script: Option<String>,
    pub(super) verify: Option<Vec<Segment>>,
    pub(super) undo: Option<Vec<Segment>>,
}

/// A step of a remedy or a collection.
#[derive(Debug, Serialize)]
pub(super) struct StepView {
    pub(super) text: Vec<Segment>,
    pub(super) command: Option<Vec<Segment>>,
    pub(super) screen: Option<Vec<Segment>>,
    pub(super) seen: Option<Vec<Segment>>,
}

/// A collection.
#[derive(Debug, Serialize)]
pub(super) struct CollectionView {
    pub(super) link: Link,
    pub(super) anchor: String,
    pub(super) minutes: u32,
    pub(super) restart: bool,
    pub(super) on_site: bool,
    pub(super) logs: Vec<Link>,
    pub(super) steps: Vec<StepView>,
}

/// The word for how grave a finding is.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Failure => "failure",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
    }
}

impl RuleContext<'_> {
    /// A rule by its name; one that is not there leads nowhere.
    pub(super) fn rule_link(&self, name: &str) -> Link {
        let found = self.rules.rule(name).map(|rule| rule_link(rule, self.lang));
        found.unwrap_or_else(|| Link {
            name: name.to_owned(),
            title: name.to_owned(),
            href: String::new(),
            severity: "",
        })
    }

    pub(super) fn log_link(&self, id: LogKindId) -> Link {
        log_link(self.rules, id, self.lang)
    }

    /// A piece of evidence of the rule.
    pub(super) fn evidence(&self, id: EvidenceId) -> Option<EvidenceView> {
        self.rule.evidence.get(id.0).map(|evidence| self.evidence_view(evidence))
    }

    pub(super) fn evidence_view(&self, evidence: &Evidence) -> EvidenceView {
        let bound = |bound: &BoundPattern| segments(&bound.pattern);
        EvidenceView {
            name: evidence.name.clone(),
            anchor: format!("evidence-{}", address::slug(&evidence.name)),
            logs: evidence.logs.iter().map(|log| self.log_link(*log)).collect(),
            lines: evidence.lines.iter().map(bound).collect(),
            section: evidence.section.as_ref().map(segments),
            fields: evidence.fields.iter().map(|(name, pattern)| (name.clone(), bound(pattern))).collect(),
            filter: evidence.filter.as_ref().map(|filter| self.rule.filter_text(filter)),
        }
    }
}

/// A rule with its page.
pub(super) fn rule_link(rule: &Rule, lang: Lang) -> Link {
    Link {
        name: rule.name.clone(),
        title: titled(&rule.title, &rule.name, lang),
        href: address::rule(&rule.name),
        severity: severity(rule.severity),
    }
}

/// A log kind with its place.
pub(super) fn log_link(rules: &RuleSet, id: LogKindId, lang: Lang) -> Link {
    let kind = rules.logs.get(id);
    let title = titled(&kind.title, &kind.name, lang);
    Link { name: kind.name.clone(), title, href: address::log(&kind.name), severity: "" }
}

/// The products of a rule, each with its place; one whose name another has in this language stands once.
pub(super) fn product_links(rule: &Rule, lang: Lang) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for link in rule.products.iter().map(|product| product_link(product.get(lang).trim())) {
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

/// A product with its place.
pub(super) fn product_link(name: &str) -> Link {
    Link { name: name.to_owned(), title: name.to_owned(), href: address::product(name), severity: "" }
}

/// A remedy with its place.
pub(super) fn remedy_link(remedy: &Remedy, lang: Lang) -> Link {
    let title = titled(&remedy.title, &remedy.name, lang);
    Link { name: remedy.name.clone(), title, href: address::remedy(&remedy.name), severity: "" }
}

/// A collection with its place.
pub(super) fn collection_link(collection: &Collection, lang: Lang) -> Link {
    let title = titled(&collection.title, &collection.name, lang);
    Link { name: collection.name.clone(), title, href: address::collection(&collection.name), severity: "" }
}

/// A title, or the name of what has none.
fn titled(title: &Localized, name: &str, lang: Lang) -> String {
    let title = title.get(lang);
    if title.is_empty() { name } else { title }.to_owned()
}

/// What a remedy says, in one language.
pub(super) fn remedy(remedy: &Remedy, lang: Lang) -> RemedyView {
    let text = |text: &Localized| placeholders(text.get(lang), lang);
    RemedyView {
        link: remedy_link(remedy, lang),
        anchor: address::slug(&remedy.name),
        risk: match remedy.risk {
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
        },
        before: remedy.before.as_ref().map(text),
        steps: steps(&remedy.steps, lang),
        script: remedy.script.clone(),
        verify: remedy.verify.as_ref().map(|verify| text(&verify.text)),
        undo: remedy.undo.as_ref().map(text),
    }
}

/// What a collection says, in one language.
pub(super) fn collection(collection: &Collection, rules: &RuleSet, lang: Lang) -> CollectionView {
    CollectionView {
        link: collection_link(collection, lang),
        anchor: address::slug(&collection.name),
        minutes: collection.effort.minutes,
        restart: collection.effort.restart,
        on_site: collection.effort.on_site,
        logs: collection.yields.iter().map(|log| log_link(rules, *log, lang)).collect(),
        steps: steps(&collection.steps, lang),
    }
}

fn steps(steps: &[crate::rule::Instruction], lang: Lang) -> Vec<StepView> {
    let step = |step: &crate::rule::Instruction| StepView {
        text: placeholders(step.text.get(lang), lang),
        command: step.command.as_deref().map(|command| placeholders(command, lang)),
        screen: step.screen.as_ref().map(|screen| placeholders(screen.get(lang).trim_end(), lang)),
        seen: step.seen.as_ref().map(|seen| placeholders(seen.get(lang), lang)),
    };
    steps.iter().map(step).collect()
}

/// A pattern with its holes.
pub(super) fn segments(pattern: &Pattern) -> Vec<Segment> {
    let options = pattern.options();
    let tie = |tied: bool, text: &str| tied.then(|| Segment::hole(text));
    let part = |part: &Part| match part {
        Part::Hole(_) => Segment::hole(part.to_string()),
        Part::Literal(_) => Segment::plain(part.to_string()),
    };
    let parts = pattern.parts().iter().map(part);
    tie(options.at_start, "^").into_iter().chain(parts).chain(tie(options.at_end, "$")).collect()
}
