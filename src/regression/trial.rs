//! A test of one rule, ready to be run again and again with the rule changed: its logs are opened and scanned once, and
//! only the rules that have anything to do with them are there.

use std::mem;
use std::path::Path;
use std::sync::Arc;

use crate::diagnose::why::{self, Why};
use crate::diagnose::{Diagnosis, Finding, Status as FindingStatus, diagnose};
use crate::draft::report::findings_text;
use crate::knowledge_base::KnowledgeBase;
use crate::lang::Lang;
use crate::rule::{EvidenceId, Expect, Rule, RuleSet, RuleTest};
use crate::scan::{self, Scan};

use super::bundle_test::{self, Opened};
use super::order::Order;
use super::{SnapshotError, inline};

/// What a test compares.
enum Judge<'t> {
    /// The expectations written in the rule.
    Expect(&'t RuleTest),
    /// All findings, as their snapshot has them.
    Findings,
}

/// A test of one rule.
pub(super) struct Trial<'t> {
    base: &'t KnowledgeBase,
    rules: RuleSet,
    at: usize,
    opened: Arc<Opened>,
    scan: Scan,
    judge: Judge<'t>,
    /// What it comes to with the rule as it is.
    verdict: String,
    diagnosis: Diagnosis,
}

impl<'t> Trial<'t> {
    /// An inline test of a rule.
    pub(super) fn inline(base: &'t KnowledgeBase, rule: &'t Rule, test: &'t RuleTest) -> Trial<'t> {
        let (bundle, options) = inline::bundle(&base.rules, test);
        let settings = crate::draft::Settings::default();
        let opened = Arc::new(Opened { bundle, thread: None, settings, options });
        Trial::new(base, rule, opened, Judge::Expect(test))
    }

    /// A bundle test, as one of the rule.
    pub(super) fn bundle(base: &'t KnowledgeBase, rule: &'t Rule, opened: &Arc<Opened>) -> Trial<'t> {
        Trial::new(base, rule, Arc::clone(opened), Judge::Findings)
    }

    fn new(base: &'t KnowledgeBase, rule: &Rule, opened: Arc<Opened>, judge: Judge<'t>) -> Trial<'t> {
        let rules = concerned(&base.rules, rule, &opened);
        let at = rules.rules.position(&rule.name).unwrap_or(0);
        let scan = scan::scan(&opened.bundle, &rules, &opened.options);
        let diagnosis = Diagnosis::default();
        let mut trial = Trial { base, rules, at, opened, scan, judge, verdict: String::new(), diagnosis };
        trial.diagnosis = trial.diagnose(&trial.scan);
        trial.verdict = trial.verdict(&trial.scan, &trial.diagnosis);
        trial
    }

    fn diagnose(&self, scan: &Scan) -> Diagnosis {
        diagnose(scan, &self.rules, self.opened.thread.as_ref(), self.opened.settings.utc_offset, 1)
    }

    /// What the test would say, in one text.
    fn verdict(&self, scan: &Scan, diagnosis: &Diagnosis) -> String {
        match &self.judge {
            Judge::Expect(test) => {
                let differences = inline::judge(&self.rules, &self.rules.rules[self.at], test, diagnosis);
                if differences.is_empty() { String::new() } else { "fails".to_owned() }
            }
            Judge::Findings => {
                findings_text(&self.opened.material((self.base, &self.rules), scan, diagnosis, Lang::En))
            }
        }
    }

    /// Whether the test tells a changed rule from the one that is written. `patterns`: the change is of what its lines
    /// match, so that the logs have to be read again.
    pub(super) fn tells(&mut self, changed: &Rule, patterns: bool) -> bool {
        let original = mem::replace(&mut self.rules.rules[self.at], changed.clone());
        let again = patterns.then(|| scan::scan(&self.opened.bundle, &self.rules, &self.opened.options));
        let scan = again.as_ref().unwrap_or(&self.scan);
        let diagnosis = self.diagnose(scan);
        let told = self.verdict(scan, &diagnosis) != self.verdict;
        self.rules.rules[self.at] = original;
        told
    }

    /// Whether the test passes as things are; a snapshot is compared by its own test.
    pub(super) fn passes(&self) -> bool {
        matches!(self.judge, Judge::Findings) || self.verdict.is_empty()
    }

    /// Whether it is a test that says that the rule has no finding.
    pub(super) fn expects_none(&self) -> bool {
        match &self.judge {
            Judge::Expect(test) => matches!(test.expect, Expect::None),
            Judge::Findings => self.finding().is_none(),
        }
    }

    /// The rules that the test is about.
    pub(super) fn rules(&self) -> &RuleSet {
        &self.rules
    }

    pub(super) fn diagnosis(&self) -> &Diagnosis {
        &self.diagnosis
    }

    pub(super) fn finding(&self) -> Option<&Finding> {
        self.diagnosis.findings.iter().find(|finding| finding.rule == self.at)
    }

    pub(super) fn confirmed(&self) -> bool {
        self.finding().is_some_and(|finding| finding.status == FindingStatus::Confirmed)
    }

    pub(super) fn has_hit(&self, evidence: usize) -> bool {
        !self.scan.hits(self.at, EvidenceId(evidence)).is_empty()
    }

    /// Whether a log of the kinds that a piece of evidence is looked for in is there.
    pub(super) fn has_log_of(&self, evidence: EvidenceId) -> bool {
        let logs = &self.rules.rules[self.at].evidence[evidence.0].logs;
        self.scan.sources.iter().any(|source| source.log.is_some_and(|log| logs.contains(&log)))
    }

    /// The truth of every condition of the rule.
    pub(super) fn why(&self) -> Why {
        let given = why::Given {
            bundle: &self.opened.bundle,
            options: &self.opened.options,
            scan: &self.scan,
            rules: &self.rules,
            findings: &self.diagnosis.findings,
            utc_offset: self.opened.settings.utc_offset,
        };
        why::why(self.at, &given)
    }
}

