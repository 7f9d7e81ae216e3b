//! Whole documents: what is read, and that every fault of one is found in one go, at the offending text.

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;
use crate::syntax::ast::*;
use crate::syntax::{parse, parse_settings};

fn read(text: &str) -> (SourceMap, Vec<Declaration>, Vec<Diagnostic>) {
    let mut map = SourceMap::new();
    let file = map.add("rules/x.yaml", text);
    let mut diagnostics = Vec::new();
    let declarations = parse(&map, file, &mut diagnostics);
    (map, declarations, diagnostics)
}

fn faults(text: &str) -> Vec<String> {
    let (map, _, diagnostics) = read(text);
    let line = |diagnostic: &Diagnostic| {
        let slug = diagnostic.code.entry().map_or("?", |entry| entry.slug);
        let fix = diagnostic.fix.as_ref().map(|fix| format!(" → [{}]", fix.text)).unwrap_or_default();
        format!("{slug} [{}]{fix}", map.text(diagnostic.span))
    };
    diagnostics.iter().map(line).collect()
}

const RULE: &str = r#"
rule: disk/volume-full
title:
  zh: 磁盘已满，安装失败
  en: Installation failed because the volume is full
severity: failure
evidence:
  full:
    log: cbs
    line: ["Failed to write {file:path} [HRESULT = {status:error} - {}]", "disk full"]
  begun:
    log: [cbs, dism]
    line: "^Session {id:/[0-9_]+/} begins$"
  shown:
    log: icacls
    section: "Volumes"
    fields: {file: "{target:path}", free: no}
    where: target.name = file.name
    case: exact
signature: |
  begun then full within 5m
  and not shown
explains: servicing/rollback
causes:
  small: {title: 卷太小, when: shown, remedies: [clean-up]}
tests:
  - name: full
    logs:
      cbs: |
        2024-01-02 03:04:05, Info CBS disk full
      icacls: [{file: 'C:\x', rights: "(F)", free:}]
    expect: {status: confirmed, missing: setupapi.dev, captures: {status: 5}, causes: {small: open}}
  - logs: {cbs: }
    expect: none
  - {name: several, expect: [{rule: a/b}, {requests: [x, y]}]}
"#;

#[test]
fn a_rule_is_read_whole() {
    let (map, declarations, diagnostics) = read(RULE);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let [Declaration::Rule(rule)] = declarations.as_slice() else { panic!("no rule") };
    assert_eq!((rule.name.value.as_str(), map.text(rule.name.span)), ("disk/volume-full", "disk/volume-full"));
    assert_eq!(rule.title.zh.as_ref().map(|text| map.text(text.span)), Some("磁盘已满，安装失败"));
    assert!(!rule.broken && rule.signature_written && rule.signature.is_some());
    let names: Vec<&str> = rule.evidence.iter().map(|evidence| evidence.name.value.as_str()).collect();
    assert_eq!(names, ["full", "begun", "shown"]);
    assert_eq!(rule.evidence[0].lines.len(), 2);
    assert_eq!(rule.evidence[1].logs.len(), 2);
    assert!(rule.evidence[1].lines[0].at_start && rule.evidence[1].lines[0].at_end);
    assert_eq!(rule.evidence[2].fields[1].1.text.text, "no");
    assert!(rule.evidence[2].filter.is_some() && rule.evidence[2].section.is_some() && rule.evidence[2].case.is_some());
    assert_eq!(rule.explains[0].value, "servicing/rollback");
    assert_eq!(rule.causes[0].title.en.as_ref().map(|text| text.value.as_str()), Some("卷太小"));
    let [full, unnamed, several] = rule.tests.as_slice() else { panic!("three tests") };
    assert!(matches!(&full.logs[0].1, TestLogDecl::Text(text) if text.value.ends_with("disk full\n")));
    let TestLogDecl::Records(records) = &full.logs[1].1 else { panic!("no records") };
    assert_eq!(
        records[0].iter().map(|(name, value)| format!("{}={}", name.value, value.value)).collect::<Vec<_>>(),
        [r"file=C:\x", "rights=(F)", "free="]
    );
    let ExpectDecl::Findings(expected) = &full.expect else { panic!("no findings") };
    assert_eq!(expected[0].missing.as_ref().map(|missing| missing[0].value.as_str()), Some("setupapi.dev"));
    assert_eq!(unnamed.name.value, "#2");
    assert!(matches!(unnamed.expect, ExpectDecl::None(_)));
    assert!(matches!(&several.expect, ExpectDecl::Findings(findings) if findings.len() == 2));
}

