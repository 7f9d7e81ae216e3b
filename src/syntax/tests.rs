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

/// Every file of `tests/faults`: its name, the text before, in and after the `⟦…⟧` that holds what is to blame, and
/// what mends it. A file says the last in its first line, which is not part of the document.
fn faults() -> Vec<(String, [String; 3], String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/syntax/tests/faults");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let fault = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a file");
        let (first, document) = text.split_once('\n').expect("a first line");
        let right = first.strip_prefix("# mended by: ").expect("what mends it").to_owned();
        let parts: Vec<&str> = document.split(['⟦', '⟧']).collect();
        let [before, blamed, after] = parts.as_slice() else { panic!("no mark in {}", path.display()) };
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, [(*before).to_owned(), (*blamed).to_owned(), (*after).to_owned()], right)
    };
    files.into_iter().map(fault).collect()
}

#[test]
fn replacing_the_marked_text_mends_the_document() {
    for (name, parts, right) in faults() {
        mends(&name, &parts, &right);
        // The same as an editor on Windows saves it.
        let [before, blamed, after] = parts.map(|part| part.replace('\n', "\r\n"));
        mends(&format!("{name}, CRLF"), &[format!("\u{feff}{before}"), blamed, after], &right);
    }
}

fn mends(name: &str, [before, blamed, after]: &[String; 3], right: &str) {
    let wrong = format!("{before}{blamed}{after}");
    let (map, diagnostics) = read(&wrong);
    assert_eq!(diagnostics.len(), 1, "{name}: {diagnostics:?}");
    let span = diagnostics[0].span;
    assert_eq!((map.text(span), span.start), (blamed.as_str(), before.len()), "{name}");
    assert_eq!(read(&format!("{before}{right}{after}")).1, [], "{name}");
    if let Some(fix) = &diagnostics[0].fix {
        let mended = format!("{}{}{}", &wrong[..fix.span.start], fix.text, &wrong[fix.span.end..]);
        assert_eq!(read(&mended).1, [], "the fix of {name}");
    }
}

#[test]
fn a_fault_reads_well_in_both_languages() {
    for (name, parts, _) in faults() {
        let (map, diagnostics) = read(&parts.concat());
        let page = |lang| human(&diagnostics[0], &map, View { lang, coloured: false, width: 100 });
        let pages = Lang::ALL.map(page).join("\n\n");
        insta::with_settings!({snapshot_suffix => name}, { insta::assert_snapshot!(pages) });
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
    let bits = concat!(
        "a¦b¦ ¦\n¦  ¦(¦)¦{¦}¦{{¦}}¦\"¦'¦\\¦/¦:¦: ¦- ¦|¦>¦&x ¦*x¦#¦ #¦=¦!=¦and¦or¦not¦then¦within¦5s¦of¦",
        "at least¦3¦where¦in¦one¦section¦finding¦中¦（¦“¦\r\n¦\t¦---¦...¦rule¦log¦signature: ¦line: ¦",
        "evidence:\n¦\u{feff}¦\u{85}¦<<: ¦{x:/¦/}¦%Y¦[¦]¦,¦!!int ¦?¦~¦null¦0x1¦\u{2028}¦𝄞",
    );
    let bit = prop::sample::select(bits.split('¦').collect::<Vec<_>>());
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
