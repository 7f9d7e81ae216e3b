//! Names and identifiers: words, quoted text, GUIDs, SIDs, addresses, users, services, URLs.

use std::net::IpAddr;

use super::Data;
use super::sentence::{MARKS, head, trimmed};

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

/// Bytes from an opening mark to its closing one, on the same line.
pub(super) fn quoted_length(text: &str) -> Option<usize> {
    /// No quoted value is longer.
    const LIMIT: usize = 8192;
    let (_, close) = QUOTES.iter().find(|(open, _)| text.starts_with(*open))?;
    let first = text.chars().next()?.len_utf8();
    let inner = head(&text[first..], LIMIT);
    let at = inner.find([*close, '\r', '\n']).filter(|at| inner[*at..].starts_with(*close))?;
    Some(first + at + close.len_utf8())
}

/// Bytes of a run without blanks, without the marks that end a sentence.
fn run_length(text: &str, limit: usize, stops: &[char]) -> usize {
    let run = head(text, limit);
    let end = run.find(|char: char| char.is_whitespace() || char.is_control() || stops.contains(&char));
    trimmed(&run[..end.unwrap_or(run.len())], &MARKS).len()
}

/// Bytes of a URL in a sentence.
pub(super) fn url_length(text: &str) -> usize {
    run_length(text, 4096, &['<', '>', '"', '，', '。', '；', '、', '）', '”', '》'])
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

/// Version 4 or 6, in brackets or not, with a zone (`%12`) or without; a mapped version 4 is version 4.
pub(super) fn ip(text: &str) -> Option<String> {
    let bare = text.strip_prefix('[').map_or(Some(text), |rest| rest.strip_suffix(']'))?;
    let (address, zone) = bare.split_once('%').map_or((bare, None), |(address, zone)| (address, Some(zone)));
    let address = address.parse::<IpAddr>().ok()?;
    let zoned = zone.is_none_or(|zone| {
        address.is_ipv6() && !zone.is_empty() && zone.chars().all(|char| char.is_ascii_alphanumeric())
    });
    zoned.then(|| address.to_canonical().to_string())
}

/// Characters that no account's name holds; brackets only stand around one.
const FORBIDDEN: [char; 16] = ['/', '[', ']', ':', ';', '|', '=', ',', '+', '*', '?', '<', '>', '"', '(', ')'];

/// Domains of the system whose names hold a blank, and its accounts whose names do.
const DOMAINS: [&str; 7] = [
    "NT AUTHORITY",
    "NT SERVICE",
    "NT VIRTUAL MACHINE",
    "IIS APPPOOL",
    "Window Manager",
    "Font Driver Host",
    "APPLICATION PACKAGE AUTHORITY",
];
const ACCOUNTS: [&str; 9] = [
    "NETWORK SERVICE",
    "LOCAL SERVICE",
    "ANONYMOUS LOGON",
    "Authenticated Users",
    "ALL APPLICATION PACKAGES",
    "ALL RESTRICTED APPLICATION PACKAGES",
    "ENTERPRISE DOMAIN CONTROLLERS",
    "CREATOR OWNER",
    "Power Users",
];

/// Bytes of a user at the beginning: without blanks but for the system's own names.
pub(super) fn user_length(text: &str) -> usize {
    let begins = |text: &str, name: &&&str| text.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    let spaced = DOMAINS.iter().find(|name| begins(text, name) && text[name.len()..].starts_with('\\'));
    let domain = spaced.map_or(0, |name| name.len() + 1);
    let behind = |rest: &str, name: &str| !rest[name.len()..].starts_with(char::is_alphanumeric);
    let domain_of_one_word = || head(text, 64).find('\\').filter(|at| !text[..*at].contains(char::is_whitespace));
    let from = if spaced.is_some() { domain } else { domain_of_one_word().map_or(0, |at| at + 1) };
    match ACCOUNTS.iter().find(|name| begins(&text[from..], name) && behind(&text[from..], name)) {
        Some(name) => from + name.len(),
        None => domain + run_length(&text[domain..], 256, &FORBIDDEN),
    }
}

/// Bytes of a service's name at the beginning, without blanks.
pub(super) fn service_length(text: &str) -> usize {
    run_length(text, 256, &['/', '\\', ')', ']'])
}

/// `DOMAIN\name`, `name@domain`, or a name by itself.
pub(super) fn user(text: &str) -> Option<Data> {
    let account = |name: &str| {
        let right = |char: char| !char.is_control() && char != '\\' && !FORBIDDEN.contains(&char);
        !name.is_empty() && name.chars().all(right)
    };
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
    let (authority, path) = rest.split_at(end);
    let scheme = scheme.to_ascii_lowercase();
    let (account, host) = authority
        .rsplit_once('@')
        .map_or(("", authority), |(_, host)| (&authority[..authority.len() - host.len()], host));
    let host = host.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    let host = host.strip_suffix(port).unwrap_or(&host);
    Some(format!("{scheme}://{account}{host}{}", if path == "/" { "" } else { path }))
}
