//! `icacls` output: a path and its first entry on one line, the entries after it below, in the same column.

use std::io;

use super::sink::Entry;
use super::{Sink, lines};

/// How many lines end in rights, `(I)(F)`.
pub(super) fn recognises(lines: &[&str]) -> usize {
    if first_entry(lines.first().copied().unwrap_or("")).is_none() {
        return 0;
    }
    lines.iter().filter(|line| rights(line).is_some()).count()
}

/// One record an entry: `file`, `who`, `rights` (as printed), `deny` (yes or no), `inherited` (yes or no).
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    let mut file = String::new();
    let count = lines::each(sink.artifact, &mut |line| {
        let (who, rights) = if line.text.starts_with([' ', '\t']) {
            match rights(&line.text) {
                Some(found) => found,
                None => return,
            }
        } else if let Some((path, who, rights)) = first_entry(&line.text) {
            path.clone_into(&mut file);
            (who, rights)
        } else {
            // The closing line (how many files were processed, in any language).
            file.clear();
            return;
        };
        if file.is_empty() {
            return;
        }
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let fields = vec![
            ("file", file.clone()),
            ("who", who.trim().to_owned()),
            ("rights", rights.to_owned()),
            ("deny", yes(rights.contains("(DENY)") || rights.contains("(N)"))),
            ("inherited", yes(rights.contains("(I)"))),
        ];
        sink.take(Entry::of_line(line, fields));
    })?;
    sink.lines(count);
    Ok(())
}

/// Who and which rights, of a line that ends in rights.
fn rights(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let (who, rights) = line.split_once(":(")?;
    let rights = &line[line.len() - rights.len() - 1..];
    let plain = rights.starts_with('(')
        && rights.ends_with(')')
        && rights.chars().all(|char| char.is_ascii_uppercase() || "(),".contains(char));
    (plain && !who.trim().is_empty()).then_some((who, rights))
}

/// Path, who and rights of the line that begins a file's list. The path may hold blanks, and so may the name after it:
/// the name begins where the entries below it do, so it is the last part that is an account.
fn first_entry(line: &str) -> Option<(&str, &str, &str)> {
    let (left, rights) = rights(line)?;
    let begin =
        ["NT SERVICE\\", "NT AUTHORITY\\", "BUILTIN\\", "APPLICATION PACKAGE AUTHORITY\\", "CREATOR OWNER", "Everyone"]
            .iter()
            .filter_map(|account| left.find(account))
            .min();
    let split = begin.or_else(|| left.rfind(' ').map(|at| at + 1))?;
    let (path, who) = left.split_at(split);
    let path = path.trim();
    let rooted = path.get(1..3) == Some(":\\") || path.starts_with("\\\\") || path.starts_with('%');
    (rooted && !who.is_empty()).then_some((path, who, rights))
}
