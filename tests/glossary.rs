//! The words of the default knowledge base: one term for one concept, and the typography of both languages.

use std::fs;
use std::sync::LazyLock;

use casebook::knowledge_base::KnowledgeBase;
use casebook::lang::{Lang, Localized};
use casebook::rule::Instruction;

use crate::environment::root;

static BASE: LazyLock<KnowledgeBase> = LazyLock::new(KnowledgeBase::embedded);

/// The words of a step. The drawing of a screen has the words of Windows.
fn said(step: &Instruction) -> impl Iterator<Item = Localized> {
    std::iter::once(step.text.clone()).chain(step.seen.clone())
}

/// What the knowledge base itself says, by where it stands.
fn texts() -> Vec<(String, Localized)> {
    let rules = &BASE.rules;
    let mut texts: Vec<(String, Localized)> = Vec::new();
    for rule in &rules.rules {
        texts.push((rule.name.clone(), rule.title.clone()));
        texts.extend(rule.causes.iter().map(|cause| (format!("{}: {}", rule.name, cause.id), cause.title.clone())));
    }
    for one in &rules.collections {
        texts.push((one.name.clone(), one.title.clone()));
        texts.extend(one.steps.iter().flat_map(said).map(|text| (one.name.clone(), text)));
    }
    for one in &rules.remedies {
        let optional = [one.before.clone(), one.undo.clone(), one.verify.as_ref().map(|verify| verify.text.clone())];
        let steps = one.steps.iter().flat_map(said);
        let all = [one.title.clone()].into_iter().chain(steps).chain(optional.into_iter().flatten());
        texts.extend(all.map(|text| (one.name.clone(), text)));
    }
    texts
}

/// Rooms whose words stand in mails, summaries, pages or messages to whoever runs the program. Those that read logs have
/// the words of logs.
const ROOMS: [&str; 5] = ["bundle", "case", "cli", "diagnose", "draft"];

/// What the program says by itself: the literals of its sources that are sentences of a language.
fn built_in(lang: Lang) -> Vec<(String, String)> {
    let mut said = Vec::new();
    let mut open: Vec<_> = ROOMS.iter().map(|room| root().join("src").join(room)).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let is_source = path.extension().is_some_and(|ending| ending == "rs");
        if !is_source || path.iter().any(|part| part == "tests" || part == "tests.rs") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let own = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let at = path.strip_prefix(root()).unwrap().display().to_string().replace('\\', "/");
        let sentences = literals(own).into_iter().filter(|text| match lang {
            Lang::Zh => text.chars().filter(|char| is_han(*char)).count() > 3,
            Lang::En => text.is_ascii() && text.split(' ').filter(|word| word.len() > 1).count() > 2,
        });
        said.extend(sentences.map(|text| (at.clone(), holes(&text))));
    }
    said
}

/// The string literals of a Rust source, comments and characters left out; raw ones are patterns and pages.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'', 'r']) {
        let (from, before) = (&rest[at..], rest[..at].chars().next_back());
        let end = if from.starts_with("//") {
            from.find('\n').unwrap_or(from.len())
        } else if from.starts_with("r#\"") {
            from.find("\"#").map_or(from.len(), |end| end + 2)
        } else if from.starts_with("r\"") && !before.is_some_and(char::is_alphanumeric) {
            from[2..].find('"').map_or(from.len(), |end| end + 3)
        } else if from.starts_with("'\"'") || from.starts_with("'\\'") {
            3
        } else if let Some(inner) = from.strip_prefix('"') {
            let mut escaped = false;
            let end = inner.find(|char| {
                let ends = char == '"' && !escaped;
                escaped = char == '\\' && !escaped;
                ends
            });
            let end = end.map_or(from.len(), |end| end + 2);
            found.push(from[1..end.max(2) - 1].replace("\\n", "\n").replace("\\\"", "\""));
            end
        } else {
            1
        };
        rest = &from[end..];
    }
    found
}

/// A literal without the places that `format!` fills.
fn holes(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for char in text.chars() {
        match char {
            '{' => depth += 1,
            '}' if depth > 0 => {
                depth -= 1;
                out.push('\u{1}');
            }
            other if depth == 0 => out.push(other),
            _ => {}
        }
    }
    out
}

#[test]
fn the_words_of_the_program_are_read_too() {
    let source = "let a = \"一 {b} \\\"二\\\"\"; // \"no\"\nlet c = '\"'; say(\"three words here\")";
    assert_eq!(literals(source), ["一 {b} \"二\"", "three words here"]);
    assert_eq!(holes("用 {one:?} 了"), "用 \u{1} 了");
    let said = built_in(Lang::Zh);
    assert!(said.iter().any(|(_, text)| text.contains("此操作难以撤销")), "{} texts", said.len());
    assert!(built_in(Lang::En).iter().any(|(_, text)| text.contains("This is hard to undo")));
}

/// The same with the templates and the words of the program, in one language, line by line.
fn lines(lang: Lang) -> Vec<(String, String)> {
    let own = texts().into_iter().map(|(at, text)| (at, text.get(lang).to_owned())).chain(built_in(lang));
    let templates = BASE.templates.files.clone().into_iter().filter(|(path, _)| path.starts_with(lang.key()));
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
