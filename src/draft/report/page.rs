//! `scan --format html`: what the logs show as a page by itself, for a colleague. Quoted lines are masked.

use std::fmt::Write as _;

use crate::diagnose::{CauseResult, Finding, Quote};
use crate::draft::Material;
use crate::draft::form::html::{document, escape};
use crate::draft::mask::{Redactor, masked};
use crate::draft::quote::Quoter;
use crate::lang::Lang;
use crate::rule::Rule;

use super::json::{cause_status, comma, status};
use super::text::{gravity, lacks, shown};

/// The page. Symptoms stand under their causes with `all`.
#[must_use]
pub fn scan_page(material: &Material<'_>, all: bool) -> String {
    let page = Page { material, redactor: Redactor::default() };
    let title = page.say("日志分析结果", "What the logs show");
    let mut body = format!(
        "<header>\n<h1>{title}</h1>\n<p class=\"meta\">casebook {}</p>\n</header>\n",
        env!("CARGO_PKG_VERSION")
    );
    let findings: Vec<&Finding> =
        material.diagnosis.findings.iter().filter(|finding| all || finding.explained_by.is_none()).collect();
    if findings.is_empty() {
        let rules = material.rules.rules.len();
        let none = page.say("条规则都没有结论。", "rules, none of which has a finding.");
        let _ = writeln!(body, "<p>{rules} {none}</p>");
    }
    for finding in findings {
        page.finding(finding, &mut body);
    }
    page.requests(&mut body);
    page.sources(&mut body);
    let list = masked([body.as_str()].into_iter());
    if !list.is_empty() {
        let names: Vec<&str> = list.iter().map(|one| one.mask.as_str()).collect();
        let _ =
            writeln!(body, "<footer>{}{}</footer>", page.say("已遮盖：", "Masked: "), names.join(comma(material.lang)));
    }
    document(title, material.lang, &body)
}

struct Page<'a> {
    material: &'a Material<'a>,
    redactor: Redactor,
}

impl Page<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.material.lang == Lang::Zh { zh } else { en }
    }

    fn safe(&self, text: &str) -> String {
        escape(&self.redactor.redact(text))
    }

    fn finding(&self, finding: &Finding, body: &mut String) {
        let material = self.material;
        let rule = material.rules.rules.get(finding.rule);
        let title = rule.map_or("", |rule| rule.title.get(material.lang));
        let word = match status(finding.status) {
            "confirmed" => self.say("已确认", "confirmed"),
            _ => self.say("尚不能确认", "undetermined"),
        };
        let _ = writeln!(body, "<h2>{} <span class=\"{}\">{word}</span></h2>", escape(title), status(finding.status));
        let mut about = vec![finding.name.clone(), gravity(material, finding.severity).to_owned()];
        if finding.count > 1 {
            about.push(format!("{} {}", finding.count, self.say("次", "times")));
        }
        let between = |first, last| format!("{} … {}", shown(first), shown(last));
        about.extend(
            finding
                .first
                .zip(finding.last)
                .map(|(first, last)| if first == last { shown(last) } else { between(first, last) }),
        );
        let _ = writeln!(body, "<p class=\"meta\">{}</p>", escape(&about.join(" · ")));
        if !finding.missing.is_empty() {
            let _ = writeln!(
                body,
                "<p>{}{}</p>",
                self.say("缺少：", "Missing: "),
                self.safe(&lacks(material, &finding.missing))
            );
        }
        if let Some(by) = &finding.explained_by {
            let _ = writeln!(body, "<p>{}{}</p>", self.say("由此解释：", "Explained by: "), escape(by));
        }
        self.quotes(&finding.evidence, rule, body);
        for cause in &finding.causes {
            self.cause(cause, rule, body);
        }
    }

    fn quotes(&self, quotes: &[Quote], rule: Option<&Rule>, body: &mut String) {
        for quoted in Quoter::mail(self.material.scan, &self.redactor).quote(quotes, rule) {
            for block in &quoted.blocks {
                let mut lines = block.text.split('\n');
                let place = lines.next().unwrap_or_default();
                let lines: Vec<&str> = lines.map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
                let _ = writeln!(
                    body,
                    "<details class=\"quotation\" open><summary>{}</summary><pre>\n{}</pre></details>",
                    escape(place),
                    escape(&lines.join("\n"))
                );
            }
            if quoted.left_out > 0 {
                let more = self.say("条同类记录未列出", "more such records");
                let _ = writeln!(body, "<p class=\"meta\">{} {more}</p>", quoted.left_out);
            }
        }
    }

    fn cause(&self, cause: &CauseResult, rule: Option<&Rule>, body: &mut String) {
        let own = rule.and_then(|rule| rule.causes.iter().find(|own| own.id == cause.id));
        let title = own.map_or("", |own| own.title.get(self.material.lang));
        let key = cause_status(cause.status);
        let word = match key {
            "confirmed" => self.say("成立", "confirmed"),
            "excluded" => self.say("已排除", "excluded"),
            _ => self.say("待定", "open"),
        };
        let needs = if cause.missing.is_empty() {
            String::new()
        } else {
            let needed = self.safe(&lacks(self.material, &cause.missing));
            format!("{}{needed}", self.say("；取决于 ", "; depends on "))
        };
        let _ = writeln!(
            body,
            "<p class=\"item\"><span class=\"mark\">-</span> {}{}<span class=\"{key}\">{word}</span>{needs}</p>",
            escape(title),
            self.say("：", ": ")
        );
        self.quotes(&cause.evidence, rule, body);
    }

    fn requests(&self, body: &mut String) {
        let material = self.material;
        if material.diagnosis.requests.is_empty() {
            return;
        }
        let _ = writeln!(body, "<h2>{}</h2>", self.say("建议收集", "To collect"));
        for request in &material.diagnosis.requests {
            let collection = material.rules.collection(&request.collection);
            let title = collection.map_or("", |collection| collection.title.get(material.lang));
            let logs: Vec<&str> =
                request.logs.iter().map(|log| material.rules.logs.get(*log).title.get(material.lang)).collect();
            let logs = logs.join(comma(material.lang));
            let _ = writeln!(
                body,
                "<p class=\"item\"><span class=\"mark\">-</span> {}{}{}</p>",
                escape(title),
                self.say("：", ": "),
                escape(&logs)
            );
        }
    }

    fn sources(&self, body: &mut String) {
        let material = self.material;
        let _ = writeln!(body, "<h2>{}</h2>\n<table>", self.say("已读取的文件", "What was read"));
        let heads = [self.say("文件", "File"), self.say("种类", "Kind"), self.say("时间范围", "Time")];
        let _ = writeln!(body, "<tr><th>{}</th></tr>", heads.join("</th><th>"));
        for source in &material.scan.sources {
            let log = source.log.map_or("-", |log| material.rules.logs.get(log).title.get(material.lang));
            let span = source.first.zip(source.last).map(|(first, last)| format!("{} … {}", shown(first), shown(last)));
            let _ = writeln!(
                body,
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                self.safe(&source.path),
                escape(log),
                span.unwrap_or_default()
            );
        }
        body.push_str("</table>\n");
        for problem in &material.scan.problems {
            let text = format!("{}: {}", problem.source, problem.message.get(material.lang));
            let _ = writeln!(body, "<p class=\"open\">{}</p>", self.safe(&text));
        }
    }
}
