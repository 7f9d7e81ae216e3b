//! Remedy scripts: a batch file with the values of one case filled in, or the reason why there is none.
//!
//! A value comes from a log, and a log line must never become a command. A script takes `{{ name }}` within quotes and
//! nothing else; a value that quotes of `cmd.exe` cannot hold is refused, and then the steps are done by hand.

#[cfg(test)]
mod shell;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::lang::Localized;
use crate::rule::Remedy;
use crate::value::Type;

use super::mask::masks;
use super::{Attachment, Templates};

/// Characters of a value at the most.
const LENGTH: usize = 240;

/// A `{{ name }}` of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Its bytes, braces and all.
    pub range: Range<usize>,
    /// What stands between the braces, without blanks.
    pub name: String,
    /// Whether it stands within quotes on its line.
    pub quoted: bool,
}

/// All holes of a script, in order. Anything else in braces of a template is a hole whose name is none.
#[must_use]
pub fn holes(script: &str) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut from = 0;
    while let Some(at) = ["{{", "{%", "{#"].iter().filter_map(|open| script[from..].find(open)).min() {
        let start = from + at;
        let line = script[..start].rfind('\n').map_or(0, |end| end + 1);
        let rest = &script[start..];
        let own = rest.lines().next().unwrap_or_default();
        let end = start + own.find("}}").map_or(own.len(), |end| end + 2);
        let name = script[start..end].strip_prefix("{{").and_then(|text| text.strip_suffix("}}")).unwrap_or_default();
        let before = script[line..start].matches('"').count();
        let after = script[end..].lines().next().unwrap_or_default();
        let quoted = before % 2 == 1 && after.contains('"');
        holes.push(Hole { range: start..end, name: name.trim().to_owned(), quoted });
        from = end.max(start + 2);
    }
    holes
}

/// The script of a remedy with its values, as a file that goes with a mail.
///
/// # Errors
///
/// The reason why there is none: a value that the shell cannot be given, or a script that is not there or not sound.
pub(super) fn attachment(
    remedy: &Remedy,
    name: &str,
    templates: &Templates,
    values: &BTreeMap<String, String>,
) -> Result<Attachment, Localized> {
    let path = format!("scripts/{name}");
    let found = templates.files.iter().find(|(known, _)| *known == path);
    let plain = name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_'));
    let (Some((_, script)), true) = (found, plain) else {
        return Err(Localized::new("脚本不可用", "the script cannot be used"));
    };
    let text = fill(script, &remedy.needs, values)?.replace("\r\n", "\n").replace('\n', "\r\n");
    // Mail programs hold back what can be run; who receives it takes the ending off.
    Ok(Attachment { name: format!("{name}.txt"), media: "text/plain", text })
}

/// A script with its values.
pub(super) fn fill(
    script: &str,
    needs: &[(String, Type)],
    values: &BTreeMap<String, String>,
) -> Result<String, Localized> {
    let mut filled = String::with_capacity(script.len());
    let mut from = 0;
    for hole in holes(script) {
        let need = needs.iter().find(|(name, _)| *name == hole.name);
        let (Some((_, ty)), Some(value), true) = (need, values.get(&hole.name), hole.quoted) else {
            return Err(Localized::new("脚本不可用", "the script cannot be used"));
        };
        if let Some(why) = refused(value, *ty) {
            return Err(why);
        }
        filled.push_str(&script[from..hole.range.start]);
        filled.push_str(value);
        from = hole.range.end;
    }
    filled.push_str(&script[from..]);
    Ok(filled)
}

/// Why a value cannot stand within quotes of a script.
fn refused(value: &str, ty: Type) -> Option<Localized> {
    let said = |zh: String, en: String| Some(Localized::new(zh, en));
    if masks(value).next().is_some() {
        let (zh, en) = ("日志中的值含有已遮盖的名称", "the value in the log has a name in it that is masked");
        return Some(Localized::new(zh, en));
    }
    if let Some(odd) = value.chars().find(|char| !matches!(char, ' '..='~')) {
        // The shell reads a script by the code page of its window, whatever that is.
        let code = u32::from(odd);
        return said(
            format!("日志中的值含有脚本不能可靠传递的字符（U+{code:04X}）"),
            format!("the value in the log has a character that a script cannot be trusted with (U+{code:04X})"),
        );
    }
    if let Some(odd) = value.chars().find(|char| "\"%!^&|<>".contains(*char)) {
        return said(
            format!("日志中的值含有命令行会另作解释的字符（{odd}）"),
            format!("the value in the log has a character that the command line takes for its own ({odd})"),
        );
    }
    if value.trim().is_empty() || value.len() > LENGTH || value.trim() != value {
        return said(
            "日志中的值为空、过长或带有首尾空格".to_owned(),
            "the value in the log is empty or too long".to_owned(),
        );
    }
    let sound = if ty == Type::Path {
        is_file(value)
    } else {
        value.chars().all(|char| char.is_ascii_alphanumeric() || " ._-+~{}()".contains(char))
    };
    if sound {
        return None;
    }
    said(
        format!("日志中的值不是完整的本地路径或普通名称（{value}）"),
        format!("the value in the log is neither a whole path of this machine nor a plain name ({value})"),
    )
}

/// The whole path of one file on a drive: no wildcards, no way up, no stream, nothing at its end that quotes would lose.
fn is_file(path: &str) -> bool {
    let Some((drive, rest)) = path.split_once(":\\") else { return false };
    let lettered = drive.len() == 1 && drive.chars().all(|char| char.is_ascii_alphabetic());
    let named = |part: &str| {
        let trimmed = part.trim_end_matches(['.', ' ']);
        !part.is_empty() && trimmed.len() == part.len() && !part.contains(['*', '?', ':', '/'])
    };
    lettered && rest.split('\\').all(named)
}
