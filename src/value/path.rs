//! Windows and UNC paths: one key for all spellings of a place.
//!
//! A path begins at a root: a drive, a share, a variable, `\SystemRoot`, a device. Compared without case; `/` is `\`;
//! `\\?\`, `\\.\` and `\??\` are taken off; `%windir%`, `%SystemRoot%` and `\SystemRoot` are `C:\Windows`, the place
//! they name on all but odd machines; `.`, `..`, dots and blanks at a part's end go, as Windows itself drops them.
//! A file's name alone is no path, nor is a stream (`a.txt:s`).

use smol_str::{SmolStr, format_smolstr};

use super::sentence::{head, trimmed};
use super::servicing::Component;
use super::{Data, Type, Value, fold};

/// The longest path Windows takes.
const LIMIT: usize = 32_767;

/// No root is longer: a host's name and a share's.
const ROOT_LIMIT: usize = 512;

/// Where the system's devices lie.
const DEVICE: &str = r"\device\";

/// What stands in front of a path that is given to the system as it is.
const VERBATIM: [&str; 3] = [r"\\?\", r"\\.\", r"\??\"];

/// Roots that are another place by name, in lower case.
const KNOWN: [(&str, &str); 4] =
    [("%windir%", WINDOWS), ("%systemroot%", WINDOWS), (r"\systemroot", WINDOWS), ("%systemdrive%", "c:")];

/// Where Windows lies.
const WINDOWS: &str = r"c:\windows";

/// Characters no part of a path can hold.
const FORBIDDEN: [char; 7] = ['<', '>', '"', '|', '?', '*', ':'];

/// Marks that end a path in a sentence although a name may hold them.
const SENTENCE: [char; 10] = ['，', '。', '；', '：', '、', '！', '？', '”', '’', '》'];

/// Where a path begins.
struct Root {
    /// Bytes of the text, with the `\` behind a drive.
    length: usize,
    /// The normal form, without a slash at its end.
    normal: SmolStr,
}

/// Whether the whole of a text is a path, without the quotes around it.
pub(super) fn is_path(text: &str) -> bool {
    root(text).is_some_and(|root| parts(text, &root).is_some())
}

/// What most paths are made of.
fn needs_no_second_look(byte: u8) -> bool {
    matches!(byte, b'-'..=b'9' | b'A'..=b'Z' | b'\\' | b'_' | b'a'..=b'z' | b' ')
}

/// Whether all parts are of letters that need no second look; of one of dots and blanks alone more has to be known.
fn is_plain(rest: &str) -> bool {
    let (mut begun, mut solid) = (false, false);
    for byte in rest.bytes() {
        match byte {
            b'\\' | b'/' if begun && !solid => return false,
            b'\\' | b'/' => (begun, solid) = (false, false),
            b'.' | b' ' => begun = true,
            byte if needs_no_second_look(byte) => (begun, solid) = (true, true),
            _ => return false,
        }
    }
    solid || !begun
}

/// The parts below the root as they are written, `.` and `..` among them; `None` where one of them can be no part of a path.
fn parts<'t>(text: &'t str, root: &Root) -> Option<impl Iterator<Item = &'t str> + use<'t>> {
    let rest = &text[root.length..];
    let parts = rest.split(['\\', '/']).filter(|part| !part.is_empty());
    let right = |part: &str| matches!(part, "." | "..") || !bare(part).is_empty();
    let all_right = || is_plain(rest) || reach(rest) == rest.len() && parts.clone().all(right);
    (text.len() <= LIMIT && all_right()).then_some(parts)
}

/// A part without what Windows drops at its end.
fn bare(part: &str) -> &str {
    part.trim_end_matches(['.', ' '])
}

