//! `casebook.yaml`: known keys are checked, the rest is for the team's own templates under `own.`.

use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::draft::Settings;
use crate::lang::Lang;
use crate::source::SourceMap;
use crate::syntax;

/// Keys that mean something to the program or to the default templates; `own.*` is free.
const KEYS: [&str; 20] = [
    "language",
    "extends",
    "utc-offset",
    "redaction",
    "limits.depth",
    "limits.members",
    "limits.bytes",
    "limits.ratio",
    "customer.name",
    "customer.title",
    "engineer.name",
    "organisation.name",
    "organisation.hotline",
    "portal.url",
    "portal.user",
    "portal.password",
    "case.number",
    "case.problem",
    "case.product",
    "summary.layout",
];

/// The forms of a summary.
const LAYOUTS: [&str; 2] = ["full", "short"];

/// What the keys of limits begin with.
const LIMITS: &str = "limits.";

/// Reads the settings; the second value is whether the default's rules count too.
pub(super) fn read(
    file: Option<&(String, String)>,
    map: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Settings, bool) {
    let mut settings = Settings::default();
    let mut extends = false;
    let Some((path, text)) = file else {
        return (settings, extends);
    };
    let id = map.add(path.clone(), text.clone());
    for (key, value) in syntax::parse_settings(map, id, diagnostics).values {
        match key.value.as_str() {
            "language" => match value.value.as_str() {
                "zh" => settings.lang = Some(Lang::Zh),
                "en" => settings.lang = Some(Lang::En),
                other => diagnostics.push(bad(value.span, other, "zh 或 en", "zh or en")),
            },
            "extends" if value.value == "default" => extends = true,
            "extends" => {
                let fault = bad(value.span, &value.value, "default", "default");
                diagnostics.push(Diagnostic { code: Code::BAD_EXTENDS, ..fault });
            }
            "utc-offset" => match utc_offset(&value.value) {
                Some(seconds) => settings.utc_offset = Some(seconds),
                None => diagnostics.push(bad(value.span, &value.value, "+08:00 这样的写法", "a form such as +08:00")),
            },
            key if key.starts_with(LIMITS) && KEYS.contains(&key) => {
                let Some(number) = size(&value.value) else {
                    diagnostics.push(bad(
                        value.span,
                        &value.value,
                        "大于零的数，如 8 或 16 GB",
                        "a number above zero, such as 8 or 16 GB",
                    ));
                    continue;
                };
                let count = usize::try_from(number).unwrap_or(usize::MAX);
                match key {
                    "limits.depth" => settings.limits.depth = count,
                    "limits.members" => settings.limits.members = count,
                    "limits.bytes" => settings.limits.bytes_out = number,
                    _ => settings.limits.ratio = number,
                }
            }
            key if !is_choice(key, &value.value) => {
                diagnostics.push(bad(value.span, &value.value, "full 或 short", "full or short"));
            }
            known if KEYS.contains(&known) || known.starts_with("own.") => {
                settings.values.insert(key.value, value.value);
            }
            unknown => diagnostics.push(unknown_key(key.span, unknown)),
        }
    }
    (settings, extends)
}

fn bad(span: crate::source::Span, found: &str, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::error(Code::BAD_SETTING, span, format!("`{found}` 不可用"), format!("`{found}` is not possible here"))
        .help(format!("应为 {zh}"), format!("write {en}"))
}

fn unknown_key(span: crate::source::Span, unknown: &str) -> Diagnostic {
    let fault = Diagnostic::error(
        Code::UNKNOWN_SETTING,
        span,
        format!("没有名为 `{unknown}` 的设置"),
        format!("there is no setting `{unknown}`"),
    );
    match nearest(unknown, KEYS) {
        Some(key) => {
            let fault = fault.help(format!("是否想写 `{key}`？"), format!("did you mean `{key}`?"));
            // The place is that of the last part: only where the others are right it can be replaced.
            let parts =
                |key: &str| key.rsplit_once('.').map_or((String::new(), key.to_owned()), |(a, b)| (a.into(), b.into()));
            let ((own, _), (group, last)): ((String, String), (String, String)) = (parts(unknown), parts(key));
            if own == group { fault.fix(span, last) } else { fault }
        }
        None => fault.help("自定义的键写在 `own.` 之下", "keys of your own go under `own.`"),
    }
}

/// Every key of `casebook.yaml` that means something, dotted; `own.*` is free beside them.
pub fn setting_keys() -> impl Iterator<Item = &'static str> {
    KEYS.into_iter()
}

/// The keys that `--set` and `--answers` take, beside `own.*`.
pub fn answers() -> impl Iterator<Item = &'static str> {
    KEYS.into_iter().filter(|key| key.contains('.') && !key.starts_with(LIMITS))
}

/// Whether a key takes a value: one of a few, or any text.
#[must_use]
pub fn is_choice(key: &str, value: &str) -> bool {
    key != "summary.layout" || LAYOUTS.contains(&value)
}

/// Whether `--set` takes a key.
#[must_use]
pub fn is_answer(key: &str) -> bool {
    key.starts_with("own.") || answers().any(|known| known == key)
}

/// `+08:00`, `-05:30`, `Z`: seconds east of UTC.
#[must_use]
pub fn utc_offset(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
    (hours >= 0 && (0..60).contains(&minutes) && seconds <= 14 * 3600).then_some(sign * seconds)
}

/// A number above zero, with `KB`, `MB`, `GB` or `TB` behind it or none.
fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|char: char| !char.is_ascii_digit());
    let times: u64 = match text.get(digits.len()..)?.trim().to_ascii_uppercase().as_str() {
        "" => 1,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        "TB" => 1 << 40,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(times).filter(|size| *size > 0)
}

#[cfg(test)]
mod tests {
    use super::{size, utc_offset};

    #[test]
    fn sizes() {
        assert_eq!((size("8"), size("16 GB"), size("2mb")), (Some(8), Some(16 << 30), Some(2 << 20)));
        for bad in ["", "0", "-1", "1.5 GB", "16 G", "GB", "99999999999999999999", "99999999 TB"] {
            assert_eq!(size(bad), None, "{bad}");
        }
    }

    #[test]
    fn utc_offsets() {
        assert_eq!(utc_offset("+08:00"), Some(28_800));
        assert_eq!(utc_offset("-05:30"), Some(-19_800));
        assert_eq!(utc_offset("8"), Some(28_800));
        assert_eq!(utc_offset("Z"), Some(0));
        for bad in ["", "+", "+15:00", "08:60", "x", "--1"] {
            assert_eq!(utc_offset(bad), None, "{bad}");
        }
    }
}
