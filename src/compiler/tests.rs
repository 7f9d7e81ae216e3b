//! What compiles to what, across documents and layers. Single faults are golden files of `tests/diagnostics`.

use super::{Layer, compile};
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Lang;
use crate::logs::Framing;
use crate::rule::{CompareOp, Condition, Filter, Operand, Right, Rule, RuleSet};
use crate::source::SourceMap;
use crate::syntax;
use crate::value::{Type, Zone};

const CBS: &str = "\
log: cbs
title: {zh: 日志, en: Log}
record: \"^{time:%Y-%m-%d %H:%M:%S}, {level:word} {message}$\"
";

/// Layers of text, the lowest first.
fn layers(texts: &[(&str, bool)]) -> (RuleSet, Vec<Diagnostic>) {
    let top = texts.len() - 1;
    let mut map = SourceMap::new();
    let mut diagnostics = Vec::new();
    let mut layers = Vec::new();
    for (index, (text, rules)) in texts.iter().enumerate() {
        let file = map.add("x.yaml", *text);
        let declarations = syntax::parse(&map, file, &mut diagnostics);
        layers.push(Layer { declarations, rules: *rules, own: index == top, scripts: Vec::new() });
    }
    let rules = compile(layers, &mut diagnostics);
    (rules, diagnostics)
}

/// One layer over the kind `cbs`; only errors.
fn errors(text: &str) -> (RuleSet, Vec<(Code, String)>) {
    let mut map = SourceMap::new();
    let mut diagnostics = Vec::new();
    let file = map.add("x.yaml", format!("{CBS}---\n{text}"));
    let declarations = syntax::parse(&map, file, &mut diagnostics);
    let rules = compile(vec![Layer { declarations, rules: true, own: true, scripts: Vec::new() }], &mut diagnostics);
    let errors = diagnostics
        .into_iter()
        .filter(|diagnostic| diagnostic.severity == crate::diagnostic::Severity::Error)
        .map(|diagnostic| (diagnostic.code, map.text(diagnostic.span).to_owned()))
        .collect();
    (rules, errors)
}

fn rule(name: &str, signature: &str) -> String {
    format!(
        "rule: {name}\nevidence:\n  a: {{log: cbs, line: \"alpha {{n:int}} {{status:error}}\"}}\n  \
         b: {{log: cbs, line: \"beta {{n:int}} {{inf:path}}\"}}\nsignature: {signature}\n---\n"
    )
}

fn compiled(signature: &str) -> Rule {
    let (rules, errors) = errors(&rule("x", signature));
    assert_eq!(errors, []);
    rules.rules.iter().next().unwrap().clone()
}

fn names(rules: &RuleSet) -> Vec<&str> {
    rules.rules.iter().map(|rule| rule.name.as_str()).collect()
}

#[test]
fn one_bad_rule_costs_one_rule_and_those_that_read_it() {
    let text = [
        rule("bad", "a and c"),
        rule("reader", "a and finding bad"),
        rule("reader-of-reader", "b or finding reader"),
        rule("good", "a and b"),
    ];
    let (rules, errors) = errors(&text.concat());
    assert_eq!(errors, [(Code::UNKNOWN_EVIDENCE, "c".to_owned())]);
    assert_eq!(names(&rules), ["good"]);
}

#[test]
fn a_broken_log_kind_takes_its_rules_along_in_silence() {
    let text = format!("log: dism\nrecord: \"{{x:wrod}}\"\n---\n{}", rule("good", "a"))
        + "rule: bad\nevidence:\n  c: {log: dism, section: \"s\", line: \"y\", fields: {nothing: x}}\nsignature: c\n";
    let (rules, errors) = errors(&text);
    assert_eq!(errors, [(Code::UNKNOWN_TYPE, "wrod".to_owned())]);
    assert_eq!(names(&rules), ["good"]);
}

#[test]
fn a_broken_remedy_takes_its_rules_along_in_silence() {
    let text = "remedy: r\nrisk: hgih\nsteps: [{zh: 做, en: Do}]\n---\n".to_owned()
        + &rule("x", "a").replace("---\n", "causes: {c: {remedies: [r]}}\n---\n");
    let (rules, errors) = errors(&text);
    assert_eq!(errors, [(Code::UNKNOWN_RISK, "hgih".to_owned())]);
    assert!(rules.rules.is_empty() && rules.remedies.is_empty());
}

#[test]
fn a_remedy_outlives_the_rule_that_its_verification_reads() {
    let text =
        "remedy: r\nsteps: [{zh: 做, en: Do}]\nverify: {zh: 看, en: Look, resolved-when: not finding bad}\n---\n";
    let (rules, errors) = errors(&(text.to_owned() + &rule("bad", "c")));
    assert_eq!(errors.len(), 1);
    assert!(rules.remedy("r").unwrap().verify.as_ref().unwrap().resolved_when.is_none());
}