/// One document of every other kind.
const OTHERS: &str = r#"
log: web
title: {zh: 网站日志, en: Web log}
files: "*.log"
record: ["^{time:%Y-%m-%d %H:%M:%S} {message}$", "^{time:%H:%M:%S %Y-%m-%d} {message}$"]
recognise: "^#Version"
stamp: "^#Date: {time:%Y-%m-%d %H:%M:%S}"
clock: {zone: utc, resolution: 100ns}
section: {begin: ["^[{title}]"], end: "^[end]"}
attempt: {begin: "starting"}
snapshot: {about: file}
---
remedy: clean-up
title: {zh: 清理磁盘, en: Clean the disk}
risk: low
needs: {file: path}
mentioned: [cleanmgr]
before: {zh: 备份, en: Back up}
steps: [{zh: 运行, en: Run, command: 'cleanmgr "{{ file }}"'}]
script: clean.bat
verify: {zh: 看, en: Look, resolved-when: not finding disk/volume-full}
undo: {zh: 无, en: None}
---
collection: gui
title: {zh: 收集, en: Collect}
effort: {minutes: 30, restart: true, on-site: false}
yields: [cbs]
needs: {}
mentioned: ["GUI"]
steps: [{zh: 点击, en: Click}]
---
phrases: zh
asked: [请提供, 麻烦收集]
received: 已收到
"#;

#[test]
fn the_other_documents_are_read_whole() {
    let (_, declarations, diagnostics) = read(OTHERS);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let [
        Declaration::Log(log),
        Declaration::Remedy(remedy),
        Declaration::Collection(collection),
        Declaration::Phrases(phrases),
    ] = declarations.as_slice()
    else {
        panic!("four documents")
    };
    assert_eq!(
        log.clock.as_ref().and_then(|clock| clock.resolution.as_ref()).map(|resolution| resolution.value),
        Some(100)
    );
    assert_eq!((log.record.len(), log.stamps.len(), log.recognise.len()), (2, 1, 1));
    assert!(
        log.attempt.as_ref().is_some_and(|(_, end)| end.is_none()) && log.snapshot.is_some() && log.section.is_some()
    );
    assert!(remedy.verify.as_ref().is_some_and(|(text, resolved)| text.zh.is_some() && resolved.is_some()));
    assert!(remedy.before.is_some() && remedy.undo.is_some() && remedy.script.is_some());
    assert!(collection.effort.as_ref().is_some_and(|effort| effort.restart && !effort.on_site));
    assert_eq!(phrases.acts.iter().map(|(_, list)| list.len()).collect::<Vec<_>>(), [2, 1]);
}

/// Ten faults in one rule, each with the text that is to blame.
#[test]
fn all_faults_of_a_rule_are_found_at_once() {
    let found = faults(
        r#"
rule: disk/volume-full
title: {zh: 磁盘已满, eng: Full}
severty: failure
evidence:
  中文证据:
    log: cbs
    line: "中文 {file:path and more"
  not:
    log: {a: b}
  twice: {log: cbs, line: "x }", wher: a = 1}
  twice: {log: cbs}
  folded:
    log: cbs
    where: >
      a =
      1
  lost: text
signature: |
  中文证据 then (twice
  AND folded)
causes:
  one: {when: twice twice}
tests:
  - {name: x, logs: {cbs: a}}
  - {name: y, expect: maybe}
"#,
    );
    insta::assert_snapshot!(found.join("\n"), @r"
    unknown-key [eng] → [en]
    unknown-key [severty] → [severity]
    unclosed-hole [{]
    reserved-word [not]
    wrong-shape [{a: b}]
    stray-brace [}] → [}}]
    unknown-key [wher] → [where]
    duplicate-key [twice]
    folded-expression [>] → [|]
    wrong-shape [text]
    upper-case-word [AND] → [and]
    missing-connective [twice]
    missing-key [x]
    bad-value [maybe]
    ");
}

#[test]
fn what_follows_from_a_fault_is_not_reported() {
    assert_eq!(faults("rule: a\nevidnce: {}\nsignature: b\n"), ["unknown-key [evidnce] → [evidence]"]);
    assert_eq!(faults("rule: a\nsignature: \n"), ["empty-value [signature]"]);
}

#[test]
fn a_broken_declaration_says_so() {
    let (_, declarations, _) = read(
        "rule: a\nseverity: x\nseverity: y\nevidence: {b: {log: c}}\nsignature: b\n---\nrule: c\nevidence: {b: {log: c}}\nsignature: b\n",
    );
    let broken: Vec<bool> =
        declarations.iter().map(|declaration| matches!(declaration, Declaration::Rule(rule) if rule.broken)).collect();
    assert_eq!(broken, [true, false]);
}

