//! The site as a reader meets it: every link leads somewhere, every rule has its page in both languages, nothing that a
//! rule's author writes becomes more than text, and one page is shown whole.

use std::collections::{BTreeMap, BTreeSet};

use html5gum::{Token, Tokenizer};

use super::*;
use crate::knowledge_base::Files;

/// A knowledge base of rule files over nothing.
fn base(rules: &[(&str, &str)]) -> KnowledgeBase {
    let rules = rules.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    KnowledgeBase::of("example", Files { rules, ..Files::default() })
}

const RULES: &str = include_str!("example.yaml");

/// A page without its fingerprint, which changes with the default's files, and the program's version.
fn lasting(page: &str, base: &KnowledgeBase) -> String {
    page.replace(&base.hash, "[hash]").replace(env!("CARGO_PKG_VERSION"), "[version]")
}

/// The text of a page without its tags and style, lines that hold anything.
fn text(page: &str) -> String {
    let mut text = String::new();
    let mut hidden = false;
    for token in Tokenizer::new(page) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                hidden = name == "style";
                if ["li", "p", "h1", "h2", "h3", "tr", "pre", "div", "summary", "code"].contains(&name.as_str()) {
                    text.push_str(if name == "code" { " " } else { "\n" });
                }
            }
            Token::EndTag(_) => hidden = false,
            Token::String(string) if !hidden => text.push_str(&String::from_utf8_lossy(&string.value)),
            _ => {}
        }
    }
    text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// Attributes called `name` of all elements of a page.
fn attributes(page: &str, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for token in Tokenizer::new(page) {
        if let Token::StartTag(tag) = token.unwrap() {
            let value = tag.attributes.iter().find(|(own, _)| own.as_slice() == name.as_bytes());
            found.extend(value.map(|(_, value)| String::from_utf8_lossy(value).into_owned()));
        }
    }
    found
}

/// Values of the attributes of a page that begin with `name="`: read off its text, as there are many pages.
fn quick<'p>(page: &'p str, name: &'static str) -> impl Iterator<Item = &'p str> {
    page.split(name).skip(1).filter_map(|rest| rest.split('"').next())
}

/// Links that lead nowhere, of all pages.
fn dead_links(files: &BTreeMap<String, String>) -> Vec<String> {
    let ids: BTreeMap<&str, BTreeSet<&str>> =
        files.iter().map(|(path, page)| (path.as_str(), quick(page, " id=\"").collect())).collect();
    let mut dead = Vec::new();
    for (path, page) in files.iter().filter(|(path, _)| path.as_str() != MARKER) {
        for href in quick(page, " href=\"") {
            let (file, anchor) = href.split_once('#').unwrap_or((href, ""));
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let joined = match file.strip_prefix("../") {
                _ if file.is_empty() => path.clone(),
                Some(rest) => rest.to_owned(),
                None if folder.is_empty() => file.to_owned(),
                None => format!("{folder}/{file}"),
            };
            let there = ids.get(joined.as_str()).is_some_and(|ids| anchor.is_empty() || ids.contains(anchor));
            if !there {
                dead.push(format!("{path}: {href}"));
            }
        }
    }
    dead
}

#[test]
fn every_link_of_the_shipped_site_leads_somewhere() {
    let base = KnowledgeBase::embedded();
    let files = site(&base, &[], Lang::Zh).unwrap();
    assert_eq!(dead_links(&files), Vec::<String>::new());
    assert_eq!(
        quick(&files["index.html"], " href=\"").map(str::to_owned).collect::<Vec<_>>(),
        attributes(&files["index.html"], "href")
    );
    for rule in &base.rules.rules {
        for lang in Lang::ALL {
            let name = address::rule(&rule.name);
            let page = &files[&format!("{lang}/{name}")];
            assert!(page.contains(&escape(rule.title.get(lang))), "{lang} {}", rule.name);
            assert!(quick(&files[&format!("{lang}/index.html")], " href=\"").any(|href| href == name), "{}", rule.name);
            // A rule with a certain finding in one of its tests shows it.
            let marked = page.contains("class=\"marked\"");
            assert!(marked, "{}: no sample", rule.name);
        }
    }
    let listed: serde_json::Value = serde_json::from_str(&files[MARKER]).unwrap();
    assert_eq!(listed["files"].as_array().unwrap().len() + 1, files.len());
}

#[test]
fn the_same_knowledge_base_gives_the_same_site() {
    let sites = [(); 2].map(|()| site(&base(&[("rules/a.yaml", RULES)]), &[], Lang::En).unwrap());
    assert_eq!(sites[0], sites[1]);
    let [first, english] = ["index.html", "en/index.html"].map(|name| text(&sites[0][name]));
    assert_eq!(first, english, "the first page is the index in the language asked for");
}

#[test]
fn a_page_loads_nothing_and_runs_nothing() {
    let files = site(&base(&[("rules/a.yaml", RULES)]), &[], Lang::Zh).unwrap();
    for (path, page) in files.iter().filter(|(path, _)| path.as_str() != MARKER) {
        assert_eq!(attributes(page, "src"), Vec::<String>::new(), "{path}");
        let lower = page.to_ascii_lowercase();
        for word in ["<script", "<link", "@import", "url("] {
            assert!(!lower.contains(word), "{path}: {word}");
        }
        let outside = attributes(page, "href").into_iter().find(|href| href.contains("://") || href.starts_with('/'));
        assert_eq!(outside, None, "{path}");
    }
}