#[test]
fn names_in_evidence_that_could_not_be_read_are_not_unknown() {
    let text = rule("x", "a where stutus = 5 and mystery = 5").replace("{inf:path}", "{inf:path");
    let (_, errors) = errors(&text);
    // `mystery` may have stood in the broken pattern; `stutus` is a slip wherever it stood.
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors.contains(&(Code::UNKNOWN_CAPTURE, "stutus".to_owned())));
}

#[test]
fn a_piece_of_evidence_that_could_not_be_read_is_not_unknown() {
    let text = "rule: x\nevidence:\n  refused: denied\n  a: {log: cbs, line: \"alpha\"}\nsignature: refused and a\n";
    let (_, errors) = errors(text);
    assert_eq!(errors, [(Code::WRONG_SHAPE, "denied".to_owned())]);
}

#[test]
fn a_higher_layer_replaces_by_name() {
    let top = CBS.replace("日志", "新日志");
    let low = format!("{CBS}---\n{}{}", rule("x", "a"), rule("y", "b"));
    let (rules, _) = layers(&[(&low, true), (&format!("{top}---\n{}", rule("x", "a and b")), true)]);
    assert_eq!(names(&rules), ["x", "y"]);
    assert!(matches!(rules.rules[0].signature, Condition::All(_)));
    assert_eq!(rules.logs.get(rules.logs.by_name("cbs").unwrap()).title.get(Lang::Zh), "新日志");
}

#[test]
fn rules_of_a_layer_that_does_not_count_are_not_there() {
    let remedy = "remedy: r\nsteps: [{zh: 做, en: Do}]\nverify: {zh: 看, en: Look, resolved-when: not finding x}\n";
    let low = format!("{CBS}---\n{}{remedy}", rule("x", "a"));
    let (rules, diagnostics) = layers(&[(&low, false), (&rule("y", "b and finding x"), true)]);
    assert!(rules.rules.is_empty());
    assert!(rules.remedy("r").is_some(), "remedies of the default are there all the same");
    let unknown: Vec<_> = diagnostics.iter().filter(|it| it.code == Code::UNKNOWN_RULE).collect();
    let [unknown] = unknown.as_slice() else { panic!("{diagnostics:?}") };
    assert!(unknown.help.as_ref().unwrap().get(Lang::En).contains("extends: default"));
}

#[test]
fn only_own_layers_are_linted() {
    let low = format!("{CBS}---\n{}", rule("x", "a"));
    let (_, alone) = layers(&[(&low, true)]);
    assert!(alone.iter().any(|it| it.code == Code::NO_POSITIVE_TEST));
    let (_, below) = layers(&[(&low, true), ("", true)]);
    assert_eq!(below, []);
}

#[test]
fn parentheses_of_the_same_kind_are_flattened() {
    let Condition::All(parts) = compiled("a and (b and all of (a, b))").signature else { panic!() };
    assert_eq!(parts.len(), 4);
    let Condition::Any(parts) = compiled("a or any of (b, a)").signature else { panic!() };
    assert_eq!(parts.len(), 3);
}

#[test]
fn a_word_on_the_right_is_read_by_the_type_of_the_left() {
    let rule = compiled("a where status = E_ACCESSDENIED and n in (22, 0x16)");
    let Condition::Where { filter: Filter::All(parts), .. } = rule.signature else { panic!() };
    let [Filter::Compare(first), Filter::Compare(second)] = parts.as_slice() else { panic!() };
    let Right::One(Operand::Literal(value)) = &first.right else { panic!() };
    assert_eq!(value, &Type::Error.read("5").unwrap());
    let Right::Many(values) = &second.right else { panic!() };
    assert!(values.iter().all(|value| matches!(value, Operand::Literal(value) if value.ty == Type::Int)));
}

#[test]
fn a_name_on_the_right_is_a_capture_before_it_is_a_word() {
    let rule = compiled("(a and b) where inf.name = inf.stem");
    let Condition::Where { filter: Filter::Compare(it), .. } = rule.signature else { panic!() };
    assert!(matches!(it.right, Right::One(Operand::Capture { field: Some(ref field), .. }) if field == "stem"));
    assert_eq!(it.op, CompareOp::Equal);
}