#[test]
fn the_first_key_says_what_a_document_is() {
    assert_eq!(faults("title: x\nrule: a\n"), ["unknown-document [title]"]);
    assert_eq!(faults("rul: a\n"), ["unknown-document [rul] → [rule]"]);
    assert_eq!(faults("- a\n"), ["unknown-document [- a]"]);
    assert_eq!(faults("rule: then\nevidence: {a: {log: b}}\nsignature: a\n"), ["bad-name [then]"]);
}

#[test]
fn a_folded_expression_is_rewritten_as_a_block() {
    let text = "rule: a\nevidence: {b: {log: c}}\nsignature: b\n  and b\n";
    let (map, _, diagnostics) = read(text);
    let fix = diagnostics[0].fix.clone().expect("a fix");
    assert_eq!(map.text(diagnostics[0].span), "b\n  and b");
    let mended = format!("{}{}{}", &text[..fix.span.start], fix.text, &text[fix.span.end..]);
    assert_eq!(mended, "rule: a\nevidence: {b: {log: c}}\nsignature: |-\n  b and b\n");
    assert!(faults(&mended).is_empty());
    let listed = "log: a\nrecord:\n  - one\n    two\n";
    let (_, _, diagnostics) = read(listed);
    let fix = diagnostics[0].fix.clone().expect("a fix");
    let mended = format!("{}{}{}", &listed[..fix.span.start], fix.text, &listed[fix.span.end..]);
    assert!(faults(&mended).is_empty(), "{mended}");
    assert_eq!(faults("log: a\nrecord: [one\n  two]\n"), ["folded-expression [one\n  two]"]);
}

#[test]
fn a_pattern_in_a_block_ends_with_its_line() {
    let (map, declarations, _) = read("log: a\nrecord: |\n  x {message}\n");
    let Some(Declaration::Log(log)) = declarations.first() else { panic!("no log") };
    assert_eq!(log.record[0].text.text, "x {message}");
    let PatternPart::Hole(hole) = &log.record[0].parts[1] else { panic!("no hole") };
    assert_eq!(map.text(hole.span), "{message}");
}

#[test]
fn settings_are_leaves_by_dotted_key() {
    let mut map = SourceMap::new();
    let file =
        map.add("casebook.yaml", "lang: zh\ncustomer: {name: 甲先生, title:}\nredact: [a, b]\nutc-offset: +08:00\n");
    let mut diagnostics = Vec::new();
    let settings = parse_settings(&map, file, &mut diagnostics);
    let leaves: Vec<String> =
        settings.values.iter().map(|(key, value)| format!("{}={}", key.value, value.value)).collect();
    assert_eq!(leaves, ["lang=zh", "customer.name=甲先生", "redact=a", "redact=b", "utc-offset=+08:00"]);
    assert_eq!(map.text(settings.values[1].0.span), "name");
    assert!(diagnostics.is_empty());
}

#[test]
fn products_are_names_in_one_text_or_in_both_languages() {
    let rule = |products: &str| format!("rule: a/b\nproducts: {products}\nevidence: {{}}\nsignature: x\n");
    let names = |text: &str| {
        let (_, declarations, diagnostics) = read(&rule(text));
        assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
        let Some(Declaration::Rule(rule)) = declarations.into_iter().next() else { panic!("{text}") };
        let text = |text: Option<Text>| text.map_or_else(|| "-".to_owned(), |text| text.value);
        rule.products.into_iter().map(|it| format!("{}/{}", text(it.zh), text(it.en))).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(names("[Windows 10, {zh: 终端, en: Terminals}]"), "Windows 10/Windows 10, 终端/Terminals");
    assert_eq!(names("Windows 10"), "Windows 10/Windows 10");
    assert_eq!(names("{zh: 终端}"), "终端/-");
    let faults = |products: &str| faults(&rule(products));
    assert_eq!(faults("[]"), ["empty-value [products]"]);
    assert_eq!(faults(""), ["empty-value [products]"]);
    assert_eq!(faults("[Windows 10, \"\"]"), ["empty-value []"]);
    assert_eq!(faults("{zh: \" \", en: x}"), ["empty-value [ ]"]);
    assert_eq!(faults("[{}]"), ["empty-value [{}]"]);
    assert_eq!(faults("[[x]]"), ["wrong-shape [[x]]"]);
    assert_eq!(faults("{zh: a, de: b}"), ["unknown-key [de]"]);
}
