//! Inline tests: a few lines of log and what the rule must say of them. Only what is written is compared.

use crate::bundle::Bundle;
use crate::diagnose::{CauseStatus, Diagnosis, Finding, Status as FindingStatus, diagnose};
use crate::knowledge_base::KnowledgeBase;
use crate::rule::{Expect, Expected, Rule, RuleSet, RuleTest, TestLog};
use crate::scan;
use crate::value::{Type, Value};

use super::{Difference, Outcome, Status};

/// The inline tests of the knowledge base's own rules.
pub(super) fn all(base: &KnowledgeBase) -> Vec<(&Rule, &RuleTest)> {
    let own = base.rules.rules.iter().filter(|rule| base.own_rules.contains(&rule.name));
    own.flat_map(|rule| rule.tests.iter().map(move |test| (rule, test))).collect()
}

/// Runs one test.
pub(super) fn outcome(rules: &RuleSet, rule: &Rule, test: &RuleTest) -> Outcome {
    let (bundle, options) = bundle(rules, test);
    let diagnosis = diagnose(&scan::scan(&bundle, rules, &options), rules, None, None, 1);
    let detail = judge(rules, rule, test, &diagnosis);
    Outcome {
        rule: rule.name.clone(),
        name: test.name.clone(),
        status: if detail.is_empty() { Status::Pass } else { Status::Fail },
        detail,
        change: None,
        note: None,
    }
}

/// What of a test's expectations is not so.
pub(super) fn judge(rules: &RuleSet, rule: &Rule, test: &RuleTest, diagnosis: &Diagnosis) -> Vec<Difference> {
    match &test.expect {
        Expect::None => unexpected(diagnosis, rule),
        Expect::Findings(expected) => {
            expected.iter().flat_map(|expected| differences(rules, rule, expected, diagnosis)).collect()
        }
    }
}

/// A test's logs as a bundle, with what to scan it with.
#[must_use]
pub fn bundle(rules: &RuleSet, test: &RuleTest) -> (Bundle, scan::Options) {
    let mut bundle = Bundle::default();
    let mut given = Vec::new();
    for (log, content) in &test.logs {
        let name = &rules.logs.get(*log).name;
        match content {
            TestLog::Text(text) => given.push((bundle.add_text(name, text), scan::Given::Kind(*log))),
            TestLog::Records(records) => {
                given.push((bundle.add_text(name, ""), scan::Given::Records(*log, records.clone())));
            }
        }
    }
    // Tests run side by side; each has a thread.
    (bundle, scan::Options { given, threads: Some(1), ..scan::Options::default() })
}

fn unexpected(diagnosis: &Diagnosis, rule: &Rule) -> Vec<Difference> {
    find(diagnosis, &rule.name)
        .map(|finding| Difference {
            what: rule.name.clone(),
            expected: "none".to_owned(),
            actual: status_word(finding.status).to_owned(),
        })
        .into_iter()
        .collect()
}

fn find<'d>(diagnosis: &'d Diagnosis, rule: &str) -> Option<&'d Finding> {
    diagnosis.findings.iter().find(|finding| finding.name == rule)
}

fn status_word(status: FindingStatus) -> &'static str {
    match status {
        FindingStatus::Confirmed => "confirmed",
        FindingStatus::Undetermined => "undetermined",
    }
}

fn cause_word(status: CauseStatus) -> &'static str {
    match status {
        CauseStatus::Confirmed => "confirmed",
        CauseStatus::Excluded => "excluded",
        CauseStatus::Open => "open",
    }
}

