//! A draft in other forms than text: a page (HTML), an unsent mail (`.eml`), Markdown.
//!
//! All are made from the draft's parts, so what a line is (quotation, command, running text) was told when it was
//! written; nothing is guessed from how a line of a log looks. Text from outside is text in every form.

pub mod html;
pub mod mail;
pub mod markdown;
pub(super) mod screen;
mod style;
#[cfg(test)]
mod tests;

use super::part::marker;
use super::{Draft, Line, LineShape};

/// What a draft consists of, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block<'d> {
    /// A heading of ours.
    Heading(&'d str),
    /// Running text, a line each; with how deep it is indented and the mark of its list item.
    Text { depth: usize, mark: Option<&'d str>, lines: Vec<&'d str> },
    /// A quotation: the bracketed place, then the lines as the log has them.
    Quotation { place: &'d str, lines: Vec<&'d str> },
    /// A command to run.
    Command { depth: usize, text: &'d str },
    /// The drawing of a screen: the window's title, then a line each.
    Screen { depth: usize, title: &'d str, lines: Vec<&'d str> },
}

/// Blanks of one level of indentation.
const INDENT: usize = 3;

/// The blocks of a draft. The first line is never a heading: it greets.
pub(super) fn blocks(draft: &Draft) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for (number, part) in draft.parts.iter().enumerate() {
        let begun = blocks.len();
        for (at, line) in part.lines.iter().enumerate() {
            add(&mut blocks, begun, line, number == 0 && at == 0);
        }
    }
    blocks
}

fn add<'d>(blocks: &mut Vec<Block<'d>>, begun: usize, line: &'d Line, greets: bool) {
    let text = line.text.trim();
    if text.is_empty() {
        return;
    }
    let depth = (line.text.len() - line.text.trim_start_matches(' ').len()) / INDENT;
    let last = if blocks.len() > begun { blocks.last_mut() } else { None };
    match (line.shape, last) {
        (LineShape::Quoted, Some(Block::Quotation { lines, .. })) => lines.push(quoted(&line.text)),
        (LineShape::Place | LineShape::Quoted, _) => blocks.push(Block::Quotation { place: text, lines: Vec::new() }),
        (LineShape::Command, _) => blocks.push(Block::Command { depth: depth.saturating_sub(1), text }),
        (LineShape::Screen, Some(Block::Screen { lines, .. })) => lines.extend(screen::inner(text)),
        (LineShape::Screen, _) => {
            let title = screen::inner(text).unwrap_or_default();
            blocks.push(Block::Screen { depth: depth.saturating_sub(1), title, lines: Vec::new() });
        }
        (LineShape::Text, last) => {
            let mark = marker(text);
            let heads = line.own && !greets && depth == 0 && mark.is_none() && text.ends_with(['：', ':']);
            match last {
                // Under a heading such a line is words: what follows belongs to both.
                last if heads && !matches!(last, Some(Block::Heading(_))) => blocks.push(Block::Heading(text)),
                Some(Block::Text { depth: known, mark: None, lines }) if mark.is_none() && *known == depth => {
                    lines.push(text);
                }
                _ => {
                    let text = mark.map_or(text, |mark| text[mark.len()..].trim_start());
                    blocks.push(Block::Text { depth, mark: mark.map(str::trim_end), lines: vec![text] });
                }
            }
        }
    }
}

/// A quoted line without the four blanks before it.
fn quoted(line: &str) -> &str {
    line.strip_prefix("    ").unwrap_or(line).trim_end()
}

/// A character that is shown as it is: neither steering a terminal nor turning the direction of text nor ending a line
/// where no line ends.
pub(crate) fn shown(char: char) -> char {
    let steers = match char {
        '\t' | '\n' => false,
        // Direction, joining, lines of their own; the marks of facts; tags that nobody sees.
        '\u{061C}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{E000}'..='\u{E002}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}' => true,
        other => other.is_control(),
    };
    if steers { '\u{FFFD}' } else { char }
}
