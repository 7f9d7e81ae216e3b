//! Windows and UNC paths: one key for all spellings of a place.
//!
//! Case-blind; `/` is `\`; `\\?\` and `\??\` are taken off; `%windir%`, `%SystemRoot%` and `\SystemRoot` are
//! `C:\Windows`, the place they name on all but odd machines.

use super::servicing::Component;
use super::{Data, Type, Value};

/// A path, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WindowsPath {
    /// As written, without quotes.
    text: String,
    /// The normal form, lower case.
    normal: String,
}

/// Spellings of the Windows folder at a path's beginning, in lower case.
const WINDOWS: [&str; 4] = ["%windir%", "%systemroot%", r"\systemroot", "${windir}"];

/// Characters no part of a path can hold.
const FORBIDDEN: [char; 8] = ['<', '>', '"', '|', '?', '*', '\'', '\t'];

impl WindowsPath {
    pub(super) fn read(text: &str) -> Option<WindowsPath> {
        let normal = normal(text)?;
        Some(WindowsPath { text: text.to_owned(), normal })
    }

    pub(super) fn key(&self) -> String {
        self.normal.clone()
    }

    /// The parts of the text between slashes, as written.
    fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text.trim_end_matches(['\\', '/']).split(['\\', '/'])
    }

    pub(super) fn field(&self, field: &str) -> Option<Value> {
        let name = self.parts().next_back().unwrap_or("");
        let (stem, ext) = match name.rsplit_once('.') {
            Some((stem, ext)) if !stem.is_empty() => (stem, ext),
            _ => (name, ""),
        };
        match field {
            "name" => Some(Value::name(name)),
            "stem" => Some(Value::name(stem)),
            "ext" => Some(Value::name(ext)),
            "dir" => {
                let whole = self.text.trim_end_matches(['\\', '/']);
                let dir = &whole[..whole.len() - name.len()];
                let bare = dir.trim_end_matches(['\\', '/']);
                Type::Path.read(if bare.ends_with(':') { dir } else { bare })
            }
            "component" => {
                let component = self.parts().rev().find_map(|part| Some((part, Component::read(part)?)))?;
                Some(Value::of(Type::Component, component.0, Data::Component(component.1)))
            }
            _ => None,
        }
    }
}

/// The normal form of a path, or nothing where the text is none.
fn normal(text: &str) -> Option<String> {
    let slashed = text.replace('/', r"\").to_ascii_lowercase();
    if slashed.contains(['\r', '\n']) || slashed.len() > 32_767 {
        return None;
    }
    let (unc, bare) = if let Some(rest) = slashed.strip_prefix(r"\\?\unc\") {
        (true, rest)
    } else if let Some(rest) = slashed.strip_prefix(r"\\?\").or_else(|| slashed.strip_prefix(r"\??\")) {
        (false, rest)
    } else if let Some(rest) = slashed.strip_prefix(r"\\") {
        (true, rest)
    } else {
        (false, slashed.as_str())
    };
    if bare.contains(FORBIDDEN) {
        return None;
    }
    let rooted = if unc {
        let (host, _) = bare.split_once('\\')?;
        (!host.is_empty()).then(|| format!(r"\\{bare}"))?
    } else {
        rooted(bare)?
    };
    let mut parts = rooted.trim_end_matches('\\').to_owned();
    if parts.ends_with(':') {
        parts.push('\\');
    }
    while parts.get(2..).is_some_and(|rest| rest.contains(r"\\")) {
        let (head, tail) = parts.split_at(2);
        parts = format!("{head}{}", tail.replace(r"\\", r"\"));
    }
    Some(parts)
}

/// A path that begins at a drive, at the Windows folder or at a variable.
fn rooted(bare: &str) -> Option<String> {
    for windows in WINDOWS {
        if let Some(rest) = bare.strip_prefix(windows)
            && (rest.is_empty() || rest.starts_with('\\'))
        {
            return Some(format!(r"c:\windows{rest}"));
        }
    }
    let bytes = bare.as_bytes();
    if bytes.len() >= 3 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes[2] == b'\\' {
        return (!bare[2..].contains(':')).then(|| bare.to_owned());
    }
    if bytes.len() == 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' {
        return Some(bare.to_owned());
    }
    // Another variable keeps its name: `%ProgramData%\x` is itself.
    let rest = bare.strip_prefix('%')?;
    let (name, rest) = rest.split_once('%')?;
    let right = !name.is_empty() && !name.contains(['\\', ' ', ':']) && (rest.is_empty() || rest.starts_with('\\'));
    right.then(|| bare.to_owned())
}

/// How far an unquoted path reaches from the line's beginning; a quoted one to its closing mark.
pub(super) fn length(line: &str) -> Option<usize> {
    if line.starts_with(['\'', '"']) {
        return super::ident::quoted_length(line);
    }
    let prefix = [r"\\?\", r"\??\"].iter().find(|prefix| line.starts_with(**prefix)).map_or(0, |prefix| prefix.len());
    let drive = prefix + usize::from(line[prefix..].get(1..2) == Some(":")) * 2;
    let body = &line[drive..];
    let end = body.find(|char: char| FORBIDDEN.contains(&char) || char == ':').unwrap_or(body.len());
    // What follows a path in a sentence is no part of it.
    let reach = line[..drive + end].trim_end_matches([' ', ',', ';', ')', ']', '.']);
    Some(reach.len())
}
