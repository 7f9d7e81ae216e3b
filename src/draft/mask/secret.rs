//! What must not leave the house, and where it stands in a text.
//!
//! A table of kinds, the surest first. File names, INFs, component paths, versions, well-known accounts and addresses of
//! the machine itself are no secrets: they are what a draft is about.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A kind of secret.
struct Secret {
    /// The word in the mask.
    name: &'static str,
    /// Where it stands: the group `secret`, or `bare` where another way of writing it needs one.
    found: Regex,
    /// Whether what was found is meant.
    meant: fn(&str, &str) -> bool,
    /// Whether the word is a secret wherever it stands, once it was found.
    learnt: bool,
}

/// A secret found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hidden {
    /// Its bytes.
    pub(crate) range: Range<usize>,
    /// The word in the mask.
    pub(crate) kind: &'static str,
    /// Whether the same word is a secret elsewhere too.
    pub(crate) learnt: bool,
}

/// Kinds: name, expression, check, whether it is learnt.
type Row = (&'static str, &'static str, fn(&str, &str) -> bool, bool);

const TABLE: [Row; 19] = [
    ("password", r"(?i)://[^\s/:@]+:(?P<secret>[^\s/@]+)@", any, true),
    (
        "password",
        r#"(?i)(?:密\s*码|口\s*令|password|passwd|passphrase|pwd|client[_-]?secret)["']?\s*(?:[:：=]|为|是|\bis\b)\s*["'“]?(?P<secret>[^\s，。；;,"'”&<>]+)"#,
        worded,
        true,
    ),
    ("password", r"(?i)\bnet\s+user\s+\S+\s+(?P<secret>[^\s/*]+)", any, true),
    ("token", r"(?i)\b(?:bearer|basic)\s+(?P<secret>[A-Za-z0-9._~+/=-]{12,})", any, true),
    (
        "token",
        r"(?i)[?&;](?:[a-z_-]*token|sig|signature|key|api[_-]?key|sv|se|auth|code|ticket|session(?:id)?|secret|pwd|password|passwd)=(?P<secret>[^&\s>，。；、）)\x22']+)",
        any,
        true,
    ),
    (
        "account",
        r#"(?i)(?:用户名|用户帐号|用户账号|账号|帐号|帐户名|账户名|登录名|\buser[ _]?name|\buser[ _]?id|\blog[io]n(?: name)?|\baccount(?: name)?)["']?\s*[:：=]\s*["'“]?(?P<secret>[^\s，。；;,"'”<>]+)"#,
        somebody,
        true,
    ),
    ("account", r"(?i)/user:(?P<secret>[^\s\x22]+)", somebody, true),
    (
        "mail",
        r"(?P<secret>[A-Za-z0-9._%+-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})",
        any,
        false,
    ),
    (
        "id",
        r"(?:^|[^0-9A-Za-z_.{-])(?P<secret>[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx])(?:$|[^0-9A-Za-z_])",
        any,
        false,
    ),
    (
        "phone",
        r"(?:^|[^0-9A-Za-z_.{/\\-])(?P<secret>(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}|(?:\+?86[- ]?)?\(?0[1-9][0-9]{1,2}[)-] ?[0-9]{7,8}|\+[1-9][0-9]{0,2}[- ][0-9]{2,4}[- ][0-9]{3,4}[- ]?[0-9]{3,4})(?:$|[^0-9A-Za-z_-])",
        any,
        false,
    ),
    ("sid", r"(?i)\b(?P<secret>S-1-(?:5-21|12-1)(?:-[0-9]+){3,5})\b", any, false),
    (
        "mac",
        r"(?:^|[^0-9A-Za-z:.-])(?P<secret>(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4})(?:$|[^0-9A-Za-z:-])",
        distinct,
        false,
    ),
    (
        "ip",
        r"(?:^|[^0-9A-Za-z_.-])(?P<secret>(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9]))(?:$|[^0-9A-Za-z_.-]|[.-](?:$|[^0-9A-Za-z]))",
        address,
        false,
    ),
    (
        "ip",
        r"(?i)(?:^|[^0-9A-Za-z:.])(?P<secret>(?:fe80|f[cd][0-9a-f]{2}|2[0-9a-f]{3})(?::[0-9a-f]{0,4}){2,7})(?:$|[^0-9A-Za-z:])",
        any,
        false,
    ),
    (
        "user",
        r#"(?i)(?:[\\/]Users|[\\/]用户|[\\/]Documents and Settings|[\\/]home)[\\/]+(?:(?P<secret>[^\\/:<>|?*"'\s](?:[^\\/:<>|?*"'\r\n]{0,62}[^\\/:<>|?*"'\s])?)[\\/]|(?P<bare>[^\\/\s:<>|?*'",;，。；]+))"#,
        somebody,
        true,
    ),
    ("host", r"(?i)(?:^|[\s'\x22(=：，,:>])\\\\(?P<secret>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\\|$|\s)", machine, true),
    (
        "host",
        r#"(?i)(?:主机名|计算机名(?:称)?|\bhost ?name|\bcomputer ?name|\bmachine ?name|\bworkstation(?: name)?)["']?\s*[:：=]\s*["'“]?(?P<secret>[A-Za-z0-9][A-Za-z0-9._-]*)"#,
        machine,
        true,
    ),
    ("host", r"(?:^|[^0-9A-Za-z-])(?P<secret>(?:DESKTOP|LAPTOP|WIN)-[0-9A-Z]{7,12})(?:$|[^0-9A-Za-z-])", machine, true),
    ("host", r"(?:^|[\s\\'\x22(])(?P<secret>[A-Za-z0-9][A-Za-z0-9-]{1,14})\$(?:$|[\s'\x22).,;，。])", machine, true),
];