#[test]
fn a_field_of_a_field_is_read_by_its_own_type() {
    let found = compiled("b where inf.component.inf = inf.name and inf.component.version.build >= 17763");
    let Condition::Where { filter: Filter::All(parts), .. } = found.signature else { panic!() };
    let [Filter::Compare(first), Filter::Compare(second)] = parts.as_slice() else { panic!() };
    assert!(matches!(&first.left, Operand::Capture { field: Some(field), .. } if field == "component.inf"));
    assert!(matches!(&second.right, Right::One(Operand::Literal(value)) if value.ty == Type::Int));
    let (_, errors) = errors(&rule("x", "b where inf.name.ext = \"inf\""));
    assert_eq!(errors, [(Code::UNKNOWN_FIELD, "ext".to_owned())]);
}

#[test]
fn a_finding_is_read_by_its_alias() {
    let text = rule("other", "a") + &rule("x", "(finding other as f and b) where f.status.symbol = \"E_FAIL\"");
    let (rules, errors) = errors(&text);
    assert_eq!(errors, []);
    let Condition::Where { filter: Filter::Compare(it), .. } = &rules.rule("x").unwrap().signature else { panic!() };
    let Operand::Finding { alias, capture, field } = &it.left else { panic!() };
    assert_eq!((alias.as_str(), capture.as_str(), field.as_deref()), ("f", "status", Some("symbol")));
}

#[test]
fn filters_reach_what_is_joined_around_them() {
    for signature in [
        "a where inf.ext = \"inf\" and b",
        "(a where inf.ext = \"inf\") and b",
        "b then not (a where inf.ext = \"inf\")",
        "(a or b) where n = 1",
        "(a or b) where inf is present and inf.ext = \"inf\"",
        "(at least 2 of (a, b)) where inf.ext = \"inf\"",
    ] {
        let (_, errors) = errors(&rule("x", signature));
        assert_eq!(errors, [], "{signature}");
    }
    for (signature, code) in [
        ("(at least 1 of (a, b)) where inf.ext = \"inf\"", Code::UNBOUND_CAPTURE),
        ("(a and not b) where inf.ext = \"inf\"", Code::CAPTURE_OUT_OF_REACH),
        ("(a where inf.ext = \"inf\") or b", Code::CAPTURE_OUT_OF_REACH),
    ] {
        let (_, errors) = errors(&rule("x", signature));
        assert_eq!(errors, [(code, "inf.ext".to_owned())], "{signature}");
    }
}

#[test]
fn a_cause_reaches_what_the_signature_captures() {
    let with = |signature: &str, when: &str| {
        rule("x", signature).replace("---\n", &format!("causes: {{c: {{when: '{when}'}}}}\n---\n"))
    };
    assert_eq!(errors(&with("a", "b where status = 5")).1, []);
    assert_eq!(errors(&with("b", "b where status = 5")).1.len(), 1);
}

#[test]
fn captures_are_joined_by_name_with_one_type() {
    let rule = compiled("a and b");
    let captures: Vec<_> = rule.captures.iter().map(|it| (it.name.as_str(), it.ty)).collect();
    assert_eq!(captures, [("n", Type::Int), ("status", Type::Error), ("inf", Type::Path)]);
    assert_eq!(rule.evidence[0].lines[0].binds[0].1, rule.evidence[1].lines[0].binds[0].1);
}

#[test]
fn a_log_kind_knows_its_fields_and_its_clock() {
    let (rules, _) = errors("log: app\nrecord: \"^{time:%H:%M:%S%.f %Y-%m-%d} {pid:int} {message}\"\n");
    let kind = rules.logs.get(rules.logs.by_name("app").unwrap());
    assert_eq!(kind.fields, ["pid"]);
    let clock = kind.clock.as_ref().unwrap();
    assert_eq!((clock.zone, clock.resolution), (Zone::Local, 1_000_000));
    assert!(matches!(&kind.framing, Framing::Lines(records) if records.len() == 1));
}

#[test]
fn log_kinds_stand_in_the_order_of_their_names() {
    let (rules, _) = errors("log: zzz\nreader: icacls\n---\nlog: aaa\nreader: procmon\n");
    let names: Vec<_> = rules.logs.iter().map(|(_, kind)| kind.name.as_str()).collect();
    assert_eq!(names, ["aaa", "cbs", "zzz"]);
}

#[test]
fn large_conditions_and_long_chains_of_findings_cost_no_stack() {
    let many = vec!["a"; 2000].join(" or ");
    assert!(matches!(compiled(&many).signature, Condition::Any(parts) if parts.len() == 2000));
    let chain: String =
        (0..2000).map(|at| rule(&format!("r{at:04}"), &format!("a and finding r{:04}", (at + 1) % 2000))).collect();
    let (rules, errors) = errors(&chain);
    assert_eq!(errors.len(), 1);
    assert!(rules.rules.is_empty());
}
