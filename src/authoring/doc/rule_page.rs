//! The page of a rule: what shows it, in words and on a sample, its causes, what to do, its logs and its tests.

use serde::Serialize;

use crate::logs::LogKindId;
use crate::regression::Recorded;
use crate::rule::{Cause, Expect, Expected, RuleTest};

use super::code::{CodeView, rule_codes};
use super::sample::{self, Sample, SampleView, lines};
use super::view::{
    CollectionView, EvidenceView, Link, RemedyView, RuleContext, collection, product_links, remedy, remedy_link,
    rule_link,
};
use super::words::{Said, said};

/// Everything a rule's page shows.
#[derive(Debug, Serialize)]
pub(super) struct RuleView {
    link: Link,
    area: String,
    products: Vec<Link>,
    codes: Vec<CodeView>,
    signature: Said,
    written: String,
    evidence: Vec<EvidenceView>,
    captures: Vec<(String, &'static str)>,
    sample: Option<SampleView>,
    causes: Vec<CauseView>,
    remedies: Vec<RemedyView>,
    logs: Vec<LogView>,
    explains: Vec<Link>,
    explained_by: Vec<Link>,
    read_by: Vec<Link>,
    tests: Vec<TestView>,
    bundles: Vec<BundleView>,
}

/// A cause.
#[derive(Debug, Serialize)]
struct CauseView {
    id: String,
    title: String,
    when: Option<Said>,
    written: Option<String>,
    excludes: Vec<String>,
    remedies: Vec<Link>,
}

/// A log that the rule reads, and what brings it.
#[derive(Debug, Serialize)]
struct LogView {
    log: Link,
    files: Vec<String>,
    collections: Vec<CollectionView>,
}

/// A test.
#[derive(Debug, Serialize)]
struct TestView {
    name: String,
    /// `none`, or what must come out, each a line.
    silent: bool,
    expects: Vec<String>,
    logs: Vec<(Link, Vec<String>)>,
}

/// A bundle test in which the rule has a finding.
#[derive(Debug, Serialize)]
struct BundleView {
    name: String,
    /// `confirmed` or `undetermined`.
    status: String,
    /// The finding as its snapshot has it, line by line.
    finding: Vec<String>,
}

/// What stands before the last `/` of a rule's name: the area that it is about.
pub(super) fn area(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(area, _)| area)
}

/// What a rule's page shows.
pub(super) fn view(context: &RuleContext<'_>, shown: Option<&Sample>) -> RuleView {
    let (rule, rules, lang) = (context.rule, context.rules, context.lang);
    let mut remedies: Vec<&str> = Vec::new();
    for name in rule.causes.iter().flat_map(|cause| &cause.remedies) {
        if !remedies.contains(&name.as_str()) {
            remedies.push(name);
        }
    }
    let others = || rules.rules.iter().filter(|other| other.name != rule.name);
    RuleView {
        link: rule_link(rule, lang),
        area: area(&rule.name).to_owned(),
        products: product_links(rule, lang),
        codes: rule_codes(rule).iter().filter_map(|code| CodeView::of(code, lang)).collect(),
        signature: said(context, &rule.signature),
        written: rule.condition_text(&rule.signature),
        evidence: rule.evidence.iter().map(|evidence| context.evidence_view(evidence)).collect(),
        captures: rule.captures.iter().map(|capture| (capture.name.clone(), capture.ty.name())).collect(),
        sample: shown.and_then(|shown| sample::view(context, shown)),
        causes: rule.causes.iter().map(|one| cause(context, one)).collect(),
        remedies: remedies.into_iter().filter_map(|name| rules.remedy(name)).map(|one| remedy(one, lang)).collect(),
        logs: logs(context),
        explains: rule.explains.iter().map(|name| context.rule_link(name)).collect(),
        explained_by: others().filter(|it| it.explains.contains(&rule.name)).map(|it| rule_link(it, lang)).collect(),
        read_by: others().filter(|it| it.reads().contains(&rule.name.as_str())).map(|it| rule_link(it, lang)).collect(),
        tests: rule.tests.iter().map(|one| test(context, one)).collect(),
        bundles: context.bundles.iter().filter_map(|test| bundle(test, &rule.name)).collect(),
    }
}

