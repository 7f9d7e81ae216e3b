//! What must not leave the house: found in text from logs and mails, and masked the same way throughout a draft.
//!
//! File names, INFs and component paths stay: they are what a draft is about.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A kind of secret: its name in the mask, and where it stands (the group `secret`).
struct Secret {
    name: &'static str,
    found: Regex,
}

/// What is looked for, the surest first.
static SECRETS: LazyLock<Vec<Secret>> = LazyLock::new(|| {
    let table = [
        ("password", r"(?i)(?:密\s*码|口令|password|passwd|pwd)\s*[:：=]\s*(?P<secret>[^\s，。；;,]+)"),
        ("account", r"(?i)(?:用户名|账号|帐号|user ?name|login)\s*[:：=]\s*(?P<secret>[^\s，。；;,]+)"),
        ("token", r"(?i)[?&](?:token|sig|signature|key|access_token|sv)=(?P<secret>[^&\s>，。]+)"),
        ("mail", r"(?P<secret>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"),
        (
            "phone",
            r"(?:^|[^0-9A-Za-z_.-])(?P<secret>(?:\+?86[- ]?)?1[3-9][0-9]{9}|400[- ]?[0-9]{3}[- ]?[0-9]{4}|0[0-9]{2,3}-[0-9]{7,8})(?:$|[^0-9A-Za-z_.-])",
        ),
        (
            "id",
            r"(?:^|[^0-9A-Za-z_])(?P<secret>[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{5}[0-9Xx])(?:$|[^0-9A-Za-z_])",
        ),
        ("sid", r"(?P<secret>S-1-5-21(?:-[0-9]+){3,4})"),
        ("mac", r"(?:^|[^0-9A-Fa-f:-])(?P<secret>(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})(?:$|[^0-9A-Fa-f:-])"),
        (
            "ip",
            r"(?:^|[^0-9A-Za-z_.=-])(?P<secret>(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9]))(?:$|[^0-9A-Za-z_.-])",
        ),
        ("user", r"(?i)[\\/]Users[\\/](?P<secret>[^\\/\s:<>|?*'\x22]+)"),
        ("host", r"(?:^|[\s'\x22(=])\\\\(?P<secret>[A-Za-z0-9][A-Za-z0-9.-]*)\\"),
    ];
    table.iter().filter_map(|(name, source)| Some(Secret { name, found: Regex::new(source).ok()? })).collect()
});

/// Folders under `Users` that are nobody's.
const NOBODY: [&str; 6] = ["public", "default", "all", "defaultuser0", "administrator", "defaultapppool"];

/// Masks secrets, each one the same way wherever it stands.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    seen: RefCell<HashMap<(&'static str, String), usize>>,
}

impl Redactor {
    /// `text` with every secret masked, `‹host-1›`.
    pub(super) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for secret in SECRETS.iter() {
            if secret.found.is_match(&text) {
                let masked = secret.found.replace_all(&text, |found: &Captures<'_>| self.mask(secret, found));
                text = Cow::Owned(masked.into_owned());
            }
        }
        text
    }

    fn mask(&self, secret: &Secret, found: &Captures<'_>) -> String {
        let (Some(whole), Some(hidden)) = (found.get(0), found.name("secret")) else {
            return String::new();
        };
        let text = hidden.as_str();
        if text.starts_with('‹') || (secret.name == "user" && NOBODY.contains(&text.to_ascii_lowercase().as_str())) {
            return whole.as_str().to_owned();
        }
        let mut seen = self.seen.borrow_mut();
        let next = seen.keys().filter(|(name, _)| *name == secret.name).count() + 1;
        let number = *seen.entry((secret.name, text.to_lowercase())).or_insert(next);
        let before = &whole.as_str()[..hidden.start() - whole.start()];
        let after = &whole.as_str()[hidden.end() - whole.start()..];
        format!("{before}‹{}-{number}›{after}", secret.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Redactor;

    #[test]
    fn secrets_are_masked_the_same_way_throughout() {
        let redactor = Redactor::default();
        for (text, masked) in [
            ("密码：Secret-1", "密码：‹password-1›"),
            ("用户名：upload01", "用户名：‹account-1›"),
            ("https://x.example.com/d?id=1&token=01AbCd", "https://x.example.com/d?id=1&token=‹token-1›"),
            ("电话：13800000000。", "电话：‹phone-1›。"),
            (r"C:\Users\zhang\AppData", r"C:\Users\‹user-1›\AppData"),
            (r"C:\Users\Public\x", r"C:\Users\Public\x"),
            (r"C:\Users\ZHANG\x", r"C:\Users\‹user-1›\x"),
            (r"copy \\filesrv01\share\x", r"copy \\‹host-1›\share\x"),
            ("from 192.168.1.20 to 192.168.1.21", "from ‹ip-1› to ‹ip-2›"),
            ("S-1-5-21-1-2-3-1001", "‹sid-1›"),
            ("a@example.com", "‹mail-1›"),
        ] {
            assert_eq!(redactor.redact(text), masked);
        }
    }

    #[test]
    fn what_a_log_is_about_stays() {
        let redactor = Redactor::default();
        for text in [
            r"C:\Windows\WinSxS\amd64_dual_usbstor.inf_31bf3856ad364e35_10.0.17763.2237_none_8e64ef457e7839af\usbstor.inf",
            "Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.6414.1.4",
            "Session: 31034769_4265380821 finalized",
            "10.0.17763.6174",
            "S-1-5-32-544",
            "2024-10-16 08:43:18, Info                  CBS    Failed [HRESULT = 0x80070005 - E_ACCESSDENIED]",
            r"\\?\C:\Windows\INF\usbstor.inf",
        ] {
            assert_eq!(redactor.redact(text), text);
        }
    }
}
