//! A draft as Markdown (CommonMark): headings, lists, and quotations in fences that their lines cannot close.

use std::fmt::Write as _;

use crate::draft::{Draft, Kind};

use super::{Block, blocks, shown};

/// A draft as Markdown. A summary's first line is its title.
#[must_use]
pub fn text(draft: &Draft) -> String {
    let mut text = String::new();
    let mut in_list = false;
    for (at, block) in blocks(draft).iter().enumerate() {
        let item = matches!(block, Block::Text { mark: Some(_), .. });
        if at > 0 && !(item && in_list) {
            text.push('\n');
        }
        in_list = item;
        one(block, at == 0 && draft.kind == Kind::Summary, &mut text);
    }
    text
}

fn one(block: &Block<'_>, title: bool, text: &mut String) {
    let _ = match block {
        Block::Text { mark: None, lines, .. } if title => {
            let mut lines = lines.iter().map(|line| escape(line));
            let head = lines.next().unwrap_or_default();
            let rest: Vec<String> = lines.collect();
            let gap = if rest.is_empty() { "" } else { "\n" };
            write!(text, "# {head}\n{gap}{}{gap}", rest.join("  \n"))
        }
        Block::Heading(heading) => writeln!(text, "## {}", escape(heading.trim_end_matches(['：', ':']))),
        // Two blanks at the end break a line.
        Block::Text { mark: None, lines, .. } => {
            writeln!(text, "{}", lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("  \n"))
        }
        Block::Text { mark: Some(mark), depth, lines } => {
            let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
            // Marks that Markdown does not know are words of a bullet.
            let mark = if *mark == "-" || mark.ends_with('.') { format!("{mark} ") } else { format!("- {mark}") };
            writeln!(text, "{}{mark}{}", "   ".repeat(*depth), lines.join(" "))
        }
        Block::Quotation { place, lines } => {
            writeln!(text, "{}\n\n{}", escape(place), fenced(&lines.join("\n")))
        }
        Block::Screen { title, lines, .. } => {
            let lines: Vec<&str> = std::iter::once(*title).chain(lines.iter().copied()).collect();
            writeln!(text, "{}", fenced(&lines.join("\n")))
        }
        Block::Command { text: command, .. } => writeln!(text, "{}", fenced(command)),
    };
}

/// Text between fences longer than any in it.
fn fenced(text: &str) -> String {
    let text: String = text.chars().map(shown).collect();
    let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}\n{fence}")
}

/// Text that Markdown shows as it is.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, char) in text.chars().map(shown).enumerate() {
        let special = match char {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '$' => true,
            // Only where a line begins with them.
            '#' | '+' | '-' | '=' | ':' => at == 0,
            // `1.` would begin a list.
            '.' | ')' => at > 0 && text.chars().take(at).all(|char| char.is_ascii_digit()),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(if char == '\n' { ' ' } else { char });
    }
    escaped
}
