//! `icacls` output: a path and its first entry on one line, the entries after it below, in the same column; or what
//! `icacls /save` writes, a path and a descriptor below it.

use std::io;

use super::lines::Line;
use super::sddl::{self, Ace, Object};
use super::sink::Place;
use super::{Sink, lines};

/// How many lines end in rights, `(I)(F)`, or are descriptors below a path.
pub(super) fn recognises(lines: &[&str]) -> usize {
    let printed = lines.iter().position(|line| rights(line).is_some());
    // What is printed before the first entry is the command at the most.
    let printed = printed.filter(|at| *at < 5).and_then(|at| Some((lines.get(at)?, lines.get(at + 1))));
    if let Some((first, next)) = printed
        && first_entry(first, next.copied()).is_some()
    {
        return lines.iter().filter(|line| rights(line).is_some()).count();
    }
    let saved = lines.first().is_some_and(|line| !sddl::is_descriptor(line))
        && lines.get(1).is_some_and(|line| sddl::is_descriptor(line));
    if saved { lines.iter().filter(|line| sddl::is_descriptor(line)).count() * 2 } else { 0 }
}

/// One record an entry: `file`, `who`, `rights` (as printed), `deny` (yes or no), `inherited` (yes or no).
pub(super) fn read(sink: &mut Sink<'_>) -> io::Result<()> {
    let mut list = List::default();
    let artifact = sink.artifact;
    let (count, ended) = lines::each(artifact, &mut |line| {
        if let Some(held) = list.held.take() {
            list.line(sink, &held, Some(line));
        }
        // A line is read when the one below it is known, which shows where its first entry begins.
        list.held = Some(line.owned());
    });
    if let Some(held) = list.held.take() {
        list.line(sink, &held, None);
    }
    sink.lines(count);
    ended
}

/// The file whose entries are read.
#[derive(Default)]
struct List {
    file: String,
    /// The last line, not read yet.
    held: Option<Line<'static>>,
    /// The line that names the file of a saved list.
    named: Option<Line<'static>>,
}

impl List {
    fn line(&mut self, sink: &mut Sink<'_>, line: &Line<'_>, next: Option<&Line<'_>>) {
        let text = line.text.trim_end();
        if text.starts_with([' ', '\t']) {
            if let Some((who, rights)) = rights(text)
                && !self.file.is_empty()
            {
                sink.record(line.place(), &line.text, &fields(&self.file, who, rights), Vec::new());
            }
        } else if let Some((path, who, rights)) = first_entry(text, next.map(|next| &*next.text)) {
            path.clone_into(&mut self.file);
            sink.record(line.place(), &line.text, &fields(&self.file, who, rights), Vec::new());
        } else if sddl::is_descriptor(text) {
            self.saved(sink, line);
        } else {
            // The closing line (how many files were processed, in any language), a command, an error.
            self.file.clear();
            self.named = (!text.is_empty()).then(|| line.owned());
        }
    }

    /// A descriptor below the path that it belongs to.
    fn saved(&mut self, sink: &mut Sink<'_>, line: &Line<'_>) {
        let Some(named) = self.named.take() else { return };
        let place = Place { end_line: line.number, end: line.end, ..named.place() };
        let text = format!("{}\n{}", named.text, line.text);
        for ace in sddl::read(line.text.trim(), Object::File).aces.into_iter().filter(Ace::decides) {
            let own = [("file", named.text.trim().to_owned())].into_iter();
            let own: Vec<_> = own.chain(ace_fields(ace)).collect();
            sink.record(place, &text, &own, Vec::new());
        }
    }
}

/// Of an entry of a descriptor, what an entry that is printed has too.
fn ace_fields(ace: Ace) -> impl Iterator<Item = (&'static str, String)> {
    ace.fields().into_iter().filter(|(name, _)| ["who", "rights", "deny", "inherited"].contains(name))
}

fn fields(file: &str, who: &str, rights: &str) -> Vec<(&'static str, String)> {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    vec![
        ("file", file.to_owned()),
        ("who", sddl::account(who.trim())),
        ("rights", rights.to_owned()),
        ("deny", yes(rights.contains("(DENY)") || rights.contains("(N)"))),
        ("inherited", yes(rights.contains("(I)"))),
    ]
}

/// Who and which rights, of a line that ends in rights.
fn rights(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let (who, rights) = line.rsplit_once(":(")?;
    let rights = line.get(line.len() - rights.len() - 1..)?;
    let plain = rights.ends_with(')') && rights.chars().all(|char| char.is_ascii_alphabetic() || "(),".contains(char));
    (plain && !who.trim().is_empty()).then_some((who, rights))
}

