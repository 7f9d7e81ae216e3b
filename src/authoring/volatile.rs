//! What of a log line is another in the next log: times, GUIDs, paths, packages, codes, numbers. The rest is what a
//! pattern keeps.
//!
//! A part is of a type only if the type reads it, so that a pattern made of the parts matches the line it came from.

use std::sync::LazyLock;

use regex_automata::meta::Regex;

use crate::value::Type;

/// A piece of a line, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// What stays.
    Text(String),
    /// What changes, and of which type it is.
    Volatile(Type, String),
}

/// The shapes of volatile parts and their types, the more particular ones first; one without a type of its own is any text.
const SHAPES: [(Type, &str); 13] = [
    (Type::Guid, r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?"),
    (Type::Url, r#"https?://[^\s"'<>)\]]*[^\s"'<>)\].,;:]"#),
    (Type::Sid, "S-1-[0-9]+(?:-[0-9]+)+"),
    (
        Type::Text,
        r"(?x)[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}[T\ :][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,:][0-9]+)?)?Z?
          | [0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)? | [0-9]{4}[-/][0-9]{2}[-/][0-9]{2}",
    ),
    (Type::Package, "[A-Za-z0-9_.-]+~[0-9a-f]{16}~[A-Za-z0-9]*~[A-Za-z-]*~[0-9.]*[0-9]"),
    (Type::Component, "(?:amd64|x86|wow64|msil|arm64|arm)_[A-Za-z0-9._-]+_[0-9a-f]{16}_[0-9.]+_[a-z-]+_[0-9a-f]{16}"),
    (
        Type::Path,
        r#"(?x)(?:(?:(?:\\\\[?.]|\\\?\?)\\)?[A-Za-z]:
          | (?:\\\\[?.]|\\\?\?)\\(?:Volume\{[0-9a-fA-F-]+\}|GLOBALROOT|UNC\\[A-Za-z0-9_.-]+\\[A-Za-z0-9_.$-]+)
          | \\Device\\[A-Za-z0-9_]+ | %[A-Za-z()0-9]+% | \\SystemRoot | \\\\[A-Za-z0-9_.-]+\\[A-Za-z0-9_.$-]+)
          \\(?:(?:[^\\/:*?"'<>|\r\n,;\[\](){}]+\\)*[^\\/:*?"'<>|\s,;\[\](){}]*[^\\/:*?"'<>|\s,;\[\](){}.])?"#,
    ),
    (Type::Kb, "[Kk][Bb] ?[0-9]{6,7}"),
    (Type::Version, r"[0-9]+(?:\.[0-9]+){2,3}"),
    (Type::Error, "0x[0-9a-fA-F]{8}|(?:[A-Z]+_)*E_[A-Z0-9_]+|(?:ERROR|STATUS)_[A-Z0-9_]+"),
    (Type::Hex, "0x[0-9a-fA-F]+"),
    (Type::Text, "[0-9]+(?:_[0-9]+)+|[0-9a-fA-F]{8,}"),
    (Type::Int, "-?[0-9]+"),
];

/// All of them as one: which of them a part has is told without asking for groups.
static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new_many(&SHAPES.map(|(_, shape)| shape)).ok());

/// The pieces of a line. Between two volatile pieces there is always text.
pub(super) fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for (range, ty) in found(line) {
        text(&mut pieces, line.get(end..range.start).unwrap_or_default());
        volatile(&mut pieces, ty, line.get(range.clone()).unwrap_or_default());
        end = range.end;
    }
    text(&mut pieces, line.get(end..).unwrap_or_default());
    pieces
}

/// Where volatile parts stand, with their types.
fn found(line: &str) -> Vec<(std::ops::Range<usize>, Type)> {
    let Some(shape) = SHAPE.as_ref() else { return Vec::new() };
    let found = shape.find_iter(line).filter_map(|found| {
        let (ty, _) = SHAPES.get(found.pattern().as_usize())?;
        let ty = narrowed(*ty, line.get(..found.start())?, line.get(found.range())?);
        alone(line, &found.range()).then(|| (found.range(), ty))
    });
    found.collect()
}

/// The type if it reads the part; eight digits in parentheses are a code, digits alone a number, four small numbers are an address unless a version is spoken of.
fn narrowed(ty: Type, before: &str, part: &str) -> Type {
    let version = before.ends_with(['v', 'V']) || before.to_ascii_lowercase().trim_end().ends_with("version");
    if ty == Type::Version && !version && part.matches('.').count() == 3 && Type::Ip.read(part).is_some() {
        return Type::Ip;
    }
    let ty = match ty {
        Type::Text if part.len() == 8 && before.ends_with('(') => Type::Error,
        Type::Text if part.bytes().all(|byte| byte.is_ascii_digit()) => Type::Int,
        ty => ty,
    };
    if ty.read(part).is_some() { ty } else { Type::Text }
}

