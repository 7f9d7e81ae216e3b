//! The words of the default knowledge base: one term for one concept, and the typography of both languages.

use std::fs;

use casebook::knowledge_base::KnowledgeBase;
use casebook::lang::{Lang, Localized};

use crate::environment::root;

/// What the knowledge base itself says, by where it stands.
fn texts() -> Vec<(String, Localized)> {
    let base = KnowledgeBase::embedded();
    let rules = &base.rules;
    let mut texts: Vec<(String, Localized)> = Vec::new();
    for rule in &rules.rules {
        texts.push((rule.name.clone(), rule.title.clone()));
        texts.extend(rule.causes.iter().map(|cause| (format!("{}: {}", rule.name, cause.id), cause.title.clone())));
    }
    for one in &rules.collections {
        texts.push((one.name.clone(), one.title.clone()));
        texts.extend(one.steps.iter().map(|step| (one.name.clone(), step.text.clone())));
    }
    for one in &rules.remedies {
        let optional = [one.before.clone(), one.undo.clone(), one.verify.as_ref().map(|verify| verify.text.clone())];
        let steps = one.steps.iter().map(|step| step.text.clone());
        let all = [one.title.clone()].into_iter().chain(steps).chain(optional.into_iter().flatten());
        texts.extend(all.map(|text| (one.name.clone(), text)));
    }
    texts
}

/// The same with the templates, in one language, line by line.
fn lines(lang: Lang) -> Vec<(String, String)> {
    let own = texts().into_iter().map(|(at, text)| (at, text.get(lang).to_owned()));
    let base = KnowledgeBase::embedded();
    let templates = base.templates.files.into_iter().filter(|(path, _)| path.starts_with(lang.key()));
    let split =
        |(at, text): (String, String)| text.lines().map(|line| (at.clone(), without_tags(line))).collect::<Vec<_>>();
    own.chain(templates).flat_map(split).collect()
}

/// A line of a template without what the engine reads.
fn without_tags(line: &str) -> String {
    let mut text = line.to_owned();
    for (open, close) in [("{%", "%}"), ("{{", "}}"), ("{#", "#}")] {
        while let Some(from) = text.find(open) {
            let Some(to) = text[from..].find(close) else { break };
            text.replace_range(from..from + to + close.len(), "\u{1}");
        }
    }
    text
}

/// The words that are never used, with the term to use.
fn unwanted() -> Vec<(String, String)> {
    let page = fs::read_to_string(root().join("docs/glossary.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| 中文"));
    let words = rows.flat_map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let never: Vec<&str> = cells[2].split(", ").collect();
        never.into_iter().map(|word| (word.to_owned(), format!("{} / {}", cells[0], cells[1]))).collect::<Vec<_>>()
    });
    words.collect()
}

/// Whether `word` stands in `line`, a Latin one as a word.
fn stands(line: &str, word: &str) -> bool {
    let line = line.to_lowercase();
    let word = word.to_lowercase();
    line.match_indices(&word).any(|(at, _)| {
        let latin = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '/';
        !word.is_ascii() || (!line[..at].ends_with(latin) && !line[at + word.len()..].starts_with(latin))
    })
}

#[test]
fn one_term_stands_for_one_concept() {
    let words = unwanted();
    assert!(words.len() > 20, "the glossary is not read: {words:?}");
    let mut faults = Vec::new();
    for (at, line) in Lang::ALL.into_iter().flat_map(lines) {
        let found = words.iter().filter(|(word, _)| stands(&line, word));
        faults.extend(found.map(|(word, term)| format!("{at}: `{word}` in place of {term}: {line}")));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn is_han(char: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&char)
}

/// What is wrong with the typography of a Chinese line.
fn typography(line: &str) -> Option<&'static str> {
    let chars: Vec<char> = line.chars().collect();
    chars.windows(2).find_map(|pair| match (pair[0], pair[1]) {
        (han, ',' | ';' | '?' | '!' | ':' | '(' | ')') if is_han(han) => Some("a mark of half width after Chinese"),
        (',' | ';' | '?' | '!' | ')', han) if is_han(han) => Some("a mark of half width before Chinese"),
        (han, latin) if is_han(han) && latin.is_ascii_alphabetic() => Some("no blank between Chinese and Latin"),
        (latin, han) if is_han(han) && latin.is_ascii_alphabetic() => Some("no blank between Latin and Chinese"),
        (mark, ' ') if "，。；：！？、（".contains(mark) => Some("a blank after a mark of full width"),
        _ => None,
    })
}

#[test]
fn chinese_is_set_as_chinese() {
    assert_eq!(typography("打开 Word，关闭。"), None);
    for bad in ["打开Word", "Word打开", "打开,关闭", "打开(关闭)", "打开， 关闭"] {
        assert!(typography(bad).is_some(), "{bad}");
    }
    let faults: Vec<String> = lines(Lang::Zh)
        .iter()
        .filter_map(|(at, line)| typography(line).map(|fault| format!("{at}: {fault}: {line}")))
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn english_is_set_as_english() {
    let is_wide = |char: char| is_han(char) || "，。；：！？、（）“”".contains(char) && !"“”".contains(char);
    let faults: Vec<String> = lines(Lang::En)
        .into_iter()
        .filter(|(_, line)| line.chars().any(is_wide) || line.contains("(s)") || line.contains(" ,"))
        .map(|(at, line)| format!("{at}: {line}"))
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
