//! `casebook scan` for people: what was found, with the lines that show it, and what to ask for.

use std::fmt::Write as _;

use super::json::{cause_status, comma, severity, status};
use crate::bundle::Encoding;
use crate::diagnose::{CauseResult, Finding, Missing, Quote, Rank, Reason, Status};
use crate::draft::Material;
use crate::draft::quote::visible;
use crate::lang::Lang;
use crate::logs;
use crate::rule::Severity;
use crate::value::Stamp;

/// Lines of one record shown at the most.
const LINES: usize = 12;

/// The whole report. Symptoms are listed under their causes with `all`.
#[must_use]
pub fn scan_text(material: &Material<'_>, all: bool) -> String {
    let say = |zh: &'static str, en: &'static str| if material.lang == Lang::Zh { zh } else { en };
    let mut text = String::new();
    sources(material, &mut text);
    let findings = &material.diagnosis.findings;
    let shown: Vec<&Finding> = findings.iter().filter(|one| all || one.explained_by.is_none()).collect();
    if shown.is_empty() {
        let rules = material.rules.rules.len();
        let _ = match material.lang {
            Lang::Zh => writeln!(text, "{rules} 条规则都没有结论。"),
            Lang::En => writeln!(text, "None of the {rules} rules has a finding."),
        };
    }
    let several = shown.len() > 1;
    for finding in shown {
        one_finding(material, finding, &mut text);
        if several {
            let _ = writeln!(text, "  {} {}\n", say("排序依据：", "ranked by:"), ranked(material, finding));
        }
    }
    let hidden = findings.iter().filter(|one| one.explained_by.is_some()).count();
    if hidden > 0 && !all {
        let _ = match material.lang {
            Lang::Zh => writeln!(text, "另有 {hidden} 项现象已由上述结论解释（--all 可列出）。\n"),
            Lang::En => writeln!(text, "{hidden} more explained by the above (--all lists them).\n"),
        };
    }
    if !material.diagnosis.requests.is_empty() {
        let _ = writeln!(text, "{}", say("建议收集：", "To collect:"));
        for request in &material.diagnosis.requests {
            let collection = material.rules.collection(&request.collection);
            let title = collection.map_or("", |collection| collection.title.get(material.lang));
            let logs: Vec<&str> =
                request.logs.iter().map(|log| material.rules.logs.get(*log).title.get(material.lang)).collect();
            let _ = writeln!(text, "  {}  {title}: {}", request.collection, logs.join(comma(material.lang)));
        }
    }
    for problem in &material.scan.problems {
        let _ = writeln!(text, "! {}: {}", problem.source, problem.message.get(material.lang));
    }
    text
}

fn sources(material: &Material<'_>, text: &mut String) {
    for source in &material.scan.sources {
        let other = if source.encoding == Encoding::Binary { "(binary)" } else { "-" };
        let log = source.log.map_or(other, |log| material.rules.logs.get(log).name.as_str());
        let span = match (source.first, source.last) {
            (Some(first), Some(last)) => format!("  {} … {}", shown(first), shown(last)),
            _ => String::new(),
        };
        let doubt = if source.doubt { "?" } else { "" };
        // Why, where one would ask: a guess, or a name that promises more than the file holds.
        let asked = source.doubt || matches!(source.reason, logs::Reason::Unlike(Some(_)));
        let why = asked.then(|| source.reason.say(material.lang, &material.rules.logs));
        let clock = source.clock_doubt.map(|doubt| doubt.say(material.lang).to_owned());
        let notes: Vec<String> = [why, clock].into_iter().flatten().map(|note| format!("  ({note})")).collect();
        let _ = writeln!(text, "{:<14} {}{span}{}", format!("{log}{doubt}"), source.path, notes.concat());
    }
    if !material.scan.sources.is_empty() {
        text.push('\n');
    }
}

/// A stamp as people write it.
pub(super) fn shown(stamp: Stamp) -> String {
    stamp.iso().replace('T', " ")
}

