//! A draft as an unsent mail, `.eml`: text and HTML beside each other, the files that go with it behind them.
//!
//! `X-Unsent` makes Outlook open it as a draft. There is neither a date nor an id: whoever sends it gives it both.
//! Boundaries are made from the contents: the same draft is the same bytes, and no content can name its own boundary.

use mail_builder::headers::Header as _;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};

use crate::draft::{Attachment, Draft};

use super::{html, shown};

/// The bytes of the mail. Line ends are CR LF.
#[must_use]
pub fn eml(draft: &Draft) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(b"X-Unsent: 1\r\nMIME-Version: 1.0\r\n");
    header("Subject", &draft.subject, &mut bytes);
    body(draft).write_part(&mut bytes);
    bytes
}

/// A header of one line, encoded where it is not ASCII: no text can end it and begin another.
fn header(name: &str, value: &str, bytes: &mut Vec<u8>) {
    let value: String = value.chars().map(shown).map(|char| if char == '\n' { ' ' } else { char }).collect();
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(b": ");
    Text::new(value).write_header(bytes, name.len() + 2);
}

fn body(draft: &Draft) -> MimePart<'_> {
    let text = draft.body.as_deref().unwrap_or_default();
    let text: String = text.chars().map(shown).collect();
    let page = html::mail(draft);
    let mut hasher = blake3::Hasher::new();
    for content in [&text, &page].into_iter().chain(draft.attachments.iter().map(|file| &file.text)) {
        hasher.update(content.as_bytes());
    }
    let boundary = hasher.finalize().to_hex();
    let multipart = |media: &'static str, number: usize| {
        ContentType::new(media).attribute("boundary", format!("=_{}_{number}", &boundary[..24]))
    };
    let both = BodyPart::Multipart(vec![leaf("text/plain", &text), leaf("text/html", &page)]);
    let mut parts = vec![MimePart::new(multipart("multipart/alternative", 1), both)];
    parts.extend(draft.attachments.iter().map(attached));
    MimePart::new(multipart("multipart/mixed", 0), BodyPart::Multipart(parts))
}

fn leaf(media: &'static str, text: &str) -> MimePart<'static> {
    MimePart::new(ContentType::new(media).attribute("charset", "utf-8"), crlf(text))
}

/// The name stands in both headers: some readers look in the one, some in the other.
fn attached(file: &Attachment) -> MimePart<'_> {
    let media = ContentType::new(file.media).attribute("charset", "utf-8").attribute("name", file.name.as_str());
    MimePart::new(media, crlf(&file.text)).attachment(file.name.as_str())
}

fn crlf(text: &str) -> Vec<u8> {
    text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()
}
