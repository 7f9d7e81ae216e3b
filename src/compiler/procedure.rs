//! Remedies and collections: their words, what their steps need, and that nothing is destroyed without a backup.

use std::collections::{BTreeMap, BTreeSet};

use super::capture::CaptureTable;
use super::destructive;
use super::emit;
use super::fault;
use super::ir::Expr;
use super::known::{Known, failed_since};
use super::layer::ByName;
use super::lower::Lowering;
use super::pattern::named_type;
use super::resolve::{Aliases, Face, Names};
use super::template;
use crate::diagnostic::{Code, Diagnostic};
use crate::logs::{LogKindId, LogKinds};
use crate::rule::{Collection, Condition, Effort, Instruction, Remedy, Risk, Verify};
use crate::source::Span;
use crate::syntax::ast::{self, CollectionDecl, LocalizedDecl, RemedyDecl, StepDecl, Text};
use crate::value::Type;

/// What rules ask of a remedy: the captures its steps use, and where it says so.
#[derive(Default)]
pub(super) struct Needs {
    /// A rule has to have them.
    needed: Vec<(Text, Type)>,
    /// A rule that has them has them of this type.
    wanted: Vec<(Text, Type)>,
}

/// What remedies and collections are lowered against.
pub(super) struct Procedures<'a> {
    pub(super) kinds: &'a LogKinds,
    pub(super) logs: &'a Known<LogKindId>,
    pub(super) rules: &'a Known<Face>,
    /// Rules that exist but do not count: a default remedy may speak of one.
    pub(super) shelved: &'a BTreeSet<String>,
    pub(super) scripts: &'a BTreeSet<String>,
    pub(super) faults: &'a mut Vec<Diagnostic>,
}

impl Procedures<'_> {
    /// Lowers all remedies.
    pub(super) fn remedies(&mut self, decls: &ByName<RemedyDecl>) -> (Vec<Remedy>, Known<Needs>) {
        let mut remedies = Vec::new();
        let mut known = Known::new(&fault::REMEDY);
        for (name, declared) in decls {
            let (remedy, needs) = self.remedy(&declared.decl, declared.ruled);
            known.insert(name.clone(), remedy.is_some().then_some(needs));
            remedies.extend(remedy);
        }
        (remedies, known)
    }

    fn remedy(&mut self, decl: &RemedyDecl, ruled: bool) -> (Option<Remedy>, Needs) {
        let before = self.faults.len();
        let risk = decl.risk.as_ref().map_or(Risk::Medium, |risk| self.risk(risk));
        let needs = Needs { needed: self.needs(&decl.needs), wanted: self.needs(&decl.wants) };
        self.templates(decl);
        if decl.before.is_none() && !decl.broken {
            self.faults.extend(decl.steps.iter().filter_map(destructive::find));
        }
        if let Some(script) = &decl.script
            && !self.scripts.contains(&script.value)
        {
            self.faults.push(fault::unknown(&fault::SCRIPT, script, self.scripts.iter().map(String::as_str)));
        }
        let remedy = Remedy {
            name: decl.name.value.clone(),
            title: emit::title(&decl.title, &decl.name),
            risk,
            needs: emit::needs(&needs.needed),
            wants: emit::needs(&needs.wanted),
            mentioned: emit::texts(&decl.mentioned),
            before: decl.before.as_ref().map(emit::localized),
            steps: instructions(&decl.steps),
            script: decl.script.as_ref().map(|script| script.value.clone()),
            verify: decl.verify.as_ref().map(|(text, resolved)| Verify {
                text: emit::localized(text),
                resolved_when: resolved.as_ref().and_then(|expr| self.resolved_when(expr, ruled)),
            }),
            undo: decl.undo.as_ref().map(emit::localized),
        };
        let kept = !decl.broken && !failed_since(self.faults, before);
        (kept.then_some(remedy), needs)
    }

    fn risk(&mut self, risk: &Text) -> Risk {
        match risk.value.as_str() {
            "low" => Risk::Low,
            "medium" => Risk::Medium,
            "high" => Risk::High,
            _ => {
                self.faults.push(fault::unknown(&fault::RISK, risk, ["low", "medium", "high"]));
                Risk::Medium
            }
        }
    }

    fn needs(&mut self, needs: &[(Text, Text)]) -> Vec<(Text, Type)> {
        needs.iter().filter_map(|(name, ty)| named_type(ty, self.faults).map(|ty| (name.clone(), ty))).collect()
    }

    /// Every `{{ name }}` of the texts is one of `needs` or `wants`.
    fn templates(&mut self, decl: &RemedyDecl) {
        let verify = decl.verify.as_ref().map(|(text, _)| text);
        let texts = [decl.before.as_ref(), verify, decl.undo.as_ref()].into_iter().flatten();
        let declared: Vec<&str> = decl.needs.iter().chain(&decl.wants).map(|(name, _)| name.value.as_str()).collect();
        self.check_templates(texts, &decl.steps, &declared);
    }

    fn check_templates<'d>(
        &mut self,
        texts: impl Iterator<Item = &'d LocalizedDecl>,
        steps: &'d [StepDecl],
        declared: &[&str],
    ) {
        let texts = texts.chain(steps.iter().flat_map(StepDecl::texts));
        let texts = texts.flat_map(|text| [text.zh.as_ref(), text.en.as_ref()]).flatten();
        for text in texts.chain(steps.iter().filter_map(|step| step.command.as_ref())) {
            template::check(text, declared, self.faults);
        }
    }

    /// `resolved-when`: a condition over findings alone; one over rules that do not count is left out.
    fn resolved_when(&mut self, written: &ast::Expr, ruled: bool) -> Option<Condition> {
        if !ruled && names_shelved(written, self.shelved) {
            return None;
        }
        let (evidence, captures) = (BTreeMap::new(), CaptureTable::default());
        let mut names = Names {
            evidence: &evidence,
            captures: &captures,
            rules: self.rules,
            aliases: Aliases::new(),
            in_evidence: false,
            partial: false,
            faults: self.faults,
        };
        names.collect_aliases(written);
        let expr: Expr = names.expr(written);
        Lowering { kinds: self.kinds, evidence: &[], captures: &captures, faults: self.faults }.condition(&expr)
    }

    /// Lowers all collections.
    pub(super) fn collections(&mut self, decls: &ByName<CollectionDecl>) -> (Vec<Collection>, Known<()>) {
        let mut collections = Vec::new();
        let mut known = Known::new(&fault::COLLECTION);
        for (name, declared) in decls {
            let collection = self.collection(&declared.decl);
            known.insert(name.clone(), collection.is_some().then_some(()));
            collections.extend(collection);
        }
        (collections, known)
    }

    fn collection(&mut self, decl: &CollectionDecl) -> Option<Collection> {
        let before = self.faults.len();
        let needs = self.needs(&decl.needs);
        let declared: Vec<&str> = decl.needs.iter().map(|(name, _)| name.value.as_str()).collect();
        self.check_templates(std::iter::empty(), &decl.steps, &declared);
        let yields: Vec<Option<LogKindId>> =
            decl.yields.iter().map(|log| self.logs.find(log, self.faults).copied()).collect();
        let effort = decl.effort.as_ref().map_or_else(Effort::default, |effort| Effort {
            minutes: effort.minutes.as_ref().map_or(0, |minutes| minutes.value),
            restart: effort.restart,
            on_site: effort.on_site,
        });
        let collection = Collection {
            name: decl.name.value.clone(),
            title: emit::title(&decl.title, &decl.name),
            effort,
            // A kind that was left out takes nothing else with it: the collection still brings the others.
            yields: yields.into_iter().flatten().collect(),
            mentioned: emit::texts(&decl.mentioned),
            needs: emit::needs(&needs),
            steps: instructions(&decl.steps),
        };
        (!decl.broken && !failed_since(self.faults, before)).then_some(collection)
    }
}

