//! Fixtures from real logs: nothing of a person comes through, everything else stays byte for byte.

use std::fs;

use crate::environment::Environment;

fn bundle() -> Environment {
    let environment = Environment::new();
    environment.copy("rules/driver/tests/uninstall-denied-open/logs", "logs");
    let log = fs::read_to_string(environment.path("logs/CBS.log")).unwrap();
    let line =
        "2024-10-16 08:43:19, Info                  CBS    C:\\Users\\lisi\\x on \\\\filesrv07\\y from 192.168.7.9\r\n";
    environment.write("logs/CBS.log", format!("{}\r\n{line}", log.trim_end()));
    let gbk =
        encoding_rs::GBK.encode("主机名：CORESRV1\r\n用户名：upload77，密码：Example-1\n没有什么\n").0.into_owned();
    environment.write("logs/note.txt", gbk);
    let wide: Vec<u8> =
        "\u{feff}upload77 from CORESRV1\r\n版本 10.0.0.1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    environment.write("logs/Users/lisi/wide.txt", wide);
    environment
}

#[test]
fn files_lose_their_secrets_and_nothing_else() {
    let environment = bundle();
    let ran = environment.run(&["scrub", "logs", "-o", "fixture", "--lang", "en"]);
    insta::assert_snapshot!(ran.shown());
    let log = fs::read_to_string(environment.path("fixture/logs/CBS.log")).unwrap();
    let before = fs::read_to_string(environment.path("logs/CBS.log")).unwrap();
    let expected = before.replace("lisi", "‹user-1›").replace("filesrv07", "‹host-2›").replace("192.168.7.9", "‹ip-1›");
    assert_eq!(log.replace("‹host-1›", "‹host-2›"), expected);
    let note =
        encoding_rs::GB18030.decode(&fs::read(environment.path("fixture/logs/note.txt")).unwrap()).0.into_owned();
    assert!(
        note.contains("用户名：‹account-1›，密码：‹password-1›\n没有什么\n") && !note.contains("CORESRV1"),
        "{note}"
    );
    let wide = fs::read(environment.path("fixture/logs/Users/‹user-1›/wide.txt")).unwrap();
    let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let wide = String::from_utf16(&units).unwrap();
    assert!(wide.starts_with("\u{feff}‹account-1› from ‹host-") && wide.ends_with("版本 10.0.0.1\r\n"), "{wide}");
    // What is scrubbed already stays as it is.
    let again = environment.run(&["scrub", "fixture/logs", "-o", "again"]);
    assert_eq!(again.status, 0, "{}", again.shown());
    assert_eq!(fs::read(environment.path("again/logs/CBS.log")).unwrap(), log.as_bytes());
}

#[test]
fn all_or_nothing() {
    let environment = bundle();
    environment.write("logs/events.bin", [0_u8, 1, 2, 3, 0, 255].repeat(200));
    let ran = environment.run(&["scrub", "logs", "-o", "fixture", "--lang", "en"]);
    assert_eq!(ran.status, 2, "{}", ran.shown());
    assert!(
        ran.stderr.contains("logs/events.bin: no text") && !environment.path("fixture").exists(),
        "{}",
        ran.shown()
    );
    environment.copy("examples/update-rollback/logs.zip", "logs.zip");
    let ran = environment.run(&["scrub", "logs.zip", "-o", "fixture", "--lang", "en"]);
    assert!(ran.status == 2 && ran.stderr.contains("unpack it first"), "{}", ran.shown());
    environment.write("full/x", "");
    let ran = environment.run(&["scrub", "logs/CBS.log", "-o", "full"]);
    assert_eq!(ran.status, 2, "{}", ran.shown());
    let left: Vec<_> = fs::read_dir(environment.path("")).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".casebook-")), "{left:?}");
}

#[test]
fn a_finding_that_would_change_is_told_and_nothing_is_written() {
    let environment = Environment::new();
    environment.write("kb/casebook.yaml", "");
    environment.write(
        "kb/rules/named.yaml",
        "rule: named\ntitle: {zh: 名, en: Name}\nseverity: warning\nevidence:\n  own: {log: cbs, line: \"open \\\\\\\\filesrv07\\\\share\"}\nsignature: own\n",
    );
    environment.write("CBS.log", "2024-10-16 08:43:18, Info                  CBS    open \\\\filesrv07\\share\n");
    let ran = environment.run(&["scrub", "CBS.log", "-o", "fixture", "--kb", "kb", "--lang", "en"]);
    assert_eq!(ran.status, 1, "{}", ran.shown());
    assert!(
        ran.stderr.contains("nothing was written: named") && !environment.path("fixture").exists(),
        "{}",
        ran.shown()
    );
}
