//! The forms of one draft, with lines that would be more than text.

use mail_parser::{MessageParser, MimeHeaders as _};
use proptest::prelude::*;

use crate::draft::fact::{Class, Facts, Source, marked};
use crate::draft::verify::page_text;
use crate::draft::{Attachment, Draft, Kind, part};
use crate::lang::Lang;

use super::{blocks, html, mail, markdown, shown};

/// A draft whose quotation, command and words are given.
fn draft(words: &str, quoted: &str, command: &str) -> Draft {
    let facts = Facts::default();
    let fact = |text: &str, class| marked(&facts.add("x", text, Source { class, ..Source::default() }));
    let block: String = quoted.lines().flat_map(|line| ["\n    ", line]).collect();
    let text = format!(
        "甲先生，您好：\n\n日志显示：{}。\n\n日志分析：\n\n1. 组件服务日志：\n{}\n（1）执行：\n        {}\n   验证：重新安装。\n\n张工\n技术支持\n",
        fact(words, Class::Value),
        fact(&format!("[CBS.log:1]{block}"), Class::Quotation),
        fact(command, Class::Command),
    );
    let (body, parts) = part::split(&text, &facts);
    let file = Attachment { name: "repair.bat.txt".to_owned(), media: "text/plain", text: format!("rem {words}\n") };
    Draft {
        kind: Kind::Analysis,
        why: String::new(),
        lang: Lang::Zh,
        to: Some("甲先生".to_owned()),
        subject: format!("回复: 更新失败 {words}"),
        body: Some(body),
        parts,
        attachments: vec![file],
        masked: Vec::new(),
        questions: Vec::new(),
    }
}

const HOSTILE: [&str; 10] = [
    "<script>alert(1)</script></pre></details><img src=x onerror=y>",
    "{{ 7*7 }} {% raw %} ${jndi:ldap://x}",
    "# heading ``` ~~~~ [x](javascript:y) **b** | a | b |",
    "\u{1b}[31mred\u{1b}[0m \u{7}",
    "\u{202e}gnp.exe\u{202c} \u{2066}x\u{2069} \u{200f}\u{61c}",
    "a\u{2028}b\u{2029}c\u{85}d",
    "Subject: x\u{0} Bcc: victim@example.com",
    "=?utf-8?B?QmNj?= & <b> \"q\" 'q' &lt;",
    "--=_casebook_0",
    "%PATH% & del /q C:\\x | more > y",
];

/// What is expected to be read: the text, without what steers.
fn read(text: &str) -> String {
    text.chars().map(shown).collect()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_page_is_the_draft_and_loads_nothing() {
    let draft = draft("驱动更新失败", "2024-10-16 08:43:18, Info CBS <a & b>", "icacls \"C:\\x\"");
    let page = html::page(&draft);
    insta::assert_snapshot!(page.split("<main>").nth(1).unwrap());
    for loads in ["http:", "https:", "url(", "@import", "<link", "<script", "<img", "src="] {
        assert!(!page.contains(loads), "{loads}");
    }
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("@media print"));
}

#[test]
fn a_summary_is_markdown() {
    let draft = Draft { kind: Kind::Summary, ..draft("a_b *c*", "x ``` y\n2. z", "del `x`") };
    insta::assert_snapshot!(markdown::text(&draft));
}

#[test]
fn hostile_text_is_text_in_every_form() {
    for text in HOSTILE {
        check(&draft(text, text, text));
    }
    let long = "<x>".repeat(350_000);
    check(&draft("长", &long, "dir"));
}

/// The draft's text is what each form is read as, and nothing else is in it.
fn check(draft: &Draft) {
    let body = read(draft.body.as_deref().unwrap());
    let page = page_text(&html::page(draft));
    for line in body.lines().filter(|line| !line.trim().is_empty()) {
        // Paragraphs have their blanks folded; a quoted line has every blank.
        let known = if line.starts_with("    ") && !line.starts_with("        ") {
            page.lines().any(|known| known == line)
        } else {
            page.lines().any(|known| words(known) == words(line))
        };
        assert!(known, "{line}\nis not in\n{page}");
    }
    mail_is(draft, &body);
    let markdown = markdown::text(draft);
    assert!(markdown.chars().all(|char| shown(char) == char), "{markdown}");
}

fn mail_is(draft: &Draft, body: &str) {
    let bytes = mail::eml(draft);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.replace("\r\n", "").chars().all(|char| char != '\r' && char != '\n'), "a line end by itself");
    assert!(text.lines().all(|line| line.len() <= 998), "a line too long to be sent");
    let message = MessageParser::default().parse(&bytes).unwrap();
    let names: Vec<String> = message.headers().iter().map(|header| header.name().to_lowercase()).collect();
    assert_eq!(names, ["x-unsent", "mime-version", "subject", "content-type"]);
    let one_line = |text: &str| words(&read(text).replace('\n', " "));
    assert_eq!(words(message.subject().unwrap()), one_line(&draft.subject));
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), body);
    assert!(message.body_html(0).unwrap().contains("<!DOCTYPE html>"));
    assert_eq!((message.text_body_count(), message.html_body_count(), message.attachment_count()), (1, 1, 1));
    let file = message.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("repair.bat.txt"));
    let attached = file.text_contents().unwrap().replace("\r\n", "\n");
    assert_eq!(attached, draft.attachments[0].text.replace("\r\n", "\n"));
}

#[test]
fn the_first_line_greets_and_two_headings_do_not_follow_each_other() {
    let facts = Facts::default();
    let (_, parts) =
        part::split("案例总结\n问题描述：\n更新失败\n\n处理结果：\n问题尚未解决，仍需：\n- 日志\n", &facts);
    let draft = Draft { parts, ..draft("", "", "") };
    insta::assert_debug_snapshot!(blocks(&draft));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn any_text_is_text_in_every_form(a in "[^\r\n]{0,40}", b in "[^\r\n]{1,60}", c in "[ -~]{1,40}") {
        // A line of blanks is no line of a draft.
        prop_assume!(!a.trim().is_empty() && !b.trim().is_empty() && !c.trim().is_empty());
        let clean = |text: &str| crate::draft::fact::clean(text.trim());
        check(&draft(&clean(&a), &clean(&b), &clean(&c)));
    }
}