fn instructions(steps: &[StepDecl]) -> Vec<Instruction> {
    let instruction = |step: &StepDecl| Instruction {
        text: emit::localized(&step.text),
        command: step.command.as_ref().map(|command| command.value.clone()),
        screen: step.screen.as_ref().map(emit::localized),
        seen: step.seen.as_ref().map(emit::localized),
    };
    steps.iter().map(instruction).collect()
}

/// Whether a condition names a rule that exists but does not count.
fn names_shelved(expr: &ast::Expr, shelved: &BTreeSet<String>) -> bool {
    if let ast::ExprKind::Finding(rule, _) = &expr.kind
        && shelved.contains(&rule.value)
    {
        return true;
    }
    expr.children().into_iter().any(|child| names_shelved(child, shelved))
}

/// The rule's captures meet what a remedy needs; the fault stands at the remedy's name in the rule.
pub(super) fn check_needs(named: &Text, needs: &Needs, captures: &CaptureTable, faults: &mut Vec<Diagnostic>) {
    let wanted = needs.wanted.iter().filter(|(want, _)| captures.find(&want.value).is_some());
    for (need, ty) in needs.needed.iter().chain(wanted) {
        let found = captures.find(&need.value);
        let has = found.map(|id| captures.ty(id));
        let (zh, en) = match has {
            Some(None) => continue,
            Some(Some(own)) if own.comparable(*ty) => continue,
            Some(Some(own)) => (
                format!(
                    "`{}` 需要 `{}` 类型的捕获 `{}`，本规则中是 `{}`",
                    named.value,
                    ty.name(),
                    need.value,
                    own.name()
                ),
                format!(
                    "`{}` needs `{}` of type `{}`, and here it is `{}`",
                    named.value,
                    need.value,
                    ty.name(),
                    own.name()
                ),
            ),
            None => (
                format!("`{}` 需要捕获 `{}`，本规则没有", named.value, need.value),
                format!("`{}` needs a capture `{}`, which this rule lacks", named.value, need.value),
            ),
        };
        faults.push(unmet(named.span, zh, en, need.span));
    }
}

fn unmet(at: Span, zh: String, en: String, need: Span) -> Diagnostic {
    Diagnostic::error(Code::UNMET_NEED, at, zh, en).label(need, "需要在此处声明", "the need is declared here")
}
