//! What a pattern matches and what its holes hold. Patterns are written as in a rule, by a reader for tests alone.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Accepts, BuildError, Hole, Options, Part, Pattern};
use crate::value::Type;

/// Reads a pattern well enough for tests: no `{{`, no faults.
pub(crate) fn pattern(source: &str) -> Pattern {
    Pattern::new(parts(source), options(source)).unwrap()
}

fn options(source: &str) -> Options {
    Options { at_start: source.starts_with('^'), at_end: source.ends_with('$'), exact_case: false }
}

fn parts(source: &str) -> Vec<Part> {
    let mut rest = source.trim_start_matches('^').trim_end_matches('$');
    let mut parts = Vec::new();
    while let Some(open) = rest.find('{') {
        if open > 0 {
            parts.push(Part::Literal(rest[..open].to_owned()));
        }
        let close = if rest[open..].contains(":/") { rest.find("/}").unwrap() + 1 } else { rest.find('}').unwrap() };
        parts.push(Part::Hole(hole(&rest[open + 1..close])));
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    parts
}

fn hole(source: &str) -> Hole {
    let (name, accepts) = source.split_once(':').unwrap_or((source, ""));
    let accepts = match accepts {
        regex if regex.starts_with('/') => Accepts::Regex(regex.trim_matches('/').to_owned()),
        format if format.contains('%') => Accepts::Time(format.to_owned()),
        "" => Accepts::Typed(Type::parse(name).unwrap_or(Type::Text)),
        ty => Accepts::Typed(Type::parse(ty).unwrap()),
    };
    Hole { name: (!name.is_empty()).then(|| name.to_owned()), accepts }
}

/// The captures as `name=text`, or `-` where the pattern does not match.
fn captured(source: &str, text: &str) -> String {
    let pattern = pattern(source);
    let Some(found) = pattern.find(text) else {
        return "-".to_owned();
    };
    let shown = |captured: &super::Captured| {
        let name = pattern.hole(captured.part).and_then(|hole| hole.name.clone()).unwrap_or_default();
        format!("{name}={}", &text[captured.range.clone()])
    };
    found.captures.iter().map(shown).collect::<Vec<_>>().join(" | ")
}

const DENIED: &str = "DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED]";

#[test]
fn the_examples_of_the_language() {
    let denied = "DriverUpdateUninstallUpdates failed [HRESULT = {status:error} - {}]";
    assert_eq!(captured(denied, DENIED), "status=0x80070005");
    assert_eq!(
        captured(
            "Unable to load INF: '{inf:path}'({code:error})",
            r"!    inf: Unable to load INF: 'C:\Windows\INF\a b.inf'(00000005)"
        ),
        r"inf=C:\Windows\INF\a b.inf | code=00000005"
    );
    assert_eq!(
        captured(
            "^{time:%Y-%m-%d %H:%M:%S}, {level:word} {component:word} {message}$",
            "2024-10-16 08:43:18, Info                  CBS    Perf: Doqe: Uninstall started."
        ),
        "time=2024-10-16 08:43:18 | level=Info | component=CBS | message=Perf: Doqe: Uninstall started."
    );
}

#[test]
fn anywhere_unless_anchored() {
    assert_eq!(captured("b{x}d", "a b c d"), "x= c ");
    assert_eq!(captured("^b{x}d", "a b c d"), "-");
    assert_eq!(captured("^a{x}c", "a b c d"), "x= b ");
    assert_eq!(captured("^a{x}c$", "a b c d"), "-");
    assert_eq!(captured("c{x}$", "a b c d"), "x= d");
    assert_eq!(captured("error", "an ERROR came"), "");
}

#[test]
fn case_is_exact_only_when_asked() {
    let parts = parts("Failed");
    let exact = Pattern::new(parts, Options { exact_case: true, ..Options::default() }).unwrap();
    assert!(exact.find("it Failed").is_some() && exact.find("it failed").is_none());
}

#[test]
fn blanks_match_one_or_more() {
    assert_eq!(captured("Driver Updates = {n:int}", "sto: Driver  Updates\t    = 22"), "n=22");
    assert_eq!(captured("a b", "ab"), "-");
    assert_eq!(captured("{x:word} b", "aa    b"), "x=aa");
    assert_eq!(captured("b {x:word}", "b     cc"), "x=cc");
}

#[test]
fn a_hole_never_runs_past_the_next_literal() {
    assert_eq!(captured("[{a}] [{b}]", "[x] y] [z]"), "a=x] y | b=z");
    assert_eq!(captured("<{a}>{n:int};", "<x>y;<z>7;"), "a=z | n=7");
    assert_eq!(captured("code {n:int};", "code x; code 7;"), "n=7");
    assert_eq!(captured("{x}.log$", "a.log.log"), "-");
}

#[test]
fn as_short_as_the_rest_allows() {
    assert_eq!(captured("a{x}", "abc"), "x=");
    assert_eq!(captured("a{x}c", "abcc"), "x=b");
    assert_eq!(captured("{x} failed", "the call failed, failed"), "x=the call");
    assert_eq!(captured("at {}{n:int}", "at line 12"), "n=12");
}

#[test]
fn a_regular_expression_is_asked_for_the_whole_hole() {
    assert_eq!(captured("({x:/f|fix/}) {y}$", "(fix) z"), "x=fix | y=z");
    assert_eq!(captured("({x:/f|fix/}) {y}$", "(fi) z"), "-");
    assert_eq!(captured("{x:/f|fix/}{y:word}", "fix"), "x=f | y=ix");
}

#[test]
fn typed_holes_at_the_ends() {
    assert_eq!(captured("in {p:path}", "in C:\\Program Files\\x.dll\nnext"), "p=C:\\Program Files\\x.dll");
    assert_eq!(captured("{code:error} came", "then 0x80070005 came"), "code=0x80070005");
    assert_eq!(captured("Error {e:error}", "Error 5: Access is denied."), "e=5");
    assert_eq!(captured("count {n:int}{unit:word}", "count 12kB"), "n=12 | unit=kB");
    assert_eq!(captured("{inf:path}", "usbstor"), "-");
    assert_eq!(captured("at {time:%Y-%m-%d %H:%M:%S}", "at 2024-10-16 08:43:18.5"), "time=2024-10-16 08:43:18");
    assert_eq!(
        captured("^{time:%Y-%m-%d %H:%M:%S} {level:word} {message}$", "2024-10-16 08:43:18 WARN upload 08:00 done"),
        "time=2024-10-16 08:43:18 | level=WARN | message=upload 08:00 done"
    );
    assert_eq!(
        captured("^{time:%y%m%d %H%M%S} {pid:int} {}", "241016 084318 143 INFO"),
        "time=241016 084318 | pid=143"
    );
    assert_eq!(captured("{time:%Y/%m/%d %H:%M:%S%.f}: x", ">> 2024/10/16 08:43:18.5: x"), "time=2024/10/16 08:43:18.5");
    assert_eq!(captured("^{time:%Y-%m-%d %H:%M:%S} {message}$", "2024-10-16 08:43 x"), "-");
    let offset =
        captured("[{time:%d/%b/%Y:%H:%M:%S %z}] {message}$", "192.0.2.7 - - [16/Oct/2024:08:43:18 +0800] GET /");
    assert_eq!(offset, "time=16/Oct/2024:08:43:18 +0800 | message=GET /");
}

#[test]
fn regular_expressions_and_line_breaks() {
    assert_eq!(captured("line {n:/[0-9]+/}", "line 0042"), "n=0042");
    assert_eq!(captured("<{tag:/[a-z]+/}>", "<B1> <br>"), "tag=br");
    assert_eq!(captured("first {x}$", "first a\n  b"), "x=a\n  b");
    assert_eq!(captured("Hashes {} Expected: {h:word}", "Hashes differ\n Expected: abc"), "h=abc");
    assert!(matches!(Pattern::new(parts("{n:/[/}"), Options::default()), Err(BuildError::Regex { part: 0, .. })));
    assert!(matches!(Pattern::new(parts("{time:%Q%}"), Options::default()), Err(BuildError::Time { part: 0, .. })));
}

#[test]
fn fields_match_whole_values() {
    assert!(pattern("{}(F)").find_whole("NT SERVICE (F)").is_some());
    assert!(pattern("yes").find_whole("yes, it is").is_none());
    assert!(pattern("YES").find_whole("yes").is_some());
    assert!(pattern("{}").find_whole("").is_some());
}

#[test]
fn the_prefilters_literal() {
    let literal = |source: &str| pattern(source).required_literal().map(str::to_owned);
    assert_eq!(literal("Unable to load INF: '{inf:path}'({code:error})").as_deref(), Some("Unable"));
    assert_eq!(literal("{}DriverUpdate failed [HRESULT = {s:error}").as_deref(), Some("DriverUpdate"));
    assert_eq!(literal("{}"), None);
    assert_eq!(literal("{a} {b}"), None);
}

#[test]
fn hostile_text_costs_linear_time() {
    let texts = [
        "L1 ".repeat(400_000),
        "(".repeat(1 << 20),
        "L1 'C:\\".repeat(150_000),
        "L1 1".repeat(300_000),
        format!("{} L3", "L1".repeat(500_000)),
    ];
    for source in [
        "L1 {n:int} L2",
        "L1 {p:path}' L2",
        "({e:error}) x",
        "{e:error} x",
        "L1 {}{n:int} L2",
        "L1{x:/a+b/}",
        "L1{w:word} L2",
        "{w:word} L2",
    ] {
        for text in &texts {
            let begun = Instant::now();
            assert!(pattern(source).find(text).is_none());
            assert!(begun.elapsed() < Duration::from_secs(5), "{source} on {}…: {:?}", &text[..8], begun.elapsed());
        }
    }
}

proptest! {
    #[test]
    fn what_is_put_together_is_taken_apart(before in "[a-z ]{0,8}", number in 0u32..100_000, name in "[A-Za-z]{1,8}") {
        let text = format!("{before}<{name}> = {number};");
        prop_assert_eq!(captured("<{name}> = {n:int};", &text), format!("name={name} | n={number}"));
    }

    #[test]
    fn matching_never_panics_and_captures_lie_in_order(text in "\\PC{0,60}", source in "[a-c {}]{0,12}") {
        let balanced = source.replace(['{', '}'], "").split(' ').collect::<Vec<_>>().join("{}");
        if let Some(found) = pattern(&balanced).find(&text) {
            prop_assert!(text.get(found.range).is_some());
        }
    }

    #[test]
    fn a_word_ends_where_the_literal_behind_it_begins(text in "[abc \t\n]{0,30}", behind in "[ab ]{0,3}") {
        let own = pattern(&format!("a{{w:word}} {behind}c"));
        let words = format!(" {behind}c").split_ascii_whitespace().collect::<Vec<_>>().join(r"[ \t]+");
        let regex = regex::Regex::new(&format!(r"a\S+[ \t]+{words}")).unwrap();
        let regex = regex.find(&text).map(|found| found.range());
        prop_assert_eq!(own.find(&text).map(|found| found.range), regex);
    }

    #[test]
    fn the_required_literal_is_in_every_match(text in "[ab ]{0,30}", source in "[ab ]{1,6}") {
        let source = format!("{{}}{source}{{}}");
        let pattern = pattern(&source);
        if pattern.find(&text).is_some() && let Some(literal) = pattern.required_literal() {
            prop_assert!(text.contains(literal));
        }
    }
}
