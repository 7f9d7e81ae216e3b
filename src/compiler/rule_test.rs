//! Tests of rules: their logs, and the names and words of what they expect.

use super::fault;
use super::layer::unique;
use super::resolve::Face;
use super::rule::{Drafted, World};
use crate::diagnostic::{Code, Diagnostic};
use crate::logs::{Framing, LogKindId};
use crate::rule::{Expect, Expected, RuleTest, TestLog};
use crate::syntax::ast::{ExpectDecl, ExpectedDecl, TestDecl, TestLogDecl, Text};
use crate::value::Type;

/// Lowers all tests of a rule; `None` when a log of one was left out.
pub(super) fn lower_all(world: &World<'_>, drafted: &Drafted, faults: &mut Vec<Diagnostic>) -> Option<Vec<RuleTest>> {
    unique(drafted.decl.tests.iter().map(|test| &test.name), faults);
    let mut lowering = Lowering { world, drafted, faults };
    let tests: Vec<Option<RuleTest>> = drafted.decl.tests.iter().map(|test| lowering.test(test)).collect();
    tests.into_iter().collect()
}

struct Lowering<'a> {
    world: &'a World<'a>,
    drafted: &'a Drafted,
    faults: &'a mut Vec<Diagnostic>,
}

impl Lowering<'_> {
    fn test(&mut self, decl: &TestDecl) -> Option<RuleTest> {
        let logs: Vec<Option<(LogKindId, TestLog)>> = decl.logs.iter().map(|(kind, log)| self.log(kind, log)).collect();
        let expect = match &decl.expect {
            ExpectDecl::None(_) => Expect::None,
            ExpectDecl::Findings(findings) => Expect::Findings(findings.iter().map(|it| self.expected(it)).collect()),
        };
        Some(RuleTest { name: decl.name.value.clone(), logs: logs.into_iter().collect::<Option<_>>()?, expect })
    }

    fn log(&mut self, kind: &Text, log: &TestLogDecl) -> Option<(LogKindId, TestLog)> {
        let id = *self.world.logs.find(kind, self.faults)?;
        let log = match log {
            TestLogDecl::Text(text) => TestLog::Text(text.value.clone()),
            TestLogDecl::Records(records) => {
                self.records(kind, id, records);
                let record = |record: &Vec<(Text, Text)>| {
                    record.iter().map(|(field, value)| (field.value.clone(), value.value.clone())).collect()
                };
                TestLog::Records(records.iter().map(record).collect())
            }
        };
        Some((id, log))
    }

    /// Records are for kinds with a reader, and have its fields.
    fn records(&mut self, name: &Text, id: LogKindId, records: &[Vec<(Text, Text)>]) {
        let kind = self.world.kinds.get(id);
        if matches!(kind.framing, Framing::Lines(_)) {
            let fault = Diagnostic::error(
                Code::TEST_LOG_SHAPE,
                name.span,
                format!("`{}` 是文本日志，测试中应写文本", kind.name),
                format!("`{}` is a text log, and a test gives it as text", kind.name),
            );
            self.faults.push(fault.help("写成 `|` 块", "write it as a `|` block"));
            return;
        }
        for (field, _) in records.iter().flatten() {
            let special = ["message", "section", "time"].iter().any(|name| field.value.eq_ignore_ascii_case(name));
            if !special && !kind.has_field(&field.value) {
                let known = kind.fields.iter().map(String::as_str);
                self.faults.push(fault::unknown_log_field(field, &kind.name, known));
            }
        }
    }

    fn expected(&mut self, decl: &ExpectedDecl) -> Expected {
        let face = match &decl.rule {
            Some(rule) => self.world.rules.find(rule, self.faults).cloned(),
            None => Some(self.drafted.face()),
        };
        if let Some(status) = &decl.status {
            self.word(status, &["confirmed", "undetermined"]);
        }
        for log in decl.missing.iter().flatten() {
            self.world.logs.find(log, self.faults);
        }
        if let Some(face) = face {
            // What was lost with a fault may have stood there.
            if !self.drafted.decl.broken {
                self.captures(decl, &face);
                self.evidence(decl, &face);
            }
            self.causes(decl, &face);
        }
        for collection in decl.requests.iter().flatten() {
            self.world.collections.find(collection, self.faults);
        }
        emit(decl)
    }

    fn word(&mut self, word: &Text, known: &[&str]) {
        if !known.contains(&word.value.as_str()) {
            self.faults.push(fault::unknown(&fault::STATUS, word, known.iter().copied()));
        }
    }

    fn captures(&mut self, decl: &ExpectedDecl, face: &Face) {
        for (name, value) in decl.captures.iter().flatten() {
            match face.captures.get(&name.value) {
                None => {
                    let known = face.captures.keys().map(String::as_str);
                    self.faults.push(fault::unknown(&fault::CAPTURE, name, known));
                }
                Some(Some(ty)) if *ty != Type::Quoted && ty.read(&value.value).is_none() => {
                    self.faults.push(fault::bad_literal(value.span, &value.value, *ty));
                }
                Some(_) => {}
            }
        }
    }

    fn evidence(&mut self, decl: &ExpectedDecl, face: &Face) {
        for name in decl.evidence.iter().flatten().filter(|name| !face.evidence.contains(&name.value)) {
            self.faults.push(fault::unknown(&fault::EVIDENCE, name, face.evidence.iter().map(String::as_str)));
        }
    }

    fn causes(&mut self, decl: &ExpectedDecl, face: &Face) {
        for (id, status) in decl.causes.iter().flatten() {
            if !face.causes.contains(&id.value) {
                self.faults.push(fault::unknown(&fault::CAUSE, id, face.causes.iter().map(String::as_str)));
            }
            self.word(status, &["confirmed", "excluded", "open"]);
        }
    }
}

fn emit(decl: &ExpectedDecl) -> Expected {
    let texts = |list: &Option<Vec<Text>>| list.as_ref().map(|list| super::emit::texts(list));
    let pairs = |list: &Option<Vec<(Text, Text)>>| {
        let pair = |(name, value): &(Text, Text)| (name.value.clone(), value.value.clone());
        list.as_ref().map(|list| list.iter().map(pair).collect())
    };
    Expected {
        rule: decl.rule.as_ref().map(|rule| rule.value.clone()),
        status: decl.status.as_ref().map(|status| status.value.clone()),
        missing: texts(&decl.missing),
        captures: pairs(&decl.captures),
        causes: pairs(&decl.causes),
        requests: texts(&decl.requests),
        evidence: texts(&decl.evidence),
    }
}
