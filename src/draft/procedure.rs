//! Remedies and collections for one case: which are due, in which order, and their steps with the values filled in.

use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior};

use crate::diagnose::{CauseResult, CauseStatus, Finding};
use crate::lang::{Lang, Localized};
use crate::rule::{Instruction, Remedy, Risk};

use super::Material;
use super::quote::visible;

/// A remedy to propose.
pub(super) struct Due<'a> {
    pub(super) remedy: &'a Remedy,
    /// The cause it is for.
    pub(super) cause: &'a CauseResult,
    /// Whether it follows another one that is due: then it is not what it was when it was tried before.
    pub(super) follows: bool,
    /// Captures its steps may use.
    pub(super) captures: BTreeMap<String, String>,
}

/// What became of the remedies of a finding.
#[derive(Default)]
pub(super) struct Remedies<'a> {
    /// To propose, least invasive first.
    pub(super) due: Vec<Due<'a>>,
    /// Tried without success: not proposed again.
    pub(super) failed: Vec<(&'a Remedy, u32)>,
}

/// The remedies that a finding calls for: of confirmed causes, else of causes that no log could decide.
pub(super) fn remedies<'a>(material: &Material<'a>, finding: &'a Finding) -> Remedies<'a> {
    let confirmed = |cause: &&CauseResult| cause.status == CauseStatus::Confirmed;
    let undecidable = |cause: &&CauseResult| cause.status == CauseStatus::Open && cause.missing.is_empty();
    let mut causes: Vec<&CauseResult> = finding.causes.iter().filter(confirmed).collect();
    if causes.is_empty() {
        causes = finding.causes.iter().filter(undecidable).collect();
    }
    let mut found = Remedies::default();
    for cause in causes {
        let captures = captures(finding, cause);
        let mut follows = false;
        for remedy in cause.remedies.iter().filter_map(|name| material.rules.remedy(name)) {
            let known = found.due.iter().any(|due| due.remedy.name == remedy.name);
            let ready = remedy.needs.iter().all(|(need, _)| captures.contains_key(need));
            if let Some(message) = failed(material, &remedy.name).filter(|_| !follows) {
                found.failed.push((remedy, message));
            } else if ready && !known {
                let mut captures = captures.clone();
                // What a text asks for with `if` is there, if only as nothing.
                for (want, _) in &remedy.wants {
                    captures.entry(want.clone()).or_default();
                }
                found.due.push(Due { remedy, cause, follows, captures });
                follows = true;
            }
        }
    }
    found.due.sort_by_key(|due| due.remedy.risk);
    found.failed.dedup_by(|b, a| a.0.name == b.0.name);
    found
}

/// The message in which a remedy was proposed that then failed.
fn failed(material: &Material<'_>, remedy: &str) -> Option<u32> {
    material.thread?.failed(remedy)
}

/// The captures of a finding with those of a cause over them, as text.
pub(super) fn captures(finding: &Finding, cause: &CauseResult) -> BTreeMap<String, String> {
    let both = finding.captures.iter().chain(&cause.captures);
    both.map(|(name, value)| (name.clone(), visible(&value.text))).collect()
}

/// A step in words.
pub(super) struct Step {
    pub(super) text: String,
    pub(super) command: Option<String>,
    /// The drawing, a line each: the window's title first.
    pub(super) screen: Option<String>,
    pub(super) seen: Option<String>,
}

/// A step with the values filled in.
pub(super) fn step(step: &Instruction, captures: &BTreeMap<String, String>, lang: Lang) -> Step {
    let filled = |text: &str| fill(text, captures);
    let optional = |text: &Option<Localized>| text.as_ref().map(|text| filled(text.get(lang)));
    Step {
        text: filled(step.text.get(lang)),
        command: step.command.as_deref().map(filled),
        screen: optional(&step.screen).filter(|screen| !screen.is_empty()),
        seen: optional(&step.seen).filter(|seen| !seen.is_empty()),
    }
}

/// Fills the values into a text; one that cannot be filled stays as it is written.
pub(super) fn fill(text: &str, captures: &BTreeMap<String, String>) -> String {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(10_000));
    environment.render_str(text, captures.clone()).unwrap_or_else(|_| text.to_owned()).trim().to_owned()
}

/// How a risk is warned of; nothing where nothing can be lost.
pub(super) fn warning(risk: Risk, lang: Lang) -> Option<&'static str> {
    Some(match (risk, lang) {
        (Risk::Low, _) => return None,
        (Risk::Medium, Lang::Zh) => "此操作会修改系统，请先备份，并在一台机器上验证后再推广。",
        (Risk::Medium, Lang::En) => {
            "This changes the system: back up first, and try it on one machine before any other."
        }
        (Risk::High, Lang::Zh) => "此操作难以撤销，请先做好完整备份，并与我们确认后再执行。",
        (Risk::High, Lang::En) => "This is hard to undo: make a full backup and agree with us before you do it.",
    })
}
