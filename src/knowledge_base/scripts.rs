//! Scripts of remedies, checked as templates are: every value that a script takes is declared by the remedy and stands
//! within quotes; and one that destroys belongs to a remedy that says what to back up first.

use crate::compiler::destroys;
use crate::diagnostic::{Code, Diagnostic};
use crate::draft::Templates;
use crate::draft::script::{Hole, holes};
use crate::rule::{Remedy, RuleSet};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::ast::Declaration;

/// Leaves out the remedies whose script deletes something or changes permissions, and that do not say what to back up.
pub(super) fn destructive(
    declarations: &mut [Declaration],
    templates: &Templates,
    map: &SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for declaration in declarations {
        let Declaration::Remedy(remedy) = declaration else { continue };
        let Some(script) = remedy.script.as_ref().filter(|_| remedy.before.is_none() && !remedy.broken) else {
            continue;
        };
        let path = format!("scripts/{}", script.value);
        let Some((_, text)) = templates.files.iter().find(|(known, _)| *known == path) else { continue };
        let Some(place) = destroys(text) else { continue };
        let word = &text[place.clone()];
        let fault = Diagnostic::error(
            Code::DESTRUCTIVE_WITHOUT_BEFORE,
            script.span,
            format!("脚本会删除内容或更改权限（`{word}`），却没有 `before:`"),
            format!("the script deletes something or changes permissions (`{word}`), and there is no `before:`"),
        )
        .help("请用 `before:` 说明先备份什么、如何备份", "say in `before:` what to back up first, and how");
        let file = format!("templates/{path}");
        diagnostics.push(match map.files().filter(|(_, known)| known.path == file).last() {
            Some((id, _)) => fault.label(Span::new(id, place), "在此处", "here"),
            None => fault,
        });
        remedy.broken = true;
    }
}

/// Faults of the scripts whose files are in `map`.
pub(super) fn check(rules: &RuleSet, templates: &Templates, map: &SourceMap, diagnostics: &mut Vec<Diagnostic>) {
    for (path, text) in &templates.files {
        let Some(name) = path.strip_prefix("scripts/") else { continue };
        let file = format!("templates/{path}");
        let Some((id, _)) = map.files().filter(|(_, known)| known.path == file).last() else { continue };
        let users: Vec<&Remedy> =
            rules.remedies.iter().filter(|remedy| remedy.script.as_deref() == Some(name)).collect();
        diagnostics.extend(holes(text).iter().filter_map(|hole| fault(hole, id, &users)));
    }
}

fn fault(hole: &Hole, file: FileId, users: &[&Remedy]) -> Option<Diagnostic> {
    let span = Span::new(file, hole.range.clone());
    let plain =
        !hole.name.is_empty() && hole.name.chars().all(|char| char.is_ascii_alphanumeric() || "_-".contains(char));
    if !plain {
        let (zh, en) = ("脚本中只能写 `{{ 名称 }}`", "a script takes `{{ name }}` and nothing else");
        return Some(Diagnostic::error(Code::SCRIPT_VALUE, span, zh, en));
    }
    if !hole.quoted {
        let zh = format!("`{{{{ {} }}}}` 须写在同一行的一对引号之内", hole.name);
        let en = format!("`{{{{ {} }}}}` has to stand between two quotes of its line", hole.name);
        let fault = Diagnostic::error(Code::SCRIPT_VALUE, span, zh, en);
        let (zh, en) = (
            "写成 `set \"FILE={{ … }}\"`，之后用 `\"%FILE%\"`",
            "write `set \"FILE={{ … }}\"` and `\"%FILE%\"` behind it",
        );
        return Some(fault.help(zh, en));
    }
    let remedy = users.iter().find(|remedy| !remedy.needs.iter().any(|(need, _)| *need == hole.name))?;
    let zh = format!("脚本用到 `{}`，但 `{}` 的 `needs:` 没有声明它", hole.name, remedy.name);
    let en = format!("the script uses `{}`, which `needs:` of `{}` does not declare", hole.name, remedy.name);
    Some(Diagnostic::error(Code::UNDECLARED_NEED, span, zh, en))
}
