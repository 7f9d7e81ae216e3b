//! The words of the language (sections 3 to 7 of the reference), and which of them a piece of YAML uses.
//!
//! Read from what the parser made of it, so that a word in a comment or in a log line does not count.

use std::collections::{BTreeMap, BTreeSet};

use casebook::syntax::ast::{
    Declaration, EvidenceDecl, ExpectDecl, Expr, ExprKind, FilterExpr, FilterKind, HoleAccepts, LogDecl, Op,
    OperandExpr, OperandKind, PatternDecl, PatternPart, RuleDecl, StepExpr, TestLogDecl,
};
use casebook::value::Type;

/// Words of conditions.
const CONDITIONS: [&str; 24] = [
    "and",
    "or",
    "not",
    "then",
    "then … within",
    "then not",
    "then not … within",
    "then (…) within",
    "(…) within",
    "within … of",
    "at least n",
    "at least n … within",
    "at least n of",
    "at least n of … within",
    "any of",
    "all of",
    "last … before",
    "first … after",
    "in one section",
    "in one attempt",
    "where",
    "finding",
    "finding … as",
    "at least n finding … within",
];

/// Words of filters.
const FILTERS: [&str; 15] = [
    "where … and",
    "where … or",
    "where … not",
    "where =",
    "where !=",
    "where <",
    "where <=",
    "where >",
    "where >=",
    "where in",
    "where contains",
    "where starts with",
    "where ends with",
    "where matches",
    "where is present",
];

/// Words of evidence and its patterns.
const EVIDENCE: [&str; 23] = [
    "{}",
    "{name}",
    "{type's name}",
    "{name:type}",
    "{:type}",
    "{name:/regex/}",
    "{{",
    "}}",
    "^",
    "$",
    "case: exact",
    "line",
    "list of lines",
    "several logs",
    "section",
    "fields",
    "evidence where",
    "line: {}",
    "a join",
    "the field of a field",
    "a field of a finding's capture",
    "a comparison across evidence",
    "records of a reader",
];

/// Keys of log kinds.
const LOGS: [&str; 12] = [
    "record",
    "list of records",
    "begin",
    "fields of a log",
    "recognise",
    "stamp",
    "section of a log",
    "clock",
    "clock utc",
    "attempt",
    "snapshot about",
    "reader",
];

/// Keys of what a test expects.
const EXPECTED: [&str; 8] =
    ["expect none", "list of findings", "rule", "status", "missing", "captures", "causes", "requests"];

/// All words.
pub(super) fn all() -> Vec<String> {
    let lists: [&[&str]; 5] = [&CONDITIONS, &FILTERS, &EVIDENCE, &LOGS, &EXPECTED];
    let mut words: Vec<String> = lists.concat().into_iter().map(str::to_owned).collect();
    for ty in Type::all() {
        words.push(format!("type {ty}"));
        words.extend(ty.fields().iter().map(|field| format!("{ty}.{field}")));
    }
    words
}

/// The words that declarations use; a rule counts only where it has tests.
pub(super) fn used(declarations: &[Declaration]) -> BTreeSet<String> {
    let mut words = Words::default();
    for declaration in declarations {
        match declaration {
            Declaration::Rule(rule) if !rule.tests.is_empty() => words.rule(rule),
            Declaration::Log(log) => words.log(log),
            _ => {}
        }
    }
    words.used
}

#[derive(Default)]
struct Words {
    used: BTreeSet<String>,
    /// The types of the rule's captures.
    types: BTreeMap<String, Type>,
    /// The evidence that is being read, and the first that captured each name.
    captured: BTreeMap<String, String>,
}

impl Words {
    fn add(&mut self, word: impl Into<String>) {
        self.used.insert(word.into());
    }

    fn add_if(&mut self, used: bool, word: &str) {
        if used {
            self.add(word);
        }
    }

    fn rule(&mut self, rule: &RuleDecl) {
        (self.types, self.captured) = (BTreeMap::new(), BTreeMap::new());
        for evidence in &rule.evidence {
            self.evidence(evidence);
        }
        for evidence in &rule.evidence {
            if let Some(filter) = &evidence.filter {
                self.add("evidence where");
                self.filter(filter);
            }
        }
        let whens = rule.causes.iter().filter_map(|cause| cause.when.as_ref());
        for expr in rule.signature.iter().chain(whens) {
            self.condition(expr);
        }
        for test in &rule.tests {
            self.add_if(test.logs.iter().any(|(_, log)| matches!(log, TestLogDecl::Records(_))), "records of a reader");
            self.expected(&test.expect);
        }
    }

