//! The grammar by its trees (written as s-expressions) and by its complaints (code, marked text, fix).

use super::*;
use crate::source::SourceMap;
use crate::syntax::ast::{ExprKind, FilterKind, OperandKind};

fn fragment(text: &str) -> (SourceMap, Fragment) {
    let mut map = SourceMap::new();
    let file = map.add("x.yaml", text);
    (map, Fragment::verbatim(text, Span::new(file, 0..text.len())))
}

fn tree(text: &str) -> String {
    let (map, fragment) = fragment(text);
    let mut diagnostics = Vec::new();
    match parse_condition(&fragment, &mut diagnostics) {
        Some(expr) if diagnostics.is_empty() => show(&expr),
        _ => panic!("{text}: {}", complaints_of(&map, &diagnostics)),
    }
}

fn complaints(text: &str) -> String {
    let (map, fragment) = fragment(text);
    let mut diagnostics = Vec::new();
    assert!(parse_condition(&fragment, &mut diagnostics).is_none(), "{text} was accepted");
    complaints_of(&map, &diagnostics)
}

fn complaints_of(map: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let line = |diagnostic: &Diagnostic| {
        let slug = diagnostic.code.entry().map_or("?", |entry| entry.slug);
        let fix = diagnostic.fix.as_ref().map(|fix| format!(" → [{}]", fix.text)).unwrap_or_default();
        format!("{slug} [{}]{fix}", map.text(diagnostic.span))
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("; ")
}

fn all(items: &[Expr]) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn window(length: Option<&crate::source::Spanned<i64>>) -> String {
    length.map(|length| format!(" <{}ms", length.value / 1_000_000)).unwrap_or_default()
}

fn show(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Name(name) => name.clone(),
        ExprKind::Or(items) => format!("(or {})", all(items)),
        ExprKind::And(items) => format!("(and {})", all(items)),
        ExprKind::Not(inner) => format!("(not {})", show(inner)),
        ExprKind::Then(first, steps) => {
            let step = |step: &crate::syntax::ast::StepExpr| {
                let not = if step.negated { "!" } else { "" };
                format!(" >{not} {}{}", show(&step.expr), window(step.within.as_ref()))
            };
            format!("(then {}{})", show(first), steps.iter().map(step).collect::<String>())
        }
        ExprKind::Within(inner, length) => format!("(within {}{})", show(inner), window(Some(length))),
        ExprKind::Near(left, length, right) => format!("(near {} {}{})", show(left), show(right), window(Some(length))),
        ExprKind::AtLeast(n, inner, length) => format!("(>={} {}{})", n.value, show(inner), window(length.as_ref())),
        ExprKind::AtLeastOf(n, items, length) => {
            format!("(>={} of {}{})", n.value, all(items), window(length.as_ref()))
        }
        ExprKind::AnyOf(items) => format!("(any {})", all(items)),
        ExprKind::AllOf(items) => format!("(all {})", all(items)),
        ExprKind::LastBefore(what, anchor) => format!("(last {} {})", show(what), show(anchor)),
        ExprKind::FirstAfter(what, anchor) => format!("(first {} {})", show(what), show(anchor)),
        ExprKind::InOne(inner, section) => {
            format!("(one-{} {})", if *section { "section" } else { "attempt" }, show(inner))
        }
        ExprKind::Where(inner, filter) => format!("(where {} {})", show(inner), show_filter(filter)),
        ExprKind::Finding(rule, alias) => {
            format!(
                "(finding {}{})",
                rule.value,
                alias.as_ref().map(|alias| format!(" as {}", alias.value)).unwrap_or_default()
            )
        }
    }
}

