//! Log lines and mails that would be more than text: they come out as text, or masked, and nothing breaks.

use std::io::Write as _;

use crate::environment::Environment;

/// The failure, with `tail` behind its decisive line.
fn logs(tail: &str) -> Environment {
    let environment = Environment::new();
    let line = |message: &str| format!("2024-10-16 08:43:18, Info                  CBS    {message}\n");
    let cbs = [
        line(&format!("DriverUpdateUninstallUpdates failed [HRESULT = 0x80070005 - E_ACCESSDENIED] {tail}")),
        line("Startup: Rolling back KTM, because drivers failed."),
    ];
    environment.write("logs/CBS.log", cbs.concat());
    environment.write(
        "logs/setupapi.dev.log",
        ">>>  [Uninstall Driver Updates]\n>>>  Section start 2024/10/16 08:43:18.236\n\
         !    inf: Unable to load INF: 'C:\\Windows\\INF\\a b.inf'(00000005)\n\
         <<<  Section end 2024/10/16 08:43:18.252\n<<<  [Exit status: FAILURE(0x00000005)]\n",
    );
    environment
}

fn reply(environment: &Environment) -> String {
    let ran = environment.run(&["reply", "logs", "--set", "customer.name=甲先生", "--set", "engineer.name=张工"]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    ran.stdout
}

#[test]
fn markup_and_templates_are_text() {
    for tail in
        ["{{ 7*7 }} {% raw %}", "<script>alert(1)</script> & [x](javascript:y)", "${jndi:ldap://x} `id` $(id) %PATH%"]
    {
        assert!(reply(&logs(tail)).contains(tail), "{tail}");
    }
}

#[test]
fn control_characters_and_marks_are_shown_not_sent() {
    let text =
        reply(&logs("\u{1b}[31mred\u{1b}[0m \u{202e}gnp.exe\u{202c} \u{0}nul \u{e000}7\u{e001}x\u{e002} \u{7}bell"));
    for char in ['\u{1b}', '\u{202e}', '\u{202c}', '\u{0}', '\u{7}', '\u{e000}', '\u{e001}', '\u{e002}'] {
        assert!(!text.contains(char), "{char:?}");
    }
    assert!(text.contains("red") && text.contains("gnp.exe") && text.contains("bell"));
}

#[test]
fn a_long_line_is_cut_where_it_can_be_seen() {
    let text = reply(&logs(&"x".repeat(1 << 20)));
    assert!(text.len() < 20_000, "{} bytes", text.len());
    assert!(text.contains("[…]"));
}

#[test]
fn secrets_of_logs_and_mails_are_not_repeated() {
    let environment = logs("user C:\\Users\\lisi\\x from 192.168.7.9 on \\\\filesrv07\\share mail lisi@example.com");
    environment.write(
        "thread.txt",
        "邮件主题：[案例号:CAS-20003-A1B2C3] %更新失败，联系电话 13800000000%\n\n====第1封邮件====\n\n发件人：Engineer A\n\
         发送时间：2024-10-15 10:00:00.000000+00:00\n邮件内容:\n甲先生，您好：\n问题定义：\n更新失败，密码：Example-1，电话 13800000000。\n\
         下一步动作：\n请收集 CMGELogCollector 日志，用户名：upload77\n密码：Example-2\n\
         https://upload.example.com/d?id=1&token=01AbCdEf\n",
    );
    for args in [
        &["reply", "logs", "--thread", "thread.txt"][..],
        &["reply", "logs", "--thread", "thread.txt", "--format", "json"],
        &["reply", "--thread", "thread.txt", "--kind", "scope"],
        &["reply", "--thread", "thread.txt", "--kind", "close", "--lang", "en"],
        &["summary", "logs", "--thread", "thread.txt"],
    ] {
        let ran = environment.run(args);
        assert_eq!(ran.status, 0, "{}", ran.shown());
        let text = &ran.stdout;
        for secret in
            ["Example-1", "Example-2", "13800000000", "upload77", "01AbCdEf", "lisi", "192.168.7.9", "filesrv07"]
        {
            assert!(!text.contains(secret), "{secret} in {args:?}:\n{text}");
        }
    }
}

#[test]
fn a_thread_of_any_form_is_read() {
    let environment = Environment::new();
    for (name, bytes) in [
        ("empty", Vec::new()),
        ("binary", (0..=255u8).cycle().take(10_000).collect()),
        ("lines", "====第1封邮件====\n".repeat(5_000).into_bytes()),
        ("deep", format!("邮件主题：x\n\n====第1封邮件====\n\n邮件内容:\n{}", "> ".repeat(50_000)).into_bytes()),
        ("gbk", b"\xd3\xca\xbc\xfe\xd6\xf7\xcc\xe2\xa3\xba\xb8\xfc\xd0\xc2\xca\xa7\xb0\xdc\n".to_vec()),
    ] {
        environment.write(name, bytes);
        let ran = environment.run(&["thread", name, "--format", "json"]);
        assert_eq!(ran.status, 0, "{name}: {}", ran.stderr);
        assert_eq!(ran.json()["schema"], "casebook.thread/1");
    }
    assert_eq!(environment.run(&["thread", "gbk", "--format", "json"]).json()["subject"], "更新失败");
}

#[test]
fn a_log_or_mail_does_not_steer_the_terminal() {
    let environment = Environment::new();
    let line = "2024-10-16 08:43:18, Info                  CBS    Startup: Rolling back KTM, because drivers failed. \u{1b}]0;x\u{7}\n";
    environment.write("CBS.log", line);
    environment.write("thread.txt", "邮件主题：x\u{1b}[31m\n\n====第1封邮件====\n\n发件人：a\u{7}\n邮件内容:\n你好\n");
    for args in [
        &["scan", "CBS.log"][..],
        &["read", "CBS.log"],
        &["thread", "thread.txt"],
        &["reply", "CBS.log", "--placeholders"],
    ] {
        let ran = environment.run(&[args, &["--color", "always"]].concat());
        assert_eq!(ran.status, 0, "{}", ran.shown());
        assert!(!ran.stdout.contains(['\u{1b}', '\u{7}']), "{args:?}: {:?}", ran.stdout);
    }
}

#[test]
fn limits_are_settings_and_reaching_one_names_the_place() {
    let environment = Environment::new();
    environment.write("logs.zip", zip_of(&[("a.log", b"one\n"), ("b.log", b"two\n"), ("../../c.log", b"three\n")]));
    environment.write("kb/casebook.yaml", "extends: default\nlimits: {members: 2, bytes: 1 MB}\n");
    let ran = environment.run(&["scan", "logs.zip", "--kb", "kb", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    let json = ran.json();
    assert_eq!(json["sources"].as_array().unwrap().len(), 2, "{json}");
    assert_eq!(json["problems"][0]["source"], "logs.zip!/../../c.log");
    assert_eq!(json["problems"][0]["message"], "成员过多，未读取");
    environment.write("kb/casebook.yaml", "extends: default\nlimits: {bytes: much, dept: 3}\n");
    let ran = environment.run(&["check", "kb", "--format", "json"]);
    let codes: Vec<_> = ran.json()["diagnostics"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert!(codes.contains(&"CB0701".into()), "{}", ran.shown());
    assert!(ran.stdout.contains("limits.depth"), "{}", ran.shown());
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Bytes of no meaning, the same each time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let byte = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    });
    byte.take(length).collect()
}

#[test]
fn any_bytes_under_any_name_end_with_a_result() {
    let environment = Environment::new();
    let noise = noise(1 << 20);
    let magic: [(&str, &[u8]); 15] = [
        ("CBS.log", b""),
        ("setupapi.dev.log", b"\xff\xfe"),
        ("dism.log", b"\xef\xbb\xbf"),
        ("logs.zip", b"PK\x03\x04"),
        ("CbsPersist_1.cab", b"MSCF\0\0\0\0"),
        ("logs.7z", b"7z\xbc\xaf\x27\x1c\0\x04"),
        ("logs.tar.gz", b"\x1f\x8b\x08\0"),
        ("logs.tar.xz", b"\xfd7zXZ\0"),
        ("logs.tar.zst", b"\x28\xb5\x2f\xfd"),
        ("logs.tar.bz2", b"BZh91AY&SY"),
        ("System.evtx", b"ElfFile\0"),
        ("Logfile.PML", b"PML_"),
        ("gpresult.txt", b""),
        ("Logfile.CSV", b""),
        ("photos.7z", b""),
    ];
    for (name, magic) in magic {
        environment.write(&format!("logs/{name}"), [magic, &noise].concat());
    }
    let ran = environment.run(&["scan", "logs", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}", ran.shown());
    let json = ran.json();
    let told: Vec<&str> =
        json["problems"].as_array().unwrap().iter().map(|problem| problem["source"].as_str().unwrap()).collect();
    // After a mark anything is text, and a text of no kind is told among the sources.
    for (name, _) in magic.iter().filter(|(name, _)| !["setupapi.dev.log", "dism.log"].contains(name)) {
        assert!(told.iter().any(|place| place.contains(name)), "{name}: {told:?}");
    }
    let sources = json["sources"].as_array().unwrap();
    for name in ["setupapi.dev.log", "dism.log"] {
        let own = sources.iter().find(|source| source["path"].as_str().unwrap().contains(name)).unwrap();
        assert!(own["log"].is_null() && own["reason"].is_string(), "{own}");
    }
    assert_eq!(json["findings"], serde_json::json!([]));
}
