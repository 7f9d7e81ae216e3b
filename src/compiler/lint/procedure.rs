//! Remedies and collections: both languages, and somebody who needs them.

use std::collections::BTreeSet;

use super::{Surroundings, translation};
use crate::compiler::layer::{ByName, Declared};
use crate::compiler::rule::Judged;
use crate::diagnostic::{Code, Diagnostic};
use crate::logs::LogKindId;
use crate::rule::Collection;
use crate::source::Span;
use crate::syntax::ast::{CollectionDecl, LocalizedDecl, RemedyDecl};

/// Lints the author's own remedies and collections.
pub(in crate::compiler) fn lint(
    around: &Surroundings<'_>,
    compiled: &[Collection],
    judged: &[Judged],
    faults: &mut Vec<Diagnostic>,
) {
    let (remedies, collections) = (around.remedies, around.collections);
    uncollected(around, compiled, judged, faults);
    for remedy in own(remedies).filter(|remedy| !remedy.broken) {
        remedy_texts(remedy, faults);
    }
    for collection in own(collections).filter(|collection| !collection.broken) {
        translation::check_title(&collection.title, &collection.name, faults);
        translation::check_steps(&collection.steps, faults);
    }
    // Without rules of its own a layer is a library, and who uses it is not known here.
    // And where a rule could not be read, what it uses is not known either.
    let own_rules = || judged.iter().map(|it| &it.drafted).filter(|drafted| drafted.own);
    if own_rules().next().is_none() || own_rules().any(|drafted| drafted.decl.broken) {
        return;
    }
    unused_remedies(remedies, judged, faults);
    unused_collections(collections, compiled, judged, faults);
}

fn own<T>(table: &ByName<T>) -> impl Iterator<Item = &T> {
    table.values().filter(|declared| declared.own).map(|declared: &Declared<T>| &declared.decl)
}

fn remedy_texts(remedy: &RemedyDecl, faults: &mut Vec<Diagnostic>) {
    let verify = remedy.verify.as_ref().map(|(text, _)| text);
    let texts: [Option<&LocalizedDecl>; 3] = [remedy.before.as_ref(), verify, remedy.undo.as_ref()];
    translation::check_title(&remedy.title, &remedy.name, faults);
    texts.into_iter().flatten().for_each(|text| translation::check(text, faults));
    translation::check_steps(&remedy.steps, faults);
}

fn unused_remedies(remedies: &ByName<RemedyDecl>, judged: &[Judged], faults: &mut Vec<Diagnostic>) {
    let causes = judged.iter().flat_map(|it| &it.drafted.decl.causes);
    let used: BTreeSet<&str> = causes.flat_map(|cause| &cause.remedies).map(|name| name.value.as_str()).collect();
    // One that mails are searched for is used there: what was tried need not be what a rule would propose.
    let idle = |remedy: &&RemedyDecl| remedy.mentioned.is_empty() && !used.contains(remedy.name.value.as_str());
    for remedy in own(remedies).filter(idle) {
        let name = &remedy.name.value;
        let (zh, en) = (format!("没有原因用到 `{name}`"), format!("no cause names the remedy `{name}`"));
        faults.push(warning(Code::UNUSED_REMEDY, remedy.name.span, zh, en));
    }
}

fn unused_collections(
    collections: &ByName<CollectionDecl>,
    compiled: &[Collection],
    judged: &[Judged],
    faults: &mut Vec<Diagnostic>,
) {
    let evidence = judged.iter().flat_map(|it| &it.drafted.evidence);
    let used: BTreeSet<LogKindId> = evidence.flat_map(|draft| &draft.logs).map(|(id, _)| *id).collect();
    for collection in own(collections) {
        let found = compiled.iter().find(|it| it.name == collection.name.value);
        if found.is_some_and(|it| !it.yields.is_empty() && it.yields.iter().all(|id| !used.contains(id))) {
            let name = &collection.name.value;
            let zh = format!("没有规则需要 `{name}` 取得的日志");
            let en = format!("no rule looks at a log that `{name}` yields");
            faults.push(warning(Code::UNUSED_COLLECTION, collection.name.span, zh, en));
        }
    }
}

/// A log that a rule looks at beside others, and that nothing yields: while it is missing the rule stays open, and
/// nobody can be asked for it. Of a rule that looks at one log alone nothing is known without it, not even a request.
fn uncollected(around: &Surroundings<'_>, compiled: &[Collection], judged: &[Judged], faults: &mut Vec<Diagnostic>) {
    let known: BTreeSet<LogKindId> = compiled.iter().flat_map(|collection| &collection.yields).copied().collect();
    if compiled.len() < around.collections.len() {
        return;
    }
    for it in judged.iter().filter(|it| it.drafted.own && it.rule.is_some()) {
        let logs = || it.drafted.evidence.iter().flat_map(|draft| &draft.logs);
        let first = logs().next().map(|(id, _)| *id);
        if logs().all(|(id, _)| Some(*id) == first) {
            continue;
        }
        let mut said = BTreeSet::new();
        for (id, span) in logs().filter(|(id, _)| !known.contains(id)) {
            if said.insert(*id) {
                let name = &around.kinds.get(*id).name;
                let zh = format!("没有收集方法能取得日志 `{name}`，缺少时无法索取");
                let en = format!("no collection yields `{name}`, so it cannot be asked for when it is missing");
                faults.push(warning(Code::UNCOLLECTED_LOG, *span, zh, en));
            }
        }
    }
}

fn warning(code: Code, span: Span, zh: String, en: String) -> Diagnostic {
    Diagnostic::warning(code, span, zh, en)
}
