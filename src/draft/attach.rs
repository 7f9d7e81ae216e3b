//! The files that go with a mail: the log lines it rests on.

use std::fmt::Write as _;

use crate::diagnose::Quote;
use crate::lang::Lang;
use crate::rule::Rule;

use super::context::{Builder, headed, leading};
use super::quote::{EVIDENCE, Quoter};
use super::{Attachment, Kind};

/// Records of one source in an excerpt at the most.
const RECORDS: usize = 500;

impl Builder<'_> {
    /// The files that go with a mail of this kind.
    pub(super) fn attachments(&self, kind: Kind) -> Vec<Attachment> {
        let shows = matches!(kind, Kind::Analysis | Kind::Remedy | Kind::Handover);
        if shows { self.excerpt().into_iter().collect() } else { Vec::new() }
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