fn cause(context: &RuleContext<'_>, cause: &Cause) -> CauseView {
    let (rule, rules, lang) = (context.rule, context.rules, context.lang);
    let title = |id: &String| {
        let other = rule.causes.iter().find(|other| other.id == *id);
        other.map_or(id.clone(), |other| other.title.get(lang).to_owned())
    };
    CauseView {
        id: cause.id.clone(),
        title: cause.title.get(lang).to_owned(),
        when: cause.when.as_ref().map(|when| said(context, when)),
        written: cause.when.as_ref().map(|when| rule.condition_text(when)),
        excludes: cause.excludes.iter().map(title).collect(),
        remedies: cause
            .remedies
            .iter()
            .filter_map(|name| rules.remedy(name))
            .map(|remedy| Link {
                href: format!("#remedy-{}", super::address::slug(&remedy.name)),
                ..remedy_link(remedy, lang)
            })
            .collect(),
    }
}

/// The logs of a rule's evidence, in the order in which it names them.
fn logs(context: &RuleContext<'_>) -> Vec<LogView> {
    let mut ids: Vec<LogKindId> = Vec::new();
    for id in context.rule.evidence.iter().flat_map(|evidence| &evidence.logs) {
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    let one = |id: LogKindId| {
        let brings = context.rules.collections.iter().filter(|it| it.yields.contains(&id));
        let mut collections: Vec<_> = brings.collect();
        collections.sort_by_key(|it| (it.effort.cost(), it.name.as_str()));
        LogView {
            log: context.log_link(id),
            files: context.rules.logs.get(id).files.globs().to_vec(),
            collections: collections.into_iter().map(|it| collection(it, context.rules, context.lang)).collect(),
        }
    };
    ids.into_iter().map(one).collect()
}

fn test(context: &RuleContext<'_>, test: &RuleTest) -> TestView {
    let (silent, expects) = match &test.expect {
        Expect::None => (true, Vec::new()),
        Expect::Findings(findings) => (false, findings.iter().map(expected).collect()),
    };
    TestView {
        name: test.name.clone(),
        silent,
        expects,
        logs: test.logs.iter().map(|(id, log)| (context.log_link(*id), lines(log))).collect(),
    }
}

fn bundle(test: &Recorded, rule: &str) -> Option<BundleView> {
    let finding = test.finding(rule)?;
    let status = finding.first()?.split_whitespace().nth(1).unwrap_or_default().trim_end_matches(',').to_owned();
    Some(BundleView {
        name: format!("{}/{}", test.area, test.name),
        status,
        finding: finding.into_iter().map(str::to_owned).collect(),
    })
}

/// An expectation as it is written: `status: confirmed, captures: {status: 5}`.
fn expected(expected: &Expected) -> String {
    let mut parts = Vec::new();
    let list = |names: &[String]| format!("[{}]", names.join(", "));
    let map = |pairs: &[(String, String)]| {
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        format!("{{{}}}", pairs.join(", "))
    };
    parts.extend(expected.rule.as_ref().map(|rule| format!("rule: {rule}")));
    parts.extend(expected.status.as_ref().map(|status| format!("status: {status}")));
    parts.extend(expected.missing.as_ref().map(|names| format!("missing: {}", list(names))));
    parts.extend(expected.captures.as_ref().map(|pairs| format!("captures: {}", map(pairs))));
    parts.extend(expected.causes.as_ref().map(|pairs| format!("causes: {}", map(pairs))));
    parts.extend(expected.requests.as_ref().map(|names| format!("requests: {}", list(names))));
    parts.join(", ")
}
