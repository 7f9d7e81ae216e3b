//! Every diagnostic of the compiler, as golden files: `diagnostics/<code>-<slug>.yaml` is a knowledge base with one kind
//! of fault over `diagnostics/base`, and its snapshot says what is reported, where, and how to mend it. Knowledge bases
//! without a fault (`diagnostics/clean`) are silent.

use std::fmt::Write as _;
use std::fs;

use casebook::compiler::{self, Layer};
use casebook::diagnostic::{Code, Diagnostic, Severity, suppress};
use casebook::lang::Lang;
use casebook::rule::RuleSet;
use casebook::source::{SourceMap, Span};
use casebook::syntax;

const BASE: &str = include_str!("diagnostics/base/base.yaml");

/// A knowledge base compiled over the base, and what was said of it.
pub(crate) struct Compiled {
    pub(crate) map: SourceMap,
    pub(crate) diagnostics: Vec<Diagnostic>,
    rules: RuleSet,
}

pub(crate) fn compile(text: &str) -> Compiled {
    let mut map = SourceMap::new();
    let mut diagnostics = Vec::new();
    let layers: Vec<Layer> = [("base.yaml", BASE), ("rules/x.yaml", text)]
        .into_iter()
        .map(|(path, text)| {
            let file = map.add(path, text);
            let declarations = syntax::parse(&map, file, &mut diagnostics);
            Layer { declarations, rules: true, own: path != "base.yaml", scripts: vec!["restore-acl.bat".to_owned()] }
        })
        .collect();
    let rules = compiler::compile(layers, &mut diagnostics);
    let own = map.files().last().unwrap().0;
    let suppressions = syntax::suppressions(&map, own, &mut diagnostics);
    suppress(&suppressions, &mut diagnostics);
    Compiled { map, diagnostics, rules }
}

impl Compiled {
    /// Every diagnostic in the order of its place, in both languages.
    pub(crate) fn view(&self) -> String {
        let mut sorted: Vec<&Diagnostic> = self.diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
        sorted.into_iter().map(|diagnostic| self.one(diagnostic)).collect::<Vec<_>>().join("\n")
    }

    fn one(&self, diagnostic: &Diagnostic) -> String {
        let severity = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
        let mut out = format!("{severity} {} at {}\n", diagnostic.code, self.place(diagnostic.span));
        for lang in Lang::ALL {
            writeln!(out, "  {}", diagnostic.message(lang)).unwrap();
        }
        for label in &diagnostic.labels {
            let text = Lang::ALL.map(|lang| label.text.get(lang)).join(" / ");
            writeln!(out, "  - {} {text}", self.place(label.span)).unwrap();
        }
        if let Some(help) = &diagnostic.help {
            writeln!(out, "  = {}", Lang::ALL.map(|lang| help.get(lang)).join(" / ")).unwrap();
        }
        if let Some(fix) = &diagnostic.fix {
            writeln!(out, "  + {} becomes `{}`", self.place(fix.span), fix.text).unwrap();
        }
        out
    }

    fn place(&self, span: Span) -> String {
        let file = &self.map.file(span.file).path;
        let base = if file == "base.yaml" { "base.yaml:" } else { "" };
        let at = self.map.line_column(span.file, span.start);
        format!("{base}{}:{} `{}`", at.line, at.column, self.map.text(span).replace('\n', "⏎"))
    }

    fn codes(&self) -> Vec<Code> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
    }
}

#[test]
fn every_fault_is_reported_at_its_place() {
    insta::glob!("diagnostics/*.yaml", |path| {
        let compiled = compile(&fs::read_to_string(path).unwrap());
        let number = path.file_stem().unwrap().to_str().unwrap().split('-').next().unwrap().to_owned();
        let code = Code(number.parse().unwrap());
        assert!(code.entry().is_some(), "{code} is no code");
        assert!(compiled.codes().contains(&code), "{code} is not raised:\n{}", compiled.view());
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "diagnostics/expected" }, {
            insta::assert_snapshot!(compiled.view());
        });
    });
}

