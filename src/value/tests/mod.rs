//! Spellings of one value, and what is none.

mod longest;
mod property;
mod time;

use super::{Stamp, Type, Value, duration};

fn key(ty: Type, text: &str) -> String {
    ty.read(text).unwrap_or_else(|| panic!("{text} is no {ty}")).key()
}

fn field(ty: Type, text: &str, field: &str) -> String {
    ty.read(text).unwrap().field(field).map_or_else(|| "-".to_owned(), |value| value.text.to_string())
}

#[test]
fn one_error_in_all_its_spellings() {
    let denied = key(Type::Error, "0x80070005");
    for spelling in [
        "(00000005)",
        "5",
        "0x5",
        "0x00000005",
        "-2147024891",
        "2147942405",
        "E_ACCESSDENIED",
        "ERROR_ACCESS_DENIED",
        "STATUS_ACCESS_DENIED",
        "0xC0000022",
        "c0000022",
        "80070005",
        "[80070005]",
        "HRESULT_FROM_WIN32(5)",
        "HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED)",
        "e_accessdenied",
        "0xD0000022",
        "Error 5",
        "error: 0x5",
        "Error = (00000005)",
        "0x80070005 - E_ACCESSDENIED",
        "0xFFFFFFFF80070005",
        " 0X80070005 ",
    ] {
        assert_eq!(key(Type::Error, spelling), denied, "{spelling}");
    }
    for other in ["0x80070020", "10", "0x80004005", "0xC1900101", "0x80070005-0x4000D"] {
        assert_ne!(key(Type::Error, other), denied, "{other}");
    }
}

#[test]
fn what_is_no_error_is_none() {
    for none in [
        "",
        "usbstor",
        "0x",
        "()",
        "0x1FFFFFFFF",
        "4294967296",
        "E_",
        "5 5",
        "-",
        "0x80070005-",
        "一",
        "2024-Oct",
        "10-0x5",
        "error",
        "Error five",
        "HRESULT_FROM_WIN32",
        "(5",
        "-0x5",
        "+5",
        "5.0",
    ] {
        assert_eq!(Type::Error.read(none), None, "{none}");
    }
}

#[test]
fn eight_digits_are_hexadecimal_and_fewer_decimal() {
    assert_eq!(key(Type::Error, "00000010"), key(Type::Error, "0x10"));
    assert_eq!(key(Type::Error, "10"), key(Type::Error, "0xA"));
    // The setup API's own spelling of a code is the HRESULT's.
    assert_eq!(key(Type::Error, "0xe0000247"), key(Type::Error, "0x800F0247"));
}

#[test]
fn fields_of_an_error() {
    assert_eq!(field(Type::Error, "5", "code"), "0x80070005");
    assert_eq!(field(Type::Error, "5", "symbol"), "E_ACCESSDENIED");
    assert_eq!(field(Type::Error, "0x800f0922", "symbol"), "CBS_E_INSTALLERS_FAILED");
    assert_eq!(field(Type::Error, "0x800f0922", "family"), "cbs");
    assert_eq!(field(Type::Error, "0xC1900101-0x4000D", "extend"), "0x4000D");
    assert_eq!(field(Type::Error, "5", "extend"), "-");
    assert_eq!(field(Type::Error, "0x8badf00d", "symbol"), "-");
}

const INF: &str =
    r"C:\Windows\WinSxS\amd64_dual_usbstor.inf_31bf3856ad364e35_10.0.17763.2237_none_8e64ef457e7839af\usbstor.inf";

