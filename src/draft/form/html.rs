//! A draft as a page: one file that loads nothing, light and dark, on screen and on paper; every quotation can be
//! folded. The same blocks, without what mail readers lack, are the HTML of a mail.

use std::fmt::Write as _;

use crate::draft::{Attachment, Draft, Kind};
use crate::lang::Lang;

use super::style::{Look, PAGE, Skin};
use super::{Block, blocks, screen, shown};

/// A draft as a page by itself, with the files that go with it at its end.
#[must_use]
pub fn page(draft: &Draft) -> String {
    let mut body = format!("<header>\n<h1>{}</h1>\n", escape(&draft.subject));
    if let Some(to) = draft.to.as_ref().filter(|_| draft.kind != Kind::Summary) {
        let label = if draft.lang == Lang::Zh { "收件人：" } else { "To: " };
        let _ = writeln!(body, "<p class=\"meta\">{label}{}</p>", escape(to));
    }
    body.push_str("</header>\n");
    body.push_str(&fragment(draft, Skin::Page));
    for file in &draft.attachments {
        attachment(file, draft.lang, &mut body);
    }
    document(&draft.subject, draft.lang, &body)
}

/// The HTML of a mail.
pub(super) fn mail(draft: &Draft) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n<body>\n{}</body>\n</html>\n",
        tag(draft.lang),
        escape(&draft.subject),
        fragment(draft, Skin::Mail)
    )
}

/// A page around a body that is HTML already.
#[must_use]
pub fn document(title: &str, lang: Lang, body: &str) -> String {
    // What a page may load is said to the browser too: nothing.
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <title>{}</title>\n<style>{PAGE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        tag(lang),
        escape(title)
    )
}

fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

fn fragment(draft: &Draft, skin: Skin) -> String {
    let mut html = String::new();
    for block in blocks(draft) {
        one(&block, skin, &mut html);
    }
    html
}

fn one(block: &Block<'_>, skin: Skin, html: &mut String) {
    let _ = match block {
        Block::Heading(text) => {
            writeln!(html, "<h2{}>{}</h2>", skin.attribute(Look::Heading), escape(text))
        }
        Block::Text { mark: None, depth: 0, lines } => {
            writeln!(html, "<p{}>{}</p>", skin.attribute(Look::Text), joined(lines))
        }
        Block::Text { depth, mark, lines } => {
            let wide = mark.is_some_and(|mark| mark.starts_with(['（', '(']));
            let look = skin.attribute(Look::Item(*depth, wide));
            // Full-width marks have their blank in themselves.
            let gap = if mark.is_some_and(|mark| mark.ends_with(['）', '、'])) { "" } else { " " };
            match (mark, skin) {
                (None, Skin::Page) => writeln!(html, "<p class=\"d{}\">{}</p>", (*depth).min(2), joined(lines)),
                (None, Skin::Mail) => writeln!(html, "<p{look}>{}</p>", joined(lines)),
                (Some(mark), Skin::Page) => {
                    writeln!(html, "<p{look}><span class=\"mark\">{}</span>{gap}{}</p>", escape(mark), joined(lines))
                }
                (Some(mark), Skin::Mail) => writeln!(html, "<p{look}>{}{gap}{}</p>", escape(mark), joined(lines)),
            }
        }
        Block::Quotation { place, lines } => quotation(place, lines, skin, html),
        Block::Screen { depth, title, lines } => screen::html(*depth, title, lines, skin, html),
        Block::Command { depth, text } => match skin {
            Skin::Page => writeln!(html, "<pre class=\"command d{}\">{}</pre>", (*depth).min(2), escape(text)),
            Skin::Mail => writeln!(html, "<pre{}>{}</pre>", skin.attribute(Look::Command), escape(text)),
        },
    };
}

fn quotation(place: &str, lines: &[&str], skin: Skin, html: &mut String) -> std::fmt::Result {
    let text = escape(&lines.join("\n"));
    match skin {
        // A newline right behind `<pre>` is not part of its text.
        Skin::Page => writeln!(
            html,
            "<details class=\"quotation\" open><summary>{}</summary><pre>\n{text}</pre></details>",
            escape(place)
        ),
        Skin::Mail => writeln!(
            html,
            "<p{}>{}</p>\n<pre class=\"quotation\"{}>\n{text}</pre>",
            skin.attribute(Look::Place),
            escape(place),
            skin.attribute(Look::Quoted)
        ),
    }
}

fn attachment(file: &Attachment, lang: Lang, html: &mut String) {
    let label = if lang == Lang::Zh { "附件：" } else { "Attachment: " };
    let _ = writeln!(
        html,
        "<details class=\"attachment\"><summary>{label}{}</summary><pre>\n{}</pre></details>",
        escape(&file.name),
        escape(&file.text.replace("\r\n", "\n"))
    );
}

/// Lines with breaks between them.
fn joined(lines: &[&str]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br>\n")
}

/// Text as HTML shows it and nothing else.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for char in text.chars().map(shown) {
        match char {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}
