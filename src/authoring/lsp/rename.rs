//! A name changed everywhere it stands, or not at all.
//!
//! What is renamed is what a name stands for, with everything that is the same by its name: a capture with the values that
//! remedies and collections take from it, and these with the captures of other rules. Refused is what would mean something
//! else afterwards: a name that is taken, a word of the conditions, the name of a type, what the default knowledge base has.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::help;
use super::mention::{Mention, Thing, mentions};
use super::position::{range, uri_of};
use super::template;
use super::workspace::Workspace;
use crate::lang::Localized;
use crate::source::Span;
use crate::syntax::{self, is_keyword};
use crate::value::Type;

/// The place of the name at byte `at`, and the name; `None` where nothing stands that has a name.
///
/// # Errors
///
/// It cannot be renamed; why is said.
pub(super) fn prepare(workspace: &Workspace, path: &str, at: usize) -> Result<Option<Value>, Localized> {
    let Some((mention, name)) = target(workspace, path, at) else { return Ok(None) };
    Renaming::new(workspace, &mention.thing, name).editable()?;
    let text = &workspace.map.file(mention.span.file).text;
    Ok(Some(json!({"range": range(text, mention.span.start, mention.span.end), "placeholder": name})))
}

/// The edits that give the thing at byte `at` the name `new`; `None` where nothing stands that has a name.
///
/// # Errors
///
/// It cannot be called so; why is said.
pub(super) fn rename(workspace: &Workspace, path: &str, at: usize, new: &str) -> Result<Option<Value>, Localized> {
    let Some((mention, name)) = target(workspace, path, at) else { return Ok(None) };
    let renaming = Renaming::new(workspace, &mention.thing, name);
    renaming.editable()?;
    if new != name {
        renaming.fits(new)?;
    }
    renaming.edits(new).map(|changes| Some(json!({"changes": changes})))
}

/// The narrowest name at a place that some file of the knowledge base, or the default, gives something.
fn target<'w>(workspace: &'w Workspace, path: &str, at: usize) -> Option<(Mention, &'w str)> {
    let defined = |thing: &Thing| {
        let own = workspace.paths().flat_map(|path| workspace.mentions(path));
        own.chain(of_default(workspace)).any(|it| it.defines && it.thing == *thing)
    };
    let nameless =
        |thing: &Thing| matches!(thing, Thing::Type(_) | Thing::Word(_) | Thing::Template(_) | Thing::Name(_));
    let found = help::at(workspace, path, at).into_iter().find(|it| !nameless(&it.thing) && defined(&it.thing))?;
    let name = workspace.map.text(found.span);
    Some((found, name))
}

/// The names in those of the default's files that the knowledge base does not replace.
fn of_default(workspace: &Workspace) -> impl Iterator<Item = Mention> {
    let left = workspace.default.iter().filter(|(path, _)| !workspace.own.contains_key(*path));
    left.flat_map(|(_, declared)| {
        [mentions(&declared.declarations), template::values(declared, &workspace.map)].concat()
    })
}

/// A name, and everything that changes with it.
struct Renaming<'w> {
    workspace: &'w Workspace,
    name: &'w str,
    things: BTreeSet<Thing>,
    /// By path, in the knowledge base's own files.
    own: BTreeMap<&'w String, Vec<Mention>>,
    default: Vec<Mention>,
}

