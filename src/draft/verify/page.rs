//! A page or the HTML of a mail, back as the text of a draft: quotations with their place and four blanks before each
//! line, blocks on lines of their own.

use html5gum::{Token, Tokenizer};

/// Elements that begin and end on lines of their own.
const BLOCKS: [&[u8]; 18] = [
    b"p", b"div", b"h1", b"h2", b"h3", b"h4", b"header", b"footer", b"main", b"section", b"article", b"details",
    b"summary", b"pre", b"ul", b"ol", b"li", b"tr",
];

/// Elements without text of the draft.
const SILENT: [&[u8]; 3] = [b"style", b"script", b"head"];

/// Reads a page as it is read by a person.
#[must_use]
pub fn text(html: &str) -> String {
    let mut reader = Reader::default();
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => reader.begin(&tag.name, tag.attributes.get(b"class".as_slice()).map(|v| &v[..])),
            Token::EndTag(tag) => reader.end(&tag.name),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    reader.text
}

#[derive(Default)]
struct Reader {
    text: String,
    silent: Option<Vec<u8>>,
    /// In `<pre>`: whether its first character is still to come.
    pre: Option<bool>,
    /// In a file that goes with the draft: its text is its own.
    attached: bool,
}

impl Reader {
    fn begin(&mut self, name: &[u8], class: Option<&[u8]>) {
        if self.silent.is_some() {
            return;
        }
        if SILENT.contains(&name) {
            self.silent = Some(name.to_vec());
        } else if name == b"br" {
            self.newline();
            return;
        } else if name == b"pre" {
            self.pre = Some(true);
        } else if name == b"details" {
            self.attached = class == Some(b"attachment");
        }
        if BLOCKS.contains(&name) {
            self.block();
        }
        if name == b"pre" {
            self.indent();
        }
    }

    fn end(&mut self, name: &[u8]) {
        if self.silent.as_deref() == Some(name) {
            self.silent = None;
        }
        if self.silent.is_some() {
            return;
        }
        match name {
            b"pre" => self.pre = None,
            b"details" => self.attached = false,
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.block();
        }
    }

    fn text(&mut self, text: &str) {
        if self.silent.is_some() {
            return;
        }
        let Some(first) = self.pre else {
            for char in text.chars() {
                let blank = matches!(char, ' ' | '\t' | '\r' | '\n' | '\u{a0}');
                if !blank {
                    self.text.push(char);
                } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
            }
            return;
        };
        // A newline right behind `<pre>` is not part of its text.
        let text = if first { text.strip_prefix('\n').unwrap_or(text) } else { text };
        self.pre = Some(false);
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.newline();
                self.indent();
            }
            self.text.push_str(line.strip_suffix('\r').unwrap_or(line));
        }
    }

    fn indent(&mut self) {
        if !self.attached {
            self.text.push_str("    ");
        }
    }

    fn newline(&mut self) {
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        self.text.push('\n');
    }

    fn block(&mut self) {
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}