fn one_finding(material: &Material<'_>, finding: &Finding, text: &mut String) {
    let say = |zh: &'static str, en: &'static str| if material.lang == Lang::Zh { zh } else { en };
    let title = material.rules.rules.get(finding.rule).map_or("", |rule| rule.title.get(material.lang));
    let word = match finding.status {
        Status::Confirmed => say("已确认", "confirmed"),
        Status::Undetermined => say("尚不能确认", "undetermined"),
    };
    let _ = writeln!(text, "[{word}] {title}  ({}, {})", finding.name, gravity(material, finding.severity));
    if finding.count > 1 {
        let (first, last) = (finding.first.map(shown), finding.last.map(shown));
        let _ = match material.lang {
            Lang::Zh => write!(text, "  共 {} 次", finding.count),
            Lang::En => write!(text, "  {} times", finding.count),
        };
        if let (Some(first), Some(last)) = (first, last) {
            let _ = write!(text, ", {first} … {last}");
        }
        text.push('\n');
    }
    if !finding.missing.is_empty() {
        let _ = writeln!(text, "  {} {}", say("缺少：", "missing:"), lacks(material, &finding.missing));
    }
    if let Some(by) = &finding.explained_by {
        let _ = writeln!(text, "  {} {by}", say("由此解释：", "explained by:"));
    }
    quotes(material, &finding.evidence, text);
    for cause in &finding.causes {
        one_cause(material, finding, cause, text);
    }
    text.push('\n');
}

/// Why a finding stands where it does.
fn ranked(material: &Material<'_>, finding: &Finding) -> String {
    let say = |zh: &'static str, en: &'static str| if material.lang == Lang::Zh { zh } else { en };
    let reason = |rank: &Rank| match rank {
        Rank::Status(Status::Confirmed) => say("已确认", "confirmed").to_owned(),
        Rank::Status(Status::Undetermined) => say("尚不能确认", "undetermined").to_owned(),
        Rank::Explains(names) => format!("{} {}", say("解释", "explains"), names.join(comma(material.lang))),
        Rank::ExplainedBy(name) => format!("{} {name}", say("由此解释", "explained by")),
        Rank::Severity(grave) => gravity(material, *grave).to_owned(),
        Rank::Last(stamp) => format!("{} {}", say("最近一次", "last"), shown(*stamp)),
        Rank::Name => say("名称", "name").to_owned(),
    };
    finding.ranked.iter().map(reason).collect::<Vec<_>>().join(say("；", "; "))
}

/// Logs that are missing, in the words of the language.
pub(super) fn lacks(material: &Material<'_>, missing: &[Missing]) -> String {
    let word = |reason: Reason| match (material.lang, reason) {
        (Lang::En, reason) => reason.key(),
        (Lang::Zh, Reason::Absent) => "缺少",
        (Lang::Zh, Reason::NotCovered) => "未覆盖该时间",
        (Lang::Zh, Reason::Truncated) => "不完整",
        (Lang::Zh, Reason::Unreadable) => "无法读取",
        (Lang::Zh, Reason::Encrypted) => "已加密",
        (Lang::Zh, Reason::NotListed) => "未列出该对象",
        (Lang::Zh, Reason::ClockUnknown) => "时差未知",
        (Lang::Zh, Reason::TooMany) => "数量过多",
    };
    listed(material, missing, word)
}

fn listed(material: &Material<'_>, missing: &[Missing], word: impl Fn(Reason) -> &'static str) -> String {
    let one = |lack: &Missing| {
        let stretch = lack.needed.map(|(from, to)| format!(" {} … {}", shown(from), shown(to))).unwrap_or_default();
        let (name, word) = (&material.rules.logs.get(lack.log).name, word(lack.reason));
        match material.lang {
            Lang::Zh => format!("{name}（{word}{stretch}）"),
            Lang::En => format!("{name} ({word}{stretch})"),
        }
    };
    missing.iter().map(one).collect::<Vec<_>>().join(comma(material.lang))
}