/// What of an expected finding is not so.
fn differences(rules: &RuleSet, rule: &Rule, expected: &Expected, diagnosis: &Diagnosis) -> Vec<Difference> {
    let name = expected.rule.as_deref().unwrap_or(&rule.name);
    let Some(finding) = find(diagnosis, name) else {
        let wanted = expected.status.clone().unwrap_or_else(|| "a finding".to_owned());
        return vec![Difference { what: name.to_owned(), expected: wanted, actual: "none".to_owned() }];
    };
    let mut found = Vec::new();
    let mut compare = |what: &str, expected: String, actual: String| {
        if expected != actual {
            found.push(Difference { what: what.to_owned(), expected, actual });
        }
    };
    if let Some(status) = &expected.status {
        compare("status", status.clone(), status_word(finding.status).to_owned());
    }
    if let Some(missing) = &expected.missing {
        let mut actual: Vec<String> =
            finding.missing.iter().map(|missing| rules.logs.get(missing.log).name.clone()).collect();
        actual.dedup();
        compare("missing", listed(missing), listed(&actual));
    }
    for (capture, wanted) in expected.captures.iter().flatten() {
        let value = captured(finding, capture);
        let declared = rules.rule(name).and_then(|rule| rule.captures.iter().find(|known| known.name == *capture));
        let same = value.is_some_and(|value| {
            let ty = declared.map_or(value.ty, |capture| capture.ty);
            ty == value.ty && expected_value(ty, wanted).is_some_and(|wanted| wanted == *value)
        });
        if !same {
            compare(
                capture,
                wanted.clone(),
                value.map_or_else(|| "(unbound)".to_owned(), |value| value.text.to_string()),
            );
        }
    }
    for (id, wanted) in expected.causes.iter().flatten() {
        let cause = finding.causes.iter().find(|cause| cause.id == *id);
        compare(id, wanted.clone(), cause.map_or("(no such cause)", |cause| cause_word(cause.status)).to_owned());
    }
    if let Some(requests) = &expected.requests {
        let actual: Vec<String> = diagnosis.requests.iter().map(|request| request.collection.clone()).collect();
        compare("requests", listed(requests), listed(&actual));
    }
    if let Some(evidence) = &expected.evidence {
        compare("evidence", listed(evidence), listed(&quoted(rules, finding)));
    }
    found
}

/// The evidence of its rule that a finding and its confirmed causes quote; what it quotes of other findings has names of
/// other rules.
fn quoted(rules: &RuleSet, finding: &Finding) -> Vec<String> {
    let causes = finding.causes.iter().flat_map(|cause| &cause.evidence);
    let names = finding.evidence.iter().chain(causes).map(|quote| quote.name.clone());
    let known = |name: &String| rules.rules[finding.rule].evidence.iter().any(|evidence| evidence.name == *name);
    names.filter(known).collect()
}

/// The value of a capture: the finding's, or that of the first confirmed cause that has one.
fn captured<'f>(finding: &'f Finding, name: &str) -> Option<&'f Value> {
    let causes = finding.causes.iter().flat_map(|cause| &cause.captures);
    finding.captures.iter().chain(causes).find(|(own, _)| own == name).map(|(_, value)| value)
}

/// An expected value, read by the capture's type, so that `5` may be expected where the log says `(00000005)`; the
/// quotes around a quoted one may be left out, as its value has none.
fn expected_value(ty: Type, wanted: &str) -> Option<Value> {
    let bare = || (ty == Type::Quoted).then(|| Value::text(wanted));
    ty.read(wanted).or_else(bare)
}

/// A set as text, in one order.
fn listed(names: &[String]) -> String {
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::expected_value;
    use crate::value::Type;

    #[test]
    fn an_expected_value_is_read_by_its_type() {
        let same = |ty: Type, wanted, logged| expected_value(ty, wanted) == ty.read(logged);
        assert!(same(Type::Error, "5", "(00000005)"));
        assert!(same(Type::Quoted, "Example Filter", "'example filter'"));
        assert!(same(Type::Quoted, "\"Example Filter\"", "'Example Filter'"));
        assert!(!same(Type::Quoted, "Example", "'Example Filter'"));
        assert_eq!(expected_value(Type::Int, "five"), None);
    }
}
