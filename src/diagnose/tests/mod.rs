//! What a condition means, on hits made by hand: times are seconds, one log `a` and one log `b` unless said.

mod chains;
mod conditions;
mod cost;
mod counting;
mod findings;

use std::sync::Arc;

use super::*;
use crate::bundle::ArtifactId;
use crate::lang::Localized;
use crate::logs::{Body, Clock, FileNames, LogKind, LogKinds, Origin, Record, Section, SectionId, Snapshot};
use crate::pattern::tests::pattern;
use crate::rule::{
    BoundPattern, Capture, CaptureId, Cause, Collection, CompareOp, Comparison, Condition, Effort, Evidence,
    EvidenceId, Filter, Operand, Right, Rule, Scope, Step, Window,
};
use crate::scan::{Hit, Source};
use crate::value::{Type, Zone};

const SECOND: i64 = 1_000_000_000;

/// A bundle and one rule `r`, put together by hand.
struct World {
    rules: RuleSet,
    scan: Scan,
    next: u64,
}

fn kind(name: &str, resolution: i64, zone: Zone) -> LogKind {
    LogKind {
        files: FileNames::new(vec![format!("{name}.log")]),
        clock: Some(Clock { zone, resolution, utc: None }),
        ..LogKind::of_lines(name, Vec::new())
    }
}

impl World {
    /// Logs `a` (1 s), `b` (1 ms), `utc` (1 s, UTC) and the snapshot `acl`; `a` and `b` cover 0 to 1000 s.
    fn new(signature: Condition) -> World {
        let acl = LogKind {
            clock: None,
            snapshot: Some(Snapshot { about: Some("file".to_owned()) }),
            ..kind("acl", SECOND, Zone::Local)
        };
        let kinds = vec![
            kind("a", SECOND, Zone::Local),
            kind("b", SECOND / 1000, Zone::Local),
            kind("utc", SECOND, Zone::Utc),
            acl,
        ];
        let rule = Rule {
            name: "r".to_owned(),
            title: Localized::default(),
            severity: Severity::Failure,
            products: Vec::new(),
            evidence: Vec::new(),
            captures: ["x", "y"].map(|name| Capture { name: name.to_owned(), ty: Type::Text }).into(),
            signature,
            explains: Vec::new(),
            causes: Vec::new(),
            tests: Vec::new(),
        };
        let rules = RuleSet { logs: LogKinds::new(kinds), rules: vec![rule].into(), ..RuleSet::default() };
        let scan = Scan { hits: vec![Vec::new()], ..Scan::default() };
        World { rules, scan, next: 0 }.source("a", 0, 1000).source("b", 0, 1000)
    }

    fn log(&self, name: &str) -> LogKindId {
        self.rules.logs.by_name(name).unwrap()
    }

    fn source(mut self, log: &str, first: i64, last: i64) -> World {
        let artifact = ArtifactId::at(self.scan.sources.len());
        self.scan.sources.push(Source {
            log: Some(self.log(log)),
            first: Some(Stamp(first * SECOND)),
            last: Some(Stamp(last * SECOND)),
            ..Source::new(artifact, format!("{log}.log"))
        });
        self
    }

    fn without(mut self, log: &str) -> World {
        let log = self.log(log);
        self.scan.sources.retain(|source| source.log != Some(log));
        self
    }

    /// Another piece of evidence, by its position.
    fn evidence(mut self, name: &str, logs: &[&str]) -> World {
        let logs = logs.iter().map(|log| self.log(log)).collect();
        self.rules.rules[0].evidence.push(Evidence {
            name: name.to_owned(),
            logs,
            lines: Vec::new(),
            section: None,
            fields: Vec::new(),
            filter: None,
        });
        self.scan.hits[0].push(Vec::new());
        self
    }

    /// A hit of the evidence called `name`: in milliseconds, with captures by position.
    fn hit(self, name: &str, log: &str, millis: i64, captures: &[(usize, &str)]) -> World {
        self.hit_in(name, log, millis, captures, None)
    }

