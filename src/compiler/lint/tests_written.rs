//! A rule shows with a test that it holds, and with another that it does not cry wolf.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{ExpectDecl, ExpectedDecl, RuleDecl};

/// Warns where one of the two is not written.
pub(super) fn check(rule: &RuleDecl, faults: &mut Vec<Diagnostic>) {
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
}
