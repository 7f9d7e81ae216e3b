//! Fixes applied: every diagnostic's replacement, as long as the knowledge base is the better for it.
//!
//! After each round the whole is checked anew. A fix after which more is wrong than before is not kept.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::knowledge_base::{Files, KnowledgeBase};
use crate::lang::Localized;

/// Rounds at the most: mending one fault may show another behind it.
const ROUNDS: usize = 12;

/// What was mended.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The file.
    pub path: String,
    /// Where in it, line and column as they were in its round.
    pub place: (usize, usize),
    /// The code of what it mends.
    pub code: Code,
    /// What was wrong.
    pub message: Localized,
    /// What stood there.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// A knowledge base with its fixes applied.
#[derive(Debug)]
pub struct Fixed {
    /// Everything that was mended, in the order it was.
    pub applied: Vec<Applied>,
    /// The files that changed, with their new text.
    pub changed: BTreeMap<String, String>,
    /// What it is now.
    pub base: KnowledgeBase,
}

/// Applies what can be applied to the files of a knowledge base.
#[must_use]
pub fn fix(name: &str, files: Files) -> Fixed {
    let mut files = files;
    let mut base = KnowledgeBase::of(name, files.clone());
    let (mut applied, mut changed) = (Vec::new(), BTreeMap::new());
    for _ in 0..ROUNDS {
        let chosen = chosen(&base);
        let Some((better, now, done)) = attempt(name, &files, &base, &chosen) else { break };
        for it in &done {
            let text = better.text(&it.path).map(str::to_owned);
            changed.extend(text.map(|text| (it.path.clone(), text)));
        }
        applied.extend(done);
        (files, base) = (better, now);
    }
    Fixed { applied, changed, base }
}

/// The diagnostics with a fix, by place, none of which overlaps another.
fn chosen(base: &KnowledgeBase) -> Vec<(&Diagnostic, &Fix)> {
    let mut chosen: Vec<(&Diagnostic, &Fix)> = Vec::new();
    let mut all: Vec<_> = base.diagnostics.iter().filter_map(|it| Some((it, it.fix.as_ref()?))).collect();
    all.sort_by_key(|(_, fix)| (fix.span.file, fix.span.start, fix.span.end));
    for (diagnostic, fix) in all {
        let free = chosen.last().is_none_or(|(_, last)| {
            last.span.file != fix.span.file
                || last.span.end < fix.span.start
                || last.span.end == fix.span.start && last.span != fix.span
        });
        if free {
            chosen.push((diagnostic, fix));
        }
    }
    chosen
}

/// Applies all of `chosen` together, else as many as do no harm one by one; `None` where nothing is the better for it.
fn attempt(
    name: &str,
    files: &Files,
    base: &KnowledgeBase,
    chosen: &[(&Diagnostic, &Fix)],
) -> Option<(Files, KnowledgeBase, Vec<Applied>)> {
    let try_all = |list: &[(&Diagnostic, &Fix)]| {
        let changed = applied(files, base, list)?;
        let now = KnowledgeBase::of(name, changed.clone());
        let (good, bad): (Vec<_>, Vec<_>) = list.iter().partition(|(it, fix)| !is_there(&now, base, it, fix));
        if !bad.is_empty() && !good.is_empty() {
            return attempt(name, files, base, &good);
        }
        (weight(&now) < weight(base))
            .then(|| (changed, now, list.iter().map(|(it, fix)| told(base, it, fix)).collect()))
    };
    if chosen.is_empty() {
        return None;
    }
    try_all(chosen).or_else(|| chosen.iter().find_map(|one| try_all(std::slice::from_ref(one))))
}

/// Whether the same is still wrong on the line that a fix was to mend.
fn is_there(now: &KnowledgeBase, base: &KnowledgeBase, mended: &Diagnostic, fix: &Fix) -> bool {
    let (path, line) = (&base.map.file(fix.span.file).path, base.map.line_column(fix.span.file, fix.span.start).line);
    now.diagnostics.iter().any(|it| {
        let (file, at) = (it.span.file, it.span.start);
        it.code == mended.code
            && it.message == mended.message
            && now.map.file(file).path == *path
            && now.map.line_column(file, at).line == line
    })
}

/// How much is wrong: errors count before warnings.
fn weight(base: &KnowledgeBase) -> (usize, usize) {
    (base.errors(), base.warnings())
}

fn applied(files: &Files, base: &KnowledgeBase, chosen: &[(&Diagnostic, &Fix)]) -> Option<Files> {
    let mut files = files.clone();
    // From the last place to the first, so that no place moves before its turn.
    for (_, fix) in chosen.iter().rev() {
        let path = base.map.file(fix.span.file).path.clone();
        let text = files.text(&path)?;
        let (before, after) = (text.get(..fix.span.start)?, text.get(fix.span.end..)?);
        let new = format!("{before}{}{after}", fix.text);
        files.put(&path, new);
    }
    Some(files)
}

fn told(base: &KnowledgeBase, diagnostic: &Diagnostic, fix: &Fix) -> Applied {
    let at = base.map.line_column(fix.span.file, fix.span.start);
    Applied {
        path: base.map.file(fix.span.file).path.clone(),
        place: (at.line, at.column),
        code: diagnostic.code,
        message: diagnostic.message.clone(),
        before: base.map.text(fix.span).to_owned(),
        after: fix.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    const RULE: &str = r#"rule: a/b
title: {zh: 失败, en: Failure}
severty: failure
evidence:
  failed: {log: csb, line: "it failed with {status:eror}"}
signature: （faild AND failed）
tests:
  - {name: holds, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it failed with 5"}, expect: {status: confirmed}}
  - {name: is silent, logs: {cbs: "2024-01-01 00:00:00, Info                  CBS    it went well"}, expect: none}
"#;

    fn files(rule: &str) -> Files {
        Files { rules: vec![("rules/a.yaml".to_owned(), rule.to_owned())], ..Files::default() }
    }

    #[test]
    fn fault_behind_fault_is_mended() {
        let fixed = fix("kb", files(RULE));
        let left: Vec<&str> = fixed.base.diagnostics.iter().map(|it| it.message(Lang::En)).collect();
        assert!(left.is_empty(), "{left:?}");
        let text = &fixed.changed["rules/a.yaml"];
        for right in ["\nseverity: failure", "log: cbs", "{status:error}", "signature: (failed and failed)"] {
            assert!(text.contains(right), "{right}: {text}");
        }
        assert!(fixed.applied.len() >= 6, "{:?}", fixed.applied);
    }

    #[test]
    fn what_has_no_fix_stays() {
        let fixed = fix("kb", files(&RULE.replace("severty", "severity").replace("csb", "nothing-of-the-kind")));
        assert!(fixed.base.errors() > 0);
        let sound = fix("kb", files("rule: a\n"));
        assert!(sound.changed.is_empty() && sound.applied.is_empty());
    }
}