    fn hit_in(
        mut self,
        name: &str,
        log: &str,
        millis: i64,
        captures: &[(usize, &str)],
        section: Option<usize>,
    ) -> World {
        self.next += 1;
        let kind = self.log(log);
        let artifact =
            self.scan.sources.iter().find(|source| source.log == Some(kind)).map_or(ArtifactId::at(99), |s| s.artifact);
        let record = Record {
            log: kind,
            origin: Origin::new(artifact, (self.next, self.next), None, self.next..self.next + 1),
            stamp: self.rules.logs.get(kind).clock.as_ref().map(|_| Stamp(millis * 1_000_000)),
            body: Body::new(&format!("{name} at {millis}"), []),
            section: section.map(SectionId::at),
            attempt: None,
        };
        let captures: Box<[_]> = captures.iter().map(|(at, text)| (CaptureId(*at), Value::text(*text))).collect();
        let at = self.rules.rules[0].evidence.iter().position(|evidence| evidence.name == name).unwrap();
        // A hit captures what a pattern of its evidence binds.
        let lines = &mut self.rules.rules[0].evidence[at].lines;
        for (capture, _) in &captures {
            if !lines.iter().any(|line| line.binds == [(0, *capture)]) {
                lines.push(BoundPattern { pattern: pattern("{}"), binds: vec![(0, *capture)] });
            }
        }
        self.scan.hits[0][at].push(Hit { record: Arc::new(record), captures });
        self
    }

    fn cause(mut self, id: &str, when: Condition) -> World {
        let title = Localized::default();
        self.rules.rules[0].causes.push(Cause {
            id: id.to_owned(),
            title,
            when: Some(when),
            excludes: Vec::new(),
            remedies: Vec::new(),
        });
        self
    }

    /// The same on any number of threads.
    fn diagnose(&self) -> Diagnosis {
        let [one, several] = [1, 3].map(|threads| diagnose(&self.scan, &self.rules, None, None, threads));
        assert_eq!(
            format!("{:?} {:?}", one.findings, one.requests),
            format!("{:?} {:?}", several.findings, several.requests)
        );
        one
    }

    /// `confirmed 2 [texts]`, `undetermined b:absent [texts]`, or `none`.
    fn verdict(&self) -> String {
        let diagnosis = self.diagnose();
        let Some(finding) = diagnosis.findings.first() else {
            return "none".to_owned();
        };
        let texts: Vec<&str> = finding.evidence.iter().map(|quote| quote.record.text()).collect();
        match finding.status {
            Status::Confirmed => format!("confirmed {} {texts:?}", finding.count),
            Status::Undetermined => format!("undetermined {} {texts:?}", self.reasons(&finding.missing)),
        }
    }

    fn reasons(&self, missing: &[Missing]) -> String {
        let words = missing.iter().map(|lack| format!("{}:{}", self.rules.logs.get(lack.log).name, lack.reason.key()));
        words.collect::<Vec<_>>().join(" ")
    }

    /// The causes as `id status reasons`.
    fn causes(&self) -> Vec<String> {
        let diagnosis = self.diagnose();
        let causes = diagnosis.findings[0].causes.iter();
        causes
            .map(|cause| {
                format!("{} {:?} {}", cause.id, cause.status, self.reasons(&cause.missing)).trim_end().to_owned()
            })
            .collect()
    }
}

fn e(at: usize) -> Condition {
    Condition::Evidence(EvidenceId(at))
}

fn all(parts: &[Condition]) -> Condition {
    Condition::All(parts.to_vec())
}

fn any(parts: &[Condition]) -> Condition {
    Condition::Any(parts.to_vec())
}

fn not(part: Condition) -> Condition {
    Condition::Not(Box::new(part))
}

fn seconds(seconds: i64) -> Window {
    Window(seconds * SECOND)
}

fn then(first: Condition, steps: &[(Condition, Option<i64>)]) -> Condition {
    let step = |(condition, within): &(Condition, Option<i64>)| Step {
        negated: false,
        condition: condition.clone(),
        within: within.map(seconds),
    };
    Condition::Then { first: Box::new(first), steps: steps.iter().map(step).collect() }
}

fn then_not(first: Condition, second: Condition, within: Option<i64>) -> Condition {
    let step = Step { negated: true, condition: second, within: within.map(seconds) };
    Condition::Then { first: Box::new(first), steps: vec![step] }
}

fn near(left: Condition, right: Condition, within: i64) -> Condition {
    Condition::Near { left: Box::new(left), right: Box::new(right), window: seconds(within) }
}

fn equals(capture: usize, text: &str) -> Filter {
    Filter::Compare(Box::new(Comparison {
        left: Operand::Capture { capture: CaptureId(capture), field: None },
        op: CompareOp::Equal,
        right: Right::One(Operand::Literal(Value::text(text))),
    }))
}

fn filtered(condition: Condition, filter: Filter) -> Condition {
    Condition::Where { condition: Box::new(condition), filter }
}

/// Evidence `p` in log a, `q` in log b, `s` in log a.
fn three(signature: Condition) -> World {
    World::new(signature).evidence("p", &["a"]).evidence("q", &["b"]).evidence("s", &["a"])
}
