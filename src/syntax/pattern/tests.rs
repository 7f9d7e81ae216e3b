//! Patterns by their parts and by their complaints (code, marked text, fix).

use super::*;
use crate::source::{SourceMap, Span};

fn read(text: &str) -> (SourceMap, Option<PatternDecl>, Vec<Diagnostic>) {
    let mut map = SourceMap::new();
    let file = map.add("x.yaml", text);
    let fragment = Fragment::verbatim(text, Span::new(file, 0..text.len()));
    let mut diagnostics = Vec::new();
    let pattern = parse_pattern(&fragment, &mut diagnostics);
    (map, pattern, diagnostics)
}

fn parts(text: &str) -> String {
    let (map, pattern, diagnostics) = read(text);
    let pattern = pattern.unwrap_or_else(|| panic!("{text}: {diagnostics:?}"));
    let part = |part: &PatternPart| match part {
        PatternPart::Literal(literal) => format!("'{}'", literal.value),
        PatternPart::Hole(hole) => {
            assert!(map.text(hole.span).starts_with('{') && map.text(hole.span).ends_with('}'));
            let name = hole.name.as_ref().map_or("_", |name| name.value.as_str());
            match &hole.accepts {
                HoleAccepts::Plain => format!("<{name}>"),
                HoleAccepts::Type(ty) => format!("<{name} of {}>", ty.value),
                HoleAccepts::Time(format) => format!("<{name} time {}>", format.value),
                HoleAccepts::Regex(regex) => format!("<{name} regex {}>", regex.value),
            }
        }
    };
    let anchors = |set: bool, sign: &str| if set { sign.to_owned() } else { String::new() };
    let parts: Vec<String> = pattern.parts.iter().map(part).collect();
    format!("{}{}{}", anchors(pattern.at_start, "^"), parts.join(" "), anchors(pattern.at_end, "$"))
}

fn complaints(text: &str) -> String {
    let (map, pattern, diagnostics) = read(text);
    assert!(pattern.is_none(), "{text} was accepted");
    let line = |diagnostic: &Diagnostic| {
        let slug = diagnostic.code.entry().map_or("?", |entry| entry.slug);
        let fix = diagnostic.fix.as_ref().map(|fix| format!(" → [{}]", fix.text)).unwrap_or_default();
        format!("{slug} [{}]{fix}", map.text(diagnostic.span))
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("; ")
}

#[test]
fn every_hole_of_the_language() {
    assert_eq!(parts("failed [HRESULT = {status:error} - {}]"), "'failed [HRESULT = ' <status of error> ' - ' <_> ']'");
    assert_eq!(
        parts("^{time:%Y-%m-%d %H:%M:%S}, {level:word} {message}$"),
        "^<time time %Y-%m-%d %H:%M:%S> ', ' <level of word> ' ' <message>$"
    );
    assert_eq!(parts("{:path}"), "<_ of path>");
    assert_eq!(parts(r"id {id:/[0-9]{2,4}\/x/} end"), "'id ' <id regex [0-9]{2,4}/x> ' end'");
    assert_eq!(parts("{:/a+/}"), "<_ regex a+>");
    assert_eq!(parts("a {{b}} $5 c^d"), "'a {b} $5 c^d'");
    assert_eq!(parts("{{{name}}}"), "'{' <name> '}'");
    assert_eq!(parts("中文 {文件:path}。"), "'中文 ' <文件 of path> '。'");
    assert_eq!(parts("^$"), "^$");
}

#[test]
fn a_literal_is_marked_as_it_is_written() {
    let (map, pattern, _) = read("a {{b}} {c}");
    let Some(PatternPart::Literal(literal)) = pattern.map(|pattern| pattern.parts[0].clone()) else {
        panic!("no literal")
    };
    assert_eq!((literal.value.as_str(), map.text(literal.span)), ("a {b} ", "a {{b}} "));
}

#[test]
fn faults_are_marked_where_they_are() {
    assert_eq!(complaints(""), "empty-pattern []");
    assert_eq!(complaints("failed [HRESULT = {status:error - {}]"), "unclosed-hole [{]");
    assert_eq!(complaints("中文 {path"), "unclosed-hole [{]");
    assert_eq!(complaints("done } here"), "stray-brace [}] → [}}]");
    assert_eq!(complaints("{in path} and {a:} and {b c:d}"), "bad-hole [in path]; bad-hole [:]; bad-hole [b c]");
    assert_eq!(complaints("{name: path}"), "bad-hole [ path] → [path]");
    assert_eq!(complaints("{ name }"), "bad-hole [ name ] → [name]");
    assert_eq!(complaints("{1:path}"), "bad-hole [1]");
    assert_eq!(complaints("id {id:/[0-9]+}"), "unclosed-regex [{id:/]");
    assert_eq!(complaints("id {id:/a/b/}"), "bad-hole [/]");
    assert_eq!(complaints("id {id://}"), "bad-hole [{id://}]");
    assert_eq!(complaints("{:%Y}"), "bad-hole [%Y]");
    assert_eq!(complaints(r"id {id:/a\/(b/}"), "bad-regex [(]");
    assert_eq!(complaints(r"id {id:/(?=a)/}"), "bad-regex [(?=]");
}