/// The normal form of a path, lower case.
pub(super) fn key(text: &str) -> String {
    let Some(root) = root(text) else { return fold(text) };
    // The Windows folder is a place under its drive, which `..` leaves.
    let windows = root.normal == WINDOWS;
    let mut kept: Vec<&str> = if windows { vec!["windows"] } else { Vec::new() };
    for part in parts(text, &root).into_iter().flatten() {
        match part {
            "." => {}
            ".." => drop(kept.pop()),
            part => kept.push(bare(part)),
        }
    }
    let mut normal = if windows { "c:".to_owned() } else { root.normal.to_string() };
    for part in &kept {
        normal.push('\\');
        normal.push_str(&fold(part));
    }
    if normal.ends_with(':') {
        normal.push('\\');
    }
    normal
}

/// A field of a path.
pub(super) fn field(text: &str, field: &str) -> Option<Value> {
    let root = root(text)?.length;
    let whole = text.trim_end_matches(['\\', '/', '.', ' ']);
    let rest = whole.get(root..).unwrap_or("");
    let name = rest.rsplit(['\\', '/']).next().filter(|name| !name.is_empty());
    let (stem, ext) = name.map_or(("", ""), |name| match name.rsplit_once('.') {
        Some((stem, ext)) if !stem.is_empty() => (stem, ext),
        _ => (name, ""),
    });
    match field {
        "name" => Some(Value::name(name?)),
        "stem" => name.map(|_| Value::name(stem)),
        "ext" => name.map(|_| Value::name(ext)),
        "dir" => {
            let dir = whole[..whole.len() - name?.len()].trim_end_matches(['\\', '/']);
            Type::Path.read(&text[..dir.len().max(root)])
        }
        "component" => {
            let mut parts = rest.split(['\\', '/']).rev();
            let (text, component) = parts.find_map(|part| Some((part, Component::read(part)?)))?;
            Some(Value::of(Type::Component, text, Data::Component(component.into())))
        }
        _ => None,
    }
}