/// Path, who and rights of the line that begins a file's list. The path may hold blanks, and so may the name after it:
/// the name begins where the entries below it do.
fn first_entry<'t>(line: &'t str, next: Option<&str>) -> Option<(&'t str, &'t str, &'t str)> {
    let (left, rights) = rights(line)?;
    let below = next.filter(|next| next.starts_with([' ', '\t']) && self::rights(next).is_some());
    let column = below.and_then(|next| at_column(left, next.chars().take_while(|char| *char == ' ').count()));
    let split = column.or_else(|| by_name(left))?;
    let (path, who) = left.split_at_checked(split)?;
    let path = path.trim();
    let rooted = path.get(1..3) == Some(":\\") || path.starts_with("\\\\") || path.starts_with('%');
    // A path that is not rooted is one only where the entries below it show where it ends.
    ((rooted || column.is_some()) && !path.is_empty() && !who.trim().is_empty()).then_some((path, who, rights))
}

/// The place of a column, counted in characters or as wide as a console shows them, where a name can begin.
fn at_column(left: &str, column: usize) -> Option<usize> {
    let begins = |at: usize| left.get(..at).is_some_and(|path| path.ends_with(' ')).then_some(at);
    let by_count = left.char_indices().nth(column).map(|(at, _)| at).and_then(begins);
    by_count.or_else(|| {
        let mut width = 0;
        let mut places = left.char_indices();
        // What is beyond ASCII in a path is as a rule twice as wide.
        let at = places.find_map(|(at, char)| {
            let here = (width >= column).then_some(at);
            width += if char.is_ascii() { 1 } else { 2 };
            here
        });
        at.and_then(begins)
    })
}

/// Beginnings of accounts that hold blanks, in languages that systems are installed in, and accounts of one word.
const NAMES: [&str; 15] = [
    "NT SERVICE\\",
    "NT AUTHORITY\\",
    "NT-AUTORITÄT\\",
    "AUTORITE NT\\",
    "AUTORIDADE NT\\",
    "BUILTIN\\",
    "VORDEFINIERT\\",
    "APPLICATION PACKAGE AUTHORITY\\",
    "CREATOR OWNER",
    "CREATOR GROUP",
    "OWNER RIGHTS",
    "ERSTELLER-BESITZER",
    "CREATEUR PROPRIETAIRE",
    "Mandatory Label\\",
    "Everyone",
];

/// Where an account begins that stands alone below no other: at a name that is known, at the domain before the last
/// backslash, or at the last word.
fn by_name(left: &str) -> Option<usize> {
    let known = NAMES.iter().filter_map(|name| left.rfind(&format!(" {name}")).map(|at| at + 1)).max();
    let domain = || {
        let slash = left.rfind('\\')?;
        let blank = left.get(..slash)?.rfind(' ')? + 1;
        let domain = left.get(blank..slash)?;
        // A folder of the path whose name holds a blank is preceded by another backslash of the same word.
        let plain = !domain.is_empty() && !domain.contains(['.', ':', '\\']);
        let path = left.get(..blank)?.trim_end();
        let file = path.rsplit('\\').next()?.contains('.');
        (plain && file).then_some(blank)
    };
    known.or_else(domain).or_else(|| left.rfind(' ').map(|at| at + 1))
}

#[cfg(test)]
mod tests {
    use super::first_entry;

    #[test]
    fn the_name_begins_where_the_entries_below_it_do() {
        let below = |column: usize| format!("{}Jeder:(RX)", " ".repeat(column));
        for (path, who) in [
            ("C:\\Program Files\\a b.inf", "VORDEFINIERT\\Administratoren"),
            ("C:\\驱动\\a b.inf", "HOST1\\某 用户"),
            ("usbstor.inf", "Tout le monde"),
        ] {
            let line = format!("{path} {who}:(I)(F)");
            for column in [
                path.chars().count() + 1,
                path.chars().map(|char| if char.is_ascii() { 1 } else { 2 }).sum::<usize>() + 1,
            ] {
                assert_eq!(first_entry(&line, Some(&below(column))), Some((path, who, "(I)(F)")));
            }
        }
    }

    #[test]
    fn a_single_entry_is_told_by_its_name() {
        for (path, who) in [
            ("C:\\Program Files\\a b.inf", "NT SERVICE\\TrustedInstaller"),
            ("C:\\Program Files\\a b.inf", "EXAMPLE\\some user"),
            ("C:\\Windows\\INF", "Everyone"),
            ("\\\\server\\share\\a.inf", "S-1-5-21-1-2-3-500"),
        ] {
            let line = format!("{path} {who}:(OI)(CI)(IO)(F)");
            assert_eq!(first_entry(&line, None), Some((path, who, "(OI)(CI)(IO)(F)")));
        }
    }

    #[test]
    fn what_is_no_entry() {
        for line in [
            "Successfully processed 1 files; Failed processing 0 files",
            "已成功处理 1 个文件; 处理 0 个文件时失败",
            "C:\\a.inf: Access is denied.",
            "C:\\Windows>icacls C:\\a.inf",
            "name:(F)",
            "a b:(F)",
            "",
        ] {
            assert_eq!(first_entry(line, None), None, "{line}");
        }
    }
}