fn show_filter(filter: &FilterExpr) -> String {
    let all = |items: &[FilterExpr]| items.iter().map(show_filter).collect::<Vec<_>>().join(" ");
    match &filter.kind {
        FilterKind::And(items) => format!("(and {})", all(items)),
        FilterKind::Or(items) => format!("(or {})", all(items)),
        FilterKind::Not(inner) => format!("(not {})", show_filter(inner)),
        FilterKind::Compare(left, op, right) => {
            let operand = |operand: &crate::syntax::ast::OperandExpr| match &operand.kind {
                OperandKind::Name(parts) => parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join("."),
                OperandKind::Text(text) => format!("'{}'", text.text),
                OperandKind::Literal(text) => format!("#{text}"),
            };
            let right: Vec<String> = right.iter().map(operand).collect();
            format!("({:?} {}{}{})", op.value, operand(left), if right.is_empty() { "" } else { " " }, right.join(" "))
        }
    }
}

#[test]
fn the_examples_of_the_language() {
    assert_eq!(
        tree("denied where status = E_ACCESSDENIED\n  then rollback within 5s\nand unreadable within 10s of denied\n"),
        "(and (then (where denied (Equal status E_ACCESSDENIED)) > rollback <5000ms) (near unreadable denied <10000ms))"
    );
    assert_eq!(
        tree("listed and (denying or not servicing-full-control)"),
        "(and listed (or denying (not servicing-full-control)))"
    );
    assert_eq!(
        tree("a where status = E_ACCESSDENIED and inf.ext = \"inf\""),
        "(where a (and (Equal status E_ACCESSDENIED) (Equal inf.ext 'inf')))"
    );
    assert_eq!(tree("finding driver/update-access-denied as f"), "(finding driver/update-access-denied as f)");
    assert_eq!(tree("not finding driver/x"), "(not (finding driver/x))");
    assert_eq!(
        tree("os where os.build >= 17763 and denied"),
        "(and (where os (GreaterOrEqual os.build #17763)) denied)"
    );
    assert_eq!(tree("(unreadable and failed) in one section"), "(one-section (and unreadable failed))");
    assert_eq!(tree("(a and b) in one attempt"), "(one-attempt (and a b))");
    assert_eq!(tree("last a before b"), "(last a b)");
    assert_eq!(tree("first a after b"), "(first a b)");
    assert_eq!(tree("any of (a, b) and all of (c, d or e)"), "(and (any a b) (all c (or d e)))");
}

#[test]
fn precedence_is_as_written_in_section_5() {
    assert_eq!(tree("a or b and not c then d"), "(or a (and b (not (then c > d))))");
    assert_eq!(tree("a then b within 5s of c"), "(then a > (near b c <5000ms))");
    assert_eq!(tree("at least 3 a within 10s of b"), "(near (>=3 a) b <10000ms)");
    assert_eq!(tree("at least 3 last a before b within 1h"), "(>=3 (last a b) <3600000ms)");
    assert_eq!(tree("last a where x = 1 before b where y = 2"), "(last (where a (Equal x #1)) (where b (Equal y #2)))");
    assert_eq!(tree("a then not b within 10m then c"), "(then a >! b <600000ms > c)");
    assert_eq!(tree("not not a"), "(not (not a))");
}

#[test]
fn a_filter_goes_on_only_while_a_comparison_follows() {
    assert_eq!(tree("a where x = 1 and b where y = 2"), "(and (where a (Equal x #1)) (where b (Equal y #2)))");
    assert_eq!(tree("a where x = 1 or y = 2 and b"), "(and (where a (or (Equal x #1) (Equal y #2))) b)");
    assert_eq!(tree("a where x = 1 and not b"), "(and (where a (Equal x #1)) (not b))");
    assert_eq!(tree("a where x = 1 or (b and c)"), "(or (where a (Equal x #1)) (and b c))");
    assert_eq!(
        tree("a where (x = 1 or y = 2) and not z is present"),
        "(where a (and (or (Equal x #1) (Equal y #2)) (not (Present z))))"
    );
    assert_eq!(tree("(a where x = 1) and b"), "(and (where a (Equal x #1)) b)");
}

