//! A rule shows with a test that it holds, and with another that it does not cry wolf; and every test tests something.

use std::collections::BTreeSet;

use crate::compiler::rule::Drafted;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{ExpectDecl, ExpectedDecl, Expr, ExprKind, RuleDecl, TestDecl, TestLogDecl, Text};

/// Warns where one of the two is not written, and of tests that test nothing.
pub(super) fn check(drafted: &Drafted, faults: &mut Vec<Diagnostic>) {
    let rule = &drafted.decl;
    let own = |expected: &ExpectedDecl| expected.rule.as_ref().is_none_or(|name| name.value == rule.name.value);
    let positive = rule.tests.iter().any(|test| match &test.expect {
        ExpectDecl::None(_) => false,
        ExpectDecl::Findings(findings) => findings.iter().any(own),
    });
    let negative = rule.tests.iter().any(|test| matches!(test.expect, ExpectDecl::None(_)));
    let mut warn = |code, zh: &str, en: &str| {
        faults.push(Diagnostic::warning(code, rule.name.span, zh, en));
    };
    if !positive {
        warn(Code::NO_POSITIVE_TEST, "没有测试证明规则会成立", "no test shows that the rule holds");
    }
    if !negative {
        warn(
            Code::NO_NEGATIVE_TEST,
            "没有 `expect: none` 的测试证明规则不会误报",
            "no test with `expect: none` shows that the rule does not cry wolf",
        );
    }
    let texts: Vec<String> = rule.tests.iter().map(written).collect();
    for (at, test) in rule.tests.iter().enumerate() {
        // Where a log was left out, what the rule looks at is not known.
        if drafted.evidence.iter().any(|draft| draft.unsure) {
            continue;
        }
        if let Some((zh, en)) = idle(test, rule, texts[..at].contains(&texts[at])) {
            let (zh, en) = (format!("这个测试什么也没有验证：{zh}"), format!("the test tests nothing: {en}"));
            faults.push(Diagnostic::warning(Code::IDLE_TEST, test.name.span, zh, en));
        }
    }
}

/// Why a test passes whatever the rule says; `again` where one before says the same.
fn idle(test: &TestDecl, rule: &RuleDecl, again: bool) -> Option<(&'static str, &'static str)> {
    if again {
        return Some(("与前面的一个测试完全相同", "it is the same as one before"));
    }
    match &test.expect {
        ExpectDecl::Findings(findings) if findings.is_empty() => Some(("没有期望", "it expects nothing")),
        ExpectDecl::None(_) if test.logs.iter().all(|(_, log)| is_empty(log)) => Some(("没有日志", "it has no log")),
        ExpectDecl::None(_) => {
            let looked_at: BTreeSet<&str> =
                rule.evidence.iter().flat_map(|evidence| &evidence.logs).map(|log| log.value.as_str()).collect();
            let reads = test.logs.iter().any(|(log, _)| looked_at.contains(log.value.as_str()));
            let whole = rule.signature.as_ref().is_some_and(|signature| !names_finding(signature));
            (whole && !reads).then_some(("规则不看这些日志", "the rule does not look at its logs"))
        }
        ExpectDecl::Findings(_) => None,
    }
}

/// What a test says, without its name and places.
fn written(test: &TestDecl) -> String {
    let log = |log: &TestLogDecl| match log {
        TestLogDecl::Text(text) => text.value.trim_end().to_owned(),
        TestLogDecl::Records(records) => {
            let record = |record: &Vec<_>| record.iter().map(pair).collect::<Vec<_>>().join(", ");
            records.iter().map(record).collect::<Vec<_>>().join("\n")
        }
    };
    let logs: Vec<String> = test.logs.iter().map(|(kind, text)| format!("{}: {}", kind.value, log(text))).collect();
    let expect = match &test.expect {
        ExpectDecl::None(_) => "none".to_owned(),
        ExpectDecl::Findings(findings) => findings.iter().map(finding).collect::<Vec<_>>().join("; "),
    };
    format!("{}\n{expect}", logs.join("\n"))
}

fn pair((name, value): &(Text, Text)) -> String {
    format!("{:?}: {:?}", name.value, value.value)
}

fn finding(expected: &ExpectedDecl) -> String {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    let list = |list: &Option<Vec<Text>>| {
        list.as_ref().map(|list| list.iter().map(|text| text.value.clone()).collect::<Vec<_>>())
    };
    let pairs = |pairs: &Option<Vec<_>>| pairs.as_ref().map(|pairs| pairs.iter().map(pair).collect::<Vec<_>>());
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        text(&expected.rule),
        text(&expected.status),
        list(&expected.missing),
        pairs(&expected.captures),
        pairs(&expected.causes),
        list(&expected.requests)
    )
}

fn is_empty(log: &TestLogDecl) -> bool {
    match log {
        TestLogDecl::Text(text) => text.value.trim().is_empty(),
        TestLogDecl::Records(records) => records.is_empty(),
    }
}

fn names_finding(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Finding(..)) || expr.children().into_iter().any(names_finding)
}
