//! Places of the protocol: lines from 0, columns in units of UTF-16; and files by URI.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// A line and a column, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) character: usize,
}

/// The position of byte `offset`.
pub(super) fn position(text: &str, offset: usize) -> Position {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = text[..end].rfind('\n').map_or(0, |at| at + 1);
    let line = text[..start].matches('\n').count();
    let column = text[start..end].trim_start_matches('\u{feff}').encode_utf16().count();
    Position { line, character: column }
}

/// The byte at `position`; a column past the end of its line is that end.
pub(super) fn offset(text: &str, position: Position) -> usize {
    let mut start = 0;
    for _ in 0..position.line {
        match text[start..].find('\n') {
            Some(at) => start += at + 1,
            None => return text.len(),
        }
    }
    let line = text[start..].split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let mut units = 0;
    for (at, char) in line.char_indices().filter(|(_, char)| *char != '\u{feff}') {
        if units >= position.character {
            return start + at;
        }
        units += char.len_utf16();
    }
    start + line.len()
}

/// The range between two bytes.
pub(super) fn range(text: &str, start: usize, end: usize) -> Value {
    let place = |at| {
        let Position { line, character } = position(text, at);
        json!({"line": line, "character": character})
    };
    json!({"start": place(start), "end": place(end)})
}

/// The position that a request names.
pub(super) fn named(params: &Value) -> Position {
    let number = |key: &str| params["position"][key].as_u64().and_then(|number| usize::try_from(number).ok());
    Position { line: number("line").unwrap_or(0), character: number("character").unwrap_or(0) }
}

/// The path of a `file:` URI.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let mut bytes = Vec::new();
    let mut at = 0;
    while let Some(byte) = rest.as_bytes().get(at) {
        let code = rest.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(code.unwrap_or(*byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    let text = String::from_utf8(bytes).ok()?;
    // `/c:/x` of Windows.
    let drive = text.as_bytes().get(2) == Some(&b':') && text.starts_with('/');
    Some(PathBuf::from(if drive { &text[1..] } else { &text }))
}

/// The URI of a path.
pub(super) fn uri_of(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let written: String = text
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    if text.starts_with('/') { format!("file://{written}") } else { format!("file:///{written}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_units_of_utf16() {
        let text = "\u{feff}甲😀𠮷x\r\nb";
        let at = text.find('x').unwrap();
        assert_eq!(position(text, at), Position { line: 0, character: 5 });
        assert_eq!(offset(text, Position { line: 0, character: 5 }), at);
        assert_eq!(offset(text, Position { line: 0, character: 99 }), text.find('\r').unwrap());
        assert_eq!(offset(text, Position { line: 1, character: 1 }), text.len());
        assert_eq!(offset(text, Position { line: 9, character: 0 }), text.len());
    }

    #[test]
    fn paths_and_uris_meet() {
        let path = Path::new("/知识库/a b.yaml");
        assert_eq!(path_of(&uri_of(path)).unwrap(), path);
        assert_eq!(path_of("file:///c%3A/kb/x.yaml").unwrap(), PathBuf::from("c:/kb/x.yaml"));
        assert_eq!(path_of("untitled:1"), None);
    }
}
