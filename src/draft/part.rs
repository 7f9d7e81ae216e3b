//! A rendered text taken apart into paragraphs and list items, each with the facts it read.

use super::fact::{Facts, unmark};
use super::{Part, Reference, Role};

/// The body without marks, and its parts.
pub(super) fn split(marked: &str, facts: &Facts) -> (String, Vec<Part>) {
    let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
    for line in marked.lines() {
        let (plain, _) = unmark(line);
        let fresh = plain.trim().is_empty() || begins_part(&plain);
        if fresh && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(Vec::new());
        }
        if let (false, Some(part)) = (plain.trim().is_empty(), parts.last_mut()) {
            part.push(line);
        }
    }
    let parts = parts.into_iter().filter(|lines| !lines.is_empty()).map(|lines| one(&lines.join("\n"), facts));
    (tidy(&unmark(marked).0), parts.collect())
}

/// A list item, a quotation's head, or a heading.
fn begins_part(line: &str) -> bool {
    let text = line.trim_start();
    let after_number = text.trim_start_matches(|char: char| char.is_ascii_digit());
    let numbered = after_number.len() < text.len() && after_number.starts_with(['.', ')', '、']);
    let bracketed = text.strip_prefix('（').or_else(|| text.strip_prefix('(')).is_some_and(|rest| {
        let after = rest.trim_start_matches(|char: char| char.is_ascii_digit());
        after.len() < rest.len() && after.starts_with(['）', ')'])
    });
    numbered || bracketed || text.starts_with("- ") || (line.starts_with('[') && line.trim_end().ends_with(']'))
}

fn one(marked: &str, facts: &Facts) -> Part {
    let (text, numbers) = unmark(marked);
    let mut names: Vec<String> = Vec::new();
    let mut evidence: Vec<Reference> = Vec::new();
    let mut message = None;
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
        role = role.or(known.source.role);
    }
    let claim = !evidence.is_empty() || message.is_some();
    let role = match role {
        Some(role) => role,
        None if claim => Role::Claim,
        None => Role::Courtesy,
    };
    Part { text: text.trim_end().to_owned(), role, facts: names, evidence, message }
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