/// Whether a part is no piece of a longer word; a version may follow its `v`.
fn alone(line: &str, range: &std::ops::Range<usize>) -> bool {
    let in_word = |char: char| char.is_alphanumeric() || char == '_';
    let part = line.get(range.clone()).unwrap_or_default();
    let before = line.get(..range.start).and_then(|before| before.chars().next_back());
    let after = line.get(range.end..).and_then(|after| after.chars().next());
    let begins = part.starts_with(in_word)
        && before.is_some_and(|before| in_word(before) && !(before == 'v' && part.contains('.')));
    let ends = part.ends_with(in_word) && after.is_some_and(in_word);
    !begins && !ends
}

fn text(pieces: &mut Vec<Piece>, more: &str) {
    match pieces.last_mut() {
        _ if more.is_empty() => {}
        Some(Piece::Text(last)) => last.push_str(more),
        _ => pieces.push(Piece::Text(more.to_owned())),
    }
}

/// A volatile part; one right behind another makes one of any text, and so does the name of the code before it.
fn volatile(pieces: &mut Vec<Piece>, ty: Type, part: &str) {
    if let Some(Piece::Volatile(last, before)) = pieces.last_mut() {
        *last = Type::Text;
        before.push_str(part);
        return;
    }
    let name = match &pieces[..] {
        [.., Piece::Volatile(Type::Error, code), Piece::Text(between)] if ty == Type::Error => {
            matches!(between.trim(), "-" | "(" | ":" | "") && Type::Error.read(code) == Type::Error.read(part)
        }
        _ => false,
    };
    pieces.push(Piece::Volatile(if name { Type::Text } else { ty }, part.to_owned()));
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    fn shown(line: &str) -> String {
        let piece = |piece| match piece {
            Piece::Text(text) => text,
            Piece::Volatile(ty, _) => format!("{{{}}}", ty.name()),
        };
        pieces(line).into_iter().map(piece).collect()
    }

    #[test]
    fn volatile_parts_are_told_by_their_types() {
        let same = [
            ("Failed to open. [HRESULT = 0x80070005 - E_ACCESSDENIED]", "Failed to open. [HRESULT = {error} - {text}]"),
            (
                "Session: 30651968_3203616141, Package: A~31bf3856ad364e35~amd64~~17763.6414.1.4",
                "Session: {text}, Package: {package}",
            ),
            ("Unable to load INF: 'C:\\Windows\\INF\\a.inf'(00000005)", "Unable to load INF: '{path}'({error})"),
            ("requires Stack v10.0.17763.1 but has 10.0.17763.2.", "requires Stack v{version} but has {version}."),
            ("from 192.0.2.7 for KB5032196", "from {ip} for {kb}"),
            ("Installer ({81a34a10-4256-436a-89d6-794b97ca407c}) PID=12", "Installer ({guid}) PID={int}"),
            ("at 2024-10-16 08:43:18, after 3 tries of usb3 and x86", "at {text}, after {int} tries of usb3 and x86"),
            ("in C:\\Program Files\\A b\\c.dll is missing", "in {path} is missing"),
            ("open '\\\\?\\C:\\' and \\??\\C:\\Windows\\a.dll twice", "open '{path}' and {path} twice"),
            ("on C:\\ is no room", "on {path} is no room"),
            (
                "'\\??\\Volume{12345678-1234-1234-1234-123456789abc}\\a' and \\Device\\HarddiskVolume2\\b.sys failed",
                "'{path}' and {path} failed",
            ),
            ("'\\\\?\\GLOBALROOT\\Device\\HarddiskVolume2\\a' or \\\\?\\UNC\\host\\share\\a.cab", "'{path}' or {path}"),
            ("see https://example.com/a?b=1.", "see {url}."),
            ("回滚 12 次，错误 ERROR_FILE_NOT_FOUND", "回滚 {int} 次，错误 {error}"),
            ("E_MADE_UP_NAME at 0x1f", "{text} at {hex}"),
            ("nothing", "nothing"),
            ("", ""),
        ];
        for (line, expected) in same {
            assert_eq!(shown(line), expected);
        }
    }

    #[test]
    fn nothing_is_lost() {
        for line in ["1{2}3", "a0x80070005b", "-5_6_", "{}", "C:\\", "v1.2.3.4.5", "KB1234567KB1234567 0x80070005"] {
            let text: String = pieces(line)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Volatile(_, text) => text,
                })
                .collect();
            assert_eq!(text, line);
        }
    }
}
