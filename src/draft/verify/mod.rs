//! Whether a draft quotes the logs as they are: every quotation is looked up at its place and compared, and no line
//! that has the form of a log stands outside a quotation.

mod fit;
mod page;
mod quotation;
mod read;
mod source;

pub use page::text as page_text;
pub use read::{DraftText, NoDraft, read};

use crate::bundle::Bundle;
use crate::lang::{Lang, Localized};
use crate::logs::LogKinds;
use crate::rule::RuleSet;
use crate::scan;

use super::part::marker;
use fit::{Bindings, CUT, as_shown, fits};
use quotation::Quotation;
use source::{Lines, Sources};

/// What a verification came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Quotations looked up.
    pub quotations: usize,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// A difference between a draft and the logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The text it stands in (see [`DraftText::name`]).
    pub text: String,
    /// Its line there, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: Localized,
    /// What the draft has and what the log has, where they differ.
    pub differs: Option<(String, String)>,
}

/// Compares the texts of a draft with a bundle.
#[must_use]
pub fn verify(texts: &[DraftText], bundle: &Bundle, rules: &RuleSet, options: &scan::Options) -> Verdict {
    let mut verdict = Verdict::default();
    let read: Vec<_> = texts.iter().map(|text| (text, quotation::read(&text.text))).collect();
    let all: Vec<&Quotation<'_>> = read.iter().flat_map(|(_, (quotations, _))| quotations).collect();
    let sources = Sources::read(&all, bundle, rules, options);
    let mut bindings = Bindings::default();
    for (text, (quotations, others)) in &read {
        for quotation in quotations {
            verdict.quotations += 1;
            let faulty = one(quotation, &sources, &mut bindings);
            verdict.faults.extend(faulty.map(|fault| Fault { text: text.name.clone(), ..fault }));
        }
        verdict.faults.extend(unquoted(others, &rules.logs).map(|fault| Fault { text: text.name.clone(), ..fault }));
    }
    verdict.faults.sort_by_key(|fault| (texts.iter().position(|text| text.name == fault.text), fault.line));
    verdict
}

fn fault(line: usize, zh: String, en: String) -> Fault {
    Fault { text: String::new(), line, message: Localized::new(zh, en), differs: None }
}

/// What is wrong with one quotation: nothing where it is what its place holds.
fn one(quotation: &Quotation<'_>, sources: &Sources, bindings: &mut Bindings) -> Option<Fault> {
    let place = quotation.place;
    let mut first = None;
    for (lines, mut named) in sources.of(quotation, bindings) {
        match compare(quotation, lines, &mut named) {
            None => {
                *bindings = named;
                return None;
            }
            found => first = first.or(found),
        }
    }
    Some(first.unwrap_or_else(|| {
        let zh = format!("[{place}]：日志包中没有这个来源");
        fault(quotation.at, zh, format!("[{place}]: no such source in the bundle"))
    }))
}

/// Walks the quoted lines beside the log's.
fn compare(quotation: &Quotation<'_>, lines: &Lines, bindings: &mut Bindings) -> Option<Fault> {
    let place = quotation.place;
    let known: Vec<String> = lines.all().map(as_shown).filter(|line| !line.trim().is_empty()).collect();
    if known.is_empty() {
        let zh = format!("[{place}]：该来源中没有这些行");
        return Some(fault(quotation.at, zh, format!("[{place}]: the source has no such lines")));
    }
    let mut from = 0;
    let mut cut = false;
    for (at, line) in &quotation.lines {
        if line.trim() == CUT {
            cut = true;
            continue;
        }
        // After a cut, and between entries that a reader made of one line, the next line that fits is meant.
        let reach = if cut || !lines.whole { known.len() } else { known.len().min(from + 1) };
        let Some(found) = (from..reach).find(|index| fits(line, &known[*index], bindings)) else {
            return Some(differs(*at, line, known.get(from), place));
        };
        from = found + 1;
        cut = false;
    }
    (lines.whole && !cut && from < known.len()).then(|| {
        let zh = format!("[{place}]：引用少了 {} 行", known.len() - from);
        fault(quotation.at, zh, format!("[{place}]: {} of its lines are left out", known.len() - from))
    })
}

fn differs(at: usize, quoted: &str, known: Option<&String>, place: &str) -> Fault {
    match known {
        Some(known) => {
            let found = fault(at, format!("[{place}]：与日志不一致"), format!("[{place}]: not what the log has"));
            Fault { differs: Some((quoted.to_owned(), known.clone())), ..found }
        }
        None => {
            fault(at, format!("[{place}]：日志中没有这一行"), format!("[{place}]: a line that the log does not have"))
        }
    }
}

/// Sentences of mails. A form of log that one of them has would find logs in every mail.
const PROSE: [&str; 14] = [
    "甲先生，您好：",
    "日志分析：",
    "案例号：CAS-10001-A1B2C3",
    "1. 重新安装更新",
    "错误码：0x80070005（访问被拒绝）",
    "2024-11-20 技术支持：界定问题范围",
    "2024-11-20 support: asked for logs",
    "Dear customer,",
    "File: C:\\Windows\\INF\\x.inf",
    "Error: the update was not installed.",
    "下一步",
    "Nothing",
    "<x@example.com>",
    "kb: see the page",
];

/// Lines outside quotations that some kind of log would have.
fn unquoted<'d>(others: &'d [(usize, &'d str)], kinds: &'d LogKinds) -> impl Iterator<Item = Fault> + 'd {
    let forms: Vec<_> = kinds
        .iter()
        .flat_map(|(_, kind)| kind.begins().iter().map(move |pattern| (kind, pattern)))
        .filter(|(_, pattern)| !PROSE.iter().any(|sentence| pattern.matches(sentence)))
        .collect();
    others.iter().filter_map(move |(at, line)| {
        let text = line.trim();
        let bare = marker(text).map_or(text, |mark| text[mark.len()..].trim_start());
        let (kind, _) =
            forms.iter().find(|(_, form)| form.matches(line) || form.matches(text) || form.matches(bare))?;
        let (zh, en) = (kind.title.get(Lang::Zh), kind.title.get(Lang::En));
        Some(fault(
            *at,
            format!("不在引用中的日志行（{zh}）：{text}"),
            format!("a log line outside any quotation ({en}): {text}"),
        ))
    })
}