    fn expected(&mut self, expect: &ExpectDecl) {
        let ExpectDecl::Findings(findings) = expect else { return self.add("expect none") };
        self.add_if(findings.len() > 1, "list of findings");
        for it in findings {
            self.add_if(it.rule.is_some(), "rule");
            self.add_if(it.status.is_some(), "status");
            self.add_if(it.missing.is_some(), "missing");
            self.add_if(it.captures.is_some(), "captures");
            self.add_if(it.causes.is_some(), "causes");
            self.add_if(it.requests.is_some(), "requests");
        }
    }

    fn evidence(&mut self, evidence: &EvidenceDecl) {
        self.add_if(evidence.logs.len() > 1, "several logs");
        self.add_if(evidence.lines.len() == 1, "line");
        self.add_if(evidence.lines.len() > 1, "list of lines");
        self.add_if(evidence.section.is_some(), "section");
        self.add_if(!evidence.fields.is_empty(), "fields");
        self.add_if(evidence.case.is_some(), "case: exact");
        self.add_if(evidence.lines.iter().any(|line| line.text.text == "{}"), "line: {}");
        let fields = evidence.fields.iter().map(|(_, pattern)| pattern);
        for pattern in evidence.lines.iter().chain(fields) {
            self.pattern(pattern, &evidence.name.value);
        }
    }

    fn pattern(&mut self, pattern: &PatternDecl, evidence: &str) {
        self.add_if(pattern.at_start, "^");
        self.add_if(pattern.at_end, "$");
        for part in &pattern.parts {
            let hole = match part {
                PatternPart::Literal(text) => {
                    self.add_if(text.value.contains('{'), "{{");
                    self.add_if(text.value.contains('}'), "}}");
                    continue;
                }
                PatternPart::Hole(hole) => hole,
            };
            let name = hole.name.as_ref().map(|name| name.value.as_str());
            let own = name.and_then(Type::parse);
            let (word, ty) = match (&hole.accepts, name) {
                (HoleAccepts::Plain, None) => ("{}", None),
                (HoleAccepts::Plain, Some(_)) if own.is_some() => ("{type's name}", own),
                (HoleAccepts::Plain, Some(_)) => ("{name}", Some(Type::Text)),
                (HoleAccepts::Type(ty), None) => ("{:type}", Type::parse(&ty.value)),
                (HoleAccepts::Type(ty), Some(_)) => ("{name:type}", Type::parse(&ty.value)),
                (HoleAccepts::Regex(_) | HoleAccepts::Time(_), _) => ("{name:/regex/}", Some(Type::Text)),
            };
            self.add(word);
            let Some((name, ty)) = name.zip(ty) else { continue };
            if !matches!(hole.accepts, HoleAccepts::Regex(_)) && word != "{name}" {
                self.add(format!("type {ty}"));
            }
            self.types.insert(name.to_owned(), ty);
            let first = self.captured.entry(name.to_owned()).or_insert_with(|| evidence.to_owned());
            let joined = first != evidence;
            self.add_if(joined, "a join");
        }
    }

