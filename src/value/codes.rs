//! What is known of a code, for who asks: `casebook explain 0x80070005`, and templates.

use crate::lang::{Lang, Localized};

use super::error::ErrorCode;
use super::problem::Problem;
use super::{problem, setup_result, table};

/// What is known of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The canonical form, `0x80070005`.
    pub code: String,
    /// The name that logs print; empty where none is known.
    pub symbol: String,
    /// Other names of the same code.
    pub names: Vec<String>,
    /// Its family, `win32`, `cbs` …; empty where it is not in the table.
    pub family: String,
    /// What it means; empty where it is not known.
    pub meaning: Localized,
    /// The code as an unsigned and as a signed decimal, and its Win32 number where it has one.
    pub spellings: Vec<String>,
    /// The phase and the operation of a setup result, in both languages.
    pub extend: Option<(Localized, Localized)>,
}

/// Explains a code in any spelling, a device's problem (`Code 10`) or a stop code (`Stop 0x7B`); `None` for other text.
#[must_use]
pub fn lookup(text: &str) -> Option<Explained> {
    let Some(code) = ErrorCode::read(text) else {
        return problem::lookup(text).map(Explained::from);
    };
    let (code, extend) = code.parts();
    let entry = table::by_code(code);
    let own = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    // An extend code may be asked for by itself; no error code lies there.
    let alone = entry.is_none() && code > 0xFFFF;
    Some(Explained {
        code: format!("0x{code:08X}"),
        symbol: entry.map(|entry| entry.symbol.to_owned()).unwrap_or_default(),
        names: entry.into_iter().flat_map(|entry| entry.names.split(' ')).filter_map(own).collect(),
        family: entry.map(|entry| entry.family.to_owned()).unwrap_or_default(),
        meaning: entry
            .map(|entry| Localized::new(entry.meaning(Lang::Zh), entry.meaning(Lang::En)))
            .unwrap_or_default(),
        spellings: spellings(code),
        extend: extend.or(alone.then_some(code)).and_then(setup_result::decode),
    })
}

/// Every name of a code: `E_ACCESSDENIED`, `ERROR_FILE_NOT_FOUND` …
pub fn names() -> impl Iterator<Item = &'static str> {
    table::names()
}

/// Other spellings of a canonical code.
fn spellings(code: u32) -> Vec<String> {
    let mut spellings = vec![code.to_string(), code.cast_signed().to_string()];
    if code & 0xFFFF_0000 == 0x8007_0000 {
        spellings.push(format!("Win32 {}", code & 0xFFFF));
    }
    let same = table::same_as(code);
    spellings.extend(same.map(|other| format!("0x{:08X} {}", other.code, other.symbol).trim_end().to_owned()));
    spellings
}

impl From<Problem> for Explained {
    fn from(problem: Problem) -> Self {
        Explained {
            code: problem.code,
            symbol: problem.name.to_owned(),
            names: Vec::new(),
            family: problem.family.to_owned(),
            meaning: problem.meaning,
            spellings: vec![problem.other],
            extend: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lang::Lang;

    use super::lookup;

    #[test]
    fn a_setup_result_is_decoded() {
        let found = lookup("0xC1900101-0x4000D").unwrap();
        let (phase, operation) = found.extend.unwrap();
        assert_eq!((phase.en.as_deref(), operation.en.as_deref()), (Some("OOBE boot"), Some("migrate data")));
        assert_eq!(found.code, "0xC1900101");
        let (phase, operation) = lookup("0x20004").unwrap().extend.unwrap();
        assert_eq!((phase.get(Lang::Zh), operation.get(Lang::Zh)), ("SafeOS 阶段", "安装恢复环境"));
        assert_eq!(lookup("0x800F0922").unwrap().extend, None);
        assert_eq!(lookup("0x8BADF00D").unwrap().extend, None);
        assert_eq!(lookup("Code 10").unwrap().symbol, "CM_PROB_FAILED_START");
    }

    #[test]
    fn all_spellings_of_one_code() {
        let found = lookup("(00000005)").unwrap();
        assert_eq!((found.code.as_str(), found.symbol.as_str()), ("0x80070005", "E_ACCESSDENIED"));
        assert_eq!(found.spellings, ["2147942405", "-2147024891", "Win32 5", "0xC0000022 STATUS_ACCESS_DENIED"]);
        assert_eq!(found.meaning.get(Lang::Zh), "访问被拒绝");
        assert_eq!(found.meaning.get(Lang::En), "access is denied");
        assert_eq!(lookup("Error 5"), lookup("E_ACCESSDENIED"));
        assert_eq!(lookup("no code at all"), None);
    }
}