/// The text of a page.
fn shown(files: &BTreeMap<String, String>, lang: Lang, page: &str, base: &KnowledgeBase) -> String {
    lasting(&text(&files[&format!("{lang}/{page}")]), base)
}

#[test]
fn a_rule_in_words() {
    let base = base(&[("rules/a.yaml", RULES)]);
    let files = site(&base, &[], Lang::Zh).unwrap();
    for lang in Lang::ALL {
        insta::assert_snapshot!(
            format!("rule_in_words_{lang}"),
            shown(&files, lang, "rule-example.every-form.html", &base)
        );
    }
}

#[test]
fn a_page_as_it_is_written() {
    let base = base(&[("rules/a.yaml", RULES)]);
    let files = site(&base, &[], Lang::Zh).unwrap();
    let page = files["en/rule-example.open-denied.html"].replace(STYLE, "");
    insta::assert_snapshot!(lasting(&page, &base));
    insta::assert_snapshot!("codes", lasting(&text(&files["zh/codes.html"]), &base));
}

#[test]
fn rules_are_found_by_product() {
    let base = base(&[("rules/a.yaml", RULES)]);
    let files = site(&base, &[], Lang::Zh).unwrap();
    for lang in Lang::ALL {
        insta::assert_snapshot!(format!("products_{lang}"), shown(&files, lang, "products.html", &base));
    }
    let names = |page: &str| quick(page, " href=\"products.html#").map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(names(&files["zh/rule-example.every-form.html"]), ["~any"]);
    assert_eq!(names(&files["en/rule-example.open-denied.html"])[..2], ["~57indows~2011", "~57indows~2010"]);
}

#[test]
fn a_rule_page_tells_of_bundle_tests() {
    let base = base(&[("rules/a.yaml", RULES)]);
    let findings =
        "example/open-denied confirmed x1\n  status = 0x80070005\n  cause permissions open\nexample/other confirmed x1";
    let one = |name: &str, findings: &str| Recorded {
        area: "example".to_owned(),
        name: name.to_owned(),
        findings: findings.to_owned(),
    };
    let bundles = [
        one("a case", findings),
        one("healthy", ""),
        one("open", "example/open-denied undetermined x1, missing cbs (absent)"),
    ];
    let files = site(&base, &bundles, Lang::En).unwrap();
    let page = text(&files["en/rule-example.open-denied.html"]);
    let shown = page.split("Its finding in bundle tests").nth(1).unwrap();
    assert_eq!(
        shown.lines().map(str::trim).take(8).collect::<Vec<_>>().join("|"),
        "|confirmed  example/a case|example/open-denied confirmed x1|status = 0x80070005|cause permissions open\
         |undetermined  example/open|example/open-denied undetermined x1, missing cbs (absent)|Knowledge base example · "
            .to_owned() + &base.hash + " · casebook " + env!("CARGO_PKG_VERSION")
    );
    assert!(text(&files["en/index.html"]).contains("3 bundle tests"));
    assert!(!text(&files["en/rule-example.every-form.html"]).contains("bundle tests"));
}

#[test]
fn what_an_author_writes_stays_text() {
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{ 7*7 }}{% if %}";
    let yaml = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let rules = RULES
        .replace("Access is denied while a package is opened", &yaml(hostile))
        .replace("打开更新包时访问被拒绝", &yaml(hostile))
        .replace("denied at once", &yaml(hostile))
        .replace("Look at the <permissions>", &yaml(hostile));
    let base = base(&[("rules/a.yaml", &rules)]);
    assert_eq!(base.errors(), 0, "{:?}", base.diagnostics);
    let files = site(&base, &[], Lang::En).unwrap();
    assert_eq!(dead_links(&files), Vec::<String>::new());
    let mut shown = 0;
    for (path, page) in files.iter().filter(|(path, _)| path.as_str() != MARKER) {
        for token in Tokenizer::new(page) {
            if let Token::StartTag(tag) = token.unwrap() {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                assert!(!["script", "img"].contains(&name.as_str()), "{path}: <{name}>");
                assert!(!tag.attributes.keys().any(|name| name.starts_with(b"on")), "{path}: {tag:?}");
            }
        }
        shown += text(page).matches("<script>alert(1)</script>").count();
    }
    assert!(shown > 8, "{shown}");
}

/// A text that turns its direction or rings the bell is shown with marks in place of what steers.
#[test]
fn what_steers_is_shown() {
    let rules = RULES.replace(
        "en: Access is denied while a package is opened",
        "en: \"Access \\u202Eis \\u0007denied while it is opened\"",
    );
    let files = site(&base(&[("rules/a.yaml", &rules)]), &[], Lang::En).unwrap();
    let page = &files["en/rule-example.open-denied.html"];
    assert!(page.contains("Access \u{FFFD}is \u{FFFD}denied"), "{}", text(page));
    assert!(!page.contains(['\u{202E}', '\u{7}']));
}

#[test]
fn an_empty_knowledge_base_has_a_site() {
    let files = site(&base(&[]), &[], Lang::Zh).unwrap();
    assert_eq!(dead_links(&files), Vec::<String>::new());
    assert!(text(&files["index.html"]).contains("0 条规则"));
}
