//! Failures that no rule explains, in clusters: what to write a rule for next.
//!
//! Lines are one cluster when they are alike but for their volatile parts, and, as template mining has it (Drain), when
//! lines of the same length differ in few words more. What a rule with a finding has a hit on is explained.

use std::collections::{HashMap, HashSet};

use crate::bundle::Bundle;
use crate::diagnose::Diagnosis;
use crate::logs::{LogKindId, Origin, Record};
use crate::rule::RuleSet;
use crate::scan::{self, Options, Scan};

use super::failure;
use super::volatile::{Piece, pieces};

/// Two lines are of one cluster if of a hundred words so many are the same.
const ALIKE: usize = 70;

/// Clusters at the most; lines that would open another are counted with none.
const CLUSTERS: usize = 10_000;

/// What a volatile word is in a template.
const ANY: &str = "{}";

/// Failures that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The log kind.
    pub log: LogKindId,
    /// The source of the first.
    pub source: String,
    /// Its line, 0 where the log has no lines.
    pub line: u64,
    /// Its number, where the log has no lines.
    pub record: Option<u64>,
    /// Its text, the first line.
    pub text: String,
    /// What all have in common, with holes.
    pub pattern: String,
    /// How many there are.
    pub count: usize,
    /// How plainly they speak of a failure.
    pub weight: u32,
}

/// A cluster while it grows.
struct Growing {
    words: Vec<String>,
    cluster: Cluster,
}

/// The failures that nothing in `diagnosis` explains, worst first: the plainest, of these the most frequent, of these the
/// first.
#[must_use]
pub fn unexplained(
    bundle: &Bundle,
    rules: &RuleSet,
    options: &Options,
    scan: &Scan,
    diagnosis: &Diagnosis,
) -> Vec<Cluster> {
    let explained = explained(scan, diagnosis);
    let mut all: Vec<Growing> = Vec::new();
    let mut buckets: HashMap<(LogKindId, usize, String), Vec<usize>> = HashMap::new();
    scan::records_where(bundle, &failure::places, rules, options, &mut |source, record| {
        let weight = failure::weight(record);
        if source.log.is_none() || weight == 0 || explained.contains(&record.origin) {
            return;
        }
        let words = words(record);
        let first = words.first().cloned().unwrap_or_default();
        let bucket = buckets.entry((record.log, words.len(), first)).or_default();
        let near = bucket.iter().copied().find(|at| all.get(*at).is_some_and(|one| alike(&one.words, &words)));
        if let Some(one) = near.and_then(|at| all.get_mut(at)) {
            merge(&mut one.words, &words);
            one.cluster.count += 1;
            one.cluster.weight = one.cluster.weight.max(weight);
        } else if all.len() < CLUSTERS {
            bucket.push(all.len());
            all.push(Growing { words, cluster: cluster(record, &source.path, weight) });
        }
    });
    let mut clusters: Vec<Cluster> =
        all.into_iter().map(|one| Cluster { pattern: one.words.join(" "), ..one.cluster }).collect();
    // A stable sort: the order of the sources and lines is kept among equals.
    clusters.sort_by_key(|one| std::cmp::Reverse((one.weight, one.count)));
    clusters
}

/// Where the records lie that rules with a finding have hits on.
fn explained(scan: &Scan, diagnosis: &Diagnosis) -> HashSet<Origin> {
    let hits = diagnosis.findings.iter().filter_map(|finding| scan.hits.get(finding.rule)).flatten().flatten();
    hits.map(|hit| hit.record.origin.clone()).collect()
}

fn cluster(record: &Record, source: &str, weight: u32) -> Cluster {
    Cluster {
        log: record.log,
        source: source.to_owned(),
        line: record.origin.line,
        record: record.origin.record(),
        text: record.text().lines().next().unwrap_or_default().to_owned(),
        pattern: String::new(),
        count: 1,
        weight,
    }
}

/// The words of a record's first line, volatile ones as holes.
fn words(record: &Record) -> Vec<String> {
    let line = record.message().lines().next().filter(|line| !line.is_empty());
    let whole: String = pieces(line.or_else(|| record.text().lines().next()).unwrap_or_default())
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Volatile(..) => ANY.to_owned(),
        })
        .collect();
    whole.split_whitespace().map(str::to_owned).collect()
}

fn alike(one: &[String], other: &[String]) -> bool {
    let same = one.iter().zip(other).filter(|(a, b)| a == b || *a == ANY).count();
    one.len() == other.len() && same * 100 >= one.len() * ALIKE
}

fn merge(words: &mut [String], other: &[String]) {
    for (word, other) in words.iter_mut().zip(other).filter(|(word, other)| word != other) {
        debug_assert_ne!(word, other);
        ANY.clone_into(word);
    }
}

#[cfg(test)]
mod tests {
    use super::unexplained;
    use crate::bundle::Bundle;
    use crate::diagnose::diagnose;
    use crate::knowledge_base::KnowledgeBase;
    use crate::scan::{self, Options};

    #[test]
    fn what_no_rule_explains_is_one_cluster_a_form() {
        let base = KnowledgeBase::embedded();
        let mut bundle = Bundle::default();
        let line = |at: u32, level: &str, text: &str| format!("2024-10-16 08:43:{at:02}, {level:<21} CBS    {text}\n");
        let mut log = String::new();
        log += &line(1, "Info", "Startup: Processing complete.");
        log +=
            &line(2, "Info", "Failed to open the cabinet C:\\a\\one.cab [HRESULT = 0x80070002 - ERROR_FILE_NOT_FOUND]");
        log += &line(3, "Error", "Something of its own");
        log += &line(4, "Info", "Failed to open the cabinet C:\\b\\two.cab [HRESULT = 0x80070005 - E_ACCESSDENIED]");
        log += &line(5, "Info", "Failed to open the package C:\\b\\two.cab [HRESULT = 0x80070005 - E_ACCESSDENIED]");
        log += &line(6, "Info", "Startup: Rolling back KTM, because drivers failed.");
        bundle.add_text("CBS.log", &log);
        let options = Options { threads: Some(1), ..Options::default() };
        let scan = scan::scan(&bundle, &base.rules, &options);
        let diagnosis = diagnose(&scan, &base.rules, None, None, 1);
        assert_eq!(diagnosis.findings.len(), 1);
        let found: Vec<String> = unexplained(&bundle, &base.rules, &options, &scan, &diagnosis)
            .into_iter()
            .map(|one| format!("{} x{} {}:{} {}", one.weight, one.count, one.source, one.line, one.pattern))
            .collect();
        insta::assert_snapshot!(found.join("\n"));
    }
}
