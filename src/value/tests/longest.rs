//! How far a value reaches at a pattern's end, and what that costs on hostile text.

use std::time::{Duration, Instant};

use super::super::Type;

fn longest(ty: Type, text: &str) -> Option<&str> {
    ty.longest(text).map(|end| &text[..end])
}

#[test]
fn a_value_ends_where_its_characters_end() {
    let component = "amd64_dual_usbstor.inf_31bf3856ad364e35_10.0.17763.2237_none_8e64ef457e7839af";
    let package = "Package_for_KB5032196~31bf3856ad364e35~amd64~~17763.6414.1.4";
    for (ty, text, expected) in [
        (Type::Text, "all of it\r\nnot this", "all of it"),
        (Type::Word, "one two", "one"),
        (Type::Quoted, "'a b' c", "'a b'"),
        (Type::Int, "22 files", "22"),
        (Type::Int, "22ms", "22"),
        (Type::Int, "-5, then", "-5"),
        (Type::Hex, "0x16)", "0x16"),
        (Type::Error, "0x80070005)", "0x80070005"),
        (Type::Error, "0x80070005, then", "0x80070005"),
        (Type::Error, "(00000005) and", "(00000005)"),
        (Type::Error, "E_ACCESSDENIED]", "E_ACCESSDENIED"),
        (Type::Error, "-2147024891.", "-2147024891"),
        (Type::Error, "0xC1900101-0x4000D.", "0xC1900101-0x4000D"),
        (Type::Error, "HRESULT_FROM_WIN32(5), so", "HRESULT_FROM_WIN32(5)"),
        (Type::Error, "5(4)", "5"),
        (Type::Error, "c0000022 again", "c0000022"),
        (Type::Kb, "KB5032196.", "KB5032196"),
        (Type::Kb, "kb 5032196 is", "kb 5032196"),
        (Type::Version, "10.0.17763.6174.", "10.0.17763.6174"),
        (Type::Guid, "{6bdd1fc6-810f-11d0-bec7-08002be2092f}]", "{6bdd1fc6-810f-11d0-bec7-08002be2092f}"),
        (Type::Sid, "S-1-5-18)", "S-1-5-18"),
        (Type::Ip, "192.0.2.1: refused", "192.0.2.1"),
        (Type::Ip, "192.0.2.1.", "192.0.2.1"),
        (Type::User, r"NT AUTHORITY\SYSTEM logged on", r"NT AUTHORITY\SYSTEM"),
        (Type::User, r"NT AUTHORITY\NETWORK SERVICE, then", r"NT AUTHORITY\NETWORK SERVICE"),
        (Type::User, r"NT SERVICE\TrustedInstaller:(F)", r"NT SERVICE\TrustedInstaller"),
        (Type::User, r"BUILTIN\Users.", r"BUILTIN\Users"),
        (Type::User, r"CORP\jia logged on", r"CORP\jia"),
        (Type::User, "jia@example.com.", "jia@example.com"),
        (Type::Service, "TrustedInstaller.", "TrustedInstaller"),
        (Type::Url, "https://example.com/a(b)?c=1). Then", "https://example.com/a(b)?c=1"),
        (Type::Url, "https://example.com/上传，谢谢", "https://example.com/上传"),
        (Type::Time, "2024-10-16 08:43:18, Info", "2024-10-16 08:43:18"),
        (Type::Time, "2024/10/16 08:43:18.236 x", "2024/10/16 08:43:18.236"),
        (Type::Duration, "5s later", "5s"),
        (Type::Duration, "1h 30m later", "1h 30m"),
        (Type::Component, &format!(r"{component}\usbstor.inf"), component),
        (Type::Component, &format!("{component}.manifest"), component),
        (Type::Package, &format!("{package}, state"), package),
        (Type::Package, &format!("{package}."), package),
    ] {
        assert_eq!(longest(ty, text), Some(expected), "{ty} {text}");
    }
}

#[test]
fn what_begins_with_no_value() {
    for (ty, text) in [
        (Type::Error, "0x80070005xyz"),
        (Type::Error, "123456789012"),
        (Type::Error, "E_ACCESSDENIEDX"),
        (Type::Error, "(unclosed 5"),
        (Type::Error, "错误"),
        (Type::Int, "99999999999999999999999999"),
        (Type::Int, " 5"),
        (Type::Duration, " 5s"),
        (Type::Quoted, "'open\n'"),
        (Type::Component, "arm_wrestling"),
        (Type::Package, "a~b~c~d~e"),
        (Type::Word, " a"),
    ] {
        let found = longest(ty, text);
        assert!(found.is_none_or(str::is_empty), "{ty} {text}: {found:?}");
    }
}

/// Every type, many times over text that looks like its beginning.
#[test]
fn hostile_text_costs_little() {
    let beginnings = [
        "'",
        "\"",
        "“",
        "0x",
        "8",
        "-",
        "(",
        "A",
        "a~",
        "a.",
        "1.",
        "{",
        "S-1-",
        "::",
        "%",
        "\\\\",
        "\\\\?\\",
        "C:\\",
        "C:\\'",
        "amd64_",
        "KB",
        "https://",
        "NT AUTHORITY\\",
        ")",
        "amd64_a_0123456789abcdef",
        "中",
        "1h ",
    ];
    let begun = Instant::now();
    for beginning in beginnings {
        let text = beginning.repeat(200_000 / beginning.len());
        for ty in Type::all() {
            let rounds = if matches!(ty, Type::Text | Type::Word | Type::Path) { 3 } else { 30 };
            for _ in 0..rounds {
                std::hint::black_box(ty.longest(&text));
            }
            std::hint::black_box(ty.read(&text));
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
