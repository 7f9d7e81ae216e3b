//! The drawing of a screen, as a step shows it: a window with its title, and in it lines of words, `[Buttons]`, boxes
//! (`[x]`, `[ ]`), cells (`| a | b |`) and `←` where to click.
//!
//! In text it is framed at its left alone, so that no font can break it; in HTML it is a table, which every mail reader
//! shows.

use std::fmt::Write as _;

use super::html::escape;
use super::style::{Look, Skin};

/// The begin of the first line, of those below it, and the last line.
const FRAME: [&str; 3] = ["┌─ ", "│ ", "└─"];

/// Blanks before each line of a drawing in text.
const INDENT: &str = "        ";

/// Columns of cells at the most.
const COLUMNS: usize = 6;

/// A drawing as text shows it. What it is made of is the window's title, then a line each.
pub(in crate::draft) fn framed(text: &str) -> String {
    let mut lines = text.lines();
    let mut framed = format!("{INDENT}{}{}", FRAME[0], lines.next().unwrap_or_default().trim());
    for line in lines {
        let _ = write!(framed, "\n{INDENT}{}", format!("{}{line}", FRAME[1]).trim_end());
    }
    let _ = write!(framed, "\n{INDENT}{}", FRAME[2]);
    framed
}

/// A line of a drawing without its frame; nothing of the line that closes it.
pub(super) fn inner(line: &str) -> Option<&str> {
    if line == FRAME[2] {
        return None;
    }
    let bare = FRAME[..2].iter().find_map(|begin| line.strip_prefix(begin));
    Some(bare.unwrap_or_else(|| line.trim_start_matches(['┌', '─', '│'])))
}

/// A drawing as HTML.
pub(super) fn html(depth: usize, title: &str, lines: &[&str], skin: Skin, html: &mut String) -> std::fmt::Result {
    writeln!(html, "<table{}>", skin.attribute(Look::Screen(depth)))?;
    writeln!(html, "<tr><th colspan=\"{COLUMNS}\"{}>{}</th></tr>", skin.attribute(Look::Title), escape(title))?;
    for line in lines {
        html.push_str("<tr>");
        let cells = cells(line);
        for (at, cell) in cells.iter().enumerate() {
            // The last cell of a row takes what is left of it.
            let span = if at + 1 == cells.len() { COLUMNS - at } else { 1 };
            let wide = if span > 1 { format!(" colspan=\"{span}\"") } else { String::new() };
            write!(html, "<td{wide}{}>{}</td>", skin.attribute(Look::Cell), drawn(cell, skin))?;
        }
        html.push_str("</tr>\n");
    }
    writeln!(html, "</table>")
}

/// The cells of a line: several between bars, else one.
fn cells(line: &str) -> Vec<&str> {
    let bars = line.trim().strip_prefix('|').and_then(|rest| rest.strip_suffix('|'));
    match bars {
        Some(inner) => inner.splitn(COLUMNS, '|').map(str::trim).collect(),
        None => vec![line],
    }
}

/// A cell with its boxes and buttons drawn; blanks at its begin stay, for they tell what lies under what.
fn drawn(cell: &str, skin: Skin) -> String {
    let text = cell.trim_start();
    let mut html = "&nbsp;".repeat((cell.len() - text.len()).min(40));
    let mut rest = text;
    while let Some((before, inside, after)) = bracketed(rest) {
        html.push_str(&escape(before));
        match inside {
            "x" | "X" => html.push('☑'),
            " " => html.push('☐'),
            label => {
                let look = if after.trim_start().starts_with('←') { Look::Pressed } else { Look::Button };
                let _ = write!(html, "<span{}>{}</span>", skin.attribute(look), escape(label));
            }
        }
        rest = after;
    }
    html + &escape(rest)
}

/// The first pair of brackets: what stands before, in and behind it.
fn bracketed(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (inside, after) = rest.split_once(']')?;
    Some((before, inside, after))
}

#[cfg(test)]
mod tests {
    use super::super::style::Skin;
    use super::{cells, drawn, framed, html, inner};

    const DRAWING: &str = "Advanced Security\nOwner: TrustedInstaller\n\n| Type | Who |\n  [x] Full  [OK] ←";

    #[test]
    fn a_drawing_is_framed_at_its_left_and_comes_out_again() {
        let text = framed(DRAWING);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "        ┌─ Advanced Security");
        assert_eq!(lines[2], "        │");
        assert_eq!(lines[5], "        └─");
        let back: Vec<&str> = lines.iter().filter_map(|line| inner(line.trim())).collect();
        assert_eq!(back.join("\n"), DRAWING);
        assert_eq!(framed(""), "        ┌─ \n        └─");
    }

    #[test]
    fn boxes_buttons_and_cells_are_drawn_and_all_else_is_text() {
        assert_eq!(cells("| a | b |"), ["a", "b"]);
        assert_eq!(cells("| a | b |").len(), 2);
        assert_eq!(cells("a | b"), ["a | b"]);
        assert_eq!(cells("|||||||||").len(), 6);
        assert_eq!(
            drawn("  [x] Full [ ] Read [OK] ←", Skin::Page),
            "&nbsp;&nbsp;☑ Full ☐ Read <span class=\"press\">OK</span> ←"
        );
        assert_eq!(drawn("[<b>] [open", Skin::Page), "<span class=\"button\">&lt;b&gt;</span> [open");
        let mut out = String::new();
        html(1, "<script>", &["| a | b |", "c"], Skin::Page, &mut out).unwrap();
        assert_eq!(
            out,
            "<table class=\"screen d1\">\n<tr><th colspan=\"6\">&lt;script&gt;</th></tr>\n\
             <tr><td>a</td><td colspan=\"5\">b</td></tr>\n<tr><td colspan=\"6\">c</td></tr>\n</table>\n"
        );
    }
}