static SECRETS: LazyLock<Vec<Secret>> = LazyLock::new(|| {
    let row =
        |(name, source, meant, learnt): Row| Some(Secret { name, found: Regex::new(source).ok()?, meant, learnt });
    TABLE.into_iter().filter_map(row).collect()
});

fn any(_: &str, _: &str) -> bool {
    true
}

/// `password: none` and the like tell nothing.
fn worded(text: &str, _: &str) -> bool {
    const NONE: [&str; 12] = [
        "none",
        "null",
        "(null)",
        "n/a",
        "***",
        "******",
        "********",
        "required",
        "expired",
        "incorrect",
        "错误",
        "不正确",
    ];
    !NONE.contains(&text.to_lowercase().as_str()) && !text.starts_with('‹')
}

/// Accounts and folders that are nobody's.
const NOBODY: [&str; 30] = [
    "-",
    "administrator",
    "administrators",
    "all",
    "all users",
    "any",
    "anonymous",
    "creator owner",
    "default",
    "default user",
    "defaultapppool",
    "defaultuser0",
    "everyone",
    "guest",
    "localservice",
    "localsystem",
    "n/a",
    "networkservice",
    "none",
    "null",
    "(null)",
    "public",
    "root",
    "system",
    "trustedinstaller",
    "users",
    "unknown",
    "nt",
    "local",
    "wdagutilityaccount",
];

fn somebody(text: &str, _: &str) -> bool {
    let text = text.to_lowercase();
    let builtin =
        ["nt authority", "nt service", "builtin", "iis apppool", "window manager", "font driver host", "s-1-"];
    !NOBODY.contains(&text.as_str()) && !builtin.iter().any(|known| text.starts_with(known)) && !text.starts_with('‹')
}

fn machine(text: &str, _: &str) -> bool {
    !["localhost", "unc", "globalroot", "tsclient", "n", "pipe"].contains(&text.to_lowercase().as_str())
}

/// A MAC address of one machine, neither none nor all.
fn distinct(text: &str, _: &str) -> bool {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
    digits.iter().any(|digit| *digit != digits[0])
}

/// An address of another machine; a version has the word before it.
fn address(text: &str, before: &str) -> bool {
    let own = text.starts_with("127.") || text.starts_with("0.0.0.") || text.starts_with("255.255.");
    let before =
        before.trim_end_matches(|char: char| char.is_whitespace() || ":：=(（'\"".contains(char)).to_lowercase();
    let version = ["version", "ver", "ver.", " v", "build", "版本", "版本号", "revision"];
    !own && before != "v" && !version.iter().any(|word| before.ends_with(word))
}

/// All secrets of a text, in order, none overlapping another.
pub(crate) fn find(text: &str) -> Vec<Hidden> {
    let mut hidden: Vec<Hidden> = Vec::new();
    for secret in SECRETS.iter() {
        let mut from = 0;
        while let Some(found) = secret.found.captures_at(text, from) {
            let Some(group) = found.name("secret").or_else(|| found.name("bare")) else { break };
            // The character behind one may be the one before the next.
            from = group.end().max(from + 1);
            while !text.is_char_boundary(from) {
                from += 1;
            }
            let free = hidden.iter().all(|known| known.range.end <= group.start() || group.end() <= known.range.start);
            if free && !group.is_empty() && (secret.meant)(group.as_str(), &text[..group.start()]) {
                hidden.push(Hidden { range: group.range(), kind: secret.name, learnt: secret.learnt });
            }
            if from > text.len() {
                break;
            }
        }
    }
    hidden.sort_by_key(|one| one.range.start);
    hidden
}
