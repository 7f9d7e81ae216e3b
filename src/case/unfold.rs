//! A mail that carries the mails before it below its own words, as mail programs quote them: taken apart again.
//!
//! A block of header lines (`From:`, `Sent:`, `To:`) begins an earlier mail. The newest stands on top. Replies quoted in
//! another way name no time and are left to `quoted.rs`.

use super::envelope::Mail;
use super::fold::Folded;
use super::{quoted, sent};

/// Header lines of a quoted mail at the most.
const HEADER: usize = 10;

/// The mails in `mail`, oldest first.
pub(super) fn unfold<'t>(mail: &Mail<'t>) -> Vec<Mail<'t>> {
    let starts: Vec<usize> = (1..mail.lines.len()).filter(|at| quoted::heads_block(&mail.lines[*at..])).collect();
    let ends = starts.iter().skip(1).copied().chain([mail.lines.len()]);
    let mut mails: Vec<Mail<'_>> =
        starts.iter().zip(ends).map(|(start, end)| earlier(&mail.lines[*start..end])).collect();
    mails.reverse();
    let own = starts.first().copied().unwrap_or(mail.lines.len());
    mails.push(Mail {
        lines: mail.lines[..own].to_vec(),
        ..Mail { number: mail.number, from: mail.from, time: mail.time, lines: Vec::new() }
    });
    mails
}

/// A quoted mail: its header lines, then its words.
fn earlier<'t>(lines: &[&'t str]) -> Mail<'t> {
    let mut mail = Mail::default();
    let mut at = 0;
    while let Some((label, value)) = lines.get(at).filter(|_| at < HEADER).and_then(|line| field(line)) {
        match label.as_str() {
            "from" | "发件人" if mail.from.is_empty() => mail.from = value,
            "sent" | "date" | "发送时间" | "日期" | "发送日期" => {
                mail.time = mail.time.or_else(|| sent::parse(value));
            }
            _ => {}
        }
        at += 1;
    }
    mail.lines = lines[at..].iter().skip_while(|line| line.trim().is_empty()).copied().collect();
    while mail.lines.last().is_some_and(|line| line.trim().is_empty()) {
        mail.lines.pop();
    }
    mail
}

/// A header line: its label, folded, and its value.
fn field(line: &str) -> Option<(String, &str)> {
    let line = line.trim().trim_start_matches('*');
    let (label, value) = line.split_once([':', '：'])?;
    let label = Folded::new(label.trim_matches('*')).text;
    let known = [
        "from",
        "sent",
        "date",
        "to",
        "cc",
        "bcc",
        "subject",
        "importance",
        "attachments",
        "发件人",
        "发送时间",
        "发送日期",
        "日期",
        "收件人",
        "抄送",
        "密送",
        "主题",
        "重要性",
        "附件",
    ];
    known.contains(&label.as_str()).then(|| (label, value.trim().trim_matches('*').trim()))
}