/// The root that `text` begins with. Looks at no more of the text than a root can take.
fn root(text: &str) -> Option<Root> {
    let start = text.chars().next()?;
    if !(start.is_ascii_alphabetic() || matches!(start, '\\' | '/' | '%')) {
        return None;
    }
    // Most begin with a drive.
    if let Some((length, normal)) = drive(text) {
        return Some(Root { length, normal });
    }
    // Neither changes the length, so that places in it are places in the text.
    let slashed = head(text, ROOT_LIMIT).replace('/', r"\").to_ascii_lowercase();
    let root = normal_root(&slashed)?;
    let cut = root.length == slashed.len() && slashed.len() < text.len();
    (!cut).then_some(root)
}

/// The root of a text in ASCII lower case without `/`.
fn normal_root(slashed: &str) -> Option<Root> {
    let prefix = VERBATIM.iter().find(|prefix| slashed.starts_with(**prefix)).map_or(0, |prefix| prefix.len());
    let bare = &slashed[prefix..];
    let share = if prefix > 0 { bare.strip_prefix(r"unc\") } else { bare.strip_prefix(r"\\") };
    if let Some(share) = share {
        let length = share_length(share)?;
        let before = slashed.len() - share.len();
        return Some(Root { length: before + length, normal: format_smolstr!(r"\\{}", fold(&share[..length])) });
    }
    if let Some((length, normal)) = known(bare).or_else(|| drive(bare)).or_else(|| variable(bare)) {
        return Some(Root { length: prefix + length, normal });
    }
    let (before, device) = if prefix > 0 { (prefix, bare) } else { (DEVICE.len(), bare.strip_prefix(DEVICE)?) };
    let device = device.split('\\').next().filter(|name| !name.is_empty() && reach(name) == name.len())?;
    Some(Root { length: before + device.len(), normal: format_smolstr!("{DEVICE}{}", fold(device)) })
}

/// Bytes of `host\share` at the beginning.
fn share_length(text: &str) -> Option<usize> {
    let (host, rest) = text.split_once('\\')?;
    let share = rest.split('\\').next()?;
    let right = |name: &str| !name.is_empty() && reach(name) == name.len();
    (right(host) && right(share)).then(|| host.len() + 1 + share.len())
}

/// A root by a name that everyone uses.
fn known(text: &str) -> Option<(usize, SmolStr)> {
    let (name, place) = KNOWN.iter().find(|(name, _)| text.strip_prefix(name).is_some_and(ends))?;
    Some((name.len(), SmolStr::new(place)))
}

fn drive(text: &str) -> Option<(usize, SmolStr)> {
    let letter = text.chars().next().filter(char::is_ascii_alphabetic)?;
    let rest = text[1..].strip_prefix(':').filter(|rest| ends(rest) || rest.starts_with('/'))?;
    Some((2 + usize::from(!rest.is_empty()), SmolStr::from_iter([letter.to_ascii_lowercase(), ':'])))
}

/// Another variable keeps its name: `%ProgramData%\x` is itself.
fn variable(text: &str) -> Option<(usize, SmolStr)> {
    let (name, rest) = text.strip_prefix('%')?.split_once('%')?;
    let plain = |char: char| char.is_alphanumeric() || matches!(char, '_' | '(' | ')' | '-' | '.');
    (!name.is_empty() && name.chars().all(plain) && ends(rest)).then(|| (name.len() + 2, format_smolstr!("%{name}%")))
}

/// Whether a root ends here.
fn ends(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('\\')
}

/// How many bytes at the beginning of `text` a path can hold. An apostrophe within a word is a letter (`O'Neil`), any
/// other one is a quotation mark.
fn reach(text: &str) -> usize {
    let skipped = text.bytes().take_while(|byte| needs_no_second_look(*byte)).count();
    let (own, rest) = text.split_at(skipped);
    let mut before = own.chars().next_back().unwrap_or(' ');
    let mut chars = rest.char_indices().map(|(at, char)| (skipped + at, char)).peekable();
    while let Some((at, char)) = chars.next() {
        let letter = |char: char| char.is_alphanumeric();
        let inside = letter(before) && chars.peek().is_some_and(|(_, next)| letter(*next));
        if FORBIDDEN.contains(&char) || char.is_control() || char == '\'' && !inside {
            return at;
        }
        before = char;
    }
    text.len()
}

/// How far a path reaches from the beginning: a quoted one to its closing mark, another to the line's end or to a
/// character that no path can hold, without what follows a path in a sentence.
pub(super) fn length(text: &str) -> Option<usize> {
    if let Some(quoted) = super::ident::quoted_length(text) {
        return Some(quoted);
    }
    let root = root(text)?.length;
    let rest = head(&text[root..], LIMIT - root.min(LIMIT));
    let rest = &rest[..reach(rest)];
    let rest = rest.split(SENTENCE).next().unwrap_or(rest);
    Some(root + trimmed(rest, &[' ', ',', ';', '.']).len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_needs_no_second_look_stands_it(rest in r"([A-Za-z0-9._ /\\-]|[.\\ ]{2}|[:'é，?\t]){0,24}") {
            let mut parts = rest.split(['\\', '/']).filter(|part| !part.is_empty());
            let all_right = reach(&rest) == rest.len() && parts.all(|part| matches!(part, "." | "..") || !bare(part).is_empty());
            prop_assert!(all_right || !is_plain(&rest), "{}", rest);
        }
    }

    #[test]
    fn letters_that_need_no_second_look() {
        for plain in ["", "a", r"Windows\INF\oem15.inf", r"Program Files\a-b_c.d\", r"\\a\\b", ".a", "a.", "a/b"] {
            assert!(is_plain(plain), "{plain}");
        }
        for other in [".", "..", r"a\.\b", r"a\ \b", r"a\..", "O'Neil", "a:b", "é", "a?", "a\tb"] {
            assert!(!is_plain(other), "{other}");
        }
    }
}