impl<'w> Renaming<'w> {
    fn new(workspace: &'w Workspace, thing: &Thing, name: &'w str) -> Renaming<'w> {
        let own: BTreeMap<&String, Vec<Mention>> =
            workspace.paths().map(|path| (path, workspace.mentions(path))).collect();
        let default: Vec<Mention> = of_default(workspace).collect();
        let defined: BTreeSet<&Thing> =
            own.values().flatten().chain(&default).filter(|it| it.defines).map(|it| &it.thing).collect();
        let mut things = BTreeSet::new();
        let mut waiting = vec![thing.clone()];
        while let Some(thing) = waiting.pop() {
            // Only what is there passes a name on.
            waiting.extend(template::same(workspace, &thing).into_iter().filter(|it| defined.contains(it)));
            waiting.retain(|it| !things.contains(it));
            things.insert(thing);
        }
        Renaming { workspace, name, things, own, default }
    }

    fn of_products(&self) -> bool {
        self.things.iter().all(|thing| matches!(thing, Thing::Product(_)))
    }

    /// Whether every file that would change is one of the author's.
    fn editable(&self) -> Result<(), Localized> {
        let theirs = self.default.iter().find(|it| self.things.contains(&it.thing) && !self.of_products());
        let Some(theirs) = theirs else { return Ok(()) };
        let (name, file) = (self.name, &self.workspace.map.file(theirs.span.file).path);
        Err(Localized::new(
            format!("`{name}` 也用于默认知识库（{file}），不能改名"),
            format!("the default knowledge base has `{name}` too ({file}), so it keeps its name"),
        ))
    }

    /// Whether everything can be called `new` and stays what it is.
    fn fits(&self, new: &str) -> Result<(), Localized> {
        let no_name = |sound: bool| {
            let (zh, en) = (format!("`{new}` 不能作名称"), format!("`{new}` cannot be a name"));
            if sound { Ok(()) } else { Err(Localized::new(zh, en)) }
        };
        let taken = |thing: &Thing| {
            let mut all = self.own.values().flatten().chain(&self.default);
            all.any(|it| clashes(thing, &it.thing, new))
        };
        for thing in &self.things {
            match thing {
                Thing::Product(_) => no_name(is_plain(new))?,
                Thing::Rule(_) | Thing::Log(_) | Thing::Remedy(_) | Thing::Collection(_) => {
                    no_name(syntax::is_document_name(new))?;
                }
                Thing::Capture(..) if Type::parse(new).is_some() => {
                    return Err(Localized::new(
                        format!("`{new}` 是类型的名称，捕获不能这样命名"),
                        format!("`{new}` is the name of a type, which a capture of that name would have"),
                    ));
                }
                _ => no_name(syntax::is_name(new) && !is_keyword(new))?,
            }
            if taken(thing) {
                let (zh, en) = (format!("已有名为 `{new}` 的"), format!("there is a `{new}` already"));
                return Err(Localized::new(zh, en));
            }
        }
        Ok(())
    }

    /// The edits by file. A name that stands in its file otherwise than as it is (with an escape, say) is left to its author.
    fn edits(&self, new: &str) -> Result<BTreeMap<String, Vec<Value>>, Localized> {
        let mut changes = BTreeMap::new();
        for (path, mentions) in &self.own {
            let spans: BTreeSet<Span> =
                mentions.iter().filter(|it| self.things.contains(&it.thing)).map(|it| it.span).collect();
            let mut edits = Vec::new();
            for span in spans {
                if self.workspace.map.text(span) != self.name {
                    let line = self.workspace.map.line_column(span.file, span.start).line;
                    return Err(Localized::new(
                        format!("{path}:{line}：名称在这里的写法不同，请手工修改"),
                        format!("{path}:{line}: the name is written otherwise here; change it by hand"),
                    ));
                }
                let text = &self.workspace.map.file(span.file).text;
                edits.push(
                    json!({"range": range(text, span.start, span.end), "newText": self.written(new, text, span)}),
                );
            }
            if !edits.is_empty() {
                changes.insert(uri_of(&self.workspace.dir.join(path)), edits);
            }
        }
        Ok(changes)
    }

    /// The new name as it stands there: a hole that had its type by its name says it from now on.
    fn written(&self, new: &str, text: &str, span: Span) -> String {
        // Two braces are one that is meant as it stands, or those of a remedy's text.
        let before = &text[..span.start];
        let braces = before.len() - before.trim_end_matches('{').len();
        let hole = braces % 2 == 1 && text[span.end..].starts_with('}');
        let typed =
            self.things.iter().any(|thing| matches!(thing, Thing::Capture(..))) && Type::parse(self.name).is_some();
        if hole && typed { format!("{new}:{}", self.name) } else { new.to_owned() }
    }
}

/// Whether `other` is what `thing` would be if it were called `new`: nothing may be called so yet.
fn clashes(thing: &Thing, other: &Thing, new: &str) -> bool {
    match (thing, other) {
        (Thing::Rule(_), Thing::Rule(name))
        | (Thing::Log(_), Thing::Log(name))
        | (Thing::Remedy(_), Thing::Remedy(name))
        | (Thing::Collection(_), Thing::Collection(name)) => name == new,
        (Thing::Evidence(rule, _), Thing::Evidence(of, name))
        | (Thing::Cause(rule, _), Thing::Cause(of, name))
        | (Thing::Need(rule, _), Thing::Need(of, name))
        // All of them stand at the head of an operand.
        | (Thing::Capture(rule, _) | Thing::Alias(rule, ..), Thing::Capture(of, name) | Thing::Alias(of, _, name)) => {
            rule == of && name == new
        }
        _ => false,
    }
}