#[test]
fn one_path_in_all_its_spellings() {
    let inf = key(Type::Path, r"C:\Windows\INF\usbstor.inf");
    for spelling in [
        r"'C:\Windows\INF\usbstor.inf'",
        r#""c:\windows\inf\USBSTOR.INF""#,
        r"%SystemRoot%\INF\USBSTOR.INF",
        r"%windir%\inf\usbstor.inf",
        r"\SystemRoot\INF\usbstor.inf",
        r"\\?\C:\Windows\INF\usbstor.inf",
        r"\??\C:\Windows\INF\usbstor.inf",
        "C:/Windows/INF/usbstor.inf",
        r"C:\Windows\\INF\usbstor.inf\",
        r"C:\Windows\System32\..\INF\.\usbstor.inf",
        r"%windir%\..\Windows\INF\usbstor.inf",
        r"%SystemDrive%\Windows\INF\usbstor.inf",
        r"C:\Windows\INF\usbstor.inf. ",
        r"\\.\C:\Windows\INF\usbstor.inf",
        "“C:\\Windows\\INF\\usbstor.inf”",
    ] {
        assert_eq!(key(Type::Path, spelling), inf, "{spelling}");
    }
    assert_ne!(key(Type::Path, r"D:\Windows\INF\usbstor.inf"), inf);
    assert_eq!(key(Type::Path, r"\\server\Share\x"), key(Type::Path, r"\\?\UNC\SERVER\share\X\"));
    assert_eq!(key(Type::Path, r"C:\Users\É\a"), key(Type::Path, r"c:\users\é\A"));
    assert_eq!(key(Type::Path, "C:"), key(Type::Path, r"c:\"));
    assert_eq!(key(Type::Path, r"%ProgramData%\x"), key(Type::Path, r"%programdata%/X"));
    assert_ne!(key(Type::Path, r"C:\Windows.old\x"), key(Type::Path, r"C:\Windows\x"));
    assert_ne!(key(Type::Path, r"\\host\share\x"), key(Type::Path, r"\\host\share2\x"));
    for path in [r"C:\Users\O'Neil\a.txt", r"\Device\HarddiskVolume3\Windows\x.sys", r"\\?\Volume{6bdd1fc6}\x"] {
        assert!(Type::Path.read(path).is_some(), "{path}");
    }
    for none in
        [r"C:x", r"\\host", r"\\host\", r"\x\y", "/etc/passwd", "%a b%", "C:\\a\nb", "'C:\\x", "https://example.com/x"]
    {
        assert_eq!(Type::Path.read(none), None, "{none}");
    }
    for none in ["usbstor", "usbstor.inf", r"INF\usbstor.inf", "C", r"C:\a|b", r"\\", "%%", "", "a b", r"C:\x:y"] {
        assert_eq!(Type::Path.read(none), None, "{none}");
    }
}

#[test]
fn fields_of_a_path() {
    assert_eq!(field(Type::Path, INF, "name"), "usbstor.inf");
    assert_eq!(field(Type::Path, INF, "stem"), "usbstor");
    assert_eq!(field(Type::Path, INF, "ext"), "inf");
    assert_eq!(field(Type::Path, r"C:\Windows\INF\usbstor.inf", "dir"), r"C:\Windows\INF");
    assert_eq!(field(Type::Path, r"C:\x", "dir"), r"C:\");
    let component = Type::Path.read(INF).unwrap().field("component").unwrap();
    assert_eq!(component.field("name").unwrap().text, "dual_usbstor.inf");
    assert_eq!(component.field("version").unwrap().key(), "10.0.17763.2237");
    assert_eq!(field(Type::Path, INF, "component.inf"), "usbstor.inf");
    assert_eq!(field(Type::Path, INF, "component.version.build"), "17763");
    assert_eq!(field(Type::Path, INF, "name.inf"), "-");
    assert_eq!(field(Type::Path, r"C:\x", "component"), "-");
    assert_eq!(field(Type::Path, r"C:\x", "component.inf"), "-");
    assert_eq!(field(Type::Path, r"\\?\C:\x", "dir"), r"\\?\C:\");
    assert_eq!(field(Type::Path, r"\\host\share\x.cab", "dir"), r"\\host\share");
    assert_eq!(field(Type::Path, r"\\host\share", "name"), "-");
    assert_eq!(field(Type::Path, r"C:\", "name"), "-");
    assert_eq!(field(Type::Path, r"C:\x\.config", "stem"), ".config");
    assert_eq!(field(Type::Path, r"C:\x\a.tar.gz", "ext"), "gz");
    assert_eq!(field(Type::Path, r"C:\x\hosts", "ext"), "");
    assert_eq!(field(Type::Path, r"C:/x/y/", "name"), "y");
    assert_eq!(field(Type::Path, r"C:\日志\驱动.inf", "stem"), "驱动");
    // Names of files compare without case, which is how a policy and a log name the same file.
    let policy = Type::Path.read(r"%SystemRoot%\INF\USBSTOR.INF").unwrap();
    assert_eq!(policy.field("name"), Type::Path.read(INF).unwrap().field("name"));
    assert_eq!(policy.field("ext").unwrap(), Value::text("inf"));
}

#[test]
fn a_path_at_a_patterns_end() {
    let longest = |text: &str| Type::Path.longest(text).map(|end| text[..end].to_owned());
    assert_eq!(longest(r"C:\Program Files\x\a.dll"), Some(r"C:\Program Files\x\a.dll".to_owned()));
    assert_eq!(longest("C:\\x\\a.dll\r\nnext"), Some(r"C:\x\a.dll".to_owned()));
    assert_eq!(longest(r"C:\x\a.dll' in Driver Store"), Some(r"C:\x\a.dll".to_owned()));
    assert_eq!(longest(r"'C:\x y\a.dll' in Driver Store"), Some(r"'C:\x y\a.dll'".to_owned()));
    assert_eq!(longest(r"\\?\C:\x|y"), Some(r"\\?\C:\x".to_owned()));
    assert_eq!(
        longest(r"C:\Program Files (x86)\x (see below)."),
        Some(r"C:\Program Files (x86)\x (see below)".to_owned())
    );
    assert_eq!(longest(r"C:\Program Files (x86)"), Some(r"C:\Program Files (x86)".to_owned()));
    assert_eq!(longest(r"C:\x\a.dll), then"), Some(r"C:\x\a.dll), then".to_owned()));
    assert_eq!(longest(r"C:\x\a.dll)."), Some(r"C:\x\a.dll".to_owned()));
    assert_eq!(longest(r"%windir%\INF\usbstor.inf，访问被拒绝"), Some(r"%windir%\INF\usbstor.inf".to_owned()));
    assert_eq!(longest(r"\\host\share\x: 5"), Some(r"\\host\share\x".to_owned()));
    assert_eq!(longest("\"C:\\a b.txt\" failed"), Some("\"C:\\a b.txt\"".to_owned()));
    for none in ["usbstor", "", "'C:\\unclosed", "'C:\\x\n'", " C:\\x", "C:relative", "\\", "%", "\\\\h"] {
        assert_eq!(longest(none), None, "{none}");
    }
}

#[test]
fn components_and_packages() {
    let component = "amd64_dual_usbstor.inf_31bf3856ad364e35_10.0.17763.2237_none_8e64ef457e7839af";
    assert_eq!(key(Type::Component, component), key(Type::Component, &component.to_uppercase()));
    assert_eq!(field(Type::Component, component, "arch"), "amd64");
    assert_eq!(field(Type::Component, component, "inf"), "usbstor.inf");
    let inf_of = |name: &str| {
        field(Type::Component, &format!("x86_{name}_31bf3856ad364e35_10.0.17763.1_none_8e64ef457e7839af"), "inf")
    };
    assert_eq!(inf_of("DUAL_USBSTOR.INF"), "USBSTOR.INF");
    assert_eq!(inf_of("netip6.inf"), "netip6.inf");
    assert_eq!(inf_of("a_b.inf"), "a_b.inf");
    for none in ["microsoft-windows-os", "dual_usbstor.inf.resources", "dual_.inf", "dual_wvm..ver.inf", ".inf"] {
        assert_eq!(inf_of(none), "-", "{none}");
    }
    assert_eq!(field(Type::Component, component, "hash"), "8e64ef457e7839af");
    assert_eq!(Type::Component.read("amd64_x_1_2_3_4"), None);
    let package = "Package_for_KB5032196~31bf3856ad364e35~amd64~~17763.6414.1.4";
    assert_eq!(field(Type::Package, package, "kb"), "KB5032196");
    assert_eq!(field(Type::Package, package, "culture"), "");
    assert_eq!(field(Type::Package, "Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.6414.1.4", "kb"), "-");
    let later = "Microsoft-KB-Package_1_for_KB4462919~31bf3856ad364e35~amd64~zh-CN~10.0.1.0";
    assert_eq!(
        (field(Type::Package, later, "kb"), field(Type::Package, later, "culture")),
        ("KB4462919".into(), "zh-CN".into())
    );
    assert_eq!(key(Type::Package, package), key(Type::Package, &package.replace("~~", "~neutral~")));
    assert_ne!(key(Type::Package, package), key(Type::Package, later));
    let shortened = "x86_microsoft-windows-s..stack_resources_31bf3856ad364e35_10.0.1.2_en-us_0123456789abcdef";
    assert_eq!(field(Type::Component, shortened, "name"), "microsoft-windows-s..stack_resources");
    assert_eq!(field(Type::Component, shortened, "culture"), "en-us");
    for none in ["a~b", "", "~~~~", "a~31bf3856ad364e35~amd64~~x", "a~31bf3856ad364e35~amd64~~1.0~x"] {
        assert_eq!(Type::Package.read(none), None, "{none}");
    }
}

#[test]
fn numbers_are_ordered_below_and_above_zero() {
    let numbers = ["-0x7fffffffffffffff", "-4294967297", "-1", "0", "1", "4294967296", "0x7fffffffffffffff"];
    for (one, other) in numbers.iter().zip(&numbers[1..]) {
        let [one, other] = [one, other].map(|text| Type::Int.read(text).unwrap());
        assert!(one.compare(&other).unwrap().is_lt(), "{} and {}", one.text, other.text);
        assert_ne!(one, other);
    }
    assert_eq!(key(Type::Int, "-4294967297"), "-4294967297");
}

#[test]
fn numbers_versions_and_names() {
    assert_eq!(key(Type::Int, "22"), key(Type::Int, "0x16"));
    assert_eq!(key(Type::Hex, "16"), key(Type::Int, "22"));
    assert_eq!(key(Type::Kb, "KB5032196"), key(Type::Kb, "kb 5032196"));
    assert_eq!(field(Type::Kb, "KB5032196", "number"), "5032196");
    assert_eq!(key(Type::Version, "10.0.17763.0"), key(Type::Version, "10.0.17763"));
    let older = Type::Version.read("10.0.9600").unwrap();
    assert!(older.compare(&Type::Version.read("10.0.17763").unwrap()).unwrap().is_lt());
    assert_eq!(field(Type::Version, "10.0.17763.6174", "revision"), "6174");
    assert_eq!(
        key(Type::Guid, "{6BDD1FC6-810F-11D0-BEC7-08002BE2092F}"),
        key(Type::Guid, "6bdd1fc6-810f-11d0-bec7-08002be2092f")
    );
    assert_eq!(key(Type::Sid, "*S-1-5-32-544"), key(Type::Sid, "s-1-5-32-544"));
    assert_eq!(key(Type::Ip, "[::1]"), key(Type::Ip, "0:0:0:0:0:0:0:1"));
    assert_eq!(key(Type::User, r"NT AUTHORITY\SYSTEM"), key(Type::User, r"nt authority\system"));
    assert_eq!(key(Type::Url, "HTTPS://Upload.example.com/"), key(Type::Url, "https://upload.example.com"));
    assert_eq!(key(Type::Ip, "::ffff:192.0.2.1"), key(Type::Ip, "192.0.2.1"));
    assert_eq!(key(Type::Ip, "fe80::1%12"), key(Type::Ip, "FE80:0::1"));
    assert_eq!(key(Type::Url, "https://example.com:443/A"), key(Type::Url, "HTTPS://EXAMPLE.com/A"));
    assert_ne!(key(Type::Url, "https://example.com/A"), key(Type::Url, "https://example.com/a"));
    assert_eq!(key(Type::Service, "TrustedInstaller"), key(Type::Service, "trustedinstaller"));
    assert_eq!(key(Type::Quoted, "'USBSTOR'"), key(Type::Text, "usbstor"));
    assert_eq!(key(Type::Int, "-0"), key(Type::Int, "0"));
    for (ty, text) in [
        (Type::Int, "--2"),
        (Type::Int, "99999999999999999999"),
        (Type::Int, "２"),
        (Type::Kb, "KB"),
        (Type::Kb, "5032196"),
        (Type::Version, "1..2"),
        (Type::Version, "1.2.3.4.5.6.7"),
        (Type::Guid, "{6bdd1fc6-810f-11d0-bec7-08002be2092f"),
        (Type::Sid, "S-1-5-"),
        (Type::Ip, "192.0.2.1%1"),
        (Type::Ip, "192.0.2.256"),
        (Type::User, r"A\B\C"),
        (Type::Service, r"a\b"),
        (Type::Url, "javascript://x"),
        (Type::Quoted, "'open"),
        (Type::Quoted, "'"),
        (Type::Time, "16.10.2024"),
        (Type::Int, "2 2"),
        (Type::Int, ""),
        (Type::Hex, "xyz"),
        (Type::Kb, "KB12"),
        (Type::Version, "10"),
        (Type::Guid, "{6BDD1FC6}"),
        (Type::Sid, "S-1-"),
        (Type::Ip, "1.2.3"),
        (Type::Url, "upload"),
        (Type::Word, "a b"),
    ] {
        assert_eq!(ty.read(text), None, "{ty} {text}");
    }
}

#[test]
fn times_and_lengths() {
    let stamp = Stamp::parse("%Y-%m-%d %H:%M:%S", "2024-10-16 08:43:18").unwrap();
    assert_eq!(stamp.iso(), "2024-10-16T08:43:18");
    let fine = Stamp::parse("%Y/%m/%d %H:%M:%S%.f", "2024/10/16 08:43:18.236").unwrap();
    assert_eq!(fine.iso(), "2024-10-16T08:43:18.236");
    assert_eq!(fine.0 - stamp.0, 236_000_000);
    assert_eq!(Stamp::parse("%Y-%m-%d %H:%M:%S", "2024-13-16 08:43:18"), None);
    assert_eq!(key(Type::Time, "2024-10-16T08:43:18"), key(Type::Time, "2024-10-16 08:43:18.000"));
    assert_eq!(key(Type::Time, "2024/10/16 08:43:18,236"), key(Type::Time, "2024-10-16T08:43:18.236"));
    let us = Stamp::parse("%m/%d/%Y %H:%M:%S", "10/16/2024 08:43:18").unwrap();
    assert_eq!(us, stamp);
    assert_eq!(Stamp::parse("%Y/%m/%d %H:%M:%S%.f", "2024/10/16 08:43:18").unwrap(), stamp);
    assert_eq!(Stamp::parse("%Y-%m-%d %H:%M:%S", "9999-12-31 23:59:59"), None, "past what 64 bits of nanoseconds hold");
    assert_eq!(Stamp(-1).iso(), "1969-12-31T23:59:59.999999999");
    assert_eq!(Stamp(i64::MIN).iso(), "1677-09-21T00:12:43.145224192");
    assert_eq!(duration("5s"), Some(5_000_000_000));
    assert_eq!(duration("1h 30m"), duration("90m"));
    assert_eq!(duration("250ms"), Some(250_000_000));
    for none in ["", "5", "s", "5x", "-5s", "99999999999999999999d"] {
        assert_eq!(duration(none), None, "{none}");
    }
}

#[test]
fn every_field_has_a_type() {
    for ty in Type::all() {
        assert_eq!(Type::parse(ty.name()), Some(ty));
        assert!(ty.comparable(ty));
        for name in ty.fields() {
            assert!(ty.field(name).is_some(), "{ty}.{name}");
        }
        assert_eq!(ty.field("nothing"), None);
    }
}
