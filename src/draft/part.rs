//! A rendered text taken apart into paragraphs and list items, each with the facts it read.

use super::fact::{Class, Facts, Token, tokens, unmark};
use super::{Line, LineShape, Noted, Part, Reference, Role};

/// The body without marks, and its parts.
pub(super) fn split(marked: &str, facts: &Facts) -> (String, Vec<Part>) {
    let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
    let mut open = 0_usize;
    for line in marked.lines() {
        let (plain, _) = unmark(line);
        // What a fact holds is one thing, whatever its lines look like.
        let fresh = open == 0 && (plain.trim().is_empty() || begins_part(&plain));
        if fresh && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(Vec::new());
        }
        if let (false, Some(part)) = (plain.trim().is_empty(), parts.last_mut()) {
            part.push(line);
        }
        for token in tokens(line) {
            match token {
                Token::Begin(_) => open += 1,
                Token::End => open = open.saturating_sub(1),
                Token::Text(_) => {}
            }
        }
    }
    let parts = parts.into_iter().filter(|lines| !lines.is_empty()).map(|lines| one(&lines.join("\n"), facts));
    (tidy(&unmark(marked).0), parts.collect())
}

/// A list item, a quotation's head, or a heading.
fn begins_part(line: &str) -> bool {
    marker(line.trim_start()).is_some() || (line.starts_with('[') && line.trim_end().ends_with(']'))
}

/// The mark that begins a list item, with the blank behind it: `1. `, `（2）`, `- `.
pub(super) fn marker(text: &str) -> Option<&str> {
    if text.starts_with("- ") {
        return Some(&text[..2]);
    }
    let digits = |text: &str| text.len() - text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
    let (open, ends): (usize, &[char]) = match text.chars().next()? {
        bracket @ ('（' | '(') => (bracket.len_utf8(), &['）', ')']),
        _ => (0, &['.', ')', '、']),
    };
    let number = open + digits(&text[open..]);
    let end = text[number..].chars().next().filter(|char| number > open && ends.contains(char))?;
    let after = number + end.len_utf8();
    Some(&text[..after + usize::from(text[after..].starts_with(' '))])
}

fn one(marked: &str, facts: &Facts) -> Part {
    let (text, numbers) = unmark(marked);
    let mut names: Vec<String> = Vec::new();
    let mut evidence: Vec<Reference> = Vec::new();
    let mut message = None;
    let mut call = None;
    let mut role = None;
    for known in numbers.into_iter().filter_map(|number| facts.get(number)) {
        if !names.contains(&known.name) {
            names.push(known.name);
        }
        for place in known.source.evidence {
            if !evidence.contains(&place) {
                evidence.push(place);
            }
        }
        message = message.or(known.source.message);
        call = call.or(known.source.call);
        role = role.or(known.source.role);
    }
    let claim = !evidence.is_empty() || message.is_some() || call.is_some();
    let role = match role {
        Some(role) => role,
        None if claim => Role::Claim,
        None => Role::Courtesy,
    };
    let note = call.map(|call| Noted { call, time: None });
    Part { text: text.trim_end().to_owned(), lines: lines(marked, facts), role, facts: names, evidence, message, note }
}

/// The lines of a part, each as what it is: told by the facts that stand in it, not by its look.
fn lines(marked: &str, facts: &Facts) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    let mut open: Vec<usize> = Vec::new();
    for token in tokens(marked) {
        match token {
            Token::Begin(number) => open.push(number),
            Token::End => drop(open.pop()),
            Token::Text(text) => {
                let class = open.iter().filter_map(|number| facts.get(*number)).map(|known| known.source.class).max();
                for (at, piece) in text.split('\n').enumerate() {
                    if at > 0 {
                        lines.push(Line::default());
                    }
                    if let Some(line) = lines.last_mut() {
                        add(line, piece, class, at == 0);
                    }
                }
            }
        }
    }
    lines
}

/// Adds a piece of text to a line; `first` is whether it is the first line of that text.
fn add(line: &mut Line, piece: &str, class: Option<Class>, first: bool) {
    line.text.push_str(piece);
    line.own &= class.is_none() || piece.is_empty();
    line.shape = match class {
        Some(Class::Quotation) if first => LineShape::Place,
        Some(Class::Quotation) => LineShape::Quoted,
        Some(Class::Command) => LineShape::Command,
        Some(Class::Screen) => LineShape::Screen,
        _ => return,
    };
}

/// No blanks at line ends, no two blank lines in a row, one newline at the end.
fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    let mut blank = true;
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        tidy.push_str(line);
        tidy.push('\n');
    }
    format!("{}\n", tidy.trim_end())
}

#[cfg(test)]
mod tests {
    use super::super::LineShape::{Command, Place, Quoted, Text};
    use super::super::fact::{Class, Facts, Source, marked};
    use super::{marker, split};

    #[test]
    fn marks_of_list_items_are_told_from_text() {
        for (text, mark) in [
            ("1. a", Some("1. ")),
            ("（2）b", Some("（2）")),
            ("(3) c", Some("(3) ")),
            ("- d", Some("- ")),
            ("10、e", Some("10、")),
            ("2024-11-20", None),
            ("（若有）", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(marker(text), mark, "{text}");
        }
    }

    #[test]
    fn lines_are_what_their_facts_are_whatever_they_look_like() {
        let facts = Facts::default();
        let add = |text: &str, class| marked(&facts.add("x", text, Source { class, ..Source::default() }));
        let quoted = add("[CBS.log:1-3]\n    1. no item\n\n    [no.log:1]", Class::Quotation);
        let command = add("icacls x", Class::Command);
        let body = format!("日志：\n{quoted}\n（1）步骤\n        {command}\n- {}\n", add("[a.log:1]", Class::Value));
        let (text, parts) = split(&body, &facts);
        assert!(
            text.contains("    1. no item\n\n    [no.log:1]\n（1）步骤\n        icacls x\n- [a.log:1]\n"),
            "{text}"
        );
        let shapes: Vec<Vec<_>> = parts.iter().map(|part| part.lines.iter().map(|line| line.shape).collect()).collect();
        assert_eq!(shapes, [vec![Text], vec![Place, Quoted, Quoted], vec![Text, Command], vec![Text]], "{parts:#?}");
        assert!(parts[0].lines[0].own && parts[2].lines[0].own && !parts[3].lines[0].own);
    }
}