#[test]
fn a_file_is_named_by_its_code_and_slug() {
    for entry in fs::read_dir("tests/diagnostics").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let (number, slug) = stem.split_once('-').unwrap();
            let code = Code(number.parse().unwrap());
            assert_eq!(code.entry().map(|entry| entry.slug), Some(slug), "{stem}");
        }
    }
}

#[test]
fn a_knowledge_base_without_a_fault_is_silent() {
    assert!(compile("").diagnostics.is_empty());
    let mut seen = 0;
    for entry in fs::read_dir("tests/diagnostics/clean").unwrap() {
        let path = entry.unwrap().path();
        let compiled = compile(&fs::read_to_string(&path).unwrap());
        assert!(compiled.diagnostics.is_empty(), "{}:\n{}", path.display(), compiled.view());
        assert!(!compiled.rules.rules.is_empty());
        seen += 1;
    }
    assert!(seen > 0);
}

/// A knowledge base with ten faults, each between marks with what belongs there: `‹wrong|right›`. What stands before
/// the mark on its line is often Chinese, and the scalars are plain, quoted, block and flow.
pub(crate) const TEN: &str = include_str!("diagnostics/ten/faults.txt");

/// The text with every mark at its wrong or its right side, and where the marks lie.
pub(crate) fn unmarked(wrong: impl Fn(usize) -> bool) -> (String, Vec<(std::ops::Range<usize>, String)>) {
    let (mut text, mut marks) = (String::new(), Vec::new());
    let mut rest = TEN;
    while let Some((before, after)) = rest.split_once('‹') {
        text.push_str(before);
        let (mark, after) = after.split_once('›').unwrap();
        let (bad, good) = mark.split_once('|').unwrap();
        let word = if wrong(marks.len()) { bad } else { good };
        marks.push((text.len()..text.len() + word.len(), word.to_owned()));
        text.push_str(word);
        rest = after;
    }
    (text + rest, marks)
}

#[test]
fn ten_faults_get_ten_diagnostics_at_their_places() {
    let (text, marks) = unmarked(|_| true);
    let compiled = compile(&text);
    assert_eq!(marks.len(), 10);
    let mut places: Vec<Span> = compiled.diagnostics.iter().map(|diagnostic| diagnostic.span).collect();
    places.sort();
    let found: Vec<_> = places.iter().map(|at| (at.start..at.end, compiled.map.text(*at).to_owned())).collect();
    assert_eq!(found, marks, "{}", compiled.view());
    let mut codes = compiled.codes();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 10, "ten different ones");
}

#[test]
fn a_fault_is_gone_when_its_marked_text_is_replaced() {
    let (text, _) = unmarked(|_| false);
    let compiled = compile(&text);
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.view());
    for only in 0..10 {
        let (text, marks) = unmarked(|index| index == only);
        let compiled = compile(&text);
        let [diagnostic] = compiled.diagnostics.as_slice() else { panic!("{only}:\n{}", compiled.view()) };
        assert_eq!(compiled.map.text(diagnostic.span), marks[only].1);
        let place = compiled.map.line_column(diagnostic.span.file, diagnostic.span.start);
        let before = &text[..marks[only].0.start];
        let line = before.rsplit('\n').next().unwrap();
        assert_eq!((place.line, place.column), (before.matches('\n').count() + 1, line.chars().count() + 1));
    }
}

/// Whatever is missing from a file, it is reported inside the file and nothing panics.
#[test]
fn damaged_files_are_reported_inside_themselves() {
    for whole in [TEN, include_str!("diagnostics/clean/language.yaml")] {
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        for at in 0..lines.len() {
            let missing = [&lines[..at], &lines[at + 1..]].concat().concat();
            let cut = lines[..at].concat() + &lines[at].chars().take(3).collect::<String>();
            for text in [missing, cut] {
                for diagnostic in compile(&text).diagnostics {
                    assert!(diagnostic.span.end <= text.len().max(BASE.len()), "{text}");
                }
            }
        }
    }
}