/// The bundle tests of a knowledge base, each opened and scanned once.
pub(super) struct Bundles {
    bundles: Vec<(Arc<Opened>, Scan)>,
}

impl Bundles {
    /// Opens those below `dir/rules`.
    pub(super) fn open(base: &KnowledgeBase, dir: Option<&Path>, order: &Order) -> Result<Bundles, SnapshotError> {
        let folders = dir.map_or_else(|| Ok(Vec::new()), |dir| bundle_test::folders(&dir.join("rules")))?;
        let bundles = order.run(&folders, |folder| {
            let opened = bundle_test::open(base, folder)?;
            let scan = scan::scan(&opened.bundle, &base.rules, &opened.options);
            Some((Arc::new(opened), scan))
        });
        Ok(Bundles { bundles: bundles.into_iter().flatten().collect() })
    }

    /// Whether a mail of a bundle test asks for a collection, which is then known to have been asked for.
    pub(super) fn asks_for(&self, collection: &str) -> bool {
        let threads = self.bundles.iter().filter_map(|(opened, _)| opened.thread.as_ref());
        threads.flat_map(|thread| &thread.asked).any(|asked| asked.collection == collection)
    }

    /// The tests of a rule: its own, and the bundle tests in which it has a hit.
    pub(super) fn trials<'t>(&self, base: &'t KnowledgeBase, rule: &'t Rule) -> Vec<Trial<'t>> {
        let at = base.rules.rules.position(&rule.name).unwrap_or(0);
        let hits = |scan: &Scan| scan.hits.get(at).is_some_and(|hits| hits.iter().any(|hits| !hits.is_empty()));
        let mut trials: Vec<Trial<'t>> = rule.tests.iter().map(|test| Trial::inline(base, rule, test)).collect();
        let bundles = self.bundles.iter().filter(|(_, scan)| hits(scan));
        trials.extend(bundles.map(|(opened, _)| Trial::bundle(base, rule, opened)));
        trials
    }
}

/// The rules that a test is about: the rule, those whose findings it reads, and all that have a hit or a finding there.
fn concerned(rules: &RuleSet, rule: &Rule, opened: &Opened) -> RuleSet {
    let scan = scan::scan(&opened.bundle, rules, &opened.options);
    let diagnosis = diagnose(&scan, rules, opened.thread.as_ref(), opened.settings.utc_offset, 1);
    let hits = |at: &usize| scan.hits.get(*at).is_some_and(|hits| hits.iter().any(|hits| !hits.is_empty()));
    let spoken = (0..rules.rules.len()).filter(hits).chain(diagnosis.findings.iter().map(|finding| finding.rule));
    let wanted = rules.rules.with_read(spoken.chain(rules.rules.position(&rule.name)));
    let kept = rules.rules.iter().zip(&wanted).filter(|(_, wanted)| **wanted).map(|(rule, _)| rule.clone()).collect();
    RuleSet {
        rules: kept,
        logs: rules.logs.clone(),
        remedies: rules.remedies.clone(),
        collections: rules.collections.clone(),
        phrases: rules.phrases.clone(),
    }
}
