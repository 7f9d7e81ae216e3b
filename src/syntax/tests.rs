//! Faults as an author meets them: the marked text is to blame, replacing it mends the document, and the rendered
//! page reads well in both languages.

use proptest::prelude::*;

use super::parse;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::{View, human, to_json};
use crate::lang::Lang;
use crate::source::SourceMap;

fn read(text: &str) -> (SourceMap, Vec<Diagnostic>) {
    let mut map = SourceMap::new();
    let file = map.add("rules/servicing/回滚.yaml", text);
    let mut diagnostics = Vec::new();
    parse(&map, file, &mut diagnostics);
    (map, diagnostics)
}

/// A name, a document with the offending text in `⟦…⟧`, and what mends it.
const FAULTS: [(&str, &str, &str); 19] = [
    (
        "unknown-key",
        "rule: a\ntitle: {zh: 磁盘, en: Disk}\n⟦severty⟧: failure\nevidence: {b: {log: c}}\nsignature: b\n",
        "severity",
    ),
    ("nested-key", "rule: a\nevidence: {中文: {log: c, ⟦lines⟧: x}}\nsignature: 中文\n", "line"),
    (
        "hole-after-chinese",
        "rule: a\nevidence: {b: {log: c, line: \"安装 失败 {⟦in path⟧} 完\"}}\nsignature: b\n",
        "in:path",
    ),
    (
        "hole-after-escapes",
        "rule: a\nevidence: {b: {log: c, line: \"\\\\\\\"\\u4e2d\\t中文 {⟦in path⟧}\"}}\nsignature: b\n",
        "in:path",
    ),
    ("single-quoted", "rule: a\nevidence:\n  b:\n    log: c\n    line: '它''s 文件 ⟦}⟧ x'\nsignature: b\n", "}}"),
    (
        "operator-in-block",
        "rule: a\nevidence: {拒绝: {log: c}, b: {log: c}}\nsignature: |\n  拒绝\n\n  and 拒绝 ⟦&&⟧ b\n",
        "and",
    ),
    ("full-width-in-block", "rule: a\nevidence: {b: {log: c}}\nsignature: |-\n  b and (b or b⟦）⟧\n", ")"),
    ("quotes-in-quotes", "rule: a\nevidence: {b: {log: c}}\nsignature: \"b where x = ⟦'中'⟧\"\n", "\\\"中\\\""),
    ("quotes-in-single-quotes", "rule: a\nevidence: {b: {log: c}}\nsignature: 'b where x = ⟦''it''⟧'\n", "\"it\""),
    ("capitals", "rule: a\nevidence: {b: {log: c}}\nsignature: b ⟦OR⟧ b\n", "or"),
    ("unclosed-parenthesis", "rule: a\nevidence: {b: {log: c}}\nsignature: b and ⟦(⟧b or b\n", ""),
    (
        "missing-connective",
        "rule: a\nevidence: {b: {log: c}}\nsignature: \"中文 and b where x = \\\"中\\\" ⟦b⟧\"\n",
        "and b",
    ),
    ("duration", "rule: a\nevidence: {b: {log: c}}\nsignature: |\n  b then b\n    within ⟦5 秒钟⟧\n", "5s"),
    ("regex", "rule: a\nevidence: {b: {log: c, line: 'x {y:/a\\/b⟦(⟧c/}'}}\nsignature: b\n", "-"),
    ("folded", "rule: a\nevidence: {b: {log: c}}\nsignature: ⟦>⟧\n  b and\n  b\n", "|"),
    ("reserved", "rule: a\nevidence: {⟦section⟧: {log: c}}\nsignature: b\n", "b"),
    ("shape", "rule: ⟦[a]⟧\nevidence: {b: {log: c}}\nsignature: b\n", "a"),
    ("crlf", "\u{feff}rule: a\r\nevidence:\r\n  b: {log: c}\r\nsignature: |\r\n  b\r\n  and ⟦or⟧ b\r\n", "not"),
    ("yaml", "rule: a\nevidence: {b: {log: c}}\nsignature: ⟦@⟧b\n", ""),
];

#[test]
fn replacing_the_marked_text_mends_the_document() {
    for (name, marked, right) in FAULTS {
        let wrong = marked.replace(['⟦', '⟧'], "");
        let (map, diagnostics) = read(&wrong);
        assert_eq!(diagnostics.len(), 1, "{name}: {diagnostics:?}");
        let span = diagnostics[0].span;
        let start = marked.find('⟦').expect("a mark");
        let text = &marked[start + '⟦'.len_utf8()..marked.find('⟧').expect("a mark")];
        assert_eq!((map.text(span), span.start), (text, start), "{name}");
        let mended = format!("{}{right}{}", &wrong[..span.start], &wrong[span.end..]);
        assert_eq!(read(&mended).1, [], "{name}");
        if let Some(fix) = &diagnostics[0].fix {
            let mended = format!("{}{}{}", &wrong[..fix.span.start], fix.text, &wrong[fix.span.end..]);
            assert_eq!(read(&mended).1, [], "the fix of {name}");
        }
    }
}

