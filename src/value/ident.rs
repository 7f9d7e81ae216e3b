//! Names and identifiers: words, quoted text, GUIDs, SIDs, addresses, users, services, URLs.

use std::net::IpAddr;

use super::Data;

/// Pairs of quotation marks; the same on both sides or a pair.
const QUOTES: [(char, char); 5] = [('\'', '\''), ('"', '"'), ('“', '”'), ('‘', '’'), ('`', '\'')];

/// Text without blanks.
pub(super) fn word(text: &str) -> Option<Data> {
    (!text.is_empty() && !text.contains(char::is_whitespace)).then_some(Data::Text)
}

/// What stands between a pair of quotation marks.
pub(super) fn quoted(text: &str) -> Option<&str> {
    let (_, close) = QUOTES.iter().find(|(open, _)| text.starts_with(*open))?;
    let mut chars = text.chars();
    chars.next()?;
    chars.as_str().strip_suffix(*close).filter(|inner| !inner.contains(*close))
}

/// The text without the quotation marks around it, if it has any.
pub(super) fn unquote(text: &str) -> &str {
    quoted(text).unwrap_or(text)
}

/// Bytes from an opening mark to its closing one.
pub(super) fn quoted_length(line: &str) -> Option<usize> {
    let (_, close) = QUOTES.iter().find(|(open, _)| line.starts_with(*open))?;
    let first = line.chars().next()?.len_utf8();
    line[first..].find(*close).map(|at| first + at + close.len_utf8())
}

/// With braces or without, any case.
pub(super) fn guid(text: &str) -> Option<String> {
    let bare = text.strip_prefix('{').map_or(Some(text), |rest| rest.strip_suffix('}'))?;
    let groups: Vec<&str> = bare.split('-').collect();
    let right = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.chars().all(|char| char.is_ascii_hexdigit()));
    right.then(|| bare.to_ascii_lowercase())
}

/// `S-1-5-32-544`, also as a secedit list writes it, `*S-1-…`.
pub(super) fn sid(text: &str) -> Option<String> {
    let upper = text.strip_prefix('*').unwrap_or(text).to_ascii_uppercase();
    let mut parts = upper.strip_prefix("S-1-")?.split('-');
    parts.all(|part| !part.is_empty() && part.chars().all(|char| char.is_ascii_digit())).then_some(upper)
}

/// Version 4 or 6, in brackets or not.
pub(super) fn ip(text: &str) -> Option<String> {
    let bare = text.strip_prefix('[').map_or(Some(text), |rest| rest.strip_suffix(']'))?;
    bare.parse::<IpAddr>().ok().map(|address| address.to_string())
}

/// `DOMAIN\name`, `name@domain`, or a name by itself.
pub(super) fn user(text: &str) -> Option<Data> {
    let forbidden = |char: char| char.is_control() || "/[]:;|=,+*?<>\"".contains(char);
    let account = |name: &str| !name.is_empty() && !name.contains(forbidden) && !name.contains('\\');
    let right = match text.split_once('\\') {
        Some((domain, name)) => account(domain) && account(name),
        None => account(text),
    };
    (right && text.len() <= 256).then_some(Data::Name)
}

/// A service's name: no slashes, at most 256 characters.
pub(super) fn service(text: &str) -> Option<Data> {
    let right = !text.is_empty() && text.len() <= 256 && !text.contains(['/', '\\', '\n', '\r', '\t']);
    right.then_some(Data::Name)
}

/// Scheme and host without case, the rest as it is.
pub(super) fn url(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let known = ["http", "https", "ftp", "file", "ldap"].iter().any(|known| known.eq_ignore_ascii_case(scheme));
    if !known || rest.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    Some(format!(
        "{}://{}{}",
        scheme.to_ascii_lowercase(),
        host.to_ascii_lowercase(),
        if path == "/" { "" } else { path }
    ))
}