#[test]
fn a_window_after_parentheses_goes_to_the_step_or_count_around_them() {
    assert_eq!(tree("(a then b then c) within 10m"), "(within (then a > b > c) <600000ms)");
    assert_eq!(tree("a then (b or c) within 5s"), "(then a > (or b c) <5000ms)");
    assert_eq!(tree("a then ((b then c) within 5s)"), "(then a > (within (then b > c) <5000ms))");
    assert_eq!(tree("a then ((b then c) within 5s) within 10s"), "(then a > (within (then b > c) <5000ms) <10000ms)");
    assert_eq!(tree("at least 3 (a or b) within 1h"), "(>=3 (or a b) <3600000ms)");
    assert_eq!(tree("at least 2 of (a, b, c) within 1h"), "(>=2 of a b c <3600000ms)");
    assert_eq!(tree("(a or b) within 10s of c"), "(near (or a b) c <10000ms)");
    assert_eq!(tree("(a and b) in one section within 5s"), "(within (one-section (and a b)) <5000ms)");
}

#[test]
fn every_comparison() {
    assert_eq!(
        tree(
            "a where b != 1 and b < 2 and b <= 3 and b > 4 and b >= 5 and c in (x, \"y\", 0x16) and d contains \"e\" and \
              d starts with \"f\" and d ends with \"g\" and d matches \"{} h\" and d is present"
        ),
        "(where a (and (NotEqual b #1) (Less b #2) (LessOrEqual b #3) (Greater b #4) (GreaterOrEqual b #5) \
         (In c x 'y' #0x16) (Contains d 'e') (StartsWith d 'f') (EndsWith d 'g') (Matches d '{} h') (Present d)))"
    );
    assert_eq!(
        tree("a where b = -2147024891 or b = 10.0.17763.1 or b = 5s"),
        "(where a (or (Equal b #-2147024891) (Equal b #10.0.17763.1) (Equal b #5s)))"
    );
    assert_eq!(
        tree(r#"a where p = "C:\Windows\INF" or p = "say \"x\" \\ y""#),
        r#"(where a (or (Equal p 'C:\Windows\INF') (Equal p 'say "x" \ y')))"#
    );
}

#[test]
fn names_may_begin_like_words_and_be_chinese() {
    assert_eq!(tree("android and order or notable"), "(or (and android order) notable)");
    assert_eq!(tree("拒绝访问 then 回滚"), "(then 拒绝访问 > 回滚)");
}

#[test]
fn places_are_those_of_the_text() {
    let text = "denied where status = E_X  \n then rollback within 5s";
    let (map, fragment) = fragment(text);
    let expr = parse_condition(&fragment, &mut Vec::new()).expect("valid");
    assert_eq!(map.text(expr.span), text);
    let ExprKind::Then(first, steps) = expr.kind else { panic!("no sequence") };
    assert_eq!(map.text(first.span), "denied where status = E_X");
    assert_eq!(map.text(steps[0].expr.span), "rollback");
    assert_eq!(steps[0].within.as_ref().map(|within| map.text(within.span)), Some("5s"));
    let ExprKind::Where(_, filter) = first.kind else { panic!("no filter") };
    assert_eq!(map.text(filter.span), "status = E_X");
}

#[test]
fn likely_mistakes_are_named_with_their_fix() {
    assert_eq!(complaints("denied && rollback"), "foreign-operator [&&] → [and]");
    assert_eq!(complaints("denied&&rollback"), "foreign-operator [&&] → [ and ]");
    assert_eq!(complaints("a || b where x == 5"), "foreign-operator [||] → [or]; foreign-operator [==] → [=]");
    assert_eq!(complaints("!a"), "foreign-operator [!] → [not ]");
    assert_eq!(complaints("a followed by b"), "foreign-operator [followed by] → [then]");
    assert_eq!(complaints("a 且 b"), "foreign-operator [且] → [and]");
    assert_eq!(complaints("a where x is 5"), "foreign-operator [is] → [=]");
    assert_eq!(complaints("a AND b OR c"), "upper-case-word [AND] → [and]; upper-case-word [OR] → [or]");
    assert_eq!(complaints("（a or b） and c"), "full-width [（] → [(]; full-width [）] → [)]");
    assert_eq!(complaints("a where x = “inf”"), "full-width [“] → [\"]; full-width [”] → [\"]");
    assert_eq!(complaints("a where x = 'inf'"), "single-quotes ['inf'] → [\"inf\"]");
}

#[test]
fn what_has_no_partner_is_reported_at_its_opening() {
    assert_eq!(complaints("((a or b) and c"), "unclosed-parenthesis [(]");
    assert_eq!(complaints("（a or b"), "full-width [（] → [(]; unclosed-parenthesis [（]");
    assert_eq!(complaints("a or b)"), "stray-parenthesis [)] → []");
    assert_eq!(complaints("a where x = \"inf and (b"), "unclosed-quote [\"]");
}

#[test]
fn everything_else_is_unexpected_at_the_word() {
    assert_eq!(complaints("a b"), "missing-connective [b]");
    assert_eq!(complaints("a then within"), "reserved-word [within]");
    assert_eq!(complaints("a then"), "unexpected [then]");
    assert_eq!(complaints("a = 5"), "unexpected [=]");
    assert_eq!(complaints("a where"), "unexpected [where]");
    assert_eq!(complaints("at least a"), "unexpected [a]");
    assert_eq!(complaints("a then b within x"), "unexpected [x]");
    assert_eq!(complaints("a then b within 5 sec"), "bad-duration [5 sec] → [5s]");
    assert_eq!(complaints("a then b within 5"), "bad-duration [5]");
    assert_eq!(complaints("at least 0 a"), "bad-count [0]");
    assert_eq!(complaints("at least 4 of (a, b)"), "bad-count [4]");
    assert_eq!(complaints("at least 99999999999999999999999 a"), "bad-count [99999999999999999999999]");
    assert_eq!(complaints("  "), "empty-condition [  ]");
    assert_eq!(complaints("a and ;"), "unexpected [;]");
}

#[test]
fn what_was_expected_is_said_in_words() {
    for text in ["a then", "a = 5", "at least a", "a where x", "a where x in b", "last a b", "(a) in one x", "finding"]
    {
        let (_, fragment) = fragment(text);
        let mut diagnostics = Vec::new();
        assert!(parse_condition(&fragment, &mut diagnostics).is_none());
        let help = diagnostics[0].help.clone().expect("a help line");
        let line = format!(
            "{text} | {} | {} | {}",
            diagnostics[0].message.get(crate::lang::Lang::En),
            help.get(crate::lang::Lang::En),
            help.get(crate::lang::Lang::Zh)
        );
        assert!(!line.contains("kw_"), "{line}");
        insta::with_settings!({snapshot_suffix => text.replace([' ', '(', ')', '='], "_")}, { insta::assert_snapshot!(line) });
    }
}

#[test]
fn deep_nesting_is_refused_and_not_a_crash() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(tree(&nested(32)), "a");
    assert_eq!(complaints(&nested(33)), "too-deep [(]");
    assert_eq!(complaints(&nested(5000)), "too-deep [(]");
    assert_eq!(complaints(&"not ".repeat(3000)), "too-deep [not]");
    assert_eq!(complaints(&format!("a{}", " or a".repeat(10_000))).split(' ').next(), Some("too-long"));
    let filter = format!("a where {}x = 1{}", "(".repeat(32), ")".repeat(32));
    assert_eq!(tree(&filter), "(where a (Equal x #1))");
}

#[test]
fn hostile_text_is_answered_quickly() {
    let (_, fragment) = fragment(&format!("a where {}", "x = 1 and (y = \"\\\\\" or ".repeat(600)));
    let begun = std::time::Instant::now();
    assert!(parse_condition(&fragment, &mut Vec::new()).is_none());
    let long = "\\/".repeat(200_000);
    let (_, fragment) = self::fragment(&long);
    let pieces: Vec<_> = (0..200_000).map(|at| 2 * at..2 * at + 1).collect();
    assert_eq!(fragment.concat(&pieces).text.len(), 200_000);
    let marks = "}（&&".repeat(2_000);
    let (_, fragment) = self::fragment(&marks);
    let mut diagnostics = Vec::new();
    assert!(parse_condition(&fragment, &mut diagnostics).is_none());
    assert!(diagnostics.len() <= 20 && begun.elapsed().as_secs() < 20);
}
