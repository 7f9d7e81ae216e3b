//! The files that go with a mail: the scripts it speaks of and the log lines it rests on.

use std::fmt::Write as _;

use crate::diagnose::Quote;
use crate::lang::{Lang, Localized};
use crate::rule::Rule;

use super::context::{Builder, headed, leading};
use super::procedure::{self, Due};
use super::quote::{EVIDENCE, Quoter};
use super::{Attachment, Kind, Part, script};

/// Records of one source in an excerpt at the most.
const RECORDS: usize = 500;

impl Builder<'_> {
    /// The files that go with a mail of this kind.
    pub(super) fn attachments(&self, kind: Kind, parts: &[Part]) -> Vec<Attachment> {
        let shows = matches!(kind, Kind::Analysis | Kind::Remedy | Kind::Handover);
        let excerpt = self.excerpt().filter(|_| shows);
        self.scripts(parts).into_iter().chain(excerpt).collect()
    }

    /// The scripts that a mail speaks of: those that its parts read.
    fn scripts(&self, parts: &[Part]) -> Vec<Attachment> {
        let main = leading(self.material).first().copied();
        let due = main.map(|finding| procedure::remedies(self.material, finding).due).unwrap_or_default();
        let written = due.iter().filter_map(|due| self.script(due).ok().flatten());
        written.filter(|file| parts.iter().any(|part| part.facts.contains(&file.name))).collect()
    }

    /// The script of a remedy that is due, or why there is none; neither where it has none.
    pub(super) fn script(&self, due: &Due<'_>) -> Result<Option<Attachment>, Localized> {
        let Some(name) = &due.remedy.script else { return Ok(None) };
        script::attachment(due.remedy, name, self.material.templates, &self.masked(&due.captures)).map(Some)
    }

    /// Every quotation of the findings and of their causes, more of them than a mail has room for.
    fn excerpt(&self) -> Option<Attachment> {
        let mut text = String::new();
        for finding in leading(self.material) {
            let rule = self.material.rules.rules.get(finding.rule);
            let title = rule.map_or("", |rule| rule.title.get(self.material.lang));
            let quotes: Vec<&Quote> =
                finding.evidence.iter().chain(finding.causes.iter().flat_map(|cause| &cause.evidence)).collect();
            if !quotes.is_empty() {
                let _ = writeln!(text, "{}\n", headed(title));
                self.quotes(&quotes, rule, &mut text);
            }
        }
        (!text.is_empty()).then(|| Attachment {
            name: EVIDENCE.to_owned(),
            media: "text/plain",
            text: format!("{}\n", text.trim_end()),
        })
    }

    fn quotes(&self, quotes: &[&Quote], rule: Option<&Rule>, text: &mut String) {
        let quotes: Vec<Quote> = quotes.iter().map(|quote| (*quote).clone()).collect();
        let quoter = Quoter { records: RECORDS, ..Quoter::mail(self.material.scan, &self.redactor) };
        for quoted in quoter.quote(&quotes, rule) {
            for block in &quoted.blocks {
                let _ = writeln!(text, "{}", block.text);
            }
            if quoted.left_out > 0 {
                let _ = match self.material.lang {
                    Lang::Zh => writeln!(text, "（另有 {} 条同类记录）", quoted.left_out),
                    Lang::En => writeln!(text, "({} more such records)", quoted.left_out),
                };
            }
            text.push('\n');
        }
    }
}
