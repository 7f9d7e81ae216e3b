//! One test a kind of miss: a small rule, a few lines of log, and what is said of the node that fails.

use super::{Given, Node, Verdict, Why, why};
use crate::bundle::Bundle;
use crate::compiler::{Layer, compile};
use crate::diagnose::{Status, diagnose};
use crate::lang::Lang;
use crate::scan::{self, Options, scan};
use crate::source::SourceMap;
use crate::syntax;

/// A log of lines with attempts, one in UTC, one with sections, and a state.
const LOGS: &str = "\
log: app
title: {zh: 甲, en: App}
record: \"^{time:%Y-%m-%d %H:%M:%S}, {level:word} {message}$\"
clock: {zone: local, resolution: 1s}
attempt: {begin: \"attempt begins\", end: \"attempt ends\"}
---
log: utc
title: {zh: 乙, en: Utc}
record: \"^{time:%Y-%m-%d %H:%M:%S}, {message}$\"
clock: {zone: utc, resolution: 1s}
---
log: dev
title: {zh: 丙, en: Dev}
record: [\"^>>>  {message}$\", \"^<<<  {message}$\", \"^     {message}$\"]
section: {begin: \"^>>>  [{title}]$\", end: \"^<<<  [{}]$\"}
---
log: acl
title: {zh: 丁, en: Acl}
reader: icacls
snapshot: {about: file}
---
";

/// What `why` says of a rule, its evidence and conditions as written in YAML, on logs by kind.
fn explained(rule: &str, logs: &[(&str, &str)]) -> Why {
    let mut map = SourceMap::new();
    let mut faults = Vec::new();
    let file = map.add("x.yaml", format!("{LOGS}rule: x\ntitle: {{zh: 甲, en: X}}\n{rule}"));
    let declarations = syntax::parse(&map, file, &mut faults);
    let rules = compile(vec![Layer { declarations, rules: true, own: false, scripts: Vec::new() }], &mut faults);
    let errors: Vec<String> = faults.iter().map(|fault| fault.message(Lang::En).to_owned()).collect();
    assert_eq!(rules.rules.len(), 1, "{errors:?}");
    let mut bundle = Bundle::default();
    let given = logs.iter().map(|(log, text)| {
        (bundle.add_text(&format!("{log}.log"), text), scan::Given::Kind(rules.logs.by_name(log).unwrap()))
    });
    let options = Options { given: given.collect(), ..Options::default() };
    let scan = scan(&bundle, &rules, &options);
    let diagnosis = diagnose(&scan, &rules, None, None, 1);
    let (findings, utc_offset) = (diagnosis.findings.as_slice(), None);
    why(0, &Given { bundle: &bundle, options: &options, scan: &scan, rules: &rules, findings, utc_offset })
}

/// Every miss of a tree, headed by its node.
fn misses(node: &Node) -> Vec<String> {
    let own = node.misses.iter().map(|miss| format!("{}: {}", node.text, miss.get(Lang::En)));
    own.chain(node.children.iter().flat_map(misses)).collect()
}

/// The misses of a signature over evidence of the log `app`: `a`, `b`, `c` stand for lines of that name with a number.
fn of(signature: &str, lines: &[&str]) -> Vec<String> {
    misses(&of_app(signature, lines).signature)
}

fn of_app(signature: &str, lines: &[&str]) -> Why {
    let line = |name: &str| format!("  {name}: {{log: app, line: \"{name} {{{name}n:int}}\"}}\n");
    let evidence: String = ["a", "b", "c"].map(line).concat();
    let lines: Vec<String> = lines.iter().map(|line| stamped(line)).collect();
    explained(&format!("evidence:\n{evidence}signature: {signature}\n"), &[("app", &lines.join("\n"))])
}

/// `90 a 1` as a line of `app`: seconds after eight, then the message.
fn stamped(line: &str) -> String {
    let (at, message) = line.split_once(' ').unwrap();
    let at: u32 = at.parse().unwrap();
    format!("2024-10-16 08:{:02}:{:02}, Info {message}", at / 60, at % 60)
}

#[test]
fn a_step_that_comes_too_late() {
    assert_eq!(
        of("a then b within 30s", &["10 a 1", "51 b 1"]),
        ["a then b within 30s: step 2 `b` (app.log:2) came 41 s after step 1 (app.log:1); the window is 30s"]
    );
    // The nearest miss is told, and of equal ones the latest.
    let said = of("a then b within 30s", &["0 a 1", "10 a 2", "51 b 1", "100 a 3", "400 end"]);
    assert_eq!(
        said,
        ["a then b within 30s: step 2 `b` (app.log:3) came 41 s after step 1 (app.log:2); the window is 30s"]
    );
}

#[test]
fn steps_in_the_wrong_order() {
    assert_eq!(
        of("a then b", &["10 b 1", "51 a 1"]),
        ["a then b: wrong order: step 2 `b` (app.log:1) comes before step 1 (app.log:2)"]
    );
}

#[test]
fn a_step_that_must_not_come() {
    let why = of_app("a then not b within 1m", &["10 a 1", "15 b 1"]);
    assert_eq!(
        misses(&why.signature),
        ["a then not b within 1m: `b` must not come, and stands at app.log:2, 5 s after step 1 (app.log:1)"]
    );
    let step = &why.signature.children[1];
    assert_eq!((step.text.as_str(), step.value), ("not b within 1m", Verdict::False));
}

#[test]
fn sides_too_far_apart_and_a_whole_too_long() {
    assert_eq!(
        of("a within 10s of b", &["0 begin", "10 a 1", "51 b 1", "90 end"]),
        ["a within 10s of b: `a` (app.log:2) and `b` (app.log:3) lie 41 s apart; the window is 10s"]
    );
    assert_eq!(
        of("(a then b then c) within 1m", &["0 begin", "100 a 1", "140 b 1", "190 c 1", "400 end"]),
        ["(a then b then c) within 1m: from app.log:2 to app.log:4 it takes 1 min 30 s; the window is 1m"]
    );
}

#[test]
fn too_few_or_too_spread() {
    assert_eq!(of("at least 3 a", &["0 a 1", "9 a 2"]), ["at least 3 a: 2 of 3"]);
    assert_eq!(
        of("at least 3 a within 1m", &["0 begin", "100 a 1", "109 a 2", "280 a 3", "1000 a 4", "1200 end"]),
        ["at least 3 a within 1m: 2 of 3 within 1m; number 3 (app.log:4) came 2 min late"]
    );
    let said = of("at least 2 of (a, b, c)", &["0 a 1"]);
    assert!(said.contains(&"at least 2 of (a, b, c): 1 of 2".to_owned()), "{said:?}");
}

#[test]
fn the_nearest_one_on_the_wrong_side() {
    assert_eq!(
        of("last a before b", &["0 b 1", "9 a 2"]),
        ["last a before b: app.log:2 is the nearest, and does not come before app.log:1"]
    );
    assert_eq!(
        of("first a after b", &["0 a 1", "9 b 2"]),
        ["first a after b: app.log:1 is the nearest, and does not come after app.log:2"]
    );
}

#[test]
fn filters_say_how_many_they_keep_out_and_with_which_values() {
    assert_eq!(
        of("a where an > 5", &["0 a 1", "9 a 2"]),
        ["a where an > 5: 0 match; 2 would without `where an > 5`", "a where an > 5: at app.log:2 an = 2"]
    );
    let said = of("a where an > 1 and an != 2", &["0 a 1", "9 a 2"]);
    assert!(said.contains(&"a where an > 1 and an != 2: 1 would without `an > 1` alone".to_owned()), "{said:?}");
    assert!(said.contains(&"a where an > 1 and an != 2: 1 would without `an != 2` alone".to_owned()), "{said:?}");
}

#[test]
fn filters_of_evidence_too() {
    let rule =
        "evidence:\n  a: {log: app, line: \"code {status:error}\", where: status = E_ACCESSDENIED}\nsignature: a\n";
    let why = explained(rule, &[("app", &stamped("0 code 0x80070020"))]);
    assert_eq!(
        misses(&why.signature),
        [
            "a: 0 match; 1 would without `where status = E_ACCESSDENIED`",
            "a: at app.log:1 status = 0x80070020 (ERROR_SHARING_VIOLATION)"
        ]
    );
    let hits = why.signature.hits.unwrap();
    assert_eq!((hits.matching, hits.passing), (1, 0));
}

#[test]
fn joins_say_which_value_was_wanted() {
    let rule = "evidence:\n  a: {log: app, line: \"load '{inf:path}'\"}\n  b: {log: app, line: \"fail '{inf:path}'\"}\n\
                signature: a and b\n";
    let lines = [r"0 load 'C:\b.inf'", r"1 fail 'C:\a.inf'"].map(stamped).join("\n");
    assert_eq!(
        misses(&explained(rule, &[("app", &lines)]).signature),
        [r"b: 1 match `b`, but their `inf` is `C:\a.inf`, not `C:\b.inf` (`a`, app.log:1)"]
    );
}

#[test]
fn patterns_say_how_far_they_got() {
    let rule = "evidence:\n  a: {log: app, line: \"Unable to load '{inf:path}'\"}\nsignature: a\n";
    let lines = ["0 Unable to load 'usbstor'", "1 Unable to load 'usbprint'"].map(stamped).join("\n");
    assert_eq!(
        misses(&explained(rule, &[("app", &lines)]).signature),
        [
            "a: none of the 2 records of app matches `a`",
            "a: `Unable to load '` before the hole `{inf:path}` matches 2, the hole none: `usbstor`, `usbprint` is no path \
             (app.log:1)"
        ]
    );
}

#[test]
fn letters_of_another_case() {
    let rule = "evidence:\n  a: {log: app, line: \"Access Denied\", case: exact}\nsignature: a\n";
    let said = misses(&explained(rule, &[("app", &stamped("0 access denied"))]).signature);
    assert_eq!(said[1], "a: 1 would match in another letter case (app.log:1; the evidence says `case: exact`)");
}

#[test]
fn a_field_or_a_section_that_is_another() {
    let rule = "evidence:\n  a: {log: app, line: \"stopped\", fields: {level: Error}}\nsignature: a\n";
    let said = misses(&explained(rule, &[("app", &stamped("0 stopped"))]).signature);
    assert_eq!(said[1], "a: 1 would match without `level: Error`: theirs is `Info` (app.log:1)");
    let rule = "evidence:\n  a: {log: dev, section: \"Install\", line: \"stopped\"}\nsignature: a\n";
    let log = ">>>  [Uninstall]\n     stopped\n<<<  [done]\n";
    let said = misses(&explained(rule, &[("dev", log)]).signature);
    assert_eq!(said[1], "a: 1 would match without `section: Install`: they lie in `Uninstall` (dev.log:2)");
}

#[test]
fn what_lies_in_different_scopes() {
    let rule = "evidence:\n  a: {log: dev, line: \"first\"}\n  b: {log: dev, line: \"second\"}\n\
                signature: (a and b) in one section\n";
    let log = ">>>  [One]\n     first\n<<<  [done]\n>>>  [Two]\n     second\n<<<  [done]\n";
    assert_eq!(
        misses(&explained(rule, &[("dev", log)]).signature),
        ["(a and b) in one section: not in one section: `a` dev.log:2 [One], `b` dev.log:5 [Two]"]
    );
    let lines = ["0 attempt begins", "1 a 1", "2 attempt ends", "3 attempt begins", "4 b 1"];
    assert_eq!(
        of("(a and b) in one attempt", &lines),
        ["(a and b) in one attempt: not in one attempt: `a` app.log:2 #1, `b` app.log:5 #2"]
    );
}

#[test]
fn logs_that_are_missing_or_do_not_cover_the_time() {
    let rule = "evidence:\n  a: {log: app, line: \"first\"}\n  b: {log: utc, line: \"second\"}\n\
                signature: a then b within 1m\n";
    let first = stamped("0 first");
    let said = misses(&explained(rule, &[("app", &first)]).signature);
    assert_eq!(said, ["b: there is no utc log (absent)"]);
    let rule = rule.replace("log: utc", "log: other") + &other();
    let said = misses(&explained(&rule, &[("app", &first), ("other", "2024-10-16 07:00:00, x")]).signature);
    assert_eq!(
        said[..2],
        [
            "a then b within 1m: other does not cover the time (not-covered)",
            "a then b within 1m: it goes from 2024-10-16 07:00:00 to 2024-10-16 07:00:00, and 2024-10-16 08:00:00 to \
             2024-10-16 08:01:00 would be needed"
        ]
    );
}

/// Another log of local time.
fn other() -> String {
    "---\nlog: other\ntitle: {zh: 戊, en: Other}\nrecord: \"^{time:%Y-%m-%d %H:%M:%S}, {message}$\"\n\
     clock: {zone: local, resolution: 1s}\n"
        .to_owned()
}

#[test]
fn clocks_that_cannot_be_compared() {
    let rule = "evidence:\n  a: {log: app, line: \"first\"}\n  b: {log: utc, line: \"second\"}\n\
                signature: a then b within 1m\n";
    let why = explained(rule, &[("app", &stamped("0 first")), ("utc", "2024-10-16 08:00:05, second")]);
    assert_eq!((why.status, why.signature.value), (Some(Status::Undetermined), Verdict::Undetermined));
    let said = misses(&why.signature);
    assert!(said[0].ends_with("cannot be compared; --utc-offset tells how"), "{said:?}");
}

#[test]
fn a_state_that_does_not_list_the_subject() {
    let rule = "evidence:\n  a: {log: app, line: \"load '{inf:path}'\"}\n\
                \x20 b: {log: acl, fields: {file: \"{shown:path}\"}, where: shown.name = inf.name}\n\
                signature: a\ncauses:\n  changed: {title: {zh: 甲, en: C}, when: b}\n";
    let acl = "C:\\Windows\\other.inf NT AUTHORITY\\SYSTEM:(F)\n\nSuccessfully processed 1 files; Failed processing 0 files\n";
    let why = explained(rule, &[("app", &stamped(r"0 load 'C:\b.inf'")), ("acl", acl)]);
    assert_eq!(
        misses(why.causes[0].node.as_ref().unwrap()),
        [
            "b: 0 match; 1 would without `where shown.name = inf.name`",
            "b: at acl.log:1 shown.name = other.inf, inf.name = b.inf",
            "b: acl does not list what is asked about (not-listed)"
        ]
    );
}

#[test]
fn what_a_not_forbids() {
    let why = of_app("a and not b", &["0 a 1", "5 b 2"]);
    assert_eq!(misses(&why.signature), ["not b: `b` holds: app.log:2"]);
}

#[test]
fn a_finding_that_is_not_there() {
    let rule = "evidence:\n  a: {log: app, line: \"first\"}\nsignature: a and finding y\n---\nrule: y\n\
                title: {zh: 乙, en: Y}\nevidence:\n  b: {log: app, line: \"second\"}\nsignature: b\n";
    let mut map = SourceMap::new();
    let mut faults = Vec::new();
    let file = map.add("x.yaml", format!("{LOGS}rule: x\ntitle: {{zh: 甲, en: X}}\n{rule}"));
    let declarations = syntax::parse(&map, file, &mut faults);
    let rules = compile(vec![Layer { declarations, rules: true, own: false, scripts: Vec::new() }], &mut faults);
    let bundle = Bundle::default();
    let options = Options::default();
    let scan = scan(&bundle, &rules, &options);
    let (findings, utc_offset) = (&[][..], None);
    let why = why(0, &Given { bundle: &bundle, options: &options, scan: &scan, rules: &rules, findings, utc_offset });
    let said = misses(&why.signature);
    assert!(said.contains(&"finding y: rule y has no finding (casebook why y says why)".to_owned()), "{said:?}");
}

#[test]
fn the_attempt_that_got_furthest_is_told() {
    let why = of_app("a then b then c within 10s", &["0 a 1", "1 b 1", "60 a 2", "61 c 1", "90 b 2", "400 end"]);
    let place = |node: &Node| node.binding.as_ref().map(|binding| binding.place.clone());
    let bound: Vec<Option<String>> = why.signature.children.iter().map(place).collect();
    assert_eq!(bound, [Some("app.log:1".to_owned()), Some("app.log:2".to_owned()), None]);
    assert_eq!(
        misses(&why.signature),
        ["a then b then c within 10s: step 3 `c` (app.log:4) came 1 min after step 2 (app.log:2); the window is 10s"]
    );
    let captures = &why.signature.children[0].binding.as_ref().unwrap().captures;
    assert_eq!(captures, &[("an".to_owned(), "1".to_owned())]);
}

#[test]
fn a_confirmed_rule_has_nothing_to_say() {
    let why = of_app("a then b within 30s", &["10 a 1", "21 b 1"]);
    assert_eq!((why.status, why.signature.value), (Some(Status::Confirmed), Verdict::True));
    assert_eq!(misses(&why.signature), Vec::<String>::new());
}