/// How grave a finding is, in the words of the language.
pub(super) fn gravity(material: &Material<'_>, grave: Severity) -> &'static str {
    match (material.lang, grave) {
        (Lang::En, grave) => severity(grave),
        (Lang::Zh, Severity::Failure) => "故障",
        (Lang::Zh, Severity::Warning) => "警告",
        (Lang::Zh, Severity::Notice) => "提示",
    }
}

fn quotes(material: &Material<'_>, quotes: &[Quote], text: &mut String) {
    for quote in quotes {
        let _ = writeln!(text, "  [{}]", material.scan.place(&quote.record));
        for line in quote.record.text().lines().take(LINES) {
            let _ = writeln!(text, "      {}", visible(line.trim_end()));
        }
    }
}

fn one_cause(material: &Material<'_>, finding: &Finding, cause: &CauseResult, text: &mut String) {
    let say = |zh: &'static str, en: &'static str| if material.lang == Lang::Zh { zh } else { en };
    let rule = material.rules.rules.get(finding.rule);
    let own = rule.and_then(|rule| rule.causes.iter().find(|own| own.id == cause.id));
    let title = own.map_or("", |own| own.title.get(material.lang));
    let word = match cause_status(cause.status) {
        "confirmed" => say("成立", "confirmed"),
        "excluded" => say("已排除", "excluded"),
        _ => say("待定", "open"),
    };
    let _ = write!(text, "  - {title} ({}): {word}", cause.id);
    if !cause.missing.is_empty() {
        let _ = write!(text, "{}{}", say("；取决于 ", "; depends on "), lacks(material, &cause.missing));
    }
    if !cause.contradicts.is_empty() {
        let _ = write!(
            text,
            "; {} {}",
            say("矛盾：不能同时成立于", "contradicts"),
            cause.contradicts.join(comma(material.lang))
        );
    }
    text.push('\n');
    quotes(material, &cause.evidence, text);
}

/// Logs that are missing, by their keys: a snapshot is the same in every language.
fn keys(material: &Material<'_>, missing: &[Missing]) -> String {
    listed(&Material { lang: Lang::En, ..*material }, missing, Reason::key)
}

/// The findings for a snapshot: what the JSON says of them, a line each, without what changes from run to run.
#[must_use]
pub fn findings_text(material: &Material<'_>) -> String {
    let mut text = String::new();
    for finding in &material.diagnosis.findings {
        let _ = write!(text, "{} {} x{}", finding.name, status(finding.status), finding.count);
        if !finding.missing.is_empty() {
            let _ = write!(text, ", missing {}", keys(material, &finding.missing));
        }
        if let Some(by) = &finding.explained_by {
            let _ = write!(text, ", explained by {by}");
        }
        text.push('\n');
        for (name, value) in &finding.captures {
            let _ = writeln!(text, "  {name} = {}", value.text);
        }
        for quote in &finding.evidence {
            let _ = writeln!(text, "  {}: {}", quote.name, material.scan.place(&quote.record));
        }
        for cause in &finding.causes {
            let _ = write!(text, "  cause {} {}", cause.id, cause_status(cause.status));
            if !cause.missing.is_empty() {
                let _ = write!(text, ", missing {}", keys(material, &cause.missing));
            }
            text.push('\n');
            for quote in &cause.evidence {
                let _ = writeln!(text, "    {}: {}", quote.name, material.scan.place(&quote.record));
            }
        }
    }
    for request in &material.diagnosis.requests {
        let logs: Vec<&str> = request.logs.iter().map(|log| material.rules.logs.get(*log).name.as_str()).collect();
        let _ = write!(text, "request {}: {}", request.collection, logs.join(", "));
        if let Some(message) = request.asked {
            let _ = write!(text, ", asked in message {message}");
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}