#[test]
fn a_fault_reads_well_in_both_languages() {
    for (name, marked, _) in FAULTS {
        let (map, diagnostics) = read(&marked.replace(['⟦', '⟧'], ""));
        let pages: Vec<String> = Lang::ALL
            .into_iter()
            .map(|lang| human(&diagnostics[0], &map, View { lang, coloured: false, width: 100 }))
            .collect();
        insta::with_settings!({snapshot_suffix => name}, { insta::assert_snapshot!(pages.join("\n\n")) });
    }
}

#[test]
fn labels_colours_and_json() {
    let (map, diagnostics) = read("rule: a\n标题: {}\nevidence: {b: {log: c}}\nsignature: b\nevidence: {}\n");
    let view = View { lang: Lang::Zh, coloured: true, width: 100 };
    let pages: Vec<String> = diagnostics.iter().map(|diagnostic| human(diagnostic, &map, view)).collect();
    let colour = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern");
    let plain: Vec<String> =
        diagnostics.iter().map(|diagnostic| human(diagnostic, &map, View { coloured: false, ..view })).collect();
    assert_eq!(colour.replace_all(&pages.join("\n\n"), ""), plain.join("\n\n"));
    assert_ne!(pages, plain);
    insta::assert_snapshot!(plain.join("\n\n"));
    let json: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| serde_json::to_string_pretty(&to_json(diagnostic, &map, Lang::Zh)).expect("JSON"))
        .collect();
    insta::assert_snapshot!("json", json.join("\n"));
}

#[test]
fn a_long_line_is_cropped_around_the_mark() {
    let text = format!(
        "rule: a\nevidence: {{b: {{log: c, line: \"{}{{in path}}{}\"}}}}\nsignature: b\n",
        "中文 ".repeat(300),
        " x".repeat(300)
    );
    let (map, diagnostics) = read(&text);
    let page = human(&diagnostics[0], &map, View { lang: Lang::En, coloured: false, width: 80 });
    assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
    assert!(page.contains("{in path}"));
}

/// A document of every kind, for mutation.
const SOUND: &str = include_str!("tests/sound.yaml");

#[test]
fn the_sound_document_is_sound() {
    let (_, diagnostics) = read(SOUND);
    assert_eq!(diagnostics, []);
}

/// Renders every diagnostic too: a place that is no place would show here.
fn survives(text: &str) {
    let (map, diagnostics) = read(text);
    for diagnostic in diagnostics.iter().take(20) {
        for lang in Lang::ALL {
            assert!(!human(diagnostic, &map, View { lang, coloured: false, width: 80 }).is_empty());
            assert!(to_json(diagnostic, &map, lang).is_object());
        }
        let text = &map.file(diagnostic.span.file).text;
        assert!(text.get(diagnostic.span.start..diagnostic.span.end).is_some(), "{diagnostic:?}");
        if let Some(fix) = &diagnostic.fix {
            assert!(text.get(fix.span.start..fix.span.end).is_some(), "{diagnostic:?}");
        }
    }
}

/// Bits of the language, which random text seldom hits upon.
fn bits() -> impl Strategy<Value = String> {
    let bit = prop::sample::select(vec![
        "a",
        "b",
        " ",
        "\n",
        "  ",
        "(",
        ")",
        "{",
        "}",
        "{{",
        "}}",
        "\"",
        "'",
        "\\",
        "/",
        ":",
        ": ",
        "- ",
        "|",
        ">",
        "&x ",
        "*x",
        "#",
        " #",
        "=",
        "!=",
        "and",
        "or",
        "not",
        "then",
        "within",
        "5s",
        "of",
        "at least",
        "3",
        "where",
        "in",
        "one",
        "section",
        "finding",
        "中",
        "（",
        "“",
        "\r\n",
        "\t",
        "---",
        "...",
        "rule",
        "log",
        "signature: ",
        "line: ",
        "evidence:\n",
        "\u{feff}",
        "\u{85}",
        "<<: ",
        "{x:/",
        "/}",
        "%Y",
        "[",
        "]",
        ",",
        "!!int ",
        "?",
        "~",
        "null",
        "0x1",
        "\u{2028}",
        "𝄞",
    ]);
    prop::collection::vec(bit, 0..40).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_text_breaks_the_parser(text in "\\PC{0,60}|[ -~\\n]{0,80}") {
        survives(&text);
    }

    #[test]
    fn no_document_of_bits_breaks_the_parser(text in bits()) {
        survives(&text);
        survives(&format!("rule: a\nevidence: {{b: {{log: c, line: '{text}'}}}}\nsignature: |\n  {text}\n"));
        survives(&format!("rule: a\nevidence:\n  b:\n    log: c\n    where: \"{text}\"\nsignature: >\n  {text}\n"));
    }

    #[test]
    fn no_mutation_of_a_sound_document_breaks_the_parser(at in 0..SOUND.len(), length in 0usize..12, bit in bits()) {
        let boundary = |mut at: usize| {
            while !SOUND.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (boundary(at), boundary((at + length).min(SOUND.len())));
        survives(&format!("{}{bit}{}", &SOUND[..start], &SOUND[end.max(start)..]));
    }
}