/// Whether YAML takes a text as it is, wherever a text stands.
fn is_plain(text: &str) -> bool {
    let whole = text.trim() == text && text.starts_with(char::is_alphanumeric);
    whole && text.chars().all(|char| char.is_alphanumeric() || " -._()+/".contains(char))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::authoring::lsp::position::{Position, offset};
    use crate::regression::{self, Order, Status};

    const RULES: &str = r#"rule: a/one
title: {zh: 失败😀, en: Failure}
products: [Windows 10, {zh: 终端, en: Terminals}]
evidence:
  failed: {log: app, line: "it failed with {{{error}}} on {file:path}", where: file.ext = "inf"}
  "ended": {log: app, line: "it ended with {status:error}", where: status = E_ACCESSDENIED}
  seen: {log: app, line: "{file:path} was seen again"}
signature: failed then ended within 5s
causes:
  quick: {title: {zh: 快, en: Quick}, when: seen where file.name = "a.inf", remedies: [mend]}
  slow: {title: {zh: 慢, en: Slow}, excludes: [quick], remedies: [mend]}
tests:
  - name: holds
    logs:
      app: |
        2024-01-01 00:00:00 it failed with {5} on C:\\a.inf
        2024-01-01 00:00:01 it ended with 5
        2024-01-01 00:00:02 C:\\a.inf was seen again
    expect: {status: confirmed, captures: {error: 5, file: 'C:\\a.inf'}, causes: {quick: confirmed}, evidence: [failed, ended, seen]}
  - {name: is silent, logs: {app: "2024-01-01 00:00:00 it went well"}, expect: none}
---
rule: a/two
title: {zh: 又失败, en: Failed again}
products: Windows 10
evidence:
  again: {log: app, line: "again with {code:error} on {file:path}"}
signature: finding a/one as past where past.error = code and again
explains: [a/one]
causes:
  known: {title: {zh: 知道, en: Known}, when: "finding a/one as other where other.file = file", remedies: [mend]}
tests:
  - name: holds
    logs:
      app: |
        2024-01-01 00:00:00 it failed with {5} on C:\\a.inf
        2024-01-01 00:00:01 it ended with 5
        2024-01-01 00:00:03 again with 5 on C:\\a.inf
    expect: [{status: confirmed, causes: {known: confirmed}}, {rule: a/one, captures: {error: 5}}]
  - {name: is silent, logs: {app: "2024-01-01 00:00:00 it went well"}, expect: none}
"#;

    const OTHERS: &str = r#"log: app
title: {zh: 应用日志, en: Application log}
files: ["app.log"]
record: "^{time:%Y-%m-%d %H:%M:%S} {message}$"
clock: {zone: local, resolution: 1s}
---
remedy: mend
title: {zh: 恢复, en: Mend it}
risk: low
needs: {file: path}
steps: [{zh: "看 {{ file }}", en: "Look{% if file %} at {{ file }}{% endif %}", command: 'type "{{ file }}"'}]
verify: {zh: 正常, en: It works, resolved-when: not finding a/one}
script: mend.bat
---
collection: app-log
title: {zh: 应用日志, en: The application's log}
effort: {minutes: 5}
yields: [app]
needs: {file: path}
steps: [{zh: "取 {{ file }}", en: "Take {{ file }}"}]
"#;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            ("rules/a.yaml", RULES),
            ("rules/b.yaml", OTHERS),
            ("templates/scripts/mend.bat", "set \"F={{ file }}\"\r\n"),
        ];
        for (path, text) in files {
            fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            fs::write(folder.path().join(path), text).unwrap();
        }
        folder
    }

    /// The place of the first letter of `mark` behind `before` in a file.
    fn place(workspace: &Workspace, path: &str, before: &str, mark: &str) -> usize {
        let text = workspace.files.text(path).unwrap();
        let begin = text.find(before).unwrap_or_else(|| panic!("{before}"));
        begin + text[begin..].find(mark).unwrap_or_else(|| panic!("{mark}"))
    }

    /// Renames what stands there, in the workspace; how many places changed.
    fn apply(workspace: &mut Workspace, at: (&str, &str, &str), new: &str) -> Result<usize, String> {
        let offset_at = place(workspace, at.0, at.1, at.2);
        let found = rename(workspace, at.0, offset_at, new).map_err(|why| why.en.unwrap())?.ok_or("nothing there")?;
        let mut count = 0;
        for (uri, edits) in found["changes"].as_object().unwrap() {
            let dir = uri_of(&workspace.dir);
            let path = uri.strip_prefix(&dir).unwrap().trim_start_matches('/').to_owned();
            let mut text = workspace.files.text(&path).unwrap().to_owned();
            // The last first, so that places stay what they are.
            for edit in edits.as_array().unwrap().iter().rev() {
                let number = |end: &str, key: &str| usize::try_from(edit["range"][end][key].as_u64().unwrap()).unwrap();
                let byte = |end: &str| {
                    offset(&text, Position { line: number(end, "line"), character: number(end, "character") })
                };
                let range = byte("start")..byte("end");
                text.replace_range(range, edit["newText"].as_str().unwrap());
                count += 1;
            }
            workspace.edit(&path, &text);
        }
        Ok(count)
    }

    /// Everything that has a name is renamed, one after the other; what comes out says the same.
    #[test]
    fn renamed_throughout_a_knowledge_base_says_the_same() {
        let folder = folder();
        let mut workspace = Workspace::open(folder.path());
        let before = workspace.whole();
        assert!(before.diagnostics.is_empty(), "{:?}", before.diagnostics);
        let rules = "rules/a.yaml";
        let renames = [
            ((rules, "failed:", "failed"), "broke", 3),
            ((rules, "\"ended\"", "ended"), "stopped", 3),
            // Of both rules, the remedy, its script and the collection.
            ((rules, "{file:path}", "file"), "inf", 17),
            // Its type was its name; the finding's capture in the other rule, and in its test.
            ((rules, "{error}", "error"), "fault", 4),
            ((rules, "past.fault", "past"), "earlier", 2),
            ((rules, "as other", "other"), "first-one", 2),
            ((rules, "quick:", "quick"), "fast", 3),
            ((rules, "rule: a/one", "a/one"), "a/first", 6),
            ((rules, "log: app", "app"), "program", 10),
            ((rules, "[mend]", "mend"), "repair", 4),
            (("rules/b.yaml", "app-log", "app-log"), "program-log", 1),
            ((rules, "Terminals", "Terminals"), "Terminals 3", 1),
            ((rules, "Windows 10", "Windows 10"), "Windows 11", 2),
        ];
        let counted = renames.map(|(at, new, _)| (new, apply(&mut workspace, at, new)));
        assert_eq!(counted, renames.map(|(_, new, places)| (new, Ok(places))));
        let base = workspace.whole();
        assert!(base.diagnostics.is_empty(), "{:?}\n{}", base.diagnostics, workspace.files.text(rules).unwrap());
        let outcomes = regression::run(&base, None, &Order::new(Some(1), Some(1))).unwrap();
        assert!(outcomes.iter().all(|one| one.status == Status::Pass), "{outcomes:?}");
        insta::assert_snapshot!(workspace.files.text(rules).unwrap());
    }

    #[test]
    fn what_would_mean_something_else_is_refused() {
        let folder = folder();
        let mut workspace = Workspace::open(folder.path());
        let rules = "rules/a.yaml";
        let cases = [
            ((rules, "failed:", "failed"), "ended", "there is a `ended` already"),
            ((rules, "failed:", "failed"), "then", "`then` cannot be a name"),
            ((rules, "failed:", "failed"), "a b", "`a b` cannot be a name"),
            (
                (rules, "{file:path}", "file"),
                "path",
                "`path` is the name of a type, which a capture of that name would have",
            ),
            ((rules, "{file:path}", "file"), "status", "there is a `status` already"),
            ((rules, "past.error", "past"), "code", "there is a `code` already"),
            ((rules, "again with {code", "code"), "other", "there is a `other` already"),
            ((rules, "{status:error}", "status"), "E_ACCESSDENIED", "there is a `E_ACCESSDENIED` already"),
            ((rules, "rule: a/one", "a/one"), "a/two", "there is a `a/two` already"),
            ((rules, "rule: a/one", "a/one"), "A b", "`A b` cannot be a name"),
            ((rules, "log: app", "app"), "cbs", "there is a `cbs` already"),
            ((rules, "Windows 10", "Windows 10"), "x: y", "`x: y` cannot be a name"),
            ((rules, "= E_ACC", "E_ACC"), "x", "nothing there"),
            ((rules, ":error}", "error"), "x", "nothing there"),
        ];
        for (at, new, why) in cases {
            assert_eq!(apply(&mut workspace, at, new), Err(why.to_owned()), "{at:?} {new}");
        }
        assert_eq!(workspace.files.text(rules).unwrap(), RULES);
        // What the default knowledge base names is not the author's to rename, nor what is written with an escape.
        let own =
            RULES.replace("[mend]", "[reinstall-update]").replace("log: app, line: \"again", "log: cbs, line: \"again");
        workspace.edit(rules, &own);
        let theirs = |at, workspace: &mut Workspace| apply(workspace, at, "x").unwrap_err();
        assert!(theirs((rules, "reinstall", "re"), &mut workspace).contains("has `reinstall-update` too (rules/"));
        assert!(theirs((rules, "log: cbs", "cbs"), &mut workspace).contains("has `cbs` too"));
        workspace.edit(rules, &RULES.replace("\"ended\"", "\"en\\u0064ed\""));
        let why = apply(&mut workspace, (rules, "then ended", "ended"), "stopped").unwrap_err();
        assert_eq!(why, "rules/a.yaml:6: the name is written otherwise here; change it by hand");
    }
}