    fn condition(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Name(_) => {}
            ExprKind::Or(parts) => self.listed("or", parts),
            ExprKind::And(parts) => self.listed("and", parts),
            ExprKind::AnyOf(parts) => self.listed("any of", parts),
            ExprKind::AllOf(parts) => self.listed("all of", parts),
            ExprKind::AtLeastOf(_, parts, within) => {
                self.listed(if within.is_some() { "at least n of … within" } else { "at least n of" }, parts);
            }
            ExprKind::Not(part) => self.around("not", part),
            ExprKind::Within(part, _) => self.around("(…) within", part),
            ExprKind::InOne(part, true) => self.around("in one section", part),
            ExprKind::InOne(part, false) => self.around("in one attempt", part),
            ExprKind::AtLeast(_, part, within) => {
                let finding = within.is_some() && matches!(part.kind, ExprKind::Finding(..));
                self.add_if(finding, "at least n finding … within");
                self.around(if within.is_some() { "at least n … within" } else { "at least n" }, part);
            }
            ExprKind::Near(left, _, right) => self.between("within … of", left, right),
            ExprKind::LastBefore(what, before) => self.between("last … before", what, before),
            ExprKind::FirstAfter(what, after) => self.between("first … after", what, after),
            ExprKind::Finding(_, alias) => self.add(if alias.is_some() { "finding … as" } else { "finding" }),
            ExprKind::Then(first, steps) => {
                self.condition(first);
                for step in steps {
                    self.step(step);
                }
            }
            ExprKind::Where(part, filter) => {
                self.around("where", part);
                self.filter(filter);
            }
        }
    }

    fn listed(&mut self, word: &str, parts: &[Expr]) {
        self.add(word);
        for part in parts {
            self.condition(part);
        }
    }

    fn around(&mut self, word: &str, part: &Expr) {
        self.add(word);
        self.condition(part);
    }

    fn between(&mut self, word: &str, left: &Expr, right: &Expr) {
        self.around(word, left);
        self.condition(right);
    }

    fn step(&mut self, step: &StepExpr) {
        self.add_if(step.within.is_some() && !matches!(step.expr.kind, ExprKind::Name(_)), "then (…) within");
        let word = match (step.negated, step.within.is_some()) {
            (false, false) => "then",
            (false, true) => "then … within",
            (true, false) => "then not",
            (true, true) => "then not … within",
        };
        self.around(word, &step.expr);
    }

    fn filter(&mut self, filter: &FilterExpr) {
        match &filter.kind {
            FilterKind::And(parts) => {
                self.add("where … and");
                for part in parts {
                    self.filter(part);
                }
            }
            FilterKind::Or(parts) => {
                self.add("where … or");
                for part in parts {
                    self.filter(part);
                }
            }
            FilterKind::Not(part) => {
                self.add("where … not");
                self.filter(part);
            }
            FilterKind::Compare(left, op, right) => {
                self.add(format!("where {}", sign(op.value)));
                let homes: BTreeSet<String> =
                    right.iter().chain([left]).filter_map(|operand| self.operand(operand)).collect();
                self.add_if(homes.len() > 1, "a comparison across evidence");
            }
        }
    }

    /// The fields that an operand reads; gives the evidence of its capture.
    fn operand(&mut self, operand: &OperandExpr) -> Option<String> {
        let OperandKind::Name(path) = &operand.kind else { return None };
        let (name, fields) = path.split_first()?;
        let Some(mut ty) = self.types.get(&name.value).copied() else {
            self.add_if(fields.len() > 1, "a field of a finding's capture");
            return None;
        };
        self.add_if(fields.len() > 1, "the field of a field");
        for field in fields {
            self.add(format!("{ty}.{}", field.value));
            ty = ty.field(&field.value)?;
        }
        self.captured.get(&name.value).cloned()
    }

    fn log(&mut self, log: &LogDecl) {
        self.add_if(log.record.len() == 1, "record");
        self.add_if(log.record.len() > 1, "list of records");
        self.add_if(!log.begin.is_empty(), "begin");
        self.add_if(!log.fields.is_empty(), "fields of a log");
        self.add_if(!log.recognise.is_empty(), "recognise");
        self.add_if(!log.stamps.is_empty(), "stamp");
        self.add_if(log.section.is_some(), "section of a log");
        self.add_if(log.clock.is_some(), "clock");
        self.add_if(log.clock.as_ref().is_some_and(|clock| clock.utc.is_some()), "clock utc");
        self.add_if(log.attempt.is_some(), "attempt");
        self.add_if(log.snapshot.as_ref().is_some_and(|(about, _)| about.is_some()), "snapshot about");
        self.add_if(log.reader.is_some(), "reader");
    }
}

/// A comparison as it is written.
fn sign(op: Op) -> &'static str {
    match op {
        Op::Equal => "=",
        Op::NotEqual => "!=",
        Op::Less => "<",
        Op::LessOrEqual => "<=",
        Op::Greater => ">",
        Op::GreaterOrEqual => ">=",
        Op::In => "in",
        Op::Contains => "contains",
        Op::StartsWith => "starts with",
        Op::EndsWith => "ends with",
        Op::Matches => "matches",
        Op::Present => "is present",
    }
}
